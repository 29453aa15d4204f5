"""One Dovecot for all tests of this folder, a mailbox of its own for each."""

import itertools
from collections.abc import Callable, Iterator

import pytest

from connectors.imap import Account, Limits
from rules.terms.mail import Mailbox, Tls
from tests.servers.dovecot import Dovecot, missing

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def dovecot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    """A real server, shared: take a user of your own."""
    if reason := missing():
        pytest.skip(reason)
    with Dovecot(tmp_path_factory.mktemp("imap")) as server:
        yield server


@pytest.fixture
def user() -> str:
    """A user of whom the server has not heard yet."""
    return f"user{next(_NUMBERS)}"


@pytest.fixture
def account(dovecot: Dovecot, user: str) -> Account:
    """The user's account, over TLS."""
    return Account(mailbox_on(dovecot, user), dovecot.password)


def mailbox_on(server: Dovecot, user: str) -> Mailbox:
    """The settings of a mailbox on this server."""
    return Mailbox(user, host=server.host, port=server.tls_port, user=user, ca_file=str(server.ca_file))


@pytest.fixture
def double_account() -> Callable[[int], Account]:
    """An account on a double's port, with short deadlines."""

    def make(port: int) -> Account:
        mailbox = Mailbox("info", host="127.0.0.1", port=port, user="info", tls=Tls.NONE)
        return Account(mailbox, "geheim", Limits(connect_seconds=2, command_seconds=1, chatter=1 << 16))

    return make
