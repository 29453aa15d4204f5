"""The socket's own bounds, against a double that sends in pieces."""

import threading
import time

import pytest

from connectors.imap import Limits
from connectors.imap.answers import Exists, Mail
from connectors.imap.session import Session
from rules.terms.errors import ConnectionEnded, ServerMisbehaved
from rules.terms.mail import Mailbox, Tls
from tests.servers.imap_double import DROP, ImapDouble, Raw, Step


def session(double: ImapDouble, **limits: float) -> Session:
    mailbox = Mailbox("info", host="127.0.0.1", port=double.port, user="info", tls=Tls.NONE)
    return Session(mailbox, "geheim", Limits(command_seconds=2, **limits))  # type: ignore[arg-type]


def say_later(double: ImapDouble, *steps: Step) -> threading.Thread:
    def say() -> None:
        double.idlers()
        double.announce(*steps)

    thread = threading.Thread(target=say)
    thread.start()
    return thread


def test_a_line_in_two_segments_is_one_line_while_idling() -> None:
    """The idle_check of imapclient loses such a line, and the connection with it."""
    with ImapDouble({"INBOX": [b"x"]}) as double, session(double) as one:
        one.examine(b"INBOX")
        one.idle()
        thread = say_later(double, Raw(b"* 1 FETCH "), 0.1, Raw(b"(FLAGS (\\See"), 0.05, b"n))", b"* 2 EXISTS")
        assert one.news(3) == [Mail(1, flags=frozenset({"\\Seen"})), Exists(2)]
        thread.join()
        assert one.done() == []
        assert one.exists == 2


def test_half_a_line_keeps_nobody_waiting_beyond_the_time() -> None:
    with ImapDouble({"INBOX": [b"x"]}) as double, session(double) as one:
        one.examine(b"INBOX")
        one.idle()
        thread = say_later(double, Raw(b"* 1 FETCH (FL"))
        began = time.monotonic()
        assert one.news(0.3) == []
        assert time.monotonic() - began < 1
        thread.join()


def test_a_flood_while_idling_runs_out_of_budget() -> None:
    with ImapDouble({"INBOX": [b"x"]}) as double, session(double, chatter=1 << 16) as one:
        one.examine(b"INBOX")
        one.idle()
        thread = say_later(double, *[b"* 1 EXISTS"] * 20_000)
        with pytest.raises(ServerMisbehaved, match="during IDLE"):
            one.news(3)
        one.interrupt()
        thread.join()


def test_the_end_of_the_connection_is_noticed_while_idling() -> None:
    with ImapDouble({"INBOX": [b"x"]}) as double, session(double) as one:
        one.examine(b"INBOX")
        one.idle()
        double.idlers()
        double.hang_up()
        with pytest.raises(ConnectionEnded):
            one.news(3)


def test_another_thread_can_end_the_waiting() -> None:
    with ImapDouble({"INBOX": [b"x"]}) as double, session(double) as one:
        one.examine(b"INBOX")
        one.idle()
        threading.Timer(0.1, one.interrupt).start()
        with pytest.raises(ConnectionEnded):
            one.news(5)


def test_idling_that_the_server_ends_is_over() -> None:
    with ImapDouble({"INBOX": [b"x"]}) as double, session(double) as one:
        one.examine(b"INBOX")
        one.idle()
        tag = b"kp%d" % one._number
        thread = say_later(double, b"* 3 EXISTS", tag + b" OK enough")
        assert one.news(3) == [Exists(3)]
        thread.join()
        assert not one.idling
        assert one.done() == []


def test_commands_that_could_change_the_mailbox_are_never_sent() -> None:
    with ImapDouble({"INBOX": [b"Subject: x\r\n\r\n"]}) as double, session(double) as one:
        one.examine(b"INBOX")
        one.search(1, 1)
        one.fetch([1], b"(UID BODY.PEEK[])")
        one.status(b"INBOX")
        one.noop()
    assert not [c for c in double.commands if c.startswith("SELECT") or "STORE" in c or "BODY[" in c]


def test_a_dropped_line_leaves_no_socket_open() -> None:
    with ImapDouble() as double:
        double.faults["LOGIN"] = lambda *_: [DROP]
        with pytest.raises(ConnectionEnded):
            session(double)
