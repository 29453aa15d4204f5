"""Many different mails, made by number and seed: what a firm's mailbox holds, and some that nobody wants to read."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

PEOPLE = (
    ("Karin Hansen", "karin@hansen.example"),
    ("Jörg Größmann", "joerg@seeblick.example"),
    ("Ada Northwind", "ada@northwind.example"),
    ("Ćirić, Ana", "ana.ciric@freemail.example"),
)
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def mails(count: int, seed: int, name: str = "m") -> Iterator[bytes]:
    """So many mails; the same for the same seed. About one in thirty repeats an earlier one byte by byte."""
    chance = random.Random(seed)
    before: list[bytes] = []
    for number in range(count):
        raw = chance.choice(before) if before and chance.random() < 0.03 else _mail(number, name, chance)
        before.append(raw)
        yield raw


def plain(number: int | str, sender: str = "karin@hansen.example", text: str = "Guten Tag", **headers: str) -> bytes:
    """A small mail; `headers` with _ for - are added."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = "info@muster.example"
    mail["Subject"] = f"Nachricht {number}"
    mail["Message-ID"] = f"<{number}@test.example>"
    mail["Date"] = format_datetime(START)
    for header, value in headers.items():
        mail[header.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def refused() -> bytes:
    """A mail over the limit of parts, which goes to quarantine."""
    head = b"From: a@b.example\r\nMessage-ID: <parts@test.example>\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
    return head + b"--x\r\n\r\nteil\r\n" * 1001 + b"--x--\r\n"


def _mail(number: int, name: str, chance: random.Random) -> bytes:
    kind = chance.choices(tuple(KINDS), (30, 12, 12, 10, 6, 5, 5, 4, 3, 3, 1))[0]
    return KINDS[kind](number, name, chance)


def _letter(number: int, name: str, chance: random.Random) -> EmailMessage:
    who, address = chance.choice(PEOPLE)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f'"{who}" <{address}>'
    mail["To"] = "info@muster.example"
    mail["Subject"] = f"Anfrage {number} über größere Stückzahlen"
    mail["Message-ID"] = f"<{name}-{number}@test.example>"
    mail["Date"] = format_datetime(START + timedelta(minutes=number))
    mail.set_content(f"Guten Tag,\n\nhier ist Nachricht {number}.\n" + "Zeile mit Text. " * chance.randint(1, 400))
    return mail


def _text(number: int, name: str, chance: random.Random) -> bytes:
    return _letter(number, name, chance).as_bytes()


def _reply(number: int, name: str, chance: random.Random) -> bytes:
    mail = _letter(number, name, chance)
    mail["In-Reply-To"] = f"<{name}-{chance.randint(0, number)}@test.example>"
    mail["References"] = mail["In-Reply-To"]
    return mail.as_bytes()


def _html(number: int, name: str, chance: random.Random) -> bytes:
    mail = _letter(number, name, chance)
    mail.add_alternative(f"<p>Guten Tag, <b>{number}</b></p>" * chance.randint(1, 50), subtype="html")
    return mail.as_bytes()


def _attached(number: int, name: str, chance: random.Random) -> bytes:
    mail = _letter(number, name, chance)
    size = chance.choice((200, 5_000, 60_000, 600_000))
    mail.add_attachment(chance.randbytes(size), "application", "octet-stream", filename=f"Plan {number}.bin")
    return mail.as_bytes()


def _forwarded(number: int, name: str, chance: random.Random) -> bytes:
    mail = _letter(number, name, chance)
    mail.add_attachment(_letter(number, name + "-innen", chance))
    return mail.as_bytes()


def _without_id(number: int, name: str, chance: random.Random) -> bytes:
    mail = _letter(number, name, chance)
    del mail["Message-ID"]
    return mail.as_bytes()


def _reused_id(number: int, name: str, chance: random.Random) -> bytes:
    mail = _letter(number, name, chance)
    mail.replace_header("Message-ID", f"<{name}-reused@test.example>")
    return mail.as_bytes()


def _latin(number: int, name: str, chance: random.Random) -> bytes:
    head = f"From: {chance.choice(PEOPLE)[1]}\r\nMessage-ID: <{name}-{number}@test.example>\r\n"
    return (
        head + f"Subject: Gr\xfc\xdfe {number}\r\n\r\nSch\xf6ne Gr\xfc\xdfe ohne jede Angabe eines Zeichensatzes\r\n"
    ).encode("latin-1")


def _broken(number: int, name: str, chance: random.Random) -> bytes:
    junk = bytes(chance.choice(range(1, 256)) for _ in range(400)).replace(b"\r", b"").replace(b"\n", b"\r\n")
    return b"Subject: kaputt %d\r\nFrom: ??\r\nContent-Type: multipart/mixed; boundary=fehlt\r\n\r\n" % number + junk


def _bare(number: int, name: str, chance: random.Random) -> bytes:
    return b"nur Text, keine Kopfzeile, Nummer %d von %s\r\n" % (number, name.encode())


def _deep(number: int, name: str, chance: random.Random) -> bytes:
    """Nested deeper than may be: for the quarantine."""
    raw = b"From: a@b.example\r\nMessage-ID: <%s-%d@test.example>\r\n" % (name.encode(), number)
    for level in range(50):
        raw += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level)
    return raw + b"\r\nganz innen\r\n"


KINDS = {
    "text": _text,
    "reply": _reply,
    "attached": _attached,
    "html": _html,
    "latin": _latin,
    "forwarded": _forwarded,
    "without id": _without_id,
    "broken": _broken,
    "reused id": _reused_id,
    "bare": _bare,
    "deep": _deep,
}
