"""Mailboxes of which only metadata is kept: what is left of their mail, and that it gives way to the whole mail.

A mail may lie there and in another mailbox too. What is left of it has another identity, because that is made of the
whole; Message-ID, sender and date tell that both are one. Whichever comes first, the whole mail is what stays, and it
is not placed in the mailbox of metadata: whoever reads that one gets to see no more by it.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

from connectors.mime import skeleton
from rules.terms.mail import METADATA_ONLY, Message, RawMail
from storage.pool import Work


def bared(mails: Iterable[RawMail]) -> tuple[RawMail, ...]:
    """The mails without what says more than who wrote to whom and when."""
    return tuple(replace(mail, raw=skeleton(mail.raw)) for mail in mails)


def marked(message: Message) -> Message:
    """Says of a bare mail that it is one."""
    return replace(message, defects=(*message.defects, METADATA_ONLY))


def is_whole_known(work: Work, message: Message) -> bool:
    """Whether the pool holds the whole of a bare mail."""
    return any(not one.metadata_only for one in _same(work, message).values())


def superseded(work: Work, messages: Collection[Message]) -> set[int]:
    """What is stored of these whole mails as metadata only."""
    if not any(box.metadata_only for box in work.mailboxes.all()):
        return set()
    return {no for message in messages for no, one in _same(work, message).items() if one.metadata_only}


def _same(work: Work, message: Message) -> dict[int, Message]:
    if message.message_id is None:
        return {}
    stored = {one.no: one.message for one in work.messages.by_message_id(message.message_id, text_length=0)}
    said = message.sender.addr, message.date
    return {no: one for no, one in stored.items() if (one.sender.addr, one.date) == said}
