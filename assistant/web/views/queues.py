"""The queues: lists of cases by view and filter, actions on many at once, and mail that nobody has answered."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.di import NamedDependency as Given
from litestar.params import QueryParameter
from litestar.response import Redirect

from assistant import casebook
from assistant.casebook import MANY, CaseEntry
from assistant.teamwork import Standing
from assistant.web.api.bodies import LARGEST, Number
from assistant.web.choices import Choice
from assistant.web.texts import t
from assistant.web.views.mails import SNIPPET_SOURCE, Row, rows, snippet
from assistant.web.views.tabs import counted
from assistant.web.visit import Form, Visit, own_path
from rules import case_lines
from rules.terms.case import CaseFilter, CaseView, Priority
from rules.terms.complaint import Category
from rules.terms.errors import NotFound, WrongUse
from storage.pool import Work

PAGE = 50
# Of what lies unanswered for longer nobody expects an answer any more.
UNANSWERED_DAYS = 30
CATEGORIES = tuple(category for category in Category if category is not Category.NONE)
_PENDING = CaseView.PENDING


@dataclass(frozen=True, slots=True)
class Line:
    """A case in a list."""

    entry: CaseEntry
    due: str
    overdue: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """An unanswered mail: its row, the beginning of what it says, and how long it has waited."""

    mail: Row
    text: str
    span: str


@get("/queues", sync_to_thread=True)
def queues(
    visit: Given[Visit],
    view: Annotated[CaseView, QueryParameter()] = _PENDING,
    queue: Annotated[str, QueryParameter(max_length=40)] = "",
    priority: Annotated[str, QueryParameter(max_length=20)] = "",
    category: Annotated[str, QueryParameter(max_length=40)] = "",
    customer: Annotated[str, QueryParameter(max_length=200)] = "",
    tag: Annotated[str, QueryParameter(max_length=200)] = "",
    team: Annotated[str, QueryParameter(max_length=200)] = "",
    q: Annotated[str, QueryParameter(max_length=200)] = "",
    after: Annotated[int | None, QueryParameter(ge=1, le=LARGEST)] = None,
) -> Response[str]:
    """Cases of a queue: what is due first comes first. The address holds view and filters."""
    chosen = CaseFilter(
        view=view,
        login=visit.viewer.login,
        queue=queue,
        priority=Priority(priority) if priority in set(Priority) else None,
        category=Category(category) if category in CATEGORIES else None,
        customer_id=customer,
        tag=tag,
        text=q,
        team=team,
    )
    with visit.services.pool.read() as work:
        standing = visit.services.casework.teamwork.standing(work, visit.viewer)
        found = casebook.page(work, visit.viewer, chosen, visit.now, standing, after=after, limit=PAGE + 1)
        views = _views(visit, work, chosen, standing)
        names = work.cases.queues(visit.viewer.mailboxes)
        people = assignees(work)
    hours = visit.services.casework.triage.hours
    return visit.page(
        "queues.html",
        "cases",
        chosen=chosen,
        filtered=any((chosen.priority, chosen.category, customer, tag, q, team)),
        filters=_query(chosen),
        here=address(chosen),
        plain=address(CaseFilter(view, queue=queue)),
        queues=[_queue(visit, name, chosen) for name in ("", *sorted(names))] if names else [],
        views=views,
        lines=[
            Line(
                entry,
                case_lines.due_text(entry.case, visit.now, hours, visit.language),
                case_lines.is_overdue(entry.case, visit.now),
            )
            for entry in found[:PAGE]
        ],
        more=address(chosen, after=found[PAGE - 1].case.id) if len(found) > PAGE else "",
        priorities=tuple(Priority),
        categories=CATEGORIES,
        people=people,
    )


@get("/queues/unanswered", sync_to_thread=True)
def unanswered(visit: Given[Visit]) -> Response[str]:
    """Mail of customers in which they had the last word, for longer than the firm's habit."""
    with visit.services.pool.read() as work:
        found = _waiting(visit, work)
        standing = visit.services.casework.teamwork.standing(work, visit.viewer)
        views = _views(visit, work, CaseFilter(login=visit.viewer.login), standing, unanswered=len(found))
        names = work.cases.queues(visit.viewer.mailboxes)
    return visit.page(
        "unanswered.html",
        "cases",
        here="/queues/unanswered",
        queues=[_queue(visit, name, None) for name in ("", *sorted(names))] if names else [],
        views=views,
        hours=f"{visit.services.settings.firm.answer_within:g}",
        items=found,
    )


@post("/messages/{no:int}/waived", sync_to_thread=True, status_code=303)
def waive(visit: Given[Visit], no: Number, data: Form) -> Redirect:
    """Say that a mail needs no answer."""
    visit.services.casework.waive(visit.viewer, no, on=True)
    return visit.back(own_path(data.get("next", ""), "/queues/unanswered"), "waived", mail=no)


