"""Teams, absences and snippets on the pages and over HTTP; a case changes wholly or not at all; notes are found."""

from datetime import date, timedelta

import pytest

from assistant.casework import Casework
from rules.terms.case import CaseState
from rules.terms.errors import Forbidden
from rules.terms.staff import Role, Viewer
from rules.terms.team import AwayTime
from tests.assistant.web.house import House
from tests.assistant.web.test_cases import listed, opened, page

TODAY = date.today()
AWAY = {"first": (TODAY - timedelta(days=2)).isoformat(), "last": (TODAY + timedelta(days=2)).isoformat()}


def test_a_team_gets_cases_until_one_of_it_takes_them(own_firm: House) -> None:
    number = opened(own_firm, own_firm.open_mail)
    path = f"/api/v1/cases/{number}"
    with own_firm.client("lena") as lead, own_firm.client("anna") as anna, own_firm.client("adam") as adam:
        assert anna.put("/api/v1/teams/Versand", json={"members": ["anna"]}).status_code == 403
        assert lead.put("/api/v1/teams/Versand", json={"members": ["anna", "berta"]}).json() == {
            "name": "Versand", "assignee": "@Versand", "members": ["anna", "berta"],
        }  # fmt: skip
        assert lead.put("/api/v1/teams/Versand2", json={"members": ["niemand"]}).status_code == 404
        assert adam.patch(path, json={"assignee": "@Einkauf"}).status_code == 404
        body = adam.patch(path, json={"assignee": "@Versand"}).json()["case"]
        assert (body["assignee"], body["state"]) == ("@Versand", "new")
        assert listed(anna, "?view=mine") == listed(anna, "?team=Versand") == [number]
        assert listed(adam, "?view=mine") == listed(adam, "?view=unassigned") == []
        assert "Team Versand" in page(adam, f"/cases/{number}")
        assert "Team Versand" in page(adam, "/queues")
        anna.post(f"/cases/{number}/take")
        assert anna.get(path).json()["case"]["assignee"] == "anna"
        # By team, never by colleague: nobody looks what one of the others has to do.
        assert listed(adam, "?team=anna") == listed(adam, "?team=Versand") == []
        assert listed(adam, "?assignee=berta") == [number]
        assert 'class="case' in page(adam, "/queues?assignee=berta")
        anna.patch(path, json={"assignee": "@Versand"})
        assert lead.delete("/api/v1/teams/Versand").status_code == 204
        assert lead.get(path).json()["case"]["assignee"] is None
        assert lead.delete("/api/v1/teams/Versand").status_code == 404


def test_whoever_stands_in_sees_watches_and_hears_of_the_cases(own_firm: House) -> None:
    number = opened(own_firm, own_firm.open_mail)
    path = f"/api/v1/cases/{number}"
    with own_firm.client("anna") as anna, own_firm.client("lena") as lena, own_firm.client("adam") as adam:
        assert anna.put("/api/v1/absences/anna", json={**AWAY, "deputy": "lena"}).status_code == 200
        adam.patch(path, json={"assignee": "anna"})
        assert lena.get(path).json()["watchers"] == ["lena"]
        (found,) = lena.get("/api/v1/queues/all/cases?view=mine").json()["cases"]
        assert (found["id"], found["assignee"], found["deputy"], found["standing_in"]) == (number, "anna", "lena", True)
        assert listed(anna, "?view=mine") == [number]
        assert "für Anna Arndt" in page(lena, "/queues?view=mine")
        assert "Anna Arndt, vertreten durch Lena Lang" in page(adam, f"/cases/{number}")
        # Lena goes too, and adam stands in for both.
        lena.put("/api/v1/absences/lena", json={**AWAY, "deputy": "adam"})
        assert listed(lena, "?view=mine") == []
        assert listed(adam, "?view=mine") == [number]
        # In a circle nobody does, and nothing hangs.
        adam.put("/api/v1/absences/adam", json={**AWAY, "deputy": "anna"})
        assert [listed(one, "?view=mine") for one in (adam, lena)] == [[], []]
        assert lena.delete("/api/v1/absences/lena").status_code == 204
        assert listed(lena, "?view=mine") == [number]


