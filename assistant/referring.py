"""Who brought whom: written down by staff, brought by an import, or proposed where a mail says it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from assistant.care import known
from connectors.importers import Row
from rules import firms, names, referrals
from rules.folding import fold
from rules.repairs import Repair, Suggestion
from rules.terms.customer import Customer, IdentifierKind
from rules.terms.errors import NotFound, WrongUse
from rules.terms.mail import MailKind, Reading
from rules.terms.staff import FieldGroup, Viewer
from storage.pool import Pool, Work
from storage.referrals import Referral

MAIL, IMPORT = "mail", "import"
# The field of a proposal, and the column of the table of customers.
REFERRED_BY = "referred_by"
_SAID = (MailKind.PERSON, MailKind.WEB_FORM)
_LOOKED_AT = 10


@dataclass(frozen=True, slots=True)
class Brought:
    """The customers whom somebody brought, and what they brought in: cents in twelve months, None by right."""

    customers: tuple[Customer, ...]
    revenue: int | None


@dataclass(frozen=True, slots=True)
class Referring:
    """What staff write down. `told` hears of whom, after the commit."""

    pool: Pool
    told: Callable[[str], None] = lambda customer: None

    def add(self, viewer: Viewer, customer_id: str, referrer: str, today: date) -> None:
        """Note who brought a customer.

        Raises:
            UnknownName: one of them is no customer.
            WrongUse: they are the same, or it would go in a circle.
        """
        with self.pool.begin() as work:
            note(work, customer_id, referrer, today, viewer.login)
        self.told(customer_id)

    def remove(self, customer_id: str, referrer: str) -> None:
        """Take it back.

        Raises:
            UnknownName: there is no such customer.
            NotFound: it was not noted.
        """
        with self.pool.begin() as work:
            if not work.referrals.remove(known(work, customer_id), referrer):
                raise NotFound
        self.told(customer_id)

    def brought(self, work: Work, viewer: Viewer, customer_id: str) -> Brought:
        """Whom a customer brought."""
        found = work.customers.used(work.referrals.brought_by(customer_id))
        revenue = work.referrals.revenue_of(found) if FieldGroup.MONEY in viewer.groups else None
        return Brought(tuple(found.values()), revenue)

    def by(self, work: Work, customer_id: str) -> list[tuple[Customer, Referral]]:
        """Who brought a customer, the first one first; those whose data are restricted are not named."""
        noted = work.referrals.of(customer_id)
        found = work.customers.used([one.referrer for one in noted])
        return [(found[one.referrer], one) for one in noted if one.referrer in found]


def note(work: Work, customer_id: str, referrer: str, day: date, source: str) -> bool:
    """Note who brought a customer; False when that was known.

    Raises:
        UnknownName: one of them is no customer.
        WrongUse: they are the same, or it would go in a circle.
    """
    customer, by = known(work, customer_id), known(work, referrer)
    if work.referrals.leads_to(by, customer):
        raise WrongUse(
            problem=f"“{by}” came by “{customer}”: nobody brings those by whom they came themselves.",
            problem_de=f"„{by}“ kam selbst durch „{customer}“: So ginge es im Kreis.",
        )
    return work.referrals.add(Referral(customer, by, day, source))


def note_imported(work: Work, rows: Iterable[Row]) -> list[Row]:
    """Note who brought the customers of a table; the rows whose referrer is nobody (yet), or goes in a circle."""
    told = [(row, row.value.id) for row in rows if row.referred_by and isinstance(row.value, Customer)]
    by_id = work.customers.get_many({row.referred_by for row, _ in told})
    left = []
    for row, customer in told:
        by = by_id.get(row.referred_by) or _by_number(work, row.referred_by)
        try:
            if by is None:
                raise NotFound
            note(work, customer, by.id, datetime.now(UTC).date(), IMPORT)
        except (NotFound, WrongUse):
            left.append(row)
    return left


def _by_number(work: Work, number: str) -> Customer | None:
    """The customer with a number as it is written."""
    found = [one for one in work.customers.find(number, 2) if one.customer_no == number]
    return found[0] if len(found) == 1 else None


def named(work: Work, text: str) -> Customer | None:
    """The one customer who is meant by a name in a text: their own, their firm's or one of their people's."""
    person = names.parse_person(text)
    keys = {IdentifierKind.FIRM: set(firms.firm_keys(text))}
    if person is not None and person.first and person.last:
        keys[IdentifierKind.PERSON] = set(names.person_keys(person.first, person.last))
    elif person is not None:
        keys[IdentifierKind.PERSON] = set(names.last_keys(person.last or person.first))
    owners = work.customers.owners(keys).values()
    ids = {one.customer_id for found in owners for one in found.known}
    if not ids and person is not None:
        last = fold(person.last or person.first)
        found = work.customers.find(last, _LOOKED_AT) if not names.is_common(last) else []
        ids = {one.id for one in found if last in fold(one.name).replace("-", " ").split()}
    return work.customers.get(ids.pop()) if len(ids) == 1 else None


def recommended(work: Work, reading: Reading, customer_id: str) -> Iterator[Suggestion]:
    """What a customer's mail says of who recommended us to them, where that is one customer and not noted yet."""
    mentions = referrals.mentions(reading.new_text) if reading.kind in _SAID else ()
    for mention in mentions:
        by = named(work, mention.name)
        if by is None or work.referrals.leads_to(by.id, customer_id):
            continue
        if by.id not in {one.referrer for one in work.referrals.of(customer_id)}:
            yield Suggestion(Repair.REFERRAL, "", mention.quote, {REFERRED_BY: by.id})
