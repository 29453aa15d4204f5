"""Every route times every kind of asker: who is turned away, and what stays hidden from whom."""

from typing import Any

import pytest
from litestar.routes import HTTPRoute

from rules.terms.mail import Placement, Verdict
from tests.assistant.web.house import NOW, SECRET, Browser, House

# What a route asks for. A new route must be entered here.
NEEDS = {
    ("GET", "/healthz"): "nobody",
    ("GET", "/readyz"): "nobody",
    ("GET", "/metrics"): "admin token",
    ("GET", "/api/v1/stream"): "read",
    ("POST", "/api/v1/summary"): "read",
    ("GET", "/api/v1/customers/{customer}/summary"): "read",
    ("GET", "/api/v1/customers"): "read",
    ("GET", "/api/v1/customers/{customer}/timeline"): "read",
    ("GET", "/api/v1/messages/{no}"): "read",
    ("GET", "/api/v1/messages/{no}/evidence"): "read",
    ("GET", "/api/v1/messages/{no}/raw"): "read",
    ("GET", "/api/v1/messages/{no}/attachments/{index}"): "read",
    ("POST", "/api/v1/messages/{no}/match"): "write",
    ("DELETE", "/api/v1/messages/{no}/match"): "write",
    ("GET", "/api/v1/leads"): "read",
    ("POST", "/api/v1/messages/{no}/customer"): "write",
    ("DELETE", "/api/v1/messages/{no}/customer"): "write",
    ("POST", "/api/v1/messages/{no}/sender"): "write",
    ("DELETE", "/api/v1/messages/{no}/sender"): "write",
    ("GET", "/api/v1/proposals"): "read",
    ("POST", "/api/v1/proposals/{id}/accept"): "write",
    ("POST", "/api/v1/proposals/{id}/dismiss"): "write",
    ("DELETE", "/api/v1/proposals/{id}"): "write",
    ("POST", "/api/v1/customers/{customer}/next-action"): "write",
    ("DELETE", "/api/v1/customers/{customer}/next-action/{action}"): "write",
    ("POST", "/api/v1/promises/{id}/kept"): "write",
    ("DELETE", "/api/v1/promises/{id}/kept"): "write",
    ("GET", "/api/v1/customers/{customer}/contacts"): "read",
    ("PATCH", "/api/v1/contacts/{contact}"): "write",
    ("GET", "/api/v1/contacts/{contact}/changes"): "read",
    ("GET", "/api/v1/customers/{customer}/consents"): "read",
    ("POST", "/api/v1/customers/{customer}/consents"): "write",
    ("GET", "/api/v1/target-groups"): "read",
    ("POST", "/api/v1/target-groups"): "lead write",
    ("GET", "/api/v1/target-groups/{id}"): "read",
    ("GET", "/api/v1/target-groups/{id}/members"): "read",
    ("POST", "/api/v1/target-groups/{id}/export"): "lead write",
    ("DELETE", "/api/v1/target-groups/{id}"): "lead write",
    ("GET", "/api/v1/duplicates"): "read",
    ("POST", "/api/v1/duplicates/{id}/merge"): "write",
    ("POST", "/api/v1/duplicates/{id}/distinct"): "write",
    ("POST", "/api/v1/duplicates/{id}/later"): "write",
    ("DELETE", "/api/v1/duplicates/{id}"): "write",
    ("GET", "/api/v1/customers/{customer}/referrals"): "read",
    ("POST", "/api/v1/customers/{customer}/referrals"): "write",
    ("DELETE", "/api/v1/customers/{customer}/referrals/{referrer}"): "write",
    ("GET", "/api/v1/customers/{customer}/merges"): "read",
    ("POST", "/api/v1/customers/{customer}/merges"): "write",
    ("DELETE", "/api/v1/merges/{id}"): "write",
    ("GET", "/api/v1/customers/{customer}/export"): "lead read",
    ("GET", "/api/v1/customers/{customer}/erasure"): "admin read",
    ("POST", "/api/v1/customers/{customer}/erasure"): "admin person",
    ("PUT", "/api/v1/customers/{customer}/restriction"): "admin write",
    ("DELETE", "/api/v1/customers/{customer}/restriction"): "admin write",
    ("PUT", "/api/v1/customers/{customer}/objection"): "write",
    ("DELETE", "/api/v1/customers/{customer}/objection"): "write",
    ("POST", "/api/v1/customers/{customer}/parts"): "write",
    ("GET", "/api/v1/interactions"): "read",
    ("POST", "/api/v1/interactions"): "write",
    ("GET", "/api/v1/customers/{customer}/ledger"): "read",
    ("POST", "/api/v1/orders"): "write",
    ("POST", "/api/v1/offers"): "write",
    ("POST", "/api/v1/invoices"): "write",
    ("POST", "/api/v1/payments"): "write",
    ("POST", "/api/v1/surveys"): "write",
    ("GET", "/api/v1/customers/{customer}/particulars"): "read",
    ("POST", "/api/v1/customers/{customer}/particulars"): "write",
    ("PUT", "/api/v1/particulars/{id}"): "write",
    ("DELETE", "/api/v1/particulars/{id}"): "write",
    ("DELETE", "/api/v1/token"): "read",
    ("POST", "/api/v1/pairings"): "nobody",
    ("POST", "/api/v1/pairings/token"): "nobody",
    ("GET", "/api/v1/complaints"): "read",
    ("POST", "/api/v1/messages/{no}/complaint"): "write",
    ("DELETE", "/api/v1/messages/{no}/complaint"): "write",
    ("POST", "/api/v1/messages/{no}/complaint/solved"): "write",
    ("DELETE", "/api/v1/messages/{no}/complaint/solved"): "write",
    ("GET", "/api/v1/queues"): "read",
    ("GET", "/api/v1/reports/complaints"): "read",
    ("GET", "/api/v1/queues/{name}/cases"): "read",
    ("GET", "/api/v1/cases/{id}"): "read",
    ("POST", "/api/v1/cases"): "write",
    ("PATCH", "/api/v1/cases/{id}"): "write",
    ("POST", "/api/v1/cases/{id}/notes"): "write",
    ("POST", "/api/v1/cases/{id}/merge"): "write",
    ("POST", "/api/v1/cases/{id}/split"): "write",
    ("POST", "/api/v1/cases/{id}/undo"): "write",
    ("POST", "/api/v1/cases/{id}/watch"): "write",
    ("GET", "/api/v1/teams"): "read",
    ("PUT", "/api/v1/teams/{name}"): "lead write",
    ("DELETE", "/api/v1/teams/{name}"): "lead write",
    ("GET", "/api/v1/absences"): "read",
    ("PUT", "/api/v1/absences/{login}"): "write",
    ("DELETE", "/api/v1/absences/{login}"): "write",
    ("GET", "/api/v1/snippets"): "read",
    ("POST", "/api/v1/snippets"): "write",
    ("PUT", "/api/v1/snippets/{id}"): "write",
    ("DELETE", "/api/v1/snippets/{id}"): "write",
    ("GET", "/api/v1/outgoing"): "lead read",
    ("POST", "/api/v1/outgoing/{id}/cancel"): "lead write",
    ("POST", "/api/v1/outgoing/{id}/again"): "lead write",
    ("GET", "/api/v1/alarms"): "lead read",
    ("GET", "/api/v1/correspondents"): "lead read",
    ("POST", "/api/v1/correspondents"): "lead write",
    ("DELETE", "/api/v1/adoptions/{id}"): "lead write",
    ("GET", "/api/v1/never-filed"): "lead read",
    ("POST", "/api/v1/never-filed"): "lead write",
    ("DELETE", "/api/v1/never-filed/{id}"): "lead write",
    ("GET", "/api/v1/quarantine"): "read",
    ("GET", "/api/v1/quarantine/{id}/raw"): "read",
    ("POST", "/api/v1/quarantine/{id}/retry"): "write",
    ("GET", "/api/v1/mailboxes"): "read",
    ("PATCH", "/api/v1/mailboxes/{name}"): "lead write",
    ("POST", "/api/v1/openings"): "announce",
    ("POST", "/api/v1/web-events"): "web-site",
    ("POST", "/api/v1/customers/{customer}/documents"): "write",
    ("GET", "/api/v1/customers/{customer}/documents/{id}"): "read",
    ("GET", "/api/v1/customers/{customer}/documents/{id}/file"): "read",
    ("GET", "/api/v1/found-invoices"): "read",
    ("POST", "/api/v1/found-invoices/{number}/book"): "write",
    ("POST", "/api/v1/found-invoices/{number}/dismiss"): "write",
    ("GET", "/api/v1/tokens"): "person",
    ("POST", "/api/v1/tokens"): "person",
    ("DELETE", "/api/v1/tokens/{id}"): "person",
    ("PUT", "/api/v1/password"): "person",
}
# Where the stream would not end by itself, a mailbox is named that is not there.
QUERY = {("GET", "/api/v1/stream"): "?mailbox=none"}
BODIES: dict[tuple[str, str], Any] = {
    ("POST", "/api/v1/summary"): {"message_id": "gutentag@example.com"},
    ("PATCH", "/api/v1/mailboxes/{name}"): {"follow": True},
}
ASKERS = [
    None,
    *((login, by) for login in ("anna", "lena", "adam") for by in ("cookie", "forged", "read", "write")),
]


