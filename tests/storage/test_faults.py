"""What a database complains about becomes an error that a person can act on; a programmer's stays what it is."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import text

from rules.terms.errors import PoolBusy, PoolError, PoolFull, PoolUnreachable
from storage.faults import translated
from storage.pool import Pool
from tests.servers.postgres import Postgres

URL = "postgresql://db.example/kingpost"
POSTGRES: list[tuple[str, type[PoolError] | None]] = [
    ("40001", PoolBusy),  # serialization failure
    ("40P01", PoolBusy),  # deadlock
    ("55P03", PoolBusy),  # lock timeout
    ("53100", PoolFull),  # disk full
    ("58030", PoolFull),  # I/O error
    ("08006", PoolUnreachable),  # connection failure
    ("57P01", PoolUnreachable),  # shut down by the administrator
    ("57P03", PoolUnreachable),  # still starting
    ("28P01", PoolUnreachable),  # wrong password
    ("3D000", PoolUnreachable),  # no such database
    ("53300", PoolUnreachable),  # too many clients
    ("25006", PoolUnreachable),  # the primary of before a failover
    ("58P01", PoolUnreachable),  # a file of it is gone
    ("23505", None),  # a key that was there already
    ("42601", None),  # a statement that is none
    ("57014", None),  # cancelled by ourselves
]


@pytest.mark.parametrize(("state", "meant"), POSTGRES)
def test_the_states_of_postgres_in_our_words(state: str, meant: type[PoolError] | None) -> None:
    found = translated(psycopg.errors.lookup(state)("FATAL: what happened\nDETAIL: more"), URL)
    assert type(found) is (meant or type(None))
    if found is not None and "reason" in found.details:
        assert found.details["reason"] == "FATAL: what happened"


def test_a_line_that_broke_has_no_state() -> None:
    assert type(translated(psycopg.OperationalError("server closed the connection unexpectedly"), URL)) is (
        PoolUnreachable
    )
    assert translated(psycopg.ProgrammingError("the connection is closed"), URL) is None
    assert translated(ValueError("x"), URL) is None


@pytest.fixture
def postgres_pool(postgres_server: Postgres, blobs: str) -> Iterator[Pool]:
    with postgres_server.database() as url:
        pool = Pool.create(url, blobs)
        yield pool
        pool.close()


@pytest.mark.postgres
def test_a_connection_that_the_server_ends_is_named_and_the_next_one_works(postgres_pool: Pool) -> None:
    with pytest.raises(PoolUnreachable), postgres_pool._writing_alone() as connection:
        connection.execute(text("select pg_terminate_backend(pg_backend_pid())"))
    with postgres_pool.read() as work:
        assert work.messages.count() == 0


@pytest.mark.postgres
def test_a_server_that_takes_no_writes_is_named(postgres_pool: Pool) -> None:
    with postgres_pool._writer.connect() as connection:
        connection.execute(text("set transaction read only"))
        with pytest.raises(PoolUnreachable):
            connection.execute(text("delete from messages"))


@pytest.mark.postgres
def test_a_lock_that_somebody_else_keeps_is_named(postgres_pool: Pool) -> None:
    with postgres_pool._writing_alone() as one, postgres_pool._reader.connect() as other:
        one.execute(text("lock table boxes in access exclusive mode"))
        other.execute(text("set local lock_timeout = '50ms'"))
        with pytest.raises(PoolBusy):
            other.execute(text("select count(*) from boxes"))
