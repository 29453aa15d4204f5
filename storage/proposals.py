"""Repairs of the address book that mails suggest, until somebody accepts or dismisses them."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from rules.terms.upkeep import WAS, Proposal, ProposalState
from storage.bounded import each
from storage.columns import plain
from storage.keys import key
from storage.moments import moment, moment_or_none, stamp
from storage.placements import chunks
from storage.recognition import proposals
from storage.visible import visible

# What makes two proposals one, and a look whether there is one.
_CONTENT = ("customer_id", "contact_id", "kind", "payload_key")
_KNOWN = (
    f"select {', '.join(_CONTENT)} from proposals "  # noqa: S608 — our own words
    f"where {' and '.join(f'{name} = ?' for name in _CONTENT)} limit 1"
)
_NOTHING: Mapping[str, str] = MappingProxyType({})


class Proposals:
    """Proposals, each once: the same repair suggested by a second mail, or again after it was dismissed, is known."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, made: Iterable[Proposal]) -> list[int]:
        """Keep proposals; the numbers of those that are new, in order."""
        asked: dict[tuple[str, ...], dict[str, Any]] = {}
        for row in map(_row, made):
            asked.setdefault(tuple(row[name] for name in _CONTENT), row)
        known = {tuple(found) for found in each(self._connection, _KNOWN, asked)}
        rows = [row for content, row in asked.items() if content not in known]
        if not rows:
            return []
        add = insert(proposals).returning(proposals.c.id, sort_by_parameter_order=True)
        return list(self._connection.scalars(add, rows))

    def get(self, number: int, mailboxes: Collection[str] | None) -> Proposal | None:
        """One proposal, if its mail can be seen from these mailboxes; None: from any."""
        query = self._from(mailboxes).where(proposals.c.id == number)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _proposal(row)

    def page(
        self,
        mailboxes: Collection[str] | None,
        state: ProposalState = ProposalState.OPEN,
        limit: int = 50,
        before: int | None = None,
    ) -> list[Proposal]:
        """Proposals in a state, newest first; `before` is the number of the last one on the page before."""
        query = self._from(mailboxes).where(proposals.c.state == state.value)
        if before is not None:
            query = query.where(proposals.c.id < before)
        return [_proposal(row) for row in self._connection.execute(query.order_by(proposals.c.id.desc()).limit(limit))]

    def of_message(self, message: int) -> list[Proposal]:
        """What a mail suggests."""
        query = select(proposals).where(proposals.c.message == message).order_by(proposals.c.id)
        return [_proposal(row) for row in self._connection.execute(query)]

    def of_customer(self, customer_id: str, mailboxes: Collection[str] | None, limit: int = 50) -> list[Proposal]:
        """What is proposed for a customer and is still open, newest first."""
        c = proposals.c
        query = self._from(mailboxes).where(c.customer_id == customer_id, c.state == ProposalState.OPEN.value)
        return [_proposal(row) for row in self._connection.execute(query.order_by(c.id.desc()).limit(limit))]

    def of_kind(self, kind: str, customer_ids: Collection[str]) -> list[Proposal]:
        """What is or was proposed of one kind for these customers, whatever became of it, oldest first."""
        c = proposals.c
        found: list[Proposal] = []
        for chunk in chunks(customer_ids):
            query = select(proposals).where(c.customer_id.in_(chunk), c.kind == kind).order_by(c.id)
            found += map(_proposal, self._connection.execute(query))
        return found

    def supplement(self, number: int, fields: Mapping[str, str]) -> None:
        """Let an open proposal have these fields; it stays known by the content with which it was first made."""
        c = proposals.c
        still = (c.id == number, c.state == ProposalState.OPEN.value)
        self._connection.execute(update(proposals).where(*still).values(payload=_packed(fields)))

    def resolve(
        self, number: int, state: ProposalState, staff: str, at: datetime, was: Mapping[str, str] = _NOTHING
    ) -> bool:
        """Accept or dismiss an open proposal, and keep what an accepted one replaces; False when it is not open."""
        values = {"state": state.value, "staff": staff, "at": stamp(at)}
        kept = {f"{WAS}{name}": value for name, value in was.items()}
        return self._decide(number, values, kept, open=True)

    def reopen(self, number: int) -> bool:
        """Take the decision back; False when none was made."""
        values = {"state": ProposalState.OPEN.value, "staff": None, "at": None}
        return self._decide(number, values, {}, open=False)

    def _decide(self, number: int, values: dict[str, Any], kept: dict[str, str], *, open: bool) -> bool:
        c = proposals.c
        row = self._connection.execute(select(c.payload, c.state).where(c.id == number)).one_or_none()
        if row is None or (row.state == ProposalState.OPEN.value) is not open:
            return False
        # Not the key: by its content it is known as it was proposed.
        fields = {name: value for name, value in json.loads(row.payload).items() if not name.startswith(WAS)}
        values |= {"payload": json.dumps(fields | kept)}
        self._connection.execute(update(proposals).where(c.id == number).values(values))
        return True

    def _from(self, mailboxes: Collection[str] | None) -> Select[Any]:
        return select(proposals).where(*visible(self._connection, proposals.c.message, mailboxes))


def _row(proposal: Proposal) -> dict[str, Any]:
    payload = _packed(proposal.payload)
    return {
        "kind": proposal.kind,
        "message": proposal.message,
        "customer_id": plain(proposal.customer_id),
        "contact_id": plain(proposal.contact_id),
        "payload": payload,
        "payload_key": key(payload),
        "quote": proposal.quote,
        "since": stamp(proposal.since),
        "state": ProposalState.OPEN.value,
    }


def _packed(fields: Mapping[str, str]) -> str:
    return json.dumps(dict(sorted(fields.items())))


def _proposal(row: Row[Any]) -> Proposal:
    return Proposal(
        kind=row.kind,
        message=row.message,
        customer_id=row.customer_id,
        contact_id=row.contact_id,
        payload=json.loads(row.payload),
        quote=row.quote,
        since=moment(row.since),
        id=row.id,
        state=ProposalState(row.state),
        staff=row.staff,
        at=moment_or_none(row.at),
    )
