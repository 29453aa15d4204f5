"""The mail providers that German firms use: by which names they are known, where their IMAP is, what they want first.

A provider is found by the domain of an address, or, for a firm with a domain of its own, by the name of the server that
takes its mail (MX). All of them speak TLS on port 993 and take the whole address as login name, unless it is said here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rules.terms.mail import Tls

# The place of the mail exchanger's own name: some hosts give each customer a server.
MX = "{mx}"


@dataclass(frozen=True, slots=True)
class ImapServer:
    """Where and under which name a mailbox is read."""

    host: str
    user: str
    port: int = 993
    tls: Tls = Tls.IMPLICIT


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider. `domains` are its own addresses' domains, `exchangers` the ends of its MX names.

    `hints` say in English and German what its customers must do first. `sign_in`: whose OAuth2 it takes.
    """

    name: str
    host: str
    domains: frozenset[str] = frozenset()
    exchangers: tuple[str, ...] = ()
    hints: tuple[str, str] = ("", "")
    sign_in: Literal["", "google", "microsoft"] = ""

    def hint(self, language: str) -> str:
        """What has to be done first, for a reader of `language`."""
        return self.hints[language == "de"]


_SWITCH_ON_EN = (
    "{name} answers mail programs only when you have allowed it: sign in at {site}, open E-mail, then Settings, "
    "POP3/IMAP, and allow it. With two-factor sign-in, make an app password there and use that."
)
_SWITCH_ON_DE = (
    "{name} antwortet Mailprogrammen erst, wenn Sie es erlaubt haben: Melden Sie sich bei {site} an, öffnen Sie "
    "E-Mail, dann Einstellungen, POP3/IMAP-Abruf, und erlauben Sie ihn. Bei Zwei-Faktor-Anmeldung legen Sie dort ein "
    "anwendungsspezifisches Passwort an und verwenden dieses."
)
_MAILBOX_PASSWORD_EN = "Take the password of the mailbox, not that of your {name} customer account."  # noqa: S105
_MAILBOX_PASSWORD_DE = "Nehmen Sie das Passwort des Postfachs, nicht das Ihres {name}-Kundenkontos."  # noqa: S105


def _own_password(name: str) -> tuple[str, str]:
    return _MAILBOX_PASSWORD_EN.format(name=name), _MAILBOX_PASSWORD_DE.format(name=name)


def _to_switch_on(name: str, site: str) -> tuple[str, str]:
    return _SWITCH_ON_EN.format(name=name, site=site), _SWITCH_ON_DE.format(name=name, site=site)


PROVIDERS: tuple[Provider, ...] = (
    Provider(
        "IONOS",
        "imap.ionos.de",
        frozenset({"online.de", "onlinehome.de"}),
        ("ionos.de", "ionos.com", "kundenserver.de", "1and1.com", "perfora.net"),
        _own_password("IONOS"),
    ),
    Provider("STRATO", "imap.strato.de", frozenset({"strato.de"}), ("rzone.de", "strato.de"), _own_password("STRATO")),
    Provider(
        "T-Online",
        "secureimap.t-online.de",
        frozenset({"t-online.de", "magenta.de"}),
        ("t-online.de",),
        hints=(
            "T-Online wants its separate e-mail password, not that of your Telekom login. You set it in Telekom's "
            "customer centre under the passwords, as “password for e-mail programs”.",
            "T-Online verlangt sein eigenes E-Mail-Passwort, nicht das Ihres Telekom-Logins. Sie legen es im "
            "Telekom-Kundencenter bei den Passwörtern fest, als „Passwort für E-Mail-Programme“.",
        ),
    ),
    Provider(
        "GMX",
        "imap.gmx.net",
        frozenset({"gmx.de", "gmx.net", "gmx.at", "gmx.ch", "gmx.eu", "gmx.org", "gmx.info", "gmx.biz"}),
        ("gmx.net",),
        _to_switch_on("GMX", "gmx.net"),
    ),
    Provider("WEB.DE", "imap.web.de", frozenset({"web.de"}), ("web.de",), _to_switch_on("WEB.DE", "web.de")),
    Provider("ALL-INKL.COM", MX, frozenset(), ("kasserver.com",), _own_password("ALL-INKL.COM")),
    Provider("Hetzner", "mail.your-server.de", frozenset(), ("your-server.de",), _own_password("Hetzner")),
    Provider("mailbox.org", "imap.mailbox.org", frozenset({"mailbox.org"}), ("mailbox.org",)),
    Provider(
        "Posteo",
        "posteo.de",
        frozenset({"posteo.de", "posteo.net", "posteo.org", "posteo.eu", "posteo.at", "posteo.ch", "posteo.com"}),
        ("posteo.de",),
    ),
    Provider(
        "Google",
        "imap.gmail.com",
        frozenset({"gmail.com", "googlemail.com"}),
        ("google.com", "googlemail.com"),
        hints=(
            "Sign in with Google. A password works only as an app password, which Google gives out at "
            "myaccount.google.com/apppasswords once two-step sign-in is on.",
            "Melden Sie sich mit Google an. Ein Passwort geht nur als App-Passwort, das Google unter "
            "myaccount.google.com/apppasswords ausgibt, sobald die Bestätigung in zwei Schritten eingeschaltet ist.",
        ),
        sign_in="google",
    ),
    Provider(
        "Microsoft 365",
        "outlook.office365.com",
        frozenset({"outlook.com", "outlook.de", "hotmail.com", "hotmail.de", "live.com", "live.de", "msn.com"}),
        ("mail.protection.outlook.com", "mx.microsoft", "olc.protection.outlook.com"),
        hints=(
            "Microsoft takes no passwords of mail programs any more. Sign in with Microsoft.",
            "Microsoft nimmt keine Passwörter von Mailprogrammen mehr an. Melden Sie sich mit Microsoft an.",
        ),
        sign_in="microsoft",
    ),
)


def by_domain(domain: str) -> Provider | None:
    """Whose addresses end so."""
    return next((one for one in PROVIDERS if domain.lower() in one.domains), None)


def by_exchanger(exchangers: Iterable[str]) -> tuple[Provider, str] | None:
    """Who takes a domain's mail, and the name of the server that does.

    Args:
        exchangers: the MX names, the most preferred first.
    """
    for name in exchangers:
        plain = name.lower().rstrip(".")
        for one in PROVIDERS:
            if any(plain == end or plain.endswith("." + end) for end in one.exchangers):
                return one, plain
    return None


def server_at(provider: Provider, address: str, exchanger: str = "") -> ImapServer:
    """Where the mailbox of an address is read at a provider.

    Args:
        provider: whose customer it is.
        address: the mailbox's address.
        exchanger: the name of the server that takes its mail, where the provider was found by it.
    """
    return ImapServer(provider.host.replace(MX, exchanger), address)


def usual_server(address: str) -> ImapServer:
    """What Plesk, Dovecot and most hosts do, where nobody said anything: the domain's own name with “imap.” before."""
    return ImapServer(f"imap.{address.rpartition('@')[2]}", address)
