"""On PostgreSQL a summary takes few ways to the database, and says what it would say if each thing were asked alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from assistant import bookkeeping
from assistant.lookup import Lookup
from rules.summary_forms import as_json
from rules.terms.case import Case
from rules.terms.complaint import Assessment, Category, Finding
from rules.terms.consent import Consent, Purpose, Way
from rules.terms.customer import Contact, Customer, Reference
from rules.terms.finding import Action, Evidence, Match
from rules.terms.interaction import Channel, Interaction
from rules.terms.ledger import Invoice, Offer, OpenItem, Order
from rules.terms.promise import Promise
from rules.terms.staff import FieldGroup, Role, Viewer
from rules.terms.summary import Summary
from rules.terms.worth import Bar, CustomerValue
from storage import beside as beside_module
from storage import driver, messages
from storage.pool import Pool, Work
from storage.restrictions import Restriction
from tests.storage.conftest import blobs, pool, postgres_server, url
from tests.storage.making import NOON, mail

__all__ = ["blobs", "pool", "postgres_server", "url"]

TODAY = NOON.date()
ANNA = Viewer("anna", Role.STAFF, "de", frozenset({"info"}), frozenset(FieldGroup))
CHIEF = replace(ANNA, login="chief", role=Role.ADMIN)
QUOTE = Evidence("complaint.late", "zum dritten Mal “zu spät” \\ 100 %", 2.0)


def of_message(viewer: Viewer, name: str) -> Callable[[Lookup], Summary]:
    return lambda lookup: lookup.by_message_id(viewer, f"{name}@example.org", now=NOON)


def of_customer(viewer: Viewer, id: str) -> Callable[[Lookup], Summary]:
    return lambda lookup: lookup.of_customer(viewer, id, NOON)


def known(work: Work, id: str) -> None:
    """Something of every kind for a customer."""
    work.customers.upsert([Customer(id, f"{id} „Käse\\“ & Söhne\t", id, revenue_12m=0.1 + 0.2)], (), {})
    work.customers.upsert_contacts([Contact(f"{id}-{no}", id, last_name=f"Öz {no}") for no in range(3)], [])
    work.customers.upsert_references([Reference("ticket", f"T{id}{no}", id, TODAY) for no in range(3)])
    for no in range(8):
        day = TODAY - timedelta(days=no)
        bookkeeping.book(work, [Order(f"A{id}{no}", id, day, 100 + no), Offer(f"O{id}{no}", id, day, 200)])
        bookkeeping.book(work, [Invoice(f"R{id}{no}", id, day, 300, discount_percent=2.5)])
    work.ledger.upsert_open_items([OpenItem(id, f"R{id}1", TODAY, 300, due=TODAY)], 1)
    work.ledger.stand(TODAY, 1)
    work.particulars.add(id, "Nur vormittags %s anrufen", None, "anna", TODAY)
    work.particulars.add(id, "past", TODAY - timedelta(days=1), "anna", TODAY)
    work.values.put(1, [CustomerValue(id, TODAY, king=True, abc="A", worth=7, revenue=900, p_alive=1 / 3, share=0.7)])
    work.decisions.decide(id, "referral", TODAY, accepted=False)
    work.decisions.bar(id, Bar.COMPLAINT, TODAY, "anna")
    work.consents.add([Consent(id, Purpose.EMAIL, True, TODAY, Way.FORM, NOON)])
    work.interactions.add(
        Interaction(id, Channel.CALL, NOON - timedelta(hours=no), f"call {no}", contact_id=f"{id}-{no % 3}")
        for no in range(4)
    )


def written(work: Work, name: str, match: Match, uid: int) -> int:
    (number,) = work.messages.add([mail(name, match=match, uid=uid, arrived=NOON + timedelta(minutes=uid))])
    if match.customer_id:
        entry = Interaction(match.customer_id, Channel.MAIL, NOON, name, message=number)
        work.interactions.add([entry])
    found = Assessment(True, False, 0.9, 2, Category.DELIVERY, (QUOTE,), language="de")
    work.findings.put([Finding(number, NOON, found, match.customer_id)])
    work.cases.open(Case("complaints", name, "", NOON, 8, customer_id=match.customer_id), [number])
    return number


@pytest.fixture
def lookup(pool: Pool) -> Lookup:
    """A pool with customers of whom everything is known, one of nothing, a merged and a restricted one."""
    with pool.begin() as work:
        for id in ("C1", "C2", "rested"):
            known(work, id)
        work.promises.add([Promise("C2", TODAY, "bis Freitag", NOON)])
        work.customers.upsert([Customer("bare", "Bare")], (), {})
        work.customers.upsert([Customer("part", "Part")], (), {})
        matched = {id: Match(Action.ATTACH, id, f"{id}-1", 0.99) for id in ("C1", "C2", "bare", "part", "rested")}
        matched["doubt"] = Match(Action.REVIEW, "C1", None, 0.6, candidates=("C1", "C2"))
        matched["nobody"] = Match(Action.UNKNOWN)
        for uid, (name, match) in enumerate(matched.items(), start=1):
            written(work, name, match, uid)
        work.merges.merge("C2", "part", "anna", NOON)
        work.restrictions.put(Restriction("rested", NOON, None, "chief"))
    return Lookup(pool, ZoneInfo("Europe/Berlin"))


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that were put to the driver since."""
    asked: list[str] = []
    ask = driver.rows

    def counted(connection: Any, statement: str, values: Any) -> list[Any]:
        asked.append(statement)
        return ask(connection, statement, values)

    monkeypatch.setattr(driver, "rows", counted)
    return asked


