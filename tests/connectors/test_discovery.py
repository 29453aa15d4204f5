"""Finding a mailbox's server: what the DNS says, what a provider publishes, and what hostile answers do (nothing)."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.finding_servers import Source, Sources, find_server
from connectors.discovery import Service, autoconfig, dns, exchangers, published, services
from rules.providers import ImapServer
from rules.terms.mail import Tls

ADDRESS = "info@muster.test"
CONFIG = """<?xml version="1.0"?><clientConfig version="1.1"><emailProvider id="muster.test">
<incomingServer type="pop3"><hostname>pop.muster.test</hostname><port>995</port>
<socketType>SSL</socketType></incomingServer>
<incomingServer type="imap"><hostname>Imap.muster.test</hostname><port>143</port><socketType>{tls}</socketType>
<username>{user}</username></incomingServer></emailProvider></clientConfig>"""


def name(text: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".") if label) + b"\0"


def record(kind: int, data: bytes) -> bytes:
    return b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(data)) + data


def srv(priority: int, weight: int, port: int, host: str) -> bytes:
    return record(dns.SRV, struct.pack("!HHH", priority, weight, port) + name(host))


def mx(preference: int, host: str) -> bytes:
    return record(dns.MX, struct.pack("!H", preference) + name(host))


def answer(query: bytes, *records: bytes, flags: int = 0x8180) -> bytes:
    return query[:2] + struct.pack("!HHHHH", flags, 1, len(records), 0, 0) + query[12:] + b"".join(records)


@contextmanager
def resolver(
    say: Callable[[bytes], list[bytes]], whole: Callable[[bytes], bytes] | None = None
) -> Iterator[dns.Server]:
    """A name server on loopback; `whole` is what it says over TCP."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
        udp.bind(("127.0.0.1", 0))
        tcp.bind(udp.getsockname())
        tcp.listen()

        def serve() -> None:
            while True:
                try:
                    query, asker = udp.recvfrom(4096)
                except OSError:
                    return
                for one in say(query):
                    udp.sendto(one, asker)

        def serve_whole() -> None:
            try:
                sock, _ = tcp.accept()
            except OSError:
                return
            with sock:
                query = sock.recv(4096)[2:]
                said = whole(query) if whole else b""
                sock.sendall(struct.pack("!H", len(said)) + said)

        for target in (serve, serve_whole):
            threading.Thread(target=target, daemon=True).start()
        yield udp.getsockname()
        for sock in (udp, tcp):
            sock.close()


def test_services_come_in_the_order_of_priority_and_weight() -> None:
    def say(query: bytes) -> list[bytes]:
        return [
            answer(
                query,
                srv(20, 0, 993, "b.muster.test"),
                srv(10, 1, 993, "c.muster.test"),
                srv(10, 9, 994, "A.muster.test"),
            )
        ]

    with resolver(say) as server:
        found = services("_imaps._tcp.muster.test", [server])
    assert found == [Service("a.muster.test", 994), Service("c.muster.test", 993), Service("b.muster.test", 993)]


def test_a_lone_dot_says_that_there_is_no_such_service() -> None:
    with resolver(lambda query: [answer(query, srv(0, 0, 0, "."))]) as server:
        assert services("_imaps._tcp.muster.test", [server]) == []


def test_a_cut_answer_is_asked_for_again_over_tcp() -> None:
    with resolver(
        lambda query: [answer(query, flags=0x8380)], lambda query: answer(query, mx(10, "mx.ionos.test"))
    ) as server:
        assert exchangers("muster.test", [server]) == ["mx.ionos.test"]


def test_an_answer_to_another_question_is_passed_over() -> None:
    def say(query: bytes) -> list[bytes]:
        other = bytes([query[0] ^ 1]) + query[1:]
        return [answer(other, mx(1, "mx.boese.test")), answer(query, mx(10, "mx.muster.test"))]

    with resolver(say) as server:
        assert exchangers("muster.test", [server]) == ["mx.muster.test"]


def test_the_next_resolver_is_asked_where_one_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dns, "SECONDS", 0.2)
    with resolver(lambda query: []) as silent, resolver(lambda query: [answer(query, mx(1, "mx.muster.test"))]) as good:
        assert exchangers("muster.test", [silent, good]) == ["mx.muster.test"]
        began = time.monotonic()
        assert exchangers("muster.test", [silent]) == []
        assert time.monotonic() - began < 2


@given(st.binary(max_size=600))
def test_whatever_a_name_server_says_reading_it_ends(noise: bytes) -> None:
    message = struct.pack("!HHHHHH", 1, 0x8180, 1, 3, 0, 0) + name("muster.test") + b"\0\x0f\0\x01" + noise
    try:
        found = [dns._host(one.message, one.start + 2) for one in dns._records(message, dns.MX)]
    except (dns.Unreadable, struct.error):
        return
    assert all(not host or dns._NAME.fullmatch(host) for host in found)


def test_compression_that_leads_in_circles_is_no_name() -> None:
    with pytest.raises(dns.Unreadable):
        dns._host(b"\xc0\x00", 0)


def asking(files: dict[str, httpx.Response], asked: list[str] | None = None) -> httpx.Client:
    def handle(request: httpx.Request) -> httpx.Response:
        if asked is not None:
            asked.append(str(request.url))
        return files.get(str(request.url).partition("?")[0], httpx.Response(404))

    return httpx.Client(transport=httpx.MockTransport(handle))


