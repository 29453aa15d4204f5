"""The ids of customers that are made here: one of the staff's choice, or the next of our own ("N-000001")."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from rules.terms.customer import Customer
from rules.terms.errors import WrongUse
from storage.pool import Work

_BLOCK = 500


def fresh(work: Work, customer: Customer) -> Customer:
    """The record with an id that nobody has.

    Raises:
        WrongUse: the id is taken, or there is no name.
    """
    if not customer.name.strip():
        raise WrongUse(problem="A customer needs a name.", problem_de="Ein Kunde braucht einen Namen.")
    if customer.id and work.customers.known_ids([customer.id]):
        raise WrongUse(
            problem=f"There is a customer “{customer.id}” already.",
            problem_de=f"Einen Kunden „{customer.id}“ gibt es schon.",
        )
    return replace(customer, id=customer.id or next(next_ids(work)))


def next_ids(work: Work) -> Iterator[str]:
    """The ids after the highest of ours, without end. What was merged keeps its id."""
    highest = first = 0
    while True:
        ids = {f"N-{number:06d}": number for number in range(first + 1, first + _BLOCK + 1)}
        known = work.customers.known_ids(ids)
        if not known:
            break
        highest, first = max(ids[id] for id in known), first + _BLOCK
    for number in count(highest + 1):
        yield f"N-{number:06d}"
