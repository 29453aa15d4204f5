"""Logistic regression over sparse rows, by L-BFGS (Nocedal 1980): the curvature is remembered, never computed."""

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.complaints.vectors import Rows

Array = NDArray[np.float64]
_STEPS = 150
_REMEMBERED = 8
_SHORTEST = 1e-6
# It is done when a step lowers the loss by less than this share of it.
_CLOSE = 3e-5


@dataclass(frozen=True, slots=True)
class Fit:
    """What was learned: the weight of each column, and the bias."""

    weights: Array
    bias: float


def fit(
    rows: Rows,
    targets: Array,
    importance: Array,
    penalty: float,
    given: Array | None = None,
    freedom: Array | None = None,
) -> Fit:
    """Minimise the weighted log-loss plus penalty/2 · |weights / freedom|².

    `targets` are 0 or 1, `importance` a weight of each row, `given` logits that are there already (of a model that is
    to be corrected; then the weights are what is added to it), `freedom` how great each column's weight may be, 1 where
    it is not given.
    """
    given = np.zeros(len(targets)) if given is None else given
    freedom = np.ones(len(rows.vocabulary)) if freedom is None else freedom

    def loss(point: Array) -> tuple[float, Array]:
        logits = rows.logits(point[:-1] * freedom) + point[-1] + given
        # log(1 + exp(z)) - target · z, without overflow.
        value = importance @ (np.logaddexp(0, logits) - targets * logits) + penalty / 2 * point[:-1] @ point[:-1]
        pull = importance * (1 / (1 + np.exp(-np.clip(logits, -30, 30))) - targets)
        return float(value), np.append(rows.summed(pull) * freedom + penalty * point[:-1], pull.sum())

    point = np.zeros(len(rows.vocabulary) + 1)
    value, slope = loss(point)
    steps: deque[tuple[Array, Array]] = deque(maxlen=_REMEMBERED)
    for _ in range(_STEPS):
        direction = -_divided(slope, steps)
        # The first step knows no curvature: it is as long as the weights may be.
        length = 1.0 if steps else 1 / max(1.0, float(np.abs(slope).sum()))
        gain = slope @ direction
        while length > _SHORTEST:
            further = point + length * direction
            new_value, new_slope = loss(further)
            if new_value <= value + 1e-4 * length * gain:
                break
            length /= 2
        else:
            break
        if (further - point) @ (new_slope - slope) > 0:
            steps.append((further - point, new_slope - slope))
        lowered = value - new_value
        point, value, slope = further, new_value, new_slope
        if lowered <= _CLOSE * value:
            break
    return Fit(point[:-1] * freedom, float(point[-1]))


def _divided(slope: Array, steps: deque[tuple[Array, Array]]) -> Array:
    """A slope divided by the curvature that the last steps showed (the two-loop recursion)."""
    found = slope.copy()
    taken = []
    for moved, turned in reversed(steps):
        share = (moved @ found) / (moved @ turned)
        found -= share * turned
        taken.append(share)
    if steps:
        moved, turned = steps[-1]
        found *= (moved @ turned) / (turned @ turned)
    for (moved, turned), share in zip(steps, reversed(taken), strict=True):
        found += (share - (turned @ found) / (moved @ turned)) * moved
    return found
