"""One stream of an mbox file, cut into its mails: bounded, a line at a time, with From_-quoting undone (mboxrd).

A `From ` line parts two mails only when it carries a date and a header field follows, so that prose beginning
with "From " parts nothing (RFC 4155 leaves the rest to luck).
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

LINE = 1 << 16

_TIME = re.compile(rb"\b\d{1,2}:\d{2}")
_YEAR = re.compile(rb"\b(19|20)\d{2}\b")
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:|>From ")
_QUOTED = re.compile(rb">+From ")


class _Mail:
    """The mail being collected; over the limit its content is dropped and only counted."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.raw = bytearray()
        self.size = 0

    def add(self, part: bytes) -> None:
        self.size += len(part)
        if self.size <= self.limit:
            self.raw += part
        else:
            self.raw = bytearray()

    def content(self) -> bytes | None:
        """The mail; None when it was too large. The empty line before the next From_ line is not the mail's."""
        if self.size > self.limit:
            return None
        empty = 2 if self.raw.endswith(b"\n\r\n") else 1 if self.raw.endswith(b"\n\n") else 0
        del self.raw[len(self.raw) - empty :]
        return bytes(self.raw)


def _parts(line: bytes) -> bool:
    return line.startswith(b"From ") and bool(_TIME.search(line, 5, 400)) and bool(_YEAR.search(line, 5, 400))


def split(stream: BinaryIO, limit: int) -> Iterator[bytes | None]:
    """The mails of a stream behind its first From_ line, in order; None stands for one over the limit."""
    mail = _Mail(limit)
    held = b""  # a From_ line that waits for what follows it
    starts = True
    while line := stream.readline(LINE):
        if held:
            if _FIELD.match(line):
                yield mail.content()
                mail = _Mail(limit)
            else:
                mail.add(held)
            held = b""
        whole = line.endswith(b"\n")
        if starts and whole and _parts(line):
            held = line
        else:
            mail.add(line[1:] if starts and line[:1] == b">" and _QUOTED.match(line) else line)
        starts = whole
    mail.add(held)
    yield mail.content()
