"""Where a text names firms: with their legal forms, in a signature, as clients, or as what they were called before."""

import re
from collections.abc import Iterable, Iterator

from rules.cues import LONGEST_TEXT, Cues
from rules.firms import core, is_common
from rules.folding import fold
from rules.phrases import endings

_LONGEST, _LONGEST_SIGNATURE = 200, 4000
_MOST = 6

_AND_CO = r"(?![\w@-])\.?(?: ?(?:&|\+|und|u\.) ?[Cc][Oo]\.?(?: ?(?:KGaA|KG|OHG))?)?"
_CAPITAL_FORM = re.compile(
    r"(?:GmbH|GMBH|Gmbh|Ges\. ?m\. ?b\. ?H|MBH|UG(?: ?\(haftungsbeschr(?:ä|ae)nkt\))?|KGaA|KG|OHG|OG|GbR|GBR|AG|SE|EG"
    r"|PartG(?: ?mbB)?|Ltd|LTD|Limited|LIMITED|LLC|LLP|PLC|Plc|Inc|INC|Corp|CORP|Sàrl|SÀRL|Sarl|SARL|S\.à\.r\.l"
    r"|S\.a\.r\.l|S\.?r\.?l|SRL|S\.p\.A|SpA|SPA|SAS|Sagl|B\.?V|N\.?V|S\.A|A/S|ApS|Oy|OY|AB|Kft|Sp\. ?z ?o\. ?o)"
    + _AND_CO
)
# Forms that begin small are rare; whether one stands anywhere is asked first.
_SMALL_SIGNS = tuple(
    "gmbh|gGmb|ggmb|mbH|mbh|ohg|gbr| e.| eK| eV| eU| eG| ltd| plc|arl|àrl| s.r| s. r| d.o| d. o|partg".split("|")
)
_SMALL_FORM = re.compile(
    r"(?:gmbh|gGmbH|ggmbh|mbH|mbh|ohg|gbr|e\. ?[KkVvUuGg]|e\. ?Kf[mr]|e[KVUG]|ltd|plc|sàrl|sarl|s\. ?r\. ?o|d\. ?o\. ?o"
    r"|partg)" + _AND_CO
)
_CUT = re.compile(
    r"\s[-–—]{1,2}\s|[|•·;:!?()\t\n\"„“]|\s{2,}|,\s|\s/\s"
    r"|(?<!\bGebr)(?<!\bFa)(?<!\bDr)(?<!\bIng)(?<!\bDipl)(?<!\bSt)(?<!\bInh)\.\s(?=[A-ZÄÖÜ])"
)
# They stand before a firm's name and are no part of it.
_CALLED = frozenset(
    """
    firma kunde kunden kundin mandant mandantin mandanten auftraggeber auftraggeberin customer client company lieferant
    lieferanten ihre ihr unser unsere unserer unseres unserem von bei fuer der die das den dem des mit an aus zur zum
    wir sind the of for from at with referenz gesellschaft betreff herr frau im auftrag wegen and
    """.split()
)
_INNER = frozenset("und u von & + of van de la le et für fuer am an zum zur der".split())


def find(text: str) -> tuple[str, ...]:
    """The firms that a text names with their legal forms, in their order, each once."""
    return _some(_with_forms(text[:LONGEST_TEXT]))


