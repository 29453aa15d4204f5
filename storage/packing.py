"""Small lists and values as JSON texts, and the way back. Nothing queries inside them."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from rules.terms.complaint import Assessment, Category
from rules.terms.finding import Action, Evidence, Match
from rules.terms.mail import Absence, Address, Bounce, Message, Placement, Reading

# ASCII with escapes holds every Python string, lone surrogates and NUL included.
_dumps = json.JSONEncoder(separators=(",", ":")).encode
_loads = json.JSONDecoder().decode
# Shorter parts cost less than looking for them.
_WORTH_FINDING = 16


def pack_words(words: Iterable[str]) -> str | None:
    """A list of words in the order given; None for none."""
    packed = _dumps(list(words))
    return None if packed == "[]" else packed


def unpack_words(packed: str | None) -> tuple[str, ...]:
    """The words of `pack_words`."""
    return () if packed is None else tuple(_loads(packed))


def pack_flags(placement_flags: Iterable[str]) -> str | None:
    """Flags in a fixed order, never `Seen`: who has read what is nobody's business."""
    return pack_words(sorted(flag for flag in placement_flags if flag.lower() != "\\seen"))


def placement(mailbox: str, folder: str, uidvalidity: int, uid: int, flags: str | None) -> Placement:
    """A place as it is stored; -1 stands for none."""
    return Placement(
        mailbox,
        folder,
        None if uidvalidity < 0 else uidvalidity,
        None if uid < 0 else uid,
        frozenset(unpack_words(flags)),
    )


def _pack_address(address: Address) -> list[str]:
    return [address.addr, address.name] if address.name else [address.addr]


def pack_addresses(message: Message) -> str:
    """Reply-To, To, Cc and Bcc."""
    fields = (message.reply_to, message.to, message.cc, message.bcc)
    return _dumps([[_pack_address(address) for address in field] for field in fields])


def unpack_addresses(packed: str) -> list[tuple[Address, ...]]:
    """Reply-To, To, Cc and Bcc of `pack_addresses`."""
    return [tuple(Address(*address) for address in field) for field in _loads(packed)]


def participants(sender: str, packed: str) -> frozenset[str]:
    """All lower-case addresses of From, Reply-To, To and Cc."""
    found = {address[0].lower() for field in _loads(packed)[:3] for address in field}
    found.add(sender.lower())
    found.discard("")
    return frozenset(found)


def pack_ancestors(message: Message) -> str | None:
    """In-Reply-To and References; None when there are none."""
    if not message.in_reply_to and not message.references:
        return None
    return _dumps([message.in_reply_to, message.references])


def unpack_ancestors(packed: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """In-Reply-To and References of `pack_ancestors`."""
    if packed is None:
        return (), ()
    in_reply_to, references = _loads(packed)
    return tuple(in_reply_to), tuple(references)


def _pack_part(part: str | None, text: str) -> Any:
    """Where the part stands in the text, which is kept anyway; the part itself when it does not stand there."""
    if part is not None and len(part) >= _WORTH_FINDING and (start := text.find(part)) >= 0:
        return [start, len(part)]
    return part


def _unpack_part(packed: Any, text: str) -> str | None:
    if isinstance(packed, list):
        start, length = packed
        return text[start : start + length]
    return None if packed is None else str(packed)


def pack_reading(reading: Reading, text: str) -> str:
    """What was made of a message, but for kind and language, which have columns of their own."""
    original = reading.original_sender
    return _dumps(
        [
            _pack_part(reading.new_text, text),
            _pack_part(reading.signature, text),
            None if original is None else _pack_address(original),
            reading.fwd_subject,
            _pack_part(reading.fwd_text, text),
            _pack_absence(reading.absence),
            _pack_bounce(reading.bounce),
        ]
    )


def unpack_reading(packed: str, text: str) -> dict[str, Any]:
    """The fields of Reading that `pack_reading` holds, by name."""
    new_text, signature, original, fwd_subject, fwd_text, *later = _loads(packed)
    # Readings stored before there was an absence or a bounce end here.
    absence, bounce = later or (None, None)
    return {
        "new_text": _unpack_part(new_text, text) or "",
        "signature": _unpack_part(signature, text),
        "original_sender": None if original is None else Address(*original),
        "fwd_subject": fwd_subject,
        "fwd_text": _unpack_part(fwd_text, text),
        "absence": _unpack_absence(absence),
        "bounce": _unpack_bounce(bounce),
    }


def _pack_absence(absence: Absence | None) -> Any:
    if absence is None:
        return None
    until, deputy = absence.until, absence.deputy
    return [until and until.isoformat(), deputy and _pack_address(deputy)]


def _unpack_absence(packed: Any) -> Absence | None:
    if packed is None:
        return None
    until, deputy = packed
    return Absence(until and date.fromisoformat(until), deputy and Address(*deputy))


def _pack_bounce(bounce: Bounce | None) -> Any:
    return None if bounce is None else [bounce.recipients, bounce.reason, bounce.status, bounce.permanent]


def _unpack_bounce(packed: Any) -> Bounce | None:
    if packed is None:
        return None
    recipients, reason, status, permanent = packed
    return Bounce(tuple(recipients), reason, status, permanent)


def pack_match(match: Match) -> str:
    """A match with its evidence."""
    return _dumps(
        [
            match.action,
            match.customer_id,
            match.contact_id,
            match.confidence,
            match.spoof,
            match.candidates,
            [(evidence.reason, evidence.quote, evidence.weight) for evidence in match.evidence],
            match.decided_by,
        ]
    )


def unpack_match(packed: str) -> Match:
    """The match of `pack_match`."""
    action, customer_id, contact_id, confidence, spoof, candidates, evidence, decided_by = _loads(packed)
    return Match(
        Action(action),
        customer_id,
        contact_id,
        confidence,
        spoof,
        tuple(candidates),
        tuple(Evidence(*fields) for fields in evidence),
        decided_by,
    )


def pack_assessment(found: Assessment) -> str:
    """What was found of a complaint, with its evidence."""
    return _dumps(
        [
            found.flag,
            found.doubtful,
            found.probability,
            found.severity,
            found.category,
            [(evidence.reason, evidence.quote, evidence.weight) for evidence in found.evidence],
            found.relieved,
            found.language,
        ]
    )


def unpack_assessment(packed: str) -> Assessment:
    """The assessment of `pack_assessment`."""
    flag, doubtful, probability, severity, category, evidence, relieved, language = _loads(packed)
    quoted = tuple(Evidence(*fields) for fields in evidence)
    return Assessment(flag, doubtful, probability, severity, Category(category), quoted, relieved, language)
