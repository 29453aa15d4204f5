"""What somebody agreed to: whether a consent holds, of a person or of the customer as a whole.

The latest word counts, a person's own before that of their firm. What a person refused, nobody else can allow; what the
customer as a whole withdrew, only a newer word of the person allows again. Where nobody said anything, advertising by
post is allowed (it takes an objection to stop it); e-mail and telephone need consent (§ 7 UWG), and so does measuring
who opens a mailing (§ 25 TDDDG). A firm may say that it keeps to § 7 (3) UWG: then who bought from it may be mailed
about similar goods of its own, until they say no.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from rules.terms.consent import Consent, Purpose

# The latest word of each person, by purpose; "" stands for the customer as a whole.
Words = Mapping[Purpose, Mapping[str, Consent]]
_NOTHING: Mapping[str, Consent] = MappingProxyType({})


def words_of(history: Iterable[Consent]) -> Words:
    """The latest word of each person on each purpose. Of two on one day the one written down later counts."""
    found: dict[Purpose, dict[str, Consent]] = {}
    for one in sorted(history, key=lambda one: (one.date, one.id)):
        found.setdefault(one.purpose, {})[one.contact_id] = one
    return found


def deciding(words: Words, purpose: Purpose, contact_id: str = "") -> Consent | None:
    """The word that decides for a person, or for the customer as a whole; None where nobody said anything."""
    said = words.get(purpose, _NOTHING)
    own, whole = said.get(contact_id), said.get("")
    if own is None or whole is None:
        return own or whole
    return whole if own.given and not whole.given and whole.date >= own.date else own


def allowed(words: Words, purpose: Purpose, contact_id: str = "", *, bought: bool = False) -> bool:
    """Whether a person, or the customer as a whole, may be addressed so. An objection to advertising stands above it.

    Args:
        words: what was said (`words_of`).
        purpose: for what.
        contact_id: who; "" for the customer as a whole.
        bought: the customer bought from the firm, and the firm keeps to § 7 (3) UWG.
    """
    word = deciding(words, purpose, contact_id)
    if word is not None:
        return word.given
    return purpose is Purpose.POST or as_existing_customer(words, purpose, contact_id, bought=bought)


def as_existing_customer(words: Words, purpose: Purpose, contact_id: str = "", *, bought: bool) -> bool:
    """Whether a person may be mailed only because the customer bought (Bestandskunde, § 7 (3) UWG), not by consent.

    What the pool cannot know is the firm's to see to: that the address came with the sale, that they were told then of
    their right to object and are told in each mail, and that it is about similar goods or services of its own.
    """
    return bought and purpose is Purpose.EMAIL and deciding(words, purpose, contact_id) is None


def measured(words: Words, contact_id: str, *, objects: bool, told: bool) -> bool:
    """Whether it may be kept that somebody opened a mailing.

    Args:
        words: what was said.
        contact_id: who opened it; "" where only the customer is known.
        objects: whether the customer objects to advertising.
        told: whether whoever tells of it says that they agreed. A word that we keep counts before that.
    """
    word = deciding(words, Purpose.OPENS, contact_id)
    return not objects and (told if word is None else word.given)