def expected(method: str, need: str, asker: tuple[str, str] | None) -> int | None:
    """The status that turns somebody away, None where they come in."""
    if need == "nobody":
        return None
    if asker is None:
        return 401
    login, credential = asker
    by_token = credential in ("read", "write")
    if credential == "forged" and method != "GET":
        return 403
    if need in ("announce", "web-site"):  # for programs with a token of their own
        return 403
    if need == "person":
        return 403 if by_token else None
    if need == "admin person":
        return None if login == "adam" and not by_token else 403
    if need == "admin token":
        return None if login == "adam" and credential == "read" else 403
    *roles, scope = need.split()
    if by_token and credential != scope:
        return 403
    if (roles and login == "anna") or ("admin" in roles and login != "adam"):
        return 403
    return None


def fill(path: str, house: House) -> str:
    # No token has this number: the askers' own must live.
    number = 999 if "tokens" in path else house.open_quarantine
    numbers = {"no": house.open_mail, "id": number, "index": 0, "customer": "C1", "name": "info"}
    numbers |= {"number": "R1", "action": "ask-referral", "login": "anna", "token": "x", "referrer": "C2"}
    numbers |= {"contact": "P1"}
    return path.format(**numbers)


@pytest.fixture(scope="module")
def clients(firm: House) -> dict[tuple[str, str] | None, Browser]:
    found: dict[tuple[str, str] | None, Browser] = {None: firm.client()}
    for asker in ASKERS:
        if asker is not None:
            login, credential = asker
            token = None if credential in ("cookie", "forged") else [credential]
            found[asker] = firm.client(login, csrf=credential == "cookie", token=token)
    return found


