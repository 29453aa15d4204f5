"""A customer's people: how they like to be addressed, what they agreed to, and the form for a contact of any kind."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from rules.terms.consent import Purpose, Way
from rules.terms.customer import Contact
from rules.terms.worth import Bar
from storage.restrictions import Restriction
from tests.assistant.web import sample
from tests.assistant.web.sampled import own_firm
from tests.assistant.web.test_pages import Visitor

__all__ = ["own_firm"]

KARIN = Contact("Q1", "C5", "Frau", "", "Karin", "Adler", email="karin@adler.example", language="de")


@pytest.fixture
def firm(own_firm: sample.Sample) -> sample.Sample:
    with own_firm.services.pool.begin() as work:
        work.customers.upsert_contacts([KARIN], [])
    return own_firm


def api(visitor: Visitor, method: str, path: str, status: int, **body: Any) -> Any:
    headers = {"x-csrf-token": visitor.csrf, "accept": "application/json"}
    answer = visitor.client.request(method, f"/api/v1{path}", headers=headers, json=body or None)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_how_somebody_likes_to_be_addressed_is_set_on_the_page_and_outlives_imports(firm: sample.Sample) -> None:
    anna = Visitor(firm)
    page = anna.post("/contacts/Q1/preferences", preferred_channel="call", language="en", address_form="Du")
    assert "Vermerkt, wie die Person angesprochen werden möchte." in page
    assert "am liebsten: Anruf · Englisch · Du" in page
    assert "Sprache: en (vorher de) · Anna Arndt" in page
    with firm.services.pool.begin() as work:
        work.customers.upsert_contacts([KARIN], [])
        kept = work.customers.contact("Q1")
    assert kept is not None
    assert (kept.preferred_channel, kept.language, kept.address_form) == ("call", "en", "Du")
    # What is emptied is the table's again.
    anna.post("/contacts/Q1/preferences", language="")
    with firm.services.pool.begin() as work:
        work.customers.upsert_contacts([KARIN], [])
        again = work.customers.contact("Q1")
    assert again is not None
    assert (again.language, again.address_form) == ("de", "Du")


def test_programs_set_it_and_read_who_set_what(firm: sample.Sample) -> None:
    anna = Visitor(firm)
    changed = api(anna, "PATCH", "/contacts/Q1", 200, address_form="du", preferred_channel="letter")
    assert (changed["address_form"], changed["preferred_channel"], changed["language"]) == ("Du", "letter", "de")
    api(anna, "PATCH", "/contacts/Q1", 200, address_form="Du")
    changes = api(anna, "GET", "/contacts/Q1/changes", 200)["changes"]
    assert [(one["field"], one["before"], one["value"], one["staff"]) for one in changes] == [
        ("address_form", "", "Du", "anna"),
        ("preferred_channel", "", "letter", "anna"),
    ]
    assert "Q1" in {one["id"] for one in api(anna, "GET", "/customers/C5/contacts", 200)["contacts"]}
    api(anna, "PATCH", "/contacts/none", 404, language="de")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("language", "Deutschland", "“Deutschland” is no language code"),
        ("address_form", "Ihr", "Write Sie or Du."),
        ("preferred_channel", "note", "Nobody is reached by “note”"),
    ],
)
def test_a_bad_value_gets_a_sentence_that_says_what_would_be_one(
    firm: sample.Sample, field: str, value: str, sentence: str
) -> None:
    answer = api(Visitor(firm, language="en"), "PATCH", "/contacts/Q1", 400, **{field: value})
    assert sentence in answer["detail"]
    Visitor(firm).post("/contacts/Q1/preferences", 400, **{field: value})


def test_a_consent_and_its_withdrawal_stand_on_the_page_with_all_that_was_said(firm: sample.Sample) -> None:
    anna = Visitor(firm)
    assert "Keine vermerkt." in anna.get("/customers/C5")
    form: dict[str, Any] = {"purpose": "email", "way": "form", "contact": "Q1", "source": "Messe Kiel"}
    page = anna.post("/customers/C5/consents", given="1", date="2026-03-01", **form)
    assert "Werbung per E-Mail: eingewilligt" in page
    assert "Karin Adler · Formular, Messe Kiel" in page
    page = anna.post("/customers/C5/consents", given="", purpose="email", way="spoken", contact="Q1")
    assert "Werbung per E-Mail: widerrufen" in page
    assert "Alle Angaben" in page
    with firm.services.pool.begin() as work:
        newest, oldest = work.consents.of("C5")
        work.decisions.bar("C5", Bar.OBJECTION, date(2026, 1, 1), "Brief")
    assert (newest.given, newest.way, newest.author) == (False, Way.SPOKEN, "anna")
    assert (oldest.date, oldest.source) == (date(2026, 3, 1), "Messe Kiel")
    assert "Das steht über jeder Einwilligung." in anna.get("/customers/C5")
    anna.post("/customers/C5/consents", 400, purpose="email", way="form", given="1", contact="P1")
    anna.post("/customers/C5/consents", 400, purpose="email", way="form", given="1", date="2999-01-01")
    anna.post("/customers/C5/consents", 400, purpose="alles", way="form", given="1")


def test_programs_write_consents_down_and_read_which_word_counts(firm: sample.Sample) -> None:
    anna = Visitor(firm)
    api(anna, "POST", "/customers/C5/consents", 201, purpose="phone", given=True, way="contract", date="2026-01-02")
    made = api(anna, "POST", "/customers/C5/consents", 201, purpose="phone", given=False, way="email", contact="Q1")
    assert (made["decides"], made["author"], made["contact"]) == (True, "anna", "Q1")
    both = api(anna, "GET", "/customers/C5/consents", 200)["consents"]
    assert [(one["given"], one["contact"], one["decides"]) for one in both] == [(False, "Q1", True), (True, None, True)]
    api(anna, "POST", "/customers/none/consents", 404, purpose="phone", given=True, way="form")
    api(anna, "POST", "/customers/C5/consents", 400, purpose="phone", given=True, way="gossip")


def test_what_is_only_kept_is_closed_to_all_but_administrators(firm: sample.Sample) -> None:
    with firm.services.pool.begin() as work:
        work.restrictions.put(Restriction("C5", datetime(2026, 1, 1, tzinfo=UTC), None, "adam"))
    ben = Visitor(firm, "ben", "de")
    for path in ("/customers/C5/contacts", "/customers/C5/consents", "/contacts/Q1/changes"):
        api(ben, "GET", path, 403)
    api(ben, "PATCH", "/contacts/Q1", 403, language="en")
    api(ben, "POST", "/customers/C5/consents", 403, purpose="phone", given=True, way="form")


def test_that_a_mailing_was_opened_is_kept_with_stored_consent_only(firm: sample.Sample) -> None:
    anna = Visitor(firm)
    opened: dict[str, Any] = {"customer": "C5", "contact": "Q1", "channel": "mailing", "subject": "Herbst"}
    opened |= {"reaction": "opened"}
    api(anna, "POST", "/interactions", 400, **opened)
    said: dict[str, Any] = {"purpose": Purpose.OPENS, "way": "form", "contact": "Q1"}
    api(anna, "POST", "/customers/C5/consents", 201, given=True, date="2026-01-01", **said)
    api(anna, "POST", "/interactions", 200, **opened)
    api(anna, "POST", "/customers/C5/consents", 201, given=False, **said)
    api(anna, "POST", "/interactions", 400, consent=True, **opened)


def test_who_unsubscribes_has_withdrawn_and_lifting_the_objection_changes_nothing(firm: sample.Sample) -> None:
    anna = Visitor(firm)
    said: dict[str, Any] = {"purpose": "email", "way": "form", "contact": "Q1", "date": "2026-01-01"}
    api(anna, "POST", "/customers/C5/consents", 201, given=True, **said)
    left: dict[str, Any] = {"customer": "C5", "contact": "Q1", "channel": "mailing", "subject": "Herbst"}
    for _ in range(2):
        api(anna, "POST", "/interactions", 200, reaction="unsubscribed", external_id="m-1", **left)
    anna.post("/customers/C5/bars", bar="objection", on="")
    newest, oldest = api(anna, "GET", "/customers/C5/consents", 200)["consents"]
    assert (newest["given"], newest["source"], newest["decides"], oldest["decides"]) == (False, "Herbst", True, False)


@pytest.mark.parametrize("channel", ["call", "visit", "chat", "social", "note"])
def test_a_contact_of_any_kind_is_noted_with_its_day(firm: sample.Sample, channel: str) -> None:
    anna, today = Visitor(firm), datetime.now(UTC).date()
    for field in (f'value="{channel}"', 'name="date"'):
        assert field in anna.get("/customers/C5").partition('id="note"')[2]
        assert field in anna.get("/sidebar?customer=C5")
    anna.post("/customers/C5/note", subject="Messe", channel=channel, date="2026-02-03")
    with firm.services.pool.read() as work:
        found = [one for one in work.interactions.timeline("C5") if one.subject == "Messe"]
    assert [(one.channel.value, one.date.date(), one.staff) for one in found] == [(channel, date(2026, 2, 3), "anna")]
    later = (today + timedelta(days=3)).isoformat()
    anna.post("/customers/C5/note", 400, subject="Messe", channel=channel, date=later)
    anna.post("/customers/C5/note", 400, subject="Messe", channel=channel, date="gestern")
