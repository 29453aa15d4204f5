"""What people do with cases: take, answer for, put off, solve, join and part them. All of it can be taken back.

Each action checks that the viewer may see the case, and stores what it did in the case's history. What is solved here
is solved as a complaint too, so that lists of complaints and of cases say the same.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypedDict, Unpack

from assistant.filing import readable
from assistant.restricting import check_used
from assistant.snippets import SnippetBook
from assistant.teamwork import Teamwork, check_assignee, tell_deputy
from assistant.triage import Triage, answered
from rules.terms.case import PENDING, Case, CaseEvent, CaseEventKind, CaseState, Priority
from rules.terms.complaint import Category
from rules.terms.errors import UnknownName, WrongUse
from rules.terms.staff import Viewer
from rules.terms.team import team_of
from rules.triage.states import after
from storage.pool import Pool, Work

# What a person may fill in: the longest that is kept of each.
LONGEST = {"subject": 300, "product": 200, "cause": 2000, "remedy": 2000, "queue": 40}
MOST_TAGS = 20
_NOTE = 20_000


class Changes(TypedDict, total=False):
    """What people may change of a case: `cost` in cents, `proposed` only to None, which says that it is not so."""

    priority: Priority
    category: Category
    severity: int
    queue: str
    subject: str
    due: datetime | None
    product: str
    cause: str
    remedy: str
    cost: int | None
    tags: Collection[str]
    proposed: None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a person does with a case: what its history calls it, what it makes of the case, its words."""

    kind: CaseEventKind
    change: Callable[[Work, Case], Case]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Casework:
    """The actions of people on cases. `publish` is told the numbers of cases that changed, after the commit."""

    pool: Pool
    triage: Triage
    publish: Callable[[frozenset[int]], None] = lambda cases: None
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    @property
    def teamwork(self) -> Teamwork:
        """Teams, and who stands in for whom."""
        return Teamwork(self.pool, self.triage.hours.zone, self.publish, self.clock)

    @property
    def snippets(self) -> SnippetBook:
        """The firm's own reply snippets."""
        return SnippetBook(self.pool, self.clock)

    def open(self, viewer: Viewer, *, message: int | None = None, customer_id: str = "", subject: str = "") -> Case:
        """Open a case by hand: of a mail, or of nothing but a customer and a subject.

        Raises:
            NotFound: the viewer may not read that mail.
            UnknownName: there is no such customer.
            WrongUse: the mail belongs to a case already, or neither mail nor subject is given.
        """
        now = self.clock()
        with self.pool.begin() as work:
            if message is None:
                if not subject.strip():
                    raise _wrong("A case needs a mail or a subject.", "Es fehlt eine Mail oder ein Betreff.")
                if customer_id and customer_id not in work.customers.known_ids({customer_id}):
                    raise UnknownName(what="customer", name=customer_id)
                check_used(work, viewer, customer_id or None)
                new = self._by_hand(subject, customer_id or None, now)
                case = work.cases.open(new, (), viewer.login)
            else:
                mail = readable(work, viewer, message, 0)
                if work.cases.of_messages([message]):
                    raise _wrong("This mail belongs to a case already.", "Diese Mail gehört schon zu einem Vorgang.")
                new = self._by_hand(subject or mail.message.subject, mail.match.customer_id, now)
                if found := work.findings.of_messages([message]).get(message):
                    new = replace(new, severity=found.severity, category=found.category)
                case = work.cases.open(new, [message], viewer.login)
        self.publish(frozenset({case.id}))
        return case

    def assign(self, viewer: Viewer, number: int, assignee: str) -> Case:
        """Let somebody, or a team ("@" and its name), work on a case; "" for nobody.

        Who stands in for somebody who is away watches it from then on.

        Raises:
            UnknownName: there is nobody of that login, or no such team.
        """
        return self.do(viewer, number, self.assigning(assignee))

    def assigning(self, assignee: str) -> Step:
        """The step of `assign`."""

        def assigned(work: Work, case: Case) -> Case:
            check_assignee(work, assignee)
            state = after(case.state, CaseEventKind.ASSIGNED) if assignee and not team_of(assignee) else case.state
            case = replace(case, assignee=assignee, state=state)
            tell_deputy(work, case, self.teamwork.today)
            return case

        return Step(CaseEventKind.ASSIGNED, assigned, assignee)

    def note(self, viewer: Viewer, number: int, text: str) -> Case:
        """Add an internal note."""
        if not text.strip():
            raise _wrong("The note is empty.", "Die Notiz ist leer.")
        return self.do(viewer, number, Step(CaseEventKind.NOTED, lambda work, case: case, text.strip()[:_NOTE]))

    def change(
        self,
        viewer: Viewer,
        number: int,
        **changes: Unpack[Changes],
    ) -> Case:
        """Change what is known of a case; what is left out stays."""
        return self.do(viewer, number, self.changing(**changes))

    def changing(self, **changes: Unpack[Changes]) -> Step:
        """The step of `change`."""
        values: dict[str, Any] = dict(changes)
        for name, most in LONGEST.items():
            if name in values:
                values[name] = " ".join(values[name].split())[:most]
        if "tags" in changes:
            cleaned = dict.fromkeys("-".join(tag.lower().split()) for tag in changes["tags"])
            values["tags"] = tuple(tag for tag in cleaned if tag)[:MOST_TAGS]
        if "due" in values:
            values["escalated"] = None
        if values.get("queue") == "" or values.get("subject") == "":
            raise _wrong("A case needs a queue and a subject.", "Ein Vorgang braucht eine Liste und einen Betreff.")
        return Step(CaseEventKind.CHANGED, lambda work, case: replace(case, **values))

    def snooze(self, viewer: Viewer, number: int, until: datetime) -> Case:
        """Take a case out of the lists until a moment."""
        return self.do(viewer, number, self.snoozing(until))

    def snoozing(self, until: datetime | None) -> Step:
        """The step of `snooze`; with None that of `wake`."""
        if until is None:
            return Step(CaseEventKind.WOKEN, lambda work, case: replace(case, snoozed_until=None))
        if until <= self.clock():
            raise _wrong("That moment is over.", "Dieser Zeitpunkt ist vorbei.")
        return Step(CaseEventKind.SNOOZED, lambda work, case: replace(_ours(case), snoozed_until=until))

    def wake(self, viewer: Viewer, number: int) -> Case:
        """Put a snoozed case back into the lists."""
        return self.do(viewer, number, self.snoozing(None))

    def answer(self, viewer: Viewer, number: int) -> Case:
        """Say that the customer has been answered, by telephone or a letter: the clock stands."""
        return self.move(viewer, number, CaseState.WAITING_CUSTOMER)

    def solve(self, viewer: Viewer, number: int, remedy: str = "") -> Case:
        """Say that a case is solved, and how."""
        return self.do(viewer, number, self._ending(viewer, CaseEventKind.SOLVED, remedy))

    def close(self, viewer: Viewer, number: int, remedy: str = "") -> Case:
        """End a case, whatever came of it."""
        return self.do(viewer, number, self._ending(viewer, CaseEventKind.CLOSED, remedy))

    def reopen(self, viewer: Viewer, number: int) -> Case:
        """Open an ended case again; the clock starts anew."""
        return self.move(viewer, number, CaseState.OPEN)

    def move(self, viewer: Viewer, number: int, state: CaseState) -> Case:
        """Bring a case to a state by the step that leads there.

        Raises:
            WrongUse: no step of people leads there.
        """
        return self.do(viewer, number, self.moving(viewer, state))

    def moving(self, viewer: Viewer, state: CaseState) -> Step:
        """The step of `move`."""
        now = self.clock()
        if state is CaseState.OPEN:
            return self._reopening()
        if state is CaseState.WAITING_CUSTOMER:
            return Step(CaseEventKind.ANSWERED, lambda work, case: answered(_ours(case), now))
        if state in (CaseState.SOLVED, CaseState.CLOSED):
            return self._ending(viewer, CaseEventKind(state.value))
        raise _wrong(f"A case becomes “{state}” by mail alone.", f"„{state}“ wird ein Vorgang nur durch eine Mail.")

    def do(self, viewer: Viewer, number: int, *steps: Step) -> Case:
        """Do all of these in order, each an entry of the history, or none of them.

        Raises:
            NotFound: the viewer may not see the case.
            KingpostError: one of them is refused; nothing has changed.
        """
        with self.pool.begin() as work:
            case = work.cases.get(number, viewer.mailboxes)
            moved = False
            for step in steps:
                before, case = case, step.change(work, case)
                if case != before or step.kind is CaseEventKind.NOTED:
                    moved = True
                    work.cases.change(before, case, CaseEvent(number, step.kind, self.clock(), viewer.login, step.text))
        if moved:
            self.publish(frozenset({number}))
        return case

    def _reopening(self) -> Step:
        due = self.triage.hours.after

        def opened(work: Work, case: Case) -> Case:
            if case.state in PENDING or case.merged_into is not None:
                raise _wrong("This case is not ended.", "Dieser Vorgang ist nicht beendet.")
            self._solved(work, case, None)
            state = after(case.state, CaseEventKind.REOPENED)
            return replace(case, state=state, due=due(self.clock(), case.within), ended=None, escalated=None)

        return Step(CaseEventKind.REOPENED, opened)

    def merge(self, viewer: Viewer, part: int, whole: int) -> Case:
        """Let a case be part of another one."""
        if part == whole:
            raise _wrong("A case cannot be part of itself.", "Ein Vorgang kann nicht Teil seiner selbst sein.")
        with self.pool.begin() as work:
            goes, stays = (work.cases.get(one, viewer.mailboxes) for one in (part, whole))
            if goes.merged_into is not None or stays.merged_into is not None:
                raise _wrong("One of them is part of another case.", "Einer davon gehört schon zu einem anderen.")
            event = CaseEvent(whole, CaseEventKind.MERGED, self.clock(), viewer.login, goes.subject)
            work.cases.merge(goes, stays, event)
        self.publish(frozenset({part, whole}))
        return stays

    def split(self, viewer: Viewer, number: int, messages: Collection[int], subject: str) -> Case:
        """Make a case of its own of some of a case's mails."""
        with self.pool.begin() as work:
            case = work.cases.get(number, viewer.mailboxes)
            new = replace(case, id=0, subject=subject.strip()[:300] or case.subject, opened=self.clock(), cost=None)
            event = CaseEvent(number, CaseEventKind.SPLIT, self.clock(), viewer.login, new.subject)
            made = work.cases.split(case, messages, new, event)
        self.publish(frozenset({number, made.id}))
        return made

    def undo(self, viewer: Viewer, number: int) -> Case:
        """Take back what the viewer did last, if nothing has happened since.

        Raises:
            WrongUse: what came last was a mail's doing, or a colleague's.
        """
        with self.pool.begin() as work:
            before = work.cases.get(number, viewer.mailboxes)
            last = work.cases.history(number, limit=1)[0]
            if last.staff not in ("", viewer.login):
                raise _wrong(
                    f"{last.staff} has worked on this case since; only they can take that back.",
                    f"Inzwischen hat {last.staff} daran gearbeitet; nur von dort lässt es sich zurücknehmen.",
                )
            case = work.cases.undo(number, viewer.mailboxes)
            if before.state is CaseState.SOLVED and case.state in PENDING:
                self._solved(work, case, None)
            elif before.state in PENDING and case.state is CaseState.SOLVED:
                self._solved(work, case, viewer.login)
        self.publish(frozenset({number}))
        return case

    def watch(self, viewer: Viewer, number: int, *, on: bool) -> None:
        """Watch a case, or no longer."""
        with self.pool.begin() as work:
            work.cases.get(number, viewer.mailboxes)
            work.cases.watch(number, viewer.login, on=on)

    def waive(self, viewer: Viewer, message: int, *, on: bool) -> None:
        """Say that a mail needs no answer, or that it does after all.

        Raises:
            NotFound: the viewer may not read that mail.
        """
        with self.pool.begin() as work:
            readable(work, viewer, message, 0)
            if on:
                work.unanswered.waive(message, viewer.login, self.clock())
            else:
                work.unanswered.unwaive(message)

    def _ending(self, viewer: Viewer, kind: CaseEventKind, remedy: str = "") -> Step:
        now = self.clock()

        def ended(work: Work, case: Case) -> Case:
            state = after(case.state, kind)
            if state is case.state:
                raise _wrong("This case is ended already.", "Dieser Vorgang ist schon beendet.")
            if kind is CaseEventKind.SOLVED:
                self._solved(work, case, viewer.login)
            told = remedy.strip()[: LONGEST["remedy"]] or case.remedy
            return replace(
                case, state=state, due=None, ended=now, remedy=told, proposed=None, snoozed_until=None, escalated=None
            )

        return Step(kind, ended)

    def _solved(self, work: Work, case: Case, staff: str | None) -> None:
        """What was found in the case's mails is solved as well, or open again."""
        found = work.findings.kept(work.cases.messages_of(case.id)).values()
        at = self.clock() if staff else None
        work.findings.put([replace(one, solved_by=staff, solved_at=at) for one in found if one.flag])

    def _by_hand(self, subject: str, customer_id: str | None, now: datetime) -> Case:
        within = 16.0
        return Case(
            queue="inbox",
            subject=" ".join(subject.split())[: LONGEST["subject"]],
            because="",
            opened=now,
            within=within,
            customer_id=customer_id,
            due=self.triage.hours.after(now, within),
        )


def _ours(case: Case) -> Case:
    if case.state not in PENDING:
        raise _wrong("This case is ended.", "Dieser Vorgang ist beendet.")
    return case


def _wrong(en: str, de: str) -> WrongUse:
    return WrongUse(problem=en, problem_de=de)
