"""Teams, and who is away: for everybody to read; a lead changes all of it, everybody their own absence."""

from datetime import date

from litestar import Response, get, post
from litestar.di import NamedDependency as Given
from litestar.response import Redirect

from assistant.web.visit import Form, Visit
from rules.terms.errors import WrongUse
from rules.terms.staff import Role
from rules.terms.team import AwayTime

_MEMBER = "member-"


@get("/team", sync_to_thread=True)
def team(visit: Given[Visit]) -> Response[str]:
    """Who works together, who is away, who stands in."""
    return _page(visit)


@post("/team/away", sync_to_thread=True, status_code=200)
def set_away(visit: Given[Visit], data: Form) -> Response[str] | Redirect:
    """Note when somebody is away."""
    login = data.get("login") or visit.viewer.login
    try:
        time = AwayTime(login, _day(data.get("first", "")), _day(data.get("last", "")), data.get("deputy", ""))
        visit.services.casework.teamwork.set_away(visit.viewer, time)
    except WrongUse as problem:
        return _page(visit, problem.text(visit.language))
    return visit.back("/team", "away_set")


@post("/team/here", sync_to_thread=True, status_code=303)
def clear_away(visit: Given[Visit], data: Form) -> Redirect:
    """Note that somebody is there."""
    visit.services.casework.teamwork.clear_away(visit.viewer, data.get("login") or visit.viewer.login)
    return visit.back("/team", "away_cleared")


@post("/team/put", role=Role.LEAD, sync_to_thread=True, status_code=200)
def put_team(visit: Given[Visit], data: Form) -> Response[str] | Redirect:
    """Make a team, or say anew who is in it."""
    members = [name.removeprefix(_MEMBER) for name, value in data.items() if name.startswith(_MEMBER) and value]
    try:
        visit.services.casework.teamwork.put_team(visit.viewer, data.get("name", ""), members)
    except WrongUse as problem:
        return _page(visit, problem.text(visit.language))
    return visit.back("/team", "team_kept")


@post("/team/remove", role=Role.LEAD, sync_to_thread=True, status_code=303)
def remove_team(visit: Given[Visit], data: Form) -> Redirect:
    """Have a team no longer."""
    visit.services.casework.teamwork.remove_team(visit.viewer, data.get("name", ""))
    return visit.back("/team", "team_removed")


def _page(visit: Visit, error: str = "") -> Response[str]:
    teamwork, viewer = visit.services.casework.teamwork, visit.viewer
    with visit.services.pool.read() as work:
        standing = teamwork.standing(work, viewer)
        teams = work.teams.all()
        times = [time for time in work.teams.away_times() if time.last >= teamwork.today]
        people = [member for member in work.staff.all() if member.active]
    return visit.page(
        "team.html",
        "cases",
        teams=teams,
        times=[(time, time.covers(teamwork.today), standing.deputy(time.login)) for time in times],
        own=next((time for time in times if time.login == viewer.login), None),
        people=people,
        lead=viewer.role.at_least(Role.LEAD),
        today=teamwork.today,
        error=error,
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUse(problem="Choose both days.", problem_de="Wählen Sie beide Tage.") from None


ROUTES = (team, set_away, clear_away, put_team, remove_team)
