"""`kingpost check`: tries settings, pool, disk and mailboxes one by one and says in sentences what is wrong."""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from assistant.alarms import APART, Watchman, sentences
from assistant.bootstrap import opened_pool
from assistant.endings import endings
from assistant.mailboxes import Mailboxes
from assistant.outbox import Outbox
from assistant.service import check_exposure
from assistant.settings import Settings, find
from rules.terms.alarm import AlarmKind
from rules.terms.errors import KeyUnfit, KingpostError
from rules.terms.mail import MailboxKind
from rules.terms.staff import Role
from storage.pool import Pool

ROOM = 1_000_000_000
# What is tried and told here anyway.
_TRIED = (AlarmKind.MAILBOX, AlarmKind.SIGN_IN, AlarmKind.QUARANTINE, AlarmKind.DISK)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried, with the outcome as a sentence; `weak`: it works, and something is missing."""

    good: bool
    text: str
    weak: bool = False


def checks(settings: Settings, language: str) -> Iterator[Finding]:
    """Try everything that can be tried without changing anything."""

    def say(de: str, en: str) -> str:
        return de if language == "de" else en

    yield Finding(True, say("Einstellungen", "Settings") + f": {find() or say('Vorgaben', 'defaults')}")
    try:
        check_exposure(settings)
        yield Finding(True, say("Seiten", "Pages") + f": {settings.base_url}")
    except KingpostError as error:
        yield Finding(False, error.text(language))
    if not settings.firm.domains:
        yield Finding(
            False,
            say(
                "[firm] domains fehlt: Ohne Ihre eigenen Maildomains gelten Ihre Mitarbeiter als Kunden.",
                "[firm] domains is missing: without your own mail domains your staff count as customers.",
            ),
        )
    if not settings.firm.authserv_id:
        yield Finding(
            True,
            say(
                "[firm] authserv_id fehlt: Absender gelten als „nicht geprüft“.",
                "[firm] authserv_id is missing: senders count as “not checked”.",
            ),
            weak=True,
        )
    if settings.smtp.recipients and not settings.smtp.trusted_relays:
        yield Finding(
            True,
            say(
                "[smtp] trusted_relays fehlt: Absender von Mails, die dort hereinkommen, gelten als „nicht geprüft“.",
                "[smtp] trusted_relays is missing: senders of mail that comes in there count as “not checked”.",
            ),
            weak=True,
        )
    yield _disk(settings, language)
    yield from _import_folders(settings, language)
    try:
        with opened_pool(settings) as pool:
            yield Finding(True, say("Datenpool", "Pool") + f": {pool.url}")
            yield from _in_pool(settings, pool, language)
    except KingpostError as error:
        yield Finding(False, error.text(language))


def _import_folders(settings: Settings, language: str) -> Iterator[Finding]:
    """Whether files can be read in the watched folders, and moved away in them."""
    for name in dict.fromkeys(one.folder for one in settings.import_folder):
        usable = os.access(settings.path(name), os.R_OK | os.W_OK | os.X_OK)
        if language == "de":
            text = f"Einlesen aus {name}" + ("" if usable else ": Der Ordner fehlt oder ist nicht beschreibbar.")
        else:
            text = f"Imports from {name}" + ("" if usable else ": it is missing, or may not be written.")
        yield Finding(usable, text)


def _in_pool(settings: Settings, pool: Pool, language: str) -> Iterator[Finding]:
    german = language == "de"
    with pool.read() as work:
        admins = [staff for staff in work.staff.all() if staff.role is Role.ADMIN and staff.active]
        customers, quarantined = work.customers.size(), work.quarantine.count()
    if not admins:
        yield Finding(
            False, "Es gibt keinen Administrator: kingpost init" if german else "No administrator: kingpost init"
        )
    yield Finding(True, f"{'Kunden' if german else 'Customers'}: {customers}")
    if settings.outgoing.on:
        yield _outgoing(settings, pool, language)
    if quarantined:
        yield Finding(
            False,
            f"{quarantined} Mails in Quarantäne: kingpost quarantine list"
            if german
            else f"{quarantined} mails in quarantine: kingpost quarantine list",
        )
    mailboxes = Mailboxes(settings, pool)
    declared = {one.name: one.mailbox() for one in settings.mailbox}
    known = {one.name: one for one in mailboxes.all() if one.kind is MailboxKind.IMAP} | declared
    if not known:
        yield Finding(
            True, "Noch kein Postfach: kingpost mailbox add" if german else "No mailbox yet: kingpost mailbox add"
        )
    with suppress(KeyUnfit):  # which is told below, for each mailbox
        for ending in endings(settings, mailboxes, datetime.now(ZoneInfo(settings.firm.time_zone))):
            yield Finding(False, ending.text(language))
    yield from _alarms(settings, pool, mailboxes, language)
    for mailbox in known.values():
        try:
            watched = mailboxes.account_of(mailbox).watched()
        except KingpostError as error:
            yield Finding(False, f"{mailbox.name}: {error.text(language)}")
        else:
            yield Finding(True, f"{mailbox.name}: {', '.join(folder.name for folder in watched)}")


def _alarms(settings: Settings, pool: Pool, mailboxes: Mailboxes, language: str) -> Iterator[Finding]:
    """What is wrong beside what is tried here: by today's facts, and by what the last audit and backup found."""
    with pool.read() as work:
        noted = [alarm for alarm in work.alarms.all() if alarm.kind in APART]
    found = Watchman(pool, settings, mailboxes).found(datetime.now(UTC))
    for alarm in (*noted, *(alarm for alarm in found if alarm.kind not in _TRIED)):
        yield Finding(False, " – ".join(sentences(alarm, settings, language)))
    if settings.alarms.to and not settings.outgoing.on:
        yield Finding(
            False,
            "[alarms] to nennt Adressen, aber ohne [outgoing] geht keine Mail hinaus."
            if language == "de"
            else "[alarms] to names addresses, but without [outgoing] no mail goes out.",
        )


def _outgoing(settings: Settings, pool: Pool, language: str) -> Finding:
    """Whether mail can go out."""
    try:
        Outbox(pool, settings).check()
    except KingpostError as error:
        return Finding(False, error.text(language))
    return Finding(True, f"{'Ausgehende Mail' if language == 'de' else 'Outgoing mail'}: {settings.outgoing.host}")


def _disk(settings: Settings, language: str) -> Finding:
    """Room where the blobs lie, or will lie."""
    if "://" in settings.blobs:
        return Finding(True, f"Blobs: {settings.blobs.split('://', 1)[0]}://…")
    folder = Path(settings.blobs)
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    good = free >= ROOM and os.access(folder, os.W_OK)
    gigabytes = f"{free / 1e9:,.1f} GB"
    if language == "de":
        return Finding(
            good, f"Platz unter {folder}: {gigabytes}" + ("" if good else " – zu wenig, oder nicht beschreibbar")
        )
    return Finding(good, f"Room at {folder}: {gigabytes}" + ("" if good else " – too little, or not writable"))
