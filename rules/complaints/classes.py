"""Words of like meaning, so that what was learned of "kaputt" counts for "hinüber" too.

A table for each language (the TOML files in `classes/`) lists the classes: a word by itself, or `wort*` for all that
begin so. A word belongs to the first class that lists it whole, else to the one with the longest beginning.
"""

import zlib
from collections.abc import Mapping
from functools import lru_cache

from rules.complaints.words import fold

# Punctuation says something too: a question, an outcry, an aside.
_MARKS = ".?!:;…()\"„“'-/%€$£"
_SHORTEST = 3
_REMEMBERED = 20_000
# Numbers are below this.
MOST = 1 << 16


class Classes:
    """A language's table, ready for asking."""

    def __init__(self, table: Mapping[str, str]) -> None:
        """From a table as read: name = "wort wort* …".

        Raises:
            ValueError: a beginning has under three letters.
        """
        whole = {mark: _number(mark) for mark in _MARKS}
        begun: dict[str, int] = {}
        self.digits = _number("#")
        for name, listed in table.items():
            for word in map(fold, listed.split()):
                stem = word.removesuffix("*")
                if stem == word:
                    whole.setdefault(word, _number(name))
                elif len(stem) < _SHORTEST:
                    raise ValueError(f"“{word}” is too short for a beginning")
                else:
                    begun.setdefault(stem, _number(name))
        longest = max(map(len, begun), default=0)

        @lru_cache(_REMEMBERED)
        def number_of(word: str) -> int:
            if word in whole:
                return whole[word]
            for length in range(min(len(word), longest), _SHORTEST - 1, -1):
                if word[:length] in begun:
                    return begun[word[:length]]
            return self.digits if word[0].isdigit() else 0

        self.number_of = number_of
        """The number of a folded word's class; 0 where it has none."""


def _number(name: str) -> int:
    """A class's number, by its name: so that a table may grow without changing what a trained model knows."""
    return 1 + zlib.crc32(name.encode()) % (MOST - 1)
