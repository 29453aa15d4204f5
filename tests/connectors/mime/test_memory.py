"""A large mail is held at most three times, itself included; one of plain text four times."""

import base64
import random
import tracemalloc

import pytest
import zstandard

from connectors import mime
from connectors.mime.blob import digest_of

SIZE = 12_000_000
HEAD = b"From: Karin <karin@hansen.example>\r\nSubject: x\r\nDate: Mon, 2 Jun 2025 10:00:00 +0200\r\n"
ENCLOSING = HEAD + b"Content-Type: message/rfc822\r\n\r\n"
FILE = b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
PLAIN_FILE = b"Content-Type: application/octet-stream; name=a.log\r\n\r\n"
BASE64 = base64.encodebytes(random.Random(1).randbytes(57_000)).replace(b"\n", b"\r\n")
PROSE = "Grüße aus München: eine Zeile wie viele andere.\r\n".encode() * 1000


def filled(piece: bytes) -> bytes:
    return piece * (SIZE // len(piece))


@pytest.mark.parametrize(
    ("head", "piece", "times"),
    [
        (HEAD + FILE, BASE64, 3),
        (HEAD + PLAIN_FILE, PROSE, 3),
        (ENCLOSING + HEAD + FILE, BASE64, 3),
        (ENCLOSING + ENCLOSING + HEAD + FILE, BASE64, 4),
        (ENCLOSING + HEAD + PLAIN_FILE, PROSE, 3),
        (ENCLOSING + HEAD + b"\r\n", PROSE, 4),
        (HEAD + b"\r\n", PROSE, 4),
    ],
    ids=["file", "plain file", "enclosed file", "enclosed twice", "enclosed plain file", "enclosed text", "text"],
)
def test_a_large_mail_stays_within_its_budget(head: bytes, piece: bytes, times: int) -> None:
    raw = head + filled(piece)
    mime.read(HEAD + b"\r\nwarm")
    tracemalloc.start()
    try:
        parsed = mime.read(raw)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert parsed.message.size == len(raw)
    assert peak / len(raw) < times - 1 + 0.05


def test_an_enclosed_mail_is_kept_as_it_came() -> None:
    inner = HEAD.replace(b"Subject: x", b"Subject:   folded\r\n\tonce") + FILE + filled(BASE64)[:100_035]
    raw = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
    parsed = mime.read(raw + inner + b"\r\n--b--\r\n")
    assert [file.name for file in parsed.message.attachments] == ["folded once.eml", "a.pdf"]
    assert parsed.blobs[0].digest == digest_of(inner)
    assert zstandard.decompress(parsed.blobs[0].packed) == inner
