"""Finding kingpost.toml, and reading the settings from it and from the environment."""

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from rapidfuzz import process

from assistant.settings.whole import LISTS, NAMED, Settings
from rules.terms.errors import SettingsError

FILE_NAME = "kingpost.toml"


def places() -> Iterator[Path]:
    """Where kingpost.toml is looked for when nobody names it."""
    yield Path(FILE_NAME)
    yield Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "kingpost" / FILE_NAME
    yield Path("/etc/kingpost") / FILE_NAME


def find(named: Path | None = None) -> Path | None:
    """The settings file in force: the one named, KINGPOST_CONFIG's, or the first of `places()`.

    Raises:
        SettingsError: a file was named but is not there.
    """
    chosen = named or (Path(os.environ["KINGPOST_CONFIG"]) if os.environ.get("KINGPOST_CONFIG") else None)
    if chosen is not None:
        if not chosen.is_file():
            raise SettingsError(file=chosen, problem="there is no such file. “kingpost init” writes one.")
        return chosen
    return next((place for place in places() if place.is_file()), None)


def forget_environment() -> None:
    """What the environment says of a real installation must not reach a pool that is made for a while only."""
    for name in [name for name in os.environ if name.startswith("KINGPOST_")]:
        del os.environ[name]


def load(named: Path | None = None) -> Settings:
    """Read the settings.

    Raises:
        SettingsError: no such file, no TOML, an unknown key or a value that cannot be meant.
    """
    file = find(named)
    table: dict[str, Any] = {}
    if file is not None:
        try:
            table = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SettingsError(file=file, problem=str(error)) from error
    if "home" in table:
        raise SettingsError(file=file, problem="there is no setting “home”.")
    try:
        return Settings(**table, home=(file.parent if file else Path()).absolute())
    except ValidationError as error:
        raise SettingsError(file=file or "environment", problem="; ".join(_sentences(error))) from error


def _sentences(error: ValidationError) -> Iterator[str]:
    for problem in error.errors():
        *path, last = problem["loc"]
        where = ".".join(str(step) for step in problem["loc"])
        if problem["type"] == "extra_forbidden":
            near = process.extractOne(str(last), _names(path), score_cutoff=60)
            hint = f"; did you mean “{near[0]}”?" if near else f"; known here: {', '.join(_names(path))}"
            yield f"there is no setting “{where}”{hint}"
        else:
            said = problem["msg"].removeprefix("Value error, ")
            yield f"{where}: " + ("write ADDRESS:PORT, for example 127.0.0.1:8470" if where.endswith("bind") else said)


def _names(path: list[int | str]) -> list[str]:
    model: type[BaseModel] = Settings
    for step in path:
        if isinstance(step, int):
            continue
        if model in NAMED.values():
            continue
        annotation = LISTS.get(step) or NAMED.get(step) or model.model_fields[step].annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            model = annotation
    return [name for name in model.model_fields if name != "home"]
