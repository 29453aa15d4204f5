"""Finding mails and other entries of the timelines by their words.

Mails are for those who may read one of the mailboxes that hold them; notes, calls and letters are for all staff.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, func, select

from rules.terms.interaction import Channel
from storage.applications import no_applicant, no_application
from storage.entry_words import with_file_text
from storage.folding import INDEXED, found_at, words
from storage.fulltext import SHORTEST, WHOLE, FullText, entry_words, message_words
from storage.moments import moment
from storage.placements import chunks
from storage.places import Places
from storage.records import interactions
from storage.restrictions import used_customer, used_mail
from storage.schema import messages, placements, texts

# Of a word that is in everything, the last mails taken in are looked at; so a search stays as quick as the pool grows.
_LOOKED_AT = 500
_SNIPPET = 160
_BEFORE = 40


@dataclass(frozen=True, slots=True)
class Hit:
    """A mail that was found. `sender` is the name, or the address where there is none."""

    no: int
    subject: str
    sender: str
    date: datetime
    customer_id: str | None
    snippet: str


@dataclass(frozen=True, slots=True)
class EntryHit:
    """A note, call, letter … that was found."""

    id: int
    customer_id: str
    channel: Channel
    subject: str
    date: datetime
    snippet: str


class Search:
    """The search of the pages and the API."""

    def __init__(self, connection: Connection, fulltext: FullText) -> None:
        self._connection = connection
        self._fulltext = fulltext

    def messages(
        self, text: str, mailboxes: frozenset[str], *, customer_id: str | None = None, limit: int = 50
    ) -> list[Hit]:
        """Mails that hold all words of the text (or begin like them), newest first, from these mailboxes only."""
        asked = words(text)
        allowed = Places(self._connection).boxes(mailboxes)
        if not asked or not allowed:
            return []
        rows = self._rows(asked, WHOLE, allowed, customer_id)
        if len(rows) < limit:
            rows = self._rows(asked, SHORTEST, allowed, customer_id)
        return self._hits(sorted(rows, key=lambda row: (row.date, row.no), reverse=True)[:limit], asked)

    def entries(self, text: str, *, limit: int = 50) -> list[EntryHit]:
        """Entries that are no mails and hold all words of the text (or begin like them), newest first.

        The text of their files counts. Those of customers whose data are restricted, and of applicants, are left out.
        """
        asked = words(text)
        if not asked:
            return []
        rows = self._entries(asked, WHOLE)
        if len(rows) < limit:
            rows = self._entries(asked, SHORTEST)
        if not rows:
            return []
        shown = {row.id: row for row in sorted(rows, key=lambda row: (row.date, row.id), reverse=True)[:limit]}
        i = interactions.c
        query = with_file_text(i.id, i.channel, i.subject, i.text).where(i.id.in_(shown))
        content = {row.id: row for row in self._connection.execute(query)}
        return [
            EntryHit(
                row.id,
                row.customer_id,
                Channel(content[row.id].channel),
                content[row.id].subject,
                moment(row.date),
                _snippet(f"{content[row.id].text} {content[row.id].file_text}".strip(), asked),
            )
            for row in shown.values()
        ]

    def _entries(self, asked: list[str], shortest: int) -> Sequence[Any]:
        i, number = interactions.c, self._fulltext.entry
        # By themselves: most of a timeline are mails, which a look for the newest entries would pass one by one.
        newest = (
            select(number.label("entry"))
            .select_from(entry_words)
            .where(self._fulltext.matches(entry_words, asked, shortest))
            .order_by(number.desc())
            .limit(_LOOKED_AT)
            .subquery("newest")
        )
        query = (
            select(i.id, i.customer_id, i.date)
            .join(newest, newest.c.entry == i.id)
            .where(no_applicant(i.customer_id), *used_customer(self._connection, i.customer_id))
        )
        return self._connection.execute(query).all()

    def _rows(self, asked: list[str], shortest: int, allowed: list[int], customer_id: str | None) -> Sequence[Any]:
        m, number = messages.c, self._fulltext.message
        date = func.coalesce(m.date, m.arrived).label("date")
        query = (
            select(m.no, m.subject, m.sender_addr, m.sender_name, m.customer_id, date)
            .select_from(message_words)
            .join(messages, m.no == number)
            .where(self._fulltext.matches(message_words, asked, shortest))
            .where(exists().where(placements.c.message == m.no, placements.c.box.in_(allowed)))
            .where(*used_mail(self._connection, m.no))
            .order_by(number.desc())
            .limit(_LOOKED_AT)
        )
        if customer_id is None:
            query = query.where(*no_application(self._connection))
        else:
            theirs = select(interactions.c.message).where(interactions.c.customer_id == customer_id)
            few = self._fulltext.among(number, theirs.where(interactions.c.message.is_not(None)))
            query = query.where(few, m.customer_id == customer_id)
        return self._connection.execute(query).all()

    def _hits(self, rows: Sequence[Any], asked: list[str]) -> list[Hit]:
        bodies: dict[int, str] = {}
        for chunk in chunks(row.no for row in rows):
            query = select(texts.c.message, func.substr(texts.c.text, 1, INDEXED).label("text"))
            bodies.update(
                (row.message, row.text) for row in self._connection.execute(query.where(texts.c.message.in_(chunk)))
            )
        return [
            Hit(
                row.no,
                row.subject,
                row.sender_name or row.sender_addr,
                moment(row.date),
                row.customer_id,
                _snippet(bodies.get(row.no, ""), asked),
            )
            for row in rows
        ]


def _snippet(text: str, asked: list[str]) -> str:
    """A line of the text around the first word that was asked for."""
    start = max(0, found_at(text, asked) - _BEFORE)
    cut = " ".join(text[start : start + _SNIPPET].split())
    return ("… " if start else "") + cut + (" …" if start + _SNIPPET < len(text) else "")
