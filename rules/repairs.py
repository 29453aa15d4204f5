"""The address book repairs itself: what a mail says about records that are no longer right, each with the words.

"Herr Weber ist nicht mehr im Unternehmen, bitte an Frau Klein", a new person's signature, another telephone number,
a moved or renamed firm, a married name, a bounce. These are proposals; a person accepts them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from rules import addresses, firms, mentions, named_firms, named_persons, names, phones, places
from rules.names import Likeness, Person
from rules.phrases.repairs import CALLED, GONE, INSTEAD, MOVED, NEW_EMAIL, STREET
from rules.terms.customer import Contact, Customer, CustomerFile
from rules.terms.mail import MailKind, Message, Reading

_LONGEST_QUOTE = 200
_LONGEST_TEXT = 20_000
_HUMAN = (MailKind.PERSON, MailKind.OUT_OF_OFFICE, MailKind.AUTO_REPLY)


class Repair(StrEnum):
    """What would be changed. A referral names another customer: it is found by assistant.referring."""

    LEFT = "left"
    NEW_CONTACT = "new-contact"
    NEW_NAME = "new-name"
    NEW_EMAIL = "new-email"
    NEW_PHONE = "new-phone"
    DEAD_EMAIL = "dead-email"
    MOVED = "moved"
    FIRM_RENAMED = "firm-renamed"
    REFERRAL = "referral"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One repair. `fields` are the new values by the name of the record's field; `contact_id` "": the customer's."""

    repair: Repair
    contact_id: str
    quote: str
    fields: Mapping[str, str] = field(default_factory=dict)


def suggestions(
    message: Message, reading: Reading, file: CustomerFile, contact_id: str | None, region: str = "DE"
) -> tuple[Suggestion, ...]:
    """What a mail suggests to change in the records of the customer it is filed under.

    Args:
        message: an incoming mail whose sender nobody doubts.
        reading: what is new in it.
        file: the customer's record and people.
        contact_id: who of them wrote it; None where that is nobody known.
        region: country of telephone numbers without a country's code.
    """
    writer = next((contact for contact in file.contacts if contact.id == contact_id), None)
    if reading.kind is MailKind.BOUNCE:
        return tuple(_dead(reading, file))
    if reading.kind not in _HUMAN:
        return ()
    text, signature = reading.new_text[:_LONGEST_TEXT], (reading.signature or "")[:_LONGEST_TEXT]
    found = [*_left(text, file, writer), *_moved(text, file.customer), *_firm_renamed(text, signature, file.customer)]
    if reading.kind is MailKind.PERSON:
        if writer is None:
            found += _new_contact(message, text, signature, file, region)
        else:
            found += [
                *_new_name(text, signature, writer),
                *_new_phone(signature, writer, file.customer, region),
                *_new_email(text, writer),
            ]
    return tuple(found)


def _dead(reading: Reading, file: CustomerFile) -> Iterator[Suggestion]:
    """A permanent bounce that says the address does not exist (RFC 3463, 5.1.x), not that a mailbox is full."""
    bounce = reading.bounce
    if bounce is None or not bounce.permanent or not bounce.status.startswith("5.1"):
        return
    dead = {addresses.canonical(recipient) for recipient in bounce.recipients}
    for contact in file.contacts:
        for name, address in (("email", contact.email), ("email2", contact.email2)):
            if contact.active and address and addresses.canonical(address) in dead:
                yield Suggestion(Repair.DEAD_EMAIL, contact.id, _short(bounce.reason or address), {name: ""})


_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")


def _left(text: str, file: CustomerFile, writer: Contact | None) -> Iterator[Suggestion]:
    """Who is said to be gone, and who is named instead."""
    if writer is not None and (words := mentions.left(text)):
        yield Suggestion(Repair.LEFT, writer.id, _short(_sentence(text, text.find(words))), {"active": "no"})
    for gone in GONE.matches(text):
        begin, end = _span(text, gone.start())
        sentence = text[begin:end]
        # Whoever is gone is named before the words that say so; behind them stands who says it, or who comes instead.
        for person in _persons(text[begin : gone.start()]):
            contact = _the_one(person, file)
            if contact is not None and contact.active and contact is not writer:
                yield Suggestion(Repair.LEFT, contact.id, _short(sentence), {"active": "no"})
                yield from _successor(text, gone.end(), contact, file)
                return


