"""Tables that somebody uploads to be imported: kept beside the pool until they are, tried out before, and deleted.

    uploaded ─► mapped ─► previewed ─► running ─► done (the file is gone, its bad rows can be fetched for a day)

    uploads/<id>/about.json      what it is and whose
                 table.*         the file, until it is imported or a day old
                 state.json      how far the import is, or what became of it
                 problems.jsonl  the bad rows

All of it stands in files, so that any process on this machine can answer for any upload.
"""

import json
import logging
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from secrets import token_urlsafe
from threading import Lock, Thread
from typing import Protocol, Self
from zoneinfo import ZoneInfo

from assistant.assigning import assigned
from assistant.erased import Gate
from assistant.importing import Problem, import_file
from assistant.settings import Settings
from connectors.importers import Look, heads, look, needed
from rules.terms.errors import ImportRefused, KingpostError, NotFound, WrongUse
from rules.terms.staff import FieldGroup, Viewer
from rules.terms.table import KINDS
from storage.pool import Pool

log = logging.getLogger("kingpost.uploads")

_MONEY = frozenset({"orders", "offers", "invoices", "payments", "open-items"})
LARGEST = 200 << 20  # bytes
_KEPT = 24 * 3600.0  # seconds
# An import that has told nothing for so long has ended with its process.
_SILENT = 300.0
_ID = re.compile(r"[\w-]{22}")
_ENDINGS = (".csv", ".txt", ".tsv", ".xlsx", ".vcf", ".vcard")
_BLOCK = 1 << 20
# One import at a time: the pool has one writer anyway.
_turn = Lock()


class Content(Protocol):
    """What comes over the line."""

    def read(self, size: int, /) -> bytes:
        """The next bytes."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was uploaded. `name` is what it was called."""

    id: str
    kind: str
    name: str
    staff: str
    folder: Path

    @property
    def table(self) -> Path:
        """The file."""
        ending = Path(self.name).suffix.lower()
        return self.folder / f"table{ending if ending in _ENDINGS else ''}"


@dataclass(frozen=True, slots=True)
class State:
    """How an import is doing: `phase` is "mapped", "waiting", "running", "reckoning", "done" or "failed"."""

    phase: str = "mapped"
    done: int = 0
    total: int | None = None
    new: int = 0
    changed: int = 0
    same: int = 0
    merged: int = 0
    bad: int = 0
    seconds: float = 0.0
    error_en: str = ""
    error_de: str = ""

    @property
    def ended(self) -> bool:
        """Whether nothing happens any more."""
        return self.phase in ("done", "failed")


