"""Questions to the DNS that the standard library cannot ask: SRV (RFC 2782) and MX records (RFC 1035).

One datagram to each of the machine's resolvers in turn, and TCP where the answer was cut. What comes back is a
stranger's: every bound is checked, and what does not add up is no answer.
"""

import re
import secrets
import socket
import struct
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

RESOLVERS = Path("/etc/resolv.conf")
SECONDS = 2.0
MX, SRV = 15, 33
_IN = 1
_MOST_JUMPS, _MOST_RECORDS = 20, 100
_NAME = re.compile(r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")

Server = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Service:
    """Where a service is: the target of an SRV record."""

    host: str
    port: int


class Unreadable(Exception):
    """An answer that does not add up."""


def services(name: str, servers: Sequence[Server] | None = None) -> list[Service]:
    """The targets of an SRV record, the most preferred first; none where there is none or nobody answers.

    Args:
        name: such as _imaps._tcp.example.org.
        servers: the resolvers; by default the machine's.
    """
    found = []
    for data in _ask(name, SRV, servers):
        with suppress(Unreadable, struct.error):
            priority, weight, port = struct.unpack_from("!HHH", data.message, data.start)
            # A lone dot says that there is no such service (RFC 2782).
            if host := _host(data.message, data.start + 6):
                found.append((priority, -weight, Service(host, port)))
    return [service for _, _, service in sorted(found, key=lambda one: one[:2]) if service.port > 0]


def exchangers(domain: str, servers: Sequence[Server] | None = None) -> list[str]:
    """The servers that take a domain's mail, the most preferred first."""
    found = []
    for data in _ask(domain, MX, servers):
        with suppress(Unreadable, struct.error):
            (preference,) = struct.unpack_from("!H", data.message, data.start)
            if host := _host(data.message, data.start + 2):
                found.append((preference, host))
    return [host for _, host in sorted(found)]


@dataclass(frozen=True, slots=True)
class _Data:
    """Where the data of a record begin; names in it may point anywhere in the message."""

    message: bytes
    start: int


def _ask(name: str, kind: int, servers: Sequence[Server] | None) -> list[_Data]:
    if not _NAME.fullmatch(name.lower()):
        return []
    for server in _resolvers() if servers is None else servers:
        with suppress(OSError, Unreadable, struct.error):
            return list(_records(_exchange(server, name, kind), kind))
    return []


def _resolvers() -> list[Server]:
    try:
        lines = RESOLVERS.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []
    words = [line.split() for line in lines]
    return [(parts[1], 53) for parts in words if len(parts) > 1 and parts[0] == "nameserver"][:3]


def _exchange(server: Server, name: str, kind: int) -> bytes:
    """The answer to a question, whole."""
    number = secrets.randbelow(1 << 16)
    labels = b"".join(bytes([len(label)]) + label.encode("ascii") for label in name.lower().rstrip(".").split("."))
    question = labels + b"\0" + struct.pack("!HH", kind, _IN)
    query = struct.pack("!HHHHHH", number, 0x0100, 1, 0, 0, 0) + question
    until = time.monotonic() + SECONDS
    answer = _by_datagram(server, query, until)
    if answer[2] & 0x02:  # cut
        answer = _by_stream(server, query, until)
    if answer[12 : 12 + len(question)].lower() != question:
        raise Unreadable
    return answer


def _by_datagram(server: Server, query: bytes, until: float) -> bytes:
    family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.connect(server)
        sock.send(query)
        while True:
            sock.settimeout(max(0.01, until - time.monotonic()))
            answer = sock.recv(4096)
            # Somebody else's answer, or a forged one: the right one may still come.
            if len(answer) >= 12 and answer[:2] == query[:2] and answer[2] & 0x80:
                return answer
            if time.monotonic() >= until:
                raise TimeoutError


def _by_stream(server: Server, query: bytes, until: float) -> bytes:
    with socket.create_connection(server, max(0.01, until - time.monotonic())) as sock:
        sock.sendall(struct.pack("!H", len(query)) + query)
        (size,) = struct.unpack("!H", _exactly(sock, 2, until))
        answer = _exactly(sock, size, until)
    if len(answer) < 12 or answer[:2] != query[:2]:
        raise Unreadable
    return answer


def _exactly(sock: socket.socket, size: int, until: float) -> bytes:
    received = b""
    while len(received) < size:
        sock.settimeout(max(0.01, until - time.monotonic()))
        part = sock.recv(size - len(received))
        if not part or time.monotonic() >= until:
            raise Unreadable
        received += part
    return received


def _records(message: bytes, kind: int) -> Iterator[_Data]:
    """The records of that kind in an answer."""
    _, flags, questions, answers, _, _ = struct.unpack_from("!HHHHHH", message)
    if flags & 0x000F or questions != 1:
        return
    at = _skip(message, 12) + 4
    for _ in range(min(answers, _MOST_RECORDS)):
        at = _skip(message, at)
        found, _, _, size = struct.unpack_from("!HHIH", message, at)
        at += 10
        if at + size > len(message):
            raise Unreadable
        if found == kind:
            yield _Data(message, at)
        at += size


def _skip(message: bytes, at: int) -> int:
    """Behind a name."""
    while at < len(message):
        size = message[at]
        if size >= 0xC0:
            return at + 2
        if size == 0:
            return at + 1
        at += 1 + size
    raise Unreadable


def _host(message: bytes, at: int) -> str:
    """A host's name in lower case, "" for the root.

    Raises:
        Unreadable: it is none, or its compression leads in circles.
    """
    labels: list[bytes] = []
    jumps = 0
    while True:
        if at >= len(message):
            raise Unreadable
        size = message[at]
        if size == 0:
            break
        if size >= 0xC0:
            jumps += 1
            if jumps > _MOST_JUMPS or at + 1 >= len(message):
                raise Unreadable
            at = (size & 0x3F) << 8 | message[at + 1]
            continue
        labels.append(message[at + 1 : at + 1 + size])
        at += 1 + size
        if sum(map(len, labels)) > 255:
            raise Unreadable
    name = b".".join(labels).decode("ascii", "replace").lower()
    if name and not _NAME.fullmatch(name):
        raise Unreadable
    return name
