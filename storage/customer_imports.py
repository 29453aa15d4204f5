"""Taking the firm's records in: what is new and what changed, with all that follows from it.

Of each row that changed: identifiers, words for search, counts, shapes of numbers, and the mark that open mail may be
somebody's now. Rows of a customer who has become part of another one go to that one (storage.merges).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, replace
from types import MappingProxyType
from typing import Any, TypeVar

from sqlalchemy import Connection, delete, select, update

from rules.terms.customer import Contact, Customer, Known, NumberForm, Reference
from storage.aliases import Alias, aliases, is_moved, note_moved
from storage.consent_tables import consents
from storage.contact_changes import chosen
from storage.customer_files import CONTACT, CUSTOMER, contact_of, customer_of
from storage.folding import fold
from storage.fulltext import FullText
from storage.identifiers import LONGEST, Identifiers
from storage.keys import new_numbers
from storage.packing import pack_words
from storage.placements import chunks
from storage.records import contacts, customer_references, customers, state
from storage.shapes import CUSTOMER as CUSTOMER_NUMBERS
from storage.shapes import Shapes
from storage.upserted import Upserted
from storage.upserting import write

T = TypeVar("T", Customer, Contact)
CUSTOMERS = "customers"  # in the table of states: how many there are
_NO_FORM = NumberForm()
_CUSTOMER, _CONTACT, _REFERENCE = ([field.name for field in fields(term)] for term in (Customer, Contact, Reference))
# The forms of numbers as they were written. Storage does not know how a number is read; whoever imports them does.
Forms = Mapping[str, NumberForm]
_NO_FORMS: Forms = MappingProxyType({})


class Imports(Identifiers):
    """The pool as imports write it."""

    def __init__(self, connection: Connection, fulltext: FullText, shapes: Shapes) -> None:
        super().__init__(connection)
        self._fulltext = fulltext
        self._shapes = shapes

    def upsert(self, customers: Iterable[Customer], identifiers: Iterable[Known], forms: Forms = _NO_FORMS) -> Upserted:
        """Take an import in. It replaces the identifiers that imports of customers gave these customers before.

        A customer that is part of another one since is left alone and counted as merged.
        """
        wanted = {customer.id: customer for customer in customers}
        merged = aliases(self._connection, wanted)
        counted = Upserted(merged=len(merged))
        for id in merged:
            del wanted[id]
        keys = (known for known in identifiers if known.customer_id not in merged)
        moved = self.replace([(id, "") for id in wanted], "customers", keys)
        for chunk in chunks(wanted.values()):
            counted += self._upsert_customers(chunk, moved, forms)
        return self._told(counted)

    def upsert_contacts(self, contacts: Iterable[Contact], identifiers: Iterable[Known]) -> Upserted:
        """Take an import in. It replaces the identifiers that imports of contacts gave these contacts before.

        The people of a merged customer are the kept one's. What staff set by hand stays (storage.contact_changes).
        """
        wanted = {contact.id: contact for contact in contacts}
        merged = aliases(self._connection, {contact.customer_id for contact in wanted.values()})
        for contact in list(wanted.values()):
            if (alias := merged.get(contact.customer_id)) is not None:
                wanted[contact.id] = replace(contact, customer_id=alias.kept)
                self._note(alias, "contacts", (contact.id,))
        for id, values in chosen(self._connection, wanted).items():
            wanted[id] = replace(wanted[id], **values)
        keys = (_owned_by(known, merged.get(known.customer_id)) for known in identifiers)
        before = self.contacts(wanted)
        owners = [(one.customer_id, id) for id, one in (*before.items(), *wanted.items())]
        moved = self.replace(owners, "contacts", keys)
        counted = Upserted()
        for chunk in chunks(wanted.values()):
            counted += self._upsert_contacts(chunk, before, moved)
        return self._told(counted)

    def upsert_references(self, references: Iterable[Reference], forms: Forms = _NO_FORMS) -> Upserted:
        """Take an import in. One number may lead to several customers; those of a merged one are the kept one's."""
        wanted = {(one.number, one.type, one.customer_id): one for one in references}
        merged = aliases(self._connection, {id for _, _, id in wanted})
        counted = Upserted()
        for key in [key for key in wanted if key[2] in merged]:
            counted += self._upsert_merged_reference(wanted.pop(key), merged[key[2]], forms)
        for chunk in chunks(wanted.items()):
            counted += self._upsert_references(dict(chunk), forms)
        return self._told(counted)

    def drop_references(self, keys: Iterable[tuple[str, str, str]]) -> None:
        """Let numbers (number, type, customer id) no longer lead to customers whose they are not."""
        c = customer_references.c
        gone: Counter[tuple[str, str]] = Counter()
        for number, type, customer_id in keys:
            this = delete(customer_references).where(c.number == number, c.type == type, c.customer_id == customer_id)
            gone.update((type, row.shape) for row in self._connection.execute(this.returning(c.shape)))
        self._shapes.change(self._connection, Counter({key: -count for key, count in gone.items()}))

    def contacts(self, ids: Collection[str]) -> dict[str, Contact]:
        """Those of the contacts that there are, by id."""
        return {
            row.id: contact_of(row)
            for chunk in chunks(ids)
            for row in self._connection.execute(select(*CONTACT).where(contacts.c.id.in_(chunk)))
        }

    def _upsert_customers(self, wanted: list[Customer], moved: set[str], forms: Forms) -> Upserted:
        c = customers.c
        query = select(*CUSTOMER, c.no, c.number_shape).where(c.id.in_([customer.id for customer in wanted]))
        rows = {row.id: row for row in self._connection.execute(query)}
        before = {id: customer_of(row) for id, row in rows.items()}
        shapes = {one.id: forms.get(one.customer_no, _NO_FORM).shape for one in wanted}
        reshaped = {id for id, row in rows.items() if row.number_shape != shapes[id]}
        new, changed = _sorted_out(wanted, before, reshaped)
        numbers = dict(zip((one.id for one in new), new_numbers(self._connection, customers, len(new)), strict=True))
        numbers |= {one.id: rows[one.id].no for one in changed}
        write(
            self._connection,
            customers,
            "id",
            [{"no": numbers[one.id], **customer_row(one, shapes[one.id])} for one in new],
            [customer_row(one, shapes[one.id]) for one in changed],
        )
        self._fulltext.drop_customers(
            self._connection, [(numbers[one.id], customer_text(before[one.id])) for one in changed]
        )
        self._fulltext.add_customers(self._connection, [(numbers[one.id], customer_text(one)) for one in new + changed])
        changes = Counter((CUSTOMER_NUMBERS, shapes[one.id]) for one in new + changed)
        changes.subtract((CUSTOMER_NUMBERS, rows[one.id].number_shape) for one in changed)
        self._shapes.change(self._connection, changes)
        self._count(len(new))
        return _counted(wanted, before, changed, moved)

    def _upsert_contacts(self, wanted: list[Contact], known: Mapping[str, Contact], moved: set[str]) -> Upserted:
        before = {one.id: known[one.id] for one in wanted if one.id in known}
        new, changed = _sorted_out(wanted, before)
        write(
            self._connection, contacts, "id", [_contact_row(one) for one in new], [_contact_row(one) for one in changed]
        )
        for one in changed:
            if one.customer_id != before[one.id].customer_id:
                theirs = update(consents).where(consents.c.contact_id == one.id)
                self._connection.execute(theirs.values(customer_id=one.customer_id))
        return _counted(wanted, before, changed, moved)

    def _upsert_references(self, wanted: dict[tuple[str, str, str], Reference], forms: Forms) -> Upserted:
        c = customer_references.c
        rows = self._connection.execute(select(customer_references).where(c.number.in_({key[0] for key in wanted})))
        before = {(row.number, row.type, row.customer_id): row for row in rows}
        now = {key: _reference_row(one, forms) for key, one in wanted.items()}
        new = [row for key, row in now.items() if key not in before]
        changed = [row for key, row in now.items() if key in before and dict(before[key]._mapping) != row]
        write(self._connection, customer_references, "number", new, [])
        for row in changed:
            this = (c.number == row["number"]) & (c.type == row["type"]) & (c.customer_id == row["customer_id"])
            self._connection.execute(update(customer_references).where(this).values(row))
        changes = Counter((row["type"], row["shape"]) for row in new + changed)
        keys = ((row["number"], row["type"], row["customer_id"]) for row in changed)
        changes.subtract((key[1], before[key].shape) for key in keys)
        self._shapes.change(self._connection, changes)
        return Upserted(len(new), len(changed), len(wanted) - len(new) - len(changed))

    def _upsert_merged_reference(self, reference: Reference, alias: Alias, forms: Forms) -> Upserted:
        """The kept customer may have that number too: then it stays as it is, and undoing knows of both."""
        key = reference.number, reference.type
        c = customer_references.c
        own = select(c.date).where(c.number == reference.number, c.type == reference.type, c.customer_id == alias.kept)
        if self._connection.execute(own).first() is not None and not is_moved(
            self._connection, alias.merges, "customer_references", key
        ):
            return Upserted(same=1)
        kept = replace(reference, customer_id=alias.kept)
        self._note(alias, "customer_references", key)
        return self._upsert_references({(kept.number, kept.type, kept.customer_id): kept}, forms)

    def _note(self, alias: Alias, part: str, key: tuple[str, ...]) -> None:
        for merge in alias.merges:
            note_moved(self._connection, merge, part, [key])

    def _count(self, more: int) -> None:
        if more:
            counted = update(state).where(state.c.name == CUSTOMERS).values(value=state.c.value + more)
            self._connection.execute(counted)

    def _told(self, counted: Upserted) -> Upserted:
        """Whoever is known better now may have written mails that nobody could file."""
        if counted.new or counted.changed:
            self._rematching.mark_all()
        return counted


