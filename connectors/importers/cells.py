"""What a cell means: texts, numbers, dates and yes or no, in German and English manner.

A cell speaks for itself where it can ("1.234,56", "31.12.2025"); otherwise the other cells of the file decide
(Manner). What could mean two days is a problem, never a guess.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import NoReturn

from connectors.importers.problems import Problem, quoted, shown

Cell = str | int | float | bool | datetime | date | time | None

_YES = frozenset("1 x ja j yes y true wahr richtig on ✓ ✔".split())
_NO = frozenset("0 - nein n no false falsch off".split())

_INVISIBLE = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_ERRORS = frozenset(("#N/A", "#NV", "#REF!", "#BEZUG!", "#VALUE!", "#WERT!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"))

# sign, whole part and its thousands separator, decimal separator, fraction, sign behind (as ledgers print it)
_AMOUNT = re.compile(r"([+-]?)(\d{1,3}([.,' ])\d{3}(?:\3\d{3}){0,5}|\d{1,18})(?:([.,])(\d{1,9}))?([+-]?)")
_MONEY = r"eur|euro|€|chf|sfr|usd|\$|gbp|£|sek|nok|dkk|pln|czk|huf"
_BEFORE, _BEHIND = re.compile(rf"^({_MONEY})\s*", re.IGNORECASE), re.compile(rf"\s*({_MONEY})$", re.IGNORECASE)
_CODES = {"€": "EUR", "EURO": "EUR", "$": "USD", "£": "GBP", "SFR": "CHF"}
_DIGITS = frozenset("0123456789")
_RICHEST = Decimal(10) ** 13
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}:\d{2}.*))?")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})(?:[ ,]+(\d{1,2}:\d{2}.*))?")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(?:[ ,]+(\d{1,2}:\d{2}.*))?")
_WORDED = re.compile(
    r"(?:(\d{1,2})\.?\s+)?([A-Za-zäÄ]{3,9})\.?\s+(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?(\d{4})(?:[ ,]+(\d{1,2}:\d{2}.*))?"
)
_CLOCK = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*(am|pm|uhr)?\s*(z|[+-]\d{2}:?\d{2})?", re.IGNORECASE
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan", "feb", "mar mär mae mrz", "apr", "may mai", "jun", "jul", "aug", "sep", "oct okt", "nov", "dec dez"), 1
    )
    for name in names.split()
}


@dataclass(frozen=True, slots=True)
class Manner:
    """How a file writes what is ambiguous by itself; None where nothing in it tells.

    `decimal` is the decimal separator, `day_first` the order in dates with slashes.
    """

    decimal: str | None = None
    day_first: bool | None = None

    @classmethod
    def of(cls, cells: Iterable[Cell]) -> "Manner":
        """What unmistakable cells say about the others. Where they disagree, nothing is said."""
        decimals, orders = set(), set()
        for cell in cells:
            if not isinstance(cell, str) or not any(map(str.isdigit, cell)):
                continue
            if decimal := _telling(cell):
                decimals.add(decimal)
            if slashed := _SLASHED.fullmatch(cell.strip()):
                first, second = int(slashed[1]), int(slashed[2])
                if (first > 12) != (second > 12):
                    orders.add(first > 12)
        return cls(decimals.pop() if len(decimals) == 1 else None, orders.pop() if len(orders) == 1 else None)


def text(cell: Cell, longest: int = 1000, *, lines: bool = False) -> str:
    """A cell as clean text; `lines` keeps its line breaks."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        cell = int(cell)
    if isinstance(cell, datetime) and cell.time() == time():
        cell = cell.date()
    clean = str(cell)
    if not clean.isascii() or not clean.isprintable():
        clean = _CONTROL.sub(" ", _INVISIBLE.sub("", clean))
    parts = (line.rstrip() for line in clean.splitlines()) if lines else clean.split()
    clean = ("\n" if lines else " ").join(parts).strip()
    if len(clean) > longest:
        raise Problem(
            f"{shown(clean)} is longer than {longest} characters", f"{quoted(clean)} ist länger als {longest} Zeichen"
        )
    return "" if clean in _ERRORS else clean