def test_the_table_of_needs_is_complete(firm: House) -> None:
    schema = firm.app.openapi_schema.to_schema()
    routes = {(method.upper(), path) for path, item in schema["paths"].items() for method in item}
    assert routes == set(NEEDS)


@pytest.mark.parametrize("asker", ASKERS, ids=lambda asker: "-".join(asker) if asker else "nobody")
def test_everybody_gets_in_where_they_may_and_nowhere_else(
    firm: House, clients: dict[tuple[str, str] | None, Browser], asker: tuple[str, str] | None
) -> None:
    wrong = []
    # What ends the asker's own token comes last.
    for (method, path), need in sorted(NEEDS.items(), key=lambda each: each[0][1] == "/api/v1/token"):
        turned_away = expected(method, need, asker)
        address = fill(path, firm) + QUERY.get((method, path), "")
        body = BODIES.get((method, path), {})
        answer = clients[asker].request(method, address, json=None if method in ("GET", "DELETE") else body)
        fits = answer.status_code == turned_away if turned_away else answer.status_code not in (401, 403)
        if not fits or answer.status_code >= 500:
            wrong.append((method, path, answer.status_code, turned_away))
    assert wrong == []


def test_without_a_login_only_these_addresses_answer(firm: House) -> None:
    answering = set()
    with firm.client() as client:
        for route in firm.app.routes:
            assert isinstance(route, HTTPRoute)
            for method in route.methods - {"OPTIONS", "HEAD"}:
                path = route.path_format
                for name, value in (("{no}", "1"), ("{id}", "1"), ("{index}", "0"), ("{path}", "sidebar.css")):
                    path = path.replace(name, value)
                path = path.replace("{customer}", "C1").replace("{name}", "info")
                if client.request(method, path).status_code != 401:
                    answering.add((method, route.path_format))
    assert answering == {
        ("GET", "/s/{token}"),
        ("POST", "/s/{token}"),
        ("GET", "/login"),
        ("POST", "/login"),
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/static/{path}"),
        ("GET", "/sidebar/offline"),
        ("GET", "/clients/thunderbird.xpi"),
        ("GET", "/clients/outlook"),
        ("GET", "/clients/outlook.xml"),
        ("GET", "/clients/outlook/icons/{name}"),
        ("POST", "/clients/gmail/open"),
        ("POST", "/api/v1/pairings"),
        ("POST", "/api/v1/pairings/token"),
    }


