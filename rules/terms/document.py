"""The words of what comes on paper: letters and fax as files, with the text that can be read in them."""

from dataclasses import dataclass
from enum import StrEnum


class Legibility(StrEnum):
    """How much of a file can be read: its own text, pictures of text only, or nothing."""

    TEXT = "text"
    PICTURE = "picture"
    ENCRYPTED = "encrypted"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What a reader makes of a file: its own text (not recognised from pictures) and how many pages it has."""

    legibility: Legibility
    text: str = ""
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A letter or fax as a file of a timeline's entry. `digest` (SHA-256, hex) finds its content among the blobs."""

    digest: str
    name: str
    media_type: str
    size: int
    read: ReadFile
