"""The command that imports the firm's tables."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli import console, context
from rules.terms.table import KINDS


def import_table(
    kind: Annotated[str, typer.Argument(help=f"{', '.join(KINDS)}.")],
    file: Annotated[Path, typer.Argument(help="CSV, XLSX, or vCard for contacts.")],
    columns: Annotated[
        list[str] | None, typer.Option("--map", help="OURS=THEIRS: which column of the file is meant.")
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d", "%d.%m.%Y"], help="The day of a list of open items without one."),
    ] = None,
    erased: Annotated[bool, typer.Option("--erased", help="Let in records that were erased: they are back.")] = False,
) -> None:
    """Import the firm's tables: its customers, what happened between us, and the books. Again changes nothing.

    Bad rows are listed with line and reason, good ones go in. Exit code 1 when a row was bad.

    Example: kingpost import customers kunden.csv --map customer_no=Debitor
    """
    from zoneinfo import ZoneInfo

    from assistant.erased import Gate
    from assistant.importing import import_file

    mapping = mapping_of(columns or [])
    with (
        context.pool() as (settings, pool),
        console.progress(de="Gelesen", en="Read") as bar,
        console.progress(de="Kunden neu gerechnet", en="Customers reckoned anew") as reckoned,
    ):
        zone = ZoneInfo(settings.firm.time_zone)
        day = as_of.date() if as_of else None
        report = import_file(
            pool,
            settings.as_firm(),
            zone,
            kind,
            file,
            mapping,
            bar.at,
            as_of=day,
            reckoned=reckoned.at,
            gate=None if erased else Gate.by(settings),
        )
    _tell_taken(kind, report.taken)
    tell_unknown(report.unknown_columns)
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


def mapping_of(pairs: Sequence[str]) -> dict[str, str]:
    """Our names of columns and theirs, from options OURS=THEIRS.

    Raises:
        WrongUse: an option names only one.
    """
    from rules.terms.errors import WrongUse

    mapping = {}
    for pair in pairs:
        ours, equals, theirs = pair.partition("=")
        if not equals:
            raise WrongUse(
                problem=f"“{pair}”: write --map OURS=THEIRS, for example --map customer_no=Debitor.",
                problem_de=f"„{pair}“: schreiben Sie --map UNSERE=IHRE, zum Beispiel --map customer_no=Debitor.",
            )
        mapping[ours.strip()] = theirs.strip()
    return mapping


def _tell_taken(kind: str, columns: Sequence[tuple[str, str]]) -> None:
    """Which columns of a table were taken for what."""
    from connectors.importers import heads

    german = heads(kind)
    for theirs, field in columns:
        console.note(de=f"Übernommen: {theirs} → {german.get(field, field)} ({field})", en=f"Taken: {theirs} → {field}")


def tell_unknown(columns: Sequence[tuple[str, str | None]]) -> None:
    """Which columns of a table were left out, each with the field that was perhaps meant."""
    for name, near in columns:
        hint = console.choose(de=f", gemeint: {near}?", en=f", meant: {near}?") if near else ""
        console.note(de=f"Nicht übernommen: {name}{hint}", en=f"Left out: {name}{hint}")


def _catch_up() -> None:
    """Match the open mails again, where no service runs that does it."""
    from threading import Event

    from assistant.bootstrap import reading
    from assistant.periodic import lock
    from assistant.rederiving import rederive
    from assistant.rematching import Rematcher
    from rules.terms.errors import PoolInUse

    with context.pool() as (settings, pool):
        try:
            with pool.peers() as peers:
                if not peers.free([lock("match")]):
                    return
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
