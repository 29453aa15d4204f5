"""A text as words: folded for comparison, each with its place in the text, and cut into sentences."""

import re
from dataclasses import dataclass

# Words, numbers with their separators, and punctuation one by one. No nested repetition: linear in any text.
_TOKEN = re.compile(r"\d[\d.,:]*\d|\w+|[^\w\s]|\n[ \t]*\n")
_ENDS = frozenset(".!?…;\n")
_FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "’": "'", "‘": "'", "´": "'", "`": "'"})
MOST = 2_000
LONGEST_SENTENCE = 60


@dataclass(frozen=True, slots=True)
class Words:
    """`folded` words of a text, and where each stands in it (`starts`, `ends` in characters of `text`).

    `sentences` are pairs (first word, word after the last). Of a very long text the first 2,000 words count.
    """

    text: str
    folded: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sentences: tuple[tuple[int, int], ...]

    def quote(self, first: int, after: int) -> str:
        """The words `first` up to `after` as they stand in the text."""
        return self.text[self.starts[first] : self.ends[after - 1]]


def fold(word: str) -> str:
    """Lower case, umlauts written out: "Größe", "GROESSE" and "Groesse" are one word."""
    return word.lower().translate(_FOLDED)


def words_of(text: str) -> Words:
    """Cut a text into words and sentences."""
    found: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    sentences: list[tuple[int, int]] = []
    first = 0
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        letter = text[start]
        if letter != "\n":
            found.append(text[start:end])
            starts.append(start)
            ends.append(end)
        if letter in _ENDS or len(found) - first >= LONGEST_SENTENCE:
            if len(found) > first:
                sentences.append((first, len(found)))
            first = len(found)
        if len(found) >= MOST:
            break
    if len(found) > first:
        sentences.append((first, len(found)))
    # All at once: a call for each word costs a tenth of a mail's time.
    folded = tuple(fold("\n".join(found)).split("\n")) if found else ()
    return Words(text, folded, tuple(starts), tuple(ends), tuple(sentences))
