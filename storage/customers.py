"""The firm's records of its customers, their contacts and the numbers on paper that lead to them."""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from operator import attrgetter
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, func, select, tuple_

from rules.terms.customer import Contact, Customer, CustomerKind, CustomerStatus, Known, PartyKind, Reference
from storage.folding import fold, words
from storage.fulltext import WHOLE, FullText, customer_words
from storage.identifiers import Identifiers
from storage.keys import new_numbers
from storage.packing import pack_words, unpack_words
from storage.placements import chunks
from storage.records import contacts, customer_references, customers
from storage.upserted import Upserted
from storage.upserting import write

__all__ = ["Customers", "Upserted"]

T = TypeVar("T", Customer, Contact)
_LOOKED_AT = 200


class Customers(Identifiers):
    """Customers, contacts and references as they were imported, and what each can be recognised by."""

    def __init__(self, connection: Connection, fulltext: FullText) -> None:
        super().__init__(connection)
        self._fulltext = fulltext

    def upsert(self, customers: Iterable[Customer], identifiers: Iterable[Known]) -> Upserted:
        """Take an import in. It replaces the identifiers that imports of customers gave these customers before."""
        wanted = {customer.id: customer for customer in customers}
        moved = self.replace("customer_id", wanted, "customers", identifiers)
        counted = Upserted()
        for chunk in chunks(wanted.values()):
            counted += self._upsert_customers(chunk, moved)
        return counted

    def upsert_contacts(self, contacts: Iterable[Contact], identifiers: Iterable[Known]) -> Upserted:
        """Take an import in. It replaces the identifiers that imports of contacts gave these contacts before."""
        wanted = {contact.id: contact for contact in contacts}
        moved = self.replace("contact_id", wanted, "contacts", identifiers)
        counted = Upserted()
        for chunk in chunks(wanted.values()):
            counted += self._upsert_contacts(chunk, moved)
        return counted

    def upsert_references(self, references: Iterable[Reference]) -> Upserted:
        """Take an import in. One number may lead to several customers."""
        wanted = {(one.number, one.type, one.customer_id): one for one in references}
        counted = Upserted()
        for chunk in chunks(wanted.items()):
            counted += self._upsert_references(dict(chunk))
        return counted

    def get(self, customer_id: str) -> Customer | None:
        """One customer."""
        return self.get_many([customer_id]).get(customer_id)

    def get_many(self, ids: Collection[str]) -> dict[str, Customer]:
        """Those of the customers that there are, by id."""
        return {
            row.id: _customer(row)
            for chunk in chunks(ids)
            for row in self._connection.execute(select(customers).where(customers.c.id.in_(chunk)))
        }

    def contact(self, contact_id: str) -> Contact | None:
        """One contact."""
        row = self._connection.execute(select(contacts).where(contacts.c.id == contact_id)).one_or_none()
        return None if row is None else Contact(**row._mapping)

    def contacts_of(self, customer_id: str) -> list[Contact]:
        """Who speaks for a customer, by name."""
        c = contacts.c
        query = select(contacts).where(c.customer_id == customer_id).order_by(c.last_name, c.first_name, c.id)
        return [Contact(**row._mapping) for row in self._connection.execute(query)]

    def references_of(self, customer_id: str, limit: int = 10) -> list[Reference]:
        """A customer's orders, invoices …, newest first, undated last."""
        c = customer_references.c
        query = select(c.type, c.number, c.customer_id, c.date).where(c.customer_id == customer_id)
        query = query.order_by(c.date.desc().nulls_last(), c.number.desc()).limit(limit)
        return [Reference(**row._mapping) for row in self._connection.execute(query)]

    def find(self, text: str, limit: int = 20) -> list[Customer]:
        """Customers by id, number, words of name and address: exact ones, then names that begin so, then the rest."""
        asked = words(text)
        if not asked:
            return []
        c, typed = customers.c, text.strip()
        start = fold(typed)
        name = c.name_key
        queries: tuple[Select[Any], ...] = (
            select(customers).where(c.id == typed),
            select(customers).where(c.customer_no == typed),
            select(customers).where(name >= start, name < start + "\U0010ffff").order_by(name, c.id),
            self._with_words(asked, WHOLE),
            self._with_words(asked, 1),
        )
        found: dict[str, Customer] = {}
        for query in queries:
            if len(found) < limit:
                rows = self._connection.execute(query.limit(max(limit, _LOOKED_AT))).all()
                found |= {
                    row.id: _customer(row) for row in sorted(rows, key=attrgetter("name_key")) if row.id not in found
                }
        return list(found.values())[:limit]

    def page(self, after: str = "", limit: int = 50) -> list[Customer]:
        """Customers by name; `after` is the id of the last one on the page before."""
        c = customers.c
        query = select(customers).order_by(c.name_key, c.id).limit(limit)
        last = self._connection.scalar(select(c.name_key).where(c.id == after)) if after else None
        if last is not None:
            query = query.where(tuple_(c.name_key, c.id) > tuple_(last, after))
        return [_customer(row) for row in self._connection.execute(query)]

    def count(self) -> int:
        """How many customers there are."""
        return self._connection.scalar(select(func.count()).select_from(customers)) or 0

    def known_ids(self, ids: Collection[str]) -> set[str]:
        """Those of the ids that are customers'."""
        return {
            id
            for chunk in chunks(ids)
            for id in self._connection.scalars(select(customers.c.id).where(customers.c.id.in_(chunk)))
        }

    def _with_words(self, asked: list[str], shortest: int) -> Select[Any]:
        query = select(customers).select_from(customer_words).join(customers, customers.c.no == self._fulltext.customer)
        return query.where(self._fulltext.matches(customer_words, asked, shortest))

    def _upsert_customers(self, wanted: list[Customer], moved: set[str]) -> Upserted:
        query = select(customers).where(customers.c.id.in_([customer.id for customer in wanted]))
        rows = {row.id: row for row in self._connection.execute(query)}
        before = {id: _customer(row) for id, row in rows.items()}
        new, changed = _sorted_out(wanted, before)
        numbers = dict(zip((one.id for one in new), new_numbers(self._connection, customers, len(new)), strict=True))
        numbers |= {one.id: rows[one.id].no for one in changed}
        write(
            self._connection,
            customers,
            "id",
            [{"no": numbers[one.id], **_row(one)} for one in new],
            [_row(one) for one in changed],
        )
        self._fulltext.drop_customers(self._connection, [(numbers[one.id], _words(before[one.id])) for one in changed])
        self._fulltext.add_customers(self._connection, [(numbers[one.id], _words(one)) for one in new + changed])
        return _counted(wanted, before, changed, moved)

    def _upsert_contacts(self, wanted: list[Contact], moved: set[str]) -> Upserted:
        query = select(contacts).where(contacts.c.id.in_([contact.id for contact in wanted]))
        before = {row.id: Contact(**row._mapping) for row in self._connection.execute(query)}
        new, changed = _sorted_out(wanted, before)
        write(self._connection, contacts, "id", [asdict(one) for one in new], [asdict(one) for one in changed])
        return _counted(wanted, before, changed, moved)

    def _upsert_references(self, wanted: dict[tuple[str, str, str], Reference]) -> Upserted:
        c = customer_references.c
        rows = self._connection.execute(select(customer_references).where(c.number.in_([key[0] for key in wanted])))
        dates = {(row.number, row.type, row.customer_id): row.date for row in rows}
        new = [one for key, one in wanted.items() if key not in dates]
        changed = [one for key, one in wanted.items() if key in dates and dates[key] != one.date]
        write(self._connection, customer_references, "number", [asdict(one) for one in new], [])
        for one in changed:
            this = (c.number == one.number) & (c.type == one.type) & (c.customer_id == one.customer_id)
            self._connection.execute(customer_references.update().where(this).values(date=one.date))
        return Upserted(len(new), len(changed), len(wanted) - len(new) - len(changed))


