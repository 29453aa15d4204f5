"""The accounts that are watched, how far each folder has been read, and how they are doing."""

from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from rules.terms.errors import MailboxPersonal, UnknownName
from rules.terms.mail import Cursor, FolderRole, FolderState, Health, HealthState, Mailbox, MailboxKind, Tls
from storage.alarm_tables import sightings
from storage.moments import moment, moment_or_none, stamp, stamp_or_none
from storage.packing import pack_words, unpack_words
from storage.records import folders, health, mailboxes
from storage.schema import boxes, placements


class Mailboxes:
    """Watched mailboxes by name."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, mailbox: Mailbox) -> None:
        """Add a mailbox, or give a known one these settings. Its secret and its cursors stay.

        Raises:
            MailboxPersonal: it belongs to somebody else, or did when it was removed; only `share` opens it.
        """
        known = self.get(mailbox.name)
        owner = known.owner if known is not None else self._former_owner(mailbox.name)
        if owner is not None and owner != mailbox.owner:
            raise MailboxPersonal(mailbox=mailbox.name, owner=owner)
        taken = known is not None and mailbox.owner != known.owner
        values = asdict(mailbox) | {
            # Whose it is now decides anew.
            "marks": mailbox.marks and not taken,
            "kind": mailbox.kind.value,
            "tls": mailbox.tls.value,
            "folders": pack_words(mailbox.folders) or "[]",
            "members": pack_words(sorted(mailbox.members)) or "[]",
            "excluded": pack_words(mailbox.excluded) or "[]",
        }
        if known is None:
            self._connection.execute(insert(mailboxes).values(values))
            self._connection.execute(update(boxes).where(boxes.c.name == mailbox.name).values(owner=None))
        else:
            self._connection.execute(update(mailboxes).where(mailboxes.c.name == mailbox.name).values(values))
            if known.since is not None and (mailbox.since is None or mailbox.since < known.since):
                self._read_again(mailbox.name)

    def share(self, name: str) -> None:
        """Open a personal mailbox, its mail of the past too, to all staff; a removed one gives its name free.

        Raises:
            UnknownName: there is and was no such mailbox.
        """
        if self._former_owner(name) is not None:
            self._connection.execute(update(boxes).where(boxes.c.name == name).values(owner=None))
        else:
            self._change(name, owner=None)

    def left_to(self, login: str) -> frozenset[str]:
        """The names of somebody's personal mailboxes that were removed: what lies in the pool of them stays theirs."""
        return frozenset(self._connection.scalars(select(boxes.c.name).where(boxes.c.owner == login)))

    def get(self, name: str) -> Mailbox | None:
        """One mailbox."""
        row = self._connection.execute(select(mailboxes).where(mailboxes.c.name == name)).one_or_none()
        return None if row is None else _mailbox(row)

    def all(self) -> list[Mailbox]:
        """All mailboxes by name."""
        rows = self._connection.execute(select(mailboxes))
        return sorted((_mailbox(row) for row in rows), key=lambda mailbox: mailbox.name)

    def remove(self, name: str, at: datetime | None = None) -> bool:
        """Watch a mailbox no longer; False when it was none. Its mail stays in the pool, its copies count as gone.

        The mail of a personal mailbox stays its owner's.
        """
        known = self.get(name)
        if known is None:
            return False
        if known.owner is not None:
            self._leave_to(known.owner, name)
        for table, column in ((folders, "mailbox"), (health, "mailbox"), (mailboxes, "name")):
            self._connection.execute(delete(table).where(table.c[column] == name))
        box = select(boxes.c.id).where(boxes.c.name == name).scalar_subquery()
        self._connection.execute(delete(sightings).where(sightings.c.box == box))
        live = update(placements).where(placements.c.box == box, placements.c.gone.is_(None))
        self._connection.execute(live.values(gone=stamp(at or datetime.now(UTC))))
        return True

    def set_secret(self, name: str, sealed: bytes | None) -> None:
        """Keep a mailbox's sealed password or tokens, or none."""
        self._change(name, secret=sealed)

    def swap_secret(self, name: str, before: bytes, after: bytes) -> bool:
        """Keep another sealed secret if it is still the one it was before; False where somebody was quicker."""
        this = (mailboxes.c.name == name) & (mailboxes.c.secret == before)
        return bool(self._connection.execute(update(mailboxes).where(this).values(secret=after)).rowcount)

    def secret(self, name: str) -> bytes | None:
        """A mailbox's sealed password or tokens."""
        return self._connection.scalar(select(mailboxes.c.secret).where(mailboxes.c.name == name))

    def folders(self, name: str) -> list[FolderState]:
        """The folders of a mailbox that have been read, INBOX first, and how far."""
        rows = self._connection.execute(select(folders).where(folders.c.mailbox == name))
        states = [FolderState(name, row.name, FolderRole(row.role), _cursor(row)) for row in rows]
        return sorted(states, key=lambda state: (state.role is not FolderRole.INBOX, state.name))

    def cursor(self, mailbox: str, folder: str) -> Cursor | None:
        """How far a folder has been read; None when it never was."""
        this = (folders.c.mailbox == mailbox) & (folders.c.name == folder)
        row = self._connection.execute(select(folders).where(this)).one_or_none()
        return None if row is None else _cursor(row)

    def advance(self, mailbox: str, folder: str, role: FolderRole, cursor: Cursor) -> None:
        """Note how far a folder has been read, in the same unit of work as the mail itself.

        Raises:
            UnknownName: the mailbox has been removed; what its watcher still brings is not stored.
        """
        values = asdict(cursor) | {"role": role.value}
        this = (folders.c.mailbox == mailbox) & (folders.c.name == folder)
        if not self._connection.execute(update(folders).where(this).values(values)).rowcount:
            self._check(mailbox)
            self._connection.execute(insert(folders).values(mailbox=mailbox, name=folder, **values))

    def held(self, name: str) -> int:
        """How many mails that lie in a mailbox are in the pool."""
        box = select(boxes.c.id).where(boxes.c.name == name).scalar_subquery()
        counted = select(func.count()).where(placements.c.box == box, placements.c.gone.is_(None))
        return self._connection.scalar(counted) or 0

    def set_follow(self, name: str, follow: bool) -> None:
        """Let sidebars follow what is opened in a mailbox, or not."""
        self._change(name, follow=follow)

    def set_junk(self, name: str, on: bool) -> None:
        """Look for customers in the Junk folder of a mailbox, or not."""
        self._change(name, junk=on)

    def set_marks(self, name: str, on: bool) -> None:
        """Let our keywords be written into a mailbox, or not."""
        self._change(name, marks=on)

    def set_health(self, name: str, state: Health) -> None:
        """Note how a mailbox is doing.

        Raises:
            UnknownName: there is no such mailbox (any more).
        """
        values = asdict(state) | {
            "state": state.state.value,
            "since": stamp(state.since),
            "last_news": stamp_or_none(state.last_news),
        }
        if not self._connection.execute(update(health).where(health.c.mailbox == name).values(values)).rowcount:
            self._check(name)
            self._connection.execute(insert(health).values(mailbox=name, **values))

    def health(self) -> dict[str, Health]:
        """How the mailboxes are doing, by name."""
        return {row.mailbox: _health(row) for row in self._connection.execute(select(health))}

    def _read_again(self, name: str) -> None:
        """Older mail is wanted now: go through the past once more. What is in the pool is known there by itself."""
        self._connection.execute(update(folders).where(folders.c.mailbox == name).values(backfill_uid=0))

    def _former_owner(self, name: str) -> str | None:
        return self._connection.scalar(select(boxes.c.owner).where(boxes.c.name == name))

    def _leave_to(self, owner: str, name: str) -> None:
        left = update(boxes).where(boxes.c.name == name).values(owner=owner)
        if not self._connection.execute(left).rowcount:
            self._connection.execute(insert(boxes).values(name=name, owner=owner))

    def _check(self, name: str) -> None:
        if self._connection.scalar(select(mailboxes.c.name).where(mailboxes.c.name == name)) is None:
            raise UnknownName(what="mailbox", name=name, hint="")

    def _change(self, name: str, **values: Any) -> None:
        changed = update(mailboxes).where(mailboxes.c.name == name).values(values)
        if not self._connection.execute(changed).rowcount:
            raise UnknownName(what="mailbox", name=name, hint="")


def _mailbox(row: Row[Any]) -> Mailbox:
    values = dict(row._mapping)
    del values["secret"]
    values["kind"] = MailboxKind(row.kind)
    values["tls"] = Tls(row.tls)
    values["folders"] = unpack_words(row.folders)
    values["members"] = frozenset(unpack_words(row.members))
    values["excluded"] = unpack_words(row.excluded)
    return Mailbox(**values)


def _cursor(row: Row[Any]) -> Cursor:
    return Cursor(**{field.name: getattr(row, field.name) for field in fields(Cursor)})


def _health(row: Row[Any]) -> Health:
    values = dict(row._mapping)
    del values["mailbox"]
    values["state"] = HealthState(row.state)
    values["since"] = moment(row.since)
    values["last_news"] = moment_or_none(row.last_news)
    return Health(**values)
