"""Whole customers with their people, as weighing candidates needs them: many at once, by index."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import Any

from sqlalchemy import Connection, select

from rules.terms.customer import Contact, Customer, CustomerFile, CustomerKind, CustomerStatus, PartyKind
from storage.bounded import each
from storage.columns import plain
from storage.packing import unpack_words
from storage.placements import chunks
from storage.records import contacts, customers

PEOPLE = 200

# In the order of the terms' fields, which the rows are made into.
CUSTOMER = [customers.c[field.name] for field in fields(Customer)]
CONTACT = [contacts.c[field.name] for field in fields(Contact)]
_KIND, _PARTY, _KEY_ACCOUNT, _STATUS = map([c.name for c in CUSTOMER].index, ("kind", "party", "key_account", "status"))
_ACTIVE = [c.name for c in CONTACT].index("active")

_LOOK = (
    f"select {', '.join(str(column) for column in CUSTOMER)}, "  # noqa: S608 — the tables' own names
    f"{', '.join(f'{column} as contact_{column.name}' for column in CONTACT)} "
    "from customers left join contacts on contacts.customer_id = customers.id "
    f"where customers.id = ? order by contacts.id limit {PEOPLE}"
)


def files_of(connection: Connection, ids: Collection[str], people: Collection[str]) -> dict[str, CustomerFile]:
    """Customers with their contacts by id, at most 200 of each, those of the ids in `people` among them."""
    width = len(CUSTOMER)
    found: dict[str, tuple[Customer, list[Contact]]] = {}
    for row in each(connection, _LOOK, [(plain(id),) for id in dict.fromkeys(ids)]):
        values = tuple(row)
        file = found.get(values[0])
        if file is None:
            file = found[values[0]] = customer_of(values[:width]), []
        if values[width] is not None:
            file[1].append(contact_of(values[width:]))
    full = {id for id, (_, known) in found.items() if len(known) == PEOPLE}
    if full:
        _add_people(connection, {id: found[id][1] for id in full}, people)
    return {id: CustomerFile(customer, tuple(known)) for id, (customer, known) in found.items()}


def _add_people(connection: Connection, known: Mapping[str, list[Contact]], people: Collection[str]) -> None:
    """Let the wanted people take the places of others where there are more than fit."""
    for chunk in chunks(dict.fromkeys(people)):
        for row in connection.execute(select(*CONTACT).where(contacts.c.id.in_(chunk))):
            contact = contact_of(row)
            others = known.get(contact.customer_id)
            if others is not None and contact not in others:
                others.insert(0, contact)
                others.pop()


def customer_of(values: Sequence[Any]) -> Customer:
    """A customer from the columns of CUSTOMER, as a driver or SQLAlchemy hands them out."""
    made = list(values[: len(CUSTOMER)])
    made[_KIND] = CustomerKind(made[_KIND])
    made[_PARTY] = _parties(made[_PARTY])
    made[_KEY_ACCOUNT] = bool(made[_KEY_ACCOUNT])
    made[_STATUS] = CustomerStatus(made[_STATUS])
    return Customer(*made)


def contact_of(values: Sequence[Any]) -> Contact:
    """A contact from the columns of CONTACT."""
    made = list(values)
    made[_ACTIVE] = bool(made[_ACTIVE])
    return Contact(*made)


@cache
def _parties(packed: str) -> frozenset[PartyKind]:
    """There are but a few sets of kinds."""
    return frozenset(map(PartyKind, unpack_words(packed)))
