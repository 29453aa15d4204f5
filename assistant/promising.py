"""Our promises: found in what we send and write down, shown beside the customer, done when somebody says so."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from rules import promises
from rules.terms.errors import NotFound
from rules.terms.finding import Action
from rules.terms.interaction import Channel, Interaction
from rules.terms.mail import Direction, Message, Reading
from rules.terms.promise import Promise
from rules.terms.staff import Viewer
from storage.pool import Pool, Work

# What staff write down themselves. In a chat strangers speak as well: in one of theirs nobody knows who promised what.
_OURS = frozenset({Channel.NOTE, Channel.CALL, Channel.VISIT})


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail of ours as promises are looked for in it."""

    no: int
    message: Message
    reading: Reading
    written: datetime


def note_sent(work: Work, mails: Iterable[Sent], now: datetime, zone: tzinfo) -> None:
    """Keep what our mails promise for today or later: what is long over is history. A mail is looked at once."""
    found: list[Promise] = []
    for mail in mails:
        said, files = mail.written.astimezone(zone).date(), bool(mail.message.attachments)
        made = promises.commitments(mail.reading.new_text, said, with_files=files)
        if not made or work.promises.of_message(mail.no):
            continue
        stored = work.messages.get(mail.no, 0)
        to = stored.match.customer_id if stored is not None and stored.match.action is Action.ATTACH else None
        found += (
            Promise(to, one.due, one.quote, mail.written, message=mail.no)
            for one in made
            if one.due >= now.astimezone(zone).date()
        )
    work.promises.add(found)


def note_entry(work: Work, customer_id: str, entry: Interaction, id: int) -> None:
    """Keep what an entry of the timeline says that we promised, in place of what it said before.

    Days are those of the clock by which the entry was written.
    """
    if entry.channel not in _OURS and (entry.channel, entry.direction) != (Channel.CHAT, Direction.OUTGOING):
        return
    work.promises.forget_entry(id)
    kept = {one.quote for one in work.promises.of_entry(id)}
    found = promises.commitments(f"{entry.subject}\n{entry.text}", entry.date.date())
    today = datetime.now(entry.date.tzinfo).date()
    work.promises.add(
        Promise(customer_id, one.due, one.quote, entry.date, entry=id)
        for one in found
        if one.due >= today and one.quote not in kept
    )


@dataclass(frozen=True, slots=True)
class Promising:
    """What staff say of promises. `told` hears of whom, after the commit."""

    pool: Pool
    told: Callable[[str], None] = lambda customer: None
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def keep(self, viewer: Viewer, number: int) -> Promise:
        """It is done.

        Raises:
            NotFound: there is no such promise for the viewer.
        """
        return self._decide(viewer, number, kept=True)

    def reopen(self, viewer: Viewer, number: int) -> Promise:
        """It is not done after all.

        Raises:
            NotFound: there is no such promise for the viewer.
        """
        return self._decide(viewer, number, kept=False)

    def _decide(self, viewer: Viewer, number: int, *, kept: bool) -> Promise:
        with self.pool.begin() as work:
            if work.promises.get(number, viewer.mailboxes) is None:
                raise NotFound
            if kept:
                work.promises.keep(number, viewer.login, self.clock())
            else:
                work.promises.reopen(number)
            found = work.promises.get(number, viewer.mailboxes)
        if found is None:
            raise NotFound
        if found.customer_id:
            self.told(found.customer_id)
        return found
