"""Keywords of ours in the mailbox: the one thing that Kingpost ever writes there, and only where it was asked to.

what is wanted? → SELECT → FLAGS → remembered → STORE → FLAGS → EXAMINE → told
The flags are looked at before and after, so that a person's hand is seen, and what a server promised and did not keep.
"""

import time
from collections.abc import Collection, Mapping
from typing import Protocol

from connectors.imap import folders
from connectors.imap.events import FolderInfo, Marked
from connectors.imap.fetching import kept
from connectors.imap.session import Session
from connectors.imap.shared import Shared
from rules.terms.errors import ServerDeclined
from rules.terms.mark import Marking


class Marker(Protocol):
    """Says what is to be written. Called from the thread that fetches."""

    def next(self, folders: Collection[str]) -> Marking | None:
        """A portion of what is to be written in these folders; None when there is nothing."""

    def begin(self, marking: Marking, present: Mapping[int, bool]) -> Collection[int]:
        """Commit what is about to be written; the mails that need it. `present`: which bear the keyword already."""


class Marks:
    """Writes keywords over the connection that fetches, a portion at a time."""

    def __init__(self, shared: Shared, marker: Marker) -> None:
        self._shared = shared
        self._marker = marker
        self._refused: dict[str, float] = {}
        self._session: Session | None = None
        self._foreign: tuple[bytes, ...] = ()
        self._next = 0.0

    def turn(self, session: Session, watched: Collection[FolderInfo]) -> None:
        """Write one portion, if there is one and it is time for it."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + self._shared.pace.marks
        if session is not self._session:
            self._session, self._foreign = session, session.foreign()
        own = folders.own(folders.incoming(watched), self._foreign)
        allowed = {info.name: info for info in own if self._refused.get(info.name, 0.0) <= now}
        marking = self._marker.next(allowed)
        if marking is not None:
            self._write(session, allowed[marking.folder], marking)

    def _write(self, session: Session, info: FolderInfo, marking: Marking) -> None:
        shared, uids, taken = self._shared, list(marking.uids), False
        flags: dict[int, frozenset[str]] = {}
        try:
            with session.writable(info.raw) as folder:
                if folder is None or folder.uidvalidity != marking.uidvalidity:
                    shared.wake(info.name, gone=True)
                    return
                if folder.takes(marking.keyword) or not marking.wanted:
                    flags = session.flags_of(uids)
                    store = self._marker.begin(marking, {uid: marking.keyword.among(of) for uid, of in flags.items()})
                    if store:
                        session.store(sorted(store), marking.keyword, wanted=marking.wanted)
                        flags = session.flags_of(uids)
                    taken = all(marking.keyword.among(flags[uid]) is marking.wanted for uid in store if uid in flags)
        except ServerDeclined:
            taken = False
        if not taken:
            self._refused[info.name] = time.monotonic() + shared.pace.refused_marks
        elif len(flags) < len(uids):
            shared.wake(info.name, gone=not session.qresync)
        shared.outbox.put(Marked(marking, {uid: kept(of) for uid, of in flags.items()}, taken))
