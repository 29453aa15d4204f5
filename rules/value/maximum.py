"""The highest point of a smooth function of a few positive parameters: damped Newton steps in their logarithms.

The slope is given, the curvature taken from differences of the slope. Where the function is not concave, the
eigenvalues' magnitudes are used, so that every step leads upward (Nocedal & Wright 2006, Numerical Optimization, 3.4).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from rules.value.special import Floats

Objective = Callable[[Floats], tuple[float, Floats]]

LOWEST, HIGHEST = -12.0, 14.0  # the parameters' logarithms: 6e-6 to 1.2e6
_STEPS = 200
_FURTHEST = 2.0
_DELTA = 1e-4


@dataclass(frozen=True, slots=True)
class Maximum:
    """Where a function is highest: the parameters' logarithms, its value there, its curvature (Hessian) by them.

    `found` is false when the search ended without arriving.
    """

    logs: Floats
    value: float
    curvature: Floats
    found: bool

    @property
    def parameters(self) -> tuple[float, ...]:
        """The parameters themselves."""
        return tuple(float(value) for value in np.exp(self.logs))


def maximise(objective: Objective, starts: Iterable[tuple[float, ...]]) -> Maximum:
    """The highest of the maxima that are reached from several starting points.

    Args:
        objective: from the parameters, its value and its slope by each of them.
        starts: parameters to begin with.
    """

    def by_logs(logs: Floats) -> tuple[float, Floats]:
        parameters = np.exp(logs)
        value, slope = objective(parameters)
        return value, slope * parameters

    tops = [_climb(by_logs, np.clip(np.log(start), LOWEST, HIGHEST)) for start in starts]
    return max(tops, key=lambda top: (round(top.value, 6), top.found))


def _climb(objective: Objective, logs: Floats) -> Maximum:
    value, slope = objective(logs)
    for _ in range(_STEPS):
        curvature = _curvature(objective, logs)
        # A parameter at its border that would have to leave it stays there.
        free = ~(((logs <= LOWEST) & (slope < 0)) | ((logs >= HIGHEST) & (slope > 0)))
        step = np.zeros_like(logs)
        if free.any():
            step[free] = _newton(curvature[np.ix_(free, free)], slope[free])
        # What this step promises is less than rounding in a sum of this size.
        if float(slope @ step) <= 1e-12 * (1 + abs(value)):
            return Maximum(logs, value, curvature, True)
        for _ in range(40):
            tried = np.clip(logs + step, LOWEST, HIGHEST)
            higher, there = objective(tried)
            if np.isfinite(higher) and higher > value:
                break
            step = step / 2
        else:
            # As high as the arithmetic can tell: arrived, if the slope all but vanished.
            return Maximum(logs, value, curvature, float(np.abs(slope[free]).max(initial=0)) < 1e-4 * (1 + abs(value)))
        logs, value, slope = tried, higher, there
    return Maximum(logs, value, _curvature(objective, logs), False)


def _newton(curvature: Floats, slope: Floats) -> Floats:
    values, vectors = np.linalg.eigh(curvature)
    steep = np.maximum(np.abs(values), 1e-9 * max(1.0, float(np.abs(values).max())))
    step: Floats = vectors @ ((vectors.T @ slope) / steep)
    return step * min(1.0, _FURTHEST / max(float(np.abs(step).max()), 1e-300))


def _curvature(objective: Objective, logs: Floats) -> Floats:
    rows = []
    for at in range(len(logs)):
        step = np.zeros_like(logs)
        step[at] = _DELTA
        rows.append((objective(logs + step)[1] - objective(logs - step)[1]) / (2 * _DELTA))
    found = np.array(rows)
    symmetric: Floats = (found + found.T) / 2
    return symmetric
