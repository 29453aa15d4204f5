"""The words of decisions: what was found in a mail, whose mail it is, and why."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Evidence:
    """One quotable reason. `reason` is a word of rules.wording; `quote` is what staff can see for themselves.

    `weight` is in natural log-odds; negative speaks against.
    """

    reason: str
    quote: str
    weight: float = 0.0


class Action(StrEnum):
    """What is done with a mail's sender: filed, shown to a person, or left as somebody unknown."""

    ATTACH = "attach"
    REVIEW = "review"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Match:
    """Whose mail this is. `candidates` are customer ids, best first; `confidence` is a probability.

    `spoof`: somebody pretends to be `candidates[0]` (failed authentication); such a match never attaches.
    `decided_by` is the staff login of a correction, None for Kingpost's own decision.
    """

    action: Action
    customer_id: str | None = None
    contact_id: str | None = None
    confidence: float = 0.0
    spoof: bool = False
    candidates: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    decided_by: str | None = None
