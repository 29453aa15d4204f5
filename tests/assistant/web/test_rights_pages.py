"""Every page times every kind of asker and every kind of thing: who is turned away, and what stays hidden from whom.

The pages are the application's own routes, so that a new one cannot be forgotten; test_rights.py does it for the API.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from litestar.routes import HTTPRoute
from sqlalchemy import select

from assistant.web import app, undoing
from assistant.web.gate import Credential
from storage.columns import metadata
from tests.assistant.web.guarded import PARTICULAR, RESTED, Guarded, Things, guarded
from tests.assistant.web.house import NOW, SECRET, Browser, House

# What a page asks for, and what a form sends so that it would be done. A new page must be entered here.
GETS = {
    "/": "somebody",
    "/sidebar": "somebody",
    "/customers": "somebody",
    "/customers/{customer}": "somebody",
    "/customers/{customer}/documents/{id}": "somebody",
    "/customers/{customer}/erase": "admin",
    "/customers/{customer}/merge": "somebody",
    "/customers/{customer}/part": "somebody",
    "/call": "somebody",
    "/lists/referrers": "somebody",
    "/lists/{name}": "somebody",
    "/lists/{name}/file": "somebody",
    "/targets": "somebody",
    "/messages/{no}": "somebody",
    "/messages/{no}/html": "somebody",
    "/messages/{no}/new": "somebody",
    "/review": "somebody",
    "/review/duplicates": "somebody",
    "/review/invoices": "money",
    "/queues": "somebody",
    "/queues/unanswered": "somebody",
    "/cases/{id}": "somebody",
    "/cases/{id}/beside": "somebody",
    "/team": "somebody",
    "/snippets": "somebody",
    "/snippets/{id}": "somebody",
    "/outgoing": "lead",
    "/reports": "somebody",
    "/reports/cases.csv": "somebody",
    "/reports/value": "money",
    "/complaints": "somebody",
    "/leads": "somebody",
    "/correspondents": "lead",
    "/imports": "lead",
    "/imports/{id}": "lead",
    "/imports/{id}/problems": "lead",
    "/proposals": "somebody",
    "/quarantine": "somebody",
    "/settings": "person",
    "/settings/stored": "person",
    "/settings/stored/export": "person",
    "/settings/stored/papers/{name}": "person",
    "/setup/account": "admin person",
    "/setup/firm": "admin person",
    "/setup/done": "admin person",
    "/setup/progress": "admin person",
    "/setup/mailbox": "admin person",
    "/setup/mailbox/{id}/server": "admin person",
    "/setup/mailbox/{id}/sign-in": "admin person",
    "/setup/mailbox/{id}/reading": "admin person",
    "/setup/mailbox/{id}/own": "admin person",
    "/pair": "person",
    "/oauth/begin": "person",
    "/oauth/callback/{name}": "person",
    "/api/docs": "somebody",
    "/api/docs/{path}": "somebody",
    "/api/docs/openapi.json": "somebody",
    "/login": "nobody",
    "/setup": "nobody",
    "/s/{token}": "nobody",
    "/static/{path}": "nobody",
    "/sidebar/offline": "nobody",
    "/clients/thunderbird.xpi": "nobody",
    "/clients/outlook": "nobody",
    "/clients/outlook.xml": "nobody",
    "/clients/outlook/icons/{name}": "nobody",
}
POSTS: dict[str, tuple[str, Mapping[str, str]]] = {
    "/mailboxes/{name}/follow": ("lead", {"on": "1"}),
    "/mailboxes/{name}/junk": ("lead", {"on": "1"}),
    "/mailboxes/{name}/marks": ("lead", {"on": "1"}),
    "/customers/{customer}/note": ("somebody", {"text": "Anruf"}),
    "/customers/{customer}/particulars": ("particulars", {"text": "Achtung"}),
    "/customers/{customer}/next-action": ("somebody", {"action": "ask-referral", "verdict": "accepted"}),
    "/customers/{customer}/next-action/undo": ("somebody", {"action": "ask-referral"}),
    "/customers/{customer}/consents": ("somebody", {"purpose": "email", "way": "form", "given": "1"}),
    "/contacts/{contact}/preferences": ("somebody", {"language": "en"}),
    "/customers/{customer}/bars": ("somebody", {"bar": "objection", "on": "1"}),
    "/customers/{customer}/referrals": ("somebody", {"by": "C2"}),
    "/customers/{customer}/referrals/remove": ("somebody", {"by": "C2"}),
    "/customers/{customer}/letters": ("somebody", {}),
    "/customers/{customer}/merge": ("somebody", {"merged": "C2"}),
    "/customers/{customer}/part": ("somebody", {"name": "Neu", "contact:P-C9": "1"}),
    "/customers/{customer}/erase": ("admin person", {"name": "-"}),
    "/customers/{customer}/restriction": ("admin", {"lift": "1"}),
    "/particulars/{id}": ("particulars", {"text": "Anders", "customer": "{customer}"}),
    "/promises/{id}/kept": ("somebody", {}),
    "/promises/{id}/kept/undo": ("somebody", {}),
    "/targets": ("lead", {"name": "Neue"}),
    "/targets/{id}/remove": ("lead", {}),
    "/targets/{id}/file": ("lead", {}),
    "/merges/{id}/undo": ("somebody", {}),
    "/messages/{no}/match": ("somebody", {"customer": "C2"}),
    "/messages/{no}/match/undo": ("somebody", {}),
    "/messages/{no}/waived": ("somebody", {}),
    "/messages/{no}/waived/undo": ("somebody", {}),
    "/messages/{no}/complaint": ("somebody", {"flag": "1"}),
    "/messages/{no}/complaint/undo": ("somebody", {}),
    "/messages/{no}/complaint/solved": ("somebody", {}),
    "/messages/{no}/complaint/solved/undo": ("somebody", {}),
    "/messages/{no}/new": ("somebody", {"name": "Neu"}),
    "/messages/{no}/new/undo": ("somebody", {}),
    "/messages/{no}/sender": ("somebody", {"stance": "ignore"}),
    "/messages/{no}/sender/undo": ("somebody", {}),
    "/cases": ("somebody", {"message": "{spare}"}),
    "/cases/bulk": ("somebody", {"case-{case}": "1", "solve": "1"}),
    "/cases/{id}/take": ("somebody", {}),
    "/cases/{id}/assign": ("somebody", {"assignee": "anna"}),
    "/cases/{id}/snooze": ("somebody", {}),
    "/cases/{id}/wake": ("somebody", {}),
    "/cases/{id}/state": ("somebody", {"state": "solved"}),
    "/cases/{id}/note": ("somebody", {"text": "Notiz"}),
    "/cases/{id}/change": ("somebody", {"priority": "high"}),
    "/cases/{id}/merge": ("somebody", {"into": "2"}),
    "/cases/{id}/split": ("somebody", {"mail-{mail}": "1", "subject": "Neu"}),
    "/cases/{id}/watch": ("somebody", {"on": "1"}),
    "/cases/{id}/undo": ("somebody", {}),
    "/team/away": ("somebody", {"first": "2030-01-01", "last": "2030-01-02"}),
    "/team/here": ("somebody", {}),
    "/team/put": ("lead", {"name": "Verkauf"}),
    "/team/remove": ("lead", {"name": "Verkauf"}),
    "/snippets": ("somebody", {"title": "Neu", "text": "Neu", "language": "de"}),
    "/snippets/{id}": ("somebody", {"title": "Neu", "text": "Neu", "language": "de"}),
    "/snippets/{id}/remove": ("somebody", {}),
    "/snippets/{id}/remove/undo": ("somebody", {}),
    "/outgoing/{id}/cancel": ("lead", {}),
    "/outgoing/{id}/again": ("lead", {}),
    "/correspondents": ("lead", {"pick-0": "info-neu.example", "kind-0": "supplier"}),
    "/correspondents/{id}/undo": ("lead", {}),
    "/correspondents/never": ("lead", {"entry": "nie@werbung.example"}),
    "/correspondents/never/{id}/remove": ("lead", {}),
    "/imports": ("lead", {}),
    "/imports/{id}/preview": ("lead", {}),
    "/imports/{id}/run": ("lead", {}),
    "/imports/{id}/drop": ("lead", {}),
    "/review/duplicates/{id}/merge": ("somebody", {"kept": "{customer}"}),
    "/review/duplicates/{id}/distinct": ("somebody", {}),
    "/review/duplicates/{id}/later": ("somebody", {}),
    "/review/duplicates/{id}/undo": ("somebody", {}),
    "/proposals/{id}/accept": ("somebody", {}),
    "/proposals/{id}/dismiss": ("somebody", {}),
    "/proposals/{id}/undo": ("somebody", {}),
    "/review/invoices/book": ("money", {"number": "{invoice}", "customer": "C2"}),
    "/review/invoices/dismiss": ("money", {"number": "{invoice}"}),
    "/quarantine/{id}/retry": ("somebody", {}),
    "/settings/language": ("person", {"language": "de"}),
    "/settings/password": ("person", {"old": "x", "new": "y"}),
    "/settings/tokens": ("person", {"name": "Neu"}),
    "/settings/tokens/{id}/revoke": ("person", {}),
    "/setup/account": ("admin person", {}),
    "/setup/firm": ("admin person", {}),
    "/setup/mailbox": ("admin person", {}),
    "/setup/mailbox/{id}/server": ("admin person", {}),
    "/setup/mailbox/{id}/reading": ("admin person", {}),
    "/setup/mailbox/{id}/own": ("admin person", {}),
    "/pair": ("person", {"code": "x"}),
    "/logout": ("reading person", {}),
    "/login": ("nobody", {"login": "x", "password": "y"}),
    "/setup": ("nobody", {}),
    "/s/{token}": ("nobody", {}),
    "/clients/gmail/open": ("nobody", {}),
}
# Which of the firm's things a path names; the longest beginning counts.
NAMED = {
    "/customers/{customer}": "customer",
    "/customers/{customer}/documents/{id}": "document",
    "/contacts/{contact}": "contact",
    "/particulars/{id}": "particular",
    "/promises/{id}": "promise",
    "/targets/{id}": "target",
    "/merges/{id}": "merge",
    "/messages/{no}": "mail",
    "/cases/{id}": "case",
    "/snippets/{id}": "snippet",
    "/outgoing/{id}": "outgoing",
    "/correspondents/{id}": "adoption",
    "/correspondents/never/{id}": "never",
    "/imports/{id}": "upload",
    "/review/duplicates/{id}": "pair",
    "/proposals/{id}": "proposal",
    "/quarantine/{id}": "quarantined",
    "/settings/tokens/{id}": "token",
    "/setup/mailbox/{id}": "draft",
    "/mailboxes/{name}": "mailbox",
}
# Names that are nobody's.
PLAIN = {
    "/settings/stored/papers/{name}": "works-agreement.de",
    "/lists/{name}": "kings",
    "/static/{path}": "kingpost.css",
    "/api/docs/{path}": "x",
}
# What a page may be asked beside its path: words and numbers of what is closed or restricted.
WORDS = ("Vertrauliches", "Gehalt", "Ruhestein", "Taubenschlag", "90009", "fremd@berta-neu.example")
TRIED: dict[str, tuple[str, ...]] = {
    "q": WORDS,
    "pick": WORDS,
    "number": ("90009", "+49 431 5550120"),
    "channel": ("letter", "mail"),
    "contact": ("P-C2", "P-C9"),
    "other": ("C2", "C9"),
    "customer": ("C1", "C9"),
    "also": ("8-9-10-12",),
    "message": ("berta.Vertrauliches-Gehalt-4711@example.com", "info.Ruhestein-Archivfall-8815@example.com"),
    "mailbox": ("info", "berta"),
    "view": ("mine", "unassigned", "ended"),
    "queue": ("complaints", "info"),
    "priority": ("normal",),
    "category": ("delivery",),
    "from": ("2020-01-01",),
    "to": ("2020-01-01",),
    "state": ("doubtful", "solved", "dismissed"),
    "severity": ("2",),
    "kind": ("customer", "open", "supplier"),
    "group": ("1",),
    "after": ("",),
    "before": ("",),
    "page": ("0",),
    "call": ("1",),
    "show": ("1",),
    "tag": ("x",),
    "team": ("x",),
    "share": ("1",),
    "url": ("",),
    "next": ("/",),
    "address": ("neu@example.org",),
    "provider": ("x",),
    "code": ("x",),
    "close": ("1",),
}  # fmt: skip
PEOPLE = ("anna", "lena", "adam", "paul")


@pytest.fixture(scope="module")
def frozen() -> Iterator[None]:
    """Two pages that are compared are of one moment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "_now", lambda: NOW)
        yield


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory, frozen: None) -> Guarded:
    """Everything there is; nothing is changed in it."""
    return guarded(tmp_path_factory.mktemp("firm"))


