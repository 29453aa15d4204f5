"""Persons' names: when two spellings mean the same person, and by which keys a person is found."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import product

from rapidfuzz.distance import OSA

from rules.folding import fold, folds
from rules.phonetics import cologne
from rules.phrases import firm_words
from rules.phrases.given_names import FORMAL, GIVEN
from rules.phrases.surnames import COMMON

_LONGEST = 200
_MOST_WORDS = 6
_MOST_KEYS = 24


class Likeness(StrEnum):
    """How two persons' names agree.

    VARIANT: a nickname, an initial, another spelling of an umlaut, another order, half of a double name.
    LAST_ONLY and FIRST_ONLY: that one agrees, and one side does not tell the other.
    """

    EXACT = "exact"
    VARIANT = "variant"
    TYPO = "typo"
    LAST_ONLY = "last-only"
    FIRST_ONLY = "first-only"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Person:
    """A name taken apart, as written. One of `first` and `last` may be ""; `title` holds what stands before it."""

    first: str
    last: str
    title: str = ""


_TITLES = frozenset(
    """
    dr prof dipl ing mag dkfm bsc msc beng meng bed mba phd herr frau hr herrn fr mr mrs ms miss mx sir madame mme
    monsieur mlle dott ddr kommrat med rer nat pol oec jur iur phil habil hc lic techn univ fh llm llb jun sen jr sr ia
    iv ppa gez familie fam fraeulein dres kfm kff vet dent theol soc agr senator konsul geb bba raein stb
    """.split()
)
# Titles that are family names as well when written without dots.
_DOTTED_TITLES = frozenset("ba ma di eur hon ra wp".split())
_PARTICLES = frozenset(
    """
    von van der den de del della delle di da dos das du des la le zu zum zur vom ter ten te af av el al bin ibn y e v d
    """.split()
)
# Words of greetings and farewells, which look like names where they stand alone.
_SAID = frozenset(
    """
    guten gute gutes schoene schoenen schoenes tag tage morgen abend nachmittag woche wochenende gruesse gruessen gruss
    hallo liebe lieber liebes sehr geehrte geehrter viele vielen beste besten herzliche herzlichen freundliche
    freundlichen dank danke bitte good morning afternoon evening day dear hello hi kind best warm regards wishes many
    thanks thank you sincerely faithfully yours cheers
    """.split()
)
_BEHIND = re.compile(
    r"\s+[-–—|/·•]+\s+|\s*[|•·]\s*"
    r"|\s+(?:(?:via|bei|at|from|von der firma|c/o)\b|im auftrag\b.*|on behalf\b.*|i\.\s?a\.\s)\s*",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"[(\[{<][^)\]}>]{0,100}(?:[)\]}>]|$)")
_WORD = re.compile(r"[^\W\d_]+")


def words_of(name: str) -> tuple[str, ...]:
    """The folded words of a name; hyphens part them, apostrophes do not."""
    return tuple(_WORD.findall(fold(name[:_LONGEST]).replace("'", "").replace("’", "")))


def parse_person(display: str) -> Person | None:
    """The person a display name or a line of a signature names; None for firms, departments, addresses and the like.

    Understands "Nachname, Vorname", "NACHNAME Vorname", titles, and what firms put behind a name ("(Firma X)",
    "| Firma X", "via Liste").
    """
    text = _BRACKETED.sub(" ", display[:_LONGEST]).strip(" \t\r\n\"'„“”‚‘’*_<>,;:")
    for piece in _BEHIND.split(text)[:3]:
        person = _person(piece) if piece else None
        if person is not None:
            return person
    return None


def _person(text: str) -> Person | None:
    if "@" in text or any(letter.isdigit() for letter in text):
        return None
    before, comma, after = text.partition(",")
    title, words = _without_titles(before.split())
    if comma:
        more, behind = _without_titles(after.replace(",", " ").split())
        title = f"{title} {more}".strip()
        if behind:
            return _checked(" ".join(behind), " ".join(words), title) if words and len(behind) <= 3 else None
    if not words or len(words) > _MOST_WORDS:
        return None
    return _checked(*_in_order(words), title)


def _without_titles(words: list[str]) -> tuple[str, list[str]]:
    bare = [word.strip("\"'„“”*_,;") for word in words]
    titles = [word for word in bare if _is_title(word)]
    return " ".join(titles), [word for word in bare if word and not _is_title(word)]


def _is_title(word: str) -> bool:
    pieces = _WORD.findall(fold(word))
    joined = "".join(pieces)
    if joined in _TITLES or ("." in word and joined in _DOTTED_TITLES):
        return True
    return bool(pieces) and "." in word and all(piece in _TITLES for piece in pieces)


def _in_order(words: list[str]) -> tuple[str, str]:
    """First and last name: capitals mark the last one, known given names the first, else the order does."""
    loud = [word for word in words if len(word) > 1 and word.isupper() and "." not in word]
    if loud and len(loud) < len(words):
        particles = [word for word in words if word not in loud and fold(word) in _PARTICLES]
        first = [word for word in words if word not in loud and word not in particles]
        return " ".join(first), " ".join(particles + loud)
    if len(words) == 1:
        return (words[0], "") if is_given(words[0]) else ("", words[0])
    if is_given(words[-1]) and not is_given(words[0]) and not _is_initial(words[0]):
        return words[-1], " ".join(words[:-1])
    begin = 0 if fold(words[0]) in _PARTICLES else len(words) - 1
    while begin > 1 and fold(words[begin - 1]) in _PARTICLES:
        begin -= 1
    return " ".join(words[:begin]), " ".join(words[begin:])


def is_given(word: str) -> bool:
    """Whether a word, or both words of a double one, are known as given names."""
    return all(piece in GIVEN for piece in words_of(word) or ("",))


def is_common(last: str) -> bool:
    """Whether many people bear a surname; double names are rare."""
    return any(len(words) == 1 and words[0] in COMMON for words in _spellings(last))


def _is_initial(word: str) -> bool:
    words = words_of(word)
    return len(words) == 1 and len(words[0]) == 1


def _checked(first: str, last: str, title: str) -> Person | None:
    words = words_of(f"{first} {last}")
    # One sign can be a whole word in other scripts.
    if not any(len(word) > 1 or not word.isascii() for word in words):
        return None
    if all(word in _SAID for word in words):
        return None
    if any(word in firm_words.ROLES or word in firm_words.LEGAL_FORMS for word in words):
        return None
    # A trade may be somebody's family name (Maler, Wein): behind a given name, once.
    trades = sum(word in firm_words.TRADES for word in words)
    if trades and not (trades == 1 and first and all(word in GIVEN or len(word) == 1 for word in words_of(first))):
        return None
    return Person(first, last, title)


# Keys


def _spellings(name: str) -> list[tuple[str, ...]]:
    """The words of a name in both umlaut ways, without particles where anything else is left."""
    found = []
    for folded in sorted(folds(name[:_LONGEST])):
        words = tuple(_WORD.findall(folded.replace("'", "").replace("’", "")))[:_MOST_WORDS]
        found.append(tuple(word for word in words if word not in _PARTICLES) or words)
    return list(dict.fromkeys(found))


def _halves(words: tuple[str, ...]) -> Iterator[str]:
    """A double name as a whole, and its halves."""
    if words:
        yield " ".join(sorted(words))
    if len(words) > 1:
        yield from words


def person_keys(first: str, last: str) -> frozenset[str]:
    """Keys under which a person is found: whichever order, umlaut way, half of a double name, nickname or initial.

    Empty unless both names are given; see `last_keys` for a lone one.
    """
    lasts = {half for words in _spellings(last) for half in _halves(words)}
    firsts = {half for words in _spellings(first) for half in _halves(words)}
    firsts |= {formal for name in firsts for formal in FORMAL.get(name, ())} | {name[0] for name in firsts}
    keys = {" ".join(sorted(f"{one} {other}".split())) for one, other in product(lasts, firsts)}
    # Of very long names the longest keys say most.
    return frozenset(sorted(keys, key=lambda key: (-len(key), key))[:_MOST_KEYS])


def last_keys(last: str) -> frozenset[str]:
    """Keys of a family name alone, both umlaut ways: for those who sign without a first name."""
    return frozenset(" ".join(sorted(words)) for words in _spellings(last) if words)


def person_sounds(first: str, last: str) -> frozenset[str]:
    """Keys by sound (Kölner Phonetik), order-free, for finding candidates whose names have typos."""
    firsts = {cologne(word) for words in _spellings(first) for word in words if len(word) > 1}
    lasts = {cologne(word) for words in _spellings(last) for word in words if len(word) > 1}
    return frozenset(" ".join(sorted(pair)) for pair in product(lasts, firsts) if all(pair))


# Comparison


def compare(a: Person, b: Person) -> Likeness:
    """How alike two persons' names are; symmetric."""
    straight = _compare(a, b)
    if straight in _AGREE or not (a.first and a.last and b.first and b.last):
        return straight
    turned = (_compare(a, Person(b.last, b.first)), _compare(Person(a.last, a.first), b))
    if any(likeness in _AGREE for likeness in turned):
        return Likeness.VARIANT
    return min(straight, *turned, key=_RANK.__getitem__)


