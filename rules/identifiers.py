"""By what a customer and a contact can be recognised: the addresses and domains their records hold."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from rules import addresses
from rules.matching import company_domain
from rules.terms.customer import Contact, Customer, IdentifierKind, Known
from rules.terms.firm import Firm

CUSTOMERS = "customers"
CONTACTS = "contacts"


def of_customer(customer: Customer, firm: Firm) -> tuple[Known, ...]:
    """The identifiers in a customer's own record: address, web domain, and the address's company domain."""
    found = [
        Known(IdentifierKind.ADDRESS, address, customer.id, None, CUSTOMERS) for address in _addresses(customer.email)
    ]
    domains = [company_domain(address, firm) for address in _addresses(customer.email)]
    domains.append(company_domain(f"@{_host(customer.domain)}", firm))
    found += [Known(IdentifierKind.DOMAIN, name, customer.id, None, CUSTOMERS) for name in _distinct(domains)]
    return tuple(found)


def of_contact(contact: Contact, firm: Firm) -> tuple[Known, ...]:
    """The identifiers in a contact's record; a domain says by whom the customer has it, it means no single person."""
    known = [address for field in (contact.email, contact.email2) for address in _addresses(field)]
    found = [
        Known(IdentifierKind.ADDRESS, address, contact.customer_id, contact.id, CONTACTS)
        for address in _distinct(known)
    ]
    domains = _distinct([company_domain(address, firm) for address in known])
    found += [Known(IdentifierKind.DOMAIN, name, contact.customer_id, contact.id, CONTACTS) for name in domains]
    return tuple(found)


def _addresses(field: str) -> list[str]:
    """The addresses in a field; files hold several in one now and then."""
    words = field.replace(";", " ").replace(",", " ").split()
    return [addresses.canonical(word) for word in words if "@" in word]


def _host(domain: str) -> str:
    """The host in what a file calls a domain: often a web address."""
    text = domain.strip().lower()
    return urlsplit(text if "//" in text else f"//{text}").hostname or ""


def _distinct(values: list[str]) -> Iterator[str]:
    return (value for value in dict.fromkeys(values) if value)
