"""Watching servers on which something fails, for a while or in one folder: the rest goes on, and all comes back."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from connectors.imap import Account, Arrived, FolderInfo, Gone, HealthChanged, Pace
from connectors.imap.following import Follower
from connectors.imap.outbox import Outbox
from connectors.imap.session import Session
from connectors.imap.shared import Shared
from rules.terms.mail import Cursor, FolderRole, HealthState
from tests.connectors.imap.watching import QUICK, Watching
from tests.servers.imap_double import DROP, Fault, Folder, ImapDouble, Step

RAW = [b"Subject: %d\r\n\r\nbody\r\n" % number for number in range(1, 9)]
Maker = Callable[[int], Account]


def shared(account: Account, pace: Pace) -> Shared:
    return Shared(account, Outbox(), pace, lambda: True, None)


def in_folder(name: bytes, *steps: Step, after: int = 0, times: int = 1_000_000) -> Fault:
    """A fault for one folder, after so many good answers, so many times; b"tag" stands for the tag."""
    asked = [0]

    def fault(tag: bytes, command: bytes) -> list[Step] | None:
        if b'"%s"' % name not in command:
            return None
        asked[0] += 1
        if not after < asked[0] <= after + times:
            return None
        return [step.replace(b"tag", tag) if isinstance(step, bytes) else step for step in steps]

    return fault


def read(seen: Watching, folder: str, count: int) -> None:
    """Wait until so many mails of a folder have been read to their end."""
    seen.wait(Arrived, lambda event: event.fetched.folder == folder and event.fetched.cursor.backfill_uid == count)


def again(seen: Watching, gone: Gone | None) -> None:
    """Wait until eight mails were read after the folder had gone."""
    seen.wait(
        Arrived,
        lambda event: len(event.fetched.mails) == 8 and (gone is None or seen.time_of(event) > seen.time_of(gone)),
    )


class Waits(threading.Event):
    """A stop that comes after five pauses, none of which takes any time."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.seconds.append(timeout or 0)
        if len(self.seconds) == 5:
            self.set()
        return self.is_set()


def pauses(account: Account, pace: Pace, work: Callable[[Session], object]) -> list[float]:
    """How long a connection that does this work stays away after each of five lives."""
    one = shared(account, pace)
    one.stopping = waits = Waits()

    def live(session: Session) -> None:
        one.works("fetching")
        work(session)

    one.working("fetching", live)
    return waits.seconds


def test_without_any_watched_folder_nobody_logs_in_to_listen(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW}) as double:
        account = double_account(double.port)
        account.mailbox = replace(account.mailbox, folders=("Anfragen",))
        with Watching(account, follow=True) as seen:
            seen.wait(HealthChanged, lambda event: "Anfragen" in event.health.error_en)
            time.sleep(0.3)
            assert double.connections == 1
            double.folders["Anfragen"] = Folder(RAW)
            read(seen, "Anfragen", 8)
            double.idlers()
            seen.settled()


def test_work_that_ends_by_itself_is_begun_again_after_a_pause(double_account: Maker) -> None:
    with ImapDouble() as double:
        assert pauses(double_account(double.port), Pace(), lambda _: None) == [1.0] * 5


def test_only_a_connection_that_held_begins_the_waiting_anew(double_account: Maker) -> None:
    def declined(session: Session) -> object:
        return session.run(b"NONSENSE")

    with ImapDouble() as double:
        account = double_account(double.port)
        assert pauses(account, Pace(), declined)[4] >= 8
        assert max(pauses(account, Pace(steady=0), declined)) <= 1


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param([b"tag NO [SERVERBUG] Internal error occurred"], id="broken"),
        pytest.param([b"tag NO Permission denied"], id="forbidden"),
        pytest.param([b"tag NO [NONEXISTENT] no such folder"], id="gone"),
        pytest.param([b"* 3 EXISTS", b"tag OK done"], id="no UIDVALIDITY"),
    ],
)
def test_a_folder_that_cannot_be_opened_stops_no_other(steps: list[Step], double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW, "Alt": RAW, "Zeta": RAW}) as double:
        double.faults["EXAMINE"] = in_folder(b"Alt", *steps)
        with Watching(double_account(double.port)) as seen:
            read(seen, "INBOX", 8)
            read(seen, "Zeta", 8)
            time.sleep(0.4)
            assert seen.health[-1].state is HealthState.RETRYING
            assert "Alt" in seen.health[-1].error_en
            assert double.connections <= 2
            double.faults.clear()
            read(seen, "Alt", 8)
            seen.settled()
            assert not seen.health[-1].error_en


def test_history_that_cannot_be_read_on_stops_no_other(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW, "Alt": RAW, "Zeta": RAW}) as double:
        double.faults["EXAMINE"] = in_folder(b"Alt", b"tag NO Permission denied", after=1)
        account = double_account(double.port)
        account.limits = replace(account.limits, batch_mails=2)
        with Watching(account) as seen:
            read(seen, "Zeta", 8)
            assert seen.cursors["Alt"].backfill_uid < 8
            assert double.connections <= 2
            double.faults.clear()
            read(seen, "Alt", 8)
        assert [mail.placement.uid for mail in seen.mails if mail.placement.folder == "Alt"] == list(range(1, 9))


