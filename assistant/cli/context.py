"""What commands share: the settings in force, the pool, and whose eyes the command line has."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli import console

if TYPE_CHECKING:
    from assistant.settings import Settings
    from rules.terms.staff import Viewer
    from storage.pool import Pool

_config: list[Path | None] = [None]


def remember(config: Path | None) -> None:
    """Keep the settings file that was named before the command."""
    _config[0] = config


def named_config() -> Path | None:
    """The settings file that was named before the command."""
    return _config[0]


def settings() -> "Settings":
    """The settings in force; from now on the command line speaks their language.

    Raises:
        SettingsError: they cannot be meant.
    """
    from assistant.settings import load

    found = load(named_config())
    console.use_language(found.firm.language)
    return found


def place() -> "tuple[Path, Settings]":
    """Where kingpost.toml lies, and the settings; a first start without either makes the pool, and the file later.

    With a file, a missing pool is an error: its disk may not be there.

    Raises:
        KingpostError: settings or pool cannot be used.
    """
    from assistant.bootstrap import opened_pool
    from assistant.settings import FILE_NAME, find, load
    from rules.terms.errors import PoolMissing

    file = find(named_config())
    if file is not None:
        return file.absolute(), settings()
    found = load()
    try:
        with opened_pool(found):
            pass
    except PoolMissing:
        with opened_pool(found, create=True):
            pass
    return Path(FILE_NAME).absolute(), found


@contextmanager
def pool(*, create: bool = False) -> Iterator[tuple["Settings", "Pool"]]:
    """Settings and pool, closed at the end.

    Raises:
        KingpostError: settings or pool cannot be used.
    """
    from assistant.bootstrap import opened_pool

    found = settings()
    with opened_pool(found, create=create) as opened:
        yield found, opened


def author(opened: "Pool") -> "Viewer":
    """The same eyes under the name that is remembered for what is written down on the command line."""
    from dataclasses import replace

    return replace(viewer(opened), login="kingpost")


def viewer(opened: "Pool") -> "Viewer":
    """The command line's eyes: everything but the content of personal mailboxes, which is their owners'."""
    from rules.terms.staff import Role, Viewer

    with opened.read() as work:
        shared = frozenset(mailbox.name for mailbox in work.mailboxes.all() if not mailbox.personal)
    return Viewer("", Role.ADMIN, console.language(), shared)
