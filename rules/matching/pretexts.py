"""What impostors ask for: the wishes that make a known name on a foreign address suspicious.

The kinds are those that the police and the FBI's complaint centre describe as business e-mail compromise: other bank
details, money at once, vouchers, silence, data and passwords, goods handed over without papers. Each of them is an
everyday sentence from a known address; none of them is evidence by itself.
"""

import re
from collections.abc import Sequence

LONGEST = 6_000

_ACCOUNT = (
    r"(?:bank\w{0,20}|hausbank|konto(?!r)\w{0,20}|iban|zahlungs(?:daten|verbindung|empfänger)|(?:bank "
    r"|our |new )?account"
    r"(?: details| number)?|payment details|remittance)"
)
_NEW = (
    r"(?:neu(?:e[nmrs]?)?|ge[äa]e?ndert\w{0,3}|[äa]e?nder\w{1,6}|gewechselt|wechsel\w{0,3}|umgestellt"
    r"|ab sofort|andere[nmrs]?"
    r"|aktualisier\w{1,4}|tochter\w{0,12}|new|chang\w{1,4}|updat\w{1,4}|switched|different)"
)
_BLOCKED = (
    r"(?:gesperrt|eingefroren|gepr[üu]e?ft|\w{0,12}pr[üu]e?fung|aufgelöst|blocked|frozen|closed|suspended"
    r"|audit\w{0,3})"
)
_SOON = (
    r"(?:heute|sofort|umgehend|dringend\w{0,2}|eilig\w{0,2}|eilt|noch (?:diese stunde|vormittag)|today"
    r"|immediately|urgent(?:ly)?"
    r"|asap|right away|straight away|at once|by noon)"
)
_PAY = (
    r"(?:zahl\w{1,6}|[üu]e?berweis\w{1,6}|begleich\w{1,3}|anweis\w{0,3}|pay\w{0,5}|transfer\w{0,4}|wire|settle|remit)"
)
_HERE = (
    r"(?:dies(?:e|er|es|em) (?:e-?mail|mail|adresse|konto|nachricht)|den absender|hierher|hierhin|hier"
    r"|this (?:e-?)?mail|this address|here)"
)
_CARDS = r"(?:amazon|apple|itunes|google ?play|steam|paysafe\w{0,4}|netflix|zalando|visa|ebay|media ?markt)"

_CARRIER = r"(?:fahrer|spediteur|spedition|driver|courier|kurier|abholer|carrier|forwarder)"

