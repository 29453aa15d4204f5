"""Packs the part that runs inside a mail client, for this firm's address, and the policy that rolls it out.

The Thunderbird add-on draws the summary with the very modules, icons and words of Kingpost's own sidebar: they are
packed into it here, so that there is one way to show a summary.
"""

import io
import json
import re
import zipfile
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import connectors.clients
from assistant.web.files import FOLDER as STATIC
from assistant.web.security import LOOPBACK
from assistant.web.texts import LANGUAGES
from assistant.web.views.sidebar import live_words
from rules.terms.errors import WrongUse
from rules.terms.mark import Keyword

ADDON_ID = "thunderbird@kingpost"
XPI_NAME = "kingpost-thunderbird.xpi"
XPI_PATH = "/clients/thunderbird.xpi"
SHARED = ("summary.js", "moments.js", "acting.js", "kingpost.css", "panel.css", "icons.svg", "kingpost.svg")
# How marks in the mailbox look in Thunderbird: colour, and name by language.
TAGS: Mapping[Keyword, tuple[str, Mapping[str, str]]] = {
    Keyword.COMPLAINT: ("#C2185B", {"de": "Beschwerde", "en": "Complaint"}),
    Keyword.KEY_CUSTOMER: ("#B8860B", {"de": "Königskunde", "en": "King customer"}),
    Keyword.UNKNOWN: ("#616161", {"de": "Unbekannt", "en": "Unknown"}),
}
_PARTS = Path(connectors.clients.__file__).parent / "thunderbird"
# Zip knows no earlier day; the same parts make the same file.
_EPOCH = (1980, 1, 1, 0, 0, 0)


@lru_cache(maxsize=4)
def thunderbird(host: str | None, zone: str) -> bytes:
    """The add-on as an .xpi file.

    Args:
        host: Kingpost's address, the only one the add-on may ask; None for one that is told its address by policy.
        zone: the firm's time zone, in which moments are shown.

    Raises:
        WrongUse: the address is none that Thunderbird can be sent to.
    """
    address = None if host is None else checked(host)
    config = {"zone": zone} | ({"host": address} if address else {})
    files = {path.relative_to(_PARTS).as_posix(): path.read_bytes() for path in _PARTS.rglob("*") if path.is_file()}
    files |= {f"static/{name}": (STATIC / name).read_bytes() for name in SHARED}
    files |= {f"words/{language}.json": _json(live_words(language)) for language in LANGUAGES}
    files |= {"config.json": _json(config), "manifest.json": _json(_manifest(files["manifest.json"], address))}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), files[name], zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def thunderbird_policy(host: str, install_url: str, language: str) -> str:
    """The policies.json by which an administrator installs the add-on everywhere, and names the marks' tags.

    Args:
        host: Kingpost's address.
        install_url: where Thunderbird fetches the .xpi from.
        language: "de" or "en", of the tags' names.
    """
    # Thunderbird keeps keywords in lower case. As defaults, so that people may name and colour them otherwise.
    tags = {
        f"mailnews.tags.{keyword.lower()}.{part}": {"Value": value, "Status": "default"}
        for keyword, (colour, names) in TAGS.items()
        for part, value in (("tag", names[language]), ("color", colour))
    }
    policies = {
        "ExtensionSettings": {ADDON_ID: {"installation_mode": "force_installed", "install_url": install_url}},
        "3rdparty": {"Extensions": {ADDON_ID: {"host": checked(host)}}},
        "Preferences": tags,
    }
    return json.dumps({"policies": policies}, indent=2) + "\n"


def _manifest(template: bytes, host: str | None) -> dict[str, Any]:
    """The manifest with what is the firm's own: which address may be asked, and nothing else."""
    manifest: dict[str, Any] = json.loads(template)
    manifest["version"] = own_version()
    manifest["browser_specific_settings"]["gecko"]["id"] = ADDON_ID
    if host is None:
        manifest["optional_host_permissions"] = ["https://*/*"]
    else:
        # A permission names no port (match patterns of WebExtensions); the policy on connections below does.
        manifest["host_permissions"] = [re.sub(r":\d+$", "", host) + "/*"]
    manifest["content_security_policy"] = {
        "extension_pages": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        f"connect-src 'self' {host or 'https:'}; form-action 'none'; base-uri 'none'"
    }
    return manifest


def checked(host: str) -> str:
    """An address without path, to which a token may be sent: https, or http to this machine itself.

    Raises:
        WrongUse: it is another one; nothing that could end a quotation in a script passes.
    """
    found = re.fullmatch(r"(https?)://([\w.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?/?", host, re.ASCII)
    if found is None or (found[1] == "http" and found[2].strip("[]") not in LOOPBACK):
        raise WrongUse(
            problem=f"“{host}” is no address for a mail client: it takes https://NAME, or http:// to this machine.",
            problem_de=f"„{host}“ ist keine Adresse für ein Mailprogramm: möglich sind https://NAME, oder http:// "
            "zu diesem Rechner selbst.",
        )
    return host.rstrip("/")


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def own_version() -> str:
    """Kingpost's own version as mail clients take it: numbers and dots."""
    try:
        found = re.match(r"\d+(\.\d+){0,3}", version("kingpost"))
    except PackageNotFoundError:
        found = None
    return found[0] if found else "0"
