"""Who resembles the best customers: leads and small customers, with what they have in common.

Likeness is Gower's (1971, A General Coefficient of Similarity and Some of Its Properties, Biometrics 27, 857-871),
since firms are described by words and numbers alike: 1 for the same word, 1 − distance / range for numbers, and of
these the mean. What all the world has in common says nothing: each feature weighs as much as it sets the best customers
apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rules.value.special import Floats

Feature = str | float
NEAREST = 5
_CLOSE = 0.9
_CELLS = 2_000_000  # likenesses in memory at a time


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a customer, by feature: words (branch, postal region) or numbers (employees, first order)."""

    customer_id: str
    features: Mapping[str, Feature]


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A customer who resembles the best.

    Attributes:
        customer_id: who.
        likeness: to the nearest of them on average, 0 to 1.
        like: these, the nearest first.
        shared: the features in which they are alike, the most telling first.
    """

    customer_id: str
    likeness: float
    like: tuple[str, ...]
    shared: tuple[str, ...]


def lookalikes(best: Sequence[Profile], others: Sequence[Profile], *, nearest: int = NEAREST) -> list[Lookalike]:
    """The others who share something with the best customers, the most alike first."""
    features = sorted({name for profile in best for name in profile.features})
    if not best or not others or not features:
        return []
    columns = {name: _Column(name, best, others) for name in features}
    found = []
    chunk = 1 + _CELLS // (len(best) * len(features))
    for begin in range(0, len(others), chunk):
        some = range(begin, min(begin + chunk, len(others)))
        likes = np.stack([columns[name].likeness(some) for name in features])
        weights = np.array([columns[name].weight for name in features])[:, None, None]
        # What is unknown of one of two counts half a likeness, so that one shared feature is no twin.
        mean = (weights * np.where(np.isnan(likes), 0.5, likes)).sum(axis=0) / max(float(weights.sum()), 1e-12)
        for row, at in enumerate(some):
            order = np.argsort(-mean[row], kind="stable")[:nearest]
            close = [(float(weights[place, 0, 0] * likes[place, row, order[0]]), name)
                     for place, name in enumerate(features)
                     if weights[place, 0, 0] > 0 and likes[place, row, order[0]] >= _CLOSE]  # fmt: skip
            if close:
                shared = tuple(name for _, name in sorted(close, key=lambda one: (-one[0], one[1])))
                like = tuple(best[int(place)].customer_id for place in order)
                found.append(Lookalike(others[at].customer_id, float(mean[row][order].mean()), like, shared))
    return sorted(found, key=lambda one: (-one.likeness, one.customer_id))


class _Column:
    """One feature of all: words as codes, numbers as they are; NaN where unknown."""

    def __init__(self, name: str, best: Sequence[Profile], others: Sequence[Profile]) -> None:
        values = [profile.features.get(name) for profile in (*best, *others)]
        self._words = any(isinstance(value, str) for value in values)
        if self._words:
            codes = {
                value: float(at) for at, value in enumerate(sorted({str(one) for one in values if one is not None}))
            }
            all_values = np.array([np.nan if value is None else codes[str(value)] for value in values])
            self._range = 1.0
        else:
            all_values = np.array([np.nan if value is None else float(value) for value in values])
            known = all_values[~np.isnan(all_values)]
            self._range = max(float(np.ptp(known)) if known.size else 0.0, 1e-12)
        self._best, self._others = all_values[: len(best)], all_values[len(best) :]
        self.weight = self._apart()

    def likeness(self, some: range) -> Floats:
        """Of some of the others (rows) to each of the best (columns); NaN where one of both is unknown."""
        return self._alike(self._others[some.start : some.stop, None], self._best[None, :])

    def _alike(self, one: Floats, other: Floats) -> Floats:
        apart = np.abs(one - other)
        found: Floats = np.where(np.isnan(apart), np.nan, apart == 0) if self._words else 1 - apart / self._range
        return found

    def _apart(self) -> float:
        """How much more alike the best are among each other than the others to them; 0 for not at all."""
        sample = self._others[:: max(1, len(self._others) // 500)]
        among = self._alike(self._best[:500, None], self._best[None, :500])
        np.fill_diagonal(among, np.nan)
        to_them = self._alike(sample[:, None], self._best[None, :500])
        if np.isnan(among).all() or np.isnan(to_them).all():
            return 0.0
        return max(0.0, float(np.nanmean(among) - np.nanmean(to_them)))
