"""Who is still a customer, and how often they will buy again: the BG/NBD model for repeat trade.

    Fader, Hardie, Lee (2005): "Counting Your Customers" the Easy Way: An Alternative to the Pareto/NBD Model.
    Marketing Science 24(2), 275-284.

It tells of each customer: while active they buy at random, at a rate λ of their own; after each purchase they leave
for good with a probability p of their own. Over all customers λ is gamma distributed (shape r, rate α) and p beta
distributed (a, b). A customer is known by x (repeat purchases), t_x (time from the first purchase to the last) and
T (time from the first purchase to the end of the window), in any unit of time; here it is weeks.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rules.value.maximum import Maximum, maximise
from rules.value.special import Floats, beta_nodes, digamma, log_gamma

# Shapes to begin with: few and many who buy once only, early and late leaving.
_STARTS = ((0.3, 0.8, 2.5), (1.0, 1.0, 10.0), (2.0, 0.3, 1.0))
_TELLING = 1.92  # ln-likelihood below the best within the 95 % interval: χ² with one degree of freedom, halved
_APART = 2.0
_CHUNK = 20_000
_SAMPLE = 1_000


@dataclass(frozen=True, slots=True)
class BgNbd:
    """A fit: r and α of the purchase rate, a and b of leaving, the log-likelihood.

    `flat` when other parameters explain the past as well and foretell another future.
    """

    r: float
    alpha: float
    a: float
    b: float
    loglik: float
    flat: bool = False


def fit(x: ArrayLike, t_x: ArrayLike, T: ArrayLike) -> BgNbd:
    """The parameters under which what happened was most likely.

    Args:
        x: repeat purchases of each customer.
        t_x: time from the first purchase to the last; 0 where x is 0.
        T: time from the first purchase to the end of the window.

    Raises:
        ValueError: there is no repeat purchase; nothing can be fitted.
    """
    rows, counts = np.unique(np.column_stack([x, t_x, T]).astype(float), axis=0, return_counts=True)
    histories = _Histories(rows, counts.astype(float))
    if not rows.size or not rows[:, 0].any() or not rows[:, 2].any():
        raise ValueError("there is no repeat purchase")
    time = float(np.average(rows[:, 2], weights=counts))
    rate = float(np.average(rows[:, 0], weights=counts)) / time
    top = maximise(histories.loglik, ((r, r / rate, a, b) for r, a, b in _STARTS))
    r, alpha, a, b = top.parameters
    return BgNbd(r, alpha, a, b, top.value, flat=not top.found or histories.flat(top))


def p_alive(model: BgNbd, x: ArrayLike, t_x: ArrayLike, T: ArrayLike) -> Floats:
    """The probability that a customer has not left by the end of the window.

    1 / (1 + [x > 0] a / (b + x − 1) ((α + T) / (α + t_x))^(r + x)), from Fader, Hardie (2008): Computing P(alive) Using
    the BG/NBD Model (brucehardie.com/notes/021). Who never bought again has had no occasion to leave: the model says 1
    of them.
    """
    x, t_x, T = (np.asarray(one, float) for one in (x, t_x, T))
    repeat = np.maximum(x, 1.0)
    odds = np.log(model.a) - np.log(model.b + repeat - 1)
    odds = odds + (model.r + x) * (np.log(model.alpha + T) - np.log(model.alpha + t_x))
    found: Floats = np.where(x > 0, np.exp(-np.logaddexp(0.0, odds)), 1.0)
    return found


def expected(model: BgNbd, x: ArrayLike, t_x: ArrayLike, T: ArrayLike, horizon: float) -> Floats:
    """How many purchases a customer will make within `horizon` after the window (equation 10).

    The equation's hypergeometric function is an integral over p, and that is taken here: of an active customer
    λ ~ gamma(r + x, α + T) and p ~ beta(a, b + x), who makes (1 − e^(−λ p t)) / p purchases in a time t; over λ that is
    (1 − ((α + T) / (α + T + p t))^(r + x)) / p. It stays exact where the series breaks down: many purchases, a near
    one, customers all alike.
    """
    x, t_x, T = np.broadcast_arrays(*(np.asarray(one, float) for one in (x, t_x, T)))
    alive = p_alive(model, x, t_x, T)
    rows, place = np.unique(np.column_stack([x.ravel(), T.ravel()]), axis=0, return_inverse=True)
    found = np.empty(len(rows))
    for begin in range(0, len(rows), _CHUNK):
        some = rows[begin : begin + _CHUNK]
        repeats, at = np.unique(some[:, 0], return_inverse=True)
        p, weights = beta_nodes(np.full(len(repeats), model.a), model.b + repeats)
        # Of those who never leave, the limit for p → 0 is the plain rate.
        p = np.maximum(p, 1e-200)[at.ravel()]
        bought = np.log1p(p * (horizon / (model.alpha + some[:, 1:]))) * -(model.r + some[:, :1])
        found[begin : begin + _CHUNK] = (-np.expm1(bought) / p * weights[at.ravel()]).sum(axis=1)
    purchases: Floats = found[place.ravel()].reshape(x.shape) * alive
    return purchases


class _Histories:
    """Customers' histories, equal ones as one row with their number."""

    def __init__(self, rows: Floats, counts: Floats) -> None:
        self.x, self.t_x, self.T = rows.T
        self._counts = counts
        self._repeat = self.x > 0
        self._values, self._at = np.unique(self.x, return_inverse=True)

    def loglik(self, parameters: Floats) -> tuple[float, Floats]:
        """Log-likelihood and its slope by r, α, a, b.

        Γ(r + x) / Γ(r) · Γ(a + b) Γ(b + x) / (Γ(b) Γ(a + b + x)) · α^r · (A + [x > 0] B), where A = (α + T)^−(r + x) is
        to be active still and B = a / (b + x − 1) · (α + t_x)^−(r + x) to have left, all kept in logarithms.
        """
        r, alpha, a, b = parameters
        x, values, at = self.x, self._values, self._at
        before_last = b + np.maximum(x, 1.0) - 1
        log_window, log_last = np.log(alpha + self.T), np.log(alpha + self.t_x)
        common = log_gamma(r + values) - log_gamma(r) + log_gamma(b + values) - log_gamma(b)
        common = common + log_gamma(a + b) - log_gamma(a + b + values) + r * np.log(alpha)
        active = -(r + x) * log_window
        left = np.where(self._repeat, np.log(a) - np.log(before_last) - (r + x) * log_last, -np.inf)
        either = np.logaddexp(active, left)
        stays, leaves = np.exp(active - either), np.exp(left - either)
        by_r = digamma(r + values) - digamma(r)
        by_a = digamma(a + b) - digamma(a + b + values)
        by_b = by_a + digamma(b + values) - digamma(b)
        slopes = (
            by_r[at] + np.log(alpha) - stays * log_window - leaves * log_last,
            r / alpha - (r + x) * (stays / (alpha + self.T) + leaves / (alpha + self.t_x)),
            by_a[at] + leaves / a,
            by_b[at] - leaves / before_last,
        )
        return float(self._counts @ (common[at] + either)), np.array([self._counts @ slope for slope in slopes])

    def flat(self, top: Maximum) -> bool:
        """Whether parameters within the 95 % interval foretell less than half or more than twice as much.

        From the best fit we walk along each axis of its curvature until the likelihood has fallen as far as the
        interval goes, and forecast from there. Parameters alone may be vague (nobody leaves: any a/b near 0 will do)
        as long as the forecast is not.
        """
        best = self._forecast(top.logs)
        values, vectors = np.linalg.eigh(-top.curvature)
        for steepness, direction in zip(values, vectors.T, strict=True):
            for sign in (-1.0, 1.0):
                step = sign * direction * min(3.0, float(np.sqrt(2 * _TELLING / max(steepness, 1e-12))))
                while self.loglik(np.exp(top.logs + step))[0] < top.value - 1.25 * _TELLING:
                    step = step / 1.5
                ratio = self._forecast(top.logs + step) / best
                if not 1 / _APART < ratio < _APART:
                    return True
        return False

    def _forecast(self, logs: Floats) -> float:
        """What customers together will buy in as long a time as was observed; of many, an even sample."""
        r, alpha, a, b = (float(value) for value in np.exp(logs))
        model = BgNbd(r, alpha, a, b, 0.0)
        some = slice(None, None, 1 + len(self.x) // _SAMPLE)
        foretold = expected(model, self.x[some], self.t_x[some], self.T[some], float(self.T.max()))
        return float(self._counts[some] @ foretold)
