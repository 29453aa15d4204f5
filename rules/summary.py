"""The Summary a person sees beside an opened mail, made from what the pool knows and what the viewer may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from rules.complaint_lines import FLAGGED, complaint_beside
from rules.matching import SURE
from rules.terms.complaint import Standing
from rules.terms.customer import Contact, Customer, Reference
from rules.terms.finding import Action, Evidence, Match
from rules.terms.interaction import TimelineEntry
from rules.terms.mail import Direction, Verdict
from rules.terms.pooled import PooledMessage
from rules.terms.staff import FieldGroup, Viewer
from rules.terms.summary import (
    CandidateLine,
    Line,
    Status,
    Summary,
    SummaryComplaint,
    SummaryContact,
    SummaryCustomer,
    SummaryMatch,
    SummaryMessage,
    Trust,
)
from rules.wording import knows, say


@dataclass(frozen=True, slots=True)
class Facts:
    """What was fetched for one summary. `match` is None when the customer was opened by hand.

    `recent` is already cut to what the viewer may see. `people` are the candidates of a doubtful match.
    `sent`: a copy lies in one of our Sent folders, so we wrote it, whatever anybody could put into a From header.
    `complaints`: what was found in the mail, and the customer's open ones.
    """

    message: PooledMessage | None = None
    match: Match | None = None
    customer: Customer | None = None
    contact: Contact | None = None
    people: tuple[Customer, ...] = ()
    recent: tuple[TimelineEntry, ...] = ()
    references: tuple[Reference, ...] = ()
    sent: bool = False
    complaints: tuple[Standing, ...] = ()


def build(facts: Facts, viewer: Viewer, now: datetime, zone: ZoneInfo) -> Summary:
    """The summary of a stored mail or of a customer.

    A forged sender is shown no customer's treatment: the record stays closed, the name stands among the candidates.
    Where somebody filed such a mail by hand the customer is shown, but money and particulars stay closed.
    """
    language = viewer.language
    status = status_of(facts)
    verdict = facts.message.verdict if facts.message and not facts.sent else None
    shown = status is Status.KNOWN
    return Summary(
        status=status,
        as_of=now,
        message=_message(facts.message),
        customer=_customer(facts.customer) if shown and facts.customer else None,
        contact=_contact(facts.contact) if shown and facts.contact else None,
        match=_match(facts, language),
        trust=Trust(verdict, say(f"trust.{verdict.value}", language)) if verdict else None,
        complaint=None if status is Status.SPOOF else _complaint(facts, language, zone),
        recent=tuple(entry_line(entry, language, zone) for entry in facts.recent) if shown else (),
        references=tuple(_reference(reference, language) for reference in facts.references) if shown else (),
        withheld=withheld(viewer, shown and verdict is not Verdict.FAIL),
        actions=_actions(facts),
    )


def pending(message_id: str, subject: str, sender: str, viewer: Viewer, now: datetime) -> Summary:
    """What is said of a mail that the pool does not hold yet. Nothing is unlocked by what the asker claims of it."""
    return Summary(
        status=Status.PENDING,
        as_of=now,
        message=SummaryMessage(message_id, subject, sender),
        match=SummaryMatch(say("match.pending", viewer.language), 0.0),
        withheld=withheld(viewer, shown=False),
    )


def ambiguous(message_id: str, people: Sequence[Customer], viewer: Viewer, now: datetime) -> Summary:
    """What is said when several stored mails carry the id that was asked for and nothing tells them apart."""
    return Summary(
        status=Status.REVIEW,
        as_of=now,
        message=SummaryMessage(message_id, "", ""),
        match=SummaryMatch(
            say("match.ambiguous", viewer.language), 0.0, tuple(_candidate(person) for person in people)
        ),
        withheld=withheld(viewer, shown=False),
    )


def status_of(facts: Facts) -> Status:
    """The one word for what is known about the sender."""
    match = facts.match
    if match is None:
        return Status.KNOWN if facts.customer else Status.UNKNOWN
    if match.spoof:
        return Status.SPOOF
    if match.action is Action.ATTACH:
        return Status.KNOWN
    return Status.REVIEW if match.action is Action.REVIEW else Status.UNKNOWN


def withheld(viewer: Viewer, shown: bool) -> tuple[str, ...]:
    """The field groups left out: all of them where the sender is in doubt, else those the viewer has no right to."""
    return tuple(group.value for group in FieldGroup if not shown or group not in viewer.groups)


def entry_line(entry: TimelineEntry, language: str, zone: ZoneInfo) -> Line:
    """One timeline entry as a line. Where the content is not the viewer's, only that there was contact."""
    channel = say(f"channel.{entry.channel.value}", language)
    if not entry.open:
        day = entry.date.astimezone(zone)
        date = f"{day:%d.%m.%Y}" if language == "de" else f"{day.day} {day:%b %Y}"
        return Line(
            say("entry.closed", language, channel=channel, date=date), entry.channel.value, entry.date.isoformat()
        )
    who = entry.who or (say("entry.to", language) if entry.direction is Direction.OUTGOING else "")
    words = entry.subject or " ".join(entry.text.split())[:120]
    head = f"{channel}, {who}" if who else channel
    flag = f" ({say('complaint.tag', language)})" if entry.complaint in FLAGGED else ""
    return Line(
        f"{head}: {words}{flag}",
        entry.channel.value,
        entry.date.isoformat(),
        f"/messages/{entry.message}" if entry.message is not None else None,
    )