def test_everybody_notes_their_own_absence_and_a_lead_everybodys(own_firm: House) -> None:
    with own_firm.client("anna") as anna, own_firm.client("lena") as lena:
        anna.headers["accept-language"] = "de"
        assert anna.put("/api/v1/absences/berta", json=AWAY).status_code == 403
        assert anna.delete("/api/v1/absences/berta").status_code == 403
        assert lena.put("/api/v1/absences/berta", json=AWAY).status_code == 200
        for wrong in (
            {**AWAY, "deputy": "anna"},
            {**AWAY, "deputy": "niemand"},
            {"first": AWAY["last"], "last": AWAY["first"]},
            {"first": "2020-01-01", "last": "2020-01-02"},
        ):
            assert anna.put("/api/v1/absences/anna", json=wrong).status_code in (400, 404), wrong
        assert [one["login"] for one in anna.get("/api/v1/absences").json()] == ["berta"]
        assert "Berta Bach" in page(anna, "/team")
        anna.post("/team/away", data={**AWAY, "deputy": "lena"})
        assert "Vertretung: Lena Lang" in page(anna, "/team")
        assert "nicht vor" in anna.post("/team/away", data={"first": AWAY["last"], "last": AWAY["first"]}).text
        anna.post("/team/here", data={})
        assert "Vertretung: Lena Lang" not in page(anna, "/team")
        assert anna.post("/team/put", data={"name": "X"}).status_code == 403
        lena.post("/team/put", data={"name": "Versand", "member-anna": "1"})
        assert "Versand" in page(anna, "/team")


def test_no_right_comes_with_standing_in(own_firm: House) -> None:
    work: Casework = own_firm.services.casework
    with pytest.raises(Forbidden):
        work.teamwork.set_away(Viewer("anna", Role.STAFF, "de", frozenset()), AwayTime("berta", TODAY, TODAY, "anna"))
    hidden = opened(own_firm, own_firm.closed_mail, assignee="berta")
    with own_firm.client("lena") as lena, own_firm.client("anna") as anna:
        lena.put("/api/v1/absences/berta", json={**AWAY, "deputy": "anna"})
        assert listed(anna, "?view=mine") == []
        assert anna.get(f"/api/v1/cases/{hidden}").status_code == 404


# -- snippets


def test_snippets_are_written_filled_in_and_put_back(own_firm: House) -> None:
    number = opened(own_firm, own_firm.open_mail)
    with own_firm.client("anna") as client:
        client.headers["accept-language"] = "de"
        text = "Guten Morgen {customer}, zu „{subject}“ (Nr. {case}) <b>melde</b> ich mich. {staff}"
        answer = client.post("/snippets", data={"title": "Morgen", "text": text, "language": "de", "category": "none"})
        assert answer.status_code == 303
        shown = page(client, f"/cases/{number}")
        assert (
            f"Guten Morgen Hansen Metallbau, zu „Lieferung fehlt“ (Nr. {number}) <b>melde</b> ich mich. Anna" in shown
        )
        assert "<b>melde" not in client.get(f"/cases/{number}", headers={"accept": "text/html"}).text
        (snippet,) = client.get("/api/v1/snippets").json()
        assert (snippet["title"], snippet["staff"]) == ("Morgen", "anna")
        refused = client.post(f"/snippets/{snippet['id']}", data={"title": "M", "text": "{costumer}", "language": "de"})
        assert "{costumer}" in refused.text
        assert "Meinten Sie {customer}?" in refused.text
        client.post(f"/snippets/{snippet['id']}", data={"title": "Neu", "text": "Kurz", "language": "de", "form": "Du"})
        assert client.get("/api/v1/snippets").json()[0]["form"] == "Du"
        there = client.post(f"/snippets/{snippet['id']}/remove").headers["location"]
        assert client.get("/api/v1/snippets").json() == []
        assert f"/snippets/{snippet['id']}/remove/undo" in page(client, there)
        client.post(f"/snippets/{snippet['id']}/remove/undo")
        assert [one["title"] for one in client.get("/api/v1/snippets").json()] == ["Neu"]


def test_snippets_over_http_are_checked_too(own_firm: House) -> None:
    with own_firm.client("anna") as client:
        made = client.post("/api/v1/snippets", json={"title": "T", "text": "{until}", "category": "delivery"}).json()
        assert (made["category"], made["language"], made["form"]) == ("delivery", "de", "")
        path = f"/api/v1/snippets/{made['id']}"
        for wrong in (
            {"title": "T", "text": "{x}"},
            {"title": " ", "text": "x"},
            {"title": "T", "text": "x", "form": "Ihr"},
        ):
            assert client.put(path, json={"title": "T", **wrong}).status_code == 400, wrong
        assert client.put(path, json={"title": "T", "text": "ok", "language": "en", "form": "Du"}).json()["form"] == ""
        assert client.delete(path).status_code == 204
        assert client.delete(path).status_code == 404
        assert client.put(path, json={"title": "T", "text": "ok"}).status_code == 404
    with own_firm.client("anna", token={"read"}) as program:
        assert program.post("/api/v1/snippets", json={"title": "T", "text": "x"}).status_code == 403


