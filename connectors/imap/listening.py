r"""The connection that idles in INBOX and hears at once of new mail, and of openings as soon as the server tells.

EXAMINE → IDLE → news → (DONE → ask which mails are meant → IDLE) … renewed every five minutes
Without IDLE: NOOP at the far rhythm. Without CONDSTORE: leave IDLE now and then and look at the recent flags.
"""

import time

from connectors.imap.account import announces
from connectors.imap.answers import Answer, Mail
from connectors.imap.events import FolderInfo
from connectors.imap.session import Session
from connectors.imap.shared import RECENT, Shared
from rules.terms.errors import FolderMissing


class Listener:
    """Runs in a thread of its own."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared

    def run(self) -> None:
        """Listen until it is time to stop."""
        self._shared.working("listening", self._listen, ready=self._shared.await_first)

    def _listen(self, session: Session) -> None:
        shared = self._shared
        folder = shared.first
        if folder is None:
            return
        if session.examine(folder.raw) is None:
            raise FolderMissing(folder=folder.name, mailbox=shared.account.mailbox.name)
        shared.condition.announced(announces(session, near=shared.near))
        # What happened while nobody listened.
        shared.wake(folder.name, gone=not session.qresync)
        shared.works("listening")
        while not shared.stopping.is_set() and shared.first == folder:
            self._once(session, folder)

    def _once(self, session: Session, folder: FolderInfo) -> None:
        shared = self._shared
        pace = shared.pace
        seconds = pace.renew_idle if session.condstore else pace.flags
        if not session.can("IDLE"):
            shared.stopping.wait(pace.noop_far)
            news = session.noop().answers
        else:
            news = self._idle(session, folder, seconds)
        if not session.condstore:
            news = [*news, *session.flags(session.exists - RECENT)]
        shared.opened(folder, _validity(session), shared.heard(session, folder, news))

    def _idle(self, session: Session, folder: FolderInfo, seconds: float) -> list[Answer]:
        """Idle until something is heard that needs a question, or for so many seconds."""
        shared = self._shared
        session.idle()
        until = time.monotonic() + seconds
        while (remaining := until - time.monotonic()) > 0 and not shared.stopping.is_set():
            news = session.news(remaining)
            if any(isinstance(answer, Mail) and answer.uid is None for answer in news):
                return [*news, *session.done()]
            shared.opened(folder, _validity(session), shared.heard(session, folder, news))
            if not session.idling:
                break
        return session.done()


def _validity(session: Session) -> int:
    return session.selected.uidvalidity if session.selected else 0
