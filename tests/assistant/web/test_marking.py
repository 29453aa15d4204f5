"""Evidence is marked where it stands, and nothing a mail says becomes markup."""

import re
import time
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from assistant.web.marking import marked
from rules.terms.finding import Evidence


def plain(markup: str) -> str:
    """The words without marks and what is said in them."""
    return unescape(re.sub(r"<[^>]*>", "", re.sub(r'<span class="hidden">.*?</span>', "", markup)))


def test_a_quote_is_marked_with_its_reason_in_words_however_it_is_parted() -> None:
    text = "Kundennummer 10023\nHansen\n  Metallbau"
    evidence = [Evidence("number", "10023", 5.0), Evidence("firm", "Hansen Metallbau", 3.0)]
    made = marked(text, evidence, "de")
    number = '<mark class="for" title="Kundennummer">10023<span class="hidden"> (Kundennummer)</span></mark>'
    assert f"Kundennummer {number}" in made
    assert ">Hansen\n  Metallbau<" in made
    assert plain(made) == text


def test_what_speaks_against_looks_otherwise_and_the_weightier_of_two_counts() -> None:
    made = marked("Neu in Kiel", [Evidence("place", "Kiel", 0.5), Evidence("other-place", "in Kiel", -2.0)], "en")
    assert made.count("<mark") == 1
    assert 'class="against" title="another town"' in made


def test_parts_of_words_are_not_marked() -> None:
    assert "<mark" not in marked("Kieler Sprotten", [Evidence("place", "Kiel", 0.5)], "de")


@given(text=st.text(max_size=300), quotes=st.lists(st.text(max_size=12), max_size=5))
def test_nothing_is_lost_and_no_markup_gets_through(text: str, quotes: list[str]) -> None:
    made = marked(text, [Evidence("place", quote, 1.0) for quote in quotes], "de")
    assert plain(made) == text
    assert set(re.findall(r"<[^>]*>", made)) <= {
        '<mark class="for" title="Ort">', '<span class="hidden">', "</span>", "</mark>",
    }  # fmt: skip


def test_hostile_text_costs_little() -> None:
    began = time.process_time()
    marked("a \n" * 70_000, [Evidence("firm", "a " * 100, 1.0), Evidence("firm", "a  b", 1.0)], "de")
    marked("<" * 200_000, [Evidence("place", "<" * 200, 1.0)], "de")
    assert time.process_time() - began < 1.0
