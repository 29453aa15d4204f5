"""What makes a mail this mail and no other: the same for copies that travelled on different ways.

Version 1 hashes the normalised Message-ID, the raw unfolded From, Date and Subject, and every leaf's bytes after its
transfer encoding is undone. Trace headers, folding, transfer encoding and line ends differ between copies and do not
count; nothing interpreted counts either, so a better reader changes no identity.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence

from connectors.mime import charsets, words

VERSION = 1
HEADERS = ("from", "date", "subject")
_IN_ANGLES = re.compile(r"<([^<>]*)>")
_BLANKS = re.compile(rb"[ \t\r\n]+")
_LONGEST = 998


def identity(message_id: str | None, headers: Sequence[Sequence[str]], leaves: Iterable[bytes]) -> str:
    """The identity of a mail by its Message-ID, its raw headers (all values of each of HEADERS) and its leaves."""
    digest = hashlib.sha256()
    _feed(digest, (message_id or "").encode("utf-8", "surrogateescape"))
    for values in headers:
        unfolded = (_BLANKS.sub(b" ", charsets.octets(value)).strip() for value in values)
        # Two headers are never the same as one that holds both.
        _feed(digest, b"\n".join(unfolded))
    for leaf in leaves:
        _feed(digest, _plain_line_ends(leaf))
    return f"{VERSION}:{digest.hexdigest()}"


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


def _plain_line_ends(content: bytes) -> bytes:
    if b"\r" in content:
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return content.rstrip(b"\n")


def _feed(digest: "hashlib._Hash", piece: bytes) -> None:
    # The length in front keeps ("ab", "c") and ("a", "bc") apart.
    digest.update(b"%d:" % len(piece))
    digest.update(piece)
