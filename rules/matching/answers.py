"""What the pool answered, and what it tells about a domain that several customers use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from rules import addresses, lookalikes, names
from rules.identifiers import CONTACTS, CUSTOMERS, mail_addresses, web_host
from rules.terms.customer import CustomerFile, CustomerKind, IdentifierKind, Owners
from rules.terms.pooled import ThreadEntry

_NOBODY = Owners()
# So many customers do not share a domain because they belong together.
PROVIDER = 12


class Standing(StrEnum):
    """What a domain says about who writes from it.

    OWN: the one customer's. SHARED: sister firms', a group's, a franchise's. DOUBTFUL: one customer has an address
    there, and nothing says that the domain is theirs. PROVIDER: strangers share it. UNKNOWN: nobody's we know.
    """

    OWN = "own"
    SHARED = "shared"
    DOUBTFUL = "doubtful"
    PROVIDER = "provider"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answers:
    """What the pool knows: owners by kind and value, whole records by customer, mails by Message-ID."""

    owners: Mapping[tuple[IdentifierKind, str], Owners] = field(default_factory=dict)
    files: Mapping[str, CustomerFile] = field(default_factory=dict)
    thread: Mapping[str, ThreadEntry] = field(default_factory=dict)

    def owned(self, kind: IdentifierKind, value: str) -> Owners:
        """Whom a value belongs to."""
        return self.owners.get((kind, value), _NOBODY)

    def standing(self, domain: str) -> Standing:
        """What a company domain says: learned from the records of those who use it."""
        owners = self.owned(IdentifierKind.DOMAIN, domain)
        if not owners.count:
            return Standing.UNKNOWN
        files = [self.files[one.customer_id] for one in owners.known if one.customer_id in self.files]
        private = any(file.customer.kind is CustomerKind.PERSON for file in files)
        if owners.count > 1:
            return Standing.PROVIDER if private or owners.count >= PROVIDER else Standing.SHARED
        taught = any(one.source not in (CUSTOMERS, CONTACTS) for one in owners.known)
        own = taught or (not private and any(_is_own(file, domain) for file in files))
        return Standing.OWN if own else Standing.DOUBTFUL


def domains_of(file: CustomerFile) -> frozenset[str]:
    """The registrable domains of a record's web page and addresses that can be a firm's own."""
    fields = (file.customer.email, *(field for one in file.contacts for field in (one.email, one.email2)))
    found = {addresses.registrable(addresses.domain_of(addr)) for field in fields for addr in mail_addresses(field)}
    found.add(addresses.registrable(web_host(file.customer.domain)))
    return frozenset(domain for domain in found if domain and not addresses.is_freemail(domain))


def _is_own(file: CustomerFile, domain: str) -> bool:
    """Whether the record itself says so: its web page, people with addresses of their own there, the firm's name."""
    customer = file.customer
    if addresses.registrable(web_host(customer.domain)) == domain:
        return True
    fields = (customer.email, *(field for one in file.contacts for field in (one.email, one.email2)))
    there = {addr for field in fields for addr in mail_addresses(field) if addr.endswith(domain)}
    if len(there) > 1:
        return True
    label = lookalikes.name(domain).replace("-", "")
    return any(word[:4] in label for word in names.words_of(customer.name) if len(word) > 2)
