"""The firm's own reply snippets. One that was removed can be put back until it is swept."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from rules.terms.complaint import Category
from rules.terms.snippet import Snippet
from storage.moments import moment, stamp
from storage.team_tables import snippets


class Snippets:
    """The snippets of a pool."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, snippet: Snippet, at: datetime) -> Snippet:
        """Keep a new snippet, or change a known one; with its number."""
        values = {
            "title": snippet.title,
            "text": snippet.text,
            "category": snippet.category.value,
            "language": snippet.language,
            "form": snippet.form,
            "staff": snippet.staff,
            "changed": stamp(at),
        }
        if snippet.id:
            self._connection.execute(update(snippets).where(snippets.c.id == snippet.id).values(values))
            return replace(snippet, changed=at)
        new = insert(snippets).values(values).returning(snippets.c.id)
        return replace(snippet, changed=at, id=self._connection.execute(new).scalar_one())

    def get(self, number: int) -> Snippet | None:
        """One that is there."""
        query = select(snippets).where(snippets.c.id == number, snippets.c.removed.is_(None))
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _snippet(row)

    def all(self, language: str = "") -> list[Snippet]:
        """All that are there, or those of a language, by title."""
        query = select(snippets).where(snippets.c.removed.is_(None))
        if language:
            query = query.where(snippets.c.language == language)
        return sorted((_snippet(row) for row in self._connection.execute(query)), key=lambda one: one.title.casefold())

    def remove(self, number: int, at: datetime | None) -> bool:
        """Take one away, or with None put it back; False when there is none."""
        c = snippets.c
        here = c.removed.is_(None) if at else c.removed.is_not(None)
        moved = update(snippets).where(c.id == number, here).values(removed=None if at is None else stamp(at))
        return self._connection.execute(moved).rowcount > 0

    def is_removed(self, number: int) -> bool:
        """Whether it was taken away and can still be put back."""
        query = select(snippets.c.id).where(snippets.c.id == number, snippets.c.removed.is_not(None))
        return self._connection.scalar(query) is not None

    def sweep(self, before: datetime) -> int:
        """Drop what was taken away before a moment; how many."""
        return self._connection.execute(delete(snippets).where(snippets.c.removed < stamp(before))).rowcount


def _snippet(row: Row[Any]) -> Snippet:
    return Snippet(
        row.title, row.text, Category(row.category), row.language, row.form, row.staff, moment(row.changed), row.id
    )
