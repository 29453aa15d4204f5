"""Duplicates, referrals and rights of persons on the pages and over HTTP."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import pytest

from assistant.duplicates import DuplicateFinder
from rules.identifiers import of_customer
from rules.terms.staff import Role, Staff
from storage.restrictions import Restriction
from tests.assistant.web import sample
from tests.assistant.web.sampled import own_firm as firm
from tests.assistant.web.test_pages import Visitor

__all__ = ["firm"]


def api(visitor: Visitor, method: str, path: str, status: int = 200, **body: Any) -> Any:
    """Ask the interface as somebody who is logged in on the pages."""
    headers = {"accept": "application/json", "x-csrf-token": visitor.csrf}
    answer = visitor.client.request(method, f"/api/v1{path}", headers=headers, json=body or None)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


def doubled(firm: sample.Sample) -> None:
    """Hansen is there twice."""
    twin = replace(sample.CUSTOMERS[0], id="C77", customer_no="10077", street="Werftstr. 12", key_account=False)
    own = firm.services.settings.as_firm()
    with firm.services.pool.begin() as work:
        work.customers.upsert([twin], of_customer(twin, own))
    later = datetime.now(UTC) + timedelta(days=1)
    DuplicateFinder(firm.services.pool, own, lambda: later).run(Event())


def test_a_duplicate_is_shown_side_by_side_merged_and_parted_again(firm: sample.Sample) -> None:
    anna = Visitor(firm)
    assert "Keine Dubletten gefunden" in anna.get("/review/duplicates")
    doubled(firm)
    page = anna.get("/review/duplicates")
    for words in ("Hansen Metallbau", "USt-IdNr.", "Werftstr. 12", "98\u202f% sicher", "Behalten"):
        assert words in page, words
    assert "Mögliche Dubletten" in anna.get("/")
    assert "meint vielleicht denselben Kunden" in anna.get("/customers/C1")
    [pair] = api(anna, "GET", "/duplicates")["duplicates"]
    assert (pair["one"], pair["other"], pair["confidence"]) == ("C1", "C77", 0.98)
    assert {"reason": "USt-IdNr.", "quote": "DE811234567"} in pair["evidence"]
    anna.post(f"/review/duplicates/{pair['id']}/merge", status=400, kept="C2")
    page = anna.post(f"/review/duplicates/{pair['id']}/merge", kept="C1")
    assert "gehört jetzt hierher" in page
    assert "Keine Dubletten gefunden" in page
    [merge] = api(anna, "GET", "/customers/C1/merges")["merges"]
    api(anna, "DELETE", f"/merges/{merge['id']}", 204)
    assert len(api(anna, "GET", "/duplicates")["duplicates"]) == 1


def test_two_that_are_two_are_never_proposed_again(firm: sample.Sample) -> None:
    anna = Visitor(firm)
    doubled(firm)
    [pair] = api(anna, "GET", "/duplicates")["duplicates"]
    page = anna.post(f"/review/duplicates/{pair['id']}/distinct")
    assert "Als zwei Kunden vermerkt: Hansen Metallbau" in page
    doubled(firm)
    assert api(anna, "GET", "/duplicates")["duplicates"] == []
    anna.post(f"/review/duplicates/{pair['id']}/undo")
    assert len(api(anna, "GET", "/duplicates")["duplicates"]) == 1
    assert api(anna, "POST", f"/duplicates/{pair['id']}/later")["state"] == "later"
    assert api(anna, "GET", "/duplicates")["duplicates"] == []
    assert api(anna, "DELETE", f"/duplicates/{pair['id']}")["state"] == "open"
    assert api(anna, "POST", f"/duplicates/{pair['id']}/merge", kept="C77")["merge"] > 0
    api(anna, "POST", f"/duplicates/{pair['id']}/distinct", 404)


def test_the_next_action_is_answered_over_http_and_rests(firm: sample.Sample) -> None:
    anna = Visitor(firm)
    before = api(anna, "GET", "/customers/C1/summary")["next_action"]
    assert (before["action"], before["actions"]) == ("ask-referral", ["accepted", "declined"])
    answer = api(anna, "POST", "/customers/C1/next-action", action="ask-referral", answer="declined")
    assert answer["customer"] == "C1"
    assert (answer["next_action"] or {}).get("action") != "ask-referral"
    with firm.services.pool.read() as work:
        assert list(work.decisions.of("C1")) == ["ask-referral"]
    api(anna, "POST", "/customers/C1/next-action", 400, action="solve-complaint", answer="accepted")
    api(anna, "POST", "/customers/C1/next-action", 400, action="ask-referral", answer="perhaps")
    api(anna, "POST", "/customers/C999/next-action", 404, action="ask-referral", answer="accepted")
    back = api(anna, "DELETE", "/customers/C1/next-action/ask-referral")
    assert back["next_action"]["action"] == "ask-referral"


def test_who_brought_whom_is_noted_counted_and_never_goes_in_a_circle(firm: sample.Sample) -> None:
    anna = Visitor(firm)
    page = anna.post("/customers/C2/referrals", by="C5")
    assert "Vermerkt: empfohlen von" in page
    assert "Hat einen Kunden gebracht" in anna.get("/customers/C5")
    anna.post("/customers/C5/referrals", status=400, by="C2")
    anna.post("/customers/C5/referrals", status=400, by="C5")
    anna.post("/customers/C5/referrals", status=404, by="Gibt es nicht")
    assert api(anna, "POST", "/customers/C1/referrals", 201, referrer="C2")["by"][0]["source"] == "anna"
    api(anna, "POST", "/customers/C5/referrals", 400, referrer="C1")
    assert api(anna, "GET", "/customers/C5/referrals")["brought"] == ["C2"]
    assert "Hat einen Kunden gebracht" in anna.get("/lists/referrers")
    ben = Visitor(firm, "ben", "en")
    assert api(ben, "GET", "/customers/C2/referrals")["revenue"] is None
    assert "€" not in ben.get("/lists/referrers")
    api(anna, "DELETE", "/customers/C2/referrals/C5", 204)
    api(anna, "DELETE", "/customers/C2/referrals/C5", 404)
    assert api(anna, "GET", "/customers/C5/referrals")["brought"] == []


def test_rights_are_buttons_for_those_who_may(firm: sample.Sample) -> None:
    firm.services.access.add(Staff("adam", "Adam Amt", Role.ADMIN), sample.PASSWORD)
    anna, adam = Visitor(firm, "ben", "de"), Visitor(firm, "adam")
    page = anna.get("/customers/C1")
    assert "Löschen …" not in page
    anna.get("/customers/C1/erase", status=403)
    anna.post("/customers/C1/erase", status=403, name="Hansen Metallbau")
    page = adam.get("/customers/C1/erase")
    assert "Das bleibt, und warum" in page
    adam.post("/customers/C1/erase", status=400, name="Jemand anders")
    page = adam.post("/customers/C1/restriction", until="2099-12-31")
    assert "Die Daten sind eingeschränkt" in page
    anna.get("/customers/C1", status=403)
    assert "Die Daten werden wieder verwendet" in adam.post("/customers/C1/restriction", lift="1")
    page = adam.post("/customers/C1/erase", name="Hansen Metallbau")
    assert "Gelöscht. Es wird nicht wieder eingelesen." in page
    adam.get("/customers/C1", status=404)


def test_a_promise_in_a_note_stands_in_the_summary_until_somebody_says_it_is_kept(firm: sample.Sample) -> None:
    anna = Visitor(firm)
    anna.post("/customers/C2/note", channel="call", text="Telefonat. Wir schicken Ihnen morgen das Muster.")
    page = anna.get("/sidebar?customer=C2")
    assert "„Wir schicken Ihnen morgen das Muster.“" in page
    summary = api(anna, "GET", "/customers/C2/summary")
    [promise] = summary["promises"]
    assert (promise["source"], promise["actions"]) == ("promise", ["kept"])
    assert summary["next_action"]["action"] in ("keep-promise", "solve-complaint")
    page = anna.post(f"/promises/{promise['id']}/kept", next="/customers/C2")
    assert "Die Zusage ist erledigt." in page
    assert "morgen das Muster.“" not in page
    anna.post(f"/promises/{promise['id']}/kept/undo")
    assert len(api(anna, "GET", "/customers/C2/summary")["promises"]) == 1
    api(anna, "POST", f"/promises/{promise['id']}/kept", 204)
    api(anna, "DELETE", f"/promises/{promise['id']}/kept", 204)
    api(anna, "POST", "/promises/999/kept", 404)


def test_a_promise_that_was_kept_is_not_found_again_when_its_note_is_written_anew(firm: sample.Sample) -> None:
    anna = Visitor(firm)
    note: dict[str, Any] = {"customer": "C2", "channel": "call", "subject": "Telefonat", "external_id": "crm:1"}
    api(anna, "POST", "/interactions", text="Wir schicken Ihnen morgen das Muster.", **note)
    [promise] = api(anna, "GET", "/customers/C2/summary")["promises"]
    api(anna, "POST", f"/promises/{promise['id']}/kept", 204)
    api(anna, "POST", "/interactions", text="Wir schicken Ihnen morgen das Muster. Gruß an alle.", **note)
    assert api(anna, "GET", "/customers/C2/summary")["promises"] == []


def test_what_somebody_else_says_in_a_chat_is_no_promise_of_ours(firm: sample.Sample) -> None:
    anna = Visitor(firm)
    chat: dict[str, Any] = {"customer": "C2", "channel": "chat", "subject": "Chat", "text": "Ich überweise morgen."}
    api(anna, "POST", "/interactions", direction="incoming", **chat)
    assert api(anna, "GET", "/customers/C2/summary")["promises"] == []
    api(anna, "POST", "/interactions", direction="outgoing", **chat)
    assert len(api(anna, "GET", "/customers/C2/summary")["promises"]) == 1


def test_restricted_customers_are_not_named_among_referrals(firm: sample.Sample) -> None:
    anna = Visitor(firm)
    api(anna, "POST", "/customers/C2/referrals", 201, referrer="C5")
    api(anna, "POST", "/customers/C3/referrals", 201, referrer="C2")
    with firm.services.pool.begin() as work:
        for id in ("C3", "C5"):
            work.restrictions.put(Restriction(id, datetime.now(UTC), None, "adam"))
    told = api(anna, "GET", "/customers/C2/referrals")
    assert (told["by"], told["brought"]) == ([], [])
    page = anna.get("/customers/C2")
    assert "Northwind" not in page
    assert "Großmann" not in page
    assert "Müller" not in anna.get("/lists/referrers").partition("<main")[2]


@pytest.mark.parametrize("mark", ["0.9 99999999999999999999", "x 1", "0.9 -1", "0.9 ٣"])
def test_a_mark_of_duplicates_that_is_none_begins_anew(firm: sample.Sample, mark: str) -> None:
    assert api(Visitor(firm), "GET", f"/duplicates?before={mark}") == {"duplicates": [], "next": None}
