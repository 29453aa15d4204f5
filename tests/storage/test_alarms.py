"""Alarms in the pool: told once when they begin and once when they are over."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from rules.terms.alarm import Alarm, AlarmKind
from rules.terms.customer import Customer
from rules.terms.mail import Direction, Placement
from storage.pool import Pool
from storage.restrictions import Restriction
from tests.storage.making import mail

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
DISK = Alarm(AlarmKind.DISK, "/srv", {"free": "0.5"})
GAP = Alarm(AlarmKind.GAP, "office", {"count": "3"})
REST = set(AlarmKind) - {AlarmKind.GAP}
HOUR = timedelta(hours=1)


def test_an_alarm_begins_once_and_is_over_once(pool: Pool) -> None:
    with pool.begin() as work:
        renewed = work.alarms.renew([DISK, DISK], REST, NOW)
        assert ([one.about for one in renewed.begun], renewed.over) == (["/srv"], ())
        assert work.alarms.renew([DISK], REST, NOW + HOUR).begun == ()
        (known,) = work.alarms.all()
        assert (known.since, known.figures) == (NOW, {"free": "0.5"})
        assert [one.key for one in work.alarms.renew([], REST, NOW + HOUR).over] == [DISK.key]
        assert work.alarms.renew([], REST, NOW + 2 * HOUR).over == ()
        assert work.alarms.all() == []


def test_what_comes_and_goes_is_one_alarm(pool: Pool) -> None:
    with pool.begin() as work:
        work.alarms.renew([DISK], REST, NOW, HOUR)
        for minutes in range(5, 300, 10):
            at = NOW + timedelta(minutes=minutes)
            renewed = work.alarms.renew([DISK] if minutes % 20 == 5 else [], REST, at, HOUR)
            assert (renewed.begun, renewed.over) == ((), ())
            # The page shows what is wrong now, and nothing that has just been mended.
            assert len(work.alarms.all()) == (minutes % 20 == 5)
            assert work.alarms.keys() == {DISK.key}


def test_figures_change_and_the_alarm_stays_the_same(pool: Pool) -> None:
    with pool.begin() as work:
        work.alarms.renew([DISK], REST, NOW)
        fuller = Alarm(AlarmKind.DISK, "/srv", {"free": "0.1", "größe": "„viel“"})
        assert work.alarms.renew([fuller], REST, NOW + HOUR).begun == ()
        assert work.alarms.all()[0].figures == fuller.figures


def test_what_was_not_looked_at_stays(pool: Pool) -> None:
    with pool.begin() as work:
        work.alarms.renew([GAP], {AlarmKind.GAP}, NOW)
        assert work.alarms.renew([DISK], REST, NOW).over == ()
        assert [one.kind for one in work.alarms.all()] == [AlarmKind.DISK, AlarmKind.GAP]
        assert [one.kind for one in work.alarms.renew([], {AlarmKind.GAP}, NOW).over] == [AlarmKind.GAP]


def test_a_flow_tells_the_hours_of_others_mail_only(pool: Pool) -> None:
    with pool.begin() as work:
        work.messages.add(
            [
                mail("a", uid=1, arrived=NOW + timedelta(minutes=3)),
                mail("b", uid=2, arrived=NOW + timedelta(minutes=50)),
                replace(mail("c", uid=3, arrived=NOW + timedelta(hours=2)), direction=Direction.OUTGOING),
                mail("d", uid=4, arrived=NOW - timedelta(days=90)),
            ]
        )
        flow = work.alarms.flow("info", NOW - timedelta(days=60))
        assert flow is not None
        assert (flow.hours, flow.last) == (frozenset({NOW}), NOW + timedelta(minutes=50))
        assert work.alarms.flow("info", NOW + timedelta(days=1)) is None
        assert work.alarms.flow("nobody", NOW - timedelta(days=60)) is None


def test_customers_in_junk_go_with_their_mail_and_follow_their_record(pool: Pool) -> None:
    with pool.begin() as work:
        work.customers.upsert([Customer("C1", "Hansen"), Customer("C2", "Hansen alt")], [])
        for uid, customer in ((1, "C1"), (2, "C2"), (3, "C2")):
            work.sightings.see(Placement("office", "Junk", 7, uid), customer, NOW + uid * HOUR)
            work.sightings.see(Placement("office", "Junk", 7, uid), customer, NOW + uid * HOUR)
        page = work.sightings.page(["office"], NOW)
        assert [(one.name, one.count, one.latest) for one in page] == [
            ("Hansen alt", 2, NOW + 3 * HOUR),
            ("Hansen", 1, NOW + HOUR),
        ]
        assert work.sightings.page(["other"], NOW) == []
        assert work.sightings.page(["office"], NOW + 9 * HOUR) == []
        merge = work.merges.merge("C1", "C2", "anna", NOW)
        assert [one.count for one in work.sightings.page(["office"], NOW)] == [3]
        work.merges.undo(merge, "anna", NOW)
        assert [one.count for one in work.sightings.page(["office"], NOW)] == [2, 1]
        work.restrictions.put(Restriction("C1", NOW, None, "anna"))
        assert [one.name for one in work.sightings.page(["office"], NOW)] == ["Hansen alt"]
        assert work.messages.mark_gone("office", "Junk", 7, [3], NOW) == 1
        work.erasures.erase_customers(["C1"])
        assert [(one.name, one.count) for one in work.sightings.page(["office"], NOW)] == [("Hansen alt", 1)]
        assert work.messages.live_uids("office", "Junk", 7) == {2}
        work.messages.mark_folder_gone("office", "Junk", NOW)
        assert work.sightings.page(["office"], NOW) == []
