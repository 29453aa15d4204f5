"""Letters and fax as files: kept by page and by HTTP, searchable, handed out safely, exported and erased."""

import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from assistant.handing_over import export
from assistant.privacy import Privacy
from tests.assistant.web import sample
from tests.assistant.web.sampled import firm, own_firm
from tests.assistant.web.test_pages import Visitor
from tests.connectors import papers

__all__ = ["firm", "own_firm"]

LETTER = papers.pdf(["Sehr geehrte Damen und Herren,", "hiermit kündigen wir den Wartungsvertrag."], ["Seite 2"])


def keep(
    visitor: Visitor, content: bytes = LETTER, name: str = "Kündigung.pdf", status: int = 303, **fields: str
) -> str:
    """Send the form of the page."""
    answer = visitor.client.post(
        "/customers/C1/letters",
        data={"_csrf_token": visitor.csrf, **fields},
        files={"file": (name, content, "application/octet-stream")},
        follow_redirects=False,
    )
    assert answer.status_code == status, answer.text
    return answer.text


def api(visitor: Visitor, content: bytes = LETTER, name: str = "brief.pdf", **fields: str) -> dict[str, object]:
    """Bring a letter as a program does."""
    answer = visitor.client.post(
        "/api/v1/customers/C1/documents",
        data=fields,
        files={"file": (name, content)},
        headers={"x-csrf-token": visitor.csrf},
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


def test_a_letter_stands_in_the_timeline_with_its_text_and_is_found(firm: sample.Sample) -> None:
    anna = Visitor(firm)
    keep(anna, subject="Kündigung", text="Per Einschreiben", date="2026-11-02", channel="letter")
    page = anna.get("/customers/C1?q=Wartungsvertrag")
    for words in (
        "Kündigung.pdf",
        "2 Seiten",
        "hiermit kündigen wir den Wartungsvertrag",
        "Per Einschreiben",
        "eingegangen",
    ):
        assert words in page, words
    assert "Wartungsvertrag." not in anna.get("/customers/C1?q=Werksbesuch")


def test_a_letter_is_found_among_all_customers_until_its_customer_is_restricted(own_firm: sample.Sample) -> None:
    anna = Visitor(own_firm)
    keep(anna, subject="Kündigung", date="2026-11-02")
    page = anna.get("/customers?q=wartungsv+kuendigen")
    for words in ("/customers/C1?q=wartungsv%20kuendigen#entries", "hiermit kündigen wir den Wartungsvertrag"):
        assert words in page, words
    assert "Kündigung.pdf" in anna.get("/customers/C1?q=wartungsv+kuendigen")
    assert "Keine Notiz" in anna.get("/customers?q=wartungsvertraege")
    Privacy.over(own_firm.services.settings, own_firm.services.pool).restrict("C1", None, "adam")
    assert "hiermit" not in anna.get("/customers?q=wartungsv+kuendigen")


def test_the_same_file_again_is_the_same_letter(firm: sample.Sample) -> None:
    anna = Visitor(firm)
    keep(anna, subject="Erst so")
    keep(anna, subject="Dann so")
    page = anna.get("/customers/C1")
    assert "Dann so" in page
    assert "Erst so" not in page


def test_the_file_is_handed_out_as_a_download_whatever_it_is(firm: sample.Sample) -> None:
    anna = Visitor(firm)
    id = api(anna, name='../böse".pdf')["id"]
    for there in (f"/customers/C1/documents/{id}", f"/api/v1/customers/C1/documents/{id}/file"):
        answer = anna.client.get(there)
        assert answer.content == LETTER
        assert answer.headers["content-type"].startswith("application/octet-stream")
        assert answer.headers["content-disposition"].startswith("attachment")
        assert ".." not in answer.headers["content-disposition"]
        assert "sandbox" in answer.headers["content-security-policy"]
    assert anna.client.get(f"/customers/C2/documents/{id}").status_code == 404
    assert anna.client.get(f"/api/v1/customers/C1/documents/{id}").json()["text"].endswith("Seite 2")


def test_a_picture_is_shown_and_a_pdf_is_not(firm: sample.Sample) -> None:
    anna = Visitor(firm)
    picture, letter = api(anna, papers.PNG, "scan.png")["id"], api(anna)["id"]
    answer = anna.client.get(f"/customers/C1/documents/{picture}?show=1")
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "attachment" in anna.client.get(f"/customers/C1/documents/{letter}?show=1").headers["content-disposition"]
    assert f'/customers/C1/documents/{picture}?show=1"' in anna.get("/customers/C1")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (papers.pdf(["geheim"], password="wort"), "mit einem Kennwort geschützt"),
        (b"%PDF-1.7 kaputt", "beschädigt"),
        (papers.pdf([]), "enthält nur Bilder"),
    ],
)
def test_what_cannot_be_read_is_kept_and_says_so(firm: sample.Sample, content: bytes, words: str) -> None:
    anna = Visitor(firm)
    id = api(anna, content)["id"]
    assert words in anna.get("/customers/C1")
    assert anna.client.get(f"/customers/C1/documents/{id}").content == content


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00", b"<html>"])
def test_other_files_are_refused(firm: sample.Sample, content: bytes) -> None:
    assert "PDF, JPEG, PNG" in keep(Visitor(firm), content, status=400)


