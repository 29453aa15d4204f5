"""The books as imports and other programs bring them: idempotent by number, found by customer.

    orders, offers, invoices   also lead to the customer by their number (references)
    payments                   are the customer's whose invoice they pay
    open items                 a list of accounting's belongs to a day; the newest list stands, older ones go

Rows of a customer who has become part of another one go to that one (storage.merges). Whoever changes rows here lets
what was reckoned from them lapse; assistant.bookkeeping reckons anew in the same unit of work.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    Connection,
    Date,
    Integer,
    Row,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    tuple_,
    update,
)

from rules.terms.customer import CustomerKind, NumberForm, Reference
from rules.terms.ledger import Invoice, Offer, OpenItem, Order, Payment, SurveyAnswer
from storage.aliases import aliases, note_moved
from storage.customers import Customers
from storage.facts import CustomerFacts, Section
from storage.ledger_rows import (
    INVOICES,
    OFFERS,
    ORDERS,
    SURVEYS,
    Book,
    T,
    Values,
    open_item_of,
    open_item_values,
    payment_of,
    payment_values,
)
from storage.ledger_tables import invoices, offers, open_items, orders, payments, surveys
from storage.placements import chunks
from storage.prepared import Asked, Prepared
from storage.records import customers, state
from storage.restrictions import used_customer
from storage.upserted import Upserted
from storage.upserting import write

Forms = Mapping[str, NumberForm]
Start = tuple[date, str]
_NO_FORMS: Forms = MappingProxyType({})
_LIST = "open items"  # in the table of states: the day of the list that stands
_MOST = 50  # of a customer's open items
_OF_A_CUSTOMER = (orders, offers, open_items, surveys)  # and invoices


@dataclass(frozen=True, slots=True)
class Booked:
    """What came of handing rows to the books, and whose rows changed."""

    counted: Upserted = field(default_factory=Upserted)
    touched: frozenset[str] = frozenset()

    def __add__(self, other: "Booked") -> "Booked":
        """Both together."""
        return Booked(self.counted + other.counted, self.touched | other.touched)


class Ledger:
    """The books of a pool."""

    def __init__(self, connection: Connection, customers: Customers, facts: CustomerFacts) -> None:
        self._connection = connection
        self._customers = customers
        self._facts = facts

    # taking in

    def upsert_orders(self, rows: Iterable[Order], forms: Forms = _NO_FORMS) -> Booked:
        """Take orders in, the last row of a number counts. `forms`: how their numbers are found in mails."""
        return self._upsert(ORDERS, {row.order_no: row for row in rows}, Section.ORDERS, forms)

    def upsert_offers(self, rows: Iterable[Offer], forms: Forms = _NO_FORMS) -> Booked:
        """Take offers in, likewise."""
        return self._upsert(OFFERS, {row.offer_no: row for row in rows}, Section.OFFERS, forms)

    def upsert_invoices(self, rows: Iterable[Invoice], forms: Forms = _NO_FORMS) -> Booked:
        """Take invoices and credit notes in, likewise."""
        return self._upsert(INVOICES, {row.invoice_no: row for row in rows}, Section.BILLING, forms)

    def drop_invoice(self, number: str) -> str | None:
        """Take an invoice or credit note out; whose it was. Payments on it stay, for it may come again."""
        c = invoices.c
        this = delete(invoices).where(c.invoice_no == number).returning(c.customer_id)
        customer: str | None = self._connection.execute(this).scalar()
        if customer is not None:
            self._customers.drop_references([(number, str(INVOICES.reference), customer)])
            self._facts.lapse(Section.BILLING, [customer])
        return customer

    def upsert_surveys(self, rows: Iterable[SurveyAnswer]) -> Booked:
        """Take answers in, each once."""
        values = (SURVEYS.values(row) for row in rows)
        named = {value["external_id"]: SurveyAnswer(**value) for value in values}
        return self._upsert(SURVEYS, named, Section.SURVEYS, _NO_FORMS)

    def upsert_payments(self, rows: Iterable[Payment]) -> Booked:
        """Take payments in, each once. Whose they are is known by their invoices (`customers_of_invoices`)."""
        booked = Booked()
        for chunk in chunks({(row["invoice_no"], row["key"]): row for row in map(payment_values, rows)}.items()):
            booked += self._upsert_payments(dict(chunk))
        self._facts.lapse(Section.BILLING, booked.touched)
        return booked

    def upsert_open_items(self, rows: Iterable[OpenItem], batch: int) -> Upserted:
        """Take a part of accounting's list in; it stands once `stand` is called.

        Args:
            rows: all of the same day.
            batch: a number that this import of the list has alone.
        """
        counted = Upserted()
        for chunk in chunks({row.invoice_no: row for row in rows}.values()):
            counted += self._upsert_open_items([open_item_values(row, batch) for row in chunk])
        return counted

    def stand(self, as_of: date, batch: int) -> None:
        """The list of a day is complete: it stands from now on, without what this import did not bring."""
        c = open_items.c
        day = as_of.toordinal()
        self._connection.execute(delete(open_items).where(c.as_of == day, c.batch != batch))
        self._connection.execute(delete(open_items).where(c.as_of < day))
        if not self._connection.execute(update(state).where(state.c.name == _LIST).values(value=day)).rowcount:
            self._connection.execute(insert(state).values(name=_LIST, value=day))

    # looking up

    def orders_of(self, customer_id: str, limit: int = 50, before: Start | None = None) -> list[Order]:
        """A customer's orders, newest first; `before`: day and number of the last one on the page before."""
        return self._of(ORDERS, customer_id, limit, before)

    def all_orders(self, kinds: Collection[CustomerKind] = tuple(CustomerKind)) -> Iterator[Order]:
        """Every order of the pool whose customer is of such a kind, in no order, a page of rows in memory at a time.

        Those of customers whose data are only kept are left out.
        """
        query = select(orders).join(customers, customers.c.id == orders.c.customer_id)
        query = query.where(customers.c.kind.in_([kind.value for kind in kinds]))
        query = query.where(*used_customer(self._connection, customers.c.id)).execution_options(yield_per=1000)
        return map(ORDERS.term, self._connection.execute(query))

    def offers_of(self, customer_id: str, limit: int = 50, before: Start | None = None) -> list[Offer]:
        """A customer's offers, likewise."""
        return self._of(OFFERS, customer_id, limit, before)

    def invoices_of(self, customer_id: str, limit: int = 50, before: Start | None = None) -> list[Invoice]:
        """A customer's invoices and credit notes, likewise."""
        return self._of(INVOICES, customer_id, limit, before)

    def surveys_of(self, customer_id: str, limit: int = 50) -> list[SurveyAnswer]:
        """What a customer answered, newest first."""
        return self._of(SURVEYS, customer_id, limit)

    def payments_of(self, customer_id: str, limit: int = 50) -> list[Payment]:
        """What a customer paid, newest first."""
        query = select(payments).join(invoices, invoices.c.invoice_no == payments.c.invoice_no)
        query = query.where(invoices.c.customer_id == customer_id)
        query = query.order_by(payments.c.date.desc(), payments.c.invoice_no.desc(), payments.c.key).limit(limit)
        return [payment_of(row) for row in self._connection.execute(query)]

    def open_items_of(self, customer_id: str, limit: int = _MOST) -> list[OpenItem]:
        """What is open of a customer by the list that stands (`list_day`), what is due first at the top."""
        return [open_item_of(row) for row in _OPEN_ITEMS.rows(self._connection, id=customer_id, limit=limit)]

    def list_day(self) -> date | None:
        """The day of the list of open items that stands; None where there was never one."""
        row = _LIST_DAY.one(self._connection)
        return None if row is None else date.fromordinal(row.value)

    def knows_payments(self) -> bool:
        """Whether the firm brings payments at all: without any, an invoice that nobody paid says nothing."""
        return self._connection.execute(select(payments.c.invoice_no).limit(1)).first() is not None

    def customers_of_invoices(self, numbers: Collection[str]) -> dict[str, str]:
        """Whose invoices these are, for those that there are."""
        c = invoices.c
        return {
            row.invoice_no: row.customer_id
            for chunk in chunks(dict.fromkeys(numbers))
            for row in self._connection.execute(select(c.invoice_no, c.customer_id).where(c.invoice_no.in_(chunk)))
        }

    def numbers(self, asked: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        """Those of the papers, by type and number, that stand in the books."""
        found = set[tuple[str, str]]()
        for book in (ORDERS, OFFERS, INVOICES):
            key = book.table.c[book.key]
            for chunk in chunks([number for type, number in asked if type == book.reference]):
                there = self._connection.scalars(select(key).where(key.in_(chunk)))
                found.update((book.reference, number) for number in there)
        return found

    def count_invoices(self, customer_id: str) -> int:
        """How many invoices and credit notes a customer has."""
        query = select(func.count()).select_from(invoices).where(invoices.c.customer_id == customer_id)
        return self._connection.scalar(query) or 0

    def has(self, customer_id: str, without: Collection[str] = ()) -> bool:
        """Whether anything stands in the books for a customer, beside invoices of these numbers."""
        looks = [select(table.c.customer_id).where(table.c.customer_id == customer_id) for table in _OF_A_CUSTOMER]
        others = select(invoices.c.invoice_no).where(invoices.c.customer_id == customer_id)
        numbers = set(self._connection.scalars(others.limit(len(without) + 1)))
        return bool(numbers - set(without)) or any(
            self._connection.execute(look.limit(1)).first() is not None for look in looks
        )

    # how it is done

    def _of(self, book: Book[T], customer_id: str, limit: int, before: Start | None = None) -> list[T]:
        day, number = before or (date.max, "")
        rows = _newest(book.table, book.key).rows(self._connection, id=customer_id, day=day, number=number, limit=limit)
        return [book.term(row) for row in rows]

    def _upsert(self, book: Book[T], wanted: Mapping[str, T], section: Section, forms: Forms) -> Booked:
        merged = aliases(self._connection, {row.customer_id for row in wanted.values()})
        booked = Booked()
        for chunk in chunks(wanted.items()):
            now: dict[str, Values] = {}
            for key, row in chunk:
                alias = merged.get(row.customer_id)
                if alias is not None:
                    for merge in alias.merges:
                        note_moved(self._connection, merge, book.table.name, [(key,)])
                    row = replace(row, customer_id=alias.kept)  # noqa: PLW2901 — as it is stored
                now[key] = book.values(row)
            some, new, moved = self._write(book, now)
            if book.reference:
                self._refer(book, [wanted[key] for key in new], moved, forms)
            booked += some
        self._facts.lapse(section, booked.touched)
        return booked

    def _write(self, book: Book[T], now: Mapping[str, Values]) -> tuple[Booked, list[str], list[Row[Any]]]:
        """Write what is new or changed; its keys, and the rows as they were whose customer is another one now."""
        key = book.table.c[book.key]
        query = select(book.table).where(key.in_(now))
        before = {getattr(row, book.key): row for row in self._connection.execute(query)}
        new: list[Values] = [row for name, row in now.items() if name not in before]
        changed: list[Values] = [
            row for name, row in now.items() if name in before and dict(before[name]._mapping) != row
        ]
        write(self._connection, book.table, book.key, new, changed)
        was = [before[row[book.key]] for row in changed]
        moved = [old for row, old in zip(changed, was, strict=True) if old.customer_id != row["customer_id"]]
        touched = {row["customer_id"] for row in (*new, *changed)} | {row.customer_id for row in moved}
        counted = Upserted(len(new), len(changed), len(now) - len(new) - len(changed))
        return Booked(counted, frozenset(touched)), [row[book.key] for row in (*new, *changed)], moved

    def _refer(self, book: Book[T], rows: Iterable[T], moved: Iterable[Row[Any]], forms: Forms) -> None:
        """Let the numbers lead to the customers, and no longer to those whose they are not."""
        type = book.reference
        self._customers.drop_references((getattr(row, book.key), type, row.customer_id) for row in moved)
        references = [Reference(type, getattr(row, book.key), row.customer_id, row.date) for row in rows]
        if references:
            self._customers.upsert_references(references, forms)

    def _upsert_payments(self, now: dict[tuple[str, str], Values]) -> Booked:
        c = payments.c
        query = select(payments).where(c.invoice_no.in_({invoice_no for invoice_no, _ in now}))
        before = {(row.invoice_no, row.key): row for row in self._connection.execute(query)}
        new = [row for key, row in now.items() if key not in before]
        changed = [row for key, row in now.items() if key in before and dict(before[key]._mapping) != row]
        write(self._connection, payments, "key", new, [])
        for row in changed:
            this = (c.invoice_no == row["invoice_no"]) & (c.key == row["key"])
            self._connection.execute(update(payments).where(this).values(row))
        owners = self.customers_of_invoices({row["invoice_no"] for row in (*new, *changed)})
        counted = Upserted(len(new), len(changed), len(now) - len(new) - len(changed))
        return Booked(counted, frozenset(owners.values()))

    def _upsert_open_items(self, rows: list[Values]) -> Upserted:
        merged = aliases(self._connection, {row["customer_id"] for row in rows})
        for row in rows:
            if (alias := merged.get(row["customer_id"])) is not None:
                for merge in alias.merges:
                    note_moved(self._connection, merge, open_items.name, [(row["as_of"], row["invoice_no"])])
                row["customer_id"] = alias.kept
        c = open_items.c
        these = (c.as_of == rows[0]["as_of"]) & c.invoice_no.in_([row["invoice_no"] for row in rows])
        before = {row.invoice_no: row for row in self._connection.execute(select(open_items).where(these))}
        self._connection.execute(delete(open_items).where(these))
        self._connection.execute(insert(open_items), rows)
        same = sum(row["invoice_no"] in before and _same(before[row["invoice_no"]], row) for row in rows)
        return Upserted(len(rows) - len(before), len(before) - same, same)


def beside(customer_id: str, papers: int) -> Asked:
    """What is asked for a customer's open items, and so many of their newest orders, offers and invoices."""
    newest = {"id": customer_id, "day": date.max, "number": "", "limit": papers}
    books = {_newest(book.table, book.key): newest for book in (ORDERS, OFFERS, INVOICES)}
    return {_LIST_DAY: {}, _OPEN_ITEMS: {"id": customer_id, "limit": _MOST}, **books}


_STANDING = select(state.c.value).where(state.c.name == _LIST)
_LIST_DAY = Prepared(_STANDING)
_OPEN_ITEMS = Prepared(
    select(open_items)
    .where(open_items.c.customer_id == bindparam("id"), open_items.c.as_of == _STANDING.scalar_subquery())
    .order_by(open_items.c.due.nulls_last(), open_items.c.invoice_no)
    .limit(bindparam("limit", type_=Integer))
)


@cache
def _newest(table: Table, key: str) -> Prepared:
    """A customer's rows before a day and a number, newest first."""
    c = table.c
    before = tuple_(c.date, c[key]) < tuple_(bindparam("day", type_=Date), bindparam("number"))
    query = select(table).where(c.customer_id == bindparam("id"), before)
    return Prepared(query.order_by(c.date.desc(), c[key].desc()).limit(bindparam("limit", type_=Integer)))


def _same(old: Row[Any], row: Values) -> bool:
    return all(getattr(old, name) == value for name, value in row.items() if name != "batch")