def _some(names: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in names:
        found.setdefault(name)
        if len(found) == _MOST:
            break
    return tuple(found)


def _with_forms(text: str) -> Iterator[str]:
    found = list(_CAPITAL_FORM.finditer(text))
    if any(sign in text for sign in _SMALL_SIGNS):
        found = sorted([*found, *_SMALL_FORM.finditer(text)], key=re.Match.start)
    done = 0
    for form in found:
        start, end = form.span()
        # Glued to what stands before it, it is part of an address or a word.
        if start <= done or text[start - 1] not in " (":
            continue
        name = _capitalised(_CUT.split(text[max(done, start - 100) : start])[-1].split())
        if name:
            done = end
            yield " ".join(f"{name} {form[0]}".split())


def _capitalised(words: list[str]) -> str:
    """The words at the end that can belong to a name: capitals, and small words between them."""
    taken: list[str] = []
    for word in reversed(words[-8:]):
        bare = word.strip("*_()\"'>")
        inner = bare.lower() in _INNER
        if not bare or (fold(bare).strip(".,") in _CALLED and not (inner and taken)):
            break
        if not (bare[0].isupper() or bare[0].isdigit() or inner):
            break
        taken.insert(0, bare)
    while taken and (taken[0].lower() in _INNER or fold(taken[0]) in _CALLED or _is_post(taken)):
        taken.pop(0)
    return " ".join(taken)


# Posts that stand before the firm's name without a comma; no firm is called so.
_POSTS = frozenset(
    """
    geschaeftsfuehrung geschaeftsfuehrer geschaeftsfuehrerin geschaeftsleitung geschaeftsleiter inhaber inhaberin
    prokurist prokuristin sekretariat vorstand gesellschafter betriebsleiter betriebsleitung ceo cfo coo director owner
    """.split()
)


def _is_post(words: list[str]) -> bool:
    return len(words) > 1 and fold(words[0]) in _POSTS


_ADORNED = re.compile(r"^[\s*_>|•·–—-]+|[\s*_|•·,–—-]+$")
_PIECES = re.compile(r"\s+[-–—]\s+|\s*[|•·]\s*|,\s+|\s/\s|\s{2,}|\t")
_NOT_A_FIRM = re.compile(
    r"\d{3}|@|www\.|https?:|\b(?:tel|fon|phone|fax|mobil|e-?mail)\b|[.!?:]$"
    rf"|^(?:{'|'.join(endings.FAREWELLS.values())})",
    re.IGNORECASE,
)
_STATED_LINES = 8


def stated(signature: str) -> tuple[str, ...]:
    """Names in the lines of a signature that can be a firm's without a legal form; the caller compares them.

    Lines with a trade in them come before others; lines with numbers, addresses and sentences are none.
    """
    lines = [_ADORNED.sub("", line[:_LONGEST]) for line in signature[:_LONGEST_SIGNATURE].split("\n")]
    pieces = [piece.strip(" *_") for line in lines if line for piece in _PIECES.split(line)][: 3 * _STATED_LINES]
    names = [piece for piece in pieces if 2 < len(piece) < 80 and piece[0].isupper() and not _NOT_A_FIRM.search(piece)]
    names = [name for name in names if len(name.split()) <= _STATED_LINES]
    traded = [name for name in names if any(is_common(word) for word in core(name).words)]
    return tuple(dict.fromkeys(traded + names))[:_STATED_LINES]


# A name of up to seven words with capitals, small ones between them.
_WORD = r"[A-ZÀ-Ý0-9][\w.'’&+-]{0,40}"
_NAME = rf"({_WORD}(?: (?:&|\+|und|and|von|van|de|of|für|{_WORD})(?= )| {_WORD}){{0,6}})"
_NAMED = re.compile(_NAME)
_ARTICLE = r"(?: (?:der|die|das|dem|den|des|the|einer?))?"
_INTRODUCING = Cues.of(
    (
        "firma|fa.|company|praxis|unternehmen|agentur|kanzlei|hotel",
        rf"(?:von|bei|from|at|für){_ARTICLE} (?:firma|fa\.|company|praxis|unternehmen|agentur|kanzlei|hotel) ",
    ),
    (
        "name ist|name is|hier ist|hier schreibt|hier spricht|this is|i am|i'm|ich bin",
        r"(?:mein name ist|hier (?:ist|schreibt|spricht)|my name is|this is|i am|i'm|ich bin)\b[^.!?\n]{2,60}?"
        rf"\b(?:von|vom|from|at|bei|of){_ARTICLE} ",
    ),
    (
        "schreib|writing",
        r"(?:ich schreibe|wir schreiben|writing)(?: ihnen| you)? (?:für|im namen|on behalf of|from)(?: von)?"
        rf"{_ARTICLE} ",
    ),
)
# "Petra Köhler / Köhler Dach / Kiel": who writes no signature signs with strokes.
_STROKES = re.compile(rf"{_NAME} / {_NAME}(?: / {_NAME})?[ \t]*(?:\n|$)")
_PARTY = (
    r"(?:kund(?:en|in|e)|mandant(?:en|in|schaft)?|auftraggeber(?:s|in)?|client|customer|(?:eigentümer"
    r"|wohn)\w*gemeinschaft"
    r"|firma|weg)"
)
_REPRESENTING = Cues.of(
    (
        "auftrag|namen|vertret|betreu|behalf|acting for|instructed|represent|in sachen|matter of|mandat|angelegenheit",
        r"(?:im (?:auftrag|namen)|in vertretung|namens|on behalf|acting for|instructed by|we represent|vertreten wir"
        r"|(?:wir|ich) (?:vertreten?|betreuen?)"
        r"|in sachen|in the matter of|mandat|in der angelegenheit)(?: und (?:im )?(?:auftrag|namen))?"
        rf"(?: (?:of|von|der|die|das|den|des|für|for))?(?: (?:unsere[rsmn]?|meine[rsmn]?|our|my|the))?(?: {_PARTY})?"
        r"(?:, (?:der|die|des|the))?(?::| /)? ",
    ),
    ("mandant|kund|auftraggeber|client|objekt", rf"(?:{_PARTY}|objekt):? (?:ist )?"),
)
# Lawyers: "wir zeigen an, dass wir X, …, vertreten", and "X ./. Y" in the subject.
_SHOWN = re.compile(rf"da(?:ss|ß) wir{_ARTICLE} {_NAME}[^.!?\n]{{0,80}}?\bvertreten")
_VERSUS = re.compile(rf"{_NAME} (?:\./\.|gegen|vs\.?|v\.) {_NAME}")
# "… im Auftrag von A KG und von B", "der A GmbH sowie der B".
_AND_OF = re.compile(r" (?:und|sowie|and|as well as) (?:von|für|of|for|der|die|des|the)(?: (?:der|die|the))? ")
_CLAUSE = re.compile(r"[^\n;()!?]{1,160}")
_AND_MORE = re.compile(rf"[^\n.;()]{{0,10}}\([^()\n]{{1,40}}\) (?:und|and|sowie) {_NAME}")


def introduced(text: str) -> tuple[str, ...]:
    """The firms that somebody says they write from ("… von der Firma X", "this is … from X", "Name / X / Ort")."""
    signed = _groups(_STROKES, text[-_LONGEST_SIGNATURE:]) if " / " in text else ()
    return _some([*_behind(_INTRODUCING, text), *signed])


def clients(text: str) -> tuple[str, ...]:
    """Whom an agency or lawyer acts for: "im Auftrag unseres Kunden X", "dass wir X vertreten", "X ./. Y"."""
    text = text[:LONGEST_TEXT]
    shown = _groups(_SHOWN, text) if "vertreten" in text else ()
    versus = _groups(_VERSUS, text) if any(sign in text for sign in (" ./. ", " gegen ", " vs", " v. ")) else ()
    return _some([*_behind(_REPRESENTING, text), *_together(text), *shown, *versus])


def _together(text: str) -> Iterator[str]:
    """The names with a legal form, and those with a preposition of their own, in the clauses that tell of clients."""
    for match in _REPRESENTING.matches(text):
        clause = _CLAUSE.match(text, match.end())
        if clause is None:
            continue
        yield from find(clause[0])
        pieces = _AND_OF.split(clause[0])
        names = (_NAMED.match(piece) for piece in pieces) if len(pieces) > 1 else ()
        yield from (name[1].strip(" .,") for name in names if name)


def _behind(cues: Cues, text: str) -> Iterator[str]:
    """The names behind the words that announce them, and the second where two are told with numbers in brackets."""
    for match in cues.matches(text):
        name = _NAMED.match(text, match.end())
        if name:
            yield name[1].strip(" .,")
            more = _AND_MORE.match(text, name.end())
            if more:
                yield more[1].strip(" .,")


def _groups(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    for match in pattern.finditer(text):
        yield from (name.strip(" .,") for name in match.groups() if name and not name[0].isdigit())


_FORMERLY = Cues.of(
    (
        "vormals|ehemals|ehem.|vorm.|früher|frueher|bisher|formerly|previously",
        r"(?:vormals|ehemals|ehem\.|vorm\.|früher|frueher|bisher|formerly(?: known as)?|previously)[:\s]{1,3}"
        r"(?:firma |die |the )?",
    ),
)
_CALLED_SO = re.compile(r"[^\W\d_][^\n,;()|]{2,60}")


def former(text: str) -> tuple[str, ...]:
    """What a firm says it was called before ("vormals Wildner Estrich")."""
    named = (_CALLED_SO.match(text, match.end()) for match in _FORMERLY.matches(text))
    return _some(name.group().strip(" .*_") for name in named if name)
