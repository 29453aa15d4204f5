"""Raw mails and attachments by the SHA-256 of their content, packed with zstd, in a folder or an object store.

What has been put is durable. Content that is there already is not written again; a file is whole or not there.
"""

# pathlib was a fifth of the time of storing a mail.
# ruff: noqa: PTH103, PTH104, PTH108, PTH110

import os
import secrets
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from errno import EDQUOT, EFBIG, ENOSPC
from hashlib import sha256

import fsspec
import zstandard
from fsspec.implementations.local import LocalFileSystem

from rules.terms.errors import NotFound, PoolError, PoolFull, PoolUnreachable
from rules.terms.mail import Blob

# Waiting for the disk to say "written" is most of the work; several waits pass together.
_THREADS = 8
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
_FULL = frozenset({ENOSPC, EFBIG, EDQUOT})


class Blobs:
    """The blob store at a folder or URL (s3://bucket/prefix …)."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._files, root = fsspec.core.url_to_fs(url)
        self._root = root.rstrip("/")
        self._local = isinstance(self._files, LocalFileSystem)

    def put(self, blobs: Iterable[Blob]) -> None:
        """Store what is not there yet; durable when this returns. PoolFull when there is no room."""
        new = [blob for blob in {blob.digest: blob for blob in blobs}.values() if not self.has(blob.digest)]
        if not new:
            return
        try:
            with ThreadPoolExecutor(min(_THREADS, len(new)), "blobs") as threads:
                # One task a thread: a future for each small file costs more than the file.
                list(threads.map(self._write, (new[first::_THREADS] for first in range(min(_THREADS, len(new))))))
                if self._local:
                    list(threads.map(_settle, {self._path(blob.digest).rpartition("/")[0] for blob in new}))
        except OSError as error:
            raise self._fault(error) from error

    def get(self, digest: str) -> bytes:
        """The plain content. NotFound when it is not there; what does not fit its digest is never handed out."""
        try:
            packed = self._files.cat_file(self._path(digest))
        except FileNotFoundError as error:
            raise NotFound from error
        except OSError as error:
            raise self._fault(error) from error
        try:
            content = zstandard.ZstdDecompressor().decompressobj().decompress(packed)
        except zstandard.ZstdError as error:
            raise self._damaged(digest) from error
        if sha256(content).hexdigest() != digest:
            raise self._damaged(digest)
        return content

    def has(self, digest: str) -> bool:
        """Whether the content is there."""
        path = self._path(digest)
        return os.path.exists(path) if self._local else bool(self._files.exists(path))

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
        _settle(folder.rpartition("/")[0])
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


def _settle(folder: str) -> None:
    """A new name is durable when its folder is."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
