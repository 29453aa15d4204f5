"""The Summary a person sees beside an opened mail, made from what the pool knows and what the viewer may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from textwrap import shorten
from urllib.parse import quote
from zoneinfo import ZoneInfo

from rules import case_lines, value_lines
from rules.complaint_lines import FLAGGED, complaint_beside
from rules.deadlines import AROUND_THE_CLOCK, BusinessHours
from rules.matching import PASSED_ON, SURE
from rules.terms.case import Case
from rules.terms.complaint import STANDING, Standing
from rules.terms.customer import Contact, Customer, CustomerKind, CustomerStatus, PartyKind, Reference
from rules.terms.finding import Action, Evidence, Match
from rules.terms.interaction import TimelineEntry
from rules.terms.mail import Direction, Verdict
from rules.terms.pooled import PooledMessage
from rules.terms.promise import Promise
from rules.terms.staff import FieldGroup, Viewer
from rules.terms.summary import (
    CandidateLine,
    Line,
    Status,
    Summary,
    SummaryAction,
    SummaryComplaint,
    SummaryContact,
    SummaryCustomer,
    SummaryMatch,
    SummaryMessage,
    SummaryMoney,
    SummaryPromise,
    SummaryValue,
    Trust,
)
from rules.value_lines import Worth
from rules.wording import knows, say


@dataclass(frozen=True, slots=True)
class Facts:
    """What was fetched for one summary. `match` is None when the customer was opened by hand.

    `recent` is already cut to what the viewer may see. `people` are the candidates of a doubtful match.
    `sent`: a copy lies in one of our Sent folders, so we wrote it, whatever anybody could put into a From header.
    `complaints`: what was found in the mail, and the customer's open ones. `cases`: the mail's own pending case
    and the customer's that the viewer may see; `in_case`: the mail belongs to one, ended or not. `hours`: when the firm
    works. `names`: of the staff, by their logins.
    `promises`: ours to the customer that are not kept yet, the most urgent first.
    `worth`: what was fetched of the customer's books and value, None where they are not to be shown.
    `horizon_days`: how far a lifetime value looks ahead.
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
    cases: tuple[Case, ...] = ()
    in_case: bool = False
    promises: tuple[Promise, ...] = ()
    hours: BusinessHours = AROUND_THE_CLOCK
    names: Mapping[str, str] = field(default_factory=dict)
    worth: Worth | None = None
    horizon_days: int = 0


