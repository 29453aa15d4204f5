"""What is periodic is done by whoever holds it, and breaks off when it is not held any more."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from assistant.duties import Duty
from assistant.periodic import Job, lock
from assistant.scheduling import Schedule
from rules.terms.errors import PoolBusy
from storage.peers import Alone

STEP = 0.05


class Held(Alone):
    """Says of each name whether it is ours."""

    def __init__(self, *names: str) -> None:
        super().__init__()
        self.names = set(names)

    def hold(self, name: str) -> bool:
        return name in self.names

    def holds(self, name: str) -> bool:
        return name in self.names


@contextmanager
def running(peers: Alone, *jobs: Job, own: tuple[tuple[Callable[[], object], float], ...] = ()) -> Iterator[Schedule]:
    schedule = Schedule(peers, jobs, own)
    schedule.start("Europe/Berlin")
    try:
        yield schedule
    finally:
        schedule.stop()


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_job_is_done_here_only_while_it_is_held_here() -> None:
    turns: list[str] = []
    mine = Job("mine", Duty.WORK, lambda stop: turns.append("mine"), STEP)
    theirs = Job("theirs", Duty.WORK, lambda stop: turns.append("theirs"), STEP)
    peers = Held(lock("mine"))
    with running(peers, mine, theirs, own=((lambda: turns.append("own"), STEP),)):
        until(lambda: turns.count("mine") > 2 and turns.count("own") > 2)
        assert "theirs" not in turns
        peers.names = {lock("theirs")}
        until(lambda: "theirs" in turns)


def test_a_job_that_fails_is_tried_again_and_holds_nobody_up() -> None:
    turns: list[str] = []

    def fails(stop: threading.Event) -> None:
        turns.append("fails")
        raise PoolBusy(url="x")

    with running(
        Alone(), Job("fails", Duty.WORK, fails, STEP), Job("works", Duty.WORK, lambda stop: turns.append("works"), STEP)
    ):
        until(lambda: turns.count("fails") > 2 and turns.count("works") > 2)


def test_a_walk_breaks_off_when_the_line_is_lost_and_goes_on_when_it_is_held_again() -> None:
    turns: list[str] = []

    def walk(stop: threading.Event) -> None:
        turns.append("begun")
        assert stop.wait(10)
        turns.append("broken off")

    peers = Held(lock("walk"))
    with running(peers, Job("walk", Duty.WORK, walk, STEP)) as schedule:
        until(lambda: turns == ["begun"])
        peers.names.clear()
        schedule.break_off()
        until(lambda: turns == ["begun", "broken off"])
        time.sleep(3 * STEP)
        assert len(turns) == 2
        peers.names.add(lock("walk"))
        until(lambda: turns[2:] == ["begun"])
    assert turns[-1] == "broken off"


def test_long_walks_leave_room_for_what_is_due_in_time() -> None:
    turns: list[str] = []
    walks = [Job(f"walk {number}", Duty.WORK, lambda stop: stop.wait(10), STEP) for number in range(12)]
    with running(Alone(), *walks, Job("due", Duty.SCHEDULE, lambda stop: turns.append("due"), STEP)):
        until(lambda: len(turns) > 3)
