"""Columns that a table lacks: what they would hold stays as it was. Only an empty cell of a column clears a field."""

from collections.abc import Collection, Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from rules.terms.customer import Contact, Customer

Known = TypeVar("Known", Customer, Contact)
# Whose the row is stands in every table, under several names.
_KEYS = frozenset({"id", "customer_id"})
_COLUMNS = {"active": "status"}


def kept(records: list[Known], before: Mapping[str, Known], columns: Collection[str]) -> list[Known]:
    """The records, with what stood before in all fields for which the table has no column.

    Args:
        records: as the table says.
        before: those of them that are known already, by id.
        columns: our fields for which the table has one.
    """
    return [replace(one, **_lacking(before[one.id], columns)) if one.id in before else one for one in records]


def _lacking(known: Customer | Contact, columns: Collection[str]) -> dict[str, Any]:
    names = (field.name for field in fields(known))
    return {
        name: getattr(known, name) for name in names if name not in _KEYS and _COLUMNS.get(name, name) not in columns
    }
