"""A look at a table before it is imported: its columns, and which field each of them probably is.

    known name       "Debitor", "E-Mail-Adresse" …: the vocabulary of the importers
    similar name     "Debitoren Nr. (alt)": what it shares with a known name, if its content does not deny it
    content alone    addresses, VAT ids: where no column of that name is there

Each proposal is somebody's to change in the browser. Where nobody looks at it first, only what is sure is proposed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from rapidfuzz import fuzz

from connectors.importers.cells import Cell, text
from connectors.importers.columns import VOCABULARY, heads, mapped, named, plain, vocabulary
from connectors.importers.records import start_of
from connectors.importers.vocabulary import REQUIRED

_SAMPLE = 100
_SHOWN = 3
# How similar a name must be (rapidfuzz, 0 to 100): by itself, and where the content is what the field holds.
_SIMILAR, _HINTED = 78.0, 66.0
# And to be taken unseen.
_SURE = 90.0
_NOTHING: Mapping[str, str] = MappingProxyType({})
_NOWHERE: Mapping[str, int] = MappingProxyType({})
# So much of a column must be of a sort.
_MOSTLY = 0.8
_SHORTEST = 4

_SORTS = {
    "address": re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s.]{2,24}"),
    "date": re.compile(r"\d{1,2}[./]\d{1,2}[./]\d{2,4}(?: \d.{0,12})?|\d{4}-\d{2}-\d{2}(?:[T ].{0,20})?"),
    "amount": re.compile(r"[-+]?\d{1,3}(?:[.' ]?\d{3}){0,4}(?:[.,]\d{1,4})?-?(?: ?(?:€|EUR|CHF|%))?"),
    "vat": re.compile(r"(?:DE ?\d{9}|ATU ?\d{8}|CHE[-. ]?\d{3}[. ]?\d{3}[. ]?\d{3}.{0,5})"),
    "phone": re.compile(r"(?:\+|00|\(?0)[\d /().-]{5,24}"),
    "postcode": re.compile(r"(?:[A-Z]{1,2}-)?\d{4,5}"),
    "site": re.compile(r"(?:https?://)?(?:www\.)?[\w-]{1,63}(?:\.[\w-]{1,63}){0,3}\.[a-z]{2,18}/?"),
}
# What a field holds, where that can be told; a column of another sort is not it.
_HELD = {
    "email": "address", "email2": "address", "date": "date", "due": "date", "valid_until": "date",
    "discount_until": "date", "as_of": "date", "amount": "amount", "margin": "amount", "revenue_12m": "amount",
    "vat_id": "vat", "phone": "phone", "mobile": "phone", "fax": "phone", "zip": "postcode", "domain": "site",
}  # fmt: skip
# What is told by its content alone, wherever it stands.
_TELLING = ("email", "vat_id")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: its name, the field that it probably is ("" for none), and some of what stands in it."""

    name: str
    field: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """The columns of a file; empty for cards, which have none. `fields`: those that it may fill, with German names."""

    columns: tuple[Column, ...]
    fields: Mapping[str, str]

    @property
    def mapping(self) -> dict[str, str]:
        """Our field to the file's column, as proposed."""
        return {column.field: column.name for column in self.columns if column.field}


def look(path: Path, kind: str, mapping: Mapping[str, str] = _NOTHING, *, sure: bool = False) -> Look:
    """The columns of a file with what each of them probably is, or is by the mapping (ours = theirs).

    Raises:
        ImportRefused: it is no table, or the mapping names what is not there.
    """
    fields = heads(kind)
    start = start_of(path, kind, _SAMPLE, mapping)
    if start is None:
        return Look((), fields)
    header, rows = start
    values = [[text(row[at], 200) for row in rows if at < len(row)] for at in range(len(header))]
    sorts = [_sort([row[at] for row in rows if at < len(row)]) for at in range(len(header))]
    found = propose(header, sorts, kind, mapped(header, kind, mapping, path), sure=sure)
    by_place = {place: field for field, place in found.items()}
    return Look(
        tuple(
            Column(name, by_place.get(place, ""), tuple(list(dict.fromkeys(filter(None, values[place])))[:_SHOWN]))
            for place, name in enumerate(header)
        ),
        fields,
    )


