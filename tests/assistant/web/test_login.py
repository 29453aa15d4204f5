import pytest

from assistant.attempts import PER_PERSON
from assistant.web.login import local
from tests.assistant.web.house import PASSWORD, House

PAGE = {"accept": "text/html", "accept-language": "de"}


def test_a_right_password_leads_on_with_a_cookie(firm: House) -> None:
    with firm.client() as client:
        answer = client.post("/login", data={"login": " anna ", "password": PASSWORD, "next": "/customers?q=x"})
        assert answer.status_code == 303
        assert answer.headers["location"] == "/customers?q=x"
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("kingpost=")
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert client.get("/api/v1/customers").status_code == 200


def test_a_wrong_password_shows_the_form_again_with_the_reason(firm: House) -> None:
    with firm.client() as client:
        answer = client.post("/login", data={"login": "anna", "password": "wrong", "next": "/sidebar"}, headers=PAGE)
        assert answer.status_code == 401
        assert "stimmt nicht" in answer.text
        assert 'value="anna"' in answer.text
        assert 'value="/sidebar"' in answer.text
        assert "wrong" not in answer.text
        assert "set-cookie" not in answer.headers
        assert client.post("/login", data={"login": "anna", "password": "wrong"}).json()["status"] == 401


def test_trying_passwords_soon_ends(own_firm: House) -> None:
    with own_firm.client() as client:
        for _ in range(PER_PERSON):
            assert client.post("/login", data={"login": "lena", "password": "wrong"}).status_code == 401
        answer = client.post("/login", data={"login": "lena", "password": PASSWORD}, headers=PAGE)
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) > 800
        assert "Zu viele Versuche" in answer.text
        assert client.post("/login", data={"login": "anna", "password": PASSWORD}).status_code == 303


def test_another_site_cannot_log_somebody_in(firm: House) -> None:
    with firm.client() as client:
        form = {"login": "anna", "password": PASSWORD}
        assert client.post("/login", data=form, headers={"origin": "https://evil.example"}).status_code == 403


@pytest.mark.parametrize(
    "data", [{}, {"login": "anna"}, {"login": "a\x00", "password": "x"}, {"login": "x" * 1001, "password": "x"}]
)
def test_an_odd_form_is_a_problem_of_the_sender(firm: House, data: dict[str, str]) -> None:
    with firm.client() as client:
        assert client.post("/login", data=data).status_code == 400
        assert client.post("/login", json=["x"]).status_code == 400


def test_logging_in_again_ends_the_session_before(own_firm: House) -> None:
    with own_firm.client("anna") as client:
        before = client.cookies["kingpost"]
        assert client.post("/login", data={"login": "lena", "password": PASSWORD}).status_code == 303
    with own_firm.client() as other:
        other.cookies.set("kingpost", before)
        assert other.get("/api/v1/customers").status_code == 401


def test_logging_out_ends_the_session_and_takes_the_cookie(own_firm: House) -> None:
    with own_firm.client("anna") as client:
        secret = client.cookies["kingpost"]
        answer = client.post("/logout")
        assert answer.headers["location"] == "/login"
        assert "Max-Age=0" in answer.headers["set-cookie"]
        client.cookies.set("kingpost", secret)
        assert client.get("/api/v1/customers").status_code == 401


def test_a_token_cannot_log_out_or_change_the_password(firm: House) -> None:
    with firm.client("anna", token=["read", "write"]) as client:
        assert client.post("/logout").status_code == 403
        assert client.put("/api/v1/password", json={"old": PASSWORD, "new": "another long one"}).status_code == 403


def test_a_new_password_needs_the_old_one_and_ends_the_other_sessions(own_firm: House) -> None:
    with own_firm.client("anna") as client, own_firm.client("anna") as other:
        wrong = client.put("/api/v1/password", json={"old": "not the old one", "new": "another long one"})
        assert wrong.status_code == 403
        assert "Nothing was changed" in wrong.json()["detail"]
        client.headers["accept-language"] = "de"
        short = client.put("/api/v1/password", json={"old": PASSWORD, "new": "short"})
        assert short.status_code == 400
        assert "mindestens 10" in short.json()["detail"]
        assert client.put("/api/v1/password", json={"old": PASSWORD, "new": "another long one"}).status_code == 204
        assert client.get("/api/v1/customers").status_code == 200
        assert other.get("/api/v1/customers").status_code == 401


@pytest.mark.parametrize(
    "path",
    ["https://evil.example", "//evil.example", "/\\evil", "\\\\e", "javascript:alert(1)", "", "x", "/a\r\nX: 1"],
)
def test_a_login_leads_nowhere_else(path: str) -> None:
    assert local(path) == "/"


@pytest.mark.parametrize("path", ["/", "/customers/C1?q=a&b=c#top", "/sidebar?message=4", "/customers/Müller"])
def test_a_login_leads_back_to_our_own_pages(path: str) -> None:
    assert local(path) == path
