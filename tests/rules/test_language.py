"""The language vote."""

import pytest

from rules.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Sehr geehrte Damen und Herren, bitte senden Sie uns die Rechnung noch einmal zu.", "de"),
        ("Dear Sir or Madam, please send us the invoice once more.", "en"),
        ("Bonjour, pouvez-vous nous envoyer la facture avec les documents ? Merci", "fr"),
        ("Hej, kan du skicka fakturan till oss? Tack, och hälsningar", "sv"),
        ("OK", None),
        ("", None),
        ("4711 / 0815", None),
    ],
)
def test_common_words_decide(text: str, language: str | None) -> None:
    assert language_of(text) == language
