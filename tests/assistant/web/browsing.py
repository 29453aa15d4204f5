"""A real server and a real Chromium for tests of the pages."""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from assistant.events import Opened
from assistant.web.server import Server, listen
from tests.assistant.web import sample

OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES: dict[str, ViewportSize] = {
    "desktop": {"width": 1280, "height": 860},
    "phone": {"width": 390, "height": 844},
    "sidebar": {"width": 340, "height": 760},
    "narrowest": {"width": 320, "height": 640},
}
PATHS = {
    "start": "/",
    "sidebar": "/sidebar",
    "sidebar-known": "/sidebar?message={known}",
    "sidebar-doubtful": "/sidebar?message={doubtful}",
    "sidebar-forged": "/sidebar?message={forged}",
    "sidebar-unknown": "/sidebar?message={unknown}",
    "sidebar-search": "/sidebar?q=see",
    "customers": "/customers",
    "search": "/customers?q=konsolen",
    "customer": "/customers/C1",
    "customer-long": "/customers/C2",
    "message": "/messages/{known}",
    "message-forged": "/messages/{forged}",
    "message-long": "/messages/{long}",
    "message-pick": "/messages/{unknown}?pick=see#match",
    "review": "/review",
    "leads": "/leads",
    "newcomer": "/messages/{unknown}/new",
    "proposals": "/proposals",
    "found-invoices": "/review/invoices",
    "duplicates": "/review/duplicates",
    "targets": "/targets?zips=2",
    "referrers": "/lists/referrers",
    "merge": "/customers/C6/merge?q=seeblick",
    "part": "/customers/C6/part",
    "merge-preview": "/customers/C6/merge?other=C7",
    "quarantine": "/quarantine",
    "complaints": "/complaints",
    "complaints-checked": "/complaints?state=doubtful",
    "queues": "/queues",
    "queues-filtered": "/queues?queue=complaints&priority=low&q=nichts",
    "unanswered": "/queues/unanswered",
    "case": "/cases/1",
    "reports": "/reports",
    "values": "/reports/value",
    "kings": "/lists/kings",
    "win-back": "/lists/win-back",
    "alike": "/lists/leads",
    "call": "/call?number=1",
    "customer-books": "/customers/C5?call=1",
    "sidebar-books": "/sidebar?customer=C5",
    "case-answered": "/cases/3",
    "settings": "/settings",
    "error": "/messages/999999",
}


@dataclass
class Site:
    """The sample firm, served."""

    firm: sample.Sample
    base: str

    def path(self, name: str) -> str:
        """The address of a page by its name in PATHS."""
        return self.base + PATHS[name].format(**self.firm.mails)

    def open(self, name: str, mailbox: str) -> None:
        """As if somebody had opened that mail in a mail client."""
        no = self.firm.mails[name]
        self.firm.services.broker.publish(Opened(mailbox, no, datetime.now(UTC)))

    def followed(self, mailbox: str) -> None:
        """Wait until a stream follows the mailbox."""
        deadline = time.monotonic() + 10
        while not self.firm.services.broker.following(mailbox):
            assert time.monotonic() < deadline, f"nobody follows {mailbox}"
            time.sleep(0.02)

    def left(self, streams: int) -> None:
        """Wait until no more streams are open than these: the server notices a little later that a page has gone."""
        deadline = time.monotonic() + 10
        while len(self.firm.services.broker) > streams and time.monotonic() < deadline:
            time.sleep(0.02)


@contextmanager
def served(folder: Path, *, empty: bool = False) -> Iterator[Site]:
    """The sample firm on a free port."""
    socket = listen("127.0.0.1:0")
    firm = sample.build(folder, empty=empty)
    server = Server(firm.app, firm.services.settings, firm.services.broker)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
    thread.start()
    try:
        deadline = time.monotonic() + 20
        while not server.started:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield Site(firm, f"http://127.0.0.1:{socket.getsockname()[1]}")
    finally:
        server.should_exit = True
        thread.join(20)
        socket.close()
        firm.services.pool.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no Chromium (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=OPTIONS)
        yield browser
        browser.close()


@contextmanager
def visitor(
    browser: Browser,
    site: Site,
    login: str | None = "anna",
    *,
    size: str = "desktop",
    scheme: Literal["light", "dark"] = "light",
    language: str = "de",
    **options: Any,
) -> Iterator[Page]:
    """A page in which somebody is logged in; what the browser complains of is an error."""
    context: BrowserContext = browser.new_context(
        viewport=SIZES[size], color_scheme=scheme, locale=language, timezone_id="Europe/Berlin", **options
    )
    if login is not None:
        secret = site.firm.session(login)
        context.add_cookies([{"name": "kingpost", "value": secret, "url": site.base, "httpOnly": True}])
    streams = len(site.firm.services.broker)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield page
    finally:
        context.close()
        site.left(streams)
    # The browser reports 404 pages that a test asks for, and streams that end.
    real = [each for each in complaints if "Failed to load resource" not in each]
    assert not real, real


def axe_source() -> str:
    """axe-core's JavaScript. It is not part of this repository: KINGPOST_AXE names the file."""
    named = os.environ.get("KINGPOST_AXE", "")
    if not named or not Path(named).is_file():
        pytest.skip("KINGPOST_AXE does not name axe.min.js (npm install --prefix DIR axe-core)")
    return Path(named).read_text(encoding="utf-8")
