"""Customers without a file on the pages: shown with reasons, confirmed in one go, taken back; for leads."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from threading import Event
from typing import cast

import pytest
from litestar.testing import TestClient

from assistant.correspondence import Correspondence
from assistant.intake import Batch, Intake
from assistant.reader import Reader
from assistant.triage import Triage
from rules.terms.mail import FolderRole, Placement, RawMail
from tests.assistant.web import sample
from tests.assistant.web.sampled import own_firm
from tests.assistant.web.test_pages import Visitor

__all__ = ["own_firm"]


def letters(firm: sample.Sample) -> None:
    """Mail with a customer to be, a supplier and somebody of whom nothing is told."""
    settings, pool = firm.services.settings, firm.services.pool
    reader = cast(Reader, sample.HereReader(settings.as_firm()))
    intake = Intake(pool, reader, Triage.by(settings))
    us, now = "info@brueckner.example", datetime.now(UTC)
    mails = (
        ("Karla Kranz <kranz@kranz-metall.example>", us, "Anfrage Tore", "bitte senden Sie uns ein Angebot."),
        (us, "Karla Kranz <kranz@kranz-metall.example>", "Angebot 12", "anbei unser Angebot"),
        (us, "shop@bleche.example", "Bestellung", "hiermit bestellen wir"),
        (us, "Paula Privat <paula.privat@gmx.de>", "Termin", "Hallo"),
    )
    for number, (sender, to, subject, text) in enumerate(mails, 900):
        message = EmailMessage()
        message["From"], message["To"], message["Subject"], message["Date"] = sender, to, subject, now
        message["Message-ID"] = f"<{number}@without-file.example>"
        message.set_content(text)
        folder, role = ("Sent", FolderRole.SENT) if sender == us else ("INBOX", FolderRole.INBOX)
        raw = RawMail(message.as_bytes(), Placement("info", folder, 7, number), now)
        intake.receive(Batch("info", folder, role, (raw,)))
    Correspondence(pool, settings.as_firm()).run(Event())


@pytest.fixture
def firm(own_firm: sample.Sample) -> sample.Sample:
    letters(own_firm)
    return own_firm


def posted(visitor: Visitor, path: str, form: Mapping[str, str], status: int = 200) -> str:
    """Send a form whose names are no words of Python; the page that follows."""
    answer = visitor.client.post(path, data={"_csrf_token": visitor.csrf, **form}, follow_redirects=True)
    assert answer.status_code == status, answer.text
    return answer.text


def keys(page: str) -> list[str]:
    return re.findall(r'name="pick-\d+" value="([^"]+)"', page)


def test_they_are_shown_with_reasons_and_confirmed_in_one_go(firm: sample.Sample) -> None:
    anna = Visitor(firm)
    assert "Aus dem Schriftverkehr" in anna.get("/customers")
    page = anna.get("/correspondents")
    found = keys(page)
    form = {f"pick-{number}": key for number, key in enumerate(found)}
    assert len(found) == 3
    for words in (
        "Kranz Metall",
        "bestellt bei Ihnen oder fragt an",
        "verkauft Ihnen etwas",
        "Nichts in den Mails sagt",
    ):
        assert words in page, words
    assert keys(anna.get("/correspondents?kind=supplier")) == ["bleche.example"]
    assert keys(anna.get("/correspondents?kind=open")) == ["paula.privat@gmx.de"]
    assert "Wählen Sie, was" in posted(anna, "/correspondents", {"pick-0": found[0], "name-0": "Wer"}, 400)
    anna.post("/correspondents", status=400)
    before = anna.get("/customers")
    page = posted(anna, "/correspondents", form | {"all": "customer"})
    assert f"{len(found)} als Kunden angelegt, 0 Absender vermerkt." in page
    assert "Niemand wartet auf eine Entscheidung" in page
    assert anna.get("/customers") != before
    batch = re.search(r"/correspondents/(\d+)/undo", page)
    assert batch
    page = anna.post(f"/correspondents/{batch[1]}/undo")
    assert "Zurückgenommen; die Mails sind wieder offen." in page
    assert keys(page) == found
    assert anna.get("/customers") == before
    anna.post(f"/correspondents/{batch[1]}/undo", status=404)


def test_the_never_file_list_is_kept_on_the_page(firm: sample.Sample) -> None:
    anna = Visitor(firm, language="en")
    page = posted(anna, "/correspondents", {"pick-0": "paula.privat@gmx.de", "kind-0": "never"})
    assert "0 created as customers, 1 senders noted." in page
    page = anna.post("/correspondents/never", entry="post@anderer.example")
    assert "post@anderer.example" in page
    anna.post("/correspondents/never", status=400, entry="gmx.de")
    numbers = re.findall(r"/correspondents/never/(\d+)/remove", page)
    assert len(numbers) == 2
    for number in numbers:
        page = anna.post(f"/correspondents/never/{number}/remove")
    assert "post@anderer.example" not in page
    anna.post(f"/correspondents/never/{numbers[0]}/remove", status=404)


def test_only_leads_decide(firm: sample.Sample) -> None:
    ben = Visitor(firm, "ben")
    assert "/correspondents" not in ben.get("/customers")
    ben.get("/correspondents", status=403)
    ben.post("/correspondents", status=403)
    ben.post("/correspondents/never", status=403, entry="a@b.example")
    ben.post("/correspondents/1/undo", status=403)


def test_the_same_over_http(firm: sample.Sample) -> None:
    anna, access = TestClient(firm.app, base_url="http://127.0.0.1:8470"), firm.services.access
    anna.headers["authorization"] = f"Bearer {access.new_token('anna', 'CRM', ['read', 'write'])}"
    found = anna.get("/api/v1/correspondents").json()
    assert found["counts"] == {"customer": 1, "supplier": 1, "open": 1}
    kranz = next(one for one in found["correspondents"] if one["key"] == "kranz-metall.example")
    assert (kranz["name"], kranz["kind"], kranz["received"], kranz["sent"]) == ("Kranz Metall", "customer", 1, 1)
    assert [one["address"] for one in kranz["addresses"]] == ["kranz@kranz-metall.example"]
    assert [one["key"] for one in anna.get("/api/v1/correspondents?unsure=true").json()["correspondents"]] == [
        "paula.privat@gmx.de"
    ]
    chosen = [
        {"key": "kranz-metall.example", "kind": "customer", "name": "Kranz GmbH"},
        {"key": "bleche.example", "kind": "supplier"},
        {"key": "paula.privat@gmx.de", "kind": "never"},
    ]
    number = anna.post("/api/v1/correspondents", json={"choices": chosen}).json()["adoption"]
    assert anna.get("/api/v1/correspondents").json() == {"correspondents": [], "counts": {}}
    assert [one["name"] for one in anna.get("/api/v1/customers?q=Kranz").json()["customers"]] == ["Kranz GmbH"]
    assert [one["entry"] for one in anna.get("/api/v1/never-filed").json()] == ["paula.privat@gmx.de"]
    assert anna.delete(f"/api/v1/adoptions/{number}").json() == {"stay": 0}
    assert anna.delete(f"/api/v1/adoptions/{number}").status_code == 404
    assert len(anna.get("/api/v1/correspondents").json()["correspondents"]) == 3
    kept = anna.post("/api/v1/never-filed", json={"entry": "Werbung.example"})
    assert (kept.status_code, kept.json()["entry"]) == (201, "@werbung.example")
    assert anna.delete(f"/api/v1/never-filed/{kept.json()['id']}").status_code == 204
    assert anna.get("/api/v1/never-filed").json() == []
    for wrong in ([], [{"key": "x", "kind": "king"}]):
        assert anna.post("/api/v1/correspondents", json={"choices": wrong}).status_code == 400
    assert anna.post("/api/v1/never-filed", json={"entry": "gmx.de"}).status_code == 400
