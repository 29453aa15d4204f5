"""Handing mail to the firm's own server: only over verified TLS; what became of it is known, or said not to be."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.smtp.sending import Account, connected
from rules.terms.errors import (
    CertificateOfStranger,
    CertificateRefused,
    FileUnreadable,
    SendingDeferred,
    SendingRefused,
    SendingUncertain,
)
from tests.servers.mail_out import BREAK, MailOut, running

CONTENT = b"From: info@firma.example\r\nTo: karin@hansen.example\r\nSubject: Hallo\r\n\r\nTag\r\n.\r\nMehr\r\n"


@pytest.fixture(params=["starttls", "tls"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MailOut]:
    with running(tmp_path / "out", request.param) as found:
        yield found


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[MailOut]:
    with running(tmp_path / "out") as found:
        yield found


def send(account: Account, recipient: str = "karin@hansen.example") -> None:
    with connected(account, "firma.example") as sending:
        sending.send("info@firma.example", recipient, CONTENT)


def test_a_mail_is_handed_over_encrypted_and_logged_in(server: MailOut) -> None:
    with connected(server.account(), "firma.example") as sending:
        sending.send("info@firma.example", "karin@hansen.example", CONTENT)
        sending.send("info@firma.example", "otto@hansen.example", CONTENT)
    assert [to for _, to in server.envelopes] == [["karin@hansen.example"], ["otto@hansen.example"]]
    assert server.taken[0].get_content().splitlines() == ["Tag", ".", "Mehr"]


def test_a_server_that_nobody_vouches_for_gets_no_password_and_no_mail(server: MailOut, tmp_path: Path) -> None:
    with pytest.raises(CertificateOfStranger):
        send(server.account(ca_file=None))
    other = tmp_path / "other"
    with running(other), pytest.raises(CertificateRefused):
        send(server.account(ca_file=str(other / "ca.pem")))
    with pytest.raises(FileUnreadable):
        send(server.account(ca_file=str(tmp_path / "none.pem")))
    assert server.taken == []


def test_a_server_without_encryption_is_told_nothing(tmp_path: Path) -> None:
    from aiosmtpd.controller import Controller

    from tests.servers.dovecot import free_ports

    handler = MailOut(tmp_path, free_ports(1)[0])
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    try:
        with pytest.raises(SendingDeferred):
            send(handler.account(ca_file=None))
        assert handler.taken == []
    finally:
        controller.stop()


def test_a_wrong_password_and_a_server_that_is_away_are_tried_again_later(plain: MailOut) -> None:
    with pytest.raises(SendingDeferred, match="login of info refused"):
        send(plain.account(password="falsch"))
    with pytest.raises(SendingDeferred):
        send(replace(plain.account(), port=1))


@pytest.mark.parametrize(
    ("recipient_says", "content_says", "expected"),
    [
        ("550 5.1.1 nobody", "250 OK", SendingRefused),
        ("451 4.3.0 later", "250 OK", SendingDeferred),
        ("250 OK", "554 5.6.0 no", SendingRefused),
        ("250 OK", "452 4.3.1 full", SendingDeferred),
        ("250 OK", BREAK, SendingUncertain),
    ],
)
def test_what_the_server_says_decides(
    plain: MailOut, recipient_says: str, content_says: str, expected: type[Exception]
) -> None:
    plain.on_rcpt, plain.on_data = lambda _: recipient_says, lambda _: content_says
    with pytest.raises(expected):
        send(plain.account())


def test_an_address_that_not_every_server_takes_is_refused_before_anything_is_said(plain: MailOut) -> None:
    with pytest.raises(SendingRefused):
        send(plain.account(), "käthe@hansen.example")
    assert plain.taken == []


def test_a_server_may_take_its_time_over_the_content_only(plain: MailOut, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits longer would count as gone meanwhile (assistant.outbox.LONGEST)."""
    monkeypatch.setattr("connectors.smtp.sending.PATIENCE", 0.5)
    with connected(plain.account(), "firma.example") as sending:
        sending.send("info@firma.example", "karin@hansen.example", CONTENT)

        def slow(_: str) -> str:
            time.sleep(2)
            return "250 OK"

        plain.on_rcpt = slow
        with pytest.raises(SendingDeferred):
            sending.send("info@firma.example", "otto@hansen.example", CONTENT)
