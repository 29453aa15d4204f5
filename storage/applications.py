"""Applications are personal data of a kind of their own: found at the applicant's, not by searching the pool."""

from sqlalchemy import ColumnElement, Connection, Select, exists, or_, select

from storage import recognition, records
from storage.recognition import senders
from storage.records import customers
from storage.schema import messages


def no_application(connection: Connection) -> list[ColumnElement[bool]]:
    """The conditions that a mail is of no conversation with an applicant; none where there are no applicants.

    An applicant is of whom staff said so last, and whose record says nothing else.
    """
    if not connection.scalar(select(or_(exists(_senders()), exists(_records())))):
        return []
    m, of_thread = messages.c, messages.alias()
    t = of_thread.c
    theirs = or_(t.writer.in_(_senders()), t.customer_id.in_(_records()))
    told = exists().where(t.thread_key == m.thread_key, t.thread == m.thread, theirs)
    return [~told.correlate_except(of_thread)]


def no_applicant(customer: ColumnElement[str]) -> ColumnElement[bool]:
    """The condition that a customer is not merely an applicant."""
    return customer.not_in(_records())


def _senders() -> Select[tuple[str]]:
    s, later = senders.c, senders.alias()
    latest = ~exists().where(later.c.address == s.address, later.c.id > s.id)
    return select(s.address).where(recognition.APPLICANTS, latest)


def _records() -> Select[tuple[str]]:
    return select(customers.c.id).where(records.APPLICANTS)
