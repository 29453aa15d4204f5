"""Whose mail can be a complaint at all: a person's from outside, who is more than a supplier of ours."""

from collections.abc import Collection

from rules.terms.customer import PartyKind
from rules.terms.mail import Direction, MailKind

# What people write. Everything else is machines talking, or somebody talking to many.
_WRITTEN = frozenset({MailKind.PERSON, MailKind.WEB_FORM, MailKind.GATEWAY})
_OWE_US = frozenset({PartyKind.SUPPLIER})


def asked_of(kind: MailKind, direction: Direction, parties: Collection[PartyKind]) -> bool:
    """Whether to ask of a mail if it is a complaint. `parties`: what its sender is to us, empty where unknown.

    A supplier's own delay is no complaint of theirs; who is a customer besides is asked.
    """
    if direction is Direction.OUTGOING or kind not in _WRITTEN:
        return False
    return not parties or not _OWE_US.issuperset(parties)
