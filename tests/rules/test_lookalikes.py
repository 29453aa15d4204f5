"""When one domain looks like another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import lookalikes
from rules.lookalikes import Resemblance

OWN = "weingut-amalienhof.de"


@pytest.mark.parametrize(
    ("domain", "like"),
    [
        ("weingut-amalienhof.de", None),
        ("mail.weingut-amalienhof.de", None),
        ("weingut-amalienhof.eu", Resemblance.SAME),
        ("weingutamalienhof.de", Resemblance.SAME),
        ("weingut-arnalienhof.de", Resemblance.DISGUISED),
        ("weingut-ama1ienhof.de", Resemblance.DISGUISED),
        ("weingut-аmalienhof.de", Resemblance.DISGUISED),
        ("weingut-amalienhoff.de", Resemblance.MISTYPED),
        ("weingut-amaleinhof.de", Resemblance.MISTYPED),
        ("weingut-amalienhof-rechnung.de", Resemblance.EXTENDED),
        ("amalienhof-weingut.de", Resemblance.EXTENDED),
        ("weingut-amalienhof.de.versand-info.com", Resemblance.EXTENDED),
        ("weingut-rosenhof.de", None),
        ("amalienstrasse.de", None),
    ],
)
def test_what_looks_like_a_domain(domain: str, like: Resemblance | None) -> None:
    assert lookalikes.resemblance(domain, OWN) is like


@pytest.mark.parametrize(
    "written", ["müller-bau.de", "xn--mller-bau-q9a.de", "mueller-bau.at", "muellerbau.com", "muller-bau.de"]
)
def test_umlauts_hyphens_and_endings_make_no_other_name(written: str) -> None:
    assert lookalikes.resemblance(written, "mueller-bau.de") is Resemblance.SAME


def test_short_names_resemble_only_what_is_close() -> None:
    assert lookalikes.resemblance("awt.at", "awx.de") is Resemblance.MISTYPED
    assert lookalikes.resemblance("ab.de", "ac.de") is None
    assert lookalikes.resemblance("awtonline.at", "awt.at") is Resemblance.EXTENDED
    assert lookalikes.resemblance("awtomobile.at", "awt.at") is None


LABELS = st.text("abcdefghilmnorstuw", min_size=6, max_size=20)


@given(LABELS, st.integers(0, 19))
def test_a_letter_too_many_is_found_by_its_keys(label: str, place: int) -> None:
    place %= len(label)
    domain = label[:place] + "x" + label[place:]
    assert lookalikes.stored_key(f"{label}.de") in set(lookalikes.looked_up(f"{domain}.de"))


@given(st.text(max_size=300), st.text(max_size=300))
def test_anything_can_be_compared(one: str, other: str) -> None:
    lookalikes.resemblance(one, other)
    assert lookalikes.stored_key(one) is not None
    assert len(list(lookalikes.looked_up(one))) < 3 * lookalikes.LONGEST
