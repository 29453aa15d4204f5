"""Telephone numbers: every way of writing one meets, a switchboard meets its extensions, strangers do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.phones import find, keys


def meet(text: str, field: str, region: str = "DE") -> bool:
    return any(phone.keys & keys(field, region) for phone in find(text, "DE"))


@pytest.mark.parametrize(
    "written",
    ["Tel. 0049 (0) 341/2233-14", "Fon +49.341.2233-14", "Telefon (0341) 22 33-14", "T 0341 223314",
     "+49 (341) 22 33 - 14",
     "Tel.: 0341-2233 DW 14", "0341/2233-14"],
)  # fmt: skip
def test_ways_of_writing_meet(written: str) -> None:
    assert meet(written, "+49 341 2233-14")
    assert meet(f"{written} (vormittags)", "0341 / 22 33 - 14")


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Tel. 0341 2233-14", "+49 341 2233-0"),
        ("Tel. 0341 2233-14", "0341 / 2233-99"),
        ("Tel. 0341 223314", "0341 2233-0"),
        ("Tel. 0341 2233-14", "+4934122330"),
        ("Tel. 0341 2233-14", "0341 223399"),
    ],
)
def test_a_switchboard_meets_its_extensions(text: str, field: str) -> None:
    assert meet(text, field)
    (phone,) = find(text)
    assert phone.key not in keys(field)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Tel. 0341 223314", "0341 223399"),
        ("Tel. 0341 223314", "0351 223314"),
        ("0171 2233441", "0171 2233442"),
        ("Tel. 0341 2233-14", "0341 4455-0"),
    ],
)
def test_strangers_do_not_meet(text: str, field: str) -> None:
    assert not meet(text, field)


def test_neighbours_write_without_their_country_code() -> None:
    assert meet("Tel. 0512 7648-32", "+43 512 7648-0", "AT")
    assert meet("Tel. 044 668 18 00", "044 668 18 00", "CH")
    assert not meet("Tel. +49 512 7648-32", "+43 512 7648-0", "AT")


def test_fax_numbers_are_told_apart() -> None:
    phone, fax = find("Tel. 0341 2233-14\nFax: 0341 2233-99")
    assert (phone.fax, fax.fax) == (False, True)
    assert phone.quote == "0341 2233-14"


@pytest.mark.parametrize(
    "text", ["am 12.10.2026", "1.234,56 EUR", "IBAN DE89 3704 0044 0532 0130 00", "PLZ 04109", "", "x" * 30]
)
def test_other_digits_are_no_numbers(text: str) -> None:
    assert find(text) == []


def test_hyphens_of_other_countries_mark_no_extension() -> None:
    assert find("+1 212-555-0123")[0].trunk == "+12125550123"


def test_a_field_may_hold_several_numbers() -> None:
    assert keys("0341 2233-0; 0171 2233441") >= {"+4934122330", "+491712233441"}


@given(st.text(max_size=200))
def test_nothing_raises_on_any_text(text: str) -> None:
    find(text)
    keys(text)


@given(st.integers(2000, 99999), st.integers(10, 99))
def test_a_number_meets_itself_however_it_is_grouped(subscriber: int, extension: int) -> None:
    plain = f"0341{subscriber}{extension}"
    for field in (
        f"0341/{subscriber}-{extension}",
        f"+49 341 {subscriber} {extension}",
        f"0049341{subscriber}{extension}",
    ):
        assert meet(f"Tel. {plain}", field)


@pytest.mark.parametrize("unit", ["0", "0341 2233-14 ", "+49 ", "(0", "0-", "0341 22 DW "])
def test_long_input_is_bounded(unit: str) -> None:
    assert len(find(unit * (200_000 // len(unit)))) <= 12


@pytest.mark.parametrize(
    ("stored", "written"),
    [("05552 49094 - 0", "+43 5552 49094"), ("0043 5552 490940", "05552 49094"), ("05552 49094", "05552 49094-0")],
)
def test_a_switchboard_is_the_same_with_and_without_its_zero(stored: str, written: str) -> None:
    found = find(f"Tel. {written}", "AT")
    assert found[0].keys & keys(stored, "AT")
