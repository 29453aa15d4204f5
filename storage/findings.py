"""Complaints found in mail, and what staff say of them. A finding hangs on its mail and goes where its match goes.

What a supplier and nothing else writes is kept but not shown, unless staff say that it is a complaint: so it is there
when it turns out that they are a customer too, or that the mail was somebody else's.
"""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from rules.terms.complaint import STANDING, Category, Finding, FindingState, Relief, Ruling, Standing
from rules.terms.customer import PartyKind
from rules.terms.errors import WrongUse
from rules.terms.mail import Direction, MailKind
from storage.case_tables import case_messages, cases
from storage.moments import moment, moment_or_none, stamp, stamp_or_none
from storage.packing import pack_assessment, pack_words, unpack_assessment
from storage.placements import chunks
from storage.prepared import Asked, Prepared, any_of
from storage.records import customers
from storage.relation_tables import promises
from storage.schema import boxes, findings, messages, placements
from storage.visible import visible

# Beside one opened mail nobody reads more than a few.
_FEW = 5
_SUPPLIERS_ONLY = pack_words([PartyKind.SUPPLIER.value])


class Findings:
    """The findings of a pool."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, found: Iterable[Finding]) -> None:
        """Keep findings, each in place of the one its mail had; those that are not worth it are removed."""
        for chunk in chunks(found):
            rows = [_row(finding) for finding in chunk if finding.worth_keeping]
            self.drop([finding.message for finding in chunk])
            if rows:
                self._connection.execute(insert(findings), rows)

    def drop(self, messages: Collection[int]) -> None:
        """Forget what was found in these mails."""
        self._connection.execute(delete(findings).where(findings.c.message.in_(messages)))

    def kept(self, numbers: Collection[int]) -> dict[int, Finding]:
        """What is kept of these mails, shown or not, by their numbers."""
        return self._of(numbers)

    def of_messages(self, numbers: Collection[int]) -> dict[int, Finding]:
        """What is shown of these mails, by their numbers."""
        return self._of(numbers, shown())

    def beside(self, message: int | None, customer_id: str | None, mailboxes: Collection[str]) -> list[Standing]:
        """What concerns an opened mail: its own finding first, then the customer's open complaints, newest first.

        Args:
            message: the opened mail, None where a customer was opened.
            customer_id: whose open complaints, None for nobody's.
            mailboxes: those that the reader may read.
        """
        if message is None and customer_id is None:
            return []
        return [
            Standing(
                _finding(row),
                bool(row.readable),
                None if row.relief is None else Relief(row.relief, moment(row.relief_date)),
            )
            for row in _BESIDE.rows(self._connection, **_asked(message, customer_id, mailboxes))
        ]

    def complaining(self, customers: Collection[str]) -> set[str]:
        """Those of the customers with an open complaint, whoever may read it."""
        c, found = findings.c, set[str]()
        standing = c.state.in_([state.value for state in STANDING])
        for chunk in chunks(customers):
            query = select(c.customer_id).where(c.customer_id.in_(chunk), standing, shown()).distinct()
            found.update(self._connection.scalars(query))
        return found

    def of_customer(self, customer_id: str, mailboxes: Collection[str], limit: int) -> list[Finding]:
        """What was found in a customer's mail that can be read in these mailboxes, whatever its state, newest first."""
        c = findings.c
        query = select(findings).where(c.customer_id == customer_id)
        query = query.where(*visible(self._connection, c.message, mailboxes))
        rows = self._connection.execute(query.order_by(c.date.desc(), c.message.desc()).limit(limit))
        return [_finding(row) for row in rows]

    def page(
        self,
        state: FindingState,
        mailboxes: Collection[str] | None,
        *,
        severity: int | None = None,
        before: int | None = None,
        limit: int = 50,
    ) -> list[Finding]:
        """Findings in a state, newest first.

        Args:
            state: which.
            mailboxes: only of mail that can be read in these; None: in any.
            severity: only of this one.
            before: the mail of the last one on the page before.
            limit: how many at most.

        Raises:
            WrongUse: nothing was found in the mail `before`.
        """
        c = findings.c
        query = self._in(state, mailboxes)
        if severity is not None:
            query = query.where(c.severity == severity)
        if before is not None:
            date = self._connection.scalar(select(c.date).where(c.message == before))
            if date is None:
                raise WrongUse(
                    problem="“before” is no complaint of this list (any more); start again without it.",
                    problem_de="„before“ ist keine Beschwerde dieser Liste (mehr); beginnen Sie noch einmal ohne sie.",
                )
            query = query.where(tuple_(c.date, c.message) < tuple_(date, before))
        query = query.order_by(c.date.desc(), c.message.desc()).limit(limit)
        return [_finding(row) for row in self._connection.execute(query)]

    def count(self, state: FindingState, mailboxes: Collection[str] | None, most: int) -> int:
        """How many findings are in a state, counted no further than `most`."""
        some = self._in(state, mailboxes).with_only_columns(findings.c.message).limit(most).subquery("counted")
        return self._connection.scalar(select(func.count()).select_from(some)) or 0

    def ruled(self, mailboxes: Collection[str], after: int, limit: int) -> list[Finding]:
        """The next findings that staff confirmed or dismissed, by the numbers of their mails."""
        c = findings.c
        query = select(findings).where(c.decided_by.is_not(None), c.message > after)
        query = query.where(*visible(self._connection, c.message, mailboxes)).order_by(c.message).limit(limit)
        return [_finding(row) for row in self._connection.execute(query)]

    def askable(self, before: int, kinds: Collection[MailKind], limit: int) -> list[int]:
        """The next older mails of these kinds of which staff said nothing, newest first: what others wrote.

        Of our own those behind which somebody outside stands may be such.
        """
        c, said = messages.c, findings.c
        query = (
            select(c.no)
            .select_from(messages.outerjoin(findings, said.message == c.no))
            .where(c.no < before, or_(c.direction == Direction.INCOMING.value, c.writer != ""))
            .where(c.kind.in_([kind.value for kind in kinds]))
            .where(said.decided_by.is_(None), said.solved_by.is_(None))
            .order_by(c.no.desc())
            .limit(limit)
        )
        return list(self._connection.scalars(query))

    def _of(self, numbers: Collection[int], *conditions: ColumnElement[bool]) -> dict[int, Finding]:
        found: dict[int, Finding] = {}
        for chunk in chunks(numbers):
            query = select(findings).where(findings.c.message.in_(chunk), *conditions)
            found.update((row.message, _finding(row)) for row in self._connection.execute(query))
        return found

    def _in(self, state: FindingState, mailboxes: Collection[str] | None) -> Any:
        in_state = findings.c.state == state.value
        return select(findings).where(in_state, shown(), *visible(self._connection, findings.c.message, mailboxes))


