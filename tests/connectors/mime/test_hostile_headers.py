"""Headers made to cost time: twice as long costs twice the time, and never more than a moment."""

import base64
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from connectors import mime
from connectors.mime import identity
from rules.terms.errors import MailRefused

LENGTH = 225_000
# Of a mail of 450 kB; quiet machines need a quarter of a second for the worst.
MOMENT = 2.0


def mail(header: str, body: str = "Guten Tag") -> bytes:
    return f"From: Karin <karin@hansen.example>\r\n{header}\r\n\r\n{body}\r\n".encode()


def repeated(before: str, piece: str, after: str = "") -> Callable[[int], bytes]:
    return lambda length: mail(before + piece * (length // len(piece)) + after)


def counted(before: str, piece: str, between: str) -> Callable[[int], bytes]:
    return lambda length: mail(before + between.join(piece.format(no) for no in range(length // (len(piece) + 5))))


WORD = f"=?utf-8?B?{base64.b64encode('ä'.encode() * 20).decode()}?=\r\n "
PIECES = (";", ",", "a,", "<", ">", '"', "'", '\\"', "(", "()", ":", "[", "\\", "a ", "a.", "=?", "< ", "g:;")
HEADERS = {
    "subject": repeated("Subject: ", "x"),
    "subject of encoded words": repeated("Subject: ", WORD),
    "subject of two charsets": repeated("Subject: ", "=?utf-8?q?=C3=A4?= =?latin1?q?=E4?= "),
    "subject of words that begin": repeated("Subject: ", "=?a?q?"),
    "subject of question marks": repeated("Subject: =?a?q?", "x?"),
    "subject of bad base64": repeated("Subject: =?utf-8?B?", "QUF*", "?="),
    "subject of folds": repeated("Subject: ", "x\r\n "),
    **{
        f"{name} {piece}": repeated(f"{name}: ", piece)
        for name in ("To", "From", "Reply-To")
        for piece in (
            ";",
            ",",
            "a,",
            "<",
            ">",
            '"',
            "'",
            '\\"',
            "(",
            "()",
            ":",
            "[",
            "\\",
            "a ",
            "a.",
            "=?",
            "< ",
            "g:;",
        )
    },
    **{
        f"{name} {piece} and an address": repeated(f"{name}: ", piece, " Karin <karin@hansen.example>")
        for name in ("To", "From")
        for piece in ("a ", "a.", '"a" ', "'", ":", "<", "(a)", "=?utf-8?q?a?= ")
    },
    "To of many entries and a long name": lambda length: mail("To: " + ";" * 15_000 + "a" * length),
    "To many addresses": counted("To: ", "a{}@b.example", ", "),
    **{
        f"{name} {piece}": repeated(name, piece)
        for name in (
            "Content-Type: multipart/mixed; ",
            "Content-Type: text/plain; ",
            "Content-Disposition: attachment; ",
        )
        for piece in (";", '"', 'a="\\";', "(", " ", "/", "a=b;")
    },
    "parameters": counted("Content-Type: multipart/mixed; ", "a{}=b", "; "),
    "continued name": counted("Content-Disposition: attachment; ", "filename*{}=b", "; "),
    "continued boundary": counted("Content-Type: multipart/mixed; ", "boundary*{}=b", "; "),
    "continued charset": counted("Content-Type: text/plain; ", "charset*{}*=%41", "; "),
    "boundary": repeated('Content-Type: multipart/mixed; boundary="', "b", '"'),
    "charset": repeated("Content-Type: text/plain; charset=", "utf-8-"),
    "References": counted("References: ", "<{}@hansen.example>", "\r\n "),
    "References of angles": repeated("References: ", "<"),
    "References of words": repeated("References: ", "a@b "),
    "In-Reply-To of blanks": repeated("In-Reply-To: <", " ", ">"),
    "Message-ID": repeated("Message-ID: <", "a", "@hansen.example>"),
    "lines": counted("", "X-{}: y", "\r\n"),
    "lines without name": repeated("X: y", "\r\n: y"),
    "Received": repeated("X: y", "\r\nReceived: x; y"),
    "Date": repeated("Date: ", "1 "),
    "Date of colons": repeated("Date: ", ":"),
    "Date of comments": repeated("Date: Mon, 1 Jan 2024 10:00:00 +0100 ", "("),
    "Authentication-Results": repeated("Authentication-Results: ", "a;("),
    "signals": repeated("List-Unsubscribe: ", "<a>,"),
}


def cost(raw: bytes) -> float:
    """CPU seconds to read a mail or to refuse it."""
    start = time.process_time()
    with suppress(MailRefused):
        mime.read(raw)
    return time.process_time() - start


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_twice_as_long_costs_twice_the_time(name: str) -> None:
    short, long = HEADERS[name](LENGTH), HEADERS[name](2 * LENGTH)
    once = twice = float("inf")
    for _ in range(8):
        # The least of several: a busy machine costs more, never less.
        once, twice = min(once, cost(short)), min(twice, cost(long))
        # What costs next to nothing tells nothing; what was quadratic cost seconds.
        if twice < max(3 * once, 0.1):
            break
    else:
        pytest.fail(f"{once:.3f} s became {twice:.3f} s")
    assert twice < MOMENT


PARTS = {
    "enclosed mails in one another": b"Content-Type: message/rfc822\r\n\r\n" * 38 + b"\r\n" + b"Text\r\n" * 70_000,
    "headers of an enclosed mail": b"Content-Type: message/rfc822\r\n\r\nSubject: " + b"=?utf-8?q?a?= " * 100_000,
    "addresses of an enclosed mail": b"Content-Type: message/rfc822\r\n\r\nTo: " + b";" * 1_000_000,
    "files without names": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--b\r\nContent-Type: application/pdf\r\n\r\nx\r\n" * 990,
    "long headers of many parts": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + (b"--b\r\nContent-Type: text/plain; " + b";" * 8000 + b"\r\n\r\nx\r\n") * 500,
    "a report of one block": b"Content-Type: message/delivery-status\r\n\r\n" + b"A: b\r\n" * 200_000,
}


@pytest.mark.parametrize("name", PARTS)
def test_the_parts_of_a_mail_cost_a_moment(name: str) -> None:
    assert min(cost(PARTS[name]) for _ in range(2)) < MOMENT


def test_endless_address_lines_are_refused_with_the_reason() -> None:
    with pytest.raises(MailRefused, match="entries in the address lines"):
        mime.read(mail("To: " + ";" * 30_000))


def test_an_endless_report_is_refused_with_the_reason() -> None:
    with pytest.raises(MailRefused, match="lines"):
        mime.read(PARTS["a report of one block"])


def test_what_is_shown_of_a_header_is_cut_and_the_identity_is_not() -> None:
    long = "x" * 100_000
    one, other = (mime.read(mail(f"Subject: {long}{end}")).message for end in "ab")
    assert len(one.subject) == 2000
    assert one.identity != other.identity
    named = mime.read(mail(f'To: "{long}" <info@muster.example>')).message.to[0]
    assert (named.addr, len(named.name)) == ("info@muster.example", 2000)


def test_an_address_that_cannot_be_one_is_not_cut_into_another() -> None:
    sender = f"{'a' * 600}@hansen.example"
    message = mime.read(f"From: Karin <{sender}>\r\nTo: {sender}\r\n\r\nText".encode()).message
    assert (message.sender.addr, message.to) == ("", ())
    assert {"from-unreadable", "from-address-too-long"} <= set(message.defects)


def test_the_boundary_is_found_in_the_beginning_of_an_endless_header() -> None:
    raw = mail('Content-Type: multipart/mixed; boundary="b"' + "; x=y" * 20_000, "--b\r\n\r\nGuten Tag\r\n--b--")
    assert mime.read(raw).message.text == "Guten Tag"


def test_a_message_id_keeps_to_the_length_of_a_line() -> None:
    assert len(identity.message_ids(["<" + "a" * 5000 + ">"])[0]) == 998


@pytest.mark.parametrize("value", ["quoted-printable ", '"quoted-printable"', "Quoted-Printable"])
def test_the_transfer_encoding_is_known_however_it_is_written(value: str) -> None:
    raw = mail(f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {value}", "Gr=C3=BC=C3=9Fe")
    assert mime.read(raw).message.text == "Grüße"