def named(path: str) -> str:
    """What kind of thing a path names; "" for none."""
    fitting = [start for start in NAMED if path == start or path.startswith(f"{start}/")]
    return NAMED[max(fitting, key=len)] if fitting else ""


def filled(path: str, things: Things, firm: Guarded) -> str:
    """The address of a thing."""
    kind = named(path)
    for start, name in PLAIN.items():
        if path.startswith(start):
            path = path.replace(start, f"{start.partition('{')[0]}{name}")
    customer = things.get("customer", "C2" if kind == "document" else "C1")
    values = {name: things.get(kind, "x") for name in ("no", "id", "name", "path", "token", "contact")}
    return path.format(**values | {"customer": customer})


def form(path: str, things: Things, firm: Guarded) -> dict[str, str]:
    """What the form sends, about these things where it names any."""
    known = firm.open | things  # type: ignore[operator]
    return {key.format(**known): value.format(**known) for key, value in POSTS[path][1].items()}


def pages(firm: Guarded) -> dict[tuple[str, str], Any]:
    """The application's routes that are not the API's, with their handlers."""
    schema = firm.house.app.openapi_schema.to_schema()
    api = {(method.upper(), path) for path, item in schema["paths"].items() for method in item}
    return {
        (method, route.path_format): handler
        for route in firm.house.app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        for method in handler.http_methods - {"OPTIONS", "HEAD"}
        if (method, route.path_format) not in api
    }


