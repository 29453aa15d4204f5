"""Somebody opens a mail in their mail program, and the page beside it shows who wrote it: all of it real."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from rules.terms.staff import Role
from storage import engines
from tests.assistant.web.browsing import chromium
from tests.journeys import mails
from tests.journeys.ledger import known
from tests.journeys.running import PASSWORD, PATIENCE, Home, Service, keep_password, mailbox_table
from tests.servers.dovecot import Dovecot

pytestmark = [pytest.mark.browser, pytest.mark.dovecot, pytest.mark.timeout(240)]

CUSTOMERS = """customer_id;kind;name;email;domain
C1;firm;Hansen Metallbau;karin@hansen.example;hansen.example
C2;firm;Northwind Tools;ada@northwind.example;northwind.example
"""
VERDICT = "mx.muster.example; dmarc={} header.from=hansen.example"
HANSEN = "Hansen Metallbau"
# Notes what the stream tells, whatever the page makes of it.
LISTEN = """
window.told = [];
window.streams = 0;
window.EventSource = class extends EventSource {
  constructor(...given) {
    super(...given);
    this.addEventListener("open", () => { window.streams += 1; });
    this.addEventListener("opened", (event) => window.told.push(JSON.parse(event.data)));
  }
};
"""


@dataclass
class Firm:
    """A running service with three mailboxes: Anna's, Berta's and the shared “info”."""

    home: Home
    server: Dovecot
    service: Service

    def put(self, user: str, raw: bytes) -> int:
        """A mail that is in the pool, unread; its UID."""
        uid = self.append(user, raw)
        self.service.until(lambda: ("INBOX", uid) in known(self.home, user), "the mail is in the pool")
        return uid

    def append(self, user: str, raw: bytes) -> int:
        """A mail on the server; its UID."""
        with self.server.client(user) as client:
            said = client.append("INBOX", "", "", raw)[1][0]
        return int(said.split(b"]")[0].split()[-1])

    def open(self, user: str, uid: int) -> None:
        """Open a mail in a mail program, as quickly as a person would."""
        time.sleep(0.4)
        with self.server.client(user) as client:
            client.select("INBOX")
            client.open_mail(uid)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def firm(dovecot: Dovecot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    home = Home(tmp_path_factory.mktemp("opening") / "firma")
    personal = [mailbox_table(dovecot, each, f'owner = "{each}"', "follow = true") for each in ("anna", "berta")]
    home.write(*personal, mailbox_table(dovecot, "info", "follow = true"), firm='authserv_id = "mx.muster.example"')
    home.make(admin=Role.ADMIN, anna=Role.STAFF, berta=Role.STAFF)
    (home.folder / "kunden.csv").write_text(CUSTOMERS)
    imported = home.kingpost("import", "customers", "kunden.csv")
    assert imported.code == 0, imported.text
    for user in ("anna", "berta", "info"):
        keep_password(home, user)
    with home.running() as service:
        yield Firm(home, dovecot, service)


@contextmanager
def sidebar(browser: Browser, firm: Firm, login: str, query: str = "") -> Iterator[Page]:
    """Somebody's sidebar, reached by logging in, following their mailboxes."""
    context = browser.new_context(viewport={"width": 340, "height": 760}, locale="de", timezone_id="Europe/Berlin")
    context.set_default_timeout(PATIENCE * 1000)
    context.add_init_script(LISTEN)
    page = context.new_page()
    page.goto(f"{firm.home.base}/sidebar{query}")
    page.get_by_label("Benutzername").fill(login)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{firm.home.base}/sidebar{query}")
    assert comes(page, "window.streams > 0", within=PATIENCE)
    yield page
    context.close()


def told(page: Page) -> list[dict[str, Any]]:
    """What the stream has told this page."""
    found: list[dict[str, Any]] = page.evaluate("window.told")
    return found


def hansen(number: str, verdict: str = "") -> bytes:
    """A mail from Karin Hansen, with the word of our own server on top."""
    raw = mails.plain(number)
    return f"Authentication-Results: {VERDICT.format(verdict)}\r\n".encode() + raw if verdict else raw


