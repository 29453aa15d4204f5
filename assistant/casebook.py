"""Cases as staff read them: the lists with what stands in each line, and one case with its mails and history.

A case may be seen by whoever may read one of its mails. Of the others no more is told than that they are there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.teamwork import ALONE, Standing
from rules.summary import full_name
from rules.terms.case import Case, CaseEvent, CaseFilter, CaseView
from rules.terms.complaint import Finding
from rules.terms.customer import Customer
from rules.terms.outgoing import OutgoingMail
from rules.terms.pooled import PooledMessage
from rules.terms.staff import Viewer
from storage.pool import Work

# Further nobody counts.
MANY = 100
# What a case page shows of a long exchange.
LATEST_MAILS = 50
_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """A line of a list.

    `quote`: words of its first mail that speak for a complaint, if the reader may read it; `deputy`: who stands in for
    the one that it is assigned to; `standing_in`: whether the reader does.
    """

    case: Case
    customer: Customer | None
    quote: str = ""
    deputy: str = ""
    standing_in: bool = False

    @property
    def customer_name(self) -> str:
        """Whose it is, "" where nobody knows."""
        return full_name(self.customer) if self.customer else ""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """All of a case, as far as the reader may see it.

    `mails`: the newest that they may read, oldest of them first; `hidden`: how many are older or closed to them;
    `history` is newest first; `outgoing` is what Kingpost itself sent for it, or is to send.
    """

    entry: CaseEntry
    mails: Sequence[PooledMessage]
    hidden: int
    findings: dict[int, Finding]
    history: Sequence[CaseEvent]
    watchers: Sequence[str]
    outgoing: Sequence[OutgoingMail]


def page(
    work: Work,
    viewer: Viewer,
    chosen: CaseFilter,
    now: datetime,
    standing: Standing,
    *,
    after: int | None = None,
    limit: int = 50,
) -> list[CaseEntry]:
    """A page of a list.

    Raises:
        WrongUse: there is no case `after`.
    """
    chosen = replace(chosen, login=viewer.login, also=standing.mine)
    return entries(work, viewer, work.cases.page(chosen, viewer.mailboxes, now, after=after, limit=limit), standing)


def counts(work: Work, viewer: Viewer, queue: str, now: datetime, standing: Standing) -> dict[CaseView, int]:
    """How many cases each view of a queue has ("" for all queues), counted up to `MANY`."""
    views = [
        CaseFilter(view, viewer.login, queue, also=standing.mine) for view in CaseView if view is not CaseView.ENDED
    ]
    return {chosen.view: work.cases.count(chosen, viewer.mailboxes, now, MANY) for chosen in views}


def file(work: Work, viewer: Viewer, number: int, standing: Standing) -> CaseFile:
    """One case.

    Raises:
        NotFound: there is none, or none that the viewer may see.
    """
    case = work.cases.get(number, viewer.mailboxes)
    numbers = work.cases.messages_of(number)
    newest = work.messages.get_many(numbers[-LATEST_MAILS:], _TEXT)
    mails = [mail for mail in newest.values() if mail.mailboxes & viewer.mailboxes]
    return CaseFile(
        entry=entries(work, viewer, [case], standing)[0],
        mails=mails,
        hidden=len(numbers) - len(mails),
        findings=work.findings.of_messages([mail.no for mail in mails]),
        history=work.cases.history(number),
        watchers=work.cases.watchers(number),
        outgoing=work.outbox.of_case(number),
    )


def entries(work: Work, viewer: Viewer, cases: Sequence[Case], standing: Standing = ALONE) -> list[CaseEntry]:
    """Cases with what stands in their lines."""
    customers = work.customers.get_many({case.customer_id for case in cases if case.customer_id})
    first = work.cases.first_messages([case.id for case in cases], viewer.mailboxes)
    found = work.findings.of_messages(first.values())
    return [
        CaseEntry(
            case,
            customers.get(case.customer_id or ""),
            _quote(found.get(first.get(case.id, 0))),
            standing.deputy(case.assignee),
            case.assignee in standing.replaced,
        )
        for case in cases
    ]


def _quote(finding: Finding | None) -> str:
    """The weightiest words of a complaint."""
    evidence = finding.assessment.evidence if finding is not None and finding.flag else ()
    return max(evidence, key=lambda one: one.weight).quote if evidence else ""
