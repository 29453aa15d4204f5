"""Write docs/configuration.md from the settings' own descriptions. Run it after changing assistant/settings."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

HOME = Path(__file__).parent.parent
sys.path.insert(0, str(HOME))

from assistant.settings import LISTS, NAMED, Settings  # noqa: E402 — the path comes first

OPENING = """\
# Configuration

One file, `kingpost.toml`, and the environment. The file is found by `--config`, `KINGPOST_CONFIG`, in the working
directory, in the user's configuration folder (`~/.config/kingpost`), in `/etc/kingpost`. `kingpost init` writes one;
`kingpost check` says what is wrong with it. Relative paths belong to the file's folder. An unknown key is an error that
names the near one.

The environment wins over the file: `KINGPOST_WEB__BIND=127.0.0.1:9000` sets `bind` in `[web]`.

Passwords never stand in the file. A mailbox names the environment variable or the file that holds its password;
`kingpost mailbox add` and `kingpost mailbox password` seal it in the pool with the key of `[pool] key_file`.

This page is made from the settings themselves by `python scripts/configuration.py`; a test keeps it complete.
"""


def page() -> str:
    """The whole page."""
    parts = [OPENING]
    for name, field in Settings.model_fields.items():
        if field.exclude:
            continue
        model = LISTS.get(name) or NAMED.get(name) or field.annotation
        if not (isinstance(model, type) and issubclass(model, BaseModel)):
            raise TypeError(f"{name} is no table")
        head = f"[[{name}]]" if name in LISTS else f"[{name}.NAME]" if name in NAMED else f"[{name}]"
        parts += [f"\n## `{head}`\n", _intro(model), "\n| option | default | meaning |\n|---|---|---|\n"]
        parts += _rows(model)
    return "".join(parts)


def _intro(model: type[BaseModel]) -> str:
    """What the table is for: the docstring after its name."""
    text = " ".join((model.__doc__ or "").split()).partition(": ")[2]
    return text[:1].upper() + text[1:] + "\n"


def _rows(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield f"| `{name}` | {_default(field)} | {field.description}{_choices(field.annotation)} |\n"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "*needed*"
    value: Any = field.get_default(call_default_factory=True, validated_data={})
    if value is PydanticUndefined or value is None or value in ("", (), {}):
        return "–"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return ", ".join(f"`{each}`" for each in value)
    return f"`{value}`"


def _choices(annotation: Any) -> str:
    words = [word for word in get_args(annotation) if isinstance(word, str)]
    return f" One of: {', '.join(f'`{word}`' for word in words)}." if words else ""


if __name__ == "__main__":
    (HOME / "docs" / "configuration.md").write_text(page(), encoding="utf-8")
