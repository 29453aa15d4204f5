"""Complaints in mail that is stored already, looked for when there is a model that has not seen it: as history.

    newest mail ──▶ read again and assessed by the workers ──▶ findings and the walk's position in one unit of work
    ──▶ … ──▶ oldest mail; with another model the walk begins again

What staff decided stays. What is found so late is history and makes no noise; a finding that was news stays news.
"""

from collections.abc import Callable
from dataclasses import replace
from threading import Event

from assistant.intake import finding
from assistant.reader import Reader
from assistant.rereading import give_way, reread
from rules.complaints.frames import asked_of
from rules.terms.complaint import Finding
from rules.terms.mail import Direction, MailKind
from rules.terms.pooled import PooledMessage
from storage.pool import Pool
from storage.walks import START

NAME = "complaints"
# Few at a time, as in assistant.rematching.
CHUNK = 10
NEWEST = 2**63 - 1
KINDS = tuple(kind for kind in MailKind if asked_of(kind, Direction.INCOMING, ()))

Progress = Callable[[int, int | None], None]


class Reassessor:
    """Goes over stored mail until all of it has been assessed by the models in force."""

    def __init__(self, pool: Pool, reader: Reader, generation: int | None) -> None:
        """Nothing is done before `run`. `generation` stands for the models; without any there is nothing to do."""
        self._pool = pool
        self._reader = reader
        self._generation = generation

    def run(self, stop: Event, progress: Progress = lambda done, total: None) -> bool:
        """Go on until nothing is left; False when stopped before. Nothing to do costs one look.

        Raises:
            PoolError: the pool takes nothing; what is done is in it, and the next call goes on there.
        """
        goal, done = self._generation, 0
        while goal is not None and not stop.is_set():
            with self._pool.read() as work:
                position = work.walks.position(NAME, goal)
                if position is None:
                    return True
                before = NEWEST if position == START else int(position)
                numbers = work.findings.askable(before, KINDS, CHUNK)
                mails = list(work.messages.get_many(numbers, 0).values())
            give_way(self._reader, stop)
            found = self._found(mails)
            with self._pool.begin() as work:
                if work.walks.position(NAME, goal) != position:
                    continue
                now = work.messages.get_many([one.message for one, _ in found], 0)
                kept = work.findings.kept(now)
                fresh = (
                    _renewed(one, kept.get(one.message), now[one.message], handed_on=handed_on)
                    for one, handed_on in found
                    if one.message in now
                )
                work.findings.put(one for one in fresh if one is not None)
                if numbers:
                    work.walks.go_on(NAME, goal, str(numbers[-1]))
                else:
                    work.walks.finish(NAME, goal)
            done += len(numbers)
            progress(done, None)
        return goal is None

    def _found(self, mails: list[PooledMessage]) -> list[tuple[Finding, bool]]:
        """What is found in these mails now, and whether a colleague handed it on.

        Those that could not be assessed are left as they are.
        """
        return [
            (finding(read.message, read.assessment, mail.match, mail.no, mail.arrived, history=True), read.handed_on)
            for mail, _, read in reread(self._pool, self._reader, mails)
            if read.assessment is not None
        ]


def _renewed(found: Finding, before: Finding | None, mail: PooledMessage, *, handed_on: bool) -> Finding | None:
    """The finding to be put in place of the one before; None where that one stays, or the mail is ours."""
    asked = asked_of(mail.reading.kind, mail.direction, (), handed_on=handed_on)
    if not asked or (before is not None and (before.ruling or before.solved_by)):
        return None
    return replace(found, customer_id=mail.match.customer_id, history=before is None or before.history)
