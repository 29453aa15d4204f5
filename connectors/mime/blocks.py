r"""Parsing a mail without walking through its long texts and attachments line by line.

The standard library looks at every line of a mail several times and keeps each by itself. Long runs of lines that can
begin no header and no part are therefore left out before parsing, each leaving one line in its place; who wants the
bytes of a part gets them from the mail as it came:

    blank line, 100 lines of base64 …  →  blank line, one line that names the run  →  parsed  →  `Source.octets`

After a blank line, a line that is no header line is body, and so is what follows up to a line that begins with "--".
Only the parts of a delivery status end with a blank line, too. So the structure found is the same.
"""

import re
from collections.abc import Iterator
from hashlib import sha256

from connectors.mime import charsets

# Shorter mails cost less than looking for runs in them.
_WORTH_LOOKING = 16_384
_SHORTEST = 8192
# So much of a text stays: it may turn out to be headers below a stray line (connectors.mime.parts.mended).
_LOOKED_INTO = 65_536
_NAME = re.compile(rb"kingpost run ([0-9a-f]{64}) (\d+)\.")
# From the end of the line above, so that the search goes from line to line, not from byte to byte.
_BODY = re.compile(rb"\n\r?\n(?!--|From |[!-9;-~]*:|[ \t])(?=[^\r\n])")
_BASE64 = re.compile(rb"[A-Za-z0-9+/]{60,78}\r?\n")
# Where a run ends at the latest, beside "\n--": the parser takes a bare carriage return for the end of a line.
_END = re.compile(rb"\r(?!\n)")
_END_IN_REPORTS = re.compile(rb"\r(?!\n)|\n\r?\n")


class Source:
    """A raw mail and the runs of lines that were left out of what is parsed."""

    def __init__(self, raw: bytes) -> None:
        """Find the runs; linear in the size of the mail."""
        self._raw = memoryview(raw)
        self._runs: list[tuple[int, int]] = []
        self.short = raw
        if len(raw) < _WORTH_LOOKING:
            return
        self._runs = list(_runs(raw))
        if self._runs:
            # A name that the mail cannot hold, because it is made from all of it.
            self._digest = sha256(raw).hexdigest().encode()
            self.short = b"".join(self._shortened())

    def octets(self, text: str) -> bytes:
        """The bytes of some text of the parsed mail."""
        return b"".join(self.pieces(charsets.octets(text)))

    def pieces(self, found: bytes) -> Iterator[bytes | memoryview]:
        """The bytes that some of the parsed mail stands for, long ones not copied."""
        if not self._runs:
            yield found
            return
        position = 0
        for place in _NAME.finditer(found):
            if place[1] != self._digest:
                continue
            yield found[position : place.start()]
            start, end = self._runs[int(place[2])]
            yield self._raw[start:end]
            position = place.end()
        yield found[position:]

    def _shortened(self) -> Iterator[bytes | memoryview]:
        position = 0
        for number, (start, end) in enumerate(self._runs):
            yield self._raw[position:start]
            yield b"kingpost run %b %d." % (self._digest, number)
            position = end
        yield self._raw[position:]


def _runs(raw: bytes) -> Iterator[tuple[int, int]]:
    """Where runs begin and end. The last line end is not of them: before a delimiter it belongs to that (RFC 2046)."""
    ends = _END_IN_REPORTS if b"message/delivery-status" in raw.lower() else _END
    position, delimiter = 0, -1
    while body := _BODY.search(raw, max(0, position - 1)):
        start = body.end()
        if delimiter < start:
            delimiter = raw.find(b"\n--", start)
            delimiter = len(raw) if delimiter < 0 else delimiter
        # With its line end, before which a carriage return is not bare.
        found = ends.search(raw, start, delimiter + 1)
        position = found.start() if found else delimiter
        if not _BASE64.match(raw, start):
            start = raw.find(b"\n", start + _LOOKED_INTO, position) + 1
        # Only whole lines.
        end = raw.rfind(b"\n", start, position + 1)
        if raw[end - 1 : end] == b"\r":
            end -= 1
        if 0 < start <= end - _SHORTEST:
            yield start, end
