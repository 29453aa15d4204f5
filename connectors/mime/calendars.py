"""An invitation in words (iCalendar, RFC 5545): what it asks, of what, when and where.

Only the few lines that a reader needs are read: whole calendars are for calendar programs.
"""

import re
from datetime import datetime

_FOLD = re.compile(r"\r?\n[ \t]")
_EVENT = re.compile(r"BEGIN:V(?:EVENT|TODO)\b(.*?)(?:^END:V(?:EVENT|TODO)|\Z)", re.DOTALL | re.MULTILINE)
_METHOD = re.compile(r"^METHOD:([A-Za-z-]{1,30})", re.MULTILINE)
_LINE = re.compile(r'(SUMMARY|DTSTART|DTEND|LOCATION|DESCRIPTION)((?:;[^:;"]*+(?:"[^"]*"[^:;"]*+)?)*+):(.*)')
_TZID = re.compile(r'TZID="?([^";:]{1,60})')
_ESCAPE = re.compile(r"\\([\\;,nN])")
_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(?:\d{2})?(Z?))?")
_READ = 200_000
_LONGEST = 5000


def method(text: str) -> str:
    """What the calendar is sent for: REQUEST, REPLY, CANCEL …; "" when it is just a calendar."""
    found = _METHOD.search(text[:_READ])
    return found[1].upper() if found else ""


def in_words(text: str) -> str:
    """The first event of a calendar in a few lines; "" when there is none."""
    text = _FOLD.sub("", text[:_READ]).replace("\r\n", "\n")
    event = _EVENT.search(text)
    if event is None:
        return ""
    values: dict[str, tuple[str, str]] = {}
    depth = 0
    for line in event[1].split("\n"):
        # Alarms inside the event have descriptions of their own.
        depth += line.startswith("BEGIN:") - line.startswith("END:")
        if depth == 0 and (found := _LINE.match(line)):
            values.setdefault(found[1], (found[2], _plain(found[3])))
    what, where, said = (values.get(name, ("", ""))[1] for name in ("SUMMARY", "LOCATION", "DESCRIPTION"))
    asked = method(text)
    first = ": ".join(part for part in (asked, what) if part)
    lines = [first, _when(values.get("DTSTART"), values.get("DTEND")), where]
    return "\n\n".join(part for part in ("\n".join(line for line in lines if line), said) if part)


def _plain(value: str) -> str:
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)[:_LONGEST].strip()


def _when(start: tuple[str, str] | None, end: tuple[str, str] | None) -> str:
    if start is None:
        return ""
    begins, zone = _moment(*start)
    ends = _moment(*end)[0] if end else ""
    if ends[:10] == begins[:10]:
        ends = ends[11:]
    return " ".join(part for part in (f"{begins} – {ends}" if ends else begins, zone) if part)


def _moment(parameters: str, value: str) -> tuple[str, str]:
    """A time as people write it, and its zone."""
    found = _STAMP.match(value)
    if found is None:
        return value[:60], ""
    year, month, day, hour, minute, universal = found.groups()
    try:
        when = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0))
    except ValueError:
        return value[:60], ""
    zone = _TZID.search(parameters)
    return when.strftime("%Y-%m-%d %H:%M" if hour else "%Y-%m-%d"), "UTC" if universal else zone[1] if zone else ""
