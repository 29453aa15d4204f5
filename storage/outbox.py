"""Mail that goes out: a row is stored with its cause, sent by somebody else, and never twice.

pending → sending → sent | failed | uncertain (rules.terms.outgoing). `claim` commits SENDING before a word is said to
the server; what a crash leaves there is UNCERTAIN, and only a person sends it again.
"""

from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, exists, func, insert, literal, or_, select, update

from rules.terms.outgoing import TROUBLED, OutgoingKind, OutgoingMail, OutgoingState
from storage.case_tables import cases
from storage.cases import open_to
from storage.moments import moment, moment_or_none, stamp, stamp_or_none
from storage.outgoing_tables import outgoing, secrets
from storage.placements import chunks
from storage.restrictions import used_customer

# What can be taken back or sent once more by hand.
_WAITING = (OutgoingState.PENDING, *TROUBLED)


class Outbox:
    """The outgoing mail of a pool."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, mail: OutgoingMail) -> OutgoingMail | None:
        """Let a mail wait to be sent; None where one of the same `once` was put before, whatever became of it."""
        known = exists().where(outgoing.c.once == mail.once)
        if self._connection.scalar(select(literal(1)).where(known)) is not None:
            return None
        new = insert(outgoing).values(_row(mail)).returning(outgoing.c.id)
        return replace(mail, id=self._connection.execute(new).scalar_one())

    def due(self, now: datetime, limit: int = 20) -> list[OutgoingMail]:
        """What is to be tried by now, longest waiting first."""
        c = outgoing.c
        query = select(outgoing).where(c.state == OutgoingState.PENDING.value, c.due <= stamp(now))
        return [_mail(row) for row in self._connection.execute(query.order_by(c.due, c.id).limit(limit))]

    def claim(self, number: int, now: datetime) -> bool:
        """Say that a waiting mail is being sent; False when it waits no longer: then nobody may send it."""
        c = outgoing.c
        values = {"state": OutgoingState.SENDING.value, "since": stamp(now), "tries": c.tries + 1}
        this = update(outgoing).where(c.id == number, c.state == OutgoingState.PENDING.value)
        return bool(self._connection.execute(this.values(values)).rowcount)

    def settle(
        self,
        number: int,
        state: OutgoingState,
        now: datetime,
        *,
        due: datetime | None = None,
        error: tuple[str, str] = ("", ""),
    ) -> None:
        """Say what became of a mail that was being sent. Of one that was sent the text goes: nobody needs it any more.

        Args:
            number: which.
            state: what became of it.
            now: when.
            due: when it is to be tried again, where it waits again.
            error: what went wrong, in English and German.
        """
        c = outgoing.c
        values: dict[str, Any] = {"state": state.value, "since": stamp(now), "error_en": error[0], "error_de": error[1]}
        if due is not None:
            values["due"] = stamp(due)
        if state is OutgoingState.SENT:
            values["text"] = ""
        # Whoever took so long that it counted as uncertain knows better now.
        under_way = (OutgoingState.SENDING.value, OutgoingState.UNCERTAIN.value)
        self._connection.execute(update(outgoing).where(c.id == number, c.state.in_(under_way)).values(values))

    def stuck(self, before: datetime, limit: int = 100) -> list[OutgoingMail]:
        """What has been in sending since before a moment: whoever sent it is gone."""
        c = outgoing.c
        query = select(outgoing).where(c.state == OutgoingState.SENDING.value, c.since < stamp(before))
        return [_mail(row) for row in self._connection.execute(query.order_by(c.id).limit(limit))]

    def get(self, number: int, mailboxes: Collection[str] | None = None) -> OutgoingMail | None:
        """One mail, if it can be seen from these mailboxes; None: from any."""
        query = select(outgoing).where(outgoing.c.id == number, *self._seen(mailboxes))
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _mail(row)

    def page(
        self,
        states: Collection[OutgoingState] = (),
        *,
        mailboxes: Collection[str] | None = None,
        before: int | None = None,
        limit: int = 50,
    ) -> list[OutgoingMail]:
        """Mails in these states (empty: all), newest first; `before` is the last one of the page before.

        Of a case, whose subject a mail repeats, only where the case can be seen from `mailboxes`; None: from any.
        """
        query = select(outgoing).where(*self._seen(mailboxes)).order_by(outgoing.c.id.desc()).limit(limit)
        if states:
            query = query.where(outgoing.c.state.in_([state.value for state in states]))
        if before is not None:
            query = query.where(outgoing.c.id < before)
        return [_mail(row) for row in self._connection.execute(query)]

    def count(self, states: Collection[OutgoingState], most: int, mailboxes: Collection[str] | None = None) -> int:
        """How many of those that can be seen from these mailboxes are in these states, no further than `most`."""
        these = outgoing.c.state.in_([state.value for state in states])
        some = select(outgoing.c.id).where(these, *self._seen(mailboxes)).limit(most)
        return self._connection.scalar(select(func.count()).select_from(some.subquery("counted"))) or 0

    def of_case(self, case: int) -> list[OutgoingMail]:
        """What went out, or is to go out, for a case; oldest first."""
        query = select(outgoing).where(outgoing.c.case == case).order_by(outgoing.c.id)
        return [_mail(row) for row in self._connection.execute(query)]

    def ours(self, message_ids: Collection[str]) -> set[str]:
        """Those of the Message-IDs under which mail went out from here."""
        found: set[str] = set()
        for chunk in chunks(message_ids):
            found.update(
                self._connection.scalars(select(outgoing.c.message_id).where(outgoing.c.message_id.in_(chunk)))
            )
        return found

    def since(self, kind: OutgoingKind, after: datetime, *, recipient: str = "", customer_id: str = "") -> int:
        """How many of a kind were made since a moment: to an address or a customer where one is named, else to all."""
        c = outgoing.c
        theirs = [
            column == value for column, value in ((c.recipient, recipient), (c.customer_id, customer_id)) if value
        ]
        query = select(func.count()).where(c.kind == kind.value, c.created > stamp(after))
        return self._connection.scalar(query.where(or_(*theirs) if theirs else c.id > 0)) or 0

    def cancel(self, number: int, now: datetime) -> bool:
        """Take back what waits, or leave it at that what failed; False when it is being sent, or was."""
        this = outgoing.c.id == number
        return self._move(this, OutgoingState.CANCELLED, now, {}) > 0

    def cancel_of_case(self, case: int, now: datetime) -> None:
        """Take back what still waits for a case."""
        waits = (outgoing.c.case == case) & (outgoing.c.state == OutgoingState.PENDING.value)
        self._move(waits, OutgoingState.CANCELLED, now, {})

    def again(self, number: int, now: datetime) -> bool:
        """Send once more by hand what failed or is uncertain; False for all else."""
        troubled = outgoing.c.state.in_([state.value for state in TROUBLED])
        anew = {"created": stamp(now), "due": stamp(now), "error_en": "", "error_de": ""}
        return self._move((outgoing.c.id == number) & troubled, OutgoingState.PENDING, now, anew) > 0

    def forget(self, before: datetime) -> int:
        """Drop what came to its end before a moment; how many."""
        c = outgoing.c
        ended = c.state.not_in([OutgoingState.PENDING.value, OutgoingState.SENDING.value])
        return self._connection.execute(delete(outgoing).where(ended, c.since < stamp(before))).rowcount

    # the password of the account

    def set_secret(self, name: str, sealed: bytes) -> None:
        """Keep a sealed password."""
        self._connection.execute(delete(secrets).where(secrets.c.name == name))
        self._connection.execute(insert(secrets).values(name=name, sealed=sealed))

    def secret(self, name: str) -> bytes | None:
        """A sealed password; None where there is none."""
        return self._connection.scalar(select(secrets.c.sealed).where(secrets.c.name == name))

    def _seen(self, mailboxes: Collection[str] | None) -> list[ColumnElement[bool]]:
        if mailboxes is None:
            return []
        c = outgoing.c
        its_case = exists().where(cases.c.id == c.case, *open_to(self._connection, mailboxes))
        return [or_(c.case.is_(None), its_case), *used_customer(self._connection, c.customer_id)]

    def _move(self, these: Any, state: OutgoingState, now: datetime, values: dict[str, Any]) -> int:
        movable = outgoing.c.state.in_([one.value for one in _WAITING])
        moved = update(outgoing).where(these, movable).values(state=state.value, since=stamp(now), **values)
        return self._connection.execute(moved).rowcount


def _row(mail: OutgoingMail) -> dict[str, Any]:
    row = {name: value for name, value in asdict(mail).items() if name != "id"}
    row |= {"kind": mail.kind.value, "state": mail.state.value, "since": stamp_or_none(mail.since)}
    return row | {"created": stamp(mail.created), "due": stamp(mail.due)}


def _mail(row: Row[Any]) -> OutgoingMail:
    values = dict(row._mapping)
    values |= {"kind": OutgoingKind(row.kind), "state": OutgoingState(row.state), "since": moment_or_none(row.since)}
    return OutgoingMail(**(values | {"created": moment(row.created), "due": moment(row.due)}))
