"""Commands for triage."""

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import console, context
from rules.wording import told

if TYPE_CHECKING:
    from assistant.trying import Group, Trial
    from rules.terms.case import Decision

app = typer.Typer(help="What becomes of mail that needs an answer.", no_args_is_help=True)

DAYS = 90


@app.callback()
def triage() -> None:
    """What becomes of mail that needs an answer."""


@app.command("try")
def try_table(
    table: Annotated[
        Path | None,
        typer.Argument(help="A file with [[triage]] lines to try; else those in force.", show_default=False),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d", "%d.%m.%Y"], help=f"From which day on; else the last {DAYS} days."),
    ] = None,
) -> None:
    """Try a table of triage on past mail: how many cases it would have opened, and which it decides differently.

    Writes nothing and opens nothing. Of the mails no more is shown than where their pages are.

    Example: kingpost triage try neue-tabelle.toml --since 2026-01-01
    """
    from dataclasses import replace
    from datetime import UTC, timedelta
    from zoneinfo import ZoneInfo

    from assistant.settings import load
    from assistant.triage import Triage
    from assistant.trying import try_on

    with context.pool() as (settings, pool):
        in_force = Triage.by(settings)
        other = replace(in_force, lines=Triage.by(load(table)).lines) if table else in_force
        zone = ZoneInfo(settings.firm.time_zone)
        first = since.replace(tzinfo=zone) if since else datetime.now(UTC) - timedelta(days=DAYS)
        with console.progress(de="Angesehen", en="Looked at") as bar:
            trial = try_on(pool, in_force, other, first, lambda done: bar.at(done, None))
    _tell(trial, compare=table is not None)


def _tell(trial: "Trial", *, compare: bool) -> None:
    console.say(
        de=f"{trial.mails} Mails von Menschen, daraus {trial.after.total()} Vorgänge.",
        en=f"{trial.mails} mails written by people, {trial.after.total()} cases of them.",
    )
    before, after = _said(trial.before), _said(trial.after)
    groups = sorted({*before, *after}, key=lambda group: (group[0], -max(before[group], after[group]), group))
    heads = ["Liste", "Dringlichkeit", "weil"] if console.language() == "de" else ["queue", "priority", "because"]
    counted = ["bisher", "neu"] if console.language() == "de" else ["in force", "tried"]
    if compare:
        rows = [(*group, before[group], after[group]) for group in groups]
        console.table([*heads, *counted], rows)
    else:
        console.table([*heads, "n"], [(*group, after[group]) for group in groups])
        return
    console.say(de=f"Anders entschieden: {trial.differing}", en=f"Decided differently: {trial.differing}")
    for one in trial.differences:
        print(f"{one.arrived:%Y-%m-%d}  /messages/{one.message}  {_named(one.before)} → {_named(one.after)}")
    if further := trial.differing - len(trial.differences):
        console.say(de=f"… und {further} weitere.", en=f"… and {further} more.")


def _said(counted: "Counter[Group]") -> "Counter[Group]":
    """The counts by the reason as it is read: a line of one's own may use the words of a default one."""
    said: Counter[Group] = Counter()
    for (queue, priority, because), number in counted.items():
        said[queue, priority, told(because, console.language())] += number
    return said


def _named(decision: "Decision | None") -> str:
    if decision is None:
        return console.choose(de="kein Vorgang", en="no case")
    because = told(decision.because, console.language())
    return f"{decision.queue}, {decision.priority.value}, {decision.within:g} h, {because}"
