"""A scripted IMAP server for faults on the wire that no honest server shows.

    with ImapDouble({"INBOX": [b"From: a@example.org …"]}) as double:
        double.faults["FETCH"] = lambda tag, words: [b"* 1 FETCH (UID 1 BODY[] NIL)", tag + b" OK done"]

It speaks enough IMAP to be read and watched. A fault is a function that takes the tag and the command and gives the
answer in its place: lines, or `Raw` bytes that go out as they are, or numbers, which are pauses in seconds; `DROP`
closes the connection. None from a fault means: as usual.
"""

import contextlib
import itertools
import re
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self


class Raw(bytes):
    """Bytes to be sent as they are, without a line end."""


class _Drop:
    """Close the connection."""


DROP = _Drop()
Step = bytes | float | _Drop
Fault = Callable[[bytes, bytes], Iterable[Step] | None]


@dataclass
class Mail:
    """A mail of the double."""

    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=set)


class Folder:
    """A folder of the double."""

    def __init__(self, raws: Iterable[bytes] = (), uidvalidity: int = 7) -> None:
        self.uidvalidity = uidvalidity
        self.next = 1
        self.mails: list[Mail] = []
        for raw in raws:
            self.add(raw)

    def add(self, raw: bytes, *flags: str) -> int:
        """Another mail; its UID comes back."""
        self.mails.append(Mail(self.next, raw, set(flags)))
        self.next += 1
        return self.next - 1


class ImapDouble:
    """An IMAP server on loopback. `capabilities` says what it claims; CONDSTORE it never has."""

    host = "127.0.0.1"

    def __init__(self, folders: dict[str, list[bytes]] | None = None, capabilities: str = "IMAP4rev1 IDLE") -> None:
        self.folders = {name: Folder(raws) for name, raws in (folders or {"INBOX": []}).items()}
        self.capabilities = capabilities
        self.greeting = b"* OK ready"
        self.listing: list[bytes] | None = None
        self.faults: dict[str, Fault] = {}
        self.commands: list[str] = []
        self.connections = 0
        self.open = 0
        self.most_open = 0
        self.uidnext = True
        self._idling: list[_Talk] = []
        self._lock = threading.RLock()
        self._server = _Server((self.host, 0), _Talk)
        self._server.double = self
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self.hang_up()
        self._server.server_close()
        self._thread.join(5)

    def hang_up(self) -> None:
        """Close all connections."""
        for sock in tuple(self._server.talking):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def announce(self, *steps: Step) -> None:
        """Send something to those who idle."""
        with self._lock:
            idling = tuple(self._idling)
        for talk in idling:
            with contextlib.suppress(OSError):
                talk.say(steps)

    def idlers(self, count: int = 1, seconds: float = 5) -> None:
        """Wait until so many connections idle."""
        until = time.monotonic() + seconds
        while len(self._idling) < count:
            assert time.monotonic() < until, "nobody idles"
            time.sleep(0.01)

    def enter(self) -> None:
        with self._lock:
            self.connections += 1
            self.open += 1
            self.most_open = max(self.most_open, self.open)

    def leave(self, talk: "_Talk") -> None:
        with self._lock:
            self.open -= 1
            if talk in self._idling:
                self._idling.remove(talk)

    def idle(self, talk: "_Talk", *, begins: bool) -> None:
        with self._lock:
            if begins:
                self._idling.append(talk)
            elif talk in self._idling:
                self._idling.remove(talk)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    double: ImapDouble

    def __init__(self, *args: object) -> None:
        self.talking: set[socket.socket] = set()
        super().__init__(*args)  # type: ignore[arg-type]

    def handle_error(self, request: object, client_address: object) -> None:
        """Broken pipes are what this server is for."""


