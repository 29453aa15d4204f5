"""Two records of one customer become one and two again: nothing is lost on the way, whatever is imported meanwhile."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, select

from rules.terms.customer import Contact, Customer, IdentifierKind, Known, NumberForm, Reference
from rules.terms.errors import NotFound, UnknownName, WrongUse
from rules.terms.finding import Action, Match
from rules.terms.interaction import Channel, Interaction
from rules.terms.ledger import Invoice, Offer, OpenItem, Order, Payment, SurveyAnswer
from rules.terms.upkeep import Proposal
from storage.ledger_tables import invoices, offers, open_items, orders, particulars, payments, surveys
from storage.pool import Pool, Work
from storage.recognition import number_shapes, proposals
from storage.records import contacts, customer_references, customers, identifiers, interactions, state
from storage.schema import messages
from storage.upserted import Upserted
from tests.storage.making import NOON, mail

TABLES: list[Table] = [
    customers,
    contacts,
    customer_references,
    identifiers,
    interactions,
    messages,
    proposals,
    number_shapes,
    orders,
    offers,
    invoices,
    payments,
    open_items,
    surveys,
    particulars,
]
ANNA = Customer("C1", "Muster GmbH", customer_no="K-1", city="Hof")
BERTA = Customer("C2", "Muster", customer_no="K-2", city="Berg", revenue_12m=0.5)
CARLA = Customer("C3", "Dritte KG", customer_no="K-3")
ADDRESS, DOMAIN = IdentifierKind.ADDRESS, IdentifierKind.DOMAIN


def of(customer: Customer) -> list[Known]:
    own = Known(ADDRESS, f"info@{customer.id.lower()}.example", customer.id, None, "customers")
    domain = "dritte.example" if customer.id == "C3" else "muster.example"
    return [own, Known(DOMAIN, domain, customer.id, None, "customers")]


def of_contact(contact: Contact) -> list[Known]:
    return [Known(ADDRESS, f"{contact.id.lower()}@muster.example", contact.customer_id, contact.id, "contacts")]


FORMS = {f"K-{no}": NumberForm(f"K{no}", "K9") for no in range(1, 4)} | {"4711": NumberForm("4711", "9999")}
PEOPLE = [Contact("P1", "C1", last_name="Eins"), Contact("P2", "C2", last_name="Zwei"), Contact("P3", "C3")]
PAPERS = [
    Reference("order", "4711", "C1", date(2026, 1, 1)),
    Reference("order", "4711", "C2", date(2026, 2, 2)),
    Reference("invoice", "9", "C2"),
    Reference("order", "3", "C3"),
]
CALLS = [(Interaction(f"C{no}", Channel.CALL, NOON + timedelta(no), f"Anruf {no}"), f"call-{no}") for no in (1, 2, 3)]


def import_customers(work: Work) -> Upserted:
    return work.customers.upsert(
        [ANNA, BERTA, CARLA], [known for one in (ANNA, BERTA, CARLA) for known in of(one)], FORMS
    )


def import_contacts(work: Work) -> Upserted:
    return work.customers.upsert_contacts(PEOPLE, [known for one in PEOPLE for known in of_contact(one)])


def import_references(work: Work) -> Upserted:
    return work.customers.upsert_references(PAPERS, FORMS)


def import_calls(work: Work) -> Upserted:
    return work.interactions.add([call for call, _ in CALLS], [name for _, name in CALLS])


def import_books(work: Work) -> Upserted:
    day = date(2026, 3, 1)
    ledger = work.ledger
    booked = ledger.upsert_orders([Order(f"A{no}", f"C{no}", day, 100) for no in (1, 2, 3)])
    booked += ledger.upsert_offers([Offer(f"O{no}", f"C{no}", day, 100) for no in (1, 2, 3)])
    booked += ledger.upsert_invoices([Invoice(f"R{no}", f"C{no}", day, 100) for no in (1, 2, 3)])
    booked += ledger.upsert_payments([Payment(f"R{no}", day, 100) for no in (1, 2, 3)])
    booked += ledger.upsert_surveys([SurveyAnswer(f"C{no}", day, no) for no in (1, 2, 3)])
    counted = ledger.upsert_open_items([OpenItem(f"C{no}", f"R{no}", day, 100) for no in (1, 2, 3)], 7)
    ledger.stand(day, 7)
    return booked.counted + counted


IMPORTS: list[Callable[[Work], Upserted]] = [
    import_customers,
    import_contacts,
    import_references,
    import_calls,
    import_books,
]


def fill(work: Work) -> None:
    """Three customers with everything that can belong to one; the first two are the same firm."""
    for one in IMPORTS:
        one(work)
    for customer in ("C1", "C2"):
        work.particulars.add(customer, f"Besonderheit {customer}", None, "otto", date(2026, 3, 1))
        work.customers.teach(Known(ADDRESS, "privat@example.org", customer, None, "otto"))
    work.customers.teach(Known(ADDRESS, "p2@example.org", "C2", "P2", "otto"))
    filed = [
        mail(f"m{no}", uid=no, match=Match(Action.ATTACH, customer, None, 0.9, candidates=(customer, "C3")))
        for no, customer in ((1, "C1"), (2, "C2"), (3, "C2"))
    ]
    numbers = work.messages.add(filed)
    work.interactions.add(
        Interaction(customer, Channel.MAIL, NOON, "Angebot", message=numbers[no])
        for no, customer in ((0, "C1"), (1, "C2"), (2, "C2"), (2, "C1"))
    )
    for customer in ("C1", "C2"):
        work.proposals.add([Proposal("gone", numbers[1], customer, "", {"phone": "1"}, "neue Nummer", NOON)])
    work.proposals.add([Proposal("gone", numbers[1], "C2", "P2", {}, "nicht mehr im Haus", NOON)])


def rows(work: Work) -> dict[str, Any]:
    """Everything that a merge may touch."""
    connection = work.customers._connection
    found: dict[str, Any] = {table.name: sorted(map(repr, connection.execute(select(table)).all())) for table in TABLES}
    found["size"] = connection.scalar(select(state.c.value).where(state.c.name == "customers"))
    found["found"] = {text: [one.id for one in work.customers.find(text)] for text in ("muster", "Berg", "C2")}
    return found


def test_everything_of_the_merged_customer_is_the_kept_ones(pool: Pool) -> None:
    with pool.begin() as work:
        fill(work)
        work.merges.merge("C1", "C2", "otto", NOON)
    with pool.read() as work:
        assert work.customers.size() == 2
        assert work.customers.get("C2") == ANNA
        assert work.customers.get_many(["C1", "C2"]) == {"C1": ANNA, "C2": ANNA}
        assert [one.id for one in work.customers.find("muster")] == ["C1"]
        assert [one.id for one in work.customers.contacts_of("C1")] == ["P1", "P2"]
        numbers = [one.number for one in work.customers.references_of("C1")]
        assert numbers == ["R2", "R1", "O2", "O1", "A2", "A1", "4711", "9"]
        assert [one.order_no for one in work.ledger.orders_of("C1")] == ["A2", "A1"]
        assert [one.invoice_no for one in work.ledger.payments_of("C1")] == ["R2", "R1"]
        assert [one.invoice_no for one in work.ledger.open_items_of("C1")] == ["R1", "R2"]
        assert {one.score for one in work.ledger.surveys_of("C1")} == {1, 2}
        assert len(work.particulars.of("C1", date(2026, 3, 1))) == 2
        assert not work.ledger.has("C2")
        owners = work.customers.owners({ADDRESS: ["info@c2.example", "p2@muster.example"], DOMAIN: ["muster.example"]})
        assert {one.customer_id for found in owners.values() for one in found.known} == {"C1"}
        assert work.customers.owners({IdentifierKind.NUMBER: ["9"]}) == {}
        assert {entry.message for entry in work.interactions.timeline("C1") if entry.message} == {1, 2, 3}
        assert [entry.subject for entry in work.interactions.timeline("C1", channels=[Channel.CALL])] == [
            "Anruf 2",
            "Anruf 1",
        ]
        mails = work.messages.get_many([1, 2, 3])
        assert {one.match.customer_id for one in mails.values()} == {"C1"}
        assert {one.match.candidates for one in mails.values()} == {("C1", "C3")}
        assert [one.contact_id for one in work.proposals.of_customer("C1", None)] == ["P2", ""]
        (merge,) = work.merges.page()
        assert (merge.kept, merge.merged, merge.name, merge.staff, merge.undone_at) == (
            "C1",
            "C2",
            "Muster",
            "otto",
            None,
        )
        assert work.merges.into("C1") == [merge]
        assert work.rematching.next(9) is not None


def test_undoing_restores_exactly_what_was(pool: Pool) -> None:
    with pool.begin() as work:
        fill(work)
        before = rows(work)
        number = work.merges.merge("C1", "C2", "otto", NOON)
    with pool.begin() as work:
        work.merges.undo(number, "anna", NOON)
        assert rows(work) == before
        (merge,) = work.merges.page()
        assert merge.undone_by == "anna"
        with pytest.raises(NotFound):
            work.merges.undo(number, "anna", NOON)


def test_the_import_of_a_merged_customer_changes_nothing_and_says_so(pool: Pool) -> None:
    with pool.begin() as work:
        fill(work)
        work.merges.merge("C1", "C2", "otto", NOON)
        before = rows(work)
        assert import_customers(work) == Upserted(same=2, merged=1)
        assert import_contacts(work) == Upserted(same=3)
        assert import_references(work) == Upserted(same=4)
        assert import_calls(work) == Upserted(same=3)
        assert import_books(work) == Upserted(same=18)
        assert rows(work) == before
        assert work.customers.known_ids(["C1", "C2", "C9"]) == {"C1", "C2"}


def test_what_is_imported_for_the_merged_customer_meanwhile_goes_back_to_it(pool: Pool) -> None:
    with pool.begin() as work:
        fill(work)
        number = work.merges.merge("C1", "C2", "otto", NOON)
        new = Contact("P9", "C2", last_name="Neu")
        work.customers.upsert_contacts([new], of_contact(new))
        work.customers.upsert_references([Reference("order", "77", "C2")], FORMS)
        work.interactions.add([Interaction("C2", Channel.NOTE, NOON, "Notiz")])
        assert work.customers.contact("P9") == replace(new, customer_id="C1")
        work.merges.undo(number, "otto", NOON)
        assert work.customers.contact("P9") == new
        assert "77" in [one.number for one in work.customers.references_of("C2")]
        assert [one.subject for one in work.interactions.timeline("C2", channels=[Channel.NOTE])] == ["Notiz"]
        owners = work.customers.owners({ADDRESS: ["p9@muster.example"]})
        assert [one.customer_id for one in owners[ADDRESS, "p9@muster.example"].known] == ["C2"]


def test_mail_filed_anew_since_stays_where_it_was_filed(pool: Pool) -> None:
    with pool.begin() as work:
        fill(work)
        number = work.merges.merge("C1", "C2", "otto", NOON)
        work.messages.set_match(2, Match(Action.ATTACH, "C3", None, 1.0, candidates=("C3",), decided_by="otto"))
        work.interactions.move_message(2, "C3", None)
        work.merges.undo(number, "otto", NOON)
        mails = work.messages.get_many([2, 3])
        assert [one.match.customer_id for one in mails.values()] == ["C3", "C2"]


def test_a_correction_taken_back_names_the_kept_customer(pool: Pool) -> None:
    with pool.begin() as work:
        fill(work)
        work.messages.set_match(2, Match(Action.ATTACH, "C3", None, 1.0, candidates=("C3",), decided_by="otto"))
        work.merges.merge("C1", "C2", "otto", NOON)
        match = work.messages.undo_match(2)
    assert match is not None
    assert match.customer_id == "C1"


def test_merges_are_undone_from_the_outside_in(pool: Pool) -> None:
    with pool.begin() as work:
        fill(work)
        before = rows(work)
        inner = work.merges.merge("C1", "C2", "otto", NOON)
        outer = work.merges.merge("C3", "C1", "otto", NOON)
        assert work.customers.get("C2") == CARLA
        import_contacts(work)
        with pytest.raises(WrongUse):
            work.merges.undo(inner, "otto", NOON)
        work.merges.undo(outer, "otto", NOON)
        work.merges.undo(inner, "otto", NOON)
        assert rows(work) == before


def test_only_two_different_customers_are_merged(pool: Pool) -> None:
    with pool.begin() as work:
        fill(work)
        with pytest.raises(WrongUse):
            work.merges.merge("C1", "C1", "otto", NOON)
        with pytest.raises(UnknownName):
            work.merges.merge("C1", "C9", "otto", NOON)
        work.merges.merge("C1", "C2", "otto", NOON)
        with pytest.raises(UnknownName):
            work.merges.merge("C2", "C1", "otto", NOON)


def test_identifiers_of_merged_records_follow_the_rules_too(pool: Pool) -> None:
    with pool.begin() as work:
        fill(work)
        before = rows(work)
        number = work.merges.merge("C1", "C2", "otto", NOON)
        work.merges.derive_anew(lambda one: [Known(IdentifierKind.FIRM, one.name, one.id, None, "customers")])
        (owner,) = work.customers.owners({IdentifierKind.FIRM: ["Muster"]})[IdentifierKind.FIRM, "Muster"].known
        assert owner.customer_id == "C1"
        assert work.customers.owners({ADDRESS: ["info@c2.example"]}) == {}
        work.merges.derive_anew(of)
        work.merges.undo(number, "otto", NOON)
        assert rows(work) == before


STEPS = st.one_of(
    st.tuples(st.sampled_from(["C1", "C2", "C3"]), st.sampled_from(["C1", "C2", "C3"])),
    st.sampled_from(IMPORTS),
    st.just("undo"),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(steps=[("C1", "C2"), ("C3", "C1"), import_references])
@example(steps=[("C2", "C3"), ("C1", "C2"), import_references])
@given(steps=st.lists(STEPS, max_size=8))
def test_however_merges_imports_and_undoings_follow_one_another_all_is_as_before_in_the_end(
    pool: Pool, steps: list[Any]
) -> None:
    # Each example begins with an empty pool, because this one's unit of work leaves nothing.
    with suppress(Back), pool.begin() as work:
        fill(work)
        before = rows(work)
        standing: list[int] = []
        for step in steps:
            if isinstance(step, tuple):
                kept, merged = step
                with suppress(WrongUse):
                    standing.append(work.merges.merge(kept, merged, "otto", NOON))
            elif callable(step):
                step(work)
            elif standing:
                work.merges.undo(standing.pop(), "otto", NOON)
        while standing:
            work.merges.undo(standing.pop(), "otto", NOON)
        assert rows(work) == before
        raise Back


class Back(Exception):
    """Nothing of this shall stay."""
