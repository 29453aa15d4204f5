"""The lists that follow from what customers are worth: kings, at risk, whom to win back, who resembles the best."""

from dataclasses import dataclass
from datetime import date

from rules.summary import full_name
from rules.terms.customer import Customer
from rules.terms.staff import Viewer
from rules.terms.worth import Bar, CustomerValue
from storage.pool import Pool, Work
from storage.values import ValueList

NAMES = ("kings", "risk", "win-back", "leads")
PAGE = 50
MOST = 5_000


@dataclass(frozen=True, slots=True)
class Listed:
    """A customer on a list; `reason` is a key of the wording, `like` the names of those whom they resemble."""

    customer: Customer
    value: CustomerValue
    reason: str
    like: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, as of a day; None where nothing has been reckoned yet. `left_out`: those who are barred.

    `stated`: revenue is what the firm's own table of customers says.
    """

    rows: tuple[Listed, ...]
    next: str
    as_of: date | None
    left_out: int = 0
    stated: bool = False


@dataclass(frozen=True, slots=True)
class WorthLists:
    """Reads the lists."""

    pool: Pool

    def page(self, viewer: Viewer, name: str, after: str = "", limit: int = PAGE) -> Page:
        """A part of the list `name`, the most valuable (most alike) first; `after`: `next` of the part before."""
        with self.pool.read() as work:
            reckoned = work.values.reckoned()
            if name == "win-back":
                return self._win_back(work, viewer, after, limit, reckoned[0].as_of if reckoned else None)
            kind = {"kings": ValueList.KINGS, "risk": ValueList.RISK, "leads": ValueList.LIKENESS}[name]
            found = work.values.page(kind, limit + 1, _start(after))
            shown = found[:limit]
            likes = _names(work, [id for _, value in shown for id in value.like]) if kind is ValueList.LIKENESS else {}
            rows = tuple(_listed(kind, customer, value, likes) for customer, value in shown)
            last = _mark(kind, shown[-1][1]) if len(found) > limit else ""
            return Page(
                rows, last, reckoned[0].as_of if reckoned else None, stated=bool(reckoned and reckoned[0].stated)
            )

    def _win_back(self, work: Work, viewer: Viewer, after: str, limit: int, as_of: date | None) -> Page:
        """The lost and those at risk together, without those who are to be left in peace."""
        start = _start(after)
        both = [
            (kind, customer, value)
            for kind in (ValueList.LOST, ValueList.RISK)
            for customer, value in work.values.page(kind, limit + 1, start)
        ]
        both.sort(key=lambda one: (one[2].worth, one[2].customer_id), reverse=True)
        shown = both[:limit]
        barred = bars_of(work, [customer.id for _, customer, _ in shown])
        rows = tuple(_listed(kind, customer, value, {}) for kind, customer, value in shown if customer.id not in barred)
        last = _mark(ValueList.RISK, shown[-1][2]) if len(both) > limit else ""
        return Page(rows, last, as_of, len(shown) - len(rows))


def bars_of(work: Work, ids: list[str]) -> dict[str, frozenset[Bar]]:
    """What forbids to ask customers for business: what staff noted, and an open complaint."""
    noted, complaining = work.decisions.bars(ids), work.findings.complaining(ids)
    found = {id: noted.get(id, frozenset()) | ({Bar.COMPLAINT} if id in complaining else set()) for id in ids}
    return {id: bars for id, bars in found.items() if bars}


def _listed(kind: ValueList, customer: Customer, value: CustomerValue, likes: dict[str, str]) -> Listed:
    reason = value.risk if kind is ValueList.RISK else value.because
    return Listed(customer, value, reason, tuple((id, likes[id]) for id in value.like[:3] if id in likes))


def _names(work: Work, ids: list[str]) -> dict[str, str]:
    return {id: full_name(customer) for id, customer in work.customers.get_many(set(ids)).items()}


def _mark(kind: ValueList, last: CustomerValue) -> str:
    return f"{last.likeness if kind is ValueList.LIKENESS else last.worth} {last.customer_id}"


def _start(after: str) -> tuple[float, str] | None:
    number, _, id = after.partition(" ")
    try:
        return (float(number), id) if after else None
    except ValueError:
        return None
