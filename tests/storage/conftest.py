"""Each test that asks for a pool runs on SQLite and, where one can be started, on PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage.pool import Pool
from tests.servers import postgres
from tests.servers.postgres import Postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    if reason := postgres.missing():
        pytest.skip(reason)
    with postgres.server() as server:
        yield server


@contextmanager
def _url(database: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    if database == "sqlite":
        yield f"sqlite:///{folder}/kingpost.db"
    else:
        server: Postgres = request.getfixturevalue("postgres_server")
        with server.database() as url:
            yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a pool can be made: a file, or a database of its own."""
    with _url(request.param, tmp_path, request) as url:
        yield url


@pytest.fixture
def blobs(tmp_path: Path) -> str:
    return str(tmp_path / "blobs")


@pytest.fixture
def pool(url: str, blobs: str) -> Iterator[Pool]:
    """An empty pool on each database."""
    pool = Pool.create(url, blobs)
    yield pool
    pool.close()


@pytest.fixture
def sqlite_pool(tmp_path: Path, blobs: str) -> Iterator[Pool]:
    """An empty pool in a file, for what only SQLite does."""
    pool = Pool.create(f"sqlite:///{tmp_path}/kingpost.db", blobs)
    yield pool
    pool.close()
