"""Charts as geometry: how tall each bar is and what stands beside it. `templates/chart.html` draws them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from assistant.web.moments import exact, number, short_day
from assistant.web.texts import t, texts

WIDTH, HEIGHT, FOOT, HEAD, GAP = 336, 104, 18, 16, 6
# A ranking: the longest bar, and from one to the next.
RANK_WIDTH, RANK_STEP = 190, 26


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `quiet` days are those on which nobody works."""

    x: float
    y: float
    width: float
    height: float
    title: str
    label: str
    value: str
    quiet: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars over a common base line."""

    width: int
    height: int
    bars: Sequence[Bar]
    label: str
    today: int
    total: int


def by_day(counts: Mapping[date, int], today: date, language: str, days: int = 14) -> Chart:
    """The last days up to today, one bar each; the tallest and today's carry their number."""
    shown = [today - timedelta(days=back) for back in reversed(range(days))]
    values = [counts.get(day, 0) for day in shown]
    tallest, total = max([*values, 1]), sum(values)
    step = WIDTH / days
    bars = []
    for index, (day, value) in enumerate(zip(shown, values, strict=True)):
        height = round(value / tallest * (HEIGHT - FOOT - HEAD), 1)
        told = value and (day == today or value == tallest)
        bars.append(
            Bar(
                x=round(index * step + GAP / 2, 1),
                y=round(HEIGHT - FOOT - max(height, 1), 1),
                width=round(step - GAP, 1),
                height=max(height, 1),
                title=t(language, "start.days_bar", day=exact(day, language, UTC), count=number(value, language)),
                label=short_day(day, language) if (days - 1 - index) % 3 == 0 else "",
                value=number(value, language) if told else "",
                quiet=day.weekday() > 4,
            )
        )
    label = t(language, "start.days_label", total=number(total, language))
    return Chart(WIDTH, HEIGHT, bars, label, values[-1], total)


def by_month(counts: Mapping[str, int], last: date, language: str, months: int = 12) -> Chart:
    """The months up to that of the last day, one bar each; keys are first days of months (ISO 8601)."""
    shown = [_month_back(last, back) for back in reversed(range(months))]
    values = [counts.get(day.isoformat(), 0) for day in shown]
    tallest, total = max([*values, 1]), sum(values)
    step = WIDTH / months
    bars = []
    for index, (day, value) in enumerate(zip(shown, values, strict=True)):
        height = round(value / tallest * (HEIGHT - FOOT - HEAD), 1)
        name = texts(language)["moments"]["months"][day.month - 1]
        bars.append(
            Bar(
                x=round(index * step + GAP / 2, 1),
                y=round(HEIGHT - FOOT - max(height, 1), 1),
                width=round(step - GAP, 1),
                height=max(height, 1),
                title=t(language, "start.days_bar", day=f"{name} {day.year}", count=number(value, language)),
                label=texts(language)["moments"]["months_short"][day.month - 1][:3]
                if (months - 1 - index) % 2 == 0
                else "",
                value=number(value, language) if value and (value == tallest or index == months - 1) else "",
                quiet=False,
            )
        )
    label = t(language, "reports.months_label", total=number(total, language))
    return Chart(WIDTH, HEIGHT, bars, label, values[-1], total)


@dataclass(frozen=True, slots=True)
class RankedBar:
    """A line of a ranking: its name, its share of the longest (0 to 1), and its number."""

    name: str
    width: float
    y: int
    value: str


def ranked(values: Sequence[tuple[str, int]], language: str) -> Sequence[RankedBar]:
    """Bars that lie below each other, the longest first."""
    longest = max((value for _, value in values), default=1)
    return [
        RankedBar(name, round(value / longest * RANK_WIDTH, 1), index * RANK_STEP, number(value, language))
        for index, (name, value) in enumerate(values)
    ]


def _month_back(day: date, back: int) -> date:
    months = day.year * 12 + day.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)
