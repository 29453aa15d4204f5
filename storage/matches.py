"""Whose mail a message is: the decision that counts now, and those before it, so that a correction can be undone."""

from dataclasses import replace

from sqlalchemy import Connection, delete, insert, select, update

from rules.terms.finding import Match
from rules.terms.mail import Direction
from storage.aliases import aliases
from storage.findings import follow
from storage.packing import pack_match, unpack_match
from storage.schema import WRITER, match_log, messages


class Matches:
    """The matches of stored messages."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def set_match(self, no: int, match: Match) -> None:
        """Replace a message's match. The one before stays in the log."""
        before = select(messages.c.no, messages.c.match).where(messages.c.no == no)
        self._connection.execute(insert(match_log).from_select(["message", "match"], before))
        self._write(no, match)

    def set_direction(self, no: int, direction: Direction) -> None:
        """Say anew who wrote a message: a copy turned up that tells."""
        self._connection.execute(update(messages).where(messages.c.no == no).values(direction=direction.value))

    def set_writer(self, no: int, writer: str) -> None:
        """Say anew whose words a mail brings."""
        self._connection.execute(update(messages).where(messages.c.no == no).values(writer=writer[:WRITER]))

    def undo_match(self, no: int) -> Match | None:
        """Take the last change of a message's match back; the match that counts again, None if none was changed."""
        latest = select(match_log).where(match_log.c.message == no).order_by(match_log.c.id.desc()).limit(1)
        entry = self._connection.execute(latest).one_or_none()
        if entry is None:
            return None
        self._connection.execute(delete(match_log).where(match_log.c.id == entry.id))
        match = self._of_kept(unpack_match(entry.match))
        self._write(no, match)
        return match

    def _of_kept(self, match: Match) -> Match:
        """The match as it is since a customer it names became part of another one."""
        merged = aliases(self._connection, [match.customer_id]) if match.customer_id else {}
        for alias in merged.values():
            match = replace(match, customer_id=alias.kept, candidates=(alias.kept,))
        return match

    def _write(self, no: int, match: Match) -> None:
        self._connection.execute(
            update(messages)
            .where(messages.c.no == no)
            .values(
                action=match.action.value,
                customer_id=match.customer_id,
                contact_id=match.contact_id,
                match=pack_match(match),
            )
        )
        follow(self._connection, no, match.customer_id)
