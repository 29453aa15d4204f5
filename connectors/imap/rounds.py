"""The connection that fetches: new mail first, then changes in the other folders, then one batch of history.

connect → list folders → visit each → ┬ woken for a folder   → visit it
                                      ├ time for a round     → STATUS of each, visit what changed
                                      ├ marks to be written  → one portion
                                      ├ history left to read → one batch
                                      └ else wait
A visit: EXAMINE → renumbered? → what went, whose flags changed → what is new
What is refused in one folder is noted there, and tried again in the next round; the other folders go on.
"""

import time
from array import array
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from connectors.imap import folders, reading
from connectors.imap.answers import Answer, Mail, Vanished
from connectors.imap.events import Arrived, Fetched, FlagsChanged, FolderInfo, Gone
from connectors.imap.fetching import Batch, kept
from connectors.imap.marking import Marker, Marks
from connectors.imap.reading import Reader
from connectors.imap.session import Selected, Session
from connectors.imap.shared import Shared
from rules.terms.errors import ConnectorError, FolderMissing, ServerDeclined, ServerMisbehaved
from rules.terms.mail import Cursor

# Later than this after the last look, an opening is no longer news.
_FRESH = 20.0
_RECENT = 500
_PORTION = 10_000
_WINDOW = 50_000

Live = Callable[[str, int], Collection[int]]


@dataclass(slots=True)
class State:
    """What is known of a folder. Survives a lost connection; the cursor is that of the last batch handed over.

    `error` is what the last visit ended with. `absent` is since when the server lists the folder no longer; `deleted`
    when that has been told.
    """

    info: FolderInfo
    cursor: Cursor | None = None
    asked: bool = False
    modseq: int | None = None
    flags: dict[int, frozenset[str]] = field(default_factory=dict)
    live: "array[int] | None" = None
    counts: dict[str, int] | None = None
    looked: float = float("-inf")
    history: Iterator[Fetched] | None = None
    reader: Reader | None = None
    error: ConnectorError | None = None
    absent: float | None = None
    deleted: bool = False


