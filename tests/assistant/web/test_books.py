"""The books, notes and particulars over HTTP."""

from typing import Any

import pytest

from rules.terms.staff import FieldGroup, Staff
from tests.assistant.web.house import House

ORDER = {"order_no": "A1", "customer": "C1", "date": "2026-02-01", "amount": 1234.56, "status": "delivered"}
OFFER = {"offer_no": "O1", "customer": "C1", "date": "2026-02-01", "amount": "99.90"}
INVOICE = {"invoice_no": "R1", "customer": "C1", "date": "2026-02-01", "amount": 1000, "discount_percent": 3}
PAYMENT = {"invoice_no": "R1", "date": "2026-02-08", "amount": 970.0}
SURVEY = {"customer": "C1", "date": "2026-02-01", "score": 9, "comment": "Schnell"}
BOOKS = [("orders", ORDER), ("offers", OFFER), ("invoices", INVOICE), ("payments", PAYMENT), ("surveys", SURVEY)]


def without(house: House, login: str, *groups: FieldGroup) -> None:
    """Take rights from somebody."""
    with house.services.pool.begin() as work:
        staff = work.staff.get(login)
        assert staff is not None
        work.staff.put(Staff(login, staff.name, groups=frozenset(FieldGroup) - set(groups)))


def test_rows_are_taken_in_once(own_firm: House) -> None:
    with own_firm.client("anna", token=["write"]) as client:
        for path, row in BOOKS:
            first = client.post(f"/api/v1/{path}", json=[row])
            assert (first.status_code, first.json()) == (200, {"new": 1, "changed": 0, "same": 0}), first.text
            assert client.post(f"/api/v1/{path}", json=[row]).json() == {"new": 0, "changed": 0, "same": 1}
    with own_firm.client("anna") as client:
        books = client.get("/api/v1/customers/C1/ledger").json()
        assert books["orders"][0]["amount"] == "1234.56"
        assert [row["offer_no"] for row in books["offers"]] == ["O1"]
        assert books["invoices"][0]["discount_percent"] == 3
        assert books["payments"] == [
            {"invoice_no": "R1", "date": "2026-02-08", "amount": "970", "kind": "payment", "payment_no": ""}
        ]
        assert (books["open_items"], books["as_of"]) == ([], None)
        assert client.get("/api/v1/customers/none/ledger").status_code == 404


def test_of_rows_that_do_not_go_all_are_named_and_none_is_taken_in(own_firm: House) -> None:
    rows = [ORDER, ORDER | {"order_no": "A2", "customer": "C9"}, ORDER | {"order_no": "A3", "customer": "C8"}]
    with own_firm.client("anna") as client:
        answer = client.post("/api/v1/orders", json=rows, headers={"accept-language": "de"})
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert [each["field"] for each in answer.json()["errors"]] == ["1.customer", "2.customer"]
        assert "C9" in answer.json()["errors"][0]["problem"]
        amounts = [ORDER | {"amount": amount} for amount in (1.005, "NaN", 10**14, 1)]
        answer = client.post("/api/v1/orders", json=amounts)
        assert [each["field"] for each in answer.json()["errors"]] == ["0.amount", "1.amount", "2.amount"]
        days = [ORDER | {"date": "9999-12-31"}, ORDER]
        answer = client.post("/api/v1/orders", json=days)
        assert [each["field"] for each in answer.json()["errors"]] == ["0.date"]
        answer = client.post("/api/v1/payments", json=[PAYMENT])
        assert [each["field"] for each in answer.json()["errors"]] == ["0.invoice_no"]
        assert client.get("/api/v1/customers/C1/ledger").json()["orders"] == []


@pytest.mark.parametrize(
    "rows",
    [
        [ORDER | {"status": "lost"}],
        [ORDER | {"currency": "euro"}],
        [ORDER | {"colour": "red"}],
        [ORDER | {"date": "1.2.2026"}],
        [{"order_no": "A1"}],
        ORDER,
        [ORDER] * 1001,
    ],
)
def test_what_is_no_order_is_a_problem_of_the_asker(firm: House, rows: Any) -> None:
    with firm.client("anna") as client:
        assert client.post("/api/v1/orders", json=rows).status_code == 400


def test_the_frame_names_the_row_that_is_wrong(firm: House) -> None:
    with firm.client("anna") as client:
        answer = client.post("/api/v1/surveys", json=[SURVEY, SURVEY | {"score": 11}])
        assert answer.status_code == 400
        assert "1" in answer.json()["errors"][0]["field"] + answer.json()["errors"][0]["problem"]


def test_who_has_no_right_to_money_neither_reads_nor_writes_it(own_firm: House) -> None:
    without(own_firm, "anna", FieldGroup.MONEY)
    with own_firm.client("anna") as client:
        assert client.get("/api/v1/customers/C1/ledger").status_code == 403
        for path, row in BOOKS:
            assert client.post(f"/api/v1/{path}", json=[row]).status_code == (200 if path == "surveys" else 403)


