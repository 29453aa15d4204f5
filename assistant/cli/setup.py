"""Commands to set Kingpost up, test it and run it."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli import console, context


def init(
    name: Annotated[str, typer.Option(help="Your firm's name.")] = "",
    domain: Annotated[list[str] | None, typer.Option(help="Your own mail domain; may be given several times.")] = None,
    admin: Annotated[str, typer.Option(help="Login of the first administrator.")] = "admin",
    city: Annotated[str, typer.Option(help="Your city.")] = "",
    time_zone: Annotated[str, typer.Option(help="Where your working day takes place.")] = "",
    holidays: Annotated[str, typer.Option(help="Whose public holidays you keep, for example DE-BY or AT.")] = "",
    hours: Annotated[list[str] | None, typer.Option(help="When you work, for example “Mo-Do 8-17”.")] = None,
) -> None:
    """Write kingpost.toml, make the pool and the first administrator.

    The password is asked for, or taken from KINGPOST_PASSWORD. There is no default password. The same can be done in
    the browser: “kingpost run” in an empty folder shows the way.

    Example: kingpost init --name "Muster GmbH" --domain muster.example --admin anna
    """
    from assistant.access import Access
    from assistant.bootstrap import opened_pool
    from assistant.settings import FILE_NAME, find, load
    from assistant.settings_file import SettingsFile
    from rules.terms.staff import Role, Staff

    file = context.named_config() or find() or Path(FILE_NAME)
    if not file.exists():
        said = {
            "name": name,
            "domains": [one.strip().lower() for one in domain or []],
            "city": city,
            "language": console.language(),
            "time_zone": time_zone,
            "holidays": holidays,
            "business_hours": hours or [],
        }
        SettingsFile(file).change("firm", said)
        console.say(de=f"{file} geschrieben.", en=f"Wrote {file}.")
    settings = load(file)
    console.use_language(settings.firm.language)
    with opened_pool(settings, create=True) as pool:
        with pool.read() as work:
            admins = [staff.login for staff in work.staff.all() if staff.role is Role.ADMIN]
        if admins:
            console.say(
                de=f"Der Datenpool ist bereit; Administrator: {', '.join(admins)}.",
                en=f"The pool is ready; administrator: {', '.join(admins)}.",
            )
            return
        password = console.ask_secret(
            de=f"Passwort für {admin} (mindestens 10 Zeichen):",
            en=f"Password for {admin} (at least 10 characters):",
            variable="KINGPOST_PASSWORD",
        )
        Access(pool).add(Staff(admin, admin, Role.ADMIN), password)
    console.say(
        de=f"Der Datenpool ist bereit, {admin} kann sich anmelden. Weiter: kingpost mailbox add, dann kingpost run",
        en=f"The pool is ready and {admin} can log in. Next: kingpost mailbox add, then kingpost run",
    )


def check() -> None:
    """Test settings, pool, disk and every mailbox, and say what is wrong.

    Example: kingpost check
    """
    from assistant.checking import checks

    failed = 0
    for finding in checks(context.settings(), console.language()):
        mark = "✗" if not finding.good else "!" if finding.weak else "✓"
        print(f"{mark} {finding.text}")
        failed += not finding.good
    raise typer.Exit(1 if failed else 0)


def run(
    only: Annotated[
        str,
        typer.Option(
            help="Of web, watch, work, schedule, only these; other processes on the same PostgreSQL do the rest."
        ),
    ] = "web,watch,work,schedule",
) -> None:
    """Watch the mailboxes and serve the pages, until stopped with Ctrl-C or SIGTERM.

    Example: kingpost --config /etc/kingpost/kingpost.toml run

    Example: kingpost run --only watch,work
    """
    from assistant import logs, service
    from assistant.duties import duties

    logs.set_up()
    file, settings = context.place()
    service.run(
        settings,
        ready=lambda where: console.note(de=f"Kingpost läuft: {where}", en=f"Kingpost is running: {where}"),
        only=duties(only),
        file=file,
        first=_tell_code,
    )


def _tell_code(where: str, code: str) -> None:
    """On the console and nowhere else: whoever sees it makes the first administrator."""
    console.note(
        de=f"Noch ist nichts eingerichtet. Öffnen Sie {where}/setup und geben Sie diesen Code ein: {code}",
        en=f"Nothing is set up yet. Open {where}/setup and enter this code: {code}",
    )


def upgrade(
    without_copy: Annotated[
        bool, typer.Option("--without-copy", help="Keep no copy of the tables (SQLite) as they were before.")
    ] = False,
) -> None:
    """Bring the pool to the form that this version needs; changes nothing when it has it.

    An SQLite pool's tables are copied beside it first; on PostgreSQL use pg_dump. A service that runs meanwhile notices
    and ends, so that it starts again as the new version. There is no way back but the copy: an older version refuses
    the pool.

    Example: kingpost upgrade
    """
    from storage.safe_copy import before_upgrade

    settings = context.settings()
    copy = None if without_copy else before_upgrade(settings.pool_url)
    if copy is not None:
        console.say(de=f"Bisherige Tabellen gesichert: {copy}", en=f"Tables as they were: {copy}")
    with context.pool(create=True):
        console.say(de="Der Datenpool ist auf dem neuesten Stand.", en="The pool is up to date.")
