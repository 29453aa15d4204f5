"""Telephone numbers: where a text holds them, and when two spellings reach the same line or the same switchboard.

Keys are E.164 numbers ("+493412233"). Next to them stand two kinds of trunk key, told apart by their last sign:

    +493412233*   a switchboard whose extension is known, as in "0341 2233-14"
    +493412233~   what may be the switchboard of a number written without a hyphen

A number marked with an extension meets another of the same house by "*" or "~"; two unmarked ones only as a whole.
Found numbers carry `keys`, to be looked up among the `keys(field, region)` of the records.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_LONGEST_TEXT = 20_000
_MOST = 12
_NUMBER = re.compile(
    r"(?<![\w.,/+@=-])(?<!\d )(?:\+|00|\(\+|\(?0)[\d(](?:[ \t\u00a0./()–-]{0,3}\d"
    r"|\(0\)){4,17}(?:[ \t]?[-–][ \t]?\d{1,5})?(?![\d@])"
)
_LABEL = re.compile(
    r"\b(tele?fax|fax|tel(?:efon)?|fon|phone|ph|mobil(?:e|funk|telefon)?|handy|cell|durchwahl|dw|direkt|direct"
    r"|zentrale|hotline"
    r"|rufnummer|f|t|m)\b[.:)\s/|-]{0,4}(?:\(0\))?$",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    r"[ ,/]{1,3}(?:dw|durchwahl|ext|extension|app)\.?\s?:?\s?(\d{1,5})\b|\s?x(\d{1,5})\b", re.IGNORECASE
)
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-](?:\d{2}|\d{4})|\d{4}-\d{2}-\d{2}")
_EXTENSION = re.compile(r"(\d)\)?[ \t]?[-–][ \t]?(\d{1,5})$")
# National numbers are read in these countries too: neighbours write to each other without the country's code.
_NEIGHBOURS = ("DE", "AT", "CH")
# Where numbers have different lengths, a number can be a switchboard and any extension behind it.
_OPEN_PLANS = frozenset({49, 43, 352, 423})
_MOBILE = {49: ("15", "16", "17"), 43: ("65", "66", "67", "68", "69"), 352: ("6",), 423: ("6", "7")}
_SHORTEST_TRUNK = 5
# Elsewhere the zero before the area code is dialled within the country only.
_ZERO_STAYS = frozenset({39, 225, 241, 242, 378, 379})


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in a text. `key` is the whole number, `trunk` it without its extension where one is marked.

    `keys` are to be looked up; `fax`: the text calls it a fax number. `quote` is the number as written.
    """

    key: str
    trunk: str
    quote: str
    keys: frozenset[str] = frozenset()
    fax: bool = False


@dataclass(frozen=True, slots=True)
class _Read:
    country: int
    national: str
    extension: str

    @property
    def key(self) -> str:
        return f"+{self.country}{self.national}{self.extension}"

    @property
    def trunk(self) -> str:
        return f"+{self.country}{self.national}"


def find(text: str, region: str = "DE") -> list[Phone]:
    """The telephone numbers in a text; bounded.

    Args:
        text: new text, signature, or the fields of a form.
        region: country (ISO 3166) of numbers without a country's code.
    """
    found: dict[str, Phone] = {}
    for match in _NUMBER.finditer(text[:_LONGEST_TEXT]):
        quote = match[0].strip()
        if _DATE.fullmatch(quote):
            continue
        spoken = _SPOKEN.match(text, match.end())
        extension = (spoken[1] or spoken[2]) if spoken else ""
        read = _read(quote, extension, region)
        if not read:
            continue
        label = _LABEL.search(text[max(0, match.start() - 24) : match.start()])
        keys = frozenset(key for one in read for key in _keys(one, sought=True))
        phone = Phone(read[0].key, read[0].trunk, quote, keys, fax=bool(label and label[1].lower() in _FAX))
        found.setdefault(phone.key, phone)
        if len(found) == _MOST:
            break
    return list(found.values())


_FAX = frozenset({"fax", "telefax", "telfax", "f"})


def keys(field: str, region: str = "DE", *, private: bool = False) -> frozenset[str]:
    """The keys of the numbers in a record's field, under which found ones are sought.

    Args:
        field: as the firm's file has it: "0341 / 22 33 - 0", "+43 (0) 1 …", or several of them.
        region: country (ISO 3166) of the record.
        private: whether it is a household's, which has no switchboard.
    """
    found: set[str] = set()
    for part in re.split(r"[;\n]|,\s|\s/\s(?=[+0(])| oder | or ", field[:200])[:4]:
        text = part.strip()
        spoken = _SPOKEN.search(text)
        number = text[: spoken.start()] if spoken else text
        extension = (spoken[1] or spoken[2]) if spoken else ""
        match = _NUMBER.search(number)
        for read in _read(match[0] if match else number, extension, region)[:1]:
            found.update([read.key] if private else _keys(read, sought=False))
    return frozenset(found)


