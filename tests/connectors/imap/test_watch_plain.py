"""Watching servers that know neither CONDSTORE nor QRESYNC, or misbehave: played by the double."""

import time
from collections.abc import Callable

from connectors.imap import Account, Arrived, FlagsChanged, Gone, HealthChanged, Opened
from connectors.imap.fetching import Strikes
from rules.terms.mail import HealthState
from tests.connectors.imap.watching import Watching
from tests.servers.imap_double import DROP, ImapDouble, Raw

RAW = [b"Subject: %d\r\n\r\nbody\r\n" % number for number in range(1, 9)]
Maker = Callable[[int], Account]


def test_openings_by_sequence_number_are_told_with_their_uid(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW}) as double, Watching(double_account(double.port)) as seen:
        seen.settled()
        assert seen.health[-1].announces == "flags"
        double.idlers()
        double.folders["INBOX"].mails[4].flags.add("\\Seen")
        double.announce(Raw(b"* 5 FETCH (FLA"), 0.05, b"GS (\\Seen))")
        assert seen.wait(Opened).uid == 5
        time.sleep(0.5)
        assert len(seen.openings) == 1
        assert not [event for event in seen.events if isinstance(event, FlagsChanged)]


def test_openings_that_nobody_announces_are_found_by_looking(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW}) as double, Watching(double_account(double.port), follow=True) as seen:
        seen.settled()
        double.folders["INBOX"].mails[2].flags.add("\\Seen")
        assert seen.wait(Opened).uid == 3
        double.folders["INBOX"].mails[3].flags.add("\\Flagged")
        double.folders["INBOX"].mails[3].flags.add("\\Seen")
        assert seen.wait(FlagsChanged).flags == {4: frozenset({"\\Flagged"})}


def test_a_server_without_idle_is_polled(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW}, "IMAP4rev1") as double, Watching(double_account(double.port)) as seen:
        seen.settled()
        assert seen.health[-1].announces == "poll"
        double.folders["INBOX"].add(b"Subject: new\r\n\r\n")
        seen.wait(Arrived, lambda event: event.fetched.cursor.last_uid == 9)
        assert not [command for command in double.commands if command == "IDLE"]


def test_mails_that_went_are_found_by_comparing(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW}) as double, Watching(double_account(double.port)) as seen:
        seen.settled()
        double.idlers()
        del double.folders["INBOX"].mails[2:4]
        double.announce(b"* 3 EXPUNGE", b"* 3 EXPUNGE")
        assert tuple(seen.wait(Gone).uids) == (3, 4)


def test_after_a_restart_the_pools_uids_are_compared(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW}) as double:
        account = double_account(double.port)
        with Watching(account) as first:
            first.settled()
        del double.folders["INBOX"].mails[5]
        with Watching(account, cursors=first.cursors, live=lambda *_: {1, 2, 6, 8}) as seen:
            assert tuple(seen.wait(Gone).uids) == (6,)
        with Watching(account, cursors=first.cursors) as seen:
            assert tuple(seen.wait(Gone).uids) == (6,)


def test_mark_all_read_is_no_opening_without_condstore_either(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW}) as double, Watching(double_account(double.port), follow=True) as seen:
        seen.settled()
        double.idlers()
        for mail in double.folders["INBOX"].mails:
            mail.flags.add("\\Seen")
        double.announce(*[b"* %d FETCH (FLAGS (\\Seen))" % number for number in range(1, 9)])
        time.sleep(0.8)
        assert not seen.openings


def test_never_more_than_three_connections(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW, "Sent": RAW}) as double:
        with Watching(double_account(double.port), follow=True) as seen:
            seen.settled()
            time.sleep(0.5)
            double.hang_up()
            time.sleep(1)
        assert double.most_open == 3
        assert double.connections >= 5


def test_goodbyes_and_dropped_lines_are_answered_by_coming_back(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW}) as double, Watching(double_account(double.port)) as seen:
        seen.settled()
        double.idlers()
        double.announce(b"* BYE too long idle", DROP)
        seen.wait(HealthChanged, lambda event: "too long idle" in event.health.error_en)
        double.idlers(1)
        double.folders["INBOX"].add(b"Subject: new\r\n\r\n")
        seen.wait(Arrived, lambda event: event.fetched.cursor.last_uid == 9)


def test_a_server_that_says_no_to_noop_is_asked_less_often(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW}) as double:
        double.faults["NOOP"] = lambda tag, _: [tag + b" NO not so fast"]
        with Watching(double_account(double.port), follow=True) as seen:
            seen.settled()
            time.sleep(1.6)
        assert 2 <= double.commands.count("NOOP") <= 6


def test_a_renumbering_while_watching_is_a_reset(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW}) as double, Watching(double_account(double.port)) as seen:
        seen.settled()
        double.folders["INBOX"].uidvalidity = 8
        event = seen.wait(Arrived, lambda event: event.fetched.reset)
        assert event.fetched.cursor.uidvalidity == 8
        seen.wait(Arrived, lambda event: event.fetched.cursor.uidvalidity == 8 and len(event.fetched.mails) == 8)


def test_a_poisonous_mail_does_not_stop_the_watch(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW}) as double:
        double.faults["FETCH"] = lambda tag, command: (
            [b"* 2 FETCH (UID 2 BODY[] {4294967295}"]
            if b"BODY" in command and (b"1:8" in command or b"H 2 " in command)
            else None
        )
        account = double_account(double.port)
        account.strikes = Strikes(apart=0)
        with Watching(account) as seen:
            event = seen.wait(Arrived, lambda event: bool(event.fetched.refused), 10)
            assert event.fetched.refused[0].uid == 2
            seen.wait(Arrived, lambda event: event.fetched.cursor.backfill_uid == 8)
            assert sorted(mail.placement.uid or 0 for mail in seen.mails) == [1, 3, 4, 5, 6, 7, 8]
            assert any(health.state is HealthState.RETRYING for health in seen.health)
