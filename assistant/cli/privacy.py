"""The commands for the rights of persons: hand over, erase, restrict, and what is kept how long."""

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import console, context

if TYPE_CHECKING:
    from assistant.privacy import Found

Whom = Annotated[str, typer.Argument(help="Id of a customer or contact, or an address that wrote.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def export(
    whom: Whom,
    contact: Annotated[str, typer.Option(help="Only this person of the customer, by id.")] = "",
    out: Annotated[Path, typer.Option(help="A folder, or the zip file to write.")] = Path(),
) -> None:
    """Write everything that is stored of a customer or a person into one zip: a page to read, JSON, mails and files.

    This machine is the administrator's, so mail of personal mailboxes is in it too. Look through it before it goes out.

    Example: kingpost export K-1001 --out /tmp/auskunft.zip
    """
    from datetime import UTC

    from assistant.handing_over import export as written
    from assistant.privacy import Privacy

    file = out / f"kingpost-export-{_file_name(contact or whom)}.zip" if out.is_dir() else out
    with context.pool() as (settings, pool):
        found = Privacy.over(settings, pool).find(whom, contact)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
            written(pool, found, target, language=console.language(), now=datetime.now(UTC))
    console.say(
        de=f"{file} geschrieben: {found.name}, {len(found.mails)} Mails.",
        en=f"Wrote {file}: {found.name}, {len(found.mails)} mails.",
    )


def erase(
    whom: Whom,
    contact: Annotated[str, typer.Option(help="Only this person of the customer, by id.")] = "",
    block: Annotated[bool, typer.Option("--block", help="Take in no later mail of their addresses either.")] = False,
    yes: Yes = False,
) -> None:
    """Erase a customer, a person or a stranger: records, books, mails, texts, files, words in the search index.

    Shows first what would go. It cannot be undone. A digest keeps erased mail from being read in again, also after a
    backup is restored; mail that they send later is new and comes in, unless --block is given.

    Example: kingpost erase K-1001
    """
    from assistant.privacy import Privacy

    with context.pool() as (settings, pool):
        privacy = Privacy.over(settings, pool)
        found = privacy.find(whom, contact)
        _show(found)
        if not yes:
            typer.confirm(console.choose(de="Endgültig löschen?", en="Erase for good?"), abort=True)
        privacy.erase(found, blocked=block)
        left = privacy.sweep()
    console.say(de=f"{found.name} ist gelöscht.", en=f"{found.name} is erased.")
    if left:
        console.say(
            de=f"{left} Dateien sind noch zu jung; sie gehen in zehn Minuten, wenn der Dienst läuft.",
            en=f"{left} files are still too young; they go in ten minutes while the service runs.",
        )


def restrict(
    customer: Annotated[str, typer.Argument(help="Id of the customer.")],
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day; without: until it is lifted.")
    ] = None,
    lift: Annotated[bool, typer.Option("--lift", help="Use the data again.")] = False,
) -> None:
    """Keep a customer's data without using them: where the law keeps business letters that somebody wants erased.

    Record and mails stay, and only administrators see them.

    Example: kingpost restrict K-1001 --until 2032-12-31
    """
    from assistant.privacy import Privacy

    with context.pool() as (settings, pool):
        privacy = Privacy.over(settings, pool)
        if lift:
            privacy.lift(customer)
        else:
            privacy.restrict(customer, until.date() if until else None, "")
    if lift:
        console.say(de=f"{customer} ist nicht mehr eingeschränkt.", en=f"{customer} is no longer restricted.")
    else:
        console.say(de=f"{customer} ist eingeschränkt.", en=f"{customer} is restricted.")


def object_(
    customer: Annotated[str, typer.Argument(help="Id of the customer.")],
    source: Annotated[str, typer.Option(help="How they said so, for the record.")] = "",
    lift: Annotated[bool, typer.Option("--lift", help="They agree again.")] = False,
) -> None:
    """Note that a customer objects to advertising: no list for win-back or mailings names them any more.

    Example: kingpost no-advertising K-1001 --source "Brief vom 3.11."
    """
    from assistant.privacy import Privacy

    with context.pool() as (settings, pool):
        Privacy.over(settings, pool).object_to_advertising(customer, source, objects=not lift)
    console.say(de="Notiert.", en="Noted.")


def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what is over its time.")] = False,
) -> None:
    """Erase what is older than the months set for its class allow, as the service does each night.

    Example: kingpost retention --dry-run
    """
    from assistant.retention import Retention

    with context.pool() as (settings, pool):
        due = Retention.over(settings, pool).run(dry_run=dry_run)
    heads = console.choose(de="Klasse Monate gelöscht", en="class months erased").split()
    if dry_run:
        heads[2] = console.choose(de="fällig", en="due")
    console.table(heads, [(name, months, count) for name, months, count in due])


def _show(found: "Found") -> None:
    """What would go."""
    german = console.language() == "de"
    rows = [
        ("Datensätze" if german else "records", len(found.customers)),
        ("Ansprechpartner" if german else "contacts", len(found.contacts)),
        ("Adressen" if german else "addresses", len(found.addresses)),
        ("Mails" if german else "mails", len(found.mails)),
        ("Mails in Quarantäne" if german else "mails in quarantine", len(found.quarantined)),
        (
            "Mails, die auch andere betreffen (bleiben)" if german else "mails that others share (stay)",
            len(found.shared),
        ),
    ]
    console.table((found.name, ""), rows)


def _file_name(whom: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in whom)[:60]
