"""What needs somebody who looks after Kingpost: looked at every few minutes, shown on the start page, and sent by mail.

    facts ─▶ rules.alarms ─▶ renew(): what has begun and what is over ─▶ one mail with it, in the same transaction

An alarm is told once when it begins and once when it is over. Gaps are looked for at night (`look_for_gaps`), a backup
says by itself how it went (`assistant.backing_up`).
"""

import logging
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

from cryptography import x509

from assistant import endings
from assistant.access import ANNOUNCE, WEB_SITE
from assistant.holidays import is_holiday_in
from assistant.mailboxes import Mailboxes
from assistant.outbox import post
from assistant.settings import Settings
from assistant.web.moments import exact, number
from assistant.web.texts import t
from connectors.certificates import context_of
from rules.alarms import QUARANTINE_PATIENCE, WEEKS, alarms
from rules.deadlines import BusinessHours, openings_of
from rules.terms.alarm import Alarm, AlarmFacts, AlarmKind, Ending, Flow, Room, Trouble
from rules.terms.errors import FileUnreadable, KeyUnfit, KingpostError
from rules.terms.mail import HealthState, Mailbox, MailboxKind
from rules.terms.outgoing import OutgoingKind
from rules.terms.staff import Role, Viewer
from storage.pool import Pool, Work

log = logging.getLogger("kingpost.alarms")

# What comes and goes within this is one alarm.
CALM = timedelta(hours=1)
# Those that are looked at by themselves.
APART = frozenset({AlarmKind.GAP, AlarmKind.BACKUP})
# What is about a mailbox.
_OF_MAILBOX = frozenset({AlarmKind.MAILBOX, AlarmKind.GAP, AlarmKind.SILENCE, AlarmKind.SIGN_IN})
# Whose failing is not explained already by the mailbox that cannot be watched.
_WATCHED = (HealthState.WATCHING, HealthState.READING)


@dataclass(frozen=True, slots=True)
class Watchman:
    """Looks, and tells."""

    pool: Pool
    settings: Settings
    mailboxes: Mailboxes
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def run(self, stop: Event | None = None) -> None:
        """Look once at all but gaps."""
        now = self.clock()
        found = self.found(now)
        with self.pool.begin() as work:
            renew(work, self.settings, found, set(AlarmKind) - APART, now, CALM)

    def found(self, now: datetime) -> list[Alarm]:
        """What is wrong now, gaps and backups left out."""
        firm = self.settings.firm
        hours = BusinessHours(openings_of(firm.business_hours), ZoneInfo(firm.time_zone), is_holiday_in(firm.holidays))
        with self.pool.read() as work:
            facts = self._facts(work, now, hours.zone)
        unfit = list(_unfit_certificates(self.settings))
        names = {one.about for one in unfit}
        found = [
            one for one in alarms(facts, hours, now) if one.kind is not AlarmKind.CERTIFICATE or one.about not in names
        ]
        return found + unfit + self._sign_ins(now.astimezone(hours.zone))

    def look_for_gaps(self, stop: Event) -> None:
        """Compare every watched mailbox with its server; one that cannot be reached keeps what is known of it."""
        with self.pool.read() as work:
            known = {alarm.about: alarm for alarm in work.alarms.all() if alarm.kind is AlarmKind.GAP}
        found = []
        for mailbox in self.mailboxes.all():
            if stop.is_set():
                return
            if mailbox.kind is not MailboxKind.IMAP:
                continue
            try:
                missing = sum(len(gap.missing) for audit in self.mailboxes.audit(mailbox.name) for gap in audit.gaps)
            except KingpostError as error:
                log.warning("not audited", extra={"mailbox": mailbox.name, "error": type(error).__name__})
                found += [known[mailbox.name]] if mailbox.name in known else []
            else:
                found += [Alarm(AlarmKind.GAP, mailbox.name, {"count": str(missing)})] if missing else []
        with self.pool.begin() as work:
            renew(work, self.settings, found, {AlarmKind.GAP}, self.clock())

    def _facts(self, work: Work, now: datetime, zone: ZoneInfo) -> AlarmFacts:
        health = work.mailboxes.health()
        boxes = {box.name: box for box in work.mailboxes.all()}
        troubled = {HealthState.LOGIN_REFUSED: True, HealthState.RETRYING: False}
        count, oldest = work.alarms.quarantined(now - QUARANTINE_PATIENCE)
        return AlarmFacts(
            rooms=tuple(rooms(self.settings)),
            endings=(*_certificates(self.settings), *_tokens(work)),
            flows=tuple(self._flows(work, now, boxes.values(), {name: one.state for name, one in health.items()})),
            troubles=tuple(
                Trouble(name, one.since, refused=troubled[one.state])
                for name, one in sorted(health.items())
                if one.state in troubled and name in boxes
            ),
            quarantined=(count, oldest.astimezone(zone).date() if oldest else None),
            known=work.alarms.keys(),
        )

    def _flows(
        self, work: Work, now: datetime, boxes: Collection[Mailbox], states: dict[str, HealthState]
    ) -> Iterator[Flow]:
        """Of shared mailboxes only: how much mail somebody gets is nobody's business."""
        for box in boxes:
            watched = box.kind is MailboxKind.DOOR or states.get(box.name) in _WATCHED
            if watched and not box.personal:
                flow = work.alarms.flow(box.name, now - timedelta(weeks=WEEKS + 1))
                if flow is not None:
                    yield flow

    def _sign_ins(self, now: datetime) -> list[Alarm]:
        with suppress(KeyUnfit):  # of which each mailbox's own health tells
            return [
                Alarm(AlarmKind.SIGN_IN, one.mailbox, {"provider": one.provider, "ends": one.on.isoformat()})
                for one in endings.endings(self.settings, self.mailboxes, now)
            ]
        return []


