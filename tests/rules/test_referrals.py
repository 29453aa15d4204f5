"""Who is said to have recommended us, and who is not."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.referrals import mentions


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Guten Tag, Frau Hansen hat Sie mir empfohlen. Wir bauen ein Haus.", "Hansen"),
        ("Herr Dr. Karl Weber hat uns Ihren Betrieb wärmstens empfohlen.", "Dr. Karl Weber"),
        ("Unser Nachbar, Herr Otte, hat Sie weiterempfohlen.", "Otte"),
        ("Die Firma Hansen Metallbau GmbH hat uns Sie empfohlen.", "Hansen Metallbau GmbH"),
        ("Sie wurden uns von Petra Köhler empfohlen.", "Petra Köhler"),
        ("Ich melde mich auf Empfehlung von Frau Meier-Lang bei Ihnen.", "Meier-Lang"),
        ("Ihre Nummer habe ich von Herrn Brandt bekommen.", "Brandt"),
        ("Herr Brandt hat mir Ihre Nummer gegeben.", "Brandt"),
        ("Wir sind durch Frau Vogel auf Sie aufmerksam geworden.", "Vogel"),
        ("Your customer Jane Miller recommended you to us.", "Jane Miller"),
        ("Mr. Brown referred me to you.", "Brown"),
        ("You were highly recommended to me by Mrs Taylor.", "Taylor"),
        ("I am writing on the recommendation of Peter Smith.", "Peter Smith"),
        ("I got your number from Anna Berg.", "Anna Berg"),
        ("Tom Ford suggested I contact you about a new roof.", "Tom Ford"),
    ],
)
def test_who_sent_them_is_found_with_the_sentence(text: str, name: str) -> None:
    (found,) = mentions(text)
    assert found.name == name
    assert name in found.quote
    assert found.quote in text


@pytest.mark.parametrize(
    "text",
    [
        "Ich habe Sie Frau Hansen empfohlen.",
        "Wir haben Sie gern an Herrn Weber weiterempfohlen.",
        "Frau Hansen hat mir empfohlen, den Filter zu wechseln.",
        "Frau Hansen hat Sie nicht empfohlen.",
        "Können Sie mir jemanden empfehlen?",
        "Mein Arzt hat mir Ruhe empfohlen.",
        "Wir können Sie weiterempfehlen, sagt Frau Hansen.",
        "I would recommend you to Mr Brown.",
        "We recommended you to Jane Miller.",
        "Jane Miller recommended a different paint.",
        "Mr Brown would not have recommended you.",
        "Google hat Sie empfohlen.",
        "Die Ware habe ich von Herrn Brandt bekommen.",
        "",
    ],
)
def test_what_is_no_referral_of_ours_is_left_alone(text: str) -> None:
    assert mentions(text) == ()


@given(st.text(max_size=300))
def test_any_text_is_taken_and_quotes_stand_in_it(text: str) -> None:
    for found in mentions(text):
        assert found.name
        assert found.name.split()[-1] in found.quote


@pytest.mark.parametrize(
    "piece",
    [
        "Frau Hansen hat Sie ",
        "empfohlen von A B C D E F ",
        "A. ",
        "Empfehlung von Herrn Dr. Dr. ",
        "you recommended by ",
    ],
)
def test_hostile_texts_cost_little(piece: str) -> None:
    began = time.process_time()
    mentions(piece * (200_000 // len(piece)))
    assert time.process_time() - began < 1.0
