import base64
import random
from email import message_from_bytes
from email.message import Message

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.mime.blocks import message_of
from connectors.mime.parser import walk

CONTENT = random.Random(7).randbytes(30_000)
LINES = base64.encodebytes(CONTENT)


def shape(message: Message) -> list[object]:
    return [
        (
            list(part.raw_items()),
            payload if isinstance(payload := part.get_payload(), str) else None,
            part.preamble,
            part.epilogue,
            part.get_content_type(),
            [type(defect) for defect in part.defects],
        )
        for part in walk(message)
    ]


def same(raw: bytes) -> None:
    assert shape(message_of(raw)) == shape(message_from_bytes(raw))


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
}


@pytest.mark.parametrize("name", MAILS)
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_the_same_comes_out_as_without_the_short_cut(name: str, end: bytes) -> None:
    raw = MAILS[name].replace(b"\n", end)
    assert len(raw) > 16_384
    same(raw)


def test_long_runs_are_taken_out() -> None:
    found = message_of(MAILS["one attachment"])
    payload = found.get_payload()
    assert isinstance(payload, list)
    assert isinstance(payload[1], Message)
    assert payload[1].get_payload(decode=True) == CONTENT


PIECES = st.sampled_from(
    [b"--b\n", b"--b--\n", b"\n", b"\n\n", FILE, FULL * 120, LINES, b"AAAA==\n", b"--b", b"text: x\n", b"\r", b"\xff\n"]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=14), st.booleans())
def test_whatever_the_order_of_the_pieces(pieces: list[bytes], crlf: bool) -> None:
    raw = mail(*(FILE + LINES,)) + b"".join(pieces)
    same(raw.replace(b"\n", b"\r\n") if crlf else raw)
