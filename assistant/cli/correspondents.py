"""Commands for customers without a file: with whom mail is exchanged, what they become, whose mail is never filed."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import console, context

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.adopting import Adopting
    from rules.terms.staff import Viewer

app = typer.Typer(
    no_args_is_help=True,
    help="Customers without a file: whom mail is exchanged with, confirmed in bulk; whose mail is never filed.",
)


@contextmanager
def _adopting() -> "Iterator[tuple[Adopting, Viewer]]":
    from assistant.triage import Triage
    from assistant.upkeep import Upkeep

    with context.pool() as (settings, pool):
        yield Upkeep.over(pool, Triage.by(settings)).adopting, context.viewer(pool)


@app.command("list")
def list_correspondents(
    kind: Annotated[
        str, typer.Option(help="Only those who are probably this; “open”: nobody knows what they are.")
    ] = "",
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many at most.")] = 50,
) -> None:
    """List with whom the firm exchanges mail and who has no record, those with most mails first.

    Example: kingpost correspondents list --kind customer
    """
    from rules.terms.customer import PartyKind
    from rules.terms.errors import WrongUse

    if kind not in ("", "open", *PartyKind):
        kinds = ", ".join(["open", *PartyKind])
        raise WrongUse(problem=f"“{kind}” is none of {kinds}.", problem_de=f"„{kind}“ ist keines von {kinds}.")
    with _adopting() as (adopting, viewer):
        wanted = PartyKind(kind) if kind in list(PartyKind) else None
        found, counts = adopting.proposed(viewer, wanted, unsure=kind == "open", limit=limit)
    rows = [
        (one.party.key, one.customer.name, one.party.judged.kind or "–", one.party.received, one.party.sent)
        for one in found
    ]
    german = console.language() == "de"
    heads = (
        ("Wer", "Name", "Wohl", "Empfangen", "Gesendet") if german else ("Who", "Name", "Probably", "Received", "Sent")
    )
    console.table(heads, rows)
    total = sum(counts.values())
    console.note(de=f"{len(rows)} von {total}", en=f"{len(rows)} of {total}")


@app.command()
def confirm(
    kind: Annotated[str, typer.Argument(help="customer, supplier, authority, applicant, partner, other, or never.")],
    who: Annotated[list[str], typer.Argument(help="As “list” names them in the first column.")],
) -> None:
    """Make customers of them, or say what they are else, in one go.

    Example: kingpost correspondents confirm supplier bleche.example schrauben.example
    """
    from assistant.adopting import Choice
    from rules.terms.customer import PartyKind
    from rules.terms.errors import WrongUse
    from rules.terms.upkeep import Stance

    if kind not in (*PartyKind, Stance.NEVER):
        kinds = ", ".join([*PartyKind, Stance.NEVER])
        raise WrongUse(problem=f"“{kind}” is none of {kinds}.", problem_de=f"„{kind}“ ist keines von {kinds}.")
    made = Stance.NEVER if kind == Stance.NEVER else PartyKind(kind)
    with _adopting() as (adopting, viewer):
        number = adopting.confirm(viewer, [Choice(key, made) for key in who])
        with adopting.pool.read() as work:
            done = work.correspondents.adoption(number)
    customers, words = (len(done.customers), done.words) if done else (0, 0)
    console.say(
        de=f"{customers} Kunden angelegt, von {words} Absendern vermerkt, was sie sind. "
        f"Rückgängig mit: kingpost correspondents undo {number}",
        en=f"{customers} customers made, of {words} senders noted what they are. "
        f"To undo it: kingpost correspondents undo {number}",
    )


@app.command()
def undo(number: Annotated[int, typer.Argument(help="As “confirm” named it.", min=1)]) -> None:
    """Take back what was confirmed in one go on the command line, for seven days.

    Example: kingpost correspondents undo 12
    """
    with _adopting() as (adopting, viewer):
        stay = adopting.take_back(viewer, number)
    console.say(
        de="Zurückgenommen." + (f" {stay} Kunden bleiben: zu ihnen gehört inzwischen mehr." if stay else ""),
        en="Taken back." + (f" {stay} customers stay: more belongs to them by now." if stay else ""),
    )


@app.command()
def never(entry: Annotated[str, typer.Argument(help="An address, or a domain.")]) -> None:
    """Never file mail with an address, or with anybody at a domain.

    Example: kingpost correspondents never werbung.example
    """
    with _adopting() as (adopting, viewer):
        said = adopting.never(viewer, entry)
    console.say(de=f"{said.address} wird nie zugeordnet.", en=f"{said.address} is never filed.")


@app.command("never-list")
def never_list() -> None:
    """List whose mail is never filed.

    Example: kingpost correspondents never-list
    """
    from rules.terms.upkeep import Stance

    with context.pool() as (_, pool), pool.read() as work:
        rows = [(one.id, one.address, one.staff or "–") for one in work.senders.history(1000, stance=Stance.NEVER)]
    heads = ("Nr", "Wer", "Von") if console.language() == "de" else ("No", "Who", "By")
    console.table(heads, rows)


@app.command("never-remove")
def never_remove(number: Annotated[int, typer.Argument(help="From “never-list”.", min=1)]) -> None:
    """Take an entry off that list.

    Example: kingpost correspondents never-remove 3
    """
    with _adopting() as (adopting, _):
        adopting.unsay(number)
    console.say(de="Wird wieder zugeordnet.", en="It is filed again.")
