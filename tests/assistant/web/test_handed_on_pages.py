"""A complaint that a colleague handed on, on the pages: the customer's words are shown, and the answer goes to them."""

from collections.abc import Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import cast
from urllib.parse import unquote

import pytest

from assistant.intake import Batch, Intake
from assistant.reader import Reader, ReadMail, read_here
from assistant.triage import Triage
from rules.terms.errors import MailRefused
from rules.terms.mail import FolderRole, Placement, RawMail
from tests.assistant.test_findings import WordAssessor
from tests.assistant.test_handed_on import gmail
from tests.assistant.web import sample
from tests.assistant.web.sampled import own_firm
from tests.assistant.web.test_pages import Visitor

__all__ = ["own_firm"]

MARK = '">zum dritten Mal<'
TEXT = "zum dritten Mal ist die Ware falsch. Was jetzt?"


class Finding(sample.HereReader):
    """Reads in this process, and finds what the test wrote."""

    def submit(self, raws: Sequence[bytes]) -> "Future[list[ReadMail | MailRefused]]":
        done: Future[list[ReadMail | MailRefused]] = Future()
        done.set_result([read_here(raw, self._firm, WordAssessor()) for raw in raws])
        return done


@pytest.fixture
def handed_on(own_firm: sample.Sample) -> int:
    """Ben hands on to the office what Karin wrote to him; the mail's number."""
    settings, now = own_firm.services.settings, datetime.now(UTC)
    made = EmailMessage()
    made["From"], made["To"], made["Date"] = "Ben Blum <ben@brueckner.example>", "info@brueckner.example", now
    made["Subject"], made["Message-ID"] = "Fwd: Konsolen", "<handed-on@brueckner.example>"
    made.set_content(gmail("Bitte kümmern", "Karin Hansen <karin@hansen-metallbau.example>", "Konsolen", TEXT, "de"))
    raw = RawMail(made.as_bytes(), Placement("info", "INBOX", 7, 700), now)
    intake = Intake(own_firm.services.pool, cast(Reader, Finding(settings.as_firm())), Triage.by(settings))
    (no,) = intake.receive(Batch("info", "INBOX", FolderRole.INBOX, (raw,))).new
    return no


def test_the_mail_is_open_where_the_customer_says_so(own_firm: sample.Sample, handed_on: int) -> None:
    page = Visitor(own_firm).get(f"/messages/{handed_on}")
    assert '<details class="quoted" open>' in page
    assert MARK in page.partition('<details class="quoted" open>')[2]


def test_the_case_shows_their_words_and_answers_them(own_firm: sample.Sample, handed_on: int) -> None:
    anna = Visitor(own_firm)
    with own_firm.services.pool.read() as work:
        case = work.cases.of_messages([handed_on])[handed_on]
    assert case.customer_id == "C1"
    page = anna.get(f"/cases/{case.id}")
    assert MARK in page
    assert "mailto:karin@hansen-metallbau.example?subject=Re: Konsolen&" in unquote(page)
    assert "mailto:ben@" not in page
    body = anna.client.get(f"/api/v1/cases/{case.id}").json()
    assert TEXT in body["mails"][0]["text"]


def test_staff_may_say_that_it_is_none(own_firm: sample.Sample, handed_on: int) -> None:
    anna = Visitor(own_firm)
    assert "Keine Beschwerde" in anna.get(f"/messages/{handed_on}")
    anna.post(f"/messages/{handed_on}/complaint", flag="")
    with own_firm.services.pool.read() as work:
        assert not work.findings.kept([handed_on])[handed_on].flag
