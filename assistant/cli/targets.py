"""The commands for target groups: saved filters of customers, whom they mean, and their tables."""

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import console, context

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from assistant.targeting import Targeting
    from rules.terms.staff import Viewer

app = typer.Typer(help="Target groups: customers for letters, mailings and calls.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The group's name.")]
Fifth = Annotated[int, typer.Option(min=0, max=5, help="At least this fifth of RFM, 1 to 5.")]
_SHOWN = 50


@contextmanager
def _targeting() -> "Iterator[tuple[Targeting, Viewer, date]]":
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from assistant.targeting import Targeting

    with context.pool() as (settings, pool):
        today = datetime.now(ZoneInfo(settings.firm.time_zone)).date()
        yield Targeting(pool, settings.firm.mail_existing_customers), context.author(pool), today


@app.command("list")
def list_groups() -> None:
    """List the target groups.

    Example: kingpost targets list
    """
    with _targeting() as (targeting, _, _), targeting.pool.read() as work:
        found = work.targets.all()
    german = console.language() == "de"
    heads = ("Name", "per", "gespeichert von", "am") if german else ("name", "by", "saved by", "on")
    console.table(heads, [(one.name, one.filters.by.value, one.author, f"{one.at:%Y-%m-%d}") for one in found])


@app.command()
def create(
    name: Name,
    by: Annotated[
        str, typer.Option(help="post, email or phone: how they are addressed; the latter two only with consent.")
    ] = "post",
    kind: Annotated[str, typer.Option(help="firm or person.")] = "",
    status: Annotated[list[str] | None, typer.Option(help="lead, active, dormant, lost; may be repeated.")] = None,
    segment: Annotated[list[str] | None, typer.Option(help="A segment, such as king; may be repeated.")] = None,
    abc: Annotated[list[str] | None, typer.Option("--class", help="A, B or C; may be repeated.")] = None,
    recency: Fifth = 0,
    frequency: Fifth = 0,
    monetary: Fifth = 0,
    country: Annotated[str, typer.Option(help="ISO code.")] = "",
    zip_code: Annotated[
        list[str] | None, typer.Option("--zip", help="Beginning of a postcode; may be repeated.")
    ] = None,
    city: Annotated[str, typer.Option(help="The town.")] = "",
    revenue_from: Annotated[int | None, typer.Option(min=0, help="Revenue of 365 days, in whole euros.")] = None,
    revenue_to: Annotated[int | None, typer.Option(min=0, help="Likewise, at most.")] = None,
    ordered_days: Annotated[int, typer.Option(min=0, max=36_500, help="Ordered within so many days.")] = 0,
    silent_days: Annotated[int, typer.Option(min=0, max=36_500, help="Ordered once, not within so many days.")] = 0,
    particular: Annotated[str, typer.Option(help="Words that stand in a particular.")] = "",
    language: Annotated[str, typer.Option(help="Language of the person, such as de.")] = "",
) -> None:
    """Save whom you mean under a name, in place of a group of that name.

    Example: kingpost targets create Nord --zip 24 --zip 25 --class A --by email
    """
    from rules.terms.consent import Purpose
    from rules.terms.target import Filters

    _check(by=[by], kind=[kind] if kind else [], status=status, segment=segment, **{"class": abc})
    filters = Filters(
        by=Purpose(by),
        kind=kind,
        status=tuple(status or ()),
        segments=tuple(segment or ()),
        classes=tuple(abc or ()),
        recency=recency,
        frequency=frequency,
        monetary=monetary,
        country=country,
        zips=tuple(zip_code or ()),
        city=city,
        revenue_from=None if revenue_from is None else revenue_from * 100,
        revenue_to=None if revenue_to is None else revenue_to * 100,
        ordered_days=ordered_days,
        silent_days=silent_days,
        particular=particular,
        language=language.lower(),
    )
    with _targeting() as (targeting, viewer, today):
        targeting.save(viewer, name, filters)
        meant = targeting.count(viewer, filters, today).meant
    console.say(de=f"Gespeichert: {name}, {meant} Kunden.", en=f"Saved: {name}, {meant} customers.")


@app.command()
def show(
    name: Name, most: Annotated[int, typer.Option("--limit", min=1, max=100_000, help="How many at most.")] = _SHOWN
) -> None:
    """Show whom a group means now, and how many are left out for what reason.

    Example: kingpost targets show Nord
    """
    from assistant.web.texts import t
    from rules.summary import full_name

    with _targeting() as (targeting, viewer, today):
        filters = targeting.get(name).filters
        counted = targeting.count(viewer, filters, today)
        found = targeting.page(viewer, filters, today, most)
    german = console.language() == "de"
    rows = [(one.id, full_name(one), one.zip, one.city) for one in found]
    console.table(("Nr.", "Name", "PLZ", "Ort") if german else ("id", "name", "zip", "city"), rows)
    console.note(de=f"{counted.meant} Kunden.", en=f"{counted.meant} customers.")
    for stop, count in counted.left_out.items():
        why = t(console.language(), f"targets.stop_{stop.value}")
        console.note(de=f"{count} ausgelassen wegen: {why}.", en=f"{count} left out for: {why}.")


@app.command()
def export(
    name: Name,
    out: Annotated[Path, typer.Option(help="The CSV file to write; “-” for standard output.")] = Path("-"),
) -> None:
    """Write a group's table, a row a person. That it was taken out is remembered.

    Example: kingpost targets export Nord --out nord.csv
    """
    import sys

    from assistant.spreadsheets import csv_of

    with _targeting() as (targeting, viewer, today):
        table = targeting.table(viewer, targeting.get(name), today)
    written = csv_of(table.columns, table.rows)
    if str(out) == "-":
        sys.stdout.buffer.write(written)
        return
    with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(written)
    console.say(de=f"{out} geschrieben: {len(table.rows)} Zeilen.", en=f"Wrote {out}: {len(table.rows)} rows.")


@app.command()
def remove(name: Name) -> None:
    """Forget a group. Nobody's data go by that.

    Example: kingpost targets remove Nord
    """
    with _targeting() as (targeting, viewer, _):
        targeting.remove(viewer, targeting.get(name).id)
    console.say(de=f"{name} ist entfernt.", en=f"{name} is removed.")


def _check(**given: list[str] | None) -> None:
    """Whether the words of a filter are ours.

    Raises:
        WrongUse: one is not; the sentence names those that are.
    """
    from assistant.targeting import BY
    from rules.terms.customer import CustomerKind, CustomerStatus
    from rules.terms.errors import WrongUse
    from rules.value.segments import Segment

    known: dict[str, tuple[str, ...]] = {
        "by": BY,
        "kind": tuple(CustomerKind),
        "status": tuple(CustomerStatus),
        "segment": tuple(Segment),
        "class": ("A", "B", "C"),
    }
    for name, values in given.items():
        for value in values or ():
            if value not in known[name]:
                names = ", ".join(known[name])
                raise WrongUse(
                    problem=f"--{name} cannot be “{value}”. Known: {names}.",
                    problem_de=f"--{name} kann nicht „{value}“ sein. Bekannt: {names}.",
                )
