"""The gamma function's logarithm and its slope, and expectations over a beta distribution, for arrays (numpy has none).

Stirling's series behind a shift of eight, good to about fourteen digits for every positive argument
(Abramowitz & Stegun 1964, 6.1.40 and 6.3.18); Gauss-Jacobi quadrature by the method of Golub & Welsch (1969).
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_SHIFT = 8
_LOG_GAMMA = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)
_DIGAMMA = (1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12)


def log_gamma(z: Floats | float) -> Floats:
    """The natural logarithm of Γ(z), for z > 0."""
    low = np.asarray(z, float)
    high = low + _SHIFT
    series = sum(term / high ** (2 * power + 1) for power, term in enumerate(_LOG_GAMMA))
    shifted = sum(np.log(low + step) for step in range(_SHIFT))
    found: Floats = (high - 0.5) * np.log(high) - high + 0.5 * np.log(2 * np.pi) + series - shifted
    return found


def digamma(z: Floats | float) -> Floats:
    """The slope of that logarithm, ψ(z), for z > 0."""
    low = np.asarray(z, float)
    high = low + _SHIFT
    series = sum(term / high ** (2 * power + 2) for power, term in enumerate(_DIGAMMA))
    shifted = sum(1 / (low + step) for step in range(_SHIFT))
    found: Floats = np.log(high) - 0.5 / high - series - shifted
    return found


def beta_nodes(a: Floats, b: Floats, count: int = 32) -> tuple[Floats, Floats]:
    """Nodes p and weights w with E[f(p)] = Σ w f(p) for p ~ Beta(a, b), a row of `count` for each pair of a and b.

    Exact for polynomials of degree 2·count − 1; the nodes are the eigenvalues of the Jacobi polynomials' recurrence.
    """
    a, b = np.asarray(a, float)[:, None], np.asarray(b, float)[:, None]
    n = np.arange(1, count)
    total = a + b - 2  # the exponents' sum: α = b − 1, β = a − 1 in the books
    diagonal = np.empty((len(a), count))
    diagonal[:, :1] = (a - b) / (total + 2)
    diagonal[:, 1:] = (a - b) * total / ((2 * n + total) * (2 * n + total + 2))
    # At n = 1 two factors are the same, and may both be zero.
    ratio = np.where(n == 1, 1.0, (n + total) / np.where(n == 1, 1.0, 2 * n + total - 1))
    beside = np.sqrt(4 * n * (n + b - 1) * (n + a - 1) * ratio / ((2 * n + total) ** 2 * (2 * n + total + 1)))
    matrices = np.zeros((len(a), count, count))
    row = np.arange(count)
    matrices[:, row, row] = diagonal
    matrices[:, row[1:], row[:-1]] = beside  # eigh reads the lower half
    values, vectors = np.linalg.eigh(matrices)
    return np.clip((1 + values) / 2, 0.0, 1.0), vectors[:, 0, :] ** 2