@dataclass(frozen=True, slots=True)
class Uploads:
    """The uploads of a pool. Everybody sees their own."""

    pool: Pool
    settings: Settings
    folder: Path = field(default=Path())

    @classmethod
    def by(cls, settings: Settings, pool: Pool) -> Self:
        """Beside the key, which nobody else may read either."""
        return cls(pool, settings, settings.path(settings.pool.key_file).parent / "uploads")

    def take(self, viewer: Viewer, kind: str, name: str, content: Content) -> Upload:
        """Keep a file; what was left behind a day ago goes.

        Raises:
            WrongUse: there is no such kind of table, the viewer has no right to it, or the file is too large.
        """
        self.sweep()
        if kind not in KINDS or (kind in _MONEY and FieldGroup.MONEY not in viewer.groups):
            raise WrongUse(
                problem="Choose what the table holds; orders and invoices need the right to see money.",
                problem_de="Wählen Sie, was die Tabelle enthält; für Aufträge und Rechnungen braucht es das Recht auf "
                "Beträge.",
            )
        id = token_urlsafe(16)
        made = Upload(id, kind, name[-200:], viewer.login, self.folder / id)
        made.folder.mkdir(mode=0o700, parents=True)
        size = 0
        with made.table.open("wb") as file:
            while block := content.read(_BLOCK):
                size += len(block)
                if size > LARGEST:
                    break
                file.write(block)
        if not 0 < size <= LARGEST:
            self.drop(made)
            raise WrongUse(
                problem=f"The file is empty or larger than {LARGEST >> 20} MB; use kingpost import for it.",
                problem_de=f"Die Datei ist leer oder größer als {LARGEST >> 20} MB; nehmen Sie dafür kingpost import.",
            )
        about = {"kind": kind, "name": made.name, "staff": made.staff}
        (made.folder / "about.json").write_text(json.dumps(about), encoding="utf-8")
        return made

    def get(self, viewer: Viewer, id: str) -> Upload:
        """An upload of the viewer's; NotFound."""
        folder = self.folder / id
        if not _ID.fullmatch(id) or not (folder / "about.json").is_file():
            raise NotFound
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        if about["staff"] != viewer.login:
            raise NotFound
        return Upload(id, folder=folder, **about)

    def look(self, upload: Upload) -> Look:
        """Its columns with what each of them probably is: as said last for such a table, else as it seems.

        Raises:
            NotFound: it has been imported.
            ImportRefused: it is no table.
        """
        try:
            return assigned(self.pool, upload.kind, _there(upload))
        except ImportRefused as error:
            called(upload, error)
            raise

    def begin(self, upload: Upload, mapping: Mapping[str, str] | None, as_of: date | None) -> None:
        """Import it in the background, and keep the mapping for the next table with this header.

        Raises:
            NotFound: it has been imported.
            WrongUse: a column is missing without which no row makes sense, or it is being imported.
        """
        _there(upload)
        self.check(upload.kind, mapping, as_of)
        state = self.state(upload)
        if state.phase in ("waiting", "running", "reckoning"):
            raise WrongUse(problem="It is being imported.", problem_de="Der Import läuft schon.")
        if mapping is not None:
            header = [column.name for column in look(upload.table, upload.kind).columns]
            with self.pool.begin() as work:
                work.column_mappings.put(upload.kind, header, mapping, datetime.now(UTC))
        self._tell(upload, State("waiting"))
        Thread(target=self._run, args=(upload, mapping, as_of), name="upload", daemon=True).start()

    def check(self, kind: str, mapping: Mapping[str, str] | None, as_of: date | None) -> None:
        """WrongUse where a column is missing without which no row makes sense."""
        if mapping is None:
            return
        given = {*mapping, *(["as_of"] if as_of else [])}
        missing = [group for group in needed(kind) if not given.intersection(group)]
        if missing:
            # Firms have numbers; ids of their own few tables name.
            fields, german = ["customer_no" if "customer_no" in one else one[0] for one in missing], heads(kind)
            raise WrongUse(
                problem=f"Choose the column for: {', '.join(fields)}.",
                problem_de=f"Wählen Sie die Spalte für: {', '.join(german[field] for field in fields)}.",
            )

    def state(self, upload: Upload) -> State:
        """How its import is doing."""
        file = upload.folder / "state.json"
        try:
            told = State(**json.loads(file.read_text(encoding="utf-8")))
            silent = time.time() - file.stat().st_mtime > _SILENT
        except FileNotFoundError:
            return State()
        if silent and not told.ended:
            return replace(
                told,
                phase="failed",
                error_en="The service ended during the import. Import the file again: what is in changes nothing.",
                error_de="Der Dienst endete während des Imports. Importieren Sie die Datei noch einmal: was schon da "
                "ist, ändert nichts.",
            )
        return told

    def problems(self, upload: Upload, most: int | None = None) -> Iterator[Problem]:
        """The bad rows of an import, in the file's order."""
        file = upload.folder / "problems.jsonl"
        if file.is_file():
            with file.open(encoding="utf-8") as lines:
                for number, line in enumerate(lines):
                    if most is not None and number == most:
                        return
                    yield Problem(*json.loads(line))

    def drop(self, upload: Upload) -> None:
        """Delete all of it."""
        shutil.rmtree(upload.folder, ignore_errors=True)

    def sweep(self) -> None:
        """Delete what is a day old."""
        if self.folder.is_dir():
            for one in self.folder.iterdir():
                if time.time() - one.stat().st_mtime > _KEPT:
                    shutil.rmtree(one, ignore_errors=True)

    def _run(self, upload: Upload, mapping: Mapping[str, str] | None, as_of: date | None) -> None:
        with _turn:
            begun = time.monotonic()
            now = State("running")

            def at(done: int, total: int | None, phase: str = "running") -> None:
                self._tell(upload, State(phase, done, total, seconds=time.monotonic() - begun))

            self._tell(upload, now)
            try:
                with (upload.folder / "problems.jsonl").open("w", encoding="utf-8") as listed:

                    def bad(problem: Problem) -> None:
                        listed.write(json.dumps([problem.line, problem.en, problem.de]) + "\n")

                    report = import_file(
                        self.pool,
                        self.settings.as_firm(),
                        ZoneInfo(self.settings.firm.time_zone),
                        upload.kind,
                        upload.table,
                        mapping,
                        at,
                        as_of=as_of,
                        reckoned=lambda done, total: at(done, total, "reckoning"),
                        gate=Gate.by(self.settings),
                        only=mapping is not None,
                        bad=bad,
                    )
                counts = {name: getattr(report, name) for name in ("new", "changed", "same", "merged", "bad")}
                total = sum(counts.values())
                self._tell(upload, State("done", total, total, seconds=time.monotonic() - begun, **counts))
                upload.table.unlink(missing_ok=True)
            except KingpostError as error:
                called(upload, error)
                self._tell(upload, State("failed", error_en=error.text("en"), error_de=error.text("de")))
            except Exception:
                log.exception("an uploaded table could not be imported")
                self._tell(upload, State("failed", error_en="See the service's log.", error_de="Siehe Protokoll."))

    def _tell(self, upload: Upload, state: State) -> None:
        """Write the state so that whoever reads it finds a whole one."""
        if upload.folder.is_dir():
            written = upload.folder / "state.new"
            written.write_text(json.dumps(asdict(state)), encoding="utf-8")
            written.replace(upload.folder / "state.json")


def called(upload: Upload, error: KingpostError) -> None:
    """Let an error name the file as whoever uploaded it does."""
    if "file" in error.details:
        error.details["file"] = upload.name


def _there(upload: Upload) -> Path:
    if not upload.table.is_file():
        raise NotFound
    return upload.table
