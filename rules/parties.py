"""What somebody is to us: customer, supplier, authority, applicant, partner or none of these, by what mails say.

    a mail       signs: whoever sells sends offers and invoices, whoever buys orders and asks for prices
    all of them  a kind, if the signs agree; nothing is proposed where they do not, or where nothing tells

The seller of a mail that came in is our supplier, the seller of a mail that we sent is ourselves. Replies carry the
other's subject, so of them only the text counts. Precision goes before recall: a person decides on what is left open.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rules import addresses
from rules.terms.customer import PartyKind
from rules.terms.finding import Evidence
from rules.terms.mail import Direction, MailKind
from rules.terms.party import Sign, Told

# Raised whenever mails give other signs than before: the pool is then looked through anew.
GENERATION = 1
_SUBJECT, _TEXT, _QUOTE, _FILE, _NAME = 200, 3000, 80, 120, 120

_REPLY = re.compile(r"\s{0,9}(?:aw|re|wg|fwd?|antw|sv)\s{0,3}(?:\[\d{1,3}\])?\s{0,3}:", re.IGNORECASE)
_PAPER = r"(?:angebot|kostenvoranschlag|auftragsbestätigung|lieferschein|rechnung|gutschrift)"
_ENGLISH_PAPER = r"(?:invoice|quotation|quote|offer|order confirmation|delivery note|credit note)"
# What the writer's own papers are called: at the beginning of a subject, or said to be one's own.
_SELLS_SUBJECT = re.compile(
    rf"\A\s{{0,9}}(?:{_PAPER}|{_ENGLISH_PAPER}|zahlungserinnerung|(?:\d\. )?mahnung|versandbestätigung|lieferavis"
    r"|bestellbestätigung|payment reminder|dispatch confirmation|ihre bestellung|ihr auftrag|your order)\b",
    re.IGNORECASE,
)
_SELLS = re.compile(
    rf"\bunser(?:e|en|em|er|es)? (?:\w{{1,20}} )?{_PAPER}|\bour (?:\w{{1,20}} )?{_ENGLISH_PAPER}\b"
    r"|\b(?:dank|danken ihnen) für (?:ihre|die|deine) (?:bestellung|anfrage)|\bdank für (?:ihren|den) auftrag"
    r"|\bthank(?:s| you) for your (?:order|enquiry|inquiry|purchase)"
    r"|\b(?:erlauben wir uns|stellen wir ihnen) (?:\w{1,20} ){0,6}(?:in rechnung|zu berechnen)"
    r"|\bbieten wir ihnen\b|\bwir bieten ihnen (?:\w{1,20} ){0,4}an\b|\bwe (?:are pleased to offer|herewith offer)\b",
    re.IGNORECASE,
)
_BUYS_SUBJECT = re.compile(
    r"\A\s{0,9}(?:bestellung|preisanfrage|angebotsanfrage|anfrage|nachbestellung|purchase order|request for quot\w{2,5}"
    r"|unsere bestellung|our order)\b",
    re.IGNORECASE,
)
_BUYS = re.compile(
    r"\bhiermit (?:bestell|beauftrag)\w{1,3}\b|\bbestell(?:en wir|e ich)\b|\b(?:möchten wir|möchte ich) "
    r"(?:\w{1,20} ){0,6}bestellen\b|\bunsere[rn]? bestellung\b|\berteilen wir ihnen den auftrag\b"
    r"|\bbitten? (?:sie |wir |ich )?(?:sie )?um (?:ein|ihr|das) (?:\w{1,20} )?(?:angebot|preisangebot)"
    r"|\b(?:senden|schicken|machen|unterbreiten) sie (?:uns|mir) (?:bitte )?(?:ein|ihr) (?:\w{1,20} )?angebot"
    r"|\bihr(?:e|en|em|er)? (?:angebot|kostenvoranschlag|rechnung|lieferung|auftragsbestätigung)\b"
    r"|\bwe (?:hereby |would like to )order\b|\bour (?:purchase )?order\b|\bplease (?:send (?:us|me) (?:a|your)|quote)"
    r"|\byour (?:quotation|quote|offer|invoice|delivery)\b",
    re.IGNORECASE,
)
_PAPER_FILE = re.compile(
    r"(?:re|rg|ar|ab|ls)[-_ ]?\d{3,12}|(?:rechnung|invoice|angebot|quotation|auftragsbest|lieferschein|mahnung)",
    re.IGNORECASE,
)
_ORDER_FILE = re.compile(r"(?:bestellung|purchase[-_ ]?order|po[-_ ]?\d{3,12})", re.IGNORECASE)
_APPLIES = re.compile(
    r"\A\s{0,9}(?:initiativ)?bewerbung\b|\bbewerbung (?:als|um|für|auf)\b|\bbewerbungsunterlagen\b"
    r"|\bapplication (?:for the|for a|as)\b.{0,60}\b(?:position|post|role|job|apprentice\w{0,4})\b",
    re.IGNORECASE,
)
_VITA = re.compile(r"lebenslauf|bewerbung|curriculum|(?:^|[\W_])cv(?:[\W_]|$)", re.IGNORECASE)
_OFFICE_DOMAIN = re.compile(
    r"(?:^|\.)(?:bund\.de|bayern\.de|nrw\.de|sachsen\.de|hessen\.de|thueringen\.de|brandenburg\.de|niedersachsen\.de"
    r"|rlp\.de|bwl\.de|saarland\.de|landsh\.de|arbeitsagentur\.de|europa\.eu|gov|gov\.uk|gv\.at|admin\.ch)$"
    r"|^(?:\w[\w-]{0,40}\.)?(?:stadt|gemeinde|landkreis|kreis|lra|finanzamt|polizei|zoll|ihk|hwk)-\w[\w-]{0,40}\.\w{2,6}$"
    r"|^(?:\w[\w-]{0,40}\.)?(?:finanzamt|zoll|polizei|ihk|hwk)\.\w{2,6}$"
)
_OFFICE_NAME = re.compile(
    r"\b(?:finanzamt|landratsamt|stadtverwaltung|gemeindeverwaltung|bezirksregierung|regierungspräsidium|amtsgericht"
    r"|landgericht|ordnungsamt|bauamt|gewerbeamt|hauptzollamt|bundesamt|landesamt|ministerium|agentur für arbeit"
    r"|jobcenter|berufsgenossenschaft|handwerkskammer|industrie- und handelskammer|hm revenue|city council"
    r"|county council|borough council)\b",
    re.IGNORECASE,
)
_ADVISER = re.compile(
    r"steuerberat|steuerkanzlei|wirtschaftsprüf|wirtschaftspruef|rechtsanw[aä]|rechtsanwaelt|anwaltskanzlei|\bnotariat"
    r"|\bsparkasse|volksbank|raiffeisenbank|\btax advis|\bsolicitors\b",
    re.IGNORECASE,
)
_MACHINE = re.compile(r"(?:no-?reply|do-?not-?reply|newsletter|news|marketing|mailing|bounces?|notifications?)\b")
_IN_BULK = frozenset({MailKind.NEWSLETTER, MailKind.LIST})

# What a sign says that somebody is, and how much one mail of it counts; as much is needed as ENOUGH.
_KINDS: Mapping[Sign, tuple[PartyKind, int]] = {
    Sign.APPLIES: (PartyKind.APPLICANT, 3),
    Sign.OFFICE: (PartyKind.AUTHORITY, 3),
    Sign.ADVISES: (PartyKind.PARTNER, 2),
    Sign.BUYS: (PartyKind.CUSTOMER, 2),
    Sign.SELLS: (PartyKind.SUPPLIER, 2),
    Sign.ADVERTISES: (PartyKind.OTHER, 1),
}
ENOUGH = 2
# So many times as much must speak for a kind as for any other.
_CLEARLY = 3


@dataclass(frozen=True, slots=True)
class Letter:
    """What of a mail tells what somebody is to us. `address` and `name` are the other's, whoever wrote."""

    direction: Direction
    kind: MailKind
    address: str
    name: str
    subject: str
    text: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """What somebody is taken for, None where that is open, and what the mails say."""

    kind: PartyKind | None
    reasons: tuple[Evidence, ...]