def test_every_page_is_in_the_matrix(firm: Guarded) -> None:
    assert set(pages(firm)) == {("GET", path) for path in GETS} | {("POST", path) for path in POSTS}
    for _, path in pages(firm):
        assert "{" not in path or named(path) or any(path.startswith(one) for one in PLAIN) or path in ONE_OF_THEM, path


# Whose last part is looked up nowhere in the pool, or not before the door.
ONE_OF_THEM = {"/s/{token}", "/oauth/callback/{name}", "/clients/outlook/icons/{name}"}


def test_every_question_of_a_page_is_tried(firm: Guarded) -> None:
    asked = {name for key in pages(firm) if key[0] == "GET" for name in questions(pages(firm)[key])}
    assert asked == set(TRIED)


def questions(handler: Any) -> list[str]:
    """The names of the parameters that an address may hold beside its path."""
    found = handler.parsed_fn_signature.parameters.items()
    asked = [
        (name, each.kwarg_definition)
        for name, each in found
        if type(each.kwarg_definition).__name__ == "QueryParameter"
    ]
    return [definition.name or name for name, definition in asked]


# -- the door

BY = ("forged header", "forged field", "nothing to prove it", "read", "write", "cookie")


def turned_away(method: str, need: str, login: str, by: str) -> int | None:
    """The status that turns somebody away; None where they come in."""
    by_token = by in ("read", "write")
    if method == "POST" and not (by_token or by == "cookie"):
        return 403
    first, _, rest = need.partition(" ")
    if by_token and ("person" in (first, rest) or by != ("read" if method == "GET" else "write")):
        return 403
    roles = {"admin": ("adam",), "lead": ("lena", "adam"), "money": ("anna", "lena", "adam")}
    roles["particulars"] = roles["money"]
    return None if login in roles.get(first, PEOPLE) else 403


