"""What the pool holds of the firm's own people, column by column, and what of it is about one of them.

The page that tells staff is made of this, and so is what they may take with them. tests/storage/test_staff_data.py
fails when the schema has a column that is neither described here nor named there as none about staff.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Numeric, Table, select

from rules.terms.errors import UnknownName
from storage.case_tables import case_events, case_watchers, cases, waived
from storage.consent_tables import consents, contact_changes
from storage.correspondent_tables import adoptions
from storage.document_tables import found_invoices
from storage.ledger_tables import particulars
from storage.pairings import pairings
from storage.privacy_tables import restrictions
from storage.recognition import merge_moves, merges, proposals, senders
from storage.records import identifiers, interactions, mailboxes, sessions, staff, tokens
from storage.relation_tables import duplicates, promises, referrals, target_exports, target_groups
from storage.schema import boxes, findings, match_log, messages
from storage.team_tables import away_times, snippets, team_members
from storage.value_tables import customer_bars


class Purpose(StrEnum):
    """What it is kept for. Values are part of the export's contract."""

    ACCOUNT = "account"
    SESSION = "session"
    TOKEN = "token"  # noqa: S105 — a word, no secret
    MAILBOX = "mailbox"
    TEAM = "team"
    ABSENCE = "absence"
    RECORD = "record"
    CASE = "case"
    DECISION = "decision"
    CONSENT = "consent"
    ACCOUNTING = "accounting"


@dataclass(frozen=True, slots=True)
class StaffData:
    """Columns of a table that tell of a member of staff.

    Args:
        purpose: what they are kept for.
        table: the table.
        login: the column that names the person.
        columns: what else of the row is about them or tells when they did it.
        inside: where that column holds JSON, how their login stands in it.
    """

    purpose: Purpose
    table: Table
    login: str
    columns: tuple[str, ...] = ()
    inside: str = ""

    @property
    def all_columns(self) -> tuple[str, ...]:
        """The columns that are about the person."""
        return (self.login, *self.columns)


_ACCOUNT = ("name", "role", "email", "language", "groups", "active", "password_hash")
DESCRIBED = (
    StaffData(Purpose.ACCOUNT, staff, "login", _ACCOUNT),
    StaffData(Purpose.SESSION, sessions, "login", ("digest", "expires")),
    StaffData(Purpose.TOKEN, tokens, "login", ("id", "digest", "name", "scopes", "expires")),
    StaffData(Purpose.TOKEN, pairings, "login", ("secret", "code", "client", "ends", "token_ends")),
    StaffData(Purpose.MAILBOX, mailboxes, "owner", ("address", "user", "secret", "follow", "excluded")),
    StaffData(Purpose.MAILBOX, mailboxes, "members", inside="%{}%"),
    StaffData(Purpose.MAILBOX, boxes, "owner"),
    StaffData(Purpose.TEAM, team_members, "login", ("team",)),
    StaffData(Purpose.ABSENCE, away_times, "login", ("first", "last", "deputy")),
    StaffData(Purpose.ABSENCE, away_times, "deputy"),
    StaffData(Purpose.RECORD, interactions, "staff"),
    StaffData(Purpose.RECORD, particulars, "author", ("since",)),
    StaffData(Purpose.RECORD, snippets, "staff", ("changed", "removed")),
    StaffData(Purpose.RECORD, target_groups, "author", ("at",)),
    StaffData(Purpose.CASE, cases, "assignee"),
    StaffData(Purpose.CASE, case_events, "staff", ("at",)),
    StaffData(Purpose.CASE, case_watchers, "login"),
    StaffData(Purpose.DECISION, messages, "match", inside="%{}]"),
    StaffData(Purpose.DECISION, match_log, "match", inside="%{}]"),
    StaffData(Purpose.DECISION, findings, "decided_by", ("decided_at",)),
    StaffData(Purpose.DECISION, findings, "solved_by", ("solved_at",)),
    StaffData(Purpose.DECISION, identifiers, "source"),
    StaffData(Purpose.DECISION, senders, "staff", ("at",)),
    StaffData(Purpose.DECISION, proposals, "staff", ("at",)),
    StaffData(Purpose.DECISION, duplicates, "staff", ("at",)),
    StaffData(Purpose.DECISION, merges, "staff", ("at",)),
    StaffData(Purpose.DECISION, merges, "undone_by", ("undone_at",)),
    StaffData(Purpose.DECISION, merge_moves, "row", inside="%{}%"),
    StaffData(Purpose.DECISION, adoptions, "staff", ("at",)),
    StaffData(Purpose.DECISION, contact_changes, "staff", ("at",)),
    StaffData(Purpose.DECISION, referrals, "source", ("since",)),
    StaffData(Purpose.DECISION, found_invoices, "decided_by"),
    StaffData(Purpose.DECISION, promises, "kept_by", ("kept_at",)),
    StaffData(Purpose.DECISION, waived, "staff", ("at",)),
    StaffData(Purpose.CONSENT, consents, "author", ("at",)),
    StaffData(Purpose.CONSENT, customer_bars, "author", ("since",)),
    StaffData(Purpose.CONSENT, restrictions, "author", ("since",)),
    StaffData(Purpose.ACCOUNTING, target_exports, "staff", ("at",)),
)
# What says when something was or ends, as numbers: moments in microseconds. Any other number would count or measure.
MOMENTS = frozenset("expires ends token_ends since changed removed at decided_at solved_at undone_at kept_at".split())
# What nobody is handed, themselves included: it opens doors, or would if it were guessed.
_SECRET = frozenset(
    {
        ("staff", "password_hash"),
        ("sessions", "digest"),
        ("tokens", "digest"),
        ("pairings", "secret"),
        ("pairings", "code"),
        ("mailboxes", "secret"),
    }
)