def _successor(text: str, start: int, gone: Contact, file: CustomerFile) -> Iterator[Suggestion]:
    """Who is named in place of a contact, in the words after."""
    begin = text.rfind("\n\n", 0, start) + 1
    part = text[begin : start + 400]
    for instead in INSTEAD.matches(part):
        sentence = _sentence(part, instead.start())
        for person in _persons(sentence):
            if names.compare(person, Person(gone.first_name, gone.last_name)) is not Likeness.DIFFERENT:
                continue
            if _the_one(person, file) is None:
                address = _ADDRESS.search(part, instead.start())
                email = {"email": address.group().lower().rstrip(".")} if address else {}
                yield Suggestion(Repair.NEW_CONTACT, "", _short(sentence), _named(person) | email)
            return


def _moved(text: str, customer: Customer) -> Iterator[Suggestion]:
    """Another place, named after the words that say so."""
    for moving in MOVED.matches(text):
        part = text[moving.start() : moving.start() + 500]
        for place in places.find(part):
            if not place.postcode or (place.postcode == customer.zip and place.city == customer.city):
                continue
            above = part[: part.find(place.quote)].rstrip(" ,\n").rpartition("\n")[2].rpartition(",")[2].strip()
            street = STREET.fullmatch(above)
            fields = {"street": above} if street else {}
            yield Suggestion(
                Repair.MOVED,
                "",
                _short(_sentence(text, moving.start())),
                fields | {"zip": place.postcode, "city": place.city},
            )
            return


def _firm_renamed(text: str, signature: str, customer: Customer) -> Iterator[Suggestion]:
    """Another name beside the one on record: "Wildner Bau GmbH (vormals Wildner Estrich)"."""
    for whole in (text, signature):
        former = next((name for name in named_firms.former(whole) if _is_firm(name, customer.name)), None)
        if former is None:
            continue
        for name in (*named_firms.find(signature), *named_firms.find(text)):
            if not _is_firm(name, customer.name):
                core = firms.core(name)
                fields = {"name": " ".join(name.split())} | ({"legal_form": core.legal_form} if core.legal_form else {})
                yield Suggestion(Repair.FIRM_RENAMED, "", _short(_sentence(whole, whole.find(former))), fields)
                return


def _is_firm(name: str, known: str) -> bool:
    return firms.compare(name, known) in (firms.FirmLikeness.EXACT, firms.FirmLikeness.VARIANT, firms.FirmLikeness.TYPO)


def _new_name(text: str, signature: str, writer: Contact) -> Iterator[Suggestion]:
    """A known person under another family name, who says what it was before."""
    known = Person(writer.first_name, writer.last_name)
    before = [person for person in named_persons.former(f"{text}\n{signature}") if _same_last(person, known)]
    if not before:
        return
    for person in named_persons.signers(signature, text):
        if person.last and not _same_last(person, known) and _same_first(person, known):
            yield Suggestion(
                Repair.NEW_NAME, writer.id, _short(f"{person.first} {person.last}"), {"last_name": person.last}
            )
            return


# A signature holds other numbers too: of registers, of tax.
_LINE = re.compile(r"(?:tel|fon|phone|mob|handy|cell|natel|direct|durchwahl|dw|call|\b[tm]\b|☎|📞)", re.IGNORECASE)
_MOBILE = re.compile(r"(?:mobil|handy|cell|mob\b|natel)", re.IGNORECASE)


def _new_phone(signature: str, writer: Contact, customer: Customer, region: str) -> Iterator[Suggestion]:
    """A number in a known person's signature that no record of theirs holds."""
    known = frozenset[str]().union(
        *(
            phones.keys(number, region)
            for number in (writer.phone, writer.mobile, customer.phone, customer.fax)
            if number
        )
    )
    for phone in phones.find(signature, region):
        if phone.fax or phone.key in known:
            continue
        line = signature[signature.rfind("\n", 0, signature.find(phone.quote)) + 1 : signature.find(phone.quote)]
        if not (_LINE.search(line) or phone.quote.lstrip("( ").startswith(("+", "00"))):
            continue
        name = "mobile" if _MOBILE.search(line) else "phone"
        yield Suggestion(
            Repair.NEW_PHONE, writer.id, _short(f"{line}{phone.quote}".strip()), {name: phone.quote.strip()}
        )
        return


