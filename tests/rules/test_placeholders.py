"""Blanks in texts: known ones are filled, unknown ones named, and no value does more than stand there."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.placeholders import UnknownBlank, fill, unknown

KNOWN = ("customer", "subject", "until")


def test_blanks_are_filled_and_what_is_not_known_is_left_to_a_person() -> None:
    text = "{customer}: {subject}, bis {until}. { } {} {x"
    assert (
        fill(text, {"customer": "Müller &\r\n Co", "subject": "A", "until": ""}) == "Müller & Co: A, bis …. { } {} {x"
    )


def test_an_unknown_blank_is_named_with_the_near_one() -> None:
    assert unknown("{costumer} {Until} {costumer} {zzz} {customer}", KNOWN) == [
        UnknownBlank("costumer", "customer"),
        UnknownBlank("Until", "until"),
        UnknownBlank("zzz"),
    ]


@pytest.mark.parametrize("value", ["{subject}", "{customer}", "{0.__class__}", "%s", "\\1", "\\g<0>"])
def test_a_value_is_never_read_as_a_blank(value: str) -> None:
    assert fill("{customer}!", {"customer": value, "subject": "geheim"}) == value + "!"


@pytest.mark.parametrize("text", ["{customer.name}", "{customer!r}", "{customer:>9}", "{0}", "{customer[0]}"])
def test_no_value_is_reached_through_another(text: str) -> None:
    assert unknown(text, KNOWN)
    assert fill(text, {"customer": "x"}) == text


@given(st.text("{}ab \n"), st.text("{}ab \n"))
def test_any_text_can_be_filled(text: str, value: str) -> None:
    fill(text, {"a": value})
    unknown(text, ("a",))


@pytest.mark.parametrize("text", ["{" * 200_000, "{a" * 100_000, "}" * 200_000, "{" + "a" * 200_000])
def test_hostile_texts_cost_no_more_than_their_length(text: str) -> None:
    began = time.process_time()
    unknown(text, KNOWN)
    fill(text, {"a": "b"})
    assert time.process_time() - began < 1
