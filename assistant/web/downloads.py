"""Files from strangers on their way to a disk: never shown by the browser, with a name that cannot do harm."""

import unicodedata
from urllib.parse import quote

from litestar import Response

OCTETS = "application/octet-stream"
LONGEST = 120


def download(content: bytes, name: str, fallback: str = "file") -> Response[bytes]:
    """The bytes as an attachment (RFC 6266), whatever they claim to be."""
    safe = safe_name(name) or fallback
    plain = "".join(c if c.isascii() and (c.isalnum() or c in " ._-()") else "_" for c in safe)
    return Response(
        content,
        media_type=OCTETS,
        headers={
            "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


def safe_name(name: str) -> str:
    """A file name without path, control and direction characters, at most `LONGEST` long; the end is kept."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(" .")
    stem, dot, end = kept.rpartition(".")
    if len(kept) > LONGEST and dot and len(end) < 16:
        return stem[: LONGEST - len(end) - 1] + dot + end
    return kept[:LONGEST]
