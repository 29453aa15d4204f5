"""What is kept how long: classes of mail that nobody needs any more are erased when their time is over.

Mail that is filed under a customer is of no class, however old it is.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from assistant.privacy import Privacy
from assistant.settings import Settings
from rules.terms.upkeep import Stance
from storage.erasure import Stale
from storage.pool import Pool

_AT_A_TIME = 5_000


@dataclass(frozen=True, slots=True)
class Retention:
    """Erases what is over its time by [retention]."""

    settings: Settings
    privacy: Privacy
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    @classmethod
    def over(cls, settings: Settings, pool: Pool) -> Self:
        """By these settings."""
        return cls(settings, Privacy.over(settings, pool))

    def run(self, *, dry_run: bool = False) -> list[tuple[str, int, int]]:
        """Erase what is over its time, or only count it; the classes with their months and how many mails that were.

        Erased mail is remembered by its digests, so that it is not read in again.
        """
        limits = self.settings.retention
        found = []
        for name, stale in _CLASSES:
            months = getattr(limits, name)
            if months:
                before = months_before(self.clock(), months)
                found.append((name, months, self._over(stale, before, dry_run=dry_run)))
        if limits.quarantine:
            before = months_before(self.clock(), limits.quarantine)
            found.append(("quarantine", limits.quarantine, self._quarantine(before, dry_run=dry_run)))
        return found

    def _over(self, stale: Stale, before: datetime, *, dry_run: bool) -> int:
        count = after = 0
        while True:
            with self.privacy.pool.read() as work:
                part = work.erasures.stale(stale, before, after, _AT_A_TIME)
            if not part:
                return count
            after, count = max(part), count + len(part)
            if not dry_run:
                self.privacy.erase_mails(part)

    def _quarantine(self, before: datetime, *, dry_run: bool) -> int:
        with self.privacy.pool.read() as work:
            old = {entry.id: entry.raw_digest for entry in work.quarantine.all(limit=10**9) if entry.since < before}
        if old and not dry_run:
            self.privacy.erase_quarantined(old)
        return len(old)


def months_before(moment: datetime, months: int) -> datetime:
    """The same day so many months earlier, or that month's last day."""
    years, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    day = moment.day
    while True:
        try:
            return moment.replace(year=years, month=month + 1, day=day)
        except ValueError:
            day -= 1


_CLASSES: Collection[tuple[str, Stale]] = (
    ("strangers", Stale()),
    ("dismissed", Stale(frozenset({Stance.IGNORE.value}))),
    ("applications", Stale(frozenset({Stance.APPLICANT.value}))),
)