def _sorted_out(wanted: list[T], before: dict[str, T]) -> tuple[list[T], list[T]]:
    new = [one for one in wanted if one.id not in before]
    changed = [one for one in wanted if one.id in before and before[one.id] != one]
    return new, changed


def _counted(wanted: list[T], before: dict[str, T], changed: list[T], moved: set[str]) -> Upserted:
    """Somebody whose identifiers changed has changed too."""
    touched = {one.id for one in changed} | (moved & before.keys())
    touched &= {one.id for one in wanted}
    new = len(wanted) - len(before)
    return Upserted(new, len(touched), len(wanted) - new - len(touched))


def _words(customer: Customer) -> str:
    """Everything a customer can be found by."""
    return " ".join(
        (
            customer.id,
            customer.customer_no,
            customer.name,
            customer.legal_form,
            customer.street,
            customer.zip,
            customer.city,
            customer.email,
            customer.domain,
        )
    )


def _row(customer: Customer) -> dict[str, Any]:
    return asdict(customer) | {
        "kind": customer.kind.value,
        "party": pack_words(sorted(customer.party)) or "[]",
        "status": customer.status.value,
        "name_key": fold(customer.name),
    }


def _customer(row: Row[Any]) -> Customer:
    fields = dict(row._mapping)
    del fields["no"], fields["name_key"]
    fields["kind"] = CustomerKind(row.kind)
    fields["party"] = frozenset(map(PartyKind, unpack_words(row.party)))
    fields["status"] = CustomerStatus(row.status)
    return Customer(**fields)
