"""The firm itself, as far as reading and matching its mail needs to know it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


def domain_of(addr: str) -> str:
    """The lower-case domain of an address, "" when it has none."""
    return addr.rpartition("@")[2].lower() if "@" in addr else ""


@dataclass(frozen=True, slots=True)
class Firm:
    """Who the firm is by its own words in kingpost.toml. All addresses and domains are lower-case.

    `domains` are those the firm writes from; `staff` are addresses of its people elsewhere (a freelancer's own).
    `people` are the names of its people that impostors might use.
    `web_form_senders` send what visitors typed into a form, `fax_gateways` what came by fax or answering machine:
    addresses, or whole domains written as "@example.org". `freemail` are further domains that strangers share.
    `trusted_arc` are domains whose word is taken that a mail they passed on was in order (ARC, RFC 8617).
    Mail from or to `excluded_addresses`, or with `excluded_words` in its subject, stays out (rules.exclusion).
    `weights` are evidence's weights where the firm wants others than rules.matching.weights, in natural log-odds.
    """

    name: str = ""
    vat_id: str = ""
    domains: frozenset[str] = frozenset()
    staff: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    web_form_senders: frozenset[str] = frozenset()
    fax_gateways: frozenset[str] = frozenset()
    freemail: frozenset[str] = frozenset()
    authserv_id: str | None = None
    trusted_arc: frozenset[str] = frozenset()
    excluded_addresses: frozenset[str] = frozenset()
    excluded_words: frozenset[str] = frozenset()
    language: str = "de"
    weights: Mapping[str, float] = field(default_factory=dict, hash=False)

    def is_own(self, addr: str) -> bool:
        """Whether the address belongs to the firm or its staff."""
        addr = addr.lower()
        return addr in self.staff or domain_of(addr) in self.domains

    def is_web_form(self, addr: str) -> bool:
        """Whether mail from this address holds what a visitor typed into a form."""
        return _listed(addr, self.web_form_senders)

    def is_gateway(self, addr: str) -> bool:
        """Whether mail from this address brings a fax or a voice message."""
        return _listed(addr, self.fax_gateways)


def _listed(addr: str, entries: frozenset[str]) -> bool:
    addr = addr.lower()
    return addr in entries or f"@{domain_of(addr)}" in entries
