"""Tables that a firm brings along (CSV, XLSX, vCard), turned into the words of the house."""

from connectors.importers.records import InteractionRow, Record, Row, Table, read_table

__all__ = ["InteractionRow", "Record", "Row", "Table", "read_table"]
