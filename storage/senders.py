"""Who writes and is nobody the firm knows: gathered as leads, and what staff say of them."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    delete,
    exists,
    func,
    insert,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from rules.terms.upkeep import Lead, SenderDecision, Stance
from storage.columns import plain
from storage.moments import moment, stamp
from storage.packing import unpack_reading
from storage.placements import chunks
from storage.recognition import senders
from storage.rematching import Rematching
from storage.schema import LEADS, OPEN, WRITER, messages
from storage.visible import visible

COUNTED = 200
_AT_A_TIME = 200
# A reading may hold texts that stand nowhere else; a name is not worth them.
_READING = 10_000

# In the words of the index, which a bound value would not match.
_UNKNOWN = messages.c.action == literal_column("'unknown'")


class Senders:
    """Senders by their address, as `messages.writer` has it: canonical, of the person behind the mail."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def say(self, address: str, stance: Stance, staff: str, at: datetime) -> int:
        """Note what somebody says of a sender; the number by which it can be taken back. The latest word counts.

        `address`: theirs, or "@" and a domain for all at it of whom nothing else is said.
        """
        address = _fitting(address)
        values = {"address": address, "stance": stance.value, "staff": staff, "at": stamp(at)}
        self._mark(address, stance)
        number: int = self._connection.execute(insert(senders).values(values).returning(senders.c.id)).scalar_one()
        return number

    def unsay(self, number: int) -> SenderDecision | None:
        """Take back what was said; what was said before counts again. None when it was not there."""
        row = self._connection.execute(select(senders).where(senders.c.id == number)).one_or_none()
        if row is None:
            return None
        self._connection.execute(delete(senders).where(senders.c.id == number))
        self._mark(row.address, Stance(row.stance))
        return _decision(row)

    def said(self, addresses: Collection[str]) -> dict[str, SenderDecision]:
        """What counts of these senders, by the address as asked; of whom nothing was said is left out."""
        asked = {address: _fitting(address) for address in addresses}
        found: dict[str, SenderDecision] = {}
        for chunk in chunks({*asked.values(), *map(_domain_of, asked.values())} - {""}):
            query = select(senders).where(senders.c.address.in_(chunk)).order_by(senders.c.id)
            found.update((row.address, _decision(row)) for row in self._connection.execute(query))
        of_each = {address: found.get(one) or found.get(_domain_of(one)) for address, one in asked.items()}
        return {address: decision for address, decision in of_each.items() if decision is not None}

    def never(self, addresses: Collection[str]) -> dict[str, str]:
        """Those of these addresses whose mail is never filed, with the address or domain of which that was said."""
        said = self.said(addresses)
        return {address: one.address for address, one in said.items() if one.stance is Stance.NEVER}

    def get(self, number: int) -> SenderDecision | None:
        """What was said under a number, None where it was taken back."""
        row = self._connection.execute(select(senders).where(senders.c.id == number)).one_or_none()
        return None if row is None else _decision(row)

    def history(self, limit: int = 50, before: int | None = None, stance: Stance | None = None) -> list[SenderDecision]:
        """What was said last, newest first; `before` is the number of the last one on the page before.

        `stance`: only what says this.
        """
        query = select(senders).order_by(senders.c.id.desc()).limit(limit)
        if stance is not None:
            query = query.where(senders.c.stance == stance.value)
        if before is not None:
            query = query.where(senders.c.id < before)
        return [_decision(row) for row in self._connection.execute(query)]

    def leads(self, mailboxes: Collection[str] | None, limit: int = 20, after: Lead | None = None) -> list[Lead]:
        """Unknown people who wrote, by their newest mail, each once; those of whom staff said something are left out.

        Args:
            mailboxes: whose mail counts; None: all.
            limit: so many at most.
            after: the last lead of the page before.
        """
        seen = visible(self._connection, messages.c.no, mailboxes)
        place = None if after is None else (stamp(after.newest), after.message)
        found: dict[str, Row[Any]] = {}
        shown: set[str] = set()
        for row in self._unknown(seen, place):
            if row.writer in found or row.writer in shown:
                continue
            if place is not None and self._has_newer(row.writer, seen, place):
                shown.add(row.writer)
                continue
            if len(found) == limit:
                break
            found[row.writer] = row
        return [self._lead(row, seen) for row in found.values()]

    def open_mails(self, address: str, mailboxes: Collection[str] | None, limit: int = COUNTED) -> list[int]:
        """The mails of a sender that nobody's file holds, in review too, newest first."""
        c = messages.c
        query = select(c.no).where(c.writer == _fitting(address), OPEN, *visible(self._connection, c.no, mailboxes))
        return list(self._connection.scalars(query.order_by(c.arrived.desc(), c.no.desc()).limit(limit)))

    def _mark(self, address: str, stance: Stance) -> None:
        """Let open mail be matched again that this concerns; only whose mail is never filed is matched otherwise."""
        if not address.startswith("@"):
            Rematching(self._connection).mark_sender(address)
        elif stance is Stance.NEVER:
            Rematching(self._connection).mark_all()

    def _unknown(self, seen: list[ColumnElement[bool]], place: tuple[int, int] | None) -> Iterator[Any]:
        """Mails of unknown people of whom nothing was said, newest first."""
        c = messages.c
        silent = ~exists().where(said_of(c.writer))
        query = select(c.no, c.arrived, c.writer).where(_UNKNOWN, LEADS, silent, *seen)
        query = query.order_by(c.arrived.desc(), c.no.desc()).limit(_AT_A_TIME)
        while True:
            older = [] if place is None else [c.arrived <= place[0], tuple_(c.arrived, c.no) < tuple_(*place)]
            rows = self._connection.execute(query.where(*older)).all()
            yield from rows
            if len(rows) < _AT_A_TIME:
                return
            place = rows[-1].arrived, rows[-1].no

    def _has_newer(self, writer: str, seen: list[ColumnElement[bool]], place: tuple[int, int]) -> bool:
        c = messages.c
        newer = and_(c.arrived >= place[0], tuple_(c.arrived, c.no) >= tuple_(*place))
        query = select(c.no).where(c.writer == writer, OPEN, _UNKNOWN, LEADS, newer, *seen).limit(1)
        return self._connection.execute(query).first() is not None

    def _lead(self, row: Row[Any], seen: list[ColumnElement[bool]]) -> Lead:
        c = messages.c
        theirs = select(c.no).where(c.writer == row.writer, OPEN, _UNKNOWN, LEADS, *seen).limit(COUNTED)
        count = self._connection.scalar(select(func.count()).select_from(theirs.subquery("counted"))) or 0
        reading = func.substr(c.reading, 1, _READING).label("reading")
        mail = self._connection.execute(select(c.sender_addr, c.sender_name, reading).where(c.no == row.no)).one()
        return Lead(row.writer, _name(mail, row.writer), count, moment(row.arrived), row.no)


