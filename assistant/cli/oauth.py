"""Commands for the providers at which people sign in, and signing in from a terminal."""

from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import console, context

if TYPE_CHECKING:
    from assistant.grants import Grant
    from assistant.signing_in import SigningIn
    from connectors.oauth.provider import Provider
    from connectors.oauth.tokens import DeviceCode
    from rules.terms.mail import Mailbox

app = typer.Typer(help="The providers at which people sign in.", no_args_is_help=True)


@app.callback()
def oauth() -> None:
    """The providers at which people sign in."""


@app.command()
def secret(name: Annotated[str, typer.Argument(help="The provider's name in kingpost.toml.")]) -> None:
    """Seal a provider's client secret in the pool; it is asked for, or taken from KINGPOST_CLIENT_SECRET.

    Example: kingpost oauth secret microsoft
    """
    from assistant.providers import Providers

    with context.pool() as (settings, pool):
        value = console.ask_secret(de="Client-Geheimnis:", en="Client secret:", variable="KINGPOST_CLIENT_SECRET")
        Providers(settings, pool).set_secret(name, value)
    console.say(de="Gespeichert.", en="Stored.")


def sign_in(signing_in: "SigningIn", mailbox: "Mailbox", provider: "Provider", port: int) -> "Grant":
    """Lead a person through the sign-in: with a code where the provider has that, else in a browser on this machine."""
    from connectors.oauth.loopback import Loopback

    if provider.app_only:
        return signing_in.by_application(mailbox, provider)
    if provider.endpoints.device_url and not port:
        return signing_in.by_device(mailbox, provider, _show_code)
    done = console.choose(
        de="Das war alles. Sie können dieses Fenster schließen.", en="That was all. You can close this window."
    )
    with Loopback(done, port) as here:
        return signing_in.by_browser(mailbox, provider, here, lambda url: _show_address(url, here.port))


def _show_code(code: "DeviceCode") -> None:
    console.say(
        de=f"Öffnen Sie {code.where} in einem beliebigen Browser und geben Sie diesen Code ein: {code.code}",
        en=f"Open {code.where} in any browser and enter this code: {code.code}",
    )


def _show_address(url: str, port: int) -> None:
    console.say(
        de=f"Öffnen Sie diese Adresse in einem Browser auf diesem Rechner und melden Sie sich an:\n{url}\n"
        f"Läuft der Browser anderswo: zuerst dort „ssh -L {port}:127.0.0.1:{port} DIESER-RECHNER“.",
        en=f"Open this address in a browser on this machine and sign in:\n{url}\n"
        f"If the browser runs elsewhere, there first: ssh -L {port}:127.0.0.1:{port} THIS-MACHINE",
    )
