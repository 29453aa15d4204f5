"""Commands for the accounts that are watched, and for reading their past."""

import threading
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import console, context

if TYPE_CHECKING:
    from assistant.mailboxes import FolderAudit, Progress
    from rules.providers import ImapServer
    from rules.terms.mail import Mailbox

app = typer.Typer(help="The accounts that are watched.", no_args_is_help=True)

CallbackPort = Annotated[
    int, typer.Option(help="Sign in with a browser that comes back to this port here; 0: a code, or a free port.")
]
Name = Annotated[str, typer.Argument(help="The mailbox's short name.")]


@app.command()
def add(
    name: Name,
    user: Annotated[str, typer.Option(help="Login name at the server.")],
    host: Annotated[str, typer.Option(help="IMAP server; by default found by the address.")] = "",
    address: Annotated[str, typer.Option(help="The mailbox's own address; by default the login name.")] = "",
    port: Annotated[int, typer.Option(help="IMAP port.")] = 993,
    tls: Annotated[str, typer.Option(help="tls, starttls, or none (on this machine only).")] = "tls",
    ca_file: Annotated[str | None, typer.Option(help="Your own certificate authority (PEM).")] = None,
    folder: Annotated[
        list[str] | None, typer.Option(help="Folder to watch; by default all but Junk, Trash, Drafts.")
    ] = None,
    sent: Annotated[str | None, typer.Option(help="The Sent folder, where the server does not say.")] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(help="Folder never to read; by default those of works council, company doctor and personnel."),
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Do not read what arrived before this day.")
    ] = None,
    owner: Annotated[
        str | None, typer.Option(help="Login of the person it belongs to; without one it is shared.")
    ] = None,
    member: Annotated[list[str] | None, typer.Option(help="Login that may read it; by default all staff.")] = None,
    follow: Annotated[bool, typer.Option(help="Let sidebars follow what is opened in it.")] = False,
    metadata_only: Annotated[
        bool, typer.Option("--metadata-only", help="Keep only who wrote to whom and when: no subject, no text.")
    ] = False,
    oauth: Annotated[
        str | None, typer.Option(help="No password: sign in at this provider of kingpost.toml (docs/oauth.md).")
    ] = None,
    callback_port: CallbackPort = 0,
    later: Annotated[bool, typer.Option("--later", help="With --oauth: sign in later, on the start page.")] = False,
) -> None:
    """Try an account and watch it from now on; a running service begins within seconds.

    The password is asked for, or taken from KINGPOST_MAILBOX_PASSWORD, and kept sealed in the pool.

    Example: kingpost mailbox add office --host imap.example.org --user office@example.org

    Example: kingpost mailbox add office --host imap.gmail.com --user office@example.org --oauth google
    """
    from assistant.cli.oauth import sign_in
    from assistant.grants import Grant
    from assistant.mailboxes import Mailboxes
    from assistant.signing_in import SigningIn
    from connectors.imap import Account
    from rules.terms.errors import WrongUse
    from rules.terms.mail import Mailbox, Tls

    if tls not in tuple(Tls):
        raise WrongUse(
            problem=f"“{tls}” is no way to protect a connection; choose tls, starttls or none.",
            problem_de=f"„{tls}“ schützt keine Verbindung; wählen Sie tls, starttls oder none.",
        )
    address = address or (user if "@" in user else "")
    if not host:
        server = _server_of(address)
        host, port, tls = server.host, server.port, server.tls
    with context.pool() as (settings, pool):
        mailbox = Mailbox(
            name=name,
            address=address,
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
            excluded=tuple(exclude or ()),
            confidential=exclude is not None,
            metadata_only=metadata_only,
            since=since.date() if since else None,
        )
        mailboxes = Mailboxes(settings, pool)
        if oauth is not None:
            signing_in, provider = SigningIn(mailboxes), mailboxes.providers.get(oauth)
            if later:
                mailboxes.add(mailbox, Grant(oauth))
                console.say(
                    de=f"{name} ist angelegt. Melden Sie sich auf der Startseite an, dann wird es gelesen.",
                    en=f"{name} is added. Sign in on the start page, and it will be read.",
                )
                return
            grant = sign_in(signing_in, mailbox, provider, callback_port)
            secret: str | Grant = grant
            account = signing_in.account(mailbox, grant)
        else:
            secret = console.ask_secret(
                de=f"Passwort für {user} bei {host}:",
                en=f"Password for {user} at {host}:",
                variable="KINGPOST_MAILBOX_PASSWORD",
            )
            account = Account(mailbox, secret)
        counts = {one.name: one.messages for one in account.check().folders}
        names = [one.name for one in account.watched()]
        mails = sum(counts[one] for one in names)
        mailboxes.add(replace(mailbox, expected=0 if since else mails), secret)
    if left_out := ", ".join(one for one in counts if one in mailbox.excluded or _left_alone(one, names, mailbox)):
        console.note(
            de=f"Nicht gelesen: {left_out}. Mit --exclude entscheiden Sie selbst.",
            en=f"Not read: {left_out}. Decide yourself with --exclude.",
        )
    where = ", ".join(names)
    console.say(
        de=f"{name} wird beobachtet: {mails} Mails in {where}.", en=f"{name} is watched: {mails} mails in {where}."
    )


