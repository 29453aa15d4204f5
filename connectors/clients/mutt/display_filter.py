#!/usr/bin/env -S python3 -IS
"""mutt's and neomutt's display_filter: copies the mail through, with two lines about the customer above it.

    mail on standard input ──head──> Message-ID, From, Subject ──> POST /api/v1/summary ──> two lines, then the mail

Only the standard library, in one file: `kingpost client mutt` hands it out to machines without Kingpost. It asks with
the token of client.json (mode 0600) or of the environment, for a fifth of a second; whatever goes wrong then, the mail
is shown as it is and nothing is said. With --full it prints the whole summary instead of the mail, or what is wrong.
"""

from __future__ import annotations

import json
import os
import socket
import stat
import sys
import threading
from typing import Any, BinaryIO

# Of the 300 ms that a pager may wait; the rest is for starting Python on a busy machine.
PATIENCE = 0.2
FULL_PATIENCE = 5.0
HEAD, ANSWER, PIECE = 65_536, 262_144, 65_536
LABEL = "Kingpost: "
# The sections of the Summary, in the order of what a reader must not miss.
URGENT = ("complaint", "cases", "promises", "next_action", "money", "particulars", "value", "recent")


class Silent(Exception):
    """Nothing can be said about this mail; the text is for --full."""


def main(full: bool = False) -> int:
    """Be the filter between standard input and standard output; the exit code comes back."""
    source, target = sys.stdin.buffer, sys.stdout.buffer
    head = read_head(source)
    try:
        if full:
            target.write(encoded(printable(ask(head, "text/plain", FULL_PATIENCE), keep="\n")))
        else:
            target.write(encoded(above(json.loads(ask(head, "application/json", PATIENCE)), columns())))
    except Exception as error:  # noqa: BLE001  (the mail is shown whatever happens)
        if full:
            print(f"kingpost: {printable(str(error))}", file=sys.stderr)
            return 1
    try:
        while head and not full:
            target.write(head)
            head = source.read(PIECE)
        target.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def read_head(source: BinaryIO) -> bytes:
    """What the mail begins with, until the empty line after its header or 64 kB."""
    lines: list[bytes] = []
    size = 0
    while size < HEAD and (line := source.readline(PIECE)):
        lines.append(line)
        size += len(line)
        if not line.strip(b"\r\n"):
            break
    return b"".join(lines)


def ask(head: bytes, accept: str, patience: float) -> str:
    """The service's answer about the mail that begins so.

    The question runs in a thread of its own, because looking up a host name cannot be told how long it may take.

    Raises:
        Silent: the mail has no Message-ID, nobody set up a token, or no good answer came in time.
    """
    question = question_of(head)
    url, token, authority = access()
    found: list[str | Exception] = []

    def run() -> None:
        try:
            found.append(post(url, token, authority, question, accept, patience))
        except Exception as error:  # noqa: BLE001  (raised again below)
            found.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(patience)
    answer = found[0] if found else Silent("no answer in time")
    if isinstance(answer, Exception):
        raise answer
    return answer


def question_of(head: bytes) -> dict[str, str]:
    """What the service is asked: Message-ID, and sender and subject where several mails carry the same one."""
    fields: dict[str, str] = {}
    name = ""
    for line in head.decode("utf-8", "replace").splitlines():
        if not line.strip():
            break
        if line[0] in " \t":
            fields[name] = fields.get(name, "") + " " + line.strip()
            continue
        name, _, value = line.partition(":")
        name = name.strip().lower()
        # The first of several counts; a later one is not the header's own.
        name = "" if name in fields else name
        fields[name] = value.strip()
    message_id = fields.get("message-id", "")
    if not message_id or len(message_id) > 2_000:
        raise Silent("this mail shows no Message-ID (in the muttrc: unignore message-id)")
    sender = fields.get("from", "").rpartition("<")[2].partition(">")[0].strip()
    subject = fields.get("subject", "")
    question = {"message_id": message_id}
    if "@" in sender and len(sender) <= 200:
        question["from"] = sender
    if subject and "=?" not in subject and len(subject) <= 10_000:
        question["subject"] = subject
    return {key: value.replace("\0", "") for key, value in question.items()}


def access() -> tuple[str, str, str | None]:
    """Address, token and the file with the firm's own certificate authority, if any.

    Raises:
        Silent: nothing is set up, or others may read the file with the token.
    """
    url, token = os.environ.get("KINGPOST_URL"), os.environ.get("KINGPOST_TOKEN")
    if url and token:
        return url, token, os.environ.get("KINGPOST_CA")
    folder = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")  # noqa: PTH111  (pathlib is slow)
    path = os.environ.get("KINGPOST_CLIENT") or folder + "/kingpost/client.json"
    if not os.path.exists(path):  # noqa: PTH110
        raise Silent(f"there is no {path} with Kingpost's address and a token")
    with open(path, encoding="utf-8") as file:  # noqa: PTH123
        status = os.fstat(file.fileno())
        if status.st_uid != os.getuid() or status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise Silent(f"others may read {path} (chmod 600)")
        found = json.loads(file.read(PIECE))
    return found["url"], found["token"], found.get("ca")


