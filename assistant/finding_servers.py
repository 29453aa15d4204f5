"""Where an address's mailbox is read: known providers, the DNS, what the provider publishes, then what is usual."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from connectors import discovery
from rules.addresses import domain_of
from rules.providers import ImapServer, Provider, by_domain, by_exchanger, server_at, usual_server
from rules.terms.mail import Tls

# Names that no resolver outside the house may be asked for (RFC 2606, RFC 6761, RFC 6762, RFC 8375).
PRIVATE = ("example", "invalid", "localhost", "test", "local", "internal", "lan", "home.arpa")


class Source(StrEnum):
    """Who said where the server is."""

    PROVIDER = "provider"
    DNS = "dns"
    PUBLISHED = "published"
    GUESS = "guess"


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A server to try, who named it, and the provider where it is a known one."""

    server: ImapServer
    source: Source
    provider: Provider | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """Whom to ask; tests ask servers of their own."""

    services: Callable[[str], Sequence[discovery.Service]] = discovery.services
    exchangers: Callable[[str], Sequence[str]] = discovery.exchangers
    published: Callable[[str], ImapServer | None] = discovery.published


def find_server(address: str, sources: Sources | None = None) -> FoundServer:
    """Where the mailbox of an address is read. No password is needed and none is sent.

    Args:
        address: the mailbox's address.
        sources: whom to ask.
    """
    ask = sources or Sources()
    domain = domain_of(address)
    if (provider := by_domain(domain)) is not None:
        return FoundServer(server_at(provider, address), Source.PROVIDER, provider)
    if not domain or any(domain == name or domain.endswith("." + name) for name in PRIVATE):
        return FoundServer(usual_server(address), Source.GUESS)
    # RFC 6186 and 8314: a domain's own word comes before anything that others know.
    for name, tls in (("_imaps._tcp", Tls.IMPLICIT), ("_imap._tcp", Tls.STARTTLS)):
        for service in ask.services(f"{name}.{domain}"):
            known = by_exchanger([service.host])
            return FoundServer(
                ImapServer(service.host, address, service.port, tls), Source.DNS, known[0] if known else None
            )
    if (known := by_exchanger(ask.exchangers(domain))) is not None:
        provider, exchanger = known
        return FoundServer(server_at(provider, address, exchanger), Source.PROVIDER, provider)
    if (server := ask.published(address)) is not None:
        return FoundServer(server, Source.PUBLISHED)
    return FoundServer(usual_server(address), Source.GUESS)
