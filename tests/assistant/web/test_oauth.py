"""Signing in at a provider from the pages: who may, and what a stranger cannot make of it."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from assistant.grants import Grant
from assistant.mailboxes import Mailboxes
from assistant.settings import OAuthSettings
from rules.terms.mail import Health, HealthState, Mailbox
from tests.assistant.web.house import BASE, House
from tests.servers.identity import CLIENT, CLIENT_SECRET, Identity


@pytest.fixture
def identity() -> Iterator[Identity]:
    with Identity() as provider:
        yield provider


@pytest.fixture
def house(own_firm: House, identity: Identity, monkeypatch: pytest.MonkeyPatch) -> House:
    """Two mailboxes are read by OAuth 2, info and anna's; no mail server answers, so that every token is kept."""
    monkeypatch.setenv("OWN_SECRET", CLIENT_SECRET)
    own = OAuthSettings(
        client_id=CLIENT,
        client_secret_env="OWN_SECRET",
        scopes=("mail",),
        authorize_url=f"{identity.url}/authorize",
        token_url=f"{identity.url}/token",
        issuer=identity.url,
    )
    services = own_firm.services
    services.settings = services.settings.model_copy(update={"oauth": {"own": own, "other": own}})
    with services.pool.begin() as work:
        for name, owner in (("info", None), ("anna", "anna")):
            work.mailboxes.put(Mailbox(name, host="127.0.0.1", port=1, user=name, owner=owner))
    for name in ("info", "anna"):
        mailboxes(own_firm).set_grant(name, Grant("own"))
    return own_firm


def mailboxes(house: House) -> Mailboxes:
    return Mailboxes(house.services.settings, house.services.pool)


def signed_in(house: House, name: str = "info") -> bool:
    grant = mailboxes(house).grants.of(name)
    return grant is not None and bool(grant.refresh)


def answered(identity: Identity, location: str, user: str = "info") -> str:
    """The path to which the provider sends the browser after a person said yes."""
    asked = dict(parse_qsl(urlsplit(location).query))
    return identity._allow(asked, user).removeprefix(BASE)


def test_signing_in_leads_back_to_where_it_began(house: House, identity: Identity) -> None:
    with house.client("adam") as client:
        begun = client.get("/oauth/begin?mailbox=info&next=/sidebar?q=x")
        asked = parse_qs(urlsplit(begun.headers["location"]).query)
        assert asked["redirect_uri"] == [f"{BASE}/oauth/callback/own"]
        assert asked["code_challenge_method"] == ["S256"]
        assert asked["login_hint"] == ["info"]
        cookie = begun.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        back = client.get(answered(identity, begun.headers["location"]))
        assert back.headers["location"] == "/sidebar?q=x&done=signed_in&mailbox=info"
        assert 'kingpost-oauth=""' in back.headers["set-cookie"]
        assert "Max-Age=0" in back.headers["set-cookie"]
    assert signed_in(house)


@pytest.mark.parametrize(
    ("login", "mailbox", "status"),
    [
        ("adam", "info", 303),
        ("adam", "anna", 303),
        ("anna", "anna", 303),
        ("anna", "info", 404),
        ("lena", "info", 404),
        ("lena", "anna", 404),
        ("anna", "nobody", 404),
        ("adam", "berta", 400),
    ],
)
def test_administrators_and_owners_sign_in(house: House, login: str, mailbox: str, status: int) -> None:
    with house.client(login) as client:
        answer = client.get(f"/oauth/begin?mailbox={mailbox}")
        assert answer.status_code == status
        if status == 404:
            assert "berta" not in answer.text


def test_a_token_of_ours_cannot_sign_in(house: House) -> None:
    with house.client("adam", token={"read", "write"}) as client:
        assert client.get("/oauth/begin?mailbox=info").status_code == 403
        assert client.get("/oauth/callback/own?code=x&state=y").status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_sends_nobody_there(house: House, site: str) -> None:
    with house.client("adam") as client:
        assert client.get("/oauth/begin?mailbox=info", headers={"sec-fetch-site": site}).status_code == 403


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"])
def test_the_way_back_is_ours(house: House, identity: Identity, wanted: str) -> None:
    with house.client("adam") as client:
        begun = client.get("/oauth/begin", params={"mailbox": "info", "next": wanted})
        back = client.get(answered(identity, begun.headers["location"]))
        assert back.headers["location"] == "/?done=signed_in&mailbox=info"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.replace("state=", "state=x"),
        lambda path: path.replace("callback/own", "callback/other"),
        lambda path: path + "&state=again",
        lambda path: path.partition("&iss=")[0] + "&iss=https%3A%2F%2Fevil.example",
        lambda path: (
            path.partition("?")[0] + "?error=access_denied&state=" + parse_qs(urlsplit(path).query)["state"][0]
        ),
        lambda path: path.replace("code=", "no="),
    ],
    ids=["state", "other provider", "twice", "issuer", "denied", "no code"],
)
def test_what_does_not_answer_us_changes_nothing(house: House, identity: Identity, spoil: object) -> None:
    with house.client("adam") as client:
        begun = client.get("/oauth/begin?mailbox=info")
        path = answered(identity, begun.headers["location"])
        answer = client.get(spoil(path))  # type: ignore[operator]
        assert answer.status_code == 400
        assert "begin again" in answer.text.lower()
    assert not signed_in(house)
    assert identity.asked["authorization_code"] == 0


def test_a_stranger_s_code_cannot_be_slipped_under_somebody(house: House, identity: Identity) -> None:
    """Neither with no sign-in begun, nor with the cookie of somebody else's."""
    with house.client("adam") as adam, house.client("anna") as anna:
        begun = anna.get("/oauth/begin?mailbox=anna")
        path = answered(identity, begun.headers["location"], "evil")
        assert adam.get(path).status_code == 400
        adam.cookies.set("kingpost-oauth", anna.cookies["kingpost-oauth"])
        assert adam.get(path).status_code == 400
    assert not signed_in(house, "anna")


def test_a_code_is_good_once(house: House, identity: Identity) -> None:
    with house.client("adam") as client:
        begun = client.get("/oauth/begin?mailbox=info")
        cookie = client.cookies["kingpost-oauth"]
        path = answered(identity, begun.headers["location"])
        assert client.get(path).status_code == 303
        client.cookies.set("kingpost-oauth", cookie)
        assert client.get(path).status_code == 502
    assert signed_in(house)


def test_administrators_are_told_of_an_end_before_it_comes(house: House) -> None:
    soon = time.time() + 2 * 86400
    mailboxes(house).set_grant("info", Grant("own", refresh="r", refresh_until=soon))
    with house.client("adam") as adam, house.client("lena") as lena:
        page = adam.get("/").text
        assert "Sign in again: info" in page or "Neu anmelden: info" in page
        assert "/oauth/begin?mailbox=info" not in lena.get("/").text


def test_the_start_page_offers_it_to_whoever_may(house: House) -> None:
    refused = Health(HealthState.LOGIN_REFUSED, datetime.now(UTC), error_en="ended", error_de="erloschen")
    with house.services.pool.begin() as work:
        work.mailboxes.set_health("info", refused)
        work.mailboxes.set_health("anna", refused)
    with house.client("adam") as adam, house.client("anna") as anna, house.client("lena") as lena:
        assert "/oauth/begin?mailbox=info" in adam.get("/").text
        assert "/oauth/begin?mailbox=info" not in lena.get("/").text
        assert "/oauth/begin?mailbox=anna" in anna.get("/").text
        assert "login refused: 2" in adam.get("/readyz").text
