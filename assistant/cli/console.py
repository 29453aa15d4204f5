"""How the command line speaks: the user's language, tables, and progress on long work."""

import locale
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from rules.terms.errors import KingpostError

if TYPE_CHECKING:
    from rich.progress import Progress

PLAIN_EVERY = 5.0

_language: list[str] = []
_displays: "list[Progress]" = []


def use_language(language: str) -> None:
    """Speak this language from now on."""
    _language[:] = [language]


def language() -> str:
    """The language in use: that of the settings, before they are read that of the environment."""
    if _language:
        return _language[0]
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "de" if (named or (locale.getlocale()[0] or "")).startswith(("de", "German")) else "en"


def choose(*, de: str, en: str) -> str:
    """The sentence in the user's language."""
    return de if language() == "de" else en


def say(*, de: str, en: str) -> None:
    """Tell the user something on standard output."""
    print(choose(de=de, en=en))


def note(*, de: str, en: str) -> None:
    """Tell the user something beside the output, on standard error."""
    print(choose(de=de, en=en), file=sys.stderr)


def complain(error: KingpostError) -> None:
    """Say what is wrong and what to do, on standard error."""
    print(f"kingpost: {error.text(language())}", file=sys.stderr)


def ask_secret(*, de: str, en: str, variable: str) -> str:
    """A secret from the environment variable, a prompt without echo, or one line of standard input."""
    if variable in os.environ:
        return os.environ[variable]
    if sys.stdin.isatty():
        from getpass import getpass

        return getpass(choose(de=de, en=en) + " ")
    return sys.stdin.readline().rstrip("\n")


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table in plain columns, numbers to the right."""
    cells = [list(heads), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(heads))]
    right = [bool(rows) and all(isinstance(row[column], int | float) for row in rows) for column in range(len(heads))]
    for line in cells:
        parts = [
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(line, widths, right, strict=True)
        ]
        print("  ".join(parts).rstrip())


class Bar(Protocol):
    """Counts what is done."""

    def at(self, done: int, total: int | None) -> None:
        """So much is done, of so much (None: unknown)."""


@contextmanager
def progress(*, de: str, en: str) -> Iterator[Bar]:
    """Show count, rate and remaining time on a terminal, a plain line now and then otherwise; on standard error."""
    title = choose(de=de, en=en)
    if sys.stderr.isatty():
        with _terminal_bar(title) as bar:
            yield bar
    else:
        plain = _PlainBar(title)
        yield plain
        plain.finish()


@contextmanager
def _terminal_bar(title: str) -> Iterator[Bar]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Task as RichTask
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: RichTask) -> Text:
            return Text(f"{task.speed:,.0f}/s" if task.speed else "")

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())

    class Terminal:
        def __init__(self, shown: Progress) -> None:
            self._shown = shown
            self._task = shown.add_task(title, total=None, visible=False)

        def at(self, done: int, total: int | None) -> None:
            self._shown.update(self._task, completed=done, total=total, visible=True)

    if _displays:  # a terminal has room for one display; what runs inside another one is a line of it
        yield Terminal(_displays[0])
        return
    with Progress(*columns, console=Console(stderr=True)) as shown:
        _displays.append(shown)
        try:
            yield Terminal(shown)
        finally:
            _displays.clear()


class _PlainBar:
    """A line every few seconds, for logs and pipes."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._began = self._told = time.monotonic()
        self._done = 0

    def at(self, done: int, total: int | None) -> None:
        """So much is done."""
        self._done = done
        now = time.monotonic()
        if now - self._told >= PLAIN_EVERY:
            self._told = now
            self._tell(f"{done}/{total}" if total else str(done), now)

    def finish(self) -> None:
        """The last line, if there was anything to count."""
        if self._done:
            self._tell(str(self._done), time.monotonic())

    def _tell(self, count: str, now: float) -> None:
        rate = self._done / max(0.001, now - self._began)
        print(f"{self._title}: {count} ({rate:,.0f}/s)", file=sys.stderr, flush=True)