def comes(page: Page, question: str, *, within: float) -> bool:
    """Whether something becomes true in the page soon."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if page.evaluate(question):
            return True
        page.wait_for_timeout(50)
    return False


def test_the_sidebar_shows_who_wrote_the_mail_that_is_opened(browser: Browser, firm: Firm) -> None:
    genuine, unknown = firm.put("anna", hansen("o1", "pass")), firm.put("anna", mails.plain("o2", "neu@fremd.example"))
    forged, other = firm.put("anna", hansen("o3", "fail")), firm.put("anna", mails.plain("o4", "ada@northwind.example"))
    with sidebar(browser, firm, "anna") as page:
        firm.open("anna", genuine)
        expect(page.locator("#shown h2 a")).to_have_text(HANSEN)
        expect(page.locator("#shown .mail")).to_contain_text("Nachricht o1")
        expect(page.locator("#shown .trust")).to_have_class("trust trust-pass")
        firm.open("anna", unknown)
        expect(page.locator("#shown .summary")).to_have_class("summary is-unknown")
        expect(page.locator("#shown .mail")).to_contain_text("neu@fremd.example")
        firm.open("anna", other)
        expect(page.locator("#shown h2 a")).to_have_text("Northwind Tools")
        firm.open("anna", forged)
        expect(page.locator("#shown .summary")).to_have_class("summary is-spoof")
        expect(page.locator("#shown .alarm")).to_be_visible()
        expect(page.locator("#shown .lines")).to_have_count(0)
        assert [each["mode"] for each in told(page)] == ["show"] * 4


def test_a_pinned_sidebar_of_a_second_person_stays_where_it_was(browser: Browser, firm: Firm) -> None:
    annas, bertas = firm.put("anna", hansen("p1")), firm.put("berta", hansen("p2"))
    with sidebar(browser, firm, "anna") as anna, sidebar(browser, firm, "berta", "?customer=C2") as berta:
        berta.keyboard.press("p")
        expect(berta.locator("#pin")).to_have_attribute("aria-pressed", "true")
        firm.open("anna", annas)
        expect(anna.locator("#shown .mail")).to_contain_text("Nachricht p1")
        firm.open("berta", bertas)
        expect(berta.locator("#latest")).to_contain_text(HANSEN)
        expect(berta.locator("#shown h2 a")).to_have_text("Northwind Tools")
        # Of a colleague's mailbox nothing came at all.
        assert [each["mailbox"] for each in told(berta)] == ["berta"]
        assert [each["mailbox"] for each in told(anna)] == ["anna"]


def test_a_shared_mailbox_gives_a_quiet_line_only(browser: Browser, firm: Firm) -> None:
    mail = firm.put("info", hansen("q1"))
    with sidebar(browser, firm, "anna", "?customer=C2") as page:
        firm.open("info", mail)
        expect(page.locator("#latest")).to_contain_text(f"Zuletzt geöffnet: {HANSEN}")
        expect(page.locator("#shown h2 a")).to_have_text("Northwind Tools")
        assert [each["mode"] for each in told(page)] == ["last-opened"]


def test_marking_three_hundred_mails_read_at_once_shows_nothing(browser: Browser, firm: Firm) -> None:
    firm.server.fill("anna", "INBOX", (hansen(f"r{number}") for number in range(300)))
    last = [firm.put("anna", mails.plain(f"danach-{number}", "ada@northwind.example")) for number in range(9)]
    with sidebar(browser, firm, "anna", "?customer=C2") as page:
        with firm.server.client("anna") as client:
            client.select("INBOX")
            client.uid("STORE", f"1:{last[0] - 1}", "+FLAGS", r"(\Seen)")
        # Openings are told again soon, and then there was nothing before.
        for uid in last:
            firm.open("anna", uid)
            if comes(page, "window.told.length > 0", within=2):
                break
        assert [each["customer"]["name"] for each in told(page)] == ["Northwind Tools"]
        assert "danach" in told(page)[0]["message"]["subject"]
        expect(page.locator("#latest")).to_be_hidden()


def test_a_mail_opened_before_it_is_in_the_pool_is_pending_and_then_complete(browser: Browser, firm: Firm) -> None:
    file = str(firm.home.folder / "data/pool.sqlite")
    with sidebar(browser, firm, "anna") as page:
        writer = engines.writer(engines.parse(file), 10)
        try:
            # Somebody else writes: the service must wait with storing, but not with showing.
            with writer.begin() as lock:
                lock.execute(text("select 1"))
                for number in range(5):
                    uid = firm.append("anna", hansen(f"w{number}"))
                    # The service must have heard of the mail before it can hear of its opening.
                    time.sleep(1)
                    firm.open("anna", uid)
                    if comes(page, "window.told.length > 0", within=4):
                        break
                expect(page.locator("#shown .summary")).to_have_class("summary is-pending")
                assert ("INBOX", uid) not in known(firm.home, "anna")
        finally:
            writer.dispose()
        expect(page.locator("#shown h2 a")).to_have_text(HANSEN)
        expect(page.locator("#shown .mail")).to_contain_text("Nachricht w")
