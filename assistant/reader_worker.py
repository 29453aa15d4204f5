"""The reader's side in a worker process: reads mails one by one under limits, and ends when the service ends."""

import ctypes
import logging
import multiprocessing
import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from itertools import islice
from math import ceil
from multiprocessing.connection import Connection
from typing import Any, Protocol

from connectors import einvoice, mime, pdf
from connectors.mime import unpack
from rules import reading
from rules.complaints import frames
from rules.terms.complaint import Assessment
from rules.terms.document import ReadFile
from rules.terms.einvoice import ElectronicInvoice
from rules.terms.errors import MailRefused
from rules.terms.firm import Firm
from rules.terms.mail import PAGE_BREAK, Blob, MailKind, Message, Reading

_LARGE = 4 * 1024 * 1024
_PAGES = 50_000  # characters of a fax
_FEW = 3
# Attachments that may be papers, and what each may take.
_ENDINGS = (".pdf", ".xml")
_TYPES = frozenset({"application/pdf", "application/xml", "text/xml"})
_LARGEST_FILE = 20_000_000
_FILE_SECONDS = 1.0  # of computing
_MEMORY_REASON = "reading it needs more memory than a mail may take"


class Assessor(Protocol):
    """What finds complaints (rules.complaints.assessing)."""

    def assess(self, text: str, subject: str = "", language: str | None = None) -> Assessment:
        """What is found in the new text of a mail."""


# Makes the worker's own, there; None where complaints are not looked for.
AssessorMaker = Callable[[], Assessor] | None


@dataclass(frozen=True, slots=True)
class ReadMail:
    """A mail as read, with its raw bytes and its attachments packed for the blob store.

    `assessment` is None where nobody asked if it is a complaint: of what machines write nobody does. `handed_on`: it is
    a colleague's, and what was assessed is the mail from outside that it hands on. `invoices` are the electronic ones
    in what we wrote.
    """

    message: Message
    reading: Reading
    raw: Blob
    blobs: tuple[Blob, ...]
    assessment: Assessment | None = None
    invoices: tuple[ElectronicInvoice, ...] = ()
    handed_on: bool = False


class Job(StrEnum):
    """What a worker is asked to do: with raw mails, or with the PDF files of letters."""

    READ = "read"
    DISPLAY = "display"
    DOCUMENT = "document"


Chunk = list[ReadMail | MailRefused]
Shown = str | MailRefused | None
Answer = ReadMail | ReadFile | Shown
Answers = list[Answer]


def read_here(raw: bytes, firm: Firm, assessor: Assessor | None = None) -> ReadMail:
    """Read one mail in this process. Raises MailRefused when it is over a limit."""
    parsed = mime.read(raw)
    message, read = parsed.message, reading.read(parsed.message, firm)
    if read.kind is MailKind.GATEWAY:
        message, read = _with_pages(parsed, read, firm)
    ours = firm.is_own(message.sender.addr)
    found = tuple(one for file in islice(_files(parsed), _FEW) for one in _invoices(file)) if ours else ()
    assessment = _assessed(message, read, firm, assessor)
    return ReadMail(
        message, read, mime.pack(raw), parsed.blobs, assessment, found, frames.handed_on(message, read, firm)
    )


def _files(parsed: mime.Parsed) -> Iterator[bytes]:
    """The attachments that may be papers, by their names and types; each once."""
    packed = {blob.digest: blob for blob in parsed.blobs}
    files = (one for one in parsed.message.attachments if one.size <= _LARGEST_FILE)
    wanted = (one for one in files if one.name.lower().endswith(_ENDINGS) or one.content_type in _TYPES)
    for digest in dict.fromkeys(one.digest for one in wanted):
        pdf.make_ready()
        yield unpack(packed[digest])


def _invoices(content: bytes) -> tuple[ElectronicInvoice, ...]:
    with _shortly():
        return tuple(einvoice.invoices(content))
    return ()