def evidence_text(evidence: Evidence, language: str) -> str:
    """A reason in the reader's language."""
    keys = (f"reason.{evidence.reason}", evidence.reason)
    return next((say(key, language) for key in keys if knows(key)), evidence.reason)


def match_sentence(match: Match, name: str, language: str) -> str:
    """How sure, and why, in one line. `name` is whom a forger pretends to be."""
    reasons = " + ".join(dict.fromkeys(evidence_text(piece, language) for piece in match.evidence))
    if match.spoof and not match.candidates:
        return say("match.spoof-own", language, reasons=reasons)
    if match.spoof:
        return say("match.spoof", language, name=name, reasons=reasons)
    if match.action is Action.ATTACH:
        return say("match.sure" if match.confidence >= SURE else "match.likely", language, reasons=reasons)
    if match.action is Action.REVIEW:
        return say("match.review", language, reasons=reasons)
    kinds = {piece.reason for piece in match.evidence}
    if "authentication" in kinds:
        return say("match.spoof-nobody", language, reasons=reasons)
    return say("match.internal" if "internal" in kinds else "match.unknown", language)


def as_json(summary: Summary, language: str = "en") -> dict[str, object]:
    """The JSON of design section 7, complete: what is not built yet is null or empty."""
    customer, contact, match = summary.customer, summary.contact, summary.match
    return {
        "status": summary.status.value,
        "as_of": summary.as_of.isoformat(),
        "message": summary.message
        and {
            "message_id": summary.message.message_id,
            "subject": summary.message.subject,
            "from": summary.message.sender,
            "no": summary.message.no,
        },
        "customer": customer
        and {
            "id": customer.id,
            "name": customer.name,
            "kind": customer.kind,
            "party": list(customer.party),
            "status": customer.status,
            "since": customer.since,
            "king": customer.king,
        },
        "contact": contact
        and {
            "id": contact.id,
            "name": contact.name,
            "role": contact.role,
            "language": contact.language,
            "address": contact.address,
        },
        "match": match
        and {
            "sentence": match.sentence,
            "confidence": match.confidence,
            "candidates": [{"id": one.id, "name": one.name, "href": one.href} for one in match.candidates],
            "evidence": [
                {"reason": evidence_text(one, language), "quote": one.quote, "weight": one.weight}
                for one in match.evidence
            ],
        },
        "trust": summary.trust and {"verdict": summary.trust.verdict.value, "sentence": summary.trust.sentence},
        "cases": [],
        "complaint": summary.complaint and _complaint_json(summary.complaint),
        "particulars": [],
        "money": None,
        "value": None,
        "recent": [_line_json(line) for line in summary.recent],
        "references": [_line_json(line) for line in summary.references],
        "promises": [],
        "next_action": None,
        "withheld": list(summary.withheld),
        "actions": list(summary.actions),
    }