@pytest.mark.parametrize("login", PEOPLE)
def test_everybody_gets_in_where_they_may_and_nowhere_else(tmp_path: Path, login: str) -> None:
    firm = guarded(tmp_path)
    wrong = []
    for by in BY:
        client, sent = asking(firm.house, login, by)
        # What ends the asker's own session comes last.
        for method, path in sorted(pages(firm), key=lambda each: each[1] == "/logout"):
            need = GETS[path] if method == "GET" else POSTS[path][0]
            if need == "nobody":  # these look for themselves: a password, a code, a signed token, a link
                continue
            data = form(path, firm.open, firm) | sent if method == "POST" else None
            answer = client.request(method, filled(path, firm.open, firm), data=data)
            expected = turned_away(method, need, login, by)
            fits = answer.status_code == expected if expected else answer.status_code not in (401, 403)
            if not fits or answer.status_code >= 500:
                wrong.append((by, method, path, answer.status_code, expected))
    assert wrong == []


def asking(house: House, login: str, by: str) -> tuple[Browser, dict[str, str]]:
    """A client, and what its forms send to prove that the page was ours."""
    if by in ("read", "write"):
        return house.client(login, token=[by]), {}
    client = house.client(login, csrf=by == "cookie")
    # Another's token: of a session that lives, but is not this one.
    another = Credential("session", house.session("berta")).csrf
    if by == "forged header":
        client.headers["x-csrf-token"] = another
    return client, {"_csrf_token": another} if by == "forged field" else {}


