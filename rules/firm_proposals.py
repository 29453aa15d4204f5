"""What the firm's own mail says of the firm: its domains, and the name under which its mail server checks senders.

Only proposals: a person confirms them, and sees the counts that they rest on.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rules.addresses import is_freemail, registrable
from rules.authentication import LONGEST, verdict
from rules.terms.firm import domain_of
from rules.terms.mail import Message, Verdict

# So many mails, of so many senders' domains, before a name counts: a sender can write one name into all of theirs.
FEW_MAILS, FEW_SENDERS = 5, 3
# The name stands in so many of the received mails, else it is not our server's.
MOST = 0.6
# So many failures among checked mails are not forgeries but a forwarding that breaks the check.
MANY_FAILED = 0.3
# Less often than this in Sent, a sender's domain is a private address or a test.
RARE = 0.05

_HEAD = re.compile(r"\s*(?:\([^()]*\)\s*)*([A-Za-z0-9][A-Za-z0-9._-]{0,252})(?=\s|;|$)")


@dataclass(frozen=True, slots=True)
class OwnDomains:
    """Domains that are the firm's, the most used first, and addresses of its people at freemail providers."""

    domains: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    sent: int = 0


@dataclass(frozen=True, slots=True)
class Checker:
    """The proposed authserv-id and what speaks for it.

    `name` is "" where no server is to be believed. Of `mails` looked at, `named` name it topmost, and of those `failed`
    fail the check (DMARC). `related`: it belongs to the mailbox's server or to the firm's domain.
    """

    name: str = ""
    mails: int = 0
    named: int = 0
    failed: int = 0
    related: bool = False

    @property
    def breaks(self) -> bool:
        """Whether so many mails fail that a forwarding of the firm's own must be in the way."""
        return self.failed >= 3 and self.failed >= MANY_FAILED * self.named


def own_domains(address: str, sent: Iterable[Message]) -> OwnDomains:
    """The domains from which the firm writes.

    Args:
        address: the mailbox's own address.
        sent: mails of its Sent folder.
    """
    senders = [message.sender.addr.lower() for message in sent if "@" in message.sender.addr]
    counts = Counter(domain_of(addr) for addr in senders)
    # The mailbox's own domain is one in any case.
    counts[domain_of(address)] += len(senders) + 1
    often = [domain for domain, count in counts.most_common() if domain and count > RARE * len(senders)]
    staff = Counter(addr for addr in [address.lower(), *senders] if is_freemail(domain_of(addr)))
    return OwnDomains(
        tuple(domain for domain in often if not is_freemail(domain)),
        tuple(addr for addr, count in staff.most_common() if addr == address.lower() or count > RARE * len(senders)),
        len(senders),
    )


def checker(received: Iterable[Message], host: str, domains: Iterable[str]) -> Checker:
    """The name that the firm's own mail server gives itself in Authentication-Results (RFC 8601).

    Only the topmost field counts; where our server writes none, that is a stranger's, so that a name must stand in
    most of the mails, whoever wrote them.

    Args:
        received: mails that came in.
        host: the IMAP server.
        domains: the firm's own domains; mail within the house says nothing.
    """
    own = frozenset(domains)
    mails = [message for message in received if domain_of(message.sender.addr) not in own | {""}]
    names = [(_name(message), message) for message in mails]
    name, named = Counter(name for name, _ in names if name).most_common(1)[0] if any(n for n, _ in names) else ("", 0)
    ours = [message for found, message in names if found == name] if name else []
    senders = {registrable(domain_of(message.sender.addr)) for message in ours}
    if named < FEW_MAILS or len(senders) < FEW_SENDERS or named < MOST * len(mails):
        return Checker(mails=len(mails))
    failed = sum(
        verdict(message.authentication_results, name, domain_of(message.sender.addr)) is Verdict.FAIL
        for message in ours
    )
    known = {registrable(one) for one in (host, *own)} - {""}
    return Checker(name, len(mails), named, failed, related=registrable(name) in known)


def _name(message: Message) -> str:
    topmost = message.authentication_results[0][:LONGEST] if message.authentication_results else ""
    found = _HEAD.match(topmost)
    return found[1].lower() if found else ""
