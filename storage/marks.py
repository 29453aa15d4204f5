"""Keywords in mailboxes: which copies should bear one and do not, or the other way round, and what was written.

What is wanted is not stored: it follows from findings, matches and customers whenever somebody asks, so that no
correction, import or merge can forget to tell. Stored is what was written, copy by copy (rules.marks).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, exists, false, insert, or_, select, update

from rules.marks import noticed, settled, step
from rules.terms.complaint import STANDING, FindingState
from rules.terms.finding import Action
from rules.terms.mail import Direction, MailKind, Verdict
from rules.terms.mark import Keyword, Marking, MarkState
from storage.findings import shown
from storage.moments import stamp
from storage.placements import chunks
from storage.places import Places
from storage.records import customers, folders
from storage.restrictions import used_customer, used_mail
from storage.schema import boxes, findings, marks, messages, placements, places
from storage.senders import said_of
from storage.value_tables import customer_values

# Solved ones need no attention any more.
_COMPLAINTS = [state.value for state in (*STANDING, FindingState.HISTORY)]
_OURS = [state.value for state in (MarkState.SETTING, MarkState.SET, MarkState.CLEARING)]
_UNDER_WAY = [MarkState.SETTING.value, MarkState.CLEARING.value]
_KINDS = [MailKind.PERSON.value, MailKind.WEB_FORM.value]


class Marks:
    """The marks of a pool."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._places = Places(connection)

    def due(
        self, mailbox: str, allowed: Collection[str], *, on: bool, since: datetime, limit: int = 100
    ) -> Marking | None:
        """What is to be written next; None when all is as it should be. What is to go comes first.

        Args:
            mailbox: in which.
            allowed: the folders that can be written to.
            on: whether marks are switched on there; else all of ours are to go.
            since: mail that arrived before is not marked. What is marked stays, and is corrected, however old.
            limit: how many copies at most.
        """
        box = self._connection.scalar(select(boxes.c.id).where(boxes.c.name == mailbox))
        ours = select(marks.c.uid).where(marks.c.box == box, marks.c.state.in_(_OURS)).limit(1)
        if box is None or not (on or self._connection.execute(ours).first()):
            return None
        here = self._here(box, mailbox, allowed)
        if not here:
            return None
        for keyword in Keyword:
            wanted = _WANTED[keyword](self._connection) if on else false()
            if found := self._first(here, self._unwanted(box, keyword, wanted), limit):
                return Marking(*here[found[0]], keyword, False, found[1])
        for keyword in Keyword if on else ():
            missing = self._missing(box, keyword, _WANTED[keyword](self._connection), since)
            if found := self._first(here, [missing], limit):
                return Marking(*here[found[0]], keyword, True, found[1])
        return None

    def begin(self, mailbox: str, marking: Marking, present: Mapping[int, bool]) -> list[int]:
        """Remember what is about to be written; the UIDs that the server has to be told of.

        `present` says of each copy that is on the server whether it bears the keyword there.
        """
        place = self._places.find(mailbox, marking.folder, marking.uidvalidity)
        if place is None:
            return []
        known = self._known(place, marking.keyword, marking.uids)
        lying = self._lying(place, marking.uids)
        moved = self._moved(marking.keyword, lying.values())
        rows, store = [], []
        for uid, is_there in present.items():
            row = known.get(uid)
            message = lying.get(uid, row.message if row else None)
            if message is None:
                continue
            then = step(
                MarkState(row.state) if row else None, wanted=marking.wanted, present=is_there, moved=moved.get(message)
            )
            # Of an erased mail nothing stays but what is still to be done.
            if then.state is not None and (uid in lying or then.store):
                rows.append((uid, message, then.state))
            if then.store:
                store.append(uid)
        # What has left the server, as we are to be told soon, may have been moved: then its state is asked for.
        left = [uid for uid in known if uid not in present and uid in lying]
        self._write(place, mailbox, marking.keyword, set(marking.uids) - set(left), rows)
        return store

    def finish(self, mailbox: str, marking: Marking, present: Mapping[int, bool]) -> None:
        """Remember what the server shows after it was told."""
        self._follow(mailbox, marking.folder, marking.uidvalidity, marking.keyword, present, settled)

    def noticed(self, mailbox: str, folder: str, uidvalidity: int, flags: Mapping[int, frozenset[str]]) -> None:
        """Flags changed on the server: what somebody took away there stays away."""
        for keyword in Keyword:
            present = {uid: keyword.among(one) for uid, one in flags.items()}
            self._follow(mailbox, folder, uidvalidity, keyword, present, noticed)

    def set_markable(self, mailbox: str, folder: str, markable: bool) -> None:
        """Note whether the server takes our keywords in a folder."""
        c = folders.c
        this = update(folders).where(c.mailbox == mailbox, c.name == folder, c.markable.is_distinct_from(markable))
        self._connection.execute(this.values(markable=markable))

    def unmarkable(self) -> dict[str, list[str]]:
        """The folders in which the server does not take our keywords, by mailbox."""
        c, found = folders.c, dict[str, list[str]]()
        query = select(c.mailbox, c.name).where(c.markable.is_(False)).order_by(c.mailbox, c.name)
        for row in self._connection.execute(query):
            found.setdefault(row.mailbox, []).append(row.name)
        return found

    def count(self, mailbox: str) -> int:
        """How many marks of ours a mailbox bears."""
        box = select(boxes.c.id).where(boxes.c.name == mailbox).scalar_subquery()
        query = select(marks.c.uid).where(marks.c.box == box, marks.c.state.in_(_OURS))
        return len(self._connection.scalars(query).all())

    def _here(self, box: int, mailbox: str, allowed: Collection[str]) -> dict[int, tuple[str, int]]:
        """The places that the folders are now, not what they were under another UIDVALIDITY."""
        p, f = places.c, folders.c
        now = and_(f.mailbox == mailbox, f.name == p.folder, f.uidvalidity == p.uidvalidity)
        query = select(p.id, p.folder, p.uidvalidity).join(folders, now).where(p.box == box, p.folder.in_(allowed))
        return {row.id: (row.folder, row.uidvalidity) for row in self._connection.execute(query)}

    def _first(
        self, here: Mapping[int, object], queries: Iterable[Select[Any]], limit: int
    ) -> tuple[int, tuple[int, ...]] | None:
        """The copies of the first place that any of the queries finds some in."""
        for query in queries:
            place = query.selected_columns.place
            found = self._connection.execute(query.where(place.in_(here)).limit(limit)).all()
            if found:
                first = found[0].place
                return first, tuple(sorted({row.uid for row in found if row.place == first}))
        return None

    def _unwanted(self, box: int, keyword: Keyword, wanted: ColumnElement[bool]) -> Iterator[Select[Any]]:
        """Copies that bear our keyword and should not; those of erased mails, and of moved ones, too."""
        r, p, m = marks.c, placements.c, messages.c
        ours = and_(r.box == box, r.keyword == keyword.value, r.state.in_(_OURS))
        lies = placements.join(messages, m.no == p.message)
        same = and_(p.place == r.place, p.uid == r.uid, p.message == r.message)
        there = exists().where(m.no == r.message).correlate(marks)
        its = select(p.message).select_from(lies).where(same, or_(p.gone.is_not(None), wanted)).correlate(marks)
        yield select(r.place, r.uid).where(ours, or_(~there, ~its.exists()))
        own = marks.alias()
        no_own = ~exists().where(own.c.place == p.place, own.c.uid == p.uid, own.c.keyword == keyword.value)
        bears = p.flags.icontains(keyword.value, autoescape=True)
        moved = marks.join(placements, and_(p.message == r.message, p.box == r.box)).join(messages, m.no == p.message)
        # What lies in another folder is a copy of its own; only what left its place has been moved.
        before = placements.alias()
        left = exists().where(
            before.c.place == r.place, before.c.uid == r.uid, before.c.message == r.message, before.c.gone.is_not(None)
        )
        yield (
            select(p.place, p.uid)
            .select_from(moved)
            .where(ours, left, p.gone.is_(None), p.uid >= 0, bears, no_own, ~wanted)
        )

    def _missing(self, box: int, keyword: Keyword, wanted: ColumnElement[bool], since: datetime) -> Select[Any]:
        """Copies that should bear the keyword and of which nothing is known yet, newest first."""
        p, m, r = placements.c, messages.c, marks.c
        done = exists().where(
            r.place == p.place, r.uid == p.uid, r.keyword == keyword.value, r.state.not_in(_UNDER_WAY)
        )
        recent = and_(p.box == box, p.arrived >= stamp(since), p.gone.is_(None), p.uid >= 0)
        return (
            select(p.place, p.uid)
            .select_from(placements.join(messages, m.no == p.message))
            .where(recent, wanted, ~done.correlate(placements))
            .order_by(p.arrived.desc(), p.message.desc())
        )

    def _known(self, place: int, keyword: Keyword, uids: Collection[int]) -> dict[int, Any]:
        r, found = marks.c, dict[int, Any]()
        for chunk in chunks(uids):
            query = select(marks).where(r.place == place, r.keyword == keyword.value, r.uid.in_(chunk))
            found.update((row.uid, row) for row in self._connection.execute(query))
        return found

    def _lying(self, place: int, uids: Collection[int]) -> dict[int, int]:
        """The mails that lie there now, by UID."""
        p, found = placements.c, dict[int, int]()
        for chunk in chunks(uids):
            query = select(p.uid, p.message).where(p.place == place, p.uid.in_(chunk), p.gone.is_(None))
            found.update((row.uid, row.message) for row in self._connection.execute(query))
        return found

    def _moved(self, keyword: Keyword, numbers: Iterable[int]) -> dict[int, MarkState]:
        """What is known of copies of these mails that left their folders; a person's word counts most."""
        r, p, found = marks.c, placements.c, dict[int, MarkState]()
        same = and_(p.place == r.place, p.uid == r.uid, p.message == r.message, p.gone.is_not(None))
        for chunk in chunks(set(numbers)):
            query = select(r.message, r.state).join(placements, same)
            query = query.where(r.message.in_(chunk), r.keyword == keyword.value)
            for row in self._connection.execute(query):
                if found.get(row.message) is not MarkState.THEIRS:
                    found[row.message] = MarkState(row.state)
        return found

    def _follow(
        self,
        mailbox: str,
        folder: str,
        uidvalidity: int,
        keyword: Keyword,
        present: Mapping[int, bool],
        rule: Callable[..., MarkState | None],
    ) -> None:
        """Bring what is remembered of copies in step with what the server shows."""
        place = self._places.find(mailbox, folder, uidvalidity)
        if place is None or not present:
            return
        known = self._known(place, keyword, present)
        after = {uid: rule(MarkState(row.state), present=present[uid]) for uid, row in known.items()}
        changed = {uid: state for uid, state in after.items() if state != known[uid].state}
        rows = [(uid, known[uid].message, state) for uid, state in changed.items() if state is not None]
        self._write(place, mailbox, keyword, changed.keys(), rows)

    def _write(
        self,
        place: int,
        mailbox: str,
        keyword: Keyword,
        uids: Collection[int],
        rows: Collection[tuple[int, int, MarkState]],
    ) -> None:
        r = marks.c
        for chunk in chunks(uids):
            self._connection.execute(
                delete(marks).where(r.place == place, r.keyword == keyword.value, r.uid.in_(chunk))
            )
        if rows:
            box = self._connection.scalar(select(boxes.c.id).where(boxes.c.name == mailbox))
            same = {"place": place, "keyword": keyword.value, "box": box}
            self._connection.execute(
                insert(marks),
                [same | {"uid": uid, "message": message, "state": state.value} for uid, message, state in rows],
            )


