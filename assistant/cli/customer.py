"""The commands for the firm's records: merging duplicates, taking that back, and parting what is two customers."""

from typing import Annotated

import typer

from assistant.cli import console, context

app = typer.Typer(no_args_is_help=True, help="Customers: merge duplicates, split them again, part what is two.")


@app.command()
def merge(
    kept: Annotated[str, typer.Argument(help="Id of the customer that stays.")],
    merged: Annotated[str, typer.Argument(help="Id of the duplicate, which becomes part of it.")],
) -> None:
    """Let everything of a duplicate be another customer's. The old id still leads there; it can be undone.

    Example: kingpost customer merge K-1001 K-2077
    """
    from assistant.triage import Triage
    from assistant.upkeep import Upkeep

    with context.pool() as (settings, pool):
        number = Upkeep.over(pool, Triage.by(settings)).book.merge(context.viewer(pool), kept, merged)
    console.say(
        de=f"{merged} gehört jetzt zu {kept}. Rückgängig mit: kingpost customer split {number}",
        en=f"{merged} is part of {kept} now. To undo it: kingpost customer split {number}",
    )


@app.command()
def split(number: Annotated[int, typer.Argument(help="Number of the merge, as “merges” lists it.", min=1)]) -> None:
    """Undo a merge: both customers are as they were.

    Example: kingpost customer split 12
    """
    from assistant.triage import Triage
    from assistant.upkeep import Upkeep

    with context.pool() as (settings, pool):
        Upkeep.over(pool, Triage.by(settings)).book.split(context.viewer(pool), number)
    console.say(de="Wieder zwei getrennte Kunden.", en="Two separate customers again.")


@app.command()
def part(
    whole: Annotated[str, typer.Argument(help="Id of the customer that is two.")],
    name: Annotated[str, typer.Option(help="Name of the new customer.")],
    contact: Annotated[list[str] | None, typer.Option(help="Id of a contact who goes there; may be repeated.")] = None,
    address: Annotated[list[str] | None, typer.Option(help="Learned address that goes there.")] = None,
    paper: Annotated[list[str] | None, typer.Option(help="Number of a paper that goes there.")] = None,
    id: Annotated[str, typer.Option(help="Id of the new customer; without it one is given.")] = "",
) -> None:
    """Make two customers of one record. People and addresses take their mails along; merging undoes it.

    Example: kingpost customer part K-1001 --name "Hansen Logistik" --contact P-17 --contact P-22
    """
    from assistant.parting import Share
    from assistant.triage import Triage
    from assistant.upkeep import Upkeep
    from rules.terms.customer import Customer

    share = Share(frozenset(contact or ()), frozenset(address or ()), frozenset(paper or ()))
    with context.pool() as (settings, pool):
        parting = Upkeep.over(pool, Triage.by(settings)).parting
        made = parting.part(context.viewer(pool), whole, Customer(id, name), share)
    console.say(
        de=f"Neuer Kunde {made}. Rückgängig mit: kingpost customer merge {whole} {made}",
        en=f"New customer {made}. To undo it: kingpost customer merge {whole} {made}",
    )


@app.command()
def merges() -> None:
    """List the merges that stand, newest first.

    Example: kingpost customer merges
    """
    with context.pool() as (_, pool), pool.read() as work:
        found = [one for one in work.merges.page(1000) if one.undone_at is None]
    heads = console.choose(de="Nr. bleibt Dublette Name wer wann", en="no kept merged name who when").split()
    rows = [(one.id, one.kept, one.merged, one.name, one.staff or "–", f"{one.at:%Y-%m-%d}") for one in found]
    console.table(heads, rows)


@app.command()
def duplicates(limit: Annotated[int, typer.Option(help="How many at most.", min=1, max=1000)] = 50) -> None:
    """List records that may be one customer's, the surest first. Nothing is merged by it.

    Example: kingpost customer duplicates
    """
    from datetime import UTC, datetime
    from threading import Event

    from assistant.duplicates import DuplicateFinder
    from rules.summary import evidence_text

    with context.pool() as (settings, pool):
        DuplicateFinder(pool, settings.as_firm()).run(Event())
        with pool.read() as work:
            found = work.duplicates.page(datetime.now(UTC).date(), limit)
    reasons = (", ".join(evidence_text(piece, console.language()) for piece in one.evidence) for one in found)
    rows = [(one.one, one.other, f"{one.confidence:.2f}", why) for one, why in zip(found, reasons, strict=True)]
    console.table(console.choose(de="eins anderes Maß weil", en="one other confidence because").split(), rows)
