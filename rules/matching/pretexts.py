"""What impostors ask for: the wishes that make a known name on a foreign address suspicious.

The kinds are those that the police and the FBI's complaint centre describe as business e-mail compromise: other bank
details, money at once, vouchers, silence, data and passwords, goods handed over without papers. Each of them is an
everyday sentence from a known address; none of them is evidence by itself.
"""

import re
from collections.abc import Sequence

LONGEST = 6_000

Row = tuple[tuple[str, ...], re.Pattern[str]]

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

_UNPAPERED = r"(?:ohne (?:lieferschein|papiere|unterschrift)|without (?:papers|paperwork|delivery note|signature))"
_HANDED = (
    r"(?:\w{0,3}gib|(?:heraus|mit|weiter|über|ueber)?(?:ge)?geben|herauszugeben|mitzugeben|gebt|aush[äa]e?ndigen|\w{0,3}holen"
    r"|\w{0,2}holt|abgeholt|verladen|hand|release|collect\w{0,3}|pick(?:ed)? up)"
)

# What must stand somewhere, in small letters, where such words stand.
_ACCOUNT_CUES = "bank|konto|iban|zahlungs|account|payment details|remittance"
_SOON_CUES = (
    "heute|sofort|umgehend|dringend|eilig|eilt|noch diese stunde|noch vormittag|today|immediately|urgent|asap"
    "|right away|straight away|at once|by noon"
)
_CARRIER_CUES = "fahrer|spedit|driver|courier|kurier|abholer|carrier|forwarder"

