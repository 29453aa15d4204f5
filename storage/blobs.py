"""Raw mails and attachments by the SHA-256 of their content, packed with zstd, in a folder or an object store.

What has been put is durable. Content that is there already is not written again; a file is whole or not there.
"""

# pathlib was a fifth of the time of storing a mail.
# ruff: noqa: PTH103, PTH104, PTH108, PTH110, PTH116

import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from errno import EDQUOT, EFBIG, ENOSPC
from hashlib import sha256
from typing import TypeVar

import fsspec
import zstandard
from fsspec.implementations.local import LocalFileSystem

from rules.terms.errors import NotFound, PoolError, PoolFull, PoolUnreachable
from rules.terms.mail import Blob

T = TypeVar("T")
# Waiting for the disk to say "written" is most of the work; several waits pass together.
_THREADS = 8
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
_FULL = frozenset({ENOSPC, EFBIG, EDQUOT})
# Between putting content and naming it in the tables a mail is decided and stored; a batch takes seconds.
GRACE = timedelta(minutes=10)


class Blobs:
    """The blob store at a folder or URL (s3://bucket/prefix …)."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._files, root = fsspec.core.url_to_fs(url)
        self._root = root.rstrip("/")
        self._local = isinstance(self._files, LocalFileSystem)

    def put(self, blobs: Iterable[Blob]) -> None:
        """Store what is not there yet; durable when this returns. PoolFull when there is no room."""
        new = [blob for blob in {blob.digest: blob for blob in blobs}.values() if not self._known(blob.digest)]
        if not new:
            return
        try:
            with ThreadPoolExecutor(min(_THREADS, len(new)), "blobs") as threads:
                list(threads.map(self._write, _shares(new)))
                if self._local:
                    folders = {self._path(blob.digest).rpartition("/")[0] for blob in new}
                    list(threads.map(_settle, _shares(list(folders))))
        except OSError as error:
            raise self._fault(error) from error

    def get(self, digest: str) -> bytes:
        """The plain content. NotFound when it is not there; what does not fit its digest is never handed out."""
        packed = self.packed(digest)
        try:
            content = zstandard.ZstdDecompressor().decompressobj().decompress(packed)
        except zstandard.ZstdError as error:
            raise self._damaged(digest) from error
        if sha256(content).hexdigest() != digest:
            raise self._damaged(digest)
        return content

    def packed(self, digest: str) -> bytes:
        """The content as it is kept (zstd). NotFound when it is not there."""
        try:
            return bytes(self._files.cat_file(self._path(digest)))
        except FileNotFoundError as error:
            raise NotFound from error
        except OSError as error:
            raise self._fault(error) from error

    def has(self, digest: str) -> bool:
        """Whether the content is there."""
        path = self._path(digest)
        return os.path.exists(path) if self._local else bool(self._files.exists(path))

    def remove(self, digests: Iterable[str], grace: timedelta = GRACE) -> list[str]:
        """Take content out that nobody names any more; which of it is gone now.

        What was put, or put again, within the grace stays: somebody may be about to name it. An object store does not
        note that content was put again, so nothing but its age speaks there.
        """
        gone = []
        before = datetime.now(UTC) - grace
        for digest in digests:
            try:
                if self._put_at(digest) > before:
                    continue
                self._files.rm_file(self._path(digest))
            except (FileNotFoundError, NotFound):
                pass
            except OSError as error:
                raise self._fault(error) from error
            gone.append(digest)
        return gone

    def _put_at(self, digest: str) -> datetime:
        path = self._path(digest)
        if self._local:
            return datetime.fromtimestamp(os.stat(path).st_mtime, UTC)
        modified: datetime = self._files.modified(path)
        return modified if modified.tzinfo else modified.replace(tzinfo=UTC)

    def _known(self, digest: str) -> bool:
        """Whether content is there already; then it counts as put now, so that `remove` leaves it alone."""
        if not self._local:
            return self.has(digest)
        try:
            os.utime(self._path(digest))
        except OSError:
            return False
        return True

    def _path(self, digest: str) -> str:
        if len(digest) != 2 * sha256().digest_size or not digest.isalnum():
            raise NotFound
        return f"{self._root}/{digest[:2]}/{digest}"

    def _write(self, blobs: Iterable[Blob]) -> None:
        write = _write_durably if self._local else self._files.pipe_file
        for blob in blobs:
            write(self._path(blob.digest), blob.packed)

    def _fault(self, error: OSError) -> PoolError:
        kind = PoolFull if error.errno in _FULL else PoolUnreachable
        return kind(url=self.url, reason=error.strerror or str(error))

    def _damaged(self, digest: str) -> PoolError:
        return PoolUnreachable(url=self.url, reason=f"the blob {digest} is damaged; restore it from a backup")


def _write_durably(path: str, content: bytes) -> None:
    folder = path.rpartition("/")[0]
    new = f"{folder}/.new-{secrets.token_hex(8)}"
    try:
        handle = os.open(new, _NEW, 0o600)
    except FileNotFoundError:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        _settle([folder.rpartition("/")[0]])
        handle = os.open(new, _NEW, 0o600)
    try:
        with os.fdopen(handle, "wb", buffering=0) as file:
            rest = memoryview(content)
            while rest:
                rest = rest[file.write(rest) :]
            os.fsync(handle)
        os.rename(new, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(new)
        raise


def _settle(folders: Iterable[str]) -> None:
    """A new name is durable when its folder is."""
    for folder in folders:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _shares(work: Sequence[T]) -> Iterator[Sequence[T]]:
    """What each thread does. One task a thread: a future for each small file costs more than the file."""
    return (work[first::_THREADS] for first in range(min(_THREADS, len(work))))
