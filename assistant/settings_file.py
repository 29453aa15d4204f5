"""kingpost.toml, written by the program: whole or not at all, with the comments and the order that somebody gave it."""

import os
import tempfile
import threading
from collections.abc import Mapping, MutableMapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Table

from assistant.settings import Settings, load
from rules.terms.errors import SettingsError, SettingsUnwritable

# What stands there at first. Comments show what most firms will want to change by hand.
TEMPLATE = """\
# Kingpost's settings. Every option with its default: docs/configuration.md

# An account to watch; or: kingpost mailbox add, or “Settings” in the browser
# [[mailbox]]
# name = "office"
# host = "imap.example.org"
# user = "office@example.org"
# password_env = "KINGPOST_OFFICE_PASSWORD"

# Who you are. The name that your own mail server writes into Authentication-Results goes into authserv_id; without it
# no sender counts as checked.
[firm]
"""

Value = str | Sequence[str] | None


def _set(section: MutableMapping[str, Any], values: Mapping[str, Value]) -> None:
    # Comments at a table's end mostly belong to the next one: what is new goes before them.
    body = section.value.body if isinstance(section, Table) else []
    after = len(body)
    while after and body[after - 1][0] is None:
        after -= 1
    trailing = body[after:]
    del body[after:]
    for name, value in values.items():
        if value:
            section[name] = value if isinstance(value, str) else list(value)
        else:
            section.pop(name, None)
    body.extend(trailing)


class SettingsFile:
    """The file of one installation; it need not be there yet."""

    def __init__(self, path: Path) -> None:
        """`path` is where it lies, or will lie."""
        self.path = path.absolute()
        self._lock = threading.Lock()

    def change(self, table: str, values: Mapping[str, Value]) -> Settings:
        """Set options of a table; what is empty is taken out. The settings as they are from now on come back.

        Raises:
            SettingsError: what stands there cannot be meant, before or after the change; nothing is changed.
            SettingsUnwritable: the file or its folder must not be written.
        """
        with self._lock:
            there = self.path.is_file()
            if there:
                load(self.path)
            try:
                document = tomlkit.parse(self.path.read_text(encoding="utf-8") if there else TEMPLATE)
                _set(document.setdefault(table, tomlkit.table()), values)
                return self._replace(tomlkit.dumps(document))
            except TOMLKitError as error:
                raise SettingsError(file=self.path, problem=str(error), problem_de=str(error)) from error
            except OSError as error:
                reason = error.strerror or type(error).__name__
                raise SettingsUnwritable(file=self.path, reason=reason) from error

    def _replace(self, text: str) -> Settings:
        """Put a new text in the file's place, once it is known to be readable."""
        real = self.path.resolve()
        handle, name = tempfile.mkstemp(dir=real.parent, prefix=".kingpost-", suffix=".toml")
        new = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            settings = load(new)
            if real.exists():
                before = real.stat()
                new.chmod(before.st_mode & 0o777)
                with suppress(PermissionError):
                    os.chown(new, before.st_uid, before.st_gid)
            else:
                new.chmod(0o640)
            new.replace(real)
        finally:
            new.unlink(missing_ok=True)
        return settings
