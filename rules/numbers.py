"""Numbers on paper: customer, order, invoice, offer numbers and the like in a text, and VAT ids.

A number counts when a label names it, or when it has a shape that the pool's own numbers have. Dates, amounts,
telephone numbers, bank accounts and postcodes are none. Numbers that the writer calls their own are `theirs`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

_LONGEST_TEXT = 20_000
_MOST = 20
# A mail with more groups of digits is a table, and its first rows tell enough.
_MOST_ASKED = 400
_LOOK_BACK = 60
_SEPARATORS = re.compile(r"[\s\-_/.#:]+")
_ZEROS = re.compile(r"^(\D{0,6})0+(?=\d)")
_DIGITS = re.compile(r"\d+")
_PREFIX = re.compile(r"[A-Z]{1,4}(?=\d)")
_LETTERS = re.compile(r"[A-Z]")


def normal(number: str) -> str:
    """The spelling under which numbers are compared: capitals, no separators, no leading zeros ("K-00174" → "K174")."""
    return _ZEROS.sub(r"\1", _compact(number))


def shape(number: str) -> str:
    """How a number is built: its prefix, "9" for a digit, "A" for another letter ("RE-24/7" → "RE999")."""
    compact = _compact(number)
    prefix = _PREFIX.match(compact)
    head = prefix.group() if prefix else ""
    return head + _LETTERS.sub("A", _DIGITS.sub(lambda digits: "9" * len(digits.group()), compact[len(head) :]))


def _compact(number: str) -> str:
    return _SEPARATORS.sub("", number[:60].upper())


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text.

    `value` is its normal form; `type` what a label calls it ("customer", "order" …), None without a label.
    `theirs`: the writer calls it their own ("unser Zeichen", "our PO"), so it is none of ours. `ours`: they call it
    ours ("Ihre Rechnung", "your quotation"), so it tells whose matter they write in, whoever they are themselves.
    """

    value: str
    quote: str
    type: str | None = None
    theirs: bool = False
    ours: bool = False


@dataclass(frozen=True, slots=True)
class VatId:
    """A VAT id: `value` in capitals without separators; `valid`: its check digits fit."""

    value: str
    quote: str
    valid: bool


# A label's noun by type; the words around it ("Ihre", "-Nr.", ":") are in _LABEL.
_NOUNS: dict[str, str] = {
    "customer": r"kunden?|kd|kdn|debitor(?:en)?|mandanten|mitglieds?|customer|client|account|member(?:ship)?|cust",
    "invoice": (
        r"(?:sammel|teil|schluss|abschlags)?rechnung(?:en|s)?|rg|rech|re|invoices?|inv|beleg|faktura|gutschrift"
        r"|credit note|mahnung|zahlungsreferenz|verwendungszweck"
    ),
    "order": (
        r"(?:auftrags?(?:bestätigung)?|aufträge|auftraege|auftr|bestell(?:ung(?:en|s)?)?|best|ab"
        r"|orders?(?: confirmation)?|kommission|lieferung|lieferschein|ls|delivery(?: note)?|sendungs?|shipment"
        r"|wartungsauftrag)"
    ),
    "offer": r"angebot(?:e|s)?|ang|offerte|kostenvoranschlag|kva|offer|quot(?:e|ation)|quote|estimate",
    "ticket": (
        r"ticket|vorgangs?|fall|case|reklamations?|rma|retouren?|schadens?|service|meldung|incident|request|anfrage"
    ),
    "contract": r"vertrags?|wartungsvertrag|contract|agreement|policen?|projekts?|project",
    "reference": r"zeichen|referenz|ref(?:erence)?|az|aktenzeichen|gz|geschäftszeichen",
}
_NUMBER_WORD = r"(?:[-\s.]{0,2}(?:nr|no|nummern?|numbers?|num|id|ident|konto|kz|#|№)\b\.?)?"
_LABEL = re.compile(
    r"(?P<whose>(?<!\w)(?:unsere?[mnrs]?|uns\.|meine?[mnrs]?|interne?[mnrs]?|our|my|ihre?[mnrs]?|ihr|your"
    r"|eure?[mnrs]?|deine?[mnrs]?)\s+"
    r"(?:interne?[mnrs]?\s+)?)?"
    r"(?<![^\W_])(?:"
    + "|".join(f"(?P<{name}>{noun})" for name, noun in _NOUNS.items())
    + r"|(?P<purchase>p\.?o\.?|purchase order|bestellzeichen))"
    rf"(?P<worded>{_NUMBER_WORD})(?P<where>\s+(?:bei|with|at) (?:ihnen|euch|dir|you|uns|us))?"
    r"(?:\s*\(?(?:lautet|ist|is|mit der nummer|mit der nr\.|no\.|nr\.|nummer"
    rf"|number)\)?)?[\s:.#=*_-]{{0,6}}$",
    re.IGNORECASE,
)
_OURS = re.compile(r"ihre?|your|eure?|deine?", re.IGNORECASE)
_THEIRS = re.compile(r"uns|mein|intern|our|my", re.IGNORECASE)
# "Meine Bestellung": a private person's, who numbers nothing; the number is the shop's.
_MINE, _NUMBERED_FOR_THEM = re.compile(r"mein|my", re.IGNORECASE), ("order", "ticket", "contract")
# "Ihre Kundennummer bei uns", "die Rechnung 4711 von uns": a supplier's words.
_WITH_THEM = re.compile(r"\s(?:uns|us)$", re.IGNORECASE)
_FROM_THEM = re.compile(r"[\s,)]{1,3}(?:von uns|aus unserem hause?|from us)\b", re.IGNORECASE)
_TOKEN = re.compile(r"\d\w{0,20}(?:[-/_.]\w{1,12}){0,4}")
_HEAD = re.compile(r"(?<![^\s(\[:,;/\"'„#|>])(?:[A-Za-zÄÖÜäöü]{1,6}[-/_.]?){1,2}$")
_LISTED = re.compile(r"[\s,;/&+]{1,3}(?:und|and|sowie|u\.)?\s{0,2}#?")
_PREFIXED = re.compile(r"(?<![\w.])([A-Z]{1,4})[ ]$")
_GROUP = re.compile(r" (\d{2,8})(?![\w.,:/-])")

