"""What becomes of mail in triage: a complaint opens a case, an answer of ours stops its clock, a reply moves it on.

All of it happens in the transaction that stores the mail. Old mail that is read in later moves nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from assistant.acknowledging import Acknowledging
from assistant.deciding import Draft
from assistant.holidays import is_holiday_in
from assistant.settings import Settings, TriageSettings
from rules.complaints.frames import asked_of
from rules.deadlines import AROUND_THE_CLOCK, BusinessHours, openings_of
from rules.terms.case import PENDING, Case, CaseEvent, CaseEventKind, CaseState, Decision, Priority
from rules.terms.complaint import Category, Finding
from rules.terms.customer import Customer
from rules.terms.finding import Match
from rules.terms.firm import Firm
from rules.terms.mail import Direction, MailKind, Message, Verdict
from rules.terms.pooled import PooledMessage
from rules.terms.worth import CustomerValue
from rules.triage.policy import DEFAULT, Line, Situation, decide
from rules.triage.states import after
from storage.pool import Work

# What by its kind is somebody's own word to us.
_SPOKEN = frozenset({MailKind.PERSON, MailKind.WEB_FORM, MailKind.GATEWAY})
_URGENCY = tuple(Priority)
# So many mails of ours are looked at for the one that answered.
_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class Triaged:
    """A stored mail as triage sees it. `finding` is what was found in it or said of it, None for nothing."""

    number: int
    message: Message
    kind: MailKind
    language: str | None
    direction: Direction
    match: Match
    verdict: Verdict
    thread: str
    mailboxes: frozenset[str]
    written: datetime
    arrived: datetime
    finding: Finding | None = None

    @classmethod
    def of_draft(cls, draft: Draft, number: int, written: datetime, arrived: datetime, finding: Finding | None) -> Self:
        """From a mail that has just been decided."""
        return cls(
            number=number,
            message=draft.mail.message,
            kind=draft.mail.reading.kind,
            language=draft.mail.reading.language,
            direction=draft.direction,
            match=draft.match,
            verdict=draft.verdict,
            thread=draft.thread,
            mailboxes=frozenset({draft.source.placement.mailbox}),
            written=written,
            arrived=arrived,
            finding=finding,
        )

    @classmethod
    def of_pooled(cls, mail: PooledMessage, finding: Finding | None = None) -> Self:
        """From a mail of the pool."""
        return cls(
            number=mail.no,
            message=mail.message,
            kind=mail.reading.kind,
            language=mail.reading.language,
            direction=mail.direction,
            match=mail.match,
            verdict=mail.verdict,
            thread=mail.thread,
            mailboxes=mail.mailboxes,
            written=mail.message.date or mail.arrived,
            arrived=mail.arrived,
            finding=finding,
        )

    @property
    def pretended(self) -> bool:
        """Whether the sender may not be who he says."""
        return self.match.spoof or self.verdict is Verdict.FAIL

    @property
    def spoken(self) -> bool:
        """Whether somebody outside wrote it to us."""
        return self.direction is Direction.INCOMING and self.kind in _SPOKEN

    @property
    def flagged(self) -> bool:
        """Whether it counts as a complaint."""
        return self.finding is not None and self.finding.flag

    @property
    def hands_on(self) -> bool:
        """Whether a colleague hands a complaint on: in mail of ours nothing else is found (rules.complaints.frames)."""
        return self.direction is Direction.OUTGOING and self.flagged


@dataclass(frozen=True, slots=True)
class Triage:
    """The firm's table, its hours, and who it is. `acknowledging` thanks for what becomes a case, None: nobody does."""

    firm: Firm
    hours: BusinessHours = AROUND_THE_CLOCK
    lines: Sequence[Line] = DEFAULT
    acknowledging: Acknowledging | None = None

    @classmethod
    def by(cls, settings: Settings) -> Self:
        """As kingpost.toml says."""
        firm = settings.firm
        hours = BusinessHours(openings_of(firm.business_hours), ZoneInfo(firm.time_zone), is_holiday_in(firm.holidays))
        of_us = settings.as_firm()
        return cls(of_us, hours, tuple(map(_line, settings.triage)) or DEFAULT, Acknowledging(settings, of_us))

    def decide(
        self, mail: Triaged, customer: Customer | None, open_cases: int = 0, value: CustomerValue | None = None
    ) -> Decision | None:
        """Where a mail goes, None where it becomes no case."""
        if not mail.spoken and not mail.hands_on:
            return None
        situation = situation_of(mail, customer, open_cases, value)
        return decide(situation, mail.arrived, self.hours, self.lines)

    def take(self, work: Work, mails: Sequence[Triaged], now: datetime | None = None) -> set[int]:
        """Let new mails open and move cases, in order; the numbers of the cases that changed.

        `now`: the present moment, where customers may be thanked for what opens a case; None where nobody is.
        """
        known = work.cases.of_threads({mail.thread for mail in mails})
        askable = [mail for mail in mails if self._may_open(mail)]
        ids = {mail.match.customer_id for mail in askable if mail.match.customer_id}
        customers, values = work.customers.get_many(ids), work.values.of(ids)
        changed = set()
        for mail in mails:
            case = known.get(mail.thread)
            if case is None or not _concerns(mail, case):
                moved = self._open(work, mail, customers, values) if self._may_open(mail) else None
                if moved is not None and now is not None and mail.spoken:
                    self._thank(work, mail, moved, customers, now)
            else:
                moved = self._move(work, case, mail)
            if moved is not None:
                known[mail.thread] = moved
                changed.add(moved.id)
        return changed

    def open(self, work: Work, mail: Triaged, decision: Decision, staff: str = "") -> Case:
        """A new case of a mail; where we have answered that already, it waits for the customer."""
        found = mail.finding if mail.flagged else None
        case = work.cases.open(
            Case(
                queue=decision.queue,
                subject=mail.message.subject,
                because=decision.because,
                opened=mail.arrived,
                within=decision.within,
                priority=decision.priority,
                customer_id=mail.match.customer_id,
                due=decision.due,
                severity=found.severity if found else 0,
                category=found.category if found else Category.NONE,
            ),
            [mail.number],
            staff,
        )
        ours = work.cases.written_by_us(mail.thread, mail.written, _LOOKED_AT)
        mails = work.messages.get_many([number for number, _ in ours], 0)
        answer = next((one for one in ours if self._goes_out(mails[one[0]].message)), None)
        if answer is None:
            return case
        number, at = answer
        work.cases.attach(case.id, [number])
        return _stored(work, case, answered(case, at), CaseEvent(case.id, CaseEventKind.ANSWERED, at, message=number))

    def _may_open(self, mail: Triaged) -> bool:
        """Whether there is a line that could make a case of it; a plain mail is not worth a look into the pool."""
        return mail.hands_on or (
            mail.spoken and (mail.flagged or not all(line.asks_for_complaints for line in self.lines))
        )

    def _open(
        self, work: Work, mail: Triaged, customers: Mapping[str, Customer], values: Mapping[str, CustomerValue]
    ) -> Case | None:
        id = mail.match.customer_id or ""
        pending = work.cases.pending_of([id]).get(id, 0) if id else 0
        decision = self.decide(mail, customers.get(id), pending, values.get(id))
        return None if decision is None else self.open(work, mail, decision)

    def disown(self, work: Work, number: int, why: str, now: datetime) -> int | None:
        """A mail turns out to be forged, or our own: a case that rests on it alone is none. Staff can take that back.

        Args:
            work: the unit of work in which the mail's match has been taken away.
            number: of the mail.
            why: "forged" or "own" (rules.wording, `case.disowned`).
            now: the present moment.

        Returns:
            The number of the case that was closed, None where none was.
        """
        case = work.cases.of_messages([number]).get(number)
        if case is None or case.state not in PENDING:
            return None
        rest = work.messages.get_many([one for one in work.cases.messages_of(case.id) if one != number], 0)
        if any(other.spoken and not other.pretended for other in map(Triaged.of_pooled, rest.values())):
            return None
        state = after(case.state, CaseEventKind.DISOWNED)
        ended = replace(case, state=state, due=None, ended=now, proposed=None, snoozed_until=None, escalated=None)
        disowned = CaseEvent(case.id, CaseEventKind.DISOWNED, now, text=f"case.disowned.{why}", message=number)
        _stored(work, case, ended, disowned)
        work.outbox.cancel_of_case(case.id, now)
        return case.id

    def _thank(self, work: Work, mail: Triaged, case: Case, customers: Mapping[str, Customer], now: datetime) -> None:
        if self.acknowledging is not None and case.answered is None:
            customer = customers.get(mail.match.customer_id or "")
            self.acknowledging.acknowledge(
                work,
                mail.message,
                mail.kind,
                mail.match,
                customer,
                mail.language or "",
                written=mail.written,
                case=case.id,
                now=now,
            )

    def _move(self, work: Work, case: Case, mail: Triaged) -> Case | None:
        """What a further mail of its thread does to a case; None where it only belongs to it."""
        work.cases.attach(case.id, [mail.number])
        if mail.direction is Direction.OUTGOING:
            kind = self._of_ours(work, case, mail)
        elif not mail.spoken:
            kind = None
        else:
            relieved = mail.finding is not None and mail.finding.assessment.relieved and not mail.flagged
            kind = CaseEventKind.RELIEVED if relieved else CaseEventKind.CUSTOMER_WROTE
        if kind is None:
            return None
        event = CaseEvent(case.id, kind, mail.arrived, message=mail.number)
        if kind is CaseEventKind.ANSWERED:
            return _stored(work, case, answered(case, mail.written), event)
        if kind is CaseEventKind.RELIEVED:
            return _stored(work, case, replace(case, proposed=CaseState.SOLVED) if _pending(case) else case, event)
        return _stored(work, case, self._written_to(case, mail) if mail.spoken else case, event)

    def _of_ours(self, work: Work, case: Case, mail: Triaged) -> CaseEventKind | None:
        """An answer goes to somebody outside; a mail among colleagues leaves the case the customer's.

        What Kingpost sent itself is none, even where a server took away the headers that say so.
        """
        if mail.kind is not MailKind.PERSON or mail.written < case.opened:
            return None
        if mail.message.message_id and work.outbox.ours([mail.message.message_id]):
            return None
        return CaseEventKind.ANSWERED if self._goes_out(mail.message) else CaseEventKind.FORWARDED

    def _goes_out(self, message: Message) -> bool:
        """Whether it goes to somebody outside."""
        return any(not self.firm.is_own(one.addr) for one in message.recipients if one.addr)

    def _written_to(self, case: Case, mail: Triaged) -> Case:
        """The customer has written again: what waited for him waits for us, and graver words make it more urgent."""
        state = after(case.state, CaseEventKind.CUSTOMER_WROTE)
        if state is not case.state:
            due = self.hours.after(mail.arrived, case.within)
            case = replace(case, state=state, due=due, escalated=None, ended=None)
        case = replace(case, proposed=None, snoozed_until=None)
        decision = self.decide(mail, None, 1)
        if mail.finding is None or decision is None or not mail.flagged:
            return case
        return replace(
            case,
            priority=min(case.priority, decision.priority, key=_URGENCY.index),
            within=min(case.within, decision.within),
            due=min(case.due or decision.due, decision.due),
            severity=max(case.severity, mail.finding.severity),
            category=mail.finding.category if mail.finding.severity > case.severity else case.category,
        )


