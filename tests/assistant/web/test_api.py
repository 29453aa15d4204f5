import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.web.downloads import safe_name
from rules.terms.mail import Cursor, FolderRole
from tests.assistant.web.house import House

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
FIELDS = st.sampled_from(["message_id", "from", "subject", "mailbox", "extra"])
NEAR = st.dictionaries(FIELDS, JSON | st.text(), max_size=5)


def test_a_client_gets_the_summary_of_the_message_it_shows(firm: House) -> None:
    with firm.client("anna", token=["read"]) as client:
        question = {"message_id": "<gutentag@example.com>", "from": "karin@hansen.example"}
        answer = client.post("/api/v1/summary", json=question)
        assert answer.status_code == 200
        summary = answer.json()
        assert summary["status"] == "known"
        assert summary["customer"]["name"] == "Hansen Metallbau"
        assert {"cases", "complaint", "money", "value", "promises", "next_action", "withheld"} <= set(summary)


def test_a_message_that_is_not_there_yet_is_pending(firm: House) -> None:
    with firm.client("anna", token=["read"]) as client:
        assert client.post("/api/v1/summary", json={"message_id": "later@example.com"}).json()["status"] == "pending"


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.one_of(JSON, NEAR).map(lambda value: json.dumps(value).encode()) | st.binary(max_size=200))
def test_no_body_breaks_the_summary(firm: House, body: bytes) -> None:
    with firm.client("anna", token=["read"]) as client:
        answer = client.post("/api/v1/summary", content=body, headers={"content-type": "application/json"})
        assert answer.status_code in (200, 400)
        if answer.status_code == 400:
            assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "body",
    [
        b'{"message_id": "\\ud800"}',
        b'{"message_id": "a\\u0000b"}',
        b'{"message_id": ""}',
        b'{"message_id": "a", "sender": "misnamed"}',
        b"[" * 5000,
        b'{"message_id": ' + b"1" * 5000 + b"}",
        b"",
    ],
)
def test_an_odd_question_is_a_problem_of_the_asker(firm: House, body: bytes) -> None:
    with firm.client("anna", token=["read"]) as client:
        answer = client.post("/api/v1/summary", content=body, headers={"content-type": "application/json"})
        assert answer.status_code == 400
        assert answer.json()["title"] == "Bad Request"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/messages/0", 400),
        ("/api/v1/messages/99999999999999999999", 400),
        ("/api/v1/messages/-1", 400),
        ("/api/v1/messages/" + "9" * 5000, 404),
        ("/api/v1/messages/x", 404),
        ("/api/v1/messages/1/attachments/7", 404),
        ("/api/v1/customers/a%00b/summary", 400),
        ("/api/v1/customers?q=%00", 400),
        ("/api/v1/customers?limit=0", 400),
        ("/api/v1/customers?limit=201", 400),
        ("/api/v1/customers?q=" + "x" * 201, 400),
        ("/api/v1/customers/none/summary", 404),
        ("/api/v1/customers/none/timeline", 404),
        ("/api/v1/customers/C1/timeline?before=nonsense", 400),
        ("/api/v1/customers/C1/timeline?before=2024-01-01T00:00:00%2B00:00~99999999999999999999", 400),
        ("/api/v1/customers/C1/timeline?before=9223372036854775807", 400),
        ("/api/v1/customers/C1/timeline?before=9223372036854775808", 400),
        ("/api/v1/customers/C1/timeline?before=%C2%B2", 400),
        ("/api/v1/customers/C1/timeline?before=-1", 400),
        ("/api/v1/customers/C1/timeline?before=", 400),
        ("/api/v1/customers/C2/timeline?before=1", 400),
        ("/api/v1/customers/C1/timeline?channel=pigeon", 400),
        ("/api/v1/nothing", 404),
        ("/%ff%fe", 404),
    ],
)
def test_an_odd_address_is_a_problem_of_the_asker(firm: House, path: str, status: int) -> None:
    with firm.client("anna") as client:
        answer = client.get(path)
        assert answer.status_code == status
        assert answer.json()["detail"]


def test_a_body_over_a_megabyte_is_refused(firm: House) -> None:
    with firm.client("anna") as client:
        answer = client.post("/api/v1/summary", json={"message_id": "x" * 1_000_001})
        assert answer.status_code == 413


def test_the_reader_chooses_form_and_language(firm: House) -> None:
    with firm.client("anna") as client:
        path = "/api/v1/customers/C1/summary"
        assert client.get(path).headers["content-type"] == "application/json"
        plain = client.get(path, headers={"accept": "text/plain", "accept-language": "de"})
        assert plain.headers["content-type"].startswith("text/plain")
        assert "Hansen Metallbau" in plain.text
        page = client.get(path, headers={"accept": "text/html"})
        assert page.headers["content-type"].startswith("text/html")
        assert "Hansen Metallbau" in page.text
        german = client.get("/api/v1/customers/none/summary", headers={"accept-language": "de-AT,en;q=0.5"})
        assert german.json()["detail"].startswith("Hier ist nichts")


