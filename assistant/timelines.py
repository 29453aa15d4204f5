"""A customer's timeline: what happened, and the papers of the books between, newest first, page by page.

Nothing is copied: each page asks the entries and each kind of paper for what follows the page before, and merges. Of
what lies at the same moment the entries come first, then orders, offers, invoices.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from rules.ledger_lines import NOON, Paper, channel_of, number_of
from rules.terms.errors import WrongUse
from rules.terms.interaction import PAPERS, Channel, Interaction
from storage.pool import Work

_LARGEST_ID = 2**63 - 1
_DAY = timedelta(days=1)
_EVER = (date.max, "")


@dataclass(frozen=True, slots=True)
class _Mark:
    """Where the page before ended: at an entry, or at a paper of a kind."""

    entry: int | None = None
    paper: Channel | None = None
    day: date = date.max
    number: str = ""


def page(
    work: Work, customer_id: str, zone: ZoneInfo, *, before: str | None, channels: Collection[Channel], limit: int
) -> tuple[list[Interaction | Paper], str | None]:
    """A page of a timeline, and what asks for the next one; None at the end.

    Args:
        work: the pool.
        customer_id: whose timeline.
        zone: the firm's: where the day of a paper lies.
        before: what the page before gave out; None for the newest.
        channels: only these; all when empty.
        limit: how many at most.

    Raises:
        WrongUse: `before` was not given out by this timeline.
    """
    mark = None if before is None else _read(before)
    found: list[tuple[datetime, Interaction | Paper]] = []
    entries = [channel for channel in channels if channel not in PAPERS]
    if entries or not channels:
        older = datetime.combine(mark.day, NOON, zone) if mark is not None and mark.paper else None
        start = mark.entry if mark is not None else None
        some = work.interactions.timeline(customer_id, before=start, older=older, limit=limit + 1, channels=entries)
        found += [(one.date, one) for one in some]
    for channel in PAPERS:
        if channel in channels or not channels:
            start_at = _start(work, customer_id, channel, mark, zone)
            papers = _PAPERS[channel](work, customer_id, limit + 1, start_at)
            found += [(datetime.combine(one.date, NOON, zone), one) for one in papers]
    # Stable: what each gave out keeps its order.
    found.sort(key=lambda one: one[0], reverse=True)
    shown = [one for _, one in found[:limit]]
    return shown, _written(shown[-1]) if len(found) > limit else None


_PAPERS: Mapping[Channel, Callable[[Work, str, int, tuple[date, str]], Sequence[Paper]]] = {
    Channel.ORDER: lambda work, *asked: work.ledger.orders_of(*asked),
    Channel.OFFER: lambda work, *asked: work.ledger.offers_of(*asked),
    Channel.INVOICE: lambda work, *asked: work.ledger.invoices_of(*asked),
}


def latest(
    work: Work, customer_id: str, zone: ZoneInfo, papers: Collection[Channel], limit: int
) -> list[Interaction | Paper]:
    """The newest of a timeline, with papers of these kinds only: to be there at once, and asked for no more."""
    found: list[tuple[datetime, Interaction | Paper]] = []
    found += [(one.date, one) for one in work.interactions.timeline(customer_id, limit=limit)]
    for channel in papers:
        newest = _PAPERS[channel](work, customer_id, limit, _EVER)
        found += [(datetime.combine(one.date, NOON, zone), one) for one in newest]
    found.sort(key=lambda one: one[0], reverse=True)
    return [one for _, one in found[:limit]]


def _start(work: Work, customer_id: str, channel: Channel, mark: _Mark | None, zone: ZoneInfo) -> tuple[date, str]:
    """Day and number before which papers of a kind follow a mark."""
    if mark is None:
        return _EVER
    if mark.paper is None:
        last = work.interactions.moment_of(customer_id, mark.entry or 0).astimezone(zone)
        return (last.date() + _DAY if last.time() >= NOON else last.date(), "")
    if mark.paper is channel:
        return mark.day, mark.number
    return (mark.day + _DAY if PAPERS.index(channel) > PAPERS.index(mark.paper) else mark.day, "")


def _written(last: Interaction | Paper) -> str:
    # Of an entry the number alone: the exact moment of a closed one is nobody's business.
    if isinstance(last, Interaction):
        return str(last.id)
    return f"{channel_of(last).value}:{last.date.isoformat()}:{number_of(last)}"


def _read(before: str) -> _Mark:
    if before.isascii() and before.isdecimal() and len(before) < 20 and int(before) <= _LARGEST_ID:
        return _Mark(int(before))
    kind, _, rest = before.partition(":")
    day, _, number = rest.partition(":")
    try:
        mark = _Mark(None, Channel(kind), date.fromisoformat(day), number)
        if mark.paper in PAPERS and date.min < mark.day < date.max:
            return mark
    except ValueError:
        pass
    raise WrongUse(
        problem="“before” is not a mark of this timeline; start again without it.",
        problem_de="„before“ ist keine Marke dieses Verlaufs; beginnen Sie noch einmal ohne sie.",
    )
