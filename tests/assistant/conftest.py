from collections.abc import Iterator

import pytest

from storage.pool import Pool
from tests.assistant.keeping import Office
from tests.storage.conftest import blobs, postgres_server, url

__all__ = ["blobs", "postgres_server", "url"]


@pytest.fixture
def office(url: str, blobs: str) -> Iterator[Office]:
    """The firm on SQLite and on PostgreSQL."""
    pool = Pool.create(url, blobs)
    yield Office.over(pool)
    pool.close()
