"""One connection to one account: commands out, checked answers back, nothing on the server changed.

connect + login → ENABLE QRESYNC or CONDSTORE → EXAMINE folder → SEARCH, FETCH (peeking), NOOP, IDLE … → close

Folders are opened by EXAMINE, so that no command of ours can set a flag. The one exception is `writable`, for the
keywords of mailboxes that have them switched on. One thread uses a session; another may `interrupt` it.
"""

import contextlib
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from connectors.imap import answers, connecting, folders, sets
from connectors.imap.answers import Answer, Said
from connectors.imap.limits import Limits
from connectors.oauth.sasl import Bearer
from rules.terms.errors import ConnectionEnded, ConnectorError, ServerDeclined, ServerMisbehaved
from rules.terms.mail import Mailbox
from rules.terms.mark import Keyword

_LITERAL = re.compile(rb"\{(\d{1,20})\+?\}$")
_STATUS_LINE = (b"* OK", b"* NO", b"* BAD", b"* BYE", b"* PREAUTH")
_WINDOW = 50_000


@dataclass(frozen=True, slots=True)
class Reply:
    """How a command ended, and what came before that."""

    end: Said
    answers: list[Answer]

    @property
    def accepted(self) -> bool:
        """Whether the server said OK."""
        return self.end.kind == "OK"

    @property
    def reason(self) -> str:
        """The server's words."""
        return self.end.text.decode("utf-8", "replace")[:200]


@dataclass(frozen=True, slots=True)
class Selected:
    """A folder as EXAMINE found it. `top` is the highest UID that was ever given out.

    Where the server names no UIDNEXT (`sure` is false) it is only the highest that is there now.
    """

    raw: bytes
    exists: int
    uidvalidity: int
    top: int
    modseq: int | None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Writable:
    """A folder as SELECT found it. `flags` are those that can be changed for good, in lower case (RFC 3501, 7.1)."""

    uidvalidity: int
    flags: frozenset[str]

    def takes(self, keyword: Keyword) -> bool:
        """Whether this keyword can be written."""
        return "\\*" in self.flags or keyword.lower() in self.flags


