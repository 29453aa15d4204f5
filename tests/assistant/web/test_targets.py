"""Target groups on the pages: who is meant, who is left out and why, and what leaves the pool."""

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.web.views.targets import CHOICES, fields_of, filters_of
from rules.terms.customer import Contact, Customer, PartyKind
from rules.terms.errors import WrongUse
from rules.terms.target import Filters
from rules.terms.worth import Bar
from tests.assistant.web import sample
from tests.assistant.web.test_pages import Visitor


@pytest.fixture
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sample.Sample]:
    made = sample.build(tmp_path_factory.mktemp("firm"))
    with made.services.pool.begin() as work:
        people = [
            Customer("T1", "Adler GmbH", zip="79098", city="Freiburg"),
            Customer("T2", "Bussard GmbH", zip="79100", city="Freiburg"),
            Customer("T3", "=Cmd GmbH", zip="79102", city="Freiburg", street="+1"),
            Customer("T4", "Dohle GmbH", zip="79104", city="Freiburg"),
            Customer("T5", "Zorn Stahlhandel", zip="79104", city="Freiburg", party=frozenset({PartyKind.SUPPLIER})),
        ]
        work.customers.upsert(people, [])
        karin = Contact("Q1", "T1", "Frau", "Dr.", "Karin", "Adler", email="karin@adler.example", address_form="Sie")
        work.customers.upsert_contacts(
            [karin, replace(karin, id="Q2", salutation="Herr", title="", first_name="Udo", address_form="Du"),
             replace(karin, id="Q3", active=False)], []
        )  # fmt: skip
        work.decisions.bar("T2", Bar.OBJECTION, date(2026, 1, 1), "Brief")
        work.decisions.bar("T4", Bar.COLLECTION, date(2026, 1, 1), "anna")
    yield made
    made.services.pool.close()


def test_only_who_may_get_advertising_is_meant_and_the_others_are_counted_with_the_reason(firm: sample.Sample) -> None:
    page = Visitor(firm).get("/targets?zips=79")
    assert "2 Kunden" in page
    assert "Ausgelassen: einer wegen Widerspruch gegen Werbung" in page
    assert "Ausgelassen: einer wegen Forderung im Inkasso" in page
    assert "Adler GmbH" in page
    assert "Bussard" not in page
    assert "Zorn" not in page


def test_a_saved_group_is_taken_out_by_leads_only_and_each_time_is_remembered(firm: sample.Sample) -> None:
    anna, ben = Visitor(firm), Visitor(firm, "ben", "de")
    assert "Die Zielgruppe ist gespeichert" in anna.post("/targets", name="Freiburg", zips="79 80", kind="firm")
    answer = anna.client.post("/targets/1/file", data={"_csrf_token": anna.csrf})
    assert "attachment" in answer.headers["content-disposition"]
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    letters = {row[head.index("first_name")]: row[head.index("letter")] for row in rows}
    assert letters == {
        "Karin": "Sehr geehrte Frau Dr. Adler,",
        "Udo": "Lieber Udo,",
        "": "Sehr geehrte Damen und Herren,",
    }
    assert {row[1] for row in rows} == {"Adler GmbH", "'=Cmd GmbH"}
    assert [row[head.index("street")] for row in rows if row[1].startswith("'")] == ["'+1"]
    assert "Freiburg: 3 Zeilen, ausgelassen 2, anna" in anna.get("/targets")
    ben.post("/targets", status=403, name="x")
    ben.post("/targets/1/file", status=403)
    assert "Ausgaben" not in ben.get("/targets")
    assert "2 Kunden" in ben.get("/targets?group=1")
    anna.post("/targets/1/remove")
    anna.post("/targets/1/file", status=404)


def test_who_may_not_see_money_cannot_filter_by_it(firm: sample.Sample) -> None:
    Visitor(firm, "ben", "de").get("/targets?revenue_from=100", status=403)
    assert "Kunde" in Visitor(firm).get("/targets?revenue_from=100&segments=king&silent_days=10&recency=2&language=de")
    Visitor(firm).get("/targets?revenue_from=viel", status=400)


FILTERS = st.builds(
    Filters,
    kind=st.sampled_from(["", *CHOICES["kind"]]),
    status=st.sets(st.sampled_from(CHOICES["status"])).map(
        lambda some: tuple(x for x in CHOICES["status"] if x in some)
    ),
    classes=st.sets(st.sampled_from("ABC")).map(lambda some: tuple(sorted(some))),
    recency=st.integers(0, 5),
    zips=st.lists(st.from_regex(r"[0-9]{1,5}", fullmatch=True), max_size=5).map(tuple),
    revenue_from=st.none() | st.integers(0, 10**9).map(lambda euros: euros * 100),
    silent_days=st.integers(0, 5000),
)


@given(FILTERS)
def test_a_filter_goes_through_a_form_and_back(filters: Filters) -> None:
    assert filters_of(fields_of(filters), "de") == filters


@given(st.lists(st.tuples(st.sampled_from(list(Filters.__slots__)), st.text(max_size=40)), max_size=20))
def test_whatever_an_address_says_is_a_filter_or_an_error_that_says_so(items: list[tuple[str, str]]) -> None:
    with suppress(WrongUse):
        found = filters_of(items, "de")
        assert filters_of(fields_of(found), "de") == found