def number(cell: Cell, manner: Manner) -> float | None:
    """A number; None for an empty cell."""
    found = _decimal(cell, manner)
    return None if found is None else float(found)


def cents(cell: Cell, manner: Manner) -> int | None:
    """An amount in hundredths, rounded as merchants do; None for an empty cell."""
    found = _decimal(cell, manner)
    if found is None:
        return None
    if abs(found) >= _RICHEST:
        raise Problem(f"{shown(cell)} is more than anybody owes", f"{quoted(cell)} ist mehr, als jemand schuldet")
    return int((found * 100).to_integral_value(ROUND_HALF_UP))


def percent(cell: Cell, manner: Manner) -> float:
    """A percentage, with or without its sign; an empty cell is 0."""
    written = cell.replace("%", " ") if isinstance(cell, str) else cell
    found = number(written, manner) or 0.0
    # A workbook keeps 3 % as 0.03. No terms of payment offer a fifth of a percent.
    found = round(found * 100, 4) if 0 < found < 0.2 else found
    if not 0 <= found < 100:
        raise Problem(f"{shown(cell)} is no percentage", f"{quoted(cell)} ist kein Prozentsatz")
    return found


def currency(cell: Cell) -> str:
    """The currency that a cell names by code or by sign, before or behind an amount; "" where it names none."""
    if not isinstance(cell, str):
        return ""
    written = cell.strip()
    named = _BEFORE.match(written) or _BEHIND.search(written[-8:])
    word = named[1].upper() if named else ""
    return _CODES.get(word, word)


def _decimal(cell: Cell, manner: Manner) -> Decimal | None:
    if isinstance(cell, int | float):
        if not -1e18 < cell < 1e18:
            raise _no_number(cell)
        return Decimal(str(float(cell)))
    written = text(cell)
    if written in ("", "-", "–"):
        return None
    amount = _AMOUNT.fullmatch(_bare(written))
    if not amount or (amount[1] and amount[6]) or (amount[4] and amount[4] == amount[3]):
        raise _no_number(written)
    whole, grouped, fraction = amount[2], amount[3], amount[5] or "0"
    if grouped and not amount[4] and len(whole) <= 7 and (grouped == manner.decimal or whole[0] == "0"):
        # 1.234 alone: thousands, unless the file writes its decimals so or it begins with a zero.
        whole, _, fraction = whole.partition(grouped)
    value = Decimal(re.sub(r"\D", "", whole) + "." + fraction)
    return -value if "-" in (amount[1], amount[6]) else value


def yes(cell: Cell) -> bool:
    """Yes or no; an empty cell is no."""
    word = text(cell).casefold()
    if word in _YES:
        return True
    if word in _NO or not word:
        return False
    raise Problem(f"{shown(word)} is neither yes nor no", f"{quoted(word)} ist weder ja noch nein")


def moment(cell: Cell, manner: Manner) -> datetime | None:
    """A day, with its time where one is given (else midnight); without time zone unless one is written."""
    if isinstance(cell, date):
        found = cell if isinstance(cell, datetime) else datetime.combine(cell, time())
        return found if _plausible(found.year) else _no_date(cell)
    written = text(cell)
    if not written or written.startswith("0000-00-00"):  # MySQL's nothing
        return None
    try:
        year, month, day, clock = _parts(written, manner)
        found = datetime.combine(date(year, month, day), _clock(clock))
    except ValueError:
        return _no_date(written)
    return found if _plausible(year) else _no_date(written)


def day(cell: Cell, manner: Manner) -> date | None:
    """A day."""
    found = moment(cell, manner)
    return found.date() if found else None


