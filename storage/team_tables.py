"""The tables of who works together, who is away, and what they write again and again."""

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Table, Text

from storage.columns import Number, Plain, metadata

teams = Table("teams", metadata, Column("name", Plain, primary_key=True))

team_members = Table(
    "team_members",
    metadata,
    Column("team", Plain, ForeignKey("teams.name", ondelete="CASCADE"), primary_key=True),
    Column("login", Plain, ForeignKey("staff.login", ondelete="CASCADE"), primary_key=True),
    Index("ix_team_members_login", "login"),
)

# One time for each person: the next, or the one that lasts. It goes when it is over.
away_times = Table(
    "away_times",
    metadata,
    Column("login", Plain, ForeignKey("staff.login", ondelete="CASCADE"), primary_key=True),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("deputy", Plain, nullable=False),
)

# `removed`: when it was taken away; until it is swept it can be put back.
snippets = Table(
    "snippets",
    metadata,
    Column("id", Number, primary_key=True),
    Column("title", Plain, nullable=False),
    Column("text", Plain, nullable=False),
    Column("category", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("staff", Plain, nullable=False),
    Column("changed", BigInteger, nullable=False),
    Column("removed", BigInteger),
    sqlite_autoincrement=True,
)