# Cues and patterns. A pattern is tried where one of its cues stands, without cues always: hardly any mail holds many,
# and forty patterns take a millisecond. Every text that a pattern matches holds one of its cues (a test says so).
# Unbounded search in bounded sentences: each pattern looks at most a sentence ahead.
GRAVE: tuple[Row, ...] = tuple(
    (tuple(filter(None, cues.split("|"))), re.compile(pattern, re.IGNORECASE))
    for cues, pattern in (
        # Other bank details, or any at all.
        (_ACCOUNT_CUES, rf"\b{_NEW}\b[^.!?\n]{{0,60}}\b{_ACCOUNT}\b"),
        (_ACCOUNT_CUES, rf"\b{_ACCOUNT}\b[^.!?\n]{{0,60}}\b{_NEW}\b"),
        # An IBAN has fifteen signs and more (ISO 13616); a VAT id has fewer.
        ("", r"\b(?-i:[A-Z]{2}\d{2}(?=(?: ?[A-Z0-9]){11})(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?)\b"),
        # Money at once.
        (_SOON_CUES, rf"\b{_PAY}\b[^.!?\n]{{0,60}}\b{_SOON}\b"),
        (_SOON_CUES, rf"\b{_SOON}\b[^.!?\n]{{0,60}}\b{_PAY}\b"),
        (
            "berweisung|zahlung|payment|transfer",
            rf"\b(?:\w{{0,12}}(?:[üu]e?berweisung|zahlung)|payment|transfer)\b[^.!?\n]{{0,60}}\b(?:{_SOON}|ausf[üu]e?hren"
            rf"|freigeben|anweisen|release)\b",
        ),
        (
            "rechtliche schritte|legal action|inkasso|debt collect",
            r"\b(?:rechtliche schritte|legal action|inkasso|debt collect\w{0,4})\b",
        ),
        # Vouchers.
        (
            "gutschein|geschenkkarte|guthabenkarte|gift|voucher",
            r"\b(?:gutschein(?:karte|code)?\w{0,3}|geschenkkarte\w{0,2}|guthabenkarte\w{0,2}|gift ?(?:card"
            r"|voucher)s?|vouchers?)\b",
        ),
        (
            "amazon|apple|itunes|google|steam|paysafe|netflix|zalando|visa|ebay|media",
            rf"\b{_CARDS}[- ]{{1,3}}(?:gutschein\w{{0,3}}|karte\w{{0,2}}|guthaben\w{{0,6}}|cards?|codes?|vouchers?)\b",
        ),
        # Silence, and nobody else to be asked.
        (
            "vertraulich|diskret|unter uns|sich behalten|confidential|between us|discre|quiet about",
            r"\b(?:vertraulich|diskret|unter uns|f[üu]e?r sich behalten|confidential(?:ly)?|between us|discre(?:et"
            r"|tion)|quiet about)\b",
        ),
        (
            "niemandem|anruf|telefon",
            r"\b(?:mit niemandem|niemandem (?:sonst|etwas|davon)|nicht anrufen|kein\w{0,2} anruf\w{0,2}"
            r"|nicht telefonieren|telefonisch nicht)\b",
        ),
        (
            "call|talk|speak|nobody|no one|not by phone",
            r"\b(?:do not call|don['’]t call|can(?:no|['’])t (?:talk|call|speak|take calls)|tell (?:nobody|no one)"
            r"|nobody else|not by phone)\b",
        ),
        ("nur|ausschlie|only", rf"\b(?:nur|nur noch|ausschlie(?:ß|ss)lich|only)\b[^.!?\n]{{0,30}}\b{_HERE}\b"),
        (
            "nur|only",
            rf"\b(?:antwort\w{{0,4}}|schreib\w{{0,3}}|reply|answer|respond|write)\b[^.!?\n]{{0,40}}\b(?:nur|only)\b"
            rf"[^.!?\n]{{0,25}}\b{_HERE}\b",
        ),
        (
            "besprechung|sitzung|konferenz|termin|meeting|conference",
            r"\b(?:in einer? (?:besprechung|sitzung|konferenz|termin|meeting)|im (?:termin|meeting)|in a (?:meeting"
            r"|conference))\b",
        ),
        (
            "reden|sprechen|telefon",
            r"\bkann (?:gerade |jetzt |derzeit )?nicht (?:reden|sprechen|telefonieren|ans telefon)\b",
        ),
        (
            "tigung|ckfrage|without|please",
            r"\b(?:bitte keine? (?:auftrags|bestell)?(?:best[äa]e?tigung|r[üu]e?ckfrage\w{0,2})"
            r"|ohne r[üu]e?ckfrage\w{0,2}|without (?:further|any) \w{3,12}|please,? no (?:confirmation|questions))\b",
        ),
        (
            "sind sie|bist du",
            r"\b(?:sind sie|bist du) (?:kurz |gerade |noch |heute )?(?:am platz|am schreibtisch|erreichbar"
            r"|verf[üu]e?gbar|im b[üu]e?ro|da)\b",
        ),
        ("haben sie", r"\bhaben sie (?:kurz |gerade |mal )?(?:zeit|einen moment|eine minute|einen augenblick)\b"),
        (
            "are you|do you have a|quick favo",
            r"\b(?:are you (?:available|at your desk|in the office|free|around)|do you have a (?:moment|minute)"
            r"|quick favou?r)\b",
        ),
        (
            "ihre hilfe",
            r"\b(?:brauche|ben[öo]e?tige)\b[^.!?\n]{0,25}\b(?:dringend|schnell|sofort)?\b[^.!?\n]{0,15}\bihre hilfe\b",
        ),
        ("gefallen|need", r"\b(?:einen|kleinen|gro(?:ß|ss)en) gefallen\b|\bneed (?:your help|a favou?r)\b"),
        # Data, passwords, links, and answers from now on to another address.
        (
            "passw|kennw|zugangsdaten|login|credentials|verification code",
            r"\b(?:\w{0,12}passw(?:or|ö)r?t\w{0,3}|\w{0,12}kennw[oö]rt\w{0,3}|zugangsdaten|login[- ]?daten"
            r"|passwords?|credentials|login details|verification code)\b",
        ),
        (
            "link|konto best|verify your",
            r"\b(?:auf (?:den|diesen|folgenden) link|link (?:klicken|anklicken|[öo]e?ffnen)|click (?:on )?(?:the"
            r"|this) link|konto best[äa]e?tigen|verify your)\b",
        ),
        (
            "stammdaten|kundenkonto|mail|customer account|master data|contact details",
            rf"\b(?:stammdaten|kundenkonto|e-?mail\w{{0,9}}|mail-?adresse|customer account|mail address|master data"
            rf"|contact details)\b[^.!?\n]{{0,70}}\b{_HERE}\b",
        ),
        (
            "to this|to diese|auf this|auf diese|gegen this|gegen diese|durch this|durch diese",
            r"\b(?:e-?mail\w{0,9}|mail-?adresse|address)\b[^.!?\n]{0,60}\b(?:to|auf|gegen|durch) (?:this|diese)\b",
        ),
        (
            "anmelden|anzumelden|einloggen|einzuloggen|sign in|login|log in",
            r"\b(?:anmelden|anzumelden|einloggen|einzuloggen|sign in|log ?in)\b[^.!?\n]{0,60}\b(?:firmen\w{0,10}"
            r"|postfach|mailbox|company)\b",
        ),
        (
            "anmelden|anzumelden|einloggen|sign in|login|log in",
            r"\b(?:firmen\w{0,10}|postfach|mailbox|dokument|document)\b[^.!?\n]{0,40}\b(?:anmelden|anzumelden|einloggen"
            r"|sign in|log ?in)\b",
        ),
        (
            "kundenliste|lieferantenliste|customer list|list of all|aging report|open items",
            r"\b(?:kundenliste|lieferantenliste|customer list|list of all|aging report|open items)\b",
        ),
        (
            "list|aufstellung|bersicht|overview",
            r"\b(?:liste|aufstellung|[üu]e?bersicht|list|overview)\b[^.!?\n]{0,40}\b(?:kunden|lieferanten|mitarbeiter\w{0,5}"
            r"|ansprechpartner\w{0,5}|kontakte|offene[rn]?|customers|suppliers|employees|contacts|unpaid|open)\b",
        ),
        (
            "offene|outstanding|open|unpaid",
            r"\b(?:alle|s[äa]e?mtliche|all) (?:offenen?|outstanding|open|unpaid) \w{3,20}",
        ),
        # Copies of papers.
        (
            "ausweis|reisepass|hrerschein|passport|identity card|id card",
            r"\b(?:kopien?|scan\w{0,2}|fotos?|bild\w{0,3}|cop(?:y|ies)|photos?)\b[^.!?\n]{0,40}\b(?:\w{0,9}ausweis\w{0,3}"
            r"|reisepass\w{0,3}|f[üu]e?hrerschein\w{0,2}|passports?|identity cards?|id cards?)\b",
        ),
        (
            "ausweis|reisepass|passport",
            r"\b(?:ausweiskopie\w{0,2}|(?:\w{0,9}ausweis|reisepass|passport) (?:als |in )?(?:kopie|scan|copy))\b",
        ),
        # Goods handed over without papers, or sent elsewhere.
        (
            "ohne |without ",
            # "Die Lieferung kam ohne Lieferschein" is no wish.
            r"\b(?:ohne (?:abholschein|ausweis|vorkasse)"
            rf"|{_HANDED}\b[^.!?\n]{{0,60}}\b{_UNPAPERED}|{_UNPAPERED}\b[^.!?\n]{{0,60}}\b{_HANDED})\b",
        ),
        (
            "abhol|pickup|pick-up|release number",
            r"\b(?:abhol(?:nummer|code|er)|selbstabhol\w{0,3}|pick-?up (?:code|number)|release number)\b",
        ),
        (
            _CARRIER_CUES,
            rf"\b{_CARRIER}\b[^.!?\n]{{0,40}}\b(?:holt|kommt|abgeholt|abholen|mit(?:geben|zugeben)?|collects?|picks?"
            rf"|comes|will (?:come|collect|pick))\b",
        ),
        (
            _CARRIER_CUES,
            rf"\b(?:abholung|abgeholt|abholen|holt|geben|gebt|[üu]e?bergeben|aush[äa]e?ndigen|collect\w{{0,3}}"
            rf"|pick(?:ed)? up|release|hand)\b[^.!?\n]{{0,60}}\b{_CARRIER}\b",
        ),
        (
            "adresse|anschrift|address|lager|warehouse",
            rf"\b(?:lieferung|liefern|ware|sendung|alles|deliver\w{{0,3}}|goods|shipment)\b[^.!?\n]{{0,30}}\b(?:an|zu|in|to)"
            rf" (?:\w{{2,6}} )?(?:{_NEW} (?:adresse|anschrift|address|lager)|zwischenlager|lagerhaus|warehouse)\b",
        ),
        # Credit for somebody whom the firm has never seen.
        ("kredit|lieferlimit|credit", r"\b(?:kredit(?:linie|limit|rahmen)|lieferlimit|credit (?:line|limit))\b"),
        (
            "umleiten|umgeleitet|leiten sie|redirect|divert|adresse|anschrift",
            r"\b(?:umleiten|umgeleitet|leiten sie[^.!?\n]{1,40}\bum\b|redirect\w{0,2}|divert\w{0,2}|an (?:folgende"
            r"|eine andere|diese) (?:liefer)?(?:adresse|anschrift))\b",
        ),
    )
)


