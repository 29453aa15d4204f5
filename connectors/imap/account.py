"""One IMAP account: its folders and its mail, for the command line, the audit and the watcher."""

import contextlib
import threading
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date

from connectors.imap import answers, connecting, folders, reading, sets
from connectors.imap.events import AccountReport, Fetched, FolderInfo, FolderListing, Lying
from connectors.imap.fetching import Strikes
from connectors.imap.limits import Limits
from connectors.imap.reading import Reader
from connectors.imap.session import Selected, Session
from connectors.imap.slots import Slots
from connectors.oauth.sasl import Bearer
from rules.terms.errors import FolderMissing
from rules.terms.mail import Cursor, Mailbox

_DEFAULT = Limits()


class Account:
    """An account on a mail server. Each call opens a connection and closes it; at most three are open at a time.

    `secret` is the password, or what hands out tokens. All calls raise the errors below ConnectorError. The object may
    be shared between threads.
    """

    def __init__(self, mailbox: Mailbox, secret: str | Bearer, limits: Limits = _DEFAULT) -> None:
        self.mailbox = mailbox
        self.limits = limits
        self.strikes = Strikes()
        self.slots = Slots(limits.connections)
        self._secret = secret

    @contextlib.contextmanager
    def session(self, *, spare: bool = False) -> Iterator[Session]:
        """A connection. `spare`: only if nobody else needs the place, see Slots."""
        with self.slots.taken(self.mailbox.host, spare=spare), self.connect() as session:
            yield session

    def connect(self) -> Session:
        """A connection that the caller closes, outside of the count of three."""
        return Session(self.mailbox, self._secret, self.limits)

    @property
    def near(self) -> bool:
        """Whether this is the firm's own server, on which a fast rhythm is welcome."""
        if self.mailbox.own_server is not None:
            return self.mailbox.own_server
        return connecting.is_near(self.mailbox.host)

    def check(self) -> AccountReport:
        """Log in, look at every folder, and say how this server announces changes."""
        with self.session() as session:
            found = self.listed(session)
            folders.must_have(found, self.mailbox)
            counted = tuple(_counted(session, folder) for folder in found)
            return AccountReport(tuple(sorted(session.capabilities)), counted, announces(session, near=self.near))

    def folders(self) -> tuple[FolderInfo, ...]:
        """All folders that can hold mail, INBOX first."""
        with self.session() as session:
            return self.listed(session)

    def watched(self) -> tuple[FolderInfo, ...]:
        """The folders that the mailbox's settings ask for; FolderMissing when one is not there."""
        with self.session() as session:
            return folders.must_have(self.listed(session), self.mailbox)

    def unmarkable(self) -> tuple[str, ...]:
        """The watched folders, of those that hold incoming mail, in which the server does not take our keywords."""
        with self.session() as session:
            chosen = folders.incoming(folders.must_have(self.listed(session), self.mailbox))
            own = folders.own(chosen, session.foreign())
            taken = {info.name for info in own if session.takes_keywords(info.raw)}
            return tuple(info.name for info in chosen if info.name not in taken)

    def uids(self, folder: str) -> FolderListing:
        """Every mail of a folder with date and size, for the audit."""
        with self.session() as session:
            info, selected = self._open(session, folder)
            mails: dict[int, Lying] = {}
            for chunk in sets.chunks(session.search(1, selected.top).tolist(), 1000):
                wanted = set(chunk)
                for mail in session.fetch(chunk, b"(UID INTERNALDATE RFC822.SIZE)").answers:
                    if isinstance(mail, answers.Mail) and mail.uid in wanted and mail.size is not None:
                        mails[mail.uid] = Lying(mail.arrived, mail.size)
                mails.update((uid, Lying(None, 0)) for uid in chunk if uid not in mails)
            return FolderListing(info.name, selected.uidvalidity, dict(sorted(mails.items())))

    def fetch(
        self,
        folder: str,
        cursor: Cursor | None,
        *,
        stop: threading.Event,
        since: date | None = None,
        known: Collection[int] = (),
    ) -> Iterator[Fetched]:
        """What the pool does not have yet: news first, then history, each in ascending UIDs.

        Store each batch together with its cursor; a run that is stopped goes on from there. `since` leaves out
        older history, for this run: the mark of the history stays, so give the UIDs that are in the pool as `known`
        and a second run passes over them.
        """
        with self.session() as session:
            info, selected = self._open(session, folder)
            begin = reading.start(cursor, selected)
            reader = Reader(
                self.mailbox.name, info, begin.cursor, lambda: session, self.strikes, since=self.mailbox.since
            )
            if begin.fresh:
                yield reader.mark(reset=begin.reset)
            for part in (reader.news(selected.top), reader.history(since, known)):
                for fetched in part:
                    yield fetched
                    if stop.is_set():
                        return

    def fetch_uids(self, folder: str, uids: Collection[int]) -> Iterator[Fetched]:
        """Certain mails, to fill the gaps that an audit found. The cursor that comes with them is not to be stored."""
        with self.session() as session:
            info, selected = self._open(session, folder)
            cursor = Cursor(selected.uidvalidity, selected.top)
            yield from Reader(self.mailbox.name, info, cursor, lambda: session, self.strikes).these(uids)

    def listed(self, session: Session) -> tuple[FolderInfo, ...]:
        """The folders as this session sees them."""
        return folders.infos(session.listed(), self.mailbox.sent)

    def _open(self, session: Session, folder: str) -> tuple[FolderInfo, Selected]:
        info = folders.must_find(self.listed(session), folder, self.mailbox)
        selected = session.examine(info.raw)
        if selected is None:
            raise FolderMissing(folder=folder, mailbox=self.mailbox.name)
        return info, selected


def announces(session: Session, *, near: bool) -> str:
    """How a server tells of changes: "idle", "idle+noop", "poll" (no IDLE), "flags" (no CONDSTORE).

    "idle+noop" is what Kingpost does on the firm's own server as soon as a sidebar follows. Whether one does just now
    is nobody's business: this is stored and shown.
    """
    if not session.can("IDLE"):
        return "poll"
    if not session.condstore:
        return "flags"
    return "idle+noop" if near else "idle"


def _counted(session: Session, folder: FolderInfo) -> FolderInfo:
    counts = session.status(folder.raw) or {}
    return replace(folder, messages=counts.get("MESSAGES", 0), uidvalidity=counts.get("UIDVALIDITY", 0))
