"""What we promised in our own words, with a day: "ich schicke es Ihnen bis Freitag", "we will call you on Monday".

Only a plain commitment counts: we say that we do it, and when. Whatever is asked, denied, tied to a condition, hoped
for, offered or done with the same mail is none. Rather one too few: an invented promise costs more than a missed one.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from rules.cues import LONGEST_TEXT
from rules.mentions import sentences

_LONGEST_SENTENCE = 300
_MOST = 5
# What is further away is no promise that anybody has to be reminded of.
_FURTHEST = timedelta(days=370)

_DO = (
    r"schicken?|sende[n]?|(?:über|ver|zu)sende[n]?|mailen?|melden?|rufen?|liefern?|liefere|prüfen?|klären?|kümmer[en]n?"
    r"|kümmere|bringen?|reichen?|geben?|informieren?|überweisen?|erstellen?|kommen?|holen?|tauschen?|erledigen?"
    r"|bearbeiten?|schreiben?|erstatten?|lassen?|stellen?|montieren?|reparieren?|faxen?|bestellen?|nenne[n]?|werden?"
)
_COMMITTED = re.compile(
    rf"\b(?:ich|wir)\s(?:{_DO})\b|\b(?:{_DO})\s(?:ich|wir)\b"
    rf"|\b(?:ich|wir)\s(?:Ihnen|euch|dir|Sie|dich|uns|mich)\s(?:{_DO})\b"
    r"|\bSie\s(?:erhalten|bekommen|hören)\b|\b(?:erhalten|bekommen|hören)\sSie\b"
    r"|\b(?:i|we)(?:['’]ll|\swill|\sshall|\sam\sgoing\sto|\sare\sgoing\sto)\s(?!not\b)\w+"
    r"|\byou(?:['’]ll|\swill)\s(?:get|receive|hear|have)\b",
    re.IGNORECASE,
)
# "Kommen Sie …", "ich wünsche", "wir haben geschickt" are no commitments; nor is what these words make of a sentence.
_NO_PROMISE = re.compile(
    r"\?|\b(?:nicht|nichts|kein\w{0,2}|nie|niemals|ohne|wenn|falls|sofern|sobald|solange|dass|damit|ob|vielleicht"
    r"|eventuell|evtl|möglicherweise|voraussichtlich|hoffentlich|hoffen?|versuchen?|bemüh\w{0,4}|kann|können|könnten?"
    r"|möchten?|würden?|wollen|wollten?|sollen|sollten?|soll|müssen|müssten?|dürfen|dürften?|anbei|hiermit|beigefügt"
    r"|angehängt|anhang|anlage|wie versprochen|bitten?|gerne? auch|normalerweise|üblicherweise|meist|immer|jeweils"
    r"|not|never|no|if|unless|once|when|whether|as soon as|maybe|perhaps|probably|possibly|hopefully|hope|try|trying"
    r"|could|would|should|might|may|can|attached|enclosed|herewith|as promised|please|usually|normally|always)\b"
    r"|n['’]t\b|\b(?:as|so) soon\b",
    re.IGNORECASE,
)
_SALUTED = re.compile(r"\b(?:guten|schönen|am|heute|jeden|frühen|vom) morgen\b|\bmorgens\b", re.IGNORECASE)

_WEEKDAYS = {
    name: number
    for names in (
        "montag dienstag mittwoch donnerstag freitag samstag sonntag",
        "monday tuesday wednesday thursday friday saturday sunday",
    )
    for number, name in enumerate(names.split())
} | {"sonnabend": 5}
_MONTHS = {
    name: number
    for names in (
        "januar februar märz april mai juni juli august september oktober november dezember",
        "january february march april may june july august september october november december",
    )
    for number, name in enumerate(names.split(), start=1)
} | {"jänner": 1, "maerz": 3}
_NUMBERS = {name: number for number, name in enumerate(
    "ein zwei drei vier fünf sechs sieben acht neun zehn".split(), start=1)} | {
    "einem": 1, "einer": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10,
}  # fmt: skip
_DAY_NAMES, _MONTH_NAMES = "|".join(_WEEKDAYS), "|".join(_MONTHS)
_COUNT = rf"\d{{1,2}}|{'|'.join(_NUMBERS)}"
# What tells of a day that is not the promise's: "Ihre Mail vom 3.11.", "since Monday".
_OTHER = r"(?<!vom\s)(?<!seit\s)(?<!ab\s)(?<!von\s)(?<!since\s)(?<!from\s)(?<!of\s)(?<!letzten\s)(?<!last\s)"
_WHEN = re.compile(
    rf"{_OTHER}\b(?:"
    rf"(?P<today>heute|today|tonight)|(?P<after>übermorgen|day after tomorrow)|(?P<tomorrow>morgen|tomorrow)"
    rf"|(?P<end>ende|end of)\s(?:(?P<which>der|dieser|the|this|nächster|kommender|next)\s)?(?P<week>woche|week)"
    rf"|(?P<monthend>ende|end of)\s(?:(?:des|dieses|the|this)\s)?(?P<month>monats|month)"
    rf"|(?P<span>nächste[rn]?|kommende[rn]?|next|diese[rn]?|this)\s(?:woche|week)"
    rf"|(?P<date>(?P<d>\d{{1,2}})\.\s?(?:(?P<m>\d{{1,2}})\.|(?P<mname>{_MONTH_NAMES})\b)\s?(?P<y>\d{{4}}|\d{{2}}\b)?)"
    rf"|(?P<edate>(?P<ed>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<em>{_MONTH_NAMES})\b(?:,?\s(?P<ey>\d{{4}}))?)"
    rf"|(?P<fdate>(?P<fm>{_MONTH_NAMES})\s(?P<fd>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s(?P<fy>\d{{4}}))?)"
    rf"|(?P<iso>(?P<iy>\d{{4}})-(?P<im>\d{{2}})-(?P<id>\d{{2}}))"
    rf"|(?:in|innerhalb(?:\svon)?|binnen|within)\s(?:the\snext\s|den\snächsten\s|der\snächsten\s)?"
    rf"(?P<n>{_COUNT})\s(?P<unit>tage?n?|wochen?|days?|weeks?)"
    rf"|(?P<weekday>{_DAY_NAMES})"
    r")\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Commitment:
    """What we promised: the day on which it is due, and the sentence that says so."""

    due: date
    quote: str


def commitments(text: str, said: date, *, with_files: bool = False) -> tuple[Commitment, ...]:
    """The promises in a text of ours, in order; five at most.

    Args:
        text: what is new in it.
        said: the day it was written, by which "tomorrow" is reckoned.
        with_files: something is enclosed; what is promised for the same day is taken to be that.
    """
    found: dict[str, Commitment] = {}
    for sentence in _plain(text[:LONGEST_TEXT]):
        due = _due(sentence, said)
        if due is None or not said <= due <= said + _FURTHEST or (with_files and due == said):
            continue
        found.setdefault(sentence, Commitment(due, sentence))
        if len(found) == _MOST:
            break
    return tuple(found.values())


def _plain(text: str) -> Iterator[str]:
    """The sentences that commit us to something, each on one line."""
    for begin, end in sentences(text):
        sentence = " ".join(text[begin:end].split())
        if len(sentence) <= _LONGEST_SENTENCE and _COMMITTED.search(sentence) and not _NO_PROMISE.search(sentence):
            yield sentence


def _due(sentence: str, said: date) -> date | None:
    """The day a sentence names; the latest of several, for that is until when there is time."""
    days = [_day(match, said) for match in _WHEN.finditer(_SALUTED.sub(" ", sentence))]
    return max((day for day in days if day is not None), default=None)


def _day(match: re.Match[str], said: date) -> date | None:  # noqa: PLR0911 — one return a form of a date
    if match["today"]:
        return said
    if match["after"]:
        return said + timedelta(days=2)
    if match["tomorrow"]:
        return said + timedelta(days=1)
    if match["end"]:
        return _friday(said, following=(match["which"] or "").lower() in ("nächster", "kommender", "next"))
    if match["monthend"]:
        return said.replace(day=monthrange(said.year, said.month)[1])
    if match["span"]:
        return _friday(said, following=match["span"].lower()[:4] not in ("dies", "this"))
    if match["n"]:
        count = int(match["n"]) if match["n"].isdigit() else _NUMBERS[_word(match["n"])]
        return said + timedelta(days=count * (7 if match["unit"].lower()[0] == "w" else 1))
    if match["weekday"]:
        ahead = (_WEEKDAYS[_word(match["weekday"])] - said.weekday() - 1) % 7 + 1
        return said + timedelta(days=ahead)
    for day, month, year in (
        ("d", "m", "y"),
        ("d", "mname", "y"),
        ("ed", "em", "ey"),
        ("fd", "fm", "fy"),
        ("id", "im", "iy"),
    ):
        if match[day] and match[month]:
            return _dated(match[day], match[month], match[year], said)
    return None


def _word(text: str) -> str:
    """A word as our lists have it; a pattern that ignores case also takes "ſ" for "s" and "ı" for "i"."""
    return text.casefold().replace("ı", "i")


def _friday(said: date, *, following: bool) -> date:
    """The last working day of a week: this one's, or the next one's."""
    monday = said - timedelta(days=said.weekday())
    friday = monday + timedelta(days=11 if following else 4)
    return max(friday, said)


def _dated(day: str, month: str, year: str | None, said: date) -> date | None:
    """A day of the calendar; without a year the next one of that name. None where there is none."""
    number = int(month) if month.isdigit() else _MONTHS[_word(month)]
    try:
        if year:
            return date(int(year) + (2000 if len(year) == 2 else 0), number, int(day))
        found = date(said.year, number, int(day))
        return found if found >= said else found.replace(year=said.year + 1)
    except ValueError:
        return None
