"""What a server may get wrong while fetching, played by the double: nothing wrong gets in, nothing is lost silently."""

import threading
import time
from collections.abc import Callable

import pytest

from connectors.imap import Account, Fetched, Watch
from connectors.imap.fetching import Strikes
from rules.terms.errors import ConnectionEnded, ConnectorError, DeadlinePassed, ServerDeclined, ServerMisbehaved
from tests.servers.imap_double import DROP, ImapDouble, Raw, Step

RAW = [b"Subject: %d\r\n\r\nbody %d\r\n" % (number, number) for number in range(1, 6)]
Maker = Callable[[int], Account]


def read(account: Account) -> list[Fetched]:
    return list(account.fetch("INBOX", None, stop=threading.Event()))


def raws(batches: list[Fetched]) -> dict[int, bytes]:
    return {mail.placement.uid or 0: mail.raw for batch in batches for mail in batch.mails}


def refused(batches: list[Fetched]) -> dict[int, str]:
    return {one.uid: one.reason for batch in batches for one in batch.refused}


def body(sequence: int, uid: int | None, raw: bytes) -> bytes:
    name = b"" if uid is None else b"UID %d " % uid
    return b"* %d FETCH (%sBODY[] {%d}\r\n%s)" % (sequence, name, len(raw), raw)


def in_bodies(answer: Callable[[bytes], list[Step] | None]) -> Callable[[bytes, bytes], list[Step] | None]:
    """A fault for the fetching of bodies only."""

    def fault(tag: bytes, command: bytes) -> list[Step] | None:
        if b"BODY" not in command:
            return None
        steps = answer(command)
        return None if steps is None else [*steps, tag + b" OK done"]

    return fault


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param([b"* 2 FETCH (UID 2 BODY[] NIL)"], id="nil"),
        pytest.param([b'* 2 FETCH (UID 2 BODY[] "")'], id="empty string"),
        pytest.param([b"* 2 FETCH (UID 2 BODY[] {0}\r\n)"], id="empty literal"),
        pytest.param([body(2, None, RAW[1])], id="no UID"),
        pytest.param([body(2, 77, RAW[1])], id="foreign UID"),
        pytest.param([body(2, 2, RAW[1]), body(2, 2, RAW[2])], id="two that differ"),
        pytest.param([b"* 2 FETCH (UID 2 BODY[] {1}\r\na BODY[] {1}\r\nb)"], id="two in one answer"),
        pytest.param([b"* 2 FETCH (UID 2 BODY[] (a b))"], id="a list"),
        pytest.param([b"* 2 FETCH (UID two BODY[] {1}\r\na)"], id="a UID that is no number"),
        pytest.param([b"* 2 FETCH (UID 2 BODY[] {1}\r\na"], id="no end"),
        pytest.param([b"* 2 FETCH (UID 2)"], id="no body"),
        pytest.param([], id="nothing"),
    ],
)
def test_an_answer_that_cannot_be_right_is_refused_and_the_others_come(
    answer: list[Step], double_account: Maker
) -> None:
    with ImapDouble({"INBOX": RAW[:1] + RAW[1:3]}) as double:
        good = [body(1, 1, RAW[0]), body(3, 3, RAW[2])]
        double.faults["FETCH"] = in_bodies(lambda command: [*good, *answer] if b"1:3" in command else answer)
        batches = read(double_account(double.port))
    assert raws(batches) == {1: RAW[0], 3: RAW[2]}
    assert list(refused(batches)) == [2]
    assert batches[-1].cursor.backfill_uid == 3


def test_a_body_much_shorter_or_longer_than_announced_is_refused(double_account: Maker) -> None:
    long = b"Subject: x\r\n\r\n" + b"x" * 4000
    with ImapDouble({"INBOX": [long, long]}) as double:
        double.faults["FETCH"] = in_bodies(lambda _: [body(1, 1, long[:900]), body(2, 2, long * 18)])
        batches = read(double_account(double.port))
    assert not raws(batches)
    assert refused(batches)[1] == f"the server announced {len(long)} bytes and gave 900"
    assert f"gave {len(long) * 18}" in refused(batches)[2]


def test_a_doubtful_answer_is_asked_for_again_alone(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW}) as double:
        double.faults["FETCH"] = in_bodies(lambda command: [body(1, 1, RAW[0])] if b"1:5" in command else None)
        batches = read(double_account(double.port))
    assert raws(batches) == dict(enumerate(RAW, 1))
    assert not refused(batches)


