"""Clients that wait for their person's word (assistant.pairing), by digests of secret, code and network."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Column, Connection, Row, Table, Text, delete, func, insert, select, update

from storage.columns import Plain, metadata
from storage.moments import moment, stamp

# `login` is whoever has confirmed the code; the token that the client then collects lasts until `token_ends`.
pairings = Table(
    "pairings",
    metadata,
    Column("secret", Text, primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("client", Plain, nullable=False),
    Column("network", Plain, nullable=False),
    Column("ends", BigInteger, nullable=False),
    Column("token_ends", BigInteger, nullable=False),
    Column("login", Plain),
)


@dataclass(frozen=True, slots=True)
class Pairing:
    """A client that waits, or has been granted to `login`. `secret`, `code` and `network` are digests."""

    secret: str
    code: str
    client: str
    network: str
    ends: datetime
    token_ends: datetime
    login: str | None = None


class Pairings:
    """The pairings of a pool."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def forget(self, until: datetime) -> None:
        """Drop those that ended until then."""
        self._connection.execute(delete(pairings).where(pairings.c.ends <= stamp(until)))

    def waiting(self, network: str) -> tuple[int, int, datetime | None]:
        """How many there are, how many of them from a network, and when the first of all ends."""
        p = pairings.c
        near = func.count().filter(p.network == network)
        row = self._connection.execute(select(func.count(), near, func.min(p.ends)).select_from(pairings)).one()
        return row[0], row[1], None if row[2] is None else moment(row[2])

    def add(self, pairing: Pairing) -> bool:
        """Let one wait; False where its code is taken."""
        p = pairings.c
        if self._connection.scalar(select(p.secret).where(p.code == pairing.code)) is not None:
            return False
        self._connection.execute(
            insert(pairings).values(
                secret=pairing.secret,
                code=pairing.code,
                client=pairing.client,
                network=pairing.network,
                ends=stamp(pairing.ends),
                token_ends=stamp(pairing.token_ends),
            )
        )
        return True

    def by_code(self, code: str, now: datetime) -> Pairing | None:
        """Who still waits with this code."""
        p = pairings.c
        query = select(pairings).where(p.code == code, p.login.is_(None), p.ends > stamp(now))
        return _pairing(self._connection.execute(query).one_or_none())

    def by_secret(self, secret: str, now: datetime) -> Pairing | None:
        """Whose secret this is."""
        query = select(pairings).where(pairings.c.secret == secret, pairings.c.ends > stamp(now))
        return _pairing(self._connection.execute(query).one_or_none())

    def grant(self, code: str, login: str, now: datetime) -> bool:
        """Note who has confirmed a code; False where nobody waits with it any more."""
        p = pairings.c
        these = (p.code == code) & p.login.is_(None) & (p.ends > stamp(now))
        return bool(self._connection.execute(update(pairings).where(these).values(login=login)).rowcount)

    def take(self, secret: str) -> bool:
        """Take one out; whether it was there."""
        return bool(self._connection.execute(delete(pairings).where(pairings.c.secret == secret)).rowcount)


def _pairing(row: Row[tuple[object, ...]] | None) -> Pairing | None:
    if row is None:
        return None
    values = {**row._mapping, "ends": moment(row.ends), "token_ends": moment(row.token_ends)}
    return Pairing(**values)
