"""What is wrong just now, and since when: each once, so that nobody is told of it twice."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from rules.terms.alarm import Alarm, AlarmKind, Flow
from rules.terms.mail import Direction
from storage.alarm_tables import alarms
from storage.moments import moment, stamp
from storage.schema import boxes, messages, placements, quarantine

_HOUR = timedelta(hours=1) // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Renewed:
    """What has begun and what is over since the last look."""

    begun: tuple[Alarm, ...] = ()
    over: tuple[Alarm, ...] = ()


class Alarms:
    """The alarms of a pool, and what of the pool is looked at for them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[Alarm]:
        """What is wrong just now, longest first."""
        query = select(alarms).where(alarms.c.calm.is_(None)).order_by(alarms.c.since, alarms.c.key)
        return [_alarm(row) for row in self._connection.execute(query)]

    def keys(self) -> frozenset[str]:
        """The keys of all alarms, also of those that may be over soon."""
        return frozenset(self._connection.scalars(select(alarms.c.key)))

    def renew(
        self, found: Sequence[Alarm], kinds: Collection[AlarmKind], now: datetime, patience: timedelta = timedelta()
    ) -> Renewed:
        """Take what was found in the place of what is known of these kinds.

        Args:
            found: everything of these kinds that is wrong now.
            kinds: what was looked at.
            now: when.
            patience: for how long an alarm must not have been found until it is over: what comes and goes is one.
        """
        query = select(alarms).where(alarms.c.kind.in_([kind.value for kind in kinds]))
        known = {row.key: row for row in self._connection.execute(query)}
        begun, over = [], []
        for one in {alarm.key: alarm for alarm in found}.values():
            row = known.pop(one.key, None)
            if row is None:
                begun.append(replace(one, since=now))
                self._connection.execute(insert(alarms).values(_row(begun[-1])))
            elif row.calm is not None or row.figures != _packed(one.figures):
                self._change(one.key, figures=_packed(one.figures), calm=None)
        for row in known.values():
            if stamp(now) - (row.calm or stamp(now)) >= patience // timedelta(microseconds=1):
                over.append(_alarm(row))
                self._connection.execute(delete(alarms).where(alarms.c.key == row.key))
            elif row.calm is None:
                self._change(row.key, calm=stamp(now))
        return Renewed(tuple(begun), tuple(over))

    def flow(self, mailbox: str, since: datetime) -> Flow | None:
        """In which hours others' mail came into a mailbox since a moment; None where none did."""
        box = select(boxes.c.id).where(boxes.c.name == mailbox).scalar_subquery()
        c = placements.c
        hour = (c.arrived // _HOUR).label("hour")
        query = (
            select(hour, func.max(c.arrived).label("last"))
            .join(messages, messages.c.no == c.message)
            .where(c.box == box, c.arrived >= stamp(since), messages.c.direction == Direction.INCOMING.value)
            .group_by(hour)
        )
        rows = self._connection.execute(query).all()
        if not rows:
            return None
        hours = frozenset(moment(row.hour * _HOUR) for row in rows)
        return Flow(mailbox, hours, moment(max(row.last for row in rows)))

    def quarantined(self, before: datetime) -> tuple[int, datetime | None]:
        """How many mails have been in quarantine since before a moment, and since when the oldest."""
        query = select(func.count(), func.min(quarantine.c.since)).where(quarantine.c.since < stamp(before))
        count, oldest = self._connection.execute(query).one()
        return count, moment(oldest) if count else None

    def _change(self, key: str, **values: Any) -> None:
        self._connection.execute(update(alarms).where(alarms.c.key == key).values(values))


def _packed(figures: Mapping[str, str]) -> str:
    return json.dumps(dict(figures), ensure_ascii=False, sort_keys=True)


def _row(alarm: Alarm) -> dict[str, Any]:
    since = stamp(alarm.since) if alarm.since else 0
    values = {"key": alarm.key, "kind": alarm.kind.value, "about": alarm.about}
    return values | {"figures": _packed(alarm.figures), "since": since}


def _alarm(row: Row[Any]) -> Alarm:
    return Alarm(AlarmKind(row.kind), row.about, json.loads(row.figures), moment(row.since))
