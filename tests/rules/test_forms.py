"""What somebody entered into a form: labels in front of values, above them, or in table rows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.forms import form_in
from rules.terms.mail import Address

PERSON = Address("petra@post.example", "Petra Köhler")


@pytest.mark.parametrize(
    "text",
    [
        "Name: Petra Köhler\nE-Mail: petra@post.example\nTelefon: 0341 2233-14\nIhre Nachricht:\n"
        "Bitte um Rückruf.\nDanke",
        "*Vorname:* Petra\n*Nachname:* Köhler\n*E-Mail-Adresse:* petra@post.example\n*Tel.:* 0341 2233-14\n"
        "*Nachricht:* Bitte um Rückruf.\nDanke",
        "Name\nPetra Köhler\n\nIhre E-Mail\npetra@post.example\n\nTelefonnummer\n0341 2233-14\n\nMitteilung\n"
        "Bitte um Rückruf.\nDanke",
        "| Name | Petra Köhler |\n| E-Mail | petra@post.example |\n| Phone | 0341 2233-14 |\nMessage:\n"
        "Bitte um Rückruf.\nDanke",
        "Full name = Petra Köhler\nEmail address = <petra@post.example>\nPhone number = 0341 2233-14\n"
        "Comments:\nBitte um Rückruf.\nDanke",
        "Name\tPetra Köhler\nMail\tpetra@post.example\nTel\t0341 2233-14\nNachricht\tBitte um Rückruf.\nDanke",
    ],
)
def test_the_person_and_the_message_are_read(text: str) -> None:
    form = form_in(text)
    assert form.person == PERSON
    assert form.first("phone") == "0341 2233-14"
    assert form.message == "Bitte um Rückruf.\nDanke"
    assert form.counted >= 3


def test_the_data_read_like_a_signature() -> None:
    form = form_in(
        "Name: Petra Köhler\nFirma: Köhler Dach GmbH\nStraße: Hafenweg 3\nPLZ: 24103\nOrt: Kiel\nTel: 0431 780-12"
    )
    assert form.data == "Petra Köhler\nKöhler Dach GmbH\nHafenweg 3\n24103 Kiel\nTel. 0431 780-12"


def test_empty_fields_are_no_values() -> None:
    form = form_in("Name: Petra Köhler\nFirma: \nTelefon:\nE-Mail: petra@post.example\n")
    assert form.first("firm") == ""
    assert form.person == PERSON


def test_labels_inside_the_message_stay_there() -> None:
    form = form_in("Name: Petra Köhler\nNachricht:\nmein Artikel:\nName: Bohrer\nBitte tauschen.")
    assert form.person.name == "Petra Köhler"
    assert "Bohrer" in form.message


def test_ordinary_text_is_no_form() -> None:
    assert form_in("Guten Tag,\n\nbitte rufen Sie mich an.\n\nGruß\nPetra").counted == 0


@given(st.text(max_size=500))
def test_nothing_raises_on_any_text(text: str) -> None:
    form = form_in(text)
    assert isinstance(form.person, Address)
    assert isinstance(form.data + form.message, str)


@pytest.mark.parametrize("unit", ["Name: x\n", "Name\n", "Nachricht:\n", "Name   ", "a", ":"])
def test_long_input_costs_little_time(unit: str) -> None:
    form_in(unit * (200_000 // len(unit)))
