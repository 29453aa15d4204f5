"""The firm's records of its customers, their contacts and the numbers on paper that lead to them."""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from operator import attrgetter
from typing import Any

from sqlalchemy import Integer, Select, bindparam, delete, or_, select, tuple_, update

from rules.terms.customer import Contact, Customer, CustomerFile, Reference
from storage import entry_words
from storage.aliases import aliases
from storage.consent_tables import consents, contact_changes
from storage.correspondent_tables import adoptions
from storage.customer_files import CONTACT, CUSTOMER, contact_of, customer_of, files_of
from storage.customer_imports import CUSTOMERS, Imports, customer_text
from storage.document_tables import found_invoices
from storage.folding import fold, words
from storage.fulltext import WHOLE, customer_words
from storage.ledger_tables import LEDGER, invoices, payments
from storage.placements import chunks
from storage.prepared import Asked, Prepared, any_of
from storage.recognition import merges, proposals
from storage.records import contacts, customer_references, customers, identifiers, interactions, state
from storage.relation_tables import duplicates, promises, referrals
from storage.restrictions import used_customer
from storage.shapes import CUSTOMER as CUSTOMER_NUMBERS
from storage.value_tables import VALUES

_LOOKED_AT = 200


class Customers(Imports):
    """Customers, contacts and references as they were imported, and what each can be recognised by."""

    def files_of(self, ids: Collection[str], people: Collection[str] = ()) -> dict[str, CustomerFile]:
        """Those of the customers that there are, with their contacts, by id.

        At most 200 contacts each; of one with more, those whose ids are in `people` are among them.
        """
        return files_of(self._connection, ids, people)

    def number_shapes(self) -> Mapping[str, Mapping[str, int]]:
        """How many numbers have which shape, by source: "customer", "order" …; the frequent ones of a large pool."""
        return self._shapes.told(self._connection)

    def customers_after(self, id: str = "", *, limit: int) -> list[Customer]:
        """The customers that follow an id, by id."""
        query = select(*CUSTOMER).where(customers.c.id > id).order_by(customers.c.id).limit(limit)
        return [customer_of(row) for row in self._connection.execute(query)]

    def came_after(self, no: int, limit: int) -> list[tuple[int, str]]:
        """The next customers in the order in which they came: their running numbers, and their ids."""
        query = select(customers.c.no, customers.c.id).where(customers.c.no > no).order_by(customers.c.no).limit(limit)
        return [(row.no, row.id) for row in self._connection.execute(query)]

    def contacts_after(self, id: str = "", *, limit: int) -> list[Contact]:
        """The contacts that follow an id, by id."""
        query = select(*CONTACT).where(contacts.c.id > id).order_by(contacts.c.id).limit(limit)
        return [contact_of(row) for row in self._connection.execute(query)]

    def references_after(
        self, number: str = "", type: str = "", customer_id: str = "", *, limit: int
    ) -> list[Reference]:
        """The references that follow one, by number."""
        c = customer_references.c
        key = tuple_(c.number, c.type, c.customer_id)
        query = select(c.type, c.number, c.customer_id, c.date).where(key > tuple_(number, type, customer_id))
        rows = self._connection.execute(query.order_by(c.number, c.type, c.customer_id).limit(limit))
        return [Reference(**row._mapping) for row in rows]

    def size(self) -> int:
        """How many customers there are; costs the same however many."""
        return self._connection.scalar(select(state.c.value).where(state.c.name == CUSTOMERS)) or 0

    def get(self, customer_id: str) -> Customer | None:
        """One customer; by the id of a merged one the customer that was kept."""
        return self.get_many([customer_id]).get(customer_id)

    def get_many(self, ids: Collection[str]) -> dict[str, Customer]:
        """Those of the customers that there are, by id; under the id of a merged one the customer that was kept."""
        found = {row.id: customer_of(row) for chunk in chunks(ids) for row in _BY_ID.rows(self._connection, ids=chunk)}
        merged = aliases(self._connection, set(ids) - found.keys())
        kept = self.get_many({alias.kept for alias in merged.values()}) if merged else {}
        return found | {id: kept[alias.kept] for id, alias in merged.items() if alias.kept in kept}

    def by_numbers(self, numbers: Collection[str]) -> dict[str, list[str]]:
        """The customers who have these numbers of the firm's, by number; of merged ones the customer that was kept."""
        found: dict[str, list[str]] = {}
        c = customers.c
        for chunk in chunks(set(numbers) - {""}):
            for row in self._connection.execute(select(c.customer_no, c.id).where(c.customer_no.in_(chunk))):
                found.setdefault(row.customer_no, []).append(row.id)
        missing = set(numbers) - found.keys()
        if missing:
            stand = select(merges.c.merged, merges.c.record).where(merges.c.undone_at.is_(None))
            had = {row.merged: json.loads(row.record)["customer_no"] for row in self._connection.execute(stand)}
            lost = {id: number for id, number in had.items() if number in missing}
            for id, alias in aliases(self._connection, set(lost)).items():
                kept = found.setdefault(lost[id], [])
                kept += [alias.kept] * (alias.kept not in kept)
        return found

    def used(self, ids: Collection[str]) -> dict[str, Customer]:
        """Those of the customers that there are and whose data may be used, by id, in the order of the ids."""
        found = {
            row.id: customer_of(row)
            for chunk in chunks(ids)
            for row in self._connection.execute(
                select(*CUSTOMER).where(customers.c.id.in_(chunk), *used_customer(self._connection, customers.c.id))
            )
        }
        return {id: found[id] for id in ids if id in found}

    def contact(self, contact_id: str) -> Contact | None:
        """One contact."""
        return self.contacts([contact_id]).get(contact_id)

    def contacts(self, ids: Collection[str]) -> dict[str, Contact]:
        """Those of the contacts that there are, by id."""
        return {row.id: contact_of(row) for chunk in chunks(ids) for row in _CONTACTS.rows(self._connection, ids=chunk)}

    def contacts_of(self, customer_id: str) -> list[Contact]:
        """Who speaks for a customer, by name."""
        c = contacts.c
        query = select(*CONTACT).where(c.customer_id == customer_id).order_by(c.last_name, c.first_name, c.id)
        return [contact_of(row) for row in self._connection.execute(query)]

    def people_of(self, ids: Collection[str]) -> dict[str, list[Contact]]:
        """All who speak for customers now, by customer, by name; customers without any are left out."""
        found: dict[str, list[Contact]] = {}
        c = contacts.c
        for chunk in chunks(ids):
            query = select(*CONTACT).where(c.customer_id.in_(chunk), c.active)
            for row in self._connection.execute(query.order_by(c.last_name, c.first_name, c.id)):
                contact = contact_of(row)
                found.setdefault(contact.customer_id, []).append(contact)
        return found

    def references_of(self, customer_id: str, limit: int = 10) -> list[Reference]:
        """A customer's orders, invoices …, newest first, undated last."""
        return [Reference(*row) for row in _REFERENCES.rows(self._connection, id=customer_id, limit=limit)]

    def find(self, text: str, limit: int = 20) -> list[Customer]:
        """Customers by id, number, words of name and address: exact ones, then names that begin so, then the rest."""
        asked = words(text)
        if not asked:
            return []
        c, typed = customers.c, text.strip()
        start = fold(typed)
        name, of_them = c.name_key, select(*CUSTOMER, c.name_key).where(*used_customer(self._connection, c.id))
        queries: tuple[Select[Any], ...] = (
            of_them.where(c.id == typed),
            of_them.where(c.customer_no == typed),
            of_them.where(name >= start, name < start + "\U0010ffff").order_by(name, c.id),
            self._with_words(of_them, asked, WHOLE),
            self._with_words(of_them, asked, 1),
        )
        found: dict[str, Customer] = {}
        for query in queries:
            if len(found) < limit:
                rows = self._connection.execute(query.limit(max(limit, _LOOKED_AT))).all()
                found |= {
                    row.id: customer_of(row) for row in sorted(rows, key=attrgetter("name_key")) if row.id not in found
                }
        return list(found.values())[:limit]

    def page(self, after: str = "", limit: int = 50) -> list[Customer]:
        """Customers by name; `after` is the id of the last one on the page before."""
        c = customers.c
        query = select(*CUSTOMER).where(*used_customer(self._connection, c.id))
        query = query.order_by(c.name_key, c.id).limit(limit)
        last = self._connection.scalar(select(c.name_key).where(c.id == after)) if after else None
        if last is not None:
            query = query.where(tuple_(c.name_key, c.id) > tuple_(last, after))
        return [customer_of(row) for row in self._connection.execute(query)]

    def known_ids(self, ids: Collection[str]) -> set[str]:
        """Those of the ids that are customers', or were before they became part of others."""
        known = {
            id
            for chunk in chunks(ids)
            for id in self._connection.scalars(select(customers.c.id).where(customers.c.id.in_(chunk)))
        }
        return known | aliases(self._connection, set(ids) - known).keys()

    def remove(self, customer_id: str) -> bool:
        """Take a customer out with all that is theirs but the mails, which have to be filed elsewhere before.

        False when there is none; a merged one is not.
        """
        query = select(*CUSTOMER, customers.c.no, customers.c.number_shape).where(customers.c.id == customer_id)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return False
        theirs = select(invoices.c.invoice_no).where(invoices.c.customer_id == customer_id)
        self._connection.execute(delete(payments).where(payments.c.invoice_no.in_(theirs.scalar_subquery())))
        entry_words.drop(self._connection, self._fulltext, interactions.c.customer_id == customer_id)
        people = select(contacts.c.id).where(contacts.c.customer_id == customer_id)
        self._connection.execute(delete(contact_changes).where(contact_changes.c.contact_id.in_(people)))
        for table in (
            contacts,
            consents,
            customer_references,
            identifiers,
            interactions,
            proposals,
            found_invoices,
            adoptions,
            *LEDGER,
            *VALUES,
        ):
            self._connection.execute(delete(table).where(table.c.customer_id == customer_id))
        in_pairs = or_(duplicates.c.one == customer_id, duplicates.c.other == customer_id)
        self._connection.execute(delete(duplicates).where(in_pairs))
        brought = or_(referrals.c.customer_id == customer_id, referrals.c.referrer == customer_id)
        self._connection.execute(delete(referrals).where(brought))
        self._connection.execute(delete(promises).where(promises.c.customer_id == customer_id))
        self._connection.execute(delete(customers).where(customers.c.id == customer_id))
        self._fulltext.drop_customers(self._connection, [(row.no, customer_text(customer_of(row)))])
        self._shapes.change(self._connection, Counter({(CUSTOMER_NUMBERS, row.number_shape): -1}))
        self._count(-1)
        self._rematching.mark_all()
        return True

    def remove_contact(self, contact_id: str) -> bool:
        """Take a contact out; what they wrote stays the customer's. False when there is none."""
        contact = self.contact(contact_id)
        if contact is None:
            return False
        i, k = interactions.c, identifiers.c
        theirs = update(interactions).where(i.customer_id == contact.customer_id, i.contact_id == contact_id)
        self._connection.execute(theirs.values(contact_id=None))
        known = delete(identifiers).where(k.customer_id == contact.customer_id, k.contact_id == contact_id)
        self._connection.execute(known)
        for table in (consents, contact_changes):
            self._connection.execute(delete(table).where(table.c.contact_id == contact_id))
        self._connection.execute(delete(contacts).where(contacts.c.id == contact_id))
        self._rematching.mark_all()
        return True

    def _with_words(self, of_them: Select[Any], asked: list[str], shortest: int) -> Select[Any]:
        query = of_them.select_from(customer_words).join(customers, customers.c.no == self._fulltext.customer)
        return query.where(self._fulltext.matches(customer_words, asked, shortest))


def beside(customer_id: str, contact_id: str | None, references: int) -> Asked:
    """What is asked for a customer, one of their people, and so many of their references."""
    asked: Asked = {_BY_ID: {"ids": [customer_id]}, _REFERENCES: {"id": customer_id, "limit": references}}
    return asked if contact_id is None else {**asked, _CONTACTS: {"ids": [contact_id]}}


def _references() -> Select[Any]:
    """A customer's, newest first, undated last, in the order of a Reference's fields."""
    c = customer_references.c
    query = select(c.type, c.number, c.customer_id, c.date).where(c.customer_id == bindparam("id"))
    return query.order_by(c.date.desc().nulls_last(), c.number.desc()).limit(bindparam("limit", type_=Integer))


_BY_ID = Prepared(select(*CUSTOMER).where(any_of(customers.c.id, "ids")))
_CONTACTS = Prepared(select(*CONTACT).where(any_of(contacts.c.id, "ids")))
_REFERENCES = Prepared(_references())
