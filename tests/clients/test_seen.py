r"""Without any add-on: opening a mail in Roundcube or neomutt sets `\Seen`, and the sidebar shows who wrote it."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Browser, Page, expect

from rules.terms.staff import Role
from tests.assistant.web.browsing import chromium
from tests.clients import roundcube
from tests.clients.test_roundcube import PLUGIN
from tests.journeys import mails
from tests.journeys.ledger import known
from tests.journeys.running import PASSWORD, Home, keep_password, mailbox_table, until
from tests.servers.dovecot import Dovecot

pytestmark = [pytest.mark.clients, pytest.mark.browser, pytest.mark.dovecot, pytest.mark.timeout(240)]

CUSTOMERS = "customer_id;name;email\nC1;Hansen Metallbau;karin@hansen.example\n"
MAIL = (
    b"From: Karin Hansen <karin@hansen.example>\r\nTo: anna@muster.example\r\n"
    b"Message-ID: <%s@hansen.example>\r\nSubject: Angebot %s\r\n\r\nGuten Tag\r\n"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def beside(browser: Browser, dovecot: Dovecot, folder: Path, user: str, opens: Callable[[Path], None]) -> None:
    """A mail comes, somebody opens it in their mail program, and the sidebar shows the customer."""
    home = Home(folder / "firma")
    home.write(mailbox_table(dovecot, user, 'owner = "anna"', "follow = true"))
    home.make(anna=Role.STAFF)
    (home.folder / "kunden.csv").write_text(CUSTOMERS)
    assert home.kingpost("import", "customers", "kunden.csv").code == 0
    keep_password(home, user)
    with home.running() as service:
        dovecot.append(user, "INBOX", mails.plain("erste"))
        dovecot.append(user, "INBOX", MAIL % (user.encode(), user.encode()))
        service.until(lambda: ("INBOX", 2) in known(home, user), "the mails are in the pool")
        context = browser.new_context(viewport={"width": 340, "height": 760}, locale="de")
        page: Page = context.new_page()
        page.goto(f"{home.base}/sidebar")
        page.get_by_label("Benutzername").fill("anna")
        page.get_by_label("Passwort").fill(PASSWORD)
        with page.expect_response(lambda answer: "/api/v1/stream" in answer.url):
            page.keyboard.press("Enter")
        opens(folder)
        expect(page.locator("#shown h2")).to_contain_text("Hansen Metallbau", timeout=30_000)
        expect(page.locator("#shown .mail")).to_contain_text(f"Angebot {user}")
        context.close()


def test_roundcube(browser: Browser, dovecot: Dovecot, tmp_path: Path) -> None:
    if reason := roundcube.missing():
        pytest.skip(reason)

    def opens(folder: Path) -> None:
        with roundcube.roundcube(folder, dovecot, PLUGIN) as base:
            page = browser.new_page(locale="de")
            page.goto(base)
            page.fill("#rcmloginuser", "rundum")
            page.fill("#rcmloginpwd", Dovecot.password)
            page.click("#rcmloginsubmit")
            page.locator("#messagelist tr", has_text="Angebot rundum").locator("td.subject").click()
            expect(page.frame_locator("#messagecontframe").locator("#messagebody")).to_contain_text("Guten Tag")
            page.close()

    beside(browser, dovecot, tmp_path, "rundum", opens)


def test_neomutt(browser: Browser, dovecot: Dovecot, tmp_path: Path) -> None:
    for program in ("neomutt", "tmux"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed (Debian: apt-get install neomutt tmux)")

    def opens(folder: Path) -> None:
        rc = folder / "muttrc"
        rc.write_text(
            f'set folder="imap://hund@127.0.0.1:{dovecot.port}/" spoolfile="+INBOX" imap_pass="{Dovecot.password}"\n'
            "set ssl_starttls=no ssl_force_tls=no imap_peek=no charset=utf-8\n"
        )
        tmux = ["tmux", "-L", f"kp-seen-{os.getpid()}", "-f", "/dev/null"]
        env = os.environ | {"HOME": str(folder), "TERM": "xterm-256color", "LANG": "C.UTF-8"}

        def screen() -> str:
            command = [*tmux, "capture-pane", "-p"]
            return subprocess.run(command, env=env, capture_output=True, check=True).stdout.decode()

        start = [*tmux, "new-session", "-d", "-x", "100", "-y", "30", f"neomutt -n -F {rc}"]
        subprocess.run(start, env=env, check=True)
        try:
            until(lambda: "Angebot hund" in screen(), "neomutt lists the mail", 30)
            subprocess.run([*tmux, "send-keys", "2", "Enter", "Enter"], env=env, check=True)
            until(lambda: "Guten Tag" in screen(), "neomutt shows the mail", 30)
        finally:
            subprocess.run([*tmux, "kill-server"], env=env, check=False)

    beside(browser, dovecot, tmp_path, "hund", opens)
