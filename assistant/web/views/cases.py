"""One case: its mails, its history, and all that people do with it by plain forms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from http import HTTPStatus
from types import MappingProxyType
from typing import cast

from litestar import Response, get, post
from litestar.di import NamedDependency as Given
from litestar.response import Redirect

from assistant import casebook
from assistant.casebook import CaseFile
from assistant.casework import MOST_TAGS, Changes
from assistant.web import moments
from assistant.web.api.bodies import Number
from assistant.web.api.cases import mid
from assistant.web.marking import marked
from assistant.web.texts import t
from assistant.web.views.messages import numbers
from assistant.web.views.queues import CATEGORIES, assignees, chosen_numbers, done_with
from assistant.web.visit import Form, Visit, own_path
from rules import case_lines
from rules.terms.case import PENDING, Case, CaseEventKind, CaseState, Priority
from rules.terms.complaint import Category
from rules.terms.errors import KingpostError, WrongUse
from rules.terms.mail import Direction, Verdict
from rules.terms.pooled import PooledMessage
from rules.terms.summary import Summary
from rules.terms.team import team_of
from rules.triage.replies import Reply, draft, replies
from storage.pool import Work

WORDS = ("queue", "subject", "product", "cause", "remedy")
# What the history names of a change.
NAMED = ("priority", "category", "severity", "due", *WORDS, "cost", "tags")
# The queues that are there without a word of the firm.
OURS = ("complaints", "inbox")
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail of a case as the page shows it; `inside`: a colleague's, and the complaint is in the mail it hands on."""

    mail: PooledMessage
    text: object
    incoming: bool
    inside: bool
    mid: str | None


@get("/cases/{id:int}", sync_to_thread=True)
def case(visit: Given[Visit], id: Number) -> Response[str]:
    """The case with everything."""
    return _shown(visit, id, "case.html")


@get("/cases/{id:int}/beside", sync_to_thread=True)
def beside(visit: Given[Visit], id: Number) -> Response[str]:
    """The case as it stands beside a list."""
    return _shown(visit, id, "case_beside.html")


@post("/cases", sync_to_thread=True, status_code=303)
def open_case(visit: Given[Visit], data: Form) -> Redirect:
    """Open a case of a mail, or of a customer and a subject."""
    message = data.get("message", "")
    made = visit.services.casework.open(
        visit.viewer,
        message=int(message) if message.isascii() and message.isdecimal() and len(message) < 19 else None,
        customer_id=data.get("customer", ""),
        subject=data.get("subject", ""),
    )
    return _back(visit, made.id, data)


@post("/cases/{id:int}/take", sync_to_thread=True, status_code=303)
def take(visit: Given[Visit], id: Number, data: Form) -> Redirect:
    """Work on it oneself."""
    visit.services.casework.assign(visit.viewer, id, visit.viewer.login)
    return _back(visit, id, data)


@post("/cases/{id:int}/assign", sync_to_thread=True, status_code=303)
def assign(visit: Given[Visit], id: Number, data: Form) -> Redirect:
    """Let somebody work on it, or nobody."""
    visit.services.casework.assign(visit.viewer, id, data.get("assignee", ""))
    return _back(visit, id, data)


@post("/cases/{id:int}/snooze", sync_to_thread=True, status_code=303)
def snooze(visit: Given[Visit], id: Number, data: Form) -> Redirect:
    """Put it off: to the next working day, for a week, or to a day."""
    today = visit.now.date()
    days = {"": 1, "week": 7}
    wanted = data.get("until", "")
    day = today + timedelta(days=days[wanted]) if wanted in days else _day(wanted)
    midnight = datetime.combine(day, time(), visit.now.tzinfo)
    visit.services.casework.snooze(visit.viewer, id, visit.services.casework.triage.hours.after(midnight, 0))
    return _back(visit, id, data)


@post("/cases/{id:int}/wake", sync_to_thread=True, status_code=303)
def wake(visit: Given[Visit], id: Number, data: Form) -> Redirect:
    """Put it back into the list."""
    visit.services.casework.wake(visit.viewer, id)
    return _back(visit, id, data)


@post("/cases/{id:int}/state", sync_to_thread=True, status_code=303)
def state(visit: Given[Visit], id: Number, data: Form) -> Redirect:
    """Solve it, close it, open it again, or say that it was answered otherwise."""
    wanted = data.get("state", "")
    if wanted == "keep":
        visit.services.casework.change(visit.viewer, id, proposed=None)
    elif wanted in set(CaseState):
        visit.services.casework.move(visit.viewer, id, CaseState(wanted))
    return _back(visit, id, data)


@post("/cases/{id:int}/note", sync_to_thread=True, status_code=303)
def note(visit: Given[Visit], id: Number, data: Form) -> Redirect:
    """Add an internal note."""
    visit.services.casework.note(visit.viewer, id, data.get("text", ""))
    return _back(visit, id, data)


