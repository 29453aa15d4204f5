"""Everything in the pool that is sealed with the vault's key, so that it can be sealed with another."""

from collections.abc import Callable

from sqlalchemy import Connection, select, update

from storage.outgoing_tables import secrets
from storage.records import mailboxes
from storage.setup_drafts import setup_drafts

# By what a row is known, and what of it is sealed.
SEALED = (
    (mailboxes.c.name, mailboxes.c.secret),
    (secrets.c.name, secrets.c.sealed),
    (setup_drafts.c.id, setup_drafts.c.sealed),
)


class Sealed:
    """The sealed secrets of a pool."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def renew(self, resealed: Callable[[bytes], bytes | None]) -> int:
        """Put what `resealed` gives in the place of each secret, where it gives something; how many that were."""
        changed = 0
        for name, secret in SEALED:
            for row in self._connection.execute(select(name, secret).where(secret.is_not(None))).all():
                anew = resealed(row[1])
                if anew is not None:
                    self._connection.execute(update(name.table).where(name == row[0]).values({secret: anew}))
                    changed += 1
        return changed
