"""Firms' names: legal forms aside, umlauts and "&" either way, sister firms told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.firms import FirmLikeness, compare, core, firm_keys, firm_sounds, firm_words_of
from rules.folding import folds

LETTERS = st.text("abcdefghijklmnoprstuvwäöüß", min_size=4, max_size=14)


@pytest.mark.parametrize(
    ("name", "words", "form"),
    [
        ("Gebr. Wildner GmbH & Co. KG", ("gebrueder", "wildner"), "gmbh co kg"),
        ("Wildner Dach UG (haftungsbeschränkt)", ("wildner", "dach"), "ug haftungsbeschraenkt"),
        ("Wildner e. K.", ("wildner",), "ek"),
        ("Wildner e.V.", ("wildner",), "ev"),
        ("Wildner Dach, Inh. Petra Köhler", ("wildner", "dach"), ""),
        ("Wildner & Köhler PartG mbB", ("wildner", "koehler"), "partg mbb"),
        ("Wildner S.p.A.", ("wildner",), "spa"),
        ("Wildner Sàrl", ("wildner",), "sarl"),
        ("Wildner Ges.m.b.H.", ("wildner",), "ges mbh"),
        ("Wildner OG", ("wildner",), "og"),
        ("Wildner Ltd.", ("wildner",), "ltd"),
        ("Wildner Sp. z o.o.", ("wildner",), "sp zoo"),
        ("AG", ("ag",), ""),
    ],
)
def test_names_are_taken_apart(name: str, words: tuple[str, ...], form: str) -> None:
    apart = core(name)
    assert (apart.words, apart.legal_form) == (words, form)


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("Köhler Dach GmbH", "Koehler-Dach AG", FirmLikeness.EXACT),
        ("Wildner & Köhler OHG", "Wildner und Köhler", FirmLikeness.EXACT),
        ("Wildner + Köhler", "WILDNER UND KÖHLER KG", FirmLikeness.EXACT),
        ("Köhler Dach", "Kohler Dach", FirmLikeness.VARIANT),
        ("Köhler Dach", "Dach Köhler", FirmLikeness.VARIANT),
        ("Köhler Dach", "Köhler Dach Deutschland GmbH", FirmLikeness.VARIANT),
        ("Köhler Dach", "Köhler Dach Osnabrück", FirmLikeness.VARIANT),
        ("WTK Dach", "Wildner Tietz Köhler Dach", FirmLikeness.VARIANT),
        ("Wildgruber Dach", "Wildgrubber Dach", FirmLikeness.TYPO),
        ("Köhler Dach", "Köhler Dach Nord", FirmLikeness.PART),
        ("Köhler Dach", "Köhler Dach Holding AG", FirmLikeness.PART),
        ("Köhler", "Köhler & Söhne", FirmLikeness.PART),
        ("Köhler Dach Deutschland", "Köhler Dach Schweiz", FirmLikeness.PART),
        ("FMA Dach", "ELA Dach", FirmLikeness.DIFFERENT),
        ("Köhler Dach Kiel", "Köhler Dach Bremen", FirmLikeness.PART),
        ("Köhler Logistik", "Köhler Immobilien", FirmLikeness.PART),
        ("Köhler Bau", "Wildner Bau", FirmLikeness.DIFFERENT),
        ("Hotel Praxis", "Hotel Technik", FirmLikeness.DIFFERENT),
    ],
)
def test_likeness_of_two_firms(one: str, other: str, likeness: FirmLikeness) -> None:
    assert compare(one, other) is likeness
    assert compare(other, one) is likeness


@given(st.text(max_size=80), st.text(max_size=80))
def test_likeness_is_symmetric_and_never_raises(one: str, other: str) -> None:
    assert compare(one, other) is compare(other, one)
    firm_words_of(one)
    firm_sounds(one)


@given(LETTERS)
def test_both_umlaut_ways_and_legal_forms_meet(name: str) -> None:
    for way in folds(name):
        assert firm_keys(f"{name} GmbH") & firm_keys(f"{way} AG")


def test_trades_tell_little() -> None:
    assert firm_words_of("Köhler Heizungsbau GmbH") == {"koehler", "kohler"}
    assert firm_words_of("Heizungsbau GmbH") == {"heizungsbau"}


def test_typos_meet_by_sound() -> None:
    assert firm_sounds("Wildgruber GmbH") & firm_sounds("Wiltgrubber")


@pytest.mark.parametrize("unit", ["a", "A. ", "GmbH ", "&", "(", "ü"])
def test_long_input_costs_no_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    firm_keys(text)
    compare(text, text[1:])
