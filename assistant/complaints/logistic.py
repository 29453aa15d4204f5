"""Logistic regression by its kernel: few rows, many columns.

With n rows the weights are a sum of the rows, so n numbers are sought instead of one for each column (the representer
theorem). Newton's method in its form of reweighted least squares; each step is solved by conjugate gradients.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
_STEPS = 25
_INNER = 200
_CLOSE = 1e-3


@dataclass(frozen=True, slots=True)
class Fit:
    """Weights of the rows, and the bias. The logit of a text with the kernel row k is k @ rows + bias."""

    rows: Array
    bias: float


def fit(
    kernel: NDArray[np.float32], targets: Array, importance: Array, penalty: float, given: Array | None = None
) -> Fit:
    """Minimise the weighted log-loss plus penalty/2 · |weights|².

    `targets` are 0 or 1, `importance` a weight of each row, `given` logits that are there already (of a model that is
    to be corrected; then the weights are what is added to it).
    """
    count = len(targets)
    given = np.zeros(count) if given is None else given
    rows, bias = np.zeros(count), 0.0
    for _ in range(_STEPS):
        logits = kernel @ rows + bias
        chances = 1 / (1 + np.exp(-np.clip(logits + given, -30, 30)))
        curvature = np.maximum(importance * chances * (1 - chances), 1e-7)
        wanted = logits + importance * (targets - chances) / curvature
        ridge = penalty / curvature
        # (K + R) a = wanted - bias, with the a adding up to nothing.
        both = _solve(kernel, ridge, np.stack([wanted, np.ones(count)], axis=1), np.stack([rows, rows * 0], axis=1))
        new_bias = both[:, 0].sum() / both[:, 1].sum()
        new_rows = both[:, 0] - new_bias * both[:, 1]
        moved = np.abs(new_rows - rows).max()
        rows, bias = new_rows, float(new_bias)
        if moved <= _CLOSE * max(1.0, np.abs(rows).max()):
            break
    return Fit(rows, bias)


def _solve(kernel: NDArray[np.float32], ridge: Array, wanted: Array, start: Array) -> Array:
    """(K + diag(ridge)) x = wanted for each column, by conjugate gradients with the diagonal as preconditioner."""
    scale = 1 / (np.diag(kernel) + ridge)[:, None]

    def applied(values: Array) -> Array:
        return np.asarray(kernel @ values.astype(np.float32), np.float64) + ridge[:, None] * values

    solution = start.copy()
    rest = wanted - applied(solution)
    scaled = scale * rest
    direction = scaled.copy()
    size = (rest * scaled).sum(axis=0)
    enough = 1e-8 * (wanted * scale * wanted).sum(axis=0)
    for _ in range(_INNER):
        if (size <= enough).all():
            break
        image = applied(direction)
        step = size / np.maximum((direction * image).sum(axis=0), 1e-300)
        solution += step * direction
        rest -= step * image
        scaled = scale * rest
        next_size = (rest * scaled).sum(axis=0)
        direction = scaled + next_size / np.maximum(size, 1e-300) * direction
        size = next_size
    return solution
