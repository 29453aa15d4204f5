"""What may be said of how somebody likes to be addressed."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.preferences import FIELDS, checked
from rules.terms.errors import WrongUse
from rules.terms.interaction import REACHES


def test_what_staff_write_is_stored_as_the_house_writes_it() -> None:
    given_ = {"preferred_channel": " call ", "language": "DE", "address_form": "du"}
    assert checked(given_) == {"preferred_channel": "call", "language": "de", "address_form": "Du"}
    assert checked(dict.fromkeys(FIELDS, " ")) == dict.fromkeys(FIELDS, "")


@pytest.mark.parametrize(
    ("field", "value", "remedy"),
    [
        ("preferred_channel", "invoice", "mail, call, letter"),
        ("language", "d", "zwei Buchstaben"),
        ("address_form", "Sir", "Sie oder Du"),
    ],
)
def test_what_is_none_is_refused_with_what_would_be_one(field: str, value: str, remedy: str) -> None:
    with pytest.raises(WrongUse) as refused:
        checked({field: value})
    assert remedy in refused.value.text("de")


@given(st.sampled_from(FIELDS), st.text(max_size=300))
def test_whatever_is_written_is_one_of_ours_or_refused(field: str, value: str) -> None:
    found = None
    with suppress(WrongUse):
        found = checked({field: value})[field]
    code = found is not None and found.isascii() and found.islower() and len(found) in (2, 3)
    assert code or found in {None, "", "Sie", "Du", *REACHES}