class Session:
    """A connection that is logged in."""

    def __init__(self, mailbox: Mailbox, secret: str | Bearer, limits: Limits) -> None:
        self.mailbox = mailbox
        self.limits = limits
        self.selected: Selected | None = None
        self.exists = 0
        self.interrupted = False
        self._idling = b""
        self._number = 0
        self._client = connecting.connect(mailbox, secret, limits)
        self._wire = self._client.wire
        try:
            with connecting.translated(mailbox):
                words = self._client.capabilities()
                self.capabilities = frozenset(word.decode("latin-1").upper() for word in words)
            self.qresync = self._enable("QRESYNC")
            self.condstore = self.qresync or self._enable("CONDSTORE")
        except BaseException:
            self._wire.shutdown()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Say goodbye without waiting for the answer."""
        with contextlib.suppress(ConnectorError, OSError):
            self._wire.begin("logout", 1)
            self._wire.send(b"kp LOGOUT\r\n")
        self._wire.shutdown()

    def interrupt(self) -> None:
        """End the connection from another thread."""
        self.interrupted = True
        self._wire.interrupt()

    @property
    def idling(self) -> bool:
        """Whether the server tells of news by itself now."""
        return bool(self._idling)

    def can(self, capability: str) -> bool:
        """Whether the server offers an extension."""
        return capability in self.capabilities

    def ask(
        self,
        command: bytes,
        *,
        operation: str = "",
        seconds: float = 0,
        expect: int = 0,
        line: int = 0,
        literal: int = 0,
    ) -> Reply:
        """Send a command and read up to its end, whatever that is."""
        operation = operation or command.split(b" ", 1)[0].decode()
        self._number += 1
        tag = b"kp%d" % self._number
        with connecting.translated(self.mailbox):
            self._wire.begin(operation, seconds or self.limits.command_seconds, expect, line=line, literal=literal)
            self._wire.send(tag + b" " + command + b"\r\n")
            return self._until(tag)

    def run(self, command: bytes, *, operation: str = "", expect: int = 0, line: int = 0) -> list[Answer]:
        """Send a command that has to succeed."""
        reply = self.ask(command, operation=operation, expect=expect, line=line)
        if not reply.accepted:
            name = operation or command.split(b" ", 1)[0].decode()
            raise ServerDeclined(host=self.mailbox.host, operation=name, reason=reply.reason)
        return reply.answers

    def examine(self, raw: bytes) -> Selected | None:
        """Open a folder for reading only; None when it is not there. ServerDeclined when the server will not."""
        reply = self._open(b"EXAMINE", raw)
        if reply is None:
            return None
        exists, codes = 0, {}
        for answer in reply.answers:
            if isinstance(answer, answers.Exists):
                exists = answer.count
            elif isinstance(answer, Said) and answer.argument.isdigit() and len(answer.argument) < 20:
                codes[answer.code] = int(answer.argument)
        validity = codes.get("UIDVALIDITY", 0)
        if not validity:
            raise self._unopened(raw, "a folder without UIDVALIDITY")
        sure = codes.get("UIDNEXT", 0) > 0
        top = codes["UIDNEXT"] - 1 if sure else self._highest(exists)
        self.exists = exists
        self.selected = Selected(raw, exists, validity, top, codes.get("HIGHESTMODSEQ"), sure)
        return self.selected

    @contextlib.contextmanager
    def writable(self, raw: bytes) -> Iterator[Writable | None]:
        r"""A folder opened for writing, for the time of the block; then it is opened for reading only again.

        None when it is not there. Opening it takes `\Recent` from its mails, as any mail program does.
        """
        reply = self._open(b"SELECT", raw)
        if reply is None:
            yield None
            return
        said = {answer.code: answer.argument for answer in reply.answers if isinstance(answer, Said)}
        flags = b"" if reply.end.code == "READ-ONLY" else said.get("PERMANENTFLAGS", b"")
        validity = said.get("UIDVALIDITY", b"")
        try:
            yield Writable(
                int(validity) if validity.isdigit() and len(validity) < 20 else 0,
                frozenset(flags.decode("latin-1").strip("()").lower().split()),
            )
        finally:
            # Neither CLOSE nor EXPUNGE: what somebody marked for deletion stays. A broken line tells the next command.
            with contextlib.suppress(ConnectorError):
                self.examine(raw)

    def takes_keywords(self, raw: bytes) -> bool:
        """Whether the server lets all our keywords be written in a folder."""
        try:
            with self.writable(raw) as folder:
                return folder is not None and all(map(folder.takes, Keyword))
        except ServerDeclined:
            return False

    def store(self, uids: list[int], keyword: Keyword, *, wanted: bool) -> None:
        """Write a keyword of ours to mails of the folder that is `writable`, or take it away; nothing else changes."""
        sign = b"+" if wanted else b"-"
        self.run(
            b"UID STORE " + sets.compress(uids) + b" " + sign + b"FLAGS.SILENT (" + keyword.encode() + b")",
            operation="STORE",
            expect=256 * len(uids),
        )

    def flags_of(self, uids: list[int]) -> dict[int, frozenset[str]]:
        """The flags of those of the mails that are there."""
        wanted = frozenset(uids)
        mails = self._mails(b"UID FETCH " + sets.compress(uids) + b" (UID FLAGS)", 1024 * len(uids))
        return {mail.uid: mail.flags for mail in mails if mail.uid in wanted and mail.flags is not None}

    def foreign(self) -> tuple[bytes, ...]:
        """The prefixes of folders that are not this account's own."""
        if not self.can("NAMESPACE"):
            return ()
        found = [one for one in self.ask(b"NAMESPACE").answers if isinstance(one, answers.Namespaces)]
        return tuple(prefix for one in found for prefix in one.foreign if prefix)

    def search(self, low: int, high: int, criteria: bytes = b"") -> "array[int]":
        """The UIDs from `low` to `high`, ascending, asked for in windows that grow where the folder is sparse."""
        found: array[int] = array("Q")
        window = high if self.exists <= _WINDOW else _WINDOW
        while low <= high:
            end = min(high, low + window - 1)
            command = b"UID SEARCH UID %d:%d" % (low, end) + (b" " + criteria if criteria else b"")
            room = 12 * min(window, max(self.exists, 1000)) + 4096
            parts = self.run(command, operation="SEARCH", expect=room, line=room)
            results = [part for part in parts if isinstance(part, answers.Found)]
            if not results and not criteria and self.exists:
                # No answer at all is no proof that nothing is there.
                mails = self._mails(b"UID FETCH %d:%d (UID)" % (low, end), room * 4)
                results = [answers.Found([mail.uid or 0 for mail in mails])]
            uids = {uid for part in results for uid in part.numbers}
            here = sorted(uid for uid in uids if low <= uid <= end)
            found.extend(here)
            low = end + 1
            window = window * 4 if len(here) < window // 8 else _WINDOW
        return found

    def fetch(self, uids: list[int], items: bytes, *, each: int = 256, literal: int = 0) -> Reply:
        """FETCH by UID; `each` bytes are expected for one mail."""
        expect = len(uids) * each
        return self.ask(
            b"UID FETCH " + sets.compress(uids) + b" " + items,
            operation="FETCH",
            seconds=self.limits.command_seconds + expect / self.limits.slowest,
            expect=expect,
            literal=literal,
        )

    def changed(self, low: int, high: int, modseq: int) -> list[Answer]:
        """Flags that changed after `modseq`, and with QRESYNC the UIDs that vanished since (RFC 7162)."""
        since = b"(CHANGEDSINCE %d VANISHED)" if self.qresync else b"(CHANGEDSINCE %d)"
        command = b"UID FETCH %d:%d (UID FLAGS) " % (low, max(low, high)) + since % modseq
        room = 200 * min(high - low + 1, max(self.exists, 1000))
        return self.run(command, operation="FETCH changes", expect=room, line=8 << 20)

    def flags(self, low: int) -> list[answers.Mail]:
        """Flags of the mails from sequence number `low` on, where there is no CONDSTORE to ask for changes."""
        if not self.exists:
            return []
        return self._mails(b"FETCH %d:* (UID FLAGS)" % max(1, low))

    def flags_at(self, sequences: list[int]) -> list[answers.Mail]:
        """Flags of the mails with these sequence numbers, as the last answers counted them."""
        items = b"(UID FLAGS MODSEQ)" if self.condstore else b"(UID FLAGS)"
        return self._mails(b"FETCH " + sets.compress(sorted(sequences)) + b" " + items)

    def status(self, raw: bytes) -> dict[str, int] | None:
        """Counts of a folder; None when the server will not.

        The folder must not be the open one: of that, Dovecot tells the counts as they were before somebody deleted
        it and made it anew. So it is closed first, by a command that cannot expunge; without that, None.
        """
        if self.selected and self.selected.raw == raw:
            if not self.can("UNSELECT"):
                return None
            self.selected = None
            self.run(b"UNSELECT")
        items = b"(MESSAGES UIDNEXT UIDVALIDITY UNSEEN" + (b" HIGHESTMODSEQ)" if self.condstore else b")")
        reply = self.ask(b"STATUS " + quoted(raw) + b" " + items)
        found = [answer.items for answer in reply.answers if isinstance(answer, answers.Counts)]
        return found[-1] if reply.accepted and found else None

    def listed(self) -> list[answers.Listed]:
        """All folders, as they are called on the wire."""
        return [answer for answer in self.run(b'LIST "" "*"', expect=8 << 20) if isinstance(answer, answers.Listed)]

    def noop(self) -> Reply:
        """Ask whether there is news."""
        return self.ask(b"NOOP")

    def idle(self) -> None:
        """Ask to be told of news (RFC 2177)."""
        self._number += 1
        tag = b"kp%d" % self._number
        with connecting.translated(self.mailbox):
            self._wire.begin("IDLE", self.limits.command_seconds)
            self._wire.send(tag + b" IDLE\r\n")
            line = self._line()
            while line[:1] != b"+":
                if line.startswith(tag):
                    raise ServerDeclined(host=self.mailbox.host, operation="IDLE", reason=line.decode("latin-1")[:200])
                line = self._line()
        self._idling = tag

    def news(self, seconds: float, settle: float = 0.02) -> list[Answer]:
        """What the server tells while idling; [] after `seconds`. Lines that follow on each other come together."""
        found: list[Answer] = []
        with connecting.translated(self.mailbox):
            self._wire.begin("IDLE", seconds + self.limits.command_seconds)
            waiting = seconds
            while self._idling and self._wire.wait(waiting):
                line = self._line()
                if line.startswith(self._idling + b" "):
                    self._idling = b""
                    break
                if line[:1] == b"*":
                    found.append(self._answer(line))
                waiting = settle
        return found

    def done(self) -> list[Answer]:
        """End idling, with what came in the meantime."""
        tag, self._idling = self._idling, b""
        if not tag:
            return []
        with connecting.translated(self.mailbox):
            self._wire.begin("DONE", self.limits.command_seconds)
            self._wire.send(b"DONE\r\n")
            return self._until(tag).answers

    def _open(self, command: bytes, raw: bytes) -> Reply | None:
        """Open a folder; None when it is not there."""
        self.selected = None
        reply = self.ask(command + b" " + quoted(raw) + (b" (CONDSTORE)" if self.condstore else b""))
        if reply.accepted:
            return reply
        if reply.end.code == "NONEXISTENT":
            return None
        raise self._unopened(raw, reply.reason)

    def _until(self, tag: bytes) -> Reply:
        found: list[Answer] = []
        while True:
            line = self._line()
            if line[:1] == b"*":
                found.append(self._answer(line))
            elif line.startswith(tag + b" "):
                kind, _, text = line[len(tag) + 1 :].partition(b" ")
                return Reply(answers.said(kind.upper(), text), found)
            elif line[:1] != b"+":
                raise ServerMisbehaved(host=self.mailbox.host, reason=f"an unexpected line {line[:60]!r}")

    def _line(self) -> bytes:
        line = self._wire.readline()
        if not line:
            raise ConnectionEnded(host=self.mailbox.host, reason="end of data")
        return line.rstrip(b"\r\n")

    def _answer(self, line: bytes) -> Answer:
        literals: list[bytes] = []
        text = line
        if not line.upper().startswith(_STATUS_LINE):
            while match := _LITERAL.search(line):
                literals.append(self._wire.read(int(match[1])))
                line = self._line()
                text = text[: text.rindex(b"{")] + b"\0" + line
        if text.count(b"\0") != len(literals):
            return answers.Other("")
        try:
            answer = answers.parse(text, literals)
        except answers.Malformed:
            # The line is whole, only unreadable: what should have stood in it is missed and asked for again.
            if text[:2] != b"* ":
                raise
            return answers.Other("")
        self._count(answer)
        return answer

    def _count(self, answer: Answer) -> None:
        """Keep the number of mails in the open folder, and notice a goodbye."""
        if isinstance(answer, answers.Exists):
            self.exists = answer.count
        elif isinstance(answer, answers.Expunged):
            self.exists = max(0, self.exists - 1)
        elif isinstance(answer, answers.Vanished) and not answer.earlier:
            self.exists = max(0, self.exists - sum(len(part) for part in answer.uids))
        elif isinstance(answer, Said) and answer.kind == "BYE":
            reason = answer.text.decode("utf-8", "replace")[:200]
            raise ConnectionEnded(host=self.mailbox.host, reason=f"BYE {reason}")

    def _enable(self, extension: str) -> bool:
        if not self.can(extension) or not (self.can("ENABLE") or extension == "CONDSTORE"):
            return False
        return not self.can("ENABLE") or self.ask(b"ENABLE " + extension.encode()).accepted

    def _mails(self, command: bytes, expect: int = 0) -> list[answers.Mail]:
        found = self.run(command, operation="FETCH flags", expect=expect)
        return [mail for mail in found if isinstance(mail, answers.Mail) and mail.uid is not None]

    def _unopened(self, raw: bytes, reason: str) -> ServerDeclined:
        operation = f"EXAMINE {folders.decoded(raw)}"
        return ServerDeclined(host=self.mailbox.host, operation=operation, reason=reason)

    def _highest(self, exists: int) -> int:
        """The highest UID of a folder whose server names no UIDNEXT."""
        if not exists:
            return 0
        mails = [answer for answer in self.run(b"UID FETCH * (UID)") if isinstance(answer, answers.Mail)]
        return max((mail.uid or 0 for mail in mails), default=0)


def quoted(raw: bytes) -> bytes:
    """A folder's name as an argument."""
    if any(octet < 32 for octet in raw):
        raise ServerMisbehaved(host="", reason="a folder name with control characters")
    return b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
