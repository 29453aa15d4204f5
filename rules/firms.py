"""Firms' names: what of a name tells one firm from another, and by which keys a firm is found."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz.distance import OSA

from rules.folding import fold, folds
from rules.phonetics import cologne
from rules.phrases import firm_words

_LONGEST = 200
_MOST_WORDS = 10
_WORD = re.compile(r"[^\W_]+")
_PLACES = firm_words.CITIES | firm_words.COUNTRIES
_AND = re.compile(r"\s*[&+]\s*")
_OWNER = re.compile(
    r"[\s,(–-]+(?:inh(?:\.|aber(?:in)?\b)|(?:vorm\.|vormals|ehem\.|ehemals|formerly|c/o|z\. ?hd\.)).*", re.IGNORECASE
)


class FirmLikeness(StrEnum):
    """How two firms' names agree, legal forms aside.

    VARIANT: other order, abbreviation, or words that say nothing (Gruppe, a town) missing on one side. PART: a telling
    word is shared, and another telling word or trade is not: sister firms and mere namesakes look like that.
    """

    EXACT = "exact"
    VARIANT = "variant"
    TYPO = "typo"
    PART = "part"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class FirmName:
    """A firm's name taken apart: its folded words without the legal form, and that ("gmbh co kg", "" for none).

    `bare` are the same words with umlauts written as plain vowels.
    """

    words: tuple[str, ...]
    bare: tuple[str, ...]
    legal_form: str = ""

    @property
    def telling(self) -> tuple[int, ...]:
        """Which words few others have; the trades where there is nothing else."""
        numbers = range(len(self.words))
        telling = tuple(number for number in numbers if not is_common(self.words[number]))
        return telling or self.unfilled

    @property
    def unfilled(self) -> tuple[int, ...]:
        """Which words say more than how the firm is organised and where; all where nothing else is left."""
        numbers = tuple(range(len(self.words)))
        return tuple(number for number in numbers if not _is_filler(self.words[number])) or numbers

    def ways(self, chosen: Iterable[int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The chosen words in both umlaut ways."""
        numbers = tuple(chosen)
        return tuple(self.words[number] for number in numbers), tuple(self.bare[number] for number in numbers)


@lru_cache(maxsize=20_000)
def core(name: str) -> FirmName:
    """Take a firm's name apart: "Gebr. Winter GmbH & Co. KG" → gebrueder, winter · gmbh co kg."""
    text = _OWNER.sub("", _AND.sub(" und ", name[:_LONGEST])).replace("'", "").replace("’", "")
    written = _joined(_WORD.findall(text))
    words = [fold(word) for word in written]
    end = len(words)
    while end > 0 and (words[end - 1] in firm_words.LEGAL_FORMS or words[end - 1] in firm_words.LEGAL_AT_END):
        end -= 1
        while end > 0 and words[end - 1] in firm_words.LEGAL_LINKS:
            end -= 1
    kept = [number for number in range(end) if words[number] not in firm_words.LEGAL_FORMS and words[number] != "und"]
    if not kept:
        # Nothing but a legal form's letters: they are the name ("AG", "SE").
        kept, end = list(range(len(words))), len(words)
    form = [word for number, word in enumerate(words) if number not in kept and word != "und"]
    named = [(firm_words.ABBREVIATIONS.get(words[number], words[number]), written[number]) for number in kept]
    named = named[:_MOST_WORDS]
    bare = tuple(
        min(folds(as_written), key=len) if as_full == fold(as_written) else as_full for as_full, as_written in named
    )
    return FirmName(tuple(word for word, _ in named), bare, " ".join(form[:5]))


def _joined(words: list[str]) -> list[str]:
    """Single letters in a row are one abbreviation: "e. K." → "ek", "S.p.A." → "spa"."""
    out: list[str] = []
    single = False
    for word in words:
        if single and len(word) == 1 and word.isalpha():
            out[-1] += word
        else:
            out.append(word)
            single = len(word) == 1 and word.isalpha()
    return out