def signs(letter: Letter) -> dict[Sign, str]:
    """What one mail tells of whom it is exchanged with, each with the words that say so."""
    found: dict[Sign, str] = {}
    if office := _office(letter):
        found[Sign.OFFICE] = office
    elif adviser := _ADVISER.search(f"{letter.name[:_NAME]} {letter.address[:_NAME]}"):
        found[Sign.ADVISES] = letter.name[:_QUOTE] if adviser.end() <= len(letter.name[:_NAME]) else letter.address
    if letter.direction is Direction.INCOMING:
        if letter.kind in _IN_BULK or _MACHINE.match(letter.address):
            found[Sign.ADVERTISES] = letter.subject[:_QUOTE]
            if letter.kind in _IN_BULK:
                return found
        if applies := _application(letter):
            return found | {Sign.APPLIES: applies}
    trade = _trade(letter)
    if trade is not None:
        theirs, quote = trade
        # Whoever sells in a mail of ours is us.
        buys = theirs is Sign.BUYS
        found[Sign.BUYS if buys == (letter.direction is Direction.INCOMING) else Sign.SELLS] = quote
        found.pop(Sign.ADVERTISES, None)
    return found


def judged(told: Mapping[Sign, Told]) -> Judged:
    """What somebody is to us, by the signs of all their mails."""
    weights: dict[PartyKind, int] = {}
    for sign, one in told.items():
        kind, weight = _KINDS[sign]
        weights[kind] = weights.get(kind, 0) + weight * one.count
    ranked = sorted(weights.items(), key=lambda item: item[1], reverse=True)
    reasons = tuple(Evidence(sign.value, one.quote) for sign, one in _by_weight(told))
    if not ranked or ranked[0][1] < ENOUGH:
        return Judged(None, reasons)
    if len(ranked) > 1 and ranked[0][1] < _CLEARLY * ranked[1][1]:
        return Judged(None, reasons)
    return Judged(ranked[0][0], reasons)


