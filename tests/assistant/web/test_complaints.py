"""Complaints over HTTP and on the pages: shown with their words to who may read them, corrected with one click."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from rules.terms.complaint import Assessment, Category, Finding, FindingState, Ruling
from rules.terms.finding import Evidence
from tests.assistant.web.house import NOW, SECRET, Browser, House, store

QUOTE = "schon zum dritten Mal"
FOUND = Assessment(
    True, False, 0.93, 2, Category.DELIVERY, (Evidence("complaint.repeated", QUOTE, 2.1),), language="de"
)
DOUBT = Assessment(False, True, 0.4, 1, Category.OTHER, language="de")
THANKS = Assessment(probability=0.02, relieved=True, language="de")


def put(house: House, no: int, assessment: Assessment = FOUND, hours: float = 5, **more: Any) -> None:
    with house.services.pool.begin() as work:
        work.findings.put([Finding(no, NOW - timedelta(hours=hours), assessment, "C1", **more)])


def state(house: House, no: int) -> FindingState | None:
    with house.services.pool.read() as work:
        found = work.findings.kept([no])
    return found[no].state if found else None


def shown(client: Browser, path: str) -> str:
    answer = client.get(path, headers={"accept": "text/html", "accept-language": "de"})
    assert answer.status_code == 200
    return unescape(answer.text)


def test_a_mail_tells_what_was_found_in_it(own_firm: House) -> None:
    put(own_firm, own_firm.open_mail)
    with own_firm.client("anna") as client:
        body = client.get(f"/api/v1/messages/{own_firm.open_mail}", headers={"accept-language": "en"}).json()
        assert body["complaint"] == {
            "message": own_firm.open_mail,
            "date": (NOW - timedelta(hours=5)).isoformat().replace("+00:00", "Z"),
            "state": "open",
            "text": "Complaint: delivery and dates, clear",
            "flag": True,
            "severity": 2,
            "category": "delivery",
            "probability": 0.93,
            "language": "de",
            "history": False,
            "relieved": False,
            "evidence": [
                {
                    "key": "complaint.repeated",
                    "reason": "not for the first time",
                    "quote": QUOTE,
                    "weight": 2.1,
                }
            ],
            "customer": "C1",
            "decided": None,
            "solved": None,
        }
        assert client.get(f"/api/v1/messages/{own_firm.annas_mail}").json()["complaint"] is None


def test_lists_go_by_state_and_severity_and_go_on(own_firm: House) -> None:
    grave = Assessment(True, False, 0.9, 3, Category.LEGAL, FOUND.evidence, language="de")
    numbers = [store(own_firm.services.pool, "info", f"Mail {'abcdef'[no]}") for no in range(5)]
    for no, number in enumerate(numbers):
        put(own_firm, number, grave if no == 2 else FOUND, hours=10 - no)
    put(own_firm, own_firm.open_mail, DOUBT)
    with own_firm.client("anna") as client:

        def listed(query: str) -> tuple[list[int], int | None]:
            body = client.get(f"/api/v1/complaints{query}").json()
            return [one["message"] for one in body["complaints"]], body["next"]

        assert listed("?limit=3") == (numbers[:1:-1], numbers[2])
        assert listed(f"?limit=3&before={numbers[2]}") == (numbers[1::-1], None)
        assert listed("?severity=3") == ([numbers[2]], None)
        assert listed("?state=doubtful") == ([own_firm.open_mail], None)
        assert listed("?state=confirmed") == ([], None)
        assert client.get("/api/v1/complaints?state=whatever").status_code == 400
        assert client.get("/api/v1/complaints?before=999").status_code == 400


def test_mail_of_a_closed_mailbox_is_listed_to_nobody_else(own_firm: House) -> None:
    put(own_firm, own_firm.closed_mail)
    for login in ("anna", "lena", "adam"):
        with own_firm.client(login) as client:
            assert client.get("/api/v1/complaints").json()["complaints"] == []
            assert QUOTE not in shown(client, "/complaints")
            summary = client.get("/api/v1/customers/C1/summary").json()["complaint"]
            assert summary["message"] is None
            assert summary["lines"] == []
            assert summary["actions"] == []
            page = shown(client, "/customers/C1")
            assert "Es gibt eine offene Beschwerde" in page
            assert QUOTE not in page
            assert SECRET not in page
            for method, path in (("POST", ""), ("DELETE", ""), ("POST", "/solved"), ("DELETE", "/solved")):
                address = f"/api/v1/messages/{own_firm.closed_mail}/complaint{path}"
                sent = {"json": {"flag": False}} if (method, path) == ("POST", "") else {}
                assert client.request(method, address, **sent).status_code == 404  # type: ignore[arg-type]
    assert state(own_firm, own_firm.closed_mail) is FindingState.OPEN


def test_staff_say_what_it_is_and_take_it_back(own_firm: House) -> None:
    no = own_firm.open_mail
    with own_firm.client("anna") as client:
        path = f"/api/v1/messages/{no}/complaint"
        said = client.post(path, json={"flag": True, "severity": 3, "category": "legal_threat"}).json()
        assert (said["state"], said["severity"], said["category"]) == ("confirmed", 3, "legal_threat")
        assert (said["decided"]["staff"], said["probability"], said["evidence"]) == ("anna", None, [])
        assert client.delete(path).text in ("", "null")
        assert state(own_firm, no) is None
        assert client.delete(path).status_code == 404
        put(own_firm, no)
        assert client.post(path, json={"flag": False}).json()["state"] == "dismissed"
        assert client.delete(path).json()["state"] == "open"
        assert client.post(f"{path}/solved").json()["solved"]["staff"] == "anna"
        assert client.get("/api/v1/customers/C1/summary").json()["complaint"] is None
        assert client.delete(f"{path}/solved").json()["state"] == "open"


@pytest.mark.parametrize(
    "sent",
    [{}, {"flag": "maybe"}, {"flag": True, "severity": 4}, {"flag": True, "category": "none"}, {"flag": True, "x": 1}],
)
def test_what_makes_no_sense_is_refused(own_firm: House, sent: dict[str, object]) -> None:
    with own_firm.client("anna") as client:
        assert client.post(f"/api/v1/messages/{own_firm.open_mail}/complaint", json=sent).status_code == 400
    assert state(own_firm, own_firm.open_mail) is None


def test_the_summary_quotes_the_open_complaint_and_proposes_to_close_it(own_firm: House) -> None:
    later = store(own_firm.services.pool, "info", "Danke")
    put(own_firm, own_firm.open_mail)
    put(own_firm, later, THANKS, hours=1)
    with own_firm.client("anna") as client:
        client.headers["accept-language"] = "de"
        complaint = client.get("/api/v1/customers/C1/summary").json()["complaint"]
        assert complaint["text"] == "Beschwerde: Lieferung und Termine, deutlich"
        assert complaint["href"] == f"/messages/{own_firm.open_mail}"
        assert [line["text"] for line in complaint["lines"]] == [f"„{QUOTE}“ (nicht zum ersten Mal)"]
        assert complaint["relief"]["href"] == f"/messages/{later}"
        assert complaint["actions"] == ["solve"]
        page = shown(client, f"/messages/{later}")
        assert "Eine spätere Mail sagt, dass es erledigt ist" in page
        assert f'action="/messages/{own_firm.open_mail}/complaint/solved"' in page
        text = client.get("/api/v1/customers/C1/summary", headers={"accept": "text/plain"}).text
        assert f"! Beschwerde: Lieferung und Termine, deutlich\n  „{QUOTE}“" in text


def test_the_timeline_carries_the_flag(own_firm: House) -> None:
    put(own_firm, own_firm.open_mail)
    put(own_firm, own_firm.closed_mail)
    with own_firm.client("anna") as client:
        entries = client.get("/api/v1/customers/C1/timeline").json()["entries"]
        flags = {entry["message"]: entry["complaint"] for entry in entries}
        assert flags == {own_firm.open_mail: "open", own_firm.annas_mail: None, None: None}
        assert shown(client, "/customers/C1").count('class="tag red"') == 1
        assert shown(client, "/").count('class="tag red"') == 1


def test_pages_show_the_words_and_one_click_says_what_it_is(own_firm: House) -> None:
    no = own_firm.open_mail
    put(own_firm, no)
    with own_firm.client("anna") as client:
        client.headers["accept-language"] = "de"
        for path in ("/complaints", f"/messages/{no}"):
            page = shown(client, path)
            assert f"<q>{QUOTE}</q>" in page
            assert "nicht zum ersten Mal" in page
        answer = client.post(f"/messages/{no}/complaint", data={"next": "/complaints"})
        assert answer.headers["location"] == f"/complaints?done=no_complaint&mail={no}"
        assert state(own_firm, no) is FindingState.DISMISSED
        there = shown(client, answer.headers["location"])
        assert "Als keine Beschwerde vermerkt." in there
        assert f'action="/messages/{no}/complaint/undo"' in there
        client.post(f"/messages/{no}/complaint/undo", data={"next": "/complaints"})
        assert state(own_firm, no) is FindingState.OPEN
        client.post(f"/messages/{no}/complaint", data={"flag": "1", "severity": "3", "category": "nonsense"})
        assert "Bestätigt" in shown(client, "/complaints?state=confirmed&severity=3")
        client.post(f"/messages/{no}/complaint/solved", data={"next": "https://elsewhere.example/"})
        assert state(own_firm, no) is FindingState.SOLVED
        assert "Als gelöst markiert von Anna Arndt" in shown(client, "/complaints?state=solved")
        client.post(f"/messages/{no}/complaint/solved/undo", data={})
        assert state(own_firm, no) is FindingState.CONFIRMED


def test_a_missed_complaint_can_be_named(own_firm: House) -> None:
    no = own_firm.open_mail
    with own_firm.client("anna") as client:
        assert "In dieser Mail wurde keine Beschwerde gefunden." in shown(client, f"/messages/{no}")
        client.post(f"/messages/{no}/complaint", data={"flag": "1", "severity": "", "category": ""})
        assert "Als Beschwerde bestätigt von Anna Arndt" in shown(client, f"/messages/{no}")


def test_a_doubtful_one_makes_no_alarm(own_firm: House) -> None:
    put(own_firm, own_firm.open_mail, DOUBT)
    with own_firm.client("anna") as client:
        assert 'class="tag red"' not in shown(client, "/")
        assert client.get("/api/v1/customers/C1/summary").json()["complaint"] is None
        assert "Vielleicht eine Beschwerde, bitte prüfen" in shown(client, f"/sidebar?message={own_firm.open_mail}")


def test_a_long_list_goes_on_with_older_ones(own_firm: House) -> None:
    numbers = [
        store(own_firm.services.pool, "info", f"Mail {chr(97 + no // 26)}{chr(97 + no % 26)}") for no in range(32)
    ]
    for number in numbers:
        put(own_firm, number, hours=100 - number, ruling=Ruling(False, "anna", NOW))
    with own_firm.client("anna") as client:
        first = shown(client, "/complaints?state=dismissed")
        assert f'id="mail-{numbers[-1]}"' in first
        older = shown(client, f"/complaints?state=dismissed&before={numbers[2]}")
        assert older.count('id="mail-') == 2
        assert f'href="/complaints?state=dismissed&before={numbers[2]}"' in first


def test_a_confirmed_complaint_of_before_is_counted_and_offers_a_case_until_it_has_one(own_firm: House) -> None:
    no = own_firm.open_mail
    put(own_firm, no, history=True)
    with own_firm.client("anna") as client:
        assert '>Frühere <b class="count">1</b>' in shown(client, "/complaints")
        client.post(f"/messages/{no}/complaint", data={"flag": "1"})
        part = shown(client, f"/messages/{no}").partition('id="complaint"')[2]
        assert "Vorgang anlegen" in part.partition("</section>")[0]
        assert client.post("/cases", data={"message": str(no)}).status_code == 303
        assert "Vorgang anlegen" not in shown(client, f"/messages/{no}")
