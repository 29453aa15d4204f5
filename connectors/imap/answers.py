"""What a server says without being asked, or in answer: untagged lines read into values.

Bodies never pass through a parser: a line comes with its literals beside it, each marked by a NUL byte in the text.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from connectors.imap import sets

Value = bytes | list["Value"] | None

_TOKEN = re.compile(rb'\s*+(?:([()])|"([^"\\]*+(?:\\.[^"\\]*+)*+)"|((?:\[[^\]]*+\]|[^\s()"\[])++))', re.DOTALL)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_LINE = re.compile(rb"\* (\d{1,10}) ([A-Za-z]+)\s*(.*)|\* ([A-Za-z]+)\s*(.*)", re.DOTALL)
_CODE = re.compile(rb"\[([A-Za-z0-9-]+) ?([^\]]*)\]")
_WHEN = re.compile(rb"\s*(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")
_MONTHS = {
    name: number
    for number, name in enumerate(
        (b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"), 1
    )
}
_DEPTH = 32


class Malformed(ValueError):
    """A line that is not IMAP."""


@dataclass(frozen=True, slots=True)
class Exists:
    """So many mails lie in the folder now."""

    count: int


@dataclass(frozen=True, slots=True)
class Expunged:
    """The mail with this sequence number went."""

    sequence: int


@dataclass(frozen=True, slots=True)
class Vanished:
    """Mails went (RFC 7162). `earlier`: in answer to a question, not just now."""

    uids: list[range]
    earlier: bool


@dataclass(slots=True)
class Mail:
    """One FETCH answer; what was not in it is None. `bodies` counts how often a body stood in the answer."""

    sequence: int
    uid: int | None = None
    flags: frozenset[str] | None = None
    size: int | None = None
    arrived: datetime | None = None
    modseq: int | None = None
    body: bytes | None = None
    bodies: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a SEARCH."""

    numbers: list[int]


@dataclass(frozen=True, slots=True)
class Counts:
    """The answer to STATUS: upper-case items with their numbers."""

    items: dict[str, int]


@dataclass(frozen=True, slots=True)
class Listed:
    """A folder of a LIST answer; attributes in lower case."""

    attributes: frozenset[str]
    delimiter: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Namespaces:
    """The prefixes of folders that are other people's, or everybody's (RFC 2342)."""

    foreign: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """OK, NO, BAD or BYE, with the response code (upper case) and its argument."""

    kind: str
    code: str
    argument: bytes
    text: bytes


@dataclass(frozen=True, slots=True)
class Other:
    """Something of no interest here."""

    kind: str


Answer = Exists | Expunged | Vanished | Mail | Found | Counts | Listed | Namespaces | Said | Other


def parse(text: bytes, literals: list[bytes]) -> Answer:
    """An untagged line. Malformed when it is none."""
    match = _LINE.fullmatch(text)
    if match is None:
        raise Malformed(f"unexpected line {text[:60]!r}")
    try:
        if match[1]:
            return _numbered(int(match[1]), match[2].upper(), match[3], literals)
        return _named(match[4].upper(), match[5], literals)
    except Malformed:
        raise
    except ValueError as error:
        raise Malformed(f"unreadable line {text[:60]!r}") from error


def said(kind: bytes, text: bytes) -> Said:
    """A status answer, tagged or untagged."""
    code = _CODE.match(text)
    if code is None:
        return Said(kind.decode("ascii", "replace"), "", b"", text)
    return Said(kind.decode("ascii", "replace"), code[1].decode().upper(), code[2], text)


def _numbered(number: int, kind: bytes, rest: bytes, literals: list[bytes]) -> Answer:
    if kind == b"FETCH":
        return _mail(number, rest, literals)
    if kind == b"EXISTS":
        return Exists(number)
    if kind == b"EXPUNGE":
        return Expunged(number)
    return Other(kind.decode())


def _named(kind: bytes, rest: bytes, literals: list[bytes]) -> Answer:
    if kind in (b"OK", b"NO", b"BAD", b"BYE", b"PREAUTH"):
        return said(kind, rest)
    if kind == b"SEARCH":
        return Found([int(word) for word in rest.partition(b"(")[0].split()])
    if kind == b"VANISHED":
        earlier = rest[:9].upper() == b"(EARLIER)"
        return Vanished(sets.ranges(rest[9:].strip() if earlier else rest.strip()), earlier)
    if (read := _LISTS.get(kind)) is not None:
        return read(values(rest, literals))
    return Other(kind.decode())