def situation_of(
    mail: Triaged, customer: Customer | None, open_cases: int, value: CustomerValue | None = None
) -> Situation:
    """What is known of a mail, in the words of the table. Of whoever pretends, nothing of the customer counts."""
    if mail.pretended:
        customer, open_cases, value = None, 0, None
    parties = customer.party if customer else frozenset()
    asked = asked_of(mail.kind, mail.direction, parties, handed_on=mail.hands_on)
    found = mail.finding if mail.flagged and asked else None
    return Situation(
        complaint=found is not None,
        severity=found.severity if found else 0,
        category=found.category if found else Category.NONE,
        acts=frozenset(one.reason.removeprefix("complaint.") for one in found.assessment.evidence)
        if found
        else frozenset(),
        pretended=mail.pretended,
        verdict=mail.verdict,
        party=parties,
        king=(customer is not None and customer.key_account) or (value is not None and value.king),
        value_class=value.abc if value is not None else "",
        open_cases=open_cases,
        language=mail.language or "",
        mailboxes=mail.mailboxes,
    )


def answered(case: Case, at: datetime) -> Case:
    """A case after an answer of ours: the clock stands until the customer writes again."""
    state = after(case.state, CaseEventKind.ANSWERED)
    return replace(case, state=state, due=None, answered=case.answered or at, escalated=None, snoozed_until=None)


def _stored(work: Work, before: Case, case: Case, event: CaseEvent) -> Case:
    work.cases.change(before, case, event)
    return case


def _concerns(mail: Triaged, case: Case) -> bool:
    """Whether a mail of its thread belongs to a case: not that of somebody else, or of who pretends to be somebody."""
    customer = mail.match.customer_id
    return not mail.pretended and (customer is None or case.customer_id in (None, customer))


def _pending(case: Case) -> bool:
    return case.state in PENDING


def _line(written: TriageSettings) -> Line:
    return Line(
        queue=written.queue,
        priority=written.priority,
        within=written.within,
        because=written.because,
        complaint=written.complaint,
        severity=written.severity,
        categories=frozenset(written.categories),
        acts=frozenset(written.acts),
        verdicts=frozenset(written.verdicts),
        party=frozenset(written.party),
        king=written.king,
        value_classes=frozenset(written.value_classes),
        open_cases=written.open_cases,
        languages=frozenset(written.languages),
        mailboxes=frozenset(written.mailboxes),
        waiting=written.waiting,
    )
