"""People open mails one by one; machines mark them in heaps."""

from connectors.imap.answers import Mail
from connectors.imap.openings import Bursts, Unread

SEEN = frozenset({"\\Seen"})
UNSEEN: frozenset[str] = frozenset()


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_single_opening_is_admitted_at_once() -> None:
    assert Bursts().admits(1)


def test_more_than_three_at_once_are_a_burst_and_so_is_what_follows_until_it_is_quiet() -> None:
    clock = Clock()
    bursts = Bursts(clock)
    assert not bursts.admits(4)
    for _ in range(5):
        clock.now += 0.9
        assert not bursts.admits(1)
    clock.now += 1.1
    assert bursts.admits(1)


def test_three_a_second_are_people_and_the_fourth_is_a_burst() -> None:
    clock = Clock()
    bursts = Bursts(clock)
    verdicts = []
    for _ in range(5):
        verdicts.append(bursts.admits(1))
        clock.now += 0.2
    assert verdicts == [True, True, True, False, False]


def test_somebody_who_reads_every_half_second_is_always_admitted() -> None:
    clock = Clock()
    bursts = Bursts(clock)
    for _ in range(20):
        clock.now += 0.5
        assert bursts.admits(1)


def test_only_a_mail_that_was_unread_is_opened_and_only_once() -> None:
    unread = Unread()
    unread.learn("INBOX", 7, [1, 2])
    news = [Mail(1, uid=1, flags=SEEN, modseq=5), Mail(3, uid=3, flags=SEEN), Mail(2, uid=2, flags=UNSEEN)]
    assert unread.opened("INBOX", 7, news) == [1]
    assert unread.opened("INBOX", 7, news) == []
    assert unread.only_read("INBOX", news[0])
    assert not unread.only_read("INBOX", Mail(1, uid=1, flags=SEEN, modseq=6))


def test_a_mail_marked_unread_can_be_opened_again() -> None:
    unread = Unread()
    unread.learn("INBOX", 7, [])
    assert unread.opened("INBOX", 7, [Mail(1, uid=1, flags=UNSEEN)]) == []
    assert unread.opened("INBOX", 7, [Mail(1, uid=1, flags=SEEN)]) == [1]


def test_another_numbering_says_nothing_about_this_one() -> None:
    unread = Unread()
    unread.learn("INBOX", 7, [1])
    assert unread.opened("INBOX", 8, [Mail(1, uid=1, flags=SEEN)]) == []
    unread.add("INBOX", 8, [2])
    assert unread.opened("INBOX", 7, [Mail(2, uid=2, flags=SEEN)]) == []
    unread.forget("INBOX", [1])
    assert unread.opened("INBOX", 7, [Mail(1, uid=1, flags=SEEN)]) == []