def test_a_folder_on_which_the_server_hangs_up_stops_no_other(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW, "Alt": RAW, "Zeta": RAW}) as double:
        double.faults["EXAMINE"] = in_folder(b"Alt", DROP)
        with Watching(double_account(double.port)) as seen:
            read(seen, "Zeta", 8)
            assert "Alt" not in seen.cursors
            double.faults.clear()
            read(seen, "Alt", 8)


def test_a_visit_that_was_refused_once_is_made_again(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW, "Kunden": RAW}) as double, Watching(double_account(double.port)) as seen:
        seen.settled()
        double.faults["EXAMINE"] = in_folder(b"Kunden", b"tag NO Server Unavailable. 15", times=1)
        double.folders["Kunden"].add(b"Subject: new\r\n\r\n")
        told = seen.wait(HealthChanged, lambda event: "Unavailable" in event.health.error_en)
        assert "EXAMINE Kunden" in told.health.error_en
        seen.wait(Arrived, lambda event: event.fetched.cursor.last_uid == 9)
        time.sleep(0.1)
        assert seen.health[-1].state is HealthState.WATCHING


def test_an_outage_says_nothing_about_how_often_a_server_may_be_asked(double_account: Maker) -> None:
    with ImapDouble() as double:
        one = shared(double_account(double.port), Pace())
    one.stopping = Waits()
    one.begin_with(FolderInfo("INBOX", FolderRole.INBOX, raw=b"INBOX"))
    follower = Follower(one)
    follower.run()
    assert follower._usual == Pace().noop_near


@pytest.mark.parametrize(("steady", "slower"), [(60.0, 2), (0.0, 1)])
def test_a_goodbye_slows_the_asking_down_until_a_connection_held(
    steady: float, slower: int, double_account: Maker
) -> None:
    goodbyes: Iterator[list[Step]] = iter([[b"* BYE not so fast", DROP]])
    with ImapDouble({"INBOX": RAW}) as double:
        double.faults["NOOP"] = lambda *_: next(goodbyes, None)
        one = shared(double_account(double.port), replace(QUICK, steady=steady))
        follower = Follower(one)
        thread = threading.Thread(target=follower.run, daemon=True)
        thread.start()
        one.begin_with(one.account.folders()[0])
        until = time.monotonic() + 5
        while double.commands.count("NOOP") < 3:
            assert time.monotonic() < until, double.commands
            time.sleep(0.02)
        one.stop()
        thread.join(5)
        assert follower._usual == slower * one.pace.noop_near


def test_however_often_a_server_says_goodbye_the_rhythm_has_a_limit(double_account: Maker) -> None:
    follower = Follower(shared(double_account(1), Pace()))
    follower._breaks = 5000
    assert follower._usual == Pace().noop_slowest


def test_a_listing_that_leaves_out_a_folder_once_deletes_nothing(double_account: Maker) -> None:
    pace = replace(QUICK, list_folders=0.1)
    with ImapDouble({"INBOX": RAW, "Kunden": RAW}) as double:
        with Watching(double_account(double.port), live=lambda *_: set(range(1, 9)), pace=pace) as seen:
            seen.settled()
            double.listing = [b'* LIST () "/" INBOX', b"* LIST broken ("]
            time.sleep(0.7)
            double.listing = None
            double.folders["Kunden"].add(b"Subject: new\r\n\r\n")
            seen.wait(Arrived, lambda event: event.fetched.cursor.last_uid == 9)
        assert not [event for event in seen.events if isinstance(event, Gone)]
        assert len(seen.mails) == 17


@pytest.mark.parametrize("restarted", [False, True])
def test_a_folder_that_comes_back_is_read_again(restarted: bool, double_account: Maker) -> None:
    """The pool holds its mails as gone, and revives those that it reads again."""
    pace = replace(QUICK, list_folders=0.1, folder_gone=0.2)
    pool = set(range(1, 9))
    cursors: dict[str, Cursor] = {}
    with ImapDouble({"INBOX": RAW, "Kunden": RAW}) as double:
        account = double_account(double.port)
        with Watching(account, cursors=cursors, live=lambda *_: pool, pace=pace) as seen:
            seen.settled()
            double.listing = [b'* LIST () "/" INBOX']
            gone = seen.wait(Gone)
            assert (gone.folder, tuple(gone.uids)) == ("Kunden", tuple(pool))
            pool.clear()
            if not restarted:
                double.listing = None
                again(seen, gone)
        if restarted:
            double.listing = None
            with Watching(account, cursors=cursors, live=lambda *_: pool, pace=pace) as seen:
                again(seen, None)
        cursor = cursors["Kunden"]
        assert (cursor.last_uid, cursor.history_uid, cursor.backfill_uid) == (8, 8, 8)