def is_common(word: str) -> bool:
    """Whether many firms have this folded word in their names: a trade, a filler, a town."""
    return (
        _is_filler(word)
        or word in firm_words.TRADES
        or len(word) == 1
        or (len(word) > 6 and word.endswith(firm_words.TRADE_ENDINGS))
    )


def _is_filler(word: str) -> bool:
    return word in firm_words.FILLERS or word in firm_words.SISTERS or word in _PLACES


# Keys


def firm_keys(name: str) -> frozenset[str]:
    """Keys of a firm's name: its words without legal form, in one; and without words that say nothing."""
    apart = core(name)
    every, telling = apart.ways(range(len(apart.words))), apart.ways(apart.unfilled)
    return frozenset(key for way in (*every, *telling) if len(key := "".join(way)) > 2)


def firm_words_of(name: str) -> frozenset[str]:
    """Keys of the telling words of a firm's name, both umlaut ways."""
    apart = core(name)
    return frozenset(word for way in apart.ways(apart.telling) for word in way if len(word) > 2)


def firm_sounds(name: str) -> frozenset[str]:
    """Keys by sound (Kölner Phonetik) of the telling words together, for names with typos."""
    apart = core(name)
    sounds = (" ".join(sorted(cologne(word) for word in way)) for way in apart.ways(apart.telling))
    return frozenset(sound for sound in sounds if len(sound) > 2)


# Comparison


def compare(a: str, b: str) -> FirmLikeness:
    """How alike two firms' names are, whatever their legal forms; symmetric."""
    one, other = core(a), core(b)
    if not one.words or not other.words:
        return FirmLikeness.DIFFERENT
    if "".join(one.words) == "".join(other.words):
        return FirmLikeness.EXACT
    if not _may_be_one(one, other):
        return _shared(one, other)
    ours, theirs = one.ways(one.unfilled), other.ways(other.unfilled)
    if any(_variant(mine, yours) for mine in ours for yours in theirs):
        return FirmLikeness.VARIANT
    if any(_mistyped(mine, yours) for mine in ours for yours in theirs):
        return FirmLikeness.TYPO
    return _shared(one, other)


def _may_be_one(a: FirmName, b: FirmName) -> bool:
    """Whether nothing tells two houses apart: sister firms do not share the word, branches name two places."""
    sisters = [firm_words.SISTERS.intersection(name.words) for name in (a, b)]
    places = [_PLACES.intersection(name.words) for name in (a, b)]
    return sisters[0] == sisters[1] and not (all(places) and places[0] != places[1])


def _shared(a: FirmName, b: FirmName) -> FirmLikeness:
    telling = [
        {word for word in way if len(word) > 2 and not is_common(word)}
        for name in (a, b)
        for way in (name.words + name.bare,)
    ]
    return FirmLikeness.PART if telling[0] & telling[1] else FirmLikeness.DIFFERENT


def _variant(mine: tuple[str, ...], yours: tuple[str, ...]) -> bool:
    if sorted(mine) == sorted(yours) or "".join(mine) == "".join(yours):
        return True
    return _abbreviates(mine, yours) or _abbreviates(yours, mine)


def _abbreviates(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether the first word of one is made of the initials of the first words of the other; the rest is equal."""
    size = len(short[0])
    if not 2 < size <= len(long):
        return False
    return short[0] == "".join(word[0] for word in long[:size]) and short[1:] == long[size:]


def _mistyped(mine: tuple[str, ...], yours: tuple[str, ...]) -> bool:
    """Whether single words are mistyped, or the words are and a space is missing."""
    if len(mine) == len(yours):
        return all(one == other or _near(one, other) for one, other in zip(mine, yours, strict=True))
    return _near("".join(mine), "".join(yours))


def _near(a: str, b: str) -> bool:
    shorter = min(len(a), len(b))
    bound = 0 if shorter < 6 else 1 if shorter < 10 else 2
    return bound > 0 and OSA.distance(a, b, score_cutoff=bound) <= bound
