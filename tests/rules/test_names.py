"""Persons' names: which spellings mean the same person, and that keys meet whichever way a name is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.folding import fold, folds
from rules.names import Likeness, Person, compare, last_keys, parse_person, person_keys, person_sounds
from rules.phonetics import cologne

TEXT = st.text(max_size=300)
NAMES = st.builds(Person, st.text(max_size=20), st.text(max_size=20))
LETTERS = st.text("abcdefghijklmnopqrstuvwxyzäöüß", min_size=2, max_size=12)


@pytest.mark.parametrize(
    ("display", "first", "last"),
    [
        ("Petra Klein", "Petra", "Klein"),
        ("Klein, Petra", "Petra", "Klein"),
        ("KLEIN Petra", "Petra", "KLEIN"),
        ("'Petra Klein' via Einkaufsliste", "Petra", "Klein"),
        ("Petra Klein (Dachdeckerei Nord)", "Petra", "Klein"),
        ("Petra Klein | Dachdeckerei Nord", "Petra", "Klein"),
        ("Petra Klein - Einkauf", "Petra", "Klein"),
        ("Frau Dr. med. Petra von der Heide", "Petra", "von der Heide"),
        ("Heide, Dr. Petra", "Petra", "Heide"),
        ("Heide, Petra, M.Sc.", "Petra", "Heide"),
        ("Dipl.-Ing. (FH) Hans-Peter Klein-Wild", "Hans-Peter", "Klein-Wild"),
        ("Wildgruber Sabine", "Sabine", "Wildgruber"),
        ("P. Klein", "P.", "Klein"),
        ("Klein", "", "Klein"),
        ("Sabine", "Sabine", ""),
        ("Peter Maler", "Peter", "Maler"),
        ("Liam O'Brien", "Liam", "O'Brien"),
        ("李 明", "李", "明"),
    ],
)
def test_persons_are_read_from_display_names(display: str, first: str, last: str) -> None:
    person = parse_person(display)
    assert person is not None
    assert (person.first, person.last) == (first, last)


@pytest.mark.parametrize(
    "display",
    ["", "info", "Team Service", "klein@firma.example", "Klein GmbH", "Buchhaltung", "no-reply", "Kundendienst Nord",
     "Mail Delivery System", "Dachtechnik Bau", "123", "Klein & Söhne Logistik"],
)  # fmt: skip
def test_departments_firms_and_addresses_are_no_persons(display: str) -> None:
    assert parse_person(display) is None


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        (("Petra", "Köhler"), ("Petra", "Koehler"), Likeness.EXACT),
        (("Petra", "Köhler"), ("Petra", "Kohler"), Likeness.VARIANT),
        (("José", "Núñez"), ("Jose", "Nunez"), Likeness.EXACT),
        (("Köhler", "Petra"), ("Petra", "Köhler"), Likeness.VARIANT),
        (("P.", "Köhler"), ("Petra", "Köhler"), Likeness.VARIANT),
        (("H.-J.", "Wild"), ("Hans-Jürgen", "Wild"), Likeness.VARIANT),
        (("Hans", "Wild"), ("Hans-Jürgen", "Wild"), Likeness.VARIANT),
        (("Sepp", "Wild"), ("Josef", "Wild"), Likeness.VARIANT),
        (("Uli", "Wild"), ("Ulrike", "Wild"), Likeness.VARIANT),
        (("Uli", "Wild"), ("Ulrich", "Wild"), Likeness.VARIANT),
        (("Bill", "Wild"), ("William", "Wild"), Likeness.VARIANT),
        (("Markus", "Wild"), ("Marcus", "Wild"), Likeness.VARIANT),
        (("Petra", "Köhler-Wildner"), ("Petra", "Köhler"), Likeness.VARIANT),
        (("Petra", "von der Heide"), ("Petra", "Heide"), Likeness.VARIANT),
        (("Petra", "Wildgruber"), ("Petra", "Wildgrubber"), Likeness.TYPO),
        (("Petra", "Wildgruber"), ("Perta", "Wildgruber"), Likeness.TYPO),
        (("", "Köhler"), ("Petra", "Köhler"), Likeness.LAST_ONLY),
        (("Petra", ""), ("Petra", "Köhler"), Likeness.FIRST_ONLY),
        (("Christian", "Wild"), ("Christina", "Wild"), Likeness.DIFFERENT),
        (("Jürgen", "Wild"), ("Georg", "Wild"), Likeness.DIFFERENT),
        (("Petra", "Wild"), ("Petra", "Kern"), Likeness.DIFFERENT),
        (("Petra", "Kern"), ("Petra", "Kerl"), Likeness.DIFFERENT),
    ],
)
def test_likeness_of_two_names(one: tuple[str, str], other: tuple[str, str], likeness: Likeness) -> None:
    assert compare(Person(*one), Person(*other)) is likeness


@given(NAMES, NAMES)
def test_likeness_is_symmetric_and_never_raises(one: Person, other: Person) -> None:
    assert compare(one, other) is compare(other, one)


@given(LETTERS, LETTERS)
def test_the_same_name_is_exact_and_order_does_not_matter(first: str, last: str) -> None:
    assert compare(Person(first, last), Person(first, last)) is Likeness.EXACT
    assert compare(Person(first, last), Person(last, first)) in (Likeness.EXACT, Likeness.VARIANT)
    assert person_keys(first, last) & person_keys(last, first)


@given(LETTERS, LETTERS)
def test_both_umlaut_ways_meet(first: str, last: str) -> None:
    known = person_keys(first, last)
    for way in folds(last):
        assert known & person_keys(first, way)
        assert last_keys(last) & last_keys(way)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Sepp", "Wild"), ("Josef", "Wild")),
        (("Hans", "Wild"), ("Hannes", "Wild")),
        (("Petra", "Köhler-Wild"), ("Petra", "Wild")),
        (("P.", "Wild"), ("Petra", "Wild")),
        (("Hans-Peter", "Wild"), ("Hans", "Wild")),
        (("Petra", "van der Heide"), ("Petra", "Heide")),
    ],
)
def test_variants_meet_by_keys(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert person_keys(*one) & person_keys(*other)


def test_names_that_sound_alike_meet_by_sound() -> None:
    assert person_sounds("Petra", "Maier") & person_sounds("Petra", "Mayr")
    assert person_sounds("Stefan", "Schmidt") & person_sounds("Stephan", "Schmitt")
    assert not person_sounds("Petra", "Maier") & person_sounds("Petra", "Kern")


@pytest.mark.parametrize(
    ("word", "code"),
    [("mueller", "657"), ("luedenscheidt", "52682"), ("wikipedia", "3412"), ("breschnew", "17863"), ("philipp", "351")],
)
def test_cologne_phonetics_as_published(word: str, code: str) -> None:
    assert cologne(word) == code


def test_other_scripts_keep_their_spelling_as_sound() -> None:
    assert cologne("李") == "李"


@given(TEXT)
def test_nothing_raises_on_any_text(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    person = parse_person(text)
    assert person is None or person.first or person.last
    assert all(person_keys(text, text))
    person_sounds(text, text)
    cologne(text)


@pytest.mark.parametrize("unit", ["a", "A. ", "Müller-", "(", "ü", "e\u0301", ", ", "von "])
def test_long_input_costs_no_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    parse_person(text)
    assert len(person_keys(text, text)) <= 24
    compare(Person(text, text), Person(text[1:], text))


@pytest.mark.parametrize(
    "text", ["Guten Tag", "Viele Grüße", "Schönen Abend", "Kind Regards", "Many Thanks", "Liebe Grüße"]
)
def test_greetings_are_no_persons(text: str) -> None:
    assert parse_person(text) is None
