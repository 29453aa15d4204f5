"""Mail in which a customer had the last word, and nobody has answered."""

from dataclasses import replace
from datetime import timedelta

import pytest

from rules.terms.case import Case
from rules.terms.customer import Customer, PartyKind
from rules.terms.finding import Action, Match
from rules.terms.mail import Direction, MailKind
from storage.pool import Pool, Work
from tests.storage.making import NOON, mail

SINCE, UNTIL = NOON - timedelta(days=30), NOON
OURS = {"direction": Direction.OUTGOING}


def put(work: Work, name: str, uid: int, *, days: float, customer: str = "C1", thread: str = "", **more: object) -> int:
    """A mail that came so many days ago."""
    kind = more.pop("kind", MailKind.PERSON)
    match = Match(Action.ATTACH, customer) if customer else Match(Action.UNKNOWN)
    made = mail(name, uid=uid, thread=thread or name, match=match, arrived=NOON - timedelta(days=days), mailbox="info")
    made = replace(made, reading=replace(made.reading, kind=kind), **more)  # type: ignore[arg-type]
    (number,) = work.messages.add([made])
    return number


def found(work: Work, mailboxes: frozenset[str] | None = None, limit: int = 10) -> list[int]:
    return [number for number, _ in work.unanswered.page(mailboxes, SINCE, UNTIL, limit)]


@pytest.fixture
def work(pool: Pool):  # type: ignore[no-untyped-def]
    with pool.begin() as opened:
        supplier = Customer("C2", "Lieferant", party=frozenset({PartyKind.SUPPLIER}))
        both = Customer("C3", "Beides", party=frozenset({PartyKind.SUPPLIER, PartyKind.CUSTOMER}))
        opened.customers.upsert([Customer("C1", "Muster"), supplier, both], (), {})
        yield opened


def test_the_longest_waiting_comes_first_and_only_who_is_a_customer(work: Work) -> None:
    young, old = put(work, "a", 1, days=1), put(work, "b", 2, days=3, customer="C3")
    put(work, "c", 3, days=2, customer="C2")
    put(work, "d", 4, days=2, customer="")
    put(work, "e", 5, days=2, kind=MailKind.NEWSLETTER)
    put(work, "f", 6, days=31)
    put(work, "g", 7, days=-1)
    assert found(work) == [old, young]
    assert found(work, limit=1) == [old]
    assert found(work, frozenset({"chef"})) == []
    assert found(work, frozenset({"info"})) == [old, young]


def test_the_last_word_of_a_thread_decides(work: Work) -> None:
    put(work, "a", 1, days=5, thread="t")
    put(work, "b", 2, days=4, thread="t", **OURS)
    assert found(work) == []
    again = put(work, "c", 3, days=3, thread="t")
    assert found(work) == [again]
    put(work, "d", 4, days=2, thread="t", kind=MailKind.OUT_OF_OFFICE, **OURS)
    assert found(work) == [again]  # what comes by itself answers nobody
    last = put(work, "e", 5, days=1, thread="t")
    assert found(work) == [last]


def test_cases_are_followed_elsewhere_and_staff_can_waive(work: Work) -> None:
    one, two = put(work, "a", 1, days=2), put(work, "b", 2, days=1)
    work.cases.open(Case("inbox", "x", "", NOON, 8), [one])
    assert found(work) == [two]
    work.unanswered.waive(two, "anna", NOON)
    work.unanswered.waive(two, "otto", NOON)
    assert (found(work), work.unanswered.is_waived(two)) == ([], True)
    work.unanswered.unwaive(two)
    assert (found(work), work.unanswered.is_waived(two)) == ([two], False)
