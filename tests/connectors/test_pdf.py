"""What can be read in a PDF, and that a bad one only says so."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import pdf
from rules.terms.document import Legibility
from tests.connectors import papers

LETTER = papers.pdf(["Sehr geehrte Damen und Herren,", "wir kündigen den Vertrag (Nr. 4711)."], ["Seite zwei"])


def test_the_text_of_all_pages_is_read() -> None:
    found = pdf.read(LETTER)
    assert (found.legibility, found.pages) == (Legibility.TEXT, 2)
    assert "wir kündigen den Vertrag (Nr. 4711)." in found.text
    assert found.text.endswith("Seite zwei")


def test_a_scan_has_pages_and_no_text() -> None:
    found = pdf.read(papers.pdf([]))
    assert (found.legibility, found.text, found.pages) == (Legibility.PICTURE, "", 1)


def test_a_file_with_a_password_says_so_and_one_with_an_empty_one_is_read() -> None:
    assert pdf.read(papers.pdf(["geheim"], password="wort")).legibility is Legibility.ENCRYPTED
    assert not list(pdf.enclosed(papers.pdf(["geheim"], password="wort", enclosed={"a.xml": b"<a/>"})))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"%PDF-1.7\n1 0 obj\n<<", LETTER[: len(LETTER) // 2]])
def test_a_damaged_file_is_no_error(content: bytes) -> None:
    assert pdf.read(content).legibility in (Legibility.BROKEN, Legibility.PICTURE, Legibility.TEXT)
    assert list(pdf.enclosed(content)) == []


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(LETTER) - 1), st.binary(min_size=1, max_size=40))
def test_whatever_is_overwritten_in_a_file_it_is_read_or_broken(place: int, other: bytes) -> None:
    damaged = LETTER[:place] + other + LETTER[place + len(other) :]
    assert isinstance(pdf.read(damaged).legibility, Legibility)


def test_files_that_are_enclosed_are_found() -> None:
    assert dict(pdf.enclosed(papers.pdf(["Rechnung"], enclosed={"factur-x.xml": b"<x/>"}))) == {"factur-x.xml": b"<x/>"}


def test_what_is_read_has_a_length() -> None:
    assert len(pdf.read(papers.pdf(*(["Wort " * 40] * 60 for _ in range(20)))).text) <= pdf.CHARACTERS
