"""Whose mail is this? A question with an answer and its reasons; doubt goes to a person.

First step: known address (also with a plus tag), known thread for a known participant, then a company domain that
belongs to exactly one customer. A failed sender check never attaches (promise 4).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp

from rules import addresses, threads
from rules.terms.customer import Known
from rules.terms.finding import Action, Evidence, Match
from rules.terms.firm import Firm
from rules.terms.mail import Address, Direction, FolderRole, Message, Reading, Verdict
from rules.terms.pooled import ThreadEntry

# Natural log-odds that the named customer is meant, per kind of evidence. One address has many owners rarely,
# a thread is joined by third parties now and then, a domain is used by a former employee or a sister firm.
WEIGHTS: Mapping[str, float] = {
    "address": 5.3,
    "alias": 4.6,
    "thread": 4.0,
    "domain": 3.5,
    "recipient": 5.3,
    "recipient-domain": 3.5,
    "forwarded": 4.0,
    "form": 3.0,
    "several-senders": 0.0,
    "shared-address": 0.0,
    "shared-domain": 0.0,
    "other-thread": -1.5,
    "authentication": -8.0,
    "internal": 0.0,
}
SURE = 0.97
# Defects of connectors.mime that leave open who wrote.
AMBIGUOUS = ("from-several", "from-missing-took", "from-group", "from-route", "from-control")
CANDIDATES = 3
# So many customers do not share a domain because they belong together: it is a provider's, and says nothing.
PROVIDER = 5


@dataclass(frozen=True, slots=True)
class Question:
    """What has to be looked up before a mail can be matched. `people` are the addresses whose customer is sought.

    `how` they are named: "sender", "recipient", "forwarded" or "form". `doubtful`: the mail names its sender in a
    way that different programs read differently.
    """

    direction: Direction
    people: tuple[Address, ...]
    how: str
    doubtful: bool
    addresses: frozenset[str]
    domains: frozenset[str]
    parents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """What the pool knows: owners by canonical address and by registrable domain, mails by Message-ID."""

    addresses: Mapping[str, Sequence[Known]] = field(default_factory=dict)
    domains: Mapping[str, Sequence[Known]] = field(default_factory=dict)
    thread: Mapping[str, ThreadEntry] = field(default_factory=dict)


def direction_of(message: Message, folder: FolderRole, verdict: Verdict, firm: Firm) -> Direction:
    """Ours or theirs: what lies in a Sent folder is ours, and what our own people wrote.

    An own address whose check failed is somebody else's writing; web forms and fax gateways pass on what others wrote.
    """
    if firm.is_web_form(message.sender.addr) or firm.is_gateway(message.sender.addr):
        return Direction.INCOMING
    own = firm.is_own(message.sender.addr)
    if folder is FolderRole.SENT or (own and verdict is not Verdict.FAIL):
        return Direction.OUTGOING
    return Direction.INCOMING


def question(message: Message, reading: Reading, direction: Direction, firm: Firm) -> Question:
    """Whose customer record is sought, and under which keys it may stand."""
    if direction is Direction.INCOMING:
        people = _writer(message, firm)
        how = "form" if firm.is_web_form(message.sender.addr) else "sender"
    else:
        # Not the hidden recipients: they stand in one copy only, and colleagues may see another.
        shown = (*message.to, *message.cc)
        people = tuple(person for person in shown if person.addr and not firm.is_own(person.addr))
        how = "recipient"
        if not people and reading.original_sender and not firm.is_own(reading.original_sender.addr):
            people, how = (reading.original_sender,), "forwarded"
    keys = frozenset(
        key
        for person in people
        if "@" in person.addr
        for key in (addresses.canonical(person.addr), addresses.without_tag(person.addr))
    )
    return Question(
        direction=direction,
        people=people,
        how=how,
        doubtful=direction is Direction.INCOMING and ambiguous_sender(message),
        addresses=keys,
        domains=frozenset(domain for person in people if (domain := company_domain(person.addr, firm))),
        parents=threads.parents(message),
    )


def _writer(message: Message, firm: Firm) -> tuple[Address, ...]:
    """The person behind an incoming mail: behind a web form whom an answer would reach, behind a gateway nobody."""
    if firm.is_web_form(message.sender.addr):
        return tuple(person for person in message.reply_to if not firm.is_own(person.addr))[:1]
    return () if firm.is_gateway(message.sender.addr) else (message.sender,)


def ambiguous_sender(message: Message) -> bool:
    """Whether the From header names its writer in a way that mail programs and servers read differently."""
    return any(defect.startswith(AMBIGUOUS) for defect in message.defects)


def company_domain(addr: str, firm: Firm) -> str:
    """The registrable domain if it can speak for a firm: neither a freemail provider's nor our own; else ""."""
    domain = addresses.registrable(addresses.domain_of(addr))
    if not domain or addresses.is_freemail(domain) or domain in firm.freemail:
        return ""
    own = {addresses.registrable(name) or name for name in firm.domains}
    return "" if domain in own else domain