def since(cell: Cell, manner: Manner) -> str:
    """A year, a month or a day, as ISO 8601 writes it."""
    written = text(cell)
    if re.fullmatch(r"(1[5-9]|20)\d\d", written):
        return written
    if month := re.fullmatch(r"(\d{1,2})[./]((?:1[5-9]|20)\d\d)|((?:1[5-9]|20)\d\d)-(\d{2})", written):
        number_of = int(month[1] or month[4])
        if 1 <= number_of <= 12:
            return f"{month[2] or month[3]}-{number_of:02}"
    found = day(cell, manner)
    return found.isoformat() if found else ""


def _bare(written: str) -> str:
    """An amount without currency, protected spaces and typographic signs."""
    if written.isascii() and written[0] in _DIGITS and written[-1] in _DIGITS:
        return written
    written = _BEHIND.sub("", _BEFORE.sub("", written))
    written = written.replace("−", "-").replace("’", "'").replace("\u202f", " ").removesuffix(",-").removesuffix(",--")
    return re.sub(r"^([+-]) +| +([+-])$", r"\1\2", written)


def _telling(cell: str) -> str | None:
    """The decimal separator that a cell gives away: the last of two kinds, or one that cannot part thousands."""
    amount = _AMOUNT.fullmatch(_bare(" ".join(cell.split())))
    if not amount or not amount[4] or amount[4] == amount[3]:
        return None
    return amount[4] if len(amount[5]) != 3 or amount[3] else None


def _no_number(written: object) -> Problem:
    return Problem(f"{shown(written)} is no number", f"{quoted(written)} ist keine Zahl")


def _no_date(written: object) -> NoReturn:
    raise Problem(
        f"{shown(written)} is no date; write it as 2025-12-31 or 31.12.2025",
        f"{quoted(written)} ist kein Datum; schreiben Sie es als 31.12.2025 oder 2025-12-31",
    )


def _plausible(year: int) -> bool:
    return 1800 <= year <= 2200


def _parts(written: str, manner: Manner) -> tuple[int, int, int, str | None]:
    if match := _ISO.fullmatch(written):
        return int(match[1]), int(match[2]), int(match[3]), match[4]
    if match := _COMPACT.fullmatch(written):
        return int(match[1]), int(match[2]), int(match[3]), None
    if match := _DOTTED.fullmatch(written):
        return _year(match[3]), int(match[2]), int(match[1]), match[4]
    if match := _SLASHED.fullmatch(written):
        first, second = int(match[1]), int(match[2])
        if first <= 12 and second <= 12 and first != second and manner.day_first is None:
            raise Problem(
                f"{shown(written)} could be two different days; write it as 2025-12-31",
                f"{quoted(written)} kann zwei verschiedene Tage meinen; schreiben Sie es als 31.12.2025",
            )
        day_first = first > 12 or (second <= 12 and bool(manner.day_first))
        return _year(match[3]), second if day_first else first, first if day_first else second, match[4]
    if (match := _WORDED.fullmatch(written)) and bool(match[1]) != bool(match[3]):
        return int(match[4]), _MONTHS.get(match[2][:3].lower(), 0), int(match[1] or match[3]), match[5]
    raise ValueError(written)


def _year(written: str) -> int:
    """Two digits: the nearest past century but for the next few years, as spreadsheets do."""
    return int(written) if len(written) == 4 else int(written) + (2000 if int(written) < 70 else 1900)


def _clock(written: str | None) -> time:
    if not written:
        return time()
    clock = _CLOCK.fullmatch(written.strip())
    if not clock:
        raise ValueError(written)
    hour, half = int(clock[1]), (clock[4] or "").lower()
    if half in ("am", "pm"):
        hour = hour % 12 + (12 if half == "pm" else 0)
    at = time(hour, int(clock[2]), int(clock[3] or 0))
    zone = (clock[5] or "").upper()
    return time.fromisoformat(at.isoformat() + zone.replace("Z", "+00:00")) if zone else at
