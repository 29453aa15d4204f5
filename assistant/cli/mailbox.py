"""Commands for the accounts that are watched, and for reading their past."""

import threading
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import console, context

if TYPE_CHECKING:
    from assistant.mailboxes import FolderAudit, Progress

app = typer.Typer(help="The accounts that are watched.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The mailbox's short name.")]


@app.command()
def add(
    name: Name,
    host: Annotated[str, typer.Option(help="IMAP server.")],
    user: Annotated[str, typer.Option(help="Login name at the server.")],
    address: Annotated[str, typer.Option(help="The mailbox's own address; by default the login name.")] = "",
    port: Annotated[int, typer.Option(help="IMAP port.")] = 993,
    tls: Annotated[str, typer.Option(help="tls, starttls, or none (on this machine only).")] = "tls",
    ca_file: Annotated[str | None, typer.Option(help="Your own certificate authority (PEM).")] = None,
    folder: Annotated[
        list[str] | None, typer.Option(help="Folder to watch; by default all but Junk, Trash, Drafts.")
    ] = None,
    sent: Annotated[str | None, typer.Option(help="The Sent folder, where the server does not say.")] = None,
    owner: Annotated[
        str | None, typer.Option(help="Login of the person it belongs to; without one it is shared.")
    ] = None,
    member: Annotated[list[str] | None, typer.Option(help="Login that may read it; by default all staff.")] = None,
    follow: Annotated[bool, typer.Option(help="Let sidebars follow what is opened in it.")] = False,
) -> None:
    """Try an account and watch it from now on; a running service begins within seconds.

    The password is asked for, or taken from KINGPOST_MAILBOX_PASSWORD, and kept sealed in the pool.

    Example: kingpost mailbox add office --host imap.example.org --user office@example.org
    """
    from assistant.mailboxes import Mailboxes
    from connectors.imap import Account
    from rules.terms.errors import WrongUse
    from rules.terms.mail import Mailbox, Tls

    if tls not in tuple(Tls):
        raise WrongUse(
            problem=f"“{tls}” is no way to protect a connection; choose tls, starttls or none.",
            problem_de=f"„{tls}“ schützt keine Verbindung; wählen Sie tls, starttls oder none.",
        )
    with context.pool() as (settings, pool):
        mailbox = Mailbox(
            name=name,
            address=address or (user if "@" in user else ""),
            host=host,
            port=port,
            tls=Tls(tls),
            ca_file=ca_file,
            user=user,
            folders=tuple(folder or ()),
            sent=sent,
            owner=owner,
            members=frozenset(member or ()),
            follow=follow,
        )
        password = console.ask_secret(
            de=f"Passwort für {user} bei {host}:",
            en=f"Password for {user} at {host}:",
            variable="KINGPOST_MAILBOX_PASSWORD",
        )
        account = Account(mailbox, password)
        names = [one.name for one in account.watched()]
        watched = [one for one in account.check().folders if one.name in names]
        Mailboxes(settings, pool).add(mailbox, password)
    where = ", ".join(names)
    mails = sum(one.messages for one in watched)
    console.say(
        de=f"{name} wird beobachtet: {mails} Mails in {where}.", en=f"{name} is watched: {mails} mails in {where}."
    )


@app.command("list")
def list_mailboxes() -> None:
    """List the mailboxes and how they are doing.

    Example: kingpost mailbox list
    """
    from assistant.mailboxes import Mailboxes

    with context.pool() as (settings, pool):
        mailboxes = Mailboxes(settings, pool).all()
        with pool.read() as work:
            health = work.mailboxes.health()
        german = console.language() == "de"
        rows = []
        for mailbox in mailboxes:
            state = health.get(mailbox.name)
            error = (state.error_de if german else state.error_en) if state else ""
            whose = mailbox.owner or ("gemeinsam" if german else "shared")
            rows.append(
                (mailbox.name, mailbox.user or "–", mailbox.host or "–", whose, state.state if state else "–", error)
            )
    heads = (
        ("Name", "Benutzer", "Server", "Wem", "Zustand", "")
        if german
        else ("Name", "User", "Server", "Whose", "State", "")
    )
    console.table(heads, rows)


@app.command()
def check(name: Name) -> None:
    """Log in and show the folders, what the server can, and which folders are watched.

    Example: kingpost mailbox check office
    """
    from assistant.mailboxes import Mailboxes

    with context.pool() as (settings, pool):
        account = Mailboxes(settings, pool).account(name)
    report = account.check()
    watched = {one.name for one in account.watched()}
    heads = ("Ordner", "Art", "Mails", "") if console.language() == "de" else ("Folder", "Role", "Mails", "")
    mark = console.choose(de="wird beobachtet", en="watched")
    console.table(
        heads, [(one.name, one.role.value, one.messages, mark if one.name in watched else "") for one in report.folders]
    )
    console.say(
        de=f"Änderungen meldet dieser Server durch: {report.announces}",
        en=f"This server announces changes by: {report.announces}",
    )


@app.command()
def password(name: Name) -> None:
    """Store another password for a mailbox; asked for, or taken from KINGPOST_MAILBOX_PASSWORD.

    Example: kingpost mailbox password office
    """
    from assistant.mailboxes import Mailboxes
    from connectors.imap import Account

    with context.pool() as (settings, pool):
        mailboxes = Mailboxes(settings, pool)
        mailbox = mailboxes.get(name)
        secret = console.ask_secret(
            de=f"Passwort für {mailbox.user} bei {mailbox.host}:",
            en=f"Password for {mailbox.user} at {mailbox.host}:",
            variable="KINGPOST_MAILBOX_PASSWORD",
        )
        Account(mailbox, secret).check()
        mailboxes.set_password(name, secret)
    console.say(de="Gespeichert.", en="Stored.")


