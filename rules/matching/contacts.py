"""Which of a customer's people wrote: decided apart from the customer, and never invented."""

from collections.abc import Iterable, Iterator

from rules import names, phones
from rules.identifiers import REGION, mail_addresses, own_name
from rules.matching.answers import Answers
from rules.matching.clues import Clues
from rules.names import Likeness, Person
from rules.terms.customer import Contact, CustomerFile, IdentifierKind
from rules.writers import How

_SAME = (Likeness.EXACT, Likeness.VARIANT)
_HALF = (Likeness.LAST_ONLY, Likeness.FIRST_ONLY)


def names_of(file: CustomerFile) -> Iterator[tuple[Contact | None, Person]]:
    """The names that a record holds: its people's, a private customer's own, and a firm's that bears its owner's."""
    for contact in file.contacts:
        if contact.first_name or contact.last_name:
            yield contact, Person(contact.first_name, contact.last_name, contact.title)
    owner = own_name(file.customer)
    if owner is not None:
        yield None, owner


def contact_of(clues: Clues, file: CustomerFile, answers: Answers) -> str | None:
    """The person who wrote, if it is exactly one of the customer's people.

    Whose address it is wrote the mail, unless it is signed by somebody else; of several with one address (a couple,
    a shared mailbox) whose name stands below. From an unknown address only who is named with first and last name.
    """
    owners = (answers.owned(IdentifierKind.ADDRESS, key) for key in clues.asked.addresses)
    ids = {owner.contact_id for found in owners for owner in found.known}
    there = [contact for contact in file.contacts if contact.id in ids]
    if there:
        return _of_address(clues, file, there)
    if clues.asked.writers.how is How.GATEWAY:
        return mobile_of(clues, file)
    if clues.asked.writers.how is How.RECIPIENT or clues.automatic:
        return None
    return _named(clues, file.contacts) or _same_line(clues, file)


def mobile_of(clues: Clues, file: CustomerFile) -> str | None:
    """The one of a customer's people whose own mobile the mail gives, or comes from."""
    region = file.customer.country.upper() or REGION
    given = {phone.key for phone in clues.phones_in(region)}
    found = [contact.id for contact in file.contacts if contact.mobile and given & phones.keys(contact.mobile, region)]
    return found[0] if len(found) == 1 else None


def _of_address(clues: Clues, file: CustomerFile, there: list[Contact]) -> str | None:
    sole = there[0].id if len(there) == 1 else None
    if not clues.persons or clues.asked.writers.how is How.BOUNCE:
        return sole
    for persons in (clues.signers, clues.shown_persons, clues.persons):
        meant = [_meant(person, there) for person in persons]
        ids = {next(iter(found)) for found in meant if len(found) == 1}
        if ids:
            return ids.pop() if len(ids) == 1 else sole
        if sole is None and any(_speaks_for_all(person, found) for person, found in zip(persons, meant, strict=True)):
            return None
    if sole is None:
        return None
    if not clues.whole_persons:
        others = [one for one in file.contacts if one.id != sole]
        return None if any(_meant(person, others) for person in clues.signers if person.first) else sole
    # Signed with another name: of a mailbox that several use another person, of one's own a new name.
    shared = set(mail_addresses(file.customer.email)) & set(_addresses(there[0]))
    return None if shared or _named(clues, file.contacts) else sole


def _meant(person: Person, contacts: Iterable[Contact]) -> set[str]:
    """The contacts whom a name fits best."""
    likes = {contact.id: names.compare(person, _name(contact)) for contact in contacts}
    found = ({id for id, like in likes.items() if like in wanted} for wanted in (_SAME, (Likeness.TYPO,), _HALF))
    return next(filter(None, found), set())


def _speaks_for_all(person: Person, meant: set[str]) -> bool:
    """Whether somebody signs as none of those who share an address: for the family, or as one more of it."""
    return (bool(person.first) and not meant) or (len(meant) > 1 and "fam" in person.title.lower())


def _named(clues: Clues, contacts: tuple[Contact, ...]) -> str | None:
    """The one who is named in full."""
    for persons in (clues.whole_persons, clues.former_persons):
        for wanted in (_SAME, (Likeness.TYPO,)):
            found = {
                contact.id
                for contact in contacts
                for person in persons
                if contact.first_name and contact.last_name and names.compare(person, _name(contact)) in wanted
            }
            if found:
                return found.pop() if len(found) == 1 else None
    return None


def _same_line(clues: Clues, file: CustomerFile) -> str | None:
    """The one with that first name and that extension: somebody who has another last name now."""
    first_names = {names.words_of(one.first) for one in clues.persons if one.first}
    called = [one for one in file.contacts if one.phone and names.words_of(one.first_name) in first_names]
    if not called:
        return None
    region = file.customer.country.upper() or REGION
    lines = {phone.key for phone in clues.phones_in(region)}
    found = [contact.id for contact in called if lines & phones.keys(contact.phone, region)]
    return found[0] if len(found) == 1 else None


def _addresses(contact: Contact) -> list[str]:
    return [address for field in (contact.email, contact.email2) for address in mail_addresses(field)]


def _name(contact: Contact) -> Person:
    return Person(contact.first_name, contact.last_name, contact.title)
