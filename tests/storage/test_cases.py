"""Cases: opened with their mails, listed by what is due, moved on and put back, seen by whom they concern."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from rules.terms.case import Case, CaseEvent, CaseEventKind, CaseFilter, CaseState, CaseView, Priority
from rules.terms.complaint import Category
from rules.terms.customer import Customer
from rules.terms.errors import NotFound, WrongUse
from rules.terms.finding import Action, Match
from rules.terms.mail import Direction
from storage.pool import Pool, Work
from tests.storage.making import NOON, mail

ALL = frozenset({"info", "chef"})
CASE = Case(
    queue="complaints",
    subject="Lieferung fehlt",
    because="deutliche Beschwerde",
    opened=NOON,
    within=8,
    customer_id="C1",
    due=NOON + timedelta(hours=8),
    severity=2,
    category=Category.DELIVERY,
    tags=("eilig", "werk-2"),
    cost=4200,
)


def opened(work: Work, case: Case = CASE, mails: int = 1, mailbox: str = "info") -> Case:
    """A case with so many mails of its own."""
    first = len(work.messages.get_many(range(1, 1000), 0)) + 1
    new = [mail(f"{mailbox}-{first + one}", uid=first + one, mailbox=mailbox) for one in range(mails)]
    return work.cases.open(case, work.messages.add(new))


def moved(work: Work, case: Case, kind: CaseEventKind, staff: str = "anna", **values: object) -> Case:
    after = replace(case, **values)  # type: ignore[arg-type]
    work.cases.change(case, after, CaseEvent(case.id, kind, NOON, staff))
    return after


def shown(
    work: Work, view: CaseView = CaseView.PENDING, now: datetime = NOON, login: str = "", **of: object
) -> list[int]:
    chosen = CaseFilter(view, login, **of)  # type: ignore[arg-type]
    found = [case.id for case in work.cases.page(chosen, ALL, now)]
    assert work.cases.count(chosen, ALL, now, 99) == len(found)
    return found


def test_a_case_comes_back_as_it_was_kept(pool: Pool) -> None:
    with pool.begin() as work:
        case = opened(work)
        assert case == replace(CASE, id=case.id)
        assert work.cases.get(case.id, ALL) == case
        assert work.cases.messages_of(case.id) == [1]
        assert work.cases.of_messages([1, 2]) == {1: case}
        (event,) = work.cases.history(case.id)
        assert (event.kind, event.text, event.message, event.at) == (
            CaseEventKind.OPENED,
            "deutliche Beschwerde",
            1,
            NOON,
        )


def test_what_is_due_first_comes_first_and_whoever_waits_for_the_customer_last(pool: Pool) -> None:
    with pool.begin() as work:
        late = opened(work, replace(CASE, due=NOON + timedelta(hours=9)))
        soon = opened(work, replace(CASE, due=NOON + timedelta(hours=1)))
        waits = moved(work, opened(work), CaseEventKind.ANSWERED, state=CaseState.WAITING_CUSTOMER, due=None)
        by_hand = opened(work, replace(CASE, due=None))
        assert shown(work) == [soon.id, late.id, waits.id, by_hand.id]
        first = work.cases.page(CaseFilter(), ALL, NOON, limit=2)
        rest = work.cases.page(CaseFilter(), ALL, NOON, after=first[-1].id)
        assert [case.id for case in (*first, *rest)] == shown(work)
        with pytest.raises(WrongUse):
            work.cases.page(CaseFilter(), ALL, NOON, after=99)


def test_the_views_show_what_their_names_say(pool: Pool) -> None:
    with pool.begin() as work:
        one, two, three, four = (opened(work) for _ in range(4))
        moved(work, one, CaseEventKind.ASSIGNED, assignee="anna", state=CaseState.OPEN)
        moved(work, two, CaseEventKind.SNOOZED, snoozed_until=NOON + timedelta(days=1))
        moved(work, three, CaseEventKind.SOLVED, state=CaseState.SOLVED, ended=NOON)
        moved(work, four, CaseEventKind.RELIEVED, proposed=CaseState.SOLVED)
        assert shown(work) == [one.id, four.id]
        assert shown(work, CaseView.MINE, login="anna") == [one.id]
        assert shown(work, CaseView.MINE, login="otto") == []
        assert shown(work, CaseView.UNASSIGNED) == [four.id]
        assert shown(work, CaseView.SNOOZED) == [two.id]
        assert shown(work, CaseView.PROPOSED) == [four.id]
        assert shown(work, CaseView.ENDED) == [three.id]
        assert shown(work, CaseView.OVERDUE) == []
        later = NOON + timedelta(hours=9)
        assert shown(work, CaseView.OVERDUE, later) == [one.id, four.id]
        assert [case.id for case in work.cases.overdue(later)] == [one.id, two.id, four.id]
        assert work.cases.woken(later) == []
        assert [case.id for case in work.cases.woken(NOON + timedelta(days=1))] == [two.id]


def test_a_list_can_be_cut_down(pool: Pool) -> None:
    with pool.begin() as work:
        number = work.messages.add([mail("x", uid=77, text="Die Sommerblende klemmt", mailbox="info")])
        one = work.cases.open(replace(CASE, queue="export", priority=Priority.URGENT, tags=("vip",)), number)
        two = opened(work, replace(CASE, category=Category.QUALITY, customer_id="C2", tags=("vip-2",)))
        assert shown(work, queue="export") == [one.id]
        assert shown(work, priority=Priority.NORMAL) == [two.id]
        assert shown(work, category=Category.QUALITY) == [two.id]
        assert shown(work, customer_id="C1") == [one.id]
        assert shown(work, tag="vip") == [one.id]
        assert shown(work, text="sommerblende") == [one.id]
        assert shown(work, text="Sommerbl") == [one.id]
        assert shown(work, text="Winterblende") == []
        assert sorted(work.cases.queues(ALL)) == ["complaints", "export"]
        assert work.cases.pending_of(["C1", "C2", "C3"]) == {"C1": 1, "C2": 1}
        assert [case.id for case in work.cases.of_customer("C2", ALL)] == [two.id]


def test_a_case_of_somebody_elses_mail_is_not_there(pool: Pool) -> None:
    with pool.begin() as work:
        hers = opened(work, mailbox="chef")
        both = opened(work, mailbox="info")
        by_hand = work.cases.open(CASE, ())
        mine = frozenset({"info"})
        assert [case.id for case in work.cases.page(CaseFilter(), mine, NOON)] == [both.id, by_hand.id]
        assert work.cases.count(CaseFilter(), mine, NOON, 99) == 2
        assert [case.id for case in work.cases.of_customer("C1", mine)] == [by_hand.id, both.id]
        with pytest.raises(NotFound):
            work.cases.get(hers.id, mine)
        assert work.cases.get(hers.id, None) == hers


def test_what_was_done_by_hand_can_be_taken_back_step_by_step(pool: Pool) -> None:
    with pool.begin() as work:
        case = opened(work)
        taken = moved(work, case, CaseEventKind.ASSIGNED, assignee="anna", state=CaseState.OPEN)
        solved = moved(work, taken, CaseEventKind.SOLVED, state=CaseState.SOLVED, ended=NOON, remedy="Ersatz")
        assert work.cases.get(case.id, ALL) == solved
        assert work.cases.undo(case.id, ALL) == taken
        assert shown(work) == [case.id]
        assert work.cases.undo(case.id, ALL) == case
        with pytest.raises(WrongUse):
            work.cases.undo(case.id, ALL)
        moved(work, case, CaseEventKind.CUSTOMER_WROTE, staff="", state=CaseState.WAITING_US)
        with pytest.raises(WrongUse):
            work.cases.undo(case.id, ALL)


def test_two_cases_become_one_and_two_again(pool: Pool) -> None:
    with pool.begin() as work:
        whole, part = opened(work), opened(work, mails=2)
        work.cases.merge(part, whole, CaseEvent(whole.id, CaseEventKind.MERGED, NOON, "anna"))
        assert work.cases.messages_of(whole.id) == [1, 2, 3]
        assert shown(work) == [whole.id]
        assert shown(work, CaseView.ENDED) == []
        assert work.cases.get(part.id, None).merged_into == whole.id
        assert work.cases.undo(whole.id, ALL) == whole
        assert work.cases.messages_of(part.id) == [2, 3]
        assert work.cases.get(part.id, ALL) == part


def test_one_case_becomes_two_and_one_again(pool: Pool) -> None:
    with pool.begin() as work:
        case = opened(work, mails=3)
        event = CaseEvent(case.id, CaseEventKind.SPLIT, NOON, "anna")
        for wrong in ([], [1, 2, 3], [9]):
            with pytest.raises(WrongUse):
                work.cases.split(case, wrong, CASE, event)
        new = work.cases.split(case, [3], replace(CASE, subject="Anderes"), event)
        assert work.cases.messages_of(case.id) == [1, 2]
        assert work.cases.messages_of(new.id) == [3]
        assert shown(work) == [case.id, new.id]
        work.cases.undo(case.id, ALL)
        assert work.cases.messages_of(case.id) == [1, 2, 3]
        assert shown(work) == [case.id]


def test_a_mail_stays_with_the_case_it_belongs_to(pool: Pool) -> None:
    with pool.begin() as work:
        one, two = opened(work), opened(work)
        (fresh,) = work.messages.add([mail("n", uid=50)])
        work.cases.attach(two.id, [1, fresh])
        assert work.cases.messages_of(one.id) == [1]
        assert work.cases.messages_of(two.id) == [2, fresh]


def test_whoever_watches_is_known(pool: Pool) -> None:
    with pool.begin() as work:
        case = opened(work)
        for login in ("otto", "anna", "anna"):
            work.cases.watch(case.id, login, on=True)
        assert work.cases.watchers(case.id) == ["anna", "otto"]
        work.cases.watch(case.id, "otto", on=False)
        assert work.cases.watchers(case.id) == ["anna"]


def test_the_newest_case_of_a_thread_is_found_and_what_we_have_written(pool: Pool) -> None:
    with pool.begin() as work:
        first, second = (work.messages.add([mail(name, uid=no, thread="t")]) for no, name in enumerate("ab", 1))
        work.cases.open(CASE, first)
        newest = work.cases.open(CASE, second)
        assert work.cases.of_threads(["t", "u"]) == {"t": newest}
        assert work.cases.written_by_us("t", NOON, 9) == []
        ours = replace(mail("c", uid=3, thread="t", arrived=NOON + timedelta(hours=2)), direction=Direction.OUTGOING)
        (number,) = work.messages.add([ours])
        later = replace(mail("d", uid=4, thread="t", arrived=NOON + timedelta(hours=3)), direction=Direction.OUTGOING)
        (further,) = work.messages.add([later])
        at = NOON + timedelta(hours=2) - timedelta(minutes=1)
        assert work.cases.written_by_us("t", NOON, 9) == [(number, at), (further, at + timedelta(hours=1))]
        assert work.cases.written_by_us("t", NOON, 1) == [(number, at)]
        assert work.cases.written_by_us("u", NOON, 9) == []
        assert work.cases.written_by_us("t", NOON + timedelta(hours=3), 9) == []


def test_a_case_goes_with_the_mail_that_opened_it_and_with_its_customer(pool: Pool) -> None:
    with pool.begin() as work:
        work.customers.upsert([Customer("C1", "Eins"), Customer("C2", "Zwei"), Customer("C3", "Drei")], (), {})
        case = opened(work, mails=2)
        by_hand = work.cases.open(CASE, ())
        work.messages.set_match(2, Match(Action.ATTACH, "C3"))
        assert work.cases.get(case.id, None).customer_id == "C1"
        work.messages.set_match(1, Match(Action.ATTACH, "C2"))
        assert work.cases.get(case.id, None).customer_id == "C2"
        merge = work.merges.merge("C3", "C1", "anna", NOON)
        assert work.cases.get(by_hand.id, None).customer_id == "C3"
        work.merges.undo(merge, "anna", NOON)
        assert work.cases.get(by_hand.id, None).customer_id == "C1"