def test_the_same_answer_twice_is_one_mail(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW[:1]}) as double:
        double.faults["FETCH"] = in_bodies(lambda _: [body(1, 1, RAW[0])] * 2)
        batches = read(double_account(double.port))
    assert raws(batches) == {1: RAW[0]}


def test_unasked_lines_between_the_answers_do_no_harm(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW[:1]}) as double:
        noise: list[Step] = [
            b"* 9 EXISTS",
            b"* OK still here",
            b"* 1 FETCH (FLAGS (\\Seen))",
            b"* X-NEW {3}\r\nabc",
            b"* 3 ODD",
        ]
        double.faults["FETCH"] = in_bodies(lambda _: [*noise, body(1, 1, RAW[0]), *noise])
        batches = read(double_account(double.port))
    assert raws(batches) == {1: RAW[0]}


def test_a_huge_literal_is_refused_before_it_is_allocated(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW}) as double:
        double.faults["FETCH"] = in_bodies(lambda _: [b"* 1 FETCH (UID 1 BODY[] {4294967295}", b"x"])
        with pytest.raises(ServerMisbehaved, match="4294967295"):
            read(double_account(double.port))


def test_a_mail_that_breaks_the_connection_is_refused_after_three_times_and_holds_up_nobody(
    double_account: Maker,
) -> None:
    with ImapDouble({"INBOX": RAW}) as double:
        double.faults["FETCH"] = in_bodies(
            lambda command: (
                [b"* 3 FETCH (UID 3 BODY[] {99", DROP] if b"1:5" in command or b"FETCH 3 " in command else None
            )
        )
        account = double_account(double.port)
        account.strikes = Strikes(apart=0)
        batches: list[Fetched] = []
        for _ in range(6):
            try:
                for batch in account.fetch("INBOX", batches[-1].cursor if batches else None, stop=threading.Event()):
                    batches.append(batch)
            except ConnectorError:
                continue
    assert raws(batches) == {uid: RAW[uid - 1] for uid in (1, 2, 4, 5)}
    assert "connection broke" in refused(batches)[3]


def test_breaks_within_a_minute_count_once() -> None:
    now = [100.0]
    strikes = Strikes(clock=lambda: now[0])
    for _ in range(5):
        strikes.add("INBOX", 7, [1, 2])
    assert strikes.of("INBOX", 7, 1) == 1
    now[0] += 60
    strikes.add("INBOX", 7, [1])
    assert [strikes.of("INBOX", 7, uid) for uid in (1, 2, 3)] == [2, 1, 0]
    strikes.clear("INBOX", 7, [1])
    assert strikes.of("INBOX", 7, 1) == 0


def test_a_watch_that_ends_while_mail_is_fetched_says_nothing_about_the_mail(double_account: Maker) -> None:
    stop = threading.Event()

    def end(_: bytes) -> list[Step]:
        stop.set()
        return [0.5, DROP]

    with ImapDouble({"INBOX": RAW}) as double:
        double.faults["FETCH"] = in_bodies(end)
        account = double_account(double.port)
        list(Watch(account, lambda _: None, lambda: False, stop).events())
    assert [account.strikes.of("INBOX", 7, uid) for uid in range(1, 6)] == [0] * 5


def test_a_drip_ends_at_the_deadline_however_busy_it_looks(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW}) as double:
        drip: list[Step] = [Raw(b"* 1 FETCH (UID 1 BODY[] {24}\r\n")]
        for _ in range(100):
            drip += [Raw(b"x"), 0.05]
        double.faults["FETCH"] = in_bodies(lambda _: drip)
        began = time.monotonic()
        with pytest.raises(DeadlinePassed, match="FETCH"):
            read(double_account(double.port))
        assert time.monotonic() - began < 2.5


def test_lines_without_end_run_out_of_budget(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW}) as double:
        double.faults["SEARCH"] = lambda *_: [b"* OK and another thing"] * 100_000
        with pytest.raises(ServerMisbehaved, match="more bytes than asked for"):
            read(double_account(double.port))


def test_a_line_without_end_is_cut_off(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW}) as double:
        double.faults["SEARCH"] = lambda *_: [Raw(b"* SEARCH " + b"1 " * 60_000), 5]
        with pytest.raises(ServerMisbehaved):
            read(double_account(double.port))


