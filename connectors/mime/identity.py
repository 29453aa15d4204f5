"""What makes a mail this mail and no other: the same for copies that travelled on different ways.

Version 1 hashes the normalised Message-ID, the raw unfolded From, Date and Subject, and every leaf's bytes after its
transfer encoding is undone. Trace headers, folding, transfer encoding and line ends differ between copies and do not
count; nothing interpreted counts either, so a better reader changes no identity.
"""

import hashlib
import re
from collections.abc import Sequence

from connectors.mime import charsets, words

VERSION = 1
HEADERS = ("from", "date", "subject")
_IN_ANGLES = re.compile(r"<([^<>]*)>")
_BLANKS = re.compile(rb"[ \t\r\n]+")
_LONGEST = 998
_PIECE = 1 << 20


class Fingerprint:
    """A mail's identity in the making, leaf by leaf, so that no leaf has to be kept for it."""

    def __init__(self, message_id: str | None, headers: Sequence[Sequence[str]]) -> None:
        """Begin with the Message-ID and the raw headers (all values of each of HEADERS)."""
        self._digest = hashlib.sha256()
        self._feed((message_id or "").encode("utf-8", "surrogateescape"))
        for values in headers:
            unfolded = (_BLANKS.sub(b" ", charsets.octets(value)).strip() for value in values)
            # Two headers are never the same as one that holds both.
            self._feed(b"\n".join(unfolded))

    def leaf(self, content: bytes) -> None:
        """Count the next leaf, its transfer encoding undone."""
        if len(content) > _PIECE:
            self._feed_in_pieces(content)
        elif b"\r" in content:
            self._feed(content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n"))
        else:
            self._feed(content.rstrip(b"\n"))

    @property
    def value(self) -> str:
        """The identity."""
        return f"{VERSION}:{self._digest.hexdigest()}"

    def _feed(self, piece: bytes) -> None:
        # The length in front keeps ("ab", "c") and ("a", "bc") apart.
        self._digest.update(b"%d:" % len(piece))
        self._digest.update(piece)

    def _feed_in_pieces(self, content: bytes) -> None:
        """The same as in one go, without two more copies of what may be most of a large mail."""
        end = len(content)
        while end and content[end - 1] in b"\r\n":
            end -= 1
        view = memoryview(content)[:end]
        self._digest.update(b"%d:" % (end - content.count(b"\r\n", 0, end)))
        for start in range(0, end, _PIECE):
            piece = bytes(view[start : start + _PIECE])
            if start and piece[:1] == b"\n" and content[start - 1] == 0x0D:
                # The carriage return before it already counted for both.
                piece = piece[1:]
            self._digest.update(piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))


def of_bytes(raw: bytes) -> str:
    """The identity of a mail that cannot be parsed."""
    digest = hashlib.sha256(b"unparsed\n")
    digest.update(raw)
    return f"{VERSION}:{digest.hexdigest()}"


def message_ids(values: Sequence[str]) -> tuple[str, ...]:
    """The normalised Message-IDs of some raw headers, in order, each once: no angle brackets, no white space."""
    found: dict[str, None] = {}
    for value in values:
        text = charsets.scalar(words.unfold(words.eight_bit(value)))
        for candidate in _IN_ANGLES.findall(text) or _bare(text):
            normal = "".join(candidate.split())[:_LONGEST]
            if normal:
                found[normal] = None
    return tuple(found)


def message_id(values: Sequence[str]) -> str | None:
    """The normalised Message-ID of a mail; None when it has none."""
    ids = message_ids(values[:1])
    if ids:
        return ids[0]
    text = "".join(charsets.scalar(words.eight_bit(values[0])).split()).strip("<>") if values else ""
    return text[:_LONGEST] or None


def _bare(text: str) -> list[str]:
    """Ids without angle brackets; words of a sentence ("Your message of Monday") are none."""
    return [word.strip("<>,;") for word in text.split() if "@" in word]
