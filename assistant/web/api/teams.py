"""Teams and absences over HTTP."""

from datetime import date

from litestar import delete, get, put
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from assistant.ports import Services
from assistant.web.api.bodies import Body, Name, Question, Short
from rules.terms.staff import Role, Viewer
from rules.terms.team import AwayTime, Team


class TeamBody(Body):
    """A team. `assignee`: how it stands in a case."""

    name: str
    assignee: str
    members: list[str]

    @classmethod
    def of(cls, team: Team) -> "TeamBody":
        """From the word of the house."""
        return cls(name=team.name, assignee=team.assignee, members=sorted(team.members))


class TeamMembers(Question):
    """Who is in a team, by login."""

    members: list[Name]


class AwayBody(Body):
    """From which day to which somebody is away, both included, and who stands in."""

    login: str
    first: date
    last: date
    deputy: str | None

    @classmethod
    def of(cls, time: AwayTime) -> "AwayBody":
        """From the word of the house."""
        return cls(login=time.login, first=time.first, last=time.last, deputy=time.deputy or None)


class Away(Question):
    """An absence. `deputy`: the login of who stands in, "" for nobody."""

    first: date
    last: date
    deputy: Short = ""


@get("/teams", sync_to_thread=True, tags=["teams"])
def teams(services: Given[Services], viewer: Given[Viewer]) -> list[TeamBody]:
    """The teams to which cases can be assigned."""
    with services.pool.read() as work:
        return [TeamBody.of(team) for team in work.teams.all()]


@put("/teams/{name:str}", sync_to_thread=True, tags=["teams"], role=Role.LEAD)
def put_team(
    name: FromPath[str], data: JSONBody[TeamMembers], services: Given[Services], viewer: Given[Viewer]
) -> TeamBody:
    """Make a team, or say anew who is in it (leads)."""
    return TeamBody.of(services.casework.teamwork.put_team(viewer, name, data.members))


@delete("/teams/{name:str}", sync_to_thread=True, tags=["teams"], role=Role.LEAD)
def remove_team(name: FromPath[str], services: Given[Services], viewer: Given[Viewer]) -> None:
    """Have a team no longer; its pending cases are free again (leads)."""
    services.casework.teamwork.remove_team(viewer, name)


@get("/absences", sync_to_thread=True, tags=["teams"])
def absences(services: Given[Services], viewer: Given[Viewer]) -> list[AwayBody]:
    """Who is away or will be, and who stands in."""
    with services.pool.read() as work:
        today = services.casework.teamwork.today
        return [AwayBody.of(time) for time in work.teams.away_times() if time.last >= today]


@put("/absences/{login:str}", sync_to_thread=True, tags=["teams"])
def set_away(login: FromPath[str], data: JSONBody[Away], services: Given[Services], viewer: Given[Viewer]) -> AwayBody:
    """Note when somebody is away: you for yourself, a lead for all. It takes the place of what was noted before."""
    time = AwayTime(login, data.first, data.last, data.deputy)
    return AwayBody.of(services.casework.teamwork.set_away(viewer, time))


@delete("/absences/{login:str}", sync_to_thread=True, tags=["teams"])
def clear_away(login: FromPath[str], services: Given[Services], viewer: Given[Viewer]) -> None:
    """Note that somebody is there."""
    services.casework.teamwork.clear_away(viewer, login)


ROUTES = (teams, put_team, remove_team, absences, set_away, clear_away)
