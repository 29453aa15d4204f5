"""Setting the house up step by step, in the browser: the firm, a mailbox, what its mail says of the firm.

    address ──▶ server ──try──▶ what to read ──▶ own domains ──confirm──▶ kingpost.toml and pool, together
                └────── sealed in the pool (assistant.drafts), an hour at most; no mailbox is half stored ──────┘

What the firm is stands in kingpost.toml, which an administrator reads and changes by hand as well; so it is written
there. The mailbox goes the way of `kingpost mailbox add`: into the pool, its password sealed beside it.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import ValidationError

from assistant.access import Access
from assistant.backfill_progress import Backfills
from assistant.drafts import Draft, Drafts
from assistant.finding_servers import Sources, find_server
from assistant.first_start import FirstStart
from assistant.grants import Grant
from assistant.mailboxes import FILES, Mailboxes
from assistant.reader import Reader
from assistant.renewal import Renewal
from assistant.settings import FirmSettings, Settings
from assistant.settings_file import SettingsFile, Value
from assistant.signing_in import SigningIn
from assistant.trying_out import PATIENT, Reach, Trial, checker_of, domains_of, tried
from connectors.imap import Account
from connectors.oauth.authorization import Attempt
from rules.addresses import canonical, domain_of
from rules.terms.errors import DraftGone, WrongUse
from rules.terms.mail import Mailbox
from storage.pool import Pool
from storage.secrets import Vault

_DOMAIN = re.compile(r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_AUTHSERV = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,252}")
_ADDRESS = re.compile(r"[^\s@<>,;\x00-\x1f\x7f]{1,64}@[a-z0-9.-]{1,189}")


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person decided about a mailbox that can be read."""

    name: str
    owner: str | None
    members: frozenset[str]
    excluded: tuple[str, ...]
    sent: str
    days: int | None
    metadata_only: bool = False


