"""The tables of what should not be: alarms, and customers whose mail lies in Junk. What is over is gone from them."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Table, Text

from storage.columns import Plain, metadata

# `calm`: since when it has not been found any more, while that may be a pause only.
alarms = Table(
    "alarms",
    metadata,
    Column("key", Plain, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("about", Plain, nullable=False),
    Column("figures", Plain, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("calm", BigInteger),
    sqlite_with_rowid=False,
)

# Of such a mail nothing else is kept: it lies where nobody reads it, and may yet be junk.
sightings = Table(
    "sightings",
    metadata,
    Column("place", Integer, ForeignKey("places.id"), primary_key=True, autoincrement=False),
    Column("uid", BigInteger, primary_key=True, autoincrement=False),
    Column("box", Integer, nullable=False),  # the place's, so that rights need no second look
    Column("customer_id", Plain, nullable=False, index=True),
    Column("arrived", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