_DATE = re.compile(
    r"\d{1,2}[./-]\d{1,2}(?:[./-](?:\d{4}|\d{2}))?\.?|(?:19|20)\d\d-[01]\d(?:-[0-3]\d)?(?:T\S*)?|\d{1,2}/(?:19|20)\d\d"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:h|uhr)?", re.IGNORECASE)
_AMOUNT = re.compile(r"\d{1,3}(?:[.,]\d{3})*[.,]\d{2}|\d+[.,]\d{1,2}")
_UNIT = re.compile(
    r"\s{0,2}(?:€|eur\b|euro\b|chf\b|fr\.|usd\b|\$|£|gbp\b|%|uhr\b|h\b|st(?:ü|ue)?c?k\b|stk\b|pcs\b|x\b|mal\b|mm\b"
    r"|cm\b|m\b|m²|kg\b|g\b|l\b|kwh?\b"
    r"|tage?n?\b|wochen?\b|monaten?\b|jahren?\b|minuten?\b|stunden?\b|prozent\b|days?\b|weeks?\b|pieces?\b|:\d\d)",
    re.IGNORECASE,
)
# What is numbered, too, and is no number of ours or theirs.
_OTHER_THINGS = re.compile(
    r"(?:artikel|art|serien|serial|s/n|sn|charge|lot|modell|model|typ|type|steuer|st|kto|fn|eori|gln|ean|gtin|isbn|pzn"
    r"|zähler|zaehler|fahrgestell|fin|material|teile|part|bestandsnr|ausweis)[-\s.]{0,2}(?:nr|nummer|no|number|id|#)?"
    r"[\s.:#]{0,3}$",
    re.IGNORECASE,
)
_MONEY_BEFORE = re.compile(
    r"(?:€|eur|euro|chf|\$|£|betrag|summe|preis|amount|kw|seite|page|plz|hrb|hra|blz|bic|iban|tel|fon|fax|mobil"
    r"|phone)[\s.:]{0,3}$",
    re.IGNORECASE,
)
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){3,7}(?: ?[A-Z\d]{1,3})?(?!\w)")
_PHONE = re.compile(r"(?<![\w])(?:\+|00)\d[\d ()/.-]{6,25}\d|(?<![\w.,-])\(?0\d{2,5}\)?[ /-]{1,3}\d[\d /.-]{2,20}\d")


