"""One worker process and the pipe to it, seen from the service: asked, timed, killed and started anew.

Every worker has a pipe of its own. Pools that share one pipe and its lock among all workers (concurrent.futures,
pebble) are stuck for good when the system kills a worker in the moment that it holds the lock.
"""

import multiprocessing
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from assistant import reader_worker
from assistant.reader_worker import Answers, AssessorMaker, Job
from rules.terms.firm import Firm

# Spawned, not forked: a fork would keep the service's listening sockets and locks.
_CONTEXT = multiprocessing.get_context("spawn")
_STARTING = 60.0
# Against slow leaks in foreign code a worker is replaced now and then.
_REQUESTS = 1000


class WorkerDied(Exception):
    """The worker process ended before it answered."""


class ReaderProcess:
    """A worker process that is there when it is needed."""

    def __init__(self, firm: Firm, deadline: float, memory: int, assessor: AssessorMaker) -> None:
        self._settings = (firm, deadline, memory, assessor)
        self._process: SpawnProcess | None = None
        self._pipe: Connection[Any, Any] | None = None
        self._requests = 0

    def warm(self) -> None:
        """Start the worker before it is asked; where that fails, the first question will say so."""
        try:
            self._ready()
        except (TimeoutError, EOFError, OSError):
            self.stop()

    def ask(self, job: Job, raws: Sequence[bytes], seconds: float) -> Answers:
        """Have something done with mails. Raises TimeoutError or WorkerDied; the next question finds a fresh worker."""
        try:
            pipe = self._ready()
            pipe.send((job, raws))
            if not pipe.poll(seconds):
                raise TimeoutError
            answers: Answers = pipe.recv()
        except (EOFError, BrokenPipeError, ConnectionResetError) as error:
            self.stop()
            raise WorkerDied from error
        except BaseException:
            self.stop()
            raise
        self._requests += 1
        if self._requests >= _REQUESTS:
            self.stop()
        return answers

    def interrupt(self) -> None:
        """Kill the worker at once, from another thread; whoever asks gets WorkerDied."""
        process = self._process
        if process is not None:
            # Its own thread may just have stopped and closed it.
            with suppress(ValueError):
                process.kill()

    def stop(self) -> None:
        """End the worker and wait until it is gone, so that no zombie stays."""
        process, pipe, self._process, self._pipe = self._process, self._pipe, None, None
        if process is not None:
            process.kill()
            process.join()
            process.close()
        if pipe is not None:
            pipe.close()

    def _ready(self) -> "Connection[Any, Any]":
        if self._pipe is not None:
            return self._pipe
        self._pipe, theirs = _CONTEXT.Pipe()
        self._requests = 0
        process = _CONTEXT.Process(
            target=reader_worker.serve, args=(theirs, *self._settings), name="reads-mail", daemon=True
        )
        process.start()
        self._process = process
        theirs.close()
        if not self._pipe.poll(_STARTING):
            raise TimeoutError
        self._pipe.recv()
        return self._pipe