def test_customers_are_found_and_listed(firm: House) -> None:
    with firm.client("anna") as client:
        assert [each["id"] for each in client.get("/api/v1/customers?q=hansen").json()["customers"]] == ["C1"]
        first = client.get("/api/v1/customers?limit=1").json()
        second = client.get(f"/api/v1/customers?limit=1&after={first['next']}").json()
        assert [first["customers"][0]["id"], second["customers"][0]["id"]] == ["C1", "C2"]


def test_of_a_closed_mail_the_timeline_says_only_that_there_was_contact(firm: House) -> None:
    with firm.client("anna") as client:
        entries = client.get("/api/v1/customers/C1/timeline?channel=mail").json()["entries"]
        closed = [entry for entry in entries if not entry["open"]]
        assert len(entries) == 3
        assert len(closed) == 1
        assert not closed[0]["subject"]
        assert not closed[0]["text"]
        assert closed[0]["message"] is None
        assert closed[0]["date"][11:16] == "12:00"


def test_the_mark_of_a_page_tells_no_time(firm: House) -> None:
    path, seen, mark = "/api/v1/customers/C1/timeline?limit=1", [], ""
    with firm.client("anna") as client:
        while True:
            page = client.get(path + mark).json()
            seen += page["entries"]
            if page["next"] is None:
                break
            assert page["next"].isdecimal()
            assert len(page["next"]) < 3
            mark = f"&before={page['next']}"
        assert seen == client.get("/api/v1/customers/C1/timeline").json()["entries"]
    assert [entry["open"] for entry in seen].count(False) == 1


def test_a_mail_tells_what_it_says_and_why_it_was_filed(firm: House) -> None:
    with firm.client("anna") as client:
        mail = client.get(f"/api/v1/messages/{firm.open_mail}").json()
        assert mail["from"] == {"addr": "karin@hansen.example", "name": "Karin Hansen"}
        assert mail["text"] == "Guten Tag"
        why = client.get(f"/api/v1/messages/{firm.open_mail}/evidence", headers={"accept-language": "de"}).json()
        assert why["evidence"][0] == {
            "key": "address",
            "reason": "Adresse bekannt",
            "quote": "karin@hansen.example",
            "weight": 4.0,
        }


@pytest.mark.parametrize("path", ["raw", "attachments/0"])
def test_a_strangers_file_is_saved_never_shown(firm: House, path: str) -> None:
    with firm.client("anna") as client:
        answer = client.get(f"/api/v1/messages/{firm.open_mail}/{path}")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert "sandbox" in answer.headers["content-security-policy"]
        assert b"Guten Tag" in answer.content


def test_a_quarantined_mail_can_be_saved_and_tried_again(own_firm: House) -> None:
    with own_firm.client("anna") as client:
        listed = client.get("/api/v1/quarantine").json()
        assert listed["count"] == 1
        [mail] = listed["mails"]
        assert mail["reason"] == "zu viele Teile"
        assert b"kaputt info" in client.get(f"/api/v1/quarantine/{mail['id']}/raw").content
        assert client.post(f"/api/v1/quarantine/{mail['id']}/retry").json() == {"pooled": False}
        assert own_firm.services.intake.retried == [mail["id"]]


def test_a_match_is_corrected_and_the_correction_undone(own_firm: House) -> None:
    path = f"/api/v1/messages/{own_firm.open_mail}/match"
    with own_firm.client("anna") as client:
        corrected = client.post(path, json={"customer": "C2"}).json()
        assert (corrected["customer"], corrected["decided_by"]) == ("C2", "anna")
        assert client.delete(path).json()["customer"] == "C1"


def test_a_token_is_made_shown_once_listed_and_revoked(own_firm: House) -> None:
    with own_firm.client("anna") as client:
        made = client.post("/api/v1/tokens", json={"name": "Thunderbird", "scopes": ["read"], "days": 30})
        assert made.status_code == 201
        [listed] = client.get("/api/v1/tokens").json()
        assert listed["name"] == "Thunderbird"
        assert made.json()["token"] not in client.get("/api/v1/tokens").text
        with own_firm.client() as program:
            program.headers["authorization"] = f"Bearer {made.json()['token']}"
            assert program.get("/api/v1/customers").status_code == 200
            assert client.delete(f"/api/v1/tokens/{listed['id']}").status_code == 204
            assert program.get("/api/v1/customers").status_code == 401


def test_a_lead_switches_following_for_all_and_an_owner_for_themselves(own_firm: House) -> None:
    broker = own_firm.services.broker
    with own_firm.client("lena") as lena, own_firm.client("anna") as anna:
        assert lena.patch("/api/v1/mailboxes/info", json={"follow": True}).json()["follow"] is True
        assert anna.patch("/api/v1/mailboxes/info", json={"follow": False}).status_code == 403
        assert broker.followed == {"info", "anna", "berta"}
        assert anna.patch("/api/v1/mailboxes/anna", json={"follow": False}).status_code == 200
        assert broker.followed == {"info", "berta"}


