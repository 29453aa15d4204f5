"""Mailboxes on their way in, between one page of the set-up and the next: sealed in the pool, for an hour at most.

Any process that serves pages finds them there, and the service that begins anew while somebody goes from the firm to
its first mailbox. What is kept is what the person entered and what the pages show; of mails that were looked at, only
who checked their senders.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from assistant.finding_servers import FoundServer
from assistant.grants import Grant
from assistant.trying_out import Trial
from rules.firm_proposals import Checker, OwnDomains
from rules.terms.errors import KeyUnfit
from rules.terms.mail import Mailbox
from storage.pool import Pool
from storage.secrets import Vault

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
    """The drafts of a pool."""

    def __init__(self, pool: Pool, vault: Vault) -> None:
        self._pool = pool
        self._vault = vault

    def keep(self, draft: Draft, now: datetime) -> None:
        """Keep a new one, or what has become of it; where there are too many, the oldest goes.

        Raises:
            KeyUnfit: nothing can be sealed.
        """
        # Names of folders may hold what no UTF-8 can (half of a surrogate pair); escaped it is letters like others.
        sealed = self._vault.seal(json.dumps(msgspec.to_builtins(draft)))
        with self._pool.begin() as work:
            work.setup_drafts.forget(now - LIFETIME)
            work.setup_drafts.keep(draft.id, draft.began, sealed, MOST)

    def get(self, id: str, now: datetime) -> Draft | None:
        """The one of this id, unless its time is over; None too where another version or key made it."""
        with self._pool.read() as work:
            sealed = work.setup_drafts.get(id, now - LIFETIME)
        if sealed is None:
            return None
        try:
            return msgspec.convert(json.loads(self._vault.open(sealed)), Draft)
        except (KeyUnfit, msgspec.ValidationError):
            return None

    def take(self, draft: Draft) -> bool:
        """Take it out to finish it; False where another page did so first."""
        with self._pool.begin() as work:
            return work.setup_drafts.take(draft.id)
