"""Finding a mailbox's server by its address: what the domain says in the DNS, and what its provider publishes."""

from connectors.discovery.autoconfig import published
from connectors.discovery.dns import Service, exchangers, services

__all__ = ["Service", "exchangers", "published", "services"]
