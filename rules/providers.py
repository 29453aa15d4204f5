"""The mail providers that German, Austrian and Swiss firms use: where their IMAP is, what they want first.

A provider is found by the domain of an address, or, for a firm with a domain of its own, by the name of the server that
takes its mail (MX). All of them speak TLS on port 993 and take the whole address as login name, unless it is said here.

Hosts, login names, domains and MX names were compared in November 2026 with Thunderbird's database of providers
(github.com/thunderbird/autoconfig, folder ispdb); what comes from elsewhere says so. Who could not be proved is not
here: such a mailbox is found by the DNS or by what its provider publishes.
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
    """A provider. `domains` are those that strangers share at it, `exchangers` the ends of its MX names.

    `hints` say in English and German what its customers must do first. `sign_in`: whose OAuth2 it takes. `local_login`:
    the login name is what stands before the address's “@”.
    """

    name: str
    host: str
    domains: frozenset[str] = frozenset()
    exchangers: tuple[str, ...] = ()
    hints: tuple[str, str] = ("", "")
    sign_in: Literal["", "google", "microsoft"] = ""
    local_login: bool = False

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


_FOR_PROGRAMS_EN = (
    "{name} does not take the account's password from mail programs: make an app password at {site} and use that."
)
_FOR_PROGRAMS_DE = (
    "{name} nimmt von Mailprogrammen nicht das Passwort des Kontos: Legen Sie unter {site} ein anwendungsspezifisches "
    "Passwort an und verwenden Sie dieses."
)


def _own_password(name: str) -> tuple[str, str]:
    return _MAILBOX_PASSWORD_EN.format(name=name), _MAILBOX_PASSWORD_DE.format(name=name)


def _to_switch_on(name: str, site: str) -> tuple[str, str]:
    return _SWITCH_ON_EN.format(name=name, site=site), _SWITCH_ON_DE.format(name=name, site=site)


def _app_password(name: str, site: str) -> tuple[str, str]:
    return _FOR_PROGRAMS_EN.format(name=name, site=site), _FOR_PROGRAMS_DE.format(name=name, site=site)


PROVIDERS: tuple[Provider, ...] = (
    Provider(
        "IONOS",
        "imap.ionos.de",
        frozenset(),
        ("ionos.de", "kundenserver.de", "schlund.de"),
        _own_password("IONOS"),
    ),
    Provider("IONOS (USA)", "imap.ionos.com", frozenset(), ("ionos.com", "1and1.com", "perfora.net")),
    Provider(
        "1&1",
        "imap.1und1.de",
        frozenset(
            "online.de onlinehome.de sofortstart.de sofort-start.de sofortsurf.de sofort-surf.de go4more.de".split()
        ),
    ),
    Provider("STRATO", "imap.strato.de", frozenset(), ("rzone.de", "strato.de"), _own_password("STRATO")),
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
        frozenset("gmx.de gmx.net gmx.at gmx.ch gmx.eu gmx.org gmx.info gmx.biz mein.gmx mail.gmx email.gmx".split()),
        ("gmx.net",),
        _to_switch_on("GMX", "gmx.net"),
    ),
    Provider(
        "GMX (gmx.com)",
        "imap.gmx.com",
        frozenset("gmx.com gmx.us gmx.co.uk gmx.fr gmx.es gmx.it gmx.li".split()),
        hints=_to_switch_on("GMX", "gmx.com"),
    ),
    Provider(
        "WEB.DE",
        "imap.web.de",
        frozenset({"web.de"}),
        ("web.de",),
        _to_switch_on("WEB.DE", "web.de"),
        local_login=True,
    ),
    Provider(
        "freenet",
        "mx.freenet.de",
        frozenset({"freenet.de"}),
        hints=(
            "freenet answers mail programs only when you have allowed it: sign in at freenet.de, open the settings of "
            "your mailbox, then POP3/IMAP/SMTP, and switch it on.",
            "freenet antwortet Mailprogrammen erst, wenn Sie es erlaubt haben: Melden Sie sich bei freenet.de an, "
            "öffnen Sie in den Einstellungen Ihres Postfachs „POP3/IMAP/SMTP“ und schalten Sie es ein.",
        ),
    ),
    # The hosts: FairEmail's settings. Arcor's addresses: Delta Chat's database of providers.
    Provider("Vodafone", "imap.vodafonemail.de", frozenset({"vodafonemail.de"})),
    Provider("Arcor", "imap.arcor.de", frozenset({"arcor.de"})),
    Provider("domainfactory", "sslin.df.eu", frozenset(), ("ispgateway.de",), _own_password("domainfactory")),
    # Not in the database. Each customer's server is also their MX, as public set-ups at this host show.
    Provider("ALL-INKL.COM", MX, frozenset(), ("kasserver.com",), _own_password("ALL-INKL.COM")),
    Provider("Hetzner", "mail.your-server.de", frozenset(), ("your-server.de",), _own_password("Hetzner")),
    Provider(
        "mailbox.org",
        "imap.mailbox.org",
        frozenset({"mailbox.org"}),
        ("mailbox.org",),
        (
            "With two-factor sign-in, mailbox.org wants an application password: you make it in its settings.",
            "Bei Zwei-Faktor-Anmeldung verlangt mailbox.org ein Applikationspasswort: Sie legen es dort in den "
            "Einstellungen an.",
        ),
    ),
    Provider(
        "Posteo",
        "posteo.de",
        frozenset(f"posteo.{end}" for end in "de net org eu at ch com li lu it fr nl be pl cz dk es uk us".split()),
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
        frozenset(
            "outlook.com outlook.de outlook.at hotmail.com hotmail.de live.com live.de live.at msn.com "
            "windowslive.com".split()
        ),
        ("mail.protection.outlook.com", "mx.microsoft", "olc.protection.outlook.com"),
        hints=(
            "Microsoft takes no passwords of mail programs any more. Sign in with Microsoft.",
            "Microsoft nimmt keine Passwörter von Mailprogrammen mehr an. Melden Sie sich mit Microsoft an.",
        ),
        sign_in="microsoft",
    ),
    Provider(
        "Yahoo",
        "imap.mail.yahoo.com",
        frozenset({"yahoo.de", "yahoo.com", "ymail.com", "rocketmail.com"}),
        hints=_app_password("Yahoo", "login.yahoo.com"),
    ),
    Provider(
        "iCloud",
        "imap.mail.me.com",
        frozenset({"icloud.com", "me.com", "mac.com"}),
        hints=_app_password("Apple", "account.apple.com"),
        local_login=True,
    ),
    Provider("A1", "securemail.a1.net", frozenset({"a1.net", "aon.at"})),
    # The host: Swisscom's own help page.
    Provider("Bluewin", "imaps.bluewin.ch", frozenset({"bluewin.ch"})),
    # The host: Infomaniak's own help page. The MX, here and below: zone files of its customers.
    Provider("Infomaniak", "mail.infomaniak.com", frozenset(), ("mta-gw.infomaniak.ch",)),
    Provider("Hostpoint", "imap.mail.hostpoint.ch", frozenset(), ("mail.hostpoint.ch",)),
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
    user = address.rpartition("@")[0] if provider.local_login else address
    return ImapServer(provider.host.replace(MX, exchanger), user)


def usual_server(address: str) -> ImapServer:
    """What Plesk, Dovecot and most hosts do, where nobody said anything: the domain's own name with “imap.” before."""
    return ImapServer(f"imap.{address.rpartition('@')[2]}", address)
