"""Logging in to a real Dovecot: encrypted and verified, or not at all."""

import ssl
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from connectors.imap import Account, Limits
from connectors.imap.connecting import is_loopback, is_near, tls_context
from rules.terms.errors import (
    CertificateForAnother,
    CertificateNotOfToday,
    CertificateOfStranger,
    CertificateRefused,
    CertificateSelfSigned,
    ConnectorError,
    LoginRefused,
    PlainRefused,
    ServerUnreachable,
    StarttlsMissing,
)
from rules.terms.mail import Mailbox, Tls
from tests.connectors.imap.conftest import mailbox_on
from tests.servers.dovecot import Dovecot, certificates, free_ports
from tests.servers.imap_double import ImapDouble


@pytest.mark.dovecot
@pytest.mark.parametrize("tls", list(Tls))
def test_each_kind_of_protection_works(dovecot: Dovecot, user: str, tls: Tls) -> None:
    port = dovecot.tls_port if tls is Tls.IMPLICIT else dovecot.port
    account = Account(replace(mailbox_on(dovecot, user), tls=tls, port=port), dovecot.password)
    with account.session() as session:
        encrypted = isinstance(session._wire.sock, ssl.SSLSocket)
    assert encrypted == (tls is not Tls.NONE)


@pytest.mark.dovecot
def test_user_and_password_may_hold_any_letter(dovecot: Dovecot, user: str) -> None:
    account = Account(replace(mailbox_on(dovecot, user), user=f'{user}-mül"ler'), dovecot.password)
    assert account.folders()


@pytest.mark.dovecot
@pytest.mark.parametrize("password", ["falsch", "fälsch", "wrong\r\nkp LOGOUT", 'quo"te\\'])
def test_a_wrong_password_is_told_without_repeating_it(dovecot: Dovecot, user: str, password: str) -> None:
    account = Account(mailbox_on(dovecot, user), password)
    with pytest.raises(LoginRefused) as caught:
        account.folders()
    assert user in caught.value.text("de")
    assert password not in caught.value.text("en") + repr(caught.value.__cause__)


@pytest.mark.dovecot
@pytest.mark.parametrize("tls", [Tls.IMPLICIT, Tls.STARTTLS])
def test_an_unknown_authority_is_refused(dovecot: Dovecot, user: str, tls: Tls) -> None:
    port = dovecot.tls_port if tls is Tls.IMPLICIT else dovecot.port
    account = Account(replace(mailbox_on(dovecot, user), tls=tls, port=port, ca_file=None), dovecot.password)
    with pytest.raises(CertificateRefused, match="ca_file"):
        account.check()