ASKED = [
    *(of_message(viewer, name) for viewer in (ANNA, CHIEF) for name in ("C1", "C2", "bare", "part", "rested")),
    *(of_message(ANNA, name) for name in ("doubt", "nobody", "missing")),
    *(of_customer(viewer, id) for viewer in (ANNA, CHIEF) for id in ("C1", "C2", "bare", "part", "rested")),
    of_message(replace(ANNA, mailboxes=frozenset({"other"})), "C1"),
    of_customer(replace(ANNA, groups=frozenset(), mailboxes=frozenset()), "C1"),
]


@pytest.mark.parametrize("ask", ASKED)
def test_what_is_asked_ahead_changes_no_word(
    lookup: Lookup, ask: Callable[[Lookup], Summary], monkeypatch: pytest.MonkeyPatch
) -> None:
    together = as_json(ask(lookup), "de")
    for module in (beside_module, messages):
        monkeypatch.setattr(module, "ahead", lambda connection, asked: None)
    assert as_json(ask(lookup), "de") == together


@pytest.mark.postgres
@pytest.mark.parametrize("url", ["postgres"], indirect=True)
@pytest.mark.parametrize(("ask", "most"), [(of_message(ANNA, "C1"), 3), (of_customer(ANNA, "C1"), 1)])
def test_on_postgres_a_summary_takes_few_ways(
    lookup: Lookup, ways: list[str], ask: Callable[[Lookup], Summary], most: int
) -> None:
    summary = ask(lookup)
    assert summary.customer is not None
    ways.clear()
    ask(lookup)
    # Asked by themselves: whom the entries name, and of a customer with cases what the staff are called.
    assert len(ways) <= most + 2, ways


def test_days_are_days(lookup: Lookup) -> None:
    with lookup.pool.read() as work:
        work.beside.ask("C1", ANNA.mailboxes, today=TODAY, promised=TODAY, entries=3, references=3)
        assert work.particulars.of("C1", TODAY)[0].since == TODAY
        assert work.decisions.of("C1") == {"referral": date(2026, 11, 12)}
        assert [order.date for order in work.ledger.orders_of("C1", 3)] == [
            TODAY - timedelta(days=no) for no in range(3)
        ]
        customer = work.customers.get("C1")
        assert customer is not None
        assert customer.revenue_12m == 0.1 + 0.2
