"""What is said to providers and mail servers, and what is made of their answers."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.oauth.authorization import begin, granted
from connectors.oauth.provider import KNOWN, Endpoints, Provider
from connectors.oauth.sasl import oauthbearer, xoauth2
from connectors.oauth.tokens import LONGEST, UNSAID, Tokens, _read, _refusal, refreshed
from rules.terms.errors import (
    ApplicationRefused,
    ConnectorError,
    GrantRefused,
    ServerMisbehaved,
    ServerUnreachable,
    SignInFailed,
)

OWN = Provider(
    "own", Endpoints("https://login.example/a", "https://login.example/t", issuer="https://login.example"), "id"
)


def test_the_examples_of_the_standards() -> None:
    """RFC 7628 section 4.1; developers.google.com/gmail/imap/xoauth2-protocol."""
    token = "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="
    example = (
        "bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVyIHZGOWRmdDRxbVRjMk52"
        "YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB"
    )
    assert base64.b64encode(oauthbearer("user@example.com", "server.example.com", 143, token)).decode() == example
    assert xoauth2("someuser@example.com", "ya29") == b"user=someuser@example.com\x01auth=Bearer ya29\x01\x01"
    assert oauthbearer("a,b=c", "h", 1, "t").startswith(b"n,a=a=2Cb=3Dc,")


def test_two_sign_ins_have_nothing_in_common() -> None:
    first, second = (begin(OWN, "https://kingpost.example/oauth/callback/own", "info@example.org") for _ in range(2))
    assert first[0].state != second[0].state
    assert first[0].verifier != second[0].verifier
    assert len(first[0].verifier) >= 43  # RFC 7636 section 4.1
    assert first[0].verifier not in first[1]
    assert first[0].state not in repr(first[0])


@pytest.mark.parametrize("issuer", ["https://evil.example", "https://login.example/", "HTTPS://LOGIN.EXAMPLE"])
def test_another_provider_s_answer_is_turned_away(issuer: str) -> None:
    attempt, _ = begin(OWN, "https://k.example/", "")
    with pytest.raises(SignInFailed, match="issuer"):
        granted(OWN, attempt, {"state": attempt.state, "code": "c", "iss": issuer})
    assert granted(OWN, attempt, {"state": attempt.state, "code": "c", "iss": "https://login.example"}) == "c"
    assert granted(OWN, attempt, {"state": attempt.state, "code": "c"}) == "c"


def test_what_a_page_says_of_an_error_is_not_repeated() -> None:
    attempt, _ = begin(OWN, "https://k.example/", "")
    with pytest.raises(SignInFailed) as caught:
        granted(OWN, attempt, {"state": attempt.state, "error": "<script>", "error_description": "anna@example.org"})
    assert "script" not in str(caught.value)
    assert "anna" not in str(caught.value)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("invalid_grant", GrantRefused),
        ("interaction_required", GrantRefused),
        ("access_denied", GrantRefused),
        ("expired_token", GrantRefused),
        ("invalid_client", ApplicationRefused),
        ("unauthorized_client", ApplicationRefused),
        ("invalid_scope", ApplicationRefused),
        ("temporarily_unavailable", ServerUnreachable),
        ("server_error", ServerUnreachable),
        ("ANNA@example.org", ApplicationRefused),
        (None, ApplicationRefused),
    ],
)
def test_only_a_clear_no_ends_a_sign_in(error: str | None, kind: type[ConnectorError]) -> None:
    said = {"error": error, "error_description": "AADSTS50173: anna@example.org changed her password, trace 4711"}
    refusal = _refusal(OWN, said, 400)
    assert type(refusal) is kind
    assert "AADSTS50173" in str(refusal)
    assert "nna@" not in str(refusal)
    assert "4711" not in str(refusal)


@pytest.mark.parametrize(
    ("lasts", "read"),
    [(3599, timedelta(seconds=3599)), ("3599", timedelta(seconds=3599)), (None, UNSAID), (-1, UNSAID), (1e8, LONGEST)],
)
def test_how_long_a_token_holds(lasts: Any, read: timedelta) -> None:
    assert _read(OWN, {"access_token": "a", "expires_in": lasts}).lasts == read


WILD = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3)
)


@given(st.dictionaries(st.sampled_from(["access_token", "refresh_token", "expires_in", "token_type", "error"]), WILD))
def test_an_answer_is_tokens_or_a_fault_of_the_provider(said: dict[str, Any]) -> None:
    try:
        tokens = _read(OWN, said)
    except ServerMisbehaved:
        return
    assert isinstance(tokens, Tokens)
    assert tokens.access.isprintable()
    assert timedelta(0) < tokens.lasts <= LONGEST
    assert tokens.access not in repr(tokens)


@given(WILD, WILD)
def test_any_error_is_told_in_few_harmless_words(error: Any, description: Any) -> None:
    text = str(_refusal(OWN, {"error": error, "error_description": description}, 400))
    assert text.isprintable()
    assert len(text) < 400


def test_nobody_there_is_told() -> None:
    away = Provider("own", Endpoints("", "http://127.0.0.1:9/t"), "id")
    with pytest.raises(ServerUnreachable):
        refreshed(away, "r")


def test_a_broken_authority_file_is_told() -> None:
    from rules.terms.errors import CertificateRefused

    with pytest.raises(CertificateRefused, match=r"nowhere\.pem"):
        refreshed(Provider("own", OWN.endpoints, "id", ca_file="/nowhere.pem"), "r")


def test_google_has_no_codes_for_devices() -> None:
    assert KNOWN["google"].device_url == ""
