"""One Dovecot and one PostgreSQL for all journeys, a mailbox and a database of its own for each."""

import itertools
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.journeys.running import Home
from tests.servers import postgres
from tests.servers.dovecot import Dovecot, missing
from tests.servers.postgres import Postgres

_NUMBERS = itertools.count(1)
# Started in the background by a shell, tests are deaf to Ctrl-C, and so is everything that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def dovecot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    """A real server, shared: take a user of your own."""
    if reason := missing():
        pytest.skip(reason)
    with Dovecot(tmp_path_factory.mktemp("imap")) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """A real server, shared: take a database of your own."""
    if reason := postgres.missing():
        pytest.skip(reason)
    with postgres.server() as server:
        yield server


@pytest.fixture
def user() -> str:
    """A user of whom the server has not heard yet."""
    return f"reise{next(_NUMBERS)}"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A firm's folder, still without settings."""
    return Home(tmp_path / "firma")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def new_home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Home]]:
    """Makes firms' folders, each with a pool of its own, on SQLite and on PostgreSQL."""
    with ExitStack() as stack:

        def make(name: str) -> Home:
            if request.param == "sqlite":
                return Home(tmp_path / name)
            server: Postgres = request.getfixturevalue("postgres_server")
            return Home(tmp_path / name, pool_url=stack.enter_context(server.database()))

        yield make