@pytest.mark.dovecot
def test_a_certificate_for_another_name_is_refused(
    dovecot: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = Account(replace(mailbox_on(dovecot, user), host="127.0.0.2"), dovecot.password)
    with pytest.raises((CertificateRefused, ServerUnreachable)):
        account.check()
    account = Account(replace(mailbox_on(dovecot, user), host="ip6-localhost.invalid"), dovecot.password)
    with pytest.raises(ServerUnreachable):
        account.check()


@pytest.mark.dovecot
@pytest.mark.parametrize(
    ("shown", "trusted", "kind", "words"),
    [
        ({"host": "mail.anderswo.example"}, True, CertificateForAnother, ("auf einen anderen Namen", "another name")),
        ({"days": -1}, True, CertificateNotOfToday, ("gilt heute nicht", "not valid today")),
        ({"self_signed": True}, False, CertificateSelfSigned, ("selbst unterschrieben", "certificate itself")),
        ({}, False, CertificateOfStranger, ("dieser Rechner nicht kennt", "does not know")),
        ({"self_signed": True}, True, None, ()),
    ],
)
def test_what_is_wrong_with_a_certificate_is_said_with_what_to_do(
    tmp_path: Path, shown: dict[str, Any], trusted: bool, kind: type[CertificateRefused] | None, words: tuple[str, ...]
) -> None:
    with Dovecot(tmp_path, certify=partial(certificates, **shown)) as server:
        mailbox = mailbox_on(server, "wer")
        account = Account(mailbox if trusted else replace(mailbox, ca_file=None), server.password)
        if kind is None:
            account.check()
            return
        with pytest.raises(CertificateRefused) as caught:
            account.check()
        assert type(caught.value) is kind
        for language, word in zip(("de", "en"), words, strict=True):
            said = caught.value.text(language)
            assert word in said
            assert f"localhost:{server.tls_port}" in said
            # OpenSSL's words stand behind.
            assert said.endswith(f"[{caught.value.details['reason']}]")
        assert "Login: user=" not in server.log


@pytest.mark.dovecot
def test_tls_on_a_port_that_speaks_none_is_explained(dovecot: Dovecot, user: str) -> None:
    account = Account(replace(mailbox_on(dovecot, user), port=dovecot.port), dovecot.password)
    with pytest.raises(ServerUnreachable, match="no TLS there"):
        account.check()


def test_a_missing_authority_file_is_named(tmp_path: Path) -> None:
    mailbox = Mailbox("info", host="localhost", ca_file=str(tmp_path / "none.pem"))
    with pytest.raises(CertificateRefused, match=r"none\.pem"):
        Account(mailbox, "x").check()


def test_nobody_at_the_port_is_told() -> None:
    (port,) = free_ports(1)
    with pytest.raises(ServerUnreachable, match=f"localhost:{port}"):
        Account(Mailbox("info", host="localhost", port=port, user="x"), "x").check()


def test_certificates_are_verified_unless_nothing_is_encrypted() -> None:
    context = tls_context(Mailbox("info"))
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


@pytest.mark.parametrize("host", ["mail.example.invalid", "192.0.2.1", "10.1.2.3", "2001:db8::1"])
def test_a_password_never_goes_to_another_machine_in_clear(host: str) -> None:
    account = Account(Mailbox("info", host=host, port=143, user="info", tls=Tls.NONE), "geheim")
    with pytest.raises(PlainRefused, match=host):
        account.check()


def test_starttls_that_is_not_offered_ends_without_a_password() -> None:
    with ImapDouble() as double:
        mailbox = Mailbox("info", host="localhost", port=double.port, user="info", tls=Tls.STARTTLS)
        with pytest.raises((StarttlsMissing, ServerUnreachable)) as caught:
            Account(replace(mailbox, host="127.0.0.1"), "geheim").check()
        assert isinstance(caught.value, StarttlsMissing)
        assert not any("LOGIN" in command for command in double.commands)


def test_words_in_clear_after_starttls_are_an_attack() -> None:
    with ImapDouble(capabilities="IMAP4rev1 STARTTLS") as double:
        double.faults["STARTTLS"] = lambda tag, _: [tag + b" OK go\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN"]
        mailbox = Mailbox("info", host="127.0.0.1", port=double.port, user="info", tls=Tls.STARTTLS)
        with pytest.raises(ConnectorError, match="went on talking in clear"):
            Account(mailbox, "geheim").check()


def test_a_server_that_is_full_is_no_wrong_password() -> None:
    with ImapDouble() as double:
        double.faults["LOGIN"] = lambda tag, _: [tag + b" NO [LIMIT] too many connections"]
        mailbox = Mailbox("info", host="127.0.0.1", port=double.port, user="info", tls=Tls.NONE)
        with pytest.raises(ServerUnreachable, match="too many connections"):
            Account(mailbox, "geheim", Limits(command_seconds=2)).check()


def test_near_and_loopback_are_told_by_address() -> None:
    assert is_loopback("localhost")
    assert is_loopback("127.1.2.3")
    assert not is_loopback("10.0.0.1")
    assert is_near("10.0.0.1")
    assert not is_near("8.8.8.8")
    assert not is_near("nowhere.invalid")