class Rounds:
    """Runs in a thread of its own. `live` gives the UIDs that the pool believes to be in a folder."""

    def __init__(
        self,
        shared: Shared,
        cursors: Callable[[str], Cursor | None],
        live: Live | None,
        marker: Marker | None = None,
    ) -> None:
        self._shared = shared
        self._cursors = cursors
        self._live = live
        self._marks = Marks(shared, marker) if marker else None
        self._states: dict[str, State] = {}
        self._watched: list[State] = []
        self._session: Session | None = None
        self._missing: list[str] = []
        self._listed = 0.0

    def run(self) -> None:
        """Fetch until it is time to stop."""
        self._shared.working("fetching", self._work)

    def _work(self, session: Session) -> None:
        shared = self._shared
        self._session = session
        for state in self._states.values():
            state.history, state.looked = None, float("-inf")
        self._list(session)
        for state in self._watched:
            # Where the connection broke the last time it may break again: the others come first.
            if state.error is None:
                self._tried(state, partial(self._look, session))
        shared.works("fetching")
        rounded = time.monotonic()
        while not shared.stopping.is_set():
            behind = self._behind()
            shared.condition.looked(reading=behind is not None)
            now = time.monotonic()
            due = rounded + shared.pace.round(near=shared.near, following=shared.following()) - now
            woken = shared.restless(0 if behind else min(max(due, 0), 1.0))
            for state in self._watched:
                if state.info.name in woken:
                    self._tried(state, partial(self._visit, session, gone=woken[state.info.name]))
            if due <= 0:
                if self._doubtful or now - self._listed > shared.pace.list_folders:
                    self._list(session)
                for state in self._watched:
                    self._tried(state, partial(self._look, session))
                rounded = time.monotonic()
            if self._marks:
                self._marks.turn(session, [state.info for state in self._watched if state.error is None])
            if behind and behind.error is None:
                self._tried(behind, self._read_on)

    def _list(self, session: Session) -> None:
        """Find the watched folders; what is missing is said, and looked for again in the next round."""
        shared = self._shared
        found = shared.account.listed(session)
        chosen, self._missing = folders.watched(found, shared.account.mailbox)
        for info in chosen:
            self._states.setdefault(info.name, State(info)).info = info
        self._listed = time.monotonic()
        names = {info.name for info in found}
        for name, state in self._states.items():
            if name in names:
                state.absent, state.deleted = None, False
            elif state.absent is None:
                # One listing is no proof: a right withdrawn for a moment, a line that could not be read.
                state.absent = self._listed
            elif not state.deleted and self._listed - state.absent >= shared.pace.folder_gone:
                self._deleted(state)
        self._watched = [self._states[info.name] for info in chosen]
        shared.begin_with(chosen[0] if chosen else None)
        self._report()

    @property
    def _doubtful(self) -> bool:
        """Whether a folder is not where it should be, so that the folders have to be listed soon."""
        states = self._states.values()
        gone = any(state.absent is not None and not state.deleted for state in states)
        return bool(self._missing) or gone or any(isinstance(state.error, FolderMissing) for state in states)

    def _deleted(self, state: State) -> None:
        """The folder is no more, so its mails went. Should it come back, it is read again, which revives them."""
        state.deleted, state.error = True, None
        if state.cursor and self._live is not None:
            validity = state.cursor.uidvalidity
            unread = replace(state.cursor, backfill_uid=0, backfill_until=state.cursor.last_uid)
            self._hand_over(state, Fetched(state.info.name, state.info.role, unread))
            self._gone(state, validity, sorted(self._live(state.info.name, validity)))
        state.reader, state.history, state.counts, state.looked = None, None, None, float("-inf")

    def _tried(self, state: State, work: Callable[[State], None]) -> None:
        """Work in one folder. What the server refuses there is noted and stops no other folder."""
        before = state.error
        try:
            work(state)
            state.error = None
        except ConnectorError as error:
            state.error = error
            state.history, state.counts, state.looked = None, None, float("-inf")
            if not isinstance(error, FolderMissing | ServerDeclined):
                raise
        if state.error is not before:
            self._report()

    def _report(self) -> None:
        """Say which folder is missing or could not be read."""
        shared = self._shared
        errors = [state.error for state in self._watched if state.error]
        if self._missing:
            shared.failed("folders", FolderMissing(folder=self._missing[0], mailbox=shared.account.mailbox.name))
        elif errors:
            shared.failed("folders", errors[0])
        else:
            shared.works("folders")

    def _look(self, session: Session, state: State) -> None:
        """Visit a folder whose counts have changed. The counts are taken first, so that no change falls between."""
        counts = session.status(state.info.raw)
        if counts is None or counts != state.counts or state.looked == float("-inf"):
            self._visit(session, state, gone=True)
            state.counts = counts
        state.looked = time.monotonic()

    def _visit(self, session: Session, state: State, *, gone: bool) -> None:
        shared = self._shared
        selected = session.examine(state.info.raw)
        if selected is None:
            raise FolderMissing(folder=state.info.name, mailbox=shared.account.mailbox.name)
        if not state.asked:
            state.cursor, state.asked = self._cursors(state.info.name), True
        begin = reading.start(state.cursor, selected)
        reader = state.reader
        if begin.fresh or reader is None or reader.cursor.uidvalidity != selected.uidvalidity:
            reader = self._begin(state, begin.cursor)
        if begin.fresh:
            self._hand_over(state, reader.mark(reset=begin.reset))
        if begin.fresh and not session.qresync:
            state.live = session.search(1, selected.top) if selected.top else array("Q")
        self._changes(session, state, selected, gone=gone and not begin.fresh)
        for fetched in reader.news(selected.top):
            shared.condition.news()
            self._hand_over(state, fetched)
        if selected.modseq:
            state.modseq = selected.modseq
            reader.cursor = replace(reader.cursor, modseq=selected.modseq)
        state.looked = time.monotonic()

    def _begin(self, state: State, cursor: Cursor) -> Reader:
        """A reader for the folder from this cursor on; what was known under another numbering is void."""
        shared = self._shared

        def take_in(batch: Batch) -> None:
            shared.unread.add(state.info.name, cursor.uidvalidity, batch.unseen)
            for mail in batch.mails:
                if mail.placement.flags and mail.placement.uid:
                    state.flags[mail.placement.uid] = mail.placement.flags
            if state.live is not None and batch.last > (state.live[-1] if state.live else 0):
                state.live.extend(mail.placement.uid or 0 for mail in batch.mails)

        account = shared.account
        reader = Reader(
            account.mailbox.name,
            state.info,
            cursor,
            lambda: self._selected(state),
            account.strikes,
            since=account.mailbox.since,
            seen=take_in,
        )
        state.reader, state.cursor, state.history = reader, cursor, None
        state.modseq, state.live, state.flags = cursor.modseq, None, {}
        state.looked = float("-inf")
        return reader

    def _selected(self, state: State) -> Session:
        """The session with this folder open, for the reader."""
        session = self._session
        assert session is not None  # noqa: S101
        if session.selected is None or session.selected.raw != state.info.raw:
            selected = session.examine(state.info.raw)
            mailbox = self._shared.account.mailbox
            if selected is None:
                raise FolderMissing(folder=state.info.name, mailbox=mailbox.name)
            if state.cursor is None or selected.uidvalidity != state.cursor.uidvalidity:
                raise ServerMisbehaved(host=mailbox.host, reason="the folder was renumbered while it was being read")
        return session

    def _hand_over(self, state: State, fetched: Fetched) -> None:
        state.cursor = fetched.cursor
        self._shared.outbox.put(Arrived(fetched))

    def _changes(self, session: Session, state: State, selected: Selected, *, gone: bool) -> None:
        """Flags that changed and mails that went since the last visit, and openings among them."""
        shared, name, validity = self._shared, state.info.name, selected.uidvalidity
        quiet = time.monotonic() - state.looked > _FRESH or not shared.unread.knows(name, validity)
        cursor = state.cursor
        last = cursor.last_uid if cursor else 0
        news: list[Answer] = []
        if last and session.condstore and state.modseq and selected.modseq:
            if selected.modseq > state.modseq:
                news = _changed(session, last, selected, state.modseq)
        elif last and not session.condstore and not quiet:
            news = list(session.flags(session.exists - _RECENT))
        if last and gone and not (session.qresync and state.modseq):
            self._compare(session, state, last, validity)
        for answer in news:
            if isinstance(answer, Vanished):
                self._gone(state, validity, _within(answer.uids, last))
        mails = [answer for answer in news if isinstance(answer, Mail) and (answer.uid or 0) <= last]
        opened = shared.unread.opened(name, validity, mails)
        if quiet:
            unseen = session.search(1, selected.top, b"UNSEEN") if selected.top else ()
            shared.unread.learn(name, validity, unseen)
        else:
            shared.opened(state.info, validity, opened)
        self._flags(state, validity, mails, polled=not session.condstore)

    def _flags(self, state: State, validity: int, mails: list[Mail], *, polled: bool) -> None:
        """Hand over flags that changed, but not that somebody read a mail."""
        changed = {}
        for mail in mails:
            if mail.uid is None or mail.flags is None:
                continue
            flags = kept(mail.flags)
            same = flags == state.flags.get(mail.uid, frozenset())
            if flags:
                state.flags[mail.uid] = flags
            else:
                state.flags.pop(mail.uid, None)
            if not same or not (polled or self._shared.unread.only_read(state.info.name, mail)):
                changed[mail.uid] = flags
        if changed:
            self._shared.outbox.put(FlagsChanged(state.info.name, validity, changed))

    def _compare(self, session: Session, state: State, last: int, validity: int) -> None:
        """Where the server cannot say which mails went: the UIDs that are there against those that should be."""
        there = session.search(1, last)
        before: Collection[int]
        if state.live is not None:
            before = state.live
        elif self._live is not None:
            before = self._live(state.info.name, validity)
        else:
            before = range(1, last + 1) if last <= max(_WINDOW, 20 * len(there)) else ()
        now = set(there)
        self._gone(state, validity, [uid for uid in before if uid not in now and uid <= last])
        state.live = there

    def _gone(self, state: State, validity: int, uids: list[int]) -> None:
        shared = self._shared
        shared.unread.forget(state.info.name, uids)
        for start in range(0, len(uids), _PORTION):
            portion = tuple(uids[start : start + _PORTION])
            shared.outbox.put(Gone(state.info.name, validity, portion))
        for uid in uids:
            state.flags.pop(uid, None)

    def _behind(self) -> State | None:
        """The first folder with history left to read."""
        for state in self._watched:
            cursor = state.cursor
            if state.reader and state.error is None and cursor and cursor.backfill_uid < cursor.backfill_until:
                return state
        return None

    def _read_on(self, state: State) -> None:
        """One batch of a folder's history."""
        assert state.reader is not None  # noqa: S101
        if state.history is None:
            state.history = state.reader.history()
        fetched = next(state.history, None)
        if fetched is None:
            state.history = None
        else:
            self._hand_over(state, fetched)


def _changed(session: Session, last: int, selected: Selected, modseq: int) -> list[Answer]:
    """Changes since `modseq`, asked for in windows."""
    news: list[Answer] = []
    window = last if selected.exists <= _WINDOW else _WINDOW
    for low in range(1, last + 1, window):
        news += session.changed(low, min(last, low + window - 1), modseq)
    return news


def _within(uids: list[range], last: int) -> list[int]:
    """The single UIDs of ranges, as far as they can have been read; a server may name any range."""
    found: list[int] = []
    for part in uids:
        found.extend(range(part.start, min(part.stop, last + 1)))
    return found
