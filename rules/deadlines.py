"""Deadlines in business hours: when so many of them are over, and how many lie between two moments.

Hours are those of the wall clock where the firm works, so a day on which the clocks change is as long as its clock
says. Holidays come as a function, for which days they are is not this module's knowledge.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

_DAYS = ("mo di mi do fr sa so", "montag dienstag mittwoch donnerstag freitag samstag sonntag",
         "mon tue wed thu fri sat sun", "monday tuesday wednesday thursday friday saturday sunday")  # fmt: skip
WEEKDAYS = {name: number for names in _DAYS for number, name in enumerate(names.split())}
# So far is looked ahead; a firm that does not open within a year has no deadlines.
_FURTHEST = 366
# What people write around days and hours: first what joins two ends, then what means nothing, then what lists.
_TO = re.compile(r" ?[-‐‑–—−] ?| (?:bis|to|until) ")
_FILLING = re.compile(r" ?(?:uhr\b|o['’]clock\b)|\b(?:von|from) ")
_AND = re.compile(r"[,;&+/]|\b(?:und|and)\b|(?<=\d) (?=\w)")
_DAY, _CLOCK = r"([a-z]{2,10})\.?", r"(\d{1,2}(?:[:.]\d{2})?)"
_PART = re.compile(rf"(?:{_DAY}(?:-{_DAY})?)?:? ?(?:{_CLOCK}-{_CLOCK})?")

Opening = tuple[time, time]


@dataclass(frozen=True, slots=True)
class BusinessHours:
    """When the firm works: openings of each weekday (0 is Monday), in order; where; and on which days it does not.

    Without any opening every hour counts: then deadlines are plain hours.
    """

    openings: Mapping[int, Sequence[Opening]]
    zone: ZoneInfo
    is_holiday: Callable[[date], bool] = lambda day: False

    @property
    def day(self) -> timedelta:
        """How long a working day is, on average."""
        lengths = [self._length(opening) for day in self.openings.values() for opening in day]
        return sum(lengths, timedelta()) / len(list(filter(None, self.openings.values()))) if lengths else timedelta(1)

    def after(self, start: datetime, hours: float) -> datetime:
        """The moment (UTC) at which so many business hours have passed since `start`."""
        if not any(self.openings.values()):
            return start.astimezone(UTC) + timedelta(hours=hours)
        left = timedelta(hours=hours)
        last = start.astimezone(UTC)
        for begin, end in self._stretches(start):
            if end - begin >= left:
                return begin + left
            left -= end - begin
            last = end
        return last

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much business time lies between two moments; nothing when the second is not later."""
        if not any(self.openings.values()):
            return max(end - start, timedelta())
        total = timedelta()
        for begin, close in self._stretches(start, end):
            if begin >= end:
                break
            total += min(close, end) - begin
        return total

    def _stretches(self, start: datetime, end: datetime | None = None) -> Iterator[tuple[datetime, datetime]]:
        """The openings from a moment on (UTC), up to `end` or for a year."""
        start = start.astimezone(UTC)
        first = start.astimezone(self.zone).date()
        days = _FURTHEST if end is None else (end.astimezone(self.zone).date() - first).days + 1
        for number in range(days):
            day = first + timedelta(days=number)
            if self.is_holiday(day):
                continue
            for opens, closes in self.openings.get(day.weekday(), ()):
                begin = max(self._moment(day, opens), start)
                close = self._moment(day, closes)
                if begin < close:
                    yield begin, close

    @staticmethod
    def _length(opening: Opening) -> timedelta:
        opens, closes = (timedelta(hours=clock.hour, minutes=clock.minute) for clock in opening)
        return (timedelta(days=1) if opening[1] == time.max else closes) - opens

    def _moment(self, day: date, clock: time) -> datetime:
        # Midnight at the end of a day is written 24:00 and kept as the last microsecond.
        if clock == time.max:
            return datetime.combine(day + timedelta(days=1), time(), self.zone).astimezone(UTC)
        return datetime.combine(day, clock, self.zone).astimezone(UTC)


AROUND_THE_CLOCK = BusinessHours({}, ZoneInfo("UTC"))


def openings_of(lines: Sequence[str]) -> dict[int, list[Opening]]:
    """Openings as people write them: "Mo-Fr 8-17", "Mo bis Do 7:00 – 16:30, Fr 7-13 Uhr"; English day names too.

    Raises:
        ValueError: a line is none of that, or its hours overlap those of another.
    """
    openings: dict[int, list[Opening]] = {}
    for line in lines:
        for days, opening in _openings_in(line):
            for day in sorted(days):
                openings.setdefault(day, []).append(opening)
    for each in openings.values():
        each.sort()
        if any(before[1] > later[0] for before, later in pairwise(each)):
            raise ValueError("business hours overlap")
    return openings


def are_hours(line: str) -> bool:
    """Whether a line for itself says openings."""
    try:
        return bool(openings_of([line]))
    except ValueError:
        return False


def _openings_in(line: str) -> Iterator[tuple[set[int], Opening]]:
    """What a line lists: hours are those of all days named since the hours before, or of the same days again."""
    said = _FILLING.sub("", _TO.sub("-", " ".join(line.lower().split())))
    days: set[int] = set()
    complete = False
    for part in filter(None, map(str.strip, _AND.split(said))):
        found = _PART.fullmatch(part)
        if not found:
            raise _no_hours(line)
        if found[1]:
            if found[1] not in WEEKDAYS or (found[2] or found[1]) not in WEEKDAYS:
                raise _no_hours(line)
            first, last = WEEKDAYS[found[1]], WEEKDAYS[found[2] or found[1]]
            named = {(first + number) % 7 for number in range((last - first) % 7 + 1)}
            days = named if complete else days | named
        complete = bool(found[3])
        if complete:
            try:
                opening = _clock(found[3]), _clock(found[4])
            except ValueError:
                raise _no_hours(line) from None
            if not days:
                raise _no_hours(line)
            if opening[0] >= opening[1]:
                raise ValueError(f"“{line}” ends before it begins")
            yield days, opening
    if not complete:
        raise _no_hours(line)


def _no_hours(line: str) -> ValueError:
    return ValueError(f"“{line}” are no business hours; write for example Mo-Fr 8:00-17:00")


def _clock(written: str) -> time:
    hours, _, minutes = written.replace(".", ":").partition(":")
    if (int(hours), int(minutes or 0)) == (24, 0):
        return time.max
    return time(int(hours), int(minutes or 0))
