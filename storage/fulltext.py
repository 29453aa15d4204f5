"""The word indexes of mail, customers and other entries of timelines: FTS5 on SQLite, tsvector with GIN on PostgreSQL.

They hold folded words only (storage.folding), never the text itself. A query is made of words found in the user's
text, each quoted, so that nothing a user types is query syntax. Whole words are cheap however common they are;
beginnings are gathered from all words that begin so, so callers ask for whole words first.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
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
# As `shortest`: only whole words; and for texts, where half of them hold a word that begins with any one letter.
WHOLE = LONGEST + 1
SHORTEST = 3
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
entry_words = table("entry_words", column("rowid"), column("entry"), column("words", Plain))

_INDEXES = (message_words, customer_words, entry_words)

# A message's number with its subject, sender and text; a customer's or an entry's number with all its words.
MessageText = tuple[int, str, str, str]
NumberedText = tuple[int, str]


class FullText(Protocol):
    """What the pool asks of an index of words, whatever the database."""

    message: ColumnElement[int]
    customer: ColumnElement[int]
    entry: ColumnElement[int]

    def add_messages(self, connection: Connection, rows: Sequence[MessageText]) -> None:
        """Index new messages."""

    def drop_messages(self, connection: Connection, rows: Sequence[MessageText]) -> None:
        """Take messages out again; the words must be those that went in."""

    def add_customers(self, connection: Connection, rows: Sequence[NumberedText]) -> None:
        """Index new customers."""

    def drop_customers(self, connection: Connection, rows: Sequence[NumberedText]) -> None:
        """Take customers out again; the words must be those that went in."""

    def add_entries(self, connection: Connection, rows: Sequence[NumberedText]) -> None:
        """Index new entries of timelines."""

    def drop_entries(self, connection: Connection, rows: Sequence[NumberedText]) -> None:
        """Take entries out again; the words must be those that went in."""

    def clear_entries(self, connection: Connection) -> None:
        """Take all entries out."""

    def tidy(self, connection: Connection, *, begin: bool) -> bool:
        """A step on the way to an index that holds no word of what was taken out; whether there is more to do."""

    def matches(self, index: TableClause, asked: Sequence[str], shortest: int) -> ColumnElement[bool]:
        """The condition that a row of an index holds all the asked words.

        Those of at least the shortest length are taken as beginnings of words.
        """

    def among(self, number: ColumnElement[int], these: Select[Any]) -> ColumnElement[bool]:
        """The condition that the number of an index's row is one of a few."""


class Fts5:
    """SQLite's contentless index: the words, not the text."""

    message: ColumnElement[int] = message_words.c.rowid
    customer: ColumnElement[int] = customer_words.c.rowid
    entry: ColumnElement[int] = entry_words.c.rowid

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

    def add_customers(self, connection: Connection, rows: Sequence[NumberedText]) -> None:
        """Index new customers."""
        self._add(connection, customer_words, rows)

    def drop_customers(self, connection: Connection, rows: Sequence[NumberedText]) -> None:
        """Take customers out again."""
        self._drop(connection, customer_words, rows)

    def add_entries(self, connection: Connection, rows: Sequence[NumberedText]) -> None:
        """Index new entries of timelines."""
        self._add(connection, entry_words, rows)

    def drop_entries(self, connection: Connection, rows: Sequence[NumberedText]) -> None:
        """Take entries out again."""
        self._drop(connection, entry_words, rows)

    def clear_entries(self, connection: Connection) -> None:
        """Take all entries out."""
        connection.execute(text("insert into entry_words(entry_words) values ('delete-all')"))

    def tidy(self, connection: Connection, *, begin: bool) -> bool:
        """Merge some pages: a row that was taken out lies in the index until all its parts have become one."""
        before = connection.scalar(_CHANGES) or 0
        for index in _INDEXES:
            merge = text(f"insert into {index.name}({index.name}, rank) values ('merge', :pages)")  # noqa: S608 — ours
            connection.execute(merge, {"pages": -_MERGED if begin else _MERGED})
        # Each statement counts as a change of its own; more than that is work done.
        return begin or (connection.scalar(_CHANGES) or 0) - before > len(_INDEXES)

    def matches(self, index: TableClause, asked: Sequence[str], shortest: int) -> ColumnElement[bool]:
        """All the asked words, the longer ones as beginnings."""
        query = " ".join(f'"{word}" *' if len(word) >= shortest else f'"{word}"' for word in asked[:_QUERY_WORDS])
        return literal_column(index.name).bool_op("MATCH")(bindparam(None, query, unique=True))

    def among(self, number: ColumnElement[int], these: Select[Any]) -> ColumnElement[bool]:
        """The words are looked up once, and what has them is sieved; by the bare number it would be once for each."""
        return (number + 0).in_(these)

    @staticmethod
    def _add(connection: Connection, index: TableClause, rows: Sequence[NumberedText]) -> None:
        if rows:
            connection.execute(insert(index), [{"rowid": no, "words": fold(body)} for no, body in rows])

    @staticmethod
    def _drop(connection: Connection, index: TableClause, rows: Sequence[NumberedText]) -> None:
        name = index.name
        drop = text(f"insert into {name}({name}, rowid, words) values ('delete', :no, :words)")  # noqa: S608 — ours
        if rows:
            connection.execute(drop, [{"no": no, "words": fold(body)} for no, body in rows])


