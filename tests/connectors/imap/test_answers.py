"""Untagged lines and the words in them, right and wrong."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.imap import sets
from connectors.imap.answers import (
    Counts,
    Exists,
    Expunged,
    Found,
    Listed,
    Mail,
    Malformed,
    Namespaces,
    Said,
    Vanished,
    moment,
    parse,
)


def test_a_fetch_answer_with_everything() -> None:
    line = (
        b'* 12 FETCH (UID 34 RFC822.SIZE 3 INTERNALDATE "17-Jul-2026 02:44:25 -0700" '
        b"FLAGS (\\Seen $X) MODSEQ (99) BODY[] \0)"
    )
    assert parse(line, [b"abc"]) == Mail(
        12, 34, frozenset({"\\Seen", "$X"}), 3, datetime(2026, 7, 17, 9, 44, 25, tzinfo=UTC), 99, b"abc", 1
    )


def test_namespaces_of_others_are_told_from_ones_own() -> None:
    shared = b'* NAMESPACE (("" "/")) (("~" "/")) (("#shared/" "/") ("#public/" "/" "X" ("Y")))'
    assert parse(shared, []) == Namespaces((b"~", b"#shared/", b"#public/"))
    assert parse(b'* NAMESPACE (("" "/")) NIL NIL', []) == Namespaces(())
    for odd in (b"* NAMESPACE", b"* NAMESPACE NIL", b"* NAMESPACE x y z"):
        assert parse(odd, []) == Namespaces(())
    with pytest.raises(Malformed):
        parse(b"* NAMESPACE NIL (x) NIL", [])


def test_a_body_may_look_like_an_answer() -> None:
    mail = parse(b"* 1 FETCH (BODY[] \0 UID 5)", [b"* 2 FETCH (UID 7)"])
    assert mail == Mail(1, uid=5, body=b"* 2 FETCH (UID 7)", bodies=1)
    quoted = parse(b'* 1 FETCH (UID 5 BODY[] "UID 6 \\"(")', [])
    assert quoted == Mail(1, uid=5, body=b'UID 6 "(', bodies=1)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"* 5 EXISTS", Exists(5)),
        (b"* 5 expunge", Expunged(5)),
        (b"* SEARCH 1 2 3", Found([1, 2, 3])),
        (b"* SEARCH", Found([])),
        (b"* SEARCH 4 (MODSEQ 12)", Found([4])),
        (b"* VANISHED (EARLIER) 1:3,7", Vanished([range(1, 4), range(7, 8)], earlier=True)),
        (b"* VANISHED 9:8", Vanished([range(8, 10)], earlier=False)),
        (b'* STATUS "a b" (MESSAGES 3 UIDNEXT 9)', Counts({"MESSAGES": 3, "UIDNEXT": 9})),
        (b'* LIST (\\Sent) "/" "a \\"b\\""', Listed(frozenset({"\\sent"}), "/", b'a "b"')),
        (b"* OK [UIDNEXT 9] next", Said("OK", "UIDNEXT", b"9", b"[UIDNEXT 9] next")),
    ],
)
def test_lines_become_values(line: bytes, expected: object) -> None:
    assert parse(line, []) == expected


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"garbage",
        b"* 1 FETCH (UID)",
        b"* 1 FETCH (UID 1",
        b"* 1 FETCH UID 1)",
        b"* 1 FETCH ()()",
        b"* SEARCH one",
        b"* 1 FETCH " + b"(" * 5000,
        b'* LIST () "/',
        b"* VANISHED x",
        b"* STATUS INBOX",
        b"* LIST x y",
    ],
)
def test_lines_that_are_wrong_are_said_to_be(line: bytes) -> None:
    with pytest.raises(Malformed):
        parse(line, [])


@given(st.binary(max_size=200))
def test_no_line_raises_anything_else(rest: bytes) -> None:
    for start in (b"* ", b"* 1 FETCH (", b"* LIST ", b"* SEARCH ", b"* VANISHED ", b"* OK ["):
        try:
            parse(start + rest, [b"x"])
        except Malformed:
            continue


@pytest.mark.parametrize(
    "text", [b"", b"17-Foo-2026 02:44:25 +0000", b"32-Jul-2026 02:44:25 +0000", b"1-Jan-0001 00:00:00 +2300"]
)
def test_dates_that_are_none_are_none(text: bytes) -> None:
    assert moment(text) is None


@given(st.sets(st.integers(1, 500)))
def test_sets_name_exactly_their_numbers(numbers: set[int]) -> None:
    text = sets.compress(sorted(numbers))
    named = [number for part in (sets.ranges(text) if text else []) for number in part]
    assert named == sorted(numbers)
