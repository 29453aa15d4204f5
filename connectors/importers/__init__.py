"""Tables that a firm brings along (CSV, XLSX, vCard), turned into the words of the house."""

from connectors.importers.proposing import Column, Look, look, needed
from connectors.importers.records import Booking, InteractionRow, Record, Row, Table, read_table

__all__ = ["Booking", "Column", "InteractionRow", "Look", "Record", "Row", "Table", "look", "needed", "read_table"]
