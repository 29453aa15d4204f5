"""What could not be read waits, is tried again, and is let go."""

from datetime import timedelta

from rules.terms.mail import Placement
from rules.terms.pooled import Quarantined
from storage.pool import Pool
from tests.storage.making import NOON

PLACE = Placement("info", "INBOX", 7, 5, frozenset({"\\Flagged"}))
LATER = NOON + timedelta(hours=1)


def test_an_entry_comes_back(pool: Pool) -> None:
    with pool.begin() as work:
        id = work.quarantine.add("ab" * 32, PLACE, "larger than 100 MB", NOON, LATER)
        expected = Quarantined(id, "ab" * 32, PLACE, "larger than 100 MB", NOON, LATER, 1)
        assert work.quarantine.get(id) == expected
        assert work.quarantine.all() == [expected]
        assert work.quarantine.get(id + 1) is None


def test_the_same_place_again_is_the_same_entry(pool: Pool) -> None:
    by_file = Placement("akten", "")
    with pool.begin() as work:
        quarantine = work.quarantine
        id = quarantine.add("ab" * 32, PLACE, "first", NOON, NOON)
        assert quarantine.add("ab" * 32, PLACE, "second", NOON, LATER) == id
        quarantine.failed(id, "third")
        found = quarantine.get(id)
        assert found is not None
        assert (found.tries, found.reason, found.since) == (3, "third", NOON)
        one = quarantine.add("ab" * 32, by_file, "x", NOON, NOON)
        assert quarantine.add("cd" * 32, by_file, "x", NOON, NOON) != one
        assert quarantine.add("ab" * 32, by_file, "x", NOON, NOON) == one


def test_only_ones_own_mailboxes_are_listed(pool: Pool) -> None:
    with pool.begin() as work:
        quarantine = work.quarantine
        first = quarantine.add("ab" * 32, PLACE, "x", NOON, NOON)
        second = quarantine.add("cd" * 32, Placement("chef", "INBOX", 1, 1), "x", NOON, LATER)
        assert [one.id for one in quarantine.all()] == [second, first]
        assert [one.id for one in quarantine.all(limit=1)] == [second]
        assert [one.id for one in quarantine.all(frozenset({"info"}))] == [first]
        assert quarantine.all(frozenset()) == []
        assert (quarantine.count(), quarantine.count(frozenset({"chef"})), quarantine.count(frozenset())) == (2, 1, 0)
        quarantine.resolve(first)
        assert [one.id for one in quarantine.all()] == [second]
