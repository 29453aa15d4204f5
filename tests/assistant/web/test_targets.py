"""Target groups on the pages: who is meant, who is left out and why, and what leaves the pool."""

import csv
import io
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.targeting import BY
from assistant.web.views.targets import CHOICES, fields_of, filters_of
from rules.terms.consent import Consent, Purpose, Way
from rules.terms.customer import Contact, Customer, PartyKind
from rules.terms.errors import WrongUse
from rules.terms.ledger import Order
from rules.terms.target import Filters
from rules.terms.worth import Bar
from tests.assistant.web import sample
from tests.assistant.web.sampled import own_firm
from tests.assistant.web.test_pages import Visitor

__all__ = ["own_firm"]


@pytest.fixture
def firm(own_firm: sample.Sample) -> sample.Sample:
    with own_firm.services.pool.begin() as work:
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
    return own_firm


def test_only_who_may_get_advertising_is_meant_and_the_others_are_counted_with_the_reason(firm: sample.Sample) -> None:
    page = Visitor(firm).get("/targets?zips=79")
    assert "2 Kunden" in page
    assert "Ausgelassen: einer wegen eines Widerspruchs gegen Werbung" in page
    assert "Ausgelassen: einer wegen einer Forderung im Inkasso" in page
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
    assert not {"email", "phone", "mobile"} & set(head)
    assert "Freiburg: 3 Zeilen, ausgelassen 2, Anna Arndt" in anna.get("/targets")
    ben.post("/targets", status=403, name="x")
    ben.post("/targets/1/file", status=403)
    assert "Ausgaben" not in ben.get("/targets")
    assert "2 Kunden" in ben.get("/targets?group=1")
    anna.post("/targets/1/remove")
    anna.post("/targets/1/file", status=404)


def consent(customer: str, contact: str = "", *, purpose: Purpose = Purpose.EMAIL, given: bool = True) -> Consent:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    return Consent(customer, purpose, given, at.date(), Way.FORM, at, contact, "Messe", "anna")


def taken(visitor: Visitor, group: int) -> list[dict[str, str]]:
    answer = visitor.client.post(f"/targets/{group}/file", data={"_csrf_token": visitor.csrf})
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_by_mail_and_telephone_only_who_consented_is_meant_and_an_objection_stands_above_it(
    firm: sample.Sample,
) -> None:
    with firm.services.pool.begin() as work:
        work.consents.add([consent("T1", "Q1"), consent("T2"), consent("T4"), consent("T3", purpose=Purpose.PHONE)])
        work.customers.upsert([Customer("T3", "Cmd GmbH", zip="79102", phone="0761 1")], [])
    anna = Visitor(firm)
    page = anna.get("/targets?zips=79&by=email")
    assert "Ein Kunde" in page
    assert "Ausgelassen: einer wegen fehlender oder widerrufener Einwilligung" in page
    assert "Ausgelassen: einer wegen eines Widerspruchs gegen Werbung" in page
    anna.post("/targets", name="Mail", zips="79", by="email")
    anna.post("/targets", name="Anrufe", zips="79", by="phone")
    anna.post("/targets", name="Post", zips="79")
    assert [(row["first_name"], row["email"]) for row in taken(anna, 1)] == [("Karin", "karin@adler.example")]
    assert [(row["customer_id"], row["phone"]) for row in taken(anna, 2)] == [("T3", "0761 1")]
    with firm.services.pool.begin() as work:
        work.consents.add([consent("T1", "Q1", given=False), consent("T1", "Q2", purpose=Purpose.POST, given=False)])
    assert taken(anna, 1) == []
    assert [row["first_name"] for row in taken(anna, 3)] == ["Karin", ""]


