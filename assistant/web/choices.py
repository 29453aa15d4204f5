"""What can be chosen above a list: a view, a queue, a value of a filter."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One of them: its words, where it leads, whether it is chosen, how many it would show, and what it means."""

    text: str
    href: str
    chosen: bool
    count: str | int | None = None
    hint: str = ""
