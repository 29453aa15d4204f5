"""Teams of staff, and who is away with whom in their place."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from rules.terms.team import AwayTime, Team
from storage.team_tables import away_times, team_members, teams


class Teams:
    """The teams and absences of a pool."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, team: Team) -> None:
        """Make a team, or change who is in it."""
        if self._connection.scalar(select(teams.c.name).where(teams.c.name == team.name)) is None:
            self._connection.execute(insert(teams).values(name=team.name))
        self._connection.execute(delete(team_members).where(team_members.c.team == team.name))
        rows = [{"team": team.name, "login": login} for login in sorted(team.members)]
        if rows:
            self._connection.execute(insert(team_members), rows)

    def remove(self, name: str) -> bool:
        """Have a team no longer; False when there is none."""
        return self._connection.execute(delete(teams).where(teams.c.name == name)).rowcount > 0

    def all(self) -> list[Team]:
        """Every team, by name."""
        members: dict[str, set[str]] = {name: set() for name in self._connection.scalars(select(teams.c.name))}
        for team, login in self._connection.execute(select(team_members.c.team, team_members.c.login)):
            members[team].add(login)
        return [Team(name, frozenset(members[name])) for name in sorted(members, key=str.casefold)]

    def of(self, login: str) -> list[str]:
        """The teams that somebody is in."""
        c = team_members.c
        return list(self._connection.scalars(select(c.team).where(c.login == login).order_by(c.team)))

    def exists(self, name: str) -> bool:
        """Whether there is a team of that name."""
        return self._connection.scalar(select(teams.c.name).where(teams.c.name == name)) is not None

    # absences

    def set_away(self, time: AwayTime) -> None:
        """Note when somebody is away; it takes the place of what was noted before."""
        self.clear_away([time.login])
        values = {"login": time.login, "first": time.first, "last": time.last, "deputy": time.deputy}
        self._connection.execute(insert(away_times).values(values))

    def clear_away(self, logins: Collection[str]) -> None:
        """They are not away."""
        self._connection.execute(delete(away_times).where(away_times.c.login.in_(logins)))

    def away_times(self) -> list[AwayTime]:
        """All absences, present and coming ones, by when they begin."""
        c = away_times.c
        return [_time(row) for row in self._connection.execute(select(away_times).order_by(c.first, c.login))]

    def away(self, today: date) -> dict[str, AwayTime]:
        """Who is away on a day, by login."""
        c = away_times.c
        query = select(away_times).where(c.first <= today, c.last >= today)
        return {row.login: _time(row) for row in self._connection.execute(query)}

    def forget_away(self, today: date) -> int:
        """Drop what is over: who was away when is nobody's business; how many."""
        return self._connection.execute(delete(away_times).where(away_times.c.last < today)).rowcount


def _time(row: Row[Any]) -> AwayTime:
    return AwayTime(row.login, row.first, row.last, row.deputy)