def renew(
    work: Work,
    settings: Settings,
    found: Sequence[Alarm],
    kinds: Collection[AlarmKind],
    now: datetime,
    patience: timedelta = timedelta(),
) -> None:
    """Take what was found in the place of what is known of these kinds, and let a mail tell what changed."""
    renewed = work.alarms.renew(found, kinds, now, patience)
    if not (renewed.begun or renewed.over):
        return
    log.warning("alarms", extra={"begun": len(renewed.begun), "over": len(renewed.over)})
    if settings.outgoing.on:
        subject, text = _letter(settings, renewed.begun, renewed.over)
        for recipient in settings.alarms.to:
            once = f"{now.isoformat()} {recipient}"
            post(
                work,
                settings.outgoing,
                OutgoingKind.ALARM,
                once=once,
                recipient=recipient,
                subject=subject,
                text=text,
                now=now,
            )


def told_to(alarm: Alarm, viewer: Viewer) -> bool:
    """Whether somebody is told: who looks after Kingpost, and leads, of mailboxes only where they may read them."""
    theirs = alarm.kind not in _OF_MAILBOX or alarm.about in viewer.mailboxes
    return viewer.role.at_least(Role.ADMIN) or (viewer.role.at_least(Role.LEAD) and theirs)


def sentences(alarm: Alarm, settings: Settings, language: str) -> tuple[str, str]:
    """What is wrong, in a line; and what to do about it."""
    zone = ZoneInfo(settings.firm.time_zone)
    if alarm.kind is AlarmKind.SIGN_IN:
        ends = date.fromisoformat(alarm.figures["ends"])
        text = endings.Ending(alarm.figures["provider"], ends, alarm.about).text(language)
        title, _, rest = text.partition(". ")
        return title, rest
    figures: dict[str, object] = {"about": alarm.about, **alarm.figures}
    for name in ("ends", "since", "last"):
        if alarm.figures.get(name):
            figures[name] = exact(_moment(alarm.figures[name]), language, zone)
    if "count" in alarm.figures:
        figures["count"] = int(alarm.figures["count"])
    if "free" in alarm.figures:
        figures["free"] = number(float(alarm.figures["free"]), language, 1)
    which = next((f"_{name}" for name in ("over", "refused", "unfit") if alarm.figures.get(name)), "")
    name = alarm.kind.value.replace("-", "_")
    return t(language, f"alarm.{name}{which}", **figures), t(language, f"alarm.{name}{which}_text", **figures)


def rooms(settings: Settings) -> Iterator[Room]:
    """The disks that pool and blobs lie on, or will lie on; each once."""
    seen: set[int] = set()
    places = [settings.blobs, settings.pool_url.removeprefix("sqlite:///")]
    for path in (Path(place) for place in places if "://" not in place):
        folder = next(one for one in (path, *path.parents) if one.is_dir())
        if (device := folder.stat().st_dev) not in seen:
            seen.add(device)
            usage = shutil.disk_usage(folder)
            yield Room(str(folder), usage.free, usage.total)


def _unfit_certificates(settings: Settings) -> Iterator[Alarm]:
    """Our own certificates that could not be used if they were read now; those in use go on meanwhile."""
    named = ((one.tls_cert, one.tls_key) for one in (settings.web, settings.smtp) if one.tls_cert and one.tls_key)
    for certificate, key in dict.fromkeys(named):
        try:
            context_of(settings.path(certificate), settings.path(key))
        except FileUnreadable as error:
            yield Alarm(AlarmKind.CERTIFICATE, certificate, {"unfit": str(error.details["reason"])})


def _certificates(settings: Settings) -> Iterator[Ending]:
    """The end of our own certificates; one that cannot be read is told when the service starts."""
    for name in dict.fromkeys(section.tls_cert for section in (settings.web, settings.smtp) if section.tls_cert):
        with suppress(OSError, ValueError):
            certificate = x509.load_pem_x509_certificate(settings.path(name).read_bytes())
            yield Ending(AlarmKind.CERTIFICATE, name, certificate.not_valid_after_utc)


def _tokens(work: Work) -> Iterator[Ending]:
    """Of programs that nobody sits at: a mail client says by itself that it wants a new one."""
    for staff in work.staff.all():
        for token in work.staff.tokens(staff.login):
            if token.expires is not None and token.scopes in (ANNOUNCE, WEB_SITE):
                yield Ending(AlarmKind.TOKEN, f"{staff.login}: {token.name}", token.expires)


def _letter(settings: Settings, begun: Sequence[Alarm], over: Sequence[Alarm]) -> tuple[str, str]:
    """Subject and text of a mail."""
    language = settings.firm.language
    news = [sentences(alarm, settings, language) for alarm in begun]
    mended = [sentences(alarm, settings, language)[0] for alarm in over]
    if len(begun) + len(over) > 1:
        subject = t(language, "alarm.subject_many", begun=len(begun), over=len(over))
    else:
        which, title = ("alarm.subject", news[0][0]) if news else ("alarm.subject_over", mended[0])
        subject = t(language, which, title=title)
    parts = [f"{title}\n{text}" for title, text in news]
    if mended:
        parts.append("\n".join([t(language, "alarm.over"), *(f"- {title}" for title in mended)]))
    parts.append(t(language, "alarm.closing", url=settings.base_url))
    return subject, "\n\n".join(parts) + "\n"


def _moment(written: str) -> datetime | date:
    return datetime.fromisoformat(written) if "T" in written else date.fromisoformat(written)
