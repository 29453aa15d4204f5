"""The words of the pages, in German and English: `texts/*.toml` hold them, the same keys in both."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("de", "en")
FOLDER = Path(__file__).parent / "texts"


@cache
def texts(language: str) -> dict[str, Any]:
    """All words of a language as nested tables."""
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


def t(language: str, key: str, /, **values: object) -> str:
    """The words at `key` ("start.title"), with `values` put in.

    A table of `one` and `other` is chosen from by `count`.
    """
    found: Any = texts(language)
    for part in key.split("."):
        found = found[part]
    if isinstance(found, dict):
        found = found["one" if values["count"] == 1 else "other"]
    return str(found).format(**values) if values else str(found)


def has(language: str, key: str) -> bool:
    """Whether there are words for `key`: keys that come from data may be newer than this page."""
    found: Any = texts(language)
    for part in key.split("."):
        if not isinstance(found, dict) or part not in found:
            return False
        found = found[part]
    return True


def words(language: str, *tables: str) -> dict[str, Any]:
    """Whole tables of words, for a page that makes lines by itself."""
    return {name: texts(language)[name] for name in tables}


def choose(preferred: str, accept_language: str | None) -> str:
    """The language of a page: what the reader chose, else what the browser prefers, else English."""
    if preferred in LANGUAGES:
        return preferred
    best, best_weight = "en", 0.0
    for part in (accept_language or "")[:400].split(","):
        tag, _, parameters = part.strip().partition(";")
        name = tag.strip().lower().partition("-")[0]
        if name not in LANGUAGES:
            continue
        weight = _weight(parameters)
        if weight > best_weight:
            best, best_weight = name, weight
    return best


def _weight(parameters: str) -> float:
    """The q value of an Accept-Language entry (RFC 9110, section 12.4.2); 1 when there is none."""
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
