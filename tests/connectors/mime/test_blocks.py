import base64
import random
from email import message_from_bytes
from email.message import Message

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.mime import charsets
from connectors.mime.blocks import Source
from connectors.mime.structure import children, parsed, walk

CONTENT = random.Random(7).randbytes(30_000)
LINES = base64.encodebytes(CONTENT)
PROSE = b"Sehr geehrte Damen und Herren: anbei das Protokoll.\n" * 3000


def shape(message: Message, source: Source | None = None) -> list[object]:
    """What a parser found; of an enclosed mail, which ours leaves closed, what it finds in its text."""

    def content(text: object) -> bytes | None:
        if not isinstance(text, str):
            return None
        return charsets.octets(text) if source is None else source.octets(text)

    found: list[object] = []
    for part in walk(message):
        payload = part._payload  # type: ignore[attr-defined]
        enclosed = part.get_content_type() == "message/rfc822" and isinstance(payload, str)
        found.append(
            (
                list(part.raw_items()),
                None if enclosed else content(payload),
                content(part.preamble),
                content(part.epilogue),
                part.get_content_type(),
                [type(defect) for defect in part.defects],
            )
        )
        if enclosed:
            found += shape(parsed(payload), source)
    return found


def same(raw: bytes) -> None:
    source = Source(raw)
    assert shape(parsed(source.short), source) == shape(message_from_bytes(raw))


def mail(*parts: bytes, preamble: bytes = b"", epilogue: bytes = b"--b--\n") -> bytes:
    head = b'Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n'
    return head + preamble + b"".join(b"--b\n" + part for part in parts) + epilogue


FILE = b"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n"
FULL = b"A" * 76 + b"\n"
MAILS = {
    "one attachment": mail(b"\nhello\n", FILE + LINES),
    "two attachments": mail(FILE + LINES, FILE + LINES[::-1].strip() + b"\n"),
    "last line as long as the others": mail(FILE + FULL * 300),
    "blank lines in between": mail(FILE + FULL * 300 + b"\n" + FULL * 300 + b"\n\n" + LINES),
    "no end": mail(FILE + LINES, epilogue=b""),
    "in the preamble and the epilogue": mail(
        FILE + LINES, preamble=b"\n" + FULL * 300, epilogue=b"--b--\n\n" + FULL * 300
    ),
    "no parts": b"Subject: x\nContent-Transfer-Encoding: base64\n\n" + LINES,
    "no header": b"\n" + LINES,
    "as text": mail(b"Content-Type: text/plain\n\n" + LINES + b"\nbye\n"),
    "instead of an enclosed mail": mail(b"Content-Type: message/rfc822\n\n" + LINES),
    "in an enclosed mail": mail(b"Content-Type: message/rfc822\n\nSubject: y\n" + FILE + LINES),
    "in a delivery status": mail(b"Content-Type: message/delivery-status\n\n" + LINES + b"\nStatus: 5.0.0\n\n"),
    "a delimiter within": mail(FILE + FULL * 200 + b"--b\n\n" + FULL * 200),
    "headers in an enclosed mail": mail(b"Content-Type: message/rfc822\n\n" + b"X: y\n" * 9000 + b"\nhello\n"),
    "long prose": b"Subject: x\n\nHallo\n" + PROSE + b"\n-- \nErika\n",
    "long prose without an end": b"Subject: x\n\nHallo\n" + PROSE + b"last",
    "prose enclosed twice": b"Content-Type: message/rfc822\n\n" * 2 + b"Subject: x\n\nHallo\n" + PROSE,
    "prose in parts": mail(b"\nHallo\n" + PROSE, b"Content-Type: text/csv\n\nHallo\n" + PROSE + b"--b- \n" + PROSE),
    "a bare carriage return": mail(b"\nHallo\n" + PROSE + b"x\r--b\n\nsecond part\n" + PROSE),
}


@pytest.mark.parametrize("name", MAILS)
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_the_same_comes_out_as_without_the_short_cut(name: str, end: bytes) -> None:
    raw = MAILS[name].replace(b"\n", end)
    assert len(raw) > 16_384
    same(raw)


@pytest.mark.parametrize("name", ["one attachment", "long prose", "prose enclosed twice", "in a delivery status"])
def test_long_runs_are_left_out(name: str) -> None:
    assert len(Source(MAILS[name]).short) < len(MAILS[name]) / 1.8


def test_what_was_left_out_can_be_had() -> None:
    source = Source(MAILS["one attachment"])
    _, file = children(parsed(source.short))
    assert base64.b64decode(source.octets(str(file.get_payload()))) == CONTENT


PIECES = st.sampled_from(
    [
        b"--b\n",
        b"--b--\n",
        b"\n",
        b"\n\n",
        FILE,
        FULL * 120,
        LINES,
        PROSE,
        b"AAAA==\n",
        b"--b",
        b"text: x\n",
        b"\r",
        b"\xff\n",
        b"Content-Type: message/rfc822\n",
        b"Content-Type: message/delivery-status\n\n",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=14), st.booleans())
def test_whatever_the_order_of_the_pieces(pieces: list[bytes], crlf: bool) -> None:
    raw = mail(*(FILE + LINES,)) + b"".join(pieces)
    same(raw.replace(b"\n", b"\r\n") if crlf else raw)
