"""Contacts from vCard files (versions 2.1, 3 and 4), one card at a time, as rows of the contacts table.

A card seldom says which customer it belongs to. `X-CUSTOMER-ID` (or the property that the caller names) does;
without it the row's `organisation` is what is left to go by.
"""

import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

import vobject

from connectors.importers.cells import Cell
from connectors.importers.columns import Columns
from connectors.importers.delimited import Records, survey, text_of
from connectors.importers.problems import Problem
from rules.terms.errors import TableRefused

HEADER = (
    "contact_id", "customer_id", "salutation", "title", "first_name", "last_name",
    "role", "email", "email2", "phone", "mobile", "language", "organisation",
)  # fmt: skip
_CUSTOMER = ("X-CUSTOMER-ID", "X-CUSTOMER-NO", "X-KUNDENNUMMER", "X-KINGPOST-CUSTOMER")
_CARD = 4 << 20  # characters; photographs are in there
_LINE = 1 << 20
_PROPERTIES = "BEGIN END VERSION UID N FN ORG TITLE ROLE EMAIL TEL LANG".split()
_SALUTATIONS = frozenset("herr frau mr mr. mrs mrs. ms ms. miss".split())


@dataclass(frozen=True, slots=True)
class Cards:
    """A vCard file, opened anew each time it is read."""

    path: Path
    customer: str = ""
    columns: ClassVar = Columns({name: place for place, name in enumerate(HEADER)}, (), len(HEADER), kind="contacts")

    @classmethod
    def of(cls, path: Path, mapping: Mapping[str, str]) -> "Cards":
        """A file of cards; TableRefused when it holds none, or when the mapping asks what cards do not have."""
        if strange := sorted(set(mapping) - {"customer_id"}):
            raise TableRefused(
                file=path,
                problem=f"a vCard has no column for {strange[0]}; only --map customer_id=PROPERTY is possible.",
                problem_de=f"Eine vCard hat keine Spalte für {strange[0]}; es geht nur --map customer_id=EIGENSCHAFT.",
            )
        cards = cls(path, mapping.get("customer_id", "").strip())
        with closing(cards.records()) as records:
            found = next(islice(records, 1, None), None)
        if found is None:
            raise TableRefused(file=path, problem="it holds no vCard.", problem_de="Die Datei enthält keine vCard.")
        return cards

    @property
    def total(self) -> int | None:
        """Cards are not counted beforehand."""
        return None

    def records(self) -> Records:
        """The header, then every card with the number of the line on which it begins."""
        yield 0, HEADER
        encoding, _ = survey(self.path)
        with self.path.open("rb") as file, text_of(file, encoding) as text:
            for line, card in _split(text, self._wanted()):
                yield line, card if isinstance(card, Problem) else self._row(card)

    def _wanted(self) -> re.Pattern[str]:
        """The properties that are read; photographs and the like are skipped."""
        names = "|".join(map(re.escape, (*_PROPERTIES, *_CUSTOMER, *filter(None, (self.customer,)))))
        return re.compile(rf"(?:[\w-]+\.)?(?:{names})[;:]", re.IGNORECASE)

    def _row(self, card: str) -> tuple[Cell, ...] | Problem:
        try:
            read = vobject.readOne(card, allowQP=True)
            return self._cells(read.contents)
        except Exception as error:  # noqa: BLE001 - vobject raises what its parsers raise
            return Problem(
                f"the card cannot be read ({type(error).__name__})",
                f"die Karte ist nicht lesbar ({type(error).__name__})",
            )

    def _cells(self, contents: Mapping[str, list[Any]]) -> tuple[Cell, ...]:
        name = _first(contents, "n")
        family, given, prefix = (_joined(getattr(name, part, "")) for part in ("family", "given", "prefix"))
        if not family and not given:
            family = _joined(_first(contents, "fn"))
        organisation = _joined(_first(contents, "org"))
        if family == organisation and not given:
            family = ""
        words = prefix.split()
        salutation = " ".join(word for word in words if word.casefold() in _SALUTATIONS)
        title = " ".join(word for word in words if word.casefold() not in _SALUTATIONS)
        addresses = [_joined(line.value).removeprefix("mailto:") for line in contents.get("email", [])] + ["", ""]
        numbers = [(_kinds(line), _joined(line.value).removeprefix("tel:")) for line in contents.get("tel", [])]
        mobile = next((number for kinds, number in numbers if "CELL" in kinds), "")
        phone = next((number for kinds, number in numbers if not kinds & {"CELL", "FAX", "PAGER"}), "")
        role = _joined(_first(contents, "title")) or _joined(_first(contents, "role"))
        customer = next(
            (_joined(_first(contents, name)) for name in (self.customer, *_CUSTOMER) if _first(contents, name)), ""
        )
        uid = _joined(_first(contents, "uid")) or _made_up(addresses[0], given, family, organisation)
        language = _joined(_first(contents, "lang"))[:2]
        return (uid, customer, salutation, title, given, family, role, addresses[0], addresses[1], phone, mobile,
                language, organisation)  # fmt: skip


def _split(text: io.TextIOWrapper, properties: re.Pattern[str]) -> Iterator[tuple[int, str | Problem]]:
    """The cards of a file; of each only the properties that are read, so that a photograph costs nothing."""
    card: list[str] | None = None
    begun = size = number = 0
    wanted = False
    while line := text.readline(_LINE):
        number += 1
        bare = line.strip().upper()
        if bare == "BEGIN:VCARD":
            if card is not None:
                yield begun, _never_closed()
            card, begun, size = [], number, 0
        if card is None:
            continue
        size += len(line)
        wanted = (
            wanted
            if line[:1] in " \t" or (card and card[-1].rstrip("\r\n").endswith("="))
            else bool(properties.match(line))
        )
        if wanted and size <= _CARD:
            card.append(line)
        if bare == "END:VCARD":
            yield begun, "".join(card) if size <= _CARD else Problem("the card is too large", "die Karte ist zu groß")
            card = None
    if card is not None:
        yield begun, _never_closed()


def _never_closed() -> Problem:
    return Problem("the card has no END:VCARD", "der Karte fehlt END:VCARD")


def _first(contents: Mapping[str, list[Any]], name: str) -> Any:
    lines = contents.get(name.lower()) if name else None
    return lines[0].value if lines else None


def _joined(value: Any) -> str:
    """A value of vobject as text: structured ones come as lists."""
    if isinstance(value, list | tuple):
        return " ".join(filter(None, map(_joined, value))).strip()
    return str(value).strip() if value is not None else ""


def _kinds(line: Any) -> set[str]:
    """WORK, CELL, FAX …: `TYPE=cell`, in 2.1 the bare word."""
    params: Mapping[str, list[str]] = line.params
    return {kind.upper() for kinds in params.get("TYPE", []) for kind in kinds.split(",")} | {
        name.upper() for name in line.singletonparams
    }


def _made_up(*parts: str) -> str:
    """An id for a card without one: the same card gets the same."""
    return "card:" + hashlib.sha256("\x1f".join(parts).casefold().encode()).hexdigest()[:20]
