"""Tables that a firm brings along (CSV, XLSX, vCard), turned into the words of the house."""

from connectors.importers.columns import heads
from connectors.importers.proposing import Column, Look, look, needed
from connectors.importers.records import Booking, ConsentRow, InteractionRow, Record, Row, Said, Table, read_table

__all__ = [
    "Booking",
    "Column",
    "ConsentRow",
    "InteractionRow",
    "Look",
    "Record",
    "Row",
    "Said",
    "Table",
    "heads",
    "look",
    "needed",
    "read_table",
]
