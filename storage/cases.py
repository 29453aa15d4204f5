"""Cases: kept, listed by what is due first, moved on event by event, and put back when an event is undone."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from rules.terms.case import PENDING, Case, CaseEvent, CaseEventKind, CaseFilter, CaseState, CaseView, Priority
from rules.terms.complaint import Category
from rules.terms.errors import NotFound, WrongUse
from rules.terms.mail import Direction, MailKind
from rules.terms.team import TEAM
from storage import case_words
from storage.case_tables import case_events, case_messages, case_watchers, cases
from storage.folding import words
from storage.fulltext import WHOLE, FullText, message_words
from storage.keys import key
from storage.moments import moment, moment_or_none, stamp, stamp_or_none
from storage.placements import chunks
from storage.places import Places
from storage.prepared import Asked, Prepared, any_of
from storage.restrictions import used_customer
from storage.schema import boxes, messages, placements
from storage.visible import visible

# What we owe nothing for at the moment stands behind everything that is due, in the order it was opened.
_LATER = 1 << 60
_FOUND = 1000
# Beside one opened mail nobody reads more.
_FEW = 5
# Of more words than these nobody thinks at once.
_ASKED = 8
_MOMENTS = ("opened", "due", "answered", "snoozed_until", "escalated", "ended")
_WORDS: Mapping[str, Any] = {"priority": Priority, "state": CaseState, "proposed": CaseState, "category": Category}


class Cases:
    """The cases of a pool. `mailboxes` are those the reader may read; None: all.

    A case is seen by whoever may read one of its mails, and one without mails by everybody.
    """

    def __init__(self, connection: Connection, fulltext: FullText) -> None:
        self._connection = connection
        self._fulltext = fulltext

    def open(self, case: Case, messages: Collection[int], staff: str = "", text: str = "") -> Case:
        """Keep a new case with its mails, which must not belong to another; the case with its number."""
        number = self._connection.execute(insert(cases).values(_row(case)).returning(cases.c.id)).scalar_one()
        case = replace(case, id=number)
        self._take(number, messages)
        first = min(messages, default=None)
        self._note(CaseEvent(number, CaseEventKind.OPENED, case.opened, staff, text or case.because, first))
        case_words.index(self._connection, [number])
        return case

    def get(self, number: int, mailboxes: Collection[str] | None) -> Case:
        """One case.

        Raises:
            NotFound: there is none, or none that the reader may see.
        """
        query = select(cases).where(cases.c.id == number, *open_to(self._connection, mailboxes))
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotFound
        return _case(row)

    def seen(self, numbers: Collection[int], mailboxes: Collection[str] | None) -> set[int]:
        """Those of the cases that the reader may see."""
        found: set[int] = set()
        for chunk in chunks(numbers):
            found.update(
                self._connection.scalars(
                    select(cases.c.id).where(cases.c.id.in_(chunk), *open_to(self._connection, mailboxes))
                )
            )
        return found

    def change(self, before: Case, after: Case, event: CaseEvent) -> CaseEvent:
        """Store what an event made of a case; the event remembers what was."""
        old, new = _row(before), _row(after)
        was = {name: value for name, value in old.items() if value != new[name]}
        if was:
            changed = {name: new[name] for name in was}
            self._connection.execute(update(cases).where(cases.c.id == before.id).values(changed))
        noted = self._note(replace(event, was={**event.was, **was}))
        if event.kind is CaseEventKind.NOTED or not was.keys().isdisjoint(case_words.TEXTS):
            case_words.index(self._connection, [before.id])
        return noted

    def undo(self, number: int, mailboxes: Collection[str] | None) -> Case:
        """Put a case back to what it was before the last event in its history, which goes.

        Raises:
            NotFound: no such case.
            WrongUse: its opening cannot be undone, nor what a mail did, except that it was taken for no case.
        """
        case = self.get(number, mailboxes)
        c = case_events.c
        last = select(case_events).where(c.case == number).order_by(c.id.desc()).limit(1)
        row = self._connection.execute(last).one()
        by_itself = not row.staff and row.kind != CaseEventKind.DISOWNED.value
        if by_itself or row.kind == CaseEventKind.OPENED.value:
            raise WrongUse(
                problem="What came last was not done by hand, so there is nothing to take back.",
                problem_de="Das Letzte geschah nicht von Hand; da ist nichts zurückzunehmen.",
            )
        was = json.loads(row.was) if row.was else {}
        self._return(number, was.pop("messages", {}), was.pop("other", None))
        if was:
            self._connection.execute(update(cases).where(cases.c.id == number).values(was))
        self._connection.execute(delete(case_events).where(c.id == row.id))
        case_words.index(self._connection, [number])
        return self.get(case.id, None)

    def attach(self, number: int, messages: Collection[int]) -> None:
        """Let mails belong to a case; those that belong to one stay there."""
        known = select(case_messages.c.message).where(case_messages.c.message.in_(messages))
        self._take(number, set(messages) - set(self._connection.scalars(known)))

    def merge(self, part: Case, whole: Case, event: CaseEvent) -> None:
        """Let one case be part of another, with its mails. `event` is of the whole; undoing it parts them again."""
        moved = self._move(part.id, whole.id, self.messages_of(part.id))
        ended = replace(part, state=CaseState.CLOSED, merged_into=whole.id, ended=event.at, due=None, proposed=None)
        was = {name: value for name, value in _row(part).items() if value != _row(ended)[name]}
        self._connection.execute(update(cases).where(cases.c.id == part.id).values(_row(ended)))
        self._note(replace(event, was={"messages": moved, "other": [part.id, was]}))

    def split(self, case: Case, chosen: Collection[int], new: Case, event: CaseEvent) -> Case:
        """Make a new case of some of a case's mails. `event` is of the old one; undoing it joins them again.

        Raises:
            WrongUse: none of these is its mail, or all are.
        """
        theirs = set(self.messages_of(case.id))
        if not theirs & set(chosen) or not theirs - set(chosen):
            raise WrongUse(
                problem="Choose some of the case's mails, not none and not all.",
                problem_de="Wählen Sie einige Mails des Vorgangs, nicht keine und nicht alle.",
            )
        opened = self.open(new, (), event.staff)
        moved = self._move(case.id, opened.id, theirs & set(chosen))
        closed = {"state": CaseState.CLOSED.value, "merged_into": case.id, "pending": False}
        self._note(replace(event, was={"messages": moved, "other": [opened.id, closed]}))
        return opened

    def of_messages(self, numbers: Collection[int]) -> dict[int, Case]:
        """The cases that mails belong to, by the mails' numbers."""
        found: dict[int, Case] = {}
        for chunk in chunks(numbers):
            found.update((row.message, _case(row)) for row in _OF_MESSAGES.rows(self._connection, messages=chunk))
        return found

    def of_threads(self, threads: Collection[str]) -> dict[str, Case]:
        """The newest case of each of these threads, by the thread; those without one are left out."""
        m, of = messages.c, case_messages.c
        found: dict[str, Case] = {}
        for chunk in chunks(threads):
            query = select(m.thread, cases).join(case_messages, of.message == m.no)
            query = query.join(cases, cases.c.id == of["case"]).order_by(cases.c.id)
            query = query.where(m.thread_key.in_(map(key, chunk)), m.thread.in_(chunk))
            found.update((row.thread, _case(row)) for row in self._connection.execute(query))
        return found

    def written_by_us(self, thread: str, after: datetime, limit: int) -> list[tuple[int, datetime]]:
        """The first mails that people of ours wrote into a thread after a moment, and when."""
        m = messages.c
        query = select(m.no, m.date).where(m.thread_key == key(thread), m.thread == thread, m.date > stamp(after))
        query = query.where(m.direction == Direction.OUTGOING.value, m.kind == MailKind.PERSON.value)
        rows = self._connection.execute(query.order_by(m.date).limit(limit))
        return [(row.no, moment(row.date)) for row in rows]

    def of_customer(self, customer_id: str, mailboxes: Collection[str], limit: int = _FEW) -> list[Case]:
        """A customer's pending cases, newest first. Whether the customer's data may be used the caller knows."""
        rows = _OF_CUSTOMER.rows(self._connection, customer=customer_id, mailboxes=mailboxes, limit=limit)
        return [_case(row) for row in rows]

    def pending_of(self, customers: Collection[str]) -> dict[str, int]:
        """How many pending cases these customers have; those without are left out."""
        c = cases.c
        counted: dict[str, int] = {}
        for chunk in chunks(customers):
            query = select(c.customer_id, func.count()).where(c.customer_id.in_(chunk), c.pending)
            counted.update((row[0], row[1]) for row in self._connection.execute(query.group_by(c.customer_id)))
        return counted

    def messages_of(self, number: int) -> list[int]:
        """The mails of a case, oldest first."""
        c = case_messages.c
        return list(self._connection.scalars(select(c.message).where(c.case == number).order_by(c.message)))

    def first_messages(self, numbers: Collection[int], mailboxes: Collection[str] | None) -> dict[int, int]:
        """The first mail of each of these cases, where the reader may read it, by the case."""
        c = case_messages.c
        first: dict[int, int] = {}
        for chunk in chunks(numbers):
            query = select(c.case, func.min(c.message)).where(c.case.in_(chunk)).group_by(c.case)
            opening = {message: case for case, message in self._connection.execute(query)}
            readable = select(c.message).where(c.message.in_(opening), *visible(self._connection, c.message, mailboxes))
            first.update((opening[message], message) for message in self._connection.scalars(readable))
        return first

    def history(self, number: int, limit: int = 500) -> list[CaseEvent]:
        """What happened to a case, newest first."""
        c = case_events.c
        query = select(case_events).where(c.case == number).order_by(c.id.desc()).limit(limit)
        return [_event(row) for row in self._connection.execute(query)]

    def page(
        self,
        chosen: CaseFilter,
        mailboxes: Collection[str] | None,
        now: datetime,
        *,
        after: int | None = None,
        limit: int = 50,
    ) -> list[Case]:
        """A list of cases: what is due first comes first, ended ones newest first. `after`: the last one before.

        Raises:
            WrongUse: there is no case `after`.
        """
        c = cases.c
        query = self._chosen(chosen, mailboxes, now)
        newest_first = chosen.view is CaseView.ENDED
        order = (c.opened, c.id) if newest_first else (c.place, c.id)
        if after is not None:
            last = self._connection.execute(select(*order).where(c.id == after)).one_or_none()
            if last is None:
                raise WrongUse(
                    problem="“after” is no case (any more); start again without it.",
                    problem_de="„after“ ist kein Vorgang (mehr); beginnen Sie noch einmal ohne ihn.",
                )
            here = tuple_(*order)
            query = query.where(here < tuple_(*last) if newest_first else here > tuple_(*last))
        query = query.order_by(*(one.desc() if newest_first else one for one in order)).limit(limit)
        return [_case(row) for row in self._connection.execute(query)]

    def count(self, chosen: CaseFilter, mailboxes: Collection[str] | None, now: datetime, most: int) -> int:
        """How many cases a list has, counted no further than `most`."""
        some = self._chosen(chosen, mailboxes, now).with_only_columns(cases.c.id).limit(most).subquery("counted")
        return self._connection.scalar(select(func.count()).select_from(some)) or 0

    def queues(self, mailboxes: Collection[str] | None) -> list[str]:
        """The names of all queues in which the reader sees pending cases."""
        c = cases.c
        # One step of the index for each name: `distinct` would walk over all cases.
        named, names = "", []
        while (name := self._connection.scalar(select(func.min(c.queue)).where(c.queue > named))) is not None:
            named = name
            names.append(name)
        pending = (
            select(c.id).where(c.queue == name, c.pending, *open_to(self._connection, mailboxes)).limit(1)
            for name in names
        )
        return [name for name, one in zip(names, pending, strict=True) if self._connection.scalar(one) is not None]

    def opened_between(
        self, first: datetime, last: datetime, mailboxes: Collection[str] | None, limit: int
    ) -> list[Case]:
        """Cases that were opened from a moment up to another, newest first; what is part of another is left out."""
        c = cases.c
        query = select(cases).where(c.opened >= stamp(first), c.opened < stamp(last), c.merged_into.is_(None))
        query = query.where(*open_to(self._connection, mailboxes)).order_by(c.opened.desc(), c.id.desc()).limit(limit)
        return [_case(row) for row in self._connection.execute(query)]

    def overdue(self, now: datetime, limit: int = 100) -> list[Case]:
        """Cases whose time is over and of which nobody has been told yet, longest overdue first."""
        c = cases.c
        query = select(cases).where(c.pending, c.place < stamp(now), c.escalated.is_(None)).order_by(c.place, c.id)
        return [_case(row) for row in self._connection.execute(query.limit(limit))]

    def woken(self, now: datetime, limit: int = 100) -> list[Case]:
        """Cases whose rest is over."""
        c = cases.c
        query = select(cases).where(c.pending, c.snoozed_until <= stamp(now)).order_by(c.snoozed_until, c.id)
        return [_case(row) for row in self._connection.execute(query.limit(limit))]

    def assigned_to(self, assignee: str) -> list[Case]:
        """The pending cases of a person or a team."""
        c = cases.c
        query = select(cases).where(c.assignee == assignee, c.pending).order_by(c.place, c.id)
        return [_case(row) for row in self._connection.execute(query)]

    def solved_between(self, first: datetime, last: datetime, limit: int) -> list[Case]:
        """Cases of customers that were solved from a moment up to another, and still are; oldest first."""
        c = cases.c
        query = select(cases).where(~c.pending, c.state == CaseState.SOLVED.value, c.merged_into.is_(None))
        query = query.where(c.ended >= stamp(first), c.ended < stamp(last), c.customer_id.is_not(None))
        return [_case(row) for row in self._connection.execute(query.order_by(c.ended, c.id).limit(limit))]

    def watch(self, number: int, login: str, *, on: bool) -> None:
        """Let somebody watch a case, or no longer."""
        c = case_watchers.c
        self._connection.execute(delete(case_watchers).where(c.case == number, c.login == login))
        if on:
            self._connection.execute(insert(case_watchers).values(case=number, login=login))

    def watchers(self, number: int) -> list[str]:
        """Who watches a case."""
        c = case_watchers.c
        return list(self._connection.scalars(select(c.login).where(c.case == number).order_by(c.login)))

    # what a list holds

    def _chosen(self, chosen: CaseFilter, mailboxes: Collection[str] | None, now: datetime) -> Select[Any]:
        c = cases.c
        conditions = [*self._in_view(chosen, stamp(now)), *open_to(self._connection, mailboxes)]
        if chosen.queue:
            conditions.append(c.queue == chosen.queue)
        if chosen.priority:
            conditions.append(c.priority == chosen.priority.value)
        if chosen.category:
            conditions.append(c.category == chosen.category.value)
        if chosen.customer_id:
            conditions.append(c.customer_id == chosen.customer_id)
        if chosen.tag:
            conditions.append(c.tags.contains(f" {chosen.tag} ", autoescape=True))
        if chosen.team:
            conditions.append(c.assignee == TEAM + chosen.team)
        if chosen.text:
            conditions.append(self._holding(chosen.text))
        return select(cases).where(*conditions)

    def _in_view(self, chosen: CaseFilter, now: int) -> Sequence[ColumnElement[bool]]:
        c = cases.c
        awake = or_(c.snoozed_until.is_(None), c.snoozed_until <= now)
        views: Mapping[CaseView, Sequence[ColumnElement[bool]]] = {
            CaseView.PENDING: (c.pending, awake),
            CaseView.OVERDUE: (c.pending, awake, c.place < now),
            CaseView.UNASSIGNED: (c.pending, awake, c.assignee == ""),
            CaseView.MINE: (c.pending, awake, c.assignee.in_({chosen.login, *chosen.also})),
            CaseView.WAITING: (c.pending, awake, c.place >= _LATER, c.state == CaseState.WAITING_CUSTOMER.value),
            CaseView.SNOOZED: (c.pending, c.snoozed_until > now),
            # Nothing is proposed of what is ended.
            CaseView.PROPOSED: (c.proposed.is_not(None),),
            CaseView.ENDED: (~c.pending, c.merged_into.is_(None)),
        }
        return views[chosen.view]

    def _holding(self, text: str) -> ColumnElement[bool]:
        """That a mail of the case, or its own texts and notes, hold all words, whole or, where none does, begun."""
        asked = words(text)
        if not asked:
            return cases.c.id < 0
        for shortest in (WHOLE, 3):
            found = (
                select(case_messages.c.case)
                .join(message_words, self._fulltext.message == case_messages.c.message)
                .where(self._fulltext.matches(message_words, asked, shortest))
                .order_by(self._fulltext.message.desc())
                .limit(_FOUND)
            )
            numbers = set(self._connection.scalars(found))
            numbers |= case_words.holding(self._connection, asked[:_ASKED], shortest, _FOUND)
            if numbers:
                break
        return cases.c.id.in_(numbers)

    # mails of cases

    def _take(self, number: int, messages: Collection[int]) -> None:
        if messages:
            rows = [{"case": number, "message": one} for one in sorted(messages)]
            self._connection.execute(insert(case_messages), rows)

    def _move(self, source: int, target: int, chosen: Collection[int]) -> dict[str, int]:
        """Mails from one case to another; which ones, and where they were."""
        c = case_messages.c
        for chunk in chunks(chosen):
            moved = update(case_messages).where(c.case == source, c.message.in_(chunk))
            self._connection.execute(moved.values({"case": target}))
        return {str(one): source for one in sorted(chosen)}

    def _return(self, number: int, moved: Mapping[str, int], other: tuple[int, Mapping[str, Any]] | None) -> None:
        """Mails back to where they were, and the other case to what it was."""
        c = case_messages.c
        for message, source in moved.items():
            back = update(case_messages).where(c.message == int(message))
            self._connection.execute(back.values({"case": source}))
        if other is not None:
            self._connection.execute(update(cases).where(cases.c.id == other[0]).values(dict(other[1])))

    def _note(self, event: CaseEvent) -> CaseEvent:
        values = {
            "case": event.case,
            "kind": event.kind.value,
            "at": stamp(event.at),
            "staff": event.staff,
            "text": event.text,
            "message": event.message,
            "was": json.dumps(dict(event.was)) if event.was else None,
        }
        number = self._connection.execute(insert(case_events).values(values).returning(case_events.c.id)).scalar_one()
        return replace(event, id=number)