# -- all or nothing


def test_several_changes_are_made_together_or_not_at_all(own_firm: House) -> None:
    number = opened(own_firm, own_firm.open_mail)
    path = f"/api/v1/cases/{number}"
    with own_firm.client("anna") as client:
        before = client.get(path).json()
        for wrong in (
            {"assignee": "lena", "priority": "low", "state": "open"},
            {"priority": "low", "snoozed_until": "2020-01-01T00:00:00Z"},
            {"assignee": "lena", "queue": " ", "tags": ["x"]},
            {"cost": 5, "state": "waiting-us"},
            {"assignee": "niemand", "cost": 5},
        ):
            assert client.patch(path, json=wrong).status_code in (400, 404), wrong
            assert client.get(path).json() == before, wrong
        until = (TODAY + timedelta(days=3)).isoformat() + "T08:00:00Z"
        body = client.patch(path, json={"assignee": "lena", "cost": 5, "snoozed_until": until}).json()
        assert [one["kind"] for one in body["history"]] == ["snoozed", "changed", "assigned", "opened"]
        body = client.patch(path, json={"remedy": "Ersatz", "state": "solved"}).json()
        assert (body["case"]["remedy"], body["case"]["state"]) == ("Ersatz", CaseState.SOLVED.value)


# -- search


def test_a_case_is_found_by_its_notes_tags_and_fields(own_firm: House) -> None:
    number = opened(own_firm, own_firm.open_mail)
    path = f"/api/v1/cases/{number}"
    with own_firm.client("anna") as client:
        client.post(f"{path}/notes", json={"text": "Ersatzteil beim Zulieferer Müller bestellt"})
        client.patch(
            path, json={"tags": ["Werk-2"], "product": "Kreiselpumpe", "cause": "Dichtung", "remedy": "Tausch"}
        )
        for words in ("ersatzteil", "MUELLER bestellt", "werk", "kreisel", "dichtung tausch", "lieferung", "guten tag"):
            assert listed(client, f"?q={words}") == [number], words
        assert listed(client, "?q=ersatzteil+nirgends") == []
        client.patch(path, json={"product": "Ventil"})
        assert listed(client, "?q=kreiselpumpe") == []
        client.post(f"{path}/notes", json={"text": "Irrtum"})
        assert listed(client, "?q=irrtum") == [number]
        client.post(f"{path}/undo")
        assert listed(client, "?q=irrtum") == []
    with own_firm.client("berta") as stranger:
        closed = opened(own_firm, own_firm.annas_mail)
        own_firm.services.casework.note(_anna(own_firm), closed, "streng vertraulich")
        assert listed(stranger, "?q=vertraulich") == []


def _anna(house: House) -> Viewer:
    with house.services.pool.read() as work:
        member = work.staff.get("anna")
    assert member is not None
    return house.services.access.viewer(member)


def test_nobody_is_offered_to_stand_in_for_themselves(own_firm: House) -> None:
    with own_firm.client("anna") as anna, own_firm.client("lena") as lead:
        deputies = page(anna, "/team").partition('name="deputy"')[2].partition("</select>")[0]
        assert 'value="anna"' not in deputies
        assert 'value="lena"' in deputies
        # A lead chooses for whom it is: a script keeps the two lists apart.
        assert 'name="deputy" data-not="who"' in page(lead, "/team")


def test_an_absence_is_noted_whichever_case_the_login_is_typed_in(own_firm: House) -> None:
    with own_firm.client("lena") as lead:
        assert lead.put("/api/v1/absences/ANNA", json={**AWAY, "deputy": "Adam"}).json()["deputy"] == "adam"
        assert [one["login"] for one in lead.get("/api/v1/absences").json()] == ["anna"]
        assert lead.put("/api/v1/absences/Anna", json={**AWAY, "deputy": "anna"}).status_code == 400
        assert lead.delete("/api/v1/absences/Anna").status_code == 204
        assert lead.get("/api/v1/absences").json() == []
