"""Commands for teams and absences."""

from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import console, context

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.teamwork import Teamwork

app = typer.Typer(help="Teams to which cases are assigned, and who stands in for whom.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="The login.")]
_DAYS = ["%Y-%m-%d", "%d.%m.%Y"]


@contextmanager
def _teamwork() -> "Iterator[Teamwork]":
    from assistant.teamwork import Teamwork
    from assistant.triage import Triage

    with context.pool() as (settings, pool):
        yield Teamwork(pool, Triage.by(settings).hours.zone)


@app.command("list")
def list_teams() -> None:
    """List the teams, and who is away or will be.

    Example: kingpost team list
    """
    with _teamwork() as teamwork, teamwork.pool.read() as work:
        teams, times = work.teams.all(), [time for time in work.teams.away_times() if time.last >= teamwork.today]
    german = console.language() == "de"
    heads = ("Team", "Mitglieder") if german else ("Team", "Members")
    console.table(heads, [(team.name, ", ".join(sorted(team.members))) for team in teams])
    if times:
        print()
        away = ("Abwesend", "Von", "Bis", "Vertretung") if german else ("Away", "From", "To", "Deputy")
        rows = [(time.login, time.first, time.last, time.deputy or "–") for time in times]
        console.table(away, rows)


@app.command("put")
def put(
    name: Annotated[str, typer.Argument(help="The team's name.")],
    members: Annotated[list[str] | None, typer.Argument(help="Logins of all who are in it.")] = None,
) -> None:
    """Make a team, or say anew who is in it.

    Example: kingpost team put Versand anna otto
    """
    with _teamwork() as teamwork:
        team = teamwork.put_team(context.viewer(teamwork.pool), name, members or ())
    who = ", ".join(sorted(team.members)) or "–"
    console.say(de=f"{team.name}: {who}", en=f"{team.name}: {who}")


@app.command("remove")
def remove(name: Annotated[str, typer.Argument(help="The team's name.")]) -> None:
    """Dissolve a team; its pending cases are free again.

    Example: kingpost team remove Versand
    """
    with _teamwork() as teamwork:
        freed = teamwork.remove_team(context.viewer(teamwork.pool), name)
    console.say(de=f"Aufgelöst; {freed} Vorgänge sind wieder frei.", en=f"Dissolved; {freed} cases are free again.")


@app.command("away")
def away(
    login: Login,
    first: Annotated[datetime, typer.Option(formats=_DAYS, help="The first day.", show_default=False)],
    last: Annotated[datetime, typer.Option(formats=_DAYS, help="The last day.", show_default=False)],
    deputy: Annotated[str, typer.Option(help="Login of who stands in.")] = "",
) -> None:
    """Note when somebody is away, both days included, and who stands in.

    Example: kingpost team away anna --first 2026-12-21 --last 2027-01-03 --deputy otto
    """
    from rules.terms.team import AwayTime

    with _teamwork() as teamwork:
        teamwork.set_away(context.viewer(teamwork.pool), AwayTime(login, first.date(), last.date(), deputy))
    console.say(de=f"{login}: eingetragen.", en=f"{login}: noted.")


@app.command("back")
def back(login: Login) -> None:
    """Note that somebody is there.

    Example: kingpost team back anna
    """
    with _teamwork() as teamwork:
        teamwork.clear_away(context.viewer(teamwork.pool), login)
    console.say(de=f"{login} ist da.", en=f"{login} is there.")
