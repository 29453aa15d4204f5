"""The commands for the firm's records: merging duplicates, and taking that back."""

from typing import Annotated

import typer

from assistant.cli import console, context

app = typer.Typer(no_args_is_help=True, help="Customers: merge duplicates, split them again.")


@app.command()
def merge(
    kept: Annotated[str, typer.Argument(help="Id of the customer that stays.")],
    merged: Annotated[str, typer.Argument(help="Id of the duplicate, which becomes part of it.")],
) -> None:
    """Let everything of a duplicate be another customer's. The old id still leads there; it can be undone.

    Example: kingpost customer merge K-1001 K-2077
    """
    from assistant.upkeep import Upkeep

    with context.pool() as (settings, pool):
        number = Upkeep.over(pool, settings.as_firm()).book.merge(context.viewer(pool), kept, merged)
    console.say(
        de=f"{merged} gehört jetzt zu {kept}. Rückgängig mit: kingpost customer split {number}",
        en=f"{merged} is part of {kept} now. To undo it: kingpost customer split {number}",
    )


@app.command()
def split(number: Annotated[int, typer.Argument(help="Number of the merge, as “merges” lists it.", min=1)]) -> None:
    """Undo a merge: both customers are as they were.

    Example: kingpost customer split 12
    """
    from assistant.upkeep import Upkeep

    with context.pool() as (settings, pool):
        Upkeep.over(pool, settings.as_firm()).book.split(context.viewer(pool), number)
    console.say(de="Wieder zwei getrennte Kunden.", en="Two separate customers again.")


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