def _sorted_out(wanted: list[T], before: Mapping[str, T], anyway: Collection[str] = ()) -> tuple[list[T], list[T]]:
    new = [one for one in wanted if one.id not in before]
    changed = [one for one in wanted if one.id in before and (before[one.id] != one or one.id in anyway)]
    return new, changed


def _counted(wanted: list[T], before: dict[str, T], changed: list[T], moved: set[str]) -> Upserted:
    """Somebody whose identifiers changed has changed too."""
    touched = {one.id for one in changed} | (moved & before.keys())
    touched &= {one.id for one in wanted}
    new = len(wanted) - len(before)
    return Upserted(new, len(touched), len(wanted) - new - len(touched))


def customer_text(customer: Customer) -> str:
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


def customer_row(customer: Customer, shape: str) -> dict[str, Any]:
    """A customer as a row of the table, but for its number there."""
    return {name: getattr(customer, name) for name in _CUSTOMER} | {
        "kind": customer.kind.value,
        "party": pack_words(sorted(customer.party)) or "[]",
        "status": customer.status.value,
        "name_key": fold(customer.name),
        "number_shape": shape,
    }


def _contact_row(contact: Contact) -> dict[str, Any]:
    return {name: getattr(contact, name) for name in _CONTACT}


def _reference_row(reference: Reference, forms: Forms) -> dict[str, Any]:
    form = forms.get(reference.number, _NO_FORM)
    return {name: getattr(reference, name) for name in _REFERENCE} | {
        "number_key": form.normal[:LONGEST],
        "shape": form.shape[:LONGEST],
    }


def _owned_by(known: Known, alias: Alias | None) -> Known:
    return known if alias is None else replace(known, customer_id=alias.kept)