def test_where_the_firm_says_so_existing_customers_may_be_mailed_and_the_reason_stands_beside_them(
    tmp_path: Path,
) -> None:
    firm = sample.build(tmp_path, existing=True)
    with firm.services.pool.begin() as work:
        some = [Customer(f"T{number}", name, zip="79098", email=f"t{number}@example.org")
                for number, name in enumerate(("Adler", "Bussard", "Dohle", "Elster"), 1)]  # fmt: skip
        work.customers.upsert(some, [])
        work.ledger.upsert_orders(Order(f"T-{one.id}", one.id, date(2026, 10, 1), 100) for one in some[:3])
        work.consents.add([consent("T2", given=False), consent("T3")])
    anna = Visitor(firm)
    page = anna.get("/targets?zips=79&by=email")
    assert "2 Kunden" in page
    assert "Ausgelassen: 2 wegen fehlender oder widerrufener Einwilligung" in page
    assert "jede Mail weist auf das Widerspruchsrecht hin" in page
    anna.post("/targets", name="Mail", zips="79", by="email")
    assert [(row["email"], row["basis"]) for row in taken(anna, 1)] == [
        ("t1@example.org", "Bestandskunde, § 7 Abs. 3 UWG"),
        ("t3@example.org", "Einwilligung"),
    ]
    told = "Werbung per E-Mail: erlaubt als Bestandskunde, § 7 Abs. 3 UWG."
    assert [told in anna.get(f"/customers/T{number}") for number in range(1, 5)] == [True, False, False, False]
    read = [anna.client.get(f"/api/v1/customers/T{number}/consents").json() for number in (1, 4)]
    assert [one["existing_customer"] for one in read] == [True, False]
    with firm.services.pool.begin() as work:
        work.decisions.bar("T1", Bar.OBJECTION, date(2026, 11, 1), "Brief")
    assert told not in anna.get("/customers/T1")
    assert [row["customer_id"] for row in taken(anna, 1)] == ["T3"]
    firm.services.pool.close()


def test_programs_save_ask_and_take_out_groups_with_the_rights_of_the_page(firm: sample.Sample) -> None:
    with firm.services.pool.begin() as work:
        work.consents.add([consent("T1", "Q1")])
    lead, clerk = Visitor(firm), Visitor(firm, "ben", "de")
    anna, ben = lead.client, clerk.client
    body = {"name": "Breisgau", "filters": {"zips": ["79"], "by": "email", "kind": "firm"}}
    anna.headers["x-csrf-token"], ben.headers["x-csrf-token"] = lead.csrf, clerk.csrf
    made = anna.post("/api/v1/target-groups", json=body).json()
    assert made["filters"]["by"] == "email"
    path = f"/api/v1/target-groups/{made['id']}"
    assert ben.get("/api/v1/target-groups").json()["target_groups"] == [made]
    assert ben.get(path).json()["left_out"] == {"objection": 1, "collection": 1, "consent": 1}
    assert [one["id"] for one in ben.get(f"{path}/members").json()["customers"]] == ["T1"]
    assert ben.post(f"{path}/export").status_code == 403
    assert b"karin@adler.example" in anna.post(f"{path}/export").content
    assert "Breisgau: 1 Zeilen" in Visitor(firm).get("/targets")
    wrong = anna.post("/api/v1/target-groups", json={"name": "x", "filters": {"classes": ["D"]}})
    assert wrong.status_code == 400
    about_money = anna.post("/api/v1/target-groups", json={"name": "Geld", "filters": {"revenue_from": 100}}).json()
    assert ben.get(f"/api/v1/target-groups/{about_money['id']}").status_code == 403
    assert anna.delete(path).status_code == 204
    assert ben.get(path).status_code == 404


def test_who_may_not_see_money_cannot_filter_by_it(firm: sample.Sample) -> None:
    Visitor(firm, "ben", "de").get("/targets?revenue_from=100", status=403)
    assert "Kunde" in Visitor(firm).get("/targets?revenue_from=100&segments=king&silent_days=10&recency=2&language=de")
    Visitor(firm).get("/targets?revenue_from=viel", status=400)


FILTERS = st.builds(
    Filters,
    by=st.sampled_from(BY),
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
