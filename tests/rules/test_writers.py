"""Who is behind a mail: our own mail, forms, gateways, lists, ticket systems, bounces, assistants."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.reading import read
from rules.terms.firm import Firm
from rules.terms.mail import Address, Bounce, Direction, MailKind, Message, Reading
from rules.writers import How, Writers, writers

FIRM = Firm(
    name="Muster",
    domains=frozenset({"muster.example"}),
    staff=frozenset({"frei@gmx.de"}),
    web_form_senders=frozenset({"formular@muster.example"}),
    fax_gateways=frozenset({"fax@bote.example"}),
)
PETRA = Address("petra@koehler.example", "Petra Köhler")


def mail(
    sender: Address = PETRA,
    text: str = "Guten Tag",
    subject: str = "Frage",
    to: tuple[str, ...] = ("info@muster.example",),
    reply_to: tuple[Address, ...] = (),
    headers: dict[str, str] | None = None,
) -> Message:
    return Message(
        identity="1:x",
        message_id="x@y",
        sender=sender,
        subject=subject,
        date=None,
        text=text,
        size=0,
        to=tuple(Address(one) for one in to),
        reply_to=reply_to,
        headers=headers or {},
    )


def behind(message: Message, direction: Direction = Direction.INCOMING) -> Writers:
    return writers(message, read(message, FIRM), direction, FIRM)


def ours(text: str, subject: str = "Fwd: Frage", to: tuple[str, ...] = ("info@muster.example",)) -> Writers:
    return behind(mail(Address("kern@muster.example", "Olaf Kern"), text, subject, to), Direction.OUTGOING)


def test_an_ordinary_mail_is_its_senders() -> None:
    found = behind(mail(text="Bitte um Rückruf.\n\nGruß\nPetra Köhler"))
    assert (found.people, found.how, found.via, found.doubtful) == ((PETRA,), How.SENDER, None, False)
    assert "Petra Köhler" in found.signature
    assert "Rückruf" in found.text


def test_our_own_mail_concerns_its_recipients() -> None:
    found = ours("Guten Tag", "Angebot", ("petra@koehler.example", "lager@muster.example", "frei@gmx.de"))
    assert (found.people, found.how) == ((Address("petra@koehler.example"),), How.RECIPIENT)
    assert found.text == ""


def test_mail_that_stays_in_the_house_concerns_nobody() -> None:
    assert ours("Am Freitag bin ich nicht da.", "Urlaub").people == ()


FORWARDS = [
    "bitte kümmern\n\nAnfang der weitergeleiteten Nachricht:\n\n> Von: Petra Köhler <petra@koehler.example>\n"
    "> Betreff: Frage\n> Datum: 6. Oktober 2026 um 14:03:11 MESZ\n> An: kern@muster.example\n>\n"
    "> Bitte um Rückruf.\n>\n> Gruß\n> Petra Köhler",
    "-----Ursprüngliche Nachricht-----\nVon: Petra Köhler <petra@koehler.example>\n"
    "Gesendet: Montag, 5. Oktober 2026 09:12\n"
    "An: Olaf Kern\nBetreff: Frage\n\nBitte um Rückruf.\n\nGruß\nPetra Köhler",
    "zK\n\nAm 05.10.2026 um 09:12 schrieb Petra Köhler <petra@koehler.example>:\n\n"
    "Bitte um Rückruf.\n\nGruß\nPetra Köhler",
]


@pytest.mark.parametrize("text", FORWARDS)
def test_a_colleagues_forward_is_the_original_senders(text: str) -> None:
    found = ours(text)
    assert (found.people, found.how) == ((PETRA,), How.FORWARDED)
    assert found.via == Address("kern@muster.example", "Olaf Kern")
    assert "Bitte um Rückruf" in found.text
    assert "kümmern" not in found.text


def test_an_attribution_in_a_colleagues_mail_names_the_writer_without_a_forward_mark() -> None:
    found = ours("zK\n\nOn Mon, 5 Oct 2026 at 09:12, Petra Köhler <petra@koehler.example> wrote:\n\nHallo", "Frage")
    assert found.people == (PETRA,)


def test_a_customers_forward_stays_the_customers() -> None:
    text = "Was sagen Sie dazu?\n\n" + FORWARDS[1].replace(
        "Petra Köhler <petra@koehler.example>", "Liam <liam@byrne.example>"
    )
    found = behind(mail(text=text, subject="WG: Frage"))
    assert (found.people, found.how) == ((PETRA,), How.SENDER)
    assert "Rückruf" not in found.text


def test_a_form_of_ours_is_by_whom_filled_it_in() -> None:
    text = (
        "Name: Petra Köhler\nFirma: Köhler Dach\nE-Mail: petra@koehler.example\nTelefon: 0431 780-12\n"
        "Nachricht:\nBitte um Rückruf."
    )
    found = behind(
        mail(Address("formular@muster.example", "Website"), text, reply_to=(Address("petra@koehler.example"),))
    )
    assert (found.people, found.how) == ((PETRA,), How.FORM)
    assert found.via == Address("formular@muster.example", "Website")
    assert found.phones == ("0431 780-12",)
    assert "Rückruf" in found.text
    assert "Köhler Dach" in found.signature
    assert not found.doubtful


def test_a_form_without_an_address_field_is_by_whom_answers_reach() -> None:
    found = behind(mail(Address("formular@muster.example"), "Nachricht: Hallo", reply_to=(PETRA,)))
    assert found.people == (PETRA,)


def test_a_form_whose_addresses_differ_is_doubtful() -> None:
    text = "Name: Petra Köhler\nE-Mail: petra@koehler.example"
    assert behind(mail(Address("formular@muster.example"), text, reply_to=(Address("x@boese.example"),))).doubtful


def test_a_form_that_nobody_told_us_of_is_known_by_its_fields() -> None:
    text = "Name: Petra Köhler\nE-Mail: petra@koehler.example\nNachricht: Hallo"
    message = mail(Address("wordpress@muster.example"), text, reply_to=(Address("petra@koehler.example"),))
    found = behind(message, Direction.OUTGOING)
    assert (found.people, found.how) == ((PETRA,), How.FORM)


@pytest.mark.parametrize(
    ("sender", "subject", "text"),
    [
        (Address("fax@bote.example"), "Fax von +493412233", "Seiten: 2"),
        (Address("fax@bote.example"), "Neue Nachricht", "Absenderkennung: +493412233\nSeiten: 2"),
        (Address("fax@bote.example", "+493412233"), "Fax", ""),
        (Address("noreply@telefon.example"), "Voicemail von +493412233", "Dauer: 12 s"),
        (Address("noreply@telefon.example"), "Missed call from +493412233", ""),
    ],
)
def test_gateways_tell_a_number_only(sender: Address, subject: str, text: str) -> None:
    found = behind(mail(sender, text, subject))
    assert (found.people, found.how, found.via) == ((), How.GATEWAY, sender)
    assert "+493412233" in found.phones


@pytest.mark.parametrize(
    ("sender", "headers", "reply_to"),
    [
        (
            Address("petra=koehler.example@liste.example", "Petra Köhler via Einkauf"),
            {"list-id": "<einkauf.liste.example>"},
            (),
        ),
        (
            Address("einkauf@liste.example", "'Petra Köhler' via Einkauf"),
            {"list-id": "<e>"},
            (Address("petra@koehler.example"),),
        ),
        (
            Address("einkauf@liste.example", "Petra Köhler"),
            {"x-original-from": "Petra Köhler <petra@koehler.example>"},
            (),
        ),
        (Address("einkauf@googlegroups.com", "Petra Köhler"), {"x-original-sender": "petra@koehler.example"}, ()),
        (Address("noreply@portal.example", "Petra Köhler"), {}, (Address("petra@koehler.example"),)),
        (Address("SRS0=a1b2=xy=koehler.example=petra@weiter.example", "Petra Köhler"), {}, ()),
    ],
)
def test_relays_pass_on_what_a_person_wrote(
    sender: Address, headers: dict[str, str], reply_to: tuple[Address, ...]
) -> None:
    if "x-original-from" in headers:
        headers = {**headers, "list-id": "<einkauf>"}
    found = behind(mail(sender, headers=headers, reply_to=reply_to))
    assert (found.people, found.how, found.via) == ((PETRA,), How.RELAY, sender)


def test_a_ticket_system_shows_a_name_only() -> None:
    sender = Address("support@koehlerdach.zendesk.com", "Petra Köhler (Köhler Dach)")
    found = behind(mail(sender))
    assert (found.people, found.how) == ((sender,), How.RELAY)


def test_a_ticket_system_names_the_person_in_its_text() -> None:
    sender = Address("support@dach.freshdesk.com", "Dach Support")
    found = behind(mail(sender, "Bitte liefern.\n\nDieses Ticket wurde erstellt von Petra Köhler."))
    assert found.people == (Address(sender.addr, "Petra Köhler"),)


def test_a_payment_notice_names_the_payer() -> None:
    text = "Auftraggeber: Köhler Dach\nBetrag: 100,00 EUR\nVerwendungszweck: RE1001"
    found = behind(mail(Address("noreply@zahlung.example", "Avis"), text))
    assert (found.people, found.how) == ((Address("", "Köhler Dach"),), How.RELAY)
    assert "RE1001" in found.text


def test_a_list_that_rewrites_nothing_leaves_the_sender() -> None:
    found = behind(mail(headers={"list-id": "<einkauf.liste.example>"}, reply_to=(Address("petra@koehler.example"),)))
    assert (found.people, found.how) == ((PETRA,), How.SENDER)


@pytest.mark.parametrize("local", ["support", "shop", "petra"])
def test_answers_elsewhere_make_no_relay_of_an_ordinary_sender(local: str) -> None:
    sender = Address(f"{local}@koehler.example", "Köhler")
    found = behind(mail(sender, reply_to=(Address("liam@byrne.example"),)))
    assert (found.people, found.how, found.doubtful) == ((sender,), How.SENDER, True)


def test_a_list_that_answers_to_itself_leaves_the_sender() -> None:
    message = mail(headers={"list-id": "<einkauf.liste.example>"}, reply_to=(Address("einkauf@liste.example"),))
    assert behind(message).people == (PETRA,)


def test_labelled_lines_of_a_signature_make_no_form() -> None:
    sender = Address("ticket@koehler.example", "Köhler")
    found = behind(mail(sender, "Bitte um Rückruf.\n\nTel: 0431 780-12\nE-Mail: info@koehler.example"))
    assert found.people == (sender,)


def test_numbers_of_a_form_keep_their_labels() -> None:
    text = "Name: Petra Köhler\nKundennummer: 4711\nNachricht: Hallo"
    assert "Kundennummer: 4711" in behind(mail(Address("formular@muster.example"), text)).text


def test_a_bounce_concerns_whom_it_did_not_reach() -> None:
    reading = Reading(kind=MailKind.BOUNCE, new_text="", bounce=Bounce(recipients=("petra@koehler.example",)))
    daemon = mail(Address("MAILER-DAEMON@muster.example"))
    for direction in Direction:
        found = writers(daemon, reading, direction, FIRM)
        assert (found.people, found.how) == ((Address("petra@koehler.example"),), How.BOUNCE)


def test_an_assistant_writes_for_somebody() -> None:
    found = behind(mail(headers={"sender": "Liam Byrne <liam@koehler.example>"}))
    assert found.people == (PETRA,)
    assert found.via == Address("liam@koehler.example", "Liam Byrne")


@pytest.mark.parametrize(
    "message",
    [
        mail(reply_to=(Address("petra@boese.example"),)),
        mail(Address("x@boese.example", "petra@koehler.example")),
        replace(mail(), defects=("from-several",)),
    ],
)
def test_answers_elsewhere_and_two_faced_senders_are_doubtful(message: Message) -> None:
    found = behind(message)
    assert found.people == (message.sender,)
    assert found.doubtful


def test_answers_within_the_house_are_no_reason_for_doubt() -> None:
    assert not behind(mail(reply_to=(Address("buero@koehler.example"),))).doubtful


@given(st.text(max_size=200), st.text(max_size=60), st.sampled_from(list(Direction)))
def test_nothing_raises_on_any_text(text: str, addr: str, direction: Direction) -> None:
    for sender in (addr, "formular@muster.example", "fax@bote.example", "noreply@x.example", "kern@muster.example"):
        message = mail(
            Address(sender, text),
            text,
            text,
            reply_to=(Address(addr, text),),
            headers={"sender": text, "list-id": text},
        )
        behind(message, direction)


@pytest.mark.parametrize("unit", ["Name: x\n", "a=", "von +49 ", "CHE-1.", "Anfrage von ", " via "])
def test_long_input_costs_little_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    reading = Reading(kind=MailKind.PERSON, new_text=text, signature=text)
    for sender in ("formular@muster.example", "fax@bote.example", "noreply@x.example", "kern@muster.example", text):
        message = mail(Address(sender, text), text, text, reply_to=(Address(text),), headers={"sender": text[:1000]})
        for direction in Direction:
            writers(message, reading, direction, FIRM)
