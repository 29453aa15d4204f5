"""The mail providers that are known: each is found, has a server to try, and is what its provider publishes."""

import re

from rules.addresses import is_freemail
from rules.providers import PROVIDERS, ImapServer, by_domain, by_exchanger, server_at
from rules.terms.mail import Tls


def test_every_provider_is_found_by_what_is_said_of_it_and_has_a_server() -> None:
    for provider in PROVIDERS:
        assert provider.domains or provider.exchangers
        assert bool(provider.hint("en")) == bool(provider.hint("de"))
        for domain in provider.domains:
            assert by_domain(domain.upper()) is provider
        for end in provider.exchangers:
            found = by_exchanger([f"mx01.{end}."])
            assert found is not None
            assert found[0] is provider
            assert "{" not in server_at(*found[:1], "a@muster.example", found[1]).host


def test_each_provider_is_spoken_to_under_a_name_of_a_server_with_tls_from_the_first_byte() -> None:
    label = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
    name = re.compile(rf"(?:{label}\.)+[a-z]{{2,}}")
    domains = [domain for provider in PROVIDERS for domain in provider.domains]
    ends = [end for provider in PROVIDERS for end in provider.exchangers]
    assert len(set(domains)) == len(domains)
    assert [end for end in ends if (found := by_exchanger([end])) is None or end not in found[0].exchangers] == []
    for provider in PROVIDERS:
        server = server_at(provider, "info@muster.example", "w01.kasserver.com")
        for one in (server.host, *provider.domains, *provider.exchangers):
            assert name.fullmatch(one), one
        assert (server.port, server.tls) == (993, Tls.IMPLICIT)
        assert server.user == ("info" if provider.local_login else "info@muster.example")
        # A domain that strangers share speaks for nobody's firm.
        for domain in provider.domains:
            assert is_freemail(domain), domain


def test_what_was_compared_with_what_others_publish_stays_so() -> None:
    """Thunderbird's database of providers, November 2026: host and login name."""
    for address, host, user in (
        ("a@t-online.de", "secureimap.t-online.de", "a@t-online.de"),
        ("a@gmx.at", "imap.gmx.net", "a@gmx.at"),
        ("a@gmx.com", "imap.gmx.com", "a@gmx.com"),
        ("a@web.de", "imap.web.de", "a"),
        ("a@online.de", "imap.1und1.de", "a@online.de"),
        ("a@freenet.de", "mx.freenet.de", "a@freenet.de"),
        ("a@posteo.li", "posteo.de", "a@posteo.li"),
        ("a@aon.at", "securemail.a1.net", "a@aon.at"),
        ("a@icloud.com", "imap.mail.me.com", "a"),
        ("a@hotmail.de", "outlook.office365.com", "a@hotmail.de"),
    ):
        provider = by_domain(address.partition("@")[2])
        assert provider is not None
        assert server_at(provider, address) == ImapServer(host, user)
    for exchanger, host in (
        ("mx00.kundenserver.de", "imap.ionos.de"),
        ("mx00.ionos.com", "imap.ionos.com"),
        ("smtpin.rzone.de", "imap.strato.de"),
        ("mx00.ispgateway.de", "sslin.df.eu"),
        ("www123.your-server.de", "mail.your-server.de"),
        ("muster-de.mail.protection.outlook.com", "outlook.office365.com"),
        ("aspmx.l.google.com", "imap.gmail.com"),
        ("mta-gw.infomaniak.ch", "mail.infomaniak.com"),
        ("mx1.mail.hostpoint.ch", "imap.mail.hostpoint.ch"),
    ):
        found = by_exchanger([exchanger])
        assert found is not None
        assert server_at(found[0], "info@muster.example", found[1]) == ImapServer(host, "info@muster.example")


def test_a_host_that_gives_each_customer_a_server_is_known_by_its_exchanger() -> None:
    found = by_exchanger(["w0123456.kasserver.com"])
    assert found is not None
    assert server_at(found[0], "info@muster.example", found[1]).host == "w0123456.kasserver.com"


def test_a_name_that_only_ends_alike_is_another() -> None:
    assert by_exchanger(["mx.notionos.de", "ionos.de.boese.example"]) is None
    assert by_domain("xgmx.de") is None
