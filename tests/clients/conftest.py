"""One firm and one real server for all mail clients."""

from collections.abc import Iterator

import pytest

from tests.servers.dovecot import Dovecot, missing


@pytest.fixture(scope="session")
def dovecot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    """A real server, shared: take a user of your own."""
    if reason := missing():
        pytest.skip(reason)
    with Dovecot(tmp_path_factory.mktemp("imap")) as server:
        yield server