@app.command()
def find(address: Annotated[str, typer.Argument(help="The mailbox's address.")]) -> None:
    """Say where an address's mailbox is: by known providers, the domain's DNS, and what its provider publishes.

    Example: kingpost mailbox find office@example.org
    """
    from assistant.finding_servers import Source, find_server

    found = find_server(address)
    server = found.server
    if found.source is Source.GUESS:
        console.note(
            de="Niemand nennt einen Server für diese Adresse. Üblich wäre:",
            en="Nobody names a server for this address. This one would be usual:",
        )
    print(f"--host {server.host} --port {server.port} --tls {server.tls} --user {server.user}")
    if found.provider is not None and found.provider.hint("en"):
        console.note(de=found.provider.hint("de"), en=found.provider.hint("en"))


@app.command()
def suggest(name: Name) -> None:
    r"""Say what a mailbox's latest mail says of the firm: its domains, and the name of the server checking senders.

    Nothing is changed; put what is right under \[firm] in kingpost.toml.

    Example: kingpost mailbox suggest office
    """
    import json
    from datetime import UTC

    from assistant.bootstrap import reading
    from assistant.mailboxes import Mailboxes
    from assistant.trying_out import checker_of, domains_of, tried

    with context.pool() as (settings, pool), reading(settings) as reader:
        account = Mailboxes(settings, pool).account(name)
        trial = tried(account, reader, datetime.now(UTC).date())
        own = domains_of(account, reader, trial, account.mailbox.sent or trial.sent)
        checker = checker_of(trial, account.mailbox.host, {*own.domains, *settings.firm.domains})
    print(f"domains = {json.dumps(own.domains)}")
    if own.staff:
        print(f"staff = {json.dumps(own.staff)}")
    if checker.breaks:
        console.note(
            de=f"„{checker.name}“ meldet bei {checker.failed} von {checker.named} Mails eine gescheiterte Prüfung; "
            "meist leitet dann eine eigene Adresse hierher weiter. Lassen Sie authserv_id leer.",
            en=f"“{checker.name}” reports a failed check for {checker.failed} of {checker.named} mails; mostly an "
            "address of your own then forwards here. Leave authserv_id empty.",
        )
    elif checker.name:
        print(f"authserv_id = {json.dumps(checker.name)}")
        console.note(
            de=f"Der Name steht in {checker.named} von {checker.mails} empfangenen Mails an oberster Stelle.",
            en=f"The name stands on top in {checker.named} of {checker.mails} received mails.",
        )
    else:
        console.note(
            de="Kein Name steht oft genug in den Mails, um ihm zu glauben.",
            en="No name stands in the mails often enough to be believed.",
        )


@app.command("list")
def list_mailboxes() -> None:
    """List the mailboxes and how they are doing.

    Example: kingpost mailbox list
    """
    from assistant.mailboxes import Mailboxes
    from assistant.web.texts import t
    from rules.terms.mail import MailboxKind

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
            watched = state.state.value if state else "unknown"
            now = t(console.language(), f"state.{watched if mailbox.kind is MailboxKind.IMAP else mailbox.kind.value}")
            rows.append((mailbox.name, mailbox.user or "–", mailbox.host or "–", whose, now, error))
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
    if account.mailbox.marks:
        _tell_unmarkable(account.unmarkable())


@app.command()
def marks(name: Name, state: Annotated[str, typer.Argument(help="on or off.", metavar="on|off")]) -> None:
    """Let Kingpost write its keywords ($Complaint, $KeyCustomer, $Unknown) into a mailbox, or take ours out again.

    Nothing else in the mailbox changes. A running service begins within seconds. About marks in a personal mailbox its
    owner decides, on the start page.

    Example: kingpost mailbox marks office on
    """
    from assistant.mailboxes import Mailboxes
    from rules.terms.errors import WrongUse

    if state not in ("on", "off"):
        raise WrongUse(problem="Say on or off.", problem_de="Geben Sie on oder off an.")
    with context.pool() as (settings, pool):
        mailboxes = Mailboxes(settings, pool)
        mailboxes.set_marks(name, state == "on")
        refused = mailboxes.account(name).unmarkable() if state == "on" else ()
    if state == "on":
        console.say(
            de=f"Kingpost markiert in {name} die Mails der letzten {settings.marks.days} Tage und alle neuen.",
            en=f"Kingpost marks in {name} the mails of the last {settings.marks.days} days, and all that come.",
        )
        _tell_unmarkable(refused)
    else:
        console.say(
            de=f"Kingpost markiert nichts mehr in {name} und nimmt seine Markierungen dort zurück.",
            en=f"Kingpost marks nothing more in {name} and takes its marks there back.",
        )


