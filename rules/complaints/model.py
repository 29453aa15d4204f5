"""How much a text reads like a complaint: linear models over its features, trained by assistant.complaints.training.

A text is a vector: each feature's count, dampened, times its rarity; each block of features (words, letters, classes)
brought to length one, so that long texts and short ones weigh the same. Every head is a row of weights over it:

    complaint       logit that it is one, calibrated
    relieved        logit that an earlier trouble is over
    sentence        logit that a single sentence is what says so, among sentences of complaints and of other texts
    severity 1 2 3, categories       the highest one holds, if it is a complaint
"""

import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from rules.complaints.features import BLOCKS, BORDERS, COLUMNS, Features, Integers
from rules.terms.complaint import Category

Floats = NDArray[np.float32]
COMPLAINT, RELIEVED, SENTENCE = 0, 1, 2
SEVERITIES = (1, 2, 3)
CATEGORIES = tuple(category for category in Category if category is not Category.NONE)
GRAVE = (Category.CANCELLATION, Category.LEGAL, Category.DATA_PROTECTION)
TOPICS = tuple(one for one in CATEGORIES if one not in (Category.CANCELLATION, Category.LEGAL))
"""The categories that are no threat."""
# So many sentences at most tell what a complaint is about, and none that says so much less than the best, in log-odds.
MOST_TELLING = 2
NEARLY = 2.0
# What a cue that says it outright adds to a head's logit.
OUTRIGHT = 1.0
HEADS = ("complaint", "relieved", "sentence", *(f"severity {number}" for number in SEVERITIES), *CATEGORIES)
_FORM = 4


@dataclass(frozen=True, slots=True)
class Vector:
    """A text as a model sees it: positions among the columns it knows, in order, and their values."""

    positions: NDArray[np.int32]
    values: Floats


@dataclass(frozen=True)
class Model:
    """A language's trained arrays.

    `columns` are the features it knows, in order; `rarity` what each of them weighs in the vector; `weights` one row
    for each of HEADS, with `biases`. `thresholds`: from which probability on a person should look, from which on it is
    a complaint, from which on a text without complaint tells of relief.
    """

    columns: NDArray[np.int32]
    rarity: NDArray[np.float16]
    weights: NDArray[np.float16]
    biases: Floats
    thresholds: Floats

    def dump(self) -> bytes:
        """As a file: arrays in numpy's own format, compressed; nothing that could run."""
        file = io.BytesIO()
        np.savez_compressed(
            file,
            form=np.int32(_FORM),
            columns=self.columns,
            rarity=self.rarity,
            weights=self.weights,
            biases=self.biases,
            thresholds=self.thresholds,
        )
        return file.getvalue()

    @classmethod
    def load(cls, data: bytes) -> "Model":
        """From a file.

        Raises:
            ValueError: it is no such file, or one of another version.
        """
        names = ("columns", "rarity", "weights", "biases", "thresholds")
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
                form = int(arrays["form"])
                model = cls(*(arrays[name] for name in names))
        except (OSError, EOFError, KeyError, TypeError, ValueError, AttributeError, BadZipFile) as error:
            raise ValueError("no complaint model") from error
        if form != _FORM or model.weights.shape != (len(HEADS), len(model.columns)):
            raise ValueError("a complaint model of another version")
        return model

    @cached_property
    def _places(self) -> NDArray[np.int32]:
        """The position of each column, -1 where it is unknown. Small: it is looked up all over."""
        places = np.full(COLUMNS, -1, np.int32)
        places[self.columns] = np.arange(len(self.columns), dtype=np.int32)
        return places

    @cached_property
    def _by_column(self) -> NDArray[np.float16]:
        return np.ascontiguousarray(self.weights.T)

    @cached_property
    def _blocks(self) -> Integers:
        return np.searchsorted(BORDERS, self.columns, "right")

    def vector(self, features: Features) -> Vector:
        """A text as this model sees it."""
        places = self._places[features.columns]
        positions, counts = np.unique(places[places >= 0], return_counts=True)
        return Vector(
            positions, vector_values(counts, self.rarity[positions].astype(np.float32), self._blocks[positions])
        )

    def logit(self, vector: Vector, head: int) -> float:
        """What one of HEADS says of a text."""
        weights = self.weights[head, vector.positions].astype(np.float32)
        return float(vector.values @ weights + self.biases[head])

    def logits(self, vector: Vector) -> list[float]:
        """What each of HEADS says of a text."""
        weights = self._by_column[vector.positions].astype(np.float32)
        return (vector.values @ weights + self.biases).tolist()  # type: ignore[no-any-return]

    def sentence_logits(self, features: Features, of: Integers, count: int) -> Floats:
        """What the head "sentence" says of each of `count` sentences, of whose features `of` tells where they stand."""
        places = self._places[features.columns]
        known = places >= 0
        keys = of[known] * len(self.columns) + places[known]
        found, counts = np.unique(keys, return_counts=True)
        of, positions = np.divmod(found, len(self.columns))
        values = vector_values(counts, self.rarity[positions].astype(np.float32), self._blocks[positions], of)
        added = np.bincount(of, values * self.weights[SENTENCE, positions], count)
        return cast(Floats, (added + self.biases[SENTENCE]).astype(np.float32))

    def shares(self, features: Features, vector: Vector, head: int, words: int) -> Floats:
        """What each of a text's words adds to a head's logit: every feature's part, shared by its outer words."""
        places = self._places[features.columns]
        known = np.flatnonzero(places >= 0)
        which = np.searchsorted(vector.positions, places[known])
        parts = vector.values * self.weights[head, vector.positions] / np.bincount(which)
        halves = parts[which] / 2
        added = np.bincount(features.first[known], halves, words) + np.bincount(features.last[known], halves, words)
        return cast(Floats, added.astype(np.float32))


