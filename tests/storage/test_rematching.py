"""What is known of customers changes, and the mails that nobody could file come up again, newest first."""

from datetime import timedelta

from rules.terms.customer import Contact, Customer, IdentifierKind, Known, Reference
from rules.terms.finding import Action, Match
from rules.terms.mail import Address
from storage.pool import Pool, Work
from storage.rematching import Scope
from tests.storage.making import NOON, mail

FILED = Match(Action.ATTACH, "C1", None, 0.99, candidates=("C1",))
REVIEW = Match(Action.REVIEW, candidates=("C1", "C2"))
OTTO = Address("otto@example.org", "Otto")


def fill(work: Work) -> None:
    """Mails 1 to 6, the later the newer: unknown ones, one in review, one that is filed; two are Otto's."""
    work.messages.add(
        [
            mail("a", uid=1, arrived=NOON, thread="t1"),
            mail("b", uid=2, arrived=NOON, match=FILED, thread="t1"),
            mail("c", uid=3, arrived=NOON + timedelta(1), match=REVIEW),
            mail("d", uid=4, arrived=NOON + timedelta(2), sender=OTTO, thread="t1"),
            mail("e", uid=5, arrived=NOON + timedelta(2), sender=OTTO, match=REVIEW),
            mail("f", uid=6, arrived=NOON + timedelta(3), sender=OTTO, match=FILED),
        ]
    )


def walked(work: Work, limit: int = 2) -> list[int]:
    """All mails of all walks, in the order in which they come."""
    found: list[int] = []
    while (stretch := work.rematching.next(limit)) is not None:
        assert work.rematching.still(stretch.walk)
        assert len(stretch.numbers) <= limit
        found += stretch.numbers
        work.rematching.advance(stretch)
    return found


def test_nothing_is_walked_before_something_changed(pool: Pool) -> None:
    with pool.begin() as work:
        fill(work)
        assert work.rematching.next(9) is None
        assert work.rematching.left() == 0


def test_open_mails_come_once_newest_first(pool: Pool) -> None:
    with pool.begin() as work:
        fill(work)
        work.rematching.mark_all()
        assert work.rematching.left() == 4
        assert walked(work) == [5, 4, 3, 1]
        assert work.rematching.next(9) is None


def test_every_change_of_what_is_known_marks_them(pool: Pool) -> None:
    with pool.begin() as work:
        fill(work)
        customers = work.customers
        customers.upsert([Customer("C1", "Muster")], [])
        assert walked(work) == [5, 4, 3, 1]
        customers.upsert_contacts([Contact("P1", "C1")], [])
        assert walked(work) == [5, 4, 3, 1]
        customers.upsert_references([Reference("order", "1", "C1")])
        assert walked(work) == [5, 4, 3, 1]
        domain = Known(IdentifierKind.DOMAIN, "example.org", "C1", None, "anna")
        customers.teach(domain)
        assert walked(work) == [5, 4, 3, 1]
        customers.forget(domain)
        assert walked(work) == [5, 4, 3, 1]


def test_the_same_again_marks_nothing(pool: Pool) -> None:
    with pool.begin() as work:
        fill(work)
        for _ in range(2):
            assert work.rematching.next(9) is None
            work.customers.upsert([Customer("C1", "Muster")], [])
            work.customers.upsert_contacts([Contact("P1", "C1")], [])
            work.customers.upsert_references([Reference("order", "1", "C1")])
            walked(work)
        work.customers.upsert([Customer("C1", "Muster")], [])
        work.customers.forget(Known(IdentifierKind.ADDRESS, "nobody@example.org", "C1", None, "anna"))
        assert work.rematching.next(9) is None


def test_a_taught_address_brings_up_that_senders_mails_only(pool: Pool) -> None:
    taught = Known(IdentifierKind.ADDRESS, "otto@example.org", "C1", None, "anna")
    with pool.begin() as work:
        fill(work)
        work.customers.teach(taught)
        assert work.rematching.left() == 2
        assert walked(work) == [5, 4]
        work.customers.forget(taught)
        assert walked(work) == [5, 4]


def test_of_a_thread_the_open_mails_come(pool: Pool) -> None:
    with pool.begin() as work:
        fill(work)
        work.rematching.mark_thread("t1")
        assert walked(work) == [4, 1]
        work.rematching.mark_thread("t9")
        assert work.rematching.next(9) is None


def test_the_narrow_walks_come_before_the_wide_one(pool: Pool) -> None:
    with pool.begin() as work:
        fill(work)
        work.rematching.mark_all()
        work.rematching.mark_sender("otto@example.org")
        stretch = work.rematching.next(9)
        assert stretch is not None
        assert stretch.walk.scope is Scope.SENDER


def test_a_new_cause_begins_the_walk_again(pool: Pool) -> None:
    with pool.begin() as work:
        fill(work)
        work.rematching.mark_all()
        first = work.rematching.next(3)
        assert first is not None
        work.rematching.advance(first)
        second = work.rematching.next(3)
        assert second is not None
        assert second.numbers == (1,)
    with pool.begin() as work:
        work.rematching.mark_all()
    with pool.begin() as work:
        # What was chosen before the new cause counts no more, whoever comes late with it.
        assert not work.rematching.still(second.walk)
        work.rematching.advance(second)
        assert walked(work) == [5, 4, 3, 1]


def test_what_two_have_chosen_only_one_does(pool: Pool) -> None:
    with pool.begin() as work:
        fill(work)
        work.rematching.mark_all()
    with pool.read() as work:
        mine = work.rematching.next(2)
    with pool.begin() as work:
        other = work.rematching.next(2)
        assert mine == other
        assert other is not None
        work.rematching.advance(other)
    with pool.begin() as work:
        assert mine is not None
        assert not work.rematching.still(mine.walk)
