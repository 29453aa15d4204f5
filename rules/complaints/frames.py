"""Whose mail can be a complaint at all, and which of its words are judged.

A person's from outside, who is more than a supplier of ours: the new text of their mail. What a colleague hands on
within the house ("see below, please look into it"): the new text of the mail inside, as if it had come to us itself.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from rules import reading as readings
from rules.phrases import bulk
from rules.terms.complaint import Finding
from rules.terms.customer import PartyKind
from rules.terms.firm import Firm
from rules.terms.mail import Direction, MailKind, Message, Reading

# What people write. Everything else is machines talking, or somebody talking to many.
_WRITTEN = frozenset({MailKind.PERSON, MailKind.WEB_FORM, MailKind.GATEWAY})
_OWE_US = frozenset({PartyKind.SUPPLIER})
_TO_MANY = re.compile(
    rf"\W{{0,9}}(?:{'|'.join(bulk.LINES)})\W{{0,9}}|.{{0,80}}\b(?:{'|'.join(bulk.PHRASES)}).*", re.IGNORECASE
)
_SENT_TO_MANY = re.compile(r"(?:newsletter|news|mailings?|marketing|info-?mail)\d*", re.IGNORECASE)
_LONGEST_LINE = 300


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a mail that are judged: a text, the subject above it, and its language where that is known."""

    text: str
    subject: str
    language: str | None


def asked_of(kind: MailKind, direction: Direction, parties: Collection[PartyKind], *, handed_on: bool = False) -> bool:
    """Whether to ask of a mail if it is a complaint.

    A supplier's own delay is no complaint of theirs; who is a customer besides is asked.

    Args:
        kind: what wrote it.
        direction: ours or theirs.
        parties: what its sender is to us, empty where unknown.
        handed_on: it is ours, and hands on what somebody outside wrote (`handed_on`).
    """
    if (direction is Direction.OUTGOING and not handed_on) or kind not in _WRITTEN:
        return False
    return not parties or not _OWE_US.issuperset(parties)


def handed_on(message: Message, reading: Reading, firm: Firm) -> bool:
    """Whether a mail of ours stays in the house and hands on what somebody outside wrote.

    It has to be a forward (rules.forwards): where colleagues answer each other, what they quote has been judged before.
    And it has to show an address: of colleagues mail programs show names alone.
    """
    original = reading.original_sender
    if (
        original is None
        or not original.addr
        or reading.kind is not MailKind.PERSON
        or not firm.is_own(message.sender.addr)
    ):
        return False
    return not firm.is_own(original.addr) and all(firm.is_own(one.addr) for one in message.recipients if one.addr)


def judged(message: Message, reading: Reading, firm: Firm) -> Words | None:
    """The words of a mail that are judged; None where it is not asked."""
    if reading.kind not in _WRITTEN:
        return None
    if not handed_on(message, reading, firm) or reading.original_sender is None:
        return Words(reading.new_text, message.subject, reading.language)
    # Of the mail inside only what a forward shows is there, so its kind is told by sender, subject and text.
    inside = replace(
        message,
        sender=reading.original_sender,
        subject=reading.fwd_subject or "",
        text=reading.fwd_text or "",
        headers={},
        attachments=(),
        report="",
    )
    theirs = readings.read(inside, firm)
    if theirs.kind not in _WRITTEN or _sent_to_many(inside):
        return None
    return Words(theirs.new_text, inside.subject, theirs.language)


def repeats(found: Finding, before: Finding) -> bool:
    """Whether a mail that was handed on was judged before where it came in: both quote the same words.

    What was found in old mail, of which nobody heard, may be told anew.
    """
    quoted, known = (
        {" ".join(piece.quote.split()).casefold() for piece in one.assessment.evidence} for one in (found, before)
    )
    return not quoted.isdisjoint(known) and (found.history or not before.history)


def _sent_to_many(message: Message) -> bool:
    if _SENT_TO_MANY.fullmatch(message.sender.addr.partition("@")[0]):
        return True
    lines = (line.strip() for line in message.text.split("\n"))
    return any(_TO_MANY.fullmatch(line) for line in lines if len(line) <= _LONGEST_LINE)
