"""When was it, counted from today? The demo's dates are written relative (`-12d 14:35`), so that it never ages."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")
MONTHS_DE = (
    "Januar", "Februar", "März", "April", "Mai", "Juni",
    "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS_DE = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

DAY = re.compile(r"([-+]\d+)d(?: (\d\d):(\d\d))?")
SHORT = re.compile(r"([-+]\d+)([hm])")
PLACEHOLDER = re.compile(r"\{([-+]?\d+)d(?: ([a-z.]+))?\}")


def local(now: datetime) -> datetime:
    """The firm's wall clock at this moment; a naive time is taken as the firm's own."""
    return now.replace(tzinfo=ZONE) if now.tzinfo is None else now.astimezone(ZONE)


def moment(spec: str, now: datetime) -> datetime:
    """The moment of `-12d 14:35` (days before today), `-3h` or `+2m` (hours and minutes from now)."""
    if found := DAY.fullmatch(spec):
        days, hour, minute = found.groups()
        clock = time(int(hour or 0), int(minute or 0))
        return datetime.combine(now.date() + timedelta(days=int(days)), clock, now.tzinfo)
    if found := SHORT.fullmatch(spec):
        count, unit = int(found[1]), found[2]
        return now + (timedelta(hours=count) if unit == "h" else timedelta(minutes=count))
    raise ValueError(f"not a relative date: {spec!r}")


def office_hours(when: datetime) -> datetime:
    """The same moment, with weekends drawn together into Friday afternoon; earlier stays earlier."""
    closes = datetime.combine(when.date() - timedelta(days=(when.weekday() - 4) % 7), time(16), when.tzinfo)
    into = when - closes
    weekend = timedelta(hours=63)  # Friday 16:00 to Monday 07:00
    if timedelta(0) <= into < weekend:
        return (closes + into / 21).replace(microsecond=0)
    return when


def workday(day: date, forward: bool) -> date:
    """The day itself, or the Monday after (the Friday before) a weekend."""
    over = day.weekday() - 4
    if over <= 0:
        return day
    return day + timedelta(days=3 - over) if forward else day - timedelta(days=over)


def spoken(day: date, form: str) -> str:
    """The day as people write it in a mail: `.` 3.11. · long 3. November · day Montag · en 3 November · wd Monday …"""
    month, english = MONTHS_DE[day.month - 1], MONTHS_EN[day.month - 1]
    forms = {
        "": f"{day:%d.%m.%Y}",
        ".": f"{day:%d.%m.}",
        "long": f"{day.day}. {month}",
        "day": DAYS_DE[day.weekday()],
        "month": month,
        "kw": str(day.isocalendar().week),
        "year": str(day.year),
        "en": f"{day.day} {english}",
        "us": f"{english} {day.day}",
        "wd": DAYS_EN[day.weekday()],
        "enmonth": english,
        "iso": day.isoformat(),
    }
    return forms[form]


def filled(text: str, now: datetime) -> str:
    """The text with placeholders such as `{+5d}` or `{-3d day}` turned into days; appointments fall on workdays."""

    def day(found: re.Match[str]) -> str:
        offset = int(found[1])
        return spoken(workday(now.date() + timedelta(days=offset), offset > 0), found[2] or "")

    return PLACEHOLDER.sub(day, text)
