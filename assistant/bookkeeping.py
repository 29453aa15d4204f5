"""The books: orders, offers, invoices, payments and surveys on their way into the pool, with what follows from them.

Import files and the API both come here, so that the same rows are fit or unfit, lead to their customer by number, and
have the customer's facts reckoned anew in the unit of work that changes them.
"""

import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from rules import identifiers
from rules.terms.errors import Forbidden, NotFound, RowsRefused, WrongUse
from rules.terms.ledger import Invoice, Offer, OpenItem, Order, Payment, SurveyAnswer
from rules.terms.staff import FieldGroup, Viewer
from rules.terms.worth import Facts
from rules.value import facts as reckoning
from storage.facts import Section
from storage.ledger import Booked
from storage.pool import Pool, Work
from storage.upserted import Upserted

MOST = 1000  # rows of a request
_DAYS = ("date", "due", "valid_until", "discount_until")

Booking = Order | Offer | Invoice | Payment | SurveyAnswer


@dataclass(frozen=True, slots=True)
class CustomerBooks:
    """The newest rows of a customer's books. `as_of` is the day of accounting's list, None where there is none."""

    orders: tuple[Order, ...]
    offers: tuple[Offer, ...]
    invoices: tuple[Invoice, ...]
    payments: tuple[Payment, ...]
    open_items: tuple[OpenItem, ...]
    as_of: date | None


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why a row is left out."""

    en: str
    de: str


@dataclass(frozen=True, slots=True)
class Books:
    """The books as other programs write them, row by row."""

    pool: Pool

    def add(self, viewer: Viewer, rows: Sequence[Booking]) -> Upserted:
        """Take rows of one kind in, at most a thousand: all of them, or none.

        Raises:
            Forbidden: they are about money, and the viewer has no right to that.
            WrongUse: there are more.
            RowsRefused: it is not known whose some of them are.
        """
        if not all(isinstance(row, SurveyAnswer) for row in rows):
            allow(viewer, FieldGroup.MONEY)
        if len(rows) > MOST:
            raise WrongUse(
                problem=f"At most {MOST} rows go into one request; send them in parts.",
                problem_de=f"In eine Anfrage gehen höchstens {MOST} Zeilen; senden Sie sie in Teilen.",
            )
        with self.pool.begin() as work:
            problems = [
                (f"{number}.{'invoice_no' if isinstance(row, Payment) else 'customer'}", reason.en, reason.de)
                for number, (row, reason) in enumerate(zip(rows, unfit(work, rows), strict=True))
                if reason is not None
            ]
            problems += [
                (f"{number}.{name}", "nobody does business in that year.", "in diesem Jahr macht niemand Geschäfte.")
                for number, row in enumerate(rows)
                for name in _DAYS
                if (day := getattr(row, name, None)) is not None and not plausible(day)
            ]
            if problems:
                raise RowsRefused(problems=tuple(problems))
            return book(work, rows)

    def of_customer(self, viewer: Viewer, customer_id: str, limit: int) -> CustomerBooks:
        """The newest rows of a customer.

        Raises:
            Forbidden: the viewer has no right to money.
            NotFound: there is no such customer.
        """
        allow(viewer, FieldGroup.MONEY)
        with self.pool.read() as work:
            customer = work.customers.get(customer_id)
            if customer is None:
                raise NotFound
            ledger, id = work.ledger, customer.id
            return CustomerBooks(
                tuple(ledger.orders_of(id, limit)),
                tuple(ledger.offers_of(id, limit)),
                tuple(ledger.invoices_of(id, limit)),
                tuple(ledger.payments_of(id, limit)),
                tuple(ledger.open_items_of(id, limit)),
                ledger.list_day(),
            )


def plausible(day: date) -> bool:
    """Whether a day can be meant."""
    return 1800 <= day.year <= 2200


def allow(viewer: Viewer, group: FieldGroup) -> None:
    """Forbidden, where a firm keeps these fields from the viewer."""
    if group not in viewer.groups:
        raise Forbidden


@dataclass(slots=True)
class OpenList:
    """Accounting's list of what is open, on its way in: of one day, and complete only at its end."""

    as_of: date | None = None
    batch: int = field(default_factory=lambda: secrets.randbits(62))

    def unfit(self, work: Work, items: Sequence[OpenItem]) -> list[Unfit | None]:
        """What of a part of the list cannot be taken in. The first row says the day, where nothing has said it."""
        if self.as_of is None and items:
            self.as_of = items[0].as_of
        newest = work.ledger.list_day()
        return [
            unknown or self._of_another_day(item, newest)
            for item, unknown in zip(items, _of_nobody(work, items), strict=True)
        ]

    def take(self, work: Work, items: Sequence[OpenItem]) -> Upserted:
        """Take a part of it in."""
        return work.ledger.upsert_open_items(items, self.batch)

    def stand(self, work: Work) -> None:
        """It is complete, unless a newer one stands."""
        newest = work.ledger.list_day()
        if self.as_of is not None and (newest is None or newest <= self.as_of):
            work.ledger.stand(self.as_of, self.batch)

    def _of_another_day(self, item: OpenItem, newest: date | None) -> Unfit | None:
        if item.as_of != self.as_of:
            return Unfit(
                f"a list is of one day; this row is of {item.as_of}, the list of {self.as_of}.",
                f"eine Liste gilt für einen Stichtag; diese Zeile ist vom {item.as_of:%d.%m.%Y}, die Liste vom "
                f"{self.as_of:%d.%m.%Y}.",
            )
        if newest is not None and item.as_of < newest:
            return Unfit(
                f"a newer list, of {newest}, is in the pool already.",
                f"eine neuere Liste, vom {newest:%d.%m.%Y}, ist schon eingelesen.",
            )
        return None


