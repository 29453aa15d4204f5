"""What is new in a mail, who wrote a mail passed on, and whether a person wrote at all."""

import time
from collections.abc import Callable
from inspect import cleandoc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import mime
from rules import reading
from rules.terms.firm import Firm
from rules.terms.mail import MailKind, Reading

FIRM = Firm(
    domains=frozenset({"firma.example"}),
    web_form_senders=frozenset({"formular@firma.example"}),
    fax_gateways=frozenset({"@fax.example"}),
)


def read(text: str, subject: str = "Anfrage", header: str = "") -> Reading:
    head = f"From: Erika <erika@example.org>\nSubject: {subject}\n{header}Content-Type: text/plain; charset=utf-8\n\n"
    return reading.read(mime.read((head + text).encode()).message, FIRM)


def of(function: Callable[[], None]) -> Reading:
    """The reading of the text that stands in a test's docstring."""
    return read(cleandoc(function.__doc__ or ""))


def test_outlook_german() -> None:
    """
    Guten Tag,

    die Pumpe ist angekommen.

    Mit freundlichen Grüßen
    Erika Mustermann

    -----Ursprüngliche Nachricht-----
    Von: Service <service@firma.example>
    Gesendet: Mittwoch, 12. März 2025 10:24
    An: Erika Mustermann
    Betreff: Ihre Anfrage

    Die Pumpe ist unterwegs.
    """
    found = of(test_outlook_german)
    assert found.new_text == "Guten Tag,\n\ndie Pumpe ist angekommen."
    assert found.signature == "Mit freundlichen Grüßen\nErika Mustermann"
    assert found.original_sender is None
    assert found.language == "de"


def test_outlook_block_without_a_line_above() -> None:
    """
    Danke, passt.

    ________________________________
    Von: Service <service@firma.example>
    Gesendet: Mittwoch, 12. März 2025 10:24
    An: Erika Mustermann <erika@example.org>
    Cc: Einkauf
    Betreff: AW: Ihre Anfrage

    Passt der Termin?
    """
    assert of(test_outlook_block_without_a_line_above).new_text == "Danke, passt."


def test_thunderbird_german() -> None:
    """
    Ja, gerne.

    Am 12.03.25 um 10:24 schrieb Service:
    > Passt der Termin?
    > Grüße
    """
    assert of(test_thunderbird_german).new_text == "Ja, gerne."


def test_gmail_attribution_over_two_lines() -> None:
    """
    Yes, please.

    On Wed, Mar 12, 2025 at 10:24 AM Service Department of the Firm <
    service@firma.example> wrote:

    > Shall we?
    """
    assert of(test_gmail_attribution_over_two_lines).new_text == "Yes, please."


def test_attribution_over_an_unmarked_quotation() -> None:
    """
    Ja, gerne.

    Am Mi., 12. März 2025 um 10:24 Uhr schrieb Service <service@firma.example>:

    Passt der Termin?
    """
    assert of(test_attribution_over_an_unmarked_quotation).new_text == "Ja, gerne."


def test_interleaved_answers_stay() -> None:
    """
    Am 12.03.25 um 10:24 schrieb Service:
    > Passt der Termin?
    Ja.
    > Und die Menge?
    Zwölf Stück.
    """
    assert of(test_interleaved_answers_stay).new_text == "Ja.\nZwölf Stück."


def test_a_sentence_that_quotes_in_passing_stays() -> None:
    """
    Ihr Kollege schrieb mir am 3. Mai Folgendes:

    Die Ware kommt am Montag. Sie kam nicht.
    """
    assert "Sie kam nicht" in of(test_a_sentence_that_quotes_in_passing_stays).new_text


def test_a_list_with_labels_is_no_header_block() -> None:
    """
    Bitte liefern Sie:

    Von: Hamburg
    Menge: 12
    Datum: 3. Mai

    Danke.
    """
    assert of(test_a_list_with_labels_is_no_header_block).new_text.endswith("Danke.")


def test_the_signature_is_given_back() -> None:
    """
    Wir bestellen zwei Stück.

    --
    Erika Mustermann
    Muster GmbH
    Tel. +49 30 123456
    """
    found = of(test_the_signature_is_given_back)
    assert found.new_text == "Wir bestellen zwei Stück."
    assert found.signature == "Erika Mustermann\nMuster GmbH\nTel. +49 30 123456"


@pytest.mark.parametrize(
    "footer",
    ["Von meinem iPhone gesendet", "Sent from my iPhone", "Gesendet mit der GMX Mail App", "Get Outlook for iOS"],
)
def test_mobile_footers_are_not_new(footer: str) -> None:
    assert read(f"Ja, gerne.\n\n{footer}\n").new_text == "Ja, gerne."


