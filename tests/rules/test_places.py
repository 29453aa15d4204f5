"""Places in addresses, and when two of them are the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.places import Place, find, same_place, stands_in


@pytest.mark.parametrize(
    ("text", "postcode", "city", "country"),
    [
        ("Hafenweg 3, 24103 Kiel", "24103", "Kiel", ""),
        ("24103 Kiel | Hafenweg 3", "24103", "Kiel", ""),
        ("D-24103 Kiel", "24103", "Kiel", "DE"),
        ("AT-4600 Wels", "4600", "Wels", "AT"),
        ("CH-9000 St. Gallen", "9000", "St. Gallen", "CH"),
        ("60311 Frankfurt am Main", "60311", "Frankfurt am Main", ""),
        ("Hafenweg 3  D-24103 Kiel  T (0431) 780", "24103", "Kiel", "DE"),
        ("GB-M2 5DB Manchester", "M25DB", "Manchester", "GB"),
        ("London SW1A 1AA", "SW1A1AA", "London", "GB"),
        ("1012 AB Amsterdam", "1012 AB", "Amsterdam", ""),
        ("D-Göttingen", "", "Göttingen", ""),
    ],
)
def test_places_in_addresses(text: str, postcode: str, city: str, country: str) -> None:
    (place,) = find(text)
    assert (place.postcode, place.city, place.country) == (postcode, city, country)
    assert place.quote in text


@pytest.mark.parametrize(
    "text",
    [
        "Im Jahr 2026 Umsatz",
        "2026 Januar",
        "wir brauchen 1000 Schrauben bis morgen",
        "Rechnung 24103",
        "",
        "12345 stück",
    ],
)
def test_sentences_are_no_places(text: str) -> None:
    assert find(text) == ()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Place("24103", "Kiel"), Place("24105", "Kiel"), True),
        (Place("", "Köln"), Place("50667", "Koeln"), True),
        (Place("60311", "Frankfurt"), Place("60313", "Frankfurt am Main"), True),
        (Place("24103", "Kiel"), Place("80331", "München"), False),
        (Place("24103", "Kiel"), Place("24106", "Altenholz"), None),
        (Place("24103", "Kiel"), Place("", ""), None),
        (Place("24103", ""), Place("24103", "Kiel"), True),
    ],
)
def test_same_place(one: Place, other: Place, same: bool | None) -> None:
    assert same_place(one, other) is same
    assert same_place(other, one) is same


def test_a_town_stands_in_a_text_as_a_word() -> None:
    assert stands_in("Köln", "Gruß aus Koeln")
    assert stands_in("Koeln", "Gruß aus Köln")
    assert not stands_in("Kiel", "Kielwasser")
    assert not stands_in("", "Kiel")


@given(st.text(max_size=300), st.builds(Place, st.text(max_size=8), st.text(max_size=20)))
def test_nothing_raises_on_any_text(text: str, other: Place) -> None:
    for place in find(text):
        assert same_place(place, other) is same_place(other, place)
    stands_in(other.city, text)


@pytest.mark.parametrize("unit", ["12345 Aa ", "12345 Aa am ", "D-Aaaa-", "1", "\n", "A1 1AA "])
def test_long_input_is_bounded(unit: str) -> None:
    assert len(find(unit * (200_000 // len(unit)))) <= 5
