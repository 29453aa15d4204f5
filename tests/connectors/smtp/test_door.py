"""The door against real clients: smtplib for the decent ones, a bare socket for the others."""

import contextlib
import os
import signal
import smtplib
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors.certificates import Certificate
from connectors.smtp import RELAYED, Door, Limits
from rules.terms.errors import AddressInUse, AddressRefused, FileUnreadable, MailRefused, PoolFull, SettingsError
from rules.terms.mail import RawMail
from tests.servers.dovecot import certificates

RECIPIENTS = {"info@firm.example": "info", "Kasse@firm.example": "office", "@sales.example": "sales"}
MAIL = b"From: a@b.example\r\nSubject: hello\r\n\r\n.dotted line\r\n..\r\nend\r\n"

OpenDoor = Callable[..., Door]


class Ledger:
    """A deliver that remembers, and raises what it is told to."""

    def __init__(self) -> None:
        self.mails: list[RawMail] = []
        self.problem: Exception | None = None

    def __call__(self, mail: RawMail) -> None:
        if self.problem:
            raise self.problem
        self.mails.append(mail)


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def open_door(ledger: Ledger) -> Iterator[OpenDoor]:
    doors: list[Door] = []

    def opened(
        *,
        lmtp: bool = False,
        deliver: Callable[[RawMail], None] = ledger,
        limits: Limits | None = None,
        relays: tuple[str, ...] = (),
        folder: Path | None = None,
    ) -> Door:
        door = Door(
            bind="127.0.0.1:0",
            recipients=RECIPIENTS,
            deliver=deliver,
            lmtp=lmtp,
            limits=limits,
            relays=relays,
            certificate=Certificate(folder / "cert.pem", folder / "key.pem") if folder else None,
        )
        door.start()
        doors.append(door)
        return door

    yield opened
    for door in doors:
        door.stop()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("kingpost-door")]


class Talk:
    """A client that says exactly what it is told, byte by byte."""

    def __init__(self, door: Door) -> None:
        self.socket = socket.create_connection(door.address, timeout=10)
        self.lines = self.socket.makefile("rb")
        self.greeting = self.line()

    def __enter__(self) -> "Talk":
        return self

    def __exit__(self, *_: object) -> None:
        self.lines.close()
        self.socket.close()

    def line(self) -> str:
        """One line of the answer, "" when the door closed the connection."""
        try:
            return self.lines.readline().decode().rstrip("\r\n")
        except ConnectionResetError:
            return ""

    def say(self, *lines: bytes) -> str:
        """The last line of the last answer."""
        answer = ""
        for line in lines:
            self.socket.sendall(line)
            answer = self.line()
            while answer[3:4] == "-":
                answer = self.line()
        return answer

    def up_to_data(self, *recipients: bytes) -> str:
        """Go on until the mail may be sent."""
        says = [b"RCPT TO:<" + recipient + b">\r\n" for recipient in recipients or (b"info@firm.example",)]
        return self.say(b"EHLO me.example\r\n", b"MAIL FROM:<x@y.example>\r\n", *says, b"DATA\r\n")


def test_a_mail_arrives_byte_for_byte(open_door: OpenDoor, ledger: Ledger) -> None:
    with smtplib.SMTP(*open_door().address) as client:
        assert client.sendmail("x@y.example", ["INFO@firm.example"], MAIL) == {}
    (mail,) = ledger.mails
    assert mail.raw == MAIL
    assert (mail.placement.mailbox, mail.placement.folder) == ("info", "door")
    assert mail.arrived is not None
    assert mail.arrived.tzinfo is not None


def test_an_empty_envelope_sender_is_welcome(open_door: OpenDoor, ledger: Ledger) -> None:
    with smtplib.SMTP(*open_door().address) as client:
        client.sendmail("", ["info@firm.example"], MAIL)
    assert len(ledger.mails) == 1


def test_each_mailbox_gets_the_mail_once(open_door: OpenDoor, ledger: Ledger) -> None:
    recipients = ["info@firm.example", "kasse@firm.example", "a@sales.example", "b@sales.example"]
    with smtplib.SMTP(*open_door().address) as client:
        client.sendmail("x@y.example", recipients, MAIL)
    assert [mail.placement.mailbox for mail in ledger.mails] == ["info", "office", "sales"]


