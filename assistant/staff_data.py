"""What is stored of a member of staff, for themselves: the rows by purpose and table, as they take them with them."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from storage.moments import moment
from storage.pool import Pool
from storage.staff_data import MOMENTS, Purpose

# The form of the export.
FORM = 1
# What is shown on a page; the rest may be long and stands in the file.
SHORT = (Purpose.ACCOUNT, Purpose.SESSION, Purpose.TOKEN, Purpose.MAILBOX, Purpose.TEAM, Purpose.ABSENCE)

# Columns that hold lists of words.
_LISTS = frozenset({"groups", "scopes", "excluded"})

Rows = Mapping[str, Mapping[str, list[dict[str, Any]]]]


def stored_of(pool: Pool, login: str, only: tuple[Purpose, ...] = tuple(Purpose)) -> Rows:
    """The rows that name a person, by purpose and table; moments and days in ISO 8601.

    Raises:
        UnknownName: there is nobody of that login.
    """
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    with pool.read() as work:
        for purpose, table, row in work.stored_of_staff.about(login, only):
            rows = found.setdefault(purpose.value, {}).setdefault(table, [])
            rows.append({name: _told(name, value) for name, value in row.items()})
    return found


def handed_over(pool: Pool, login: str, now: datetime) -> dict[str, object]:
    """All of it as one object. Mails are not in it: they lie in the person's own mailboxes.

    Raises:
        UnknownName: there is nobody of that login.
    """
    return {
        "kingpost_staff_export": FORM,
        "made": now.isoformat(timespec="seconds"),
        "login": login,
        "stored": stored_of(pool, login),
    }


def _told(name: str, value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool) and name in MOMENTS:
        return moment(value).isoformat(timespec="seconds")
    if name in _LISTS and isinstance(value, str):
        return json.loads(value)
    return value.isoformat() if isinstance(value, date) else value
