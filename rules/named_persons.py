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
_PIECES = re.compile(r"\s+[-–—]\s+|\s*[|•·]\s*|,\s+|\s/\s|\s{2,}|\t")
_COUPLE = re.compile(r"(\S{2,30}) (?:und|u\.|&|and|\+) (\S{2,30})(?: (\S{2,40}))?")
_SIGNED_LINES = 6
_LAST_WORDS = 3


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
    last = lines[-1].strip(" *_–-.,!") if lines else ""
    if not last or len(last.split()) > _LAST_WORDS or not last[0].isupper():
        return ()
    named = _in_line(last)
    return named if all(person.first and is_given(person.first) for person in named) else ()


def _lines(text: str) -> list[str]:
    return [line.strip()[:_LONGEST] for line in text[:_LONGEST_SIGNATURE].split("\n") if line.strip()]


@lru_cache(maxsize=5_000)
def _in_line(line: str) -> tuple[Person, ...]:
    if _FOOTER.match(line):
        return ()
    farewell = _FAREWELL.match(line)
    rest = line[farewell.end() if farewell else 0 :].strip(" *_–-")
    signed = _SIGNED.match(rest)
    rest = rest[signed.end() if signed else 0 :]
    rest = _PIECES.split(rest, maxsplit=1)[0].rstrip(" ,.")
    couple = _COUPLE.fullmatch(rest)
    if couple and is_given(couple[1]) and is_given(couple[2]):
        return Person(couple[1], couple[3] or ""), Person(couple[2], couple[3] or "")
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