# Unbounded search in bounded sentences: each pattern looks at most a sentence ahead.
_GRAVE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # Other bank details, or any at all.
        rf"\b{_NEW}\b[^.!?\n]{{0,60}}\b{_ACCOUNT}\b",
        rf"\b{_ACCOUNT}\b[^.!?\n]{{0,60}}\b{_NEW}\b",
        # An IBAN has fifteen signs and more (ISO 13616); a VAT id has fewer.
        r"\b(?-i:[A-Z]{2}\d{2}(?=(?: ?[A-Z0-9]){11})(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?)\b",
        # Money at once.
        rf"\b{_PAY}\b[^.!?\n]{{0,60}}\b{_SOON}\b",
        rf"\b{_SOON}\b[^.!?\n]{{0,60}}\b{_PAY}\b",
        rf"\b(?:\w{{0,12}}(?:[üu]e?berweisung|zahlung)|payment|transfer)\b[^.!?\n]{{0,60}}\b(?:{_SOON}|ausf[üu]e?hren"
        rf"|freigeben|anweisen|release)\b",
        r"\b(?:rechtliche schritte|legal action|inkasso|debt collect\w{0,4})\b",
        # Vouchers.
        r"\b(?:gutschein(?:karte|code)?\w{0,3}|geschenkkarte\w{0,2}|guthabenkarte\w{0,2}|gift ?(?:card"
        r"|voucher)s?|vouchers?)\b",
        rf"\b{_CARDS}[- ]{{1,3}}(?:gutschein\w{{0,3}}|karte\w{{0,2}}|guthaben\w{{0,6}}|cards?|codes?|vouchers?)\b",
        # Silence, and nobody else to be asked.
        r"\b(?:vertraulich|diskret|unter uns|f[üu]e?r sich behalten|confidential(?:ly)?|between us|discre(?:et"
        r"|tion)|quiet about)\b",
        r"\b(?:mit niemandem|niemandem (?:sonst|etwas|davon)|nicht anrufen|kein\w{0,2} anruf\w{0,2}"
        r"|nicht telefonieren|telefonisch nicht)\b",
        r"\b(?:do not call|don['’]t call|can(?:no|['’])t (?:talk|call|speak|take calls)|tell (?:nobody|no one)"
        r"|nobody else|not by phone)\b",
        rf"\b(?:nur|nur noch|ausschlie(?:ß|ss)lich|only)\b[^.!?\n]{{0,30}}\b{_HERE}\b",
        rf"\b(?:antwort\w{{0,4}}|schreib\w{{0,3}}|reply|answer|respond|write)\b[^.!?\n]{{0,40}}\b(?:nur|only)\b"
        rf"[^.!?\n]{{0,25}}\b{_HERE}\b",
        r"\b(?:in einer? (?:besprechung|sitzung|konferenz|termin|meeting)|im (?:termin|meeting)|in a (?:meeting"
        r"|conference))\b",
        r"\bkann (?:gerade |jetzt |derzeit )?nicht (?:reden|sprechen|telefonieren|ans telefon)\b",
        r"\b(?:bitte keine? (?:auftrags|bestell)?(?:best[äa]e?tigung|r[üu]e?ckfrage\w{0,2})|ohne r[üu]e?ckfrage\w{0,2}"
        r"|without (?:further|any) \w{3,12}|please,? no (?:confirmation|questions))\b",
        r"\b(?:sind sie|bist du) (?:kurz |gerade |noch |heute )?(?:am platz|am schreibtisch|erreichbar"
        r"|verf[üu]e?gbar|im b[üu]e?ro|da)\b",
        r"\bhaben sie (?:kurz |gerade |mal )?(?:zeit|einen moment|eine minute|einen augenblick)\b",
        r"\b(?:are you (?:available|at your desk|in the office|free|around)|do you have a (?:moment|minute)"
        r"|quick favou?r)\b",
        r"\b(?:brauche|ben[öo]e?tige)\b[^.!?\n]{0,25}\b(?:dringend|schnell|sofort)?\b[^.!?\n]{0,15}\bihre hilfe\b",
        r"\b(?:einen|kleinen|gro(?:ß|ss)en) gefallen\b|\bneed (?:your help|a favou?r)\b",
        # Data, passwords, links, and answers from now on to another address.
        r"\b(?:\w{0,12}passw(?:or|ö)r?t\w{0,3}|\w{0,12}kennw[oö]rt\w{0,3}|zugangsdaten|login[- ]?daten"
        r"|passwords?|credentials|login details|verification code)\b",
        r"\b(?:auf (?:den|diesen|folgenden) link|link (?:klicken|anklicken|[öo]e?ffnen)|click (?:on )?(?:the"
        r"|this) link|konto best[äa]e?tigen|verify your)\b",
        rf"\b(?:stammdaten|kundenkonto|e-?mail\w{{0,9}}|mail-?adresse|customer account|mail address|master data"
        rf"|contact details)\b[^.!?\n]{{0,70}}\b{_HERE}\b",
        r"\b(?:e-?mail\w{0,9}|mail-?adresse|address)\b[^.!?\n]{0,60}\b(?:to|auf|gegen|durch) (?:this|diese)\b",
        r"\b(?:anmelden|anzumelden|einloggen|einzuloggen|sign in|log ?in)\b[^.!?\n]{0,60}\b(?:firmen\w{0,10}|postfach"
        r"|mailbox|company)\b",
        r"\b(?:firmen\w{0,10}|postfach|mailbox|dokument|document)\b[^.!?\n]{0,40}\b(?:anmelden|anzumelden|einloggen"
        r"|sign in|log ?in)\b",
        r"\b(?:kundenliste|lieferantenliste|customer list|list of all|aging report|open items)\b",
        r"\b(?:liste|aufstellung|[üu]e?bersicht|list|overview)\b[^.!?\n]{0,40}\b(?:kunden|lieferanten|mitarbeiter\w{0,5}"
        r"|ansprechpartner\w{0,5}|kontakte|offene[rn]?|customers|suppliers|employees|contacts|unpaid|open)\b",
        r"\b(?:alle|s[äa]e?mtliche|all) (?:offenen?|outstanding|open|unpaid) \w{3,20}",
        # Copies of papers.
        r"\b(?:kopien?|scan\w{0,2}|fotos?|bild\w{0,3}|cop(?:y|ies)|photos?)\b[^.!?\n]{0,40}\b(?:\w{0,9}ausweis\w{0,3}"
        r"|reisepass\w{0,3}|f[üu]e?hrerschein\w{0,2}|passports?|identity cards?|id cards?)\b",
        r"\b(?:ausweiskopie\w{0,2}|(?:\w{0,9}ausweis|reisepass|passport) (?:als |in )?(?:kopie|scan|copy))\b",
        # Goods handed over without papers, or sent elsewhere.
        r"\b(?:ohne (?:lieferschein|papiere|abholschein|ausweis|unterschrift|vorkasse)|without (?:papers"
        r"|paperwork|delivery note|signature))\b",
        r"\b(?:abhol(?:nummer|code|er)|selbstabhol\w{0,3}|pick-?up (?:code|number)|release number)\b",
        rf"\b{_CARRIER}\b[^.!?\n]{{0,40}}\b(?:holt|kommt|abgeholt|abholen|mit(?:geben|zugeben)?|collects?|picks?"
        rf"|comes|will (?:come|collect|pick))\b",
        rf"\b(?:abholung|abgeholt|abholen|holt|geben|gebt|[üu]e?bergeben|aush[äa]e?ndigen|collect\w{{0,3}}"
        rf"|pick(?:ed)? up|release|hand)\b[^.!?\n]{{0,60}}\b{_CARRIER}\b",
        rf"\b(?:lieferung|liefern|ware|sendung|alles|deliver\w{{0,3}}|goods|shipment)\b[^.!?\n]{{0,30}}\b(?:an|zu|in|to)"
        rf" (?:\w{{2,6}} )?(?:{_NEW} (?:adresse|anschrift|address|lager)|zwischenlager|lagerhaus|warehouse)\b",
        # Credit for somebody whom the firm has never seen.
        r"\b(?:kredit(?:linie|limit|rahmen)|lieferlimit|credit (?:line|limit))\b",
        r"\b(?:umleiten|umgeleitet|leiten sie[^.!?\n]{1,40}\bum\b|redirect\w{0,2}|divert\w{0,2}|an (?:folgende"
        r"|eine andere|diese) (?:liefer)?(?:adresse|anschrift))\b",
    )
)