@pytest.mark.parametrize(
    "stranger",
    ["other@firm.example", "info@sales.example.evil.example", "info@sub.firm.example", '"info@firm.example"@z.example'],
)
def test_a_foreign_recipient_is_refused_and_the_others_are_served(
    open_door: OpenDoor, ledger: Ledger, stranger: str
) -> None:
    with smtplib.SMTP(*open_door().address) as client:
        refused = client.sendmail("x@y.example", [stranger, "info@firm.example"], MAIL)
    assert refused[stranger][0] == 550
    assert len(ledger.mails) == 1


def test_only_foreign_recipients_get_nothing_in(open_door: OpenDoor, ledger: Ledger) -> None:
    with Talk(open_door()) as talk:
        talk.say(b"EHLO me\r\n", b"MAIL FROM:<x@y.example>\r\n")
        assert talk.say(b"RCPT TO:<root>\r\n").startswith("550 5.1.1")
        assert talk.say(b"RCPT TO:<>\r\n").startswith("550")
        assert talk.say(b"RCPT TO:<<info@firm.example>\r\n").startswith("553")
        assert talk.say(b"DATA\r\n").startswith("503")
    assert ledger.mails == []


def test_who_guesses_recipients_is_shown_out(open_door: OpenDoor) -> None:
    with Talk(open_door(limits=Limits(strangers=3))) as talk:
        talk.say(b"EHLO me\r\n", b"MAIL FROM:<x@y.example>\r\n")
        answers = [talk.say(b"RCPT TO:<guess%d@firm.example>\r\n" % n) for n in range(4)]
        assert [answer[:3] for answer in answers] == ["550", "550", "550", "421"]
        assert talk.line() == ""


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (PoolFull(url="sqlite", reason="disk full"), b"452 4.3.1"),
        (AddressInUse(address="any", option="any"), b"451 4.3.0"),
        (ValueError("a programming error"), b"451 4.3.0"),
        (MailRefused(reason="nested too deep"), b"250 2.0.0"),
    ],
)
def test_what_is_not_stored_stays_with_the_sender(
    open_door: OpenDoor, ledger: Ledger, problem: Exception, code: bytes
) -> None:
    door = open_door()
    ledger.problem = problem
    with smtplib.SMTP(*door.address) as client:
        client.helo("me.example")
        client.mail("x@y.example")
        client.rcpt("info@firm.example")
        number, text = client.data(MAIL)
        assert b"%d %s" % (number, text[:5]) == code
        ledger.problem = None
        client.sendmail("x@y.example", ["info@firm.example"], MAIL)
    assert len(ledger.mails) == 1


def test_the_250_waits_for_the_commit(open_door: OpenDoor) -> None:
    commit = threading.Event()
    with Talk(open_door(deliver=lambda _mail: commit.wait(10) and None)) as talk:
        talk.up_to_data()
        talk.socket.sendall(MAIL + b".\r\n")
        talk.socket.settimeout(0.2)
        with pytest.raises(TimeoutError):
            talk.socket.recv(1, socket.MSG_PEEK)
        commit.set()
        talk.socket.settimeout(10)
        assert talk.socket.recv(100).startswith(b"250 2.0.0")


def test_a_mail_larger_than_announced_is_refused_at_once_or_at_its_end(open_door: OpenDoor, ledger: Ledger) -> None:
    door = open_door(limits=Limits(size=1000))
    with smtplib.SMTP(*door.address) as client:
        client.ehlo()
        assert client.esmtp_features["size"] == "1000"
        assert client.mail("x@y.example", ["SIZE=1001"])[0] == 552
    with Talk(door) as talk:
        talk.up_to_data()
        assert talk.say(b"x" * 998 + b"\r\n" + b".\r\n").startswith("250")
        talk.up_to_data()
        assert talk.say(b"x" * 999 + b"\r\n" + b".\r\n").startswith("552 5.3.4")
        talk.up_to_data()
        assert talk.say(b"x" * 500_000 + b"\r\n" + b".\r\n").startswith("552 5.3.4")
        talk.up_to_data()
        assert talk.say(MAIL + b".\r\n").startswith("250")
    assert len(ledger.mails) == 2


