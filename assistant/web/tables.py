"""Tables as files to download."""

from collections.abc import Iterable, Sequence

from litestar import Response

from assistant.spreadsheets import csv_of
from assistant.web.downloads import download


def csv_file(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Response[bytes]:
    """A table as CSV, under a name."""
    return download(csv_of(heads, rows), name)


def file_name(text: str) -> str:
    """A name that somebody gave as that of a file, without its ending."""
    return "".join(sign if sign.isalnum() else "-" for sign in text)[:60]
