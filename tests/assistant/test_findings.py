"""Complaints on their way: found when mail comes in, told beside it, corrected by staff, looked for in old mail."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event as Signal
from zoneinfo import ZoneInfo

import pytest

from assistant.complaints.feedback import labelled
from assistant.filing import Filing
from assistant.intake import Batch, Intake
from assistant.lookup import Lookup
from assistant.reader import Reader, ReadMail, read_here
from assistant.reassessing import CHUNK, Reassessor
from assistant.rulings import Rulings
from assistant.triage import Triage
from rules import identifiers
from rules.terms.complaint import Assessment, Category, Finding, FindingState
from rules.terms.customer import Customer, PartyKind
from rules.terms.errors import MailRefused, NotFound, WrongUse
from rules.terms.finding import Evidence
from rules.terms.firm import Firm
from rules.terms.mail import Cursor, FolderRole, Mailbox, Placement, RawMail
from rules.terms.staff import Role, Viewer
from rules.terms.summary import Summary
from storage.pool import Pool

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
FIRM = Firm(name="Muster", domains=frozenset({"muster.example"}), authserv_id="mx.muster.example")
FORGED = "Authentication-Results: mx.muster.example; dmarc=fail header.from=hansen.example\r\n"
NEVER = Signal()
ANNA = Viewer("anna", Role.STAFF, "de", frozenset({"office"}))
BERTA = Viewer("berta", Role.STAFF, "de", frozenset({"berta"}))
QUOTE = (Evidence("complaint.broken_promise", "zum dritten Mal", 2.0),)


class WordAssessor:
    """Finds what the test wrote: "falsch" is a complaint, "vielleicht" is doubtful, "erledigt" tells of relief."""

    def assess(self, text: str, subject: str = "", language: str | None = None) -> Assessment:
        if "kaputt" in text:
            raise ValueError("a model that cannot take this")
        if "falsch" in text:
            return Assessment(True, False, 0.9, 2, Category.DELIVERY, QUOTE, language="de")
        if "vielleicht" in text:
            return Assessment(False, True, 0.4, 1, Category.OTHER, QUOTE, language="de")
        return Assessment(probability=0.01, relieved="erledigt" in text, language="de")


class KeenAssessor(WordAssessor):
    """A later model, to which everything is a complaint."""

    def assess(self, text: str, subject: str = "", language: str | None = None) -> Assessment:
        return Assessment(True, False, 0.8, 1, Category.OTHER, QUOTE, language="de")


@dataclass
class HereReader:
    """Reads in this process, and counts."""

    assessor: WordAssessor | None = field(default_factory=WordAssessor)
    busy: bool = False
    read: int = 0

    def submit(self, raws: Sequence[bytes]) -> "Future[list[ReadMail | MailRefused]]":
        self.read += len(raws)
        done: Future[list[ReadMail | MailRefused]] = Future()
        done.set_result([read_here(raw, FIRM, self.assessor) for raw in raws])
        return done


def mail(name: str, text: str, sender: str = "karin@hansen.example", more: str = "") -> bytes:
    return (
        f"From: Karin Hansen <{sender}>\r\nTo: info@muster.example\r\nSubject: {name}\r\n"
        f"Date: Sun, 22 Nov 2026 09:00:00 +0100\r\nMessage-ID: <{name}@hansen.example>\r\n{more}\r\n{text}\r\n"
    ).encode()


def batch(*contents: bytes, first: int = 1, mailbox: str = "office", history: bool = False) -> Batch:
    mails = tuple(
        RawMail(content, Placement(mailbox, "INBOX", 7, uid), NOW) for uid, content in enumerate(contents, first)
    )
    return Batch(mailbox, "INBOX", FolderRole.INBOX, mails, Cursor(7, first + len(contents) - 1), history=history)


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    """A pool that knows the firm Hansen, a supplier, and a firm that is both."""
    pool = Pool.create(f"sqlite:///{tmp_path}/pool.sqlite", str(tmp_path / "blobs"))
    people = (
        Customer("C1", "Hansen Metallbau", email="karin@hansen.example", domain="hansen.example"),
        Customer("S1", "Stahl AG", party=frozenset({PartyKind.SUPPLIER}), email="verkauf@stahl.example"),
        Customer(
            "B1", "Beide KG", party=frozenset({PartyKind.SUPPLIER, PartyKind.CUSTOMER}), email="info@beide.example"
        ),
    )
    with pool.begin() as work:
        work.customers.upsert(people, [known for one in people for known in identifiers.of_customer(one, FIRM)])
        work.mailboxes.put(Mailbox("office"))
        work.mailboxes.put(Mailbox("berta", owner="berta"))
    yield pool
    pool.close()


@pytest.fixture
def reader() -> HereReader:
    return HereReader()


@pytest.fixture
def intake(pool: Pool, reader: HereReader) -> Intake:
    return Intake(pool, reader, Triage(FIRM), clock=lambda: NOW)  # type: ignore[arg-type]


@pytest.fixture
def rulings(pool: Pool) -> Rulings:
    return Rulings(pool, Triage(FIRM), lambda: NOW)


def kept(pool: Pool) -> dict[int, Finding]:
    with pool.read() as work:
        return work.findings.kept(range(1, 50))


def states(pool: Pool) -> dict[int, FindingState]:
    return {no: one.state for no, one in kept(pool).items()}


def beside(pool: Pool, viewer: Viewer, no: int) -> Summary:
    return Lookup(pool, ZoneInfo("Europe/Berlin")).of_message(viewer, no, NOW)


def of_customer(pool: Pool, viewer: Viewer, customer: str = "C1") -> Summary:
    return Lookup(pool, ZoneInfo("Europe/Berlin")).of_customer(viewer, customer, NOW)


def reassess(pool: Pool, reader: HereReader, generation: int | None = 1) -> bool:
    return Reassessor(pool, reader, generation).run(NEVER)  # type: ignore[arg-type]


def test_a_complaint_is_found_when_the_mail_comes_in(pool: Pool, intake: Intake) -> None:
    first, doubtful, thanks, _ = intake.receive(
        batch(mail("a", "falsch"), mail("b", "vielleicht"), mail("c", "erledigt"), mail("d", "Guten Tag"))
    ).new
    assert states(pool) == {first: FindingState.OPEN, doubtful: FindingState.DOUBTFUL, thanks: FindingState.RELIEF}
    found = kept(pool)[first]
    assert (found.customer_id, found.severity, found.category) == ("C1", 2, Category.DELIVERY)
    assert found.assessment.evidence == QUOTE


def test_a_mail_that_the_model_cannot_take_is_stored_all_the_same(pool: Pool, intake: Intake) -> None:
    assert len(intake.receive(batch(mail("a", "kaputt"))).new) == 1
    assert kept(pool) == {}


def test_without_a_model_nothing_is_found(pool: Pool, intake: Intake, reader: HereReader) -> None:
    reader.assessor = None
    intake.receive(batch(mail("a", "falsch")))
    assert kept(pool) == {}
    assert reassess(pool, reader, None)
    assert reader.read == 1


def test_neither_our_own_mail_nor_what_machines_write_is_asked(pool: Pool, intake: Intake) -> None:
    own = mail("a", "falsch", "anna@muster.example")
    away = mail("b", "falsch", more="Auto-Submitted: auto-replied\r\n")
    bulk = mail("c", "falsch", more="List-Unsubscribe: <https://x.example/u>\r\nPrecedence: bulk\r\n")
    intake.receive(batch(own, away, bulk))
    assert kept(pool) == {}


def test_what_a_mere_supplier_writes_is_not_shown(pool: Pool, intake: Intake) -> None:
    supplier, both = intake.receive(
        batch(mail("a", "falsch", "verkauf@stahl.example"), mail("b", "falsch", "info@beide.example"))
    ).new
    assert beside(pool, ANNA, supplier).complaint is None
    assert beside(pool, ANNA, both).complaint is not None
    with pool.read() as work:
        assert [one.message for one in work.findings.page(FindingState.OPEN, ANNA.mailboxes)] == [both]


def test_a_suppliers_mail_that_was_a_customers_brings_its_finding(pool: Pool, intake: Intake) -> None:
    (no,) = intake.receive(batch(mail("a", "falsch", "verkauf@stahl.example"))).new
    Filing(pool, FIRM).file(ANNA, [no], "C1")
    shown = of_customer(pool, ANNA).complaint
    assert shown is not None
    assert shown.message == no


def test_our_own_mail_that_came_back_by_a_list_is_no_complaint(pool: Pool, intake: Intake) -> None:
    back = mail("a", "falsch", "anna@muster.example", FORGED.replace("hansen", "muster"))
    (no,) = intake.receive(batch(back)).new
    assert list(kept(pool)) == [no]
    sent = replace(batch(mail("a", "falsch", "anna@muster.example"), first=9), folder="Sent", role=FolderRole.SENT)
    intake.receive(sent)
    assert kept(pool) == {}


def test_an_impostors_mail_has_its_finding_and_gives_no_one_priority(pool: Pool, intake: Intake) -> None:
    (no,) = intake.receive(batch(mail("a", "falsch", more=FORGED))).new
    assert states(pool) == {no: FindingState.OPEN}
    assert kept(pool)[no].customer_id is None
    assert beside(pool, ANNA, no).complaint is None
    assert of_customer(pool, ANNA).complaint is None


def test_a_copy_that_failed_the_check_takes_the_complaint_off_the_customer(pool: Pool, intake: Intake) -> None:
    intake.receive(batch(mail("a", "falsch")))
    intake.receive(batch(mail("a", "falsch", more=FORGED), first=2))
    assert of_customer(pool, ANNA).complaint is None


def test_the_next_mail_of_the_customer_shows_the_open_complaint_with_its_words(pool: Pool, intake: Intake) -> None:
    first, later = intake.receive(batch(mail("a", "falsch"), mail("b", "Guten Tag"))).new
    shown = beside(pool, ANNA, later).complaint
    assert shown is not None
    assert (shown.message, shown.severity, shown.category) == (first, 2, Category.DELIVERY)
    assert shown.text.startswith("Beschwerde")
    assert "„zum dritten Mal“" in shown.lines[0].text


def test_who_may_not_read_the_mail_learns_only_that_there_is_a_complaint(pool: Pool, intake: Intake) -> None:
    intake.receive(batch(mail("a", "falsch")))
    (no,) = intake.receive(batch(mail("b", "Guten Tag"), mailbox="berta")).new
    shown = beside(pool, BERTA, no).complaint
    assert shown is not None
    assert shown.text == "Es gibt eine offene Beschwerde"
    assert (shown.message, shown.severity, shown.category, shown.lines) == (None, None, None, ())
    assert shown.date.startswith("2026-11-22T12:00")
    assert not shown.solvable


def test_the_timeline_flags_the_mail_to_those_who_may_read_it(pool: Pool, intake: Intake) -> None:
    intake.receive(batch(mail("a", "falsch"), mail("b", "Guten Tag")))
    lookup = Lookup(pool, ZoneInfo("Europe/Berlin"))
    assert [one.complaint for one in lookup.timeline(ANNA, "C1").entries] == [None, FindingState.OPEN]
    assert [one.complaint for one in lookup.timeline(BERTA, "C1").entries] == [None, None]
    assert [line.text.endswith("(Beschwerde)") for line in of_customer(pool, ANNA).recent] == [False, True]


def test_history_has_findings_but_makes_no_noise(pool: Pool, intake: Intake) -> None:
    first, *_ = intake.receive(
        batch(mail("a", "falsch"), mail("b", "vielleicht"), mail("c", "erledigt"), history=True)
    ).new
    assert states(pool) == {first: FindingState.HISTORY}
    assert of_customer(pool, ANNA).complaint is None
    own = beside(pool, ANNA, first).complaint
    assert own is not None
    assert own.text.startswith("Frühere Beschwerde")
    assert not own.solvable


def test_thanks_propose_to_close_the_complaint_and_staff_do_it(pool: Pool, intake: Intake, rulings: Rulings) -> None:
    (first,) = intake.receive(batch(mail("a", "falsch"))).new
    thankful = mail("b", "erledigt").replace(b"09:00:00", b"09:30:00")
    (later,) = intake.receive(batch(thankful, first=2)).new
    shown = beside(pool, ANNA, later).complaint
    assert shown is not None
    assert shown.relief is not None
    assert (shown.message, shown.relief.href) == (first, f"/messages/{later}")
    rulings.solve(ANNA, first)
    assert states(pool)[first] is FindingState.SOLVED
    assert of_customer(pool, ANNA).complaint is None
    rulings.unsolve(ANNA, first)
    assert of_customer(pool, ANNA).complaint == replace(shown)


def test_staff_correct_with_one_click_and_take_it_back(pool: Pool, intake: Intake, rulings: Rulings) -> None:
    found, missed = intake.receive(batch(mail("a", "falsch"), mail("b", "Guten Tag"))).new
    rulings.say(ANNA, found, flag=False)
    rulings.say(ANNA, missed, flag=True, severity=3, category=Category.LEGAL)
    assert states(pool) == {found: FindingState.DISMISSED, missed: FindingState.CONFIRMED}
    ruling = kept(pool)[missed].ruling
    assert ruling is not None
    assert (ruling.staff, ruling.at, kept(pool)[missed].severity) == ("anna", NOW, 3)
    rulings.unsay(ANNA, found)
    rulings.unsay(ANNA, missed)
    assert states(pool) == {found: FindingState.OPEN}


def test_only_who_may_read_a_mail_corrects_it_and_only_what_others_wrote(
    pool: Pool, intake: Intake, rulings: Rulings
) -> None:
    found, plain, own = intake.receive(
        batch(mail("a", "falsch"), mail("b", "Guten Tag"), mail("c", "Hallo", "anna@muster.example"))
    ).new
    with pytest.raises(NotFound):
        rulings.say(BERTA, found, flag=False)
    with pytest.raises(NotFound):
        rulings.solve(BERTA, found)
    with pytest.raises(WrongUse):
        rulings.say(ANNA, own, flag=True)
    for refused in (rulings.unsay, rulings.unsolve):
        with pytest.raises(NotFound):
            refused(ANNA, found)
    with pytest.raises(NotFound):
        rulings.solve(ANNA, plain)


def test_corrections_become_training_data_but_for_personal_mail(pool: Pool, intake: Intake, rulings: Rulings) -> None:
    found, missed = intake.receive(batch(mail("a", "falsch"), mail("b", "So geht das nicht"))).new
    (private,) = intake.receive(batch(mail("c", "falsch"), mailbox="berta")).new
    rulings.say(ANNA, found, flag=False)
    rulings.say(ANNA, missed, flag=True, severity=2, category=Category.SERVICE)
    rulings.say(BERTA, private, flag=True)
    assert [(one["text"], one["flag"], one["severity"], one["category"]) for one in labelled(pool, FIRM)] == [
        ("falsch", False, 0, "none"),
        ("So geht das nicht", True, 2, "service_staff"),
    ]


def test_mail_of_before_is_assessed_in_the_background_as_history(
    pool: Pool, intake: Intake, reader: HereReader, rulings: Rulings
) -> None:
    reader.assessor = None
    old = intake.receive(batch(*(mail(f"m{no}", "falsch" if no % 3 else "Guten Tag") for no in range(CHUNK + 5)))).new
    reader.assessor = WordAssessor()
    rulings.say(ANNA, old[1], flag=True)
    assert reassess(pool, reader)
    found = states(pool)
    assert found[old[1]] is FindingState.CONFIRMED
    assert {no: state for no, state in found.items() if no != old[1]} == {
        no: FindingState.HISTORY for number, no in enumerate(old) if number % 3 and number != 1
    }
    before = reader.read
    assert reassess(pool, reader)
    assert reader.read == before


def test_another_model_renews_what_nobody_decided_and_news_stay_news(
    pool: Pool, intake: Intake, reader: HereReader, rulings: Rulings
) -> None:
    news, doubtful, dismissed, solved, plain = intake.receive(
        batch(*(mail(name, text) for name, text in zip("abcde", WORDS, strict=True)))
    ).new
    rulings.say(ANNA, dismissed, flag=False)
    rulings.solve(ANNA, solved)
    assert reassess(pool, reader, 1)
    reader.assessor = KeenAssessor()
    assert reassess(pool, reader, 2)
    assert states(pool) == {
        news: FindingState.OPEN,
        doubtful: FindingState.OPEN,
        dismissed: FindingState.DISMISSED,
        solved: FindingState.SOLVED,
        plain: FindingState.HISTORY,
    }
    assert kept(pool)[news].assessment.probability == 0.8
    assert kept(pool)[solved].assessment.probability == 0.9
    reader.assessor = WordAssessor()
    assert reassess(pool, reader, 3)
    assert plain not in states(pool)


WORDS = ("falsch", "vielleicht", "falsch", "falsch", "Guten Tag")


class DiesAfter(HereReader):
    """The service is killed while the third stretch is being read."""

    def submit(self, raws: Sequence[bytes]) -> "Future[list[ReadMail | MailRefused]]":
        if self.read >= 2 * CHUNK:
            raise KeyboardInterrupt
        return super().submit(raws)


def test_a_walk_that_was_killed_goes_on_where_it_was(pool: Pool, intake: Intake, reader: HereReader) -> None:
    reader.assessor = None
    total = 3 * CHUNK + 2
    intake.receive(batch(*(mail(f"m{no}", "falsch") for no in range(total))))
    with pytest.raises(KeyboardInterrupt):
        reassess(pool, DiesAfter())
    assert len(kept(pool)) == 2 * CHUNK
    after = HereReader()
    assert reassess(pool, after)
    assert (len(kept(pool)), after.read) == (total, total - 2 * CHUNK)


def test_a_walk_stops_when_it_is_told_to(pool: Pool, intake: Intake, reader: HereReader) -> None:
    intake.receive(batch(mail("a", "falsch")))
    stop = Signal()
    stop.set()
    assert not Reassessor(pool, reader, 1).run(stop)  # type: ignore[arg-type]


def test_complaints_are_found_in_the_workers(pool: Pool) -> None:
    reader = Reader(FIRM, workers=1, deadline=30, assessor=WordAssessor)
    try:
        (no,) = Intake(pool, reader, Triage(FIRM), clock=lambda: NOW).receive(batch(mail("a", "falsch"))).new
    finally:
        reader.close()
    assert states(pool) == {no: FindingState.OPEN}