@app.command()
def audit(
    name: Name, fill: Annotated[bool, typer.Option(help="Read the missing mails, then audit again.")] = False
) -> None:
    """Prove that nothing is lost: compare server and pool, folder by folder and day by day. Exit code 1 on gaps.

    Example: kingpost mailbox audit office --fill
    """
    from assistant.bootstrap import reading
    from assistant.erased import Gate
    from assistant.intake import Intake
    from assistant.mailboxes import Mailboxes
    from assistant.triage import Triage

    with context.pool() as (settings, pool):
        mailboxes = Mailboxes(settings, pool)
        audits = mailboxes.audit(name)
        if fill and any(one.gaps for one in audits):
            with reading(settings) as reader:
                intake = Intake(pool, reader, Triage.by(settings), gate=Gate.by(settings))
                _show_progress(mailboxes.fill(name, audits, intake))
            audits = mailboxes.audit(name)
    _show_audit(audits)
    raise typer.Exit(1 if any(one.gaps for one in audits) else 0)


@app.command()
def share(name: Name, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Make a shared mailbox of a personal one: its mail, also of the past, is then open to colleagues. Ask its owner.

    Also for one that was removed, so that its name can be used again.

    Example: kingpost mailbox share anna
    """
    from assistant.mailboxes import Mailboxes

    question = console.choose(
        de=f"Alles in {name}, auch das Vergangene, wird für andere lesbar. Sicher?",
        en=f"Everything in {name}, past mail too, becomes readable for others. Are you sure?",
    )
    with context.pool() as (settings, pool):
        if not yes:
            typer.confirm(question, abort=True)
        Mailboxes(settings, pool).share(name)
    console.say(de=f"{name} ist jetzt gemeinsam.", en=f"{name} is shared now.")


@app.command()
def remove(name: Name) -> None:
    """Stop watching a mailbox. Its mail stays in the pool; that of a personal one stays its owner's.

    Example: kingpost mailbox remove office
    """
    from assistant.mailboxes import Mailboxes

    with context.pool() as (settings, pool):
        Mailboxes(settings, pool).remove(name)
    console.say(de=f"{name} wird nicht mehr beobachtet.", en=f"{name} is no longer watched.")


def backfill(
    name: Name,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only mail that arrived since.")] = None,
) -> None:
    """Read what already lies in a mailbox. Stop with Ctrl-C at any point; the next call goes on from there.

    Example: kingpost backfill office --since 2024-01-01
    """
    from assistant.bootstrap import reading
    from assistant.erased import Gate
    from assistant.intake import Intake
    from assistant.mailboxes import Mailboxes
    from assistant.triage import Triage

    stop = threading.Event()
    with context.pool() as (settings, pool), reading(settings) as reader:
        intake = Intake(pool, reader, Triage.by(settings), gate=Gate.by(settings))
        try:
            _show_progress(Mailboxes(settings, pool).backfill(name, intake, stop, since.date() if since else None))
        except KeyboardInterrupt:
            console.note(
                de=f"Angehalten. Weiter geht es, wo es aufgehört hat, mit: kingpost backfill {name}",
                en=f"Stopped. It goes on where it stopped with: kingpost backfill {name}",
            )
            raise
        finally:
            stop.set()


def _show_progress(steps: "Iterable[Progress]") -> None:
    new = known = quarantined = 0
    done: dict[str, tuple[int, int]] = {}
    with console.progress(de="Gelesen", en="Read") as bar:
        for step in steps:
            new += len(step.received.new)
            known += step.received.known
            quarantined += step.received.quarantined
            done[step.folder] = (step.done, step.total)
            bar.at(sum(one for one, _ in done.values()), sum(total for _, total in done.values()))
    tell_received(new, known, quarantined)


def tell_received(new: int, known: int, quarantined: int) -> None:
    """What became of the mails that were read."""
    console.say(
        de=f"{new} neu, {known} schon bekannt, {quarantined} in Quarantäne.",
        en=f"{new} new, {known} known already, {quarantined} in quarantine.",
    )


def _show_audit(audits: "list[FolderAudit]") -> None:
    german = console.language() == "de"
    heads = (
        ("Ordner", "Server", "Datenpool", "noch zu lesen", "vom Server weg", "gelöscht", "fehlen")
        if german
        else ("Folder", "Server", "Pool", "still to read", "left the server", "erased", "missing")
    )
    rows = [
        (one.folder, one.on_server, one.in_pool, one.ahead, one.gone, one.erased, sum(len(g.missing) for g in one.gaps))
        for one in audits
    ]
    console.table(heads, rows)
    for one in audits:
        for gap in one.gaps:
            day = gap.day.isoformat() if gap.day else "?"
            console.say(
                de=f"Lücke: {gap.folder}, {day}: {len(gap.missing)} von {gap.on_server} fehlen. Füllen mit --fill",
                en=f"Gap: {gap.folder}, {day}: {len(gap.missing)} of {gap.on_server} are missing. Fill it with --fill",
            )
