"""Cases over HTTP: the queues, one case with its mails and history, and what people do with it."""

from datetime import datetime
from typing import Annotated
from urllib.parse import quote

import msgspec
from litestar import get, patch, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody, QueryParameter

from assistant import casebook
from assistant.casebook import CaseEntry, CaseFile
from assistant.ports import Services
from assistant.web.api.bodies import LARGEST, Body, Limit, Long, Name, Number, Numbers, Question, Short
from assistant.web.api.findings import ComplaintBody
from rules import case_lines
from rules.terms.case import CaseEvent, CaseFilter, CaseState, CaseView, Priority
from rules.terms.complaint import Category
from rules.terms.mail import Direction
from rules.terms.outgoing import OutgoingMail
from rules.terms.pooled import PooledMessage
from rules.terms.staff import Viewer
from rules.wording import told

_PENDING = CaseView.PENDING
# All queues together, in the place of a name.
ALL = "all"
_UNSET = msgspec.UNSET
Set = msgspec.UnsetType
Cents = Annotated[int, msgspec.Meta(ge=0, le=10**12)]
Severity = Annotated[int, msgspec.Meta(ge=0, le=3)]
Tags = Annotated[list[Short], msgspec.Meta(max_length=20)]


class QueueBody(Body):
    """A queue, and how many cases each view of it has. `many`: from here on nobody counts."""

    name: str
    text: str
    counts: dict[str, int]
    many: int = casebook.MANY


class CaseBody(Body):
    """A case. `due`: until when we owe an answer; `cost` in cents; `quote`: words that speak for a complaint.

    `assignee` is a login, or "@" and the name of a team; `deputy` stands in for them today; `standing_in`: you do.
    """

    id: int
    href: str
    queue: str
    subject: str
    because: str
    quote: str
    customer: str | None
    customer_name: str
    priority: str
    state: str
    opened: datetime
    due: datetime | None
    due_text: str
    overdue: bool
    answered: datetime | None
    assignee: str | None
    deputy: str | None
    standing_in: bool
    snoozed_until: datetime | None
    proposed: str | None
    severity: int
    category: str
    product: str
    cause: str
    remedy: str
    cost: int | None
    tags: list[str]
    escalated: datetime | None
    ended: datetime | None
    merged_into: int | None

    @classmethod
    def of(cls, entry: CaseEntry, services: Services, language: str, now: datetime) -> "CaseBody":
        """From the word of the house, in the reader's language."""
        case = entry.case
        return cls(
            id=case.id,
            href=f"/cases/{case.id}",
            queue=case.queue,
            subject=case.subject,
            because=told(case.because, language),
            quote=entry.quote,
            customer=case.customer_id,
            customer_name=entry.customer_name,
            priority=case.priority.value,
            state=case.state.value,
            opened=case.opened,
            due=case.owed,
            due_text=case_lines.due_text(case, now, services.casework.triage.hours, language),
            overdue=case_lines.is_overdue(case, now),
            answered=case.answered,
            assignee=case.assignee or None,
            deputy=entry.deputy or None,
            standing_in=entry.standing_in,
            snoozed_until=case.snoozed_until,
            proposed=case.proposed and case.proposed.value,
            severity=case.severity,
            category=case.category.value,
            product=case.product,
            cause=case.cause,
            remedy=case.remedy,
            cost=case.cost,
            tags=list(case.tags),
            escalated=case.escalated,
            ended=case.ended,
            merged_into=case.merged_into,
        )


class CasesBody(Body):
    """A page of a list; `next` continues it as `after`."""

    cases: list[CaseBody]
    next: int | None


class CaseMailBody(Body):
    """A mail of a case. `mid`: its address for a mail program (RFC 2392)."""

    message: int
    message_id: str | None
    mid: str | None
    href: str
    direction: str
    kind: str
    sender: str
    subject: str
    date: datetime
    text: str
    complaint: ComplaintBody | None

    @classmethod
    def of(cls, mail: PooledMessage, complaint: ComplaintBody | None) -> "CaseMailBody":
        """From the word of the house. A complaint in a mail of ours is in what it hands on."""
        inside = complaint is not None and mail.direction is Direction.OUTGOING
        return cls(
            message=mail.no,
            message_id=mail.message.message_id,
            mid=mid(mail.message.message_id),
            href=f"/messages/{mail.no}",
            direction=mail.direction.value,
            kind=mail.reading.kind.value,
            sender=mail.message.sender.name or mail.message.sender.addr,
            subject=mail.message.subject,
            date=mail.message.date or mail.arrived,
            text=("" if inside else mail.reading.new_text) or mail.message.text,
            complaint=complaint,
        )


class CaseEventBody(Body):
    """What happened: the event's name and its words for the reader. `staff` is None for Kingpost itself."""

    kind: str
    what: str
    at: datetime
    staff: str | None
    text: str
    message: int | None

    @classmethod
    def of(cls, event: CaseEvent, language: str) -> "CaseEventBody":
        """From the word of the house, in the reader's language."""
        return cls(
            kind=event.kind.value,
            what=case_lines.word("event", event.kind, language),
            at=event.at,
            staff=event.staff or None,
            text=told(event.text, language),
            message=event.message,
        )


