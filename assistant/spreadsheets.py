"""Tables as files for spreadsheets, which must not take what strangers wrote for formulas."""

import csv
import io
from collections.abc import Iterable, Sequence

# With these a cell begins that a spreadsheet reckons (OWASP, CSV Injection).
_RECKONED = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def csv_of(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table as CSV: UTF-8 with a mark, so that spreadsheets read it as such; numbers stay numbers."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def harmless(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula: words that look like one get an apostrophe in front."""
    if isinstance(cell, str) and cell.lstrip(" \u00a0").startswith(_RECKONED):
        return f"'{cell}"
    return "" if cell is None else cell
