"""Telephone numbers, VAT ids and IBANs that are well formed, each written as people write them."""

from dataclasses import dataclass
from random import Random

DIALLING = {"CH": "41", "AT": "43", "DE": "49", "IT": "39", "FR": "33", "NL": "31", "GB": "44", "PL": "48", "TR": "90"}
MOBILE_AREAS = {
    "CH": ("76", "78", "79"),
    "AT": ("664", "676", "699"),
    "DE": ("170", "171", "160"),
    "IT": ("347", "333"),
    "FR": ("6",),
    "NL": ("6",),
    "GB": ("7912", "7923"),
    "PL": ("601", "602"),
    "TR": ("532", "542"),
}
MOBILE_DIGITS = {"CH": 7, "AT": 7, "DE": 7, "IT": 7, "FR": 8, "NL": 8, "GB": 6, "PL": 6, "TR": 7}
# Digits after the area code; in Germany and Austria the extension follows them.
TRUNK_DIGITS = {"CH": 7, "AT": 5, "DE": 5, "IT": 6, "FR": 8, "NL": 7, "GB": 6, "PL": 7, "TR": 7}
WITH_EXTENSIONS = frozenset({"DE", "AT"})
NO_TRUNK_ZERO = frozenset({"IT", "PL"})


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in its parts; `extension` is empty for a mobile and where lines have none."""

    country: str
    area: str
    number: str
    extension: str = ""

    def desk(self, rng: Random) -> "Phone":
        """Another line of the same house: an extension, or (without extensions) other last two digits."""
        other = f"{rng.randint(11, 89)}"
        if self.country in WITH_EXTENSIONS:
            return Phone(self.country, self.area, self.number, other)
        return Phone(self.country, self.area, self.number[:-2] + other)

    def written(self, rng: Random) -> str:
        """One of the ways in which people write it."""
        area = self.area.removeprefix("0") if self.country != "IT" else self.area
        grouped = _grouped(self.number) if rng.random() < 0.5 else self.number
        national = area if self.country in NO_TRUNK_ZERO else "0" + area
        code = DIALLING[self.country]
        tail = "" if not self.extension else rng.choice(("-", " - ", "-", " DW ", "/"))
        tail = tail.replace(" DW ", "-" if self.country == "DE" or self.extension == "0" else " DW ") + self.extension
        return rng.choice(
            (
                f"{national} {grouped}{tail}",
                f"{national} / {grouped}{tail}",
                f"({national}) {grouped}{tail}",
                f"+{code} {area} {grouped}{tail}",
                f"+{code} {area} {grouped}{tail}",
                f"00{code} {area} {self.number}{self.extension}",
            )
        )

    def international(self) -> str:
        """As a telephone system writes it."""
        area = self.area.removeprefix("0") if self.country != "IT" else self.area
        return f"+{DIALLING[self.country]}{area}{self.number}{self.extension}"


def landline(rng: Random, country: str, area: str) -> Phone:
    """A firm's or household's number; a firm's ends in the extension 0 where there are extensions."""
    digits = TRUNK_DIGITS[country]
    number = str(rng.randint(2, 8)) + "".join(rng.choice("0123456789") for _ in range(digits - 1))
    if country == "CH":
        number = number[:-2] + rng.choice(("00", "10", "20", "30", "40"))
    return Phone(country, area, number)


def mobile(rng: Random, country: str) -> Phone:
    """A mobile number of the country."""
    number = str(rng.randint(2, 8)) + "".join(rng.choice("0123456789") for _ in range(MOBILE_DIGITS[country] - 1))
    return Phone(country, rng.choice(MOBILE_AREAS[country]), number)


def vat_id(rng: Random, country: str) -> str:
    """A VAT id whose check digit is right, empty for countries without a rule here."""
    makers = {"DE": _german, "AT": _austrian, "CH": _swiss, "IT": _italian, "PL": _polish}
    maker = makers.get(country)
    while maker:
        if made := maker([rng.randint(1, 9), *(rng.randint(0, 9) for _ in range(8))]):
            return made
    return ""


def _german(digits: list[int]) -> str:
    """ISO 7064, MOD 11,10, over eight digits."""
    product = 10
    for digit in digits[:8]:
        total = (digit + product) % 10 or 10
        product = 2 * total % 11
    return f"DE{_joined(digits[:8])}{(11 - product) % 10}"


def _austrian(digits: list[int]) -> str:
    total = sum(digit if place % 2 == 0 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(digits[:7]))
    return f"ATU{_joined(digits[:7])}{(10 - (total + 4) % 10) % 10}"


def _swiss(digits: list[int]) -> str:
    """Uniform identification number: weights 5 4 3 2 7 6 5 4 modulo 11; a check digit of 10 is not given out."""
    check = (11 - sum(w * d for w, d in zip((5, 4, 3, 2, 7, 6, 5, 4), digits, strict=False)) % 11) % 11
    text = _joined(digits[:8]) + str(check)
    return "" if check == 10 else f"CHE-{text[:3]}.{text[3:6]}.{text[6:]} MWST"


def _italian(digits: list[int]) -> str:
    """Luhn over seven digits, a province code of three and the check digit."""
    body = [*digits[:7], 0, 2, 1]
    total = sum(digit if place % 2 == 0 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(body))
    return f"IT{_joined(body)}{(10 - total % 10) % 10}"


def _polish(digits: list[int]) -> str:
    check = sum(w * d for w, d in zip((6, 5, 7, 2, 3, 4, 5, 6, 7), digits, strict=False)) % 11
    return "" if check == 10 else f"PL{_joined(digits[:9])}{check}"


def iban(rng: Random) -> str:
    """An account somewhere in Europe, grouped in fours or not, with right check digits (ISO 13616)."""
    country, digits = rng.choice((("LT", 16), ("DE", 18), ("AT", 16), ("LU", 16)))
    account = "".join(rng.choice("0123456789") for _ in range(digits))
    rest = int("".join(str(int(char, 36)) for char in account + country + "00")) % 97
    text = f"{country}{98 - rest:02}{account}"
    if rng.random() < 0.5:
        return text
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def _joined(digits: list[int]) -> str:
    return "".join(map(str, digits))


def _grouped(number: str) -> str:
    """Pairs from the right, as on letterheads: 844 12 30."""
    head = len(number) % 2
    pairs = [number[start : start + 2] for start in range(head, len(number), 2)]
    if head:
        pairs[0] = number[0] + pairs[0]
    return " ".join(pairs)
