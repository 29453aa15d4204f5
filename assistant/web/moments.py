"""Times, numbers and sizes as a German or English reader writes them. `static/moments.js` says the same."""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from assistant.web.texts import t, texts

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
LONG_AGO = timedelta(days=300)


def parse(value: str | datetime | date) -> datetime | date | None:
    """A moment or a day from ISO 8601; None when it is neither."""
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value) if _DAY.fullmatch(value) else datetime.fromisoformat(value)
    except ValueError:
        return None


def ago(value: datetime | date, now: datetime, language: str, zone: tzinfo) -> str:
    """How long ago, in the fewest words: minutes, then the hour, then the day."""
    today = now.astimezone(zone).date()
    if isinstance(value, datetime):
        local = aware(value).astimezone(zone)
        passed = (now - local).total_seconds()
        if 0 <= passed < 60:
            return t(language, "moments.now")
        if 0 <= passed < 3600:
            return t(language, "moments.minutes", n=int(passed // 60))
        if local.date() == today:
            return t(language, "moments.today", time=clock(local, language))
        day = local.date()
    else:
        day = value
        if day == today:
            return t(language, "moments.this_day")
    if day == today - timedelta(days=1):
        return t(language, "moments.yesterday")
    form = "moments.day_month" if abs(today - day) < LONG_AGO else "moments.day_month_year"
    return _dated(day, form, language)


def exact(value: datetime | date, language: str, zone: tzinfo) -> str:
    """The full date, and the time where there is one."""
    if not isinstance(value, datetime):
        return _dated(value, "moments.full", language)
    local = aware(value).astimezone(zone)
    day = _dated(local.date(), "moments.full", language)
    return t(language, "moments.full_time", day=day, time=clock(local, language))


def short_day(day: date, language: str) -> str:
    """A day on an axis: weekday and day of the month."""
    return _dated(day, "moments.axis", language)


def clock(moment: datetime, language: str) -> str:
    """Hours and minutes."""
    return t(language, "moments.clock", time=f"{moment:%H:%M}")


def aware(moment: datetime) -> datetime:
    """A moment without a zone is taken as UTC, as the pool keeps it."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def number(value: float, language: str, digits: int = 0) -> str:
    """A number with the separators of the language."""
    plain = f"{value:,.{digits}f}"
    return plain.translate(str.maketrans(",.", ".,")) if language == "de" else plain


def size(count: int, language: str) -> str:
    """A file's size in the unit that people read."""
    if count < 1000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{number(count / 1000, language)} kB"
    return f"{number(count / 1_000_000, language, 1)} MB"


def lasting(seconds: float, language: str) -> str:
    """A span of time in one unit."""
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length or (seconds >= length and unit == "minutes"):
            return t(language, f"moments.span_{unit}", count=int(seconds // length))
    return t(language, "moments.span_seconds", count=max(int(seconds), 0))


def _dated(day: date, form: str, language: str) -> str:
    table: dict[str, Any] = texts(language)["moments"]
    return t(
        language,
        form,
        day=day.day,
        dd=f"{day.day:02}",
        mm=f"{day.month:02}",
        year=day.year,
        month=table["months"][day.month - 1],
        mon=table["months_short"][day.month - 1],
        weekday=table["weekdays"][day.weekday()],
        wd=table["weekdays_short"][day.weekday()],
    )
