"""Mail in triage: what opens a case, what moves it, what leaves it alone; and what people do with cases."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant.casework import Casework
from assistant.escalating import Escalator
from assistant.triage import Triage, Triaged
from assistant.trying import try_on
from rules.deadlines import BusinessHours, openings_of
from rules.terms.case import Case, CaseEventKind, CaseFilter, CaseState, CaseView, Priority
from rules.terms.complaint import Assessment, Category, Finding
from rules.terms.customer import Customer, PartyKind
from rules.terms.errors import NotFound, UnknownName, WrongUse
from rules.terms.finding import Action, Evidence, Match
from rules.terms.firm import Firm
from rules.terms.mail import Address, Direction, MailKind, Verdict
from rules.terms.staff import Role, Staff, Viewer
from rules.terms.worth import CustomerValue
from rules.triage.policy import Line
from storage.pool import Pool
from tests.storage.making import ERIKA, INFO, identity, mail

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # nine o'clock in Berlin
HOURS = BusinessHours(openings_of(["Mo-Fr 8-17"]), ZoneInfo("Europe/Berlin"))
FIRM = Firm(name="Firma", domains=frozenset({"firma.example"}), language="de")
LATE = Assessment(
    flag=True,
    probability=0.93,
    severity=1,
    category=Category.DELIVERY,
    evidence=(Evidence("complaint.late", "seit drei Wochen"),),
    language="de",
)
LAWYER = replace(
    LATE, severity=3, category=Category.LEGAL, evidence=(Evidence("complaint.legal", "unser Anwalt wird sich melden"),)
)
THANKS = Assessment(relieved=True, probability=0.02, evidence=(Evidence("complaint.solved", "jetzt passt es"),))
ANNA = Viewer("anna", Role.STAFF, "de", frozenset({"info"}))
OF_C1 = Match(Action.ATTACH, "C1", confidence=1.0)


@dataclass
class Desk:
    """A pool into which mails come by and by."""

    pool: Pool
    triage: Triage = field(default_factory=lambda: Triage(FIRM, HOURS))
    now: datetime = MONDAY
    changed: list[frozenset[int]] = field(default_factory=list)
    count: int = 0

    def receives(
        self,
        found: Assessment | None = None,
        *,
        match: Match = OF_C1,
        thread: str = "t",
        kind: MailKind = MailKind.PERSON,
        verdict: Verdict = Verdict.NONE,
        to: tuple[Address, ...] = INFO,
        direction: Direction = Direction.INCOMING,
    ) -> int:
        """A mail at this moment; its number."""
        self.count += 1
        made = mail(
            f"m{self.count}",
            uid=self.count,
            thread=identity(thread),
            match=match,
            arrived=self.now,
            verdict=verdict,
            to=to,
        )
        made = replace(made, direction=direction, reading=replace(made.reading, kind=kind))
        with self.pool.begin() as work:
            (number,) = work.messages.add([made])
            finding = None if found is None else Finding(number, self.now, found, match.customer_id)
            if finding:
                work.findings.put([finding])
            stored = work.messages.get(number)
            assert stored is not None
            self.triage.take(work, [Triaged.of_pooled(stored, finding)])
        return number

    def sends(self, *to: Address, thread: str = "t", kind: MailKind = MailKind.PERSON) -> int:
        return self.receives(thread=thread, kind=kind, to=to or (ERIKA,), direction=Direction.OUTGOING)

    def later(self, **by: float) -> "Desk":
        self.now += timedelta(**by)
        return self

    def cases(self, view: CaseView = CaseView.PENDING) -> list[Case]:
        with self.pool.read() as work:
            return work.cases.page(CaseFilter(view), ANNA.mailboxes, self.now)

    def case(self) -> Case:
        (case,) = self.cases()
        return case

    def history(self, case: Case) -> list[str]:
        with self.pool.read() as work:
            return [event.kind.value for event in work.cases.history(case.id)][::-1]

    @property
    def work(self) -> Casework:
        return Casework(self.pool, self.triage, self.changed.append, lambda: self.now)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    pool = Pool.create(f"sqlite:///{tmp_path}/pool.db", str(tmp_path / "blobs"))
    with pool.begin() as work:
        supplier = Customer("C2", "Lieferant", party=frozenset({PartyKind.SUPPLIER}))
        work.customers.upsert([Customer("C1", "Muster"), supplier, Customer("C3", "König", key_account=True)], (), {})
        work.staff.put(Staff("otto", "Otto"))
    yield Desk(pool)
    pool.close()


def test_a_complaint_opens_a_case_with_reason_and_deadline(desk: Desk) -> None:
    number = desk.receives(LATE)
    case = desk.case()
    assert (case.queue, case.priority, case.because) == ("complaints", Priority.NORMAL, "triage.complaint")
    assert (case.customer_id, case.severity, case.category) == ("C1", 1, Category.DELIVERY)
    assert case.due == datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # sixteen business hours
    with desk.pool.read() as work:
        assert work.cases.messages_of(case.id) == [number]


@pytest.mark.parametrize("kind", [MailKind.NEWSLETTER, MailKind.OUT_OF_OFFICE, MailKind.BOUNCE])
def test_machines_open_nothing(desk: Desk, kind: MailKind) -> None:
    desk.receives(LATE, kind=kind)
    assert desk.cases() == []


def test_ordinary_mail_and_suppliers_open_nothing(desk: Desk) -> None:
    desk.receives(None)
    desk.receives(LATE, match=Match(Action.ATTACH, "C2"), thread="u")
    assert desk.cases() == []


def test_whoever_pretends_to_be_a_king_customer_opens_nothing(desk: Desk) -> None:
    desk.receives(LAWYER, match=Match(Action.REVIEW, spoof=True, candidates=("C3",)))
    desk.receives(LAWYER, match=Match(Action.ATTACH, "C3"), thread="u", verdict=Verdict.FAIL)
    assert desk.cases() == []
    desk.receives(LATE, match=Match(Action.ATTACH, "C3"), thread="v")
    assert desk.case().because == "triage.king"


@pytest.mark.parametrize(
    ("value", "because"),
    [
        (CustomerValue("C1", MONDAY.date(), king=True, abc="A"), "triage.king"),
        (CustomerValue("C1", MONDAY.date(), abc="A"), "triage.value"),
        (CustomerValue("C1", MONDAY.date(), abc="C"), "triage.complaint"),
    ],
)
def test_what_a_customer_is_worth_decides_too(desk: Desk, value: CustomerValue, because: str) -> None:
    with desk.pool.begin() as work:
        work.values.put(1, [value])
    desk.receives(LATE)
    assert desk.case().because == because


def test_an_answer_stops_the_clock_and_a_reply_starts_it_again(desk: Desk) -> None:
    desk.receives(LATE)
    desk.later(hours=2).sends()
    case = desk.case()
    written = desk.now - timedelta(minutes=1)
    assert (case.state, case.due, case.answered) == (CaseState.WAITING_CUSTOMER, None, written)
    desk.later(hours=1).receives(None)
    case = desk.case()
    assert case.state is CaseState.WAITING_US
    assert case.due == HOURS.after(desk.now, 16)
    assert desk.history(case) == ["opened", "answered", "customer-wrote"]


def test_automatic_replies_and_colleagues_among_themselves_stop_no_clock(desk: Desk) -> None:
    desk.receives(LATE)
    before = desk.case()
    desk.later(hours=1).sends(kind=MailKind.AUTO_REPLY)
    assert desk.case() == before
    desk.sends(Address("otto@firma.example"))
    assert desk.case() == before
    assert desk.history(before) == ["opened", "forwarded"]
    desk.receives(None, kind=MailKind.OUT_OF_OFFICE)
    assert desk.case() == before
    with desk.pool.read() as work:
        assert work.cases.messages_of(before.id) == [1, 2, 3, 4]


def test_a_thank_you_proposes_that_it_is_solved(desk: Desk) -> None:
    desk.receives(LATE)
    desk.later(hours=1).sends()
    desk.later(hours=1).receives(THANKS)
    case = desk.case()
    assert (case.state, case.proposed) == (CaseState.WAITING_CUSTOMER, CaseState.SOLVED)
    desk.work.solve(ANNA, case.id, "Ersatz geschickt")
    assert desk.cases() == []
    desk.later(days=1).receives(THANKS)
    assert desk.cases() == []  # thanks open nothing again


def test_a_reply_opens_a_solved_case_again(desk: Desk) -> None:
    desk.receives(LATE)
    number = desk.work.solve(ANNA, desk.case().id).id
    desk.later(days=3).receives(None)
    case = desk.case()
    assert (case.id, case.state, case.ended) == (number, CaseState.OPEN, None)
    assert case.due is not None


def test_graver_words_make_a_case_more_urgent(desk: Desk) -> None:
    desk.receives(LATE)
    desk.later(hours=1).receives(LAWYER)
    case = desk.case()
    assert (case.priority, case.severity, case.category) == (Priority.URGENT, 3, Category.LEGAL)
    assert case.due == HOURS.after(desk.now, 4)
    desk.later(minutes=5).receives(LATE)
    assert desk.case() == case


def test_what_was_answered_before_it_was_read_waits_for_the_customer(desk: Desk) -> None:
    desk.later(hours=3).sends()
    answered = desk.now
    desk.later(hours=-3).receives(LATE)
    case = desk.case()
    assert case.state is CaseState.WAITING_CUSTOMER
    assert case.answered == answered - timedelta(minutes=1)


def test_a_stranger_or_another_customer_in_the_thread_moves_nothing(desk: Desk) -> None:
    desk.receives(LATE)
    desk.sends()
    before = desk.case()
    desk.receives(None, match=Match(Action.ATTACH, "C3"))
    desk.receives(None, match=Match(Action.REVIEW, spoof=True, candidates=("C1",)))
    assert desk.case() == before


def test_a_firms_own_line_can_make_cases_of_ordinary_mail(desk: Desk) -> None:
    line = Line("vip", Priority.HIGH, 4, "Königskunde schreibt", king=True)
    desk.triage = replace(desk.triage, lines=(line,))
    desk.receives(None)
    assert desk.cases() == []
    desk.receives(None, match=Match(Action.ATTACH, "C3"), thread="u")
    assert desk.case().queue == "vip"


def test_people_take_answer_put_off_and_solve(desk: Desk) -> None:
    number = desk.receives(LATE)
    id = desk.case().id
    desk.work.assign(ANNA, id, "otto")
    desk.work.note(ANNA, id, "Ersatzteil bestellt")
    desk.work.change(ANNA, id, priority=Priority.HIGH, product="Pumpe 7", cost=9900, tags=["Werk 2", "werk 2", " "])
    case = desk.case()
    assert (case.assignee, case.state, case.tags) == ("otto", CaseState.OPEN, ("werk-2",))
    assert (case.priority, case.product, case.cost) == (Priority.HIGH, "Pumpe 7", 9900)
    desk.work.answer(ANNA, id)
    assert desk.case().due is None
    desk.work.snooze(ANNA, id, MONDAY + timedelta(days=2))
    assert desk.cases() == []
    desk.work.wake(ANNA, id)
    desk.work.solve(ANNA, id, "Ersatz")
    with desk.pool.read() as work:
        assert work.findings.kept([number])[number].solved_by == "anna"
    desk.work.reopen(ANNA, id)
    with desk.pool.read() as work:
        assert work.findings.kept([number])[number].solved_by is None
    assert desk.history(desk.case()) == [
        "opened", "assigned", "noted", "changed", "answered", "snoozed", "woken", "solved", "reopened",
    ]  # fmt: skip
    assert set(desk.changed) == {frozenset({id})}


def test_everything_by_hand_can_be_taken_back(desk: Desk) -> None:
    desk.receives(LATE)
    before = desk.case()
    desk.work.assign(ANNA, before.id, "otto")
    desk.work.solve(ANNA, before.id)
    desk.work.undo(ANNA, before.id)
    desk.work.undo(ANNA, before.id)
    assert desk.case() == before
    with desk.pool.read() as work:
        assert work.findings.kept([1])[1].solved_by is None


def test_a_case_is_opened_by_hand_of_a_mail_or_of_a_customer(desk: Desk) -> None:
    number = desk.receives(None)
    desk.work.open(ANNA, message=number)
    with pytest.raises(WrongUse):
        desk.work.open(ANNA, message=number)
    desk.work.open(ANNA, customer_id="C3", subject="Anruf: Pumpe klemmt")
    assert [case.customer_id for case in desk.cases()] == ["C1", "C3"]
    assert all(case.due == HOURS.after(MONDAY, 16) for case in desk.cases())
    with pytest.raises(UnknownName):
        desk.work.open(ANNA, customer_id="C9", subject="x")
    with pytest.raises(WrongUse):
        desk.work.open(ANNA, customer_id="C1", subject=" ")


def test_nobody_touches_a_case_of_mail_that_is_not_theirs(desk: Desk) -> None:
    number = desk.receives(LATE)
    id = desk.case().id
    otto = Viewer("otto", Role.ADMIN, "de", frozenset({"otto"}))
    refused: list[Callable[[], object]] = [
        lambda: desk.work.assign(otto, id, "otto"),
        lambda: desk.work.note(otto, id, "x"),
        lambda: desk.work.solve(otto, id),
        lambda: desk.work.undo(otto, id),
        lambda: desk.work.watch(otto, id, on=True),
        lambda: desk.work.open(otto, message=number),
    ]
    for action in refused:
        with pytest.raises(NotFound):
            action()
    assert desk.changed == []


def test_wrong_wishes_are_refused_with_a_sentence(desk: Desk) -> None:
    desk.receives(LATE)
    id = desk.case().id
    wrong: list[Callable[[], object]] = [
        lambda: desk.work.note(ANNA, id, " "),
        lambda: desk.work.snooze(ANNA, id, MONDAY),
        lambda: desk.work.reopen(ANNA, id),
        lambda: desk.work.change(ANNA, id, queue=" "),
        lambda: desk.work.merge(ANNA, id, id),
    ]
    for action in wrong:
        with pytest.raises(WrongUse):
            action()
    with pytest.raises(UnknownName):
        desk.work.assign(ANNA, id, "niemand")
    desk.work.close(ANNA, id)
    for again in (desk.work.close, desk.work.answer, desk.work.solve):
        with pytest.raises(WrongUse):
            again(ANNA, id)


def test_cases_are_joined_and_parted(desk: Desk) -> None:
    desk.receives(LATE)
    desk.receives(LATE, thread="u")
    one, two = (case.id for case in desk.cases())
    desk.work.merge(ANNA, two, one)
    assert [case.id for case in desk.cases()] == [one]
    made = desk.work.split(ANNA, one, [2], "Zweite Sache")
    assert made.subject == "Zweite Sache"
    assert len(desk.cases()) == 2
    assert desk.history(desk.cases()[0])[-1] == CaseEventKind.SPLIT.value


# -- what time does


def escalate(desk: Desk) -> set[int]:
    changed: list[frozenset[int]] = []
    Escalator(desk.pool, changed.append, lambda: desk.now).run(threading.Event())
    return {number for numbers in changed for number in numbers}


def test_a_missed_deadline_is_told_once_and_an_answer_ends_it(desk: Desk) -> None:
    desk.receives(LATE)
    case = desk.case()
    assert escalate(desk.later(hours=20)) == set()
    assert escalate(desk.later(hours=12)) == {case.id}
    assert desk.case().escalated == desk.now
    assert escalate(desk.later(hours=1)) == set()
    assert desk.history(case) == ["opened", "escalated"]
    assert [each.id for each in desk.cases(CaseView.OVERDUE)] == [case.id]
    desk.sends()
    assert (desk.case().escalated, desk.cases(CaseView.OVERDUE)) == (None, [])


def test_a_new_deadline_can_be_missed_again(desk: Desk) -> None:
    desk.receives(LATE)
    escalate(desk.later(days=2))
    desk.work.change(ANNA, desk.case().id, due=desk.now + timedelta(hours=1))
    assert escalate(desk) == set()
    assert escalate(desk.later(hours=2)) == {1}


def test_what_was_put_off_comes_back_by_itself(desk: Desk) -> None:
    desk.receives(LATE)
    case = desk.case()
    desk.work.snooze(ANNA, case.id, desk.now + timedelta(hours=3))
    assert escalate(desk.later(hours=2)) == set()
    assert escalate(desk.later(hours=1)) == {case.id}
    assert desk.case().snoozed_until is None
    assert desk.history(case) == ["opened", "snoozed", "woken"]


# -- a table tried on the past


def test_a_table_is_tried_on_past_mail_and_opens_nothing(desk: Desk) -> None:
    start = desk.now
    desk.receives(LATE)
    desk.later(hours=1).receives(None)
    desk.later(hours=1).receives(LAWYER, thread="u")
    desk.receives(None, match=Match(Action.ATTACH, "C3"), thread="v")
    desk.receives(LATE, thread="w", kind=MailKind.NEWSLETTER)
    desk.sends(thread="x")
    before = desk.cases()
    line = Line("vip", Priority.HIGH, 4, "Königskunde schreibt", king=True)
    trial = try_on(desk.pool, desk.triage, replace(desk.triage, lines=(line,)), start)
    assert trial.mails == 4
    assert trial.before == {
        ("complaints", "normal", "triage.complaint"): 1,
        ("complaints", "urgent", "triage.legal"): 1,
    }
    assert trial.after == {
        ("complaints", "urgent", "triage.legal"): 1,
        ("vip", "high", "Königskunde schreibt"): 1,
    }
    assert [(one.message, one.before is None, one.after is None) for one in trial.differences] == [
        (1, False, True), (4, True, False),
    ]  # fmt: skip
    assert trial.differing == 2
    assert desk.cases() == before
    assert try_on(desk.pool, desk.triage, desk.triage, desk.now + timedelta(hours=1)).mails == 0


def test_another_wording_of_the_reason_is_no_other_decision(desk: Desk) -> None:
    start = desk.now
    desk.receives(LATE)
    reworded = tuple(replace(line, because=f"anders gesagt: {line.because}") for line in desk.triage.lines)
    trial = try_on(desk.pool, desk.triage, replace(desk.triage, lines=reworded), start)
    assert trial.before != trial.after
    assert trial.differing == 0


def test_a_second_complaint_within_two_weeks_stands_beside_an_open_case(desk: Desk) -> None:
    start = desk.now
    for days, thread in ((0, "a"), (10, "b"), (30, "c")):
        desk.later(days=days).receives(LATE, thread=thread)
    trial = try_on(desk.pool, desk.triage, desk.triage, start)
    assert trial.after == {
        ("complaints", "normal", "triage.complaint"): 2,
        ("complaints", "high", "triage.again"): 1,
    }
    assert trial.differing == 0
