"""Does what is periodic, each job in the one process that holds it."""

import logging
import threading
from collections.abc import Callable, Collection
from datetime import UTC
from functools import partial

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from assistant.periodic import Job, lock
from rules.terms.errors import KingpostError
from storage.peers import Peers

log = logging.getLogger("kingpost.schedule")
# A job that is still at work lets its next turns go by. That is meant, and no reason to warn every two seconds.
logging.getLogger("apscheduler").setLevel(logging.ERROR)

NIGHT = {"hour": 3, "minute": 10, "misfire_grace_time": 3600}


class Schedule:
    """The jobs of this process, in threads of their own."""

    def __init__(
        self, peers: Peers, jobs: Collection[Job], own: Collection[tuple[Callable[[], object], float]]
    ) -> None:
        """Nothing runs before `start`.

        Args:
            peers: who else could do the jobs.
            jobs: done here when nobody else does them.
            own: what this process does for itself, whatever others do, and after how many seconds again.
        """
        self._peers, self._jobs, self._own = peers, jobs, own
        self._lock = threading.Lock()
        self._stopping = False
        self._under_way: set[threading.Event] = set()
        # The memory store only: APScheduler's others unpickle what they find.
        self._scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            # A walk may take hours, and holds nothing else up.
            executors={"default": ThreadPoolExecutor(len(jobs) + len(own) + 1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 60},
            timezone=UTC,
        )

    def start(self, time_zone: str) -> None:
        """Begin; nights are those of this time zone."""
        for run, seconds in self._own:
            self._scheduler.add_job(_guarded(run), "interval", seconds=seconds)
        for job in self._jobs:
            when = {"trigger": "interval", "seconds": job.seconds}
            if not job.seconds:
                when = {"trigger": "cron", "timezone": time_zone, **NIGHT}
            self._scheduler.add_job(_guarded(partial(self._turn, job)), **when)
        self._scheduler.start()

    def break_off(self) -> None:
        """The jobs that are under way are not held any more: let them end soon. Quick."""
        with self._lock:
            for stop in self._under_way:
                stop.set()

    def stop(self) -> None:
        """End all of it, and wait for that."""
        self._stopping = True
        self.break_off()
        self._scheduler.shutdown(wait=True)

    def _turn(self, job: Job) -> None:
        if not self._peers.hold(lock(job.name)):
            return
        stop = threading.Event()
        with self._lock:
            self._under_way.add(stop)
        try:
            # Between the question and the note that it is under way both may have ended.
            if not self._stopping and self._peers.holds(lock(job.name)):
                job.run(stop)
        finally:
            with self._lock:
                self._under_way.discard(stop)


def _guarded(job: Callable[[], object]) -> Callable[[], None]:
    """A periodic job that fails is tried again at its next turn."""

    def guarded() -> None:
        try:
            job()
        except KingpostError as error:
            log.warning("a periodic job failed", extra={"error": type(error).__name__})

    return guarded
