"""Secrets that the settings do not hold but name: an environment variable, or a file."""

import os

from assistant.settings import Settings
from rules.terms.errors import PasswordMissing


def named_secret(settings: Settings, whose: str, variable: str | None, file: str | None) -> str | None:
    """What lies there; None where neither is named.

    Args:
        settings: to whose folder a relative path belongs.
        whose: for the sentence of the error.
        variable: an environment variable's name; it goes before the file.
        file: a path, as the settings write it.

    Raises:
        PasswordMissing: it is named but not there.
    """
    if variable:
        if variable not in os.environ:
            raise PasswordMissing(mailbox=whose, reason=f"{variable} is not set")
        return os.environ[variable]
    if not file:
        return None
    path = settings.path(file)
    try:
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise PasswordMissing(mailbox=whose, reason=f"{path}: {type(error).__name__}") from error
