"""Mail in the envelope of S/MIME: the content of a signature that encloses it (RFC 8551, 3.5.2; CMS, RFC 5652).

The signature is not checked; whom to believe is decided by the firm's own mail server.
"""

from dataclasses import dataclass

TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})

_SEQUENCE, _OBJECT, _SET, _INTEGER, _OCTETS = 0x30, 0x06, 0x31, 0x02, 0x04
_CONSTRUCTED_OCTETS, _EXPLICIT = 0x24, 0xA0
_SIGNED = bytes.fromhex("2a864886f70d010702")
_ENVELOPED = (bytes.fromhex("2a864886f70d010703"), bytes.fromhex("2a864886f70d01091001"))
_MOST_PIECES = 200_000


@dataclass(frozen=True, slots=True)
class _Element:
    """One element of BER: its tag, and where its content stands. `end` is -1 where only a mark will tell."""

    tag: int
    start: int
    end: int


def encrypted(content: bytes) -> bool:
    """Whether it can be read only by whoever has the key."""
    oid = _object(content)
    return oid in _ENVELOPED


def enclosed(content: bytes) -> bytes | None:
    """The mail that a signature encloses; None when there is none or it cannot be found."""
    try:
        return _enclosed(content)
    except (IndexError, ValueError):
        return None


def _enclosed(content: bytes) -> bytes | None:
    position = _inside(content, 0, _SEQUENCE)
    if _object(content) != _SIGNED:
        return None
    position = _after(content, position)
    for tag in (_EXPLICIT, _SEQUENCE):
        position = _inside(content, position, tag)
    for tag in (_INTEGER, _SET):
        if _element(content, position).tag != tag:
            return None
        position = _after(content, position)
    position = _after(content, _inside(content, position, _SEQUENCE))
    return _octets(content, _inside(content, position, _EXPLICIT))


def _object(content: bytes) -> bytes:
    try:
        found = _element(content, _inside(content, 0, _SEQUENCE))
    except (IndexError, ValueError):
        return b""
    return content[found.start : found.end] if found.tag == _OBJECT else b""


def _element(content: bytes, position: int) -> _Element:
    tag, length, start = content[position], content[position + 1], position + 2
    if length == 0x80:
        return _Element(tag, start, -1)
    if length > 0x80:
        size = length - 0x80
        if size > 5:
            raise ValueError
        length, start = int.from_bytes(content[start : start + size], "big"), start + size
    return _Element(tag, start, start + length)


def _inside(content: bytes, position: int, tag: int) -> int:
    found = _element(content, position)
    if found.tag != tag:
        raise ValueError
    return found.start


def _after(content: bytes, position: int) -> int:
    """Where the next element begins. Of those that end with a mark, only ones with plain elements are understood."""
    found = _element(content, position)
    if found.end >= 0:
        return found.end
    position = found.start
    for _ in range(_MOST_PIECES):
        if content[position : position + 2] == b"\0\0":
            return position + 2
        inner = _element(content, position)
        if inner.end < 0:
            break
        position = inner.end
    raise ValueError


def _octets(content: bytes, position: int) -> bytes:
    """A string of octets, in one piece or in many."""
    found = _element(content, position)
    if found.tag == _OCTETS:
        return content[found.start : found.end]
    if found.tag != _CONSTRUCTED_OCTETS:
        raise ValueError
    pieces: list[bytes] = []
    position, end = found.start, found.end if found.end >= 0 else len(content)
    while position < end and len(pieces) < _MOST_PIECES:
        piece = _element(content, position)
        if piece.tag != _OCTETS:
            break
        pieces.append(content[piece.start : piece.end])
        position = piece.end
    return b"".join(pieces)
