"""Mailboxes on their way in, between one page of the set-up and the next: in memory only, for an hour at most."""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from assistant.finding_servers import FoundServer
from assistant.grants import Grant
from assistant.trying_out import Trial
from rules.firm_proposals import Checker, OwnDomains
from rules.terms.mail import Mailbox

LIFETIME = timedelta(hours=1)
MOST = 50


@dataclass(slots=True)
class Draft:
    """A mailbox on its way in. `secret`, its password or what a sign-in gave, leaves memory only sealed."""

    id: str
    login: str
    began: datetime
    found: FoundServer
    mailbox: Mailbox
    secret: str | Grant = field(default="", repr=False)
    trial: Trial | None = field(default=None, repr=False)
    own: OwnDomains | None = None
    checker: Checker | None = None


class Drafts:
    """One for the whole process: the service begins anew while somebody goes from the firm to its first mailbox."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._drafts: dict[str, Draft] = {}

    def keep(self, draft: Draft, now: datetime) -> None:
        """Keep a new one; where there are too many, the oldest goes."""
        with self._lock:
            self._forget(now)
            if len(self._drafts) >= MOST:
                del self._drafts[min(self._drafts, key=lambda id: self._drafts[id].began)]
            self._drafts[draft.id] = draft

    def get(self, id: str, now: datetime) -> Draft | None:
        """The one of this id, unless its time is over."""
        with self._lock:
            self._forget(now)
            return self._drafts.get(id)

    def take(self, draft: Draft) -> bool:
        """Take it out to finish it; False where another page did so first."""
        with self._lock:
            return self._drafts.pop(draft.id, None) is not None

    def put_back(self, draft: Draft) -> None:
        """It could not be finished."""
        with self._lock:
            self._drafts[draft.id] = draft

    def _forget(self, now: datetime) -> None:
        self._drafts = {id: each for id, each in self._drafts.items() if now - each.began < LIFETIME}
