"""The accounts that are watched: declaring them, their passwords, reading their past, and proving that nothing is lost.

Mailboxes of kingpost.toml are copied into the pool when the service starts; those added by command live there only.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from assistant.grants import Grant, Grants, Login
from assistant.intake import Batch, Intake, Received
from assistant.named_secrets import named_secret
from assistant.providers import Providers
from assistant.settings import FILES_NAME, Settings
from assistant.watching import batch_of
from connectors.imap import Account, Fetched
from rules.terms.errors import ApplicationRefused, KeyUnfit, NotFound, PasswordMissing, UnknownName, WrongUse
from rules.terms.mail import Cursor, FolderRole, Mailbox, MailboxKind
from storage.pool import Pool, Work
from storage.secrets import Vault

FILES = Mailbox(FILES_NAME, MailboxKind.FILES)


@dataclass(frozen=True, slots=True)
class Gap:
    """A day of a folder on which the server and the pool differ. `missing` are UIDs the pool does not hold."""

    folder: str
    day: date | None
    on_server: int
    in_pool: int
    missing: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FolderAudit:
    """What the audit of a folder found.

    `ahead`: mails beyond the cursor, still to be read in the ordinary way. `kept_out`: what lies on the server and was
    erased here, or is left out; it is not missing. `older`: what arrived before the day from which the mailbox is read.
    """

    folder: str
    on_server: int
    in_pool: int
    ahead: int
    gone: int
    gaps: tuple[Gap, ...]
    kept_out: int = 0
    older: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far reading a folder's past has come."""

    folder: str
    done: int
    total: int
    received: Received


