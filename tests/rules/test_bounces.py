"""Mails of mail servers about mails that did not arrive: whom they did not reach, and why."""

from inspect import cleandoc

import pytest

from connectors import mime
from rules import reading
from rules.bounces import bounce_of, is_bounce
from rules.terms.firm import Firm
from rules.terms.mail import Bounce, MailKind, Message

REPORT = """
From: MAILER-DAEMON@mx.firma.example
To: vertrieb@firma.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

Leider.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.firma.example

Original-Recipient: rfc822;erika@example.org
Final-Recipient: rfc822; e.mustermann@intern.example.org
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <e.mustermann@intern.example.org>:
    Recipient address rejected
--b--
"""


def message(text: str) -> Message:
    return mime.read(cleandoc(text).encode()).message


def free(text: str, subject: str = "failure notice", sender: str = "MAILER-DAEMON@mx.example.net") -> Message:
    head = (
        f"From: {sender}\nTo: vertrieb@firma.example\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n"
    )
    return mime.read((head + cleandoc(text)).encode()).message


def test_a_report_names_recipient_reason_and_status() -> None:
    found = message(REPORT.format(action="failed"))
    assert reading.read(found, Firm()).bounce == Bounce(
        recipients=("erika@example.org",),
        reason="550 5.1.1 <e.mustermann@intern.example.org>: Recipient address rejected",
        status="5.1.1",
    )


def test_a_delay_is_not_the_end() -> None:
    assert not bounce_of(message(REPORT.format(action="delayed"))).permanent


def test_a_report_that_all_went_well_is_no_bounce() -> None:
    found = message(REPORT.format(action="delivered"))
    assert not is_bounce(found)
    assert reading.read(found, Firm()).kind is MailKind.SYSTEM


@pytest.mark.parametrize(
    ("text", "recipients", "reason", "status"),
    [
        (
            """
            Hi. This is the qmail-send program at mx.example.net.
            I'm afraid I wasn't able to deliver your message to the following addresses.

            <erika@example.org>:
            192.0.2.1 does not like recipient.
            Remote host said: 550 5.2.2 Mailbox full

            --- Below this line is a copy of the message.

            Return-Path: <vertrieb@firma.example>
            To: someone.else@example.org
            """,
            ("erika@example.org",),
            "550 5.2.2 Mailbox full",
            "5.2.2",
        ),
        (
            """
            Ihre Nachricht konnte den folgenden Empfängern nicht zugestellt werden:

              erika@example.org

            Das Postfach ist voll.
            """,
            ("erika@example.org",),
            "Ihre Nachricht konnte den folgenden Empfängern nicht zugestellt werden:",
            "",
        ),
        (
            """
            There was an error delivering your mail to <erika@example.org>.

            550 5.7.1 Access denied
            """,
            ("erika@example.org",),
            "550 5.7.1 Access denied",
            "5.7.1",
        ),
    ],
)
def test_free_forms(text: str, recipients: tuple[str, ...], reason: str, status: str) -> None:
    found = free(text)
    assert is_bounce(found)
    assert bounce_of(found) == Bounce(recipients, reason, status)


def test_a_daemon_without_an_address_is_one_all_the_same() -> None:
    assert is_bounce(free("There was an error delivering your mail to <a@example.org>.", "x", "MAILER-DAEMON <>"))


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Fwd: Undelivered Mail Returned to Sender", "Warum kommt das zurück? Unable to deliver message to a@b.de"),
        ("Lieferung", "Das Paket konnte nicht zugestellt werden, Empfänger unbekannt."),
    ],
)
def test_people_who_write_about_it_are_people(subject: str, text: str) -> None:
    found = free(text, subject, "erika@example.org")
    assert not is_bounce(found)
    assert reading.read(found, Firm()).kind is MailKind.PERSON


def test_a_complaint_report_of_a_provider_is_a_system_mail() -> None:
    found = message(
        """
        From: feedback@provider.example
        Subject: FW: Angebot
        Content-Type: multipart/report; report-type=feedback-report; boundary=b

        --b

        This is a report.
        --b
        Content-Type: message/feedback-report

        Feedback-Type: abuse
        --b--
        """
    )
    assert reading.read(found, Firm()).kind is MailKind.SYSTEM


@pytest.mark.parametrize(
    "text",
    [
        # Fields with a space before the colon, in a mail that came apart; names beside addresses; only a returned mail.
        "Action : failed\nStatus : 5.1.1\nFinal-Recipient : rfc822;jane@roe.example",
        "The original message was received.\n\n>>> jane@roe.example <jane@roe.example>\n\n550 no mailbox here",
        "could not be delivered:\n\n-- jane@roe.example\n\n-- 5.7.54 Unable to relay",
        "421 Deferred\n\nFrom: vertrieb@firma.example\nTo: Jane <jane@roe.example>\nSubject: Ware",
    ],
)
def test_whom_it_did_not_reach_is_found_in_many_forms(text: str) -> None:
    assert bounce_of(free(text)).recipients == ("jane@roe.example",)


@pytest.mark.parametrize("piece", ["<a@b.de>: ", "to a@", "550 ", "Action: x\n", "unable to ", "-- \n", "Zustellung "])
def test_time_grows_with_the_length_only(piece: str) -> None:
    found = free(piece * 30_000)
    is_bounce(found)
    bounce_of(found)