# Wishes and troubles of honest people as well: they say something only of somebody of whom nothing else is known.
EVERYDAY: tuple[Row, ...] = tuple(
    (tuple(filter(None, cues.split("|"))), re.compile(pattern, re.IGNORECASE))
    for cues, pattern in (
        (
            "lieferadresse|lieferanschrift|lieferort|delivery address",
            rf"\b(?:liefer(?:adresse|anschrift|ort)|delivery address)\b[^.!?\n]{{0,60}}\b{_NEW}\b",
        ),
        (
            "lieferadresse|lieferanschrift|lieferort|delivery address",
            rf"\b{_NEW} (?:liefer(?:adresse|anschrift|ort)|delivery address)\b",
        ),
        (_ACCOUNT_CUES, rf"\b{_ACCOUNT}\b[^.!?\n]{{0,60}}\b{_BLOCKED}\b"),
        ("mail", r"\b(?:neue[nr]?|andere[nr]?|new|different) (?:e-?mail|mail)[- ]?(?:adresse|address)\b"),
        (
            "adresse|address|mail",
            r"\b(?:alte|bisherige|fr[üu]e?here|old|previous) (?:e-?)?(?:mail)?[- ]?(?:adresse|address|mail|e-?mail)\b",
        ),
        ("liste |aufstellung ", r"\b(?:liste (?:aller|der|mit)|aufstellung (?:aller|der))\b"),
        ("abholschein", r"\babholschein\w{0,2}\b"),
        (
            "betrag|saldo|summe|balance|amount",
            r"\b(?:betrag|saldo|summe|balance|amount)\b[^.!?\n]{0,40}\b(?:offen|open|outstanding)\b",
        ),
        ("kontoausz|account statement", r"\b(?:konto(?:auszug|ausz[üu]e?ge)|account statements?)\b"),
        (
            "diese adresse|diese mailadresse|this address",
            r"\b(?:best[äa]e?tigen|confirm)\b[^.!?\n]{0,40}\b(?:diese (?:mail)?adresse|this address)\b",
        ),
    )
)

