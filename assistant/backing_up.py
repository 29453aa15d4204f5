"""Backups: the pool, its blobs and its key in one tar file, taken while the service runs; and the way back.

    kingpost.json      of which version, and when
    secrets.key        the key that opens stored passwords
    pool.jsonl.zst     all tables, from one snapshot (storage.dumping)
    blobs/…            raw mails and attachments that these tables name, each checked against its digest

A restored pool is as it was at that moment; what has come since is read again from the mailboxes, and what was erased
since is erased again by the list beside the pool (assistant.erased).
"""

import io
import json
import os
import tarfile
import tempfile
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import IO

import zstandard

from assistant.alarms import renew
from assistant.erased import list_file, read_list, write_list
from assistant.privacy import Privacy
from assistant.settings import Settings
from rules.terms.alarm import Alarm, AlarmKind
from rules.terms.errors import BackupUnwritable, DumpUnreadable, NotFound, PoolError
from rules.terms.mail import Blob
from storage.pool import Pool
from storage.secrets import Vault

MANIFEST, KEY, TABLES, BLOBS = "kingpost.json", "secrets.key", "pool.jsonl.zst", "blobs/"
_LARGEST_BLOB = 1 << 30
# Blobs that are written side by side when a backup is restored: waiting for the disk is most of it.
_AT_ONCE, _AT_ONCE_BYTES = 500, 32 << 20

Told = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Saved:
    """What went into a backup, or came out of it.

    `missing`: blobs that the pool names and nobody has. `erased`: how many erasures had to be done again.
    """

    blobs: int
    missing: tuple[str, ...] = ()
    erased: int = 0


def back_up(
    settings: Settings,
    file: Path,
    *,
    key: bool = True,
    blobs: bool = True,
    rows: Told = lambda done, total: None,
    told: Told = lambda done, total: None,
) -> Saved:
    """Write a backup, whole or not at all, readable by its owner only.

    Args:
        settings: which pool.
        file: where to; what is there already is replaced once the new one is whole.
        key: with the key of stored passwords.
        blobs: with raw mails and attachments; without, back their folder up by other means.
        rows: hears how many rows of the tables are done.
        told: hears how many blobs are done.

    Raises:
        PoolError: the pool cannot be read.
        BackupUnwritable: the file cannot be written.
    """
    try:
        saved = _back_up(settings, file, key, blobs, rows, told)
    except OSError as error:
        failed = BackupUnwritable(file=file, reason=error.strerror or str(error))
        _note(settings, [Alarm(AlarmKind.BACKUP, "", {"reason": failed.text(settings.firm.language)})])
        raise failed from error
    _note(settings, [])
    return saved


def _note(settings: Settings, found: list[Alarm]) -> None:
    """Say in the pool how the last backup went; a pool that takes nothing just now does not spoil a backup."""
    with suppress(PoolError), closing(Pool.open(settings.pool_url, settings.blobs)) as pool:
        with pool.read() as work:
            same = not found and not any(alarm.kind is AlarmKind.BACKUP for alarm in work.alarms.all())
        if not same:
            with pool.begin() as work:
                renew(work, settings, found, {AlarmKind.BACKUP}, datetime.now(UTC))


def _back_up(settings: Settings, file: Path, key: bool, blobs: bool, rows: Told, told: Told) -> Saved:
    with closing(Pool.open(settings.pool_url, settings.blobs)) as pool:
        handle, new = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")  # mode 0600
        try:
            with os.fdopen(handle, "wb") as out:
                with tarfile.open(fileobj=out, mode="w") as archive:
                    _add(archive, MANIFEST, _manifest())
                    if key:
                        _add_key(archive, settings.path(settings.pool.key_file))
                    _add_tables(archive, pool, file.parent, rows)
                    saved = _add_blobs(archive, pool, told) if blobs else Saved(0)
                out.flush()
                os.fsync(handle)
            Path(new).replace(file)
        except BaseException:
            Path(new).unlink(missing_ok=True)
            raise
    return saved


