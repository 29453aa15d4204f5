"""What of the pool a decision needs: whether the sender's address says enough, other keys, and who is a candidate."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from rules import firms, lookalikes, named_persons, names
from rules.identifiers import at_place, person_key, surname_keys
from rules.matching.answers import PROVIDER, Answers
from rules.matching.clues import Clues
from rules.names import Person
from rules.terms.customer import IdentifierKind
from rules.terms.mail import Verdict
from rules.writers import How

Keys = Mapping[IdentifierKind, frozenset[str]]

# Of so many names the sound is looked up too: the first ones are the likeliest.
SOUNDS = 6
# Of keys that more customers share, no owner is a candidate by that alone.
MOST_SHARED = 20
CANDIDATES = 25
# The strongest first: what comes later is left out where there are too many.
_ORDER = (
    IdentifierKind.ADDRESS,
    IdentifierKind.VAT,
    IdentifierKind.NUMBER,
    IdentifierKind.PHONE,
    IdentifierKind.DOMAIN,
    IdentifierKind.FIRM,
    IdentifierKind.PERSON,
    IdentifierKind.DOMAIN_NAME,
    IdentifierKind.FIRM_SOUND,
    IdentifierKind.PERSON_SOUND,
)


def is_plain(clues: Clues, answers: Answers, verdict: Verdict) -> bool:
    """Whether addresses alone decide: one customer's, in nobody else's thread, from no domain of several; or ours.

    Then nothing is looked up but the owners' records.
    """
    asked = clues.asked
    if asked.writers.how is How.RECIPIENT:
        return True
    # What a form or a list tells is not proven, and is looked at with what the mail wants.
    if verdict is Verdict.FAIL or asked.doubtful or asked.writers.how in (How.FORM, How.RELAY):
        return False
    owners = {
        owner.customer_id for key in asked.addresses for owner in answers.owned(IdentifierKind.ADDRESS, key).known
    }
    if len(owners) != 1 or any(1 < answers.owned(IdentifierKind.DOMAIN, one).count < PROVIDER for one in asked.domains):
        return False
    entry = next((answers.thread[one] for one in asked.parents if one in answers.thread), None)
    strange = entry is not None and entry.customer_id is not None and entry.customer_id not in owners
    return not strange and not clues.clients


def candidates(clues: Clues, answers: Answers, keys: Keys) -> tuple[str, ...]:
    """The customers whose records are fetched and weighed, the likelier ones first.

    Args:
        clues: what the mail says.
        answers: who owns the keys, and the mails that this one answers.
        keys: what `keys_of` gave; none where the address decides.
    """
    asked = clues.asked
    found: dict[str, None] = {}
    first = {IdentifierKind.ADDRESS: asked.addresses, IdentifierKind.DOMAIN: asked.domains}
    for kind in _ORDER:
        for value in sorted((*first.get(kind, ()), *keys.get(kind, ()))):
            owners = answers.owned(kind, value)
            if owners.count <= (PROVIDER - 1 if kind is IdentifierKind.DOMAIN else MOST_SHARED):
                found |= dict.fromkeys(owner.customer_id for owner in owners.known)
    for parent in asked.parents:
        entry = answers.thread.get(parent)
        if entry is not None and entry.customer_id and asked.writers.how is not How.RECIPIENT:
            found[entry.customer_id] = None
            break
    return tuple(found)[:CANDIDATES]


def keys_of(clues: Clues) -> Keys:
    """What is looked up beyond the addresses and domains of the people sought."""
    firm_keys = frozenset(_all(firms.firm_keys, clues.firm_names))
    person_keys = {person_key(person) for person in clues.whole_persons}
    return {
        IdentifierKind.ADDRESS: clues.shown_addresses,
        IdentifierKind.PHONE: frozenset(key for phone in clues.phones_in(clues.region) for key in phone.keys),
        IdentifierKind.NUMBER: frozenset(number.value for number in clues.numbers),
        IdentifierKind.VAT: frozenset(vat.value for vat in clues.vat_ids),
        IdentifierKind.PERSON: frozenset((*_person_keys(clues), *_at_places(clues, person_keys))),
        IdentifierKind.PERSON_SOUND: frozenset(
            key for person in _sounding(clues) for key in names.person_sounds(person.first, person.last)
        ),
        IdentifierKind.FIRM: firm_keys.union(_at_places(clues, firm_keys), _all(firms.firm_keys, clues.clients)),
        IdentifierKind.FIRM_SOUND: frozenset(_all(firms.firm_sounds, clues.firm_names[:SOUNDS])),
        IdentifierKind.DOMAIN_NAME: frozenset(lookalikes.looked_up(clues.domain)) if clues.domain else frozenset(),
    }


def _sounding(clues: Clues) -> Iterator[Person]:
    """Who may be misspelt: those named in full, or whom the address spells."""
    yield from clues.whole_persons
    spelt = None if clues.whole_persons else named_persons.of_address(clues.asked.sender)
    if spelt is not None:
        yield spelt


def _person_keys(clues: Clues) -> Iterator[str]:
    persons = [*clues.whole_persons, *clues.former_persons]
    if not clues.whole_persons:
        # A private customer writes their name where firms write theirs.
        owners = map(names.parse_person, clues.firm_names[:SOUNDS])
        persons += [owner for owner in owners if owner and owner.first and owner.last]
    for person in persons:
        yield from names.person_keys(person.first, person.last)
    for person in clues.persons:
        yield from surname_keys(person.last, clues.towns)


def _at_places(clues: Clues, keys: Collection[str]) -> Iterator[str]:
    """The keys with the postcodes of the mail: so somebody with a frequent name is found."""
    return (at_place(key, place.postcode) for place in clues.places if place.postcode for key in keys)


def _all(keys: Callable[[str], frozenset[str]], found: Iterable[str]) -> Iterator[str]:
    return (key for name in found for key in keys(name))
