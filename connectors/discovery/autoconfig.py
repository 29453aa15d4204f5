"""What a provider publishes for mail programs: Mozilla's autoconfig file, over HTTPS only.

Asked are https://autoconfig.DOMAIN/mail/config-v1.1.xml and the same under DOMAIN/.well-known/. A file names servers;
it is shown to a person before a password goes there. Nothing inside the house is asked: each name, also one that a
redirect leads to, must have public addresses only.
"""

import ipaddress
import re
import socket
import time
from collections.abc import Callable
from urllib.parse import quote, urljoin, urlsplit

import httpx
from lxml import etree

from rules.providers import ImapServer
from rules.terms.mail import Tls

LARGEST = 100_000
SECONDS = 6.0
MOST_REDIRECTS = 3
_HOST = re.compile(r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}", re.IGNORECASE)
_TLS = {"SSL": Tls.IMPLICIT, "STARTTLS": Tls.STARTTLS}


def published(
    address: str, client: httpx.Client | None = None, public: Callable[[str], bool] | None = None
) -> ImapServer | None:
    """The IMAP server that the domain of an address names, None where it names none.

    Args:
        address: the mailbox's address; its provider is told it, nobody else.
        client: how to ask; by default with certificates verified against the machine's authorities.
        public: whether a host may be asked; by default whether all its addresses are public.
    """
    domain = address.rpartition("@")[2].lower()
    if not _HOST.fullmatch(domain):
        return None
    until = time.monotonic() + SECONDS
    with client or httpx.Client(timeout=SECONDS / 2, trust_env=False) as asking:
        for url in (
            f"https://autoconfig.{domain}/mail/config-v1.1.xml?emailaddress={quote(address)}",
            f"https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress={quote(address)}",
        ):
            body = _fetched(asking, url, public or is_public, until)
            if body is not None and (found := parsed(body, address)) is not None:
                return found
    return None


def parsed(body: bytes, address: str) -> ImapServer | None:
    """The first protected IMAP server of an autoconfig file; None where there is none, or the file is none.

    Args:
        body: the file, whatever somebody put there.
        address: for what its placeholders stand.
    """
    # Entities are a way to blow a small file up, or to read local ones: a file that declares any is no such file.
    if len(body) > LARGEST or b"<!DOCTYPE" in body.upper() or b"<!ENTITY" in body.upper():
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is None or root.getroottree().docinfo.doctype:
        return None
    for server in root.iter("incomingServer"):
        if (server.get("type") or "").lower() == "imap" and (found := _server(server, address)) is not None:
            return found
    return None


def is_public(host: str) -> bool:
    """Whether all addresses of a host are public ones."""
    try:
        found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return bool(found) and all(ipaddress.ip_address(str(one[4][0]).partition("%")[0]).is_global for one in found)


def _server(server: "etree._Element", address: str) -> ImapServer | None:
    local, _, domain = address.rpartition("@")

    def said(name: str) -> str:
        text = (server.findtext(name) or "").strip()
        for mark, value in (("%EMAILADDRESS%", address), ("%EMAILLOCALPART%", local), ("%EMAILDOMAIN%", domain)):
            text = text.replace(mark, value)
        return text

    host, port, user = said("hostname").lower(), said("port"), said("username") or address
    tls = _TLS.get(said("socketType").upper())
    fit = _HOST.fullmatch(host) and port.isascii() and port.isdecimal() and len(port) < 6 and 0 < int(port) < 65536
    if tls is None or not fit or len(user) > 254 or not user.isprintable():
        return None
    return ImapServer(host, user, int(port), tls)


def _fetched(client: httpx.Client, url: str, public: Callable[[str], bool], until: float) -> bytes | None:
    """A file over HTTPS; None for whatever comes between."""
    for _ in range(MOST_REDIRECTS + 1):
        parts = urlsplit(url)
        if parts.scheme != "https" or not public(parts.hostname or "") or time.monotonic() > until:
            return None
        try:
            with client.stream("GET", url, follow_redirects=False) as answer:
                if answer.is_redirect:
                    url = urljoin(url, answer.headers.get("location", ""))
                    continue
                if answer.status_code != 200:
                    return None
                body = b""
                for part in answer.iter_bytes():
                    body += part
                    if len(body) > LARGEST or time.monotonic() > until:
                        return None
                return body
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            return None
    return None
