"""Copies come, move, vanish and come back."""

from datetime import timedelta

import pytest

from rules.terms.mail import Placement, Verdict
from storage.pool import Pool, Work
from tests.storage.making import NOON, mail, many

LATER = NOON + timedelta(hours=1)


def placements(work: Work, no: int) -> set[Placement]:
    found = work.messages.get(no)
    assert found is not None
    return set(found.placements)


def test_a_mail_may_lie_in_several_places(pool: Pool) -> None:
    first = mail()
    second = Placement("team", "Archiv", 3, 44, frozenset({"\\Answered"}))
    by_file = Placement("akten", "")
    with pool.begin() as work:
        [no] = work.messages.add([first])
        assert work.messages.place(no, second, Verdict.NONE, LATER)
        assert not work.messages.place(no, second, Verdict.NONE, LATER)
        assert work.messages.place(no, by_file, Verdict.NONE, LATER)
        assert not work.messages.place(no, by_file, Verdict.NONE, LATER)
        assert placements(work, no) == {first.placement, second, by_file}
        assert work.messages.at("team", "Archiv", 3, 44) == no
        assert work.messages.at("team", "Archiv", 4, 44) is None
        assert work.messages.at("nobody", "Archiv", 3, 44) is None
        assert work.messages.live_uids("team", "Archiv", 3) == {44}


def test_two_mails_by_file_lie_in_one_folder(pool: Pool) -> None:
    with pool.begin() as work:
        numbers = work.messages.add([mail("a", uid=None, uidvalidity=None), mail("b", uid=None, uidvalidity=None)])
        assert work.messages.latest(None) == numbers[::-1]


@pytest.mark.parametrize(
    ("first", "second", "counts"),
    [
        (Verdict.PASS, Verdict.FAIL, Verdict.FAIL),
        (Verdict.FAIL, Verdict.PASS, Verdict.FAIL),
        (Verdict.PASS, Verdict.NONE, Verdict.NONE),
        (Verdict.NONE, Verdict.PASS, Verdict.NONE),
        (Verdict.PASS, Verdict.PASS, Verdict.PASS),
        (Verdict.NONE, Verdict.FAIL, Verdict.FAIL),
    ],
)
def test_of_several_verdicts_the_worst_counts(pool: Pool, first: Verdict, second: Verdict, counts: Verdict) -> None:
    with pool.begin() as work:
        [no] = work.messages.add([mail(verdict=first)])
        work.messages.place(no, Placement("team", "INBOX", 1, 1), second, LATER)
        found = work.messages.get(no)
    assert found is not None
    assert found.verdict is counts


def test_what_left_the_server_stays_in_the_pool(pool: Pool) -> None:
    with pool.begin() as work:
        numbers = work.messages.add(many(4))
        assert work.messages.mark_gone("info", "INBOX", 7, {1, 3, 99}, LATER) == 2
        assert work.messages.mark_gone("info", "INBOX", 7, {1, 3}, LATER) == 0
        assert work.messages.mark_gone("info", "nowhere", 7, {1}, LATER) == 0
        assert work.messages.live_uids("info", "INBOX", 7) == {2, 4}
        assert work.messages.at("info", "INBOX", 7, 1) == numbers[0]
        assert work.messages.count() == 4


def test_what_came_back_is_live_again(pool: Pool) -> None:
    with pool.begin() as work:
        [no] = work.messages.add([mail()])
        work.messages.mark_gone("info", "INBOX", 7, {1}, LATER)
        assert not work.messages.place(no, mail().placement, Verdict.NONE, LATER)
        assert work.messages.live_uids("info", "INBOX", 7) == {1}


def test_a_new_uidvalidity_ends_the_old_places(pool: Pool) -> None:
    with pool.begin() as work:
        numbers = work.messages.add(many(3))
        work.messages.place(numbers[0], Placement("info", "INBOX", 8, 1), Verdict.NONE, LATER)
        work.quarantine.add("ab" * 32, Placement("info", "INBOX", 7, 50), "too large", NOON, NOON)
        assert work.messages.mark_folder_gone("info", "INBOX", LATER, keep_uidvalidity=8) == 4
        assert work.messages.live_uids("info", "INBOX", 7) == set()
        assert work.messages.live_uids("info", "INBOX", 8) == {1}
        assert work.messages.mark_folder_gone("info", "INBOX", LATER) == 1
        assert work.messages.mark_folder_gone("info", "never seen", LATER) == 0
        assert work.quarantine.count() == 1


def test_a_uid_given_twice_loses_no_mail(pool: Pool) -> None:
    with pool.begin() as work:
        first, second = work.messages.add([mail("a", uid=1), mail("b", uid=2)])
        assert work.messages.place(second, Placement("info", "INBOX", 7, 1), Verdict.NONE, LATER)
        assert work.messages.at("info", "INBOX", 7, 1) == second
        assert len(placements(work, first)) == 1
        assert work.messages.live_uids("info", "INBOX", 7) == {1, 2}


def test_flags_change_but_nobody_learns_who_has_read(pool: Pool) -> None:
    with pool.begin() as work:
        numbers = work.messages.add(many(3))
        flags = {1: frozenset({"\\Seen", "\\Answered"}), 2: frozenset({"\\SEEN"}), 77: frozenset({"x"})}
        assert work.messages.set_flags("info", "INBOX", 7, flags) == 1
        assert work.messages.set_flags("info", "INBOX", 7, flags) == 0
        assert work.messages.set_flags("info", "other", 7, flags) == 0
        assert [one.flags for one in placements(work, numbers[0])] == [frozenset({"\\Answered"})]
        assert [one.flags for one in placements(work, numbers[1])] == [frozenset()]
        assert work.messages.set_flags("info", "INBOX", 7, {1: frozenset()}) == 1
        assert [one.flags for one in placements(work, numbers[0])] == [frozenset()]


def test_live_uids_count_what_waits_in_quarantine(pool: Pool) -> None:
    with pool.begin() as work:
        work.messages.add([mail()])
        kept = work.quarantine.add("ab" * 32, Placement("info", "INBOX", 7, 5), "too large", NOON, NOON)
        assert work.messages.live_uids("info", "INBOX", 7) == {1, 5}
        assert work.messages.mark_gone("info", "INBOX", 7, {5}, LATER) == 1
        assert work.messages.live_uids("info", "INBOX", 7) == {1}
        work.quarantine.resolve(kept)
        assert work.messages.live_uids("info", "INBOX", 7) == {1}