class Mailboxes:
    """What can be done with watched accounts."""

    def __init__(self, settings: Settings, pool: Pool) -> None:
        """The key that seals passwords is made when the first one is stored."""
        self._settings = settings
        self._pool = pool
        self._vault = Vault(settings.path(settings.pool.key_file))
        self.providers = Providers(settings, pool)
        self.grants = Grants(pool, self._vault, self.providers)

    def declare(self) -> None:
        """Copy what kingpost.toml says of mailboxes into the pool; what it no longer names becomes an added one.

        Raises:
            MailboxPersonal: it takes a personal mailbox from its owner; nothing is changed.
        """
        declared = [one.mailbox() for one in self._settings.mailbox]
        names = {one.name for one in declared}
        with self._pool.begin() as work:
            for mailbox in work.mailboxes.all():
                if mailbox.declared and mailbox.name not in names:
                    work.mailboxes.put(replace(mailbox, declared=False))
            for mailbox in declared:
                known = work.mailboxes.get(mailbox.name)
                # Following and marks are switched on the page; the file says how it is at first.
                switched = replace(mailbox, follow=known.follow, marks=known.marks) if known else mailbox
                work.mailboxes.put(_spelled(work, switched))

    def all(self) -> list[Mailbox]:
        """Every mailbox of the pool; one that is new in kingpost.toml is taken in, whether a service runs or not."""
        with self._pool.read() as work:
            found = work.mailboxes.all()
        if {one.name for one in self._settings.mailbox} <= {mailbox.name for mailbox in found}:
            return found
        self.declare()
        with self._pool.read() as work:
            return work.mailboxes.all()

    def get(self, name: str) -> Mailbox:
        """The mailbox of that name.

        Raises:
            UnknownName: there is none.
        """
        known = {mailbox.name: mailbox for mailbox in self.all()}
        if name not in known:
            names = ", ".join(known) or "–"
            raise UnknownName(what="mailbox", name=name, hint=f"Known: {names}.", hint_de=f"Bekannt: {names}.")
        return known[name]

    def add(self, mailbox: Mailbox, secret: str | Grant) -> None:
        """Remember an account and seal its password, or what a sign-in gave. The caller has tried the login.

        A grant without tokens is an account for which somebody has yet to sign in.

        Raises:
            WrongUse: the name belongs to a mailbox of kingpost.toml, or to mail that comes by file or by the door.
            MailboxPersonal: it is, or was until it was removed, somebody else's.
        """
        sealed = self.grants.seal(secret) if isinstance(secret, Grant) else self._vault.seal(secret)
        with self._pool.begin() as work:
            known = work.mailboxes.get(mailbox.name)
            taken = known is not None and (known.declared or known.kind is not MailboxKind.IMAP)
            if taken or mailbox.name == FILES.name:
                raise WrongUse(
                    problem=f"“{mailbox.name}” is taken. Choose another name.",
                    problem_de=f"„{mailbox.name}“ ist vergeben. Wählen Sie einen anderen Namen.",
                )
            work.mailboxes.put(_spelled(work, mailbox))
            work.mailboxes.set_secret(mailbox.name, sealed)

    def add_files(self) -> Mailbox:
        """The mailbox of mail that comes by file, made where it is missing.

        Raises:
            WrongUse: another mailbox has its name.
        """
        with self._pool.begin() as work:
            known = work.mailboxes.get(FILES.name)
            if known is None:
                work.mailboxes.put(FILES)
            elif known.kind is not MailboxKind.FILES:
                raise WrongUse(
                    problem=f"The name “{FILES.name}” is kept for mail that comes by file, but another mailbox has it. "
                    "Add that one under another name, then remove this one.",
                    problem_de=f"Der Name „{FILES.name}“ gehört Mails aus Dateien, aber ein anderes Postfach hat ihn. "
                    "Legen Sie jenes unter einem anderen Namen an, dann entfernen Sie dieses.",
                )
        return known or FILES

    def share(self, name: str) -> None:
        """Make a shared mailbox of a personal one; what lies in the pool of it is then open to others too.

        Raises:
            UnknownName: there is and was no such mailbox.
            WrongUse: kingpost.toml names an owner, who would get it back.
        """
        if any(declared.name == name and declared.owner is not None for declared in self._settings.mailbox):
            raise WrongUse(
                problem=f"kingpost.toml names an owner of “{name}”; take that line out first.",
                problem_de=f"kingpost.toml nennt einen Besitzer von „{name}“; nehmen Sie zuerst diese Zeile heraus.",
            )
        with self._pool.begin() as work:
            work.mailboxes.share(name)

    def remove(self, name: str) -> None:
        """Stop watching an account. Its mail stays in the pool until retention removes it.

        The mail of a personal mailbox stays its owner's.

        Raises:
            UnknownName: there is no such mailbox.
            WrongUse: it stands in kingpost.toml.
        """
        if self.get(name).declared:
            raise WrongUse(
                problem=f"“{name}” stands in kingpost.toml; remove it there.",
                problem_de=f"„{name}“ steht in kingpost.toml; entfernen Sie es dort.",
            )
        with self._pool.begin() as work:
            work.mailboxes.remove(name)

    def set_junk(self, name: str, on: bool) -> None:
        """Look for customers in the Junk folder of an account, or no longer; nothing of that mail is stored.

        Raises:
            UnknownName: there is no such mailbox.
            WrongUse: it is no account, or stands in kingpost.toml.
        """
        found = self.get(name)
        if found.kind is not MailboxKind.IMAP:
            raise _no_account(found)
        if found.declared:
            raise WrongUse(
                problem=f"“{name}” stands in kingpost.toml; set junk there.",
                problem_de=f"„{name}“ steht in kingpost.toml; setzen Sie junk dort.",
            )
        with self._pool.begin() as work:
            work.mailboxes.set_junk(name, on)
            if not on:
                work.sightings.forget(name)

    def set_marks(self, name: str, on: bool) -> None:
        """Let Kingpost write its keywords into a shared mailbox, or take ours out of it again.

        Raises:
            UnknownName: there is no such mailbox.
            WrongUse: it is no account, or somebody's own.
        """
        found = self.get(name)
        if found.kind is not MailboxKind.IMAP:
            raise _no_account(found)
        if found.personal:
            raise WrongUse(
                problem=f"“{name}” is {found.owner}'s own; they alone decide about marks in it, on the start page.",
                problem_de=f"„{name}“ gehört {found.owner}; über Markierungen darin entscheidet nur diese Person, auf "
                "der Startseite.",
            )
        with self._pool.begin() as work:
            work.mailboxes.set_marks(name, on)

    def account(self, name: str) -> Account:
        """The account behind a mailbox, with its password.

        Raises:
            UnknownName: there is no such mailbox.
            WrongUse: it is no account.
            PasswordMissing: its password is nowhere to be found.
        """
        return self.account_of(self.get(name))

    def account_of(self, mailbox: Mailbox) -> Account:
        """The same for a mailbox that may not be in the pool yet."""
        if mailbox.kind is not MailboxKind.IMAP:
            raise _no_account(mailbox)
        return Account(mailbox, self.login(mailbox))

    def login(self, mailbox: Mailbox) -> str | Login:
        """The password, from where the settings say or out of the sealed store; or what hands out tokens.

        Raises:
            PasswordMissing: it is nowhere to be found; the sentence says where it was expected.
        """
        declared = next((one for one in self._settings.mailbox if one.name == mailbox.name), None)
        if declared is not None and declared.oauth is not None:
            return self._signed_in(mailbox.name, declared.oauth)
        if declared is not None:
            named = named_secret(self._settings, mailbox.name, declared.password_env, declared.password_file)
            if named is not None:
                return named
        with self._pool.read() as work:
            sealed = work.mailboxes.secret(mailbox.name)
        if sealed is None:
            raise PasswordMissing(mailbox=mailbox.name, reason="none stored")
        secret = self._vault.open(sealed)
        grant = Grant.read(secret)
        return secret if grant is None else self.grants.login(mailbox.name, grant)

    def grant(self, name: str) -> Grant | None:
        """What there is of a sign-in for a mailbox; None where it has a password.

        Raises:
            UnknownName: there is no such mailbox.
        """
        declared = next((one for one in self._settings.mailbox if one.name == name), None)
        self.get(name)
        if declared is not None and declared.oauth is not None:
            self._signed_in(name, declared.oauth)
        return self.grants.of(name)

    def signs_in(self, name: str) -> bool:
        """Whether a person has to sign in at a provider for this mailbox, now or some day."""
        try:
            grant = self.grant(name)
            return grant is not None and not self.providers.get(grant.provider).app_only
        except (KeyUnfit, ApplicationRefused, UnknownName):
            return False

    def set_grant(self, name: str, grant: Grant) -> None:
        """Keep what a sign-in gave; it takes the place of what was there.

        Raises:
            UnknownName: there is no such mailbox.
        """
        sealed = self.grants.seal(grant)
        with self._pool.begin() as work:
            work.mailboxes.set_secret(name, sealed)

    def _signed_in(self, name: str, provider: str) -> Login:
        """The sign-in of a mailbox of kingpost.toml; an empty one where there is none with that provider."""
        grant = self.grants.of(name)
        if grant is None or grant.provider != provider:
            grant = Grant(provider)
            self.set_grant(name, grant)
        return self.grants.login(name, grant)

    def set_password(self, name: str, password: str) -> None:
        """Seal another password for a mailbox.

        Raises:
            UnknownName: there is no such mailbox.
        """
        self.get(name)
        with self._pool.begin() as work:
            work.mailboxes.set_secret(name, self._vault.seal(password))

    def backfill(
        self, name: str, intake: Intake, stop: threading.Event, since: date | None = None
    ) -> Iterator[Progress]:
        """Read what already lies in an account's watched folders; can be stopped and taken up again at any point.

        Raises:
            KingpostError: the account or the pool cannot be used; what was read so far is in the pool.
        """
        account = self.account(name)
        for folder in account.watched():
            with self._pool.read() as work:
                cursor = work.mailboxes.cursor(name, folder.name)
                known = set[int]()
                if cursor is not None:
                    known = work.messages.live_uids(name, folder.name, cursor.uidvalidity)
                    known |= work.erasures.copies(name, folder.name, cursor.uidvalidity)
            fetched = account.fetch(folder.name, cursor, stop=stop, since=since, known=known)
            yield from self._take(name, intake, fetched)

    def audit(self, name: str) -> list[FolderAudit]:
        """Compare what the server holds with what the pool holds, folder by folder and day by day.

        Mails that left the server are marked gone on the way; what lies beyond the cursor is still to come.

        Raises:
            KingpostError: the account cannot be read.
        """
        account = self.account(name)
        zone = ZoneInfo(self._settings.firm.time_zone)
        # Nothing of Junk is stored, so nothing of it can be missing.
        stored = (folder for folder in account.watched() if folder.role is not FolderRole.JUNK)
        return [self._audit_folder(account, folder.name, zone) for folder in stored]

    def fill(self, name: str, audits: list[FolderAudit], intake: Intake) -> Iterator[Progress]:
        """Read the mails that an audit found missing.

        Raises:
            KingpostError: the account or the pool cannot be used; what was read so far is in the pool.
        """
        account = self.account(name)
        for audit in audits:
            missing = [uid for gap in audit.gaps for uid in gap.missing]
            if missing:
                yield from self._take(name, intake, account.fetch_uids(audit.folder, missing), keep_cursor=True)

    def retry(self, quarantined: int, intake: Intake) -> bool:
        """Read a mail from the quarantine once more; True when it is in the pool now.

        What the server would not hand out before is asked for again.

        Raises:
            NotFound: there is no such mail in quarantine.
            KingpostError: the account or the pool cannot be used.
        """
        with self._pool.read() as work:
            row = work.quarantine.get(quarantined)
        if row is None:
            raise NotFound
        place = row.placement
        if row.raw_digest or place.uid is None:
            return intake.retry(quarantined)
        fetched = self.account(place.mailbox).fetch_uids(place.folder, [place.uid])
        # Under another UIDVALIDITY the same number is another mail.
        same = (one for one in fetched if one.cursor.uidvalidity == place.uidvalidity)
        for _ in self._take(place.mailbox, intake, same, keep_cursor=True):
            pass
        with self._pool.begin() as work:
            stored = work.messages.at(place.mailbox, place.folder, place.uidvalidity or 0, place.uid)
            if stored is None:
                work.quarantine.failed(quarantined, row.reason)
                return False
            work.quarantine.resolve(quarantined)
        return True

    def _take(
        self, name: str, intake: Intake, fetched: Iterator[Fetched], *, keep_cursor: bool = False
    ) -> Iterator[Progress]:
        counts: dict[int, tuple[int, int]] = {}

        def batches() -> Iterator[Batch]:
            for one in fetched:
                batch = batch_of(name, one)
                if keep_cursor:
                    with self._pool.read() as work:
                        known = work.mailboxes.cursor(name, one.folder)
                    same = known is not None and known.uidvalidity == one.cursor.uidvalidity
                    batch = replace(batch, cursor=None, history_uid=known.history_uid if known and same else 0)
                counts[id(batch)] = one.done, one.total
                if one.reset:
                    with self._pool.begin() as work:
                        work.messages.mark_folder_gone(name, one.folder, datetime.now(UTC))
                yield batch

        for batch, received in intake.receive_all(batches()):
            done, total = counts.pop(id(batch))
            yield Progress(batch.folder, done, total, received)

    def _audit_folder(self, account: Account, folder: str, zone: ZoneInfo) -> FolderAudit:
        name = account.mailbox.name
        # The pool first: what a running service stores while the server lists is then still to come, not gone.
        with self._pool.read() as work:
            cursor = work.mailboxes.cursor(name, folder)
            held = work.messages.live_uids(name, folder, cursor.uidvalidity) if cursor else set()
            kept_out = work.erasures.copies(name, folder, cursor.uidvalidity) if cursor else set()
        listing = account.uids(folder)
        if cursor is None or cursor.uidvalidity != listing.uidvalidity:
            held, kept_out = set(), set()
        gone = held - listing.mails.keys()
        if gone:
            with self._pool.begin() as work:
                work.messages.mark_gone(name, folder, listing.uidvalidity, gone, datetime.now(UTC))
        read = _read_range(cursor, listing.uidvalidity)
        on_server: Counter[date | None] = Counter()
        in_pool: Counter[date | None] = Counter()
        missing: dict[date | None, list[int]] = {}
        since = account.mailbox.since
        ahead = older = 0
        for uid, mail in sorted(listing.mails.items()):
            day = mail.arrived.astimezone(zone).date() if mail.arrived else None
            on_server[day] += 1
            if uid in held:
                in_pool[day] += 1
            elif uid in kept_out:
                on_server[day] -= 1
            elif since is not None and mail.arrived is not None and mail.arrived.date() < since:
                on_server[day] -= 1
                older += 1
            elif read(uid):
                missing.setdefault(day, []).append(uid)
            else:
                ahead += 1
        gaps = tuple(Gap(folder, day, on_server[day], in_pool[day], tuple(uids)) for day, uids in missing.items())
        out = len((kept_out - held) & listing.mails.keys())
        return FolderAudit(folder, len(listing.mails), sum(in_pool.values()), ahead, len(gone), gaps, out, older)


def _spelled(work: Work, mailbox: Mailbox) -> Mailbox:
    """With the logins of owner and members as they were added, whichever case somebody typed them in."""

    def login(typed: str) -> str:
        member = work.staff.named(typed)
        return typed if member is None else member.login

    owner = None if mailbox.owner is None else login(mailbox.owner)
    return replace(mailbox, owner=owner, members=frozenset(map(login, mailbox.members)))


def _no_account(mailbox: Mailbox) -> WrongUse:
    return WrongUse(
        problem=f"“{mailbox.name}” is not an account on a mail server.",
        problem_de=f"„{mailbox.name}“ ist kein Konto auf einem Mailserver.",
    )


def _read_range(cursor: Cursor | None, uidvalidity: int) -> Callable[[int], bool]:
    """Whether a UID lies where the cursor says that everything has been read."""
    if cursor is None or cursor.uidvalidity != uidvalidity:
        return lambda uid: False
    return lambda uid: uid <= cursor.last_uid and not cursor.backfill_uid < uid <= cursor.backfill_until