def beside(message: int | None, customer_id: str, mailboxes: Collection[str]) -> Asked:
    """What is asked for the case of a mail, and the pending ones of a customer."""
    theirs = {_OF_CUSTOMER: {"customer": customer_id, "mailboxes": mailboxes, "limit": _FEW}}
    return theirs if message is None else {_OF_MESSAGES: {"messages": [message]}, **theirs}


def open_to(connection: Connection, mailboxes: Collection[str] | None) -> list[ColumnElement[bool]]:
    """The conditions that a case can be seen from these mailboxes; none for None, which stands for all."""
    if mailboxes is None:
        return []
    own = Places(connection).boxes(mailboxes)
    return [_open(placements.c.box.in_(own)), *used_customer(connection, cases.c.customer_id)]


def _row(case: Case) -> dict[str, Any]:
    row = {name: value for name, value in asdict(case).items() if name != "id"}
    for name in _MOMENTS:
        row[name] = stamp_or_none(row[name])
    for name in _WORDS:
        row[name] = None if row[name] is None else str(row[name].value)
    row["tags"] = f" {' '.join(case.tags)} " if case.tags else None
    row["pending"] = case.state in PENDING
    row["place"] = _LATER + stamp(case.opened) if case.owed is None else stamp(case.owed)
    return row