def find(text: str, shapes: Mapping[str, Mapping[str, int]]) -> list[Number]:
    """The numbers in a text, in their order, each once; bounded.

    Args:
        text: subject, new text and signature.
        shapes: the shapes of the pool's own numbers, by where they come from ("customer", "order" …) with their counts.
    """
    text = text[:_LONGEST_TEXT]
    known = {one for counted in shapes.values() for one in counted}
    accounts = [match.span() for match in _IBAN.finditer(text)]
    found: dict[str, Number] = {}
    listed: tuple[int, _Label] | None = None
    done = 0
    for match in islice(_TOKEN.finditer(text), _MOST_ASKED):
        start, end = match.span()
        if start < done or any(begin <= start < stop for begin, stop in accounts):
            continue
        head = _HEAD.search(text, max(0, start - 14), start)
        start = head.start() if head else start
        if not head and _inside_word(text, start):
            continue
        label = _label(text, start, listed)
        token, start, end = _extended(text, start, end, text[start:end], known)
        done = end
        named = _judged(text, start, end, token, label, known)
        if named is None:
            continue
        if label is not None:
            listed = (end, label)
        found.setdefault(named.value, named)
        if len(found) == _MOST:
            break
    return list(found.values())


def _inside_word(text: str, start: int) -> bool:
    """Whether a number goes on from what stands before it: the tail of a word, an address or a larger number."""
    return start > 0 and (text[start - 1].isalnum() or text[start - 1] in "@.,+_-/=&?%")


def _in_address(text: str, start: int, end: int) -> bool:
    """Whether a number is part of a mail or web address."""
    begin = max(text.rfind(sign, max(0, start - 200), start) for sign in " \n\t<(")
    word = text[begin + 1 : end + 60].split(maxsplit=1)
    return bool(word) and ("@" in word[0] or "://" in word[0] or word[0].startswith("www."))


def _in_call(text: str, start: int) -> bool:
    """Whether a number is part of a telephone number."""
    begin = text.rfind("\n", max(0, start - 40), start) + 1 or max(0, start - 40)
    return any(match.start() <= start < match.end() for match in _PHONE.finditer(text, begin, start + 40))


_STEM = re.compile(
    "kund|kd|deb|mand|mitgl|cust|client|acc|memb|rech|rg|re|inv|beleg|fakt|gutsch|credit|mahn|verwend|auftr|aufträ|best|ab"
    "|order|komm|lief|ls|deli|send|ship|ang|off|kva|kosten|quot|esti|tick|vorg|fall|case|rekl|rma|ret|schad|serv|meld|inci"
    r"|anfr|vert|contr|agree|pol|proj|zeich|az|gz|gesch|p\.?o"
)


class _Label(NamedTuple):
    """What stands before a number. `worded`: it says that a number follows."""

    kind: str
    theirs: bool
    ours: bool
    worded: bool


def _label(text: str, start: int, listed: tuple[int, _Label] | None) -> _Label | None:
    """What stands before a number; a list goes on under the label of its first."""
    if listed is not None and 0 <= start - listed[0] <= 8 and _LISTED.fullmatch(text, listed[0], start):
        return listed[1]._replace(worded=True)
    before = text[max(0, start - _LOOK_BACK) : start].rpartition("\n\n")[2]
    match = _LABEL.search(before) if _STEM.search(before.lower()) else None
    if match is None:
        return None
    kind = "order" if match["purchase"] else next(name for name in _NOUNS if match[name])
    ours = bool(kind != "customer" and match["whose"] and _OURS.match(match["whose"]))
    worded = bool(match["worded"].strip()) or before.rstrip().endswith(("#", ":"))
    return _Label(kind, _is_theirs(match, kind), ours, worded)


def _is_theirs(match: re.Match[str], kind: str) -> bool:
    if match["where"]:
        return bool(_WITH_THEM.search(match["where"]))
    if match["purchase"]:
        return not (match["whose"] and _OURS.match(match["whose"]))
    if match["whose"] and kind in _NUMBERED_FOR_THEM and _MINE.match(match["whose"]):
        return False
    # A customer's own customer number is the one that we gave them.
    return bool(match["whose"] and kind != "customer" and _THEIRS.match(match["whose"]))


def _extended(text: str, start: int, end: int, token: str, known: set[str]) -> tuple[str, int, int]:
    """The token with a prefix or group of digits that stands apart, where the pool knows the number they make."""
    prefix = _PREFIXED.search(text, max(0, start - 6), start)
    if prefix and shape(prefix[1] + token) in known:
        start = prefix.start(1)
        token = text[start:end]
    group = _GROUP.match(text, end)
    if group and shape(token) not in known and shape(token + group[1]) in known:
        return text[start : group.end()], start, group.end()
    return token, start, end


