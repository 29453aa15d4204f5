"""Commands for staff and their API tokens."""

from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import console, context

if TYPE_CHECKING:
    from rules.terms.staff import Role

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
    from rules.terms.staff import Staff

    chosen = _role(role)
    with context.pool() as (_, pool):
        Access(pool).add(Staff(login, name or login, chosen, email), _password(login))
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

    with context.pool() as (_, pool):
        access = Access(pool)
        known = access.known(login)
        access.set_password(known, _password(known))
    console.say(de=f"{known} hat ein neues Passwort.", en=f"{known} has a new password.")


@user.command("disable")
def user_disable(login: Login) -> None:
    """Let somebody log in no longer: their sessions and tokens end at once, what they did stays.

    Example: kingpost user disable bernd
    """
    from assistant.access import Access

    with context.pool() as (_, pool):
        Access(pool).set_active(login, False)
    console.say(
        de=f"{login} kann sich nicht mehr anmelden; Sitzungen und Token sind beendet.",
        en=f"{login} can no longer log in; sessions and tokens have ended.",
    )


@user.command("enable")
def user_enable(login: Login) -> None:
    """Let somebody log in again, with the old password; tokens have to be made anew.

    Example: kingpost user enable bernd
    """
    from assistant.access import Access

    with context.pool() as (_, pool):
        Access(pool).set_active(login, True)
    console.say(de=f"{login} kann sich wieder anmelden.", en=f"{login} can log in again.")


@user.command("role")
def user_role(login: Login, role: Annotated[str, typer.Argument(help="staff, lead or admin.")]) -> None:
    """Give somebody another role; it holds at once.

    Example: kingpost user role bernd lead
    """
    from assistant.access import Access

    chosen = _role(role)
    with context.pool() as (_, pool):
        Access(pool).set_role(login, chosen)
    console.say(de=f"{login} hat jetzt die Rolle {role}.", en=f"{login} now has the role {role}.")


@user.command("data")
def user_data(login: Login) -> None:
    """Print all that is stored of a member of staff, as JSON, mails left out. In the browser everybody has their own.

    Example: kingpost user data anna > anna.json
    """
    import json
    from datetime import UTC, datetime

    from assistant.access import Access
    from assistant.staff_data import handed_over

    with context.pool() as (_, pool):
        print(json.dumps(handed_over(pool, Access(pool).known(login), datetime.now(UTC)), ensure_ascii=False, indent=1))


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
        access = Access(pool)
        tokens = access.tokens(access.known(login))
    rows = [
        (one.id, one.name, ",".join(sorted(one.scopes)), f"{one.expires:%Y-%m-%d}" if one.expires else "–")
        for one in tokens
    ]
    heads = ("Nr", "Name", "Rechte", "Bis") if console.language() == "de" else ("No", "Name", "Scopes", "Until")
    console.table(heads, rows)


@token.command("revoke")
def token_revoke(login: Login, number: Annotated[int, typer.Argument(help="From “kingpost token list”.")]) -> None:
    """End a token at once.

    Example: kingpost token revoke anna 3
    """
    from assistant.access import Access

    with context.pool() as (_, pool):
        access = Access(pool)
        access.revoke(access.known(login), number)
    console.say(de="Das Token gilt nicht mehr.", en="The token no longer works.")


def _role(typed: str) -> "Role":
    from rules.terms.errors import WrongUse
    from rules.terms.staff import Role

    if typed not in tuple(Role):
        raise WrongUse(
            problem=f"“{typed}” is no role; choose staff, lead or admin.",
            problem_de=f"„{typed}“ ist keine Rolle; wählen Sie staff, lead oder admin.",
        )
    return Role(typed)


def _password(login: str) -> str:
    return console.ask_secret(
        de=f"Passwort für {login} (mindestens 10 Zeichen):",
        en=f"Password for {login} (at least 10 characters):",
        variable="KINGPOST_PASSWORD",
    )
