"""The command line's tree: every command with its help, and the options that all of them share."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli import (
    access,
    benchmark,
    client,
    complaints,
    consent,
    correspondents,
    customer,
    demo,
    keeping,
    mail,
    mailbox,
    oauth,
    outgoing,
    privacy,
    records,
    setup,
    targets,
    team,
    triage,
    value,
)
from assistant.cli.context import remember

app = typer.Typer(
    name="kingpost",
    help="Inbox assistant: reads the firm's mail into one pool and shows the customer's summary when a mail is opened.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with “kingpost demo”. Help on each command: kingpost COMMAND --help",
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"kingpost {version('kingpost')}")
        raise typer.Exit


@app.callback()
def options(
    config: Annotated[
        Path | None,
        typer.Option("--config", "-c", help="Settings file; else KINGPOST_CONFIG, ./kingpost.toml, user, system."),
    ] = None,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it.")] = False,
) -> None:
    """Options before the command."""
    remember(config)


app.command()(demo.demo)
app.command()(setup.init)
app.command()(setup.check)
app.command()(setup.run)
app.command()(setup.upgrade)
app.command()(benchmark.benchmark)
app.command()(keeping.backup)
app.command()(keeping.restore)
app.command()(keeping.copy)
app.add_typer(keeping.key, name="key")
app.command()(privacy.export)
app.command()(privacy.erase)
app.command()(privacy.restrict)
app.command("no-advertising")(privacy.object_)
app.command()(privacy.retention)
app.add_typer(mailbox.app, name="mailbox")
app.command()(mailbox.backfill)
app.command()(mail.ingest)
app.command()(mail.explain)
app.command()(mail.show)
app.add_typer(mail.quarantine, name="quarantine")
app.command()(complaints.assess)
app.add_typer(complaints.app, name="complaints")
app.add_typer(triage.app, name="triage")
app.add_typer(team.app, name="team")
app.add_typer(targets.app, name="targets")
app.add_typer(outgoing.app, name="outgoing")
app.add_typer(oauth.app, name="oauth")
app.add_typer(value.app, name="value")
app.command("import")(records.import_table)
app.add_typer(customer.app, name="customer")
app.add_typer(consent.app, name="consent")
app.add_typer(correspondents.app, name="correspondents")
app.add_typer(client.app, name="client")
app.add_typer(access.user, name="user")
app.add_typer(access.token, name="token")
