"""`kingpost benchmark`: what this machine makes of Kingpost, each figure beside a reference that is measured with it.

    mail      from the raw bytes to the committed, searchable pool, in one process (CPU) and with the workers (clock)
              reference: the parser of Python's standard library, and one SQLite table with a full-text index
    summary   of a mail that is opened, by its number
              reference: the row of the same mail, asked of SQLite by its key
    disk      how long it takes to say that four kilobytes are written: a commit waits for it

The mails are the sample firm's, written again under other ids until there are enough. The pool is a temporary one.
"""

import email
import os
import platform
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from functools import partial
from pathlib import Path
from statistics import quantiles
from typing import cast
from zoneinfo import ZoneInfo

from assistant import importing
from assistant.bootstrap import assembled, opened_pool
from assistant.complaints.shipped import assessor
from assistant.demo import firm
from assistant.intake import Batch, Intake
from assistant.mailboxes import FILES
from assistant.reader import Reader, ReadMail, read_here
from assistant.settings import FirmSettings, PoolSettings, Settings
from assistant.triage import Triage
from rules.terms.errors import MailRefused
from rules.terms.mail import FolderRole, Placement, RawMail
from rules.terms.staff import Role, Viewer
from storage.pool import Pool

BATCH = 100
SUMMARIES = 300
WARM = 20
SYNCS = 50

Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured.

    Attributes:
        name: of the measure; the command line has its words.
        value: in `unit`.
        unit: ms, or 1/s.
        reference: the same measure of the reference, None where there is none.
    """

    name: str
    value: float
    unit: str
    reference: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times the reference; None where there is none."""
        return self.value / self.reference if self.reference else None


@dataclass(frozen=True, slots=True)
class Measured:
    """All figures, and where they come from. `load`: how many processes wanted a core, before and after."""

    python: str
    cores: int
    load: tuple[float, float]
    mails: int
    bytes_a_mail: int
    figures: tuple[Figure, ...]


def measure(count: int, told: Told = lambda done, total: None) -> Measured:
    """Measure everything with so many mails; `told` how far it is."""
    before = os.getloadavg()[0]
    now = datetime.now(UTC)
    raws = list(_mails(count, now))
    total = 4 * len(raws)
    with tempfile.TemporaryDirectory(prefix="kingpost-benchmark-") as name:
        folder = Path(name)
        one, several = _prepared(folder / "one", now), _prepared(folder / "several", now)
        reference = _bare(raws, folder / "bare.sqlite", lambda done: told(done, total))
        cpu = _in_one_process(one, raws, lambda done: told(len(raws) + done, total))
        rate = _with_workers(several, raws, lambda done: told(2 * len(raws) + done, total))
        summaries, rows = _summaries(one, lambda done: told(3 * len(raws) + done, total))
        (median, last), (row_median, row_last) = (_middle_and_last(each) for each in (summaries, rows))
        disk = _middle_and_last(_syncs(folder / "sync"))[0]
    told(total, total)
    return Measured(
        platform.python_version(),
        os.cpu_count() or 1,
        (before, os.getloadavg()[0]),
        len(raws),
        sum(map(len, raws)) // len(raws),
        (
            Figure("mail_cpu", cpu, "ms", reference.cpu),
            Figure("mail_rate", rate, "1/s", reference.rate),
            Figure("summary_p50", median, "ms", row_median),
            Figure("summary_p99", last, "ms", row_last),
            Figure("disk", disk, "ms"),
        ),
    )


def _mails(count: int, now: datetime) -> Iterator[bytes]:
    """The sample firm's mails, again and again under other ids."""
    sample = [mail.raw for mail in firm.mails(now)]
    for number in range(count):
        turn, place = divmod(number, len(sample))
        raw = sample[place]
        yield raw.replace(b"\nMessage-ID: <", b"\nMessage-ID: <%d." % turn, 1) if turn else raw


def _prepared(home: Path, now: datetime) -> Settings:
    """A pool with the sample firm's records."""
    home.mkdir()
    sample = firm.FIRM
    settings = Settings(
        home=home,
        firm=FirmSettings(name=sample.name, domains=sample.domains, authserv_id=sample.authserv_id),
        pool=PoolSettings(url="sqlite:///pool.sqlite", blobs="blobs", key_file="secrets.key"),
    )
    with opened_pool(settings, create=True) as pool:
        with pool.begin() as work:
            work.mailboxes.put(FILES)
        for kind, table in firm.tables(now).items():
            file = home / f"{kind}.csv"
            file.write_text(table, encoding="utf-8")
            importing.import_file(pool, settings.as_firm(), ZoneInfo(settings.firm.time_zone), kind, file)
    return settings


