"""Are two records of one customer? A proposal for a person to decide on, with what speaks for it; never a decision.

Precision comes first: the same name is always asked for, and whatever tells two parties apart ends it. Couples share
address, telephone and surname; branches of a chain the name, the domain and the VAT id; companies of a group the VAT
id; namesakes the town; a craftsman and his firm nearly everything. Each of these is two customers.
"""

from dataclasses import dataclass

from rapidfuzz.distance import OSA

from rules import firms, identifiers, names
from rules.firms import FirmLikeness
from rules.folding import fold, folds
from rules.terms.customer import Customer, CustomerFile, CustomerKind, IdentifierKind
from rules.terms.finding import Evidence
from rules.terms.firm import Firm

# Raised whenever pairs are judged otherwise than before: all records are then compared anew.
GENERATION = 1

# How sure with one, two, three and more pieces beside the name: judgements, like the weights of matching.
_SURE = (0.0, 0.85, 0.95, 0.98)
# A name that is a slip of the pen away, and a town that one of them does not state, leave room for somebody else.
_DOUBT = 0.1
_SENIOR = frozenset("sen senior sr jun junior jr".split())
_STREET_ENDS = (("strasse", "str"), ("platz", "pl"))
_SHARED = {
    IdentifierKind.VAT: "vat",
    IdentifierKind.ADDRESS: "email",
    IdentifierKind.PHONE: "phone",
    IdentifierKind.DOMAIN: "domain",
}


@dataclass(frozen=True, slots=True)
class Likely:
    """What speaks for one customer in two records, the strongest first, and how sure that is (0 to 1)."""

    evidence: tuple[Evidence, ...]
    confidence: float


def blocks(file: CustomerFile, firm: Firm) -> dict[IdentifierKind, frozenset[str]]:
    """By what a record's duplicates are found: only who shares one of these is looked at."""
    found = _keys(file, firm)
    own = identifiers.of_customer(file.customer, firm)
    for kind in (IdentifierKind.FIRM, IdentifierKind.PERSON):
        found[kind] = frozenset(known.value for known in own if known.kind is kind)
    return found


def likely(a: CustomerFile, b: CustomerFile, firm: Firm) -> Likely | None:
    """Whether two records are of one customer; None where nothing is to be proposed. Symmetric."""
    one, other = a.customer, b.customer
    if one.kind is not other.kind or not one.party & other.party or _told_apart(one, other):
        return None
    named = _same_person(one, other) if one.kind is CustomerKind.PERSON else _same_firm(one, other)
    if named is None:
        return None
    evidence, slip = named
    shared = _shared(_keys(a, firm), _keys(b, firm), one.kind)
    place = _same_street(one, other)
    if place is not None:
        shared.append(place)
    strong = [piece for piece in shared if piece.reason != "domain"]
    needed = 2 if slip else 1
    # A domain and a name alone are what branches share: of them both have to say where they are.
    if len(shared) < needed or (not strong and not (one.zip and other.zip)):
        return None
    confidence = _SURE[min(len(shared), len(_SURE) - 1)]
    if slip or not (one.zip and other.zip):
        confidence -= _DOUBT
    return Likely((evidence, *shared), round(confidence, 2))


def _told_apart(one: Customer, other: Customer) -> bool:
    """Whether anything says that these are two."""
    vats = identifiers.vat_id(one.vat_id), identifiers.vat_id(other.vat_id)
    if all(vats) and vats[0] != vats[1]:
        return True
    if one.country and other.country and fold(one.country) != fold(other.country):
        return True
    zips = _bare(one.zip), _bare(other.zip)
    if all(zips) and zips[0] != zips[1]:
        return True
    cities = fold(one.city), fold(other.city)
    if all(cities) and not all(zips) and not (cities[0].startswith(cities[1]) or cities[1].startswith(cities[0])):
        return True
    streets = _street(one.street), _street(other.street)
    return all(streets) and not _alike(*streets)


def _same_person(one: Customer, other: Customer) -> tuple[Evidence, bool] | None:
    """Private people: both names in full; a first name that only begins alike may be the wife's or the son's."""
    first, second = names.parse_person(one.name), names.parse_person(other.name)
    if first is None or second is None or not all((first.first, first.last, second.first, second.last)):
        return None
    marks = [_SENIOR.intersection(names.words_of(name)) for name in (one.name, other.name)]
    if marks[0] != marks[1] or not _spelt(first) & _spelt(second):
        return None
    return Evidence("person", _both(one.name, other.name)), False


