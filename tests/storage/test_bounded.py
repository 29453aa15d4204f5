"""Look-ups that go to the driver keep what SQLAlchemy would do for them: order, and errors in our own words."""

import sqlite3
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import make_url

from rules.terms.errors import PoolFull, PoolUnreachable
from storage.bounded import each
from storage.driver import rows
from storage.pool import Pool


class Broken:
    """A cursor of a database that cannot answer."""

    def __init__(self, code: int) -> None:
        self._error = sqlite3.OperationalError("it broke")
        self._error.sqlite_errorcode = code

    def execute(self, statement: str, values: tuple[object, ...]) -> None:
        raise self._error

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (sqlite3.SQLITE_CORRUPT, PoolUnreachable),
        (sqlite3.SQLITE_FULL, PoolFull),
        (sqlite3.SQLITE_ERROR, sqlite3.OperationalError),
    ],
)
def test_a_fault_of_the_database_is_told_in_our_words_a_programmers_passes(code: int, error: type[Exception]) -> None:
    connection: Any = SimpleNamespace(
        connection=SimpleNamespace(driver_connection=SimpleNamespace(cursor=lambda: Broken(code))),
        engine=SimpleNamespace(url=make_url("sqlite:///pool.sqlite")),
    )
    with pytest.raises(error):
        rows(connection, "select 1", ())


@pytest.mark.parametrize("count", [0, 1, 31, 32, 33, 100])
def test_answers_come_in_the_order_of_the_questions(pool: Pool, count: int) -> None:
    lookup = "select name from state where name = ? order by name limit 1"
    asked = [("shapes" if no % 3 else "nothing",) for no in range(count)]
    with pool.read() as work:
        found = [row[0] for row in each(work.customers._connection, lookup, asked)]
    assert found == [name for (name,) in asked if name == "shapes"]