@app.command()
def junk(name: Name, state: Annotated[str, typer.Argument(help="on or off.", metavar="on|off")]) -> None:
    """Look for customers' mail in the Junk folder of a mailbox, or no longer; the start page then names them.

    Nothing of the mail in Junk is stored, and none of it becomes a case. A running service begins within seconds.

    Example: kingpost mailbox junk office on
    """
    from assistant.mailboxes import Mailboxes
    from rules.terms.errors import WrongUse

    if state not in ("on", "off"):
        raise WrongUse(problem="Say on or off.", problem_de="Geben Sie on oder off an.")
    with context.pool() as (settings, pool):
        Mailboxes(settings, pool).set_junk(name, state == "on")
    if state == "on":
        console.say(
            de=f"Kingpost sieht im Spam-Ordner von {name} nach, ob dort Mails von Kunden liegen.",
            en=f"Kingpost looks into the Junk folder of {name} for mail of customers.",
        )
    else:
        console.say(
            de=f"Kingpost sieht im Spam-Ordner von {name} nicht mehr nach.",
            en=f"Kingpost looks into the Junk folder of {name} no longer.",
        )


def _tell_unmarkable(folders: Iterable[str]) -> None:
    if names := ", ".join(folders):
        console.note(
            de=f"Hier nimmt der Server keine Markierungen an: {names}. Dort bleibt alles, wie es ist.",
            en=f"Here the server takes no marks: {names}. There everything stays as it is.",
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


@app.command("sign-in")
def sign_in_to(name: Name, callback_port: CallbackPort = 0) -> None:
    """Sign in again at the provider of a mailbox; a running service goes on within seconds.

    Example: kingpost mailbox sign-in office
    """
    from assistant.cli.oauth import sign_in
    from assistant.mailboxes import Mailboxes
    from assistant.signing_in import SigningIn

    with context.pool() as (settings, pool):
        mailboxes = Mailboxes(settings, pool)
        signing_in = SigningIn(mailboxes)
        provider = signing_in.provider_of(name)
        mailboxes.set_grant(name, sign_in(signing_in, mailboxes.get(name), provider, callback_port))
    console.say(de=f"Angemeldet. {name} wird ab jetzt gelesen.", en=f"Signed in. {name} is read from now on.")


@app.command()
def audit(
    name: Annotated[str, typer.Argument(help="The mailbox's short name; without one all are compared.")] = "",
    fill: Annotated[bool, typer.Option(help="Read the missing mails, then audit again.")] = False,
) -> None:
    """Prove that nothing is lost: compare server and pool, folder by folder and day by day. Exit code 1 on gaps.

    Example: kingpost mailbox audit office --fill
    """
    from assistant.bootstrap import reading
    from assistant.erased import Gate
    from assistant.intake import Intake
    from assistant.mailboxes import Mailboxes
    from assistant.triage import Triage
    from rules.terms.errors import ConnectorError
    from rules.terms.mail import MailboxKind

    whole = True
    with context.pool() as (settings, pool):
        mailboxes = Mailboxes(settings, pool)
        names = [name] if name else [one.name for one in mailboxes.all() if one.kind is MailboxKind.IMAP]
        for one in names:
            if not name:
                print(f"{one}:")
            try:
                audits = mailboxes.audit(one)
                if fill and any(found.gaps for found in audits):
                    with reading(settings) as reader:
                        intake = Intake(pool, reader, Triage.by(settings), gate=Gate.by(settings))
                        _show_progress(mailboxes.fill(one, audits, intake))
                    audits = mailboxes.audit(one)
            except ConnectorError as error:
                if name:
                    raise
                # The others are compared all the same.
                console.complain(error)
                whole = False
                continue
            _show_audit(audits)
            whole = whole and not any(found.gaps for found in audits)
    raise typer.Exit(0 if whole else 1)


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


def _server_of(address: str) -> "ImapServer":
    from assistant.finding_servers import Source, find_server
    from rules.terms.errors import WrongUse

    found = find_server(address)
    if found.source is Source.GUESS:
        raise WrongUse(
            problem="Nobody names a mail server for this address; name it with --host.",
            problem_de="Niemand nennt einen Mailserver für diese Adresse; nennen Sie ihn mit --host.",
        )
    return found.server


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


def _left_alone(folder: str, names: Collection[str], mailbox: "Mailbox") -> bool:
    from rules.confidential_folders import is_confidential

    return not mailbox.confidential and not mailbox.folders and folder not in names and is_confidential(folder)


def tell_received(new: int, known: int, quarantined: int) -> None:
    """What became of the mails that were read."""
    console.say(
        de=f"{new} neu, {known} schon bekannt, {quarantined} in Quarantäne.",
        en=f"{new} new, {known} known already, {quarantined} in quarantine.",
    )


def _show_audit(audits: "list[FolderAudit]") -> None:
    german = console.language() == "de"
    heads = (
        ("Ordner", "Server", "Datenpool", "noch zu lesen", "vom Server weg", "ausgeschlossen", "zu alt", "fehlen")
        if german
        else ("Folder", "Server", "Pool", "still to read", "left the server", "kept out", "too old", "missing")
    )
    rows = [
        (
            *(one.folder, one.on_server, one.in_pool, one.ahead, one.gone, one.kept_out, one.older),
            sum(len(gap.missing) for gap in one.gaps),
        )
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
