"""A complaint as a reader sees it beside a mail: what it is about, how grave, and the words that say so."""

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from rules.terms.complaint import STANDING, Finding, FindingState, Standing
from rules.terms.finding import Evidence
from rules.terms.summary import Line, SummaryComplaint
from rules.wording import knows, say

# What is worth a word beside its own mail; what is no complaint is not.
_OWN = frozenset({*STANDING, FindingState.DOUBTFUL, FindingState.SOLVED, FindingState.HISTORY})
# What is a complaint, whatever became of it.
FLAGGED = frozenset({*STANDING, FindingState.SOLVED, FindingState.HISTORY})


def complaint_beside(
    found: Sequence[Standing], message: int | None, language: str, zone: ZoneInfo
) -> SummaryComplaint | None:
    """The complaint to be shown beside an opened mail or customer, None where there is none.

    The mail's own comes first where it is open, then the customer's newest open one.

    Args:
        found: what was found in the opened mail, and the customer's open complaints, newest first.
        message: the opened mail's number.
        language: the reader's.
        zone: the firm's time zone.
    """
    own = [one for one in found if one.finding.message == message and one.finding.state in _OWN]
    standing = [one for one in found if one.finding.state in STANDING]
    ranked = sorted(standing, key=lambda one: one.finding.message != message) or own
    if not ranked:
        return None
    first = ranked[0]
    return _readable(first, len(standing), language) if first.readable else _closed(first.finding, language, zone)


def headline(finding: Finding, language: str) -> str:
    """Where it stands, what it is about and how grave, in a few words."""
    state = say(f"complaint.state.{finding.state}", language)
    if finding.state in (FindingState.DISMISSED, FindingState.RELIEF):
        return state
    about = (f"complaint.category.{finding.category}", f"complaint.severity.{finding.severity}")
    words = ", ".join(say(key, language) for key in about if knows(key))
    return f"{state}: {words}" if words else state


def word(part: str, value: object, language: str) -> str:
    """The word for a category or severity, as it stands by itself."""
    words = say(f"complaint.{part}.{value}", language)
    return words[:1].upper() + words[1:]


def reason(evidence: Evidence, language: str) -> str:
    """Why these words speak for a complaint, "" where there is no more to say than the words."""
    return say(evidence.reason, language) if knows(evidence.reason) else ""


def _readable(standing: Standing, open_ones: int, language: str) -> SummaryComplaint:
    finding, relief = standing.finding, standing.relief
    href, date = f"/messages/{finding.message}", finding.date.isoformat()
    shown = finding.state in STANDING
    return SummaryComplaint(
        text=headline(finding, language),
        date=date,
        state=finding.state,
        severity=finding.severity,
        category=finding.category,
        message=finding.message,
        lines=tuple(Line(_quoted(one, language), "mail", date, href) for one in finding.assessment.evidence),
        relief=Line(say("complaint.relief", language), "mail", relief.date.isoformat(), f"/messages/{relief.message}")
        if relief and shown
        else None,
        more=max(0, open_ones - 1) if shown else 0,
    )


def _closed(finding: Finding, language: str, zone: ZoneInfo) -> SummaryComplaint:
    """Only that there is one, and the day of it."""
    day = datetime.combine(finding.date.astimezone(zone).date(), time(12), zone)
    return SummaryComplaint(say("complaint.closed", language), day.isoformat(), FindingState.OPEN)


def _quoted(evidence: Evidence, language: str) -> str:
    quote = say("complaint.quote", language, quote=evidence.quote)
    why = reason(evidence, language)
    return f"{quote} ({why})" if why else quote
