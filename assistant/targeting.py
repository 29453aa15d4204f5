"""Target groups: saved filters with what is known of them now, and the table for serial letters.

Only who may get advertising is named. Objection, restriction, collection and an open complaint are hard stops: nobody
can switch them off, they are counted with their reason, and each export is remembered.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from rules.salutations import salutation
from rules.summary import full_name
from rules.terms.customer import Contact, Customer, CustomerKind
from rules.terms.errors import Forbidden, NotFound, WrongUse
from rules.terms.staff import FieldGroup, Role, Viewer
from rules.terms.target import Filters, Stop, TargetGroup
from storage.pool import Pool, Work

PAGE = 50
MOST = 100_000
LONGEST = 80
COLUMNS = (
    "customer_id", "name", "salutation", "title", "first_name", "last_name", "address_form", "language",
    "letter", "street", "zip", "city", "country", "email",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counted:
    """How many customers a filter means; `left_out`: who of the others would be meant, by the first reason."""

    meant: int
    left_out: Mapping[Stop, int]


@dataclass(frozen=True, slots=True)
class Targeting:
    """What staff do with target groups."""

    pool: Pool
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def count(self, viewer: Viewer, filters: Filters, today: date) -> Counted:
        """How many are meant now.

        Raises:
            Forbidden: the filter asks for what the viewer may not see.
        """
        check(viewer, filters)
        with self.pool.read() as work:
            return Counted(*work.targets.count(filters, today))

    def page(self, viewer: Viewer, filters: Filters, today: date, limit: int, after: str = "") -> list[Customer]:
        """Some of those who are meant, by name.

        Raises:
            Forbidden: the filter asks for what the viewer may not see.
        """
        check(viewer, filters)
        with self.pool.read() as work:
            return work.targets.page(filters, today, limit, after)

    def save(self, viewer: Viewer, name: str, filters: Filters) -> int:
        """Save a filter under a name, in place of one of that name; its number.

        Raises:
            Forbidden: the viewer is no lead, or the filter asks for what they may not see.
            WrongUse: there is no name.
        """
        _check_lead(viewer)
        check(viewer, filters)
        name = " ".join(name.split())[:LONGEST]
        if not name:
            raise WrongUse(problem="Give it a name.", problem_de="Geben Sie der Zielgruppe einen Namen.")
        with self.pool.begin() as work:
            return work.targets.put(TargetGroup(name, filters, viewer.login, self.clock()))

    def remove(self, viewer: Viewer, number: int) -> None:
        """Forget a saved filter.

        Raises:
            Forbidden: the viewer is no lead.
            NotFound: there is none of that number.
        """
        _check_lead(viewer)
        with self.pool.begin() as work:
            if not work.targets.remove(number):
                raise NotFound

    def rows(self, viewer: Viewer, group: TargetGroup, today: date) -> list[tuple[str, ...]]:
        """The table for serial letters, a row a person (COLUMNS). That it was made is remembered first.

        Raises:
            Forbidden: the viewer is no lead, or the filter asks for what they may not see.
            WrongUse: it would be too large.
        """
        _check_lead(viewer)
        check(viewer, group.filters)
        with self.pool.read() as work:
            meant, left_out = work.targets.count(group.filters, today)
            if meant > MOST:
                raise WrongUse(
                    problem=f"More than {MOST} customers: filter more.",
                    problem_de=f"Mehr als {MOST} Kunden: Filtern Sie enger.",
                )
            found = list(_rows(work, group.filters, today, viewer.language))
        with self.pool.begin() as work:
            work.targets.note_export(group, viewer.login, self.clock(), len(found), sum(left_out.values()))
        return found


def check(viewer: Viewer, filters: Filters) -> None:
    """Whether a viewer may filter so.

    Raises:
        Forbidden: who tries long enough would learn what they may not see.
    """
    if filters.about_money and FieldGroup.MONEY not in viewer.groups:
        raise Forbidden
    if filters.about_particulars and FieldGroup.PARTICULARS not in viewer.groups:
        raise Forbidden


def _check_lead(viewer: Viewer) -> None:
    if not viewer.role.at_least(Role.LEAD):
        raise Forbidden


def _rows(work: Work, filters: Filters, today: date, language: str) -> Iterator[tuple[str, ...]]:
    for customer in work.targets.everyone(filters, today):
        people: Sequence[Contact | None] = [
            one for one in work.customers.contacts_of(customer.id) if one.active and _speaks(one, filters)
        ]
        for contact in people or (_themselves(customer),):
            yield _row(customer, contact, language)


def _speaks(contact: Contact, filters: Filters) -> bool:
    return not filters.language or contact.language.lower() == filters.language


def _themselves(customer: Customer) -> Contact | None:
    """A private customer who is not among the contacts: their name is what stands in the record."""
    if customer.kind is not CustomerKind.PERSON:
        return None
    first, _, last = customer.name.rpartition(" ")
    return Contact("", customer.id, first_name=first, last_name=last, email=customer.email)


def _row(customer: Customer, contact: Contact | None, language: str) -> tuple[str, ...]:
    one = contact or Contact("", customer.id)
    return (
        customer.id,
        full_name(customer),
        one.salutation,
        one.title,
        one.first_name,
        one.last_name,
        one.address_form,
        one.language,
        salutation(contact, language),
        customer.street,
        customer.zip,
        customer.city,
        customer.country,
        one.email or customer.email,
    )