def decide(asked: Question, answers: Answers, verdict: Verdict) -> Match:
    """File, ask a person, or leave as unknown.

    Args:
        asked: the question that was put.
        answers: what the pool holds under its keys.
        verdict: the firm's own server's verdict on the sender; only incoming mail is judged by it.
    """
    if not asked.people:
        internal = asked.direction is Direction.OUTGOING
        return Match(Action.UNKNOWN, evidence=(_evidence("internal", ""),) if internal else ())
    found = _first_answer(asked, answers)
    if asked.doubtful and found.action is Action.ATTACH:
        evidence = (*found.evidence, _evidence("several-senders", asked.people[0].addr))
        found = Match(Action.REVIEW, confidence=0.5, candidates=found.candidates, evidence=evidence)
    if asked.direction is Direction.INCOMING and verdict is Verdict.FAIL:
        return distrusted(found, asked.people[0].addr)
    return found


def distrusted(found: Match, sender: str) -> Match:
    """What a match becomes when the sender check failed: whom it seemed to be is whom somebody pretends to be."""
    return Match(
        Action.REVIEW if found.candidates else Action.UNKNOWN,
        spoof=bool(found.candidates),
        candidates=found.candidates,
        evidence=(_evidence("authentication", sender), *found.evidence),
    )


def _first_answer(asked: Question, answers: Answers) -> Match:
    by_address = _by_address(asked, answers)
    if by_address is not None:
        return by_address
    if asked.how == "sender":
        by_thread = _by_thread(asked, answers)
        if by_thread is not None:
            return by_thread
    return _by_domain(asked, answers) or Match(Action.UNKNOWN)


def _by_address(asked: Question, answers: Answers) -> Match | None:
    """The owners of the first person's address that has any; one customer attaches, several are asked about."""
    owners: list[Known] = []
    evidence: list[Evidence] = []
    for person in asked.people:
        address = addresses.canonical(person.addr)
        reason = {"sender": "address"}.get(asked.how, asked.how)
        hits = answers.addresses.get(address, ())
        if not hits and (hits := answers.addresses.get(addresses.without_tag(address), ())):
            reason = "alias" if asked.how == "sender" else reason
        if hits:
            owners += hits
            evidence.append(_evidence(reason, person.addr))
    if not owners:
        return None
    customers = _distinct(owner.customer_id for owner in owners)
    thread = _thread_entry(asked, answers)
    if len(customers) == 1:
        if thread and thread.customer_id and thread.customer_id not in customers:
            evidence.append(_evidence("other-thread", thread.message_id))
        return _attach(customers[0], _contact(owners, customers[0]), evidence)
    if asked.how == "recipient":
        # A mail of ours to several customers belongs to each of them; filing it under one would hide it from the rest.
        return _ask(customers, evidence)
    if thread and thread.customer_id in customers:
        evidence.append(_evidence("thread", thread.message_id))
        return _attach(thread.customer_id, _contact(owners, thread.customer_id), evidence, customers)
    evidence.append(_evidence("shared-address", asked.people[0].addr))
    return Match(
        Action.REVIEW, candidates=customers[:CANDIDATES], confidence=1 / len(customers), evidence=tuple(evidence)
    )


def _by_thread(asked: Question, answers: Answers) -> Match | None:
    """The customer of the answered mail, if this sender took part in it: who was copied in later is matched anew."""
    entry = _thread_entry(asked, answers)
    if entry is None or entry.customer_id is None:
        return None
    if addresses.canonical(asked.people[0].addr) not in entry.participants:
        return None
    return _attach(entry.customer_id, None, [_evidence("thread", entry.message_id)])


def _by_domain(asked: Question, answers: Answers) -> Match | None:
    reason = "recipient-domain" if asked.how == "recipient" else "domain"
    owners = [owner for domain in sorted(asked.domains) for owner in answers.domains.get(domain, ())]
    if not owners:
        return None
    customers = _distinct(owner.customer_id for owner in owners)
    if len(customers) >= PROVIDER:
        return None
    quote = ", ".join(_distinct(owner.value for owner in owners))
    if len(customers) == 1:
        return _attach(customers[0], None, [_evidence(reason, quote)])
    return _ask(customers, [_evidence("shared-domain", quote)])


def _ask(customers: Sequence[str], evidence: Sequence[Evidence]) -> Match:
    """Somebody has to choose: each customer is as likely as the next."""
    return Match(
        Action.REVIEW,
        confidence=round(1 / len(customers), 4),
        candidates=tuple(customers[:CANDIDATES]),
        evidence=tuple(evidence),
    )


def _attach(customer: str, contact: str | None, evidence: Sequence[Evidence], rivals: Collection[str] = ()) -> Match:
    return Match(
        Action.ATTACH,
        customer_id=customer,
        contact_id=contact,
        confidence=_confidence(evidence),
        candidates=_distinct((customer, *rivals))[:CANDIDATES],
        evidence=tuple(evidence),
    )


def _confidence(evidence: Iterable[Evidence]) -> float:
    """The probability behind the summed log-odds, never quite certain."""
    return round(min(0.999, 1 / (1 + exp(-sum(piece.weight for piece in evidence)))), 4)


def _contact(owners: Iterable[Known], customer: str) -> str | None:
    """The person behind the address, if it is exactly one of that customer's."""
    people = {owner.contact_id for owner in owners if owner.customer_id == customer and owner.contact_id}
    return people.pop() if len(people) == 1 else None


def _thread_entry(asked: Question, answers: Answers) -> ThreadEntry | None:
    return next((answers.thread[parent] for parent in asked.parents if parent in answers.thread), None)


def _evidence(reason: str, quote: str) -> Evidence:
    return Evidence(reason, quote, WEIGHTS[reason])


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
