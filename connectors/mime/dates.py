"""When a mail was written: its Date header where that can be read, else when our own server took it in."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

from mailparser.dates import parse_mail_date

from connectors.mime import words

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?", re.ASCII)
_EARLIEST, _LATEST = 1900, 2100
_LONGEST = 250
# Zones that RFC 5322 does not name and people write all the same.
_ZONES = {
    "BST": "+0100",
    "CET": "+0100",
    "CEST": "+0200",
    "EET": "+0200",
    "EEST": "+0300",
    "MET": "+0100",
    "MEST": "+0200",
    "MEZ": "+0100",
    "MESZ": "+0200",
    "WEST": "+0100",
}
_ZONE = re.compile(r"\b(?:" + "|".join(_ZONES) + r")$")
# "GMT+1", "UTC-05:30": how programs that follow no standard write an offset.
_OFFSET = re.compile(r"\b(?:GMT|UTC?)\s?([+-])(\d{1,2})(?::?(\d{2}))?$")


def written(date: Sequence[str], received: Sequence[str]) -> tuple[datetime | None, list[str]]:
    """The date of a mail by its Date headers, else by the topmost Received header that has one, and the defects."""
    defects = ["date-several"] if len(date) > 1 else []
    if date:
        when = moment(date[0])
        if when is not None:
            return when, defects
        defects.append("date-odd")
    else:
        defects.append("date-missing")
    for field in received:
        # The topmost one was written by our own server; those below it were written by others on the way.
        when = moment(words.unfold(field).rpartition(";")[2])
        if when is not None:
            return when, [*defects, "date-from-received"]
    return None, defects


def moment(value: str) -> datetime | None:
    """The moment a date header names, with its offset; None when it names none that can be meant."""
    text = _ZONE.sub(lambda match: _ZONES[match.group()], words.unfold(value).strip()[:_LONGEST])
    text = _OFFSET.sub(lambda match: f"{match[1]}{match[2]:0>2}{match[3] or '00'}", text)
    try:
        when = _strict(text) or _lenient(text) or _iso(text)
    except (ValueError, OverflowError, IndexError, TypeError):
        # The standard library's lenient parser raises on some nonsense instead of answering None.
        return None
    return when if when is not None and _EARLIEST <= when.year < _LATEST else None


def _strict(text: str) -> datetime | None:
    result = parse_mail_date(text)
    if result.value is None:
        return None
    return _at_offset(result.value, timedelta(hours=float(result.timezone)))


def _lenient(text: str) -> datetime | None:
    parts = parsedate_tz(text)
    if parts is None:
        return None
    year, month, day, hour, minute, second, *_, offset = parts
    shift = timedelta(seconds=offset or 0)
    local = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    return _at_offset(local - shift, shift)


def _iso(text: str) -> datetime | None:
    match = _ISO.match(text)
    if match is None:
        return None
    when = datetime.fromisoformat(match.group().replace(" ", "T", 1).replace(" ", ""))
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _at_offset(when: datetime, offset: timedelta) -> datetime:
    # Whole minutes within a day are what a zone can be; anything else is kept in UTC.
    if abs(offset) >= timedelta(hours=24) or offset.total_seconds() % 60:
        return when
    return when.astimezone(timezone(offset) if offset else UTC)
