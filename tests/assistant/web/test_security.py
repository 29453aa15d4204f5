import logging
from pathlib import Path

import pytest

from assistant.settings import Settings, WebSettings
from assistant.web.security import own_hosts
from tests.assistant.web.house import BASE, PASSWORD, Browser, House, build

FORM = {"login": "anna", "password": PASSWORD, "next": "/customers"}


@pytest.mark.parametrize(
    ("login", "method", "path", "status"),
    [
        ("anna", "GET", "/api/v1/customers", 200),
        ("anna", "GET", "/sidebar", 200),
        ("anna", "GET", "/api/docs", 200),
        (None, "GET", "/login", 200),
        (None, "GET", "/healthz", 200),
        (None, "GET", "/api/v1/customers", 401),
        (None, "GET", "/nothing", 404),
        (None, "GET", "/static/nothing.js", 404),
        (None, "DELETE", "/api/v1/summary", 405),
        ("anna", "POST", "/api/v1/summary", 400),
        ("anna", "GET", "/api/v1/stream?mailbox=none", 404),
    ],
)
def test_every_answer_carries_the_headers(firm: House, login: str | None, method: str, path: str, status: int) -> None:
    with firm.client(login) as client:
        answer = client.request(method, path)
        assert answer.status_code == status
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'")
        assert "unsafe" not in policy
        assert "frame-ancestors 'self';" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["x-frame-options"] == "SAMEORIGIN"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"
        assert "strict-transport-security" not in answer.headers
        assert "server" not in answer.headers


def test_an_error_nobody_foresaw_says_so_and_logs_no_content(
    own_firm: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("Betreff: Kündigung von karin@hansen.example")

    monkeypatch.setattr(type(own_firm.services.lookup), "of_customer", broken)
    with caplog.at_level(logging.DEBUG), own_firm.client("anna") as client:
        answer = client.get("/api/v1/customers/C1/summary", headers={"accept-language": "de"})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-security-policy"]
    assert "hansen" not in answer.text
    assert "hansen" not in caplog.text
    assert "ValueError at" in caplog.text


def test_requests_leave_no_trace_in_the_log(firm: House, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), firm.client("anna") as client:
        client.get("/api/v1/customers?q=hansen")
        client.post("/api/v1/summary", json={"message_id": "gutentag@example.com"})
        client.post("/login", data={"login": "karin@hansen.example", "password": "wrong"})
    assert [record.name for record in caplog.records if not record.name.startswith("httpx")] == []


def test_behind_tls_the_cookie_is_bound_to_the_host_and_the_browser_told_to_stay(tmp_path: Path) -> None:
    url = "https://kingpost.example.org"
    house = build(tmp_path, base_url=url, embed_origins=("https://mail.example.org",))
    with Browser(house.app, url) as client:
        answer = client.post("/login", data=FORM)
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-kingpost=")
        assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
        assert answer.headers["strict-transport-security"].startswith("max-age=")
    house.services.pool.close()


def test_other_sites_may_frame_the_sidebar_and_the_summary_and_nothing_else(tmp_path: Path) -> None:
    house = build(tmp_path, embed_origins=("https://mail.example.org",))
    framed, closed = set(), set()
    with house.client("anna") as client:
        for path in (
            *("/", "/settings", "/login", "/review", "/customers", "/customers/C1", "/quarantine", "/nothing"),
            *("/sidebar", "/sidebar?q=x", "/sidebarx", "/customers/C1/sidebar", "/healthz", "/static/kingpost.css"),
            *("/api/v1/customers/C1/summary", "/api/v1/customers", "/api/v1/customers/C1/timeline", "/api/docs"),
        ):
            headers = client.get(path, headers={"accept": "text/html"}).headers
            if "frame-ancestors 'self' https://mail.example.org;" in headers["content-security-policy"]:
                assert "x-frame-options" not in headers
                framed.add(path)
            else:
                assert "frame-ancestors 'self';" in headers["content-security-policy"]
                assert headers["x-frame-options"] == "SAMEORIGIN"
                closed.add(path)
    house.services.pool.close()
    assert framed == {"/sidebar", "/sidebar?q=x", "/api/v1/customers/C1/summary"}
    assert len(closed) == 15


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8470", 200),
        ("localhost", 200),
        ("LOCALHOST:1", 200),
        ("[::1]:8470", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost.evil.example:8470", 421),
        ("[", 421),
        ("", 421),
    ],
)
def test_a_strangers_name_for_our_address_is_not_answered(firm: House, host: str, status: int) -> None:
    with firm.client("anna") as client:
        assert client.get("/api/v1/customers", headers={"host": host}).status_code == status