class SettingUp:
    """What the set-up pages do. One for each life of the service."""

    def __init__(
        self,
        settings: Settings,
        pool: Pool,
        access: Access,
        mailboxes: Mailboxes,
        reader: Reader,
        sources: Sources | None = None,
    ) -> None:
        """Without a file (`bind`) nothing that stands in kingpost.toml can be changed."""
        self.first = FirstStart(pool, access)
        self.file: SettingsFile | None = None
        self.renewal = Renewal()
        self.backfills = Backfills(pool)
        self._settings = settings
        self._pool = pool
        self._mailboxes = mailboxes
        self._reader = reader
        self._sources = sources
        self._signing_in = SigningIn(mailboxes)
        self._drafts = Drafts(pool, Vault(settings.path(settings.pool.key_file)))

    def bind(self, file: SettingsFile | None) -> None:
        """From now on changes are written to this file."""
        self.file = file

    # -- the firm

    def save_firm(self, values: Mapping[str, Value]) -> None:
        """Write what the firm is; the service then begins anew with it.

        Raises:
            WrongUse: there is no file to write to.
            SettingsError: it cannot be meant; nothing is changed.
            SettingsUnwritable: the file must not be written.
        """
        file = self._file()
        with self.renewal.asked():
            file.change("firm", values)

    # -- a mailbox

    def begin(self, address: str, login: str, now: datetime) -> Draft:
        """Look for the server of an address.

        Raises:
            WrongUse: that is no address.
        """
        address = canonical(address)
        if not _ADDRESS.fullmatch(address) or not domain_of(address):
            raise WrongUse(
                problem="Please enter a whole mail address, for example office@example.org.",
                problem_de="Bitte geben Sie eine ganze Mailadresse ein, zum Beispiel buero@example.org.",
            )
        found = find_server(address, self._sources)
        server = found.server
        name = address.partition("@")[0]
        mailbox = Mailbox(name, address=address, host=server.host, port=server.port, tls=server.tls, user=server.user)
        draft = Draft(secrets.token_urlsafe(12), login, now, found, mailbox)
        self._drafts.keep(draft, now)
        return draft

    def draft(self, id: str, login: str, now: datetime) -> Draft:
        """A mailbox that somebody is setting up.

        Raises:
            DraftGone: not (any more), or somebody else's.
        """
        draft = self._drafts.get(id, now)
        if draft is None or draft.login != login:
            raise DraftGone
        return draft

    def try_out(self, draft: Draft, mailbox: Mailbox, secret: str, now: datetime) -> None:
        """Log in and look around.

        Args:
            draft: what is being set up; it keeps what was found.
            mailbox: with the server as it is to be tried.
            secret: the password.
            now: the present moment.

        Raises:
            ConnectorError: the sentence says what is wrong; the draft stays as it was.
        """
        self._look_around(draft, mailbox, secret, now)

    def signed_in(self, draft: Draft, attempt: Attempt, answer: Mapping[str, str], now: datetime) -> None:
        """Take what the browser brought back from a provider, and look around.

        Raises:
            SignInFailed: it answers no attempt of ours, or with no.
            ConnectorError: the sentence says what is wrong; the draft stays as it was.
        """
        grant = self._signing_in.complete_new(draft.mailbox, attempt, answer)
        self._look_around(draft, draft.mailbox, grant, now)

    def _look_around(self, draft: Draft, mailbox: Mailbox, secret: str | Grant, now: datetime) -> None:
        # Every folder is shown, so that a person can decide.
        trial = tried(self._account(replace(mailbox, confidential=True), secret), self._reader, now.date())
        draft.mailbox, draft.secret, draft.trial = mailbox, secret, trial
        draft.own = draft.checker = None
        self._drafts.keep(draft, now)

    def _account(self, mailbox: Mailbox, secret: str | Grant) -> Account:
        if isinstance(secret, Grant):
            return self._signing_in.account(mailbox, secret)
        return Account(mailbox, secret, PATIENT)

    def choose(self, draft: Draft, choices: Choices, now: datetime) -> None:
        """Take a person's decisions, and see what the mail says of the firm.

        Raises:
            WrongUse: the name is taken, or a folder is not there.
            DraftGone: the server has not been tried.
            ConnectorError: the mailbox cannot be read any more.
        """
        trial = _tried(draft)
        self._check_name(choices.name)
        known = {one.name for one in trial.folders}
        unknown = ({*choices.excluded} | ({choices.sent} if choices.sent else set())) - known
        watched = [one for one in trial.folders if one.name not in choices.excluded]
        if unknown or not watched:
            raise WrongUse(
                problem="Please choose among the folders that are there; at least one must be read.",
                problem_de="Bitte wählen Sie unter den vorhandenen Ordnern; mindestens einer muss gelesen werden.",
            )
        reach = reach_of(trial, choices.days)
        mailbox = replace(
            draft.mailbox,
            name=choices.name,
            owner=choices.owner,
            members=frozenset() if choices.owner else choices.members,
            excluded=choices.excluded,
            confidential=any(one.name in trial.confidential for one in watched),
            metadata_only=choices.metadata_only,
            sent=choices.sent if choices.sent and choices.sent != trial.sent else None,
            since=reach.since,
            expected=reach.mails_in(one.name for one in watched),
        )
        sent = "" if choices.sent in choices.excluded else choices.sent or trial.sent
        own = domains_of(self._account(mailbox, draft.secret), self._reader, trial, sent)
        draft.mailbox, draft.own = mailbox, own
        draft.checker = checker_of(trial, mailbox.host, {*own.domains, *self._settings.firm.domains})
        self._drafts.keep(draft, now)

    def finish(
        self, draft: Draft, domains: Sequence[str], staff: Sequence[str], authserv_id: str, now: datetime
    ) -> Mailbox:
        """Write what is confirmed and watch the mailbox; the service begins anew where the firm's settings changed.

        No watcher begins with the mailbox before the new settings hold: its mail would be read as strangers'.

        Raises:
            WrongUse: the name was taken in the meantime, or there is no file to write to.
            DraftGone: it has not been tried, or was finished by another page.
            SettingsError: what is written cannot be meant; nothing is changed.
            SettingsUnwritable: the file must not be written; nothing is changed.
        """
        _tried(draft)
        self._check_name(draft.mailbox.name)
        if not self._drafts.take(draft):
            raise DraftGone
        firm = self._settings.firm
        said: dict[str, Value] = {"domains": domains, "staff": staff, "authserv_id": authserv_id}
        before = {"domains": firm.domains, "staff": firm.staff, "authserv_id": firm.authserv_id or ""}
        try:
            if all(tuple(said[name] or ()) == tuple(before[name]) for name in said):
                self._mailboxes.add(draft.mailbox, draft.secret)
            else:
                file = self._file()
                with self.renewal.asked():
                    file.change("firm", said)
                    self._mailboxes.add(draft.mailbox, draft.secret)
        except BaseException:
            self._drafts.keep(draft, now)
            raise
        return draft.mailbox

    def _check_name(self, name: str) -> None:
        taken = {mailbox.name for mailbox in self._mailboxes.all()} | {FILES.name}
        if not name or len(name) > 60 or not name.isprintable() or name in taken:
            raise WrongUse(
                problem=f"“{name}” is taken, or no name. Choose another name for the mailbox.",
                problem_de=f"„{name}“ ist vergeben oder kein Name. Wählen Sie einen anderen Namen für das Postfach.",
            )

    def _file(self) -> SettingsFile:
        if self.file is None:
            raise WrongUse(
                problem="This Kingpost has no settings file that it could change.",
                problem_de="Dieses Kingpost hat keine Einstellungsdatei, die es ändern könnte.",
            )
        return self.file


def faults_in_firm(settings: Settings, values: Mapping[str, Value]) -> frozenset[str]:
    """Which of these options cannot be meant."""
    try:
        FirmSettings.model_validate({**settings.firm.model_dump(), **values})
    except ValidationError as error:
        return frozenset(str(one["loc"][0]) for one in error.errors())
    return frozenset()


def domains_in(text: str) -> tuple[str, ...]:
    """The domains that somebody wrote, parted by white space or commas, with or without the @."""
    return tuple(one.removeprefix("@") for one in text[:4000].lower().replace(",", " ").split())


def wrong_domains(domains: Sequence[str]) -> list[str]:
    """Which of them can be none."""
    return [one for one in domains if not _DOMAIN.fullmatch(one)]


def is_authserv(name: str) -> bool:
    """Whether a mail server could name itself so in Authentication-Results."""
    return bool(_AUTHSERV.fullmatch(name))


def reach_of(trial: Trial, days: int | None) -> Reach:
    """The choice of so many days; everything for what is none."""
    return next((one for one in trial.reaches if one.days == days), trial.reaches[-1])


def _tried(draft: Draft) -> Trial:
    if draft.trial is None:
        raise DraftGone
    return draft.trial
