"""How long we stay away after failures."""

import random

from connectors.imap import Pace
from connectors.imap.pace import Backoff
from rules.terms.errors import ConnectionEnded, LoginRefused


def test_waits_grow_to_a_limit_with_jitter_and_begin_anew_after_success() -> None:
    backoff = Backoff(Pace(), random.Random(1))
    error = ConnectionEnded(host="x", reason="y")
    waits = [backoff.after(error) for _ in range(12)]
    assert 0.5 <= waits[0] <= 1
    assert 4 <= waits[3] <= 8
    assert 150 <= waits[-1] <= 300
    assert len(set(waits)) == 12
    backoff.succeeded()
    assert backoff.after(error) <= 1


def test_a_refused_login_is_tried_slowly() -> None:
    backoff = Backoff(Pace())
    assert backoff.after(LoginRefused(user="u", host="h")) >= 30


def test_rhythms_are_fast_only_near_and_while_followed() -> None:
    pace = Pace()
    assert pace.noop(near=True) == 0.1
    assert pace.noop(near=False) == 2
    assert pace.round(near=True, following=True) < pace.round(near=True, following=False)
    assert pace.round(near=False, following=False) >= 30
