"""What is reckoned from a customer's books, one row a customer, and the rows that it is reckoned from.

The reckoning itself is rules.value.facts; assistant.bookkeeping brings both together. A column that is NULL has lapsed:
rows changed since. "null" was reckoned: there is nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Table, bindparam, exists, func, select, text, update

from rules.terms.ledger import Invoice, Offer, OfferStatus, OrderStatus, Payment, SurveyAnswer
from rules.terms.worth import BillingFacts, Facts, OfferFacts, OfferSum, OrderDay, OrderFacts, SurveyFacts
from storage import bounded
from storage.columns import plain
from storage.ledger_rows import INVOICES, OFFERS, SURVEYS, Book, T, payment_of
from storage.ledger_tables import customer_facts, invoices, offers, orders, payments, surveys
from storage.placements import chunks
from storage.prepared import Asked, Prepared
from storage.records import customers

OPEN_OFFERS = 20
INVOICES_READ = 500


class Section(StrEnum):
    """The parts of a customer's facts: each follows from rows of its own."""

    ORDERS = "orders"
    OFFERS = "offers"
    BILLING = "billing"
    SURVEYS = "surveys"


class CustomerFacts:
    """The facts of a pool's customers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lapse(self, section: Section, ids: Collection[str]) -> None:
        """Rows changed: what was reckoned of these customers holds no longer."""
        for chunk in chunks(ids):
            held = customer_facts.c[section.value].is_not(None)
            these = update(customer_facts).where(customer_facts.c.customer_id.in_(chunk), held)
            self._connection.execute(these.values({section.value: None}))

    def lapsed(self, section: Section, after: str, limit: int) -> list[str]:
        """The next customers by id whose books say something that has not been reckoned."""
        c, f = customers.c, customer_facts.c
        booked = exists().where(_BOOKS[section].c.customer_id == c.id)
        reckoned = exists().where(f.customer_id == c.id, f[section.value].is_not(None))
        query = select(c.id).where(c.id > after, booked, ~reckoned).order_by(c.id).limit(limit)
        return list(self._connection.scalars(query))

    def put(self, section: Section, found: Mapping[str, Any]) -> None:
        """Keep what was reckoned anew, by customer; None where there is nothing."""
        if found:
            rows = [{"customer_id": plain(id), "facts": _PACKER.encode(one).decode()} for id, one in found.items()]
            self._connection.execute(_PUT[section], rows)

    def get(self, customer_id: str) -> tuple[Facts, tuple[Section, ...]]:
        """What is known of a customer, and the sections that have to be reckoned first."""
        row = _OF.one(self._connection, id=customer_id)
        kept = {section: None if row is None else getattr(row, section.value) for section in Section}
        known = {section.value: _UNPACKER[section].decode(text) for section, text in kept.items() if text is not None}
        if len(known) == len(Section):
            return Facts(**known), ()
        # Most customers stand in few of the books: where there is no row, there is nothing to reckon.
        booked = _BOOKED.one(self._connection, id=customer_id)
        return Facts(**known), tuple(
            section for section, text in kept.items() if text is None and getattr(booked, section.value)
        )

    # what is reckoned from

    def order_days(self, ids: Collection[str]) -> dict[str, list[OrderDay]]:
        """What customers ordered, a day and a currency each, oldest first; cancelled orders left out."""
        c = orders.c
        sums = (func.count(), func.sum(c.amount), func.count(c.margin), func.sum(c.margin))
        query = select(c.customer_id, c.date, c.currency, *sums).where(c.status != OrderStatus.CANCELLED.value)
        query = query.group_by(c.customer_id, c.date, c.currency).order_by(c.customer_id, c.date)
        found: dict[str, list[OrderDay]] = defaultdict(list)
        for chunk in chunks(ids):
            for id, day, currency, count, amount, with_margin, margin in self._connection.execute(
                query.where(c.customer_id.in_(chunk))
            ):
                known = int(margin) if with_margin == count else None
                found[id].append(OrderDay(day, currency, count, int(amount), known))
        return found

    def offer_sums(self, ids: Collection[str]) -> dict[str, list[OfferSum]]:
        """How customers' offers stand."""
        c = offers.c
        query = select(c.customer_id, c.status, c.currency, func.count(), func.sum(c.amount))
        query = query.group_by(c.customer_id, c.status, c.currency)
        found: dict[str, list[OfferSum]] = defaultdict(list)
        for chunk in chunks(ids):
            for id, status, currency, count, amount in self._connection.execute(query.where(c.customer_id.in_(chunk))):
                found[id].append(OfferSum(OfferStatus(status), currency, count, int(amount)))
        return found

    def open_offers(self, ids: Collection[str]) -> dict[str, list[Offer]]:
        """Customers' newest open offers."""
        keys = self._newest(offers, "offer_no", ids, OPEN_OFFERS, f"status = '{OfferStatus.OPEN.value}'")
        return self._by_customer(OFFERS, keys)

    def invoices(self, ids: Collection[str]) -> dict[str, list[Invoice]]:
        """Customers' newest invoices and credit notes, oldest first; at most 500 each."""
        return self._by_customer(INVOICES, self._newest(invoices, "invoice_no", ids, INVOICES_READ))

    def payments(self, numbers: Collection[str]) -> list[Payment]:
        """What was paid on invoices."""
        c = payments.c
        return [
            payment_of(row)
            for chunk in chunks(numbers)
            for row in self._connection.execute(select(payments).where(c.invoice_no.in_(chunk)))
        ]

    def last_answers(self, ids: Collection[str]) -> dict[str, list[SurveyAnswer]]:
        """The last answer of customers."""
        return self._by_customer(SURVEYS, self._newest(surveys, "external_id", ids, 1))

    def answer_counts(self, ids: Collection[str]) -> dict[str, int]:
        """How many answers customers gave."""
        c = surveys.c
        query = select(c.customer_id, func.count()).group_by(c.customer_id)
        return {
            row[0]: row[1]
            for chunk in chunks(ids)
            for row in self._connection.execute(query.where(c.customer_id.in_(chunk)))
        }

    def _newest(
        self, table: Table, key: str, ids: Collection[str], limit: int, condition: str = "1 = 1"
    ) -> Iterator[str]:
        """The keys of each customer's newest rows."""
        lookup = (
            f"select {key} from {table.name} where customer_id = ? and {condition}"  # noqa: S608 — our own words
            f" order by date desc, {key} desc limit {limit}"
        )
        return (row[0] for row in bounded.each(self._connection, lookup, ((plain(id),) for id in ids)))

    def _by_customer(self, book: Book[T], keys: Iterator[str]) -> dict[str, list[T]]:
        c = book.table.c
        found: dict[str, list[T]] = defaultdict(list)
        for chunk in chunks(keys):
            query = select(book.table).where(c[book.key].in_(chunk)).order_by(c.date, c[book.key])
            for row in self._connection.execute(query):
                found[row.customer_id].append(book.term(row))
        return found


