"""Commands for staff and their API tokens."""

from typing import Annotated

import typer

from assistant.cli import console, context

user = typer.Typer(help="Staff who may log in.", no_args_is_help=True)
token = typer.Typer(help="API tokens, by which mail clients ask on behalf of one person.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="The login.")]


@user.command("add")
def user_add(
    login: Login,
    name: Annotated[str, typer.Option(help="Full name.")] = "",
    role: Annotated[str, typer.Option(help="staff, lead or admin.")] = "staff",
    email: Annotated[str, typer.Option(help="Mail address.")] = "",
) -> None:
    """Add a member of staff; the password is asked for, or taken from KINGPOST_PASSWORD.

    Example: kingpost user add anna --name "Anna Berger" --role lead
    """
    from assistant.access import Access
    from rules.terms.errors import WrongUse
    from rules.terms.staff import Role, Staff

    if role not in tuple(Role):
        raise WrongUse(
            problem=f"“{role}” is no role; choose staff, lead or admin.",
            problem_de=f"„{role}“ ist keine Rolle; wählen Sie staff, lead oder admin.",
        )
    with context.pool() as (_, pool):
        Access(pool).add(Staff(login, name or login, Role(role), email), _password(login))
    console.say(de=f"{login} kann sich anmelden.", en=f"{login} can log in.")


@user.command("list")
def user_list() -> None:
    """List all staff.

    Example: kingpost user list
    """
    with context.pool() as (_, pool), pool.read() as work:
        rows = [(one.login, one.name, one.role.value, "✓" if one.active else "–") for one in work.staff.all()]
    heads = ("Login", "Name", "Rolle", "Aktiv") if console.language() == "de" else ("Login", "Name", "Role", "Active")
    console.table(heads, rows)


@user.command("password")
def user_password(login: Login) -> None:
    """Give somebody a new password; their sessions end.

    Example: kingpost user password anna
    """
    from assistant.access import Access
    from rules.terms.errors import UnknownName

    with context.pool() as (_, pool):
        with pool.read() as work:
            known = work.staff.get(login)
        if known is None:
            raise UnknownName(
                what="login", name=login, hint="See “kingpost user list”.", hint_de="Siehe „kingpost user list“."
            )
        Access(pool).set_password(login, _password(login))
    console.say(de=f"{login} hat ein neues Passwort.", en=f"{login} has a new password.")


@token.command("add")
def token_add(
    login: Login,
    name: Annotated[str, typer.Option(help="What it is for, for example the mail client.")],
    write: Annotated[bool, typer.Option(help="May also change things, not only read.")] = False,
    web_site: Annotated[
        bool, typer.Option("--web-site", help="For your web site: may bring forms, downloads …, and read nothing.")
    ] = False,
    days: Annotated[int, typer.Option(help="Ends after so many days; 0: never.")] = 365,
) -> None:
    """Make a token for somebody and show it, this once.

    Example: kingpost token add anna --name "Thunderbird at the counter"
    """
    from datetime import UTC, datetime, timedelta

    from assistant.access import WEB_SITE, Access

    scopes = WEB_SITE if web_site else frozenset({"read", "write"} if write else {"read"})
    expires = datetime.now(UTC) + timedelta(days=days) if days else None
    with context.pool() as (_, pool):
        print(Access(pool).new_token(login, name, scopes, expires))


@token.command("list")
def token_list(login: Login) -> None:
    """List somebody's tokens, without their secrets.

    Example: kingpost token list anna
    """
    from assistant.access import Access

    with context.pool() as (_, pool):
        tokens = Access(pool).tokens(login)
    rows = [(one.id, one.name, ",".join(sorted(one.scopes)), one.expires or "–") for one in tokens]
    heads = ("Nr", "Name", "Rechte", "Bis") if console.language() == "de" else ("No", "Name", "Scopes", "Until")
    console.table(heads, rows)


@token.command("revoke")
def token_revoke(login: Login, number: Annotated[int, typer.Argument(help="From “kingpost token list”.")]) -> None:
    """End a token at once.

    Example: kingpost token revoke anna 3
    """
    from assistant.access import Access

    with context.pool() as (_, pool):
        Access(pool).revoke(login, number)
    console.say(de="Das Token gilt nicht mehr.", en="The token no longer works.")


def _password(login: str) -> str:
    return console.ask_secret(
        de=f"Passwort für {login} (mindestens 10 Zeichen):",
        en=f"Password for {login} (at least 10 characters):",
        variable="KINGPOST_PASSWORD",
    )