class OutgoingBody(Body):
    """A mail that Kingpost itself sent for a case, or is to send. `error`: what went wrong last, None for nothing."""

    id: int
    kind: str
    recipient: str
    subject: str
    state: str
    created: datetime
    since: datetime | None
    tries: int
    error: str | None

    @classmethod
    def of(cls, mail: OutgoingMail, language: str) -> "OutgoingBody":
        """From the word of the house, in the reader's language."""
        return cls(
            id=mail.id,
            kind=mail.kind.value,
            recipient=mail.recipient,
            subject=mail.subject,
            state=mail.state.value,
            created=mail.created,
            since=mail.since,
            tries=mail.tries,
            error=(mail.error_de if language == "de" else mail.error_en) or None,
        )


class CaseFileBody(Body):
    """A case with its mails (oldest first) and its history (newest first).

    `hidden`: mails that are not shown here; `outgoing`: what Kingpost itself sent for it.
    """

    case: CaseBody
    mails: list[CaseMailBody]
    hidden: int
    history: list[CaseEventBody]
    watchers: list[str]
    outgoing: list[OutgoingBody]


class NewCase(Question):
    """Open a case of a mail, or of nothing but a subject and perhaps a customer."""

    message: Annotated[int, msgspec.Meta(ge=1, le=LARGEST)] | None = None
    customer: Short = ""
    subject: Annotated[str, msgspec.Meta(max_length=300)] = ""


class CaseChanges(Question):
    """What is to be different; what is left out stays.

    Applied in this order, each a step of the history that can be undone: assignee (a login, "@" and the name of a team,
    "" for nobody), fields, `snoozed_until` (null wakes), `state` (solved, closed, open = reopened, waiting-customer =
    answered otherwise). All of it is done, or where one is refused nothing.
    """

    assignee: Short | Set = _UNSET
    priority: Priority | Set = _UNSET
    category: Category | Set = _UNSET
    severity: Severity | Set = _UNSET
    queue: Name | Set = _UNSET
    subject: Annotated[str, msgspec.Meta(min_length=1, max_length=300)] | Set = _UNSET
    due: datetime | Set | None = _UNSET
    product: Short | Set = _UNSET
    cause: Long | Set = _UNSET
    remedy: Long | Set = _UNSET
    cost: Cents | Set | None = _UNSET
    tags: Tags | Set = _UNSET
    proposed: Set | None = _UNSET
    snoozed_until: datetime | Set | None = _UNSET
    state: CaseState | Set = _UNSET


