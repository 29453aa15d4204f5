"""What staff set of a customer's people: how they like to be reached, in which language, and whether by Sie or Du.

It is remembered who set it and what stood there, and no import takes it back (storage.contact_changes).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from assistant.restricting import check_used, used
from rules import preferences
from rules.terms.customer import Contact, ContactChange
from rules.terms.errors import NotFound
from rules.terms.staff import Viewer
from storage.pool import Pool, Work


@dataclass(frozen=True, slots=True)
class Contacting:
    """The people of customers. `told` hears whose, after the commit."""

    pool: Pool
    told: Callable[[str], None] = lambda customer: None
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def people(self, viewer: Viewer, customer_id: str) -> list[Contact]:
        """Who speaks for a customer, by name.

        Raises:
            UnknownName: there is no such customer.
            Forbidden: their data are only kept.
        """
        with self.pool.read() as work:
            customer = used(work, viewer, customer_id)
            return work.customers.contacts_of(customer)

    def changes(self, viewer: Viewer, contact_id: str) -> list[ContactChange]:
        """What was set of a contact, the latest first.

        Raises:
            NotFound: there is no such contact.
            Forbidden: the customer's data are only kept.
        """
        with self.pool.read() as work:
            _contact(work, viewer, contact_id)
            return work.contact_changes.of([contact_id]).get(contact_id, [])

    def change(self, viewer: Viewer, contact_id: str, values: Mapping[str, str]) -> Contact:
        """Set fields of a contact (rules.preferences.FIELDS); "" leaves a field to the firm's tables again.

        Raises:
            NotFound: there is no such contact.
            Forbidden: the customer's data are only kept.
            WrongUse: a value is none.
        """
        wanted = preferences.checked(values)
        with self.pool.begin() as work:
            contact = _contact(work, viewer, contact_id)
            work.contact_changes.put(contact, wanted, viewer.login, self.clock())
            changed = work.customers.contact(contact_id) or contact
        self.told(contact.customer_id)
        return changed


def _contact(work: Work, viewer: Viewer, contact_id: str) -> Contact:
    contact = work.customers.contact(contact_id)
    if contact is None:
        raise NotFound
    check_used(work, viewer, contact.customer_id)
    return contact
