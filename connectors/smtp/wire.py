"""The lines of an SMTP conversation, read strictly: CRLF ends a line, and only CRLF (RFC 5321 section 2.3.8).

A bare CR or LF is how one mail is smuggled inside another (CVE-2024-27305 and its family): servers differ on where
the mail ends. Here it is an error, whether it stands in a command or in a mail.
"""

import asyncio
from collections.abc import Callable

BLOCK = 1 << 16
_END = b"\r\n.\r\n"


class BareLineEnd(Exception):
    """A CR without LF, or an LF without CR."""


class LineTooLong(Exception):
    """A command line beyond the bound."""


class TooLarge(Exception):
    """More mail than one may be; the rest was read and dropped."""


class NoRoom(Exception):
    """More mail than all connections together may hold just now; the rest was read and dropped."""


class Wire:
    """What the client sends. Stands where aiosmtpd keeps its StreamReader."""

    def __init__(self, reader: asyncio.StreamReader, longest: int, progress: Callable[[], None]) -> None:
        self._reader = reader
        self._progress = progress
        self._longest = longest
        self._ahead = bytearray()
        self._ended = False

    @property
    def waiting(self) -> bool:
        """Whether the client has sent more than was read so far."""
        return bool(self._ahead or self._reader._buffer)  # type: ignore[attr-defined]  # asyncio has no public way

    def end(self) -> None:
        """Read no further: what follows a refused line is not to be believed."""
        self._ended = True
        self._ahead.clear()

    async def readuntil(self) -> bytes:
        """The next command line with its CRLF."""
        while (end := self._ahead.find(b"\n")) < 0:
            if len(self._ahead) > self._longest:
                raise LineTooLong
            self._ahead += await self._block()
        line = bytes(self._ahead[: end + 1])
        del self._ahead[: end + 1]
        if len(line) > self._longest:
            raise LineTooLong
        if not line.endswith(b"\r\n") or line.count(b"\r") != 1 or b"\0" in line:
            raise BareLineEnd
        return line

    async def mail(self, largest: int, hold: Callable[[int], bool], grace: float) -> bytes:
        """The mail up to the line with the lone dot, dots unstuffed.

        `hold` is told how many bytes are held, and answers whether they may be. A mail that is refused is read to
        its end without being kept; after a bare CR or LF only until the client waits for an answer (`grace`).
        """
        kept = bytearray(b"\r\n")  # the end may be the very first line
        checked = sought = 0
        problem: Exception | None = None
        while True:
            kept += self._ahead
            self._ahead.clear()
            if _is_bare(kept, checked):
                problem = BareLineEnd()
            checked = len(kept) - kept.endswith(b"\r")
            if (end := kept.find(_END, sought)) >= 0:
                break
            if len(kept) > largest + len(_END):
                problem = problem or TooLarge()
            elif not hold(len(kept)):
                problem = problem or NoRoom()
            if problem:
                del kept[: -len(_END)]
                checked = len(kept) - kept.endswith(b"\r")
                hold(0)
            sought = max(0, len(kept) - len(_END) + 1)
            self._ahead += await self._block(grace if isinstance(problem, BareLineEnd) else None)
        self._ahead += kept[end + len(_END) :]
        if problem or end > largest:
            raise problem or TooLarge
        with memoryview(kept) as view:
            mail = bytes(view[2 : end + 2])
        kept.clear()
        if mail.startswith(b"."):
            mail = mail[1:]
        return mail.replace(b"\r\n.", b"\r\n") if b"\r\n." in mail else mail

    async def _block(self, grace: float | None = None) -> bytes:
        if self._ended:
            return await self._closing()
        try:
            block = await asyncio.wait_for(self._reader.read(BLOCK), grace)
        except TimeoutError:
            raise BareLineEnd from None
        self._progress()
        return block or await self._closing()

    async def _closing(self) -> bytes:
        """Wait for the end: the loss of the connection cancels this task."""
        never: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        return await never


def _is_bare(kept: bytearray, start: int) -> bool:
    """Whether a CR or LF stands alone from `start` on; a CR at the very end still waits for its LF."""
    end = len(kept) - kept.endswith(b"\r")
    pairs = kept.count(b"\r\n", start, end)
    return kept.count(b"\n", start, end) != pairs or kept.count(b"\r", start, end) != pairs
