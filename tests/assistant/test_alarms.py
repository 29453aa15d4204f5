"""Alarms: looked at, told by mail once when they begin and once when they are over."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant import backing_up
from assistant.alarms import Watchman, rooms, sentences
from assistant.checking import checks
from assistant.mailboxes import FolderAudit, Gap, Mailboxes
from assistant.settings import AlarmSettings, FirmSettings, OutgoingSettings, PoolSettings, Settings, SmtpSettings
from rules.terms.alarm import Alarm, AlarmKind, Room
from rules.terms.errors import BackupUnwritable, ServerUnreachable
from rules.terms.mail import Health, HealthState, Mailbox, MailboxKind, Placement
from rules.terms.outgoing import OutgoingKind, OutgoingMail
from rules.terms.pooled import NewMail
from rules.terms.staff import Staff
from storage.pool import Pool
from tests.servers.dovecot import certificates
from tests.storage.making import mail

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=BERLIN)
EMPTY = [Room("/srv", 10**12, 10**12)]
FULL = [Room("/srv", 10**8, 10**12)]


@dataclass
class House:
    """A pool, settings, and a watchman with a clock of his own."""

    pool: Pool
    settings: Settings
    now: datetime = MONDAY

    @property
    def watchman(self) -> Watchman:
        return Watchman(self.pool, self.settings, Mailboxes(self.settings, self.pool), lambda: self.now)

    def runs(self, **later: float) -> None:
        self.now += timedelta(**later)
        self.watchman.run()

    def mails(self) -> list[OutgoingMail]:
        with self.pool.read() as work:
            return work.outbox.page()[::-1]

    def alarms(self) -> list[Alarm]:
        with self.pool.read() as work:
            return work.alarms.all()


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr("assistant.alarms.rooms", lambda settings: EMPTY)
    settings = Settings(
        home=tmp_path,
        firm=FirmSettings(name="Muster GmbH", domains=("muster.example",), authserv_id="mx"),
        pool=PoolSettings(url="sqlite:///pool.sqlite", blobs="blobs", key_file="key"),
        outgoing=OutgoingSettings(host="smtp.muster.example", sender="info@muster.example"),
        alarms=AlarmSettings(to=("edv@muster.example", "chef@muster.example")),
    )
    pool = Pool.create(settings.pool_url, settings.blobs)
    yield House(pool, settings)
    pool.close()


def test_one_mail_when_it_begins_and_one_when_it_is_over(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.runs()
    assert house.mails() == []
    monkeypatch.setattr("assistant.alarms.rooms", lambda settings: FULL)
    for _ in range(20):
        house.runs(minutes=5)
    first, second = house.mails()
    assert {first.recipient, second.recipient} == {"edv@muster.example", "chef@muster.example"}
    assert (first.kind, first.subject) == (OutgoingKind.ALARM, "Kingpost: Der Speicherplatz wird knapp: noch 0,1 GB")
    assert "/srv" in first.text
    assert house.settings.base_url in first.text
    monkeypatch.setattr("assistant.alarms.rooms", lambda settings: EMPTY)
    for _ in range(30):
        house.runs(minutes=5)
    assert len(house.mails()) == 4
    assert house.mails()[2].subject.startswith("Kingpost: wieder in Ordnung: Der Speicherplatz")
    assert house.alarms() == []


def test_several_at_once_are_one_mail(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.alarms.rooms", lambda settings: FULL)
    with house.pool.begin() as work:
        place = Placement("info", "INBOX", 7, 1)
        work.quarantine.add("d", place, "nested", house.now, house.now - timedelta(days=2))
    house.runs()
    mails = house.mails()
    assert len(mails) == 2
    assert mails[0].subject == "Kingpost: 2 neue Hinweise, 0 erledigt"
    assert "Eine Mail liegt seit über einem Tag in Quarantäne" in mails[0].text


def test_what_is_told_and_what_is_stored_are_one(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.alarms.rooms", lambda settings: FULL)

    def dies(*args: object, **more: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr("assistant.alarms.post", dies)
        with pytest.raises(RuntimeError):
            house.runs()
    assert (house.alarms(), house.mails()) == ([], [])
    house.runs()
    assert (len(house.alarms()), len(house.mails())) == (1, 2)


def test_without_addresses_or_account_nothing_is_sent(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.alarms.rooms", lambda settings: FULL)
    house.settings = house.settings.model_copy(update={"outgoing": OutgoingSettings()})
    house.runs()
    assert (len(house.alarms()), house.mails()) == (1, [])


def filled(house: House, *boxes: Mailbox) -> None:
    """Eight weeks of mail, every office hour, into each of these."""
    with house.pool.begin() as work:
        for box in boxes:
            work.mailboxes.put(box)
            if box.kind is MailboxKind.IMAP:
                work.mailboxes.set_health(box.name, Health(HealthState.WATCHING, MONDAY - timedelta(days=90)))
            slot = MONDAY - timedelta(weeks=8)
            news: list[NewMail] = []
            while slot < MONDAY:
                if slot.weekday() < 5 and 8 <= slot.hour < 17:
                    name = f"{box.name}-{slot.isoformat()}"
                    news.append(mail(name, mailbox=box.name, uid=len(news) + 1, arrived=slot.astimezone(UTC)))
                slot += timedelta(hours=1)
            work.messages.add(news)


def test_a_shared_mailbox_or_a_door_that_has_gone_quiet_is_told_and_a_persons_is_not(house: House) -> None:
    filled(house, Mailbox("office"), Mailbox("anna", owner="anna"), Mailbox("journal", MailboxKind.DOOR))
    house.runs()
    assert house.alarms() == []
    house.runs(hours=6)
    assert [(alarm.kind, alarm.about) for alarm in house.alarms()] == [
        (AlarmKind.SILENCE, "journal"),
        (AlarmKind.SILENCE, "office"),
    ]
    title, text = sentences(house.alarms()[0], house.settings, "de")
    assert title == "journal: Ungewöhnlich still"
    assert "Geschäftsstunden ist nichts gekommen, zuletzt" in text


def test_a_mailbox_that_cannot_be_watched_is_told_once_and_for_that(house: House) -> None:
    filled(house, Mailbox("office"))
    with house.pool.begin() as work:
        work.mailboxes.set_health("office", Health(HealthState.RETRYING, house.now))
    house.runs(minutes=30)
    assert house.alarms() == []
    house.runs(hours=6)
    assert [(alarm.kind, alarm.about) for alarm in house.alarms()] == [(AlarmKind.MAILBOX, "office")]
    with house.pool.begin() as work:
        work.mailboxes.set_health("office", Health(HealthState.LOGIN_REFUSED, house.now))
    house.runs(minutes=5)
    assert "Anmeldung" in sentences(house.alarms()[0], house.settings, "de")[0]
    assert len(house.mails()) == 2


def test_certificates_and_unattended_tokens_are_told_before_they_end(house: House) -> None:
    certificates(house.settings.home)  # valid for thirty days
    house.now = datetime.now(UTC)
    house.settings = house.settings.model_copy(update={"smtp": SmtpSettings(tls_cert="cert.pem", tls_key="key.pem")})
    with house.pool.begin() as work:
        work.staff.put(Staff("anna", "Anna"), "x")
        work.staff.add_token("1", "anna", "Webseite", frozenset({"web-site"}), house.now + timedelta(days=25))
        work.staff.add_token("2", "anna", "Outlook", frozenset({"read"}), house.now + timedelta(hours=8))
    house.runs()
    assert house.alarms() == []
    house.runs(days=20)
    assert sorted((alarm.kind.value, alarm.about) for alarm in house.alarms()) == [
        ("certificate", "cert.pem"),
        ("token", "anna: Webseite"),
    ]
    house.runs(days=11)
    said = [sentences(alarm, house.settings, "en")[0] for alarm in house.alarms()]
    assert any(line.startswith("The certificate has expired, on") for line in said)


def test_a_renewed_certificate_that_cannot_be_used_is_an_alarm_until_it_can(house: House) -> None:
    certificates(house.settings.home)
    house.now = datetime.now(UTC)
    house.settings = house.settings.model_copy(update={"smtp": SmtpSettings(tls_cert="cert.pem", tls_key="key.pem")})
    key = (house.settings.home / "key.pem").read_bytes()
    (house.settings.home / "key.pem").write_text("half written")
    house.runs()
    [alarm] = house.alarms()
    assert sentences(alarm, house.settings, "en")[0] == "The new certificate cannot be used"
    assert "cert.pem" in sentences(alarm, house.settings, "de")[1]
    (house.settings.home / "key.pem").write_bytes(key)
    house.runs(hours=2)
    assert house.alarms() == []


def audits(missing: int) -> list[FolderAudit]:
    gaps = (Gap("INBOX", None, 9, 9 - missing, tuple(range(missing))),) if missing else ()
    return [FolderAudit("INBOX", 9, 9 - missing, 0, 0, gaps)]


def test_gaps_are_looked_for_at_night_and_kept_while_the_server_is_away(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with house.pool.begin() as work:
        work.mailboxes.put(Mailbox("office"))
        work.mailboxes.put(Mailbox("journal", MailboxKind.DOOR))
    found: list[FolderAudit] | None = audits(3)

    def audit(mailboxes: Mailboxes, name: str) -> list[FolderAudit]:
        assert name == "office"
        if found is None:
            raise ServerUnreachable(host="x", port=1, reason="away")
        return found

    monkeypatch.setattr(Mailboxes, "audit", audit)
    house.watchman.look_for_gaps(threading.Event())
    assert sentences(house.alarms()[0], house.settings, "de")[0] == "office: 3 Mails fehlen"
    house.runs(minutes=5)
    found = None
    house.watchman.look_for_gaps(threading.Event())
    assert len(house.alarms()) == 1
    found = audits(0)
    house.watchman.look_for_gaps(threading.Event())
    assert house.alarms() == []
    assert len(house.mails()) == 4


def test_a_backup_that_failed_is_told_until_one_succeeds(house: House, tmp_path: Path) -> None:
    with pytest.raises(BackupUnwritable):
        backing_up.back_up(house.settings, tmp_path / "nowhere" / "backup.tar")
    house.runs(minutes=5)
    (alarm,) = house.alarms()
    assert alarm.kind is AlarmKind.BACKUP
    assert "backup.tar" in sentences(alarm, house.settings, "de")[1]
    backing_up.back_up(house.settings, tmp_path / "backup.tar")
    assert house.alarms() == []


def test_check_says_what_an_alarm_says(house: House) -> None:
    filled(house, Mailbox("journal", MailboxKind.DOOR))
    said = [finding.text for finding in checks(house.settings, "de") if not finding.good]
    assert not any("still" in line for line in said)
    with house.pool.begin() as work:
        work.alarms.renew([Alarm(AlarmKind.GAP, "office", {"count": "1"})], {AlarmKind.GAP}, house.now)
    quiet = house.settings.model_copy(update={"outgoing": OutgoingSettings()})
    said = [finding.text for finding in checks(quiet, "en") if not finding.good]
    assert any(line.startswith("office: one mail is missing") for line in said)
    assert any("[alarms]" in line for line in said)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", [kind for kind in AlarmKind if kind is not AlarmKind.SIGN_IN])
def test_every_alarm_has_its_sentences(house: House, kind: AlarmKind, language: str) -> None:
    figures = {"count": "2", "since": "2026-11-20", "hours": "5", "last": "2026-11-20T08:00:00+00:00"}
    figures |= {"free": "0.4", "ends": "2026-11-30", "reason": "Nein."}
    for more in ({}, {"over": "yes"}, {"refused": "yes"}):
        if more and kind not in (AlarmKind.CERTIFICATE, AlarmKind.TOKEN) and "over" in more:
            continue
        if more and kind is not AlarmKind.MAILBOX and "refused" in more:
            continue
        title, text = sentences(Alarm(kind, "x", figures | more), house.settings, language)
        assert title
        assert "{" not in title + text


def test_rooms_are_the_disks_where_pool_and_blobs_will_lie(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, pool=PoolSettings(url="sqlite:///a/b/pool.sqlite", blobs="c/blobs"))
    assert [room.folder for room in rooms(settings)] == [str(tmp_path)]
    away = replace(next(iter(rooms(settings))), folder="")
    assert away.total > away.free > 0
    assert list(rooms(Settings(pool=PoolSettings(url="postgresql://x@y/z", blobs="s3://bucket/blobs")))) == []