def test_without_a_session_every_page_but_the_public_ones_asks_for_a_login(firm: Guarded) -> None:
    before = content(firm.house)
    for method, path in pages(firm):
        need = GETS[path] if method == "GET" else POSTS[path][0]
        answer = firm.house.client().request(method, filled(path, firm.open, firm))
        assert answer.status_code == 401 or need == "nobody", (method, path)
        assert SECRET not in answer.text
    assert content(firm.house) == before


# -- foreign things


def content(house: House) -> dict[str, list[tuple[Any, ...]]]:
    """All that the pool holds, but for sessions, which slide."""
    with house.services.pool.read() as work:
        connection = work.mailboxes._connection
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in metadata.tables.values()
            if table.name != "sessions"
        }


def reached(firm: Guarded, things: Things) -> list[tuple[str, str, dict[str, str] | None]]:
    """Every method, address and form that names one of these things."""
    found: list[tuple[str, str, dict[str, str] | None]] = []
    for method, path in pages(firm):
        there = named(path) in things or ("{customer}" in path and "customer" in things)
        inside = method == "POST" and any(
            f"{{{kind}}}" in part for kind in things for pair in POSTS[path][1].items() for part in pair
        )
        if there or (inside and not named(path)):
            data = form(path, things, firm) if method == "POST" else None
            found.append((method, filled(path, things, firm), data))
    return found


@pytest.mark.parametrize("login", PEOPLE)
def test_what_lies_in_a_foreign_mailbox_is_not_there(firm: Guarded, login: str) -> None:
    before = content(firm.house)
    wrong = []
    with firm.house.client(login) as client:
        for method, address, data in reached(firm, firm.closed):
            answer = client.request(method, address, data=data)
            assert SECRET not in answer.text, address
            may_not = answer.status_code == 403 and address.startswith(("/outgoing", "/review/invoices"))
            if answer.status_code != 404 and address != "/cases/bulk" and not may_not:
                wrong.append((method, address, answer.status_code))
    assert wrong == []
    assert content(firm.house) == before


def test_its_owner_reaches_all_of_it(tmp_path: Path) -> None:
    """So the test above looks for what is there."""
    firm = guarded(tmp_path)
    missed = []
    for method, address, data in reached(firm, firm.closed):
        # Each on its own: some of them take away what the next one needs.
        with firm.house.client("berta") as client:
            if client.request(method, address, data=data).status_code in (401, 403, 404):
                missed.append((method, address))
    # She leads nobody; and what is accepted or booked waits no more.
    ended = {f"/proposals/{firm.closed['proposal']}/dismiss", "/review/invoices/dismiss"}
    assert {address for _, address in missed} - ended == {"/outgoing/2/cancel", "/outgoing/2/again"}


@pytest.mark.parametrize("login", ["anna", "lena", "paul"])
def test_what_is_a_restricted_customers_is_closed(firm: Guarded, login: str) -> None:
    before = content(firm.house)
    wrong = []
    with firm.house.client(login) as client:
        for method, address, data in reached(firm, firm.rested):
            answer = client.request(method, address, data=data)
            assert RESTED not in answer.text, address
            if answer.status_code not in (403, 404) and address != "/cases/bulk":
                wrong.append((method, address, answer.status_code))
    assert wrong == []
    assert content(firm.house) == before


def test_what_is_somebody_elses_own_is_not_there(firm: Guarded) -> None:
    """Tokens, uploads, and what was confirmed in one go are whose they are, also for administrators."""
    before = content(firm.house)
    with firm.house.client("adam") as client:
        for method, path in pages(firm):
            if named(path) in ("upload", "adoption"):
                data = form(path, firm.open, firm) if method == "POST" else None
                assert client.request(method, filled(path, firm.open, firm), data=data).status_code == 404, path
        client.post(filled("/settings/tokens/{id}/revoke", firm.open, firm))
    assert content(firm.house) == before


