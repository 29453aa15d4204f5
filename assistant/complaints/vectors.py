"""Many texts as vectors: which features a model shall know, and their rarity."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rules.complaints.features import BLOCKS, BORDERS, COLUMNS, Features, Integers, by_sentence
from rules.complaints.model import Floats, vector_values
from rules.complaints.words import Words

# What stands in few files tells of their trades and voices, not of complaints.
FEWEST_FILES = 5
FEWEST_TEXTS = 2

Counted = tuple[Integers, Integers]
"""The columns of a text's features, in order, and how often each stands there."""


@dataclass(frozen=True)
class Rows:
    """Vectors: of row i the places and values from ptr[i] up to ptr[i + 1]. Places are those of `vocabulary`."""

    vocabulary: NDArray[np.int32]
    rarity: Floats
    ptr: Integers
    places: Integers
    values: Floats

    def taken(self, chosen: Integers) -> "Rows":
        """Some of the rows, in the order given."""
        lengths = np.diff(self.ptr)[chosen]
        ptr = np.concatenate([[0], np.cumsum(lengths)])
        at = np.arange(ptr[-1]) + np.repeat(self.ptr[chosen] - ptr[:-1], lengths)
        return replace(self, ptr=ptr, places=self.places[at], values=self.values[at])

    def logits(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Each row's sum of weighted values."""
        return _sums(self.values * weights.astype(np.float32)[self.places], self.ptr)

    def summed(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Each place's sum of values, weighted by row."""
        rows, values, ptr = self._by_place
        return _sums(values * weights.astype(np.float32)[rows], ptr)

    def held(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """What the rows weigh together that hold a place, whatever its value there."""
        rows, _, ptr = self._by_place
        return _sums(weights.astype(np.float32)[rows], ptr)

    @cached_property
    def _by_place(self) -> tuple[Integers, Floats, Integers]:
        """The values ordered by place instead of row: whose they are, and where those of each place begin."""
        order = np.argsort(self.places, kind="stable")
        row = np.repeat(np.arange(len(self.ptr) - 1), np.diff(self.ptr))
        ptr = np.searchsorted(self.places[order], np.arange(len(self.vocabulary) + 1))
        return row[order], self.values[order], ptr


def _sums(values: Floats, ptr: Integers) -> NDArray[np.float64]:
    """The sums of the values from each place in `ptr` up to the next."""
    # Single precision throughout: it takes less than half the time.
    sums = np.add.reduceat(np.append(values, np.float32(0)), ptr[:-1])
    sums[ptr[:-1] == ptr[1:]] = 0.0
    return sums.astype(float)


def counted(features: Features) -> Counted:
    """A text's features."""
    return np.unique(features.columns, return_counts=True)


def counted_by_sentence(features: Features, words: Words) -> Iterator[Counted]:
    """The features of each of its sentences."""
    single, of = by_sentence(features, words)
    found, counts = np.unique(of * COLUMNS + single.columns, return_counts=True)
    borders = np.searchsorted(found, np.arange(len(words.sentences) + 1) * COLUMNS)
    for start, end in pairwise(borders.tolist()):
        yield found[start:end] % COLUMNS, counts[start:end]


def vocabulary(texts: Sequence[Counted], files: Integers, blocks: Collection[str]) -> tuple[NDArray[np.int32], Floats]:
    """The columns worth knowing, and what each weighs: the rarer, the more (smoothed inverse document frequency).

    `files` are the numbers of the texts' files, `blocks` those whose features may be known.
    """
    columns = np.concatenate([columns for columns, _ in texts])
    frequency = np.bincount(columns, minlength=COLUMNS)
    owner = np.repeat(files, [len(columns) for columns, _ in texts])
    count = int(files.max()) + 1
    spread = np.bincount(np.unique(columns * count + owner) // count, minlength=COLUMNS)
    wanted = np.isin(BLOCKS, list(blocks))[np.searchsorted(BORDERS, np.arange(COLUMNS), "right")]
    known = np.flatnonzero(wanted & (spread >= min(FEWEST_FILES, count)) & (frequency >= FEWEST_TEXTS))
    rarity = np.log((1 + len(texts)) / (1 + frequency[known])) + 1
    return known.astype(np.int32), rarity.astype(np.float16).astype(np.float32)


def rows_of(texts: Iterable[Counted], columns: NDArray[np.int32], rarity: Floats) -> Rows:
    """Vectors of texts over a vocabulary."""
    at = np.full(COLUMNS, -1, np.int64)
    at[columns] = np.arange(len(columns))
    blocks = np.searchsorted(BORDERS, columns, "right")
    places, values = [], []
    for found, counts in texts:
        place = at[found]
        known = place >= 0
        place = place[known]
        places.append(place)
        values.append(vector_values(counts[known], rarity[place], blocks[place]))
    ptr = np.cumsum([0, *map(len, places)])
    return Rows(columns, rarity, ptr, np.concatenate(places), np.concatenate(values))
