"""What staff set in a contact's record: written there, remembered with author and moment, and kept through imports."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from rules.terms.customer import Contact, ContactChange
from storage.consent_tables import contact_changes
from storage.moments import moment, stamp
from storage.placements import chunks
from storage.prepared import Prepared, any_of
from storage.records import contacts


class ContactChanges:
    """The changes that staff made to contacts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, contact: Contact, values: Mapping[str, str], staff: str, at: datetime) -> bool:
        """Set fields of a contact; False where all of them stand so already."""
        changed = {name: value for name, value in values.items() if getattr(contact, name) != value}
        if not changed:
            return False
        self._connection.execute(update(contacts).where(contacts.c.id == contact.id).values(changed))
        rows = [
            {"contact_id": contact.id, "field": name, "value": value, "before": getattr(contact, name)}
            for name, value in changed.items()
        ]
        self._connection.execute(insert(contact_changes), [row | {"staff": staff, "at": stamp(at)} for row in rows])
        return True

    def of(self, contact_ids: Collection[str]) -> dict[str, list[ContactChange]]:
        """What was set in the records of contacts, by id, the latest first; those without are left out."""
        found: dict[str, list[ContactChange]] = {}
        for row in _rows(self._connection, contact_ids):
            change = ContactChange(row.contact_id, row.field, row.value, row.before, row.staff, moment(row.at))
            found.setdefault(row.contact_id, []).insert(0, change)
        return found

    def move(self, before: str, now: str) -> None:
        """A contact goes on under another id, and what was set for it stands in that record."""
        moved = update(contact_changes).where(contact_changes.c.contact_id == before)
        self._connection.execute(moved.values(contact_id=now))
        if values := chosen(self._connection, [now]).get(now):
            self._connection.execute(update(contacts).where(contacts.c.id == now).values(values))


def chosen(connection: Connection, contact_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """The fields of contacts that staff set, by id: what no import changes. What they emptied is the tables' again."""
    latest: dict[str, dict[str, Any]] = {}
    for row in _rows(connection, contact_ids):
        latest.setdefault(row.contact_id, {})[row.field] = row.value
    kept = {id: {name: value for name, value in fields.items() if value} for id, fields in latest.items()}
    return {id: fields for id, fields in kept.items() if fields}


def _rows(connection: Connection, contact_ids: Collection[str]) -> list[Any]:
    """What was set, in the order in which it was."""
    found = [row for chunk in chunks(contact_ids) for row in _OF.rows(connection, ids=chunk)]
    return sorted(found, key=lambda row: row.id)


_OF = Prepared(select(contact_changes).where(any_of(contact_changes.c.contact_id, "ids")))
