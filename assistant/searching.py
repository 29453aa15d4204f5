"""Finding customers by whatever is typed: a name, a person's name, a number, an address, digits of a telephone number.

    owners   whoever owns the address, number or telephone number that was typed
    words    names, towns, streets and numbers that hold the words or begin so (storage.customers)
    people   customers whose people are called so
    sounds   where nothing is found: names that sound alike and differ by little, the nearest first

Each step asks an index and is bounded, so it is as quick with a million customers.
"""

from collections.abc import Collection

from rapidfuzz import fuzz, process

from assistant.sharing import keys_of
from rules import firms, names, phones
from rules.folding import fold
from rules.terms.customer import Customer, IdentifierKind
from rules.terms.firm import Firm
from storage.pool import Work

LONGEST = 200
# So alike a name has to be that is found by its sound, of 100; and so short a word is no typing error.
_ALIKE = 75.0
_SHORTEST = 4
_DIGITS = 5
# What people write between the digits of a telephone number.
_BETWEEN = str.maketrans("", "", " ()/-.\u00a0")


def customers(work: Work, text: str, firm: Firm, limit: int) -> list[Customer]:
    """The customers who are meant by a text, the surest first; those whose data are restricted are not among them."""
    typed = text[:LONGEST].strip()
    if not typed:
        return []
    found: dict[str, Customer] = {}
    for keys in keys_of(typed, firm):
        found |= _owners(work, keys, limit)
    found |= {one.id: one for one in work.customers.find(typed, limit) if one.id not in found}
    if len(found) < limit:
        found |= _people(work, typed, limit)
    if len(found) < limit and (number := _dialled(typed)):
        found |= work.customers.used(work.customers.owners_of_phones(number, limit))
    if not found:
        found = {one.id: one for one in _sounding(work, typed, limit)}
    return list(found.values())[:limit]


def _owners(work: Work, keys: dict[IdentifierKind, set[str]], limit: int) -> dict[str, Customer]:
    owners = work.customers.owners(keys).values()
    ids = dict.fromkeys(known.customer_id for found in owners for known in found.known)
    return work.customers.used(list(ids)[:limit])


def _people(work: Work, typed: str, limit: int) -> dict[str, Customer]:
    """Customers with people of that name."""
    person = names.parse_person(typed)
    if person is None or not (person.first and person.last):
        return {}
    return _owners(work, {IdentifierKind.PERSON: set(names.person_keys(person.first, person.last))}, limit)


def _dialled(typed: str) -> str:
    """The beginning of a telephone number as the pool keeps numbers; "" where the text is none."""
    digits = typed.removeprefix("+").translate(_BETWEEN)
    return phones.beginning(typed) if len(digits) >= _DIGITS and digits.isascii() and digits.isdecimal() else ""


def _sounding(work: Work, typed: str, limit: int) -> list[Customer]:
    """Customers whose names sound like the text, or like a word of it, the nearest in writing first."""
    words: Collection[str] = [word for word in typed.split() if len(word) >= _SHORTEST and word.isalpha()]
    sounds = {sound for part in (typed, *words) for sound in firms.firm_sounds(part)}
    keys = {IdentifierKind.FIRM_SOUND: sounds}
    person = names.parse_person(typed)
    if person is not None and person.first and person.last:
        keys[IdentifierKind.PERSON_SOUND] = set(names.person_sounds(person.first, person.last))
    found = _owners(work, keys, 10 * limit)
    wanted = fold(typed)
    written = {id: fold(one.name) for id, one in found.items()}
    near = process.extract(wanted, written, scorer=fuzz.partial_ratio, score_cutoff=_ALIKE, limit=limit)
    return [found[id] for _, _, id in near]
