"""Mailboxes that are read with tokens: kept, renewed by one asker at a time, and ended loudly."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from assistant.endings import endings
from assistant.grants import ASKING, Grant
from assistant.mailboxes import Mailboxes
from assistant.outbox import Outbox
from assistant.settings import OutgoingSettings, Settings, load
from assistant.signing_in import SigningIn
from connectors.imap import Account
from connectors.oauth.loopback import Loopback
from connectors.smtp import sending as smtp
from rules.terms.errors import (
    ApplicationRefused,
    KeyUnfit,
    LoginRefused,
    PoolFull,
    ServerUnreachable,
    SettingsError,
    SignInEnded,
    SignInFailed,
    SignInMissing,
    TokenRefused,
)
from rules.terms.mail import Mailbox
from storage.pool import Pool
from storage.secrets import Vault
from tests.servers.dovecot import Dovecot, missing
from tests.servers.identity import CLIENT_SECRET, Identity
from tests.storage.conftest import blobs, pool, postgres_server, url

__all__ = ["blobs", "pool", "postgres_server", "url"]


@pytest.fixture
def identity() -> Iterator[Identity]:
    with Identity() as provider:
        yield provider


@pytest.fixture
def settings(identity: Identity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("OWN_SECRET", CLIENT_SECRET)
    file = tmp_path / "kingpost.toml"
    file.write_text(identity.table(more='client_secret_env = "OWN_SECRET"'))
    return load(file)


@pytest.fixture
def mailboxes(settings: Settings, pool: Pool, identity: Identity) -> Mailboxes:
    """“info” is signed in, and its access token is used up."""
    mailboxes = Mailboxes(settings, pool)
    mailboxes.add(Mailbox("info", host="127.0.0.1", port=1, user="info"), Grant("own"))
    signed_in(mailboxes, identity)
    return mailboxes


def signed_in(mailboxes: Mailboxes, identity: Identity) -> Grant:
    grant = Grant("own", refresh=identity.signed_in("info")[1])
    mailboxes.set_grant("info", grant)
    return grant


def stored(mailboxes: Mailboxes) -> Grant:
    grant = mailboxes.grants.of("info")
    assert grant is not None
    return grant


def test_a_token_is_asked_for_once_and_then_kept(mailboxes: Mailboxes, identity: Identity) -> None:
    first = mailboxes.grants.token("info")
    assert mailboxes.grants.token("info") == first
    assert identity.asked["refresh_token"] == 1


def test_the_new_refresh_token_is_stored_before_the_new_access_token_is_used(
    mailboxes: Mailboxes, identity: Identity
) -> None:
    before = stored(mailboxes)
    token = mailboxes.grants.token("info")
    after = stored(mailboxes)
    assert after.access == token
    assert after.refresh not in ("", before.refresh)
    assert after.no == before.no


def test_a_login_stays_the_same_however_often_it_is_renewed(mailboxes: Mailboxes, identity: Identity) -> None:
    box = mailboxes.get("info")
    before = mailboxes.login(box)
    mailboxes.grants.token("info")
    assert mailboxes.login(box) == before
    assert "own" in repr(before)
    signed_in(mailboxes, identity)
    assert mailboxes.login(box) != before


def test_another_client_secret_is_tried_at_once(
    mailboxes: Mailboxes, monkeypatch: pytest.MonkeyPatch, identity: Identity
) -> None:
    box = mailboxes.get("info")
    before = mailboxes.login(box)
    monkeypatch.setenv("OWN_SECRET", "another")
    assert mailboxes.login(box) != before
    monkeypatch.delenv("OWN_SECRET")
    with pytest.raises(ApplicationRefused, match="OWN_SECRET is not set"):
        mailboxes.grants.token("info")
    assert mailboxes.login(box) != before
    assert identity.asked.total() == 0


def test_many_threads_and_processes_ask_once(
    mailboxes: Mailboxes, settings: Settings, url: str, blobs: str, identity: Identity
) -> None:
    """Two pools of their own on one database are what two processes have; nothing else is shared."""
    identity.hold.clear()
    got: list[str] = []
    others = [Pool.open(url, blobs) for _ in range(2)]
    asking = [mailboxes, *(Mailboxes(settings, other) for other in others)]
    asked = [one.grants for one in asking for _ in range(3)]
    threads = [threading.Thread(target=lambda grants=grants: got.append(grants.token("info"))) for grants in asked]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    identity.hold.set()
    for thread in threads:
        thread.join(30)
    for other in others:
        other.close()
    assert len(got) == 9
    assert len(set(got)) == 1
    assert identity.asked["refresh_token"] == 1


def test_while_one_renews_the_others_go_on_with_the_token_that_is_still_good(
    mailboxes: Mailboxes, identity: Identity
) -> None:
    first = mailboxes.grants.token("info")
    soon = time.time() + 100
    mailboxes.set_grant("info", Grant(**{**json.loads(stored(mailboxes).written()[7:]), "renew": 0.0, "until": soon}))
    identity.hold.clear()
    renewing = threading.Thread(target=mailboxes.grants.token, args=("info",))
    renewing.start()
    while identity.asked["refresh_token"] != 2:
        time.sleep(0.01)
    assert mailboxes.grants.token("info") == first
    identity.hold.set()
    renewing.join(10)
    assert mailboxes.grants.token("info") != first


def test_a_token_that_the_server_refused_is_replaced(mailboxes: Mailboxes, identity: Identity) -> None:
    first = mailboxes.grants.token("info")
    second = mailboxes.grants.token("info", refused=first)
    assert second != first
    assert mailboxes.grants.token("info", refused=first) == second
    assert identity.asked["refresh_token"] == 2


def test_a_sign_in_that_ended_is_told_without_asking_again(mailboxes: Mailboxes, identity: Identity) -> None:
    identity.end("info")
    for _ in range(3):
        with pytest.raises(SignInEnded) as caught:
            mailboxes.grants.token("info")
    assert identity.asked["refresh_token"] == 1
    assert "kingpost mailbox sign-in info" in caught.value.text("de")
    assert "AADSTS70008" in str(caught.value)
    assert "anna@" not in str(caught.value)
    signed_in(mailboxes, identity)
    assert mailboxes.grants.token("info")


def test_a_provider_that_is_away_is_left_in_peace_and_costs_no_token(mailboxes: Mailboxes, identity: Identity) -> None:
    before = stored(mailboxes).refresh
    identity.broken = True
    for _ in range(5):
        with pytest.raises(ServerUnreachable):
            mailboxes.grants.token("info")
    assert identity.asked["refresh_token"] == 1
    assert stored(mailboxes).refresh == before
    identity.broken = False
    time.sleep(2.1)
    assert mailboxes.grants.token("info")


def test_a_provider_that_is_away_does_not_matter_while_the_token_is_good(
    mailboxes: Mailboxes, identity: Identity
) -> None:
    token = mailboxes.grants.token("info")
    early = Grant(**{**json.loads(stored(mailboxes).written()[7:]), "renew": 0.0})
    mailboxes.set_grant("info", early)
    identity.broken = True
    assert [mailboxes.grants.token("info") for _ in range(4)] == [token] * 4
    assert identity.asked["refresh_token"] == 2


def test_a_client_secret_that_ran_out_is_told_and_the_sign_in_lives_on(
    mailboxes: Mailboxes, identity: Identity
) -> None:
    identity.client_secret = "another"
    for _ in range(3):
        with pytest.raises(ApplicationRefused, match="AADSTS7000222") as caught:
            mailboxes.grants.token("info")
    assert "trace" not in str(caught.value)
    assert identity.asked["refresh_token"] == 1
    assert stored(mailboxes).refresh
    assert not stored(mailboxes).ended


def test_killed_before_it_was_stored_a_lenient_provider_forgives(mailboxes: Mailboxes, identity: Identity) -> None:
    identity.lenient = True
    _answered_but_not_stored(mailboxes)
    assert mailboxes.grants.token("info")


def test_killed_before_it_was_stored_a_strict_provider_wants_a_new_sign_in(
    mailboxes: Mailboxes, identity: Identity
) -> None:
    _answered_but_not_stored(mailboxes)
    with pytest.raises(SignInEnded):
        mailboxes.grants.token("info")


def _answered_but_not_stored(mailboxes: Mailboxes) -> None:
    """What is left of a process that was killed between the provider's answer and our commit, a while later."""
    before = stored(mailboxes)
    mailboxes.grants.token("info")
    mailboxes.set_grant("info", Grant(before.provider, before.no, before.refresh, asking=time.time() - 1))


