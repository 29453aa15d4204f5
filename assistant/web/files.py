"""Our own style sheet and modules, read and packed once, served from memory; a browser asks whether they changed."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

FOLDER = Path(__file__).parent / "static"
# The sidebar's worker answers for its page, which lies outside its own folder (Service Workers, 3.4).
SCOPES = {"worker.js": "/sidebar"}


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is sent, and packed by gzip. The tag is made of the content, so it changes with it."""

    content: bytes
    packed: bytes
    media_type: str
    tag: str


@cache
def files() -> dict[str, File]:
    """All files, by their path below the folder."""
    found = {}
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
            found[path.relative_to(FOLDER).as_posix()] = File(
                content, gzip.compress(content, mtime=0), _media_type(path), tag
            )
    return found


@get("/static/{path:path}", anonymous=True, include_in_schema=False, sync_to_thread=False)
def static(path: FromPath[Path], request: Request) -> Response[bytes]:  # type: ignore[type-arg]
    """A file, or 304 where the browser has it already (RFC 9110, section 13.1.2)."""
    name = str(path).lstrip("/")
    file = files().get(name)
    if file is None:
        raise NotFoundException
    # A module imports its neighbours without a version in the address, so the browser must ask each time.
    # A weak tag stands for the file in either form (RFC 9110, section 8.8.1).
    headers = {"ETag": f"W/{file.tag}", "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if name in SCOPES:
        headers["Service-Worker-Allowed"] = SCOPES[name]
    if file.tag in (tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")):
        return Response(b"", status_code=304, headers=headers)
    # The files hold nothing of anybody's, so that packing them tells nobody anything.
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(file.content, media_type=file.media_type, headers=headers)
    return Response(file.packed, media_type=file.media_type, headers={**headers, "Content-Encoding": "gzip"})


def _media_type(path: Path) -> str:
    if path.suffix in (".js", ".mjs"):
        return "text/javascript"
    if path.suffix == ".webmanifest":
        return "application/manifest+json"
    return mimetypes.guess_type(path.name)[0] or "application/octet-stream"
