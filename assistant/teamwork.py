"""Who works together, who is away, and who stands in: teams, absences, deputies."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from rules.terms.case import Case, CaseEvent, CaseEventKind
from rules.terms.errors import Forbidden, NotFound, UnknownName, WrongUse
from rules.terms.staff import Role, Viewer
from rules.terms.team import TEAM, AwayTime, Team, team_of
from rules.triage.deputies import deputy_of, stands_in_for
from storage.pool import Pool, Work

LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Standing:
    """How the assignments of cases are read today.

    Attributes:
        away: who is away, by login.
        mine: what stands in cases that are the viewer's too: those for whom they stand in, and their teams.
        replaced: for whom the viewer stands in.
    """

    away: dict[str, AwayTime]
    mine: frozenset[str]
    replaced: frozenset[str]

    def deputy(self, assignee: str) -> str:
        """Who stands in for whom a case is assigned to, "" for nobody."""
        return deputy_of(assignee, self.away) or ""


# Where nobody asks for whom else somebody works.
ALONE = Standing({}, frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class Teamwork:
    """What people do with teams and absences. `publish` is told the numbers of cases that changed."""

    pool: Pool
    zone: ZoneInfo
    publish: Callable[[frozenset[int]], None] = lambda cases: None
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    @property
    def today(self) -> date:
        """The day at the firm."""
        return self.clock().astimezone(self.zone).date()

    def put_team(self, viewer: Viewer, name: str, members: Collection[str]) -> Team:
        """Make a team, or say anew who is in it.

        Raises:
            Forbidden: the viewer is no lead.
            WrongUse: it has no name, or a login's.
            UnknownName: somebody in it is nobody.
        """
        _lead(viewer)
        name = " ".join(name.split())
        if not name or len(name) > LONGEST_NAME or name.startswith(TEAM):
            raise WrongUse(
                problem=f"A team needs a name of at most {LONGEST_NAME} characters that does not begin with “{TEAM}”.",
                problem_de=f"Ein Team braucht einen Namen bis {LONGEST_NAME} Zeichen, nicht mit „{TEAM}“ am Anfang.",
            )
        with self.pool.begin() as work:
            team = Team(name, frozenset(_known(work, login) for login in sorted(members)))
            work.teams.put(team)
        return team

    def remove_team(self, viewer: Viewer, name: str) -> int:
        """Have a team no longer; its pending cases are free again, as their histories say. How many those were.

        Raises:
            Forbidden: the viewer is no lead.
            NotFound: there is no such team.
        """
        _lead(viewer)
        now = self.clock()
        with self.pool.begin() as work:
            if not work.teams.remove(name):
                raise NotFound
            cases = work.cases.assigned_to(TEAM + name)
            for case in cases:
                event = CaseEvent(case.id, CaseEventKind.ASSIGNED, now, viewer.login)
                work.cases.change(case, replace(case, assignee=""), event)
        self.publish(frozenset(case.id for case in cases))
        return len(cases)

    def set_away(self, viewer: Viewer, time: AwayTime) -> AwayTime:
        """Note when somebody is away and who stands in; everybody for themselves, a lead for all. What was noted.

        Raises:
            Forbidden: it is for somebody else, and the viewer is no lead.
            UnknownName: person or deputy is nobody.
            WrongUse: it ends before it begins or is over, or somebody stands in for themselves.
        """
        with self.pool.read() as work:
            time = replace(time, login=_known(work, time.login), deputy=time.deputy and _known(work, time.deputy))
        _own(viewer, time.login)
        if time.last < time.first or time.last < self.today:
            raise WrongUse(
                problem="An absence ends on or after its first day, and not before today.",
                problem_de="Eine Abwesenheit endet nicht vor ihrem ersten Tag und nicht vor heute.",
            )
        if time.deputy == time.login:
            raise WrongUse(
                problem="Nobody can stand in for themselves.", problem_de="Niemand kann sich selbst vertreten."
            )
        with self.pool.begin() as work:
            work.teams.forget_away(self.today)
            work.teams.set_away(time)
            cases = work.cases.assigned_to(time.login)
        self.publish(frozenset(case.id for case in cases))
        return time

    def clear_away(self, viewer: Viewer, login: str) -> None:
        """Note that somebody is there.

        Raises:
            Forbidden: it is for somebody else, and the viewer is no lead.
            UnknownName: there is nobody of that login.
        """
        with self.pool.begin() as work:
            login = _known(work, login)
            _own(viewer, login)
            work.teams.clear_away([login])
            cases = work.cases.assigned_to(login)
        self.publish(frozenset(case.id for case in cases))

    def standing(self, work: Work, viewer: Viewer) -> Standing:
        """How assignments are read today, with a viewer's eyes."""
        away = work.teams.away(self.today)
        replaced = stands_in_for(viewer.login, away) if away else frozenset[str]()
        teams = {TEAM + name for name in work.teams.of(viewer.login)}
        return Standing(away, replaced | teams, replaced)


def check_assignee(work: Work, assignee: str) -> None:
    """That a case can be assigned to somebody or a team.

    Raises:
        UnknownName: there is nobody of that login, or no such team.
    """
    team = team_of(assignee)
    if team and not work.teams.exists(team):
        raise UnknownName(what="team", name=team, hint="")
    if assignee and not team:
        _known(work, assignee)


def tell_deputy(work: Work, case: Case, today: date) -> None:
    """Let who stands in for the one that a case is assigned to watch it."""
    if case.assignee and not team_of(case.assignee):
        deputy = deputy_of(case.assignee, work.teams.away(today))
        if deputy is not None:
            work.cases.watch(case.id, deputy, on=True)


def _known(work: Work, typed: str) -> str:
    """The login as it was added."""
    member = work.staff.named(typed)
    if member is None:
        raise UnknownName(what="login", name=typed)
    return member.login


def _lead(viewer: Viewer) -> None:
    if not viewer.role.at_least(Role.LEAD):
        raise Forbidden


def _own(viewer: Viewer, login: str) -> None:
    if viewer.login != login:
        _lead(viewer)
