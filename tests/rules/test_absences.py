"""Until when somebody is away, and who stands in."""

import time
from datetime import date

import pytest

from rules.absences import absence_of
from rules.terms.mail import Absence, Address

WRITTEN = date(2025, 7, 30)


def absence(text: str) -> Absence:
    return absence_of(text, WRITTEN, "erika@example.org")


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("Ich bin vom 4.8. bis einschließlich 15.08.2025 im Urlaub.", date(2025, 8, 15)),
        ("Ich bin bis zum 22.08. außer Haus.", date(2025, 8, 22)),
        ("Ich bin ab dem 18. August wieder erreichbar.", date(2025, 8, 17)),
        ("Ich bin am Montag, den 11.08.2025 wieder für Sie da.", date(2025, 8, 10)),
        ("Vom 23.12. bis 6.1. haben wir Betriebsferien.", date(2026, 1, 6)),
        ("I am out of the office until Friday, August 14th.", date(2025, 8, 14)),
        ("I'll be back on Monday, 18 August 2025.", date(2025, 8, 17)),
        ("I will be travelling on August 10-31.", date(2025, 8, 31)),
        ("Je suis absent jusqu'au 22 août 2025.", date(2025, 8, 22)),
        ("I will return on 8/25/2025.", date(2025, 8, 24)),
        ("Ich bin im Urlaub. Ihre Nachricht vom 29.07.2025 lese ich später.", None),
        ("Ich bin bis auf Weiteres nicht im Büro.", None),
        ("Wir sind seit 1990 für Sie da, bis 31.02.2026.", None),
        ("I am away until 3/4.", None),
    ],
)
def test_the_last_day(text: str, until: date | None) -> None:
    assert absence(text).until == until


@pytest.mark.parametrize(
    ("text", "deputy"),
    [
        (
            "In dringenden Fällen wenden Sie sich bitte an meine Kollegin Petra Klein (p.klein@firma.example).",
            Address("p.klein@firma.example", "Petra Klein"),
        ),
        ("Frau Dr. Anna Meier vertritt mich.", Address("", "Anna Meier")),
        ("Vertretung: Max Muster", Address("", "Max Muster")),
        (
            "For urgent matters please contact my colleague John Smith at john.smith@firma.example.",
            Address("john.smith@firma.example", "John Smith"),
        ),
        ("In dringenden Fällen: vertrieb@firma.example", Address("vertrieb@firma.example", "")),
        ("Schreiben Sie dringende Mails an erika@example.org, ich lese sie abends.", None),
        ("Ich bin im Urlaub.", None),
    ],
)
def test_the_deputy(text: str, deputy: Address | None) -> None:
    assert absence(text).deputy == deputy


@pytest.mark.parametrize("piece", ["bis ", "1.1.", "dringend ", "July 1-", "a@", "wieder ", "Vertretung: A "])
def test_time_is_bounded(piece: str) -> None:
    start = time.process_time()
    absence(piece * 20_000)
    assert time.process_time() - start < 1
