"""XLSX workbooks as spreadsheets really write them."""

import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from connectors.importers import read_table
from rules.terms.customer import Customer, Reference
from rules.terms.errors import ImportRefused


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "table.xlsx"


def save(path: Path, *rows: list[object], empty_sheet: bool = False) -> None:
    book = Workbook()
    sheet = book.active
    if empty_sheet:
        sheet = book.create_sheet("second")
    for row in rows:
        sheet.append(row)
    book.save(path)


def test_native_cells(file: Path) -> None:
    save(
        file,
        ["Kundennummer", "Firma", "Umsatz", "Kunde seit", "A-Kunde", "PLZ"],
        [4711, "Müller", 1234.567, datetime(2019, 3, 1), True, "01067"],
        [None, None, None, None, None, None],
        [4712.0, "Text", "1.234,56", "2020", "nein", 12345],
        [4713, "Schlecht", "viel"],
    )
    table = read_table(file, "customers")
    first, second, third = table.rows
    assert first.value == Customer(
        id="4711",
        customer_no="4711",
        name="Müller",
        revenue_12m=1234.567,
        since="2019-03-01",
        key_account=True,
        zip="01067",
    )
    assert second.value == Customer(
        id="4712", customer_no="4712", name="Text", revenue_12m=1234.56, since="2020", zip="12345"
    )
    assert (third.line, third.problem) == (5, "“viel” is no number")


def test_the_first_sheet_that_holds_anything(file: Path) -> None:
    save(file, ["number", "customer", "date"], ["R1", "C1", date(2025, 12, 31)], empty_sheet=True)
    (row,) = read_table(file, "references").rows
    assert row.value == Reference("other", "R1", "C1", date(2025, 12, 31))


def test_a_workbook_by_another_name(file: Path) -> None:
    save(file, ["id", "name"], [1, "A"])
    other = file.rename(file.with_suffix(".csv"))
    assert len(list(read_table(other, "customers").rows)) == 1


def test_what_unpacks_too_far_is_refused(file: Path) -> None:
    save(file, ["id", "name"], [1, "A"])
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed, packed.open("xl/sharedStrings2.xml", "w") as out:
        for _ in range(300):
            out.write(bytes(1 << 20))
    with pytest.raises(ImportRefused, match="unpacks into more"):
        read_table(file, "customers")


def test_a_broken_workbook_is_refused(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("xl/workbook.xml", "<broken")
    with pytest.raises(ImportRefused, match="not a readable XLSX"):
        read_table(file, "customers")
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(ImportRefused, match="not a readable XLSX"):
        read_table(file, "customers")
