"""A mail client is given a token by a short code that its person confirms, and by nothing less."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from assistant.attempts import PER_PERSON
from assistant.pairing import LENGTH, LIFETIME, PER_NETWORK, Pairings
from rules.terms.errors import NotFound, TooMany
from storage.pairings import pairings as pairings_table
from tests.assistant.web.house import House

NOW = datetime.now(UTC)
EXTENSION = {"origin": "moz-extension://0d2f7bc1-3cd2-4a5e-9d5c-b9a2b1a8f1f0", "sec-fetch-site": "cross-site"}
PAGE = {"accept": "text/html", "accept-language": "de"}


@pytest.fixture
def pairings(own_firm: House) -> Pairings:
    return other_process(own_firm)


def other_process(firm: House) -> Pairings:
    return Pairings(firm.services.pool, firm.services.access, b"key of both")


def test_a_client_is_paired_by_its_code_and_its_token_can_be_revoked(own_firm: House) -> None:
    with own_firm.client() as addon, own_firm.client("anna") as anna:
        addon.headers.update(EXTENSION)
        begun = addon.post("/api/v1/pairings", json={"client": "Thunderbird"})
        assert begun.status_code == 201
        code, secret = begun.json()["code"], begun.json()["secret"]
        assert re.fullmatch(r"[A-Z]{4}-[A-Z]{4}", code)
        ask = {"secret": secret}
        assert addon.post("/api/v1/pairings/token", json=ask).json() == {
            "state": "waiting",
            "login": None,
            "token": None,
        }
        page = anna.get(begun.json()["page"], headers=PAGE)
        assert "„Thunderbird“ möchte in Ihrem Namen" in page.text
        assert code in page.text
        # However it is typed.
        typed = anna.post("/pair", data={"code": code.lower().replace("-", " ")}, headers=PAGE)
        assert typed.headers["location"] == "/settings?done=paired"
        paired = addon.post("/api/v1/pairings/token", json=ask).json()
        assert (paired["state"], paired["login"]) == ("paired", "anna")
        assert addon.post("/api/v1/pairings/token", json=ask).status_code == 404
        addon.headers["authorization"] = f"Bearer {paired['token']}"
        assert addon.post("/api/v1/summary", json={"message_id": "x@y"}).json()["status"] == "pending"
        assert addon.post("/api/v1/tokens", json={"name": "x", "scopes": ["read"]}).status_code == 403
        (listed,) = anna.get("/api/v1/tokens").json()
        assert (listed["name"], listed["scopes"]) == ("Thunderbird", ["read", "write"])
        assert datetime.fromisoformat(listed["expires"]) > NOW + timedelta(days=364)
        assert "Thunderbird" in anna.get("/settings?done=paired", headers=PAGE).text
        assert anna.delete(f"/api/v1/tokens/{listed['id']}").status_code == 204
        assert addon.post("/api/v1/summary", json={"message_id": "x@y"}).status_code == 401


def test_only_a_person_can_confirm_and_only_from_our_own_page(own_firm: House) -> None:
    with own_firm.client() as stranger, own_firm.client("anna", token=["read", "write"]) as program:
        code = stranger.post("/api/v1/pairings", json={"client": "x"}).json()["code"]
        assert stranger.get(f"/pair?code={code}", headers=PAGE).headers["location"].startswith("/login?next=/pair")
        assert stranger.post("/pair", data={"code": code}).status_code == 401
        assert program.post("/pair", data={"code": code}).status_code == 403
    with own_firm.client("anna", csrf=False) as tricked:
        assert tricked.post("/pair", data={"code": code}).status_code == 403
    with own_firm.client("anna") as tricked:
        assert tricked.post("/pair", data={"code": code}, headers={"origin": "https://evil.example"}).status_code == 403


def test_a_wrong_code_says_what_to_do_and_guessing_soon_ends(own_firm: House) -> None:
    with own_firm.client("anna") as anna:
        code = anna.post("/api/v1/pairings", json={"client": "x"}).json()["code"]
        for _ in range(PER_PERSON):
            assert "Zu diesem Code wartet kein Programm" in anna.get("/pair?code=BBBB-BBBB", headers=PAGE).text
        assert "Zu viele Versuche" in anna.get(f"/pair?code={code}", headers=PAGE).text
        assert "Zu viele Versuche" in anna.post("/pair", data={"code": code}, headers=PAGE).text


@pytest.mark.parametrize("name", ["", "x" * 61, "a\x00b", None])
def test_an_odd_name_is_a_problem_of_the_client(firm: House, name: str | None) -> None:
    with firm.client() as addon:
        assert addon.post("/api/v1/pairings", json={"client": name}).status_code == 400
        assert addon.post("/api/v1/pairings/token", json={"secret": "guessed"}).status_code == 404


def test_what_a_client_calls_itself_is_shown_as_text(firm: House) -> None:
    with firm.client("anna") as anna:
        code = anna.post("/api/v1/pairings", json={"client": "<img src=x> \n  Böse"}).json()["code"]
        assert "„&lt;img src=x&gt; Böse“" in anna.get(f"/pair?code={code}", headers=PAGE).text


def test_after_ten_minutes_the_code_is_worth_nothing(pairings: Pairings) -> None:
    begun = pairings.begin("Thunderbird", "10.0.0.1", NOW)
    late = NOW + LIFETIME
    with pytest.raises(NotFound):
        pairings.confirm(begun.code, "anna", "10.0.0.1", late)
    with pytest.raises(NotFound):
        pairings.collect(begun.secret, late)


def test_a_code_is_confirmed_once(pairings: Pairings) -> None:
    begun = pairings.begin("Thunderbird", "10.0.0.1", NOW)
    pairings.confirm(begun.code, "anna", "10.0.0.1", NOW)
    with pytest.raises(NotFound):
        pairings.confirm(begun.code, "lena", "10.0.0.1", NOW)
    granted = pairings.collect(begun.secret, NOW)
    assert granted is not None
    assert granted[0] == "anna"


def test_any_process_is_told_the_code_and_hands_out_the_token_once(own_firm: House) -> None:
    first, second = other_process(own_firm), other_process(own_firm)
    begun = first.begin("Thunderbird", "10.0.0.1", NOW)
    assert second.collect(begun.secret, NOW) is None
    assert second.waiting(begun.code, "anna", "10.0.0.1", NOW) == "Thunderbird"
    second.confirm(begun.code, "anna", "10.0.0.1", NOW)
    granted = first.collect(begun.secret, NOW)
    assert granted is not None
    with pytest.raises(NotFound):
        second.collect(begun.secret, NOW)
    with own_firm.services.pool._reading() as connection:
        assert connection.execute(select(pairings_table)).all() == []
    # What lies there meanwhile opens nothing.
    again = first.begin("Thunderbird", "10.0.0.1", NOW)
    with own_firm.services.pool._reading() as connection:
        (row,) = connection.execute(select(pairings_table)).all()
    assert not {again.secret, again.code, again.code.replace("-", "")} & set(map(str, row))


def test_one_network_cannot_take_all_places(pairings: Pairings) -> None:
    codes = {pairings.begin("x", "2001:db8::1", NOW).code for _ in range(PER_NETWORK)}
    assert len(codes) == PER_NETWORK
    assert {len(code) for code in codes} == {LENGTH + 1}
    with pytest.raises(TooMany) as full:
        pairings.begin("x", "2001:db8::2", NOW + timedelta(minutes=1))
    assert full.value.details["seconds"] == 540
    pairings.begin("x", "2001:db8:0:1::1", NOW)
    # Ten minutes later there is room again.
    pairings.begin("x", "2001:db8::2", NOW + LIFETIME)
