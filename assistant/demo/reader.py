r"""The demo's plain mail reader: a second IMAP client beside the watcher, so that a visitor sees the push happen.

It opens a mail as any client does, by fetching it, which sets `\Seen`. When the next one is opened it marks the last
as unread again: a server announces only the first opening of a mail, and a demo wants to be clicked again.
"""

import hmac
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError
from litestar import Response, Router, get
from litestar.di import Provide
from litestar.response import Redirect

from assistant.bootstrap import Services
from assistant.demo.server import Account
from assistant.web.gate import session_cookie
from assistant.web.visit import Visit, visit
from connectors import mime
from rules.terms.errors import NotFound
from rules.terms.mail import Message

LISTED = 80
HEADERS = "HEADER.FIELDS (FROM TO SUBJECT DATE)"


@dataclass(frozen=True, slots=True)
class Listed:
    """A mail in the list."""

    uid: int
    message: Message


@dataclass(slots=True)
class MailReader:
    """Reads one account over one connection, one request at a time; a broken connection is made anew."""

    account: Account
    lock: threading.Lock = field(default_factory=threading.Lock)
    client: IMAPClient | None = None
    opened: tuple[str, int] | None = None

    def folders(self) -> list[str]:
        """The folders, INBOX first."""
        with self.lock:
            names = [name for _, _, name in self._connected().list_folders()]
        return sorted(names, key=lambda name: (name.upper() != "INBOX", name))

    def listing(self, folder: str) -> list[Listed]:
        """The newest mails of a folder."""
        with self.lock:
            client = self._connected()
            client.select_folder(folder)
            uids = sorted(client.search("ALL"))[-LISTED:]
            found = client.fetch(uids, [f"BODY.PEEK[{HEADERS}]"]) if uids else {}
        return [Listed(uid, mime.read(_header(found[uid])).message) for uid in reversed(uids) if uid in found]

    def open(self, folder: str, uid: int) -> Message:
        """Fetch a mail and thereby mark it read.

        Raises:
            NotFound: it is not there any more.
        """
        with self.lock:
            client = self._connected()
            if self.opened and self.opened != (folder, uid):
                client.select_folder(self.opened[0])
                client.remove_flags([self.opened[1]], [b"\\Seen"], silent=True)
            client.select_folder(folder)
            found = client.fetch([uid], ["BODY[]"])
            if uid not in found:
                raise NotFound
            self.opened = (folder, uid)
        return mime.read(found[uid][b"BODY[]"]).message

    def close(self) -> None:
        """Log out."""
        with self.lock:
            if self.client is not None:
                self.client.shutdown()
                self.client = None

    def _connected(self) -> IMAPClient:
        if self.client is not None:
            try:
                self.client.noop()
            except (IMAPClientError, OSError):
                self.client.shutdown()
                self.client = None
        if self.client is None:
            self.client = self.account.log_in()
        return self.client


def _header(answer: Mapping[bytes, bytes]) -> bytes:
    """The header in a FETCH answer; servers repeat the asked-for names in an order of their own."""
    return next(value for key, value in answer.items() if key.startswith(b"BODY[HEADER"))


def pages(services: Services, reader: MailReader, login: str, password: str, secret_key: str) -> Router:
    """The demo's pages. `secret_key` opens a session for `login` without typing the password."""

    @get("/enter", public=True, include_in_schema=False, sync_to_thread=True)
    def enter(key: str, now: datetime) -> Redirect:
        if not hmac.compare_digest(key.encode(), secret_key.encode()):
            raise NotFound
        secret = services.access.log_in(login, password, now)
        return Redirect("/demo", cookies=[session_cookie(services.settings, secret)])

    @get("/", include_in_schema=False, sync_to_thread=True)
    def demo(visit: Visit, folder: str = "INBOX") -> Response[str]:
        return visit.page(
            "demo.html",
            "demo",
            account=reader.account,
            folders=reader.folders(),
            folder=folder,
            mails=reader.listing(folder),
        )

    @get("/mail", include_in_schema=False, sync_to_thread=True)
    def mail(visit: Visit, folder: str = "", uid: int = 0) -> Response[str]:
        message = reader.open(folder, uid) if uid else None
        return visit.page("demo_mail.html", "demo", message=message)

    visits = {"visit": Provide(visit, sync_to_thread=False)}
    return Router("/demo", route_handlers=[enter, demo, mail], dependencies=visits)
