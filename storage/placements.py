"""Where the copies of a mail lie and lay, and what the server said of each copy's sender."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from rules.terms.mail import Placement, Verdict
from storage.alarm_tables import sightings
from storage.moments import stamp
from storage.packing import pack_flags
from storage.places import Places, number
from storage.schema import messages, placements, quarantine

T = TypeVar("T")
_WORST_FIRST = (Verdict.FAIL, Verdict.NONE, Verdict.PASS)
_CHUNK = 500


def chunks(values: Iterable[T], size: int = _CHUNK) -> Iterator[list[T]]:
    """The values in lists that fit one statement."""
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk


class Placements:
    """Copies of messages in mailboxes and folders. A copy that left the server keeps its row, marked gone."""

    def __init__(self, connection: Connection, places: Places) -> None:
        self._connection = connection
        self._places = places

    def _place_new(self, copies: Sequence[tuple[int, Placement, Verdict, datetime]]) -> None:
        """Write the first copies of new messages."""
        rows = []
        for no, placement, verdict, arrived in copies:
            place, box = self._places.made(placement)
            rows.append(
                {
                    "place": place,
                    "uid": number(placement.uid),
                    "message": no,
                    "box": box,
                    "flags": pack_flags(placement.flags),
                    "verdict": verdict.value,
                    "arrived": stamp(arrived),
                    "gone": None,
                }
            )
        self._connection.execute(insert(placements), rows)

    def place(self, no: int, placement: Placement, verdict: Verdict, arrived: datetime) -> bool:
        """Note another copy of a message; False when that very copy was known. A copy that came back is not gone.

        The message's verdict becomes the worst of its copies', so that a replayed mail inherits no pass.
        """
        place, _ = self._places.made(placement)
        this = (placements.c.place == place) & (placements.c.uid == number(placement.uid))
        known = self._connection.execute(
            select(placements.c.gone).where(this, placements.c.message == no)
        ).one_or_none()
        if known is not None:
            if known.gone is not None:
                self._connection.execute(update(placements).where(this, placements.c.message == no).values(gone=None))
            return False
        if placement.uid is not None:
            # One UID, two mails: the server has given it anew, so the older mail cannot lie there any more.
            superseded = update(placements).where(this, placements.c.gone.is_(None))
            self._connection.execute(superseded.values(gone=stamp(arrived)))
        self._place_new([(no, placement, verdict, arrived)])
        self._judge(no, verdict)
        return True

    def _judge(self, no: int, verdict: Verdict) -> None:
        better = [other.value for other in _WORST_FIRST[_WORST_FIRST.index(verdict) + 1 :]]
        if better:
            worse = update(messages).where(messages.c.no == no, messages.c.verdict.in_(better))
            self._connection.execute(worse.values(verdict=verdict.value))

    def mark_gone(self, mailbox: str, folder: str, uidvalidity: int, uids: Collection[int], at: datetime) -> int:
        """Note that copies left the server; how many were there until now."""
        place = self._places.find(mailbox, folder, uidvalidity)
        if place is None:
            return 0
        marked = 0
        for chunk in chunks(uids):
            for table in (quarantine, placements):
                gone = update(table).where(table.c.place == place, table.c.uid.in_(chunk), table.c.gone.is_(None))
                marked += self._connection.execute(gone.values(gone=stamp(at))).rowcount
            seen = delete(sightings).where(sightings.c.place == place, sightings.c.uid.in_(chunk))
            marked += self._connection.execute(seen).rowcount
        return marked

    def mark_folder_gone(self, mailbox: str, folder: str, at: datetime, keep_uidvalidity: int | None = None) -> int:
        """Note that a folder is gone, or that it got a new UIDVALIDITY, which is kept; how many copies that ends."""
        kept = self._places.of_folder(mailbox, folder).items()
        ended = [place for place, uidvalidity in kept if keep_uidvalidity is None or uidvalidity != keep_uidvalidity]
        marked = 0
        for chunk in chunks(ended):
            for table in (quarantine, placements):
                gone = update(table).where(table.c.place.in_(chunk), table.c.gone.is_(None))
                marked += self._connection.execute(gone.values(gone=stamp(at))).rowcount
            marked += self._connection.execute(delete(sightings).where(sightings.c.place.in_(chunk))).rowcount
        return marked

    def set_flags(self, mailbox: str, folder: str, uidvalidity: int, flags: Mapping[int, frozenset[str]]) -> int:
        """Note the flags that copies have now, never `Seen`; how many had others before."""
        place = self._places.find(mailbox, folder, uidvalidity)
        if place is None or not flags:
            return 0
        one = (placements.c.place == place) & (placements.c.uid == bindparam("b_uid"))
        now: dict[int, str | None] = {uid: pack_flags(values) for uid, values in flags.items()}
        before: dict[int, str | None] = {}
        for chunk in chunks(now):
            query = select(placements.c.uid, placements.c.flags)
            rows = self._connection.execute(query.where(placements.c.place == place, placements.c.uid.in_(chunk)))
            before.update((row.uid, row.flags) for row in rows)
        changed = [{"b_uid": uid, "flags": now[uid]} for uid, packed in before.items() if packed != now[uid]]
        if changed:
            self._connection.execute(update(placements).where(one), changed)
        return len(changed)

    def at(self, mailbox: str, folder: str, uidvalidity: int, uid: int) -> int | None:
        """The number of the message that lies there, or lay there last."""
        place = self._places.find(mailbox, folder, uidvalidity)
        query = (
            select(placements.c.message)
            .where(placements.c.place == place, placements.c.uid == uid)
            .order_by(placements.c.gone.is_not(None), placements.c.message.desc())
            .limit(1)
        )
        return None if place is None else self._connection.scalar(query)

    def live_uids(self, mailbox: str, folder: str, uidvalidity: int) -> set[int]:
        """The UIDs whose mail is here, in quarantine, or seen in Junk, and not known to have left the server."""
        place = self._places.find(mailbox, folder, uidvalidity)
        if place is None:
            return set()
        return {
            uid
            for table in (placements, quarantine)
            for uid in self._connection.scalars(
                select(table.c.uid).where(table.c.place == place, table.c.gone.is_(None), table.c.uid >= 0)
            )
        } | set(self._connection.scalars(select(sightings.c.uid).where(sightings.c.place == place)))
