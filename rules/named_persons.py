"""Where a text names the person who writes: below a farewell, by introducing themselves, or in their own address."""

import re
from collections.abc import Iterator
from functools import lru_cache

from rules.cues import Cues
from rules.names import Person, is_given, parse_person
from rules.phrases import endings

_LONGEST, _LONGEST_SIGNATURE = 200, 4000
_FAREWELL = re.compile(rf"[\s*_~]*(?:{'|'.join(endings.FAREWELLS.values())})[\s,.!;:–-]*", re.IGNORECASE)
_FOOTER = re.compile(rf"[\W_]{{0,20}}(?:{'|'.join(endings.FOOTERS.values())})", re.IGNORECASE)
_SIGNED = re.compile(r"(?:i\. ?[av]\.?|ppa\.?|gez\.?|ihre?|euer|eure|deine?|your|yours)\s+", re.IGNORECASE)
# "Grüße von Sabine"; whose family name begins so is called "von Stein", with a first name before it.
_FROM = re.compile(r"(?:von|from)\s+(?:der|dem|mir)?\s*(?=[^\W\d_]{2,30}\s*$)", re.IGNORECASE)
_ABBREVIATED = re.compile(r"(\S{2,30}) \w\.?")
_PIECES = re.compile(r"\s+[-–—]\s+|\s*[|•·]\s*|,\s+|\s/\s|\s{2,}|\t|\s+(?:aus|from)\s+(?=[A-ZÀ-Ý])")
# "Sabine & Jörg Klein", "Sabine, Jörg und die Kinder"; commas part only those whom another sign joins.
_JOINED = re.compile(r"\s*[&+/]\s*|\s(?:und|u\.|and|mit|sowie|et)\s", re.IGNORECASE)
_INITIAL = re.compile(r"[^\W\d_]\.?")
_COMMA = re.compile(r"\s*,\s*")
_MOST_JOINED = 4
# What stands before a name in the last lines and is no formula by which mails are taken apart.
_CLOSING = re.compile(
    r"(?:(?:(?:vielen |besten |lieben )?(?:dank|danke|dankeschön|dankend)|servus|ciao|tsch[üu]e?ss?i?|tschau|baba"
    r"|pfiat(?: di| euch)?|adieu|salü"
    r"|merci|thanks|thank you|bye|herzlich(?:st)?|alles (?:liebe|gute)|bis (?:bald|dann|später|morgen)"
    r"|gr(?:ü|ue)(?:ß|ss|ezi)\w{0,3}|gru(?:ß|ss))(?:[\s,.!:–-]{1,4}|$)(?:und )?){1,4}",
    re.IGNORECASE,
)
_BEFORE, _AFTER = re.compile(r"^[\W_]+"), re.compile(r"\s+[\W_]+$|[\s*_–,-]+$")
_SIGNED_LINES = 6
_LAST_WORDS = 5


def signers(signature: str, above: str = "") -> tuple[Person, ...]:
    """Who signs: the person in the first lines of a signature, or both of a couple ("Sabine und Jörg Klein").

    Args:
        signature: the signature of a mail, with or without the farewell.
        above: the text above it; where the signature names nobody, its last line does, if that is a name.
    """
    for line in _lines(signature)[:_SIGNED_LINES]:
        named = _in_line(line)
        if named:
            return named
    lines = _lines(above[-_LONGEST_SIGNATURE:])
    last = _BEFORE.sub("", lines[-1]) if lines else ""
    if not last or len(last.split()) > _LAST_WORDS or not last[0].isupper():
        return ()
    named = _in_line(last)
    return named if all(person.first and is_given(person.first) for person in named) else ()


def shown(display: str) -> tuple[Person, ...]:
    """Whom a display name names: a person, or both of a couple."""
    person = parse_person(display)
    return couple(display.strip(" \"'")) or ((person,) if person else ())


def couple(text: str) -> tuple[Person, ...]:
    """The people of a household who are named together ("Sabine & Jörg Klein", "S. und J. Klein"); none for one."""
    joined = _JOINED.split(text[:_LONGEST])
    pieces = [piece for part in joined for piece in _COMMA.split(part)] if len(joined) > 1 else []
    words = [piece.strip(" ,.").split() for piece in pieces[:_MOST_JOINED]]
    named = [piece for piece in words if 0 < len(piece) < 4 and (is_given(piece[0]) or _INITIAL.fullmatch(piece[0]))]
    if len(named) < 2 or named[0] is not words[0]:
        return ()
    last = " ".join(named[-1][1:])
    return tuple(Person(piece[0], " ".join(piece[1:]) or last) for piece in named)