def test_the_hosts_are_those_of_the_settings() -> None:
    ours = own_hosts(Settings(web=WebSettings(bind="0.0.0.0:8470", base_url="https://kp.example.org:8443/")))
    assert ours("kp.example.org")
    assert ours("KP.example.org:8443")
    assert ours("127.0.0.1:8470")
    assert not ours("0.0.0.0:8470")
    assert not ours("example.org")
    assert not ours(None)


def test_a_change_with_a_cookie_needs_the_proof_of_our_own_page(firm: House) -> None:
    body = {"message_id": "gutentag@example.com"}
    with firm.client("anna", csrf=False) as client:
        refused = client.post("/api/v1/summary", json=body)
        assert refused.status_code == 403
        assert "reload" in refused.json()["detail"]
        odd = {b"x-csrf-token": b"\xe4" * 64}
        assert client.post("/api/v1/summary", json=body, headers=odd).status_code == 403
    with firm.client("lena") as lena, firm.client("anna", csrf=False) as anna:
        others = lena.headers["x-csrf-token"]
        assert anna.post("/api/v1/summary", json=body, headers={"x-csrf-token": others}).status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": BASE}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, 200),
        ({"origin": "null", "sec-fetch-site": "cross-site"}, 403),
        ({"origin": "http://evil.example", "sec-fetch-site": "same-origin"}, 403),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
    ],
)
def test_another_site_cannot_change_anything_even_with_the_proof(
    firm: House, headers: dict[str, str], status: int
) -> None:
    with firm.client("anna") as client:
        answer = client.post("/api/v1/summary", json={"message_id": "gutentag@example.com"}, headers=headers)
        assert answer.status_code == status


def test_a_form_carries_the_proof_in_a_field(own_firm: House) -> None:
    with own_firm.client("anna") as client:
        proof = client.headers.pop("x-csrf-token")
        assert client.post("/logout", data={"_csrf_token": "wrong"}).status_code == 403
        assert client.post("/logout", data={"_csrf_token": proof}).status_code == 303


def test_a_token_counts_before_a_cookie_and_needs_no_proof(firm: House) -> None:
    with firm.client("anna", token=["read"]) as client:
        client.cookies.set("kingpost", firm.session("lena"))
        assert client.post("/api/v1/summary", json={"message_id": "gutentag@example.com"}).status_code == 200
        names = {box["name"] for box in client.get("/api/v1/mailboxes").json()}
        assert names == {"info", "anna"}
        client.headers["authorization"] = "Bearer kp_invalid"
        assert client.get("/api/v1/mailboxes").status_code == 401


def test_a_person_is_led_to_the_login_and_a_program_gets_401(firm: House) -> None:
    with firm.client() as client:
        led = client.get("/customers?q=a%26b", headers={"accept": "text/html"})
        assert led.status_code == 303
        assert led.headers["location"] == "/login?next=/customers%3Fq%3Da%2526b"
        refused = client.get("/customers")
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"] == "Bearer"
        missing = client.get("/nothing", headers={"accept": "text/html", "accept-language": "de"})
        assert missing.status_code == 404
        assert missing.headers["content-type"].startswith("text/html")
        assert "Unter dieser Adresse" in missing.text