def _judged(text: str, start: int, end: int, token: str, label: _Label | None, known: set[str]) -> Number | None:
    value = normal(token)
    shaped = shape(token) in known
    digits = sum(letter.isdigit() for letter in token)
    if not value or _is_measure(text, start, end, token) or _in_address(text, start, end):
        return None
    if label is not None:
        enough = 2 if label.worded else 4
        if shaped or digits >= enough or (digits >= 2 and not token.isdigit() and not token[0].isdigit()):
            theirs = label.theirs or bool(_FROM_THEM.match(text, end))
            return Number(value, token, label.kind, theirs, label.ours and not theirs)
        return None
    lettered = any(letter.isalpha() for letter in token)
    if not shaped or digits < (4 if lettered else 6) or _in_call(text, start):
        return None
    if _OTHER_THINGS.search(text, max(0, start - 24), start):
        return None
    return Number(value, token)


def _is_measure(text: str, start: int, end: int, token: str) -> bool:
    """Whether a number tells a day, a time, an amount or a quantity."""
    if any(pattern.fullmatch(token) for pattern in (_DATE, _CLOCK, _AMOUNT, _YEAR)):
        return not (token.isdigit() and len(token) == 4 and text[:start].rstrip().endswith(("#", ":")))
    return bool(_UNIT.match(text, end) or _MONEY_BEFORE.search(text, max(0, start - 12), start))


# "9" is a digit, "X" a digit or letter, "A" a letter; the longest form of a country first.
_VAT_FORMS: dict[str, str] = {
    "AT": "ATU99999999", "BE": "BE9999999999", "BG": "BG9999999999|BG999999999", "CY": "CY99999999A",
    "CZ": "CZ9999999999|CZ999999999|CZ99999999", "DE": "DE999999999", "DK": "DK99999999", "EE": "EE999999999",
    "EL": "EL999999999", "ES": "ESX9999999X", "FI": "FI99999999", "FR": "FRXX999999999", "HR": "HR99999999999",
    "HU": "HU99999999", "IE": "IE9X99999AA|IE9X99999A", "IT": "IT99999999999", "LT": "LT999999999999|LT999999999",
    "LU": "LU99999999", "LV": "LV99999999999", "MT": "MT99999999", "NL": "NL999999999B99", "PL": "PL9999999999",
    "PT": "PT999999999", "RO": "RO9999999999|RO999999999|RO99999999|RO9999999|RO999999", "SE": "SE999999999999",
    "SI": "SI99999999", "SK": "SK9999999999", "XI": "XI999999999", "GB": "GB999999999999|GB999999999",
    "NO": "NO999999999", "CH": "CHE999999999",
}  # fmt: skip
_SIGNS = {"9": r"\d", "X": r"[A-Z\d]", "A": r"[A-Z]"}


def _pattern(form: str) -> str:
    """A form with the separators that people put between its groups. The country's letters stand together."""
    head = 3 if form.startswith(("CHE", "ATU")) else 2
    return form[:head] + "".join(r"[ .-]{0,2}" + _SIGNS.get(sign, sign) for sign in form[head:])


_SIX_DIGITS = re.compile(r"\d(?:[ .-]{0,2}\d){5}")
_VAT = re.compile(
    "(?<![A-Z0-9])(?:"
    + "|".join(_pattern(form) for row in _VAT_FORMS.values() for form in row.split("|"))
    + r")(?![A-Z0-9])",
    re.IGNORECASE,
)


def vat_ids(text: str) -> list[VatId]:
    """The VAT ids in a text, with whether their check digits fit (EU, Switzerland, UK, Norway); bounded."""
    found: dict[str, VatId] = {}
    text = text[:_LONGEST_TEXT]
    for digits in islice(_SIX_DIGITS.finditer(text), _MOST_ASKED):
        match = _VAT.search(text, max(0, digits.start() - 8), digits.start() + 40)
        if match is None:
            continue
        value = re.sub(r"[ .-]", "", match[0].upper())
        found.setdefault(value, VatId(value, match[0], _is_valid(value)))
        if len(found) == _MOST:
            break
    return list(found.values())


def _is_valid(value: str) -> bool:
    # Each of the package's modules costs time to load; most mails hold no id.
    if value.startswith("CHE"):
        from stdnum.ch import uid

        return bool(uid.is_valid(value))
    if value.startswith("GB"):
        from stdnum.gb import vat as british

        return bool(british.is_valid(value))
    if value.startswith("NO"):
        from stdnum.no import orgnr

        return bool(orgnr.is_valid(value[2:]))
    from stdnum.eu import vat

    return bool(vat.is_valid(value))