def _new_email(text: str, writer: Contact) -> Iterator[Suggestion]:
    """An address that a known person says is theirs from now on."""
    for said in NEW_EMAIL.matches(text):
        address = _ADDRESS.search(text, said.start(), said.start() + 300)
        if address is None:
            continue
        new = addresses.canonical(address.group().rstrip("."))
        if new not in {addresses.canonical(known) for known in (writer.email, writer.email2) if known}:
            yield Suggestion(Repair.NEW_EMAIL, writer.id, _short(_sentence(text, said.start())), {"email": new})
            return


def _new_contact(message: Message, text: str, signature: str, file: CustomerFile, region: str) -> Iterator[Suggestion]:
    """An unknown person who writes for a known firm, by the signature or the name beside the address."""
    signed = named_persons.signers(signature, text)
    shown = names.parse_person(message.sender.name)
    person = signed[0] if len(signed) == 1 and signed[0].first else shown
    if person is None or not person.first or not person.last or _the_one(person, file) is not None:
        return
    direct = next((phone for phone in phones.find(signature, region) if not phone.fax), None)
    fields = _named(person) | {"email": addresses.canonical(message.sender.addr)}
    if direct is not None and direct.key not in phones.keys(file.customer.phone, region):
        fields["phone"] = direct.quote.strip()
    yield Suggestion(Repair.NEW_CONTACT, "", _short(signature.strip() or message.sender.name), fields)


def _named(person: Person) -> dict[str, str]:
    fields = {"first_name": person.first, "last_name": person.last, "title": person.title}
    return {name: value for name, value in fields.items() if value}


def _persons(sentence: str) -> Iterator[Person]:
    for called in CALLED.finditer(sentence):
        if called["form"]:
            words = called["name"].split()
            yield Person(" ".join(words[:-1]), words[-1])
        elif (person := names.parse_person(called["bare"])) is not None and names.is_given(person.first):
            yield person


def _the_one(person: Person, file: CustomerFile) -> Contact | None:
    """The one of the customer's people who is called so; a family name alone is enough where only one has it."""
    like = (
        (Likeness.EXACT, Likeness.VARIANT) if person.first else (Likeness.EXACT, Likeness.VARIANT, Likeness.LAST_ONLY)
    )
    found = [one for one in file.contacts if names.compare(person, Person(one.first_name, one.last_name)) in like]
    return found[0] if len(found) == 1 else None


def _same_last(a: Person, b: Person) -> bool:
    return bool(names.last_keys(a.last) & names.last_keys(b.last))


def _same_first(a: Person, b: Person) -> bool:
    first = names.compare(Person(a.first, "X"), Person(b.first, "X"))
    return first in (Likeness.EXACT, Likeness.VARIANT)


_AROUND = 400
_ENDS = re.compile(r"[.!?](?=\s)|\n\s*\n")
_ABBREVIATED = re.compile(r"\b(?:Hr|Fr|Dr|Prof|Mr|Mrs|Ms|ca|Tel|Nr|bzw)\.$")


def _sentence(text: str, at: int) -> str:
    begin, end = _span(text, at)
    return text[begin:end].strip()


def _span(text: str, at: int) -> tuple[int, int]:
    """The sentence around an offset; "Hr." and the like do not end one."""
    begin, end = max(0, at - _AROUND), min(len(text), at + _AROUND)
    for stop in _ENDS.finditer(text, begin, end):
        if _ABBREVIATED.search(text, max(begin, stop.start() - 5), stop.start() + 1):
            continue
        if stop.end() <= at:
            begin = stop.end()
        else:
            return begin, stop.start() + 1
    return begin, end


def _short(quote: str) -> str:
    words = " ".join(quote.split())
    return words if len(words) <= _LONGEST_QUOTE else words[: _LONGEST_QUOTE - 2].rsplit(" ", 1)[0] + " …"