@post("/messages/{no:int}/waived/undo", sync_to_thread=True, status_code=303)
def unwaive(visit: Given[Visit], no: Number, data: Form) -> Redirect:
    """Say that it needs one after all."""
    visit.services.casework.waive(visit.viewer, no, on=False)
    return visit.back(own_path(data.get("next", ""), "/queues/unanswered"), "taken_back")


@post("/cases/bulk", sync_to_thread=True, status_code=303)
def bulk(visit: Given[Visit], data: Form) -> Redirect:
    """The same with all chosen cases; those with which it cannot be done any more are left as they are."""
    work, viewer = visit.services.casework, visit.viewer
    kind, value = ("solve", "") if data.get("solve") else ("priority", data["priority"]) if data.get("priority") else (
        "assign", data.get("assignee", "")
    )  # fmt: skip
    done = []
    for number in chosen_numbers(data, "case-"):
        try:
            if kind == "solve":
                work.solve(viewer, number)
            elif kind == "priority" and value in set(Priority):
                work.change(viewer, number, priority=Priority(value))
            elif kind == "assign" and value:
                work.assign(viewer, number, "" if value == "-" else value)
        except (WrongUse, NotFound):
            continue
        done.append(number)
    there = own_path(data.get("next", ""), "/queues")
    if not done:
        return visit.back(there, "nothing")
    return done_with(visit, there, done)


def done_with(visit: Visit, there: str, numbers: list[int]) -> Redirect:
    """Lead back to where a bar says what was done last with these cases, and takes it back."""
    with visit.services.pool.read() as work:
        last = work.cases.history(numbers[0], limit=1)[0]
    also = {"also": "-".join(map(str, numbers[1:]))} if len(numbers) > 1 else {}
    return visit.back(there, f"case_{last.kind.value}", case=numbers[0], event=last.id, **also)


def assignees(work: Work) -> list[tuple[str, str]]:
    """To whom a case can be assigned, each with the name that is shown: teams first."""
    teams = [(team.assignee, team.name) for team in work.teams.all()]
    return [*teams, *((member.login, member.login) for member in work.staff.all() if member.active)]


def chosen_numbers(data: dict[str, str], prefix: str) -> list[int]:
    """The numbers of the checked boxes of a form, which are named by them; no more than a page has."""
    marked = (name.removeprefix(prefix) for name, value in data.items() if name.startswith(prefix) and value)
    return [int(number) for number in marked if number.isascii() and number.isdecimal() and len(number) < 19][:PAGE]


def address(chosen: CaseFilter, **more: object) -> str:
    """The address of a list."""
    query = urlencode([*_query(chosen), *more.items()])
    return f"/queues?{query}" if query else "/queues"


def _waiting(visit: Visit, work: Work) -> list[Waiting]:
    """The unanswered mails, longest waiting first."""
    habit = timedelta(hours=visit.services.settings.firm.answer_within)
    since = visit.now - timedelta(days=UNANSWERED_DAYS)
    found = work.unanswered.page(visit.viewer.mailboxes, since, visit.now - habit, MANY)
    between = visit.services.casework.triage.hours.between
    late = {no: at for no, at in found if between(at, visit.now) >= habit}
    mails = work.messages.get_many(late, text_length=SNIPPET_SOURCE)
    return [Waiting(row, snippet(mails[row.no]), _span(visit, late[row.no])) for row in rows(work, list(late))]


def _span(visit: Visit, since: datetime) -> str:
    return case_lines.waited_text(since, visit.now, visit.services.casework.triage.hours, visit.language)


def _query(chosen: CaseFilter) -> list[tuple[str, str]]:
    values = {
        "queue": chosen.queue,
        "view": "" if chosen.view is CaseView.PENDING else chosen.view.value,
        "priority": chosen.priority or "",
        "category": chosen.category or "",
        "customer": chosen.customer_id,
        "tag": chosen.tag,
        "team": chosen.team,
        "q": chosen.text,
    }
    return [(name, str(value)) for name, value in values.items() if value]


def _queue(visit: Visit, name: str, chosen: CaseFilter | None) -> Choice:
    text = case_lines.word("queue", name or "all", visit.language)
    there = CaseFilter(queue=name) if chosen is None else replace(chosen, queue=name)
    return Choice(text, address(there), chosen is not None and chosen.queue == name)


def _views(
    visit: Visit, work: Work, chosen: CaseFilter, standing: Standing, *, unanswered: int | None = None
) -> list[Choice]:
    """The views of a queue with their counts. Unanswered mail is counted on its own page alone: it takes longer."""
    counts = casebook.counts(work, visit.viewer, chosen.queue, visit.now, standing)
    views = [
        Choice(
            case_lines.word("view", view, visit.language),
            address(CaseFilter(view, queue=chosen.queue)),
            view is chosen.view and unanswered is None,
            counted(counts[view]) if view in counts else None,
            t(visit.language, "cases.proposed_hint") if view is CaseView.PROPOSED else "",
        )
        for view in CaseView
    ]
    count = None if unanswered is None else counted(unanswered)
    return [*views, Choice(t(visit.language, "cases.unanswered"), "/queues/unanswered", count is not None, count)]


ROUTES = (queues, unanswered, waive, unwaive, bulk)