def said_of(address: ColumnElement[str]) -> ColumnElement[bool]:
    """The condition that staff said something of an address, or of all at its domain."""
    return senders.c.address.in_([address, _AtDomain(address)])


class _AtDomain(FunctionElement[str]):
    """An address from its "@" on."""

    inherit_cache = True
    name = "at_domain"


@compiles(_AtDomain, "sqlite")
def _at_domain_in_sqlite(element: _AtDomain, compiler: SQLCompiler, **options: Any) -> str:
    address = compiler.process(element.clauses, **options)
    return f"substr({address}, instr({address}, '@'))"


@compiles(_AtDomain, "postgresql")
def _at_domain_in_postgresql(element: _AtDomain, compiler: SQLCompiler, **options: Any) -> str:
    address = compiler.process(element.clauses, **options)
    return f"substr({address}, strpos({address}, '@'))"


def _domain_of(address: str) -> str:
    """An address from its "@" on, "" where there is none."""
    _, at, domain = address.partition("@")
    return at + domain


def _name(mail: Any, writer: str) -> str:
    """What the mail calls its writer: the sender's name, or that of the person whose words it passes on."""
    if mail.sender_addr.lower()[:WRITER] == writer:
        return str(mail.sender_name)
    original = unpack_reading(mail.reading, "")["original_sender"] if len(mail.reading) < _READING else None
    return str(original.name) if original is not None and original.addr.lower()[:WRITER] == writer else ""


def _fitting(address: str) -> str:
    return plain(address)[:WRITER]


def _decision(row: Row[Any]) -> SenderDecision:
    return SenderDecision(row.id, row.address, Stance(row.stance), row.staff, moment(row.at))
