"""PDF files: the text of their own layer, and the files that are enclosed in them.

What is in them comes from strangers, and a small file can unpack into very much: call this in a process with limits on
time and memory (assistant.reader_worker).
"""

import logging
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from rules.terms.document import Legibility, ReadFile

if TYPE_CHECKING:
    from pypdf import PdfReader

PAGES = 300
CHARACTERS = 200_000
_ENCLOSED = 20
_ENCLOSED_SIZE = 10_000_000

# It reports each oddity of a file, with words of the file.
logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)


def make_ready() -> None:
    """Load the library, which takes a third of a second once: before the time that a file may take begins."""
    import pypdf  # noqa: F401


def is_pdf(content: bytes) -> bool:
    """Whether the file says that it is one; readers look for the mark in the first kilobyte (ISO 32000-1, annex H)."""
    return b"%PDF-" in content[:1024]


def read(content: bytes) -> ReadFile:
    """The text of the first 300 pages, at most 200,000 characters. Never raises on a bad file but for memory."""
    try:
        reader = _opened(content)
        if reader is None:
            return ReadFile(Legibility.ENCRYPTED)
        pages = len(reader.pages)
        text = _text(reader)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # pypdf raises whatever its parsers meet
        return ReadFile(Legibility.BROKEN)
    return ReadFile(Legibility.TEXT if text else Legibility.PICTURE, text, pages)


def enclosed(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and content of the files enclosed in a PDF, at most 20, none larger than 10 MB. None of a bad file."""
    try:
        reader = _opened(content)
        files = list(reader.attachment_list)[:_ENCLOSED] if reader is not None else []
        for file in files:
            inside = file.content
            if len(inside) <= _ENCLOSED_SIZE:
                yield file.name, inside
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # pypdf raises whatever its parsers meet
        return


def _opened(content: bytes) -> "PdfReader | None":
    """None where it takes a password to read it; many are encrypted with an empty one."""
    from pypdf import PdfReader  # most workers never meet a PDF

    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        return None
    return reader


def _text(reader: "PdfReader") -> str:
    parts: list[str] = []
    length = 0
    for number, page in enumerate(reader.pages):
        if number == PAGES or length >= CHARACTERS:
            break
        lines = (" ".join(line.split()) for line in page.extract_text().splitlines())
        part = "\n".join(line for line in lines if line)
        parts.append(part)
        length += len(part)
    return "\n\n".join(filter(None, parts)).strip()[:CHARACTERS]
