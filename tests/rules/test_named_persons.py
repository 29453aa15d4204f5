"""Who signs a mail, who introduces themselves, whose name an address spells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.named_persons import former, introduced, of_address, signers
from rules.names import Person


@pytest.mark.parametrize(
    ("signature", "person"),
    [
        ("Mit freundlichen Grüßen\ni. A. Petra Köhler\nKöhler Dach GmbH", Person("Petra", "Köhler")),
        ("Viele Grüße, Petra Köhler", Person("Petra", "Köhler")),
        ("LG petra", Person("petra", "")),
        ("Kind regards\n\nDr. Liam Byrne | Purchasing | Byrne Ltd", Person("Liam", "Byrne", "Dr.")),
        ("Beste Grüße\nPetra Köhler  Sekretariat  KÖHLER DACH GMBH", Person("Petra", "Köhler")),
        ("Gruß\nKöhler, Petra", Person("", "Köhler")),
    ],
)
def test_the_signature_names_the_signer(signature: str, person: Person) -> None:
    assert signers(signature) == (person,)


def test_couples_are_two_persons() -> None:
    assert signers("Gruß\nSabine und Jörg Köhler") == (Person("Sabine", "Köhler"), Person("Jörg", "Köhler"))


@pytest.mark.parametrize(
    "signature", ["", "Ihr Team", "Mit freundlichen Grüßen", "Gesendet mit der Mail App", "Dachbau GmbH"]
)
def test_nobody_is_invented(signature: str) -> None:
    assert signers(signature) == ()


def test_a_name_alone_in_the_last_line_signs() -> None:
    assert signers("", above="Bitte um Rückruf.\n\nSabine") == (Person("Sabine", ""),)
    assert signers("", above="Bitte um Rückruf.\n\nPotsdam") == ()


def test_writers_introduce_themselves() -> None:
    assert introduced("Hallo, mein Name ist Petra Köhler und ich …") == (Person("Petra", "Köhler"),)
    assert introduced("this is Liam Byrne from Byrne Joinery") == (Person("Liam", "Byrne"),)
    assert introduced("ich bin sehr verärgert") == ()


def test_former_names() -> None:
    assert former("Ich habe geheiratet, früher Petra Köhler.") == (Person("Petra", "Köhler"),)
    assert former("Petra Wild, geb. Köhler") == (Person("", "Köhler"),)


@pytest.mark.parametrize(
    ("addr", "person"),
    [
        ("petra.koehler77@post.example", Person("Petra", "Koehler")),
        ("koehler_petra@post.example", Person("Petra", "Koehler")),
        ("p.koehler+shop@post.example", Person("P", "Koehler")),
        ("info@post.example", None),
        ("dach.wild@post.example", None),
        ("x1@post.example", None),
    ],
)
def test_names_in_addresses(addr: str, person: Person | None) -> None:
    assert of_address(addr) == person


@given(st.text(max_size=400))
def test_nothing_raises_on_any_text(text: str) -> None:
    signers(text, text)
    introduced(text)
    former(text)
    of_address(text)
