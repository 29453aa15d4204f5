"""Commands to set Kingpost up, test it and run it."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli import console, context

TEMPLATE = """\
# Kingpost's settings. Every option with its default: docs/configuration.md

[firm]
name = {name}
# Your own mail domains: mail from them is yours.
domains = [{domains}]
# The name your own mail server writes into Authentication-Results. Without it no sender counts as checked.
# authserv_id = "mail.example.org"
language = "{language}"

# An account to watch; or: kingpost mailbox add
# [[mailbox]]
# name = "office"
# host = "imap.example.org"
# user = "office@example.org"
# password_env = "KINGPOST_OFFICE_PASSWORD"
"""


def init(
    name: Annotated[str, typer.Option(help="Your firm's name.")] = "",
    domain: Annotated[list[str] | None, typer.Option(help="Your own mail domain; may be given several times.")] = None,
    admin: Annotated[str, typer.Option(help="Login of the first administrator.")] = "admin",
) -> None:
    """Write kingpost.toml, make the pool and the first administrator.

    The password is asked for, or taken from KINGPOST_PASSWORD. There is no default password.

    Example: kingpost init --name "Muster GmbH" --domain muster.example --admin anna
    """
    import json

    from assistant.access import Access
    from assistant.bootstrap import opened_pool
    from assistant.settings import FILE_NAME, find, load
    from rules.terms.staff import Role, Staff

    file = context.named_config() or find() or Path(FILE_NAME)
    if not file.exists():
        domains = ", ".join(json.dumps(one.strip().lower()) for one in domain or [])
        text = TEMPLATE.format(name=json.dumps(name, ensure_ascii=False), domains=domains, language=console.language())
        file.write_text(text, encoding="utf-8")
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
        print(("✓ " if finding.good else "✗ ") + finding.text)
        failed += not finding.good
    raise typer.Exit(1 if failed else 0)


def run() -> None:
    """Watch the mailboxes and serve the pages, until stopped with Ctrl-C or SIGTERM.

    Example: kingpost --config /etc/kingpost/kingpost.toml run
    """
    from assistant import logs, service

    logs.set_up()
    settings = context.settings()
    service.run(
        settings,
        ready=lambda url: console.note(de=f"Kingpost läuft: {url}", en=f"Kingpost is running: {url}"),
    )


def upgrade() -> None:
    """Bring the pool to the form that this version needs; changes nothing when it has it.

    Example: kingpost upgrade
    """
    with context.pool(create=True):
        console.say(de="Der Datenpool ist auf dem neuesten Stand.", en="The pool is up to date.")