def test_40_megabytes_pass(open_door: OpenDoor, ledger: Ledger) -> None:
    large = MAIL + (b"A" * 76 + b"\r\n") * (40 * 1024 * 1024 // 78)
    with smtplib.SMTP(*open_door().address) as client:
        client.sendmail("x@y.example", ["info@firm.example"], large)
    assert ledger.mails[0].raw == large


def test_all_together_may_not_hold_more_than_is_there(open_door: OpenDoor, ledger: Ledger) -> None:
    door = open_door(limits=Limits(pending=300_000))
    with Talk(door) as first, Talk(door) as second:
        first.up_to_data()
        first.socket.sendall(b"x" * 200_000)
        second.up_to_data()
        answers = [second.say(b"y" * 200_000 + b"\r\n.\r\n"), first.say(b"\r\n.\r\n")]
        assert sorted(answer[:9] for answer in answers) == ["250 2.0.0", "452 4.3.1"]
        second.up_to_data()
        assert second.say(b"y" * 200_000 + b"\r\n.\r\n").startswith("250")
    assert len(ledger.mails) == 2


def test_long_lines_are_no_reason_to_lose_a_mail(open_door: OpenDoor, ledger: Ledger) -> None:
    with Talk(open_door()) as talk:
        talk.up_to_data()
        assert talk.say(b"Subject: long\r\n\r\n" + b"x" * 300_000 + b"\r\n.\r\n").startswith("250")
    assert len(ledger.mails[0].raw) == 300_000 + 19


def test_the_101st_recipient_is_asked_to_come_again(open_door: OpenDoor, ledger: Ledger) -> None:
    with smtplib.SMTP(*open_door().address) as client:
        refused = client.sendmail("x@y.example", [f"n{n}@sales.example" for n in range(101)], MAIL)
    assert list(refused) == ["n100@sales.example"]
    assert refused["n100@sales.example"][0] == 452
    assert len(ledger.mails) == 1


SMUGGLED = (
    b"MAIL FROM:<boss@firm.example>\r\nRCPT TO:<info@firm.example>\r\nDATA\r\nFrom: boss@firm.example\r\n\r\nfake"
)


@pytest.mark.parametrize("end", [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r.\r\n", b"\r\n.\n", b"\r\n.\r", b"\r\r\n.\r\r\n"])
@pytest.mark.parametrize("behind", [b"\r\n.\r\n", b""])
def test_no_mail_is_smuggled_inside_another(open_door: OpenDoor, ledger: Ledger, end: bytes, behind: bytes) -> None:
    with Talk(open_door(limits=Limits(grace=0.2))) as talk:
        talk.up_to_data()
        assert talk.say(b"Subject: outer\r\n\r\ntext" + end + SMUGGLED + behind).startswith("550 5.6.0")
        assert talk.line() == ""
    assert ledger.mails == []


def test_a_bare_line_end_in_a_command_ends_the_conversation(open_door: OpenDoor, ledger: Ledger) -> None:
    with Talk(open_door()) as talk:
        talk.say(b"EHLO me\r\n")
        assert talk.say(b"NOOP\nMAIL FROM:<a@b.example>\r\nRCPT TO:<info@firm.example>\r\n").startswith("550 5.6.0")
        assert talk.line() == ""


@pytest.mark.parametrize("cut", range(1, 12))
def test_the_end_is_found_wherever_the_network_cuts(open_door: OpenDoor, ledger: Ledger, cut: int) -> None:
    with Talk(open_door()) as talk:
        talk.up_to_data()
        whole = b".\r\n.." + b"x\r\n.\r\nQUIT\r\n"
        talk.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        talk.socket.sendall(b"..\r\n" + whole[3 : 3 + cut])
        time.sleep(0.01)
        talk.socket.sendall(whole[3 + cut :])
        assert talk.line().startswith("250 2.0.0")
        assert talk.line().startswith("221")
    assert ledger.mails[0].raw == b".\r\n.x\r\n"


def test_nobody_is_told_who_is_here(open_door: OpenDoor) -> None:
    with Talk(open_door()) as talk:
        talk.say(b"EHLO me\r\n")
        for command in (b"VRFY info", b"EXPN all", b"AUTH PLAIN AAAA", b"STARTTLS", b"HELP"):
            assert talk.say(command + b"\r\n").startswith("502")


@pytest.fixture
def tls(tmp_path: Path) -> ssl.SSLContext:
    """A client's context that trusts the authority in `tmp_path`."""
    certificates(tmp_path)
    return ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))


@pytest.mark.parametrize("lmtp", [False, True])
def test_clients_may_encrypt(
    open_door: OpenDoor, ledger: Ledger, tls: ssl.SSLContext, tmp_path: Path, *, lmtp: bool
) -> None:
    large = MAIL + (b"A" * 76 + b"\r\n") * 100_000
    door = open_door(folder=tmp_path, lmtp=lmtp)
    with (smtplib.LMTP if lmtp else smtplib.SMTP)("localhost", door.address[1]) as client:
        client.ehlo_or_helo_if_needed()
        assert client.has_extn("starttls")
        client.starttls(context=tls)
        client.ehlo_or_helo_if_needed()
        # Once is enough, and nobody may log in by it.
        assert not client.has_extn("starttls")
        assert not client.has_extn("auth")
        client.sendmail("x@y.example", ["info@firm.example"], large)
        client.sendmail("x@y.example", ["info@firm.example"], MAIL)
    assert [mail.raw for mail in ledger.mails] == [large, MAIL]


def test_nothing_that_was_said_in_clear_counts_once_it_is_encrypted(
    open_door: OpenDoor, tls: ssl.SSLContext, tmp_path: Path
) -> None:
    with Talk(open_door(folder=tmp_path)) as talk:
        talk.say(b"EHLO me\r\n", b"MAIL FROM:<x@y.example>\r\n", b"RCPT TO:<info@firm.example>\r\n")
        assert talk.say(b"STARTTLS\r\n").startswith("220")
        with tls.wrap_socket(talk.socket, server_hostname="localhost") as secure:
            secure.sendall(b"DATA\r\n")
            assert secure.recv(1000).startswith(b"503")


def test_what_is_sent_behind_starttls_in_clear_is_not_believed(
    open_door: OpenDoor, ledger: Ledger, tls: ssl.SSLContext, tmp_path: Path
) -> None:
    with Talk(open_door(folder=tmp_path)) as talk:
        talk.say(b"EHLO me\r\n")
        injected = b"STARTTLS\r\nEHLO other\r\nMAIL FROM:<x@y.example>\r\nRCPT TO:<info@firm.example>\r\nDATA\r\n"
        assert talk.say(injected).startswith("501 5.5.1")
        assert talk.line() == ""


@pytest.mark.parametrize("instead", [b"EHLO in clear\r\n", b"\x16\x03\x01\x00\x05hello", b""])
def test_a_broken_handshake_leaves_nobody_inside(
    open_door: OpenDoor, ledger: Ledger, tls: ssl.SSLContext, tmp_path: Path, instead: bytes
) -> None:
    door = open_door(folder=tmp_path, limits=Limits(per_address=2, silence=0.5))
    for _ in range(4):
        for _ in range(100):
            with Talk(door) as talk:
                if talk.greeting.startswith("220"):
                    talk.say(b"EHLO me\r\n", b"STARTTLS\r\n")
                    talk.socket.sendall(instead)
                    break
            time.sleep(0.02)
        else:
            pytest.fail("the places of broken conversations were not given away again")


def test_a_certificate_that_is_none_is_told(open_door: OpenDoor, tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match=r"cert\.pem"):
        open_door(folder=tmp_path)


@pytest.mark.parametrize(
    ("relays", "folder"),
    [((), "door"), (("192.0.2.0/24",), "door"), (("192.0.2.1", "127.0.0.0/8"), RELAYED), (("127.0.0.1",), RELAYED)],
)
def test_a_mail_lies_where_it_can_be_told_whether_a_relay_brought_it(
    open_door: OpenDoor, ledger: Ledger, relays: tuple[str, ...], folder: str
) -> None:
    with smtplib.SMTP(*open_door(relays=relays).address) as client:
        client.sendmail("x@y.example", ["info@firm.example"], MAIL)
    assert ledger.mails[0].placement.folder == folder


def test_commands_have_a_length_and_a_count(open_door: OpenDoor) -> None:
    door = open_door()
    with Talk(door) as talk:
        assert talk.say(b"EHLO " + b"x" * 100_000 + b"\r\n").startswith("500 5.5.2")
        assert talk.line() == ""
    with Talk(door) as talk:
        answers = [talk.say(b"EHLO me\r\n") for _ in range(21)]
        assert answers[-1].startswith("421")
    with Talk(door) as talk:
        assert talk.say(*[b"FOO\r\n"] * 5).startswith("502")
        assert talk.line() == ""


def test_a_hostile_address_costs_nothing(open_door: OpenDoor) -> None:
    with Talk(open_door()) as talk:
        talk.say(b"EHLO me\r\n")
        before = time.monotonic()
        for bomb in (b"(" * 1900, b'"' + b"\\a" * 900, b"<" * 1900, b'<"' + b'"' * 1900):
            assert talk.say(b"MAIL FROM:" + bomb + b"\r\n")[:3] in ("500", "501", "553")
        assert time.monotonic() - before < 2


def test_the_house_is_full(open_door: OpenDoor, ledger: Ledger) -> None:
    door = open_door(limits=Limits(connections=3, per_address=2))
    with Talk(door), Talk(door), Talk(door) as third:
        assert third.greeting.startswith("421 4.7.0")
    for _ in range(50):
        with Talk(door) as again:
            if again.greeting.startswith("220"):
                break
        time.sleep(0.02)
    else:
        pytest.fail("the places of those who left were not given away again")


def test_a_silent_client_is_shown_out(open_door: OpenDoor) -> None:
    with Talk(open_door(limits=Limits(silence=0.2))) as talk:
        assert talk.line().startswith("421 4.4.2")
        assert talk.line() == ""


def test_a_dripping_client_is_shown_out(open_door: OpenDoor, ledger: Ledger) -> None:
    with Talk(open_door(limits=Limits(silence=0.3, transfer=0.6))) as talk:
        talk.up_to_data()
        started = time.monotonic()
        with contextlib.suppress(OSError):
            while time.monotonic() - started < 5:
                talk.socket.sendall(b"x")
                time.sleep(0.05)
        assert time.monotonic() - started < 3
    assert ledger.mails == []


def test_nobody_stays_for_ever(open_door: OpenDoor) -> None:
    with Talk(open_door(limits=Limits(session=0.5, silence=0.4))) as talk:
        started = time.monotonic()
        answer = "250"
        while answer.startswith("250") and time.monotonic() - started < 5:
            answer = talk.say(b"NOOP\r\n")
            time.sleep(0.05)
        assert answer == "" or answer.startswith("421")
        assert time.monotonic() - started < 3


def test_storing_may_take_longer_than_silence(open_door: OpenDoor) -> None:
    with Talk(open_door(deliver=lambda _mail: time.sleep(0.6), limits=Limits(silence=0.2))) as talk:
        talk.up_to_data()
        assert talk.say(MAIL + b".\r\n").startswith("250")


def test_a_client_that_breaks_off_leaves_nothing(open_door: OpenDoor, ledger: Ledger) -> None:
    door = open_door()
    with Talk(door) as talk:
        talk.up_to_data()
        talk.socket.sendall(b"From: half a mail\r\n")
    with smtplib.SMTP(*door.address) as client:
        client.sendmail("x@y.example", ["info@firm.example"], MAIL)
    assert [mail.raw for mail in ledger.mails] == [MAIL]


def test_lmtp_replies_for_each_recipient(open_door: OpenDoor, ledger: Ledger) -> None:
    def deliver(mail: RawMail) -> None:
        if mail.placement.mailbox == "office":
            raise PoolFull(url="x", reason="y")
        ledger(mail)

    with Talk(open_door(lmtp=True, deliver=deliver)) as talk:
        assert talk.say(b"EHLO me\r\n").startswith("500")
        assert talk.say(b"LHLO me\r\n").startswith("250")
        talk.say(b"MAIL FROM:<>\r\n", b"RCPT TO:<info@firm.example>\r\n", b"RCPT TO:<kasse@firm.example>\r\n")
        talk.say(b"RCPT TO:<stranger@firm.example>\r\n", b"RCPT TO:<a@sales.example>\r\n", b"DATA\r\n")
        talk.socket.sendall(MAIL + b".\r\n")
        assert [talk.line()[:9] for _ in range(3)] == ["250 2.0.0", "452 4.3.1", "250 2.0.0"]
        assert talk.say(b"NOOP\r\n").startswith("250")
    with smtplib.LMTP(*open_door(lmtp=True).address) as client:
        client.sendmail("x@y.example", ["info@firm.example"], MAIL)
    assert len(ledger.mails) == 3


def test_a_closing_door_finishes_what_is_being_stored(ledger: Ledger) -> None:
    entered, commit = threading.Event(), threading.Event()

    def deliver(mail: RawMail) -> None:
        entered.set()
        commit.wait(10)
        ledger(mail)

    door = Door(bind="127.0.0.1:0", recipients=RECIPIENTS, deliver=deliver)
    door.start()
    with Talk(door) as busy, Talk(door) as idle:
        busy.up_to_data()
        busy.socket.sendall(MAIL + b".\r\n")
        assert entered.wait(10)
        closing = threading.Thread(target=door.stop)
        closing.start()
        assert idle.line().startswith("421 4.3.2")
        commit.set()
        assert busy.line().startswith("250")
        closing.join(10)
        assert not closing.is_alive()
    assert len(ledger.mails) == 1
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(door.address, timeout=1)


def test_the_door_opens_again(open_door: OpenDoor) -> None:
    door = open_door()
    door.stop()
    door.start()
    with Talk(door) as talk:
        assert talk.greeting.startswith("220")


def test_a_taken_port_and_a_foreign_address_are_told(open_door: OpenDoor, ledger: Ledger) -> None:
    host, port = open_door().address
    with pytest.raises(AddressInUse, match="taken by another program"):
        Door(bind=f"{host}:{port}", recipients={}, deliver=ledger).start()
    with pytest.raises(AddressRefused):
        Door(bind="192.0.2.1:2525", recipients={}, deliver=ledger).start()
    for wrong in ("2525", "host:", "host:port", "127.0.0.1:99999"):
        with pytest.raises(SettingsError):
            Door(bind=wrong, recipients={}, deliver=ledger).start()


def test_addresses_and_bodies_stay_out_of_the_log(
    open_door: OpenDoor, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(1)
    door = open_door()
    ledger.problem = ValueError("secret words of info@firm.example")
    with smtplib.SMTP(*door.address) as client, pytest.raises(smtplib.SMTPDataError):
        client.sendmail("x@y.example", ["info@firm.example"], MAIL)
    assert "ValueError" in caplog.text
    for private in ("example", "secret", "hello", "127.0.0.1"):
        assert private not in caplog.text


CHILD = """
import os, sys, threading
from connectors.smtp import Door

ledger = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
lock = threading.Lock()

def deliver(mail):
    line = [line for line in mail.raw.splitlines() if line.startswith(b"Message-ID:")][0]
    with lock:
        os.write(ledger, line + b"\\n")
        os.fsync(ledger)

door = Door(bind="127.0.0.1:0", recipients={"@firm.example": "info"}, deliver=deliver)
door.start()
print(door.address[1], flush=True)
threading.Event().wait()
"""


def test_whatever_got_250_is_in_the_ledger_after_sigkill(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    receipts: set[bytes] = set()
    for life in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", CHILD, str(ledger)], stdout=subprocess.PIPE, cwd=Path.cwd()
        ) as child:
            assert child.stdout is not None
            port = int(child.stdout.readline())
            done = [_send_until_dead(port, f"{life}-{client}") for client in range(3)]
            time.sleep(0.15 + 0.1 * life)
            os.kill(child.pid, signal.SIGKILL)
            for thread, got in done:
                thread.join(10)
                receipts |= got
    assert len(receipts) > 3
    assert receipts <= set(ledger.read_bytes().splitlines())


def _send_until_dead(port: int, name: str) -> tuple[threading.Thread, set[bytes]]:
    got: set[bytes] = set()

    def run() -> None:
        try:
            with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
                for number in range(100):
                    message_id = f"Message-ID: <{name}-{number}@x.example>".encode()
                    client.sendmail("x@y.example", ["info@firm.example"], message_id + b"\r\n\r\ntext\r\n")
                    got.add(message_id)
        except (OSError, smtplib.SMTPException):
            return

    thread = threading.Thread(target=run)
    thread.start()
    return thread, got