def test_a_silent_server_is_left_at_the_deadline(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW}) as double:
        double.faults["EXAMINE"] = lambda *_: [3.0]
        with pytest.raises(DeadlinePassed, match="EXAMINE"):
            read(double_account(double.port))


def test_a_server_that_says_goodbye_is_quoted(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW}) as double:
        double.faults["SEARCH"] = lambda *_: [b"* BYE maintenance at nine", DROP]
        with pytest.raises(ConnectionEnded, match="maintenance at nine"):
            read(double_account(double.port))


def test_a_server_that_declines_is_quoted(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW}) as double:
        double.faults["SEARCH"] = lambda tag, _: [tag + b" NO too busy just now"]
        with pytest.raises(ServerDeclined, match="too busy just now"):
            read(double_account(double.port))


@pytest.mark.parametrize("line", [b"garbage", b"*", b"kp99 OK what", b"\xff\xfe"])
def test_lines_that_are_no_imap_end_the_connection(line: bytes, double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW}) as double:
        double.faults["SEARCH"] = lambda tag, _: [line, tag + b" OK"]
        with pytest.raises(ServerMisbehaved):
            read(double_account(double.port))


@pytest.mark.parametrize(
    "greeting", [b"* BYE not today", b"* NO", b"garbage", b"+ what", b"", b"HTTP/1.1 400 Bad Request"]
)
def test_a_greeting_that_is_none_is_told(greeting: bytes, double_account: Maker) -> None:
    with ImapDouble() as double:
        double.greeting = greeting
        with pytest.raises(ConnectorError):
            double_account(double.port).folders()


def test_search_results_outside_the_window_are_passed_over(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW}) as double:
        double.faults["SEARCH"] = lambda tag, _: [b"* SEARCH 3 3 1", b"* SEARCH 2 900", tag + b" OK done"]
        batches = read(double_account(double.port))
    assert list(raws(batches)) == [1, 2, 3]


@pytest.mark.parametrize("steps", [[], [b"* "], [b"* SEARCH one two"]])
def test_a_search_without_an_answer_is_no_proof_that_nothing_is_there(steps: list[Step], double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW}) as double:
        double.faults["SEARCH"] = lambda tag, _: [*steps, tag + b" OK done"]
        assert len(raws(read(double_account(double.port)))) == 5


def test_without_uidnext_the_last_mail_is_asked_for(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW}) as double:
        double.uidnext = False
        assert len(raws(read(double_account(double.port)))) == 5


def test_without_uidnext_a_deleted_newest_mail_is_no_renumbering(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW}) as double:
        double.uidnext = False
        account = double_account(double.port)
        cursor = read(account)[-1].cursor
        del double.folders["INBOX"].mails[-1]
        assert not list(account.fetch("INBOX", cursor, stop=threading.Event()))
        double.folders["INBOX"].add(RAW[0])
        (batch,) = account.fetch("INBOX", cursor, stop=threading.Event())
        assert batch.cursor.last_uid == 6
        assert raws([batch]) == {6: RAW[0]}


def test_without_uidvalidity_nothing_is_read(double_account: Maker) -> None:
    with ImapDouble({"INBOX": RAW}) as double:
        double.faults["EXAMINE"] = lambda tag, _: [b"* 5 EXISTS", tag + b" OK done"]
        with pytest.raises(ServerDeclined, match=r"EXAMINE INBOX .*UIDVALIDITY"):
            read(double_account(double.port))


def test_bad_folder_names_are_kept_and_can_be_read(double_account: Maker) -> None:
    with ImapDouble({"INBOX": [], "Kunden&Co": RAW[:1], "B\xfcro": RAW[1:2], "&&&": []}) as double:
        double.listing = [
            b'* LIST () "/" INBOX',
            b'* LIST (\\HasNoChildren) "/" "Kunden&Co"',
            b'* LIST () "/" "B\xfcro"',
            b'* LIST () "/" {3}\r\n&&&',
            b'* LIST (\\Noselect) "/" "Nichts"',
            b"* LIST () NIL 2026",
            b'* LIST () "/"',
            b"* LIST broken (",
        ]
        account = double_account(double.port)
        assert [folder.name for folder in account.folders()] == ["INBOX", "&&&", "2026", "Büro", "Kunden&Co"]
        for name, raw in (("Kunden&Co", RAW[0]), ("Büro", RAW[1])):
            batches = list(account.fetch(name, None, stop=threading.Event()))
            assert list(raws(batches).values()) == [raw]
