"""Watching a real Dovecot: mail that comes, goes and changes, openings, and connections that break."""

import gc
import statistics
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.imap import Account, Arrived, FlagsChanged, Gone, HealthChanged, Limits, Opened, Pace, Watch
from rules.terms.mail import Cursor, HealthState
from tests.connectors.imap.conftest import mailbox_on
from tests.connectors.imap.watching import QUICK, Watching
from tests.servers.dovecot import Client, Dovecot, missing

pytestmark = pytest.mark.dovecot


def mail(number: int) -> bytes:
    return b"From: a@example.org\r\nSubject: %d\r\n\r\nHallo\r\n" % number


def uids(seen: Watching, folder: str = "INBOX") -> list[int]:
    return [one.placement.uid or 0 for one in seen.mails if one.placement.folder == folder]


@pytest.fixture
def reader(dovecot: Dovecot, user: str) -> Iterator[Client]:
    """Somebody's mail program."""
    dovecot.fill(user, "INBOX", [mail(number) for number in range(30)])
    with dovecot.client(user) as client:
        client.select("INBOX")
        yield client


def test_history_is_read_and_new_mail_arrives(dovecot: Dovecot, user: str, account: Account) -> None:
    dovecot.fill(user, "INBOX", [mail(1), mail(2)])
    dovecot.fill(user, "Gesendet", [mail(3)])
    dovecot.fill(user, "Junk", [mail(4)])
    with Watching(account) as seen:
        seen.settled()
        assert uids(seen) == [1, 2]
        assert uids(seen, "Gesendet") == [1]
        assert not uids(seen, "Junk")
        dovecot.deliver(user, mail(5))
        new = seen.wait(Arrived, lambda event: event.fetched.cursor.last_uid == 3)
        assert new.fetched.cursor.history_uid == 2
        dovecot.fill(user, "Gesendet", [mail(6)])
        seen.wait(Arrived, lambda event: event.fetched.folder == "Gesendet" and event.fetched.cursor.last_uid == 2)
    assert seen.health[0].state is HealthState.STARTING
    assert seen.health[-1].state is HealthState.STOPPED
    assert {health.announces for health in seen.health} == {"", "idle+noop"}
    assert seen.health[-1].last_news is not None


def test_new_mail_overtakes_a_long_history(dovecot: Dovecot, user: str, account: Account) -> None:
    dovecot.fill(user, "INBOX", [mail(number) for number in range(200)])
    slow = Account(account.mailbox, dovecot.password, Limits(batch_mails=2))
    stop = threading.Event()
    order = []
    for event in Watch(slow, lambda _: None, lambda: False, stop, pace=QUICK).events():
        if isinstance(event, Arrived):
            order += [one.placement.uid for one in event.fetched.mails]
            if order == [1, 2]:
                dovecot.append(user, "INBOX", mail(99))
            time.sleep(0.02)
            if len(order) == 201:
                stop.set()
    assert set(order) == set(range(1, 202))
    assert order.index(201) < 150


def test_a_restart_goes_on_where_the_pool_stands(dovecot: Dovecot, user: str, account: Account, reader: Client) -> None:
    cursors: dict[str, Cursor] = {}
    with Watching(account, cursors=cursors) as seen:
        seen.settled()
    dovecot.append(user, "INBOX", mail(50))
    reader.uid("STORE", "3", "+FLAGS", "(\\Flagged)")
    reader.uid("STORE", "4", "+FLAGS", "(\\Deleted)")
    reader.expunge()
    with Watching(account, cursors=cursors) as seen:
        seen.wait(Arrived, lambda event: event.fetched.cursor.last_uid == 31)
        assert seen.wait(FlagsChanged).flags == {3: frozenset({"\\Flagged"})}
        assert tuple(seen.wait(Gone).uids) == (4,)
        seen.settled()
        assert uids(seen) == [31]


def test_moves_and_deletions_are_noticed(dovecot: Dovecot, user: str, account: Account, reader: Client) -> None:
    dovecot.fill(user, "Archiv", [])
    with Watching(account) as seen:
        seen.settled()
        reader.uid("MOVE", "7", "Archiv")
        seen.wait(Gone, lambda event: tuple(event.uids) == (7,) and event.folder == "INBOX")
        seen.wait(Arrived, lambda event: event.fetched.folder == "Archiv" and bool(event.fetched.mails))
        reader.uid("STORE", "9:11", "+FLAGS", "(\\Deleted)")
        reader.expunge()
        seen.wait(Gone, lambda event: 11 in event.uids)
        assert {uid for event in seen.events if isinstance(event, Gone) for uid in event.uids} == {7, 9, 10, 11}


