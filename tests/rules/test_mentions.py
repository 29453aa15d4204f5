"""Sentences about third parties do not count; what is said about the writer stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.mentions import cut, left, newcomer

STAYS = "Bitte senden Sie uns die Rechnung KD-10020."


@pytest.mark.parametrize(
    "sentence",
    [
        "Sie wurden uns von Frau Wildner empfohlen.",
        "Wir schreiben auf Empfehlung der Köhler GmbH.",
        "Ihre Nummer habe ich von Herrn Wildner bekommen.",
        "Ich habe Ihre Kontaktdaten über die Firma Köhler erhalten.",
        "Herr Wildner ist nicht mehr bei uns.",
        "Frau Wildner ist nicht mehr im Unternehmen.",
        "Herr Wildner ist zum Jahresende ausgeschieden.",
        "Mr Byrne has left the company.",
        "Mrs Byrne no longer works here.",
        "Wir arbeiten auch mit der Firma Wildner zusammen.",
        "Die Köhler GmbH arbeitet ja auch mit Ihnen.",
        "Als Referenz nennen wir die Köhler GmbH.",
        "Referenzen: Köhler GmbH, Wildner AG",
        "Können Sie das wie bei der Wildner GmbH machen?",
        "Im Vergleich zu Köhler sind Sie teuer.",
        "Unser bisheriger Lieferant Köhler war billiger.",
        "Mein Nachbar, Herr Wildner, ist Kunde bei Ihnen.",
        "We were referred to you by Liam Byrne.",
        "I got your number from Byrne Joinery.",
        "Die Anfrage wurde uns von Petra Köhler weitergeleitet.",
        "Wir gehören zur selben Gruppe wie Köhler.",
        "Lieferant der Köhler GmbH & Co. KG",
        "Wir kennen uns noch aus meiner Zeit bei Köhler.",
    ],
)
def test_sentences_about_others_are_blanked(sentence: str) -> None:
    text = f"Guten Tag,\n\n{sentence} {STAYS}" if sentence.endswith(".") else f"Guten Tag,\n{sentence}\n{STAYS}"
    done = cut(text)
    assert len(done.text) == len(text)
    assert STAYS in done.text
    assert not any(name in done.text for name in ("Wildner", "Köhler", "Byrne"))
    assert done.spans
    assert all(text[begin:end].strip() for begin, end in done.spans)


@pytest.mark.parametrize(
    "text",
    [
        "Hier ist Petra Köhler von der Köhler GmbH, bitte rufen Sie mich an.",
        "im Auftrag unseres Kunden Köhler GmbH bestellen wir",
        "Ich habe geheiratet, früher Petra Köhler.",
        "Meine Kundennummer ist 4711. Ich brauche zwei Stück.",
        "Please send the invoice to Byrne Joinery, we paid it already.",
        "Köhler GmbH (vormals Wildner)",
    ],
)
def test_what_is_said_about_the_writer_stays(text: str) -> None:
    assert cut(text).text == text


def test_a_wrapped_sentence_is_cut_as_a_whole() -> None:
    text = (
        "Sie wurden uns im letzten Jahr auf der Messe in Kiel wärmstens\nempfohlen, und zwar von Petra Wildner.\n"
        + STAYS
    )
    assert "Wildner" not in cut(text).text
    assert STAYS in cut(text).text


@pytest.mark.parametrize(
    "text",
    ["Wie werden wir Kunde bei Ihnen?", "Wir sind noch nicht Ihr Kunde.", "Betreff: Neukunde",
     "we are not yet a customer",
     "Erstbestellung", "Ich bin im Internet auf Sie gestoßen."],
)  # fmt: skip
def test_newcomers_say_so(text: str) -> None:
    quote = newcomer(text)
    assert quote is not None
    assert quote in text.lower()


@pytest.mark.parametrize("text", ["Unsere Kundennummer ist 4711.", "Wir sind seit Jahren Kunde.", "", "neu bestellt"])
def test_others_do_not(text: str) -> None:
    assert newcomer(text) is None


def test_who_left_a_firm_says_so() -> None:
    assert "köhler" in (left("wie Sie wissen, bin ich nicht mehr bei Köhler Dach, sondern hier.") or "")
    assert "byrne" in (left("I no longer work for Byrne Joinery.") or "")
    assert left("Herr Wildner ist nicht mehr bei uns.") is None


@given(st.text(max_size=500))
def test_nothing_raises_and_offsets_stay(text: str) -> None:
    done = cut(text)
    assert len(done.text) == len(text)
    newcomer(text)
    left(text)


@pytest.mark.parametrize(
    "unit", ["empfohlen von ", "ihre nummer ", "ich nicht mehr bei ", "mein Kollege ", "A. ", "\n", "a"]
)
def test_long_input_keeps_its_length(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    assert len(cut(text).text) == len(text)
    newcomer(text)
    left(text)