def _lines(text: str) -> list[str]:
    return [line.strip()[:_LONGEST] for line in text[:_LONGEST_SIGNATURE].split("\n") if line.strip()]


@lru_cache(maxsize=5_000)
def _in_line(line: str) -> tuple[Person, ...]:
    if _FOOTER.match(line):
        return ()
    farewell = _FAREWELL.match(line)
    rest = _AFTER.sub("", _BEFORE.sub("", line[farewell.end() if farewell else 0 :]))
    closing = _CLOSING.match(rest)
    rest = rest[closing.end() if closing else 0 :]
    signed = _SIGNED.match(rest) or _FROM.match(rest)
    rest = rest[signed.end() if signed else 0 :]
    several = couple(rest.rstrip(" ,."))
    if several:
        return several
    rest = _PIECES.split(rest, maxsplit=1)[0].rstrip(" ,.")
    abbreviated = _ABBREVIATED.fullmatch(rest)
    if abbreviated and is_given(abbreviated[1]):
        return (Person(abbreviated[1], ""),)
    person = parse_person(rest) if rest else None
    if person is None or not (rest[0].isupper() or is_given(person.first or person.last)):
        return ()
    return (person,)


_CAPITAL = re.compile(r"(?:(?:Dr\.|Prof\.|von|van|de|[A-ZÀ-Ý]\.|[A-ZÀ-Ý][\w'’-]{1,30}) ){0,3}[A-ZÀ-Ý][\w'’-]{1,30}")
_INTRODUCING = Cues.of(
    (
        "name ist|name is|heiße|heisse|hier ist|hier schreibt|hier spricht|this is|i am|i'm|ich bin",
        r"(?:mein name ist|ich hei(?:ß|ss)e|hier (?:ist|schreibt|spricht)|my name is|this is|i am|i'm|ich bin)"
        r"(?: (?:der|die|herr|frau|mr\.?|mrs\.?|ms\.?))? ",
    ),
)
_FORMERLY = Cues.of(
    (
        "geb|gesch|verw|née|nee|formerly|früher|frueher|ehemals|vormals|bisher|vorher|mädchenname|maiden name",
        r"(?:geb\.|geborene?|gesch\.|verw\.|née|nee|formerly|früher(?:er name)?|frueher|ehemals|vormals"
        r"|bisher(?:iger name)?|vorher|mädchenname|maiden name)[:\s]{1,2}(?:hieß ich |unter )?",
    ),
)


def introduced(text: str) -> tuple[Person, ...]:
    """Who says "mein Name ist …", "this is …"."""
    return tuple(person for person in _behind(_INTRODUCING, text) if person.first or is_given(person.last))


def may_tell_former(text: str) -> bool:
    """Whether `former` may find somebody in a text or a part of it, asked quickly."""
    return _FORMERLY.announced(text)


def former(text: str) -> tuple[Person, ...]:
    """The names that somebody says they had before ("geb. Köhler", "früher Petra Köhler")."""
    return tuple(person for person in _behind(_FORMERLY, text) if person.last)


def _behind(cues: Cues, text: str) -> Iterator[Person]:
    """The persons whose names stand behind the words that announce them."""
    for match in cues.matches(text):
        name = _CAPITAL.match(text, match.end())
        person = parse_person(name.group()) if name else None
        if person is not None:
            yield person


_PARTS = re.compile(r"[._-]+")
_DIGITS = re.compile(r"\d+")


def of_address(addr: str) -> Person | None:
    """The name that a local part spells: "petra.koehler77@…", "k_wildner@…"; None where it is no name for sure."""
    local = _DIGITS.sub("", addr.partition("@")[0].partition("+")[0][:64])
    parts = [part for part in _PARTS.split(local) if part]
    if len(parts) != 2:
        return None
    one, other = parts
    if is_given(other) and not is_given(one):
        one, other = other, one
    if not (is_given(one) or len(one) == 1) or len(other) < 3:
        return None
    return parse_person(f"{one.capitalize()} {other.capitalize()}")
