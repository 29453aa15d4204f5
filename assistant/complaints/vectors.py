"""Many texts as vectors: which features a model shall know, their rarity, and how alike the texts are."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.complaints.classes import Classes
from rules.complaints.features import BLOCKS, BORDERS, COLUMNS, Integers, features_of
from rules.complaints.model import Floats, vector_values
from rules.complaints.words import Words

# What stands in few files tells of their trades and voices, not of complaints.
FEWEST_FILES = 3
FEWEST_TEXTS = 2
_AT_ONCE = 2048

Counted = tuple[Integers, Integers]
"""The columns of a text's features, in order, and how often each stands there."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Vectors: of row i the places and values from ptr[i] up to ptr[i + 1]. Places are those of `vocabulary`."""

    vocabulary: NDArray[np.int32]
    rarity: Floats
    ptr: Integers
    places: Integers
    values: Floats

    def weights(self, chosen: Integers, rows: NDArray[np.float64]) -> Floats:
        """The weight of each column, when the chosen rows have these weights."""
        by_row = np.zeros(len(self.ptr) - 1)
        by_row[chosen] = rows
        each = np.repeat(by_row, np.diff(self.ptr))
        return np.bincount(self.places, self.values * each, len(self.vocabulary)).astype(np.float32)

    def logits(self, weights: Floats) -> NDArray[np.float64]:
        """Each row's sum of weighted values."""
        row = np.repeat(np.arange(len(self.ptr) - 1), np.diff(self.ptr))
        return np.bincount(row, self.values * weights[self.places], len(self.ptr) - 1).astype(np.float64)

    def kernel(self) -> Floats:
        """The products of all pairs of rows; some columns at a time, so that memory grows with the rows only."""
        count = len(self.ptr) - 1
        row = np.repeat(np.arange(count), np.diff(self.ptr))
        order = np.argsort(self.places, kind="stable")
        places = self.places[order]
        product = np.zeros((count, count), np.float32)
        for start in range(0, len(self.vocabulary), _AT_ONCE):
            some = order[slice(*np.searchsorted(places, (start, start + _AT_ONCE)))]
            dense = np.zeros((count, _AT_ONCE), np.float32)
            dense[row[some], self.places[some] - start] = self.values[some]
            product += dense @ dense.T
        return product


def counted(words: Words, classes: Classes) -> Counted:
    """A text's features."""
    return np.unique(features_of(words, classes).columns, return_counts=True)


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
