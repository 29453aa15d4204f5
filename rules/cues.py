"""Patterns that are tried only where one of their cue words stands.

Most texts hold none of them, and asking whether a text holds a word is a hundred times quicker than trying a pattern.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_TEXT = 20_000


def lowered(text: str) -> str:
    """The text in lower case, letter by letter, so that offsets stay ("İ" would become two characters)."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)


@dataclass(frozen=True, slots=True)
class Cues:
    """Rows of cue words with the pattern that they announce, all in lower case."""

    rows: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]

    @classmethod
    def of(cls, *rows: tuple[str, str]) -> "Cues":
        """Rows of cue words, separated by "|", and a pattern.

        Patterns need not ask for the beginning of a word: only there a match counts. One that begins with letters
        instead is found much quicker.
        """
        return cls(tuple((tuple(words.split("|")), re.compile(pattern)) for words, pattern in rows))

    def announced(self, text: str) -> bool:
        """Whether any cue word stands in the first 20,000 characters of a text: without one there is no match."""
        lower = lowered(text[:LONGEST_TEXT])
        return any(word in lower for words, _ in self.rows for word in words)

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """All matches in the first 20,000 characters of a text in lower case, row by row; offsets are the text's."""
        lower = lowered(text[:LONGEST_TEXT])
        for words, pattern in self.rows:
            for word in words:
                if word in lower:
                    yield from (match for match in pattern.finditer(lower) if _begins_word(lower, match.start()))
                    break


def _begins_word(text: str, start: int) -> bool:
    return start == 0 or not (text[start].isalnum() and text[start - 1].isalnum())