def test_a_disclaimer_is_not_new() -> None:
    found = read("Ja, gerne.\n\nDiese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der Adressat sind …\n")
    assert found.new_text == "Ja, gerne."


def test_a_forward_names_its_original_sender() -> None:
    """
    Zur Kenntnis.

    ---------- Forwarded message ---------
    Von: Max Muster <max@example.net>
    Date: Mi., 12. März 2025 um 10:24 Uhr
    Subject: Wo bleibt die Ware?
    To: <erika@example.org>

    Seit drei Wochen warten wir.
    """
    found = of(test_a_forward_names_its_original_sender)
    assert found.new_text == "Zur Kenntnis."
    assert found.original_sender is not None
    assert (found.original_sender.addr, found.original_sender.name) == ("max@example.net", "Max Muster")
    assert found.fwd_subject == "Wo bleibt die Ware?"
    assert found.fwd_text == "Seit drei Wochen warten wir."


BLOCK = "Von: Max Muster <max@example.net>\nGesendet: 12.03.2025\nAn: Erika\nBetreff: Ware\n\nText\n"


@pytest.mark.parametrize("subject", ["WG: Ware", "Fwd: Ware", "FW: Ware", "TR: Ware", "Wtr: Ware"])
def test_the_subject_says_that_a_block_is_a_forward(subject: str) -> None:
    found = read("Bitte erledigen.\n\n" + BLOCK, subject)
    assert found.original_sender is not None
    assert found.original_sender.addr == "max@example.net"


@pytest.mark.parametrize("subject", ["AW: Ware", "Re: Ware", "Ware", "AW: WG: Ware"])
def test_a_reply_is_no_forward(subject: str) -> None:
    assert read("Erledigt.\n\n" + BLOCK, subject).original_sender is None


def test_a_forward_with_headers_in_one_line() -> None:
    """
    ----- Weitergeleitete Nachricht ----- Von: Max <max@example.net>An: "e@example.org" <e@example.org>Betreff: Ware
    Wo bleibt sie?
    """
    found = of(test_a_forward_with_headers_in_one_line)
    assert found.original_sender is not None
    assert found.original_sender.addr == "max@example.net"
    assert (found.new_text, found.fwd_subject, found.fwd_text) == ("", "Ware", "Wo bleibt sie?")


def test_a_forward_below_an_attribution() -> None:
    text = 'Bitte erledigen.\n\nAm 28/10/2021, 12:46 schrieb "Max Muster" <max@example.net>:\n\n    Wo bleibt sie?\n'
    found = read(text, "WG: Ware")
    assert found.original_sender is not None
    assert (found.original_sender.addr, found.original_sender.name) == ("max@example.net", "Max Muster")
    assert (found.new_text, found.fwd_subject, found.fwd_text) == ("Bitte erledigen.", "Ware", "Wo bleibt sie?")
    assert read(text, "AW: Ware").original_sender is None


def test_a_forward_enclosed_as_a_file_is_read_too() -> None:
    raw = (
        b"From: erika@example.org\nSubject: Fwd: Ware\nContent-Type: multipart/mixed; boundary=b\n\n"
        b"--b\n\nSiehe Anlage.\n--b\n"
        b"Content-Type: message/rfc822\n\nFrom: Max <max@example.net>\nSubject: Ware\n\nWo bleibt sie?\n--b--\n"
    )
    found = reading.read(mime.read(raw).message, FIRM)
    assert found.new_text == "Siehe Anlage."
    assert found.original_sender is not None
    assert found.original_sender.addr == "max@example.net"


@pytest.mark.parametrize(
    ("header", "subject", "text", "kind"),
    [
        ("", "Anfrage", "Guten Tag", MailKind.PERSON),
        ("Auto-Submitted: auto-replied\n", "Automatische Antwort: x", "Ich bin im Urlaub.", MailKind.OUT_OF_OFFICE),
        ("Auto-Submitted: auto-replied\n", "Eingang", "Ihre Mail ist da.", MailKind.AUTO_REPLY),
        ("", "Abwesenheitsnotiz: Anfrage", "Ich bin nicht im Büro.", MailKind.OUT_OF_OFFICE),
        ("", "Abwesenheit von Frau Schulz", "Wann ist sie wieder da?", MailKind.PERSON),
        ("Auto-Submitted: auto-generated\n", "Bericht", "Alles gut.", MailKind.SYSTEM),
        ("List-Id: <l.example.org>\nList-Post: <mailto:l@example.org>\n", "x", "y", MailKind.LIST),
        ("List-Unsubscribe: <https://example.org>\n", "Angebote", "y", MailKind.NEWSLETTER),
        ("Precedence: bulk\n", "Angebote", "y", MailKind.NEWSLETTER),
        ("X-Failed-Recipients: a@example.org\n", "x", "y", MailKind.BOUNCE),
        ("Return-Path: <>\n", "Undelivered Mail Returned to Sender", "y", MailKind.BOUNCE),
        ("Auto-Submitted: no\n", "Anfrage", "Guten Tag", MailKind.PERSON),
    ],
)
def test_kinds(header: str, subject: str, text: str, kind: MailKind) -> None:
    assert read(text, subject, header).kind is kind


