"""Traces: by what a later mail finds its thread where the mails between are not in the pool.

Those of the mail at hand are left for every party of it, ourselves too: who asks leaves ourselves out.
"""

import json
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BATCH = 500
MOST = 30
MOST_PARTIES = 8


def upgrade() -> None:
    """Make the table and fill it from the mails' References."""
    op.create_table(
        "traces",
        sa.Column("key", NUMBER, autoincrement=False, nullable=False),
        sa.Column("message", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["message"], ["messages.no"], name=op.f("fk_traces_message"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_traces")),
    )
    op.create_index(op.f("ix_traces_message"), "traces", ["message"], unique=False)
    connection = op.get_bind()
    last = 0
    while rows := _next(connection, last):
        _fill(connection, rows)
        last = rows[-1].no


def _next(connection: sa.Connection, last: int) -> list[Any]:
    query = sa.text(
        "select no, sender_addr, addresses, ancestors from messages"
        " where no > :last and ancestors is not null order by no limit :batch"
    )
    return list(connection.execute(query, {"last": last, "batch": BATCH}))


def _fill(connection: sa.Connection, rows: list[Any]) -> None:
    named = {row.no: _named(row.ancestors) for row in rows}
    wanted = {_key(one) for ids in named.values() for one in ids}
    by_key = sa.text("select message_id_key from messages where message_id_key in :keys")
    by_key = by_key.bindparams(sa.bindparam("keys", expanding=True))
    numbers = sorted(wanted)
    there = {
        found
        for start in range(0, len(numbers), BATCH)
        for found in connection.scalars(by_key, {"keys": numbers[start : start + BATCH]})
    }
    traces = {
        _key(f"{one}\n{party}"): row.no
        for row in rows
        for one in named[row.no]
        if _key(one) not in there
        for party in _parties(row.sender_addr, row.addresses)
    }
    if traces:
        connection.execute(
            sa.text(
                "insert into traces (key, message) values (:key, :message)"
                " on conflict (key) do update set message = excluded.message"
            ),
            [{"key": number, "message": no} for number, no in sorted(traces.items())],
        )


def _named(ancestors: str) -> list[str]:
    in_reply_to, references = json.loads(ancestors)
    named = list(dict.fromkeys([*in_reply_to, *reversed(references)]))
    return named if len(named) <= MOST else [*named[: MOST - 10], *named[-10:]]


def _parties(sender: str, addresses: str) -> list[str]:
    fields = json.loads(addresses)
    people = [sender, *(address[0] for field in fields for address in field)]
    found: dict[str, None] = {}
    for person in dict.fromkeys(one.strip().lower() for one in people if one):
        found[person] = None
        found["@" + person.rpartition("@")[2]] = None
    return list(found)[: 2 * MOST_PARTIES]


def _key(name: str) -> int:
    plain = name.replace("\0", "\ufffd").encode(errors="replace").decode()
    return int.from_bytes(blake2b(plain.encode(), digest_size=8).digest(), "big", signed=True)
