"""The word indexes of mail and customers: FTS5 on SQLite, tsvector with GIN on PostgreSQL.

Both hold folded words only (storage.folding), never the text itself. A query is made of words found in the user's
text, each quoted, so that nothing a user types is query syntax. Whole words are cheap however common they are;
beginnings are gathered from all words that begin so, so callers ask for whole words first.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    Connection,
    TableClause,
    bindparam,
    cast,
    column,
    insert,
    literal_column,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from storage.columns import Plain
from storage.folding import INDEXED, LONGEST, fold, words

_QUERY_WORDS = 16
WHOLE = LONGEST + 1  # as `shortest`: only whole words
# Pages of the index a step: a second's work at most, so that nobody waits for long.
_MERGED = 2_000
_CHANGES = text("select total_changes()")

message_words = table(
    "message_words",
    column("rowid"),
    column("message"),
    *(column(name, Plain) for name in ("subject", "sender", "text")),
)
customer_words = table("customer_words", column("rowid"), column("customer"), column("words", Plain))

# A message's number with its subject, sender and text; a customer's number with all its words.
MessageText = tuple[int, str, str, str]
CustomerText = tuple[int, str]


class FullText(Protocol):
    """What the pool asks of an index of words, whatever the database."""

    message: ColumnElement[int]
    customer: ColumnElement[int]

    def add_messages(self, connection: Connection, rows: Sequence[MessageText]) -> None:
        """Index new messages."""

    def drop_messages(self, connection: Connection, rows: Sequence[MessageText]) -> None:
        """Take messages out again; the words must be those that went in."""

    def add_customers(self, connection: Connection, rows: Sequence[CustomerText]) -> None:
        """Index new customers."""

    def drop_customers(self, connection: Connection, rows: Sequence[CustomerText]) -> None:
        """Take customers out again; the words must be those that went in."""

    def tidy(self, connection: Connection, *, begin: bool) -> bool:
        """A step on the way to an index that holds no word of what was taken out; whether there is more to do."""

    def matches(self, index: TableClause, asked: Sequence[str], shortest: int) -> ColumnElement[bool]:
        """The condition that a row of an index holds all the asked words.

        Those of at least the shortest length are taken as beginnings of words.
        """


class Fts5:
    """SQLite's contentless index: the words, not the text."""

    message: ColumnElement[int] = message_words.c.rowid
    customer: ColumnElement[int] = customer_words.c.rowid

    def add_messages(self, connection: Connection, rows: Sequence[MessageText]) -> None:
        """Index new messages."""
        connection.execute(insert(message_words), [_folded(row) for row in rows])

    def drop_messages(self, connection: Connection, rows: Sequence[MessageText]) -> None:
        """Take messages out again."""
        drop = text(
            "insert into message_words(message_words, rowid, subject, sender, text)"
            " values ('delete', :rowid, :subject, :sender, :text)"
        )
        if rows:
            connection.execute(drop, [_folded(row) for row in rows])

    def add_customers(self, connection: Connection, rows: Sequence[CustomerText]) -> None:
        """Index new customers."""
        if rows:
            connection.execute(insert(customer_words), [{"rowid": no, "words": fold(body)} for no, body in rows])

    def drop_customers(self, connection: Connection, rows: Sequence[CustomerText]) -> None:
        """Take customers out again."""
        drop = text("insert into customer_words(customer_words, rowid, words) values ('delete', :no, :words)")
        if rows:
            connection.execute(drop, [{"no": no, "words": fold(body)} for no, body in rows])

    def tidy(self, connection: Connection, *, begin: bool) -> bool:
        """Merge some pages: a row that was taken out lies in the index until all its parts have become one."""
        before = connection.scalar(_CHANGES) or 0
        for index in (message_words, customer_words):
            merge = text(f"insert into {index.name}({index.name}, rank) values ('merge', :pages)")  # noqa: S608 — ours
            connection.execute(merge, {"pages": -_MERGED if begin else _MERGED})
        # Each of the two statements counts as a change of its own; more than that is work done.
        return begin or (connection.scalar(_CHANGES) or 0) - before > 2

    def matches(self, index: TableClause, asked: Sequence[str], shortest: int) -> ColumnElement[bool]:
        """All the asked words, the longer ones as beginnings."""
        query = " ".join(f'"{word}" *' if len(word) >= shortest else f'"{word}"' for word in asked[:_QUERY_WORDS])
        return literal_column(index.name).bool_op("MATCH")(bindparam(None, query, unique=True))


class TsVector:
    """PostgreSQL's index. The words are split here, not by its parser, so that both databases find the same."""

    message: ColumnElement[int] = message_words.c.message
    customer: ColumnElement[int] = customer_words.c.customer

    def add_messages(self, connection: Connection, rows: Sequence[MessageText]) -> None:
        """Index new messages."""
        self._add(connection, "message", [(no, " ".join(parts)) for no, *parts in rows])

    def drop_messages(self, connection: Connection, rows: Sequence[MessageText]) -> None:
        """Take messages out again."""
        if rows:
            drop = text("delete from message_words where message = any(:numbers)")
            connection.execute(drop, {"numbers": [no for no, *_ in rows]})

    def add_customers(self, connection: Connection, rows: Sequence[CustomerText]) -> None:
        """Index new customers."""
        self._add(connection, "customer", rows)

    def drop_customers(self, connection: Connection, rows: Sequence[CustomerText]) -> None:
        """Take customers out again."""
        if rows:
            drop = text("delete from customer_words where customer = any(:numbers)")
            connection.execute(drop, {"numbers": [no for no, _ in rows]})

    def tidy(self, connection: Connection, *, begin: bool) -> bool:
        """Nothing to do: its rows go like those of any table, when the database tidies up (VACUUM)."""
        return False

    def matches(self, index: TableClause, asked: Sequence[str], shortest: int) -> ColumnElement[bool]:
        """All the asked words, the longer ones as beginnings."""
        query = " & ".join(f"'{word}':*" if len(word) >= shortest else f"'{word}'" for word in asked[:_QUERY_WORDS])
        # Cast, not to_tsquery: nothing of the words is read as syntax, and no dictionary touches them.
        return literal_column(f"{index.name}.words").bool_op("@@")(cast(bindparam(None, query, unique=True), TSQUERY))

    @staticmethod
    def _add(connection: Connection, what: str, rows: Sequence[tuple[int, str]]) -> None:
        add = text(
            f"insert into {what}_words({what}, words) values (:no, array_to_tsvector(cast(:words as text[])))"  # noqa: S608 - our own word
        )
        if rows:
            parameters: list[dict[str, Any]] = [{"no": no, "words": words(body)} for no, body in rows]
            connection.execute(add, parameters)


def _folded(row: MessageText) -> dict[str, Any]:
    """A message's words as FTS5 keeps them."""
    no, subject, sender, body = row
    return {"rowid": no, "subject": fold(subject), "sender": fold(sender), "text": fold(body[:INDEXED])}