_RANK = {Likeness.EXACT: 0, Likeness.VARIANT: 1, Likeness.TYPO: 2, Likeness.DIFFERENT: 3}
_AGREE = (Likeness.EXACT, Likeness.VARIANT)


def _compare(a: Person, b: Person) -> Likeness:
    if a.first and a.last and b.first and b.last:
        return max((_last_like(a.last, b.last), _first_like(a.first, b.first)), key=_RANK.__getitem__)
    if a.last and b.last and _last_like(a.last, b.last) in _AGREE:
        return Likeness.LAST_ONLY
    if a.first and b.first and _first_like(a.first, b.first) in _AGREE:
        return Likeness.FIRST_ONLY
    # One word alone may be either name; that it is a first one says less.
    lone = [(one.first or one.last, other) for one, other in ((a, b), (b, a)) if not (one.first and one.last)]
    if any(word and other.first and _spelt_alike(word, other.first) for word, other in lone):
        return Likeness.FIRST_ONLY
    if any(word and other.last and _spelt_alike(word, other.last) for word, other in lone):
        return Likeness.LAST_ONLY
    return Likeness.DIFFERENT


def _spelt_alike(a: str, b: str) -> bool:
    return not set(_spellings(a)).isdisjoint(_spellings(b))


@lru_cache(maxsize=20_000)
def _last_like(a: str, b: str) -> Likeness:
    one = words_of(a)
    if one and one == words_of(b):
        return Likeness.EXACT
    pairs = [(mine, yours) for mine in _spellings(a) for yours in _spellings(b) if mine and yours]
    if any(sorted(mine) == sorted(yours) or "".join(mine) == "".join(yours) for mine, yours in pairs):
        return Likeness.VARIANT
    if any(len(mine) != len(yours) and set(mine) & set(yours) for mine, yours in pairs):
        return Likeness.VARIANT
    if any(_near("".join(mine), "".join(yours)) for mine, yours in pairs):
        return Likeness.TYPO
    return Likeness.DIFFERENT


