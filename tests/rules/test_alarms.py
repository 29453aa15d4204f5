"""What is an alarm, and what is only a Sunday."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.alarms import alarms, silent
from rules.deadlines import BusinessHours, openings_of
from rules.terms.alarm import Alarm, AlarmFacts, AlarmKind, Ending, Flow, Room, Trouble

BERLIN = ZoneInfo("Europe/Berlin")
HOLIDAY = date(2026, 11, 18)  # Buß- und Bettag, a Wednesday
HOURS = BusinessHours(openings_of(["Mo-Fr 8-17"]), BERLIN, lambda day: day == HOLIDAY)
MONDAY = datetime(2026, 11, 23, 8, tzinfo=BERLIN)


def flow(
    until: datetime, per_hour: Callable[[datetime], float], *, weeks: int = 8, seed: int = 1, mailbox: str = "info"
) -> Flow:
    """Mail that comes as `per_hour` says, up to a moment."""
    chance = random.Random(seed)
    hours, last = set(), None
    slot = (until - timedelta(weeks=weeks)).replace(minute=0)
    while slot < until:
        if chance.random() < 1 - 2.718281828 ** -per_hour(slot.astimezone(BERLIN)):
            hours.add(slot.astimezone(UTC))
            last = slot + timedelta(minutes=59)
        slot += timedelta(hours=1)
    assert last is not None
    return Flow(mailbox, frozenset(hours), min(last, until))


def office(rate: float) -> Callable[[datetime], float]:
    """As much mail in office hours, little in the evening, hardly any at weekends and on holidays."""

    def per_hour(at: datetime) -> float:
        if at.weekday() > 4 or at.date() == HOLIDAY:
            return rate / 40
        return rate if 8 <= at.hour < 17 else rate / 8

    return per_hour


def test_a_busy_mailbox_that_has_gone_quiet_is_told_within_hours() -> None:
    busy = flow(MONDAY, office(6))
    quiet_for = [
        hours for hours in range(1, 10) if silent(busy, HOURS, MONDAY + timedelta(hours=hours, minutes=5)) is not None
    ]
    assert quiet_for[0] in (3, 4)
    assert quiet_for == list(range(quiet_for[0], 10))
    alarm = silent(busy, HOURS, MONDAY + timedelta(hours=6))
    assert alarm is not None
    assert (alarm.kind, alarm.about, alarm.figures["hours"]) == (AlarmKind.SILENCE, "info", "6")


def test_what_is_rarely_written_to_may_be_quiet_for_days() -> None:
    rare = flow(MONDAY, office(0.3))
    assert not [hours for hours in range(1, 30) if silent(rare, HOURS, MONDAY + timedelta(hours=hours))]


def test_neither_night_nor_weekend_nor_holiday_is_a_silence() -> None:
    friday = datetime(2026, 11, 20, 17, tzinfo=BERLIN)
    busy = flow(friday, office(6))
    assert not [hours for hours in range(64) if silent(busy, HOURS, friday + timedelta(hours=hours))]
    tuesday = datetime(2026, 11, 17, 17, tzinfo=BERLIN)
    busy = flow(tuesday, office(6))
    assert not [hours for hours in range(40) if silent(busy, HOURS, tuesday + timedelta(hours=hours))]
    assert silent(busy, HOURS, tuesday + timedelta(hours=39 + 6)) is not None


def test_a_mailbox_that_is_new_has_no_habit_yet() -> None:
    assert silent(flow(MONDAY, office(6), weeks=2), HOURS, MONDAY + timedelta(hours=8)) is None
    assert silent(flow(MONDAY, office(6), weeks=4), HOURS, MONDAY + timedelta(hours=8)) is not None


def test_an_earlier_outage_does_not_make_deaf() -> None:
    busy = flow(MONDAY, office(6))
    gap = (datetime(2026, 11, 2, tzinfo=BERLIN), datetime(2026, 11, 5, tzinfo=BERLIN))
    with_outage = replace(busy, hours=frozenset(hour for hour in busy.hours if not gap[0] <= hour < gap[1]))
    assert silent(with_outage, HOURS, MONDAY + timedelta(hours=6)) is not None


def test_without_business_hours_weekends_still_do_not_count() -> None:
    around = BusinessHours({}, BERLIN)
    friday = datetime(2026, 11, 20, 23, tzinfo=BERLIN)
    busy = flow(friday, lambda at: 3.0)
    assert not [hours for hours in range(49) if silent(busy, around, friday + timedelta(hours=hours))]
    assert silent(busy, around, friday + timedelta(hours=56)) is not None


@pytest.mark.parametrize("rate", [0.5, 1.0, 2.0, 6.0])
def test_false_alarms_are_rare(rate: float) -> None:
    """Ten ordinary weeks, looked at every five hours."""
    start = datetime(2026, 3, 2, 8, tzinfo=BERLIN)
    mail = flow(start + timedelta(weeks=10), office(rate), weeks=18)
    told = looked = 0
    for number in range(0, 10 * 7 * 24, 5):
        now = start + timedelta(hours=number)
        before = frozenset(hour for hour in mail.hours if now - timedelta(weeks=9) < hour < now)
        told += silent(Flow("info", before, max(before)), HOURS, now) is not None
        looked += 1
    assert told <= looked / 300


@given(
    hours=st.frozensets(
        st.datetimes(datetime(2026, 9, 1), datetime(2026, 11, 23)).map(
            lambda at: at.replace(minute=0, second=0, microsecond=0, tzinfo=UTC)
        ),
        min_size=1,
        max_size=60,
    ),
    now=st.datetimes(datetime(2026, 11, 1), datetime(2026, 12, 1)).map(lambda at: at.replace(tzinfo=UTC)),
)
def test_whatever_came_there_is_an_answer_and_none_right_after_mail(hours: frozenset[datetime], now: datetime) -> None:
    silent(Flow("info", hours, max(hours)), HOURS, now)
    assert silent(Flow("info", hours, now - timedelta(minutes=30)), HOURS, now) is None


NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def found(**facts: object) -> list[Alarm]:
    return alarms(AlarmFacts(**facts), HOURS, NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("free", "total", "known", "told"),
    [
        (900_000_000, 20_000_000_000, False, True),
        (1_100_000_000, 20_000_000_000, False, False),
        (4_000_000_000, 100_000_000_000, False, True),
        (20_000_000_000, 2_000_000_000_000, False, False),
        # it takes a little more than enough until it is over
        (1_100_000_000, 20_000_000_000, True, True),
        (1_300_000_000, 20_000_000_000, True, False),
    ],
)
def test_a_disk_is_told_before_it_is_full(free: int, total: int, known: bool, told: bool) -> None:
    room = Room("/srv", free, total)
    keys = frozenset({Alarm(AlarmKind.DISK, "/srv").key} if known else ())
    assert bool(found(rooms=(room,), known=keys)) is told


@pytest.mark.parametrize(
    ("kind", "days", "told", "over"),
    [
        (AlarmKind.CERTIFICATE, 15, False, ""),
        (AlarmKind.CERTIFICATE, 13, True, ""),
        (AlarmKind.CERTIFICATE, -1, True, "yes"),
        (AlarmKind.TOKEN, 13, True, ""),
    ],
)
def test_what_ends_is_told_in_time(kind: AlarmKind, days: int, told: bool, over: str) -> None:
    all_of_them = found(endings=(Ending(kind, "x", NOW + timedelta(days=days)),))
    assert [one.figures["over"] for one in all_of_them] == ([over] if told else [])


def test_a_server_may_be_away_for_a_while_and_a_refused_login_may_not() -> None:
    away = Trouble("office", NOW - timedelta(minutes=20), refused=False)
    assert found(troubles=(away,)) == []
    assert found(troubles=(replace(away, refused=True),))[0].kind is AlarmKind.MAILBOX
    assert found(troubles=(replace(away, since=NOW - timedelta(hours=2)),))[0].about == "office"


def test_old_quarantine_is_told_and_none_is_not() -> None:
    assert found(quarantined=(0, None)) == []
    (alarm,) = found(quarantined=(3, date(2026, 11, 20)))
    assert (alarm.kind, alarm.figures) == (AlarmKind.QUARANTINE, {"count": "3", "since": "2026-11-20"})
