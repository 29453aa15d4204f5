"""The rights of persons over HTTP: who may hand over, erase, restrict, and what comes of it."""

import io
import json
import zipfile

from rules.terms.worth import Bar
from tests.assistant.web.house import SECRET, House


def test_an_export_names_what_is_closed_and_holds_nothing_of_it(firm: House) -> None:
    with firm.client("lena") as client:
        answer = client.get("/api/v1/customers/C1/export")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    content = json.loads(archive.read("export.json"))
    assert content["customers"][0]["id"] == "C1"
    assert content["withheld"]["mails"] > 0
    everything = "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    assert SECRET not in everything


def test_an_erasure_is_shown_first_and_takes_the_right_name(own_firm: House) -> None:
    with own_firm.client("adam") as client:
        shown = client.get("/api/v1/customers/C1/erasure").json()
        assert (shown["records"], shown["mails"] > 0) == (1, True)
        wrong = client.post("/api/v1/customers/C1/erasure", json={"name": "Jemand anders"})
        assert (wrong.status_code, "nothing was erased" in wrong.text.lower()) == (400, True), wrong.text
        assert client.get("/api/v1/customers/C1/summary").status_code == 200
        done = client.post("/api/v1/customers/C1/erasure", json={"name": shown["name"]})
        assert (done.status_code, done.json()) == (200, shown)
        assert client.get("/api/v1/customers/C1/summary").status_code == 404
        assert client.get("/api/v1/customers/C1/erasure").status_code == 404


def test_a_restricted_customer_is_open_to_administrators_only(own_firm: House) -> None:
    with own_firm.client("adam") as adam, own_firm.client("anna") as anna:
        assert adam.put("/api/v1/customers/C1/restriction", json={"until": "2099-12-31"}).status_code == 204
        assert anna.get("/api/v1/customers/C1/timeline").status_code == 403
        assert anna.get(f"/api/v1/messages/{own_firm.open_mail}/raw").status_code == 403
        for closed in ("/api/v1/customers/C1/ledger", "/api/v1/customers/C1/particulars", "/customers/C1"):
            assert (anna.get(closed).status_code, adam.get(closed).status_code) == (403, 200), closed
        summary = anna.get("/api/v1/customers/C1/summary").json()
        assert (summary["customer"], "restricted" in summary["withheld"]) == (None, True)
        assert adam.get("/api/v1/customers/C1/summary").json()["customer"]["id"] == "C1"
        assert "C1" not in {one["id"] for one in anna.get("/api/v1/customers").json()["customers"]}
        assert adam.delete("/api/v1/customers/C1/restriction").status_code == 204
        assert adam.delete("/api/v1/customers/C1/restriction").status_code == 404
        assert anna.get("/api/v1/customers/C1/timeline").status_code == 200


def test_everybody_may_note_an_objection(own_firm: House) -> None:
    with own_firm.client("anna") as client:
        assert client.put("/api/v1/customers/C1/objection", json={"source": "Anruf"}).status_code == 204
        with own_firm.services.pool.read() as work:
            assert work.decisions.bars(["C1"]) == {"C1": {Bar.OBJECTION}}
        assert client.delete("/api/v1/customers/C1/objection").status_code == 204
        assert client.put("/api/v1/customers/C9/objection", json={}).status_code == 404