@lru_cache(maxsize=20_000)
def _first_like(a: str, b: str) -> Likeness:
    one = words_of(a)
    if one and one == words_of(b):
        return Likeness.EXACT
    ours = {name for words in _spellings(a) for name in (*words, "".join(words)) if name}
    theirs = {name for words in _spellings(b) for name in (*words, "".join(words)) if name}
    if ours & theirs or _formal(ours) & _formal(theirs):
        return Likeness.VARIANT
    pairs = [(mine, yours) for mine in _spellings(a) for yours in _spellings(b)]
    if any(_initials(mine, yours) or _initials(yours, mine) for mine, yours in pairs):
        return Likeness.VARIANT
    # Two known names that differ by a letter are two names: Christian and Christina.
    if any(_near(mine, yours) for mine in ours for yours in theirs if not (mine in GIVEN and yours in GIVEN)):
        return Likeness.TYPO
    return Likeness.DIFFERENT


def _formal(names: Iterable[str]) -> set[str]:
    return {formal for name in names for formal in (name, *FORMAL.get(name, ()))}


def _initials(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether one side is the other's initials: "H.-J." and "Hans-Jürgen", "P." and "Petra"."""
    if not short or any(len(word) > 1 for word in short):
        return False
    return all(mine == yours[0] for mine, yours in zip(short, long, strict=False))


def _near(a: str, b: str) -> bool:
    """Whether two words differ as typing mistakes do: none in short words, one from five letters, two from nine on."""
    shorter = min(len(a), len(b))
    bound = 0 if shorter < 5 else 1 if shorter < 9 else 2
    return bound > 0 and OSA.distance(a, b, score_cutoff=bound) <= bound
