"""Who brought a customer: sentences of a mail that say who recommended us ("Frau Hansen hat Sie mir empfohlen").

Only what somebody else did counts: "ich habe Sie Frau Hansen empfohlen" goes the other way, "Frau Hansen hat mir
empfohlen, den Filter zu tauschen" is about something else, "nicht empfohlen" is no recommendation.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.cues import LONGEST_TEXT
from rules.mentions import sentences

_LONGEST_SENTENCE = 400
_MOST = 3
_ANNOUNCED = re.compile(
    r"empf(?:ohlen|iehl|ahl|ehl)|aufmerksam|verwiesen|gegeben|bekommen|erhalten|recommend|referr|suggested|pointed"
    r"|gave|got your|have your",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:nicht|kein\w{0,2}|nie|not|never|nobody|niemand|n't)\b|n['’]t\b", re.IGNORECASE)

_WORD = r"(?:[A-ZÀ-Ý][\w'’&.-]{0,30}|[a-z]\.[KVkv]\.)"
_TITLE = r"(?:(?:Dr|Prof|Dipl|Ing)\.?-?\s){0,3}"
_PARTICLE = r"(?:(?:von|van|de|der|den|zu|und|&)\s){0,2}"
_BEFORE = (
    r"(?:(?:(?:Ihr|Eur|unser|mein|dein)(?:e|en|em|er)?|die|der|das|dem|den|the|my|our|your)\s"
    r"(?:(?:lieber?|gute[rn]?|langjährige[rn]?|dear|good)\s)?"
    r"(?:(?:Kund|Kolleg|Nachbar|Freund|Bekannt|Geschäftspartner|Partner|Schwager|Schwägerin|Bruder|Schwester|Mutter|Vater"
    r"|Steuerberater|Architekt|Vermieter|Chef)\w{0,5}|(?:customer|client|colleague|neighbour|neighbor|friend|partner"
    r"|architect|landlord|brother|sister|boss)s?)?,?\s?)?"
    r"(?:Frau|Herrn?|Hr\.|Hrn\.|Fr\.|Familie|Firma|Fa\.|Mr\.?|Mrs\.?|Ms\.?|Messrs\.?)?\s?"
)
_NAME = rf"{_BEFORE}(?P<name>{_TITLE}{_WORD}(?:\s{_PARTICLE}{_WORD}){{0,5}})"
_US = r"(?:Sie|Euch|euch|Dich|dich|(?:Ihr|Eur|Dein|dein)(?:e|en)?\s(?:\w{2,30}\s)?[A-ZÄÖÜ][\w-]{2,30})"
_ME = r"(?:mir|uns|meine[rm]\s\w{2,20}|unsere[rm]\s\w{2,20})"
_REACHED = (
    r"(?:Ihre?n?|Eure?n?|Deine?n?|deine?n?)\s(?:Nummer|Telefonnummer|Adresse|Mailadresse|E-Mail-Adresse|Kontakt"
    r"|Kontaktdaten|Namen|Visitenkarte)"
)
_SOME = r"(?:\s\w{2,20}){0,3}?"

_FORMS = tuple(
    re.compile(form)
    for form in (
        # Frau Hansen hat Sie (uns wärmstens) empfohlen · hat mir Ihren Betrieb empfohlen
        rf"{_NAME},?\s(?:hat|haben|hatte|hatten)\s(?:{_ME}\s)?{_US}(?:\s{_ME})?{_SOME}\s(?:weiter)?empfohlen",
        rf"{_NAME},?\s(?:empfahl|empfiehlt)\s(?:{_ME}\s)?{_US}",
        # Sie wurden (uns) von Frau Hansen empfohlen · wurde ich von … an Sie verwiesen
        rf"{_US}\s(?:wurden?|wurdet|sind|ist)\s(?:{_ME}\s)?{_SOME}(?:\s)?(?:von|durch)\s{_NAME}{_SOME}\s(?:weiter)?empfohlen",
        rf"(?:von|durch)\s{_NAME}\s(?:{_ME}\s)?(?:an\s)?{_US}\s(?:weiter)?(?:empfohlen|verwiesen)",
        rf"(?:von|durch)\s{_NAME}\san\s{_US}\sverwiesen",
        # auf Empfehlung von Frau Hansen · Ihren Kontakt habe ich von …
        rf"(?:[Aa]uf|[Dd]urch|[Aa]ufgrund)\s(?:die\s|der\s|eine\s|einer\s|wärmste\s)?Empfehlung\s(?:von|der|des)\s{_NAME}",
        rf"{_NAME}\s(?:hat|hatte)\s{_ME}\s{_REACHED}\s(?:weiter)?gegeben",
        rf"{_REACHED}\s(?:habe|haben|hat|bekam|erhielt)\s(?:ich|wir)\s{_SOME}\s?(?:von|durch|über)\s{_NAME}",
        rf"{_REACHED}{_SOME}\s(?:von|durch|über)\s{_NAME}{_SOME}\s(?:bekommen|erhalten)",
        rf"(?:durch|über|von)\s{_NAME}{_SOME}\sauf\s{_US}\saufmerksam",
        # English
        rf"{_NAME}\s(?:has\s|had\s)?(?:kindly\s|warmly\s|highly\s)?recommended\s(?:you|your\s\w{{2,30}})",
        rf"{_NAME}\s(?:has\s|had\s)?(?:kindly\s)?(?:referred|pointed)\s(?:me|us)\sto\syou",
        rf"{_NAME}\s(?:has\s)?suggested\s(?:that\s)?(?:I|we)\s(?:contact|call|write to|get in touch with|ask|try)\syou",
        rf"{_NAME}\s(?:has\s)?(?:gave|given)\s(?:me|us)\syour\s(?:number|name|details|contact|address|card)",
        rf"[Yy]ou\s(?:were|have been|came)\s(?:highly\s|warmly\s)?recommended\s(?:to\s(?:me|us)\s)?by\s{_NAME}",
        rf"(?:referred|recommended)\s(?:to\syou\s)?by\s{_NAME}",
        rf"[Oo]n\s(?:the\s)?(?:recommendation|advice)\s(?:of|from|by)\s{_NAME}",
        rf"(?:got|have|received|was given)\syour\s(?:number|name|details|contact|address)\s(?:details\s)?"
        rf"(?:from|by|through|via)\s{_NAME}",
    )
)
_CALLED = frozenset("frau herr herrn hr hrn fr familie firma fa mr mrs ms messrs nachbar nachbarin nachbarn".split())
# Words that stand where a name would, and name nobody we know.
_NOBODY = frozenset(
    "ich wir man sie er es ihr google internet bekannte freunde kollegen nachbarn i we you they he she people friends "
    "somebody someone everybody google bing chatgpt ihre eure ihr ihnen das die der".split()
)


@dataclass(frozen=True, slots=True)
class Mention:
    """Who is said to have recommended us, as written, and the sentence that says so."""

    name: str
    quote: str


def mentions(text: str) -> tuple[Mention, ...]:
    """Whom a mail's new text names as having sent its writer to us; at most three."""
    found: dict[str, Mention] = {}
    for sentence in _telling(text[:LONGEST_TEXT]):
        for form in _FORMS:
            match = form.search(sentence)
            name = _clean(match["name"]) if match else ""
            if name:
                found.setdefault(name, Mention(name, sentence))
                break
        if len(found) == _MOST:
            break
    return tuple(found.values())


def _telling(text: str) -> Iterator[str]:
    """The sentences that may say it, each on one line."""
    if not _ANNOUNCED.search(text):
        return
    for begin, end in sentences(text):
        sentence = " ".join(text[begin:end].split())[:_LONGEST_SENTENCE]
        if _ANNOUNCED.search(sentence) and not _NOT.search(sentence):
            yield sentence


def _clean(name: str) -> str:
    """A name without what stands before it ("die Firma", "Herrn"); "" where it is none."""
    words = name.strip(" .,;:").split()
    called = max((at for at, word in enumerate(words) if word.lower().strip(".") in _CALLED), default=-1)
    words = words[called + 1 :]
    while words and words[0].lower().strip(".,") in _NOBODY:
        words = words[1:]
    return "" if not words or words[-1].lower() in _NOBODY else " ".join(words)