def build(facts: Facts, viewer: Viewer, now: datetime, zone: ZoneInfo) -> Summary:
    """The summary of a stored mail or of a customer.

    A forged sender is shown no customer's treatment: the record stays closed, the name stands among the candidates.
    Where somebody filed such a mail by hand the customer is shown, but money and particulars stay closed.
    """
    language = viewer.language
    status = status_of(facts)
    verdict = facts.message.verdict if facts.message and not facts.sent else None
    shown = status is Status.KNOWN
    worth = _worth(facts, viewer, now.astimezone(zone).date()) if shown and verdict is not Verdict.FAIL else _Worth()
    return Summary(
        status=status,
        as_of=now,
        message=_message(facts.message),
        customer=_customer(facts.customer, facts.worth) if shown and facts.customer else None,
        contact=_contact(facts.contact) if shown and facts.contact else None,
        match=_match(facts, language),
        trust=_trust(verdict, facts.match, language) if verdict else None,
        cases=tuple(case_lines.line(case, now, facts.hours, language, facts.names) for case in facts.cases),
        complaint=None if status is Status.SPOOF else _complaint(facts, language, zone),
        promises=_promises(facts, now.astimezone(zone).date(), language) if worth.open else (),
        particulars=worth.particulars,
        money=worth.money,
        value=worth.value,
        next_action=worth.next_action,
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


def restricted(message: PooledMessage | None, viewer: Viewer, now: datetime) -> Summary:
    """What somebody sees of a customer whose data are only kept: that it is so, and nothing of them."""
    return Summary(
        status=Status.UNKNOWN,
        as_of=now,
        message=_message(message),
        match=SummaryMatch(say("restricted.closed", viewer.language), 0.0),
        withheld=(*withheld(viewer, shown=False), "restricted"),
    )


def with_restriction(summary: Summary, since: date, viewer: Viewer) -> Summary:
    """The same for an administrator, with the restriction before everything else."""
    day = f"{since:%d.%m.%Y}" if viewer.language == "de" else f"{since.day} {since:%b %Y}"
    line = Line(say("restricted.open", viewer.language, since=day), "restriction", since.isoformat(), tone="warn")
    return replace(summary, particulars=(line, *summary.particulars))


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


def _trust(verdict: Verdict, match: Match | None, language: str) -> Trust:
    """What our own server says of the sender; of what a forwarder changed it is no accusation."""
    passed_on = match is not None and any(piece.reason == PASSED_ON for piece in match.evidence)
    return Trust(verdict, say(f"trust.{PASSED_ON if passed_on else verdict.value}", language))


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


def _message(message: PooledMessage | None) -> SummaryMessage | None:
    if message is None:
        return None
    sender = message.message.sender
    shown = f"{sender.name} <{sender.addr}>" if sender.name else sender.addr
    return SummaryMessage(message.message.message_id, message.message.subject, shown, message.no)


@dataclass(frozen=True, slots=True)
class _Worth:
    open: bool = False
    particulars: tuple[Line, ...] = ()
    money: SummaryMoney | None = None
    value: SummaryValue | None = None
    next_action: SummaryAction | None = None


def _worth(facts: Facts, viewer: Viewer, today: date) -> _Worth:
    """What a customer is worth, as far as the viewer may see it."""
    customer, worth, language = facts.customer, facts.worth, viewer.language
    if customer is None or worth is None:
        return _Worth()
    with_money = FieldGroup.MONEY in viewer.groups
    horizon = value_lines.span(facts.horizon_days, language)
    # Whoever may not see money is not told of open invoices and offers by what is proposed either.
    books = worth if with_money else replace(worth, facts=replace(worth.facts, billing=None, offers=None))
    complaint = any(one.finding.state in STANDING for one in facts.complaints)
    lead = customer.status is CustomerStatus.LEAD
    promised = facts.promises[0].due if facts.promises else None
    contact_id = facts.contact.id if facts.contact is not None else ""
    return _Worth(
        True,
        value_lines.particulars(worth, customer.id, language) if FieldGroup.PARTICULARS in viewer.groups else (),
        value_lines.money_of(worth, customer.id, today, language) if with_money else None,
        value_lines.value_of(
            worth, customer.id, today, language, horizon, with_money=with_money, contact_id=contact_id
        ),
        value_lines.next_step(
            books,
            customer.id,
            today,
            language,
            complaint=complaint,
            lead=lead,
            promised=promised,
            private=customer.kind is CustomerKind.PERSON,
            contact_id=contact_id,
        )
        if PartyKind.CUSTOMER in customer.party
        else None,
    )


def _promises(facts: Facts, today: date, language: str) -> tuple[SummaryPromise, ...]:
    """What we promised, with the words and the place where they stand."""
    customer = facts.customer.id if facts.customer else ""
    return tuple(
        SummaryPromise(
            one.id,
            promise_text(one, today, language),
            one.due.isoformat(),
            f"/messages/{one.message}" if one.message is not None else f"/customers/{quote(customer, safe='')}",
            overdue=one.due < today,
        )
        for one in facts.promises
    )


def promise_text(promise: Promise, today: date, language: str) -> str:
    """A promise in a line: when it is due, and our words."""
    due = promise.due
    key = "late" if due < today else "today" if due == today else "due"
    day = f"{due:%d.%m.%Y}" if language == "de" else f"{due.day} {due:%b %Y}"
    return say(f"promise.{key}", language, day=day, quote=shorten(promise.quote, 160, placeholder=" …"))


def _customer(customer: Customer, worth: Worth | None) -> SummaryCustomer:
    return SummaryCustomer(
        id=customer.id,
        name=full_name(customer),
        kind=customer.kind.value,
        party=tuple(sorted(party.value for party in customer.party)),
        status=customer.status.value,
        since=_year(customer.since) or None,
        king=customer.key_account or (worth is not None and worth.value is not None and worth.value.king),
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
        channel=contact.preferred_channel or None,
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
    # Of what a forger writes nobody is owed an answer.
    case = () if facts.in_case or match is None or match.spoof or mail.direction is Direction.OUTGOING else ("case",)
    return (*_match_actions(mail, match), *case)


def _match_actions(mail: PooledMessage, match: Match | None) -> tuple[str, ...]:
    if match is not None and match.action is Action.ATTACH:
        # What a person decided needs no second one's word.
        return ("correct",) if match.decided_by is not None else ("confirm", "correct")
    unknown = match is not None and match.action is Action.UNKNOWN and not match.spoof
    known_writer = mail.writer and mail.verdict is not Verdict.FAIL
    return ("confirm", "correct", "create", "dismiss") if unknown and known_writer else ("confirm", "correct")


def _complaint(facts: Facts, language: str, zone: ZoneInfo) -> SummaryComplaint | None:
    return complaint_beside(facts.complaints, facts.message.no if facts.message else None, language, zone)
