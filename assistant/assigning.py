"""Which column of a table is which field: as somebody said last for such a header, else as names and content tell."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from connectors.importers import Look, look
from storage.pool import Pool


def assigned(
    pool: Pool, kind: str, file: Path, mapping: Mapping[str, str] = MappingProxyType({}), *, sure: bool = False
) -> Look:
    """The columns of a table with what each of them is.

    Args:
        pool: keeps what was said of such a header in the browser.
        kind: which table it is.
        file: the table.
        mapping: our field to the file's column, as whoever imports it says; it goes before all else.
        sure: nobody looks at what is proposed before it is used.

    Raises:
        ImportRefused: it is no table, or the mapping names what is not there.
    """
    seen = look(file, kind, mapping, sure=sure)
    with pool.read() as work:
        said = work.column_mappings.get(kind, [column.name for column in seen.columns])
    if said is None:
        return seen
    by_name = {theirs: ours for ours, theirs in said.items() if ours not in mapping}
    # Of two columns with one name the first is meant.
    columns = [
        column if column.field in mapping else replace(column, field=by_name.pop(column.name, ""))
        for column in seen.columns
    ]
    return replace(seen, columns=tuple(columns))
