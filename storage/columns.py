"""The column types and naming rules that all tables of the pool share."""

from typing import Any

from sqlalchemy import TEXT, BigInteger, Integer, MetaData, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows by itself only where the type is spelt INTEGER.
Number = BigInteger().with_variant(Integer, "sqlite")


def plain(text: str) -> str:
    """The text without what a database cannot hold (NUL, lone surrogates); its length stays."""
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text


class Plain(TypeDecorator[str]):
    """Text that came from outside; what a database cannot hold is replaced on the way in."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> Any:
        """Clean the value that goes in."""
        return None if value is None else plain(value)


class Sorted(Plain):
    """Such text, sorted by code point on both databases, whatever the server's locale."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """PostgreSQL has to be told."""
        return TEXT(collation="C") if dialect.name == "postgresql" else TEXT()
