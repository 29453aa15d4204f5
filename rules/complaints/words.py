"""A text as words: folded for comparison, each with its place in the text, and cut into sentences."""

import re
from dataclasses import dataclass

# Words, numbers with their separators, and punctuation one by one. No nested repetition: linear in any text.
_TOKEN = re.compile(r"\d[\d.,:]*\d|\w+|[^\w\s]|\n[ \t]*\n")
_ENDS = frozenset(".!?…;\n")
_FOLDED = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("’", "'"), ("‘", "'"), ("´", "'"), ("`", "'"))
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
    folded = word.lower()
    # str.translate takes ten times as long.
    for letter, instead in _FOLDED:
        folded = folded.replace(letter, instead)
    return folded


def words_of(text: str) -> Words:
    """Cut a text into words and sentences."""
    spans: list[tuple[int, int]] = []
    sentences: list[tuple[int, int]] = []
    first = count = 0
    for match in _TOKEN.finditer(text):
        span = match.span()
        letter = text[span[0]]
        if letter != "\n":
            spans.append(span)
            count += 1
        if letter in _ENDS or count - first >= LONGEST_SENTENCE:
            if count > first:
                sentences.append((first, count))
            first = count
        if count >= MOST:
            break
    if not spans:
        return Words(text, (), (), (), ())
    if count > first:
        sentences.append((first, count))
    # All at once: a call for each word costs a tenth of a mail's time.
    folded = fold("\n".join([text[start:end] for start, end in spans])).split("\n")
    starts, ends = zip(*spans, strict=True)
    return Words(text, tuple(folded), starts, ends, tuple(sentences))
