"""Folders into which other programs lay their tables: imported when they are complete, as `kingpost import` does.

    folder/orders.csv ──complete──► imported ──► folder/done/2026-11-22T031000-orders.csv, with a report beside it
                                  └─ no row makes sense ──► folder/failed/…, and the start page says why

What became of a file is noted before it is moved: one that cannot be moved is not imported again. What was imported in
a moment when the service died is imported again, which changes nothing.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

from assistant.erased import Gate
from assistant.importing import Report, import_file
from assistant.settings import ImportFolderSettings, Settings
from rules.terms.errors import KingpostError, PoolError
from storage.folder_imports import FolderImport
from storage.pool import Pool

log = logging.getLogger("kingpost.imports")

# A file that has not changed for so many seconds, and between two looks, is complete.
SETTLED = 5.0
REPORT = ".report.txt"
# What programs call a file while they write it.
_UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp", ".lock")


@dataclass(slots=True)
class ImportFolders:
    """Imports what lies in the folders, in the order of the settings: customers come before their orders."""

    pool: Pool
    settings: Settings
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _seen: dict[Path, str] = field(default_factory=dict)

    def run(self, stop: Event | None = None) -> int:
        """Look once; how many files were imported.

        Raises:
            PoolError: the pool takes nothing; the file stays where it is.
        """
        done = 0
        for folder in self.settings.import_folder:
            for path in self._complete(folder):
                if stop is not None and stop.is_set():
                    return done
                self._take(folder, path)
                done += 1
        return done

    def _complete(self, folder: ImportFolderSettings) -> Iterator[Path]:
        """The files of a folder that nobody writes any more, by name."""
        try:
            found = sorted(self.settings.path(folder.folder).glob(folder.pattern))
        except OSError:
            return  # a share that is away; `kingpost check` says so
        for path in found:
            if path.name.startswith((".", "~")) or path.name.lower().endswith((*_UNFINISHED, REPORT)):
                continue
            stamp = _stamp(path)
            if stamp and stamp == self._seen.get(path) and _age(path, self.clock()) >= SETTLED:
                del self._seen[path]
                yield path
            elif stamp:
                self._seen[path] = stamp

    def _take(self, folder: ImportFolderSettings, path: Path) -> None:
        stamp, where = _stamp(path), str(path.parent)
        with self.pool.read() as work:
            before = work.folder_imports.get(where, path.name)
        if before is not None and before.stamp == stamp:
            # It could not be moved away then.
            self._move(folder, path, before, None)
            return
        log.info("importing a file of a folder", extra={"kind": folder.kind})
        report: Report | None = None
        done = FolderImport(where, path.name, folder.kind, stamp, self.clock())
        try:
            report = self._import(folder, path)
            done = replace(done, new=report.new, changed=report.changed, same=report.same, bad=report.bad)
        except PoolError:
            raise
        except KingpostError as error:
            done = replace(done, error_en=error.text("en"), error_de=error.text("de"))
        except OSError as error:
            done = replace(done, error_en=f"It cannot be read: {error.strerror}.", error_de="Sie ist nicht lesbar.")
        with self.pool.begin() as work:
            work.folder_imports.put(done)
        self._move(folder, path, done, report)

    def _import(self, folder: ImportFolderSettings, path: Path) -> Report:
        zone = ZoneInfo(self.settings.firm.time_zone)
        # A list of open items that does not say its day is of the day on which it was written.
        written = datetime.fromtimestamp(path.stat().st_mtime, zone).date()
        return import_file(
            self.pool,
            self.settings.as_firm(),
            zone,
            folder.kind,
            path,
            dict(folder.map),
            as_of=written if folder.kind == "open-items" else None,
            gate=Gate.by(self.settings),
        )

    def _move(self, folder: ImportFolderSettings, path: Path, done: FolderImport, report: Report | None) -> None:
        """Take the file out of the folder, with a report beside it; where that fails, say so and try again later."""
        target = path.parent / ("failed" if done.failed else "done")
        at = done.at.astimezone(ZoneInfo(self.settings.firm.time_zone))
        name = f"{at:%Y-%m-%dT%H%M%S}-{path.name}"
        settled = done if done.failed else replace(done, error_en="", error_de="")
        try:
            target.mkdir(exist_ok=True)
            text = "\n".join(_lines(settled, report, self.settings.firm.language)) + "\n"
            (target / f"{name}{REPORT}").write_text(text, encoding="utf-8")
            if folder.after == "delete" and not done.failed:
                path.unlink()
            else:
                path.rename(target / name)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            if not done.failed:
                settled = replace(
                    done,
                    error_en=f"It is imported, but cannot be moved to “{target.name}” ({reason}). Check the rights.",
                    error_de=f"Sie ist eingelesen, lässt sich aber nicht nach „{target.name}“ verschieben ({reason}). "
                    "Prüfen Sie die Rechte.",
                )
        if settled != done:
            with self.pool.begin() as work:
                work.folder_imports.put(settled)


def _lines(done: FolderImport, report: Report | None, language: str) -> Iterator[str]:
    """What the report says."""
    german = language == "de"
    yield done.file
    if done.failed:
        yield done.error_de if german else done.error_en
        return
    if german:
        yield f"{done.new} neu, {done.changed} geändert, {done.same} gleich, {done.bad} fehlerhaft."
    else:
        yield f"{done.new} new, {done.changed} changed, {done.same} the same, {done.bad} bad."
    for theirs, ours in report.taken if report else ():
        yield f"Übernommen: {theirs} → {ours}" if german else f"Taken: {theirs} → {ours}"
    for name, near in report.unknown_columns if report else ():
        hint = (f", gemeint: {near}?" if german else f", meant: {near}?") if near else ""
        yield f"Nicht übernommen: {name}{hint}" if german else f"Left out: {name}{hint}"
    for problem in report.problems if report else ():
        yield f"Zeile {problem.line}: {problem.de}" if german else f"line {problem.line}: {problem.en}"


def _stamp(path: Path) -> str:
    """What tells a file from another of the same name; "" for what is none (any more), links among it."""
    try:
        if path.is_symlink() or not path.is_file():
            return ""
        found = path.stat()
    except OSError:
        return ""
    return f"{found.st_size}:{found.st_mtime_ns}"


def _age(path: Path, now: datetime) -> float:
    """In seconds; of a clock that is ahead, none."""
    try:
        return abs(now.timestamp() - path.stat().st_mtime)
    except OSError:
        return 0.0
