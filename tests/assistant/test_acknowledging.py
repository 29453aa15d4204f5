"""Thanks for a message: to customers who wrote in their own name, once a day, never in a loop, never for old mail."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from assistant.acknowledging import MOST_OF_ALL, MOST_OF_CUSTOMER, Acknowledging
from assistant.casework import Casework
from assistant.intake import Batch, Intake
from assistant.reader import Reader, ReadMail
from assistant.settings import AcknowledgementSettings, FirmSettings, OutgoingSettings, Settings
from assistant.triage import Triage
from rules import identifiers
from rules.deadlines import BusinessHours
from rules.terms.case import Case, CaseEventKind, CaseFilter, CaseState, CaseView
from rules.terms.complaint import Assessment, Category
from rules.terms.customer import Contact, Customer, PartyKind
from rules.terms.finding import Evidence
from rules.terms.mail import Cursor, FolderRole, Mailbox, Placement, RawMail
from rules.terms.outgoing import OutgoingMail, OutgoingState
from rules.terms.staff import Role, Viewer
from storage.pool import Pool
from storage.restrictions import Restriction
from tests.assistant.test_intake import HereReader

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SETTINGS = Settings(
    firm=FirmSettings(name="Muster GmbH", domains=("muster.example",), authserv_id="mx.muster.example"),
    outgoing=OutgoingSettings(host="mail.muster.example", sender="info@muster.example"),
    acknowledgement=AcknowledgementSettings(enabled=True),
)
FIRM = SETTINGS.as_firm()
LATE = Assessment(
    flag=True,
    probability=0.95,
    severity=1,
    category=Category.DELIVERY,
    evidence=(Evidence("complaint.late", "seit drei Wochen"),),
    language="de",
)
ANNA = Viewer("anna", Role.STAFF, "de", frozenset({"office"}))
FORGED = "Authentication-Results: mx.muster.example; dmarc=fail header.from=hansen.example\r\n"


class Complaining(HereReader):
    """Finds a complaint in every mail that holds the word."""

    def submit(self, raws):  # type: ignore[no-untyped-def]
        done = super().submit(raws)
        found = [replace(one, assessment=LATE) if isinstance(one, ReadMail) else one for one in done.result()]
        answer = type(done)()
        answer.set_result(found)
        return answer


@dataclass
class Office:
    """A pool into which complaints come."""

    pool: Pool
    settings: Settings = SETTINGS
    now: datetime = NOW
    count: int = 0

    def receives(
        self,
        *,
        sender: str = "karin@hansen.example",
        more: str = "",
        to: str = "info@muster.example",
        name: str = "",
        role: FolderRole = FolderRole.INBOX,
        folder: str = "INBOX",
        written: datetime | None = None,
        history: bool = False,
        recipients: str = "",
    ) -> list[OutgoingMail]:
        self.count += 1
        name = name or f"m{self.count}"
        raw = (
            f"From: Karin Hansen <{sender}>\r\nTo: {to}\r\nSubject: Lieferung {name}\r\n"
            f"Date: {(written or self.now):%a, %d %b %Y %H:%M:%S} +0000\r\nMessage-ID: <{name}@hansen.example>\r\n"
            f"{more}\r\nSeit drei Wochen warte ich.\r\n"
        ).encode()
        place = Placement("office", folder, 7, self.count)
        cursor = Cursor(7, self.count, self.count if history else 0)
        batch = Batch("office", folder, role, (RawMail(raw, place, self.now),), cursor)
        hours = BusinessHours({}, ZoneInfo("Europe/Berlin"))
        triage = Triage(FIRM, hours, acknowledging=Acknowledging(self.settings, FIRM))
        Intake(self.pool, cast(Reader, Complaining()), triage, clock=lambda: self.now).receive(batch)
        return self.outgoing()

    def outgoing(self) -> list[OutgoingMail]:
        with self.pool.read() as work:
            return work.outbox.page()[::-1]

    def cases(self, view: CaseView = CaseView.PENDING) -> list[Case]:
        with self.pool.read() as work:
            return work.cases.page(CaseFilter(view), None, self.now)

    def later(self, **by: float) -> "Office":
        self.now += timedelta(**by)
        return self


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    pool = Pool.create(f"sqlite:///{tmp_path}/pool.db", str(tmp_path / "blobs"))
    hansen = Customer("C1", "Hansen Metallbau", domain="hansen.example")
    supplier = Customer("C2", "Stahl AG", domain="stahl.example", party=frozenset({PartyKind.SUPPLIER}))
    karin = Contact("P1", "C1", "Frau", "", "Karin", "Hansen", email="karin@hansen.example")
    with pool.begin() as work:
        for one in (hansen, supplier):
            work.customers.upsert([one], identifiers.of_customer(one, FIRM))
        work.customers.upsert_contacts([karin], identifiers.of_contact(karin, FIRM))
        work.mailboxes.put(Mailbox("office", address="info@muster.example"))
    yield Office(pool)
    pool.close()


def test_a_customer_is_thanked_in_the_transaction_that_opens_the_case(office: Office) -> None:
    (mail,) = office.receives()
    assert (mail.recipient, mail.customer_id, mail.contact_id) == ("karin@hansen.example", "C1", "P1")
    assert (mail.in_reply_to, mail.case, mail.state) == ("m1@hansen.example", 1, OutgoingState.PENDING)
    assert mail.subject == "Danke für Ihre Nachricht: Lieferung m1"
    assert mail.text.startswith("Guten Tag Frau Hansen,\n\nvielen Dank für Ihre Nachricht.")
    assert mail.text.endswith("Muster GmbH\n\nDiese Nachricht wurde automatisch versandt.")
    assert "eschwerde" not in mail.text + mail.subject


def test_without_being_switched_on_nothing_is_sent(office: Office) -> None:
    office.settings = SETTINGS.model_copy(update={"acknowledgement": AcknowledgementSettings()})
    assert office.receives() == []
    office.settings = SETTINGS.model_copy(update={"outgoing": OutgoingSettings()})
    assert office.receives() == []
    assert len(office.cases()) == 2


def test_the_firms_own_words_take_the_place_of_ours(office: Office) -> None:
    own = AcknowledgementSettings(enabled=True, texts={"de": "wir haben „{subject}“ erhalten, {customer}."})
    office.settings = SETTINGS.model_copy(update={"acknowledgement": own})
    (mail,) = office.receives()
    assert "wir haben „Lieferung m1“ erhalten, Hansen Metallbau." in mail.text


@pytest.mark.parametrize("text", ["Danke für {kunde}", "Ihre Beschwerde", "Reklamation", "your complaint"])
def test_texts_that_say_complaint_or_name_an_unknown_blank_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"leave|filled in"):
        AcknowledgementSettings(texts={"de": text})


@pytest.mark.parametrize(
    "more",
    [
        "Auto-Submitted: auto-generated\r\n",
        "Auto-Submitted: auto-replied\r\n",
        "Precedence: bulk\r\n",
        "Precedence: list\r\n",
        "List-Id: <liste.hansen.example>\r\n",
        "List-Unsubscribe: <mailto:weg@hansen.example>\r\n",
        "X-Auto-Response-Suppress: OOF, AutoReply\r\n",
        "X-Loop: karin@hansen.example\r\n",
        "Return-Path: <>\r\n",
        "Reply-To: jemand@anderswo.example\r\n",
        FORGED,
    ],
)
def test_machines_lists_and_whoever_may_be_somebody_else_are_not_thanked(office: Office, more: str) -> None:
    assert office.receives(more=more) == []


@pytest.mark.parametrize(
    "sender",
    [
        "noreply@hansen.example",
        "no-reply@hansen.example",
        "mailer-daemon@hansen.example",
        "postmaster@hansen.example",
        "liste-request@hansen.example",
        "otto@muster.example",
        "fremd@unbekannt.example",
        "einkauf@stahl.example",
    ],
)
def test_robots_ourselves_strangers_and_suppliers_are_not_thanked(office: Office, sender: str) -> None:
    assert office.receives(sender=sender) == []


def test_mail_of_which_we_only_got_a_blind_copy_is_not_thanked_for(office: Office) -> None:
    assert office.receives(to="wer@anders.example") == []


def test_old_mail_and_history_are_not_thanked_for(office: Office) -> None:
    assert office.receives(written=NOW - timedelta(days=2)) == []
    assert office.receives(history=True) == []


def test_restricted_customers_are_not_thanked(office: Office) -> None:
    with office.pool.begin() as work:
        work.restrictions.put(Restriction("C1", NOW, None, "adam"))
    assert office.receives() == []


def test_one_a_day_to_a_sender_and_few_to_a_customer(office: Office) -> None:
    office.receives()
    assert len(office.later(hours=2).receives()) == 1
    for number in range(6):
        office.receives(sender=f"person{number}@hansen.example")
    assert len(office.outgoing()) == MOST_OF_CUSTOMER
    assert len(office.later(hours=25).receives()) == MOST_OF_CUSTOMER + 1


def test_two_machines_that_answer_each_other_come_to_an_end(office: Office) -> None:
    """A helpdesk that opens a ticket for each mail, from ever new addresses and in ever new threads."""
    for number in range(300):
        office.later(seconds=20).receives(sender=f"ticket+{number}@hansen.example")
    assert len(office.outgoing()) <= MOST_OF_CUSTOMER < MOST_OF_ALL


def test_an_answer_to_our_thanks_gets_none(office: Office) -> None:
    (mail,) = office.receives()
    office.later(days=2).receives(sender="otto@hansen.example", more=f"References: <{mail.message_id}>\r\n")
    assert len(office.outgoing()) == 1


@pytest.mark.parametrize("headers", [True, False])
def test_our_own_thanks_in_a_sent_folder_answer_nothing(office: Office, headers: bool) -> None:
    (mail,) = office.receives()
    before = office.cases()
    more = f"In-Reply-To: <{mail.in_reply_to}>\r\n"
    more += "Auto-Submitted: auto-replied\r\nPrecedence: bulk\r\n" if headers else ""
    raw = (
        f"From: info@muster.example\r\nTo: karin@hansen.example\r\nSubject: {mail.subject}\r\n"
        f"Date: Mon, 23 Nov 2026 09:05:00 +0000\r\nMessage-ID: <{mail.message_id}>\r\n{more}\r\n{mail.text}\r\n"
    ).encode()
    office.later(minutes=6)
    place = Placement("office", "Sent", 7, 90)
    triage = Triage(FIRM, BusinessHours({}, ZoneInfo("UTC")), acknowledging=Acknowledging(SETTINGS, FIRM))
    intake = Intake(office.pool, cast(Reader, HereReader()), triage, clock=lambda: office.now)
    intake.receive(Batch("office", "Sent", FolderRole.SENT, (RawMail(raw, place, office.now),), Cursor(7, 90)))
    (case,) = office.cases()
    assert (case.state, case.answered, case.due) == (CaseState.NEW, None, before[0].due)


# -- what turns out to be no case


def _forged_later(office: Office) -> None:
    office.receives(name="a")
    office.later(minutes=5).receives(name="a", folder="Andere", more=FORGED, written=NOW)


def _ours_later(office: Office) -> None:
    office.receives(name="a")
    office.later(minutes=5).receives(name="a", folder="Sent", role=FolderRole.SENT, written=NOW)


@pytest.mark.parametrize("happens", [_forged_later, _ours_later])
def test_what_turns_out_to_be_no_customers_mail_is_no_case_and_that_can_be_taken_back(
    office: Office, happens: Callable[[Office], None]
) -> None:
    happens(office)
    assert office.cases() == []
    (case,) = office.cases(CaseView.ENDED)
    assert case.state is CaseState.CLOSED
    with office.pool.read() as work:
        event = work.cases.history(case.id)[0]
    assert (event.kind, event.staff) == (CaseEventKind.DISOWNED, "")
    assert event.text
    assert [mail.state for mail in office.outgoing()] == [OutgoingState.CANCELLED]
    back = Casework(office.pool, Triage(FIRM), clock=lambda: office.now).undo(ANNA, case.id)
    assert back.state is CaseState.NEW
    assert [one.id for one in office.cases()] == [case.id]


def test_a_case_with_other_mail_of_the_customers_stays(office: Office) -> None:
    office.receives(name="a")
    office.later(minutes=5).receives(name="b", more="In-Reply-To: <a@hansen.example>\r\n")
    office.later(minutes=5).receives(name="a", folder="Andere", more=FORGED, written=NOW)
    assert len(office.cases()) == 1
