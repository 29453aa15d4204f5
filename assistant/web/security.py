"""What every answer says to the browser, and under which host names we answer at all."""

import re
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

from assistant.settings import Settings

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# Bound to every address of the machine: says nothing about a name.
ANY = frozenset({"0.0.0.0", "::", ""})  # noqa: S104

# What other sites may frame, if the settings name them: the sidebar, and the summary that mail clients show.
EMBEDDED = re.compile(r"/sidebar|/api/v1/customers/[^/]+/summary")


# The pane inside Outlook, and the script by which Outlook says which mail is open. It goes with the version of Outlook,
# so that it has to come from Microsoft's own address.
OUTLOOK_PANE = "/clients/outlook"
OFFICE_JS = "https://appsforoffice.microsoft.com/lib/1/hosted/office.js"


def content_policy(embed_origins: Iterable[str] = ()) -> str:
    """The Content-Security-Policy of our pages: nothing but our own files, no inline script or style."""
    ancestors = " ".join(["'self'", *embed_origins])
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {ancestors}; frame-src 'self'"
    )


def pane_policy(hosts: Iterable[str]) -> str:
    """The policy of the pane inside Outlook: Microsoft's script may run there, and ask nobody but us.

    Args:
        hosts: who may frame it.
    """
    script, ancestors = urlsplit(OFFICE_JS), " ".join(["'self'", *hosts])
    return (
        f"default-src 'none'; script-src 'self' {script.scheme}://{script.netloc}; style-src 'self'; img-src 'self'; "
        f"connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors {ancestors}"
    )


def is_https(settings: Settings) -> bool:
    """Whether people reach us over TLS, here or at a proxy in front."""
    return settings.base_url.startswith("https://")


class SecurityHeaders:
    """A hook before sending: sets what a handler has not set more strictly itself."""

    def __init__(self, settings: Settings) -> None:
        common = {
            "x-content-type-options": "nosniff",
            "referrer-policy": "same-origin",
            "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "cache-control": "no-store",
        }
        if is_https(settings):
            common["strict-transport-security"] = "max-age=31536000"
        self._headers = {
            **common,
            "content-security-policy": content_policy(),
            "x-frame-options": "SAMEORIGIN",
        }
        embed_origins = settings.web.embed_origins
        self._embedded = self._headers
        if embed_origins:
            self._embedded = {**common, "content-security-policy": content_policy(embed_origins)}
        self._pane = self._headers
        if settings.outlook.enabled:
            self._pane = {**common, "content-security-policy": pane_policy(settings.outlook.hosts)}

    async def __call__(self, message: Message, scope: Scope) -> None:
        """Add the headers to the start of an answer."""
        if message["type"] != "http.response.start":
            return
        headers = MutableScopeHeaders.from_message(message)
        for name, value in self._of(scope["path"]).items():
            headers.setdefault(name, value)

    def _of(self, path: str) -> dict[str, str]:
        if path == OUTLOOK_PANE:
            return self._pane
        return self._embedded if EMBEDDED.fullmatch(path) else self._headers


def own_hosts(settings: Settings) -> Callable[[str | None], bool]:
    """Tells whether a Host header (or the host of an origin) names us: the base URL, the bind address, this machine.

    A page of a stranger that points its own name at our address (DNS rebinding) is not answered. The port does not
    matter to that and is left out: a proxy may have another one.
    """
    bound = _host(settings.web.bind)
    names = {_host(urlsplit(settings.base_url).netloc), bound, *LOOPBACK} - ANY

    def ours(host: str | None) -> bool:
        return host is not None and _host(host) in names

    return ours


def _host(netloc: str) -> str:
    """The lower-case host of `host:port`, without the brackets of an IPv6 address; "" for what is none."""
    try:
        return urlsplit(f"//{netloc}").hostname or ""
    except ValueError:
        return ""
