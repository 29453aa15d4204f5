"""A table of the firm's, read row by row: what stands in it in our words, what was wrong with which row, and why."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import partial
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from connectors.importers.cells import Cell, Manner, text, yes
from connectors.importers.columns import Columns, arrange, plain, vocabulary
from connectors.importers.delimited import COLUMNS, Delimited, Records
from connectors.importers.fields import ID, Fields
from connectors.importers.forms import FORMS, Booking, ConsentRow, InteractionRow, Record, Said
from connectors.importers.problems import Problem
from connectors.importers.vcard import Cards
from connectors.importers.workbook import Workbook
from rules.terms.customer import Customer
from rules.terms.errors import TableRefused

__all__ = ["Booking", "ConsentRow", "InteractionRow", "Record", "Row", "Said", "Table", "read_table"]

_SAMPLE = 2000
_AMBIGUOUS = (
    "date", "since", "revenue_12m", "amount", "margin", "due", "valid_until", "discount_until", "discount_percent",
    "as_of",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its value, or the problem (in English and German) for which it was left out.

    `organisation`: of a vCard that names no customer. Its contact comes with the customer id "", and whoever stores it
    must first find the customer by that name or by the address.
    `advertising`: whether a customer agrees to it; None where the file does not say. `referred_by`: who brought a
    customer, by id or number.
    `customer_no`: the number by which a row names its customer, beside the id or, where it stands there too, instead.
    """

    line: int
    value: Record | None
    problem: str = ""
    problem_de: str = ""
    organisation: str = ""
    advertising: bool | None = None
    referred_by: str = ""
    customer_no: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose header has been understood. `rows` reads the file once, in constant memory.

    `unknown_columns` are left out; each comes with the field that was perhaps meant. `total` is about how many rows
    there are. `columns`: our fields that it says something about, each with the file's name for it.
    """

    rows: Iterator[Row]
    unknown_columns: tuple[tuple[str, str | None], ...]
    total: int | None
    columns: Mapping[str, str]


class Source(Protocol):
    """A file that gives rows of cells, each time from the start; the first row that is not empty is the header."""

    @property
    def total(self) -> int | None:
        """About how many rows there are below the header."""

    def records(self) -> Records:
        """Rows with their line numbers."""


def read_table(
    path: Path | str,
    kind: str,
    mapping: Mapping[str, str] | None = None,
    *,
    zone: tzinfo = UTC,
    given: Mapping[str, Cell] = MappingProxyType({}),
    only: bool = False,
) -> Table:
    """Open a table of a kind (vocabulary.NAMES); ImportRefused when no row of it makes sense.

    `mapping` names columns: ours = theirs (for vCards: customer_id = the property that holds it). `zone` is where
    times without one were written. `given` is what holds for every row of a table that has no column for it.
    `only`: no columns are taken but those that `mapping` names.
    """
    path = Path(path)
    known = vocabulary(kind)
    try:
        source = _source(path, kind, known, mapping or {})
        with closing(source.records()) as records:
            header = _header(records, path)
            columns = (
                source.columns
                if isinstance(source, Cards)
                else arrange(header, kind, mapping or {}, path, given, only=only)
            )
            manner = _manner(records, columns)
    except OSError as error:
        raise _unreadable(path, error) from error
    made = partial(Fields, columns, manner=manner, zone=zone, given=given)
    taken = {field: header[place].strip() for field, place in columns.at.items()}
    return Table(_rows(path, source, kind, made, columns), columns.unknown, source.total, taken)


def start_of(
    path: Path, kind: str, rows: int, mapping: Mapping[str, str]
) -> tuple[list[str], list[Sequence[Cell]]] | None:
    """The header and the first rows of a table; None for cards, which have no columns.

    Raises:
        ImportRefused: it cannot be read, or has no header.
    """
    try:
        source = _source(path, kind, vocabulary(kind), mapping)
        if isinstance(source, Cards):
            return None
        with closing(source.records()) as records:
            header = _header(records, path)
            return header, [cells for _, cells in islice(records, rows) if not isinstance(cells, Problem)]
    except OSError as error:
        raise _unreadable(path, error) from error


def _source(path: Path, kind: str, known: Mapping[str, str], mapping: Mapping[str, str]) -> Source:
    with path.open("rb") as file:
        start = file.read(64)
    if start.startswith(b"PK\x03\x04"):
        return Workbook(path)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableRefused(
            file=path,
            problem="it is an old or encrypted Excel workbook. Save it as XLSX without password, or as CSV (UTF-8).",
            problem_de="Das ist eine alte oder verschlüsselte Excel-Mappe. "
            "Speichern Sie sie als XLSX ohne Kennwort oder als CSV (UTF-8).",
        )
    if kind == "contacts" and (path.suffix.lower() in (".vcf", ".vcard") or b"BEGIN:VCARD" in start.upper()):
        return Cards.of(path, mapping)
    names = {*known, *map(plain, mapping.values())}
    return Delimited(path, lambda name: plain(name) in names)


def _header(records: Records, path: Path) -> list[str]:
    _, cells = next(records, (0, ()))
    if isinstance(cells, Problem):
        raise TableRefused(file=path, problem=f"its first line: {cells.en}.", problem_de=f"Erste Zeile: {cells.de}.")
    while cells and cells[-1] in (None, ""):
        cells = cells[:-1]
    if len(cells) > COLUMNS:
        raise TableRefused(
            file=path, problem=f"it has more than {COLUMNS} columns.", problem_de=f"Sie hat mehr als {COLUMNS} Spalten."
        )
    return [text(cell, 10_000)[:200] for cell in cells]


def _manner(records: Records, columns: Columns) -> Manner:
    """How this file writes numbers and dates, judged by its first rows."""
    places = [columns.at[field] for field in _AMBIGUOUS if field in columns.at]
    if not places:
        return Manner()
    sample = (cells for _, cells in islice(records, _SAMPLE) if not isinstance(cells, Problem))
    return Manner.of(cells[place] for cells in sample for place in places if place < len(cells))


def _rows(
    path: Path, source: Source, kind: str, made: Callable[[Sequence[Cell]], Fields], columns: Columns
) -> Iterator[Row]:
    form = FORMS[kind]
    try:
        with closing(source.records()) as records:
            for line, cells in islice(records, 1, None):
                yield _row(line, cells, form, made, columns)
    except OSError as error:
        raise _unreadable(path, error) from error


def _row(
    line: int,
    cells: Sequence[Cell] | Problem,
    form: Callable[[Fields], Record],
    made: Callable[[Sequence[Cell]], Fields],
    columns: Columns,
) -> Row:
    try:
        if isinstance(cells, Problem):
            raise cells
        _check(cells, columns)
        fields = made(cells)
        agrees = yes(fields.cell("advertising")) if fields.text("advertising") else None
        by = fields.text("referred_by", ID)
        value = form(fields)
        return Row(
            line,
            value,
            organisation=fields.text("organisation"),
            advertising=agrees,
            referred_by=by,
            customer_no="" if isinstance(value, Customer) else fields.text("customer_no", ID),
        )
    except Problem as problem:
        return Row(line, None, problem.en, problem.de)


def _check(cells: Sequence[Cell], columns: Columns) -> None:
    """A row with more values than columns has a separator where none belongs: nothing in it can be trusted."""
    if any(cell not in (None, "") and not str(cell).isspace() for cell in cells[columns.width :]):
        raise Problem(
            f"it has more values than the table has columns ({columns.width}); is a quotation mark missing?",
            f"sie hat mehr Werte als die Tabelle Spalten ({columns.width}); fehlt ein Anführungszeichen?",
        )


def _unreadable(path: Path, error: OSError) -> TableRefused:
    reason = error.strerror or type(error).__name__
    return TableRefused(
        file=path,
        problem=f"it cannot be read ({reason}). Check the path and who may read it.",
        problem_de=f"Sie ist nicht lesbar ({reason}). Prüfen Sie den Pfad und wer sie lesen darf.",
    )
