"""By what a customer and a contact can be recognised: the keys under which the pool finds their records."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from rules import addresses, firms, lookalikes, names, numbers, phones
from rules.folding import fold
from rules.terms.customer import Contact, Customer, CustomerKind, IdentifierKind, Known, NumberForm
from rules.terms.firm import Firm

# Raised whenever records give other identifiers, or numbers other forms, than before: pools then derive them anew.
GENERATION = 3
CUSTOMERS = "customers"
CONTACTS = "contacts"
# The country whose telephone numbers are meant where a record names none.
REGION = "DE"

Key = tuple[IdentifierKind, str]


def of_customer(customer: Customer, firm: Firm) -> tuple[Known, ...]:
    """The identifiers in a customer's own record."""
    keys = _distinct((*_mail_keys(customer.email, firm), *_web_keys(customer.domain, firm), *_customer_keys(customer)))
    return tuple(Known(kind, value, customer.id, None, CUSTOMERS) for kind, value in keys)


def of_contact(contact: Contact, firm: Firm, country: str = "") -> tuple[Known, ...]:
    """The identifiers in a contact's record.

    Args:
        contact: the record.
        firm: who we are; our own domains identify nobody.
        country: the customer's, by which telephone numbers without a country's code are read.
    """
    found: list[Key] = []
    for field in (contact.email, contact.email2):
        found += _mail_keys(field, firm)
    found += _phone_keys((contact.phone, contact.mobile), country)
    found += _person_keys(contact.first_name, contact.last_name)
    return tuple(Known(kind, value, contact.customer_id, contact.id, CONTACTS) for kind, value in _distinct(found))


def form_of(number: str) -> NumberForm:
    """How a customer's, order's or invoice's number is found and told apart."""
    return NumberForm(numbers.normal(number), numbers.shape(number))


def mail_addresses(field: str) -> list[str]:
    """The addresses in a record's field, canonical; files hold several in one now and then."""
    words = field.replace(";", " ").replace(",", " ").split()
    return [addresses.canonical(word) for word in words if "@" in word]


def web_host(domain: str) -> str:
    """The host in what a file calls a domain: often a web address."""
    text = domain.strip().lower()
    try:
        return urlsplit(text if "//" in text else f"//{text}").hostname or ""
    except ValueError:
        return ""


def vat_id(field: str) -> str:
    """The VAT id in a record's field in its compared spelling, "" when there is none."""
    found = numbers.vat_ids(field)
    return found[0].value if found else ""


def person_key(person: names.Person) -> str:
    """The key that a whole name has and its halves and initials have not: by it one counts who bears the name."""
    return " ".join(sorted(names.words_of(f"{person.first} {person.last}")))


def own_name(customer: Customer) -> names.Person | None:
    """The person whose name a customer bears: a private one's own, or a firm's owner's ("Karl Otte e. K.")."""
    return _named(customer.name, private=customer.kind is CustomerKind.PERSON)


@lru_cache(maxsize=20_000)
def _named(name: str, *, private: bool) -> names.Person | None:
    person = names.parse_person(name)
    if person is None or private:
        return person
    if any(map(firms.is_common, names.words_of(name))):
        # "Walter Immobilien": a trade is nobody's surname here.
        return None
    return person if person.first and person.last and all(map(names.is_given, person.first.split())) else None


def at_place(key: str, postcode: str) -> str:
    """The key of a name in one place, by which somebody with a frequent name is found."""
    return f"{key}@{postcode.replace(' ', '').lower()}"


def surname_keys(last: str, towns: Iterable[str]) -> Iterator[str]:
    """The keys of a private customer's surname: alone where it is rare, else with where they live.

    Args:
        last: the surname.
        towns: postcodes, and towns, of which the first word counts.
    """
    for key in names.last_keys(last):
        if not names.is_common(last):
            yield key
            continue
        words = (next(iter(fold(town).replace(",", " ").split()), "") for town in towns)
        yield from (at_place(key, word) for word in words if word)


def _customer_keys(customer: Customer) -> Iterator[Key]:
    private = customer.kind is CustomerKind.PERSON
    yield from _phone_keys((customer.phone, customer.fax), customer.country, private=private)
    if customer.customer_no:
        yield IdentifierKind.NUMBER, numbers.normal(customer.customer_no)
    if vat := vat_id(customer.vat_id):
        yield IdentifierKind.VAT, vat
    person = own_name(customer)
    if person is not None:
        yield from _person_keys(person.first, person.last)
        if customer.zip:
            yield IdentifierKind.PERSON, at_place(person_key(person), customer.zip)
    if private:
        if person is not None:
            for key in surname_keys(person.last, (customer.zip, customer.city)):
                yield IdentifierKind.PERSON, key
        return
    for key in firms.firm_keys(customer.name):
        yield IdentifierKind.FIRM, key
        if customer.zip:
            yield IdentifierKind.FIRM, at_place(key, customer.zip)
    for key in firms.firm_sounds(customer.name):
        yield IdentifierKind.FIRM_SOUND, key


def _mail_keys(field: str, firm: Firm) -> Iterator[Key]:
    for address in mail_addresses(field):
        yield IdentifierKind.ADDRESS, address
        yield IdentifierKind.ADDRESS, addresses.mailbox(address)
        yield from _domain_keys(addresses.company_domain(address, firm))


def _web_keys(domain: str, firm: Firm) -> Iterator[Key]:
    yield from _domain_keys(addresses.company_domain(f"@{web_host(domain)}", firm))


def _domain_keys(domain: str) -> Iterator[Key]:
    if domain:
        yield IdentifierKind.DOMAIN, domain
        yield IdentifierKind.DOMAIN_NAME, lookalikes.stored_key(domain)


def _phone_keys(fields: Iterable[str], country: str, *, private: bool = False) -> Iterator[Key]:
    for field in fields:
        if field:
            for key in phones.keys(field, country.upper() or REGION, private=private):
                yield IdentifierKind.PHONE, key


def _person_keys(first: str, last: str) -> Iterator[Key]:
    for key in names.person_keys(first, last):
        yield IdentifierKind.PERSON, key
    for key in names.person_sounds(first, last):
        yield IdentifierKind.PERSON_SOUND, key


def _distinct(keys: Iterable[Key]) -> Iterator[Key]:
    return (key for key in dict.fromkeys(keys) if key[1])
