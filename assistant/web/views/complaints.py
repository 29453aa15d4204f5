"""Complaints: the lists by state and severity, and staff's word on each with one click."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.di import NamedDependency as Given
from litestar.params import QueryParameter
from litestar.response import Redirect

from assistant.web.api.bodies import LARGEST, Number
from assistant.web.choices import Choice
from assistant.web.texts import t
from assistant.web.views.mails import Row, rows
from assistant.web.views.tabs import MANY, counted
from assistant.web.visit import Form, Visit, own_path
from rules.complaint_lines import headline, word
from rules.terms.complaint import Category, Finding, FindingState
from storage.pool import Work

PAGE = 30
LISTS = tuple(state for state in FindingState if state is not FindingState.RELIEF)
# What nobody has looked at is counted; of the others nobody needs to know how many.
COUNTED = (FindingState.OPEN, FindingState.DOUBTFUL, FindingState.HISTORY)
SEVERITIES = (3, 2, 1)
_OPEN = FindingState.OPEN


@dataclass(frozen=True, slots=True)
class Item:
    """A finding in a list, with the mail it was found in."""

    mail: Row
    finding: Finding
    text: str


@get("/complaints", sync_to_thread=True)
def complaints(
    visit: Given[Visit],
    which: Annotated[FindingState, QueryParameter(name="state")] = _OPEN,
    severity: Annotated[int | None, QueryParameter(ge=1, le=3)] = None,
    before: Annotated[int | None, QueryParameter(ge=1, le=LARGEST)] = None,
) -> Response[str]:
    """What was found or said, newest first."""
    with visit.services.pool.read() as work:
        found = work.findings.page(which, visit.viewer.mailboxes, severity=severity, before=before, limit=PAGE + 1)
        mails = {row.no: row for row in rows(work, [one.message for one in found[:PAGE]])}
        states = [_state(visit, work, one, which) for one in LISTS]
    here = [("state", which.value)] + [("severity", str(severity))] * (severity is not None)
    return visit.page(
        "complaints.html",
        "complaints",
        state=which,
        states=states,
        severities=_severities(visit.language, which, severity),
        items=[
            Item(mails[one.message], one, headline(one, visit.language)) for one in found[:PAGE] if one.message in mails
        ],
        here=f"/complaints?{urlencode(here)}",
        older=f"/complaints?{urlencode([*here, ('before', found[PAGE - 1].message)])}" if len(found) > PAGE else "",
    )


@post("/messages/{no:int}/complaint", sync_to_thread=True, status_code=303)
def say(visit: Given[Visit], no: Number, data: Form) -> Redirect:
    """Say that a mail is a complaint, or that it is none."""
    flag, severity, category = bool(data.get("flag")), data.get("severity", ""), data.get("category", "")
    visit.services.upkeep.rulings.say(
        visit.viewer,
        no,
        flag=flag,
        severity=int(severity) if severity in ("1", "2", "3") else None,
        category=Category(category) if category in CATEGORIES else None,
    )
    return visit.back(_there(data, no), "complaint" if flag else "no_complaint", mail=no)


@post("/messages/{no:int}/complaint/undo", sync_to_thread=True, status_code=303)
def unsay(visit: Given[Visit], no: Number, data: Form) -> Redirect:
    """Take back what was said."""
    visit.services.upkeep.rulings.unsay(visit.viewer, no)
    return visit.back(_there(data, no), "taken_back")


@post("/messages/{no:int}/complaint/solved", sync_to_thread=True, status_code=303)
def solve(visit: Given[Visit], no: Number, data: Form) -> Redirect:
    """Mark a complaint as solved."""
    visit.services.upkeep.rulings.solve(visit.viewer, no)
    return visit.back(_there(data, no), "solved", mail=no)


@post("/messages/{no:int}/complaint/solved/undo", sync_to_thread=True, status_code=303)
def unsolve(visit: Given[Visit], no: Number, data: Form) -> Redirect:
    """Open it again."""
    visit.services.upkeep.rulings.unsolve(visit.viewer, no)
    return visit.back(_there(data, no), "taken_back")


# What staff can choose from.
CATEGORIES = tuple(category.value for category in Category if category is not Category.NONE)


def _there(data: dict[str, str], no: int) -> str:
    return own_path(data.get("next", ""), f"/messages/{no}")


def _state(visit: Visit, work: Work, state: FindingState, chosen: FindingState) -> Choice:
    mailboxes = visit.viewer.mailboxes
    count = counted(work.findings.count(state, mailboxes, MANY)) if state in COUNTED else None
    text = t(visit.language, f"complaint.{state}")
    return Choice(text, f"/complaints?state={state}", state is chosen, count)


def _severities(language: str, state: FindingState, chosen: int | None) -> list[Choice]:
    if state is FindingState.DISMISSED:
        return []
    here = f"/complaints?state={state}"
    return [
        Choice(t(language, "complaint.all"), here, chosen is None),
        *(Choice(word("severity", one, language), f"{here}&severity={one}", chosen == one) for one in SEVERITIES),
    ]


ROUTES = (complaints, say, unsay, solve, unsolve)
