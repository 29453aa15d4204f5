"""The parts for mutt, Roundcube and Dovecot: a few files each, made for this firm's address and with a token inside."""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import connectors.clients
from assistant.clients import checked
from rules.terms.errors import WrongUse

_PARTS = Path(connectors.clients.__file__).parent


@dataclass(frozen=True, slots=True)
class Part:
    """A file to be written. `mode` says who may read it."""

    content: bytes
    mode: int = 0o644


def mutt(address: str, token: str, folder: Path) -> dict[str, Part]:
    """The display filter as a script of its own, the lines for the muttrc, and the file with the token.

    Args:
        address: Kingpost's, as the machine with mutt reaches it.
        token: with which the filter asks.
        folder: where the files will lie.

    Raises:
        WrongUse: the address would carry the token in clear, or is none.
    """
    command = f"{folder}/kingpost-show"
    given = f'{{"url": "{checked(address)}", "token": "{token}"}}\n'
    return {
        "kingpost-show": Part((_PARTS / "mutt" / "display_filter.py").read_bytes(), 0o755),
        "kingpost.muttrc": Part(muttrc(command, folder).encode()),
        "client.json": Part(given.encode(), 0o600),
    }


def muttrc(command: str, folder: Path) -> str:
    """The lines for the muttrc; `command` is the filter."""
    template = (_PARTS / "mutt" / "kingpost.muttrc").read_text(encoding="utf-8")
    return template.replace("@COMMAND@", command).replace("@FOLDER@", str(folder))


def roundcube(address: str, token: str) -> dict[str, Part]:
    """The plugin's folder; its config.inc.php holds the token and is for the web server's eyes.

    Args:
        address: Kingpost's, as Roundcube's server reaches it.
        token: with which the plugin asks for everybody who has none of their own.

    Raises:
        WrongUse: the address would carry the token in clear, or is none.
    """
    folder = _PARTS / "roundcube"
    files = {
        path.relative_to(folder).as_posix(): Part(path.read_bytes()) for path in folder.rglob("*") if path.is_file()
    }
    config = files["config.inc.php.dist"].content.decode()
    config = config.replace("'https://kingpost.example'", f"'{checked(address)}'").replace("'kp_token'", f"'{token}'")
    return {f"kingpost/{name}": part for name, part in files.items()} | {
        "kingpost/config.inc.php": Part(config.encode(), 0o640)
    }


def dovecot(address: str, token: str, script: str) -> dict[str, Part]:
    """The hook's script, and the configuration that names it.

    Args:
        address: Kingpost's, as the mail server reaches it, with a number: Dovecot 2.3's Lua client resolves no names.
        token: that of the hook, which may tell of openings and nothing else.
        script: where the script will lie, readable by the users as whom Dovecot reads mail.

    Raises:
        WrongUse: the address would carry the token in clear, is none, or has a name.
    """
    address = numbered(address)
    lua, conf = (
        (_PARTS / "dovecot" / name).read_text(encoding="utf-8") for name in ("kingpost.lua", "90-kingpost.conf")
    )
    return {
        "kingpost.lua": Part(lua.replace("@URL@", address).replace("@TOKEN@", token).encode(), 0o640),
        "90-kingpost.conf": Part(conf.replace("@SCRIPT@", script).encode()),
    }


def numbered(address: str) -> str:
    """An address as Dovecot 2.3's Lua client takes it, which resolves no names: with a number.

    Raises:
        WrongUse: the address would carry the token in clear, is none, or has a name.
    """
    address = checked(address).replace("://localhost", "://127.0.0.1")
    try:
        ip_address(urlsplit(address).hostname or "")
    except ValueError as error:
        raise WrongUse(
            problem=f"Dovecot does not resolve the name in “{address}” here. Give the address as a number, best "
            "http://127.0.0.1:8470 on the same machine.",
            problem_de=f"Dovecot löst den Namen in „{address}“ hier nicht auf. Nennen Sie die Adresse als Zahl, am "
            "besten http://127.0.0.1:8470 auf demselben Rechner.",
        ) from error
    return address


def write(folder: Path, parts: Mapping[str, Part]) -> None:
    """Write the files; what holds a token is private from the first byte on."""
    for name, part in parts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                os.fchmod(file.fileno(), part.mode)
            file.write(part.content)
