"""Outlook as the pane sees it: a page of another site that frames it, and a small double of Office.js."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Frame, Page, Route, expect

from assistant.web.security import OFFICE_JS
from tests.assistant.web.browsing import SIZES, Site

OUTLOOK = "https://outlook.office.com"
# An Exchange of the firm's own, under its own roof: to the browser the pane is no stranger there and may keep things.
OWN_EXCHANGE = "http://127.0.0.1:9"
EVIL = "https://evil.example"
DOUBLE = (Path(__file__).parent / "office.js").read_text(encoding="utf-8")
NEW = ("Mailbox 1.5", "Mailbox 1.13", "OpenBrowserWindowApi 1.1")
OLD = ("Mailbox 1.5",)
Item = dict[str, Any]


@dataclass
class Outlook:
    """A browser window with Outlook in it, the pane open."""

    site: Site
    context: BrowserContext
    page: Page
    complaints: list[str]
    home: str
    first: Item | None = None
    loaded: list[str] = field(default_factory=list)

    def open(self, first: Item | None = None) -> None:
        """Open the pane anew, as Outlook does for each message where it is not pinned."""
        self.first = first
        self.page.goto(f"{self.home}/mail/")
        expect(self.pane.locator("#shown")).not_to_contain_text("Wird geladen")

    @property
    def pane(self) -> Frame:
        """The pane's own frame."""
        found = self.page.frame("pane")
        assert found is not None
        return found

    def select(self, item: Item | None, selected: int | None = None) -> None:
        """Choose a message while the pane is pinned."""
        self.pane.evaluate("([item, selected]) => double.select(item, selected ?? undefined)", [item, selected])

    def mail(self, name: str) -> Item:
        """A stored mail as Outlook hands it to an add-in."""
        with self.site.firm.services.pool.read() as work:
            mail = work.messages.get(self.site.firm.mails[name])
        assert mail is not None
        message = mail.message
        sender = {"emailAddress": message.sender.addr, "displayName": message.sender.name}
        return {"internetMessageId": f"<{message.message_id}>", "subject": message.subject, "from": sender}

    def sign_in(self, login: str = "anna") -> None:
        """What a person does: press the button, log in where Kingpost opens, confirm the code."""
        secret = self.site.firm.session(login)
        self.context.add_cookies([{"name": "kingpost", "value": secret, "url": self.site.base, "httpOnly": True}])
        with self.page.expect_popup() as popup:
            self.pane.get_by_role("button", name="Anmelden").click()
        code = self.pane.locator(".code").text_content() or ""
        expect(popup.value.locator("code")).to_have_text(code)
        popup.value.get_by_role("button", name="Verbinden").click()
        expect(self.pane.locator("#who")).to_have_text(f"Angemeldet als {login}")


@contextmanager
def outlook(
    browser: Browser,
    site: Site,
    *,
    home: str = OUTLOOK,
    sets: tuple[str, ...] = NEW,
    language: str = "de",
    outside: bool = False,
    **options: Any,
) -> Iterator[Outlook]:
    """Outlook in the browser, at the width of a pane; what the browser complains of is an error."""
    options = {"viewport": SIZES["narrowest"], "locale": language, "timezone_id": "Europe/Berlin"} | options
    context = browser.new_context(**options)
    # Kingpost stands on this machine here; a browser asks its person before it frames a page of the local network.
    for origin in (home, EVIL):
        context.grant_permissions(["local-network-access"], origin=origin)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    made = Outlook(site, context, page, complaints, home)
    address = f"{site.base}/clients/outlook?_host_Info=Outlook$Web$16.01$de-DE$d0c8$$$0"
    style = "<style>html,body,iframe{margin:0;border:0;width:100%;height:100vh;display:block}</style>"

    def office(route: Route) -> None:
        made.loaded.append(route.request.url)
        given = {"FIRST": made.first, "SETS": sets, "LANGUAGE": language, "OUTSIDE": outside}
        head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in given.items())
        route.fulfill(content_type="text/javascript", body=head + DOUBLE)

    frame = f'<!doctype html><title>Outlook</title>{style}<iframe name="pane" src="{address}"></iframe>'
    context.route(f"{home}/mail/", lambda route: route.fulfill(content_type="text/html", body=frame))
    context.route(OFFICE_JS, office)
    try:
        yield made
    finally:
        context.close()
    # The firm's Kingpost has https; the one of the tests stands on this machine and has not.
    real = [each for each in complaints if "Failed to load resource" not in each and "Mixed Content" not in each]
    assert not real, real
