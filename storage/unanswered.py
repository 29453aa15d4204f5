"""Mail of customers that nobody has answered, and what staff say needs no answer."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import BindParameter, Connection, bindparam, delete, exists, func, insert, select

from rules.terms.customer import PartyKind
from rules.terms.finding import Action
from rules.terms.mail import Direction, MailKind
from storage.case_tables import case_messages, waived
from storage.moments import moment, stamp
from storage.records import customers
from storage.schema import messages
from storage.visible import visible

# So many of the latest mails are looked at; what is older than these is another matter than a forgotten answer.
_LOOKED_AT = 20_000
# As one of several kinds in the packed list. Written into the statement: as a value that may be any, PostgreSQL's plan
# for all values expects next to no customer, and the list of a large pool took seconds.
_CUSTOMER: BindParameter[str] = bindparam("customer", f'%"{PartyKind.CUSTOMER.value}"%', literal_execute=True)
_SPOKEN = [kind.value for kind in (MailKind.PERSON, MailKind.WEB_FORM, MailKind.GATEWAY)]


class Unanswered:
    """The unanswered mails of a pool."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(
        self, mailboxes: Collection[str] | None, since: datetime, until: datetime, limit: int
    ) -> list[tuple[int, datetime]]:
        """The last mails of threads, where a customer had the last word, and when they came; longest waiting first.

        What belongs to a case is followed there, and what staff have waived is not looked for.

        Args:
            mailboxes: those that the reader may read; None: all.
            since: older ones are left out.
            until: younger ones are left out.
            limit: how many at most.
        """
        m, later = messages.c, messages.alias()
        latest = (
            select(m.no, m.arrived, m.thread, m.thread_key)
            .where(m.action == Action.ATTACH.value, m.arrived >= stamp(since), m.arrived <= stamp(until))
            .where(m.direction == Direction.INCOMING.value, m.kind.in_(_SPOKEN))
            .where(exists().where(customers.c.id == m.customer_id, customers.c.party.like(_CUSTOMER)))
            .order_by(m.arrived.desc())
            .limit(_LOOKED_AT)
            .subquery("latest")
        )
        c = latest.c
        # Whoever speaks after it, they or we, has the last word; what comes by itself has not.
        spoken = exists().where(
            later.c.thread_key == c.thread_key,
            later.c.arrived > c.arrived,
            later.c.thread == c.thread,
            later.c.kind.in_(_SPOKEN),
        )
        query = (
            select(c.no, c.arrived)
            .where(~spoken, ~exists().where(case_messages.c.message == c.no), ~exists().where(waived.c.message == c.no))
            .where(*visible(self._connection, c.no, mailboxes))
            .order_by(c.arrived, c.no)
            .limit(limit)
        )
        return [(row.no, moment(row.arrived)) for row in self._connection.execute(query)]

    def waive(self, message: int, staff: str, at: datetime) -> None:
        """Say that a mail needs no answer."""
        self.unwaive(message)
        self._connection.execute(insert(waived).values(message=message, staff=staff, at=stamp(at)))

    def unwaive(self, message: int) -> None:
        """Say that it needs one after all."""
        self._connection.execute(delete(waived).where(waived.c.message == message))

    def is_waived(self, message: int) -> bool:
        """Whether staff say that it needs no answer."""
        return bool(self._connection.scalar(select(func.count()).where(waived.c.message == message)))