def _by_weight(told: Mapping[Sign, Told]) -> list[tuple[Sign, Told]]:
    return sorted(told.items(), key=lambda item: _KINDS[item[0]][1] * item[1].count, reverse=True)


def _office(letter: Letter) -> str:
    domain = addresses.domain_of(letter.address)
    if _OFFICE_DOMAIN.search(domain[: addresses.LONGEST]):
        return domain
    named = _OFFICE_NAME.search(letter.name[:_NAME])
    return letter.name[:_QUOTE] if named and not addresses.is_freemail(domain) else ""


def _application(letter: Letter) -> str:
    """The words by which somebody applies for a job: in the subject of a new mail, with a vita or saying so again."""
    subject = letter.subject[:_SUBJECT]
    if letter.kind is not MailKind.PERSON or _REPLY.match(subject) or not _APPLIES.search(subject):
        return ""
    vita = any(_VITA.search(name[:_FILE]) for name in letter.files[:20])
    said = re.search(r"\bbewerbe\b|\bbewerbung\b|\bappl(?:y|ying|ication)\b", letter.text[:_TEXT], re.IGNORECASE)
    return subject[:_QUOTE].strip() if vita or said else ""


def _trade(letter: Letter) -> tuple[Sign, str] | None:
    """Whether the writer of a mail sells or buys, and the words; None where neither or both is said."""
    subject, text = letter.subject[:_SUBJECT], letter.text[:_TEXT]
    reply = bool(_REPLY.match(subject))
    files = [] if reply else [name[:_FILE] for name in letter.files[:20]]
    paper = next((name for name in files if _PAPER_FILE.match(name)), "")
    order = next((name for name in files if _ORDER_FILE.match(name)), "")
    in_subject = None if reply else subject
    sells = paper or _quote(_SELLS_SUBJECT, in_subject) or _quote(_SELLS, text)
    buys = order or _quote(_BUYS_SUBJECT, in_subject) or _quote(_BUYS, text) or _quote(_BUYS, in_subject)
    if paper and not order and not _BUYS.search(text):
        # "Ihre Rechnung" with the invoice attached is the writer's own.
        return Sign.SELLS, _subject_or(subject, paper)
    if bool(sells) == bool(buys):
        return None
    return (Sign.SELLS, sells) if sells else (Sign.BUYS, buys)


def _subject_or(subject: str, otherwise: str) -> str:
    return subject.strip()[:_QUOTE] or otherwise[:_QUOTE]


def _quote(pattern: re.Pattern[str], text: str | None) -> str:
    """The words around what was found: up to the ends of the line, and not too long."""
    match = pattern.search(text) if text else None
    if text is None or match is None:
        return ""
    begin = max(text.rfind("\n", 0, match.start()) + 1, match.start() - 20)
    return text[begin : begin + _QUOTE].partition("\n")[0].strip()