def propose(
    header: Sequence[str], sorts: Sequence[str], kind: str, at: Mapping[str, int] = _NOWHERE, *, sure: bool = False
) -> dict[str, int]:
    """Which column probably is which field: each at most once.

    Args:
        header: the columns' names.
        sorts: what stands in them ("address", "date" …), "" where that is not told.
        kind: of the table.
        at: fields whose place is known.
        sure: names that are merely similar count only where no other column can be what must be there.
    """
    found = named(header, kind, at)
    similar = list(_similar(header, sorts, kind, found))
    scored = sorted(_sure(similar, kind, found) if sure else similar, reverse=True)
    for _, place, field in scored:
        if field not in found and place not in found.values():
            found[field] = place
    for field in _TELLING:
        places = [at for at, sort in enumerate(sorts) if sort == _HELD[field] and at not in found.values()]
        if field in VOCABULARY[kind].values() and field not in found and len(places) == 1:
            found[field] = places[0]
    return found


def needed(kind: str) -> tuple[tuple[str, ...], ...]:
    """The fields that a table must have: of each group one."""
    instead = {"customer_id": ("customer_id", "customer_no"), "name": ("name", "last_name")}
    others = kind != "payments"
    return tuple(
        instead[field] if field in instead and others and (field != "name" or kind == "customers") else (field,)
        for field in REQUIRED[kind]
    )


def _similar(
    header: Sequence[str], sorts: Sequence[str], kind: str, found: Mapping[str, int]
) -> Iterator[tuple[float, int, str]]:
    """Columns and fields whose names are similar, and whose content does not deny it."""
    known = [(name, field) for name, field in vocabulary(kind).items() if field not in found and len(name) >= _SHORTEST]
    for place, name in enumerate(header):
        written = plain(name)[:60]
        if place in found.values() or len(written) < _SHORTEST:
            continue
        for other, field in known:
            held, sort = _HELD.get(field, ""), sorts[place]
            if held and sort and held != sort:
                continue
            if not held and sort in ("address", "vat"):
                continue
            score = fuzz.ratio(written, other)
            if other in written:
                # "Firma (lang)" is a firm; "Benutzername" is mostly something else.
                score = max(score, 60.0 + 40.0 * len(other) / len(written))
            if score >= (_HINTED if held and held == sort else _SIMILAR):
                yield score, place, field


def _sure(
    similar: Sequence[tuple[float, int, str]], kind: str, found: Mapping[str, int]
) -> list[tuple[float, int, str]]:
    """Those that hardly differ in name, and the only ones for a field without which no row makes sense."""
    sure = [one for one in similar if one[0] >= _SURE]
    known = {*found, *(field for _, _, field in sure)}
    must = {field for group in needed(kind) if not known & set(group) for field in group}
    settled = {place for _, place, _ in sure}
    left = [one for one in similar if one[1] not in settled and one[2] in must]
    places: dict[str, set[int]] = {}
    for _, place, field in left:
        places.setdefault(field, set()).add(place)
    return sure + [one for one in left if len(places[one[2]]) == 1]


def _sort(cells: Sequence[Cell]) -> str:
    """What most of a column is; "" where that is not told."""
    told = [cell for cell in cells if cell not in (None, "") and not str(cell).isspace()]
    if not told:
        return ""
    if sum(isinstance(cell, date) for cell in told) >= _MOSTLY * len(told):
        return "date"
    words = [text(cell, 200).strip() for cell in told]
    for sort in ("address", "vat", "date", "postcode", "phone", "amount", "site"):
        fitting = sum(bool(_SORTS[sort].fullmatch(word)) for word in words)
        if fitting >= _MOSTLY * len(words):
            # "24103" is a postcode, a number or an amount: only its name tells.
            return "" if sort == "postcode" else sort
    return ""
