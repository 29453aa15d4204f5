"""What customers will probably buy and be worth from now on, and when that cannot be said.

An estimate, never a fact: it names its horizon, margin and discount, and is refused rather than guessed.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from rules.terms.customer import CustomerKind
from rules.terms.worth import BusinessModel
from rules.value import bgnbd, gammagamma
from rules.value.bgnbd import BgNbd
from rules.value.gammagamma import GammaGamma
from rules.value.repeats import WEEK, Repeats
from rules.value.special import Floats

ENOUGH = 100
WEEKS_A_YEAR = 365.25 / WEEK


class Unfit(StrEnum):
    """Why nothing is foretold."""

    TOO_FEW = "too-few"
    FLAT = "flat"


@dataclass(frozen=True, slots=True)
class Fit:
    """The models of a firm's trade. A model is None where its `unfit` says why; one can be there without the other."""

    purchases: BgNbd | None
    spend: GammaGamma | None
    unfit: Unfit | None
    unfit_spend: Unfit | None


@dataclass(frozen=True, slots=True)
class Terms:
    """What a lifetime value is reckoned with; said wherever one is shown.

    Attributes:
        horizon: how far into the future, in weeks.
        margin: what is left of revenue, 0 to 1.
        discount: by how much money of a year later is worth less, 0.1 for ten percent.
    """

    horizon: float = 2 * WEEKS_A_YEAR
    margin: float = 1.0
    discount: float = 0.1


def foretells(model: BusinessModel, kind: CustomerKind, *, score_persons: bool) -> bool:
    """Whether probabilities and lifetime values of such a customer may be reckoned and shown at all."""
    return model is BusinessModel.REPEAT and (kind is CustomerKind.FIRM or score_persons)


def fit(repeats: Repeats) -> Fit:
    """Fit both models, where there are at least a hundred customers to learn from and these say something."""
    purchases, unfit = _purchases(repeats)
    spend, unfit_spend = _spend(repeats)
    return Fit(purchases, spend, unfit, unfit_spend)


def lifetime_value(found: Fit, repeats: Repeats, terms: Terms) -> Floats | None:
    """What each customer will contribute within the horizon, in today's money; None where a model is unfit.

    Σ over the months k of the horizon of (E[Y(t_k)] − E[Y(t_(k−1))]) · E[M] · margin / (1 + discount)^(t_k in years):
    further purchases, worth of one, discounted from the end of the month (as in Fader, Hardie, Lee 2005, RFM and CLV,
    with a horizon that ends).
    """
    if found.purchases is None or found.spend is None:
        return None
    months = max(1, round(terms.horizon / WEEKS_A_YEAR * 12))
    average = gammagamma.expected_average(found.spend, repeats.x, repeats.m)
    value, so_far = np.zeros(len(repeats.ids)), np.zeros(len(repeats.ids))
    for month in range(1, months + 1):
        time = terms.horizon * month / months
        until = bgnbd.expected(found.purchases, repeats.x, repeats.t_x, repeats.T, time)
        value += (until - so_far) / (1 + terms.discount) ** (time / WEEKS_A_YEAR)
        so_far = until
    return value * average * terms.margin


def _purchases(repeats: Repeats) -> tuple[BgNbd | None, Unfit | None]:
    if repeats.repeaters < ENOUGH:
        return None, Unfit.TOO_FEW
    model = bgnbd.fit(repeats.x, repeats.t_x, repeats.T)
    return (None, Unfit.FLAT) if model.flat else (model, None)


def _spend(repeats: Repeats) -> tuple[GammaGamma | None, Unfit | None]:
    if int(((repeats.x > 0) & (repeats.m > 0)).sum()) < ENOUGH:
        return None, Unfit.TOO_FEW
    model = gammagamma.fit(repeats.x, repeats.m)
    return (None, Unfit.FLAT) if model.flat else (model, None)
