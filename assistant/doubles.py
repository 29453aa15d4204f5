"""Rows of one table that name a customer or contact a second time: the first counts, another one is a bad row.

Of two rows that contradict each other nobody knows which is meant; a later, emptier one must not clear the first.
"""

from collections.abc import Iterable
from dataclasses import replace

from connectors.importers import Row
from rules.terms.customer import Contact, Customer

_CONTENT = 64  # bits


class Doubles:
    """What a table has named so far, in about 150 bytes for each customer or contact."""

    def __init__(self) -> None:
        # The line and the content's hash in one number: a pair of them would take twice the memory.
        self._first: dict[str, int] = {}

    def sorted_out(self, rows: Iterable[Row]) -> tuple[list[Row], int]:
        """The rows, with later ones that say something else as problems; and how many were left out as repetitions."""
        kept, repeated = [], 0
        for row in rows:
            if not isinstance(row.value, Customer | Contact):
                kept.append(row)
                continue
            content = hash(replace(row, line=0)) & ((1 << _CONTENT) - 1)
            line, same = divmod(self._first.setdefault(row.value.id, row.line << _CONTENT | content), 1 << _CONTENT)
            if line == row.line:
                kept.append(row)
            elif same == content:
                repeated += 1
            else:
                kept.append(Row(row.line, None, *_stands(row.value, line)))
        return kept, repeated


def _stands(record: Customer | Contact, line: int) -> tuple[str, str]:
    if isinstance(record, Contact):
        en, de = "contact id", "Kontakt-ID"
    elif record.id == record.customer_no:
        en, de = "customer number", "Kundennummer"
    else:
        en, de = "customer id", "Kunden-ID"
    return f"{en} {record.id} already stands in line {line}", f"{de} {record.id} steht schon in Zeile {line}"
