"""Mail that nobody could file, matched again when something is known that was not known then.

    an import, a correction … ──marks a walk in its own unit of work──▶ pool
    this ──▶ next mails of the walk, newest first ──▶ read again by the workers ──▶ decided like new mail
         ──▶ match, timeline entry and the walk's position in one unit of work

What staff decided stays, and so does the suspicion of a failed sender check. A mail that was filed late is found where
it belongs, it rings no bell; only who has it open is shown the news.
"""

import json
from collections.abc import Callable, Iterator, Set
from dataclasses import fields
from threading import Event as Signal

from assistant import invoicing
from assistant.deciding import Draft, believed, decide, draft_of
from assistant.events import Changed, Event
from assistant.intake import entry
from assistant.reader import Reader
from assistant.repairing import Filed, propose
from assistant.rereading import give_way, reread
from rules import identifiers
from rules.terms.finding import Action
from rules.terms.firm import Firm
from rules.terms.mail import Direction, FolderRole, MailboxKind, Verdict
from rules.terms.pooled import PooledMessage
from storage.keys import key
from storage.pool import Pool, Work
from storage.rematching import Scope, Stretch

NAME = "matching"
# Few at a time: the writer is free again at once, and a mail that comes in waits for no more than these.
CHUNK = 10

Progress = Callable[[int, int | None], None]


class Rematcher:
    """Goes over open mails again until every change that was marked has been heard."""

    def __init__(
        self, pool: Pool, reader: Reader, firm: Firm, publish: Callable[[Event], None] = lambda event: None
    ) -> None:
        """Nothing is done before `run`. `publish` tells open sidebars of mails that were decided anew."""
        self._pool = pool
        self._reader = reader
        self._firm = firm
        self._publish = publish

    def run(self, stop: Signal, progress: Progress = lambda done, total: None) -> bool:
        """Go on until nothing is left; False when stopped before. Nothing to do costs one look.

        Raises:
            PoolError: the pool takes nothing; what is done is in it, and the next call goes on there.
        """
        self._hear_settings()
        done, total = 0, None
        while not stop.is_set():
            with self._pool.read() as work:
                stretch = work.rematching.next(CHUNK)
                if stretch is None:
                    return True
                if total is None:
                    total = work.rematching.left()
                mails = work.messages.get_many(stretch.numbers, 0)
                doors = {one.name for one in work.mailboxes.all() if one.kind is MailboxKind.DOOR}
            give_way(self._reader, stop)
            self._take(stretch, list(mails.values()), doors)
            done += len(stretch.numbers)
            progress(done, max(done, total))
        return False

    def _hear_settings(self) -> None:
        """Another own domain, another weight or better rules may decide otherwise too."""
        goal = _goal_of(self._firm)
        with self._pool.read() as work:
            heard = work.walks.position(NAME, goal) is None
        if not heard:
            with self._pool.begin() as work:
                work.rematching.mark_all()
                work.walks.finish(NAME, goal)

    def _take(self, stretch: Stretch, mails: list[PooledMessage], doors: Set[str]) -> None:
        """Decide these mails anew, unless something changed since they were chosen: then they come again."""
        if stretch.last is None and stretch.walk.scope is Scope.ALL:
            invoicing.judge_waiting(self._pool, self._firm)
        drafts = list(self._drafts([mail for mail in mails if _may_change(mail)], doors))
        with self._pool.begin() as work:
            if not work.rematching.still(stretch.walk):
                return
            now = work.messages.get_many([mail.no for mail, _ in drafts], 0)
            # What staff or another copy decided since they were chosen counts.
            drafts = [(mail, draft) for mail, draft in drafts if mail.no in now and _same(mail, now[mail.no])]
            decide(work, [draft for _, draft in drafts])
            changed = [mail for mail, draft in drafts if _store(work, self._firm, mail, draft)]
            work.rematching.advance(stretch)
        for mailbox in sorted({name for mail in changed for name in mail.mailboxes}):
            self._publish(Changed(mailbox, tuple(mail.no for mail in changed if mailbox in mail.mailboxes)))

    def _drafts(self, mails: list[PooledMessage], doors: Set[str]) -> Iterator[tuple[PooledMessage, Draft]]:
        """The mails read again from their raw bytes, with what has been found out about them since."""
        for mail, raw, read in reread(self._pool, self._reader, mails):
            role = FolderRole.SENT if mail.direction is Direction.OUTGOING else FolderRole.OTHER
            trusted = all(believed(place, doors) for place in mail.placements)
            draft = draft_of(read, raw, role, self._firm, trusted=trusted)
            draft.verdict = mail.verdict  # the worst of all copies'
            yield mail, draft


def _goal_of(firm: Firm) -> int:
    """The number that stands for the rules in force and all they know of the firm."""
    said = {name: sorted(value) if isinstance(value, frozenset) else value for name, value in _fields(firm)}
    return key(json.dumps([identifiers.GENERATION, said], default=dict, sort_keys=True))


def _fields(firm: Firm) -> Iterator[tuple[str, object]]:
    return ((field.name, getattr(firm, field.name)) for field in fields(firm))


def _may_change(mail: PooledMessage) -> bool:
    forged = mail.match.spoof and mail.verdict is Verdict.FAIL
    return mail.match.action is not Action.ATTACH and mail.match.decided_by is None and not forged


def _same(before: PooledMessage, now: PooledMessage) -> bool:
    return (before.match, before.verdict, before.direction) == (now.match, now.verdict, now.direction)


def _store(work: Work, firm: Firm, mail: PooledMessage, draft: Draft) -> bool:
    """Store what was decided; False where it is what was known."""
    if draft.writer != mail.writer:
        work.messages.set_writer(mail.no, draft.writer)
    match = draft.match
    if match == mail.match:
        return False
    work.messages.set_match(mail.no, match)
    if match.action is Action.ATTACH and match.customer_id:
        message, reading = draft.mail.message, draft.mail.reading
        work.interactions.add([entry(message, reading, mail.direction, match, mail.no, mail.arrived)])
        propose(work, [Filed(mail.no, message, reading, mail.direction, draft.verdict, match)])
        # Whose answer it is may be known now.
        work.rematching.mark_thread(mail.thread)
    invoicing.follow(work, firm, mail.no, match)
    return True