def post(url: str, token: str, authority: str | None, question: dict[str, str], accept: str, patience: float) -> str:
    """Ask over HTTP. By hand, as 1.0: the library's client takes longer to load than the service to answer.

    Raises:
        Silent: the address would carry the token in clear, or the answer is none.
        OSError: no connection.
    """
    scheme, _, rest = url.partition("://")
    netloc, _, prefix = rest.partition("/")
    host, _, port = netloc.rpartition(":") if netloc.rpartition(":")[2].isdigit() else (netloc, "", "")
    name = host.strip("[]")
    if scheme != "https" and name not in ("127.0.0.1", "::1", "localhost"):
        raise Silent(f"{url} would carry the token over the network in clear (https)")
    body = json.dumps(question).encode()
    path = "/" + prefix.rstrip("/") + "/api/v1/summary" if prefix else "/api/v1/summary"
    lines = (
        f"POST {path} HTTP/1.0",
        f"Host: {netloc}",
        f"Authorization: Bearer {token}",
        f"Accept: {accept}",
        f"Accept-Language: {language()}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    )
    request = "\r\n".join((*lines, "", "")).encode("latin-1") + body
    with socket.create_connection((name, int(port or (443 if scheme == "https" else 80))), patience) as connection:
        if scheme != "https":
            return answered(connection, request)
        import ssl

        with ssl.create_default_context(cafile=authority).wrap_socket(connection, server_hostname=name) as secure:
            return answered(secure, request)


def answered(connection: socket.socket, request: bytes) -> str:
    """Send the request; the body of a good answer comes back, of at most 256 kB."""
    connection.sendall(request)
    answer = b""
    while len(answer) < ANSWER:
        piece = connection.recv(PIECE)
        if not piece:
            break
        answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    status = head.split(b" ", 2)
    if not status[0].startswith(b"HTTP/1.") or status[1] != b"200" or len(answer) >= ANSWER:
        raise Silent("the service answered " + head.split(b"\r\n")[0][:80].decode("latin-1"))
    return body.decode("utf-8")


def above(summary: Any, width: int) -> str:
    """Two lines: who it is and how sure that is; then what must not be missed."""
    customer, contact = summary["customer"], summary["contact"]
    match, trust = summary["match"], summary["trust"]
    sentence = match["sentence"] if match else ""
    if customer:
        person = ", ".join(part for part in (contact["name"], contact["role"]) if part) if contact else ""
        crown = "♔ " if customer["king"] else ""
        first = " · ".join(part for part in (crown + customer["name"], person, sentence) if part)
        second = " · ".join(text for section in URGENT for text in texts(summary.get(section)))
    else:
        first = ("!! " if summary["status"] == "spoof" else "") + sentence
        names = ", ".join(candidate["name"] for candidate in (match["candidates"] if match else ()))
        second = " · ".join(part for part in (trust["sentence"] if trust else "", names) if part)
    shown = [printable(line) for line in (first, second)]
    room = max(width, 40) - len(LABEL) - 1
    cut = [line if len(line) <= room else line[: room - 1] + "…" for line in shown if line]
    return "".join((LABEL if no == 0 else " " * len(LABEL)) + line + "\n" for no, line in enumerate(cut))


def texts(section: Any) -> list[str]:
    """The words of a section: a line, or several."""
    if isinstance(section, dict):
        section = [section]
    return [line["text"] for line in section if line.get("text")] if isinstance(section, list) else []


def printable(text: str, keep: str = "") -> str:
    """What a terminal may be given: no control characters, so nothing of a mail moves the cursor or turns the text."""
    clean = "".join(sign if sign.isprintable() or sign in keep else " " for sign in text)
    return clean if keep else " ".join(clean.split())


def encoded(text: str) -> bytes:
    """The text in the terminal's character set, as the mail below it."""
    return text.encode(sys.stdout.encoding or "utf-8", "replace")


def columns() -> int:
    """How wide the pager is, which it says in the environment."""
    told = os.environ.get("COLUMNS", "")
    return min(int(told), 500) if told.isdecimal() else 80


def language() -> str:
    """The language of the environment, where the person has chosen none in Kingpost."""
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or "en"
    return "de" if named.startswith("de") else "en"


if __name__ == "__main__":
    sys.exit(main("--full" in sys.argv[1:]))
