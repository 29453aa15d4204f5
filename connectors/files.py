"""Mail that lies in files: single mails, mbox files and Maildir folders, given by path or on standard input.

A file is told by its content, never by its name. What cannot be read is reported beside its name, and the rest goes on.
"""

import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from connectors.mbox import LINE, split
from rules.terms.errors import FileUnreadable, KingpostError, MailTooLarge
from rules.terms.mail import Placement, RawMail

MAILBOX = "files"
LARGEST = 64 << 20

# Maildir flags; S (seen) is left out: who has read what is nobody's business.
_FLAGS = {"F": "\\Flagged", "R": "\\Answered", "T": "\\Deleted", "D": "\\Draft", "P": "$Forwarded"}
_INFO = re.compile(r"[:;!]2,([A-Za-z]*)$")
_DELIVERED = re.compile(r"(\d{9,11})\.")

Found = tuple[str, RawMail | KingpostError]


def mails(paths: Iterable[Path], *, folder: str = "files", largest: int = LARGEST) -> Iterator[Found]:
    """Every mail under these paths with a label to name it by, in a stable order; errors take the place of a mail.

    `folder` is where the mails are said to lie: "files", or "sent" for what the firm itself wrote.
    """
    for path in paths:
        if str(path) == "-":
            yield from _of_stream("-", sys.stdin.buffer, Placement(MAILBOX, folder), None, largest)
        else:
            yield from _under(path, folder, largest)


def _under(path: Path, folder: str, largest: int) -> Iterator[Found]:
    try:
        if not path.is_dir():
            yield from _of_file(path, Placement(MAILBOX, folder), None, largest)
            return
        if (path / "cur").is_dir() and (path / "new").is_dir():
            yield from _of_maildir(path, folder, largest)
            apart = {"cur", "new", "tmp"}
        else:
            apart = set()
        entries = sorted(os.scandir(path), key=lambda entry: entry.name)
    except OSError as error:
        yield _unreadable(path, error)
        return
    for entry in entries:
        child = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            # Maildir++ keeps its folders in dotted directories; elsewhere a dot means "not for readers".
            if entry.name not in apart and (not entry.name.startswith(".") or (child / "cur").is_dir()):
                yield from _under(child, folder, largest)
        elif not apart and not entry.name.startswith(".") and (entry.is_file() or not child.exists()):
            yield from _of_file(child, Placement(MAILBOX, folder), None, largest)


def _of_maildir(path: Path, folder: str, largest: int) -> Iterator[Found]:
    entries = [*os.scandir(path / "new"), *os.scandir(path / "cur")]
    for entry in sorted(entries, key=lambda entry: entry.name):
        if not entry.is_file() or entry.name.startswith("."):
            continue
        info = _INFO.search(entry.name)
        flags = frozenset(_FLAGS[letter] for letter in (info[1] if info else "") if letter in _FLAGS)
        yield from _of_file(Path(entry.path), Placement(MAILBOX, folder, flags=flags), _delivered(entry.name), largest)


def _delivered(name: str) -> datetime | None:
    """When a Maildir file says it was delivered: its name begins with that second."""
    seconds = _DELIVERED.match(name)
    return datetime.fromtimestamp(int(seconds[1]), UTC) if seconds else None


def _of_file(path: Path, placement: Placement, arrived: datetime | None, largest: int) -> Iterator[Found]:
    try:
        with path.open("rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
                yield str(path), FileUnreadable(file=path, reason="not a file")
                return
            yield from _of_stream(str(path), stream, placement, arrived, largest)
    except OSError as error:
        yield _unreadable(path, error)


def _of_stream(
    label: str, stream: BinaryIO, placement: Placement, arrived: datetime | None, largest: int
) -> Iterator[Found]:
    start = stream.readline(LINE)  # read, not peeked at: a pipe may show fewer bytes than it holds
    if not start:
        yield label, FileUnreadable(file=label, reason="empty")
        return
    if not start.startswith(b"From "):
        yield _found(label, _whole(start, stream, largest), placement, arrived, largest)
        return
    found = split(stream, largest)
    first, second = next(found, b""), next(found, b"")
    if second == b"":
        yield _found(label, first, placement, arrived, largest)
        return
    for number, raw in enumerate(chain((first, second), found), 1):
        yield _found(f"{label}#{number}", raw, placement, arrived, largest)


def _whole(start: bytes, stream: BinaryIO, largest: int) -> bytes | None:
    """The rest of a stream behind its start, in blocks: one large read would allocate for the largest mail."""
    raw = bytearray(start)
    while block := stream.read(1 << 16):
        raw += block
        if len(raw) > largest:
            return None
    return bytes(raw)


def _found(label: str, raw: bytes | None, placement: Placement, arrived: datetime | None, largest: int) -> Found:
    if raw is None or len(raw) > largest:
        return label, MailTooLarge(file=label, limit=largest >> 20)
    if not raw.strip():
        return label, FileUnreadable(file=label, reason="empty")
    return label, RawMail(raw, placement, arrived)


def _unreadable(path: Path, error: OSError) -> Found:
    return str(path), FileUnreadable(file=path, reason=error.strerror or type(error).__name__)
