"""Would they recommend us: the Net Promoter Score, with how sure it is.

Promoters answer 9 or 10, detractors 0 to 6; the score is the difference of their shares in percent (Reichheld 2003, The
One Number You Need to Grow, Harvard Business Review 81(12), 46-54).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

PROMOTER, PASSIVE = 9, 7
_Z = 1.959964  # 95 %


@dataclass(frozen=True, slots=True)
class Nps:
    """The score, −100 to 100, the number of answers, and the 95 % interval in which the true score lies."""

    score: float
    n: int
    low: float
    high: float


def nps(scores: Iterable[int]) -> Nps | None:
    """The score of answers 0 to 10; None where there are none.

    The interval is the adjusted Wald interval, the best of those compared by Rocks (2016, Interval Estimation for the
    "Net Promoter Score", The American Statistician 70(4), 365-372): three answers are added, 3/4 promoters and 3/4
    detractors among them, so that a few that agree do not seem certain. It is kept within −100 and 100 and widened to
    the score itself where that lies outside, as it may with fewer than ten answers.

    Raises:
        ValueError: an answer is not between 0 and 10.
    """
    answers = list(scores)
    if not answers:
        return None
    if not all(0 <= answer <= 10 for answer in answers):
        raise ValueError("answers lie between 0 and 10")
    promoters = sum(answer >= PROMOTER for answer in answers)
    detractors = sum(answer < PASSIVE for answer in answers)
    score = 100 * (promoters - detractors) / len(answers)
    total = len(answers) + 3
    for_us, against = (promoters + 0.75) / total, (detractors + 0.75) / total
    centre = for_us - against
    reach = _Z * math.sqrt((for_us + against - centre * centre) / total)
    low, high = 100 * (centre - reach), 100 * (centre + reach)
    return Nps(score, len(answers), max(-100.0, min(low, score)), min(100.0, max(high, score)))
