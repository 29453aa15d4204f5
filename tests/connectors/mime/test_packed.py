"""What is packed in a mail for one program only: Outlook's winmail.dat, S/MIME, PGP, invitations."""

import base64
import struct
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import mime
from connectors.mime import calendars, rtf, signed, tnef
from connectors.mime.read import Parsed


def attribute(level: int, name: int, data: bytes) -> bytes:
    return struct.pack("<BHHI", level, name, 6, len(data)) + data + b"\0\0"


def named(name: str) -> bytes:
    """The properties of a file: its long name, in UTF-16."""
    text = (name + "\0").encode("utf-16-le")
    return struct.pack("<IHHII", 1, 0x1F, 0x3707, 1, len(text)) + text + b"\0" * (-len(text) % 4)


def winmail(*files: tuple[str, bytes], body: bytes = b"") -> bytes:
    out = b"\x78\x9f\x3e\x22\x01\x00" + attribute(1, 0x9007, struct.pack("<I", 1252))
    if body:
        out += attribute(1, 0x800C, body)
    for name, content in files:
        out += attribute(2, 0x9002, b"\0" * 14) + attribute(2, 0x8010, b"SHORT~1.PDF\0")
        out += attribute(2, 0x800F, content) + attribute(2, 0x9005, named(name))
    return out


def read(kind: str, content: bytes, text: bytes = b"") -> Parsed:
    return mime.read(
        b"From: a@example.org\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n" + text + b"\n--b\n"
        b"Content-Type: "
        + kind.encode()
        + b"\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(content)
        + b"--b--\n"
    )


def test_winmail_is_unpacked() -> None:
    packed = winmail(("Rechnung März.pdf", b"%PDF"), ("b.txt", b"x"), body="Grüße".encode("cp1252"))
    parsed = read("application/ms-tnef; name=winmail.dat", packed)
    assert [file.name for file in parsed.message.attachments] == ["Rechnung März.pdf", "b.txt"]
    assert parsed.message.attachments[0].content_type == "application/pdf"
    assert parsed.message.text == "Grüße"
    assert not [defect for defect in parsed.message.defects if "tnef" in defect]


def test_the_open_body_counts_more_than_the_packed_one() -> None:
    assert read("application/ms-tnef", winmail(body=b"packed"), b"open").message.text == "open"


def test_a_broken_winmail_is_kept_as_it_is() -> None:
    message = read("application/ms-tnef; name=winmail.dat", b"no tnef").message
    assert [file.name for file in message.attachments] == ["winmail.dat"]
    assert "tnef-unreadable" in message.defects


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_winmail_is_read(content: bytes) -> None:
    tnef.unpacked(b"\x78\x9f\x3e\x22\x01\x00" + content)
    tnef.unpacked(b"\x78\x9f\x3e\x22\x01\x00" + attribute(1, 0x9003, content))


@pytest.mark.parametrize(
    "content",
    [
        attribute(1, 0x9003, struct.pack("<I", 0xFFFFFFFF) + b"\0" * 400),
        attribute(1, 0x9003, struct.pack("<IHHI", 1, 0x1002, 1, 0xFFFFFFFF) + b"\0" * 400),
        attribute(1, 0x9003, struct.pack("<IHHI", 1, 0x1E, 1, 0xFFFFFFFF) + b"\0" * 400),
        attribute(1, 0x9003, struct.pack("<I", 250_000) + struct.pack("<HHI", 3, 1, 1) * 250_000),
        attribute(2, 0x9002, b"") * 100_000,
        attribute(1, 0x8004, b"") * 200_000,
    ],
)
def test_counts_that_lie_cost_no_time(content: bytes) -> None:
    start = time.process_time()
    tnef.unpacked(b"\x78\x9f\x3e\x22\x01\x00" + content)
    assert time.process_time() - start < 2


def with_rtf(compressed: bytes) -> bytes:
    """A winmail.dat whose body is kept as RTF only."""
    data = struct.pack("<IHHII", 1, 0x102, 0x1009, 1, len(compressed)) + compressed + b"\0" * (-len(compressed) % 4)
    return b"\x78\x9f\x3e\x22\x01\x00" + attribute(1, 0x9003, data)


def kept(document: bytes) -> bytes:
    """RTF that was not worth compressing."""
    return struct.pack("<II4sI", len(document) + 12, len(document), b"MELA", 0) + document


# "hello world" of MS-OXRTFCP, 3.1.1.
HELLO = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)
LETTER = (
    rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}}"
    rb"{\colortbl;\red0;}{\*\generator Riched20;}\uc1\pard\f0\fs20 Gr\'fc\'dfe,\par anbei \u8222?A\u8220? "
    rb"\{1\}.\line{\f1\'cf}\tab\u-10179?\u-8704?"
    rb"{\pict\bin4 }}}}\par}"
)
MADE_FROM_HTML = (
    rb"{\rtf1\ansi\ansicpg1252\fromhtml1 {\fonttbl{\f0 Arial;}}{\*\htmltag64 <p>}\htmlrtf \par\htmlrtf0 Gr\'fc\'dfe"
    rb"{\*\htmltag84 &amp;}\htmlrtf &\htmlrtf0  mehr{\*\htmltag72 </p>}{\*\mhtmltag72 x}}"
)