def test_an_asker_that_was_killed_holds_up_the_others_for_a_while_only(mailboxes: Mailboxes) -> None:
    grants = mailboxes.grants
    now = time.time()
    mailboxes.set_grant("info", Grant("own", refresh=stored(mailboxes).refresh, asking=now + ASKING))
    grants._clock = lambda: now + ASKING + 1
    assert grants.token("info")


def test_a_clock_that_was_set_back_holds_nobody_up(mailboxes: Mailboxes) -> None:
    mailboxes.set_grant("info", Grant("own", refresh=stored(mailboxes).refresh, asking=time.time() + 1e6, again=9e12))
    assert mailboxes.grants.token("info")


def test_what_the_pool_did_not_take_is_stored_as_soon_as_it_does(
    mailboxes: Mailboxes, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider has taken the old refresh token back: without the new one somebody would have to sign in."""
    grants, swap = mailboxes.grants, mailboxes.grants._swap
    full = iter((False, True, False))

    def failing(mailbox: str, before: bytes, after: Grant) -> bytes | None:
        if next(full, False):
            raise PoolFull(url="–", reason="disk full")
        return swap(mailbox, before, after)

    monkeypatch.setattr(grants, "_swap", failing)
    with pytest.raises(PoolFull):
        grants.token("info")
    assert grants.token("info") in identity.secrets
    assert identity.asked["refresh_token"] == 1


def test_a_mailbox_nobody_signed_in_to_says_so(mailboxes: Mailboxes) -> None:
    mailboxes.add(Mailbox("new", host="127.0.0.1", port=1, user="new"), Grant("own"))
    with pytest.raises(SignInMissing, match="kingpost mailbox sign-in new"):
        mailboxes.account("new").folders()


def test_nothing_of_tokens_is_seen_in_what_is_printed_or_dumped(
    mailboxes: Mailboxes, pool: Pool, identity: Identity
) -> None:
    mailboxes.grants.token("info")
    mailboxes.providers.set_secret("own", CLIENT_SECRET)
    told = [repr(stored(mailboxes)), repr(mailboxes.login(mailboxes.get("info"))), repr(mailboxes.providers.get("own"))]
    told += pool.dump()
    assert not [secret for secret in identity.secrets for line in told if secret in line]


def test_another_key_is_told(mailboxes: Mailboxes, tmp_path: Path) -> None:
    Vault(tmp_path / "kingpost-data" / "secrets.key")
    (tmp_path / "kingpost-data" / "secrets.key").unlink()
    with pytest.raises(KeyUnfit):
        mailboxes.grants.token("info")


def test_what_ends_on_a_known_day_is_told_before(settings: Settings, mailboxes: Mailboxes, identity: Identity) -> None:
    now = datetime.now(UTC)
    identity.refresh_lasts = 7 * 86400
    mailboxes.grants.token("info")
    assert endings(settings, mailboxes, now) == []
    identity.refresh_lasts = 3 * 86400
    mailboxes.grants.token("info", refused=stored(mailboxes).access)
    (ending,) = endings(settings, mailboxes, now)
    assert (ending.mailbox, (ending.on - now.date()).days) == ("info", 3)
    assert "“info”" in ending.text("en")
    assert "„info“" in ending.text("de")


def test_sending_uses_the_sign_in_of_a_mailbox(settings: Settings, mailboxes: Mailboxes, pool: Pool) -> None:
    sending = OutgoingSettings(host="smtp.example", user="info", mailbox="info", sender="info@muster.example")
    accounts: list[smtp.Account] = []

    @contextmanager
    def connect(account: smtp.Account, name: str) -> Iterator[smtp.Sending]:
        accounts.append(account)
        yield cast(smtp.Sending, None)

    Outbox(pool, settings.model_copy(update={"outgoing": sending}), connect=connect).check()
    assert not isinstance(accounts[0].password, str)
    assert accounts[0].password.token() == stored(mailboxes).access


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ('[oauth.own]\nclient_id = "x"', "authorize_url"),
        ('[oauth.own]\nclient_id = "x"\ntoken_url = "http://login.example/token"\nauthorize_url = "x"', "token_url"),
        ('[oauth.microsoft]\nclient_id = "x"\napp_only = true', "tenant"),
        ('[oauth.google]\nclient_id = "x"\napp_only = true', "app_only"),
        ('[oauth.google]\nclient_idd = "x"', "client_id”"),
        ('[[mailbox]]\nname = "a"\nhost = "h"\nuser = "u"\noauth = "google"', "oauth.google"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, table: str, problem: str) -> None:
    file = tmp_path / "other.toml"
    file.write_text(table)
    with pytest.raises(SettingsError, match=problem):
        load(file)


def test_the_well_known_providers_need_an_id_only(tmp_path: Path, pool: Pool) -> None:
    file = tmp_path / "other.toml"
    file.write_text(
        '[oauth.google]\nclient_id = "g"\n[oauth.shared]\nkind = "microsoft"\nclient_id = "m"\napp_only = true\n'
        'tenant = "muster.example"'
    )
    providers = Mailboxes(load(file), pool).providers
    assert providers.get("google").scopes == ("https://mail.google.com/",)
    shared = providers.get("shared")
    assert shared.endpoints.token_url == "https://login.microsoftonline.com/muster.example/oauth2/v2.0/token"
    assert shared.scopes == ("https://outlook.office365.com/.default",)


# with a real mail server


@pytest.fixture
def dovecot(identity: Identity, tmp_path: Path) -> Iterator[Dovecot]:
    if reason := missing():
        pytest.skip(reason)
    with Dovecot(tmp_path, settings=identity.dovecot(tmp_path)) as server:
        yield server


def box_on(dovecot: Dovecot, user: str = "anna") -> Mailbox:
    return Mailbox(user, host=dovecot.host, port=dovecot.tls_port, user=user, ca_file=str(dovecot.ca_file))


@pytest.mark.dovecot
def test_a_real_server_takes_the_token_and_a_newer_one_when_it_refuses_the_first(
    settings: Settings, sqlite_like: Pool, identity: Identity, dovecot: Dovecot
) -> None:
    mailboxes = Mailboxes(settings, sqlite_like)
    mailboxes.add(box_on(dovecot), Grant("own", refresh=identity.signed_in("anna")[1]))
    account = mailboxes.account("anna")
    assert account.folders()
    identity.expire()
    assert account.folders()
    assert identity.asked["refresh_token"] == 2


@pytest.fixture
def sqlite_like(tmp_path: Path) -> Iterator[Pool]:
    pool = Pool.create(f"sqlite:///{tmp_path}/mail.sqlite", str(tmp_path / "mail-blobs"))
    yield pool
    pool.close()


@pytest.mark.dovecot
def test_a_token_of_somebody_else_is_refused_in_words_that_help(
    settings: Settings, sqlite_like: Pool, identity: Identity, dovecot: Dovecot
) -> None:
    mailboxes = Mailboxes(settings, sqlite_like)
    mailboxes.add(box_on(dovecot), Grant("own", refresh=identity.signed_in("bert")[1]))
    with pytest.raises(TokenRefused, match="another account"):
        mailboxes.account("anna").folders()
    assert issubclass(TokenRefused, LoginRefused)


@pytest.mark.dovecot
def test_a_server_that_speaks_only_the_standard_is_understood(identity: Identity, tmp_path: Path) -> None:
    only = identity.dovecot(tmp_path).replace("login xoauth2 oauthbearer", "login oauthbearer")
    token = identity.signed_in("anna")[0]

    class One:
        def token(self, refused: str = "") -> str:
            if refused:
                raise SignInMissing(mailbox="anna", provider="own")
            return token

    with Dovecot(tmp_path, settings=only) as server:
        assert Account(box_on(server), One()).folders()
        identity.expire()
        with pytest.raises(SignInMissing):
            Account(box_on(server), One()).folders()


@pytest.mark.dovecot
def test_a_device_code_signs_in(settings: Settings, sqlite_like: Pool, identity: Identity, dovecot: Dovecot) -> None:
    mailboxes = Mailboxes(settings, sqlite_like)
    signing_in, provider, box = SigningIn(mailboxes), mailboxes.providers.get("own"), box_on(dovecot)
    waits: list[float] = []
    codes: list[str] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        identity.broken = len(waits) == 1
        if len(waits) == 3:
            identity.approve(codes[0], "anna")

    mailboxes.add(box, signing_in.by_device(box, provider, lambda code: codes.append(code.code), wait))
    assert waits == [1, 6, 6]
    assert mailboxes.account("anna").folders()
    with pytest.raises(TokenRefused):
        signing_in.by_device(box, provider, lambda code: identity.approve(code.code, "bert"), lambda seconds: None)


@pytest.mark.dovecot
def test_an_application_reads_a_shared_mailbox(
    tmp_path: Path, sqlite_like: Pool, identity: Identity, dovecot: Dovecot
) -> None:
    file = tmp_path / "app.toml"
    (tmp_path / "secret").write_text(CLIENT_SECRET + "\n")
    file.write_text(identity.table("app", more='app_only = true\nclient_secret_file = "secret"'))
    identity.signs_in = "info"
    mailboxes = Mailboxes(load(file), sqlite_like)
    provider, box = mailboxes.providers.get("app"), box_on(dovecot, "info")
    mailboxes.add(box, SigningIn(mailboxes).by_application(box, provider))
    assert mailboxes.account("info").folders()
    identity.expire()
    assert mailboxes.account("info").folders()
    assert identity.asked["client_credentials"] == 2


def test_nobody_else_can_finish_a_sign_in(settings: Settings, pool: Pool, identity: Identity) -> None:
    import httpx

    mailboxes = Mailboxes(settings, pool)
    box = Mailbox("info", host="127.0.0.1", port=1, user="info")
    shown: list[str] = []

    def come_back(url: str) -> None:
        shown.append(url)
        threading.Thread(target=lambda: httpx.get(f"{here.redirect_uri}?code=stolen&state=guessed")).start()

    with Loopback("done") as here, pytest.raises(SignInFailed, match="state"):
        SigningIn(mailboxes).by_browser(box, mailboxes.providers.get("own"), here, come_back)
    assert "code_challenge_method=S256" in shown[0]
    assert identity.asked["authorization_code"] == 0