def test_a_program_names_day_direction_and_its_own_id(firm: sample.Sample) -> None:
    anna = Visitor(firm)
    made = api(
        anna, external_id="dms:1", date="2026-11-02T10:00:00Z", channel="fax", direction="outgoing", subject="Fax 1"
    )
    again = api(anna, papers.pdf(["anders"]), external_id="dms:1", subject="Fax 1", channel="fax")
    assert (made["id"], made["channel"], made["external_id"]) == (again["id"], "fax", "dms:1")
    entries = anna.client.get("/api/v1/customers/C1/timeline?channel=fax").json()["entries"]
    assert entries[0]["document"]["text"] == "anders"


def test_a_letter_goes_out_with_an_export_and_goes_with_its_customer(own_firm: sample.Sample) -> None:
    anna, pool = Visitor(own_firm), own_firm.services.pool
    api(anna)
    privacy = Privacy.over(own_firm.services.settings, pool)
    out = io.BytesIO()
    export(pool, privacy.find("C1"), out, language="de", now=datetime.now(UTC))
    with zipfile.ZipFile(out) as archive:
        (name,) = (one for one in archive.namelist() if one.startswith("documents/"))
        assert archive.read(name) == LETTER
        assert "Wartungsvertrag" in archive.read("export.json").decode()
    with pool.read() as work:
        ((_, digest, _),) = work.documents.files_of(["C1"], [])
    assert digest in set(pool.digests())
    privacy.erase(privacy.find("C1"))
    pool.sweep(grace=timedelta())
    assert not pool.blobs.has(digest)


def test_a_letter_follows_a_merge_and_comes_back(own_firm: sample.Sample) -> None:
    anna, pool = Visitor(own_firm), own_firm.services.pool
    id = api(anna)["id"]
    with pool.begin() as work:
        merge = work.merges.merge("C2", "C1", "anna", datetime.now(UTC))
    assert anna.client.get(f"/customers/C2/documents/{id}").content == LETTER
    assert api(anna)["id"] == id
    with pool.begin() as work:
        work.merges.undo(merge, "anna", datetime.now(UTC))
    assert anna.client.get(f"/customers/C1/documents/{id}").content == LETTER


def test_what_replaces_a_letter_does_not_keep_its_file(own_firm: sample.Sample) -> None:
    anna = Visitor(own_firm)
    api(anna, external_id="dms:7")
    call = {"customer": "C2", "channel": "call", "subject": "Rückruf", "external_id": "dms:7"}
    answer = anna.client.post("/api/v1/interactions", json=call, headers={"x-csrf-token": anna.csrf})
    assert answer.status_code == 200, answer.text
    with own_firm.services.pool.read() as work:
        assert work.documents.files_of(["C1", "C2"], []) == []