# Wishes and troubles of honest people as well: they say something only of somebody of whom nothing else is known.
_EVERYDAY = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:liefer(?:adresse|anschrift|ort)|delivery address)\b[^.!?\n]{{0,60}}\b{_NEW}\b",
        rf"\b{_NEW} (?:liefer(?:adresse|anschrift|ort)|delivery address)\b",
        rf"\b{_ACCOUNT}\b[^.!?\n]{{0,60}}\b{_BLOCKED}\b",
        r"\b(?:neue[nr]?|andere[nr]?|new|different) (?:e-?mail|mail)[- ]?(?:adresse|address)\b",
        r"\b(?:alte|bisherige|fr[üu]e?here|old|previous) (?:e-?)?(?:mail)?[- ]?(?:adresse|address|mail|e-?mail)\b",
        r"\b(?:liste (?:aller|der|mit)|aufstellung (?:aller|der))\b",
        r"\babholschein\w{0,2}\b",
        r"\b(?:betrag|saldo|summe|balance|amount)\b[^.!?\n]{0,40}\b(?:offen|open|outstanding)\b",
        r"\b(?:konto(?:auszug|ausz[üu]e?ge)|account statements?)\b",
        r"\b(?:best[äa]e?tigen|confirm)\b[^.!?\n]{0,40}\b(?:diese (?:mail)?adresse|this address)\b",
    )
)

# What money, goods and keys hang on, in any words: whoever is known by public particulars alone does not get them.
_TOUCHY = re.compile(
    r"\b(?:\w{0,20}konto\w{0,12}|iban|bank\w{0,15}|[üu]e?berweis\w{0,6}|auslandszahlung|kaution|kredit\w{0,8}"
    r"|gutschein\w{0,8}|geschenkkarte\w{0,2}|passw\w{2,5}|kennw\w{2,5}|zugangsdaten|einloggen|login|\w{0,9}ausweis"
    r"|reisepass|vertraulich|umleiten|umgeleitet|abgeholt|kurier|spedit\w{2,4}|ansprechpartner\w{0,5}|account|wire"
    r"|deposit|credit|vouchers?|gift cards?|passwords?|credentials|sign in|passport|confidential|courier|carrier)\b",
    re.IGNORECASE,
)


def found(text: str) -> str:
    """The first wish in a text that impostors are known for, as it stands there; "" when there is none."""
    return _first(_GRAVE, text)


def everyday(text: str) -> str:
    """The first wish that honest people have as often as impostors; "" when there is none."""
    return _first(_EVERYDAY, text)


def touchy(text: str) -> str:
    """The first word of money, goods or access; "" where a mail has none."""
    return _first((_TOUCHY,), text)


def _first(patterns: Sequence[re.Pattern[str]], text: str) -> str:
    shown = text[:LONGEST]
    hits = (pattern.search(shown) for pattern in patterns)
    first = min((hit for hit in hits if hit), key=lambda hit: hit.start(), default=None)
    return " ".join(first.group().split()) if first else ""