@dataclass(frozen=True, slots=True)
class _Bare:
    """What the reference took: CPU ms a mail, mails a second."""

    cpu: float
    rate: float


def _bare(raws: Sequence[bytes], file: Path, told: Callable[[int], None]) -> _Bare:
    """Parse with the standard library, and store subject and text in one table with a full-text index."""
    connection = sqlite3.connect(file)
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    connection.execute("create virtual table mails using fts5 (subject, text)")
    cpu, wall = time.process_time(), time.perf_counter()
    for start in range(0, len(raws), BATCH):
        with connection:
            for raw in raws[start : start + BATCH]:
                mail = email.message_from_bytes(raw, policy=policy.default)
                body = mail.get_body(("plain", "html"))
                text = body.get_content() if body is not None else ""
                connection.execute("insert into mails values (?, ?)", (str(mail["subject"]), text))
        told(min(start + BATCH, len(raws)))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    connection.close()
    return _Bare(cpu / len(raws) * 1000, len(raws) / wall)


class _Here:
    """Reads at once, in this process, as the workers do."""

    def __init__(self, settings: Settings) -> None:
        self._firm, self._assessor = settings.as_firm(), assessor()

    def submit(self, raws: Sequence[bytes]) -> "Future[list[ReadMail | MailRefused]]":
        """The answers."""
        done: Future[list[ReadMail | MailRefused]] = Future()
        done.set_result([read_here(raw, self._firm, self._assessor) for raw in raws])
        return done


def _in_one_process(settings: Settings, raws: Sequence[bytes], told: Callable[[int], None]) -> float:
    """CPU ms a mail, everything included."""
    with opened_pool(settings) as pool:
        intake = Intake(pool, cast(Reader, _Here(settings)), Triage.by(settings))
        began = time.process_time()
        _take(intake, raws, told)
        return (time.process_time() - began) / len(raws) * 1000


def _with_workers(settings: Settings, raws: Sequence[bytes], told: Callable[[int], None]) -> float:
    """Mails a second, as the service reads them."""
    with assembled(settings) as services:
        # The workers load their tables with the first mails.
        for pending in [services.reader.submit(raws[:1]) for _ in range(2 * settings.reading.workers)]:
            pending.result()
        began = time.perf_counter()
        _take(services.intake, raws, told)
        return len(raws) / (time.perf_counter() - began)


def _take(intake: Intake, raws: Sequence[bytes], told: Callable[[int], None]) -> None:
    def batches() -> Iterator[Batch]:
        for start in range(0, len(raws), BATCH):
            mails = tuple(
                RawMail(raw, Placement(FILES.name, "benchmark", 1, start + number))
                for number, raw in enumerate(raws[start : start + BATCH], 1)
            )
            yield Batch(FILES.name, "benchmark", FolderRole.OTHER, mails, history=True)

    done = 0
    for batch, _ in intake.receive_all(batches()):
        done += len(batch.mails)
        told(done)


def _summaries(settings: Settings, told: Callable[[int], None]) -> tuple[list[float], list[float]]:
    """Milliseconds for the summary of one mail after the other, and for each of their rows."""
    with ExitStack() as stack:
        services = stack.enter_context(assembled(settings))
        with services.pool.read() as work:
            last = work.messages.last()
        viewer = Viewer("benchmark", Role.ADMIN, "de", frozenset({FILES.name}))
        bare = sqlite3.connect(_file(services.pool))
        stack.callback(bare.close)
        summaries, rows = [], []
        for number in range(WARM + SUMMARIES):
            no = 1 + number * 7919 % last
            summaries.append(_ms(partial(services.lookup.of_message, viewer, no, datetime.now(UTC))))
            rows.append(_ms(partial(_row, bare, no)))
            told(number)
    return summaries[WARM:], rows[WARM:]


def _row(bare: sqlite3.Connection, no: int) -> list[object]:
    return bare.execute("select * from messages where no = ?", (no,)).fetchall()


def _syncs(file: Path) -> list[float]:
    """Milliseconds until the disk says that it has written."""
    with file.open("wb", buffering=0) as out:

        def sync() -> None:
            out.write(b"\0" * 4096)
            os.fsync(out.fileno())

        return [_ms(sync) for _ in range(SYNCS)]


def _ms(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _middle_and_last(values: Sequence[float]) -> tuple[float, float]:
    """The median, and what 99 of a hundred do not exceed."""
    hundredths = quantiles(values, n=100, method="inclusive")
    return hundredths[49], hundredths[98]


def _file(pool: Pool) -> str:
    return pool.url.removeprefix("sqlite:///")
