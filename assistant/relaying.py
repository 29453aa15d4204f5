"""Events between processes: what one process publishes reaches the open streams of all.

    Broker.publish ──▶ tell ──▶ storage.peers ══▶ every other process ──▶ heard ──▶ Broker.take ──▶ its streams

A word is a name and the fields of an event, as JSON. Openings go only to where somebody follows; nothing is stored.
"""

import logging
from collections.abc import Callable

import msgspec

from assistant.events import (
    Arrived,
    Broker,
    CaseChanged,
    Changed,
    CustomerChanged,
    Followed,
    HealthNews,
    Hooked,
    Missed,
    Opened,
    Word,
)
from storage.peers import LONGEST

log = logging.getLogger("kingpost.relaying")

_WORDS: dict[str, type[Word]] = {
    word.__name__: word
    for word in (Opened, Hooked, Arrived, Changed, CaseChanged, CustomerChanged, HealthNews, Followed, Missed)
}


def written(word: Word) -> list[str]:
    """What to say, in pieces that the database takes. Of what is too much for it, only that something was missed."""
    text = msgspec.json.encode((type(word).__name__, word))
    if len(text) <= LONGEST:
        return [text.decode()]
    if isinstance(word, Followed) and len(word.mailboxes) > 1:
        names = sorted(word.mailboxes)
        half = len(names) // 2
        return written(Followed(frozenset(names[:half]))) + written(Followed(frozenset(names[half:])))
    return written(Missed())


def read(text: str) -> Word | None:
    """What was said; None where it is of another version and means nothing here."""
    try:
        name, fields = msgspec.json.decode(text, type=tuple[str, msgspec.Raw])
        return msgspec.json.decode(fields, type=_WORDS[name])
    except (msgspec.MsgspecError, KeyError):
        log.info("a word of another version was left out")
        return None


class Relay:
    """Between the broker of this process and the others."""

    def __init__(self, broker: Broker, arrived: Callable[[], None]) -> None:
        """`arrived`: told that mail has come into the pool elsewhere."""
        self._broker = broker
        self._arrived = arrived

    def heard(self, text: str) -> None:
        """Another process said something."""
        word = read(text)
        if word is None:
            return
        self._broker.take(word)
        if isinstance(word, Arrived):
            self._arrived()

    def back(self) -> None:
        """The line was broken: here and elsewhere something may have been missed."""
        self._broker.missed()
        self._broker.outward(Missed())

    def speak(self, tell: Callable[[str], None]) -> None:
        """From now on the others hear of what is published here."""

        def outward(word: Word) -> None:
            for text in written(word):
                tell(text)

        self._broker.outward = outward
