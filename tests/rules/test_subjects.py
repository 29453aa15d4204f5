"""What a subject says of the mails before it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import subjects


@pytest.mark.parametrize(
    ("subject", "base"),
    [
        ("Angebot Lindenhof", "angebot lindenhof"),
        ("Re: AW: WG: Angebot  Lindenhof", "angebot lindenhof"),
        ("AW[2]: Angebot Lindenhof", "angebot lindenhof"),
        ("[vertrieb] Re: Angebot Lindenhof", "[vertrieb] angebot lindenhof"),
        ("Rechnung: 4711", "rechnung: 4711"),
        ("Re:", ""),
    ],
)
def test_the_words_that_go_on(subject: str, base: str) -> None:
    assert subjects.base(subject) == base


@pytest.mark.parametrize(
    ("before", "subject", "one"),
    [
        ("Angebot Lindenhof", "AW: Angebot Lindenhof", True),
        ("[support #33575] Drucker", "[support #33575] Resolved: Drucker", True),
        ("Angebot Lindenhof", "Automatische Antwort: Angebot Lindenhof", True),
        ("", "Re:", True),
        ("Angebot Lindenhof", "Mahnung Lindenhof", False),
        ("Resolved:", "AutoReply:", False),
        ("", "Angebot", False),
    ],
)
def test_whether_a_subject_goes_on(before: str, subject: str, one: bool) -> None:
    assert subjects.goes_on(before, subject) is one
    assert subjects.goes_on(subject, before) is one


@pytest.mark.parametrize("subject", ["Re: x", "AW: x", "Antwort: x", "[liste] Re: x", "SV: x"])
def test_an_answer_says_so(subject: str) -> None:
    assert subjects.is_reply(subject)


@pytest.mark.parametrize("subject", ["x", "WG: x", "Fwd: x", "Reklamation: x", ""])
def test_what_does_not_say_so_is_none(subject: str) -> None:
    assert not subjects.is_reply(subject)


@pytest.mark.parametrize(
    "subject", ["angebot treppengeländer lindenhof", "rechnung 260417", "anfrage geländer müllerstraße 5"]
)
def test_a_telling_subject(subject: str) -> None:
    assert subjects.telling(subject)


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "anfrage",
        "ihre anfrage vom 3. mai 2026",
        "guten tag",
        "rechnung oktober",
        "quick question",
        "angebot preise",
    ],
)
def test_a_subject_that_anybody_writes_tells_nothing(subject: str) -> None:
    assert not subjects.telling(subject)


@given(st.text(), st.text())
def test_any_subjects_can_be_compared(one: str, other: str) -> None:
    assert subjects.base(subjects.base(one)) == subjects.base(one)
    assert subjects.goes_on(one, other) == subjects.goes_on(other, one)
    assert subjects.goes_on(one, f"Re: {one}")


@pytest.mark.parametrize("piece", ["Re: ", "[", "[x] ", "a:", "a b: ", "re", "re[", " ", "：", "4711 ", "wort "])
def test_subjects_cost_bounded_time(piece: str) -> None:
    start = time.process_time()
    for _ in range(20):
        subjects.goes_on(piece * 20_000, "x")
        subjects.is_reply(piece * 20_000)
    assert time.process_time() - start < 1
