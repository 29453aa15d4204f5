"""Leads and small customers who resemble the king customers, with what they have in common."""

from collections import Counter
from collections.abc import Iterable, Sequence
from heapq import nlargest
from itertools import islice

from rules.folding import fold
from rules.value.lookalikes import Feature, Lookalike, Profile, lookalikes
from storage.pool import Work
from storage.values import Profiled

# How many are kept, and how like they have to be.
MOST, LIKE = 500, 0.6
_AT_ONCE = 50_000
_WORD = 4


def resembling(work: Work, best: Sequence[str], others: Iterable[str]) -> dict[str, Lookalike]:
    """Who of the others resembles the best customers, by id; the most alike where there are many."""
    if not best:
        return {}
    kings, rest, found = work.values.profiles(best), iter(others), list[Lookalike]()
    while some := list(islice(rest, _AT_ONCE)):
        candidates = work.values.profiles(some)
        borne = Counter(word for one in (*kings, *candidates) for word in _words(one))
        alike = lookalikes([_profile(one, borne) for one in kings], [_profile(one, borne) for one in candidates])
        found = nlargest(MOST, (*found, *(one for one in alike if one.likeness >= LIKE)), key=lambda one: one.likeness)
    return {one.customer_id: one for one in found}


def _words(one: Profiled) -> set[str]:
    return {word for word in fold(one.name).replace("-", " ").split() if len(word) >= _WORD and word.isalpha()}


def _profile(one: Profiled, borne: Counter[str]) -> Profile:
    """What can be compared: the trade by the word of the name that most others bear, the place, the size."""
    features: dict[str, Feature] = {}
    word = max(_words(one), key=lambda word: (borne[word], word), default="")
    if word:
        features["trade"] = word
    if one.zip[:2].isdigit():
        features["region"] = f"{one.country} {one.zip[:2]}"
    for name, value in (("city", fold(one.city)), ("legal_form", fold(one.legal_form)), ("country", one.country)):
        if value:
            features[name] = value
    if one.contacts:
        features["size"] = float(one.contacts)
    return Profile(one.id, features)