def test_flags_are_told_but_not_who_has_read_what(account: Account, reader: Client) -> None:
    with Watching(account, follow=True) as seen:
        seen.settled()
        reader.open_mail(5)
        seen.wait(Opened)
        reader.uid("STORE", "6", "+FLAGS", "(\\Answered $Kunde)")
        assert seen.wait(FlagsChanged).flags == {6: frozenset({"\\Answered", "$Kunde"})}
        reader.uid("STORE", "6", "-FLAGS", "($Kunde)")
        seen.wait(FlagsChanged, lambda event: event.flags == {6: frozenset({"\\Answered"})})
        assert {uid for event in seen.events if isinstance(event, FlagsChanged) for uid in event.flags} == {6}
        assert not any("\\Seen" in one.placement.flags for one in seen.mails)


def test_a_renumbered_folder_is_read_again(dovecot: Dovecot, user: str, account: Account) -> None:
    dovecot.fill(user, "Projekt", [mail(1), mail(2)])
    with Watching(account) as seen:
        seen.settled()
        with dovecot.client(user) as client:
            client.delete("Projekt")
            client.create("Projekt")
            client.append("Projekt", "", "", mail(3))
        seen.wait(Arrived, lambda event: event.fetched.reset and event.fetched.folder == "Projekt")
        seen.wait(Arrived, lambda event: any(b"Subject: 3" in one.raw for one in event.fetched.mails))


def test_openings_are_told_in_time_and_only_once(account: Account, reader: Client) -> None:
    with Watching(account, follow=True) as seen:
        seen.settled()
        delays = []
        for number in range(1, 9):
            time.sleep(0.42)
            began = time.monotonic()
            reader.open_mail(number)
            opened = seen.wait(Opened, lambda event, number=number: event.uid == number, 2)  # type: ignore[misc]
            delays.append(seen.time_of(opened) - began)
        time.sleep(0.7)
        assert [one.uid for one in seen.openings] == list(range(1, 9))
        assert {(one.mailbox, one.folder) for one in seen.openings} == {(account.mailbox.name, "INBOX")}
    assert statistics.median(delays) < 0.15
    assert max(delays) < 0.3


def test_without_followers_two_connections_do_and_idle_tells(account: Account, reader: Client) -> None:
    with Watching(account, pace=Pace()) as seen:
        seen.settled()
        began = time.monotonic()
        reader.open_mail(5)
        opened = seen.wait(Opened)
        assert seen.time_of(opened) - began < 1
        assert account.slots._places == 1


@pytest.mark.parametrize(("own_server", "announces"), [(True, "idle+noop"), (False, "idle")])
def test_health_does_not_tell_whether_somebody_follows(
    dovecot: Dovecot, account: Account, own_server: bool, announces: str
) -> None:
    """It is stored and shown, and staff are not watched."""
    mailbox = replace(account.mailbox, own_server=own_server)
    told = []
    for follow in (False, True):
        with Watching(Account(mailbox, dovecot.password), follow=follow) as seen:
            seen.settled()
            time.sleep(0.3)
        told.append({health.announces for health in seen.health})
    assert told == [{"", announces}, {"", announces}]


def test_reading_the_mail_again_or_by_us_is_no_opening(account: Account, reader: Client) -> None:
    reader.open_mail(1)
    with Watching(account, follow=True) as seen:
        seen.settled()
        reader.open_mail(1)
        reader.uid("FETCH", "2", "(BODY.PEEK[])")
        list(account.fetch_uids("INBOX", [3]))
        reader.open_mail(4)
        seen.wait(Opened)
        assert [one.uid for one in seen.openings] == [4]
        # Marked unread and opened again: that is one.
        reader.uid("STORE", "4", "-FLAGS", "(\\Seen)")
        time.sleep(0.7)
        reader.open_mail(4)
        time.sleep(0.3)
        assert [one.uid for one in seen.openings] == [4, 4]


@pytest.mark.parametrize("follow", [True, False])
def test_marking_300_as_read_at_once_tells_nothing(dovecot: Dovecot, user: str, account: Account, follow: bool) -> None:
    dovecot.fill(user, "INBOX", [mail(number) for number in range(310)])
    with dovecot.client(user) as client, Watching(account, follow=follow) as seen:
        seen.settled()
        client.select("INBOX")
        client.uid("STORE", "1:300", "+FLAGS", "(\\Seen)")
        time.sleep(1.2)
        assert not seen.openings
        time.sleep(1)
        client.open_mail(305)
        assert seen.wait(Opened).uid == 305


def test_an_opening_elsewhere_moves_the_third_connection_there(dovecot: Dovecot, user: str, account: Account) -> None:
    dovecot.fill(user, "INBOX", [mail(1)])
    dovecot.fill(user, "Projekt", [mail(2), mail(3)])
    with dovecot.client(user) as client, Watching(account, follow=True) as seen:
        seen.settled()
        client.select("Projekt")
        client.open_mail(1)
        seen.wait(Opened, lambda event: event.folder == "Projekt")
        time.sleep(0.6)
        began = time.monotonic()
        client.open_mail(2)
        second = seen.wait(Opened, lambda event: event.uid == 2)
        assert seen.time_of(second) - began < 0.3


