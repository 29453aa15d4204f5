"""Commands for mail: reading files, explaining decisions, showing summaries, the quarantine."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import console, context
from assistant.cli.mailbox import tell_received

if TYPE_CHECKING:
    from rules.terms.mail import RawMail

quarantine = typer.Typer(help="Mails that could not be read; they are kept.", no_args_is_help=True)

Paths = Annotated[list[Path], typer.Argument(help="Mails (any extension), mbox files, Maildirs, folders; - for stdin.")]
BATCH = 100
BATCH_BYTES = 8_000_000


def ingest(
    paths: Paths, sent: Annotated[bool, typer.Option("--sent", help="These are mails that we sent.")] = False
) -> None:
    """Read mails from files into the pool, as history.

    Example: kingpost ingest ~/old-mail.mbox
    """
    from assistant.bootstrap import reading
    from assistant.intake import Batch, Intake
    from assistant.mailboxes import FILES
    from connectors import files
    from rules.terms.errors import KingpostError
    from rules.terms.mail import FolderRole

    unreadable: list[KingpostError] = []
    role = FolderRole.SENT if sent else FolderRole.OTHER
    folder = "sent" if sent else "files"

    def good() -> "Iterator[RawMail]":
        for _, found in files.mails(paths, folder=folder):
            if isinstance(found, KingpostError):
                unreadable.append(found)
            else:
                yield found

    new = known = quarantined = 0
    with context.pool() as (settings, pool), reading(settings) as reader:
        with pool.begin() as work:
            work.mailboxes.put(FILES)
        intake = Intake(pool, reader, settings.as_firm())
        batches = (Batch(FILES.name, folder, role, mails, history=True) for mails in _batched(good()))
        with console.progress(de="Gelesen", en="Read") as bar:
            for _, received in intake.receive_all(batches):
                new += len(received.new)
                known += received.known
                quarantined += received.quarantined
                bar.at(new + known + quarantined, None)
    tell_received(new, known, quarantined)
    for error in unreadable:
        console.complain(error)
    raise typer.Exit(1 if unreadable else 0)


def explain(
    paths: Paths,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, in the order given.")] = False,
) -> None:
    """Say what Kingpost would do with these mails, and why. Writes nothing.

    Example: kingpost explain --json suspicious.eml
    """
    import json

    from assistant.explaining import as_text, explanations

    for explanation in explanations(context.settings(), paths, console.language()):
        print(json.dumps(explanation, ensure_ascii=False) if as_json else as_text(explanation, console.language()))


def show(
    what: Annotated[str, typer.Argument(metavar="MESSAGE-ID|CUSTOMER|-", help="- reads a mail from stdin.")],
) -> None:
    """Show a summary as text.

    Example: kingpost show C00017
    """
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    from assistant.lookup import Lookup
    from rules import summary
    from rules.terms.errors import NotFound, UnknownName

    with context.pool() as (settings, pool):
        lookup = Lookup(pool, ZoneInfo(settings.firm.time_zone))
        viewer, now = context.viewer(pool), datetime.now(UTC)
        sender = subject = None
        if what == "-":
            what, sender, subject = _header_of(sys.stdin.buffer.read())
        if "@" in what:
            found = lookup.by_message_id(viewer, what, sender=sender, subject=subject, mailbox=None, now=now)
        else:
            try:
                found = lookup.of_customer(viewer, what, now)
            except NotFound as error:
                hint = "Give a Message-ID or a customer's id."
                raise UnknownName(what="customer", name=what, hint=hint) from error
    print(summary.as_text(found, console.language()), end="")


@quarantine.command("list")
def quarantine_list() -> None:
    """List the mails in quarantine with the reason.

    Example: kingpost quarantine list
    """
    with context.pool() as (_, pool), pool.read() as work:
        rows = [
            (one.id, f"{one.placement.mailbox}/{one.placement.folder}", one.since.date(), one.tries, one.reason)
            for one in work.quarantine.all()
        ]
    german = console.language() == "de"
    console.table(
        ("Nr", "Ort", "Seit", "Versuche", "Grund") if german else ("No", "Place", "Since", "Tries", "Reason"), rows
    )


@quarantine.command("retry")
def quarantine_retry(
    numbers: Annotated[list[int] | None, typer.Argument(help="Which; all when none is given.")] = None,
) -> None:
    """Read mails from the quarantine again.

    Example: kingpost quarantine retry
    """
    from assistant.bootstrap import reading
    from assistant.intake import Intake
    from assistant.mailboxes import Mailboxes

    with context.pool() as (settings, pool), reading(settings) as reader:
        intake, mailboxes = Intake(pool, reader, settings.as_firm()), Mailboxes(settings, pool)
        with pool.read() as work:
            chosen = numbers or [one.id for one in work.quarantine.all()]
        good = sum(mailboxes.retry(number, intake) for number in chosen)
    console.say(
        de=f"{good} von {len(chosen)} Mails sind jetzt im Datenpool.",
        en=f"{good} of {len(chosen)} mails are in the pool now.",
    )
    raise typer.Exit(0 if good == len(chosen) else 1)


@quarantine.command("save")
def quarantine_save(
    number: Annotated[int, typer.Argument(help="From “kingpost quarantine list”.")],
    file: Annotated[Path, typer.Argument(help="Where to write the raw mail.")],
) -> None:
    """Write a mail from the quarantine to a file, as it came.

    Example: kingpost quarantine save 3 odd.eml
    """
    from rules.terms.errors import UnknownName

    with context.pool() as (_, pool):
        with pool.read() as work:
            row = work.quarantine.get(number)
        if row is None or not row.raw_digest:
            raise UnknownName(what="mail in quarantine", name=number, hint="See “kingpost quarantine list”.")
        file.write_bytes(pool.blobs.get(row.raw_digest))


def _batched(mails: "Iterator[RawMail]") -> "Iterator[tuple[RawMail, ...]]":
    """At most 100 mails and about 8 MB at a time."""
    batch: list[RawMail] = []
    size = 0
    for mail in mails:
        batch.append(mail)
        size += len(mail.raw)
        if len(batch) >= BATCH or size >= BATCH_BYTES:
            yield tuple(batch)
            batch, size = [], 0
    if batch:
        yield tuple(batch)


def _header_of(raw: bytes) -> tuple[str, str | None, str | None]:
    """Message-ID, sender and subject of a mail on standard input."""
    from connectors import mime

    message = mime.read(raw).message
    return message.message_id or "@", message.sender.addr or None, message.subject or None
