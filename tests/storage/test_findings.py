"""Findings: kept with their mail, moved with its match, listed to those who may read it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete

from rules.terms.complaint import Assessment, Category, Finding, FindingState, Relief, Ruling
from rules.terms.customer import Customer, PartyKind
from rules.terms.errors import WrongUse
from rules.terms.finding import Action, Evidence, Match
from rules.terms.interaction import Channel, Interaction
from rules.terms.mail import MailKind
from storage.pool import Pool, Work
from storage.schema import messages
from tests.storage.making import NOON, mail

INFO = frozenset({"info"})
BOTH = frozenset({"info", "chef"})
LATE = Assessment(
    flag=True,
    probability=0.93,
    severity=2,
    category=Category.DELIVERY,
    evidence=(Evidence("complaint.broken_promise", "seit drei Wochen", 2.1),),
    language="de",
)
DOUBT = Assessment(doubtful=True, probability=0.4, severity=1, category=Category.OTHER)
THANKS = Assessment(relieved=True, probability=0.02)
OF_C1 = Match(Action.ATTACH, "C1", confidence=1.0, candidates=("C1",))


def finding(message: int, assessment: Assessment = LATE, customer_id: str | None = "C1") -> Finding:
    return Finding(message, NOON + timedelta(minutes=message), assessment, customer_id)


def filled(work: Work, *found: Finding, mailbox: str = "info") -> None:
    """So many mails, and what was found in them."""
    mails = [mail(f"{mailbox}-{one.message}", uid=one.message, mailbox=mailbox, match=OF_C1) for one in found]
    assert work.messages.add(mails) == [one.message for one in found]
    work.findings.put(found)


@pytest.mark.parametrize(
    "kept",
    [
        finding(1),
        finding(1, DOUBT, None),
        finding(1, THANKS),
        replace(finding(1), history=True),
        replace(finding(1), ruling=Ruling(True, "anna", NOON, 3, Category.LEGAL)),
        replace(finding(1, Assessment()), ruling=Ruling(False, "anna", NOON)),
        replace(finding(1), solved_by="otto", solved_at=NOON),
    ],
)
def test_a_finding_comes_back_as_it_was_kept(pool: Pool, kept: Finding) -> None:
    with pool.begin() as work:
        filled(work, kept)
        assert work.findings.kept([1, 2]) == {1: kept}
        assert work.findings.of_messages([1, 2]) == {1: kept}
        assert work.findings.page(kept.state, INFO) == [kept]


def test_what_is_not_worth_it_is_not_kept(pool: Pool) -> None:
    nothing = (finding(1, Assessment(probability=0.1)), replace(finding(2, DOUBT), history=True))
    with pool.begin() as work:
        filled(work, *nothing, replace(finding(3, THANKS), history=True))
        assert work.findings.of_messages([1, 2, 3]) == {}
        work.findings.put([finding(1)])
        work.findings.put([finding(1, Assessment())])
        assert work.findings.kept([1]) == {}


@pytest.mark.parametrize(
    ("changed", "state", "severity", "category"),
    [
        (finding(1), FindingState.OPEN, 2, Category.DELIVERY),
        (replace(finding(1), history=True), FindingState.HISTORY, 2, Category.DELIVERY),
        (finding(1, DOUBT), FindingState.DOUBTFUL, 1, Category.OTHER),
        (finding(1, THANKS), FindingState.RELIEF, 0, Category.NONE),
        (replace(finding(1), ruling=Ruling(False, "anna", NOON)), FindingState.DISMISSED, 0, Category.NONE),
        (replace(finding(1), ruling=Ruling(True, "anna", NOON)), FindingState.CONFIRMED, 2, Category.DELIVERY),
        (
            replace(finding(1, Assessment()), ruling=Ruling(True, "anna", NOON)),
            FindingState.CONFIRMED,
            1,
            Category.OTHER,
        ),
        (
            replace(finding(1), history=True, ruling=Ruling(True, "anna", NOON, 3, Category.LEGAL)),
            FindingState.CONFIRMED,
            3,
            Category.LEGAL,
        ),
        (replace(finding(1), solved_by="anna", solved_at=NOON), FindingState.SOLVED, 2, Category.DELIVERY),
    ],
)
def test_staffs_word_counts_before_the_machines(
    changed: Finding, state: FindingState, severity: int, category: Category
) -> None:
    assert (changed.state, changed.severity, changed.category) == (state, severity, category)


def test_lists_are_newest_first_by_state_and_severity_and_go_on(pool: Pool) -> None:
    mild = replace(LATE, severity=1)
    with pool.begin() as work:
        filled(work, *(finding(no, mild if no % 2 else LATE) for no in range(1, 8)), finding(8, DOUBT))
        newest = [one.message for one in work.findings.page(FindingState.OPEN, INFO, limit=3)]
        older = [one.message for one in work.findings.page(FindingState.OPEN, INFO, before=5)]
        assert (newest, older) == ([7, 6, 5], [4, 3, 2, 1])
        assert [one.message for one in work.findings.page(FindingState.OPEN, None, severity=2)] == [6, 4, 2]
        assert [one.message for one in work.findings.page(FindingState.DOUBTFUL, INFO)] == [8]
        assert work.findings.count(FindingState.OPEN, INFO, 100) == 7
        assert work.findings.count(FindingState.OPEN, INFO, 3) == 3
        with pytest.raises(WrongUse):
            work.findings.page(FindingState.OPEN, INFO, before=99)


def test_only_what_can_be_read_is_listed(pool: Pool) -> None:
    with pool.begin() as work:
        filled(work, finding(1), mailbox="chef")
        assert work.findings.page(FindingState.OPEN, INFO) == []
        assert work.findings.count(FindingState.OPEN, INFO, 9) == 0
        assert work.findings.count(FindingState.OPEN, BOTH, 9) == 1


def test_a_mail_brings_its_own_finding_and_the_customers_open_ones(pool: Pool) -> None:
    with pool.begin() as work:
        filled(work, finding(1), finding(2, DOUBT), finding(3, customer_id="C2"))
        assert [one.finding.message for one in work.findings.beside(2, "C1", INFO)] == [2, 1]
        assert [one.finding.message for one in work.findings.beside(None, "C1", INFO)] == [1]
        assert [one.finding.message for one in work.findings.beside(3, None, INFO)] == [3]
        assert work.findings.beside(None, None, INFO) == []
        (closed,) = work.findings.beside(None, "C2", frozenset({"chef"}))
        assert not closed.readable


def test_a_later_mail_that_tells_of_relief_stands_beside_the_complaint(pool: Pool) -> None:
    with pool.begin() as work:
        filled(work, finding(1, THANKS), finding(2), finding(3, THANKS), finding(4, THANKS, "C2"))
        (standing,) = work.findings.beside(None, "C1", INFO)
        assert standing.relief == Relief(3, NOON + timedelta(minutes=3))
        (closed,) = work.findings.beside(None, "C1", frozenset({"chef"}))
        assert closed.relief is None


def test_a_finding_goes_where_its_mail_goes(pool: Pool) -> None:
    with pool.begin() as work:
        filled(work, finding(1))
        work.messages.set_match(1, Match(Action.ATTACH, "C2", candidates=("C2",)))
        assert work.findings.beside(None, "C1", INFO) == []
        assert [one.finding.message for one in work.findings.beside(None, "C2", INFO)] == [1]
        work.messages.undo_match(1)
        assert [one.finding.message for one in work.findings.beside(None, "C1", INFO)] == [1]


def test_a_merge_keeps_findings_and_gives_them_back(pool: Pool) -> None:
    with pool.begin() as work:
        work.customers.upsert([Customer("C1", "Hansen"), Customer("C2", "Hansen GmbH")], [])
        filled(work, finding(1))
        work.interactions.add([Interaction("C1", Channel.MAIL, NOON, "x", message=1)])
        number = work.merges.merge("C2", "C1", "anna", NOON)
        assert [one.finding.message for one in work.findings.beside(None, "C2", INFO)] == [1]
        work.merges.undo(number, "anna", NOON)
        assert [one.finding.message for one in work.findings.beside(None, "C1", INFO)] == [1]
        assert work.findings.beside(None, "C2", INFO) == []


def test_what_a_mere_supplier_writes_is_shown_once_staff_or_the_record_say_otherwise(pool: Pool) -> None:
    supplier = Customer("C1", "Stahl AG", party=frozenset({PartyKind.SUPPLIER}))
    with pool.begin() as work:
        work.customers.upsert([supplier], [])
        filled(work, finding(1))
        work.interactions.add([Interaction("C1", Channel.MAIL, NOON, "x", message=1)])
        assert work.findings.of_messages([1]) == {}
        assert work.findings.page(FindingState.OPEN, INFO) == []
        assert work.findings.beside(1, "C1", INFO) == []
        assert [entry.complaint for entry in work.interactions.timeline("C1")] == [None]
        work.findings.put([replace(finding(1), ruling=Ruling(True, "anna", NOON))])
        assert [entry.complaint for entry in work.interactions.timeline("C1")] == [FindingState.CONFIRMED]
        work.findings.put([finding(1)])
        work.customers.upsert([replace(supplier, party=frozenset(PartyKind))], [])
        assert list(work.findings.of_messages([1])) == [1]


def test_the_timeline_tells_where_a_complaint_stands(pool: Pool) -> None:
    with pool.begin() as work:
        filled(work, finding(1), finding(2, Assessment()))
        work.interactions.add(Interaction("C1", Channel.MAIL, NOON, "x", message=no) for no in (1, 2))
        work.interactions.add([Interaction("C1", Channel.CALL, NOON, "y")])
        timeline = work.interactions.timeline("C1")
    assert [(entry.message, entry.complaint) for entry in timeline] == [
        (None, None),
        (2, None),
        (1, FindingState.OPEN),
    ]


def test_what_staff_said_is_found_again_for_training(pool: Pool) -> None:
    said = [replace(finding(no), ruling=Ruling(no % 2 == 0, "anna", NOON)) for no in (1, 2)]
    with pool.begin() as work:
        filled(work, *said, finding(3))
        assert work.findings.ruled(INFO, 0, 9) == said
        assert work.findings.ruled(INFO, 1, 9) == said[1:]
        assert work.findings.ruled(frozenset({"chef"}), 0, 9) == []


def test_mail_that_staff_spoke_about_is_not_asked_again(pool: Pool) -> None:
    people = (MailKind.PERSON,)
    with pool.begin() as work:
        filled(work, finding(1), replace(finding(2), ruling=Ruling(True, "anna", NOON)), finding(3, Assessment()))
        assert work.findings.askable(2**63 - 1, people, 9) == [3, 1]
        assert work.findings.askable(3, people, 9) == [1]
        assert work.findings.askable(9, people, 1) == [3]
        assert work.findings.askable(9, (MailKind.NEWSLETTER,), 9) == []


def test_a_finding_ends_with_its_mail(pool: Pool) -> None:
    with pool._writing_alone() as connection:
        work = Work(connection, pool._fulltext, pool._shapes)
        filled(work, finding(1))
        connection.execute(delete(messages).where(messages.c.no == 1))
        assert work.findings.kept([1]) == {}