FIRST, SECOND = (
    "https://autoconfig.muster.test/mail/config-v1.1.xml",
    "https://muster.test/.well-known/autoconfig/mail/config-v1.1.xml",
)


def ours(tls: str = "STARTTLS", user: str = "%EMAILLOCALPART%") -> httpx.Response:
    return httpx.Response(200, text=CONFIG.format(tls=tls, user=user))


def test_a_published_file_names_server_port_protection_and_user() -> None:
    for url in (FIRST, SECOND):
        found = published(ADDRESS, asking({url: ours()}), lambda host: True)
        assert found == ImapServer("imap.muster.test", "info", 143, Tls.STARTTLS)


def test_an_unprotected_server_is_none() -> None:
    assert published(ADDRESS, asking({FIRST: ours("plain")}), lambda host: True) is None


def test_nothing_inside_the_house_is_asked_and_nothing_in_clear() -> None:
    asked: list[str] = []
    assert published(ADDRESS, asking({FIRST: ours()}, asked), lambda host: False) is None
    assert not asked
    for there in ("http://autoconfig.muster.test/x", "https://innen.muster.test/x", "file:///etc/passwd"):
        led = {FIRST: httpx.Response(302, headers={"location": there}), "https://innen.muster.test/x": ours()}
        asked = []
        assert published(ADDRESS, asking(led, asked), lambda host: host.startswith("autoconfig")) is None
        assert not [url for url in asked if url.startswith(there)]


def test_redirects_end() -> None:
    asked: list[str] = []
    round_and_round = {FIRST: httpx.Response(302, headers={"location": FIRST})}
    assert published(ADDRESS, asking(round_and_round, asked), lambda host: True) is None
    assert len(asked) <= 2 * (autoconfig.MOST_REDIRECTS + 1)


def test_private_addresses_are_not_public() -> None:
    assert not autoconfig.is_public("localhost")
    assert not autoconfig.is_public("10.0.0.1")
    assert not autoconfig.is_public("169.254.169.254")
    assert not autoconfig.is_public("")


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE x [<!ENTITY a "b">]><clientConfig/>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><clientConfig/>',
        b"<a>" * 30_000,
        b"x" * 200_000,
        b"",
        b"\xff\xfe<",
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x><a/>'.encode("utf-16"),
    ],
)
def test_what_is_no_such_file_names_nobody(body: bytes) -> None:
    assert autoconfig.parsed(body, ADDRESS) is None


@given(st.text(max_size=80), st.text(max_size=10), st.text(max_size=60))
def test_whatever_a_file_says_a_server_is_one(host: str, port: str, user: str) -> None:
    from xml.sax.saxutils import escape

    body = (
        f'<c><incomingServer type="imap"><hostname>{escape(host)}</hostname><port>{escape(port)}</port>'
        f"<socketType>SSL</socketType><username>{escape(user)}</username></incomingServer></c>"
    )
    found = autoconfig.parsed(body.encode("utf-8", "replace"), ADDRESS)
    if found is not None:
        assert autoconfig._HOST.fullmatch(found.host)
        assert 0 < found.port < 65536
        assert found.user.isprintable()


@given(st.binary(max_size=400))
def test_noise_is_no_file(noise: bytes) -> None:
    autoconfig.parsed(noise, ADDRESS)


def nobody() -> Sources:
    return Sources(lambda name: [], lambda domain: [], lambda address: None)


def test_known_providers_come_first_and_nobody_is_asked() -> None:
    def asked(_: str) -> list[Service]:
        raise AssertionError

    found = find_server("Kanzlei@T-Online.de", Sources(asked, asked, asked))  # type: ignore[arg-type]
    assert (found.server.host, found.source) == ("secureimap.t-online.de", Source.PROVIDER)
    assert "E-Mail-Passwort" in found.provider.hint("de") if found.provider else False


def test_a_domains_own_word_comes_before_its_exchanger_and_its_file() -> None:
    sources = Sources(
        lambda name: [Service("imap.muster.de", 993)] if name.startswith("_imaps") else [],
        lambda domain: ["mx00.ionos.de"],
        lambda address: ImapServer("file.muster.de", address),
    )
    assert find_server("info@muster.de", sources).server == ImapServer("imap.muster.de", "info@muster.de")


def test_a_firms_own_domain_is_known_by_its_exchanger() -> None:
    sources = Sources(lambda name: [], lambda domain: ["mx00.ionos.de"], lambda address: None)
    found = find_server("info@muster.de", sources)
    assert (found.server.host, found.provider and found.provider.name) == ("imap.ionos.de", "IONOS")


def test_at_last_what_is_usual_is_shown_as_a_guess() -> None:
    found = find_server("info@muster.de", nobody())
    assert (found.server.host, found.source) == ("imap.muster.de", Source.GUESS)


def test_names_of_the_house_are_asked_nowhere() -> None:
    def asked(_: str) -> list[str]:
        raise AssertionError

    for domain in ("muster.local", "muster.example", "localhost"):
        assert find_server(f"info@{domain}", Sources(asked, asked, asked)).source is Source.GUESS  # type: ignore[arg-type]
