"""What needs somebody who looks after Kingpost? Decided from facts; who is told, and how, is not this module's.

Silence is the difficult one: a mailbox that has gone quiet is a broken forward or a full server, or Sunday. What is
usual is taken from the mailbox's own last weeks, hour by hour of the week (`silent`).
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from rules.deadlines import BusinessHours
from rules.terms.alarm import Alarm, AlarmFacts, AlarmKind, Ending, Flow, Room, Trouble

# How long before their end things are told: a person has to act, and may be on holiday.
WARN = timedelta(days=14)
# Servers are away for a while every day; who is away longer is missed.
PATIENCE = timedelta(hours=1)
QUARANTINE_PATIENCE = timedelta(days=1)
# Bytes that must be free whatever the disk's size, the share of it that should be, and what is always enough.
LEAST, SHARE, ENOUGH = 1_000_000_000, 0.05, 10_000_000_000
# Once told of, a disk must have so much more before it counts as mended.
MENDED = 1.2

WEEKS = 8  # of which the habit is learned
FEWEST_WEEKS = 3  # before that nothing is known
# A silence must be as unlikely as this (natural logarithm), last so many working hours, and be so much less likely than
# the second worst in the weeks before: the worst may have been an outage.
UNLIKELY, SHORTEST, WORSE = math.log(10_000), 3, 1.25


def alarms(facts: AlarmFacts, hours: BusinessHours, now: datetime) -> list[Alarm]:
    """Everything that is wrong now, most urgent first.

    Args:
        facts: what was looked at.
        hours: when the firm works; without openings Monday to Friday counts.
        now: the moment.
    """
    found = [_trouble(one) for one in facts.troubles if one.refused or now - one.since >= PATIENCE]
    found += [_full(room) for room in facts.rooms if _is_full(room, facts.known)]
    found += [alarm for flow in facts.flows if (alarm := silent(flow, hours, now)) is not None]
    count, oldest = facts.quarantined
    if count:
        figures = {"count": str(count), "since": oldest.isoformat() if oldest else ""}
        found.append(Alarm(AlarmKind.QUARANTINE, "", figures))
    found += [_ending(one, now) for one in facts.endings if now >= one.ends - WARN]
    return found


def silent(flow: Flow, hours: BusinessHours, now: datetime) -> Alarm | None:
    """Whether a usually busy mailbox has been quiet for longer than its habit explains.

    For each hour of the week it is counted in how many of the last weeks mail came: one mail or a hundred, so that a
    mailing says no more than a letter. A silence of several working hours is as unlikely as the product of their quiet
    shares (with half a count added on both sides, Jeffreys' prior). Mail comes in bursts and firms have slow weeks, so
    the silences of the weeks before are measured by the same rule, and this one must be clearly worse than those.
    Neither weekends and holidays nor hours outside of business hours count, on either side.
    """
    zone = hours.zone
    this = now.astimezone(zone).replace(minute=0, second=0, microsecond=0)
    slots = [slot for slot in _hours_between(this - timedelta(weeks=WEEKS), this) if _counts(slot, hours)]
    first = min(flow.hours, default=this)
    slots = [slot for slot in slots if slot >= first]
    if not slots or this - first < timedelta(weeks=FEWEST_WEEKS):
        return None
    quiet = 0
    while quiet < len(slots) and slots[-1 - quiet] not in flow.hours:
        quiet += 1
    if quiet < SHORTEST or quiet == len(slots) or flow.last.astimezone(zone) >= slots[-quiet]:
        return None
    past, since = slots[:-quiet], slots[-quiet:]
    chances = _chances(past, flow)
    weight = sum(chances.get((slot.weekday(), slot.hour), 0.0) for slot in since)
    before = sorted(_silences(past, flow, chances), reverse=True)
    usual = before[1] if len(before) > 1 else 0.0
    if weight < max(UNLIKELY, WORSE * usual):
        return None
    return Alarm(AlarmKind.SILENCE, flow.mailbox, {"last": flow.last.isoformat(), "hours": str(quiet)})


def _chances(slots: Iterable[datetime], flow: Flow) -> dict[tuple[int, int], float]:
    """How much a quiet hour says (minus the logarithm of how often it was quiet), by weekday and hour."""
    seen: Counter[tuple[int, int]] = Counter()
    busy: Counter[tuple[int, int]] = Counter()
    for slot in slots:
        key = slot.weekday(), slot.hour
        seen[key] += 1
        busy[key] += slot in flow.hours
    return {key: -math.log((count - busy[key] + 0.5) / (count + 1)) for key, count in seen.items()}


def _silences(slots: Iterable[datetime], flow: Flow, chances: dict[tuple[int, int], float]) -> Iterator[float]:
    """How unlikely the silences between were."""
    weight = 0.0
    for slot in slots:
        if slot in flow.hours:
            yield weight
            weight = 0.0
        else:
            weight += chances[slot.weekday(), slot.hour]
    yield weight


def _hours_between(start: datetime, end: datetime) -> Iterator[datetime]:
    """The hours of the wall clock from `start` up to `end`, which is not over yet."""
    while start < end:
        yield start
        start += timedelta(hours=1)


def _counts(slot: datetime, hours: BusinessHours) -> bool:
    if hours.is_holiday(slot.date()):
        return False
    if not any(hours.openings.values()):
        return slot.weekday() < 5
    clock = slot.time()
    return any(opens <= clock < closes for opens, closes in hours.openings.get(slot.weekday(), ()))


def _trouble(one: Trouble) -> Alarm:
    return Alarm(AlarmKind.MAILBOX, one.mailbox, {"refused": "yes" if one.refused else ""})


def _is_full(room: Room, known: frozenset[str]) -> bool:
    wanted = max(LEAST, min(room.total * SHARE, ENOUGH))
    return room.free < wanted * (MENDED if _full(room).key in known else 1)


def _full(room: Room) -> Alarm:
    return Alarm(AlarmKind.DISK, room.folder, {"free": f"{room.free / 1e9:.1f}"})


def _ending(one: Ending, now: datetime) -> Alarm:
    over = "yes" if one.ends <= now else ""
    return Alarm(one.kind, one.about, {"ends": one.ends.date().isoformat(), "over": over})