def _spelt(person: names.Person) -> set[tuple[str, ...]]:
    """All words of a name, whatever their order, in both umlaut ways."""
    return {tuple(sorted(names.words_of(way))) for way in folds(f"{person.first} {person.last}")}


def _same_firm(one: Customer, other: Customer) -> tuple[Evidence, bool] | None:
    """Firms: the name but for the legal form, which must not contradict; the second value is True for a slip."""
    ours, theirs = firms.core(one.name), firms.core(other.name)
    forms = [_legal_form(customer) for customer in (one, other)]
    # So short a name as has no key says nothing.
    nameless = not (firms.firm_keys(one.name) and firms.firm_keys(other.name))
    if nameless or (all(forms) and forms[0] != forms[1]):
        return None
    # "Filiale 12" and "Filiale 14": figures in names number what is alike otherwise.
    figures = [sorted(word for word in name.words if any(sign.isdigit() for sign in word)) for name in (ours, theirs)]
    if figures[0] != figures[1]:
        return None
    evidence = Evidence("firm", _both(one.name, other.name))
    if set(ours.ways(range(len(ours.words)))) & set(theirs.ways(range(len(theirs.words)))):
        return evidence, False
    if sorted(ours.words) == sorted(theirs.words) or "".join(ours.words) == "".join(theirs.words):
        return evidence, False
    if firms.compare(one.name, other.name) is FirmLikeness.TYPO:
        return Evidence("firm-like", _both(one.name, other.name)), True
    return None


def _legal_form(customer: Customer) -> str:
    """The legal form from the name or its own field, folded; "" where neither says it."""
    return firms.core(customer.name).legal_form or firms.core(f"x {customer.legal_form}").legal_form


def _keys(file: CustomerFile, firm: Firm) -> dict[IdentifierKind, frozenset[str]]:
    """What a record and its people are reached by, and the VAT id."""
    found: dict[IdentifierKind, set[str]] = {}
    of_people = (
        known for contact in file.contacts for known in identifiers.of_contact(contact, firm, file.customer.country)
    )
    for known in (*identifiers.of_customer(file.customer, firm), *of_people):
        # Keys of a switchboard's whole block of numbers say only that both may sit behind it.
        if known.kind in _SHARED and not known.value.endswith(("*", "~")):
            found.setdefault(known.kind, set()).add(known.value)
    return {kind: frozenset(values) for kind, values in found.items()}


def _shared(
    ours: dict[IdentifierKind, frozenset[str]], theirs: dict[IdentifierKind, frozenset[str]], kind: CustomerKind
) -> list[Evidence]:
    """What both are reached by. Of an address its domain is no second piece; private people share no firm's domain."""
    found: list[Evidence] = []
    for each, reason in _SHARED.items():
        both = ours.get(each, frozenset()) & theirs.get(each, frozenset())
        repeated = each is IdentifierKind.DOMAIN and (
            kind is CustomerKind.PERSON or any(piece.reason == "email" for piece in found)
        )
        if both and not repeated:
            found.append(Evidence(reason, max(both, key=lambda value: (len(value), value))))
    return found


def _same_street(one: Customer, other: Customer) -> Evidence | None:
    """The same house: street and number, in a place that is not another one."""
    streets = _street(one.street), _street(other.street)
    if not all(streets) or not (one.zip and other.zip) or not any(sign.isdigit() for sign in streets[0]):
        return None
    town = " ".join(part for part in (one.zip, one.city) if part)
    return Evidence("street", f"{one.street}, {town}")


def _street(street: str) -> str:
    """A street as it is compared: "Bahnhofstraße 12 a" → "bahnhofstr12a"."""
    text = fold(street[:200])
    for long, short in _STREET_ENDS:
        text = text.replace(long, short)
    return "".join(sign for sign in text if sign.isalnum())


def _alike(one: str, other: str) -> bool:
    """The same house number, and a street that is at most one slip away."""
    numbers = [_number(street) for street in (one, other)]
    if all(numbers) and numbers[0] != numbers[1]:
        return False
    ways = [street.removesuffix(number) for street, number in zip((one, other), numbers, strict=True)]
    return OSA.distance(*ways, score_cutoff=1) <= 1


def _number(street: str) -> str:
    """The house number with its letter at the end of a compared street, "" where there is none."""
    start = next((at for at, sign in enumerate(street) if sign.isdigit()), len(street))
    return street[start:]


def _both(one: str, other: str) -> str:
    return " / ".join(dict.fromkeys(sorted((one, other))))


def _bare(text: str) -> str:
    return "".join(sign for sign in text[:40] if sign.isalnum()).lower()
