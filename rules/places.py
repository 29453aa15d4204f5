"""Places: postcode and town where an address stands, and whether two places are the same.

Beyond the contract: `stands_in` (a record's town named in a text without a postcode).
"""

import re
from dataclasses import dataclass

from rules.folding import fold, folds

_LONGEST_TEXT = 20_000
_MOST = 5
_TOWN = (
    r"[^\W\d_][^\W\d_.'’]{1,30}\.?(?:[ -](?:(?:am|an|bei|der|dem|im|in|ob|vor|zu|auf|a\. ?d\.|i\. ?d\.|a\.|b\."
    r"|i\.)[ -]?)*[^\W\d_][^\W\d_.'’]{1,30}){0,3}"
)
_PIECE = re.compile(r"\s*[|•·;\n\t]\s*|\s+[-–—]\s+|,\s+|\s{2,}")
_CONTINENTAL = re.compile(
    rf"(?:(?P<country>D|A|CH|DE|AT|FL|LI|L|LU|F|FR|I|IT|B|BE|NL|CZ|PL|DK)[ -]{{1,2}})?(?P<code>\d{{4}} ?[A-Z]{{2}}(?= )"
    rf"|\d{{3}} \d{{2}}|\d{{2}}-\d{{3}}|\d{{4,5}}) (?P<town>{_TOWN})"
)
_HINT = re.compile(r"\d{4}|\d{3} \d{2}|[A-Z]\d|\d[A-Z]|(?:D|A|CH|DE|AT)-[^\W\d]")
_LONE = re.compile(rf"(?:D|A|CH|DE|AT)-(?P<town>{_TOWN})")
_BRITISH = re.compile(
    rf"(?:(?P<before>{_TOWN}),? )?(?:GB-|UK-)?(?P<code>[A-Z]{{1,2}}\d[A-Z\d]? ?\d[A-Z]{{2}})(?: (?P<town>{_TOWN}))?"
)
_COUNTRIES = {"D": "DE", "A": "AT", "FL": "LI", "L": "LU", "F": "FR", "I": "IT", "B": "BE"}
_MONTHS = frozenset(
    "januar jaenner februar maerz april mai juni juli august september oktober november dezember uhr euro".split()
)
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Place:
    """A town as written, with its postcode and country (ISO 3166) where stated; each may be ""."""

    postcode: str
    city: str
    country: str = ""
    quote: str = ""


def find(text: str) -> tuple[Place, ...]:
    """The places in the addresses of a text: a postcode and town that make up a whole line or part of one."""
    found: list[Place] = []
    for line in text[:_LONGEST_TEXT].split("\n"):
        if len(line) > 300 or not _HINT.search(line):
            continue
        for piece in _PIECE.split(line)[:12]:
            place = _place(piece.strip(" *_>"))
            if place is not None:
                found.append(place)
        if len(found) >= _MOST:
            break
    return tuple(dict.fromkeys(found))[:_MOST]


# "Hafenweg 3", "Am Alten Markt 12 a-c", "12 High Street".
_STREET = re.compile(
    r"[^\W\d_][^\d\n@:]{2,50}? \d{1,4}(?: ?[a-zA-Z])?(?: ?[-/+] ?\d{0,4}[a-zA-Z]?)?"
    r"|\d{1,4}[a-zA-Z]?,? [^\W\d_][^\d\n@:]{3,50}"
)


def street_above(text: str, place: Place) -> str:
    """The street with its number before a place, in its line or the one above; "" where none stands there."""
    lines = text[:_LONGEST_TEXT].split("\n")
    at = next((number for number, line in enumerate(lines) if place.quote and place.quote in line), None)
    if at is None:
        return ""
    before = lines[at].partition(place.quote)[0]
    pieces = [*_PIECE.split(lines[at - 1][:300] if at else ""), *_PIECE.split(before[:300])]
    streets = (piece.strip(" *_>,") for piece in reversed(pieces))
    return next((piece for piece in streets if _STREET.fullmatch(piece)), "")


def _place(piece: str) -> Place | None:
    piece = piece[:80]
    match = _CONTINENTAL.match(piece)
    if match:
        return _checked(match["code"], match["town"], match["country"] or "", piece, match.end())
    match = _BRITISH.fullmatch(piece)
    if match:
        return Place(match["code"].replace(" ", ""), match["before"] or match["town"] or "", "GB", piece)
    match = _LONE.fullmatch(piece)
    return Place("", match["town"], "", piece) if match and match["town"][0].isupper() else None


def _checked(code: str, town: str, country: str, piece: str, end: int) -> Place | None:
    rest = piece[end:].strip(" .,*")
    if rest and not (len(rest) < 40 and (rest[0] in "(-/+" or rest.lower().startswith(("tel", "fon", "phone", "fax")))):
        # More words behind the town: somebody speaks.
        return None
    if not town[0].isupper() or fold(town).split()[0].strip(".") in _MONTHS:
        return None
    return Place(code, town.strip(), _COUNTRIES.get(country, country), piece)


def same_place(a: Place, b: Place) -> bool | None:
    """Whether two places are the same; None where too little is stated, or they may be neighbours."""
    towns = _same_town(a.city, b.city)
    if towns:
        return True
    one, other = a.postcode.replace(" ", ""), b.postcode.replace(" ", "")
    if one and one == other:
        return True if towns is None else None
    if towns is None or (one[:2] and one[:2] == other[:2] and len(one) == len(other)):
        return None
    return False


def _same_town(a: str, b: str) -> bool | None:
    if not a.strip() or not b.strip():
        return None
    for one in folds(a):
        for other in folds(b):
            mine, yours = _WORD.findall(one), _WORD.findall(other)
            if mine and yours and (mine == yours or mine[: len(yours)] == yours or yours[: len(mine)] == mine):
                return True
    return False


def stands_in(city: str, text: str) -> bool:
    """Whether a text names a town as a word, in either umlaut way."""
    wanted = [name for name in folds(city.strip()) if len(name) > 2]
    bounded = text[:_LONGEST_TEXT]
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", folded) for name in wanted for folded in folds(bounded))