def figures() -> list[str]:
    """The columns about staff that hold a number which is no moment and no row's own: there is to be none."""
    return [
        f"{one.table.name}.{name}"
        for one in DESCRIBED
        for name in one.all_columns
        if isinstance(one.table.c[name].type, Integer | Numeric)
        and not one.table.c[name].primary_key
        and name not in MOMENTS
    ]


def tables(purpose: Purpose) -> Mapping[str, tuple[str, ...]]:
    """The columns that are kept for a purpose, by table."""
    found: dict[str, tuple[str, ...]] = {}
    for one in DESCRIBED:
        if one.purpose is purpose:
            found[one.table.name] = tuple(dict.fromkeys((*found.get(one.table.name, ()), *one.all_columns)))
    return found


class StoredOfStaff:
    """What a pool holds of single people of the firm."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def about(self, login: str, only: Collection[Purpose]) -> Iterator[tuple[Purpose, str, dict[str, Any]]]:
        """The rows kept for these purposes that name a person: purpose, table, what is about them, which row it is.

        Raises:
            UnknownName: there is nobody of that login.
        """
        if self._connection.scalar(select(staff.c.login).where(staff.c.login == login)) is None:
            raise UnknownName(what="login", name=login, hint="")
        for one in (one for one in DESCRIBED if one.purpose in only):
            table = one.table
            names = dict.fromkeys((*(column.name for column in table.primary_key), *one.all_columns))
            wanted = [table.c[name] for name in names if (table.name, name) not in _SECRET]
            query = select(*wanted).where(_names(table.c[one.login], login, one.inside))
            for row in self._connection.execute(query.order_by(*table.primary_key)):
                told = dict(row._mapping)
                if one.inside:  # what else stands there is not about them
                    told[one.login] = login
                yield one.purpose, table.name, told


def _names(column: ColumnElement[str], login: str, inside: str) -> ColumnElement[bool]:
    if not inside:
        return column == login
    word = re.sub(r"([\\%_])", r"\\\1", json.dumps(login))
    return column.like(inside.format(word), escape="\\")