class Note(Question):
    """An internal note."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=20_000)]


class Merged(Question):
    """Of which case this one becomes a part."""

    into: Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]


class Parted(Question):
    """Which mails become a case of their own, and its subject ("" keeps the old one's)."""

    messages: Numbers
    subject: Annotated[str, msgspec.Meta(max_length=300)] = ""


class Watched(Question):
    """Whether one watches."""

    on: bool


@get("/queues", sync_to_thread=True, tags=["cases"])
def queues(services: Given[Services], viewer: Given[Viewer], now: Given[datetime]) -> list[QueueBody]:
    """The queues that have pending cases, after all of them together, with counts."""
    with services.pool.read() as work:
        standing = services.casework.teamwork.standing(work, viewer)
        return [
            QueueBody(
                name=name or ALL,
                text=case_lines.word("queue", name or ALL, viewer.language),
                counts={
                    view.value: count for view, count in casebook.counts(work, viewer, name, now, standing).items()
                },
            )
            for name in ("", *sorted(work.cases.queues(viewer.mailboxes)))
        ]


@get("/queues/{name:str}/cases", sync_to_thread=True, tags=["cases"])
def cases(
    name: FromPath[str],
    services: Given[Services],
    viewer: Given[Viewer],
    now: Given[datetime],
    view: Annotated[CaseView, QueryParameter(description="Which of them.")] = _PENDING,
    priority: Annotated[Priority | None, QueryParameter(description="Only of this one.")] = None,
    category: Annotated[Category | None, QueryParameter(description="Only about this.")] = None,
    customer: Annotated[str, QueryParameter(max_length=200, description="Only of this one.")] = "",
    tag: Annotated[str, QueryParameter(max_length=200, description="Only with this one.")] = "",
    team: Annotated[str, QueryParameter(max_length=200, description="Only of this team.")] = "",
    q: Annotated[str, QueryParameter(max_length=200, description="Words of mails, notes, tags and fields.")] = "",
    after: Annotated[int | None, QueryParameter(ge=1, le=LARGEST, description="`next` of the list before.")] = None,
    limit: Limit = 50,
) -> CasesBody:
    """The cases of a queue ("all": of every queue), what is due first comes first."""
    queue = "" if name == ALL else name
    chosen = CaseFilter(view, viewer.login, queue, priority, category, customer, tag, q, team)
    with services.pool.read() as work:
        standing = services.casework.teamwork.standing(work, viewer)
        found = casebook.page(work, viewer, chosen, now, standing, after=after, limit=limit)
    return CasesBody(
        cases=[CaseBody.of(entry, services, viewer.language, now) for entry in found],
        next=found[-1].case.id if len(found) == limit else None,
    )


@get("/cases/{id:int}", sync_to_thread=True, tags=["cases"])
def case(id: Number, services: Given[Services], viewer: Given[Viewer], now: Given[datetime]) -> CaseFileBody:
    """One case with its mails and its history."""
    return _file(id, services, viewer, now)


@post("/cases", sync_to_thread=True, tags=["cases"])
def open_case(
    data: JSONBody[NewCase], services: Given[Services], viewer: Given[Viewer], now: Given[datetime]
) -> CaseFileBody:
    """Open a case by hand."""
    made = services.casework.open(viewer, message=data.message, customer_id=data.customer, subject=data.subject)
    return _file(made.id, services, viewer, now)


@patch("/cases/{id:int}", sync_to_thread=True, tags=["cases"])
def change(
    id: Number, data: JSONBody[CaseChanges], services: Given[Services], viewer: Given[Viewer], now: Given[datetime]
) -> CaseFileBody:
    """Assign a case, change what is known of it, put it off, solve it, close it, open it again."""
    work = services.casework
    given = {name: value for name, value in msgspec.structs.asdict(data).items() if value is not _UNSET}
    state, assignee = given.pop("state", None), given.pop("assignee", None)
    snoozed, until = "snoozed_until" in given, given.pop("snoozed_until", None)
    steps = [work.assigning(assignee)] if assignee is not None else []
    steps += [work.changing(**given)] if given else []
    steps += [work.snoozing(until)] if snoozed else []
    steps += [work.moving(viewer, state)] if state is not None else []
    work.do(viewer, id, *steps)
    return _file(id, services, viewer, now)


@post("/cases/{id:int}/notes", sync_to_thread=True, tags=["cases"])
def note(
    id: Number, data: JSONBody[Note], services: Given[Services], viewer: Given[Viewer], now: Given[datetime]
) -> CaseFileBody:
    """Add an internal note."""
    services.casework.note(viewer, id, data.text)
    return _file(id, services, viewer, now)


@post("/cases/{id:int}/merge", status_code=200, sync_to_thread=True, tags=["cases"])
def merge(
    id: Number, data: JSONBody[Merged], services: Given[Services], viewer: Given[Viewer], now: Given[datetime]
) -> CaseFileBody:
    """Let this case be part of another; that one comes back."""
    services.casework.merge(viewer, id, data.into)
    return _file(data.into, services, viewer, now)


@post("/cases/{id:int}/split", sync_to_thread=True, tags=["cases"])
def split(
    id: Number, data: JSONBody[Parted], services: Given[Services], viewer: Given[Viewer], now: Given[datetime]
) -> CaseFileBody:
    """Make a case of its own of some of the mails; the new one comes back."""
    made = services.casework.split(viewer, id, data.messages, data.subject)
    return _file(made.id, services, viewer, now)


@post("/cases/{id:int}/undo", status_code=200, sync_to_thread=True, tags=["cases"])
def undo(id: Number, services: Given[Services], viewer: Given[Viewer], now: Given[datetime]) -> CaseFileBody:
    """Take back what you did last, if nothing has happened since."""
    services.casework.undo(viewer, id)
    return _file(id, services, viewer, now)


@post("/cases/{id:int}/watch", status_code=200, sync_to_thread=True, tags=["cases"])
def watch(
    id: Number, data: JSONBody[Watched], services: Given[Services], viewer: Given[Viewer], now: Given[datetime]
) -> CaseFileBody:
    """Watch a case, or no longer."""
    services.casework.watch(viewer, id, on=data.on)
    return _file(id, services, viewer, now)


def mid(message_id: str | None) -> str | None:
    """The address by which a mail program opens a message (RFC 2392): percent-encoded, without the angle brackets."""
    return f"mid:{quote(message_id, safe='@')}" if message_id else None


def _file(id: int, services: Services, viewer: Viewer, now: datetime) -> CaseFileBody:
    with services.pool.read() as work:
        found: CaseFile = casebook.file(work, viewer, id, services.casework.teamwork.standing(work, viewer))
    language = viewer.language
    complaints = {no: ComplaintBody.of(one, language) for no, one in found.findings.items()}
    return CaseFileBody(
        case=CaseBody.of(found.entry, services, language, now),
        mails=[CaseMailBody.of(mail, complaints.get(mail.no)) for mail in found.mails],
        hidden=found.hidden,
        history=[CaseEventBody.of(event, language) for event in found.history],
        watchers=list(found.watchers),
        outgoing=[OutgoingBody.of(mail, language) for mail in found.outgoing],
    )


ROUTES = (queues, cases, case, open_case, change, note, merge, split, undo, watch)
