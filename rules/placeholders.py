"""Texts with blanks to be filled in: “{customer}”. Which there are, and how they are filled without a way to do more.

A blank is a name in braces, nothing else: what a value holds is never read as a blank again, and no value is reached
through another one.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

_BLANK = re.compile(r"\{([^{}\n]{0,60})\}")
# A value stands inside a sentence.
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class UnknownBlank:
    """A blank that nothing can fill. `near`: the one that was probably meant, "" where none is near."""

    name: str
    near: str = ""


def unknown(text: str, known: Collection[str]) -> list[UnknownBlank]:
    """The blanks of a text that are not known, each once, in order."""
    names = dict.fromkeys(name for name in _names(text) if name not in known)
    return [UnknownBlank(name, next(iter(get_close_matches(name.strip().lower(), known, 1)), "")) for name in names]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its blanks filled; where nothing is known “…” stands, to be filled in by hand."""

    def filled(found: re.Match[str]) -> str:
        name = found[1]
        return (" ".join(values[name].split())[:_LONGEST] or "…") if name in values else found[0]

    return _BLANK.sub(filled, text)


def _names(text: str) -> Iterator[str]:
    return (found[1] for found in _BLANK.finditer(text))
