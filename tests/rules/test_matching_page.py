"""docs/matching.md says what the code does: its tables are the code's."""

from pathlib import Path

from rules.matching import ATTACH
from rules.matching.decision import MARGIN, PROPOSE
from rules.matching.trust import SIGNS
from rules.matching.weights import AGAINST, FOR
from rules.wording import say

PAGE = (Path(__file__).parents[2] / "docs" / "matching.md").read_text(encoding="utf-8")


def test_every_weight_stands_on_the_page_as_it_is() -> None:
    for piece in (*FOR, *AGAINST):
        use = "alone" if piece.unique else "with another" if piece.strong else ""
        words = say(f"reason.{piece.reason}", "en")
        numbers = f"{piece.m:g} | {piece.u:g} | {piece.weight:+.1f}"
        row = f"| `{piece.reason}` | {words} | {numbers} | {use} | {piece.because} |"
        assert row in PAGE, row


def test_every_sign_of_an_imposture_stands_on_the_page_as_it_is() -> None:
    for sign, weight in SIGNS.items():
        assert f"| {sign} | {weight:+.1f} |" in PAGE, sign


def test_the_bounds_stand_on_the_page_as_they_are() -> None:
    text = " ".join(PAGE.split())
    assert f"at least {ATTACH:.0%}".replace("%", " %") in text
    assert f"At least {MARGIN:g} more than the next customer" in text
    assert f"With less than {PROPOSE:g} in sum" in text


def test_what_speaks_for_and_against_has_the_sign_it_should() -> None:
    assert all(piece.weight > 0 for piece in FOR)
    assert all(piece.weight < 0 for piece in AGAINST)
