"""Words as search compares them: without case, accents or the two ways to write an umlaut.

Müller, Mueller, MULLER and Muller are one word here. The index holds folded words, so a change of `fold` needs a
migration that fills the index anew.
"""

import re
from unicodedata import normalize

# A mail of more than forty pages is found by its first forty; PostgreSQL bounds one entry at a megabyte.
INDEXED = 100_000
LONGEST = 64
_MARKS = re.compile("[\u0300-\u036f]+")
_WORD = re.compile(r"[^\W_]+")
# A few lines, to the end of a word: to look for a word in them is much quicker than to look at each word.
_PIECE = re.compile(r"[\s\S]{1,1000}\w*")
_SPELT = (("ß", "ss"), ("ø", "o"), ("ł", "l"), ("æ", "a"), ("œ", "o"))


def _bare(letter: str) -> str:
    return _MARKS.sub("", normalize("NFD", letter))


# Western text, as most mail is, goes through a table of bytes: a tenth of the time.
_WESTERN = "cp1252"
_BARE = bytes(
    _bare(bytes([byte]).decode(_WESTERN, "replace")).encode(_WESTERN, "replace")[0] if byte > 127 else byte
    for byte in range(256)
)


def fold(text: str) -> str:
    """The text in small letters, ß as ss, without accents, and ae, oe, ue as a, o, u."""
    text = text.lower()
    if not text.isascii():
        try:
            text = text.encode(_WESTERN).translate(_BARE).decode(_WESTERN)
        except UnicodeEncodeError:
            text = _bare(text)
        for letter, plain in _SPELT:
            text = text.replace(letter, plain)
    return text.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def words(text: str) -> list[str]:
    """The folded words of a text, each once, in order. Very long ones are cut."""
    return list(dict.fromkeys(word[:LONGEST] for word in _WORD.findall(fold(text[:INDEXED]))))


def found_at(text: str, asked: list[str]) -> int:
    """Where in the text the first of the asked (folded) words begins a word; 0 when none does."""
    beginnings = tuple(asked)
    for piece in _PIECE.finditer(text):
        if any(word in fold(piece[0]) for word in asked):
            for match in _WORD.finditer(text, piece.start(), piece.end()):
                if fold(match[0]).startswith(beginnings):
                    return match.start()
    return 0
