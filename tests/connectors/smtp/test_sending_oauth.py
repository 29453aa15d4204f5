"""Sending without a password: the server takes tokens, and a newer one when it has ended the first."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from connectors.smtp.sending import Account, connected
from rules.terms.errors import SendingDeferred, SignInEnded
from tests.servers.mail_out import MailOut, running

CONTENT = b"From: info@firma.example\r\nTo: karin@hansen.example\r\nSubject: Hallo\r\n\r\nTag\r\n"


@dataclass
class Tokens:
    """Hands out what it is given, one after the other."""

    left: list[str]
    refused: list[str] = field(default_factory=list)

    def token(self, refused: str = "") -> str:
        if refused:
            self.refused.append(refused)
        if not self.left:
            raise SignInEnded(mailbox="info", provider="own", reason="invalid_grant")
        return self.left.pop(0)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailOut]:
    with running(tmp_path / "out") as found:
        found.tokens.add("good")
        yield found


def send(account: Account) -> None:
    with connected(account, "firma.example") as sending:
        sending.send("info@firma.example", "karin@hansen.example", CONTENT)


def test_a_token_logs_in(server: MailOut) -> None:
    send(server.account(password=Tokens(["good"])))
    assert len(server.taken) == 1


def test_a_token_that_the_server_ended_is_replaced_once(server: MailOut) -> None:
    tokens = Tokens(["old", "good"])
    send(server.account(password=tokens))
    assert len(server.taken) == 1
    assert tokens.refused == ["old"]


def test_a_server_that_takes_no_token_is_tried_later(server: MailOut) -> None:
    with pytest.raises(SendingDeferred) as caught:
        send(server.account(password=Tokens(["old", "older", "good"])))
    assert "old" not in str(caught.value)
    assert server.taken == []


def test_a_sign_in_that_ended_says_so(server: MailOut) -> None:
    with pytest.raises(SignInEnded, match="kingpost mailbox sign-in info"):
        send(server.account(password=Tokens([])))
    assert server.taken == []
