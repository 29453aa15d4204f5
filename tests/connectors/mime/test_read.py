"""Reading a mail as a whole: it never raises, it stays within limits, and it skips what is not needed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mailparser import core as mailparser_core

from connectors import mime
from connectors.mime.blob import digest_of
from rules.terms.errors import MailRefused

PLAIN = b"From: Erika <erika@example.org>\r\nSubject: Hallo\r\nDate: Mon, 2 Jun 2025 10:00:00 +0200\r\n\r\nText\r\n"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_become_a_message(raw: bytes) -> None:
    message = mime.read(raw).message
    assert message.size == len(raw)
    message.text.encode("utf-8")


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            ["From", "To", "Subject", "Date", "Message-ID", "References", "Content-Type", "Received", "Cc"]
        ),
        st.text(max_size=120),
    ),
    st.binary(max_size=500),
)
def test_any_header_values_become_a_message(headers: dict[str, str], body: bytes) -> None:
    lines = [f"{name}: {value}".encode("utf-8", "surrogatepass") for name, value in headers.items()]
    message = mime.read(b"\n".join(lines) + b"\n\n" + body).message
    for text in (message.subject, message.text, message.sender.name, message.sender.addr, message.message_id or ""):
        text.encode("utf-8")


def test_received_headers_and_all_others_are_not_parsed_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """These cost mail-parser half of its time; if a new version calls them elsewhere, this says so."""

    def called(*_: object, **__: object) -> None:
        raise AssertionError("mail-parser does work that is not needed")

    for name in ("receiveds_parsing", "decode_headers", "get_mail_keys"):
        monkeypatch.setattr(mailparser_core, name, called)
    monkeypatch.setattr(mailparser_core.MailParser, "_make_mail", called)
    message = mime.read(b"Received: from a by b; Mon, 2 Jun 2025 10:00:00 +0200\r\n" + PLAIN).message
    assert message.subject == "Hallo"
    assert not [defect for defect in message.defects if defect.startswith("unparsed")]


def test_when_the_parser_gives_up_the_mail_is_kept_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise AttributeError("epilogue")

    monkeypatch.setattr(sys.modules["connectors.mime.read"], "taken_apart", fails)
    message = mime.read(PLAIN).message
    assert message.defects == ("unparsed-AttributeError",)
    assert "Hallo" in message.text
    assert message.identity.startswith("1:")


def test_a_mail_over_its_size_is_refused_and_says_why() -> None:
    with pytest.raises(MailRefused, match="larger than 1,000 bytes"):
        mime.read(PLAIN + b"x" * 1000, mime.Limits(size=1000))


def test_an_endless_header_is_refused() -> None:
    with pytest.raises(MailRefused, match="header block"):
        mime.read(b"Subject: " + b"a" * 600_000)


def test_a_long_mail_with_a_short_header_is_read() -> None:
    assert mime.read(PLAIN + b"x\r\n" * 300_000).message.subject == "Hallo"


def test_too_many_addresses_are_refused() -> None:
    raw = b"To: " + b", ".join(b"a%d@example.org" % number for number in range(6000)) + b"\n\nText"
    with pytest.raises(MailRefused, match="addresses"):
        mime.read(raw)


def test_parts_nested_too_deep_are_refused_before_parsing() -> None:
    raw = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (level, level) for level in range(2000)
    )
    with pytest.raises(MailRefused, match="nested"):
        mime.read(raw)


def test_enclosed_mails_nested_too_deep_are_refused_before_parsing() -> None:
    with pytest.raises(MailRefused, match="nested"):
        mime.read(b"Content-Type: message/rfc822\n\n" * 5000)


def test_too_many_parts_are_refused() -> None:
    with pytest.raises(MailRefused, match="parts"):
        mime.read(b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 2000)


def test_a_report_of_endless_blocks_is_refused() -> None:
    with pytest.raises(MailRefused, match="blocks"):
        mime.read(b"Content-Type: message/delivery-status\n\n" + b"\n\n" * 100_000)


def test_two_hundred_enclosed_mails_side_by_side_are_read() -> None:
    inner = b"Subject: innen\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\nx\n--c--\n"
    one = b"--b\nContent-Type: message/rfc822\n\n" + inner
    message = mime.read(b"Content-Type: multipart/digest; boundary=b\n\n" + one * 200 + b"--b--\n").message
    assert len(message.attachments) == 200


def test_a_table_of_dashes_is_no_nesting() -> None:
    assert mime.read(PLAIN + b"--------\nboundary = x\n--x\n" * 300).message.subject == "Hallo"


def test_attachments_are_found_among_the_blobs() -> None:
    raw = (
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nText\n--b\n"
        b"Content-Disposition: attachment; filename=a.txt\nContent-Transfer-Encoding: base64\n\nSGFsbG8=\n--b\n"
        b"Content-Disposition: attachment; filename=b.txt\n\nHallo\n--b--\n"
    )
    parsed = mime.read(raw)
    assert [attachment.name for attachment in parsed.message.attachments] == ["a.txt", "b.txt"]
    assert {attachment.digest for attachment in parsed.message.attachments} == {digest_of(b"Hallo")}
    assert [blob.size for blob in parsed.blobs] == [5]


def test_only_the_topmost_block_of_authentication_results_is_kept() -> None:
    raw = (
        b"Authentication-Results: mx.firma.example; dmarc=pass\n header.from=example.org\n"
        b"Authentication-Results: mx.firma.example; spf=pass\n"
        b"Received: from somewhere\n"
        b"Authentication-Results: mx.firma.example; dmarc=pass header.from=bank.example\n" + PLAIN
    )
    results = mime.read(raw).message.authentication_results
    assert results == (
        "mx.firma.example; dmarc=pass header.from=example.org",
        "mx.firma.example; spf=pass",
    )


def test_message_ids_are_normalised() -> None:
    raw = (
        b"Message-ID: < a b@example.org >\nIn-Reply-To: Your message of Monday <x@example.org>\n"
        b"References: <r1@example.org>\n\t<r2@example.org> <r1@example.org>\n\nText"
    )
    message = mime.read(raw).message
    assert message.message_id == "ab@example.org"
    assert message.in_reply_to == ("x@example.org",)
    assert message.references == ("r1@example.org", "r2@example.org")


def test_a_mail_without_from_is_its_senders() -> None:
    message = mime.read(b"Sender: a@example.org\nSubject: x\n\nText").message
    assert message.sender.addr == "a@example.org"
    assert "from-missing-took-sender" in message.defects


def test_importing_the_reader_is_light() -> None:
    """What the workers load: nothing of the web, the pool or the language packages."""
    code = "import assistant.reader, sys; print(' '.join(sys.modules))"
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    loaded = set(done.stdout.split())
    assert not loaded & {"litestar", "sqlalchemy", "imapclient", "spacy", "alembic", "pydantic", "nh3", "openpyxl"}


@pytest.mark.corpus
def test_every_mail_of_the_corpus_is_accepted() -> None:
    folder = os.environ.get("KINGPOST_CORPUS")
    if not folder:
        pytest.skip("KINGPOST_CORPUS names no folder of test mails")
    files = [path for path in Path(folder).rglob("*") if path.is_file() and path.suffix not in (".py", ".jsonl", ".md")]
    for path in files:
        message = mime.read(path.read_bytes()).message
        assert not [defect for defect in message.defects if defect.startswith("unparsed")], path
