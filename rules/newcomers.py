"""Somebody unknown who writes: what their mail says about them, ready to be looked over, and who of them are one."""

import re
from dataclasses import dataclass

from rules import addresses, firms, mentions, named_firms, named_persons, names, phones, places
from rules.names import Likeness, Person
from rules.terms.customer import Contact, Customer, CustomerKind, CustomerStatus
from rules.terms.firm import Firm
from rules.terms.mail import Direction, Message, Reading
from rules.writers import Writers, writers

_LONGEST_TEXT = 20_000
_MOBILE = re.compile(r"(?:mobil|handy|cell|mob\b|natel)[^\n]{0,12}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What a mail tells of its writer. `customer` and `contact` have no id yet; what is not told is "".

    `person` is who writes, None where no name is told; `numbers` are the keys of their telephone numbers.
    """

    address: str
    person: Person | None
    domain: str
    numbers: frozenset[str]
    customer: Customer
    contact: Contact

    @property
    def firm(self) -> str:
        """The firm they write for, "" for a private person."""
        return self.customer.name if self.customer.kind is CustomerKind.FIRM else ""

    @property
    def called(self) -> tuple[str, ...]:
        """The person's and the firm's name, each that is told; one where they are the same, or else the address."""
        person = f"{self.person.first} {self.person.last}".strip() if self.person else ""
        same = set(names.words_of(person)) == set(names.words_of(self.firm))
        return tuple(name for name in (person, "" if same else self.firm) if name) or (self.address,)


def described(
    message: Message, reading: Reading, direction: Direction, writer: str, firm: Firm, region: str = "DE"
) -> Newcomer:
    """Read a mail for who wrote it.

    Args:
        message: the mail.
        reading: what is new in it.
        direction: whether one of us wrote it, and passes on what the person wrote.
        writer: the canonical address of the person behind it.
        firm: who we are; our own and shared domains name nobody's firm.
        region: country of telephone numbers without a country's code.
    """
    behind = writers(message, reading, direction, firm)
    text, signature = behind.text[:_LONGEST_TEXT], behind.signature[:_LONGEST_TEXT]
    person = _person(behind, writer, text, signature)
    domain = addresses.company_domain(writer, firm)
    name = _firm_name(text, signature, domain, firm)
    found = [phone for phone in phones.find(text, region) if not phone.fax]
    place = next(iter(places.find(f"{signature}\n{text}")), None)
    mobile = [phone for phone in found if _MOBILE.search(_before(text, phone.quote))]
    direct = [phone for phone in found if phone not in mobile]
    private = not name and person is not None
    called = f"{person.first} {person.last}".strip() if person else ""
    return Newcomer(
        address=writer,
        person=person,
        domain=domain,
        numbers=frozenset(phone.key for phone in found),
        customer=Customer(
            id="",
            name=name or called or writer,
            kind=CustomerKind.PERSON if private else CustomerKind.FIRM,
            street=places.street_above(text, place) if place else "",
            zip=place.postcode if place else "",
            city=place.city if place else "",
            country=place.country if place else "",
            phone=direct[0].quote.strip() if direct and private else "",
            email=writer if private else "",
            domain=domain,
            status=CustomerStatus.LEAD,
        ),
        contact=Contact(
            id="",
            customer_id="",
            title=person.title if person and not private else "",
            first_name=person.first if person and not private else "",
            last_name=person.last if person and not private else "",
            email="" if private else writer,
            phone=direct[0].quote.strip() if direct and not private else "",
            mobile=mobile[0].quote.strip() if mobile and not private else "",
            language=reading.language or "",
        ),
    )


def same_person(one: Newcomer, other: Newcomer) -> bool:
    """Whether two addresses are clearly one person's: the same full name, and the same firm's domain or a telephone."""
    a, b = one.person, other.person
    if a is None or b is None or not (a.first and a.last and b.first and b.last):
        return False
    if names.compare(a, b) is not Likeness.EXACT:
        return False
    return bool(one.domain and one.domain == other.domain) or bool(one.numbers & other.numbers)


def _person(behind: Writers, writer: str, text: str, signature: str) -> Person | None:
    signed = named_persons.signers(signature, text)
    if len(signed) == 1 and signed[0].first:
        return signed[0]
    shown = next((one.name for one in behind.people if one.name), "")
    return names.parse_person(shown) or named_persons.of_address(writer)


def _firm_name(text: str, signature: str, domain: str, firm: Firm) -> str:
    """The firm of the signature, the one they say they write from, or else the one that the domain spells."""
    signature, said = mentions.cut(signature).text, mentions.cut(text).text
    for named in (*named_firms.find(signature), *named_firms.introduced(said)):
        if firms.compare(named, firm.name) not in (firms.FirmLikeness.EXACT, firms.FirmLikeness.VARIANT):
            return named
    return " ".join(word.capitalize() for word in domain.partition(".")[0].split("-"))


def _before(text: str, quote: str) -> str:
    at = text.find(quote)
    return text[max(0, text.rfind("\n", 0, at)) : at] if at >= 0 else ""
