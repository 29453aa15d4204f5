"""Whom does a text mean that somebody typed, pasted or shared from a phone: an address, a number, a name?"""

import re
from collections.abc import Iterator

from rules import addresses, numbers, phones
from rules.terms.customer import Customer, IdentifierKind
from rules.terms.firm import Firm
from storage.pool import Work

LONGEST = 2_000
_ADDRESS = re.compile(r"[^\s<>()\[\]\",;:@]{1,64}@[^\s<>()\[\]\",;:@/?]{1,253}")


def meant(work: Work, text: str, firm: Firm, limit: int) -> list[Customer]:
    """The customers whom a text means; whoever owns what stands in it comes before those with such a name.

    Args:
        work: a look into the pool.
        text: whatever came: "mailto:anna@muster.example", "Tel. 0431 555 01 20", a signature, a name.
        firm: our own firm, whose domains are nobody's.
        limit: how many at most.
    """
    text = text[:LONGEST].strip()
    for keys in keys_of(text, firm):
        owners = work.customers.owners(keys)
        ids = dict.fromkeys(known.customer_id for found in owners.values() for known in found.known)
        if customers := work.customers.used(list(ids)[:limit]):
            return list(customers.values())
    return work.customers.find(text[:200], limit)


def keys_of(text: str, firm: Firm) -> Iterator[dict[IdentifierKind, set[str]]]:
    """What to look for, the surest first."""
    found = [match[0].strip(".") for match in _ADDRESS.finditer(text)]
    if found:
        forms = (addresses.canonical, addresses.mailbox)
        yield {IdentifierKind.ADDRESS: {form(one) for one in found for form in forms}}
    if "@" not in text and len(text) <= 40:
        yield {IdentifierKind.NUMBER: {numbers.normal(text)}}
    yield {IdentifierKind.PHONE: {key for phone in phones.find(text) for key in phone.keys}}
    yield {IdentifierKind.DOMAIN: {domain for one in found if (domain := addresses.company_domain(one, firm))}}