def _open(box: ColumnElement[bool]) -> ColumnElement[bool]:
    """That a mail of the case lies in such a box, or that it has none."""
    of = case_messages.c
    theirs = select(of.case).where(of.case == cases.c.id)
    readable = theirs.join(placements, placements.c.message == of.message).where(box)
    # With a limit, not by `exists`: of that PostgreSQL makes a look at all placements for every list.
    first, any_of_them = (query.limit(1).scalar_subquery() for query in (readable, theirs))
    return or_(first.is_not(None), any_of_them.is_(None))


def _of_customer() -> Select[Any]:
    c = cases.c
    own = select(boxes.c.id).where(any_of(boxes.c.name, "mailboxes"))
    query = select(cases).where(c.customer_id == bindparam("customer"), c.pending, _open(placements.c.box.in_(own)))
    return query.order_by(c.opened.desc(), c.id.desc()).limit(bindparam("limit", type_=Integer))


_OF_CUSTOMER = Prepared(_of_customer())
_OF_MESSAGES = Prepared(
    select(case_messages.c.message, cases)
    .join(cases, cases.c.id == case_messages.c.case)
    .where(any_of(case_messages.c.message, "messages"))
)


def _case(row: Any) -> Case:
    values = {name: value for name, value in row._asdict().items() if name in Case.__dataclass_fields__}
    for name in _MOMENTS:
        values[name] = moment_or_none(values[name])
    for name, word in _WORDS.items():
        values[name] = None if values[name] is None else word(values[name])
    values["tags"] = tuple((values["tags"] or "").split())
    return Case(**values)


def _event(row: Row[Any]) -> CaseEvent:
    was = json.loads(row.was) if row.was else {}
    kind = CaseEventKind(row.kind)
    return CaseEvent(row.case, kind, moment(row.at), row.staff, row.text, row.message, was, row.id)
