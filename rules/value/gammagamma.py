"""What a customer's purchases are worth on average, now and hereafter: the gamma-gamma model of spend.

    Fader, Hardie (2013): The Gamma-Gamma Model of Monetary Value (brucehardie.com/notes/025); first in
    Fader, Hardie, Lee (2005): RFM and CLV, Journal of Marketing Research 42(4), 415-430.

It tells of each customer: what they spend at a purchase varies around a mean of their own (gamma, shape p, rate ν);
over all customers ν is gamma distributed too (shape q, rate γ). It supposes that how much somebody spends has
nothing to do with how often they buy. Known of a customer: x purchases, their mean value m.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rules.value.maximum import maximise
from rules.value.special import Floats, digamma, log_gamma

_STARTS = ((1.0, 3.0), (6.0, 4.0), (3.0, 1.5), (20.0, 20.0))  # p and q


@dataclass(frozen=True, slots=True)
class GammaGamma:
    """A fit: shapes p and q, rate γ (in the currency of the means), the log-likelihood.

    `flat` when the search did not arrive, or q ≤ 1: then a few purchases outweigh all others and there is no mean.
    """

    p: float
    q: float
    gamma: float
    loglik: float
    flat: bool = False


def fit(x: ArrayLike, m: ArrayLike) -> GammaGamma:
    """The parameters under which the means were most likely; customers without purchase or value do not count.

    The density of m is Γ(p x + q) / (Γ(p x) Γ(q)) · γ^q m^(p x − 1) x^(p x) / (γ + x m)^(p x + q).

    Args:
        x: number of purchases that the mean is of.
        m: mean value of these purchases.

    Raises:
        ValueError: nobody bought for anything.
    """
    x, m = np.asarray(x, float), np.asarray(m, float)
    bought = (x > 0) & (m > 0)
    if not bought.any():
        raise ValueError("there is no purchase of any value")
    x, m = x[bought], m[bought]
    values, at = np.unique(x, return_inverse=True)
    # In units of the median, so that cents, euros and yen begin alike.
    unit = float(np.median(m))
    scaled = m / unit
    log_m, log_x = np.log(scaled), np.log(x)

    def loglik(parameters: Floats) -> tuple[float, Floats]:
        p, q, gamma = parameters
        total = gamma + x * scaled
        log_total = np.log(total)
        common = log_gamma(p * values + q) - log_gamma(p * values) - log_gamma(q) + q * np.log(gamma)
        each = common[at] + (p * x - 1) * log_m + p * x * log_x - (p * x + q) * log_total
        both = digamma(p * values + q)
        slopes = (
            x * ((both - digamma(p * values))[at] + log_m + log_x - log_total),
            (both - digamma(q))[at] + np.log(gamma) - log_total,
            q / gamma - (p * x + q) / total,
        )
        return float(each.sum()), np.array([slope.sum() for slope in slopes])

    top = maximise(loglik, ((p, q, (q - 1) / p) for p, q in _STARTS))
    p, q, gamma = top.parameters
    return GammaGamma(p, q, gamma * unit, top.value - len(m) * float(np.log(unit)), not top.found or q <= 1.0)


def expected_average(model: GammaGamma, x: ArrayLike, m: ArrayLike) -> Floats:
    """What a customer's purchases will be worth on average: p (γ + x m) / (p x + q − 1).

    It lies between their own mean and that of all, p γ / (q − 1), the nearer to their own the more they have bought.
    """
    x, m = np.asarray(x, float), np.asarray(m, float)
    found: Floats = model.p * (model.gamma + x * m) / (model.p * x + model.q - 1)
    return found
