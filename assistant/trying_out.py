"""A mailbox tried out before it is watched: does the login work, what lies there, how long will reading take, and what
does its mail say of the firm? Of the mails that are looked at nothing is kept but who checked their senders.
"""  # noqa: D205 — one sentence in two lines

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from assistant.reader import Reader
from assistant.reader_worker import ReadMail
from connectors.imap import Account, FolderInfo, Limits
from connectors.imap.survey import survey
from rules.confidential_folders import is_confidential
from rules.firm_proposals import Checker, OwnDomains, checker, own_domains
from rules.terms.mail import Address, FolderRole, Message

# So many of the newest mails are looked at, in the inbox and among the sent ones.
SAMPLE = 60
# How far back people want to read, in days; None: everything.
REACHES: tuple[int | None, ...] = (182, 365, 730, 1826, None)
# Somebody waits in front of the page.
PATIENT = Limits(connect_seconds=10.0, command_seconds=30.0)
# Storing takes its time too, beside fetching and reading (seconds a mail).
STORING = 0.002


@dataclass(frozen=True, slots=True)
class Reach:
    """A choice of how far back to read. `since` is None for everything; `seconds` what reading will take, about."""

    since: date | None
    days: int | None
    mails: Mapping[str, int]
    each: float

    def mails_in(self, folders: Iterable[str]) -> int:
        """How many mails of these folders are to be read."""
        return sum(self.mails.get(name, 0) for name in folders)

    def seconds_for(self, folders: Iterable[str]) -> float:
        """How long that will take, about."""
        return self.mails_in(folders) * self.each


@dataclass(frozen=True, slots=True)
class Trial:
    """What was found. `folders` are those that would be watched, `left_alone` those that never are by themselves.

    `received` are mails without their words (`_checked`).
    """

    folders: tuple[FolderInfo, ...]
    left_alone: tuple[str, ...]
    reaches: tuple[Reach, ...]
    announces: str
    newest: Mapping[str, tuple[int, ...]]
    received: tuple[Message, ...] = field(default=(), repr=False)

    @property
    def sent(self) -> str:
        """The Sent folder, "" where the server does not say and no name is known."""
        return next((one.name for one in self.folders if one.role is FolderRole.SENT), "")

    @property
    def confidential(self) -> frozenset[str]:
        """Folders that should not be read unless somebody wants it."""
        return frozenset(one.name for one in self.folders if is_confidential(one.name))


def tried(account: Account, reader: Reader, today: date) -> Trial:
    """Log in and look around.

    Raises:
        ConnectorError: the sentence says what is wrong and what to do.
    """
    report = account.check()
    watchable = tuple(one for one in report.folders if one.role.watched_by_default and not one.view)
    days = {reach: today - timedelta(days=reach) for reach in REACHES if reach is not None}
    found = survey(account, [one.name for one in watchable], list(days.values()), SAMPLE)
    messages, each = _sample(account, reader, "INBOX", found.newest.get("INBOX", ()))
    return Trial(
        watchable,
        tuple(one.name for one in report.folders if one not in watchable),
        tuple(
            Reach(days.get(reach) if reach else None, reach, found.counts[days[reach] if reach else None], each)
            for reach in REACHES
        ),
        report.announces,
        found.newest,
        tuple(map(_checked, messages)),
    )


def domains_of(account: Account, reader: Reader, trial: Trial, sent: str) -> OwnDomains:
    """The firm's domains by what lies in the Sent folder.

    Raises:
        ConnectorError: it cannot be read.
    """
    messages, _ = _sample(account, reader, sent, trial.newest.get(sent, ())) if sent else ((), 0.0)
    return own_domains(account.mailbox.address, messages)


def checker_of(trial: Trial, host: str, domains: Iterable[str]) -> Checker:
    """The name under which the firm's mail server checks senders, by the received mail."""
    return checker(trial.received, host, domains)


def _checked(mail: Message) -> Message:
    """What tells who checked a mail's sender, and nothing else of it."""
    return Message(
        "", None, Address(mail.sender.addr), "", None, "", 0, authentication_results=mail.authentication_results
    )


def _sample(account: Account, reader: Reader, folder: str, uids: tuple[int, ...]) -> tuple[tuple[Message, ...], float]:
    """Some mails as read, and the seconds that each took."""
    if not uids:
        return (), STORING
    began = time.monotonic()
    account.folders()
    connected = time.monotonic()
    raws = [mail.raw for fetched in account.fetch_uids(folder, uids) for mail in fetched.mails]
    read = reader.submit(raws).result(timeout=60)
    # Connecting is part of each look, but not of each mail.
    spent = time.monotonic() - connected - (connected - began)
    each = max(0.0, spent) / max(1, len(raws)) + STORING
    return tuple(one.message for one in read if isinstance(one, ReadMail)), each