def restore(
    settings: Settings, file: Path, *, erasures: Path | None = None, rows: Told = lambda done, total: None
) -> Saved:
    """Make the pool of a backup where there is none yet, with its blobs and its key; who was erased since stays so.

    Args:
        settings: which pool.
        file: the backup.
        erasures: the list of erasures, where it does not lie beside the pool.
        rows: hears how many rows of the tables are done.

    Raises:
        PoolNotEmpty: there is a pool already.
        DumpUnreadable: the file is no backup, or not a whole one, or the list is none.
        ErasuresUnfit: the list was made with another key; the pool is there, but erased people are in it.
    """
    since = read_list(erasures or list_file(settings))
    key_file = settings.path(settings.pool.key_file)
    count = held = 0
    waiting: list[Blob] = []
    try:
        with tarfile.open(file, "r|") as archive:
            pool: Pool | None = None
            for member in archive:
                content = archive.extractfile(member)
                if content is None:
                    continue
                if member.name == KEY:
                    _restore_key(key_file, content.read(10_000))
                elif member.name == TABLES:
                    pool = Pool.load(settings.pool_url, settings.blobs, _unpacked(content), rows)
                elif member.name.startswith(BLOBS) and pool is not None and member.size < _LARGEST_BLOB:
                    waiting.append(_checked(member.name.removeprefix(BLOBS), content.read()))
                    count, held = count + 1, held + member.size
                    if held > _AT_ONCE_BYTES or len(waiting) >= _AT_ONCE:
                        pool.blobs.put(waiting)
                        waiting, held = [], 0
    except (tarfile.TarError, EOFError, zstandard.ZstdError) as error:
        raise DumpUnreadable(problem=str(error), problem_de=str(error)) from error
    if pool is None:
        raise DumpUnreadable(problem=f"there is no {TABLES} in it", problem_de=f"{TABLES} fehlt darin")
    with closing(pool):
        pool.blobs.put(waiting)
        erased = Privacy.over(settings, pool).erase_again(since)
        write_list(settings, pool)
        missing = tuple(digest for digest in pool.digests() if not pool.blobs.has(digest))
    return Saved(count, missing, erased)


def copy(settings: Settings, url: str, *, rows: Told = lambda done, total: None) -> None:
    """Copy all tables into another database, for example from SQLite to PostgreSQL; the blobs stay where they are.

    Raises:
        PoolNotEmpty: there is a pool already.
    """
    with closing(Pool.open(settings.pool_url, settings.blobs)) as source:
        Pool.load(url, settings.blobs, source.dump(rows)).close()


def _manifest() -> bytes:
    made = {"kingpost": version("kingpost"), "at": datetime.now(UTC).isoformat(timespec="seconds")}
    return json.dumps(made).encode()


def _add_key(archive: tarfile.TarFile, key_file: Path) -> None:
    # Also where no password was stored yet: the list of whoever is erased from now on hangs on it too.
    Vault(key_file).ensure()
    # There is none where it comes from the environment.
    if key_file.exists():
        _add(archive, KEY, key_file.read_bytes())


def _add_tables(archive: tarfile.TarFile, pool: Pool, folder: Path, rows: Told) -> None:
    # In an archive the size stands before the content, so the tables go by way of a file.
    with tempfile.TemporaryFile(dir=folder) as packed:
        with zstandard.ZstdCompressor(level=6).stream_writer(packed, closefd=False) as out:
            for line in pool.dump(rows):
                out.write(f"{line}\n".encode())
        size = packed.tell()
        packed.seek(0)
        _add(archive, TABLES, packed, size)


def _add_blobs(archive: tarfile.TarFile, pool: Pool, told: Told) -> Saved:
    count, missing = 0, []
    # What has come since the snapshot may be among them, and does no harm.
    for digest in pool.digests():
        try:
            _add(archive, BLOBS + digest, pool.blobs.packed(digest))
            count += 1
        except NotFound:
            missing.append(digest)
        told(count, None)
    return Saved(count, tuple(missing))


def _add(archive: tarfile.TarFile, name: str, content: bytes | IO[bytes], size: int | None = None) -> None:
    member = tarfile.TarInfo(name)
    member.mode = 0o600
    member.size = len(content) if isinstance(content, bytes) else size or 0
    archive.addfile(member, io.BytesIO(content) if isinstance(content, bytes) else content)


def _unpacked(content: IO[bytes]) -> Iterable[str]:
    return io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(content), encoding="utf-8")


def _checked(digest: str, packed: bytes) -> Blob:
    content = zstandard.ZstdDecompressor().decompressobj().decompress(packed)
    if sha256(content).hexdigest() != digest:
        raise DumpUnreadable(problem=f"the blob {digest} is damaged", problem_de=f"der Blob {digest} ist beschädigt")
    return Blob(digest, packed, len(content))


def _restore_key(key_file: Path, key: bytes) -> None:
    """A key that is there already and is another one stays: passwords of its pool hang on it."""
    if key_file.exists() and key_file.read_bytes() != key:
        raise DumpUnreadable(
            problem=f"{key_file} holds another key; move it away first",
            problem_de=f"{key_file} enthält einen anderen Schlüssel; räumen Sie ihn zuerst weg",
        )
    key_file.parent.mkdir(parents=True, exist_ok=True)
    key_file.touch(mode=0o600)
    key_file.write_bytes(key)