def test_a_token_that_may_only_read_brings_nothing(firm: House) -> None:
    with firm.client("anna", token=["read"]) as client:
        for path, row in BOOKS:
            assert client.post(f"/api/v1/{path}", json=[row]).status_code == 403
        assert client.post("/api/v1/interactions", json={"customer": "C1", "text": "x"}).status_code == 403


def test_a_call_note_is_its_authors_and_stands_in_the_timeline(own_firm: House) -> None:
    with own_firm.client("anna") as client:
        note = {"customer": "C1", "channel": "call", "text": "Wünscht Rückruf", "staff": "lena"}
        answer = client.post("/api/v1/interactions", json=note)
        assert answer.status_code == 200, answer.text
        assert (answer.json()["staff"], answer.json()["channel"]) == ("anna", "call")
        entries = client.get("/api/v1/customers/C1/timeline").json()["entries"]
        assert (entries[0]["text"], entries[0]["who"]) == ("Wünscht Rückruf", "anna")
        again = client.get("/api/v1/interactions", params={"external_id": answer.json()["external_id"]})
        assert again.json() == answer.json()


def test_a_program_sends_an_entry_again_and_it_is_replaced(own_firm: House) -> None:
    call = {
        "customer": "C1",
        "channel": "call",
        "subject": "Anruf",
        "external_id": "pbx-7",
        "date": "2026-02-01T10:00:00+01:00",
        "direction": "incoming",
        "staff": "lena",
    }
    with own_firm.client("adam", token=["write", "read"]) as client:
        first = client.post("/api/v1/interactions", json=call).json()
        assert (first["staff"], first["date"]) == ("lena", "2026-02-01T09:00:00Z")
        client.post("/api/v1/interactions", json=call | {"text": "nachgetragen"})
        entries = client.get("/api/v1/customers/C1/timeline?channel=call").json()["entries"]
        assert [entry["text"] for entry in entries if entry["subject"] == "Anruf"] == ["nachgetragen"]


@pytest.mark.parametrize(
    ("entry", "status"),
    [
        ({"customer": "C9", "text": "x"}, 404),
        ({"customer": "C1"}, 400),
        ({"customer": "C1", "text": "  "}, 400),
        ({"customer": "C1", "text": "x", "channel": "mail"}, 400),
        ({"customer": "C1", "text": "x", "channel": "pigeon"}, 400),
        ({"customer": "C1", "text": "x", "channel": "order"}, 400),
        ({"customer": "C1", "text": "x", "date": "9999-12-31T23:00:00Z"}, 400),
        ({"customer": "C1", "text": "x", "contact": "P9"}, 400),
        ({"customer": "C1", "text": "x", "date": "2026-02-01T10:00:00"}, 400),
    ],
)
def test_what_is_no_entry_is_a_problem_of_the_asker(firm: House, entry: Any, status: int) -> None:
    with firm.client("anna") as client:
        assert client.post("/api/v1/interactions", json=entry).status_code == status
        assert client.get("/api/v1/interactions?external_id=none").status_code == 404


def test_particulars_are_written_changed_and_taken_out(own_firm: House) -> None:
    with own_firm.client("anna") as client:
        path = "/api/v1/customers/C1/particulars"
        made = client.post(path, json={"text": "Nur vormittags anrufen"})
        assert made.status_code == 201, made.text
        client.post(path, json={"text": "Abgelaufen", "until": "2020-01-01"})
        assert [each["text"] for each in client.get(path).json()["particulars"]] == ["Nur vormittags anrufen"]
        one = f"/api/v1/particulars/{made.json()['id']}"
    with own_firm.client("lena") as client:
        changed = client.put(one, json={"text": "Nur nachmittags", "until": "2999-01-01"}).json()
        assert (changed["author"], changed["until"]) == ("lena", "2999-01-01")
        assert client.put(one, json={"text": " "}).status_code == 400
        assert client.delete(one).status_code == 204
        assert client.delete(one).status_code == 404
        assert client.get(path).json()["particulars"] == []
        assert client.post("/api/v1/customers/C9/particulars", json={"text": "x"}).status_code == 404


def test_who_has_no_right_to_particulars_sees_none(own_firm: House) -> None:
    without(own_firm, "anna", FieldGroup.PARTICULARS)
    with own_firm.client("anna") as client:
        assert client.get("/api/v1/customers/C1/particulars").status_code == 403
        assert client.post("/api/v1/customers/C1/particulars", json={"text": "x"}).status_code == 403


def test_the_description_of_the_api_shows_the_books(firm: House) -> None:
    with firm.client("anna") as client:
        paths = client.get("/api/docs/openapi.json").json()["paths"]
        assert {f"/api/v1/{path}" for path, _ in BOOKS} | {"/api/v1/interactions"} <= paths.keys()