class _Talk(socketserver.StreamRequestHandler):
    """One connection."""

    disable_nagle_algorithm = True
    server: _Server
    folder: Folder | None = None

    def handle(self) -> None:
        double = self.server.double
        self._mutex = threading.Lock()
        self.server.talking.add(self.request)
        double.enter()
        try:
            self.say([double.greeting])
            while line := self.rfile.readline():
                if not self._answer(line.rstrip(b"\r\n")):
                    return
        except OSError:
            return
        finally:
            double.leave(self)
            self.server.talking.discard(self.request)

    def say(self, steps: Iterable[Step]) -> bool:
        """Send; False when the connection is to be closed."""
        with self._mutex:
            for step in steps:
                if isinstance(step, _Drop):
                    return False
                if isinstance(step, bytes):
                    self.wfile.write(step if isinstance(step, Raw) else step + b"\r\n")
                else:
                    time.sleep(step)
        return True

    def _answer(self, line: bytes) -> bool:
        double = self.server.double
        if line == b"DONE":
            double.idle(self, begins=False)
            return self.say([self.idle_tag + b" OK idled"])
        tag, _, command = line.partition(b" ")
        words = command.split(b" ")
        name = words[1 if words[0].upper() == b"UID" else 0].decode().upper()
        double.commands.append(command.decode("latin-1"))
        fault = double.faults.get(name)
        steps = fault(tag, command) if fault else None
        if steps is not None:
            return self.say(steps)
        return self.say(getattr(self, f"do_{name.lower()}", self.do_unknown)(tag, command)) and name != "LOGOUT"

    def do_unknown(self, tag: bytes, command: bytes) -> list[bytes]:
        return [tag + b" BAD unknown"]

    def do_capability(self, tag: bytes, command: bytes) -> list[bytes]:
        return [b"* CAPABILITY " + self.server.double.capabilities.encode(), tag + b" OK done"]

    def do_login(self, tag: bytes, command: bytes) -> list[bytes]:
        return [tag + b" OK logged in"]

    def do_logout(self, tag: bytes, command: bytes) -> list[bytes]:
        return [b"* BYE", tag + b" OK done"]

    def do_noop(self, tag: bytes, command: bytes) -> list[bytes]:
        return [tag + b" OK done"]

    def do_list(self, tag: bytes, command: bytes) -> list[bytes]:
        listing = self.server.double.listing
        if listing is None:
            listing = [b'* LIST () "/" "%s"' % name.encode() for name in self.server.double.folders]
        return [*listing, tag + b" OK done"]

    def do_status(self, tag: bytes, command: bytes) -> list[bytes]:
        folder, name = self._named(command)
        if folder is None:
            return [tag + b" NO no such folder"]
        unseen = sum("\\Seen" not in mail.flags for mail in folder.mails)
        counts = b"(MESSAGES %d UIDNEXT %d UIDVALIDITY %d UNSEEN %d)"
        numbers = counts % (len(folder.mails), folder.next, folder.uidvalidity, unseen)
        return [b'* STATUS "%s" %s' % (name, numbers), tag + b" OK done"]

    def do_examine(self, tag: bytes, command: bytes) -> list[bytes]:
        self.folder, _ = self._named(command)
        if self.folder is None:
            return [tag + b" NO no such folder"]
        lines = [b"* FLAGS (\\Seen)", b"* %d EXISTS" % len(self.folder.mails)]
        lines.append(b"* OK [UIDVALIDITY %d] ok" % self.folder.uidvalidity)
        if self.server.double.uidnext:
            lines.append(b"* OK [UIDNEXT %d] ok" % self.folder.next)
        return [*lines, tag + b" OK [READ-ONLY] done"]

    def do_search(self, tag: bytes, command: bytes) -> list[bytes]:
        assert self.folder
        mails = self._chosen(re.search(rb"SEARCH UID (\S+)", command), by_uid=True)
        if b"UNSEEN" in command:
            mails = [mail for mail in mails if "\\Seen" not in mail.flags]
        return [b"* SEARCH " + b" ".join(b"%d" % mail.uid for mail in mails), tag + b" OK done"]

    def do_fetch(self, tag: bytes, command: bytes) -> list[bytes]:
        assert self.folder
        mails = self._chosen(re.search(rb"FETCH (\S+)", command), by_uid=command.startswith(b"UID"))
        return [*(self.describe(mail, command) for mail in mails), tag + b" OK done"]

    def do_idle(self, tag: bytes, command: bytes) -> list[bytes]:
        self.idle_tag = tag
        self.server.double.idle(self, begins=True)
        return [b"+ idling"]

    def describe(self, mail: Mail, command: bytes) -> bytes:
        assert self.folder
        items = [b"UID %d" % mail.uid]
        if b"FLAGS" in command:
            items.append(b"FLAGS (%s)" % " ".join(sorted(mail.flags)).encode())
        if b"INTERNALDATE" in command:
            items.append(b'INTERNALDATE "17-Jul-2026 02:44:25 +0200"')
        if b"RFC822.SIZE" in command:
            items.append(b"RFC822.SIZE %d" % len(mail.raw))
        if b"BODY.PEEK[]" in command:
            items.append(b"BODY[] {%d}\r\n%s" % (len(mail.raw), mail.raw))
        return b"* %d FETCH (%s)" % (self.folder.mails.index(mail) + 1, b" ".join(items))

    def _named(self, command: bytes) -> tuple[Folder | None, bytes]:
        match = re.search(rb'"([^"]*)"', command)
        name = match[1] if match else b""
        return self.server.double.folders.get(name.decode("latin-1")), name

    def _chosen(self, match: re.Match[bytes] | None, *, by_uid: bool) -> list[Mail]:
        assert self.folder
        assert match
        mails = self.folder.mails
        top = mails[-1].uid if mails and by_uid else len(mails)
        wanted: set[int] = set()
        for part in match[1].split(b","):
            ends = [top if end == b"*" else int(end) for end in part.split(b":")]
            wanted.update(range(min(ends), min(max(ends), 1_000_000) + 1))
        numbered = zip(itertools.count(1), mails, strict=False)
        return [mail for number, mail in numbered if (mail.uid if by_uid else number) in wanted]
