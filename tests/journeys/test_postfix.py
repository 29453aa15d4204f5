"""The door behind a real Postfix: journals by SMTP and LMTP, and nothing lost while Kingpost is down."""

import pytest

from tests.journeys import mails
from tests.journeys.running import Home, until
from tests.servers.dovecot import certificates
from tests.servers.postfix import Postfix

pytestmark = [pytest.mark.postfix, pytest.mark.timeout(300)]

JOURNAL = "journal@kingpost.muster.example"


def in_pool(home: Home) -> list[tuple[str, str, str, str]]:
    """Message-ID's first part, mailbox, folder and verdict of every copy in the pool."""
    with home.pool() as pool, pool.read() as work:
        stored = work.messages.get_many(work.messages.latest(None, 1000), 0).values()
        return [
            ((mail.message.message_id or "").partition("@")[0], place.mailbox, place.folder, mail.verdict.value)
            for mail in stored
            for place in mail.placements
        ]


def settings(home: Home, *more: str) -> None:
    """A door with a journal."""
    home.write(
        "[smtp]",
        f'bind = "127.0.0.1:{home.smtp_port}"',
        f'recipients = {{ "{JOURNAL}" = "journal", "office@kingpost.muster.example" = "office" }}',
        *more,
        firm='authserv_id = "mx.muster.example"',
    )
    home.make()


def test_a_journal_by_always_bcc_loses_nothing_while_kingpost_is_down(home: Home) -> None:
    settings(home)
    transport = {"kingpost.muster.example": f"smtp:[127.0.0.1]:{home.smtp_port}"}
    with Postfix(main=f"always_bcc = {JOURNAL}", transport=transport) as server:
        with home.running() as service:
            server.send(mails.plain("first"), "kunde@example.org", ["info@muster.example"])
            service.until(lambda: len(in_pool(home)) == 1, "the copy is in the pool")
            service.kill()
        names = [f"mail-{number}" for number in range(250)]
        for name in names:
            server.send(mails.plain(name), "kunde@example.org", ["info@muster.example"])
        assert server.waiting()
        with home.running() as service:
            server.flush()
            service.until(lambda: len(in_pool(home)) > len(names), "Postfix delivers what waited", 120)
            assert service.stop() == 0
        assert not server.waiting()
        # The firm's own people get their mail as before.
        until(lambda: server.delivered() == len(names) + 1, "Postfix delivers to the firm")
    held = in_pool(home)
    assert sorted(name for name, *_ in held) == sorted(["first", *names])
    assert {tuple(rest) for _, *rest in held} == {("journal", "door", "none")}


def test_recipient_bcc_and_lmtp_with_encryption_and_a_relay_that_is_believed(home: Home) -> None:
    certificates(home.folder)
    settings(
        home,
        "lmtp = true",
        'trusted_relays = ["127.0.0.1"]',
        'tls_cert = "cert.pem"',
        'tls_key = "key.pem"',
    )
    main = f"""
lmtp_tls_security_level = secure
lmtp_tls_CAfile = {home.folder / "ca.pem"}
lmtp_tls_secure_cert_match = localhost
lmtp_tls_loglevel = 1
"""
    transport = {"kingpost.muster.example": f"lmtp:inet:127.0.0.1:{home.smtp_port}"}
    bcc = {"info@muster.example": "office@kingpost.muster.example"}
    passed = b"Authentication-Results: mx.muster.example; dmarc=pass header.from=hansen.example\r\n"
    with home.running() as service, Postfix(main=main, transport=transport, bcc=bcc) as server:
        server.send(passed + mails.plain("copied"), "kunde@example.org", ["info@muster.example"])
        server.send(mails.plain("not-copied"), "kunde@example.org", ["privat@muster.example"])
        server.send(mails.plain("straight"), "kunde@example.org", [JOURNAL])
        service.until(lambda: len(in_pool(home)) == 2, "the copies are in the pool")
        until(lambda: server.delivered() == 2, "Postfix delivers to the firm")
        server.send(mails.plain("nobody"), "kunde@example.org", ["nobody@kingpost.muster.example"])
        until(lambda: "550 5.1.1" in server.log, "a stranger's mail is refused")
        assert "Verified TLS connection established" in server.log
        assert service.stop() == 0
    assert sorted(in_pool(home)) == [("copied", "office", "relay", "pass"), ("straight", "journal", "relay", "none")]


def test_whoever_is_no_relay_is_not_believed_for_better_or_worse(home: Home) -> None:
    settings(home, 'trusted_relays = ["192.0.2.0/24"]')
    line = b"Authentication-Results: mx.muster.example; dmarc=%s header.from=hansen.example\r\n"
    transport = {"kingpost.muster.example": f"smtp:[127.0.0.1]:{home.smtp_port}"}
    with home.running() as service, Postfix(transport=transport) as server:
        for word in (b"pass", b"fail"):
            server.send(line % word + mails.plain(f"says-{word.decode()}"), "kunde@example.org", [JOURNAL])
        service.until(lambda: len(in_pool(home)) == 2, "both are in the pool")
    assert {verdict for *_, verdict in in_pool(home)} == {"none"}


def test_what_the_doors_limits_refuse_stays_with_postfix_or_comes_back(home: Home) -> None:
    """A mail that is too large is refused for good, as soon as its size is announced."""
    settings(home, "max_size = 1000000")
    transport = {"kingpost.muster.example": f"smtp:[127.0.0.1]:{home.smtp_port}"}
    with home.running() as service, Postfix(transport=transport) as server:
        server.send(mails.plain("large", text="Zeile\n" * 200_000), "kunde@example.org", [JOURNAL])
        until(lambda: "message size" in server.log or "552 " in server.log, "the large mail is refused")
        server.send(mails.plain("small"), "kunde@example.org", [JOURNAL])
        service.until(lambda: len(in_pool(home)) == 1, "the small one is in the pool")
    assert [name for name, *_ in in_pool(home)] == ["small"]
