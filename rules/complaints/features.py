"""What of a text a model may learn from: runs of words, runs of letters, runs and pairs of word classes.

Each feature is hashed to a column (Weinberger et al. 2009, "Feature hashing for large scale multitask learning"), and
each occurrence remembers the words it stands for, so that a verdict can be traced back to the text. Numbers count by
their length only: what was delivered on the 14th says nothing about the 15th.

    columns    0 … WORDS … LETTERS … COLUMNS      (the borders of the blocks)
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.complaints.classes import MOST, Classes
from rules.complaints.words import Words

WORDS = 1 << 18
LETTERS = WORDS + (1 << 18)
COLUMNS = LETTERS + (1 << 17)
BORDERS = np.array([WORDS, LETTERS, COLUMNS])
BLOCKS = ("words", "letters", "classes")

WORD_RUNS = (1, 2, 3)
LETTER_RUNS = (3, 4, 5)
# So many known words apart two classes still make a pair; next to each other they make a run.
REACH = 6
_KINDS = tuple(kind << 16 for kind in (1, 2, 3, 3, 3, 3, 3))
_TRIPLE = 1 << 40

_MIX = np.uint64(0x9E3779B97F4A7C15)
_STEP = np.uint64(0x100000001B3)

Integers = NDArray[np.int64]
_Part = tuple[Integers, Integers, Integers]


@dataclass(frozen=True, slots=True)
class Features:
    """Every feature's every occurrence: its column, and the words `first` and `last` it stands for."""

    columns: Integers
    first: Integers
    last: Integers


def features_of(words: Words, classes: Classes) -> Features:
    """The features of a text."""
    if not words.folded:
        nothing = np.zeros(0, np.int64)
        return Features(nothing, nothing, nothing)
    shaped = [f"#{min(len(word), 6)}" if word[0].isdigit() else word for word in words.folded]
    numbers = np.fromiter(map(classes.number_of, words.folded), np.int64, len(shaped))
    parts = [*_word_runs(shaped), *_letter_runs(shaped), *_class_runs(numbers, words.sentences)]
    columns, first, last = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Features(columns, first, last)


def _word_runs(words: list[str]) -> Iterator[_Part]:
    hashes = np.fromiter((zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in words), np.uint64, len(words))
    run = np.zeros(len(words), np.uint64)
    for length in WORD_RUNS:
        if len(words) < length:
            return
        count = len(words) - length + 1
        run = (run[:count] * _STEP) ^ ((hashes[length - 1 :] + np.uint64(length)) * _MIX)
        first = np.arange(count)
        yield _column(run, 0, WORDS), first, first + length - 1


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
        yield _column(run[starts] ^ np.uint64(length), WORDS, LETTERS), word, word


def _class_runs(numbers: Integers, sentences: Sequence[tuple[int, int]]) -> Iterator[_Part]:
    """Runs of classes, words without one left out, and pairs of classes near each other in a sentence."""
    sentence = np.repeat(np.arange(len(sentences)), [after - first for first, after in sentences])
    known = np.flatnonzero(numbers)
    count = len(known)
    # Beyond the end stands nothing, in no sentence.
    beyond = np.zeros(REACH, np.int64)
    numbers, sentence = np.append(numbers[known], beyond), np.append(sentence[known], beyond - 1)
    start = np.arange(count)
    ahead = start[:, None] + np.arange(REACH + 1)
    kinds = np.array(_KINDS)
    features = (numbers[ahead] + kinds) * MOST + numbers[start][:, None]
    triple = (features[:, 1] + _TRIPLE) * MOST + numbers[start + 2]
    inside = sentence[ahead] == sentence[start][:, None]
    at, apart = np.nonzero(inside)
    yield _column(features[at, apart].astype(np.uint64), LETTERS, COLUMNS), known[at], known[at + apart]
    at = np.flatnonzero(inside[:, 2])
    yield _column(triple[at].astype(np.uint64), LETTERS, COLUMNS), known[at], known[at + 2]


def _column(hashes: NDArray[np.uint64], start: int, end: int) -> Integers:
    """A column from `start` up to `end`, by the upper bits of the mixed hash: they depend on all of it."""
    mixed = (hashes ^ (hashes >> np.uint64(29))) * _MIX
    bits = (end - start).bit_length() - 1
    return start + (mixed >> np.uint64(64 - bits)).astype(np.int64)
