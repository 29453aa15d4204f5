"""What a notice of absence says: until when somebody is away, and whom to turn to meanwhile."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from rules.terms.mail import Absence, Address

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar jänner january jan janvier enero gennaio",
            "februar feber february feb février febrero febbraio",
            "märz maerz march mar mrz mär mars marzo maart",
            "april apr avril abril aprile",
            "mai may mayo maggio mei",
            "juni june jun juin junio giugno",
            "juli july jul juillet julio luglio",
            "august aug août agosto augustus",
            "september sept sep septembre septiembre settembre",
            "oktober october okt oct octobre octubre ottobre",
            "november nov novembre noviembre",
            "dezember december dez dec décembre diciembre dicembre",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = (
    r"(?:(?:mo|di|mi|do|fr|sa|so|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun|montag|dienstag|mittwoch|donnerstag"
    r"|freitag|samstag|sonnabend|sonntag)(?:day)?\.?,?\s{1,3})?(?:(?:den|dem|the|le|el|il)\s{1,3})?"
    r"(?:(?P<iso>\d{4}-\d{2}-\d{2})"
    r"|(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.(?:\s?(?P<year>20\d\d|\d\d(?![:.\d])))?"
    r"|(?P<one>\d{1,2})/(?P<other>\d{1,2})(?:/(?P<slashed>20\d\d|\d\d))?"
    rf"|(?P<day2>\d{{1,2}})(?:\.|st|nd|rd|th)?\s{{0,3}}(?:of\s|de\s)?(?P<name>{_MONTH})\b\.?,?(?:\s{{1,3}}(?P<year2>20\d\d))?"
    rf"|(?P<name3>{_MONTH})\b\.?\s{{1,3}}(?P<day3>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s{{1,3}}(?P<year3>20\d\d))?)"
)
_LAST_DAY = re.compile(
    r"\b(?:bis|until|till|through|thru|to|jusqu'au|hasta|fino al|tot(?: en met)?|–|-)\s{1,3}"
    r"(?:(?:einschließlich|einschl\.|inkl\.|and including|inclusive|zum)\s{1,3}){0,2}" + _DATE,
    re.IGNORECASE,
)
_RANGE = re.compile(rf"(?<=[\d.])\s?[-–]\s?{_DATE}", re.IGNORECASE)
_DAYS_OF_A_MONTH = re.compile(
    rf"\b(?P<name3>{_MONTH})\.?\s{{1,3}}\d{{1,2}}(?:st|nd|rd|th)?\s?[-–]\s?(?P<day3>\d{{1,2}})\b(?:,?\s(?P<year3>20\d\d))?",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"\b(?:(?:wieder |again )?(?:ab|seit|am)|back|return(?:ing)?|zurück|wieder|available)\b"
    r"[^.!?\n\d]{0,40}?(?:\b(?:ab|am|on|from|at|in the office)\s{1,3})?" + _DATE,
    re.IGNORECASE,
)
_BACK_WORDS = re.compile(r"wieder|zurück|back|return|again|available from|erreichbar|retour|de vuelta", re.IGNORECASE)
_INSTEAD = re.compile(
    r"vertr(?:et|itt)|wenden sie sich|kontaktieren sie|wende dich|ansprechpartner|in dringenden|dringende[rn]? |eilige"
    r"|(?:meine?n?|unsere?n?) kolleg|urgent|please contact|contact my|reach out to|my colleague|in my absence"
    r"|en cas d'urgence|mon collègue|ma collègue|urgente|mi compañer|collega",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}")
_TITLED = r"(?:(?i:frau|herrn?|dr\.|prof\.|mr\.?|mrs\.?|ms\.?|m\.|mme)\s{1,3})"
_NAME = r"[A-ZÄÖÜ][\w'’-]{1,30}(?:\s{1,3}(?:von|van|de|zu|der)\b){0,2}(?:\s{1,3}[A-ZÄÖÜ][\w'’-]{1,30}){0,2}"
_BEFORE_ADDRESS = re.compile(
    rf"(?:{_TITLED}{{0,3}})((?:{_NAME}))[\s,;:(<\[–-]{{0,5}}(?:(?i:per|unter|via|at|mail|e-mail|mailto)[\s:]{{1,3}}){{0,3}}$"
)
_TITLED_NAME = re.compile(rf"{_TITLED}{{1,3}}({_NAME})")
_COLLEAGUE = re.compile(
    rf"(?i:kolleg(?:e|in|en)|colleague|vertretung(?:\sist|\sübernimmt|:)|vertreten\s(?:durch|von)|vertritt\smich|"
    rf"contact|collègue),?\s{{1,3}}{_TITLED}{{0,3}}({_NAME})"
)
_NO_NAMES = frozenset(
    "bitte sie ihre ihr an unter meine mein kollegin kollegen kollege herr frau fragen please my our the mit"
    " freundlichen in dringenden urgent kontakt e-mail mail email tel telefon mobil phone".split()
)
_READ = 4000
_WINDOW = 250
_BEFORE = 60
_LONGEST = timedelta(days=400)


def absence_of(text: str, written: date | None, own: str) -> Absence:
    """The absence that a notice states.

    Args:
        text: what the notice says.
        written: when; dates without a year are meant from then on.
        own: the address of whoever is away, who is not their own deputy.
    """
    text = text[:_READ]
    return Absence(_until(text, written), _deputy(text, own.lower()))


def _until(text: str, written: date | None) -> date | None:
    for pattern in (_LAST_DAY, _DAYS_OF_A_MONTH, _RANGE):
        for found in pattern.finditer(text):
            day = _date(found, written)
            if day:
                return day
    for found in _BACK.finditer(text):
        around = text[max(0, found.start() - 60) : found.end() + 60]
        day = _date(found, written) if _BACK_WORDS.search(around) else None
        if day:
            return day - timedelta(days=1)
    return None


def _date(found: re.Match[str], written: date | None) -> date | None:
    """The date that was matched; None when it is none, or cannot be meant as the end of an absence."""
    # 3/4 is in April or in March: whoever does not know the country does not know.
    days = set(_meant(found, written))
    return days.pop() if len(days) == 1 else None


def _meant(found: re.Match[str], written: date | None) -> Iterator[date]:
    """The dates that it can mean; without a year the next one."""
    get = found.groupdict().get
    if iso := get("iso"):
        numbers = [(iso[:4], int(iso[5:7]), int(iso[8:]))]
    elif one := get("one"):
        other = get("other") or "0"
        numbers = [(get("slashed"), int(other), int(one)), (get("slashed"), int(one), int(other))]
    elif day := get("day"):
        numbers = [(get("year"), int(get("month") or 0), int(day))]
    elif day := get("day2"):
        numbers = [(get("year2"), _MONTHS[(get("name") or "").lower()], int(day))]
    else:
        numbers = [(get("year3"), _MONTHS[(get("name3") or "").lower()], int(get("day3") or 0))]
    for stated, month, day_of_month in numbers:
        for year in _years(stated, written):
            try:
                meant = date(year, month, day_of_month)
            except ValueError:
                continue
            if _likely(meant, written):
                yield meant
                break


def _years(stated: str | None, written: date | None) -> tuple[int, ...]:
    if stated:
        return (int(stated) + (2000 if len(stated) == 2 else 0),)
    return (written.year, written.year + 1) if written else ()


def _likely(day: date, written: date | None) -> bool:
    return written is None or written - timedelta(days=2) <= day <= written + _LONGEST


def _deputy(text: str, own: str) -> Address | None:
    for found in _INSTEAD.finditer(text):
        window = text[found.start() : found.end() + _WINDOW]
        address = next((one for one in _ADDRESS.finditer(window) if one[0].lower() != own), None)
        if address:
            before = _BEFORE_ADDRESS.search(window[max(0, address.start() - 100) : address.start()])
            # One capital letter alone makes no name in German.
            name = _name(before) if len(_name(before).split()) > 1 else _name(_anyone(window[: address.start()]))
            return Address(address[0].rstrip("."), name)
        # The name may stand before the verb: "Frau Meier vertritt mich".
        line = text.rfind("\n", 0, found.start()) + 1
        named = _anyone(text[max(line, found.start() - _BEFORE) : found.end() + _WINDOW])
        if _name(named):
            return Address("", _name(named))
    return None


def _anyone(words: str) -> re.Match[str] | None:
    return _TITLED_NAME.search(words) or _COLLEAGUE.search(words)


def _name(found: re.Match[str] | None) -> str:
    if found is None:
        return ""
    words = found[1].split()
    while words and words[0].lower() in _NO_NAMES:
        words.pop(0)
    while words and words[-1].lower() in _NO_NAMES:
        words.pop()
    return " ".join(words)
