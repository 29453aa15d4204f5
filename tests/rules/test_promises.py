"""What we promised, and what only looks like it."""

import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.promises import commitments

# A Wednesday.
SAID = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Ich schicke Ihnen das Angebot bis Freitag.", date(2026, 11, 20)),
        ("Wir melden uns morgen bei Ihnen.", date(2026, 11, 19)),
        ("Guten Morgen Frau Hansen,\n\nwir melden uns am Montag.", date(2026, 11, 23)),
        ("Bis zum 27.11. liefern wir die fehlenden Teile nach.", date(2026, 11, 27)),
        ("Ihre Bestellung vom 3.11. liefern wir bis 25.11.2026.", date(2026, 11, 25)),
        ("Sie erhalten die Gutschrift bis Ende der Woche.", date(2026, 11, 20)),
        ("Ich rufe Sie nächste Woche zurück.", date(2026, 11, 27)),
        ("Wir werden Ihnen das Ersatzteil innerhalb von drei Tagen senden.", date(2026, 11, 21)),
        ("Am Mittwoch kommt Herr Otte, und ich rufe vorher an.", date(2026, 11, 25)),
        ("Ich melde mich spätestens am 5. Januar.", date(2027, 1, 5)),
        ("Ich gebe Ihnen heute noch Bescheid.", SAID),
        ("We will call you back on Monday.", date(2026, 11, 23)),
        ("I'll send you the drawings by tomorrow.", date(2026, 11, 19)),
        ("You will receive the credit note within 5 days.", date(2026, 11, 23)),
        ("We will let you know by December 3rd.", date(2026, 12, 3)),
        ("I will get back to you by the end of next week.", date(2026, 11, 27)),
        ("We'll deliver on 2026-12-01.", date(2026, 12, 1)),
        # What a pattern takes for the same letters.
        ("Wir melden uns am ſamstag.", date(2026, 11, 21)),
        ("Wir melden uns am 3. Aprıl 2027.", date(2027, 4, 3)),
    ],
)
def test_a_promise_is_found_with_its_day_and_its_words(text: str, due: date) -> None:
    (found,) = commitments(text, SAID)
    assert found.due == due
    assert found.quote in " ".join(text.split())


@pytest.mark.parametrize(
    "text",
    [
        "Können wir Ihnen das bis Freitag schicken?",
        "Bis Freitag schicken wir das nicht.",
        "Wenn Sie bestellen, liefern wir bis Freitag.",
        "Ich hoffe, ich melde mich bis Freitag.",
        "Das kann ich Ihnen bis Freitag schicken.",
        "Anbei sende ich Ihnen heute das Angebot.",
        "Bitte schicken Sie uns die Zeichnung bis Freitag.",
        "Überweisen Sie den Betrag bis zum 30.11.",
        "Wir haben die Ware am Montag geschickt.",
        "Ich bin bis Freitag im Urlaub.",
        "Ihre Mail vom 3.11. werden wir prüfen.",
        "Ich schicke Ihnen das Angebot.",
        "Am Freitag haben wir geschlossen.",
        "Guten Morgen, ich melde mich.",
        "Ich schicke es bis zum 31.2.",
        "Could you tell us by Friday?",
        "We will not deliver on Monday.",
        "If you order today we will deliver on Monday.",
        "Please find attached what we will discuss on Monday.",
        "You can call us on Monday.",
        "We sent it on Monday.",
        "",
    ],
)
def test_what_is_no_promise_is_left_alone(text: str) -> None:
    assert commitments(text, SAID) == ()


def test_what_is_enclosed_the_same_day_is_done_and_not_promised() -> None:
    text = "Ich sende Ihnen heute die Zeichnung."
    assert commitments(text, SAID)
    assert commitments(text, SAID, with_files=True) == ()


@given(st.text(max_size=400), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_any_text_is_taken_and_nothing_is_due_before_it_was_said(text: str, said: date) -> None:
    for found in commitments(text, said):
        assert said <= found.due <= said + timedelta(days=370)
        assert found.quote in " ".join(text.split())


DAYS = ["heute", "morgen", "am Freitag", "bis zum {d}.{m}.", "nächste Woche", "in {d} Tagen", "bis {d}. {m}. {y}"]


@given(
    st.sampled_from(DAYS),
    st.integers(0, 40),
    st.integers(0, 15),
    st.integers(0, 99),
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
)
def test_every_day_that_can_be_written_is_in_the_calendar(form: str, d: int, m: int, y: int, said: date) -> None:
    for found in commitments(f"Ich schicke es Ihnen {form.format(d=d, m=m, y=y)}", said):
        assert found.due >= said


@pytest.mark.parametrize(
    "piece", ["ich schicke bis ", "in ein ", "Ende der Woche wir senden ", "1.1.", "am Montag. ", "we will "]
)
def test_hostile_texts_cost_little(piece: str) -> None:
    began = time.process_time()
    commitments(piece * (200_000 // len(piece)), SAID)
    assert time.process_time() - began < 1.0
