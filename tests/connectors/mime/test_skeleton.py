"""What is left of a mail of which only metadata is kept."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.mime import Limits, read, skeleton

RAW = (
    b"Received: from mx\r\n\tby here; Sun, 22 Nov 2026 09:00:00 +0100\r\nAuthentication-Results: mx; dmarc=pass\r\n"
    b"From: Karin <karin@hansen.example>\r\nTo: a@muster.example,\r\n b@muster.example\r\n"
    b"Subject: Geheim eins\r\n  und zwei\r\nThread-Topic: Geheim\r\nDate: Sun, 22 Nov 2026 09:00:00 +0100\r\n"
    b'Message-ID: <1@hansen.example>\r\nIn-Reply-To: <0@muster.example>\r\nContent-Type: text/plain; name="Geheim.txt"'
    b"\r\n\r\nFrom: x@geheim.example\r\n\r\nGeheim\r\n"
)


@pytest.mark.parametrize("raw", [RAW, RAW.replace(b"\r\n", b"\n")])
def test_people_dates_and_threading_stay_and_nothing_else(raw: bytes) -> None:
    left = skeleton(raw)
    assert b"eheim" not in left
    assert b"zwei" not in left
    before, after = read(raw, Limits()).message, read(left, Limits()).message
    assert (after.sender, after.to, after.date, after.message_id) == (
        before.sender,
        before.to,
        before.date,
        before.message_id,
    )
    assert (after.in_reply_to, after.authentication_results) == (before.in_reply_to, before.authentication_results)
    assert (after.subject, after.text, after.attachments) == ("", "", ())


@given(st.binary(max_size=400))
def test_what_stands_below_the_header_never_stays(wild: bytes) -> None:
    assert b"Geheim" not in skeleton(b"From: a@b.example\r\n\r\n" + wild + b"\r\nTo: Geheim\r\n")
    left = skeleton(wild)
    assert skeleton(left) == left


@pytest.mark.parametrize("part", [b"\r\n ", b"To: x\r\n", b"\r", b"\n", b":"])
def test_hostile_headers_cost_little(part: bytes) -> None:
    began = time.process_time()
    skeleton(part * (2_000_000 // len(part)))
    assert time.process_time() - began < 3