def beginning(typed: str, region: str = "DE") -> str:
    """How the keys of numbers begin of which somebody typed the first digits; "" where the country stays open."""
    digits = _digits(typed)
    if typed.lstrip("( ").startswith("+"):
        return f"+{digits}"
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    country = _CODES.get(region)
    return f"+{country}{digits[1:]}" if digits.startswith("0") and country else ""


def _keys(read: _Read, *, sought: bool) -> Iterator[str]:
    yield read.key
    if read.extension and not read.extension.strip("0"):
        # "0341 2233-0" is "0341 2233" where the extension of the switchboard is left out.
        yield read.trunk
    if read.extension:
        if len(read.national) >= _SHORTEST_TRUNK:
            yield f"{read.trunk}*"
            if sought:
                yield f"{read.trunk}~"
        return
    if read.country not in _OPEN_PLANS or read.national.startswith(_MOBILE[read.country]):
        return
    # A switchboard is often written with its zero and without the hyphen.
    zeros = len(read.national) - len(read.national.rstrip("0"))
    for cut in range(1, 5 if sought else 4):
        trunk = read.national[:-cut]
        if len(trunk) <= _SHORTEST_TRUNK:
            return
        if sought or cut <= min(zeros, 2):
            yield f"+{read.country}{trunk}*"
            if not sought:
                yield f"+{read.country}{trunk}"
        if not sought:
            yield f"+{read.country}{trunk}~"


@lru_cache(maxsize=20_000)
def _read(quote: str, spoken: str, region: str) -> tuple[_Read, ...]:
    """The number in its region first; a national one in the neighbours' too."""
    digits = _digits(quote)
    if not 6 <= len(digits) <= 18:
        return ()
    regions = (region,) if quote.lstrip("( ").startswith(("+", "00")) else (region, *_NEIGHBOURS)
    read = (_parsed(quote, spoken, one) for one in dict.fromkeys(regions))
    return tuple(dict.fromkeys(one for one in read if one is not None))


def _digits(text: str) -> str:
    return "".join(letter for letter in text if "0" <= letter <= "9")


def _parsed(quote: str, spoken: str, region: str) -> _Read | None:
    number = quote.replace("(0)", "") if quote.lstrip("( ").startswith(("+", "00")) else quote
    country, national = _simply(number, region) or _by_plan(number, region)
    if not 5 <= len(national) <= 15:
        return None
    if spoken:
        return _Read(country, national, spoken)
    extension = _marked(number, national, country)
    return _Read(country, national.removesuffix(extension) if extension else national, extension)


# Neighbours' numbers are most of all, and easy: a zero before the area code, or the country's code.
_CODES = {"DE": 49, "AT": 43, "CH": 41}


def _simply(number: str, region: str) -> tuple[int, str] | None:
    """Country's code and national number where the zeros say it all; None where the numbering plan has to."""
    digits = _digits(number)
    international = "+" in number[:3] or digits.startswith("00")
    digits = digits[2:] if digits.startswith("00") else digits
    if international:
        country = int(digits[:2])
        national = digits[2:] if country in _CODES.values() else ""
    else:
        country, national = _CODES.get(region, 0), digits[1:] if digits.startswith("0") else ""
    # What begins with a zero still is no number of these countries, or an odd one.
    return (country, national) if country and national and national[0] != "0" else None


def _by_plan(number: str, region: str) -> tuple[int, str]:
    # Heavy, and most numbers need it not.
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return 0, ""
    zero = "0" if parsed.italian_leading_zero and parsed.country_code in _ZERO_STAYS else ""
    return parsed.country_code or 0, f"{zero}{parsed.national_number}"


def _marked(number: str, national: str, country: int) -> str:
    """The extension behind the last hyphen; "" where the hyphen parts the area code or groups of digits."""
    found = _EXTENSION.search(number)
    hyphens = number.count("-") + number.count("–")
    if found is None or country == 1 or hyphens > 2 or not national.endswith(found[2]):
        return ""
    before = national[: -len(found[2])]
    groups = [group for group in re.split(r"\D+", number[: found.end(1)]) if group]
    international = number.lstrip("( ").startswith(("+", "00"))
    # Country's code and area code stand before the number itself.
    parts = len(groups) - (1 if international else 0)
    return found[2] if len(before) >= _SHORTEST_TRUNK and (parts > 1 or len(before) > 5) else ""
