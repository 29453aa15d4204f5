"""What customers and their people consented to: every word that was said, and whom a target group may address."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    case,
    exists,
    false,
    func,
    insert,
    not_,
    or_,
    select,
    true,
    update,
)

from rules.terms.consent import Consent, Purpose, Way
from rules.terms.ledger import InvoiceKind, OrderStatus
from storage.aliases import aliases, note_moved
from storage.consent_tables import consents
from storage.ledger_tables import invoices, orders
from storage.moments import moment, stamp
from storage.placements import chunks
from storage.prepared import Asked, Prepared, any_of
from storage.records import contacts, customers
from storage.upserted import Upserted


class Consents:
    """The consents of a pool."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, said: Iterable[Consent], *, once: bool = False) -> Upserted:
        """Write words down in their order; one that is the latest on its purpose already changes nothing.

        Words of a customer who is part of another one since are the kept one's.

        Args:
            said: the words.
            once: they come from a table, which may come again: whatever was said before in the same words is known.
        """
        wanted = list(said)
        merged = aliases(self._connection, {one.customer_id for one in wanted})
        kept = {id: alias.kept for id, alias in merged.items()}
        known = self.of_many({kept.get(one.customer_id, one.customer_id) for one in wanted})
        counted = Upserted()
        for one in wanted:
            now = replace(one, customer_id=kept.get(one.customer_id, one.customer_id))
            before = known.setdefault(now.customer_id, [])
            like = [some for some in before if (some.contact_id, some.purpose) == (now.contact_id, now.purpose)]
            if any(_same(now, some) for some in (like if once else like[:1])):
                counted += Upserted(same=1)
                continue
            number = self._connection.execute(insert(consents).values(_row(now)).returning(consents.c.id)).scalar_one()
            before.append(replace(now, id=number))
            before.sort(key=_order, reverse=True)
            if one.customer_id in merged:
                for merge in merged[one.customer_id].merges:
                    note_moved(self._connection, merge, consents.name, [(number,)])
            counted += Upserted(new=1)
        return counted

    def of(self, customer_id: str) -> list[Consent]:
        """What a customer and their people said, the newest word first."""
        return self.of_many([customer_id]).get(customer_id, [])

    def of_many(self, ids: Collection[str]) -> dict[str, list[Consent]]:
        """The same of several customers, by id; those who said nothing are left out."""
        found: dict[str, list[Consent]] = {}
        for chunk in chunks(ids):
            for row in _OF.rows(self._connection, ids=chunk):
                found.setdefault(row.customer_id, []).append(_consent(row))
        for some in found.values():
            some.sort(key=_order, reverse=True)
        return found

    def bought(self, ids: Collection[str]) -> frozenset[str]:
        """Those of the customers who bought something and did not take it back: existing customers (§ 7 (3) UWG)."""
        found: set[str] = set()
        for chunk in chunks(ids):
            query = select(customers.c.id).where(customers.c.id.in_(chunk), has_bought())
            found.update(self._connection.scalars(query))
        return frozenset(found)

    def move(self, before: str, now: str) -> None:
        """A person of a customer goes on under another id."""
        self._connection.execute(update(consents).where(consents.c.contact_id == before).values(contact_id=now))


def beside(customer_id: str) -> Asked:
    """What is asked for a customer's consents."""
    return {_OF: {"ids": [customer_id]}}


def has_bought() -> ColumnElement[bool]:
    """Whether a customer bought something that stands: an order that was not cancelled, an invoice not taken back."""
    o, i = orders.c, invoices.c
    note = invoices.alias().c
    credited = select(func.coalesce(func.sum(note.amount), 0)).where(
        note.customer_id == customers.c.id, note.kind == InvoiceKind.CREDIT_NOTE.value, note.invoice_ref == i.invoice_no
    )
    ordered = exists().where(o.customer_id == customers.c.id, o.status != OrderStatus.CANCELLED.value, o.amount > 0)
    billed = exists().where(
        i.customer_id == customers.c.id,
        i.kind == InvoiceKind.INVOICE.value,
        i.amount > credited.correlate(customers, invoices).scalar_subquery(),
    )
    return or_(ordered, billed)


def may_be_addressed(purpose: Purpose, language: str, *, existing: bool = False) -> ColumnElement[bool]:
    """Whether somebody at a customer may get advertising this way: rules.consents, as a condition on customers.

    Args:
        purpose: the way.
        language: count only people who speak it; "" for any.
        existing: existing customers may be mailed without consent (§ 7 (3) UWG).
    """
    people, by_post = contacts.c, purpose is Purpose.POST
    by_purchase = has_bought() if existing and purpose is Purpose.EMAIL else false()
    unless_said = true() if by_post else by_purchase
    there = exists().where(people.customer_id == customers.c.id, people.active)
    speaking = there.where(func.lower(people.language) == language) if language else there
    exactly = or_(
        speaking.where(_holds(purpose, people.id, unless_said)), and_(not_(there), _holds(purpose, None, unless_said))
    )
    # Nearly everybody is decided by whether anybody there said anything that matters.
    said = select(consents.c.customer_id).where(consents.c.purpose == purpose.value)
    concerned = customers.c.id.in_(said if existing else said.where(consents.c.given == (not by_post)))
    return or_(and_(not_(concerned), unless_said), and_(concerned, exactly))


def _holds(
    purpose: Purpose, contact: ColumnElement[str] | None, unless_said: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Whether a person, or the customer as a whole (None), may be addressed."""
    whole, said = _latest("given", purpose, ""), _latest("date", purpose, "")
    by_whole = case((whole.is_not(None), whole), else_=unless_said)
    if contact is None:
        return by_whole
    own, when = _latest("given", purpose, contact), _latest("date", purpose, contact)
    return or_(and_(own.is_(None), by_whole), and_(own, or_(whole.is_(None), whole, when > said)))


def _latest(column: str, purpose: Purpose, contact: ColumnElement[str] | str) -> ColumnElement[Any]:
    """A column of the latest word of a person; NULL where they said nothing."""
    c = consents.alias().c
    theirs = select(c[column]).where(
        c.customer_id == customers.c.id, c.purpose == purpose.value, c.contact_id == contact
    )
    return theirs.order_by(c.date.desc(), c.id.desc()).limit(1).correlate(customers, contacts).scalar_subquery()


def _order(one: Consent) -> tuple[date, int]:
    return one.date, one.id


def _same(one: Consent, other: Consent) -> bool:
    """Whether two words of a person on a purpose say the same."""
    return (one.given, one.date, one.way, one.source) == (other.given, other.date, other.way, other.source)


def _row(one: Consent) -> dict[str, Any]:
    return {
        "customer_id": one.customer_id,
        "contact_id": one.contact_id,
        "purpose": one.purpose.value,
        "given": one.given,
        "date": one.date,
        "way": one.way.value,
        "source": one.source,
        "author": one.author,
        "at": stamp(one.at),
    }


def _consent(row: Row[Any]) -> Consent:
    return Consent(
        row.customer_id,
        Purpose(row.purpose),
        bool(row.given),
        row.date,
        Way(row.way),
        moment(row.at),
        row.contact_id,
        row.source,
        row.author,
        row.id,
    )


_OF = Prepared(select(consents).where(any_of(consents.c.customer_id, "ids")))