def test_a_body_kept_as_rtf_is_read() -> None:
    assert read("application/ms-tnef", with_rtf(HELLO)).message.text == "hello world"
    assert read("application/ms-tnef", with_rtf(kept(LETTER))).message.text == "Grüße,\nanbei „A“ {1}.\nП\t😀"


def test_html_that_was_made_into_rtf_comes_back() -> None:
    parsed = read("application/ms-tnef", with_rtf(kept(MADE_FROM_HTML)))
    assert parsed.html == "<p>Grüße&amp; mehr</p>"
    assert parsed.message.text == "Grüße& mehr"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_rtf_is_read(content: bytes) -> None:
    rtf.decompressed(struct.pack("<II4sI", len(content) + 12, 1, b"LZFu", 0) + content)
    rtf.decompressed(content)
    for text in rtf.readable(b"{\\rtf1\\fromhtml1" + content) + rtf.readable(b"{\\rtf1" + content):
        text.encode("utf-8")


@pytest.mark.parametrize(
    "piece", [b"{", b"}", b"\\", b"\\*", b"{\\*\\a}", b"\\'e4", b"\\u1?", b"\\bin-9 ", b"\\uc9\\u5 "]
)
def test_rtf_costs_bounded_time(piece: bytes) -> None:
    start = time.process_time()
    rtf.readable(b"{\\rtf1 {" + piece * 1_000_000)
    # Each token refers to sixteen characters of which there are none yet.
    rtf.decompressed(struct.pack("<II4sI", 1_000_000, 1, b"LZFu", 0) + (b"\xff" + b"\xf0\x0f" * 8) * 50_000)
    assert time.process_time() - start < 4


@pytest.fixture(scope="module")
def envelope() -> pkcs7.PKCS7SignatureBuilder:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Erika")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    inside = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + "Grüße".encode()
    return pkcs7.PKCS7SignatureBuilder().set_data(inside).add_signer(certificate, key, hashes.SHA256())


def test_a_mail_inside_its_signature_is_read(envelope: pkcs7.PKCS7SignatureBuilder) -> None:
    content = envelope.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])
    message = read("application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", content).message
    assert message.text == "Grüße"
    assert [file.name for file in message.attachments] == ["smime.p7m"]


def test_content_in_many_pieces_without_lengths() -> None:
    pieces = b"\x24\x80" + b"\x04\x03abc" + b"\x04\x02de" + b"\0\0"
    content = b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80\x30\x80\x02\x01\x01\x31\x00\x30\x80"
    content += b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01\xa0\x80" + pieces + b"\0\0" * 6
    assert signed.enclosed(content) == b"abcde"


def test_what_is_encrypted_is_listed_and_says_so() -> None:
    content = b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03\xa0\x80"
    message = read("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", content).message
    assert [file.name for file in message.attachments] == ["smime.p7m"]
    assert "smime-encrypted" in message.defects
    inline = mime.read(b"From: a@example.org\n\n-----BEGIN PGP MESSAGE-----\n\nhQ==\n-----END PGP MESSAGE-----\n")
    assert "pgp-encrypted" in inline.message.defects


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_signature_is_read(content: bytes) -> None:
    signed.enclosed(content)
    signed.encrypted(content)
    signed.enclosed(b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80\x30\x80" + content)


EVENT = """BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VTIMEZONE
DTSTART:19700101T000000
END:VTIMEZONE
BEGIN:VEVENT
SUMMARY;LANGUAGE=de-DE:Jour fixe\\, Teil
  zwei
DTSTART;TZID="Europe/Berlin":20250814T100000
DTEND;TZID=Europe/Berlin:20250814T110000
LOCATION:Raum 3
BEGIN:VALARM
DESCRIPTION:Reminder
END:VALARM
DESCRIPTION:Bitte\\nkommen
END:VEVENT
END:VCALENDAR
"""
WORDS = "REQUEST: Jour fixe, Teil zwei\n2025-08-14 10:00 – 11:00 Europe/Berlin\nRaum 3\n\nBitte\nkommen"


def test_an_invitation_without_words_is_put_into_words() -> None:
    assert read("text/calendar; method=REQUEST; charset=utf-8", EVENT.encode()).message.text == WORDS


def test_an_invitation_with_words_keeps_to_them() -> None:
    assert read("text/calendar; method=REQUEST", EVENT.encode(), b"Kommst Du?").message.text == "Kommst Du?"


@pytest.mark.parametrize("piece", ["SUMMARY;", 'SUMMARY;"', "BEGIN:VEVENT\n", "BEGIN:VALARM\n", "\n ", "DTSTART;A="])
def test_calendars_cost_bounded_time(piece: str) -> None:
    start = time.process_time()
    calendars.in_words("BEGIN:VEVENT\n" + piece * 50_000)
    assert time.process_time() - start < 1