def beside(customer_id: str) -> Asked:
    """What is asked for a customer's facts."""
    return {_OF: {"id": customer_id}, _BOOKED: {"id": customer_id}}


_OF = Prepared(select(customer_facts).where(customer_facts.c.customer_id == bindparam("id")))
_BOOKS: Mapping[Section, Table] = {
    Section.ORDERS: orders,
    Section.OFFERS: offers,
    Section.BILLING: invoices,
    Section.SURVEYS: surveys,
}
_IN_BOOKS: list[ColumnElement[Any]] = [
    exists().where(book.c.customer_id == bindparam("id")).label(section.value) for section, book in _BOOKS.items()
]
_BOOKED = Prepared(select(*_IN_BOOKS))
_PACKER = msgspec.json.Encoder()
_UNPACKER: Mapping[Section, msgspec.json.Decoder[Any]] = {
    Section.ORDERS: msgspec.json.Decoder(OrderFacts | None),
    Section.OFFERS: msgspec.json.Decoder(OfferFacts | None),
    Section.BILLING: msgspec.json.Decoder(BillingFacts | None),
    Section.SURVEYS: msgspec.json.Decoder(SurveyFacts | None),
}
_PUT = {
    section: text(
        f"insert into customer_facts (customer_id, {section.value}) values (:customer_id, :facts)"  # noqa: S608
        f" on conflict (customer_id) do update set {section.value} = excluded.{section.value}"
    )
    for section in Section
}
