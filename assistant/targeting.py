"""Target groups: saved filters with what is known of them now, and the table for serial letters.

Only who may get advertising is named. Objection, restriction, collection and an open complaint are hard stops: nobody
can switch them off. A group that is to be written by e-mail or called means only who consented to that (§ 7 UWG; by
e-mail also existing customers, where the firm keeps to its third paragraph), and only its table has their addresses or
numbers. Whoever is left out is counted with the reason, and each export is remembered.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from rules.consents import Words, allowed, as_existing_customer, words_of
from rules.salutations import salutation
from rules.summary import full_name
from rules.terms.consent import Purpose
from rules.terms.customer import Contact, Customer, CustomerKind
from rules.terms.errors import Forbidden, NotFound, UnknownName, WrongUse
from rules.terms.staff import FieldGroup, Role, Viewer
from rules.terms.target import Filters, Stop, TargetGroup
from rules.wording import say
from storage.pool import Pool, Work

PAGE = 50
MOST = 100_000
LONGEST = 80
# How a group may be addressed.
BY = (Purpose.POST, Purpose.EMAIL, Purpose.PHONE)
_COLUMNS = (
    "customer_id", "name", "salutation", "title", "first_name", "last_name", "address_form", "language",
    "letter", "street", "zip", "city", "country",
)  # fmt: skip
_REACHED: Mapping[Purpose, tuple[str, ...]] = {
    Purpose.POST: (),
    Purpose.EMAIL: ("email", "basis"),
    Purpose.PHONE: ("phone", "mobile"),
}


@dataclass(frozen=True, slots=True)
class Table:
    """A group for serial letters, mailings or calls: the names of its columns, and a row a person."""

    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many customers a filter means; `left_out`: who of the others would be meant, by the first reason."""

    meant: int
    left_out: Mapping[Stop, int]


@dataclass(frozen=True, slots=True)
class Targeting:
    """What staff do with target groups. `existing`: the firm mails existing customers without consent, § 7 (3) UWG."""

    pool: Pool
    existing: bool = False
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def count(self, viewer: Viewer, filters: Filters, today: date) -> Counted:
        """How many are meant now.

        Raises:
            Forbidden: the filter asks for what the viewer may not see.
        """
        check(viewer, filters)
        with self.pool.read() as work:
            return Counted(*work.targets.count(filters, today, existing=self.existing))

    def page(self, viewer: Viewer, filters: Filters, today: date, limit: int, after: str = "") -> list[Customer]:
        """Some of those who are meant, by name.

        Raises:
            Forbidden: the filter asks for what the viewer may not see.
        """
        check(viewer, filters)
        with self.pool.read() as work:
            return work.targets.page(filters, today, limit, after, existing=self.existing)

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

    def get(self, group: int | str) -> TargetGroup:
        """A saved filter by its number or name.

        Raises:
            UnknownName: there is none.
        """
        with self.pool.read() as work:
            found = work.targets.get(group)
        if found is None:
            raise UnknownName(what="target group", name=str(group))
        return found

    def table(self, viewer: Viewer, group: TargetGroup, today: date) -> Table:
        """The table of a group. That it was made is remembered first.

        Raises:
            Forbidden: the viewer is no lead, or the filter asks for what they may not see.
            WrongUse: it would be too large.
        """
        _check_lead(viewer)
        check(viewer, group.filters)
        with self.pool.read() as work:
            meant, left_out = work.targets.count(group.filters, today, existing=self.existing)
            if meant > MOST:
                raise WrongUse(
                    problem=f"More than {MOST} customers: filter more.",
                    problem_de=f"Mehr als {MOST} Kunden: Filtern Sie enger.",
                )
            found = list(self._rows(work, group.filters, today, viewer.language))
        with self.pool.begin() as work:
            work.targets.note_export(group, viewer.login, self.clock(), len(found), sum(left_out.values()))
        return Table(_COLUMNS + _REACHED[group.filters.by], found)

    def _rows(self, work: Work, filters: Filters, today: date, language: str) -> Iterator[tuple[str, ...]]:
        for some in work.targets.everyone(filters, today, existing=self.existing):
            ids = [customer.id for customer in some]
            people, consents = work.customers.people_of(ids), work.consents.of_many(ids)
            bought = work.consents.bought(ids) if self.existing else frozenset[str]()
            for customer in some:
                said = _Said(words_of(consents.get(customer.id, ())), filters.by, customer.id in bought)
                for contact in _meant(customer, people.get(customer.id, ()), said, filters):
                    row = _row(customer, contact, said, language)
                    # Of whom there is neither address nor number nobody can be written to or called.
                    if not _REACHED[filters.by] or any(row[len(_COLUMNS) :]):
                        yield row


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


@dataclass(frozen=True, slots=True)
class _Said:
    """What a customer and their people said, by which way they are to be addressed, and whether they bought."""

    words: Words
    by: Purpose
    bought: bool

    def allows(self, contact_id: str = "") -> bool:
        return allowed(self.words, self.by, contact_id, bought=self.bought)

    def basis(self, contact_id: str, language: str) -> str:
        """What allows it, in words."""
        existing = as_existing_customer(self.words, self.by, contact_id, bought=self.bought)
        return say("consent.existing" if existing else "consent.given", language)


def _meant(customer: Customer, people: Sequence[Contact], said: _Said, filters: Filters) -> Sequence[Contact]:
    """The people of a customer who are meant; where nobody is known to speak for it, the customer itself."""
    if not people:
        return (_themselves(customer),)
    return [
        one
        for one in people
        if said.allows(one.id) and (not filters.language or one.language.lower() == filters.language)
    ]


def _themselves(customer: Customer) -> Contact:
    """A customer without contacts; of a private one the name is what stands in the record."""
    if customer.kind is not CustomerKind.PERSON:
        return Contact("", customer.id)
    first, _, last = customer.name.rpartition(" ")
    return Contact("", customer.id, first_name=first, last_name=last)


def _row(customer: Customer, contact: Contact, said: _Said, language: str) -> tuple[str, ...]:
    return (
        customer.id,
        full_name(customer),
        contact.salutation,
        contact.title,
        contact.first_name,
        contact.last_name,
        contact.address_form,
        contact.language,
        salutation(contact, language),
        customer.street,
        customer.zip,
        customer.city,
        customer.country,
        *_reached(customer, contact, said, language),
    )


def _reached(customer: Customer, contact: Contact, said: _Said, language: str) -> tuple[str, ...]:
    """By what a person is reached. What is not their own is the customer's as a whole, who has to agree as well."""
    whole = said.allows()
    if said.by is Purpose.EMAIL:
        address = contact.email or (customer.email if whole else "")
        return address, said.basis(contact.id, language) if address else ""
    if said.by is Purpose.PHONE:
        own = contact.phone or contact.mobile
        return contact.phone or (customer.phone if whole and not own else ""), contact.mobile
    return ()
