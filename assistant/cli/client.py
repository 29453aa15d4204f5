"""Commands that write the part for a mail client."""

from collections.abc import Collection
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli import console, context

Host = Annotated[str, typer.Option(help="Kingpost's address as it is reached from there; else base_url of \\[web].")]
Whose = Annotated[str, typer.Option("--for", metavar="LOGIN", help="Whose token it gets, and so with whose rights.")]
Folder = Annotated[Path, typer.Option("--out", help="The folder to write to.")]

app = typer.Typer(help="The parts for mail clients, made for this firm's address.", no_args_is_help=True)


@app.callback()
def clients() -> None:
    """Commands of this group stand behind their client's name."""


@app.command()
def thunderbird(
    host: Host = "",
    out: Annotated[Path, typer.Option(help="The .xpi to write; policies.json is written beside it.")] = Path(
        "kingpost-thunderbird.xpi"
    ),
    store: Annotated[bool, typer.Option(help="Without an address, for an add-on store; a policy names it.")] = False,
) -> None:
    """Write the Thunderbird add-on and the policy that rolls it out.

    Example: kingpost client thunderbird --host https://kingpost.muster.example
    """
    from urllib.parse import urlsplit

    from assistant.clients import XPI_PATH, thunderbird, thunderbird_policy
    from assistant.web.security import LOOPBACK

    settings, address = context.settings(), _address(host)
    policy = out.with_name("policies.json")
    packed = thunderbird(None if store else address, settings.firm.time_zone)
    rules = thunderbird_policy(address, address + XPI_PATH, settings.firm.language)
    if urlsplit(address).hostname in LOOPBACK:
        console.note(
            de=f"{address} erreicht nur dieser Rechner selbst. Für andere: --host https://NAME oder base_url in [web].",
            en=f"Only this machine itself reaches {address}. For others: --host https://NAME, or base_url in [web].",
        )
    out.write_bytes(packed)
    policy.write_text(rules, encoding="utf-8")
    console.say(
        de=f"{out} ist das Add-on für {address}, {policy} die Richtlinie dazu. Wie man beide verteilt: docs/clients.md",
        en=f"{out} is the add-on for {address}, {policy} the policy for it. How to roll them out: docs/clients.md",
    )


@app.command()
def outlook(
    host: Host = "",
    out: Annotated[Path, typer.Option(help="The manifest to write.")] = Path("kingpost-outlook.xml"),
    exchange_server: Annotated[
        bool, typer.Option("--exchange-server", help="For an Exchange of your own instead of Microsoft 365.")
    ] = False,
) -> None:
    """Write the manifest of the Outlook add-in, and check it.

    Example: kingpost client outlook --host https://kingpost.muster.example
    """
    from assistant.outlook import manifest

    settings, address = context.settings(), _address(host)
    out.write_text(manifest(address, exchange_server=exchange_server), encoding="utf-8")
    console.say(
        de=f"{out} ist das Manifest für {address}. Wie man es verteilt: docs/clients-cloud.md",
        en=f"{out} is the manifest for {address}. How to roll it out: docs/clients-cloud.md",
    )
    console.note(
        de="Der Bereich in Outlook lädt ein Skript von Microsoft (appsforoffice.microsoft.com). Es kann lesen, was er "
        "zeigt, und Microsoft erfährt, von welchem Rechner und welcher Kingpost-Adresse aus er geöffnet wird.",
        en="The pane in Outlook loads a script from Microsoft (appsforoffice.microsoft.com). It can read what the pane "
        "shows, and Microsoft learns from which machine and which Kingpost address it is opened.",
    )
    if not settings.outlook.enabled:
        console.note(
            de="Noch ist er ausgeschaltet: [outlook] enabled = true in kingpost.toml, dann den Dienst neu starten.",
            en="It is still switched off: [outlook] enabled = true in kingpost.toml, then restart the service.",
        )


