"""The firm's tables as they are imported (docs/records.md)."""

from typing import Literal, get_args

TableKind = Literal[
    "customers",
    "contacts",
    "references",
    "interactions",
    "consents",
    "orders",
    "offers",
    "invoices",
    "payments",
    "open-items",
    "surveys",
]
KINDS: tuple[TableKind, ...] = get_args(TableKind)
"""All of them, in an order in which they can be imported: whom others name comes first."""
