"""What is said of a case in a line: where it stands, and how much of the time for an answer is left."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from rules.deadlines import BusinessHours
from rules.terms.case import Case
from rules.terms.summary import SummaryCase
from rules.terms.team import team_of
from rules.wording import knows, say

# What is this far away is counted in days of the calendar: nobody needs it finer, and counting costs.
_FAR = timedelta(days=21)
_HOUR = timedelta(hours=1)
# As soon as this a weekday alone says which day is meant.
_WEEK = timedelta(days=6)


def word(part: str, value: object, language: str) -> str:
    """The word for a state, priority, queue, view or event; a name of the firm's own stands for itself."""
    key = f"case.{part}.{value}"
    return say(key, language) if knows(key) else str(value)


def is_overdue(case: Case, now: datetime) -> bool:
    """Whether we owe an answer and the time for it is over."""
    return case.owed is not None and case.owed < now


def due_text(case: Case, now: datetime, hours: BusinessHours, language: str) -> str:
    """How long there is to answer, or since when it is over; "" where no answer is owed.

    Today business time counts down, within the next days it is a weekday and a clock, later it is business time again.
    """
    due = case.owed
    if due is None:
        return ""
    local = due.astimezone(hours.zone)
    ahead = local.date() - now.astimezone(hours.zone).date()
    if timedelta() < ahead <= _WEEK:
        return say("case.left.by", language, day=say(f"weekday.{local.weekday()}", language), clock=f"{local:%H:%M}")
    first, last = sorted((due, now))
    unit, count = _span(first, last, hours)
    key = "overdue" if due < now else "left"
    return say(f"case.{key}.{unit}.{'one' if count == 1 else 'other'}", language, count=count)


def waited_text(since: datetime, now: datetime, hours: BusinessHours, language: str) -> str:
    """For how much business time somebody has waited."""
    unit, count = _span(since, now, hours)
    return say(f"case.waited.{unit}.{'one' if count == 1 else 'other'}", language, count=count)


def assignee_text(assignee: str, deputy: str, language: str) -> str:
    """Who works on a case, and who stands in for them ("" for nobody)."""
    team = team_of(assignee)
    if team:
        return say("case.team", language, name=team)
    return say("case.deputy", language, who=assignee, deputy=deputy) if deputy else assignee


def line(
    case: Case, now: datetime, hours: BusinessHours, language: str, names: Mapping[str, str] = MappingProxyType({})
) -> SummaryCase:
    """A case as it stands in a summary; `names` are those of the staff by their logins."""
    return SummaryCase(
        id=case.id,
        text=case.subject,
        date=case.opened.isoformat(),
        href=f"/cases/{case.id}",
        state=case.state,
        state_text=word("state", case.state, language),
        due=case.owed.isoformat() if case.owed else None,
        due_text=due_text(case, now, hours, language),
        overdue=is_overdue(case, now),
        assignee=case.assignee,
        assignee_text=assignee_text(names.get(case.assignee, case.assignee), "", language),
    )


def _span(first: datetime, last: datetime, hours: BusinessHours) -> tuple[str, int]:
    """The business time between two moments, in the unit that people read."""
    if last - first > _FAR:
        return "days", (last - first).days
    worked = hours.between(first, last)
    if worked < _HOUR:
        return "minutes", int(worked.total_seconds() // 60)
    days = int(worked / hours.day)
    return ("workdays", days) if days >= 2 else ("hours", int(worked / _HOUR))
