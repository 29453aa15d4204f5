"""The words of who works on what: teams of staff, and who is away with whom in their place."""

from dataclasses import dataclass
from datetime import date

# With this begins the name of a team where else a login stands.
TEAM = "@"


@dataclass(frozen=True, slots=True)
class Team:
    """Staff to whom a case can be assigned together, until one of them takes it."""

    name: str
    members: frozenset[str] = frozenset()

    @property
    def assignee(self) -> str:
        """How it stands in a case."""
        return TEAM + self.name


@dataclass(frozen=True, slots=True)
class AwayTime:
    """From which day to which somebody is away, both included, and who stands in ("" for nobody)."""

    login: str
    first: date
    last: date
    deputy: str = ""

    def covers(self, day: date) -> bool:
        """Whether they are away on a day."""
        return self.first <= day <= self.last


def team_of(assignee: str) -> str:
    """The name of the team that a case is assigned to, "" where it is a person, or nobody."""
    return assignee.removeprefix(TEAM) if assignee.startswith(TEAM) else ""