@pytest.mark.parametrize(
    ("sender", "kind"),
    [
        ("formular@firma.example", MailKind.WEB_FORM),
        ("4930123@fax.example", MailKind.GATEWAY),
        ("no-reply@example.org", MailKind.SYSTEM),
        ("noreen@example.org", MailKind.PERSON),
    ],
)
def test_kinds_by_sender(sender: str, kind: MailKind) -> None:
    message = mime.read(f"From: {sender}\nSubject: x\n\nText".encode()).message
    assert reading.read(message, FIRM).kind is kind


def test_a_report_about_delivery_is_a_bounce_and_an_invitation_a_calendar() -> None:
    report = b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nx\n--b--\n"
    invitation = b"From: a@example.org\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\n"
    assert reading.read(mime.read(report).message, FIRM).kind is MailKind.BOUNCE
    assert reading.read(mime.read(invitation).message, FIRM).kind is MailKind.CALENDAR


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="Von: Am>\n schrieb-_*@e.12\t|", max_size=400))
def test_any_text_is_read(text: str) -> None:
    read(text)


PIECES = (
    *("Von: a@b.de\n", "> \n", "-", "Am 3. Mai 2025 schrieb Max:\n", "From:\n\n", "On \n"),
    *("-- \n", " ", "a:\n", "--x--\n", ">", "-- a -- From: "),
)


@pytest.mark.parametrize("piece", PIECES)
def test_time_grows_with_the_length_only(piece: str) -> None:
    def seconds(count: int) -> float:
        message = mime.read(b"Subject: x\n\n" + piece.encode() * count).message
        start = time.process_time()
        reading.read(message, FIRM)
        return time.process_time() - start

    seconds(100)
    assert seconds(40_000) < 1.5


LINES = (
    *("> \n", "Von: a@b.de\n", "Von: a@b.de\nAn: x\n", " \n", "On \n", "Betreff:\n\n", "-- forwarded message --\n"),
    *("Mit freundlichen Grüßen\n", "Tel. 030 123456\n", "1.1.2020 10:10 <a@b.de>:\n", "_____\n", "Aa Bb Cc\n"),
)
RUNS = (
    *(" ", "-", ">", ":", "On ", "Von: ", "Am 1.1.2020 schrieb ", "mit und ", "Mit freundlichen ", "+49 ", "a@", "a."),
    *("www.", "A ", "von meinem ", "sent via ", '"', "1.", "_ ", "<", "\t", "写道", "Diese E-Mail enthält ", "0"),
)


@pytest.mark.parametrize("piece", LINES + RUNS)
@pytest.mark.parametrize("tail", ["", ":", "\n\nGrüße\nMax"])
def test_eight_times_the_text_takes_about_eight_times_as_long(piece: str, tail: str) -> None:
    def seconds(length: int) -> float:
        body = (piece * (length // len(piece)) + tail).encode()
        message = mime.read(b"Subject: x\n\n" + body).message
        start = time.process_time()
        reading.read(message, FIRM)
        return time.process_time() - start

    # Squares would take 64 times as long. What takes next to no time proves nothing.
    small, large = min(seconds(40_000) for _ in range(2)), seconds(320_000)
    assert large < 20 * small + 0.05


@pytest.mark.parametrize(
    "piece", ["Betreff:\n", "Von: a@b.de\nAn: x\n", "On 1.1.2020 M <a@b.de> wrote:\n", " " * 999 + "\n"]
)
def test_a_megabyte_of_hostile_lines_is_read_in_moments(piece: str) -> None:
    message = mime.read(b"Subject: x\n\n" + (piece * (1_000_000 // len(piece))).encode()).message
    start = time.process_time()
    reading.read(message, FIRM)
    assert time.process_time() - start < 4
