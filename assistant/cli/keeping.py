"""Commands to keep the pool safe: backup, restore, and the move to another database."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli import console, context

key = typer.Typer(help="The key that seals stored passwords.", no_args_is_help=True)


def backup(
    file: Annotated[Path, typer.Argument(help="The tar file to write; one that is there is replaced.")],
    without_key: Annotated[
        bool, typer.Option("--without-key", help="Leave out the key that opens stored passwords.")
    ] = False,
    without_blobs: Annotated[
        bool, typer.Option("--without-blobs", help="Leave out raw mails and attachments: you copy their folder.")
    ] = False,
) -> None:
    """Write the pool, its raw mails and attachments and its key into one file, while the service runs.

    Settings are not in it; keep kingpost.toml beside it. The file holds mail: keep it as safe as the pool.

    Example: kingpost backup /backup/kingpost-$(date +%F).tar
    """
    from assistant.backing_up import back_up

    settings = context.settings()
    with (
        console.progress(de="Datensätze", en="Records") as rows,
        console.progress(de="Mails und Anhänge", en="Raw mails and attachments") as blobs,
    ):
        saved = back_up(settings, file, key=not without_key, blobs=not without_blobs, rows=rows.at, told=blobs.at)
    console.say(de=f"{file} geschrieben.", en=f"Wrote {file}.")
    _tell_missing(saved.missing)


def restore(
    file: Annotated[Path, typer.Argument(help="A file that “kingpost backup” wrote.", exists=True)],
    erasures: Annotated[
        Path | None,
        typer.Option(help="The list erasures.jsonl, where it does not lie beside the key of the pool.", exists=True),
    ] = None,
) -> None:
    """Make the pool of a backup again, where there is none. The service reads what has come since from the mailboxes.

    Whoever was erased after the backup is erased again, by the list erasures.jsonl.

    Example: kingpost restore /backup/kingpost-2026-11-22.tar
    """
    from assistant.backing_up import restore as restored

    settings = context.settings()
    with console.progress(de="Datensätze", en="Records") as rows:
        saved = restored(settings, file, erasures=erasures, rows=rows.at)
    console.say(
        de="Der Datenpool ist wiederhergestellt. Weiter: kingpost check, dann kingpost run",
        en="The pool is restored. Next: kingpost check, then kingpost run",
    )
    if saved.erased:
        console.say(
            de=f"Löschungen seit der Sicherung, die wieder ausgeführt wurden: {saved.erased}",
            en=f"Erasures since the backup that were done again: {saved.erased}",
        )
    _tell_missing(saved.missing)


def copy(
    url: Annotated[str, typer.Argument(help="The other database, e.g. postgresql://USER@HOST/NAME.")],
) -> None:
    r"""Copy all tables into another, empty database. Stop the service first; then set \[pool] url to the new one.

    Example: kingpost copy postgresql://kingpost@localhost/kingpost
    """
    from assistant.backing_up import copy as copied

    settings = context.settings()
    with console.progress(de="Datensätze", en="Records") as rows:
        copied(settings, url, rows=rows.at)
    console.say(
        de="Kopiert. Tragen Sie die neue Adresse als url in [pool] ein, dann kingpost run.",
        en="Copied. Set url in [pool] to the new address, then kingpost run.",
    )


@key.command("rotate")
def key_rotate() -> None:
    """Seal all stored passwords with a new key, while the service runs; the old key goes once that is done.

    Killed in between, nothing is lost; run it again. Where other machines share the pool, copy the key file to them at
    once. Make a backup afterwards: older backups hold the old key.

    Example: kingpost key rotate
    """
    from assistant.key_changing import change_key

    with context.pool() as (settings, pool):
        count = change_key(settings, pool)
        file = settings.path(settings.pool.key_file)
    console.say(
        de=f"Neuer Schlüssel in {file}; neu versiegelt: {count}. Machen Sie jetzt eine Sicherung.",
        en=f"New key in {file}; sealed anew: {count}. Make a backup now.",
    )


def _tell_missing(missing: tuple[str, ...]) -> None:
    if missing:
        console.note(
            de=f"{len(missing)} Mails oder Anhänge fehlen im Speicher, zum Beispiel {missing[0]}.",
            en=f"{len(missing)} raw mails or attachments are missing from the store, for example {missing[0]}.",
        )
        raise typer.Exit(1)