def values(text: bytes, literals: list[bytes]) -> list[Value]:
    """The words of a line; parentheses become lists, NIL becomes None."""
    top: list[Value] = []
    stack: list[list[Value]] = []
    here = top
    waiting = iter(literals)
    position, end = 0, len(text.rstrip())
    while position < end:
        token = _TOKEN.match(text, position)
        if token is None:
            raise Malformed(f"unreadable words {text[position : position + 60]!r}")
        position = token.end()
        bracket, quoted, atom = token.groups()
        if atom is not None:
            if atom == b"\0":
                here.append(next(waiting, None))
            else:
                here.append(None if atom in (b"NIL", b"nil", b"Nil") else atom)
        elif quoted is not None:
            here.append(_ESCAPED.sub(rb"\1", quoted) if b"\\" in quoted else quoted)
        elif bracket == b"(":
            if len(stack) >= _DEPTH:
                raise Malformed("parentheses nested too deeply")
            stack.append(here)
            inner: list[Value] = []
            here.append(inner)
            here = inner
        elif not stack:
            raise Malformed("a closing parenthesis too many")
        else:
            here = stack.pop()
    if stack:
        raise Malformed("a closing parenthesis is missing")
    return top


def moment(text: bytes) -> datetime | None:
    """An INTERNALDATE in UTC; None when it is none."""
    match = _WHEN.match(text)
    if match is None:
        return None
    day, month, year, hour, minute, second, sign, hours, minutes = match.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    try:
        zone = timezone(-offset if sign == b"-" else offset)
        number = _MONTHS[month.lower()]
        local = datetime(int(year), number, int(day), int(hour), int(minute), min(int(second), 59), tzinfo=zone)
        return local.astimezone(UTC)
    except (KeyError, ValueError, OverflowError):
        return None


def _mail(sequence: int, rest: bytes, literals: list[bytes]) -> Mail:
    items = values(rest, literals)
    if len(items) != 1 or not isinstance(items[0], list) or len(items[0]) % 2:
        raise Malformed("a FETCH answer that is no list of pairs")
    mail = Mail(sequence)
    pairs = items[0]
    for index in range(0, len(pairs), 2):
        key, value = pairs[index], pairs[index + 1]
        if not isinstance(key, bytes):
            raise Malformed("a FETCH answer without a name")
        _put(mail, key.upper(), value)
    return mail


def _put(mail: Mail, key: bytes, value: Value) -> None:
    if key == b"UID":
        mail.uid = _number(value)
    elif key == b"FLAGS" and isinstance(value, list):
        mail.flags = frozenset(flag.decode("latin-1") for flag in value if isinstance(flag, bytes))
    elif key == b"RFC822.SIZE":
        mail.size = _number(value)
    elif key == b"INTERNALDATE" and isinstance(value, bytes):
        mail.arrived = moment(value)
    elif key == b"MODSEQ" and isinstance(value, list) and value:
        mail.modseq = _number(value[0])
    elif key == b"BODY[]":
        mail.bodies += 1
        mail.body = value if isinstance(value, bytes) else None


def _listed(items: list[Value]) -> Listed:
    if len(items) < 3 or not isinstance(items[0], list) or not isinstance(items[2], bytes):
        raise Malformed("a LIST answer that names no folder")
    attributes = frozenset(word.decode("latin-1").lower() for word in items[0] if isinstance(word, bytes))
    delimiter = items[1].decode("latin-1") if isinstance(items[1], bytes) else ""
    return Listed(attributes, delimiter, items[2])


def _namespaces(items: list[Value]) -> Namespaces:
    """Personal ones first, then those of others, then shared ones; each a list of prefix and delimiter."""
    found: list[bytes] = []
    for part in items[1:3]:
        for entry in part if isinstance(part, list) else ():
            if not isinstance(entry, list) or not entry or not isinstance(entry[0], bytes):
                raise Malformed("a NAMESPACE answer without a prefix")
            found.append(entry[0])
    return Namespaces(tuple(found))


def _counts(items: list[Value]) -> Counts:
    pairs = items[-1] if items else None
    if not isinstance(pairs, list):
        raise Malformed("a STATUS answer without numbers")
    named = zip(pairs[::2], pairs[1::2], strict=False)
    return Counts({key.decode("latin-1").upper(): _number(value) for key, value in named if isinstance(key, bytes)})


_LISTS: dict[bytes, Callable[[list[Value]], Answer]] = {
    b"LIST": _listed,
    b"STATUS": _counts,
    b"NAMESPACE": _namespaces,
}


def _number(value: Value) -> int:
    if isinstance(value, bytes) and value.isdigit() and len(value) < 20:
        return int(value)
    raise Malformed(f"no number: {value!r:.40}")