@pytest.mark.parametrize("login", ["anna", "lena", "adam"])
def test_a_foreign_personal_mailbox_stays_closed_on_every_address(firm: House, login: str) -> None:
    numbers = {
        "login": "anna",
        "token": "x",
        "no": firm.closed_mail,
        "id": firm.closed_quarantine,
        "index": 0,
        "customer": "C1",
        "contact": "P1",
        "name": "berta",
    }
    numbers |= {"path": "/x"}
    with firm.client(login) as client:
        for route in firm.app.routes:
            if "GET" not in route.methods or route.path_format.startswith(("/static", "/api/v1/stream")):
                continue
            answer = client.get(route.path_format.format(**numbers))
            assert SECRET not in answer.text, route.path_format
            if any(part in route.path_format for part in ("{no}", "quarantine/{id}")):
                assert answer.status_code == 404, route.path_format


def test_what_is_closed_cannot_be_found_by_its_words_or_changed(firm: House) -> None:
    closed = f"/api/v1/messages/{firm.closed_mail}/match"
    with firm.client("adam") as client:
        asked = client.post("/api/v1/summary", json={"message_id": "vertraulichesgehalt@example.com"})
        assert asked.json()["status"] == "pending"
        assert SECRET not in asked.text
        assert SECRET not in client.get("/customers?q=Vertrauliches").text
        assert client.post(closed, json={"customer": "C2"}).status_code == 404
        assert client.delete(closed).status_code == 404
        assert client.post(f"/api/v1/quarantine/{firm.closed_quarantine}/retry").status_code == 404
        assert client.patch("/api/v1/mailboxes/berta", json={"follow": False}).status_code == 404
        assert client.get("/api/v1/stream?mailbox=berta").status_code == 404
    with firm.client("berta") as client:
        assert SECRET in client.get(f"/api/v1/messages/{firm.closed_mail}").text


def test_a_shared_mailbox_with_members_is_theirs(firm: House) -> None:
    seen = {}
    for login in ("anna", "lena", "adam"):
        with firm.client(login) as client:
            seen[login] = {box["name"]: box["readable"] for box in client.get("/api/v1/mailboxes").json()}
    assert seen["anna"] == {"info": True, "anna": True}
    assert seen["lena"] == {"info": True, "sales": True}
    assert seen["adam"] == {"info": True, "sales": False, "anna": False, "berta": False}


def test_another_copy_tells_nobody_in_which_closed_mailbox_it_lies(own_firm: House) -> None:
    with own_firm.services.pool.begin() as work:
        work.messages.place(own_firm.open_mail, Placement("berta", "Geheimordner", 1, 1), Verdict.PASS, NOW)
    with own_firm.client("anna") as client:
        body = client.get(f"/api/v1/messages/{own_firm.open_mail}").json()
        assert [place["mailbox"] for place in body["places"]] == ["info"]
