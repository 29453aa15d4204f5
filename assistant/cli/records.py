"""The command that imports the firm's tables."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli import console, context


def import_table(
    kind: Annotated[str, typer.Argument(help="customers, contacts, references or interactions.")],
    file: Annotated[Path, typer.Argument(help="CSV, XLSX, or vCard for contacts.")],
    columns: Annotated[
        list[str] | None, typer.Option("--map", help="OURS=THEIRS: which column of the file is meant.")
    ] = None,
) -> None:
    """Import customers, contacts, references or interactions. The same file again changes nothing.

    Bad rows are listed with line and reason, good ones go in. Exit code 1 when a row was bad.

    Example: kingpost import customers kunden.csv --map customer_no=Debitor
    """
    from zoneinfo import ZoneInfo

    from assistant.importing import import_file
    from rules.terms.errors import WrongUse

    mapping: dict[str, str] = {}
    for pair in columns or []:
        ours, equals, theirs = pair.partition("=")
        if not equals:
            raise WrongUse(
                problem=f"“{pair}”: write --map OURS=THEIRS, for example --map customer_no=Debitor.",
                problem_de=f"„{pair}“: schreiben Sie --map UNSERE=IHRE, zum Beispiel --map customer_no=Debitor.",
            )
        mapping[ours.strip()] = theirs.strip()
    with (
        context.pool() as (settings, pool),
        console.progress(de="Gelesen", en="Read") as bar,
    ):
        zone = ZoneInfo(settings.firm.time_zone)
        report = import_file(pool, settings.as_firm(), zone, kind, file, mapping, bar.at)
    for name, near in report.unknown_columns:
        hint = console.choose(de=f", gemeint: {near}?", en=f", meant: {near}?") if near else ""
        console.note(de=f"Unbekannte Spalte: {name}{hint}", en=f"Unknown column: {name}{hint}")
    for problem in report.problems:
        reason = problem.de if console.language() == "de" else problem.en
        console.note(de=f"{file}, Zeile {problem.line}: {reason}", en=f"{file}, line {problem.line}: {reason}")
    console.say(
        de=f"{report.new} neu, {report.changed} geändert, {report.same} gleich, {report.bad} fehlerhaft.",
        en=f"{report.new} new, {report.changed} changed, {report.same} the same, {report.bad} bad.",
    )
    if report.merged:
        console.say(
            de=f"{report.merged} sind mit anderen Kunden zusammengeführt und blieben, wie sie sind.",
            en=f"{report.merged} are merged into other customers and were left as they are.",
        )
    if report.new or report.changed:
        _catch_up()
    raise typer.Exit(1 if report.bad else 0)


def _catch_up() -> None:
    """Match the open mails again, where no service runs that does it."""
    from threading import Event

    from assistant.bootstrap import reading
    from assistant.rederiving import rederive
    from assistant.rematching import Rematcher
    from rules.terms.errors import PoolInUse

    with context.pool() as (settings, pool):
        try:
            with pool.claim():
                pass
        except PoolInUse:
            return
        firm, never = settings.as_firm(), Event()
        with console.progress(de="Kennzeichen neu abgeleitet", en="Identifiers derived anew") as bar:
            rederive(pool, firm, never, bar.at)
        with pool.read() as work:
            left = work.rematching.left()
        if left:
            with reading(settings) as reader, console.progress(de="Neu zugeordnet", en="Matched again") as bar:
                Rematcher(pool, reader, firm).run(never, bar.at)