def unfit(work: Work, rows: Sequence[Booking]) -> list[Unfit | None]:
    """Which rows cannot be taken in, because nobody knows whose they are."""
    paid = [row.invoice_no for row in rows if isinstance(row, Payment)]
    invoices = work.ledger.customers_of_invoices(paid) if paid else {}
    owned = iter(_of_nobody(work, [row for row in rows if not isinstance(row, Payment)]))
    return [_unpaid(row, invoices) if isinstance(row, Payment) else next(owned) for row in rows]


def book(work: Work, rows: Sequence[Booking], *, later: bool = False, mailed: bool = False) -> Upserted:
    """Take rows in and reckon anew what follows from them for their customers.

    Args:
        work: the unit of work.
        rows: what is fit.
        later: leave the reckoning to `reckon_lapsed`, once for each customer instead of once for each thousand rows.
        mailed: they come from a mail; otherwise the books bring them, and what mails said of the same invoices goes.
    """
    counted = Upserted()
    if not mailed:
        work.found_invoices.drop([row.invoice_no for row in rows if isinstance(row, Invoice)])
    for kind, (section, upsert) in _KINDS.items():
        some = [row for row in rows if isinstance(row, kind)]
        if some:
            booked = upsert(work, some)
            if not later:
                reckon(work, section, booked.touched)
            counted += booked.counted
            if booked.touched:
                work.values.mark()
    return counted


def unbook(work: Work, number: str) -> None:
    """Take an invoice out that a mail brought, and reckon anew what follows from the customer's."""
    customer = work.ledger.drop_invoice(number)
    if customer is not None:
        reckon(work, Section.BILLING, [customer])
        work.values.mark()


def facts_of(work: Work, customer_id: str) -> Facts:
    """What the books say of a customer; what has lapsed is reckoned on the spot."""
    facts, lapsed = work.facts.get(customer_id)
    anew = {section.value: _RECKONED[section](work, [customer_id])[customer_id] for section in lapsed}
    return replace(facts, **anew) if anew else facts


def reckon_lapsed(pool: Pool, told: Callable[[int, int | None], None]) -> None:
    """Reckon what has lapsed; until then it is reckoned on reading. `told` hears how many customers are done."""
    done = 0
    for section in Section:
        after = ""
        while True:
            with pool.begin() as work:
                ids = work.facts.lapsed(section, after, MOST)
                if not ids:
                    break
                reckon(work, section, ids)
            after = ids[-1]
            done += len(ids)
            told(done, None)


def reckon_all(work: Work, ids: Collection[str]) -> None:
    """Reckon the facts of customers anew, after their rows moved."""
    for section in Section:
        reckon(work, section, ids)


def reckon(work: Work, section: Section, ids: Collection[str]) -> None:
    """Reckon a part of the facts of customers anew."""
    if ids:
        work.facts.put(section, _RECKONED[section](work, sorted(ids)))


def _orders(work: Work, ids: Collection[str]) -> dict[str, Any]:
    days = work.facts.order_days(ids)
    return {id: reckoning.orders(days.get(id, ())) for id in ids}


