"""Raw mail read in worker processes with limits, so that no mail can harm the service or the mails around it.

submit(chunk) ── a worker reads it ────────────────────────────► results in order
              └─ it dies or runs over ─► mail by mail ─┬──► result
                                                       └──► MailRefused: this one did it
"""

import threading
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from queue import SimpleQueue
from typing import cast

from assistant.reader_process import ReaderProcess, WorkerDied
from assistant.reader_worker import Answer, Answers, AssessorMaker, Chunk, Job, ReadMail, Shown, read_here
from rules.terms.document import Legibility, ReadFile
from rules.terms.errors import MailRefused
from rules.terms.firm import Firm

__all__ = ["Chunk", "ReadMail", "Reader", "read_here"]

_EASY_MAIL = 0.05
# A worker may die of something else than the mail; one that dies of the same mail twice does not.
_TRIES = 2


@dataclass(frozen=True, slots=True)
class _Request:
    """A chunk on its way, and who waits for it."""

    job: Job
    raws: tuple[bytes, ...]
    outcome: Future[Answers]


class Reader:
    """Worker processes that read mail, each with a thread of this process that looks after it."""

    def __init__(
        self,
        firm: Firm,
        workers: int = 2,
        deadline: float = 5.0,
        memory: int = 1 << 30,
        assessor: AssessorMaker = None,
    ) -> None:
        """Start the workers.

        Args:
            firm: who we are.
            workers: how many processes.
            deadline: in seconds a mail.
            memory: in bytes of address space a worker.
            assessor: makes what finds complaints, in each worker; without it they are not looked for.
        """
        self._deadline = deadline
        self._lock = threading.Lock()
        self._closed = False
        self._waiting: SimpleQueue[_Request | None] = SimpleQueue()
        self._processes = [ReaderProcess(firm, deadline, memory, assessor) for _ in range(workers)]
        self._threads = [
            threading.Thread(target=self._serve, args=(process,), name=f"reader-{number}", daemon=True)
            for number, process in enumerate(self._processes)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, raws: Sequence[bytes]) -> Future[Chunk]:
        """Read some mails; the answers come in their order. A mail that cannot be read in its limits is refused."""
        return cast("Future[Chunk]", self._submit(Job.READ, raws))

    @property
    def busy(self) -> bool:
        """Whether mail waits because every worker has something to read."""
        return not self._waiting.empty()

    def display(self, raw: bytes) -> str | None:
        """A mail's HTML made harmless for display, None where it has none; waits for it.

        Raises:
            MailRefused: it cannot be had within the limits.
        """
        (shown,) = cast("list[Shown]", self._submit(Job.DISPLAY, [raw]).result())
        if isinstance(shown, MailRefused):
            raise shown
        return shown

    def document(self, pdf: bytes) -> ReadFile:
        """The text of a PDF; waits for it. What cannot be had within the limits counts as broken."""
        (read,) = cast("list[ReadFile | MailRefused]", self._submit(Job.DOCUMENT, [pdf]).result())
        return ReadFile(Legibility.BROKEN) if isinstance(read, MailRefused) else read

    def _submit(self, job: Job, raws: Sequence[bytes]) -> Future[Answers]:
        request = _Request(job, tuple(raws), Future())
        with self._lock:
            if self._closed:
                raise RuntimeError("the reader is closed")
            self._waiting.put(request)
        return request.outcome

    def close(self) -> None:
        """Stop the workers now; what was not finished is cancelled and can be submitted to another reader."""
        with self._lock:
            self._closed = True
            for _ in self._threads:
                self._waiting.put(None)
        while any(thread.is_alive() for thread in self._threads):
            # Again and again: a thread may just have been starting its worker.
            for process in self._processes:
                process.interrupt()
            for thread in self._threads:
                thread.join(0.05)

    def _serve(self, process: ReaderProcess) -> None:
        """Take requests until the reader is closed."""
        process.warm()
        while (request := self._waiting.get()) is not None:
            if self._closed:
                request.outcome.cancel()
            elif request.outcome.set_running_or_notify_cancel():
                try:
                    request.outcome.set_result(self._read(process, request))
                except BaseException as error:  # noqa: BLE001  # whatever it was, the one who waits must hear of it
                    request.outcome.set_exception(CancelledError() if self._closed else error)
        process.stop()

    def _read(self, process: ReaderProcess, request: _Request) -> Answers:
        job, raws = request.job, request.raws
        if len(raws) > 1:
            try:
                return process.ask(job, raws, self._deadline + _EASY_MAIL * (len(raws) - 1))
            except (TimeoutError, WorkerDied):
                # One of them did it: the others are read as if it had not been there.
                pass
        return [self._read_one(process, job, raw) for raw in raws]

    def _read_one(self, process: ReaderProcess, job: Job, raw: bytes) -> Answer:
        for _ in range(_TRIES):
            if self._closed:
                raise CancelledError
            try:
                return process.ask(job, (raw,), self._deadline)[0]
            except TimeoutError:
                return MailRefused(reason=f"reading it took longer than {self._deadline:g} seconds")
            except WorkerDied:
                continue
        if self._closed:
            raise CancelledError
        return MailRefused(reason="the process that read it died")
