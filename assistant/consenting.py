"""What customers and their people consent to: written down with day, way and author, and never overwritten."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from assistant.restricting import used
from rules.terms.consent import Consent
from rules.terms.customer import Contact
from rules.terms.errors import WrongUse
from rules.terms.staff import Viewer
from storage.pool import Pool, Work

_FIRST = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Consenting:
    """The consents of customers.

    `told` hears whose changed, after the commit. `existing`: the firm mails existing customers without consent.
    """

    pool: Pool
    told: Callable[[str], None] = lambda customer: None
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    existing: bool = False

    def of(self, viewer: Viewer, customer_id: str) -> list[Consent]:
        """Every word that a customer and their people said, the newest first.

        Raises:
            UnknownName: there is no such customer.
            Forbidden: their data are only kept.
        """
        with self.pool.read() as work:
            customer = used(work, viewer, customer_id)
            return work.consents.of(customer)

    def mailed_as_existing(self, work: Work, customer_id: str) -> bool:
        """Whether who said nothing at a customer may get advertising by e-mail: they bought (§ 7 (3) UWG)."""
        return self.existing and customer_id in work.consents.bought([customer_id])

    def say(self, viewer: Viewer, said: Consent, today: date) -> Consent:
        """Write a word down in the viewer's name; as it stands then.

        Raises:
            UnknownName: there is no such customer.
            Forbidden: their data are only kept.
            WrongUse: the person is not theirs, or the day is to come.
        """
        with self.pool.begin() as work:
            customer = used(work, viewer, said.customer_id)
            now = replace(said, customer_id=customer, author=viewer.login, at=self.clock(), source=said.source.strip())
            (problem,) = unfit(work, [now], today)
            if problem is not None:
                raise WrongUse(problem=problem[0], problem_de=problem[1])
            work.consents.add([now])
            stands = next(one for one in work.consents.of(customer) if _same(one, now))
        self.told(customer)
        return stands


def unfit(work: Work, said: Sequence[Consent], today: date) -> list[tuple[str, str] | None]:
    """Which words cannot be written down, and why, in English and German. Of unknown customers nothing is said."""
    people = work.customers.contacts({one.contact_id for one in said if one.contact_id})
    customers = work.customers.get_many({one.customer_id for one in said})
    return [
        _problem(one, people.get(one.contact_id), customers[one.customer_id].id, today)
        if one.customer_id in customers
        else None
        for one in said
    ]


def _problem(one: Consent, contact: Contact | None, customer_id: str, today: date) -> tuple[str, str] | None:
    if one.contact_id and (contact is None or contact.customer_id != customer_id):
        return (
            f"The customer has no contact “{one.contact_id}”.",
            f"Der Kunde hat keinen Ansprechpartner „{one.contact_id}“.",
        )
    if not _FIRST <= one.date <= today:
        return "Nobody can have said so on that day.", "An diesem Tag kann das niemand gesagt haben."
    return None


def _same(one: Consent, other: Consent) -> bool:
    return replace(one, id=0, at=other.at, author="") == replace(other, id=0, author="")
