"""Where texts name firms, and whom an agency acts for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.named_firms import clients, find, former, introduced, stated


@pytest.mark.parametrize(
    ("text", "firms"),
    [
        ("*Köhler & Wildner GmbH & Co. KG\nHafenweg 3", ("Köhler & Wildner GmbH & Co. KG",)),
        ("Petra Köhler – Wildner Dach Sàrl – 8400 Winterthur", ("Wildner Dach Sàrl",)),
        ("die Firma Wildner Dach AG hat bestellt", ("Wildner Dach AG",)),
        ("Gebr. Wildner e.K.", ("Gebr. Wildner e.K.",)),
        ("Wildner UG (haftungsbeschränkt), Kiel", ("Wildner UG (haftungsbeschränkt)",)),
        ("Ihre AG und ab Montag kg 5, se la vie", ()),
        ("info@wildner.gmbh", ()),
    ],
)
def test_firms_are_found_by_their_legal_form(text: str, firms: tuple[str, ...]) -> None:
    assert find(text) == firms


def test_a_signature_states_its_firm_without_legal_form() -> None:
    names = stated("Mit freundlichen Grüßen\nPetra Köhler\nWildner Estrichbau\nHafenweg 3, 24103 Kiel\nTel. 0431 1234")
    assert names[0] == "Wildner Estrichbau"
    assert not any("Grüßen" in name or "Tel" in name for name in names)


@pytest.mark.parametrize(
    ("text", "firm"),
    [
        ("im Auftrag unseres Kunden Wildner Dach GmbH, Kiel", "Wildner Dach GmbH"),
        ("wir zeigen an, dass wir Wildner Dach, Hafenweg 3, vertreten", "Wildner Dach"),
        ("namens und im Auftrag unserer Mandantin, der Köhler AG", "Köhler AG"),
        ("Köhler AG ./. Wildner GmbH", "Köhler AG"),
        ("on behalf of our client Byrne Joinery we ask", "Byrne Joinery"),
    ],
)
def test_agencies_name_whom_they_act_for(text: str, firm: str) -> None:
    assert firm in clients(text)


def test_two_clients_with_their_numbers() -> None:
    assert clients("zwei unserer Kunden: Gebr. Wild (R1) und Köhler Dach (R2).") == ("Gebr. Wild", "Köhler Dach")


@pytest.mark.parametrize(
    ("text", "firm"),
    [
        ("ich schreibe für die Wildner Dach GmbH", "Wildner Dach GmbH"),
        ("hier ist Petra Köhler von der Wildner Dach", "Wildner Dach"),
        ("this is Liam Byrne from Byrne Joinery, Bristol.", "Byrne Joinery"),
        ("wir sprachen gestern, Köhler / Wildner Estrich / Kiel", "Wildner Estrich"),
    ],
)
def test_writers_say_where_they_write_from(text: str, firm: str) -> None:
    assert firm in introduced(text)


def test_former_names() -> None:
    assert former("Köhler Dach GmbH (vormals Wildner Estrich)") == ("Wildner Estrich",)


@given(st.text(max_size=400))
def test_nothing_raises_on_any_text(text: str) -> None:
    for read in (find, stated, clients, introduced, former):
        read(text)


@pytest.mark.parametrize(
    "unit", ["A ", "A. GmbH & Co. ", "im Auftrag ", "A / ", "A gegen ", "dass wir A ", "this is A "]
)
def test_long_input_costs_little_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    for read in (find, stated, clients, introduced, former):
        assert len(read(text)) <= 8
