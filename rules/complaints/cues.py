"""Speech-act cues: turns of phrase by which people say that something fell short, or that it did not.

A table for each language (the TOML files in `cues/`) lists them as short patterns of words:

    wort        the word, folded (rules.complaints.words)
    wort*       words that begin so
    a|b|c*      any of these words
    (a b|c)     any of these, which may be several words
    (a|b)?      one of these or nothing
    _           any one word
    ..          up to four words of the same clause
    #           a number, in digits or in words

Matching walks once over the words; at each it tries the patterns that can begin there, each of bounded length, so the
time grows with the length of the text only. (The same table through spaCy's Matcher costs ten times as much, and
every worker a second and 90 MB: docs/complaints.md.)
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from rules.complaints.words import Words, fold
from rules.terms.complaint import Category


class Act(StrEnum):
    """What a turn of phrase does. From SOLVED on they speak against a complaint."""

    LATE = "late"
    MISSING = "missing"
    WRONG = "wrong"
    DEFECT = "defect"
    REPEATED = "repeated"
    IGNORED = "ignored"
    RUDE = "rude"
    PRICE = "price"
    BROKEN_PROMISE = "broken-promise"
    UNMET = "unmet"
    ANGER = "anger"
    IRONY = "irony"
    LOSS = "loss"
    DEMAND = "demand"
    LEAVING = "leaving"
    LEGAL = "legal"
    PRIVACY = "privacy"
    SAFETY = "safety"
    SOLVED = "solved"
    OWN_FAULT = "own-fault"
    QUESTION = "question"
    SENDER_OWES = "sender-owes"
    APPLICATION = "application"
    BULK = "bulk"
    INTERNAL = "internal"
    THIRD_PARTY = "third-party"
    CONTENT = "content"
    ORDINARY = "ordinary"


_ACTS = tuple(Act)
AGAINST = frozenset(_ACTS[_ACTS.index(Act.SOLVED) :])
_PART = re.compile(r"\([^()]*\)\??|\S+")


@dataclass(frozen=True, slots=True)
class Cue:
    """One turn of phrase. `number` is its place in the table; `severity` and `category` what it says by itself."""

    number: int
    act: Act
    pattern: str
    category: Category | None
    severity: int

    def said(self, number: str) -> str:
        """The turn of phrase as somebody may say it, in the first of its ways; `number` is a word for a number."""
        parts = [part for part in _PART.findall(self.pattern) if part not in {"..", "_"} and not part.endswith(")?")]
        words = " ".join(part.strip("()").split("|")[0] for part in parts)
        return words.replace("*", "").replace("#", number)


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue found: words `first` up to `after`."""

    cue: Cue
    first: int
    after: int


_GAP = r"(?:[^ .!?;…]+ ){0,4}?"
_REMEMBERED = 20_000
_SHORTEST = 3  # letters before a star, so that few words begin so
# What a pattern's first word begins with, the pattern, and its cue.
_Entry = tuple[str, re.Pattern[str], Cue]
_NONE: tuple[_Entry, ...] = ()


class Cues:
    """A language's table, ready for matching."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """From a table as read: its number words and its cues.

        Raises:
            ValueError: a pattern cannot be understood; the message quotes it.
        """
        self._numbers = frozenset(map(fold, table["numbers"].split()))
        self.cues: list[Cue] = []
        self._whole: dict[str, tuple[_Entry, ...]] = {}
        self._begun: dict[str, tuple[_Entry, ...]] = {}
        self._numbered: tuple[_Entry, ...] = ()
        for entry in table["cue"]:
            category = Category(entry["category"]) if "category" in entry else None
            for line in entry["patterns"].splitlines():
                if pattern := " ".join(line.split()):
                    cue = Cue(len(self.cues), Act(entry["act"]), pattern, category, entry.get("severity", 1))
                    self.cues.append(cue)
                    self._enter(cue)
        self._longest = 1 + max(map(len, (*self._numbers, *self._stems())), default=0)
        # People say the same words again and again.
        self._tried = lru_cache(_REMEMBERED)(self._beginning_with)

    def hits(self, words: Words) -> Iterator[Hit]:
        """The cues in a text, in order of their first word; each cue's longest at a place, none within itself."""
        text = "".join(f"{word} " for word in words.folded)
        tried, longest = self._tried, self._longest
        position = 0
        busy: dict[int, int] = {}
        for index, word in enumerate(words.folded):
            for pattern, cue in tried(word[:longest]):
                if busy.get(cue.number, 0) > index:
                    continue
                found = pattern.match(text, position)
                if found:
                    after = index + text.count(" ", position, found.end())
                    busy[cue.number] = after
                    yield Hit(cue, index, after)
            position += len(word) + 1

    def _beginning_with(self, word: str) -> tuple[tuple[re.Pattern[str], Cue], ...]:
        """What can begin with a word, of which no more is needed than the longest of the table's and a letter."""
        entries = self._whole.get(word, _NONE) + self._begun.get(word[:_SHORTEST], _NONE)
        if word in self._numbers or word[0].isdigit():
            entries += self._numbered
        return tuple((pattern, cue) for stem, pattern, cue in entries if word.startswith(stem))

    def _stems(self) -> Iterator[str]:
        return (stem for rows in (self._whole, self._begun) for row in rows.values() for stem, _, _ in row)

    def _enter(self, cue: Cue) -> None:
        """Compile a pattern and note under which first words it is to be tried."""
        parts = _PART.findall(cue.pattern)
        try:
            pattern = re.compile("".join(map(self._expression, parts)))
        except (re.error, ValueError) as error:
            raise ValueError(f"cue pattern {cue.pattern!r}: {error}") from error
        for first in dict.fromkeys(_firsts(parts)):
            stem = first.removesuffix("*")
            if first == "#":
                self._numbered += (("", pattern, cue),)
            elif stem == first:
                self._whole[first] = (*self._whole.get(first, ()), (stem, pattern, cue))
            elif len(stem) < _SHORTEST:
                raise ValueError(f"cue pattern {cue.pattern!r}: “{first}” is too short to begin with")
            else:
                beginning = stem[:_SHORTEST]
                self._begun[beginning] = (*self._begun.get(beginning, ()), (stem, pattern, cue))

    def _expression(self, part: str) -> str:
        if part == "..":
            return _GAP
        optional = part.endswith("?") and part.startswith("(")
        if part.startswith("("):
            part = part.removesuffix("?")[1:-1]
        choices = "|".join("".join(map(self._word, choice.split())) for choice in part.split("|"))
        return f"(?:{choices})" + ("?" if optional else "")

    def _word(self, word: str) -> str:
        if word == "#":
            return rf"(?:\d[^ ]*|{'|'.join(sorted(map(re.escape, self._numbers)))}) "
        if word == "_":
            return r"[^ ]+ "
        if word.endswith("*"):
            return re.escape(fold(word[:-1])) + r"[^ ]* "
        return re.escape(fold(word)) + " "


def _firsts(parts: Sequence[str]) -> Iterator[str]:
    """The words a pattern can begin with, folded; a first part that may be left out gives the next one's too."""
    for part in parts:
        optional = part.endswith(")?")
        inner = part.removesuffix("?").strip("()")
        for choice in inner.split("|"):
            words = choice.split()
            if not words or words[0] in {"..", "_"}:
                raise ValueError(f"a cue pattern must begin with a word: {' '.join(parts)!r}")
            yield fold(words[0])
        if not optional:
            return
