"""Contents by their digest: whole, durable, once."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import fsspec
import pytest
import zstandard

from rules.terms.errors import NotFound, PoolFull, PoolUnreachable
from rules.terms.mail import Blob
from storage.blobs import Blobs

ROOT = Path(__file__).resolve().parents[2]


def blob(content: bytes) -> Blob:
    return Blob(sha256(content).hexdigest(), zstandard.ZstdCompressor().compress(content), len(content))


@pytest.fixture(params=["folder", "object store"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    if request.param == "folder":
        return Blobs(str(tmp_path / "blobs"))
    fsspec.filesystem("memory").store.clear()
    return Blobs("memory://bucket/prefix")


def test_what_was_put_comes_back(blobs: Blobs) -> None:
    contents = [b"", b"one", bytes(range(256)) * 1000]
    blobs.put(blob(content) for content in contents)
    for content in contents:
        digest = blob(content).digest
        assert blobs.has(digest)
        assert blobs.get(digest) == content
    blobs.put([])


def test_what_is_not_there_is_not_found(blobs: Blobs) -> None:
    assert not blobs.has("ab" * 32)
    with pytest.raises(NotFound):
        blobs.get("ab" * 32)


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "a/" * 32, "AB"])
def test_a_digest_is_no_path(blobs: Blobs, digest: str) -> None:
    with pytest.raises(NotFound):
        blobs.get(digest)


def test_damaged_content_is_never_handed_out(blobs: Blobs) -> None:
    one, two = blob(b"one"), blob(b"two")
    blobs.put([Blob(one.digest, two.packed, 3), Blob(two.digest, b"no zstd at all", 3)])
    for digest in (one.digest, two.digest):
        with pytest.raises(PoolUnreachable, match="damaged"):
            blobs.get(digest)


def test_content_is_written_once_and_leaves_no_other_files(tmp_path: Path) -> None:
    blobs = Blobs(f"file://{tmp_path}/blobs")
    one = blob(b"one")
    blobs.put([one, one])
    [path] = [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()]
    before = path.stat()
    blobs.put([one])
    assert path.stat().st_ino == before.st_ino
    assert before.st_mode & 0o777 == 0o600


FULL = """
import resource, signal, sys
from rules.terms.errors import PoolFull
from storage.blobs import Blobs
from tests.storage.test_blobs import blob
import os
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, resource.RLIM_INFINITY))
big, small = blob(os.urandom(20_000)), blob(b"small")
blobs = Blobs(sys.argv[1])
try:
    blobs.put([big])
except PoolFull:
    print("full")
assert not blobs.has(big.digest)
blobs.put([small])
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
blobs.put([big])
assert len(blobs.get(big.digest)) == 20_000
"""


def test_a_full_disk_leaves_no_half_file(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "full\n"), done.stderr
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2


def test_a_folder_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_text("a file, not a folder")
    with pytest.raises(PoolUnreachable) as raised:
        Blobs(str(tmp_path / "blobs")).put([blob(b"x")])
    assert not isinstance(raised.value, PoolFull)