@app.command()
def gmail(
    host: Host = "",
    out: Annotated[Path, typer.Option(help="The deployment file to write.")] = Path("kingpost-gmail.json"),
) -> None:
    """Write the deployment file of the Gmail add-on.

    Example: kingpost client gmail --host https://kingpost.muster.example
    """
    from assistant.gmail import deployment

    settings, address = context.settings(), _address(host)
    out.write_text(deployment(address), encoding="utf-8")
    console.say(
        de=f"{out} ist die Bereitstellung für {address}. Wie man sie einrichtet: docs/clients-cloud.md",
        en=f"{out} is the deployment for {address}. How to set it up: docs/clients-cloud.md",
    )
    console.note(
        de="Gmail zeigt Karten, die Kingpost an Google schickt: Was auf ihnen steht, läuft über Google.",
        en="Gmail shows cards that Kingpost sends to Google: what stands on them passes through Google.",
    )
    if not settings.gmail.enabled:
        console.note(
            de="Noch ist es ausgeschaltet: client_id und service_account unter [gmail] in kingpost.toml.",
            en="It is still switched off: client_id and service_account under [gmail] in kingpost.toml.",
        )


@app.command()
def mutt(
    login: Whose = "",
    out: Annotated[Path | None, typer.Option(help="The folder to write to; without it the lines are shown.")] = None,
    host: Host = "",
) -> None:
    """Show the lines for a muttrc, or write filter, lines and token for a machine without Kingpost.

    Example: kingpost client mutt --for anna --out kingpost-mutt
    """
    from assistant import client_folders

    if out is None:
        print(client_folders.muttrc("kingpost show -", Path("~/.config/kingpost")), end="")
        return
    folder, address = out.resolve(), _address(host)
    client_folders.write(folder, client_folders.mutt(address, _token(login, "mutt", days=365), folder))
    console.say(
        de=f"In die muttrc gehört: source {folder}/kingpost.muttrc\n"
        f"Das Token liest der Filter aus ~/.config/kingpost/client.json: mv {folder}/client.json ~/.config/kingpost/",
        en=f"The muttrc needs: source {folder}/kingpost.muttrc\n"
        f"The filter reads the token in ~/.config/kingpost/client.json: mv {folder}/client.json ~/.config/kingpost/",
    )


@app.command()
def roundcube(login: Whose, out: Folder, host: Host = "") -> None:
    """Write the plugin for Roundcube.

    Example: kingpost client roundcube --for counter --out roundcube-plugin
    """
    from assistant import client_folders

    client_folders.write(out, client_folders.roundcube(_address(host), _token(login, "Roundcube")))
    console.say(
        de=f"{out}/kingpost gehört zu den Plugins von Roundcube, „kingpost“ in $config['plugins']. config.inc.php "
        "enthält ein Token; nur der Webserver darf sie lesen.",
        en=f"{out}/kingpost belongs among Roundcube's plugins, “kingpost” into $config['plugins']. config.inc.php "
        "holds a token; only the web server may read it.",
    )


@app.command()
def dovecot(
    login: Whose,
    out: Folder,
    host: Host = "",
    script: Annotated[str, typer.Option(help="Where the script will lie on the mail server.")] = (
        "/etc/dovecot/kingpost.lua"
    ),
) -> None:
    """Write the hook by which Dovecot tells of openings at once.

    Example: kingpost client dovecot --for anna --host http://127.0.0.1:8470 --out dovecot-hook
    """
    from assistant import client_folders
    from assistant.access import ANNOUNCE

    address = client_folders.numbered(_address(host))
    client_folders.write(out, client_folders.dovecot(address, _token(login, "Dovecot", ANNOUNCE), script))
    console.say(
        de=f"{out}/kingpost.lua gehört nach {script}, lesbar für die Benutzer, als die Dovecot Mails liest; "
        f"{out}/90-kingpost.conf nach /etc/dovecot/conf.d/. Dann: doveadm reload",
        en=f"{out}/kingpost.lua belongs to {script}, readable for the users as whom Dovecot reads mail; "
        f"{out}/90-kingpost.conf to /etc/dovecot/conf.d/. Then: doveadm reload",
    )


def _address(host: str) -> str:
    """Where Kingpost is reached; looked at before a token is made for it.

    Raises:
        WrongUse: no token may go there.
    """
    from assistant.clients import checked

    return checked(host or context.settings().base_url)


def _token(login: str, name: str, scopes: Collection[str] = ("read",), days: int = 0) -> str:
    """A fresh token; without `days` it ends only when it is revoked.

    Raises:
        UnknownName: nobody has that login.
    """
    from datetime import UTC, datetime, timedelta

    from assistant.access import Access

    expires = datetime.now(UTC) + timedelta(days=days) if days else None
    with context.pool() as (_, pool):
        return Access(pool).new_token(login, name, scopes, expires)