def as_text(summary: Summary, language: str) -> str:
    """The summary for a terminal, a few plain lines."""
    lines = []
    if summary.customer:
        crown = f" ♔ {say('text.king', language)}" if summary.customer.king else ""
        since = f" · {say('text.since', language, since=summary.customer.since)}" if summary.customer.since else ""
        lines.append(f"{summary.customer.name} ({summary.customer.id}){crown}{since}")
    if summary.contact:
        lines.append(", ".join(part for part in (summary.contact.name, summary.contact.role) if part))
    if summary.match:
        lines.append(summary.match.sentence)
    if summary.trust and summary.trust.verdict is not Verdict.NONE:
        lines.append(summary.trust.sentence)
    if summary.match and summary.status is not Status.KNOWN and summary.match.candidates:
        names = ", ".join(f"{one.name} ({one.id})" for one in summary.match.candidates)
        lines.append(f"{say('text.candidates', language)}: {names}")
    if summary.complaint:
        lines.append(f"! {summary.complaint.text}")
        told = (*summary.complaint.lines, *((summary.complaint.relief,) if summary.complaint.relief else ()))
        lines += [f"  {line.text}" for line in told]
    for title, section in (("text.recent", summary.recent), ("text.references", summary.references)):
        if section:
            lines.append(f"{say(title, language)}:")
            lines += [f"  {(line.date or '')[:10]:10}  {line.text}" for line in section]
    return "\n".join(lines) + "\n"


def _message(message: PooledMessage | None) -> SummaryMessage | None:
    if message is None:
        return None
    sender = message.message.sender
    shown = f"{sender.name} <{sender.addr}>" if sender.name else sender.addr
    return SummaryMessage(message.message.message_id, message.message.subject, shown, message.no)


def _customer(customer: Customer) -> SummaryCustomer:
    return SummaryCustomer(
        id=customer.id,
        name=full_name(customer),
        kind=customer.kind.value,
        party=tuple(sorted(party.value for party in customer.party)),
        status=customer.status.value,
        since=_year(customer.since) or None,
        king=customer.key_account,
    )


def _year(since: str) -> str:
    """How long somebody has been a customer is said in years."""
    return since[:4] if since[4:5] == "-" and since[:4].isdigit() else since


def full_name(customer: Customer) -> str:
    """The name with the legal form, which some files keep apart and others do not."""
    form = customer.legal_form
    return customer.name if not form or customer.name.endswith(form) else f"{customer.name} {form}"


def _contact(contact: Contact) -> SummaryContact:
    return SummaryContact(
        id=contact.id,
        name=contact.name,
        role=contact.role or None,
        language=contact.language or None,
        address=contact.address_form or None,
    )


def _match(facts: Facts, language: str) -> SummaryMatch:
    if facts.match is None:
        return SummaryMatch(say("match.chosen", language), 1.0)
    name = full_name(facts.people[0]) if facts.people else ""
    return SummaryMatch(
        sentence=match_sentence(facts.match, name, language),
        confidence=facts.match.confidence,
        candidates=tuple(_candidate(person) for person in facts.people),
        evidence=facts.match.evidence,
    )


def _candidate(customer: Customer) -> CandidateLine:
    return CandidateLine(customer.id, full_name(customer), f"/customers/{customer.id}")


def _reference(reference: Reference, language: str) -> Line:
    key = f"reference.{reference.type}"
    kind = say(key, language) if knows(key) else reference.type
    return Line(f"{kind} {reference.number}", reference.type, reference.date.isoformat() if reference.date else None)


def _actions(facts: Facts) -> tuple[str, ...]:
    mail, match = facts.message, facts.match
    if mail is None:
        return ()
    if match is not None and match.action is Action.ATTACH:
        # What a person decided needs no second one's word.
        return ("correct",) if match.decided_by is not None else ("confirm", "correct")
    unknown = match is not None and match.action is Action.UNKNOWN and not match.spoof
    known_writer = mail.direction is Direction.INCOMING and mail.writer and mail.verdict is not Verdict.FAIL
    return ("confirm", "correct", "create", "dismiss") if unknown and known_writer else ("confirm", "correct")


def _complaint(facts: Facts, language: str, zone: ZoneInfo) -> SummaryComplaint | None:
    return complaint_beside(facts.complaints, facts.message.no if facts.message else None, language, zone)


def _complaint_json(complaint: SummaryComplaint) -> dict[str, object]:
    readable = complaint.message is not None
    return {
        "text": complaint.text,
        "source": "mail",
        "date": complaint.date,
        "href": f"/messages/{complaint.message}" if readable else None,
        "state": complaint.state.value,
        "severity": complaint.severity,
        "category": complaint.category and complaint.category.value,
        "message": complaint.message,
        "lines": [_line_json(line) for line in complaint.lines],
        "relief": complaint.relief and _line_json(complaint.relief),
        "more": complaint.more,
        "actions": ["solve"] if complaint.solvable else [],
    }


def _line_json(line: Line) -> dict[str, object]:
    return {"text": line.text, "source": line.source, "date": line.date, "href": line.href}