def _offers(work: Work, ids: Collection[str]) -> dict[str, Any]:
    sums, open = work.facts.offer_sums(ids), work.facts.open_offers(ids)
    return {id: reckoning.offers(sums.get(id, ()), open.get(id, ())) for id in ids}


def _billing(work: Work, ids: Collection[str]) -> dict[str, Any]:
    invoices = work.facts.invoices(ids)
    owners = {one.invoice_no: id for id, some in invoices.items() for one in some}
    paid: dict[str, list[Payment]] = {id: [] for id in ids}
    for payment in work.facts.payments(owners):
        paid[owners[payment.invoice_no]].append(payment)
    return {id: reckoning.billing(invoices.get(id, ()), paid[id]) for id in ids}


def _surveys(work: Work, ids: Collection[str]) -> dict[str, Any]:
    last, counts = work.facts.last_answers(ids), work.facts.answer_counts(ids)
    return {id: reckoning.surveys(counts.get(id, 0), next(iter(last.get(id, ())), None)) for id in ids}


_RECKONED: dict[Section, Callable[[Work, Collection[str]], dict[str, Any]]] = {
    Section.ORDERS: _orders,
    Section.OFFERS: _offers,
    Section.BILLING: _billing,
    Section.SURVEYS: _surveys,
}


def _book_orders(work: Work, rows: Sequence[Order]) -> Booked:
    return work.ledger.upsert_orders(rows, {row.order_no: identifiers.form_of(row.order_no) for row in rows})


def _book_offers(work: Work, rows: Sequence[Offer]) -> Booked:
    return work.ledger.upsert_offers(rows, {row.offer_no: identifiers.form_of(row.offer_no) for row in rows})


def _book_invoices(work: Work, rows: Sequence[Invoice]) -> Booked:
    return work.ledger.upsert_invoices(rows, {row.invoice_no: identifiers.form_of(row.invoice_no) for row in rows})


# Invoices before their payments, whatever the order of the rows.
_KINDS: dict[type[Any], tuple[Section, Callable[[Work, Any], Booked]]] = {
    Order: (Section.ORDERS, _book_orders),
    Offer: (Section.OFFERS, _book_offers),
    Invoice: (Section.BILLING, _book_invoices),
    Payment: (Section.BILLING, lambda work, rows: work.ledger.upsert_payments(rows)),
    SurveyAnswer: (Section.SURVEYS, lambda work, rows: work.ledger.upsert_surveys(rows)),
}


def _of_nobody(work: Work, rows: Sequence[Order | Offer | Invoice | OpenItem | SurveyAnswer]) -> list[Unfit | None]:
    known = work.customers.known_ids({row.customer_id for row in rows})
    return [None if row.customer_id in known else no_customer(row.customer_id) for row in rows]


def no_customer(id: str) -> Unfit:
    """What is said of a row whose customer nobody knows."""
    return Unfit(
        f"there is no customer “{id}”; import the customers first.",
        f"es gibt keinen Kunden „{id}“; erst die Kunden einlesen.",
    )


def no_number(number: str) -> Unfit:
    """What is said of a row whose customer's number nobody has."""
    return Unfit(
        f"there is no customer with the number “{number}”; import the customers first.",
        f"es gibt keinen Kunden mit der Nummer „{number}“; erst die Kunden einlesen.",
    )


def shared(number: str, ids: Sequence[str]) -> Unfit:
    """What is said of a row whose customer's number several have."""
    listed = ", ".join(sorted(ids)[:5])
    return Unfit(
        f"several customers have the number “{number}” ({listed}); name the customer by customer_id.",
        f"mehrere Kunden haben die Nummer „{number}“ ({listed}); nennen Sie den Kunden mit seiner Kunden-ID.",
    )


def unlike(number: str, id: str) -> Unfit:
    """What is said of a row that names two customers."""
    return Unfit(
        f"customer “{id}” does not have the number “{number}”.",
        f"Kunde „{id}“ hat nicht die Nummer „{number}“.",
    )


def _unpaid(payment: Payment, invoices: Collection[str]) -> Unfit | None:
    number = payment.invoice_no
    if number in invoices:
        return None
    return Unfit(
        f"there is no invoice “{number}”; import the invoices first.",
        f"es gibt keine Rechnung „{number}“; erst die Rechnungen einlesen.",
    )
