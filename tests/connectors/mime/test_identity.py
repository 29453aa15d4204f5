"""Identity: copies of one mail share it, another mail never does."""

import base64
import quopri

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import mime

HEAD = (
    b"From: Erika <erika@example.org>\nDate: Mon, 2 Jun 2025 10:00:00 +0200\n"
    b"Subject: Hallo\nMessage-ID: <1@example.org>\n"
)


def identity(raw: bytes) -> str:
    return mime.read(raw).message.identity


def mail(body: str, encoding: str, head: bytes = HEAD) -> bytes:
    content = body.encode()
    if encoding == "base64":
        encoded = base64.encodebytes(content)
    elif encoding == "quoted-printable":
        encoded = quopri.encodestring(content)
    else:
        encoded = content
    kind = f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n"
    return head + kind.encode() + encoded


# What a line of a text body may hold: no control characters, no blanks at its end (relays take those away).
LINES = st.lists(
    st.text(
        st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=60
    ).map(str.rstrip),
    min_size=1,
    max_size=8,
)


@settings(max_examples=200, deadline=None)
@given(LINES)
def test_the_transfer_encoding_does_not_count(lines: list[str]) -> None:
    body = "\n".join(lines) + "\n"
    assert len({identity(mail(body, encoding)) for encoding in ("8bit", "quoted-printable", "base64")}) == 1


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [b"Received: from x by y; z\n", b"Return-Path: <a@b>\n", b"X-Spam: 1\n", b"Delivered-To: c@d\n"]
        )
    )
)
def test_trace_headers_do_not_count(trace: list[bytes]) -> None:
    assert identity(b"".join(trace) + mail("Text\n", "8bit")) == identity(mail("Text\n", "8bit"))


@settings(max_examples=200, deadline=None)
@given(LINES, LINES)
def test_other_words_make_another_mail(one: list[str], other: list[str]) -> None:
    first, second = "\n".join(one).strip("\n"), "\n".join(other).strip("\n")
    same = identity(mail(first, "base64")) == identity(mail(second, "base64"))
    assert same == (first == second)


def test_line_ends_and_folding_do_not_count() -> None:
    folded = HEAD.replace(b"From: Erika <", b"From: Erika\n <")
    assert identity(mail("a\nb\n", "8bit", folded).replace(b"\n", b"\r\n")) == identity(mail("a\nb\n", "8bit"))


def test_a_reused_message_id_with_other_content_is_another_mail() -> None:
    assert identity(mail("eins\n", "8bit")) != identity(mail("zwei\n", "8bit"))


def test_another_sender_date_or_subject_is_another_mail() -> None:
    plain = mail("Text\n", "8bit")
    changes = [(b"Erika", b"Klara"), (b"10:00", b"11:00"), (b"Hallo", b"Nochmals"), (b"<1@", b"<2@")]
    assert len({identity(plain), *(identity(plain.replace(old, new, 1)) for old, new in changes)}) == 5


def test_a_second_from_header_makes_another_mail() -> None:
    assert identity(b"From: x@example.org\n" + mail("Text\n", "8bit")) != identity(mail("Text\n", "8bit"))


def test_attachments_count_by_their_bytes() -> None:
    def with_file(content: bytes) -> bytes:
        part = (
            b"--b\n\nText\n--b\nContent-Disposition: attachment; filename=a.bin\nContent-Transfer-Encoding: base64\n\n"
        )
        return HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + part + base64.encodebytes(content) + b"--b--\n"

    assert identity(with_file(b"\x00\x01")) != identity(with_file(b"\x00\x02"))


def test_an_enclosed_mails_headers_count() -> None:
    def enclosing(subject: bytes) -> bytes:
        return HEAD + b"Content-Type: message/rfc822\n\nSubject: " + subject + b"\n\nText\n"

    assert identity(enclosing(b"eins")) != identity(enclosing(b"zwei"))


def test_identity_is_versioned_and_stays_what_it_was() -> None:
    """Changing this value orphans every pool: raise the version instead."""
    value = identity(mail("Grüße\n", "8bit"))
    assert value == "1:8f38922d588a877d830fb6ae6dfcc677fd100ff4f139a32db225ca3599513dc2"


def test_a_mail_without_message_id_has_an_identity_of_its_own() -> None:
    assert identity(b"Subject: a\n\nText") != identity(b"Subject: b\n\nText")
