"""Stored mail read again by the workers, in the background: mail that comes in goes first."""

import time
from collections.abc import Iterable, Iterator
from threading import Event

from assistant.reader import Reader, ReadMail
from rules.terms.errors import NotFound
from rules.terms.mail import RawMail
from rules.terms.pooled import PooledMessage
from storage.pool import Pool

# In seconds. While others' mail waits to be read, this waits too, but not for ever: years of mail take hours to read.
PATIENCE = 2.0
LOOK = 0.05


def give_way(reader: Reader, stop: Event) -> None:
    """Wait while others' mail waits to be read, within PATIENCE."""
    until = time.monotonic() + PATIENCE
    while reader.busy and time.monotonic() < until and not stop.is_set():
        stop.wait(LOOK)


def reread(
    pool: Pool, reader: Reader, mails: Iterable[PooledMessage]
) -> Iterator[tuple[PooledMessage, RawMail, ReadMail]]:
    """Mails as their raw bytes and today's rules have them; what has no raw form any more is left out."""
    raws = [(mail, raw) for mail in mails if (raw := _raw(pool, mail)) is not None]
    results = reader.submit([raw.raw for _, raw in raws]).result() if raws else []
    for (mail, raw), result in zip(raws, results, strict=True):
        if isinstance(result, ReadMail):
            yield mail, raw, result


def _raw(pool: Pool, mail: PooledMessage) -> RawMail | None:
    try:
        return RawMail(pool.blobs.get(mail.raw_digest), mail.placements[0], mail.arrived)
    except (NotFound, IndexError):
        return None