def beside(message: int | None, customer_id: str, mailboxes: Collection[str]) -> Asked:
    """What `Findings.beside` asks."""
    return {_BESIDE: _asked(message, customer_id, mailboxes)}


def _asked(message: int | None, customer_id: str | None, mailboxes: Collection[str]) -> dict[str, object]:
    # Where nobody is asked for, nothing is: no mail has the number 0, and no customer the id "".
    return {"message": message or 0, "customer": customer_id or "", "mailboxes": mailboxes}


def shown() -> ColumnElement[bool]:
    """That a finding is one to be shown."""
    c = customers.c
    supplier = exists().where(c.id == findings.c.customer_id, c.party == _SUPPLIERS_ONLY)
    return or_(findings.c.decided_by.is_not(None), ~supplier)


def follow(connection: Connection, message: int, customer_id: str | None) -> None:
    """The mail was filed under another customer: so is what was found in it, and the case that it opened."""
    for table in (findings, promises):
        connection.execute(update(table).where(table.c.message == message).values(customer_id=customer_id))
    of = case_messages.c
    case = select(of.case).where(of.message == message).scalar_subquery()
    first = select(func.min(of.message)).where(of.case == cases.c.id).scalar_subquery()
    connection.execute(update(cases).where(cases.c.id == case, first == message).values(customer_id=customer_id))


def _beside() -> Select[Any]:
    """Of a mail `message`, and of a customer's standing complaints, for a reader of `mailboxes`."""
    c, later = findings.c, findings.alias()
    relief = and_(later.c.customer_id == c.customer_id, later.c.state == FindingState.RELIEF.value)
    newest = select(later.c.message).where(relief, later.c.date > c.date, _readable(later.c.message))
    newest = newest.order_by(later.c.date.desc()).limit(1)
    its_own = c.message == bindparam("message")
    standing = and_(c.customer_id == bindparam("customer"), or_(*(c.state == state.value for state in STANDING)))
    return (
        select(
            findings,
            _readable(c.message).label("readable"),
            newest.scalar_subquery().label("relief"),
            newest.with_only_columns(later.c.date).scalar_subquery().label("relief_date"),
        )
        .where(or_(its_own, standing), shown())
        .order_by(its_own.desc(), c.date.desc())
        .limit(_FEW)
    )


def _readable(message: ColumnElement[int]) -> ColumnElement[bool]:
    own = select(boxes.c.id).where(any_of(boxes.c.name, "mailboxes"))
    return exists().where(placements.c.message == message, placements.c.box.in_(own))


_BESIDE = Prepared(_beside())


def _row(finding: Finding) -> dict[str, Any]:
    ruling = finding.ruling
    return {
        "message": finding.message,
        "customer_id": finding.customer_id,
        "date": stamp(finding.date),
        "state": finding.state.value,
        "severity": finding.severity,
        "history": finding.history,
        "assessment": pack_assessment(finding.assessment),
        "flag": ruling and ruling.flag,
        "flag_severity": ruling and ruling.severity,
        "flag_category": ruling and ruling.category and ruling.category.value,
        "decided_by": ruling and ruling.staff,
        "decided_at": ruling and stamp(ruling.at),
        "solved_by": finding.solved_by,
        "solved_at": stamp_or_none(finding.solved_at),
    }


def _finding(row: Row[Any]) -> Finding:
    return Finding(
        message=row.message,
        date=moment(row.date),
        assessment=unpack_assessment(row.assessment),
        customer_id=row.customer_id,
        history=row.history,
        ruling=None if row.decided_by is None else _ruling(row),
        solved_by=row.solved_by,
        solved_at=moment_or_none(row.solved_at),
    )


def _ruling(row: Row[Any]) -> Ruling:
    category = None if row.flag_category is None else Category(row.flag_category)
    return Ruling(row.flag, row.decided_by, moment(row.decided_at), row.flag_severity, category)
