"""A look at an account before it is watched: how many mails lie where since when, and which are the newest."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from connectors.imap.account import Account
from connectors.imap.reading import arrived_since


@dataclass(frozen=True, slots=True)
class Survey:
    """What lies in some folders: mails that arrived since a day (None: ever), by day; the newest UIDs, by folder."""

    counts: Mapping[date | None, Mapping[str, int]]
    newest: Mapping[str, tuple[int, ...]]


def survey(account: Account, names: Collection[str], days: Sequence[date], newest: int) -> Survey:
    """Count the mails of folders, for each of some days from which they might be read.

    Args:
        account: whose.
        names: the folders; what is not there (any more) counts as empty.
        days: from when on.
        newest: so many of the latest mails are named for each folder.

    Raises:
        ConnectorError: the account cannot be read.
    """
    counts: dict[date | None, dict[str, int]] = {day: {} for day in (None, *days)}
    latest: dict[str, tuple[int, ...]] = {}
    with account.session() as session:
        for info in account.listed(session):
            if info.name not in names:
                continue
            selected = session.examine(info.raw)
            if selected is None:
                continue
            there = session.search(1, selected.top) if selected.top else ()
            counts[None][info.name] = len(there)
            latest[info.name] = tuple(there[-newest:])
            for day in days:
                found = session.search(1, selected.top, arrived_since(day)) if len(there) else ()
                counts[day][info.name] = len(found)
    return Survey(counts, latest)