# What money, goods and keys hang on, in any words: whoever is known by public particulars alone does not get them.
_TOUCHY = re.compile(
    r"\b(?:(?!skonto)\w{0,20}konto\w{0,12}|iban|bank\w{0,15}|[üu]e?berweis\w{0,6}|auslandszahlung|kaution|kredit\w{0,8}"
    r"|gutschein\w{0,8}|geschenkkarte\w{0,2}|passw\w{2,5}|kennw\w{2,5}|zugangsdaten|einloggen|login|\w{0,9}ausweis"
    r"|reisepass|vertraulich|umleiten|umgeleitet|abgeholt|kurier|spedit\w{2,4}|ansprechpartner\w{0,5}|account|wire"
    r"|deposit|credit|vouchers?|gift cards?|passwords?|credentials|sign in|passport|confidential|courier|carrier)\b",
    re.IGNORECASE,
)


def found(text: str) -> str:
    """The first wish in a text that impostors are known for, as it stands there; "" when there is none."""
    return first(GRAVE, text)


def everyday(text: str) -> str:
    """The first wish that honest people have as often as impostors; "" when there is none."""
    return first(EVERYDAY, text)


def touchy(text: str) -> str:
    """The first word of money, goods or access; "" where a mail has none."""
    return first((((), _TOUCHY),), text)


def first(rows: Sequence[Row], text: str) -> str:
    """The first match of any row in a text, of which so many characters are looked at; "" when there is none."""
    shown = text[:LONGEST]
    # As patterns that ignore case take them: two letters have another small one than theirs.
    small = shown.lower().replace("ı", "i").replace("ſ", "s")
    hits = (pattern.search(shown) for cues, pattern in rows if not cues or any(cue in small for cue in cues))
    earliest = min((hit for hit in hits if hit), key=lambda hit: hit.start(), default=None)
    return " ".join(earliest.group().split()) if earliest else ""
