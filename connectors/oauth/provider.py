"""Where a provider hands out tokens, and as whom we ask it. The well-known ones as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Endpoints:
    """A provider's addresses and ways; `{tenant}` in an address stands for the firm's own part of it.

    `extra` goes with each request for a sign-in in the browser. `issuer` is what the provider calls itself when it
    sends people back (RFC 9207), where it does. `for_application` are the scopes where no person signs in.
    """

    authorize_url: str = ""
    token_url: str = ""
    device_url: str = ""
    issuer: str = ""
    scopes: tuple[str, ...] = ()
    for_application: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)


KNOWN: Mapping[str, Endpoints] = {
    # developers.google.com/identity/protocols/oauth2. Google gives no mail access to devices without a browser, and a
    # refresh token only to who asks for consent.
    "google": Endpoints(
        authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
        token_url="https://oauth2.googleapis.com/token",  # noqa: S106
        issuer="https://accounts.google.com",
        scopes=("https://mail.google.com/",),
        extra={"access_type": "offline", "prompt": "consent"},
    ),
    # learn.microsoft.com: “Authenticate an IMAP, POP or SMTP connection using OAuth”.
    "microsoft": Endpoints(
        authorize_url="https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",
        token_url="https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",  # noqa: S106
        device_url="https://login.microsoftonline.com/{tenant}/oauth2/v2.0/devicecode",
        scopes=("https://outlook.office.com/IMAP.AccessAsUser.All", "offline_access"),
        for_application=("https://outlook.office365.com/.default",),
        extra={"prompt": "select_account"},
    ),
}


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider and our registration with it. `name` is the firm's word for it; `ca_file` an authority of its own."""

    name: str
    endpoints: Endpoints
    client_id: str
    client_secret: str = field(default="", repr=False)
    scopes: tuple[str, ...] = ()
    app_only: bool = False
    ca_file: str | None = None

    @property
    def host(self) -> str:
        """The host that hands out tokens."""
        return urlsplit(self.endpoints.token_url).hostname or ""

    @property
    def port(self) -> int:
        """Its port."""
        parts = urlsplit(self.endpoints.token_url)
        return parts.port or (443 if parts.scheme == "https" else 80)
