"""A row of a table, asked by our names for its cells."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, tzinfo
from typing import NoReturn, TypeVar

from connectors.importers import cells
from connectors.importers.cells import Cell, Manner
from connectors.importers.columns import Columns, heads
from connectors.importers.problems import Problem, quoted, shown

ID = 100
Word = TypeVar("Word")


@dataclass(frozen=True, slots=True)
class Fields:
    """One row, asked by our names for its cells."""

    columns: Columns
    cells: Sequence[Cell]
    manner: Manner
    zone: tzinfo = UTC
    given: Mapping[str, Cell] = field(default_factory=dict)

    def cell(self, field: str) -> Cell:
        """What stands there, or holds for the whole table; None where the row ends before it or has no such column."""
        place = self.columns.at.get(field)
        if place is None:
            return self.given.get(field)
        return self.cells[place] if place < len(self.cells) else None

    def text(self, field: str, longest: int = 1000) -> str:
        """The cell on one line."""
        return cells.text(self.cell(field), longest)

    def needed(self, field: str) -> str:
        """The cell of a field that must not be empty."""
        return self.text(field, ID if field != "name" else 1000) or self.missing(field)

    def customer(self) -> str:
        """The customer's id, or their number where the row names no other. One of them has to be there."""
        return self.text("customer_id", ID) or self.text("customer_no", ID) or self.missing("customer_id")

    def day(self, field: str) -> date:
        """The day in a cell that must not be empty."""
        return cells.day(self.cell(field), self.manner) or self.missing(field)

    def amount(self, field: str) -> int:
        """The cents in a cell that must not be empty."""
        found = cells.cents(self.cell(field), self.manner)
        return self.missing(field) if found is None else found

    def word(self, field: str, words: Mapping[str, Word], own: Callable[[str], Word], default: Word) -> Word:
        """The cell as one of a few words: ours, or others known for them."""
        written = self.text(field)
        return self.one_of(written, field, words, own) if written else default

    def one_of(self, written: str, field: str, words: Mapping[str, Word], own: Callable[[str], Word] | None) -> Word:
        """A written word as one of ours; a problem where it is none."""
        plain = written.casefold()
        if plain in words:
            return words[plain]
        try:
            if own:
                return own(plain)
        except ValueError:
            pass
        raise Problem(f"{field} cannot be {shown(written)}", f"{self.called(field)} kann nicht {quoted(written)} sein")

    def missing(self, field: str) -> NoReturn:
        """Say that a cell is empty that must not be."""
        raise Problem(f"{field} is empty", f"{self.called(field)} fehlt")

    def called(self, field: str) -> str:
        """What a field is called in German."""
        at = self.columns.at
        if field == "customer_id" and at.get("customer_id", at.get("customer_no")) == at.get("customer_no"):
            field = "customer_no"  # the number that this table has is the id
        return "Name" if field == "name" else heads(self.columns.kind).get(field, field)
