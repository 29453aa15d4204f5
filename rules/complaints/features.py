"""What of a text a model may learn from, in blocks:

    words       runs of one to three words
    letters     runs of three to five letters of a word
    terms       runs of up to four terms: a word's class (rules.complaints.classes), or the word where it has none
    pairs       two words of a sentence, up to five apart
    places      a word and how its sentence ends; a class and whether it stands near the beginning, the end, or between

Each feature is hashed to a column (Weinberger et al. 2009, "Feature hashing for large scale multitask learning"), and
each occurrence remembers the words it stands for, so that a verdict can be traced back to the text. Numbers count by
their length only: what was delivered on the 14th says nothing about the 15th.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.complaints.classes import Classes
from rules.complaints.words import Words

BLOCKS = ("words", "letters", "terms", "pairs", "places")
# How many columns a block has, as a power of two: so many that rare features seldom meet.
_BITS = (20, 18, 20, 20, 18)
BORDERS = np.cumsum([1 << bits for bits in _BITS])
"""Where each block's columns end."""
COLUMNS = int(BORDERS[-1])
_STARTS = np.append(0, BORDERS[:-1])
_SHIFTS = np.array([64 - bits for bits in _BITS], np.uint64)

WORD_RUNS = (1, 2, 3)
LETTER_RUNS = (3, 4, 5)
TERM_RUNS = (2, 3, 4)
# Next to each other two words are a run.
APART = (2, 3, 4, 5)
# The first so many sentences of a text are its beginning, the last so many its end.
BEGINNING = 2
END = 3
_MARKS = {"?": 1, "!": 2}

_MIX = np.uint64(0x9E3779B97F4A7C15)
_STEP = np.uint64(0x100000001B3)

Integers = NDArray[np.int64]
_Hashes = NDArray[np.uint64]
_Part = tuple[_Hashes, Integers, Integers]


@dataclass(frozen=True, slots=True)
class Features:
    """Every feature's every occurrence: its column, and the words `first` and `last` it stands for."""

    columns: Integers
    first: Integers
    last: Integers

    def chosen(self, which: NDArray[np.bool_]) -> "Features":
        """Some of the occurrences."""
        return Features(self.columns[which], self.first[which], self.last[which])


def features_of(words: Words, classes: Classes) -> Features:
    """The features of a text."""
    if not words.folded:
        nothing = np.zeros(0, np.int64)
        return Features(nothing, nothing, nothing)
    shaped = [f"#{min(len(word), 6)}" if word[0].isdigit() else word for word in words.folded]
    hashes = _hashes(shaped)
    numbers = np.fromiter(map(classes.number_of, words.folded), np.uint64, len(shaped))
    terms = np.where(numbers > 0, numbers * _MIX, hashes)
    sentence = _sentence_of(words)
    blocks = (
        _word_runs(hashes),
        _letter_runs(shaped),
        _term_runs(terms, sentence),
        _pairs(shaped, hashes, sentence),
        _places(words, terms, numbers > 0, sentence),
    )
    parts, of = zip(*((part, number) for number, block in enumerate(blocks) for part in block), strict=True)
    found, first, last = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Features(_columns(found, np.repeat(of, [len(part[0]) for part in parts])), first, last)


def by_sentence(features: Features, words: Words) -> tuple[Features, Integers]:
    """The occurrences that stand within one sentence, and the number of that sentence."""
    sentence = _sentence_of(words)
    of = sentence[features.first]
    inside = of == sentence[features.last]
    return features.chosen(inside), of[inside]


def _sentence_of(words: Words) -> Integers:
    """The number of each word's sentence."""
    return np.repeat(np.arange(len(words.sentences)), [after - first for first, after in words.sentences])


def _hashes(words: list[str]) -> _Hashes:
    # All at once: no word holds a line end.
    encoded = "\n".join(words).encode("utf-8", "surrogatepass").split(b"\n")
    return np.fromiter(map(zlib.crc32, encoded), np.uint64, len(words))


def _word_runs(hashes: _Hashes) -> Iterator[_Part]:
    for length, run in _runs(hashes, max(WORD_RUNS)):
        first = np.arange(len(run))
        yield run, first, first + length - 1


def _letter_runs(words: list[str]) -> Iterator[_Part]:
    text = " " + " ".join(words) + " "
    letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    spaces = np.cumsum(letters == ord(" "))
    run = np.zeros(len(letters), np.uint64)
    for length in range(1, max(LETTER_RUNS) + 1):
        count = len(letters) - length + 1
        if count <= 0:
            return
        run = run[:count] * _STEP + letters[length - 1 :] + np.uint64(1)
        if length not in LETTER_RUNS:
            continue
        # A border may stand at either end, never inside.
        inside = spaces[length - 2 : length - 2 + count] - spaces[:count]
        starts = np.flatnonzero(inside == 0)
        word = spaces[starts] - 1
        yield run[starts] ^ np.uint64(length), word, word


def _term_runs(terms: _Hashes, sentence: Integers) -> Iterator[_Part]:
    """Runs of terms within a sentence, and two with one left out between."""
    for length, run in _runs(terms, max(TERM_RUNS)):
        if length in TERM_RUNS:
            first = np.flatnonzero(sentence[: len(run)] == sentence[length - 1 :])
            yield run[first], first, first + length - 1
    first = np.flatnonzero(sentence[:-2] == sentence[2:])
    yield terms[first] * _STEP + terms[first + 2], first, first + 2


def _pairs(words: list[str], hashes: _Hashes, sentence: Integers) -> Iterator[_Part]:
    """Pairs of words; of punctuation only what makes a question or an outcry counts."""
    spoken = np.flatnonzero([word[0].isalnum() or word[0] in "#?!" for word in words])
    hashes, sentence = hashes[spoken], sentence[spoken]
    for apart in APART:
        at = np.flatnonzero(sentence[:-apart] == sentence[apart:])
        yield hashes[at] * _STEP + hashes[at + apart] * _MIX, spoken[at], spoken[at + apart]


def _places(words: Words, terms: _Hashes, known: NDArray[np.bool_], sentence: Integers) -> Iterator[_Part]:
    count = len(words.sentences)
    ends = [_MARKS.get(words.folded[after - 1], 0) for _, after in words.sentences]
    places = [3 if at < BEGINNING else 5 if at >= count - END else 4 for at in range(count)]
    everywhere = np.arange(len(terms))
    classed = np.flatnonzero(known)
    for at, marks in ((everywhere, ends), (classed, places)):
        mark = np.array(marks, np.uint64)[sentence[at]] + np.uint64(1)
        yield terms[at] * _STEP + mark * _MIX, at, at


def _runs(hashes: _Hashes, longest: int) -> Iterator[tuple[int, _Hashes]]:
    """Runs of one, two, three … hashes: their length, and a hash for each place where one begins."""
    run = np.zeros(len(hashes), np.uint64)
    for length in range(1, min(longest, len(hashes)) + 1):
        count = len(hashes) - length + 1
        run = (run[:count] * _STEP) ^ ((hashes[length - 1 :] + np.uint64(length)) * _MIX)
        yield length, run


def _columns(hashes: _Hashes, blocks: Integers) -> Integers:
    """The columns in their blocks, by the upper bits of the mixed hashes: they depend on all of it."""
    mixed = (hashes ^ (hashes >> np.uint64(29))) * _MIX
    return _STARTS[blocks] + (mixed >> _SHIFTS[blocks]).astype(np.int64)
