"""Whether a mail passes another one on, and whose.

It must say so: in the line above the other mail's headers, in its own subject, or by enclosing the mail as a file.
A reply never does, whatever it quotes.
"""

import re
from dataclasses import dataclass

from rules.attributions import author
from rules.header_blocks import Block, first_block
from rules.header_order import repeats
from rules.phrases import quoting
from rules.quotation import Parted, lines_of, unquoted
from rules.subjects import COUNTED, LEAD, is_reply
from rules.terms.firm import Firm
from rules.terms.mail import Address, MailKind, Message

_FORWARD = re.compile(rf"{LEAD}(?:{quoting.any_of(quoting.FORWARD_PREFIXES)}){COUNTED}|\s*\[(?:fwd|fw|wg)\b", re.I)
_NEVER = re.compile(r"(?!)")
_ANSWER_TOO = {
    language: re.compile(rf"{LEAD}(?:{words}){COUNTED}", re.I) for language, words in quoting.ANSWERS_TOO.items()
}
# In whatever language.
_PREFIX = re.compile(r"\s*[^\W\d_]{1,6}\s?[:：]\s*(?=\S)")
# What these enclose or show is the mail that they answer or tell of.
_MACHINES = (MailKind.BOUNCE, MailKind.SYSTEM, MailKind.CALENDAR, MailKind.AUTO_REPLY, MailKind.OUT_OF_OFFICE)
_DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Forward:
    """The mail that was passed on."""

    sender: Address
    subject: str | None
    text: str


def forward_in(message: Message, parted: Parted, kind: MailKind, firm: Firm) -> Forward | None:
    """The mail that this one passes on; None when it passes none on."""
    named = _FORWARD.match(message.subject)
    if parted.block and _ANSWER_TOO.get(parted.block.language or "", _NEVER).match(message.subject):
        return None
    if parted.block is not None:
        if not _passes_on(message, parted, parted.block, kind, bool(named)):
            return None
        sender = parted.block.sender
        if not (sender.addr or sender.name):
            return None
        return _innermost(Forward(sender, parted.block.subject, parted.rest), firm)
    if parted.introduced and not is_reply(message.subject):
        prefix = named or (None if parted.new_text else _PREFIX.match(message.subject))
        writer = author(parted.introduced) if prefix or parted.passed_on else None
        if writer is not None:
            return Forward(writer, message.subject[prefix.end() :].strip() if prefix else None, parted.rest)
    return None


def _passes_on(message: Message, parted: Parted, block: Block, kind: MailKind, named: bool) -> bool:
    if is_reply(message.subject):
        # Programs that answer set no such mark, except that it may stand somewhere in what is quoted.
        return block.forwarded and not block.quoted
    if block.forwarded or named:
        return True
    if not parted.new_text and repeats(message.subject, block.subject or ""):
        # Under a prefix that no table knows: an answer would say something.
        return True
    enclosed = sum(attachment.content_type == "message/rfc822" for attachment in message.attachments)
    if kind in _MACHINES or enclosed > 1:
        # Several mails are a collection, of which no one is the one that matters.
        return False
    # An answer and a forward carry a prefix even above nothing: below no subject a block was put there by hand.
    # Else a line in a language we do not know announces another mail, and nothing says that this one is an answer.
    return bool(enclosed) or not message.subject.strip() or (block.marked and not block.answered)


def _innermost(forward: Forward, firm: Firm) -> Forward:
    """Passed on within the firm once more: then the mail inside is the one that matters."""
    for _ in range(_DEEPEST):
        if not firm.is_own(forward.sender.addr):
            return forward
        lines = lines_of(forward.text)
        block = first_block(lines, forward.subject or "")
        again = forward.subject is not None and _FORWARD.match(forward.subject)
        if block is None or not (block.forwarded or again) or not block.sender.addr:
            return forward
        forward = _inside(block, lines)
    return forward


def _inside(block: Block, lines: list[str]) -> Forward:
    return Forward(block.sender, block.subject, "\n".join(unquoted(lines[block.end :])).strip())
