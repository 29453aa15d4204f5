"""What a careful reader makes of a message: who wrote it, what is new in it, in which language."""

import re

from rules.attributions import author
from rules.kinds import kind_of
from rules.language import language_of
from rules.phrases import labels, quoting
from rules.quotation import Parted, part
from rules.terms.firm import Firm
from rules.terms.mail import Address, Message, Reading

_FORWARD_SUBJECT = re.compile(rf"\s*(?:{quoting.FORWARD_PREFIXES})\s*[:：]|\s*\[(?:fwd|fw|wg)\b", re.IGNORECASE)


def read(message: Message, firm: Firm) -> Reading:
    """Read a message. Time grows with the length of its text only."""
    parted = part(message.text)
    kind = kind_of(message, firm)
    forward = _forward(message, parted)
    return Reading(
        kind=kind,
        new_text=parted.new_text,
        signature=parted.signature,
        language=language_of(parted.new_text) or language_of(message.text),
        original_sender=forward[0] if forward else None,
        fwd_subject=forward[1] if forward else None,
        fwd_text=parted.rest if forward else None,
    )


def _forward(message: Message, parted: Parted) -> tuple[Address, str | None] | None:
    """Who wrote the mail that this one passes on, and its subject; None when it passes none on.

    It must say so: above the header block, or in its own subject.
    """
    named = _FORWARD_SUBJECT.match(message.subject)
    if parted.block is not None and (parted.block.forwarded or named):
        sender = parted.block.sender
        return (sender, parted.block.values.get(labels.SUBJECT)) if sender.addr or sender.name else None
    if parted.introduced and named:
        writer = author(parted.introduced)
        return (writer, message.subject[named.end() :].strip()) if writer else None
    return None
