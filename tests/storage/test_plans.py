"""No look-up reads a table from end to end: what staff wait for must not grow with the pool."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event

from rules.terms.complaint import Assessment, Finding, FindingState
from rules.terms.customer import Contact, Customer, IdentifierKind, Known, Reference
from rules.terms.finding import Action
from rules.terms.interaction import Channel, Interaction
from rules.terms.ledger import Invoice, Offer, OpenItem, Order, Payment, SurveyAnswer
from rules.terms.mail import MailKind, Placement, Verdict
from rules.terms.upkeep import Lead, Proposal, Stance
from rules.terms.worth import Bar, CustomerValue
from storage import driver, entry_words
from storage.facts import Section
from storage.pool import Pool, Work
from storage.rematching import Rematching
from storage.values import ValueList
from tests.storage.making import NOON, identity, mail, many

INFO = frozenset({"info"})
COMPLAINT = Finding(1, NOON, Assessment(flag=True, severity=2), "C1")
LOOKS: list[Callable[[Work], object]] = [
    lambda work: work.messages.known([identity("a"), identity("b")]),
    lambda work: work.messages.get_many([1, 2]),
    lambda work: work.messages.by_message_id("info-1@example.org"),
    lambda work: work.messages.thread_entries(["info-1@example.org", "x"]),
    lambda work: work.messages.found_by(["info-1@example.org\n@example.org", "x"]),
    lambda work: work.messages.thread(identity("info-1")),
    lambda work: work.messages.at("info", "INBOX", 7, 3),
    lambda work: work.messages.live_uids("info", "INBOX", 7),
    lambda work: work.messages.latest(INFO),
    lambda work: work.messages.latest(None),
    lambda work: work.messages.by_action(Action.UNKNOWN, INFO),
    lambda work: work.messages.by_action(Action.REVIEW, None),
    lambda work: work.erasures.any(),
    lambda work: work.erasures.known(["1:a", "1:b"]),
    lambda work: work.erasures.copies("info", "INBOX", 7),
    lambda work: work.erasures.mails_filed(["C1"]),
    lambda work: work.erasures.mails_of_people(["P1"]),
    lambda work: work.erasures.known_addresses(["C1"], ["P1"]),
    lambda work: work.correspondents.heaviest(INFO, 20, 5),
    lambda work: work.restrictions.of("C1"),
    lambda work: work.search.messages("kurz", INFO),
    lambda work: work.search.messages("kurz", INFO, customer_id="C1"),
    lambda work: work.interactions.timeline("C1", channels=[Channel.CALL]),
    lambda work: work.interactions.timeline("C1", before=51),
    lambda work: work.interactions.count_of("C1"),
    lambda work: work.interactions.mails_of("C1", "erika@example.org"),
    lambda work: work.customers.get("C1"),
    lambda work: work.customers.find("muster ber"),
    lambda work: work.customers.page(),
    lambda work: work.customers.page("C1"),
    lambda work: work.customers.contacts_of("C1"),
    lambda work: work.customers.contact("P1"),
    lambda work: work.customers.references_of("C1"),
    lambda work: work.customers.owners({kind: ["a@example.org", "b@example.org"] for kind in IdentifierKind}),
    lambda work: work.customers.files_of(["C1", "C2"]),
    lambda work: work.customers.number_shapes(),
    lambda work: work.customers.size(),
    lambda work: work.customers.known_ids(["C1", "C2"]),
    lambda work: work.customers.customers_after("C1", limit=9),
    lambda work: work.customers.contacts_after("P1", limit=9),
    lambda work: work.customers.references_after("1", "order", "C1", limit=9),
    lambda work: work.rematching.left(),
    lambda work: work.senders.leads(INFO),
    lambda work: work.senders.leads(None, after=Lead("a@example.org", "", 1, NOON, 5)),
    lambda work: work.senders.open_mails("erika@example.org", INFO),
    lambda work: work.senders.said(["a@example.org", "b@example.org"]),
    lambda work: work.senders.history(before=9),
    lambda work: work.proposals.page(INFO, before=9),
    lambda work: work.proposals.of_message(1),
    lambda work: work.proposals.of_customer("C1", INFO),
    lambda work: work.findings.of_messages([1, 2]),
    lambda work: work.findings.beside(1, "C1", INFO),
    lambda work: work.findings.beside(None, "C1", INFO),
    lambda work: work.findings.page(FindingState.OPEN, INFO, severity=3, before=1),
    lambda work: work.findings.page(FindingState.HISTORY, None),
    lambda work: work.findings.count(FindingState.OPEN, INFO, 100),
    lambda work: work.findings.ruled(INFO, 0, 9),
    lambda work: work.findings.askable(99, [MailKind.PERSON], 9),
    lambda work: work.ledger.orders_of("C1"),
    lambda work: work.ledger.offers_of("C1"),
    lambda work: work.ledger.invoices_of("C1"),
    lambda work: work.ledger.payments_of("C1"),
    lambda work: work.ledger.open_items_of("C1"),
    lambda work: work.ledger.surveys_of("C1"),
    lambda work: work.ledger.list_day(),
    lambda work: work.ledger.has("C1", without={"R1"}),
    lambda work: work.consents.of("C1"),
    lambda work: work.contact_changes.of(["P1", "P2"]),
    lambda work: work.customers.people_of(["C1", "C2"]),
    lambda work: work.found_invoices.of_message(1),
    lambda work: work.found_invoices.waiting_after("", 9),
    lambda work: work.found_invoices.booked_by_themselves("C1"),
    lambda work: work.ledger.customers_of_invoices(["R1", "R2"]),
    lambda work: work.particulars.of("C1", NOON.date()),
    lambda work: work.facts.get("C1"),
    lambda work: work.facts.order_days(["C1", "C2"]),
    lambda work: work.facts.offer_sums(["C1", "C2"]),
    lambda work: work.facts.open_offers(["C1", "C2"]),
    lambda work: work.facts.invoices(["C1", "C2"]),
    lambda work: work.facts.payments(["R1", "R2"]),
    lambda work: work.facts.last_answers(["C1", "C2"]),
    lambda work: work.facts.answer_counts(["C1", "C2"]),
    lambda work: work.ledger.numbers([("order", "A1"), ("offer", "O1"), ("invoice", "R1")]),
    lambda work: work.values.of(["C1", "C2"]),
    *(lambda work, name=name: work.values.page(name, 9) for name in ValueList),
    *(lambda work, name=name: work.values.page(name, 9, (5.0, "C1")) for name in ValueList),
    lambda work: work.decisions.of("C1"),
    lambda work: work.decisions.bars(["C1", "C2"]),
    lambda work: work.findings.complaining(["C1", "C2"]),
    lambda work: work.interactions.holding("C1", "kurz"),
    lambda work: work.search.entries("kurz"),
    lambda work: work.merges.page(before=9),
    lambda work: work.merges.into("C1"),
    lambda work: work.walks.position("x", 1),
    lambda work: work.staff.session("d", NOON),
    lambda work: work.staff.token("d", NOON),
]
CHANGES: list[Callable[[Work], object]] = [
    lambda work: work.messages.add([mail("new", uid=99)]),
    lambda work: work.messages.place(1, Placement("info", "Archiv", 7, 3), Verdict.PASS, NOON),
    lambda work: work.messages.mark_gone("info", "INBOX", 7, [1, 2], NOON),
    lambda work: work.messages.set_flags("info", "INBOX", 7, {3: frozenset({"x"})}),
    lambda work: work.messages.rename_thread("a", "b"),
    lambda work: work.messages.set_match(1, mail().match),
    lambda work: work.messages.undo_match(1),
    lambda work: work.interactions.move_message(1, "C2", None),
    lambda work: work.interactions.add([Interaction("C1", Channel.NOTE, NOON, "x")], ["x1"]),
    lambda work: work.customers.upsert([Customer("C1", "Neu")], []),
    lambda work: work.customers.upsert_contacts([Contact("P1", "C1", last_name="Neu")], []),
    lambda work: work.customers.upsert([Customer(f"C{no}", "Neu") for no in range(400)], []),
    lambda work: work.customers.upsert_contacts([Contact(f"P{no}", f"C{no}", title="Dr.") for no in range(400)], []),
    lambda work: work.customers.upsert_references([Reference("order", str(no), f"C{no}") for no in range(400)]),
    lambda work: work.ledger.upsert_orders([Order(f"A{no}", f"C{no + 1}", NOON.date(), 1) for no in range(400)]),
    lambda work: work.ledger.upsert_offers([Offer("O1", "C2", NOON.date(), 1)]),
    lambda work: work.ledger.upsert_invoices([Invoice("R1", "C2", NOON.date(), 1)]),
    lambda work: work.ledger.upsert_payments([Payment(f"R{no}", NOON.date(), 2) for no in range(400)]),
    lambda work: work.ledger.upsert_surveys([SurveyAnswer("C1", NOON.date(), 1)]),
    lambda work: work.ledger.upsert_open_items([OpenItem("C1", "R1", NOON.date(), 1)], 2),
    lambda work: work.facts.put(Section.ORDERS, {"C1": None}),
    lambda work: work.customers.teach(Known(IdentifierKind.ADDRESS, "a@example.org", "C1", None, "anna")),
    lambda work: work.decisions.decide("C1", "call", NOON.date(), accepted=True),
    lambda work: work.decisions.bar("C1", Bar.OBJECTION, NOON.date(), "anna"),
    lambda work: work.values.put(2, [CustomerValue("C1", NOON.date())]),
    lambda work: work.values.mark(),
    lambda work: work.merges.undo(work.merges.merge("C1", "C2", "anna", NOON), "anna", NOON),
    lambda work: work.senders.unsay(work.senders.say("a@example.org", Stance.IGNORE, "anna", NOON)),
    lambda work: work.proposals.add([Proposal("gone", 1, "C1", "", {}, "", NOON)]),
    lambda work: work.findings.put([COMPLAINT]),
    lambda work: walked(work, Rematching.mark_all),
    lambda work: walked(work, lambda walks: walks.mark_sender("erika@example.org")),
    lambda work: walked(work, lambda walks: walks.mark_thread(identity("info-1"))),
]


def walked(work: Work, mark: Callable[[Rematching], None]) -> None:
    """Two stretches of a walk."""
    mark(work.rematching)
    for _ in range(2):
        stretch = work.rematching.next(3)
        if stretch is not None:
            work.rematching.still(stretch.walk)
            work.rematching.advance(stretch)


def _valued(no: int) -> CustomerValue:
    """Every few of them on each list."""
    return CustomerValue(
        f"C{no}",
        NOON.date(),
        king=no % 9 == 0,
        segment="lost" if no % 7 == 0 else "",
        abc="A" if no % 5 == 0 else "",
        worth=no,
        risk="risk.alive" if no % 8 == 0 else "",
        likeness=0.7 if no % 6 == 0 else None,
    )


@pytest.fixture
def filled(sqlite_pool: Pool) -> Pool:
    """A pool with enough of everything for the planner to care."""
    with sqlite_pool.begin() as work:
        numbers = work.messages.add(many(300))
        work.interactions.add(
            Interaction(f"C{no % 50}", Channel.MAIL, NOON + timedelta(no), "x", message=no) for no in numbers
        )
        customers = [Customer(f"C{no}", f"Muster {no}", city="Berg") for no in range(300)]
        owners = [
            Known(IdentifierKind.ADDRESS, f"{one.id}@example.org", one.id, None, "customers") for one in customers
        ]
        work.customers.upsert(customers, owners)
        work.customers.upsert_contacts([Contact(f"P{no}", f"C{no}") for no in range(300)], [])
        work.customers.upsert_references([Reference("order", str(no), f"C{no}") for no in range(300)])
        work.findings.put(replace(COMPLAINT, message=no) for no in numbers[:200])
        day = NOON.date()
        work.ledger.upsert_orders([Order(f"A{no}", f"C{no}", day, 1) for no in range(300)])
        work.ledger.upsert_offers([Offer(f"O{no}", f"C{no}", day, 1) for no in range(300)])
        work.ledger.upsert_invoices([Invoice(f"R{no}", f"C{no}", day, 1) for no in range(300)])
        work.ledger.upsert_payments([Payment(f"R{no}", day, 1) for no in range(300)])
        work.ledger.upsert_surveys([SurveyAnswer(f"C{no}", day, 1) for no in range(300)])
        work.ledger.upsert_open_items([OpenItem(f"C{no}", f"R{no}", day, 1) for no in range(300)], 1)
        work.ledger.stand(day, 1)
        work.values.put(1, (_valued(no) for no in range(300)))
    return sqlite_pool


def steps(pool: Pool, look: Callable[[Work], object]) -> list[str]:
    """What the database does for a look, each step with its statement."""
    found: list[str] = []

    def plan(connection: Any, statement: str, parameters: Any) -> None:
        described = connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
        found.extend(f"{step[3]} — {statement}" for step in described)

    def explain(connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if statement.split(" ", 1)[0].upper() in ("SELECT", "UPDATE", "DELETE"):
            plan(cursor.connection, statement, parameters[0] if many else parameters)

    def explained(connection: Connection, statement: str, values: tuple[object, ...]) -> list[Any]:
        plan(connection.connection.driver_connection, statement, values)
        return ask_driver(connection, statement, values)

    engine, ask_driver = pool._writer, driver.rows
    event.listen(engine, "before_cursor_execute", explain)
    try:
        with pytest.MonkeyPatch.context() as patch, pool.begin() as work:
            patch.setattr(driver, "rows", explained)
            look(work)
    finally:
        event.remove(engine, "before_cursor_execute", explain)
    return found


def scans(pool: Pool, look: Callable[[Work], object]) -> list[str]:
    """The steps of a look that read a whole table."""
    found = [step for step in steps(pool, look) if step.startswith("SCAN")]
    # Few rows by nature, an index of words (which is asked by its words), what a look-up among several has found
    # (storage.bounded) or a search takes for a closer look, the values that are asked for (storage.prepared), an index
    # walked to the limit, or one that holds applicants only.
    words = ("message_words VIRTUAL", "customer_words VIRTUAL", "entry_words VIRTUAL")
    fine = ("boxes", "places", "rematching", *words, "look", "asked", "counted", "newest")
    applicants = ("INDEX ix_customers_applicants", "INDEX ix_senders_applicants")
    walked = ("INDEX ix_customers_name", "INDEX ix_customer_values_", *applicants)
    return [
        step
        for step in found
        if not step.removeprefix("SCAN ").startswith(fine)
        and not any(walk in step for walk in walked)
        and "sqlite_sequence" not in step
        and " CONSTANT ROW" not in step
    ]


@pytest.mark.parametrize("look", LOOKS + CHANGES)
def test_nothing_is_read_from_end_to_end(filled: Pool, look: Callable[[Work], object]) -> None:
    assert scans(filled, look) == []


@pytest.mark.parametrize(
    "look",
    [
        lambda work: work.customers.owners({kind: ["a@example.org", "b@example.org"] for kind in IdentifierKind}),
        lambda work: work.customers.files_of(["C1", "C2"]),
        lambda work: list(work.senders._unknown([], None)),
        lambda work: entry_words.index_all(work.search._connection, work.search._fulltext),
        lambda work: work.findings.page(FindingState.OPEN, INFO, before=1),
        lambda work: work.findings.page(FindingState.HISTORY, None),
        lambda work: walked(work, Rematching.mark_all),
        lambda work: walked(work, lambda walks: walks.mark_sender("erika@example.org")),
    ],
)
def test_what_is_bounded_is_not_sorted_first(filled: Pool, look: Callable[[Work], object]) -> None:
    """A limit saves nothing where all rows have to be put in order before it counts."""
    assert [step for step in steps(filled, look) if step.startswith("USE TEMP B-TREE FOR ORDER")] == []
