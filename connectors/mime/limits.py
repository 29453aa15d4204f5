"""How much one mail may ask of us, checked on the raw bytes before anything is parsed."""

import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.terms.errors import MailRefused

_BOUNDARY = re.compile(rb'boundary(?:\*[0-9]{0,3}\*?)?[ \t]*=[ \t\r\n]*(?:"([^"\r\n]{1,998})"|([^\s;"]{1,998}))')
_LINE_END = re.compile(rb"[\r\n]")
_LONGEST_LINE = 998
_MOST_BLOCKS = 20_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What a mail may have at most; over a limit it goes to quarantine instead of being read.

    `size` is of the whole mail, `header_bytes` of the topmost header block. `parts` counts MIME parts, `depth` how
    far they may be nested (each level costs the parser a call on every line). `addresses` are all of From, Reply-To,
    To, Cc and Bcc together.
    """

    size: int = 50 * 1024 * 1024
    header_bytes: int = 512 * 1024
    parts: int = 1000
    depth: int = 40
    addresses: int = 5000


def check(raw: bytes, limits: Limits) -> None:
    """Refuse a mail that is over a limit; linear in its size."""
    if len(raw) > limits.size:
        raise MailRefused(reason=f"larger than {limits.size:,} bytes")
    if len(raw) > limits.header_bytes:
        head = raw[: limits.header_bytes + 4]
        if head.find(b"\n\n") < 0 and head.find(b"\n\r\n") < 0 and head.find(b"\r\r") < 0:
            raise MailRefused(reason=f"header block larger than {limits.header_bytes:,} bytes")
    _check_structure(raw, limits)


def _check_structure(raw: bytes, limits: Limits) -> None:
    """Follow the boundaries as a parser would, without building anything.

    The count errs on the safe side: a boundary that is only quoted in a text opens a level too, until the delimiter
    of an outer part closes it again.
    """
    levels: list[bytes] = []
    known: dict[bytes, int] = {}
    parts = 1
    for name, opens in _marks(raw):
        if opens:
            key = name or b"\n%d" % len(levels)
            if key not in known:
                known[key] = len(levels)
                levels.append(key)
        else:
            closes = name not in known and name.endswith(b"--")
            level = known.get(name[:-2] if closes else name)
            if level is None:
                continue
            keep = level if closes else level + 1
            for inner in levels[keep:]:
                del known[inner]
            del levels[keep:]
            parts += not closes
        if parts > limits.parts:
            raise MailRefused(reason=f"more than {limits.parts:,} parts")
        if len(levels) > limits.depth:
            raise MailRefused(reason=f"parts nested deeper than {limits.depth}")


def _marks(raw: bytes) -> Iterator[tuple[bytes, bool]]:
    """What opens a level (a boundary in a header, b"" for an enclosed message) and the delimiter lines, in order."""
    lower = raw.lower()
    report = lower.find(b"message/delivery-status")
    # Every blank line in a report opens a block, which costs as much as a part; what follows it counts too.
    if report >= 0 and lower.count(b"\n\n", report) + lower.count(b"\n\r\n", report) > _MOST_BLOCKS:
        raise MailRefused(reason=f"a report with more than {_MOST_BLOCKS:,} blocks")
    openers = (b"boundary", b"type: message/")
    if not any(mark in lower for mark in openers):
        return
    # Merged one by one, not held as lists: a mail may be nothing else.
    marks = heapq.merge(
        *(((position, True) for position in _positions(lower, mark)) for mark in openers),
        *(((position + 1, False) for position in _positions(lower, mark)) for mark in (b"\n--", b"\r--")),
    )
    for position, opens in marks:
        if not opens:
            end = _LINE_END.search(lower, position, position + _LONGEST_LINE)
            yield lower[position + 2 : end.start() if end else position + _LONGEST_LINE].rstrip(), False
        elif lower.startswith(b"type:", position):
            yield b"", True
        elif match := _BOUNDARY.match(lower, position):
            yield (match.group(1) or match.group(2)).rstrip(), True


def _positions(content: bytes, mark: bytes) -> Iterator[int]:
    position = content.find(mark)
    while position >= 0:
        yield position
        position = content.find(mark, position + len(mark))