@post("/cases/{id:int}/change", sync_to_thread=True, status_code=200)
def change(visit: Given[Visit], id: Number, data: Form) -> Response[str] | Redirect:
    """Change what is known of it; what cannot be taken comes back as it was typed, with what is wrong beside it."""
    faults: dict[str, str] = {}
    changes = cast(Changes, {name: data[name] for name in WORDS if name in data})
    if data.get("queue") == "":
        changes["queue"] = _queue_named(visit, data.get("queue_new", ""))
        if not changes["queue"]:
            faults["queue_new"] = t(visit.language, "cases.queue_wrong")
    if data.get("priority") in set(Priority):
        changes["priority"] = Priority(data["priority"])
    if data.get("category") in set(Category):
        changes["category"] = Category(data["category"])
    if data.get("severity", "") in ("0", "1", "2", "3"):
        changes["severity"] = int(data["severity"])
    if "cost" in data:
        try:
            changes["cost"] = _cents(data["cost"])
        except ValueError:
            faults["cost"] = t(visit.language, "cases.cost_wrong")
    if "tags" in data:
        changes["tags"] = data["tags"].split()
        if len(set(changes["tags"])) > MOST_TAGS:
            faults["tags"] = t(visit.language, "cases.tags_wrong", most=MOST_TAGS)
    if faults:
        page = _shown(visit, id, "case.html", data, faults)
        page.status_code = HTTPStatus.BAD_REQUEST
        return page
    visit.services.casework.change(visit.viewer, id, **changes)
    return _back(visit, id, data)


@post("/cases/{id:int}/merge", sync_to_thread=True, status_code=303)
def merge(visit: Given[Visit], id: Number, data: Form) -> Redirect:
    """Let it be part of another case."""
    into = numbers(data.get("into", "").strip().lstrip("#"))
    if len(into) != 1:
        raise WrongUse(
            problem="Name the other case by its number.", problem_de="Nennen Sie die Nummer des anderen Vorgangs."
        )
    visit.services.casework.merge(visit.viewer, id, into[0])
    return _back(visit, into[0], {})


@post("/cases/{id:int}/split", sync_to_thread=True, status_code=303)
def split(visit: Given[Visit], id: Number, data: Form) -> Redirect:
    """Make a case of its own of some of its mails."""
    visit.services.casework.split(visit.viewer, id, chosen_numbers(data, "mail-"), data.get("subject", ""))
    return _back(visit, id, data)


@post("/cases/{id:int}/watch", sync_to_thread=True, status_code=303)
def watch(visit: Given[Visit], id: Number, data: Form) -> Redirect:
    """Watch it, or no longer."""
    visit.services.casework.watch(visit.viewer, id, on=bool(data.get("on")))
    return Redirect(own_path(data.get("next", ""), f"/cases/{id}"), status_code=303)


@post("/cases/{id:int}/undo", sync_to_thread=True, status_code=303)
def undo(visit: Given[Visit], id: Number, data: Form) -> Redirect:
    """Take the last step back, of several cases where it was done with several."""
    visit.services.casework.undo(visit.viewer, id)
    for number in numbers(data.get("also", "")):
        try:
            visit.services.casework.undo(visit.viewer, number)
        except KingpostError:
            # Something has happened there since; the others go back all the same.
            continue
    return visit.back(own_path(data.get("next", ""), f"/cases/{id}"), "case_undone")


def _shown(
    visit: Visit, id: int, template: str, typed: Mapping[str, str] = _NOTHING, faults: Mapping[str, str] = _NOTHING
) -> Response[str]:
    """A case; `typed` and `faults`: by field, what was sent and cannot be taken, and why."""
    with visit.services.pool.read() as work:
        found = casebook.file(work, visit.viewer, id, visit.services.casework.teamwork.standing(work, visit.viewer))
        people = assignees(work)
        queues = _queues(visit, work)
    case, hours = found.entry.case, visit.services.casework.triage.hours
    mails = [_mail(visit, found, mail) for mail in found.mails]
    latest = next((one for one in reversed(mails) if one.incoming or one.inside), None)
    return visit.page(
        template,
        "cases",
        file=found,
        case=case,
        pending=case.state in PENDING,
        due=case_lines.due_text(case, visit.now, hours, visit.language),
        overdue=case_lines.is_overdue(case, visit.now),
        asleep=case.snoozed_until is not None and case.snoozed_until > visit.now,
        colleague=case_lines.assignee_text(case.assignee, found.entry.deputy, visit.language)
        if case.assignee not in ("", visit.viewer.login) and not team_of(case.assignee)
        else "",
        disowned=found.history[0].kind is CaseEventKind.DISOWNED if found.history else False,
        mails=mails,
        latest=latest,
        changed=lambda event: ", ".join(t(visit.language, f"cases.{name}") for name in NAMED if name in event.was),
        summary=_summary(visit, found, latest),
        replies=_replies(visit, found, latest),
        people=people,
        priorities=tuple(Priority),
        categories=CATEGORIES,
        queues=sorted(queues | {case.queue}, key=lambda name: case_lines.word("queue", name, visit.language)),
        given={**_given(visit, case), **typed},
        faults=faults,
        here=f"/cases/{id}",
    )


