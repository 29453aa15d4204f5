"""Commands for mail: reading files, explaining decisions, showing summaries, the quarantine."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import console, context
from assistant.cli.mailbox import tell_received

if TYPE_CHECKING:
    from rules.terms.mail import RawMail
    from rules.terms.pooled import Quarantined
    from storage.pool import Pool

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
    from assistant.erased import Gate
    from assistant.intake import Batch, Intake
    from assistant.mailboxes import Mailboxes
    from assistant.triage import Triage
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
        mailbox = Mailboxes(settings, pool).add_files()
        intake = Intake(pool, reader, Triage.by(settings), gate=Gate.by(settings))
        batches = (Batch(mailbox.name, folder, role, mails, history=True) for mails in _batched(good()))
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
    what: Annotated[
        str,
        typer.Argument(metavar="MESSAGE-ID|CUSTOMER|-", help="- copies a mail through, with two lines above it."),
    ],
    full: Annotated[bool, typer.Option("--full", help="With -: the whole summary instead of the mail.")] = False,
) -> None:
    """Show a summary as text; with -, be the display_filter of mutt and ask the service.

    Example: kingpost show C00017
    """
    if what == "-":
        # The command `kingpost` itself takes a shorter way there.
        from connectors.clients.mutt import display_filter

        raise typer.Exit(display_filter.main(full))
    from datetime import UTC, datetime

    from assistant.lookup import Lookup
    from rules import summary_forms
    from rules.terms.errors import NotFound, UnknownName

    with context.pool() as (settings, pool):
        lookup = Lookup.by(settings, pool)
        viewer, now = context.viewer(pool), datetime.now(UTC)
        if "@" in what:
            found = lookup.by_message_id(viewer, what, sender=None, subject=None, mailbox=None, now=now)
        else:
            try:
                found = lookup.of_customer(viewer, what, now)
            except NotFound as error:
                hint = "Give a Message-ID or a customer's id."
                hint_de = "Nennen Sie eine Message-ID oder die Nummer eines Kunden."
                raise UnknownName(what="customer", name=what, hint=hint, hint_de=hint_de) from error
    print(summary_forms.as_text(found, console.language()), end="")


@quarantine.command("list")
def quarantine_list() -> None:
    """List the mails in quarantine with the reason.

    Example: kingpost quarantine list
    """
    with context.pool() as (_, pool):
        rows = [
            (one.id, f"{one.placement.mailbox}/{one.placement.folder}", one.since.date(), one.tries, one.reason)
            for one in _quarantined(pool)
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
    from assistant.erased import Gate
    from assistant.intake import Intake
    from assistant.mailboxes import Mailboxes
    from assistant.triage import Triage

    with context.pool() as (settings, pool), reading(settings) as reader:
        intake, mailboxes = Intake(pool, reader, Triage.by(settings), gate=Gate.by(settings)), Mailboxes(settings, pool)
        chosen = [_in_quarantine(pool, number) for number in numbers] if numbers else _quarantined(pool)
        good = sum(mailboxes.retry(one.id, intake) for one in chosen)
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
    from rules.terms.errors import WrongUse

    with context.pool() as (_, pool):
        mail = _in_quarantine(pool, number)
        if not mail.raw_digest:
            again = f"kingpost quarantine retry {number}"
            raise WrongUse(
                problem=f"The server did not hand out mail {number}. Try “{again}”.",
                problem_de=f"Der Server gab Mail {number} nicht heraus. Versuchen Sie „{again}“.",
            )
        _write_private(file, pool.blobs.get(mail.raw_digest))


def _quarantined(pool: "Pool") -> "list[Quarantined]":
    """The mails in quarantine that the command line may see."""
    mailboxes = context.viewer(pool).mailboxes
    with pool.read() as work:
        return work.quarantine.all(mailboxes)


def _in_quarantine(pool: "Pool", number: int) -> "Quarantined":
    """One of them.

    Raises:
        UnknownName: there is none of that number.
    """
    from rules.terms.errors import UnknownName

    mailboxes = context.viewer(pool).mailboxes
    with pool.read() as work:
        mail = work.quarantine.get(number)
    if mail is None or mail.placement.mailbox not in mailboxes:
        raise UnknownName(
            what="mail in quarantine",
            name=number,
            hint="See “kingpost quarantine list”.",
            hint_de="Siehe „kingpost quarantine list“.",
        )
    return mail


def _write_private(file: Path, content: bytes) -> None:
    """Write a file that is its owner's alone, even if it was there before."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
        if stat.S_ISREG(os.fstat(target.fileno()).st_mode):
            os.fchmod(target.fileno(), 0o600)
        target.write(content)


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
