"""`kingpost check`: tries settings, pool, disk and mailboxes one by one and says in sentences what is wrong."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.bootstrap import opened_pool
from assistant.mailboxes import Mailboxes
from assistant.service import check_exposure
from assistant.settings import Settings, find
from rules.terms.errors import KingpostError
from rules.terms.mail import MailboxKind
from rules.terms.staff import Role
from storage.pool import Pool

ROOM = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried, with the outcome as a sentence."""

    good: bool
    text: str


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
        )
    yield _disk(settings, language)
    try:
        with opened_pool(settings) as pool:
            yield Finding(True, say("Datenpool", "Pool") + f": {pool.url}")
            yield from _in_pool(settings, pool, language)
    except KingpostError as error:
        yield Finding(False, error.text(language))


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
    for mailbox in known.values():
        try:
            watched = mailboxes.account_of(mailbox).watched()
        except KingpostError as error:
            yield Finding(False, f"{mailbox.name}: {error.text(language)}")
        else:
            yield Finding(True, f"{mailbox.name}: {', '.join(folder.name for folder in watched)}")


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
