"""Commands for the account by which Kingpost sends."""

import typer

from assistant.cli import console, context

app = typer.Typer(help="The account by which Kingpost sends, and what it sent.", no_args_is_help=True)


@app.callback()
def outgoing() -> None:
    """The account by which Kingpost sends, and what it sent."""


@app.command("password")
def password() -> None:
    """Seal the password of the account of [outgoing] in the pool; it is asked for, or taken from KINGPOST_PASSWORD.

    Example: kingpost outgoing password
    """
    from assistant.outbox import Outbox

    with context.pool() as (settings, pool):
        secret = console.ask_secret(de="Passwort", en="Password", variable="KINGPOST_PASSWORD")
        Outbox(pool, settings).set_password(secret)
    console.say(de="Gespeichert.", en="Stored.")


@app.command("check")
def check() -> None:
    """Log in to the server of [outgoing] without sending anything.

    Example: kingpost outgoing check
    """
    from assistant.outbox import Outbox

    with context.pool() as (settings, pool):
        Outbox(pool, settings).check()
        host = settings.outgoing.host
    console.say(de=f"{host} nimmt Mail an.", en=f"{host} takes mail.")


@app.command("list")
def list_outgoing() -> None:
    """List what Kingpost sent last, what waits and what failed.

    Example: kingpost outgoing list
    """
    with context.pool() as (_, pool), pool.read() as work:
        found = work.outbox.page()
    german = console.language() == "de"
    heads = "Nr. Art An Stand Versuche Fehler" if german else "No. Kind To State Tries Error"
    rows = [
        (one.id, one.kind.value, one.recipient, one.state.value, one.tries, one.error_de if german else one.error_en)
        for one in found
    ]
    console.table(heads.split(), rows)
