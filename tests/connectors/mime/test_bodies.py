"""Which text a reader reads: the better alternative, soft line breaks undone, reports apart."""

import pytest

from connectors import mime
from connectors.mime.flowed import unflowed

LONG = "<p>" + "Ihre Bestellung ist unterwegs und kommt am Freitag bei Ihnen an. " * 5 + "</p>"


def text(plain: str, html: str) -> str:
    raw = (
        "From: a@example.org\nContent-Type: multipart/alternative; boundary=b\n\n"
        f"--b\nContent-Type: text/plain; charset=utf-8\n\n{plain}\n"
        f"--b\nContent-Type: text/html; charset=utf-8\n\n{html}\n--b--\n"
    )
    return mime.read(raw.encode()).message.text


def test_the_plain_alternative_is_read() -> None:
    assert text("Guten Tag", "<p>Guten Tag</p>") == "Guten Tag"


@pytest.mark.parametrize(
    "hint",
    [
        "Please use an HTML capable mail program to read this message.",
        "Diese Nachricht ist im HTML-Format. Ihr Programm zeigt kein HTML an.",
        "https://example.org/newsletter/1",
    ],
)
def test_a_plain_alternative_that_stands_in_for_html_comes_after_it(hint: str) -> None:
    assert text(hint, LONG).startswith("Ihre Bestellung ist unterwegs")
    assert text(hint, LONG).endswith(hint)


def test_a_short_answer_is_no_stand_in() -> None:
    assert text("Ja, gerne.", "<p>Ja, gerne.</p>" + "<style>x</style>" * 100) == "Ja, gerne."


@pytest.mark.parametrize(
    ("flowed", "plain"),
    [
        ("eins \nzwei\ndrei", "eins zwei\ndrei"),
        ("> alt \n> älter\nneu", "> alt älter\nneu"),
        (">> a \n> b", "> > a \n> b"),
        ("Gruß\n-- \nErika", "Gruß\n-- \nErika"),
        (" > kein Zitat", "> kein Zitat"),
        ("eins \n\nzwei", "eins \n\nzwei"),
        (" From x", "From x"),
    ],
)
def test_soft_breaks(flowed: str, plain: str) -> None:
    assert unflowed(flowed, delete_space=False) == plain


def test_soft_breaks_of_languages_without_spaces() -> None:
    assert unflowed("日本 \n語", delete_space=True) == "日本語"
    raw = "From: a@example.org\nContent-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\n\n日本 \n語\n"
    assert mime.read(raw.encode()).message.text == "日本語"


def test_a_report_is_kept_apart_and_sentences_in_its_place_are_read() -> None:
    head = b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
    fields = mime.read(head + b"Reporting-MTA: dns; x\n\nAction: failed\n--b--\n").message
    assert "Action: failed" in fields.report
    assert fields.text == ""
    prose = mime.read(head + b"Your mail could not be delivered.\n\nSorry.\n--b--\n").message
    assert "could not be delivered" in prose.text
