"""Mail that the firm keeps out of the pool: by whom it is from or to, and by words of its subject.

Mail with a works council or a company doctor is protected by law (BetrVG section 79a, StGB section 203). Their folders
are known by name (rules.confidential_folders), their addresses here.
"""

import re
from collections.abc import Collection
from functools import lru_cache

from rules.addresses import canonical
from rules.folding import fold
from rules.terms.firm import Firm
from rules.terms.mail import Message

CONFIDENTIAL = (
    *("betriebsrat@", "personalrat@", "mitarbeitervertretung@", "schwerbehindertenvertretung@", "sbv@", "bem@"),
    *("betriebsarzt@", "betriebsaerztin@", "werksarzt@", "arbeitsmedizin@", "personal@", "personalabteilung@", "lohn@"),
    *("lohnbuero@", "workscouncil@", "works.council@", "company.doctor@", "occupational.health@", "hr@", "payroll@"),
)
"""Addresses of the firm's own domains that are left out unless it decides otherwise."""

_ADDRESS = re.compile(r"[^\s@]{1,64}@(?:[^\s@]{1,253})?|@[^\s@]{1,253}")
_WORD = re.compile(r"\w+")


def is_address(text: str) -> bool:
    """Whether this can stand in the list: "name@example.org", "@example.org" for a domain, "name@" at own domains."""
    return bool(_ADDRESS.fullmatch(text))


def is_left_out(message: Message, firm: Firm) -> bool:
    """Whether a mail is not to be taken in: it is from or to somebody who is left out, or its subject says so."""
    named, words = firm.excluded_addresses, firm.excluded_words
    people = (message.sender, *message.reply_to, *message.to, *message.cc, *message.bcc)
    if named and any(_is_named(canonical(one.addr), named, firm) for one in people):
        return True
    return bool(words) and _says(message.subject, words)


def _is_named(addr: str, named: Collection[str], firm: Firm) -> bool:
    local, _, domain = addr.rpartition("@")
    return addr in named or f"@{domain}" in named or (f"{local}@" in named and firm.is_own(addr))


def _says(subject: str, words: frozenset[str]) -> bool:
    """Whether whole words of a subject, one after the other, are one of these; case and umlauts do not count."""
    said = _spelt(subject)
    return any(one in said for one in _spellings(words))


@lru_cache(maxsize=8)
def _spellings(words: frozenset[str]) -> tuple[str, ...]:
    return tuple(spelt for one in words if (spelt := _spelt(one)).strip())


def _spelt(text: str) -> str:
    return f" {' '.join(_WORD.findall(fold(text)))} "