class TsVector:
    """PostgreSQL's index. The words are split here, not by its parser, so that both databases find the same."""

    message: ColumnElement[int] = message_words.c.message
    customer: ColumnElement[int] = customer_words.c.customer
    entry: ColumnElement[int] = entry_words.c.entry

    def add_messages(self, connection: Connection, rows: Sequence[MessageText]) -> None:
        """Index new messages."""
        self._add(connection, "message", [(no, " ".join(parts)) for no, *parts in rows])

    def drop_messages(self, connection: Connection, rows: Sequence[MessageText]) -> None:
        """Take messages out again."""
        self._drop(connection, "message", [no for no, *_ in rows])

    def add_customers(self, connection: Connection, rows: Sequence[NumberedText]) -> None:
        """Index new customers."""
        self._add(connection, "customer", rows)

    def drop_customers(self, connection: Connection, rows: Sequence[NumberedText]) -> None:
        """Take customers out again."""
        self._drop(connection, "customer", [no for no, _ in rows])

    def add_entries(self, connection: Connection, rows: Sequence[NumberedText]) -> None:
        """Index new entries of timelines."""
        self._add(connection, "entry", rows)

    def drop_entries(self, connection: Connection, rows: Sequence[NumberedText]) -> None:
        """Take entries out again."""
        self._drop(connection, "entry", [no for no, _ in rows])

    def clear_entries(self, connection: Connection) -> None:
        """Take all entries out."""
        connection.execute(text("truncate entry_words"))

    def tidy(self, connection: Connection, *, begin: bool) -> bool:
        """Nothing to do: its rows go like those of any table, when the database tidies up (VACUUM)."""
        return False

    def matches(self, index: TableClause, asked: Sequence[str], shortest: int) -> ColumnElement[bool]:
        """All the asked words, the longer ones as beginnings."""
        query = " & ".join(f"'{word}':*" if len(word) >= shortest else f"'{word}'" for word in asked[:_QUERY_WORDS])
        # Cast, not to_tsquery: nothing of the words is read as syntax, and no dictionary touches them.
        return literal_column(f"{index.name}.words").bool_op("@@")(cast(bindparam(None, query, unique=True), TSQUERY))

    def among(self, number: ColumnElement[int], these: Select[Any]) -> ColumnElement[bool]:
        """The rows of the few are looked at."""
        return number.in_(these)

    @staticmethod
    def _add(connection: Connection, what: str, rows: Sequence[tuple[int, str]]) -> None:
        add = text(
            f"insert into {what}_words({what}, words) values (:no, array_to_tsvector(cast(:words as text[])))"  # noqa: S608 - our own word
        )
        if rows:
            parameters: list[dict[str, Any]] = [{"no": no, "words": words(body)} for no, body in rows]
            connection.execute(add, parameters)

    @staticmethod
    def _drop(connection: Connection, what: str, numbers: Sequence[int]) -> None:
        drop = text(f"delete from {what}_words where {what} = any(:numbers)")  # noqa: S608 - our own word
        if numbers:
            connection.execute(drop, {"numbers": list(numbers)})


def _folded(row: MessageText) -> dict[str, Any]:
    """A message's words as FTS5 keeps them."""
    no, subject, sender, body = row
    return {"rowid": no, "subject": fold(subject), "sender": fold(sender), "text": fold(body[:INDEXED])}
