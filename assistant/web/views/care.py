"""Forms of a customer's record: notes, particulars, what to do next, and whom not to ask for business."""

from datetime import date, datetime, time
from typing import Annotated

from litestar import Response, get, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from assistant.sharing import meant
from assistant.web.api.bodies import Number
from assistant.web.render import quoted
from assistant.web.texts import t
from assistant.web.visit import Form, Visit, own_path
from rules.terms.errors import WrongUse
from rules.terms.interaction import Channel, Interaction
from rules.terms.worth import Bar

# What is written down by hand, while it happens or later.
SPOKEN = (Channel.CALL, Channel.VISIT, Channel.CHAT, Channel.SOCIAL, Channel.NOTE)
_NOON = time(12)
_LONGEST = 20_000
_FOUND = 20


@post("/customers/{customer:str}/note", sync_to_thread=True, status_code=303)
def note(visit: Given[Visit], customer: FromPath[str], data: Form) -> Redirect:
    """Write a call, a visit, a chat, a contact in a social network or a note down."""
    channel = Channel.NOTE if data.get("channel") not in SPOKEN else Channel(data["channel"])
    text = data.get("text", "").strip()[:_LONGEST]
    # Who leaves the subject empty has said it in the first line.
    subject = data.get("subject", "").strip()[:300] or text.partition("\n")[0][:120]
    when = moment_of(data.get("date", ""), visit)
    if when > visit.now:
        raise WrongUse(problem=t(visit.language, "note.not_yet"))
    entry = Interaction(customer, channel, when, subject, text, staff=visit.viewer.login)
    visit.services.upkeep.notes.add(entry)
    return visit.back(own_path(data.get("next", ""), _record(customer)), "noted")


@post("/customers/{customer:str}/particulars", sync_to_thread=True, status_code=303)
def add_particular(visit: Given[Visit], customer: FromPath[str], data: Form) -> Redirect:
    """Write a particular down."""
    text, until = data.get("text", "")[:_LONGEST], day_of(data.get("until", ""), visit.language)
    visit.services.upkeep.notes.add_particular(visit.viewer, customer, text, until, visit.now.date())
    return visit.back(_record(customer, "particulars"), "kept")


@post("/particulars/{id:int}", sync_to_thread=True, status_code=303)
def change_particular(visit: Given[Visit], id: FromPath[int], data: Form) -> Redirect:
    """Change a particular, or take it out."""
    notes, customer = visit.services.upkeep.notes, data.get("customer", "")
    if data.get("remove"):
        notes.remove_particular(visit.viewer, id)
        return visit.back(_record(customer, "particulars"), "removed")
    text, until = data.get("text", "")[:_LONGEST], day_of(data.get("until", ""), visit.language)
    notes.change_particular(visit.viewer, id, text, until, visit.now.date())
    return visit.back(_record(customer, "particulars"), "kept")


@post("/customers/{customer:str}/next-action", sync_to_thread=True, status_code=303)
def decide(visit: Given[Visit], customer: FromPath[str], data: Form) -> Redirect:
    """The proposal was followed, or is not wanted now."""
    accepted, action = data.get("verdict") == "accepted", data.get("action", "")
    id = visit.services.upkeep.care.decide(customer, action, visit.now.date(), accepted=accepted)
    there = own_path(data.get("next", ""), _record(customer))
    return visit.back(there, "decided", decided_of=id, action=action)


@post("/customers/{customer:str}/next-action/undo", sync_to_thread=True, status_code=303)
def propose_again(visit: Given[Visit], customer: FromPath[str], data: Form) -> Redirect:
    """Take the decision back."""
    visit.services.upkeep.care.take_back(customer, data.get("action", ""))
    return visit.back(own_path(data.get("next", ""), _record(customer)), "taken_back")


@post("/customers/{customer:str}/bars", sync_to_thread=True, status_code=303)
def bar(visit: Given[Visit], customer: FromPath[str], data: Form) -> Redirect:
    """The customer objects to advertising or is in collection, or no longer."""
    if data.get("bar") not in set(Bar):
        raise WrongUse(problem=t(visit.language, "customer.no_bar"))
    on, what = bool(data.get("on")), Bar(data["bar"])
    visit.services.upkeep.care.bar(visit.viewer, customer, what, visit.now.date(), on=on)
    return visit.back(_record(customer, "care"), "barred" if on else "unbarred")


@post("/promises/{id:int}/kept", sync_to_thread=True, status_code=303)
def kept(visit: Given[Visit], id: Number, data: Form) -> Redirect:
    """What we promised is done."""
    found = visit.services.upkeep.promising.keep(visit.viewer, id)
    return visit.back(own_path(data.get("next", ""), _record(found.customer_id or "")), "promise_kept", promise=id)


@post("/promises/{id:int}/kept/undo", sync_to_thread=True, status_code=303)
def not_kept(visit: Given[Visit], id: Number, data: Form) -> Redirect:
    """It is not done after all."""
    found = visit.services.upkeep.promising.reopen(visit.viewer, id)
    return visit.back(own_path(data.get("next", ""), _record(found.customer_id or "")), "taken_back")


@get("/call", sync_to_thread=True)
def call(visit: Given[Visit], number: Annotated[str, QueryParameter(max_length=60)] = "") -> Response[str] | Redirect:
    """Who calls: telephone systems open this page with the caller's number."""
    with visit.services.pool.read() as work:
        found = meant(work, number, visit.services.settings.as_firm(), _FOUND) if number.strip() else []
    if len(found) == 1:
        return Redirect(f"{_record(found[0].id)}?call=1", status_code=303)
    return visit.page("call.html", "customers", caller=number, found=found)


def _record(customer: str, anchor: str = "") -> str:
    return f"/customers/{quoted(customer)}" + (f"#{anchor}" if anchor else "")


def day_of(text: str, language: str) -> date | None:
    """A day as a date field sends it; None for an empty one."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise WrongUse(problem=t(language, "customer.no_day")) from error


def moment_of(day: str, visit: Visit) -> datetime:
    """When something happened that is noted: now, or at noon of another day."""
    found = day_of(day, visit.language)
    if found is None or found == visit.now.date():
        return visit.now
    return datetime.combine(found, _NOON, visit.now.tzinfo)


ROUTES = (note, add_particular, change_particular, decide, propose_again, bar, kept, not_kept, call)
