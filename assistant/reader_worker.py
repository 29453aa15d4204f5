"""The reader's side in a worker process: reads mails one by one under limits, and ends when the service ends."""

import ctypes
import logging
import multiprocessing
import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from multiprocessing.connection import Connection
from typing import Any

from connectors import mime
from rules import reading
from rules.terms.errors import MailRefused
from rules.terms.firm import Firm
from rules.terms.mail import Blob, Message, Reading

_LARGE = 4 * 1024 * 1024
_MEMORY_REASON = "reading it needs more memory than a mail may take"


@dataclass(frozen=True, slots=True)
class ReadMail:
    """A mail as read, with its raw bytes and its attachments packed for the blob store."""

    message: Message
    reading: Reading
    raw: Blob
    blobs: tuple[Blob, ...]


class Job(StrEnum):
    """What a worker is asked to do with raw mails."""

    READ = "read"
    DISPLAY = "display"


Chunk = list[ReadMail | MailRefused]
Shown = str | MailRefused | None
Answers = list[ReadMail | Shown]


def read_here(raw: bytes, firm: Firm) -> ReadMail:
    """Read one mail in this process. Raises MailRefused when it is over a limit."""
    parsed = mime.read(raw)
    return ReadMail(parsed.message, reading.read(parsed.message, firm), mime.pack(raw), parsed.blobs)


def display_here(raw: bytes, firm: Firm) -> str | None:
    """A mail's HTML made harmless, None where it has none. Raises MailRefused when it is over a limit."""
    html = mime.read(raw).html
    return mime.safe_html(html) if html else None


_JOBS: dict[Job, Callable[[bytes, Firm], ReadMail | str | None]] = {Job.READ: read_here, Job.DISPLAY: display_here}


def serve(pipe: "Connection[Any, Any]", firm: Firm, deadline: float, memory: int) -> None:
    """What a worker process does from start to end: say that it is ready, then read chunk after chunk."""
    # The parent decides when to stop; Ctrl-C at a terminal reaches the whole group.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Foreign code names headers and addresses in its warnings; our standard error is the service's log.
    logging.getLogger().addHandler(logging.NullHandler())
    logging.getLogger("mailparser").setLevel(logging.CRITICAL + 1)
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()
    pipe.send("ready")
    while True:
        try:
            job, raws = pipe.recv()
        except (EOFError, OSError):
            return
        answers = do_all(job, raws, firm, deadline)
        # Pickling copies the answers; a large mail need not stand beside them too.
        del raws
        pipe.send(answers)
        del answers


def do_all(job: Job, raws: Sequence[bytes], firm: Firm, deadline: float) -> Answers:
    """Do the job with each mail in order; a mail over a limit becomes its refusal."""
    answers = [_bounded(job, raw, firm, deadline) for raw in raws]
    if sum(map(len, raws)) > _LARGE:
        _give_back_memory()
    return answers


def _bounded(job: Job, raw: bytes, firm: Firm, deadline: float) -> ReadMail | Shown:
    # The parent's deadline is on the clock; this bound holds even if the parent is stopped or swapped out.
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (ceil(time.process_time() + 2 * deadline) + 1, hard))
    try:
        return _JOBS[job](raw, firm)
    except MailRefused as refusal:
        return refusal
    except MemoryError:
        return MailRefused(reason=_MEMORY_REASON)


def _end_with_parent() -> None:
    """Wait until the service is gone, however it went, and go too: nobody would take the result."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)


def _give_back_memory() -> None:
    """Hand freed memory of large mails back to the system, where the C library can."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
