"""The whole pool as lines of text, and back: for backups, and to move from one database to another.

    {"kingpost": 1, "revision": "0007"}           what this is
    {"table": "messages", "columns": ["no", …]}   a table begins
    [1, "…", …]                                   its rows
    {"numbers": {"messages": 4711}}               the last numbers given, so that none is given twice

Rows are read in one snapshot while the pool is in use. The indexes of words are not dumped; they are made anew.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Date, LargeBinary, MetaData, Table, delete, func, insert, select, text, union

from rules.terms.errors import DumpUnreadable
from storage import entry_words, migrating
from storage.columns import metadata
from storage.customer_files import CUSTOMER, customer_of
from storage.customer_imports import customer_text
from storage.document_tables import documents
from storage.fulltext import FullText
from storage.migrations import REVISIONS
from storage.placements import chunks
from storage.records import customers
from storage.schema import attachments, messages, quarantine, texts

FORM = 1
# Who is logged in now, or in the middle of a set-up, need not be after a restoration.
_LEFT_OUT = frozenset({"sessions", "attempts", "pairings", "setup_drafts"})
_AT_ONCE = 500

Told = Callable[[int, int | None], None]


def lines(connection: Connection, told: Told = lambda done, total: None) -> Iterator[str]:
    """The pool's lines. `told` hears how many rows of how many are done."""
    tables = [table for table in metadata.sorted_tables if table.name not in _LEFT_OUT]
    total = sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables)
    yield _line({"kingpost": FORM, "revision": migrating.revision(connection), "rows": total})
    done = 0
    for table in tables:
        yield _line({"table": table.name, "columns": [column.name for column in table.columns]})
        found = connection.execution_options(yield_per=_AT_ONCE).execute(select(table))
        for row in found:
            yield _line([_plain(value) for value in row])
            done += 1
            if done % _AT_ONCE == 0:
                told(done, total)
    yield _line({"numbers": dict(_numbers(connection, tables))})
    told(done, total)


def digests(connection: Connection) -> Iterator[str]:
    """The blobs that the tables name, each once."""
    named = union(
        select(messages.c.raw_digest),
        select(attachments.c.digest),
        select(quarantine.c.raw_digest),
        select(documents.c.digest),
    ).subquery("named")
    digest = named.c[0]
    query = select(digest).where(digest != "").order_by(digest)
    yield from connection.execution_options(yield_per=_AT_ONCE).scalars(query)


def load(
    connection: Connection, dumped: Iterable[str], fulltext: FullText, told: Told = lambda done, total: None
) -> None:
    """Fill a database that has no tables yet, inside the caller's transaction, and bring it to this version.

    Raises:
        DumpUnreadable: it is no dump, one of a newer version, or it ends before its end.
    """
    rest = iter(dumped)
    head = _read(next(rest, ""))
    if not isinstance(head, dict) or head.get("kingpost") != FORM:
        raise DumpUnreadable(problem="it does not begin like one", problem_de="Der Anfang ist nicht der einer solchen")
    if head["revision"] not in REVISIONS:
        raise DumpUnreadable(problem="it is of a newer version", problem_de="Sie ist von einer neueren Version")
    migrating.upgrade(connection, head["revision"])
    tables = MetaData()
    tables.reflect(connection)
    # What an upgrade puts into new tables comes with the dump as well.
    for table in reversed(metadata.sorted_tables):
        if table.name in tables.tables:
            connection.execute(delete(tables.tables[table.name]))
    if not _fill(connection, rest, tables, head.get("rows"), told):
        raise DumpUnreadable(problem="its end is missing", problem_de="Das Ende fehlt")
    migrating.upgrade(connection)
    _index(connection, fulltext)


def _fill(connection: Connection, rest: Iterator[str], tables: MetaData, total: int | None, told: Told) -> bool:
    """Store all rows; whether the dump came to its end."""
    table: Table | None = None
    columns: Sequence[str] = ()
    done, ended = 0, False
    for is_row, part in groupby(map(_read, rest), lambda line: isinstance(line, list)):
        if is_row and table is not None:
            convert = [_back(table.columns[name].type) for name in columns]
            for chunk in chunks(part, _AT_ONCE):
                rows = [
                    {name: back(value) for name, value, back in zip(columns, row, convert, strict=True)}
                    for row in chunk
                ]
                connection.execute(insert(table), rows)
                done += len(rows)
                told(done, total)
            continue
        for line in part:
            if "numbers" in line:
                _go_on_from(connection, line["numbers"])
                ended = True
            else:
                table, columns = tables.tables[line["table"]], line["columns"]
    return ended


def _index(connection: Connection, fulltext: FullText) -> None:
    """The words of all mails, customers and other entries of timelines."""
    m = messages.c
    mails = select(m.no, m.subject, m.sender_name, m.sender_addr, texts.c.text).join(texts, texts.c.message == m.no)
    last = 0
    while found := connection.execute(mails.where(m.no > last).order_by(m.no).limit(_AT_ONCE)).all():
        fulltext.add_messages(
            connection, [(row.no, row.subject, f"{row.sender_name} {row.sender_addr}", row.text) for row in found]
        )
        last = found[-1].no
    last = 0
    people = select(customers.c.no, *CUSTOMER)
    while found := connection.execute(
        people.where(customers.c.no > last).order_by(customers.c.no).limit(_AT_ONCE)
    ).all():
        fulltext.add_customers(connection, [(row.no, customer_text(customer_of(row[1:]))) for row in found])
        last = found[-1].no
    entry_words.index_all(connection, fulltext)


def _numbers(connection: Connection, tables: Iterable[Table]) -> Iterator[tuple[str, int]]:
    """The last number that each table has given to a row of its own accord."""
    if connection.dialect.name == "sqlite":
        names = {table.name for table in tables}
        for name, last in connection.execute(text("select name, seq from sqlite_sequence")):
            if name in names:
                yield name, last
        return
    for table in tables:
        column = table.autoincrement_column
        if column is None:
            continue
        sequence = connection.scalar(text("select pg_get_serial_sequence(:t, :c)"), {"t": table.name, "c": column.name})
        if sequence:
            last = connection.execute(text(f"select last_value, is_called from {sequence}")).one()  # noqa: S608 — the database's own name
            if last.is_called:
                yield table.name, last.last_value


def _go_on_from(connection: Connection, numbers: dict[str, int]) -> None:
    """Let tables number their next rows after these."""
    for name, last in numbers.items():
        if connection.dialect.name == "sqlite":
            connection.execute(text("delete from sqlite_sequence where name = :name"), {"name": name})
            connection.execute(text("insert into sqlite_sequence values (:name, :last)"), {"name": name, "last": last})
        elif (column := metadata.tables[name].autoincrement_column) is not None:
            go_on = text("select setval(pg_get_serial_sequence(:t, :c), :last)")
            connection.execute(go_on, {"t": name, "c": column.name, "last": last})


def _line(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _read(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        raise DumpUnreadable(problem="a line of it is damaged", problem_de="Eine Zeile ist beschädigt") from error


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return b64encode(value).decode() if isinstance(value, bytes | memoryview) else value


def _back(kind: object) -> Callable[[Any], Any]:
    if isinstance(kind, Date):
        return lambda value: None if value is None else date.fromisoformat(value)
    if isinstance(kind, LargeBinary):
        return lambda value: None if value is None else b64decode(value)
    return lambda value: value
