"""How often a server is asked, and how long we stay away after a failure. All in seconds."""

import random
from dataclasses import dataclass

from rules.terms.errors import CertificateRefused, ConnectorError, LoginRefused, PlainRefused, StarttlsMissing

_UNTIL_MENDED = (LoginRefused, CertificateRefused, PlainRefused, StarttlsMissing)


@dataclass(frozen=True, slots=True)
class Pace:
    """The rhythm of watching. `near` is for the firm's own server, `far` for anybody else's.

    `noop`: in the folder of the latest opening, only while somebody follows. `round`: the look at every folder's
    counts, which also catches what a server forgot to announce. `flags`: recent flags where CONDSTORE is missing.
    `marks`: between two portions of keywords that are written. `refused_marks`: until a folder that did not take them
    is tried again.
    `folder_gone`: so long a folder has to be missing before its mails count as gone. `steady`: a connection that held
    so long worked, so the next failure is a first one.
    """

    noop_near: float = 0.1
    noop_far: float = 2.0
    noop_slowest: float = 60.0
    round_near: float = 10.0
    round_far: float = 30.0
    round_near_following: float = 1.0
    round_far_following: float = 15.0
    flags: float = 10.0
    marks: float = 1.0
    refused_marks: float = 3600.0
    renew_idle: float = 300.0
    list_folders: float = 600.0
    folder_gone: float = 600.0
    retry_first: float = 1.0
    retry_last: float = 300.0
    refused_first: float = 60.0
    refused_last: float = 900.0
    steady: float = 60.0

    def noop(self, *, near: bool) -> float:
        """Between two NOOPs."""
        return self.noop_near if near else self.noop_far

    def round(self, *, near: bool, following: bool) -> float:
        """Between two looks at all folders."""
        if following:
            return self.round_near_following if near else self.round_far_following
        return self.round_near if near else self.round_far


class Backoff:
    """Waits longer after each failure, with jitter, so that a returning server is not overrun.

    What only a person can mend (a password, a certificate) is tried again slowly: providers lock accounts.
    """

    def __init__(self, pace: Pace, chance: random.Random | None = None) -> None:
        self._pace = pace
        self._chance = chance or random.Random()  # noqa: S311
        self._failures = 0

    def after(self, error: ConnectorError) -> float:
        """How long to stay away after this failure."""
        refused = isinstance(error, _UNTIL_MENDED)
        first, last = (
            (self._pace.refused_first, self._pace.refused_last)
            if refused
            else (self._pace.retry_first, self._pace.retry_last)
        )
        seconds = min(last, first * float(1 << min(self._failures, 16)))
        self._failures += 1
        return seconds * self._chance.uniform(0.5, 1.0)

    def succeeded(self) -> None:
        """The connection works again."""
        self._failures = 0
