"""Content made ready for the blob store: compressed where it is read, in the worker, not in the writer."""

import hashlib
import threading

import zstandard

from rules.terms.mail import Blob

_LEVEL = 3
_local = threading.local()


def digest_of(content: bytes) -> str:
    """The name under which the blob store keeps this content."""
    return hashlib.sha256(content).hexdigest()


def pack(content: bytes) -> Blob:
    """The content compressed, with its digest and plain size."""
    try:
        compressor: zstandard.ZstdCompressor = _local.compressor
    except AttributeError:
        # One compressor a thread: it is not thread-safe, and making one costs more than using it on a small mail.
        compressor = _local.compressor = zstandard.ZstdCompressor(level=_LEVEL, write_content_size=True)
    return Blob(digest=digest_of(content), packed=compressor.compress(content), size=len(content))
