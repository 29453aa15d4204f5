"""What time does to cases: whose time is over is escalated once, what was put off comes back."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo

from assistant.teamwork import tell_deputy
from rules.terms.case import CaseEvent, CaseEventKind
from storage.pool import Pool


@dataclass(frozen=True, slots=True)
class Escalator:
    """Looks at the cases whenever it is told to. `publish` is told the numbers of those that changed.

    Who stands in for somebody that is away watches what becomes overdue; `zone` says which day it is.
    """

    pool: Pool
    publish: Callable[[frozenset[int]], None] = lambda cases: None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    zone: tzinfo = UTC

    def run(self, stop: threading.Event) -> None:
        """Escalate and wake what is due by now; most often nothing is, and then nothing is written."""
        while not stop.is_set() and self._some():
            pass

    def _some(self) -> bool:
        now = self.clock()
        with self.pool.read() as work:
            if not work.cases.woken(now, 1) and not work.cases.overdue(now, 1):
                return False
        changed = set()
        with self.pool.begin() as work:
            for case in work.cases.woken(now):
                event = CaseEvent(case.id, CaseEventKind.WOKEN, now)
                work.cases.change(case, replace(case, snoozed_until=None), event)
                changed.add(case.id)
            for case in work.cases.overdue(now):
                event = CaseEvent(case.id, CaseEventKind.ESCALATED, now)
                work.cases.change(case, replace(case, escalated=now), event)
                tell_deputy(work, case, now.astimezone(self.zone).date())
                changed.add(case.id)
        self.publish(frozenset(changed))
        return True