def telling(sentences: Floats) -> Integers:
    """The numbers of the sentences that say most, by what each of them says."""
    best = np.argsort(-sentences, kind="stable")[:MOST_TELLING]
    return cast(Integers, best[sentences[best] >= sentences[best[0]] - NEARLY])


def topical(logits: Sequence[float], told: Sequence[float]) -> list[float]:
    """The logits of a text, given those of its sentences that say most: both tell alike what it is about.

    How grave it is, the whole tells best.
    """
    return [
        (logit + other) / 2 if head in CATEGORIES else logit
        for head, logit, other in zip(HEADS, logits, told, strict=True)
    ]


def raised(logits: Sequence[float], heads: Iterable[str]) -> list[float]:
    """The logits with some heads raised, because the text says outright what they stand for."""
    plain = frozenset(heads)
    return [logit + OUTRIGHT * (head in plain) for head, logit in zip(HEADS, logits, strict=True)]


def severity(logits: Sequence[float]) -> int:
    """How grave a complaint is, 1 to 3, by what the heads say. What threatens is never less than 3."""
    if category(logits) in GRAVE:
        return max(SEVERITIES)
    return max(SEVERITIES, key=lambda number: logits[HEADS.index(f"severity {number}")])


def category(logits: Sequence[float], among: Sequence[Category] = CATEGORIES) -> Category:
    """What a complaint is about, by what the heads say."""
    return max(among, key=lambda one: logits[HEADS.index(one)])


def vector_values(counts: Integers, rarity: Floats, blocks: Integers, of: Integers | int = 0) -> Floats:
    """The values of a text's vector, from how often each feature stands in it; of several texts `of` tells whose."""
    values = (1 + np.log(counts)).astype(np.float32) * rarity
    blocks = blocks + of * len(BLOCKS)
    lengths = np.sqrt(np.bincount(blocks, values * values)).astype(np.float32)
    factors = 1 / np.maximum(lengths, 1e-9)
    return cast(Floats, values * factors[blocks])


def probability(logit: float) -> float:
    """The probability that a logit stands for."""
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))