def test_marks_are_switched_by_the_same_people(own_firm: House) -> None:
    with own_firm.client("lena") as lena, own_firm.client("anna") as anna:
        assert lena.get("/api/v1/mailboxes").json()[0]["marks"] is False
        assert lena.patch("/api/v1/mailboxes/info", json={"marks": True}).json()["marks"] is True
        assert anna.patch("/api/v1/mailboxes/info", json={"marks": False}).status_code == 403
        assert lena.patch("/api/v1/mailboxes/anna", json={"marks": True}).status_code == 404
        answer = anna.patch("/api/v1/mailboxes/anna", json={"marks": True})
        assert answer.json()["marks"] is True
        assert answer.json()["follow"] is True
        with own_firm.services.pool.begin() as work:
            work.mailboxes.advance("info", "Archiv", FolderRole.ARCHIVE, Cursor(1))
            work.marks.set_markable("info", "Archiv", False)
        (shown,) = (one for one in anna.get("/api/v1/mailboxes").json() if one["name"] == "info")
        assert shown["unmarkable"] == ["Archiv"]


def test_the_description_of_the_api_needs_no_foreign_server(firm: House) -> None:
    with firm.client("anna") as client:
        page = client.get("/api/docs")
        assert page.status_code == 200
        assert "<script" not in page.text
        assert "style=" not in page.text
        assert "//" not in page.text.replace("</", "")
        schema: dict[str, Any] = client.get("/api/docs/openapi.json").json()
        assert set(schema["paths"]["/api/v1/summary"]) == {"post"}
        operations = [operation for item in schema["paths"].values() for operation in item.values()]
        assert all(operation["description"] for operation in operations)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\windows\\x.exe", "x.exe"),
        ("a\r\nSet-Cookie: x", "aSet-Cookie: x"),
        ("rechnung\u202efdp.exe", "rechnungfdp.exe"),
        ("…", "…"),
        (" .. ", ""),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_a_file_name_is_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_sender_is_made_a_customer_or_said_to_be_none_by_a_program(own_firm: House) -> None:
    no = own_firm.open_mail
    with own_firm.client("anna", token=["read", "write"]) as client:
        assert client.get("/api/v1/leads").json() == {"leads": []}
        made = client.post(f"/api/v1/messages/{no}/customer", json={"customer": {"name": "Neu GmbH", "city": "Ulm"}})
        assert (made.status_code, made.json()["customer"]) == (201, "N-000001")
        assert client.delete(f"/api/v1/messages/{no}/customer").json()["customer"] == "C1"
        assert client.get("/api/v1/customers/N-000001/summary").status_code == 404
        said = client.post(f"/api/v1/messages/{no}/sender", json={"stance": "ignore"})
        # The mail of this house was stored without a writer.
        assert said.status_code == 400
        assert client.post(f"/api/v1/messages/{no}/sender", json={"stance": "emperor"}).status_code == 400
        assert client.post(f"/api/v1/messages/{no}/customer", json={"customer": {"name": ""}}).status_code == 400
        closed = f"/api/v1/messages/{own_firm.closed_mail}/customer"
        assert client.post(closed, json={"customer": {"name": "Neu"}}).status_code == 404


def test_one_record_is_made_two_by_a_program(own_firm: House) -> None:
    with own_firm.client("anna", token=["read", "write"]) as client:
        nobody = client.post("/api/v1/customers/C1/parts", json={"name": "Zwei", "contacts": ["gibtsnicht"]})
        assert nobody.status_code == 404
        assert client.post("/api/v1/customers/C1/parts", json={"name": "Zwei"}).status_code == 400
        with own_firm.services.pool.read() as work:
            entries = [one.id for one in work.interactions.timeline("C1", limit=1)]
        made = client.post("/api/v1/customers/C1/parts", json={"name": "Zwei", "id": "Z2", "entries": entries})
        assert (made.status_code, made.json()) == (201, {"customer": "Z2"})


def test_duplicates_are_merged_and_split_by_a_program(own_firm: House) -> None:
    with own_firm.client("anna", token=["read", "write"]) as client:
        [merge] = client.post("/api/v1/customers/C1/merges", json={"merged": "C2"}).json()["merges"]
        assert (merge["merged"], merge["staff"]) == ("C2", "anna")
        assert client.delete(f"/api/v1/merges/{merge['id']}").status_code == 204
        assert client.delete(f"/api/v1/merges/{merge['id']}").status_code == 404
        assert client.get("/api/v1/customers/C1/merges").json() == {"merges": []}
        assert client.post("/api/v1/customers/C1/merges", json={"merged": "C1"}).status_code == 400
        assert client.get("/api/v1/proposals?state=accepted").json() == {"proposals": [], "next": None}
        assert client.post("/api/v1/proposals/1/accept").status_code == 404