# -- words, counts and files


def addresses(firm: Guarded) -> Iterator[str]:
    """Every page as it is, and with every question that it takes."""
    for (method, path), handler in pages(firm).items():
        if method != "GET" or path in ("/login", "/setup", "/oauth/callback/{name}"):
            continue
        there = filled(path, firm.open, firm)
        yield there
        yield from (f"{there}?{name}={value}" for name in questions(handler) for value in TRIED[name])
    for things in (firm.closed, firm.rested):
        about = firm.open | things  # type: ignore[operator]
        ids = {"mail": about["mail"], "proposal": about["proposal"], "merge": about["merge"], "case": about["case"]}
        ids |= {"pair": about["pair"], "promise": about["promise"], "batch": about["adoption"], "mailbox": "berta"}
        ids |= {"whole": "C2", "part": about["customer"], "decided_of": about["customer"], "event": 1}
        query = "&".join(f"{name}={value}" for name, value in ids.items())
        yield from (f"/customers?done={done}&{query}" for done in undoing._LOOKED_UP)


@pytest.mark.parametrize("login", PEOPLE)
def test_no_page_and_no_file_says_what_somebody_may_not_know(firm: Guarded, login: str) -> None:
    said = []
    with firm.house.client(login) as client:
        for address in addresses(firm):
            answer = client.get(address)
            assert answer.status_code < 500, address
            digits = re.sub(r"[.,\s'\u202f\u2009]", "", answer.text)
            its_own = login == "adam" and ("C9" in address)
            said += [(address, word) for word in (SECRET, *([] if its_own else [RESTED])) if word in answer.text]
            if login == "paul":
                said += [(address, "money")] * ("7654321" in digits) + [(address, "particular")] * (
                    PARTICULAR in answer.text
                )
    assert said == []


def test_what_is_not_hidden_is_said(firm: Guarded) -> None:
    """So the test above looks for words that stand there."""
    with firm.house.client("anna") as client:
        mine = "".join(client.get(address).text for address in addresses(firm))
    assert PARTICULAR in mine
    assert "7654321" in re.sub(r"[.,\s'\u202f\u2009]", "", mine)
    with firm.house.client("berta") as client:
        hers = "".join(client.get(address).text for address in addresses(firm))
    assert SECRET in hers


@pytest.fixture(scope="module", params=["closed", "rested"])
def bare(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, frozen: None) -> tuple[str, Guarded]:
    """The same firm without what lies in the closed mailbox, or without the restricted customer."""
    without = str(request.param)
    return without, guarded(tmp_path_factory.mktemp("bare"), **{without: False})


@pytest.mark.parametrize("login", PEOPLE)
def test_pages_and_their_counts_are_as_if_it_were_not_there(
    firm: Guarded, bare: tuple[str, Guarded], login: str
) -> None:
    without, other = bare
    differing = [
        address
        for address, full, less in zip(
            addresses(firm), shown(firm, firm, login), shown(other, firm, login), strict=True
        )
        if full != less and not tells_of_contact(address, without)
    ]
    assert differing == []


def shown(firm: Guarded, asked: Guarded, login: str) -> Iterator[str]:
    """The answers to all questions, but for what is of this session or upload only."""
    with firm.house.client(login) as client:
        for address in addresses(asked):
            there = address.replace(str(asked.open["upload"]), str(firm.open["upload"]))
            text = client.get(there).text.replace(client.headers["x-csrf-token"], "csrf")
            yield text.replace(str(firm.open["upload"]), "upload")


def tells_of_contact(address: str, without: str) -> bool:
    """Where somebody may see that there was contact, asks for the restricted customer, or all are counted alike.

    The channels' chart counts the whole pool, reading its progress mails; a target group tells how many it leaves out.
    One's own data hold the end of one's own session, and wrong links of the survey are counted.
    """
    counting = ("/reports/value", "/setup/done", "/setup/progress", "/settings/stored", "/s/")
    if "C9" in address:
        return True
    if without == "rested":
        return address.startswith((*counting, "/targets"))
    return address.startswith((*counting, "/customers/C1", "/sidebar?customer=C1", "/review/duplicates"))
