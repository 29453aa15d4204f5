"""Which column of a table means which of our fields: known names, German names, and what the caller says."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from rapidfuzz import fuzz, process

from connectors.importers.vocabulary import NAMES, REQUIRED
from rules.terms.errors import TableRefused, UnknownName

# A heading that says what kind of paper the numbers below it are on.
_PAPER = {"auftrag": "order", "bestell": "order", "order": "order", "rechnung": "invoice", "renr": "invoice",
          "invoice": "invoice", "angebot": "offer", "offer": "offer", "quote": "offer", "ticket": "ticket"}  # fmt: skip
_NEAR = 72.0


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each of our fields stands in a row; `paper` is the reference type that the number's heading names.

    `kind`: of the table.
    """

    at: Mapping[str, int]
    unknown: tuple[tuple[str, str | None], ...]
    width: int
    paper: str = ""
    kind: str = ""


def plain(name: str) -> str:
    """A column name without all that people write differently: case, umlauts, spaces, hyphens, dots."""
    name = name.casefold().translate(_UMLAUTS)
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", name))


_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def _vocabulary(kind: str) -> dict[str, str]:
    """Every known name of a kind's fields, made plain; our own names first."""
    fields = [line.partition("=") for line in NAMES[kind].replace(",\n", ",").splitlines() if line]
    known = {plain(field): field.strip() for field, _, _ in fields}
    for field, _, others in fields:
        for other in others.split(","):
            known.setdefault(plain(other), field.strip())
    return known


def _heads(kind: str) -> dict[str, str]:
    lines = [line.partition("=") for line in NAMES[kind].replace(",\n", ",").splitlines() if line]
    return {field.strip(): others.split(",")[0].strip() for field, _, others in lines}


VOCABULARY: Mapping[str, Mapping[str, str]] = {kind: _vocabulary(kind) for kind in NAMES}
_HEADS: Mapping[str, Mapping[str, str]] = {kind: _heads(kind) for kind in NAMES}


def vocabulary(kind: str) -> Mapping[str, str]:
    """The known column names of a kind of table; UnknownName for another kind."""
    try:
        return VOCABULARY[kind]
    except KeyError:
        raise UnknownName(
            what="import", name=kind, hint=f"Known: {', '.join(NAMES)}.", hint_de=f"Bekannt: {', '.join(NAMES)}."
        ) from None


def heads(kind: str) -> Mapping[str, str]:
    """The fields of a kind with their first other name, which is German; UnknownName for another kind."""
    vocabulary(kind)
    return _HEADS[kind]


def arrange(
    header: Sequence[str],
    kind: str,
    mapping: Mapping[str, str],
    path: Path,
    given: Collection[str] = (),
    *,
    only: bool = False,
) -> Columns:
    """Find our fields in a header; TableRefused when those are missing without which no row makes sense.

    `given` are fields that hold for the whole table and need no column. `only`: nothing is taken but what is mapped.
    """
    known = vocabulary(kind)
    at = mapped(header, kind, mapping, path)
    if not only:
        at = named(header, kind, at)
    taken = set(at.values())
    unknown = []
    for place, name in enumerate(header):
        if place not in taken and name.strip():
            unknown.append((name.strip(), _near(name, known, at)))
    if kind == "customers":
        if "customer_id" not in at and "customer_no" in at:
            at["customer_id"] = at["customer_no"]
        if "name" not in at and "last_name" in at:
            at["name"] = at["last_name"]
    _check({*at, *given}, header, kind, path)
    heading = plain(header[at["number"]]) if "number" in at else ""
    paper = next((paper for word, paper in _PAPER.items() if word in heading), "")
    return Columns(at, tuple(unknown), len(header), paper, kind)


def named(header: Sequence[str], kind: str, at: Mapping[str, int] = MappingProxyType({})) -> dict[str, int]:
    """Where fields stand whose columns bear a known name; `at` are those that are found already."""
    known, found = vocabulary(kind), dict(at)
    # Our own names go before other people's, wherever they stand: `customer_id` before `Kundennummer`.
    for own in (True, False):
        for place, name in enumerate(header):
            field = known.get(plain(name))
            if place in found.values() or not name.strip() or field is None or (plain(name) == plain(field)) != own:
                continue
            found.setdefault(field, place)
    return found


def mapped(header: Sequence[str], kind: str, mapping: Mapping[str, str], path: Path) -> dict[str, int]:
    """Where the columns stand that a mapping names; TableRefused where there is no such field or column."""
    ours = set(VOCABULARY[kind].values())
    names = {plain(name): place for place, name in reversed(list(enumerate(header)))}
    at = {}
    for field, theirs in mapping.items():
        if field not in ours:
            near = _nearest(field, sorted(ours))
            raise _refused(
                path,
                f"there is no field “{field}” in {kind}" + (f"; did you mean “{near}”?" if near else "."),
                f"{kind} hat kein Feld „{field}“" + (f"; meinten Sie „{near}“?" if near else "."),
            )
        place = next((place for place, name in enumerate(header) if name.strip() == theirs.strip()), None)
        place = names.get(plain(theirs)) if place is None else place
        if place is None:
            raise _refused(
                path,
                f"it has no column “{theirs}”. Its columns are: {_listed(header)}.",
                f"Es gibt keine Spalte „{theirs}“. Vorhanden sind: {_listed(header)}.",
            )
        at[field] = place
    return at


def _check(at: Collection[str], header: Sequence[str], kind: str, path: Path) -> None:
    missing = [field for field in REQUIRED[kind] if field not in at]
    if kind != "customers" and "customer_no" in at and "customer_id" in missing:
        missing.remove("customer_id")  # whoever stores the rows finds the customer by the number
    if missing:
        # Firms have numbers; ids of their own few tables name.
        wanted = ["customer_no" if field == "customer_id" else field for field in missing]
        german, example = heads(kind), f"--map {wanted[0]}=…"
        en = ", ".join(f"{field} ({german[field]})" for field in wanted)
        de = ", ".join(f"{german[field]} ({field})" for field in wanted)
        raise _refused(
            path,
            f"the column {en} is missing. Its columns are: {_listed(header)}. Name yours with {example}",
            f"Die Spalte {de} fehlt. Vorhanden sind: {_listed(header)}. Nennen Sie Ihre mit {example}",
        )


def _near(name: str, known: Mapping[str, str], at: Mapping[str, int]) -> str | None:
    near = _nearest(plain(name), [other for other, field in known.items() if field not in at])
    return known[near] if near else None


def _nearest(name: str, choices: Sequence[str]) -> str | None:
    found = process.extractOne(name, choices, scorer=fuzz.ratio, score_cutoff=_NEAR)
    return found[0] if found else None


def _listed(header: Sequence[str]) -> str:
    return ", ".join(name.strip()[:40] for name in header[:40] if name.strip()) or "–"


def _refused(path: Path, en: str, de: str) -> TableRefused:
    return TableRefused(file=path, problem=en, problem_de=de)