def _text(content: bytes) -> str:
    with _shortly():
        return pdf.read(content).text if pdf.is_pdf(content) else ""
    return ""


class _Late(BaseException):
    """Time is up. No Exception, so that a parser that tries on after every error does not."""


@contextmanager
def _shortly() -> Iterator[None]:
    """Give up on a file that takes too much time or memory: it must not take its mail along."""

    def late(*_: object) -> None:
        raise _Late

    alone = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGPROF, late) if alone else None
    try:
        if alone:
            signal.setitimer(signal.ITIMER_PROF, _FILE_SECONDS)
        with suppress(_Late, MemoryError):
            yield
    finally:
        if alone:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)


def _with_pages(parsed: mime.Parsed, read: Reading, firm: Firm) -> tuple[Message, Reading]:
    """A gateway's mail with what stands on the pages that it brings."""
    message = parsed.message
    pages = "\n\n".join(filter(None, map(_text, islice(_files(parsed), _FEW))))[:_PAGES]
    if not pages:
        return message, read
    written = reading.read(replace(message, text=pages), firm)
    said = "\n\n".join(filter(None, (read.new_text, pages)))
    read = replace(
        read,
        new_text=said,
        signature=written.signature or read.signature,
        language=written.language or read.language,
    )
    return replace(message, text=f"{message.text}\n{PAGE_BREAK}\n{pages}"), read


def display_here(raw: bytes) -> str | None:
    """A mail's HTML made harmless, None where it has none. Raises MailRefused when it is over a limit."""
    html = mime.read(raw).html
    return mime.safe_html(html) if html else None


def _assessed(message: Message, read: Reading, firm: Firm, assessor: Assessor | None) -> Assessment | None:
    """What is found of a complaint, as far as the mail alone tells: who wrote it is decided later."""
    words = frames.judged(message, read, firm) if assessor is not None else None
    if assessor is None or words is None:
        return None
    try:
        return assessor.assess(words.text, words.subject, words.language)
    except Exception:  # noqa: BLE001  # what a model cannot take, or a model that is broken, keeps no mail out
        return None


_Doing = Callable[[bytes], ReadMail | ReadFile | str | None]


def serve(
    pipe: "Connection[Any, Any]", firm: Firm, deadline: float, memory: int, assessor: AssessorMaker = None
) -> None:
    """What a worker process does from start to end: say that it is ready, then read chunk after chunk."""
    # The parent decides when to stop; Ctrl-C at a terminal reaches the whole group.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Foreign code names headers and addresses in its warnings; our standard error is the service's log.
    logging.getLogger().addHandler(logging.NullHandler())
    logging.getLogger("mailparser").setLevel(logging.CRITICAL + 1)
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()
    jobs: dict[Job, _Doing] = {
        Job.READ: partial(read_here, firm=firm, assessor=assessor() if assessor else None),
        Job.DISPLAY: display_here,
        Job.DOCUMENT: pdf.read,
    }
    pipe.send("ready")
    while True:
        try:
            job, raws = pipe.recv()
        except (EOFError, OSError):
            return
        answers = _do_all(jobs[job], raws, deadline)
        # Pickling copies the answers; a large mail need not stand beside them too.
        del raws
        pipe.send(answers)
        del answers


def _do_all(do: _Doing, raws: Sequence[bytes], deadline: float) -> Answers:
    """Do the job with each mail in order; a mail over a limit becomes its refusal."""
    answers = [_bounded(do, raw, deadline) for raw in raws]
    if sum(map(len, raws)) > _LARGE:
        _give_back_memory()
    return answers


def _bounded(do: _Doing, raw: bytes, deadline: float) -> Answer:
    # The parent's deadline is on the clock; this bound holds even if the parent is stopped or swapped out.
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (ceil(time.process_time() + 2 * deadline) + 1, hard))
    try:
        return do(raw)
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
