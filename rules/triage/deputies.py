"""Who stands in for whom while somebody is away.

    anna away, deputy otto; otto away, deputy lena   →   lena stands in for both
    anna away, deputy otto; otto away, deputy anna   →   nobody stands in: both are away

A chain ends with the first who is there. One that comes back to itself, or leads to nobody, has no end, and what is
assigned stays where it is.
"""

from collections.abc import Mapping

from rules.terms.team import AwayTime


def deputy_of(login: str, away: Mapping[str, AwayTime]) -> str | None:
    """Who stands in for somebody; None where they are there, or nobody is.

    Args:
        login: for whom.
        away: who is away today, by login.
    """
    seen = {login}
    now = login
    while now in away:
        now = away[now].deputy
        if not now or now in seen:
            return None
        seen.add(now)
    return None if now == login else now


def stands_in_for(login: str, away: Mapping[str, AwayTime]) -> frozenset[str]:
    """For whom somebody stands in today; nobody while they are away themselves."""
    return frozenset(one for one in away if deputy_of(one, away) == login)
