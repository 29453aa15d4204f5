"""Content made ready for the blob store: compressed where it is read, in the worker, not in the writer."""

import hashlib
import threading
from collections.abc import Iterable
from io import BytesIO

import zstandard

from rules.terms.mail import Blob

_LEVEL = 3
_PIECE = 1 << 20
_local = threading.local()


def digest_of(content: bytes) -> str:
    """The name under which the blob store keeps this content."""
    return hashlib.sha256(content).hexdigest()


def pack(content: bytes) -> Blob:
    """The content compressed, with its digest and plain size."""
    if len(content) > _PIECE:
        return pack_pieces([content])
    return Blob(digest=digest_of(content), packed=_compressor().compress(content), size=len(content))


def unpack(blob: Blob) -> bytes:
    """The plain content."""
    return zstandard.ZstdDecompressor().decompressobj().decompress(blob.packed)


def pack_pieces(pieces: Iterable[bytes | memoryview]) -> Blob:
    """The same for content that is at hand in pieces, without putting them together."""
    parts = [memoryview(piece) for piece in pieces]
    size = sum(map(len, parts))
    digest, out, stream = hashlib.sha256(), BytesIO(), _compressor().compressobj(size=size)
    for part in parts:
        for start in range(0, len(part), _PIECE):
            piece = part[start : start + _PIECE]
            digest.update(piece)
            out.write(stream.compress(piece))
    out.write(stream.flush())
    return Blob(digest=digest.hexdigest(), packed=out.getvalue(), size=size)


def _compressor() -> zstandard.ZstdCompressor:
    try:
        compressor: zstandard.ZstdCompressor = _local.compressor
    except AttributeError:
        # One compressor a thread: it is not thread-safe, and making one costs more than using it on a small mail.
        compressor = _local.compressor = zstandard.ZstdCompressor(level=_LEVEL, write_content_size=True)
    return compressor
