"""Tables in Excel workbooks (XLSX), a row at a time: the first sheet that holds anything."""

import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from openpyxl import load_workbook

from connectors.importers.cells import Cell
from connectors.importers.delimited import COLUMNS, Record, Records
from rules.terms.errors import TableRefused

_STRINGS = 256 << 20  # bytes of shared strings, which openpyxl keeps in memory
_SHEET = 4 << 30


class Workbook:
    """An XLSX file, opened anew each time it is read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.total: int | None = None
        _check(path)

    def records(self) -> Records:
        """Every row that is not empty, with its number in the sheet."""
        with self._path.open("rb") as file:
            book = self._opened(file)
            try:
                for sheet in book.worksheets:
                    sheet.reset_dimensions()  # what the file says about them is often wrong
                    seen = False
                    for record in self._rows(enumerate(sheet.iter_rows(values_only=True), 1)):
                        seen = True
                        yield record
                    if seen:
                        return
            finally:
                book.close()

    def _opened(self, file: BinaryIO) -> Any:
        try:
            # Styles, validations and other decoration that openpyxl does not know make it warn.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except Exception as error:  # openpyxl raises what its parsers raise
            raise _refused(self._path) from error

    def _rows(self, rows: Iterator[tuple[int, tuple[object, ...]]]) -> Iterator[Record]:
        while True:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    some = list(islice(rows, 500))
            except Exception as error:
                raise _refused(self._path) from error
            if not some:
                return
            for number, values in some:
                cells = [_cell(value) for value in values[: COLUMNS + 1]]
                if any(cell not in (None, "") for cell in cells):
                    yield number, cells


def _cell(value: object) -> Cell:
    return value if value is None or isinstance(value, str | int | float | datetime | date | time) else str(value)


def _check(path: Path) -> None:
    """A workbook is a zip file that must not unpack into more than memory holds."""
    try:
        with zipfile.ZipFile(path) as packed:
            sizes = {entry.filename: entry.file_size for entry in packed.infolist()}
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise _refused(path) from error
    if "xl/workbook.xml" not in sizes:
        raise _refused(path)
    if (
        sum(size for name, size in sizes.items() if "/worksheets/" not in name) > _STRINGS
        or max(sizes.values()) > _SHEET
    ):
        raise TableRefused(
            file=path,
            problem="it unpacks into more than can be read. Save it as CSV (UTF-8).",
            problem_de="Entpackt ist die Mappe größer, als gelesen werden kann. Speichern Sie sie als CSV (UTF-8).",
        )


def _refused(path: Path) -> TableRefused:
    return TableRefused(
        file=path,
        problem="it is not a readable XLSX workbook. Save it anew as XLSX or CSV (UTF-8) in your spreadsheet program.",
        problem_de="Das ist keine lesbare XLSX-Mappe. Speichern Sie sie im Tabellenprogramm neu als XLSX oder CSV.",
    )
