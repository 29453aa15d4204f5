"""The address book repairs itself: what mails say about records, and what they do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.repairs import Repair, Suggestion, suggestions
from rules.terms.customer import Contact, Customer, CustomerFile
from rules.terms.mail import Address, Bounce, MailKind, Message, Reading

WEBER = Contact("P1", "C1", "Herr", "", "Jonas", "Weber", email="weber@talhof.example", phone="+49 761 4400-12")
ROTH = Contact("P2", "C1", "Frau", "Dr.", "Ines", "Roth", email="roth@talhof.example")
TALHOF = Customer(
    "C1", "Talhof Küchen", legal_form="GmbH", street="Am Bach 3", zip="79098", city="Freiburg", phone="0761 4400-0"
)
FILE = CustomerFile(TALHOF, (WEBER, ROTH))


KNOWN = Address("roth@talhof.example")


def said(text: str, signature: str = "", writer: str | None = "P2", sender: Address = KNOWN) -> list[Suggestion]:
    message = Message("1:x", "a@b", sender, "Küche", None, text, len(text))
    reading = Reading(MailKind.PERSON, text, signature or None, "de")
    return list(suggestions(message, reading, FILE, writer))


@pytest.mark.parametrize(
    "text",
    [
        "Guten Tag, Herr Weber ist nicht mehr im Unternehmen. Bitte an Frau Klein wenden.",
        "Hr. Weber hat unser Haus Ende Mai verlassen. Seine Nachfolgerin ist Frau Klein.",
        "Jonas Weber ist in den Ruhestand gegangen, Ihre Ansprechpartnerin ist ab sofort Frau Klein.",
        "Mr Weber has left the company. Please contact Ms Klein instead.",
    ],
)
def test_who_is_gone_and_who_comes_instead(text: str) -> None:
    left, successor = said(text)
    assert (left.repair, left.contact_id, left.fields) == (Repair.LEFT, "P1", {"active": "no"})
    assert "Weber" in left.quote
    assert (successor.repair, successor.fields) == (Repair.NEW_CONTACT, {"last_name": "Klein"})
    assert "Klein" in successor.quote


def test_the_successors_address_is_taken_along() -> None:
    _, successor = said(
        "Herr Weber ist nicht mehr bei uns. Bitte wenden Sie sich an Frau Klein (Klein@talhof.example)."
    )
    assert successor.fields["email"] == "klein@talhof.example"


@pytest.mark.parametrize(
    "text",
    [
        "Herr Weber ist heute nicht im Haus, bitte rufen Sie morgen an.",
        "Herr Sommer ist nicht mehr bei uns.",
        "Die Ware ist nicht mehr bei uns auf Lager, sagt Herr Weber.",
        "Der Umzug der Küche in den Keller kostet extra?",
        "Könnten Sie uns Ihre neue Adresse in 50667 Köln bestätigen? 50667 Köln liegt ja näher.",
    ],
)
def test_nothing_is_made_up(text: str) -> None:
    assert [one for one in said(text) if one.repair in (Repair.LEFT, Repair.NEW_CONTACT)] == []


def test_somebody_already_known_is_no_new_contact() -> None:
    assert [one.repair for one in said("Herr Weber ist ausgeschieden, bitte an Frau Roth.")] == [Repair.LEFT]


def test_a_firm_that_moved() -> None:
    (moved,) = said("Wir sind umgezogen! Unsere neue Anschrift:\n\nLindenallee 14\n79111 Freiburg\n\nBis bald")
    assert moved.repair is Repair.MOVED
    assert moved.fields == {"street": "Lindenallee 14", "zip": "79111", "city": "Freiburg"}


def test_a_firm_under_another_name() -> None:
    (renamed,) = said("Guten Tag", "Ines Roth\nTalwerk Innenausbau GmbH (vormals Talhof Küchen)")
    assert renamed.repair is Repair.FIRM_RENAMED
    assert renamed.fields["name"].startswith("Talwerk Innenausbau")


def test_a_married_name() -> None:
    (married,) = said("Anbei die Pläne.", "Viele Grüße\nInes Sander (geb. Roth)")
    assert (married.repair, married.contact_id, married.fields) == (Repair.NEW_NAME, "P2", {"last_name": "Sander"})


def test_a_number_that_no_record_holds() -> None:
    (phone,) = said("Anbei die Pläne.", "Ines Roth\nTel. 0761 4400-0\nMobil 0171 5550123\nFax 0761 4400-99")
    assert (phone.repair, phone.fields) == (Repair.NEW_PHONE, {"mobile": "0171 5550123"})


def test_a_number_of_a_register_is_no_line() -> None:
    assert said("Anbei die Pläne.", "Ines Roth\nRegistered in England No. 09960140\nHRB 0761 445566") == []


def test_a_new_address_of_a_known_person() -> None:
    (email,) = said("Bitte beachten Sie meine neue E-Mail-Adresse: i.roth@talwerk.example. Danke!")
    assert (email.repair, email.fields) == (Repair.NEW_EMAIL, {"email": "i.roth@talwerk.example"})


def test_an_unknown_person_of_a_known_firm() -> None:
    (new,) = said(
        "Könnten Sie uns den Plan schicken?",
        "Mit freundlichen Grüßen\nTimo Haas\nEinkauf\nTel. 0761 4400-31",
        None,
        Address("haas@talhof.example", "Timo Haas"),
    )
    assert new.repair is Repair.NEW_CONTACT
    assert new.fields == {
        "first_name": "Timo",
        "last_name": "Haas",
        "email": "haas@talhof.example",
        "phone": "0761 4400-31",
    }


def test_a_role_address_is_no_person() -> None:
    assert said("Bitte Angebot.", "Ihr Team vom Talhof", None, Address("info@talhof.example", "Talhof Service")) == []


@pytest.mark.parametrize(
    ("status", "permanent", "dead"), [("5.1.1", True, True), ("5.2.2", True, False), ("4.1.1", False, False)]
)
def test_a_hard_bounce(status: str, *, permanent: bool, dead: bool) -> None:
    message = Message("1:x", None, Address("mailer-daemon@talhof.example"), "Undelivered", None, "", 0)
    bounce = Bounce(("weber@talhof.example",), "550 5.1.1 user unknown", status, permanent)
    found = suggestions(message, Reading(MailKind.BOUNCE, "", bounce=bounce), FILE, "P1")
    assert [(one.repair, one.contact_id, one.fields) for one in found] == (
        [(Repair.DEAD_EMAIL, "P1", {"email": ""})] if dead else []
    )


@pytest.mark.parametrize("kind", [MailKind.NEWSLETTER, MailKind.SYSTEM, MailKind.LIST])
def test_machines_repair_nothing(kind: MailKind) -> None:
    text = "Herr Weber ist nicht mehr im Unternehmen."
    message = Message("1:x", None, Address("news@talhof.example"), "", None, text, len(text))
    assert suggestions(message, Reading(kind, text), FILE, "P2") == ()


@given(st.text(max_size=400), st.text(max_size=200))
def test_any_text_is_borne_and_every_suggestion_has_a_quote(text: str, signature: str) -> None:
    for one in said(f"{text} nicht mehr bei uns Herr Weber {text}", signature):
        assert one.quote
        assert len(one.quote) <= 200


def test_a_long_text_costs_little() -> None:
    assert said("Herr Weber ist nicht mehr bei uns " * 6_000)
