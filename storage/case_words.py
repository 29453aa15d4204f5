"""By which words of its own a case is found: subject, product, cause, remedy, tags and notes.

The words stand in an ordinary table, so that they go with the case, in a dump and in an erasure alike.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from rules.terms.case import CaseEventKind
from storage.case_tables import case_events, case_words, cases
from storage.folding import words
from storage.placements import chunks

TEXTS = ("subject", "product", "cause", "remedy", "tags")
# A note is found by its first words; nobody writes more of them.
_MOST = 2000
_AT_ONCE = 500


def index(connection: Connection, numbers: Collection[int]) -> None:
    """Index cases anew, as they stand now."""
    for chunk in chunks(numbers, _AT_ONCE):
        c, e = cases.c, case_events.c
        texts: dict[int, list[str]] = {}
        for number, *parts in connection.execute(select(c.id, *(c[name] for name in TEXTS)).where(c.id.in_(chunk))):
            texts[number] = [part for part in parts if part]
        noted = select(e.case, e.text).where(e.case.in_(chunk), e.kind == CaseEventKind.NOTED.value)
        for number, text in connection.execute(noted.order_by(e.id.desc())):
            texts[number].append(text)
        connection.execute(delete(case_words).where(case_words.c.case.in_(chunk)))
        rows = [
            {"word": word, "case": number} for number, parts in texts.items() for word in words(" ".join(parts))[:_MOST]
        ]
        if rows:
            connection.execute(insert(case_words), rows)


def index_all(connection: Connection) -> None:
    """Index every case of a pool."""
    last = 0
    query = select(cases.c.id).order_by(cases.c.id).limit(_AT_ONCE)
    while numbers := list(connection.scalars(query.where(cases.c.id > last))):
        index(connection, numbers)
        last = numbers[-1]


def holding(connection: Connection, asked: Sequence[str], shortest: int, most: int) -> set[int]:
    """The newest cases that hold all of these folded words; those of at least so many letters also as beginnings."""
    tables = [case_words.alias() for _ in asked]
    first = tables[0].c
    query = select(first.case).distinct()
    for table, word in zip(tables, asked, strict=True):
        query = query.where(table.c.case == first.case, _matches(table.c.word, word, shortest))
    return set(connection.scalars(query.order_by(first.case.desc()).limit(most)))


def _matches(column: ColumnElement[str], word: str, shortest: int) -> ColumnElement[bool]:
    if len(word) < shortest:
        return column == word
    return (column >= word) & (column < word + "\U0010ffff")
