"""Whose is a mail when a person asks that what is stored of them be erased?

What a person wrote is theirs, whoever else received it. What we wrote is theirs where it went to them alone; where it
also went to others it belongs to these too (GDPR, article 17, paragraph 3, and article 15, paragraph 4).
"""

from collections.abc import Collection
from enum import StrEnum

from rules import addresses
from rules.terms.firm import Firm
from rules.terms.mail import Message, Reading


class Part(StrEnum):
    """What a mail is to a person: theirs, also others', or none of theirs."""

    THEIRS = "theirs"
    SHARED = "shared"
    NONE = "none"


def writers(message: Message, reading: Reading) -> frozenset[str]:
    """The mailboxes (rules.addresses.mailbox) of who sent a mail and of whose words it passes on."""
    found = {message.sender.addr}
    if reading.original_sender is not None:
        found.add(reading.original_sender.addr)
    return frozenset(addresses.mailbox(one) for one in found if one)


def recipients(message: Message, firm: Firm) -> frozenset[str]:
    """The mailboxes outside the firm to which a mail went."""
    everybody = (*message.to, *message.cc, *message.bcc)
    return frozenset(addresses.mailbox(one.addr) for one in everybody if one.addr and not firm.is_own(one.addr))


def part_of(message: Message, reading: Reading, person: Collection[str], firm: Firm, *, filed: bool = False) -> Part:
    """What a mail is to a person.

    Args:
        message: the mail.
        reading: what was made of it.
        person: their mailboxes (rules.addresses.mailbox).
        firm: who we are.
        filed: whether it is filed under them, so that it concerns them whatever address it bears.
    """
    if writers(message, reading) & set(person):
        return Part.THEIRS
    sent_to = recipients(message, firm)
    if not firm.is_own(message.sender.addr):
        return Part.THEIRS if filed else Part.SHARED if sent_to & set(person) else Part.NONE
    if filed or sent_to & set(person):
        return Part.THEIRS if sent_to <= set(person) else Part.SHARED
    return Part.NONE
