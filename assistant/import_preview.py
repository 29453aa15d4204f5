"""What an import would do, before anything is written: the same reading and the same looks as the import itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from assistant.bookkeeping import no_customer
from assistant.doubles import Doubles
from assistant.importing import Problem, chunks, owner_of, with_customers
from connectors.importers import InteractionRow, Row, read_table
from rules.terms.customer import Contact, Customer
from rules.terms.ledger import Payment
from storage.pool import Pool, Work

# So many rows are tried; what a longer file holds shows when it is imported.
MOST = 20_000
SHOWN = 10
LISTED = 100


@dataclass(slots=True)
class Preview:
    """What the first rows would become. `new` and `known` tell customers apart that have a record and that have none.

    `whole`: every row was tried. `rows` are the first good ones, each with its line and what stands in its fields.
    """

    good: int = 0
    bad: int = 0
    new: int = 0
    known: int = 0
    whole: bool = True
    problems: list[Problem] = field(default_factory=list)
    rows: list[tuple[int, dict[str, object]]] = field(default_factory=list)

    @property
    def columns(self) -> list[str]:
        """The fields that any of the shown rows fills, in their order."""
        return list(dict.fromkeys(name for _, values in self.rows for name in values))


def preview(
    pool: Pool, zone: ZoneInfo, kind: str, file: Path, mapping: Mapping[str, str] | None, as_of: date | None = None
) -> Preview:
    """Try a table; the arguments are those of `import_file`.

    Raises:
        ImportRefused: no row of it makes sense.
    """
    given = {"as_of": as_of} if as_of else {}
    table = read_table(file, kind, mapping, zone=zone, given=given, only=mapping is not None)
    found = Preview()
    doubles = Doubles()
    rows = islice(table.rows, MOST + 1)
    tried = 0
    for chunk in chunks(rows):
        if tried + len(chunk) > MOST:
            chunk = chunk[: MOST - tried]  # noqa: PLW2901 — the rest is not tried
            found.whole = False
        tried += len(chunk)
        with pool.read() as work:
            _try(work, chunk, found, doubles)
    return found


def _try(work: Work, chunk: list[Row], found: Preview, doubles: Doubles) -> None:
    chunk, repeated = doubles.sorted_out(with_customers(work, chunk))
    found.good += repeated
    owners = work.customers.known_ids({owner for row in chunk if (owner := owner_of(row))})
    records = {row.value.id for row in chunk if isinstance(row.value, Customer)}
    known = work.customers.known_ids(records)
    for row in chunk:
        problem = _problem(row, owners)
        if problem is not None:
            found.bad += 1
            if len(found.problems) < LISTED:
                found.problems.append(problem)
            continue
        found.good += 1
        if isinstance(row.value, Customer):
            found.known += row.value.id in known
            found.new += row.value.id not in known
        if len(found.rows) < SHOWN:
            found.rows.append((row.line, dict(_values(row))))


def _problem(row: Row, owners: set[str]) -> Problem | None:
    if row.value is None:
        return Problem(row.line, row.problem, row.problem_de)
    owner = owner_of(row)
    # Payments name no customer, and the firm of a card is looked for by its name.
    ownerless = isinstance(row.value, Customer | Payment) or (isinstance(row.value, Contact) and not owner)
    if ownerless or owner in owners:
        return None
    nobody = no_customer(owner)
    return Problem(row.line, nobody.en, nobody.de)


def _values(row: Row) -> Iterator[tuple[str, object]]:
    """What a row fills, by our names."""
    value = row.value.interaction if isinstance(row.value, InteractionRow) else row.value
    if value is None:
        return
    for one in fields(value):
        content = getattr(value, one.name)
        if content not in ("", None, False, (), frozenset()):
            yield one.name, content
