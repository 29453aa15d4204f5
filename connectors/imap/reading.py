"""How a folder is read on: where to begin, what is new, and the history behind it.

no cursor            →  everything that lies there is history, to be read in the background
other UIDVALIDITY    →  the folder was renumbered: read everything again, the pool knows it by content
UIDs handed out anew →  the same
else                 →  news above last_uid first, then history from backfill_uid upwards
"""

from array import array
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date

from connectors.imap.events import Fetched, FolderInfo
from connectors.imap.fetching import Batch, Fetcher, Strikes
from connectors.imap.session import Selected, Session
from rules.terms.mail import Cursor

_ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Start:
    """Where reading goes on. `fresh`: the cursor is not in the pool yet; `reset`: earlier placements are void."""

    cursor: Cursor
    fresh: bool
    reset: bool


def start(cursor: Cursor | None, selected: Selected) -> Start:
    """Compare what the pool knows of a folder with what the server says now.

    After a renumbering all is read again in the background. What the pool does not know then came after the folder
    was added, so it is news, unless the history had not been read to its end: then noise is the greater harm.
    """
    top = selected.top
    if cursor is None:
        return Start(Cursor(selected.uidvalidity, top, top, selected.modseq, 0, top), fresh=True, reset=False)
    # A server that names no UIDNEXT only says what is there: less of it means that the newest mail was deleted.
    if cursor.uidvalidity != selected.uidvalidity or (selected.sure and top < cursor.last_uid):
        history = 0 if cursor.backfill_uid >= cursor.backfill_until else top
        renumbered = Cursor(selected.uidvalidity, top, history, selected.modseq, 0, top)
        return Start(renumbered, fresh=True, reset=True)
    return Start(cursor, fresh=False, reset=False)


@dataclass(slots=True)
class Reader:
    """Reads one folder on. `select` gives a session with the folder open; `cursor` moves with what was handed over.

    Of the history, what arrived before `since` is passed over: it is not to be read at all.
    """

    mailbox: str
    folder: FolderInfo
    cursor: Cursor
    select: Callable[[], Session]
    strikes: Strikes
    done: int = 0
    total: int = 0
    since: date | None = None
    seen: Callable[[Batch], None] | None = None

    def news(self, top: int) -> Iterator[Fetched]:
        """What came since, up to the highest UID of the folder."""
        if top <= self.cursor.last_uid:
            return
        uids = self.select().search(self.cursor.last_uid + 1, top)
        self.total += len(uids)
        for batch in self._fetch(uids):
            self.cursor = replace(self.cursor, last_uid=max(self.cursor.last_uid, batch.last))
            yield self._fetched(batch)

    def history(self, since: date | None = None, known: Collection[int] = ()) -> Iterator[Fetched]:
        """What lay there before. With `since` only later mail, and then the mark stays: the rest is still unread."""
        cursor = self.cursor
        if cursor.backfill_uid >= cursor.backfill_until:
            return
        latest = max((day for day in (since, self.since) if day), default=None)
        criteria = arrived_since(latest) if latest else b""
        uids = self.select().search(cursor.backfill_uid + 1, cursor.backfill_until, criteria)
        if known:
            in_pool = frozenset(known)
            uids = array("Q", [uid for uid in uids if uid not in in_pool])
        self.total += len(uids)
        last = uids[-1] if uids else 0
        for batch in self._fetch(uids):
            if since is None:
                mark = cursor.backfill_until if batch.last == last else batch.last
                self.cursor = replace(self.cursor, backfill_uid=mark)
            yield self._fetched(batch)
        if not uids and since is None:
            self.cursor = replace(self.cursor, backfill_uid=cursor.backfill_until)
            yield self.mark()

    def these(self, uids: Collection[int]) -> Iterator[Fetched]:
        """Certain mails; the cursor stays."""
        self.total += len(uids)
        for batch in self._fetch(array("Q", sorted(uids))):
            yield self._fetched(batch)

    def mark(self, *, reset: bool = False) -> Fetched:
        """The cursor alone."""
        return Fetched(self.folder.name, self.folder.role, self.cursor, done=self.done, total=self.total, reset=reset)

    def _fetch(self, uids: "array[int]") -> Iterator[Batch]:
        fetcher = Fetcher(self.mailbox, self.folder, self.cursor.uidvalidity, self.select, self.strikes)
        return fetcher.batches(uids.tolist())

    def _fetched(self, batch: Batch) -> Fetched:
        self.done += batch.count
        if self.seen is not None:
            self.seen(batch)
        folder = self.folder
        return Fetched(
            folder.name, folder.role, self.cursor, tuple(batch.mails), self.done, self.total, tuple(batch.refused)
        )


def arrived_since(day: date) -> bytes:
    """The search for mail that arrived on that day or later (RFC 3501, 6.4.4)."""
    return f"SINCE {day.day}-{_ENGLISH[day.month - 1]}-{day.year}".encode()
