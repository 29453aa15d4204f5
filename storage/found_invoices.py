"""Invoices that mails of ours carried: booked for a customer, or waiting for a person, until the books bring them."""

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from rules.terms.einvoice import ElectronicInvoice, TradeParty
from rules.terms.ledger import InvoiceKind
from storage.document_tables import found_invoices
from storage.moments import moment, stamp
from storage.placements import chunks
from storage.schema import messages
from storage.visible import visible

_c = found_invoices.c


class FoundState(StrEnum):
    """Where an invoice that was found stands."""

    BOOKED = "booked"
    WAITING = "waiting"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class FoundInvoice:
    """An invoice that was found in a mail, and whose it was booked as or may be.

    `reason` is a key of rules.sent_invoices; `decided_by` the login of whoever decided, "" where nobody had to.
    """

    invoice: ElectronicInvoice
    message: int
    state: FoundState
    reason: str
    found_at: datetime
    customer_id: str | None = None
    decided_by: str = ""


class FoundInvoices:
    """The invoices that were found, each number once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, found: FoundInvoice) -> None:
        """Keep one whose number is not known yet."""
        values = {
            "invoice_no": found.invoice.number,
            "message": found.message,
            "customer_id": found.customer_id,
            "state": found.state.value,
            "reason": found.reason,
            "invoice": _packed(found.invoice),
            "buyer": json.dumps(asdict(found.invoice.buyer)),
            "found_at": stamp(found.found_at),
            "decided_by": found.decided_by,
        }
        self._connection.execute(insert(found_invoices).values(values))

    def get(self, number: str, mailboxes: Collection[str] | None = None) -> FoundInvoice | None:
        """One by its number, if its mail can be seen from these mailboxes; None: from any."""
        row = self._connection.execute(self._seen(mailboxes).where(_c.invoice_no == number)).one_or_none()
        return None if row is None else _found(row)

    def known(self, numbers: Collection[str]) -> set[str]:
        """Those of the numbers that were found already."""
        return set(self._connection.scalars(select(_c.invoice_no).where(_c.invoice_no.in_(numbers))))

    def waiting(self, mailboxes: Collection[str], limit: int = 50) -> list[FoundInvoice]:
        """What waits for a person, newest first."""
        query = self._seen(mailboxes).where(_c.state == FoundState.WAITING.value)
        rows = self._connection.execute(query.order_by(_c.found_at.desc(), _c.invoice_no).limit(limit))
        return [_found(row) for row in rows]

    def count(self, mailboxes: Collection[str]) -> int:
        """How many wait for a person."""
        query = self._seen(mailboxes).where(_c.state == FoundState.WAITING.value).subquery()
        return self._connection.scalar(select(func.count()).select_from(query)) or 0

    def of_message(self, message: int) -> list[FoundInvoice]:
        """What a mail carried."""
        query = select(found_invoices).where(_c.message == message).order_by(_c.invoice_no)
        return [_found(row) for row in self._connection.execute(query)]

    def waiting_after(self, number: str, limit: int) -> list[FoundInvoice]:
        """Whatever waits for a person, whoever may see it, by number; those that follow a number."""
        query = select(found_invoices).where(_c.state == FoundState.WAITING.value, _c.invoice_no > number)
        return [_found(row) for row in self._connection.execute(query.order_by(_c.invoice_no).limit(limit))]

    def booked_by_themselves(self, customer_id: str) -> set[str]:
        """The numbers of those that stand in a customer's books because a mail carried them, and nobody decided it."""
        booked = (_c.state == FoundState.BOOKED.value) & (_c.decided_by == "")
        return set(self._connection.scalars(select(_c.invoice_no).where(_c.customer_id == customer_id, booked)))

    def judge(self, number: str, state: FoundState, reason: str, customer_id: str | None) -> None:
        """It was judged anew."""
        judged = {"state": state.value, "reason": reason, "customer_id": customer_id}
        self._connection.execute(update(found_invoices).where(_c.invoice_no == number).values(judged))

    def settle(self, number: str, state: FoundState, customer_id: str | None, staff: str) -> None:
        """A person decided."""
        decided = {"state": state.value, "customer_id": customer_id, "decided_by": staff}
        self._connection.execute(update(found_invoices).where(_c.invoice_no == number).values(decided))

    def drop(self, numbers: Iterable[str]) -> None:
        """The books brought these: they say now what stands in them."""
        for chunk in chunks(numbers):
            self._connection.execute(delete(found_invoices).where(_c.invoice_no.in_(chunk)))

    def sources(self, customer_id: str) -> dict[str, datetime]:
        """When the mails were written from which a customer's invoices come that no books brought, by number."""
        m = messages.c
        query = select(_c.invoice_no, m.date, m.arrived).join(messages, m.no == _c.message)
        query = query.where(_c.customer_id == customer_id, _c.state == FoundState.BOOKED.value)
        rows = self._connection.execute(query)
        return {row.invoice_no: moment(row.arrived if row.date is None else row.date) for row in rows}

    def _seen(self, mailboxes: Collection[str] | None) -> Select[Any]:
        return select(found_invoices).where(*visible(self._connection, _c.message, mailboxes))


def _packed(invoice: ElectronicInvoice) -> str:
    values = asdict(invoice)
    del values["buyer"]
    return json.dumps(values, default=str)


def _found(row: Row[Any]) -> FoundInvoice:
    values, buyer = json.loads(row.invoice), json.loads(row.buyer)
    for name in ("date", "due", "discount_until"):
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    values["kind"] = InvoiceKind(values["kind"])
    invoice = ElectronicInvoice(**values | {"seller": _party(values["seller"]), "buyer": _party(buyer)})
    return FoundInvoice(
        invoice, row.message, FoundState(row.state), row.reason, moment(row.found_at), row.customer_id, row.decided_by
    )


def _party(values: dict[str, Any]) -> TradeParty:
    return TradeParty(values["name"], values["vat_id"], tuple(values["ids"]), tuple(values["addresses"]))
