"""Tables as text: encoding, separator and rows of a CSV file, a line at a time, however wild.

A row that cannot be read (an open quotation mark, too long a field) is told and the next *line* is tried as a new row,
so that one stray quotation mark does not swallow the rest of the file.
"""

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import BinaryIO

from connectors.importers.cells import Cell
from connectors.importers.problems import Problem
from rules.terms.errors import TableRefused

FIELD = 131_072  # characters; the csv module's own bound
LINE = 1 << 20
COLUMNS = 1000
SEPARATORS = ";,\t|"

Record = tuple[int, Sequence[Cell] | Problem]
Records = Generator[Record, None, None]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BYTEWISE = ("utf-8", "utf-8-sig", "cp1252")
_STRAY = re.compile("[\udc80-\udcff]")
_BEYOND = re.compile(r"[^\x00-\x7f]")
_ROW = 4 << 20  # characters
_AGAIN = 64 << 20  # characters that may be read a second time behind open quotation marks


class Delimited:
    """A CSV file, opened anew each time it is read."""

    def __init__(self, path: Path, known: Callable[[str], bool]) -> None:
        self._path = path
        self.encoding, self.total = survey(path)
        start = self._start()
        self._told = start.lower().startswith("sep=") and len(start.strip()) == 5
        self._separator = start.strip()[-1] if self._told else _separator(start, known)

    def records(self) -> Records:
        """Every row that is not empty, with the number of the line on which it begins."""
        with self._path.open("rb") as file, text_of(file, self.encoding) as text:
            lines = _Lines(text)
            if self._told:
                next(lines)
            reader = csv.reader(lines, delimiter=self._separator, strict=True)
            while True:
                lines.begin()
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except (csv.Error, _TooLong) as error:
                    yield lines.number, _problem(error)
                    lines.again()
                    reader = csv.reader(lines, delimiter=self._separator, strict=True)
                    continue
                if any(map(str.strip, cells)):
                    yield lines.number, [_mended(cell) for cell in cells]

    def _start(self) -> str:
        """The first line that is not empty."""
        with self._path.open("rb") as file, text_of(file, self.encoding) as text:
            for _ in range(1000):
                line = text.readline(LINE)
                if line.strip() or not line:
                    return _mended(line)
        return ""


class _TooLong(Exception):
    """A line or row beyond every bound."""


class _Lines:
    """The lines of a text; those of a row that went wrong can be given out again."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._taken: list[str] = []
        self._back: deque[str] = deque()
        self._size = 0
        self._again = _AGAIN
        self._next = 1
        self.number = 1

    def begin(self) -> None:
        """A new row."""
        self._taken.clear()
        self._size = 0
        self.number = self._next

    def again(self) -> None:
        """Give out again what follows the first line of this row. Bounded, so that many such rows cost no squares."""
        size = self._size - len(self._taken[0]) if self._taken else 0
        if 0 < size <= self._again:
            self._again -= size
            self._next -= len(self._taken) - 1
            self._back.extendleft(reversed(self._taken[1:]))

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else self._text.readline(LINE)
        if not line:
            raise StopIteration
        self._next += 1
        if len(line) >= LINE and line[-1] not in "\r\n":
            while (rest := self._text.readline(LINE)) and rest[-1] not in "\r\n":
                pass
            raise _TooLong
        self._taken.append(line)
        self._size += len(line)
        if self._size > _ROW:
            raise _TooLong
        return line


def text_of(file: BinaryIO, encoding: str) -> io.TextIOWrapper:
    """A file's text with its line ends; bytes that do not fit stay recognisable."""
    return io.TextIOWrapper(
        file, encoding, errors="surrogateescape" if encoding in _BYTEWISE else "replace", newline=""
    )


def _mended(cell: str) -> str:
    """Bytes that do not fit the file's encoding, read as Windows wrote them."""
    if cell.isascii():
        return cell
    return _STRAY.sub(lambda stray: bytes([ord(stray[0]) - 0xDC00]).decode("cp1252", "replace"), cell)


def _problem(error: Exception) -> Problem:
    what = str(error)
    if isinstance(error, _TooLong) or "field limit" in what:
        return Problem(
            f"a field is longer than {FIELD} characters; is a quotation mark not closed?",
            f"ein Feld ist länger als {FIELD} Zeichen; ist ein Anführungszeichen nicht geschlossen?",
        )
    if "end of data" in what:
        return Problem("a quotation mark is not closed", "ein Anführungszeichen ist nicht geschlossen")
    return Problem(
        "a quotation mark stands inside a quoted field; write it twice",
        "in einem Feld in Anführungszeichen steht ein Anführungszeichen; schreiben Sie es doppelt",
    )


def _separator(start: str, known: Callable[[str], bool]) -> str:
    """The one that makes most known column names of the header, else most columns."""

    def yields(separator: str) -> tuple[int, int]:
        names = next(csv.reader([start], delimiter=separator), [])
        return sum(map(known, names)), len(names)

    return max(SEPARATORS, key=yields)


def survey(path: Path) -> tuple[str, int]:
    """Encoding and number of rows, from one pass over the file."""
    with path.open("rb") as file:
        start = file.read(4096)
        encoding = next((name for bom, name in _BOMS if start.startswith(bom)), None) or _by_zeros(path, start)
        decoder = codecs.getincrementaldecoder(encoding or "utf-8")(
            "surrogateescape" if encoding is None else "replace"
        )
        lines = fitting = stray = 0
        block = start
        while block:
            text = decoder.decode(block)
            lines += text.count("\n") or text.count("\r")
            if encoding is None and not text.isascii():
                misfits = len(_STRAY.findall(text))
                stray += misfits
                fitting += len(_BEYOND.findall(text)) - misfits
            block = file.read(1 << 20)
    if not start.strip():
        raise TableRefused(file=path, problem="it is empty.", problem_de="Die Datei ist leer.")
    return encoding or ("utf-8" if fitting >= stray else "cp1252"), max(0, lines - 1)


def _by_zeros(path: Path, start: bytes) -> str | None:
    """UTF-16 without a mark shows in every second byte being zero; else more than a stray zero is no text at all."""
    if start.count(0) <= max(2, len(start) // 100):
        return None
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) < len(start) // 4 or min(even, odd) > len(start) // 50:
        raise TableRefused(
            file=path,
            problem="it is neither a text table nor an Excel workbook. Save it as CSV (UTF-8) or XLSX.",
            problem_de="Das ist weder Texttabelle noch Excel-Mappe. Speichern Sie sie als CSV (UTF-8) oder XLSX.",
        )
    return "utf-16-be" if even > odd else "utf-16-le"
