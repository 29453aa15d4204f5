"""Customers whose data are only kept: what stands between them and whoever is no administrator."""

from datetime import datetime

from assistant.care import known
from rules.terms.customer import Customer
from rules.terms.errors import Forbidden
from rules.terms.pooled import PooledMessage
from rules.terms.staff import Role, Viewer
from storage.pool import Work


def check_used(work: Work, viewer: Viewer, customer_id: str | None, at: datetime | None = None) -> None:
    """Let pass what may be used; `at`: when it came in, for what came in later is to be answered.

    Raises:
        Forbidden: it is a customer's whose data are only kept (GDPR, article 18), and the viewer is no administrator.
    """
    if customer_id is None or viewer.role is Role.ADMIN:
        return
    restriction = work.restrictions.of(customer_id)
    if restriction is not None and (at is None or at <= restriction.since):
        raise Forbidden


def used(work: Work, viewer: Viewer, id: str) -> str:
    """The id of a customer who may be used; of one who became part of another, that one's.

    Raises:
        UnknownName: there is no such customer.
        Forbidden: their data are only kept, and the viewer is no administrator.
    """
    customer = known(work, id)
    check_used(work, viewer, customer)
    return customer


def named_by(work: Work, mail: PooledMessage) -> dict[str, Customer]:
    """Who may have written a mail, by id; without those whose data were only kept already when it came."""
    found = work.customers.get_many(mail.match.candidates)
    return {id: one for id, one in found.items() if not _rested(work, one.id, mail.arrived)}


def _rested(work: Work, customer_id: str, at: datetime) -> bool:
    restriction = work.restrictions.of(customer_id)
    return restriction is not None and at <= restriction.since