def test_kicked_connections_come_back(dovecot: Dovecot, user: str, account: Account) -> None:
    dovecot.fill(user, "INBOX", [mail(1)])
    with Watching(account, follow=True) as seen:
        seen.settled()
        dovecot.kick(user)
        broken = seen.wait(HealthChanged, lambda event: event.health.state is HealthState.RETRYING)
        assert "BYE" in broken.health.error_en
        assert "Verbindung beendet" in broken.health.error_de
        dovecot.deliver(user, mail(2))
        seen.wait(Arrived, lambda event: event.fetched.cursor.last_uid == 2)
        time.sleep(0.5)
        assert seen.health[-1].state is HealthState.WATCHING
        assert not seen.health[-1].error_en


def test_a_server_that_was_away_is_found_again(tmp_path: Path) -> None:
    if reason := missing():
        pytest.skip(reason)
    with Dovecot(tmp_path) as server:
        server.append("info", "INBOX", mail(1))
        with Watching(Account(mailbox_on(server, "info"), server.password)) as seen:
            seen.settled()
            server.stop()
            seen.wait(HealthChanged, lambda event: "does not answer" in event.health.error_en)
            server.start()
            server.append("info", "INBOX", mail(2))
            seen.wait(Arrived, lambda event: event.fetched.cursor.last_uid == 2)


def test_a_wrong_password_is_shouted_and_tried_slowly(dovecot: Dovecot, user: str) -> None:
    pace = Pace(refused_first=0.4, refused_last=0.4)
    with Watching(Account(mailbox_on(dovecot, user), "falsch"), pace=pace) as seen:
        event = seen.wait(HealthChanged, lambda event: event.health.state is HealthState.LOGIN_REFUSED)
        assert "refused the login" in event.health.error_en
        assert "abgelehnt" in event.health.error_de
        time.sleep(1)
        tries = dovecot.log.count(f"user=<{user}>")
        assert tries <= 5
    assert not seen.mails


def test_a_missing_folder_is_told_while_the_others_are_watched(dovecot: Dovecot, user: str) -> None:
    dovecot.append(user, "INBOX", mail(1))
    mailbox = replace(mailbox_on(dovecot, user), folders=("INBOX", "Büro"))
    with Watching(Account(mailbox, dovecot.password)) as seen:
        seen.wait(HealthChanged, lambda event: "Büro" in event.health.error_en)
        seen.wait(Arrived, lambda event: bool(event.fetched.mails))
        dovecot.append(user, "B&APw-ro", mail(2))
        seen.wait(Arrived, lambda event: event.fetched.folder == "Büro" and bool(event.fetched.mails))
        seen.settled()


def test_flags_folders_and_mails_stay_as_they_were(dovecot: Dovecot, user: str, account: Account) -> None:
    dovecot.fill(user, "INBOX", [mail(1), mail(2)])
    dovecot.fill(user, "Gesendet", [mail(3)], ["\\Seen"])

    def state() -> str:
        fetched = [
            dovecot.doveadm("fetch", "-u", user, "uid flags hdr.subject", "mailbox", name)
            for name in ("INBOX", "Gesendet")
        ]
        return "".join(fetched) + dovecot.doveadm("mailbox", "list", "-u", user)

    before = state()
    with Watching(account, follow=True) as seen:
        seen.settled()
        time.sleep(0.5)
        assert len(seen.mails) == 3
    assert state() == before


def test_leaving_the_loop_ends_every_thread_and_connection(
    dovecot: Dovecot, user: str, account: Account, reader: Client
) -> None:
    threads = threading.active_count()
    watch = Watch(account, lambda _: None, lambda: True, threading.Event(), pace=QUICK)
    events = watch.events()
    for event in events:
        if isinstance(event, Arrived) and event.fetched.mails:
            break
    events.close()  # type: ignore[attr-defined]
    assert threading.active_count() == threads
    assert account.slots._places == 3
    gc.collect()


def test_an_error_in_the_consumers_cursors_is_raised_to_the_consumer(account: Account) -> None:
    def broken(_: str) -> Cursor | None:
        raise RuntimeError("the pool is gone")

    with pytest.raises(RuntimeError, match="the pool is gone"):
        list(Watch(account, broken, lambda: False, threading.Event()).events())


def test_openings_may_be_handed_over_at_once(account: Account, reader: Client) -> None:
    stop = threading.Event()
    told: list[Opened] = []
    watch = Watch(account, lambda _: None, lambda: True, stop, opened=told.append, pace=QUICK)
    thread = threading.Thread(target=lambda: list(watch.events()))
    thread.start()
    time.sleep(1)
    reader.open_mail(3)
    time.sleep(0.3)
    stop.set()
    thread.join()
    assert [one.uid for one in told] == [3]
