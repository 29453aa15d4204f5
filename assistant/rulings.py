"""What staff say of complaints: that a mail is one or is none, and that one is solved. All of it can be undone."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from assistant.filing import readable
from assistant.intake import written
from assistant.triage import Triage, Triaged
from rules.complaints.frames import handed_on
from rules.terms.case import Case, CaseEvent, CaseEventKind
from rules.terms.complaint import Assessment, Category, Finding, Ruling
from rules.terms.errors import NotFound, WrongUse
from rules.terms.firm import Firm
from rules.terms.mail import Direction
from rules.terms.staff import Viewer
from rules.triage.states import after
from storage.pool import Pool, Work


@dataclass(frozen=True, slots=True)
class Rulings:
    """The corrections of findings. Each checks that the viewer may read the mail. `publish`: told of moved cases."""

    pool: Pool
    triage: Triage
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    publish: Callable[[frozenset[int]], None] = lambda cases: None

    def say(
        self, viewer: Viewer, no: int, *, flag: bool, severity: int | None = None, category: Category | None = None
    ) -> None:
        """Say that a mail is a complaint, or none, whatever was found.

        Args:
            viewer: who says so.
            no: the mail's number.
            flag: whether it is one.
            severity: how grave, 1 to 3; None leaves it as found.
            category: what it is about; None leaves it as found.

        Raises:
            NotFound: the viewer may not read that mail.
            WrongUse: it is a mail of ours.
        """
        ruling = Ruling(flag, viewer.login, self.clock(), severity if flag else None, category if flag else None)
        with self.pool.begin() as work:
            found = _finding(work, viewer, no)
            if found is None:
                found = _unfound(work, no, self.triage.firm)
            said = replace(found, ruling=ruling)
            work.findings.put([said])
            moved = self._follow(work, said, viewer.login)
        self._tell(moved)

    def unsay(self, viewer: Viewer, no: int) -> None:
        """Take back what was said of a mail; what was found holds again.

        Raises:
            NotFound: the viewer may not read that mail, or nothing was said.
        """
        with self.pool.begin() as work:
            found = _finding(work, viewer, no)
            if found is None or found.ruling is None:
                raise NotFound
            work.findings.put([replace(found, ruling=None)])
            closed = not found.ruling.flag and found.assessment.flag
            moved = self._move(work, no, viewer.login, CaseEventKind.REOPENED) if closed else None
        self._tell(moved)

    def solve(self, viewer: Viewer, no: int) -> None:
        """Mark a complaint as solved.

        Raises:
            NotFound: the viewer may not read that mail, or it is no complaint.
        """
        with self.pool.begin() as work:
            found = _finding(work, viewer, no)
            if found is None or not found.flag:
                raise NotFound
            work.findings.put([replace(found, solved_by=viewer.login, solved_at=self.clock())])
            moved = self._move(work, no, viewer.login, CaseEventKind.SOLVED)
        self._tell(moved)

    def unsolve(self, viewer: Viewer, no: int) -> None:
        """Open a solved complaint again.

        Raises:
            NotFound: the viewer may not read that mail, or it is not marked as solved.
        """
        with self.pool.begin() as work:
            found = _finding(work, viewer, no)
            if found is None or found.solved_by is None:
                raise NotFound
            work.findings.put([replace(found, solved_by=None, solved_at=None)])
            moved = self._move(work, no, viewer.login, CaseEventKind.REOPENED)
        self._tell(moved)

    def _tell(self, moved: Case | None) -> None:
        if moved is not None:
            self.publish(frozenset({moved.id}))

    def _follow(self, work: Work, said: Finding, staff: str) -> Case | None:
        """What staff call a complaint gets a case, unless it is old mail; what they call none needs none any more."""
        if not said.flag:
            return self._move(work, said.message, staff, CaseEventKind.CLOSED)
        if not said.history and not work.cases.of_messages([said.message]):
            mail = work.messages.get_many([said.message])[said.message]
            triaged = Triaged.of_pooled(mail, said)
            id = said.customer_id
            customer = work.customers.get(id) if id else None
            value = work.values.of([id]).get(id) if id else None
            decision = None if mail.history else self.triage.decide(triaged, customer, value=value)
            if decision is not None:
                return self.triage.open(work, triaged, decision, staff)
        return None

    def _move(self, work: Work, no: int, staff: str, kind: CaseEventKind) -> Case | None:
        """The case that the mail opened goes the same way; one that other mails made their own does not."""
        case = work.cases.of_messages([no]).get(no)
        if case is None or min(work.cases.messages_of(case.id)) != no or after(case.state, kind) is case.state:
            return None
        moved = replace(case, state=after(case.state, kind), proposed=None, snoozed_until=None)
        if kind is CaseEventKind.REOPENED:
            moved = replace(moved, due=self.triage.hours.after(self.clock(), case.within), ended=None)
        else:
            moved = replace(moved, due=None, ended=self.clock())
        work.cases.change(case, moved, CaseEvent(case.id, kind, self.clock(), staff))
        return moved


def _finding(work: Work, viewer: Viewer, no: int) -> Finding | None:
    """What is kept of a mail that the viewer may read."""
    readable(work, viewer, no, 0)
    return work.findings.kept([no]).get(no)


def _unfound(work: Work, no: int, firm: Firm) -> Finding:
    """A mail in which nothing was found."""
    mail = work.messages.get_many([no], 0)[no]
    if mail.direction is Direction.OUTGOING and not handed_on(mail.message, mail.reading, firm):
        raise WrongUse(
            problem="This is a mail of your own firm; only what others write can be a complaint to you.",
            problem_de="Das ist eine Mail aus Ihrem Haus; eine Beschwerde an Sie kann nur von anderen kommen.",
        )
    return Finding(no, written(mail.message, mail.arrived), Assessment(), mail.match.customer_id)