def _complaint(connection: Connection) -> ColumnElement[bool]:
    """A mail that counts as a complaint and is still to be answered for."""
    found = findings.c
    stands = select(found.message).where(found.message == messages.c.no, found.state.in_(_COMPLAINTS), shown())
    return and_(*_usable(connection), stands.correlate(messages).exists())


def _key_customer(connection: Connection) -> ColumnElement[bool]:
    """A mail that is filed under a king customer. Whoever may be forged is none."""
    m, c, v = messages.c, customers.c, customer_values.c
    named = select(c.id).where(c.id == m.customer_id, c.key_account).correlate(messages)
    reckoned = select(v.customer_id).where(v.customer_id == m.customer_id, v.king).correlate(messages)
    filed = and_(m.action == Action.ATTACH.value, m.verdict != Verdict.FAIL.value)
    used = used_customer(connection, m.customer_id)
    return and_(*_usable(connection), *used, filed, or_(named.exists(), reckoned.exists()))


def _unknown(connection: Connection) -> ColumnElement[bool]:
    """A person's mail of whom neither the records nor staff know anything."""
    m = messages.c
    stance = exists().where(said_of(m.writer)).correlate(messages)
    nobody = and_(m.action == Action.UNKNOWN.value, m.kind.in_(_KINDS), m.verdict != Verdict.FAIL.value)
    return and_(*_usable(connection), nobody, ~stance)


def _usable(connection: Connection) -> list[ColumnElement[bool]]:
    incoming = messages.c.direction == Direction.INCOMING.value
    return [incoming, *used_mail(connection, messages.c.no)]


_WANTED: Mapping[Keyword, Callable[[Connection], ColumnElement[bool]]] = {
    Keyword.COMPLAINT: _complaint,
    Keyword.KEY_CUSTOMER: _key_customer,
    Keyword.UNKNOWN: _unknown,
}