def _given(visit: Visit, case: Case) -> dict[str, str]:
    """What the form of a case's particulars holds at first."""
    return {
        "priority": case.priority.value,
        "queue": case.queue,
        "queue_new": "",
        "category": case.category.value,
        "product": case.product,
        "cause": case.cause,
        "remedy": case.remedy,
        "cost": "" if case.cost is None else moments.number(case.cost / 100, visit.language, 2),
        "tags": " ".join(case.tags),
    }


def _queues(visit: Visit, work: Work) -> set[str]:
    """The queues that there are: ours, those of the firm's table, and those that hold cases."""
    return {*OURS, *(line.queue for line in visit.services.settings.triage), *work.cases.queues(visit.viewer.mailboxes)}


def _queue_named(visit: Visit, typed: str) -> str:
    """The queue that a person means by a name; one that is there by the word that is shown for it."""
    with visit.services.pool.read() as work:
        shown = {case_lines.word("queue", one, visit.language).casefold(): one for one in _queues(visit, work)}
    name = " ".join(typed.split())
    return shown.get(name.casefold(), name)


def _summary(visit: Visit, found: CaseFile, latest: Mail | None) -> Summary | None:
    """Who the customer is: by the latest mail of theirs, else by the record."""
    lookup, customer_id = visit.services.lookup, found.entry.case.customer_id
    if latest is not None:
        return lookup.of_message(visit.viewer, latest.mail.no, visit.now)
    return lookup.of_customer(visit.viewer, customer_id, visit.now) if customer_id else None


def _replies(visit: Visit, found: CaseFile, latest: Mail | None) -> list[tuple[Reply, str]]:
    """Replies to begin with, each with the address that opens it as a draft; none to who may be somebody else."""
    if latest is None or latest.mail.match.spoof or latest.mail.verdict is Verdict.FAIL:
        return []
    mail, case, firm = latest.mail, found.entry.case, visit.services.settings.firm
    with visit.services.pool.read() as work:
        contact = work.customers.contact(mail.match.contact_id) if mail.match.contact_id else None
        member = work.staff.get(visit.viewer.login)
        own = work.snippets.all()
    language = (contact.language if contact else "") or mail.reading.language or firm.language
    spoken = "de" if language == "de" else "en"
    made = replies(
        case.category,
        contact,
        spoken,
        until=moments.exact(case.owed.astimezone(visit.reader.zone).date(), spoken, visit.reader.zone)
        if case.owed
        else "",
        remedy=case.remedy,
        name="\n".join(part for part in (member.name if member else "", firm.name) if part),
        reader=visit.language,
        own=own,
        values={
            "customer": found.entry.customer_name,
            "customer_no": found.entry.customer.customer_no if found.entry.customer else "",
            "subject": case.subject,
            "case": str(case.id),
            "staff": member.name if member else "",
            "firm": firm.name,
        },
    )
    people = (*mail.message.reply_to, mail.message.sender)
    subject, answered = mail.message.subject, mail.message.message_id
    if latest.inside and mail.reading.original_sender is not None:
        people, subject, answered = (mail.reading.original_sender,), mail.reading.fwd_subject or "", None
    address = next((one.addr for one in people if one.addr), "")
    return [(one, draft(address, subject, answered, one.text) if address else "") for one in made]


def _mail(visit: Visit, found: CaseFile, mail: PooledMessage) -> Mail:
    finding, incoming = found.findings.get(mail.no), mail.direction is Direction.INCOMING
    inside = finding is not None and not incoming
    text = ("" if inside else mail.reading.new_text.strip()) or mail.message.text.strip()
    shown = marked(text, finding.assessment.evidence, visit.language) if finding else text
    return Mail(mail, shown, incoming, inside, mid(mail.message.message_id))


def _back(visit: Visit, id: int, data: dict[str, str]) -> Redirect:
    return done_with(visit, own_path(data.get("next", ""), f"/cases/{id}"), [id])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUse(problem="That is no day.", problem_de="Das ist kein Tag.") from None


def _cents(text: str) -> int | None:
    """An amount in euros as a German or English reader writes it; None for none.

    Raises:
        ValueError: it is no amount.
    """
    plain = text.replace("€", "").replace(" ", "").strip()
    if not plain:
        return None
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    try:
        cents = Decimal(plain) * 100
        if cents.is_finite() and 0 <= cents <= 10**12:
            return int(cents.to_integral_value())
    except InvalidOperation:
        pass
    raise ValueError


ROUTES = (
    case, beside, open_case, take, assign, snooze, wake, state, note, change, merge, split, watch, undo,
)  # fmt: skip
