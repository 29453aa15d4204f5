"""Cases over HTTP and on the pages: listed, worked on, taken back, and closed to whoever may not read their mails."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from rules.terms.case import Case, CaseEvent, CaseEventKind, CaseState, Priority
from rules.terms.complaint import Assessment, Category, Finding
from rules.terms.finding import Evidence
from tests.assistant.web.house import NOW, SECRET, Browser, House, store

QUOTE = "schon zum dritten Mal"
FOUND = Assessment(True, False, 0.9, 2, Category.DELIVERY, (Evidence("complaint.repeated", QUOTE, 2.1),), language="de")


def opened(house: House, no: int | None, **more: Any) -> int:
    """A case as triage opens it, four hours ago."""
    values = {"customer_id": "C1", "due": NOW + timedelta(hours=1), "because": "deutliche Beschwerde", **more}
    case = Case("complaints", "Lieferung fehlt", opened=NOW - timedelta(hours=4), within=8, **values)
    with house.services.pool.begin() as work:
        if no is not None:
            work.findings.put([Finding(no, NOW - timedelta(hours=4), FOUND, "C1")])
        return work.cases.open(case, [] if no is None else [no]).id


def page(client: Browser, path: str) -> str:
    answer = client.get(path, headers={"accept": "text/html", "accept-language": "de"})
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


def listed(client: Browser, query: str = "", queue: str = "all") -> list[int]:
    answer = client.get(f"/api/v1/queues/{queue}/cases{query}")
    assert answer.status_code == 200, answer.text
    return [case["id"] for case in answer.json()["cases"]]


# -- over HTTP


def test_a_queue_lists_its_cases_with_words_and_deadline(own_firm: House) -> None:
    number = opened(own_firm, own_firm.open_mail, due=NOW - timedelta(days=40))
    with own_firm.client("anna") as client:
        client.headers["accept-language"] = "de"
        (found,) = client.get("/api/v1/queues/complaints/cases").json()["cases"]
        assert (found["id"], found["customer_name"], found["quote"]) == (number, "Hansen Metallbau", QUOTE)
        assert (found["due_text"], found["overdue"]) == ("seit 40 Tagen überfällig", True)
        queues = {one["name"]: one for one in client.get("/api/v1/queues").json()}
        assert list(queues) == ["all", "complaints"]
        assert queues["complaints"]["counts"] == {
            "pending": 1, "overdue": 1, "unassigned": 1, "mine": 0, "waiting": 0, "snoozed": 0, "proposed": 0,
        }  # fmt: skip


@pytest.mark.parametrize(
    ("because", "german", "english"),
    [
        ("triage.king", "Beschwerde eines Königskunden", "complaint of a king customer"),
        ("Chef will es wissen", "Chef will es wissen", "Chef will es wissen"),
    ],
)
def test_why_a_case_is_here_is_said_in_the_readers_language(
    own_firm: House, because: str, german: str, english: str
) -> None:
    number = opened(own_firm, None, because=because)
    with own_firm.client("anna") as client:
        for language, said in (("de", german), ("en", english)):
            client.headers["accept-language"] = language
            found = client.get(f"/api/v1/cases/{number}").json()
            assert (found["case"]["because"], found["history"][0]["text"]) == (said, said)
        shown = page(client, f"/cases/{number}")
        assert shown.count(german) == 2
        assert german in page(client, "/queues")


def test_lists_are_cut_down_and_go_on(own_firm: House) -> None:
    numbers = [opened(own_firm, None, due=NOW + timedelta(hours=hour)) for hour in range(1, 6)]
    vip = opened(own_firm, own_firm.open_mail, priority=Priority.URGENT, category=Category.QUALITY, tags=("vip",))
    with own_firm.client("anna") as client:
        assert listed(client, "?limit=2") == [numbers[0], vip]
        body = client.get("/api/v1/queues/all/cases?limit=2").json()
        assert listed(client, f"?limit=9&after={body['next']}") == numbers[1:]
        for query in ("?priority=urgent", "?category=quality_defect", "?tag=vip", "?q=guten+tag"):
            assert listed(client, query) == [vip], query
        assert listed(client, "?customer=C2") == []
        assert listed(client, queue="nirgends") == []
        for wrong in ("?view=whatever", "?priority=x", "?after=999"):
            assert client.get(f"/api/v1/queues/all/cases{wrong}").status_code == 400


def test_a_case_is_changed_step_by_step_and_each_step_stands_in_its_history(own_firm: House) -> None:
    number = opened(own_firm, own_firm.open_mail)
    with own_firm.client("anna") as client:
        path = f"/api/v1/cases/{number}"
        body = client.patch(
            path, json={"assignee": "lena", "priority": "high", "cost": 1250, "tags": ["Werk 2"]}
        ).json()
        assert [body["case"][name] for name in ("assignee", "priority", "cost", "tags", "state")] == [
            "lena", "high", 1250, ["werk-2"], "open",
        ]  # fmt: skip
        client.post(f"{path}/notes", json={"text": "Ersatz ist unterwegs"})
        client.patch(path, json={"snoozed_until": (NOW + timedelta(days=1)).isoformat()})
        assert listed(client) == []
        client.patch(path, json={"snoozed_until": None, "cost": None})
        body = client.patch(path, json={"state": "waiting-customer"}).json()
        assert (body["case"]["state"], body["case"]["due"], body["case"]["cost"]) == ("waiting-customer", None, None)
        body = client.patch(path, json={"state": "solved"}).json()
        kinds = [event["kind"] for event in body["history"]][::-1]
        assert kinds == ["opened", "assigned", "changed", "noted", "snoozed", "changed", "woken", "answered", "solved"]
        assert [event["staff"] for event in body["history"]] == ["anna"] * 8 + [None]
        assert listed(client, "?view=ended") == [number]
        assert client.post(f"{path}/undo").json()["case"]["state"] == "waiting-customer"
        assert client.patch(path, json={"state": "open"}).status_code == 400
        assert client.patch(path, json={"assignee": "niemand"}).status_code in (400, 404)
        assert client.patch(path, json={"priority": "gestern"}).status_code == 400


def test_what_changes_nothing_leaves_no_trace(own_firm: House) -> None:
    number = opened(own_firm, own_firm.open_mail)
    with own_firm.client("anna") as client:
        body = client.patch(f"/api/v1/cases/{number}", json={"priority": "normal", "assignee": ""}).json()
        assert [event["kind"] for event in body["history"]] == ["opened"]


def test_a_colleagues_step_is_theirs_to_take_back(own_firm: House) -> None:
    number = opened(own_firm, own_firm.open_mail)
    with own_firm.client("anna") as anna, own_firm.client("lena") as lena:
        anna.patch(f"/api/v1/cases/{number}", json={"state": "solved"})
        assert lena.post(f"/api/v1/cases/{number}/undo").status_code == 400
        assert anna.post(f"/api/v1/cases/{number}/undo").status_code == 200
        assert listed(lena) == [number]


def test_cases_are_opened_joined_parted_and_watched(own_firm: House) -> None:
    with own_firm.client("anna") as client:
        made = client.post("/api/v1/cases", json={"message": own_firm.open_mail}).json()
        first = made["case"]["id"]
        assert made["mails"][0]["mid"] == "mid:gutentag@example.com"
        assert client.post("/api/v1/cases", json={"message": own_firm.open_mail}).status_code == 400
        assert client.post("/api/v1/cases", json={}).status_code == 400
        second = client.post("/api/v1/cases", json={"message": own_firm.annas_mail}).json()["case"]["id"]
        whole = client.post(f"/api/v1/cases/{second}/merge", json={"into": first}).json()
        assert [mail["message"] for mail in whole["mails"]] == [own_firm.open_mail, own_firm.annas_mail]
        parted = client.post(f"/api/v1/cases/{first}/split", json={"messages": [own_firm.annas_mail], "subject": "B"})
        assert parted.json()["case"]["subject"] == "B"
        assert client.post(f"/api/v1/cases/{first}/watch", json={"on": True}).json()["watchers"] == ["anna"]
        assert client.post(f"/api/v1/cases/{first}/watch", json={"on": False}).json()["watchers"] == []


def test_a_case_of_closed_mail_is_not_there_for_others(own_firm: House) -> None:
    number = opened(own_firm, own_firm.closed_mail)
    for login in ("anna", "lena", "adam"):
        with own_firm.client(login) as client:
            assert listed(client) == []
            assert client.get("/api/v1/queues").json()[0]["counts"]["pending"] == 0
            assert SECRET not in page(client, "/queues")
            path = f"/api/v1/cases/{number}"
            steps: list[tuple[str, str, object]] = [
                ("GET", "", None), ("PATCH", "", {"state": "solved"}), ("POST", "/notes", {"text": "x"}),
                ("POST", "/merge", {"into": number + 1}), ("POST", "/split", {"messages": [1]}), ("POST", "/undo", {}),
                ("POST", "/watch", {"on": True}),
            ]  # fmt: skip
            for method, tail, body in steps:
                assert client.request(method, path + tail, json=body).status_code == 404, tail
            assert client.get(f"/cases/{number}").status_code == 404
            assert client.post("/api/v1/cases", json={"message": own_firm.closed_mail}).status_code == 404


def test_of_a_shared_case_closed_mails_are_only_counted(own_firm: House) -> None:
    number = opened(own_firm, own_firm.open_mail)
    with own_firm.services.pool.begin() as work:
        work.cases.attach(number, [own_firm.closed_mail])
    with own_firm.client("anna") as client:
        body = client.get(f"/api/v1/cases/{number}").json()
        assert [mail["message"] for mail in body["mails"]] == [own_firm.open_mail]
        assert body["hidden"] == 1
        shown = page(client, f"/cases/{number}")
        assert "Eine weitere Mail steht nicht hier" in shown
        assert SECRET not in shown


# -- the summary


def test_the_summary_shows_pending_cases_and_offers_to_take_or_open_one(own_firm: House) -> None:
    number = opened(own_firm, own_firm.open_mail, due=NOW - timedelta(days=40))
    opened(own_firm, own_firm.closed_mail)
    with own_firm.client("anna") as client:
        client.headers["accept-language"] = "de"
        (case,) = client.get("/api/v1/customers/C1/summary").json()["cases"]
        assert (case["id"], case["href"], case["actions"]) == (number, f"/cases/{number}", ["take"])
        assert (case["state_text"], case["due_text"], case["overdue"]) == ("neu", "seit 40 Tagen überfällig", True)
        sidebar = page(client, f"/sidebar?message={own_firm.annas_mail}")
        assert f'action="/cases/{number}/take"' in sidebar
        assert 'action="/cases"' in sidebar
        assert 'action="/cases"' not in page(client, f"/sidebar?message={own_firm.open_mail}")
        client.post(f"/cases/{number}/take", data={})
        (case,) = client.get("/api/v1/customers/C1/summary").json()["cases"]
        assert (case["assignee"], case["assignee_text"], case["actions"]) == ("anna", "Anna Arndt", [])
        text = client.get("/api/v1/customers/C1/summary", headers={"accept": "text/plain"}).text
        assert "> #1 · Lieferung fehlt · in Arbeit · seit 40 Tagen überfällig · Anna Arndt\n" in text
        assert " · Anna Arndt</p>" in page(client, f"/sidebar?message={own_firm.open_mail}")


# -- pages


def test_pages_do_everything_by_plain_forms_and_take_it_back(own_firm: House) -> None:
    number = opened(own_firm, own_firm.open_mail)
    with own_firm.client("anna") as client:
        client.headers["accept-language"] = "de"
        assert QUOTE in page(client, "/queues")

        def sends(path: str, **data: str) -> str:
            answer = client.post(f"/cases/{number}{path}", data=data)
            assert answer.status_code == 303, answer.text
            return page(client, answer.headers["location"])

        assert "Zugewiesen." in sends("/take", next="/queues")
        assert "Notiz gespeichert." in sends("/note", text="Am Telefon geklärt")
        assert "Am Telefon geklärt" in page(client, f"/cases/{number}")
        assert "Gespeichert." in sends("/change", cost="1.234,50 €", product="Pumpe 7", severity="3", category="none")
        with own_firm.services.pool.read() as work:
            case = work.cases.get(number, None)
        assert (case.cost, case.product, case.category) == (123450, "Pumpe 7", Category.NONE)
        assert "Zurückgestellt." in sends("/snooze", next="/queues")
        assert "Lieferung fehlt" in page(client, "/queues?view=snoozed")
        assert "Wieder vorgelegt." in sends("/wake")
        there = sends("/state", state="solved", next="/queues")
        assert "Als gelöst markiert." in there
        assert f'action="/cases/{number}/undo"' in there
        assert "Zurückgenommen." in sends("/undo", next="/queues")
        assert "Lieferung fehlt" in page(client, "/queues?view=mine")
        for path, data in (("/change", {"cost": "viel"}), ("/snooze", {"until": "gestern"}), ("/merge", {"into": "x"})):
            assert client.post(f"/cases/{number}{path}", data=data).status_code == 400


def test_a_form_that_cannot_be_taken_comes_back_as_it_was_typed(own_firm: House) -> None:
    number = opened(own_firm, own_firm.open_mail)
    typed = {"queue": "", "product": "Pumpe 7", "cause": "Riss", "cost": "zwölf", "tags": " ".join(map(str, range(21)))}
    with own_firm.client("anna") as client:
        answer = client.post(f"/cases/{number}/change", data=typed, headers={"accept": "text/html"})
        text = unescape(answer.text)
        assert answer.status_code == 400
        for kept in ('value="Pumpe 7"', 'value="Riss"', 'value="zwölf"', '19 20"', '<option value="" selected>'):
            assert kept in text
        assert text.count('role="alert"') == text.count('aria-invalid="true"') == 3
        with own_firm.services.pool.read() as work:
            assert work.cases.get(number, None).product == ""


def test_the_queue_is_chosen_by_its_word_or_named_anew(own_firm: House) -> None:
    number = opened(own_firm, own_firm.open_mail)

    def queue() -> str:
        with own_firm.services.pool.read() as work:
            return work.cases.get(number, None).queue

    with own_firm.client("anna") as client:
        client.headers["accept-language"] = "de"
        assert '<option value="complaints" selected>Beschwerden</option>' in page(client, f"/cases/{number}")
        for wanted, name, now in (
            ("inbox", "", "inbox"),
            ("", " Sonder  fälle", "Sonder fälle"),
            ("", "beschwerden", "complaints"),
        ):
            answer = client.post(f"/cases/{number}/change", data={"queue": wanted, "queue_new": name})
            assert answer.status_code == 303, answer.text
            assert queue() == now


def test_the_bar_offers_no_undo_for_what_a_colleague_did_since(own_firm: House) -> None:
    number = opened(own_firm, own_firm.open_mail)
    with own_firm.client("anna") as anna, own_firm.client("lena") as lena:
        there = anna.post(f"/cases/{number}/take", data={}).headers["location"]
        assert f"/cases/{number}/undo" in page(anna, there)
        lena.post(f"/cases/{number}/note", data={"text": "Ich auch"})
        assert f"/cases/{number}/undo" not in page(anna, there)


def test_many_at_once_and_what_cannot_be_done_is_left(own_firm: House) -> None:
    numbers = [opened(own_firm, None) for _ in range(3)]
    with own_firm.client("anna") as client:
        client.post(f"/cases/{numbers[0]}/state", data={"state": "solved"})
        marked = {f"case-{number}": "1" for number in numbers}
        answer = client.post("/cases/bulk", data={**marked, "solve": "1", "next": "/queues"})
        there = answer.headers["location"]
        assert listed(client) == []
        assert f"also={numbers[2]}" in there
        assert f'name="also" value="{numbers[2]}"' in page(client, there)
        client.post(f"/cases/{numbers[1]}/undo", data={"also": str(numbers[2])})
        assert listed(client) == numbers[1:]
        client.post("/cases/bulk", data={**marked, "assignee": "lena"})
        client.post("/cases/bulk", data={**marked, "priority": "urgent"})
        for case in client.get("/api/v1/queues/all/cases").json()["cases"]:
            assert (case["assignee"], case["priority"]) == ("lena", "urgent")
        assert "done=nothing" in client.post("/cases/bulk", data={"solve": "1"}).headers["location"]


def test_a_second_answer_and_a_colleagues_work_are_warned_of(own_firm: House) -> None:
    number = opened(own_firm, own_firm.open_mail)
    with own_firm.services.pool.begin() as work:
        case = work.cases.get(number, None)
        answered = Case(**{**_fields(case), "state": CaseState.WAITING_CUSTOMER, "answered": NOW, "assignee": "lena"})
        work.cases.change(case, answered, CaseEvent(number, CaseEventKind.ANSWERED, NOW))
    with own_firm.client("anna") as client:
        shown = page(client, f"/cases/{number}")
        assert "Daran arbeitet Lena Lang." in shown
        assert "Schon beantwortet:" in shown


def _fields(case: Case) -> dict[str, Any]:
    return {name: getattr(case, name) for name in Case.__dataclass_fields__}


def test_unanswered_mail_of_customers_is_a_list_of_its_own(own_firm: House) -> None:
    with own_firm.services.pool.begin() as work:
        work.unanswered.waive(own_firm.annas_mail, "anna", NOW)
        late = work.unanswered.page(None, NOW - timedelta(days=30), NOW, 10)
    assert {no for no, _ in late} == {own_firm.open_mail, own_firm.closed_mail}
    with own_firm.client("anna") as client:
        no = own_firm.open_mail
        client.post(f"/messages/{no}/waived", data={})
        with own_firm.services.pool.read() as work:
            assert work.unanswered.is_waived(no)
        client.post(f"/messages/{no}/waived/undo", data={})
        assert client.post(f"/messages/{own_firm.closed_mail}/waived", data={}).status_code == 404
        opened(own_firm, no)
        with own_firm.services.pool.read() as work:
            mine = work.unanswered.page(frozenset({"info"}), NOW - timedelta(days=30), NOW, 10)
        assert mine == []
        assert "Alles beantwortet" in page(client, "/queues/unanswered")


@pytest.mark.parametrize("path", ["/queues?view=x", "/queues?after=99"])
def test_addresses_that_make_no_sense_are_said_so(own_firm: House, path: str) -> None:
    with own_firm.client("anna") as client:
        assert client.get(path).status_code == 400


def test_the_mail_pages_offer_a_case(own_firm: House) -> None:
    store(own_firm.services.pool, "info", "Noch etwas")
    with own_firm.client("anna") as client:
        answer = client.post("/cases", data={"message": str(own_firm.open_mail), "next": "https://elsewhere.example/"})
        assert answer.headers["location"].startswith("/cases/1?done=case_opened")
        assert "Der Vorgang ist eröffnet." in page(client, answer.headers["location"])
