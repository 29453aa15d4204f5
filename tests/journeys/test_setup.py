"""The first hour: from a folder with nothing in it to the summary beside an opened mail, in the browser alone."""

import os
import re
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Browser, Page, StorageState, expect

from assistant.settings import load
from tests.assistant.web.browsing import SIZES, chromium
from tests.journeys import mails
from tests.journeys.running import NOTHING, Home, Service
from tests.servers.dovecot import Dovecot

pytestmark = [pytest.mark.browser, pytest.mark.dovecot, pytest.mark.timeout(300)]

PASSWORD = "ein-langes-passwort"
MINUTES = 5
VERDICT = "mx.muster.example; dmarc=pass header.from={}"
CODE = re.compile(r"\b([BCDFGHJKLMNPQRSTVWXZ]{4}(?:-[BCDFGHJKLMNPQRSTVWXZ]{4}){2})\b")
SHOTS = os.environ.get("KINGPOST_SHOTS", "")


class Bare(Home):
    """A folder in which nobody has written anything, kingpost.toml least of all."""

    def command(self, *words: str | Path, module: str = "assistant") -> list[str]:
        return [sys.executable, "-m", module, *map(str, words)]

    def environment(self, more: Mapping[str, str] = NOTHING) -> dict[str, str]:
        return super().environment({"XDG_CONFIG_HOME": str(self.folder), **more})


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def bare(tmp_path: Path) -> Bare:
    return Bare(tmp_path / "firma")


@contextmanager
def opened(
    browser: Browser, base: str, size: str = "desktop", language: str = "de-DE", session: StorageState | None = None
) -> Iterator[Page]:
    context = browser.new_context(viewport=SIZES[size], locale=language, base_url=base, storage_state=session)
    faults: list[str] = []
    try:
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        yield page
        assert not faults
    finally:
        context.close()


def code_of(service: Service) -> str:
    """What the console shows; the latest, for each start has its own."""
    service.until(lambda: CODE.search(service.said), "the console shows a code")
    return str(CODE.findall(service.said)[-1])


def settled(page: Page, name: str = "") -> None:
    """A step is on the screen: nothing is cut off, and the accessibility rules find nothing."""
    page.wait_for_load_state("load")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    if named := os.environ.get("KINGPOST_AXE"):
        page.evaluate(Path(named).read_text(encoding="utf-8"))
        found = page.evaluate("async () => (await axe.run()).violations.map((one) => one.id + ' ' + one.nodes[0].html)")
        assert not found, (page.url, found)
    if SHOTS and name:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def fill_mailbox(server: Dovecot, user: str) -> None:
    """A mailbox as a firm has it: customers' mail, our answers, and a folder that is nobody's business."""
    for number in range(12):
        domain = f"kunde{number % 4}.example"
        raw = mails.plain(f"{user}-{number}", f"karin@{domain}", Authentication_Results=VERDICT.format(domain))
        server.append(user, "INBOX", raw)
    answers = [mails.plain(f"{user}-sent-{n}", "office@muster.example") for n in range(6)]
    server.fill(user, "Gesendet", answers)
    server.append(user, "Betriebsrat", mails.plain(f"{user}-secret", "rat@muster.example"))


def sign_up(page: Page, code: str, name: str = "Anna Arndt") -> None:
    page.goto("/")
    expect(page).to_have_url(re.compile("/setup$"))
    page.locator("#code").fill(code)
    page.locator("#name").fill(name)
    page.locator("#login").fill("anna")
    page.locator("#password").fill(PASSWORD)
    page.locator("button.primary").click()
    expect(page).to_have_url(re.compile("/setup/firm$"))


def say_firm(page: Page) -> None:
    page.locator("#name").fill("Muster GmbH")
    page.locator("#city").fill("Köln")
    page.locator("#holidays").select_option("DE-NW")
    page.locator("button.primary").click()
    expect(page).to_have_url(re.compile("/setup/mailbox$"))


def name_server(page: Page, server: Dovecot, user: str, *, password: str = "", trusted: bool = True) -> None:
    page.locator("#address").fill(f"{user}@muster.example")
    page.locator("button.primary").click()
    expect(page).to_have_url(re.compile("/server$"))
    try_login(page, server, user, password=password, trusted=trusted)


def try_login(page: Page, server: Dovecot, user: str, *, password: str = "", trusted: bool = True) -> None:
    page.locator("#host").fill(server.host)
    page.locator("#port").fill(str(server.tls_port))
    page.locator("#user").fill(user)
    page.locator("#password").fill(password or server.password)
    if trusted:
        page.locator("details").evaluate("(details) => { details.open = true; }")
        page.locator("#ca_file").fill(str(server.ca_file))
    page.locator("button.primary").click()


@pytest.mark.parametrize(("size", "language"), [("desktop", "de-DE"), ("phone", "en-GB")])
def test_from_nothing_to_the_summary_beside_an_opened_mail(
    browser: Browser, bare: Bare, dovecot: Dovecot, user: str, size: str, language: str
) -> None:
    fill_mailbox(dovecot, user)
    with bare.running() as service, opened(browser, bare.base, size, language) as page:
        began = time.monotonic()
        page.goto("/")
        settled(page, f"1-account-{size}")
        sign_up(page, code_of(service))
        settled(page, f"2-firm-{size}")
        say_firm(page)
        settled(page, f"3-address-{size}")
        page.locator("#address").fill(f"{user}@muster.example")
        page.locator("button.primary").click()
        settled(page, f"4-server-{size}")
        try_login(page, dovecot, user)
        expect(page).to_have_url(re.compile("/reading$"))
        settled(page, f"5-reading-{size}")
        expect(page.get_by_label(re.compile("^Betriebsrat"))).not_to_be_checked()
        expect(page.get_by_label(re.compile("^Gesendet"))).to_be_checked()
        expect(page.locator("#sent")).to_have_value("Gesendet")
        expect(page.locator(".choice", has_text=re.compile("Alles:|Everything:"))).to_contain_text("18")
        page.get_by_label(re.compile("^(Alles|Everything)")).check()
        page.locator("button.primary").click()
        expect(page).to_have_url(re.compile("/own$"))
        settled(page, f"6-own-{size}")
        expect(page.locator("#domains")).to_have_value("muster.example")
        expect(page.locator("#authserv_id")).to_have_value("mx.muster.example")
        page.locator("button.primary").click()
        expect(page).to_have_url(re.compile("/setup/done$"))
        expect(page.locator("#progress")).to_contain_text(re.compile("Alles gelesen|All read"))
        settled(page, f"7-done-{size}")

        settings = load(bare.file)
        assert settings.firm.domains == ("muster.example",)
        assert settings.firm.authserv_id == "mx.muster.example"
        assert (settings.firm.name, settings.firm.holidays) == ("Muster GmbH", "DE-NW")
        with bare.pool() as pool, pool.read() as work:
            assert work.mailboxes.held(user) == 18
            mailbox = work.mailboxes.get(user)
        assert mailbox is not None
        assert (mailbox.excluded, mailbox.since, mailbox.expected) == (("Betriebsrat",), None, 18)
        spoken = [bare.file.read_text("utf-8"), service.said, page.content()]
        assert not [text for text in spoken if dovecot.password in text or PASSWORD in text]

        # The sidebar follows, and somebody opens a mail in their mail program.
        page.goto("/")
        page.get_by_role("button", name=re.compile("^(Einschalten|Switch on)")).first.click()
        page.goto("/sidebar")
        raw = mails.plain(f"{user}-new", "neu@kunde2.example")
        with dovecot.client(user) as client:
            client.select("INBOX")
            uid = int(client.append("INBOX", "", "", raw)[1][0].split(b"]")[0].split()[-1])
            service.until(lambda: knows(bare, user, uid), "the mail is in the pool")
            time.sleep(1)
            client.open_mail(uid)
        # In a shared mailbox nobody's screen is taken: a quiet line, and a press.
        page.locator("#latest button").click()
        expect(page.locator("#shown .mail")).to_contain_text("neu@kunde2.example")
        settled(page, f"8-sidebar-{size}")
        assert time.monotonic() - began < MINUTES * 60


def test_what_goes_wrong_is_said_and_nothing_is_half_stored(
    browser: Browser, bare: Bare, dovecot: Dovecot, user: str
) -> None:
    fill_mailbox(dovecot, user)
    with bare.running() as service:
        with opened(browser, bare.base) as page, opened(browser, bare.base) as other:
            # A second browser sees the same page, and whoever has no code gets no further.
            other.goto("/setup")
            page.goto("/setup")
            page.locator("#code").fill("BBBB-CCCC-DDDD")
            page.locator("#name").fill("Eva")
            page.locator("#login").fill("eva")
            page.locator("#password").fill(PASSWORD)
            page.locator("button.primary").click()
            expect(page.get_by_role("alert")).to_contain_text("Das ist nicht der Code")
            expect(page.locator("#name")).to_have_value("Eva")
            settled(page, "e1-code")
            code = code_of(service)
            sign_up(page, code)
            # The code is worth nothing now, also where its form is still open.
            other.locator("#code").fill(code)
            other.locator("#name").fill("Mallory")
            other.locator("#login").fill("mallory")
            other.locator("#password").fill(PASSWORD)
            other.locator("button.primary").click()
            expect(other.locator("main")).to_contain_text("inzwischen von jemandem eingerichtet")
            # A firm's business hours that cannot be read.
            page.locator("#name").fill("Muster GmbH")
            page.locator("#business_hours").fill("Immer")
            page.locator("button.primary").click()
            expect(page.get_by_role("alert")).to_contain_text("nicht zu verstehen")
            page.locator("#business_hours").fill("Mo-Do 8-17\nFr 8-14")
            say_firm(page)
            # The mailbox: a certificate of nobody, a wrong password, a server that is not there, one in clear.
            name_server(page, dovecot, user, trusted=False)
            expect(page.get_by_role("alert")).to_contain_text("die dieser Rechner nicht kennt")
            settled(page, "e2-certificate")
            try_login(page, dovecot, user, password="falsch-falsch")
            expect(page.get_by_role("alert")).to_contain_text("hat die Anmeldung von")
            expect(page.locator("#password")).to_have_value("")
            assert "falsch-falsch" not in page.content()
            page.locator("#port").fill("1")
            page.locator("#password").fill(dovecot.password)
            page.locator("button.primary").click()
            expect(page.get_by_role("alert")).to_contain_text("antwortet nicht")
            page.locator("#host").fill("mail.muster.example")
            page.locator("#tls").select_option("none")
            page.locator("#password").fill(dovecot.password)
            page.locator("button.primary").click()
            expect(page.get_by_role("alert")).to_contain_text("Das Passwort wurde nicht gesendet")
            page.locator("#tls").select_option("tls")
            page.locator("#host").fill(dovecot.host)
            page.locator("#port").fill(str(dovecot.tls_port))
            page.locator("#password").fill(dovecot.password)
            page.locator("button.primary").click()
            expect(page).to_have_url(re.compile("/reading$"))
            # Back and forth again keeps what was said.
            page.get_by_role("link", name="Zurück").click()
            expect(page.locator("#host")).to_have_value(dovecot.host)
            page.go_back()
            page.locator("#name").fill("büro")
            page.get_by_label(re.compile("^Ein Jahr")).check()
            page.locator("button.primary").click()
            expect(page).to_have_url(re.compile("/own$"))
            half_way = page.url
            session = page.context.storage_state()
        # The browser is closed half-way, and the service starts anew.
        assert load(bare.file).firm.domains == ()
        service.stop()
    with bare.pool() as pool, pool.read() as work:
        assert work.mailboxes.all() == []
        assert [staff.login for staff in work.staff.all()] == ["anna"]
    with bare.running() as service, opened(browser, bare.base, session=session) as page:
        assert CODE.search(service.said[service._starts :]) is None
        # What was begun goes on where it was; only its number leads there.
        page.goto(half_way.replace("/own", "x/own"))
        expect(page.locator("main")).to_contain_text("Von hier wurde nichts gespeichert")
        page.goto("/setup")
        expect(page).to_have_url(re.compile("/setup/mailbox$"))
        page.goto(half_way)
        expect(page.locator("main")).to_contain_text("steht in 12 von 12 empfangenen Mails")
        page.locator("#domains").fill("muster")
        page.locator("button.primary").click()
        expect(page.get_by_role("alert")).to_contain_text("Das kann nicht gemeint sein: muster")
        page.locator("#domains").fill("muster.example")
        page.locator("button.primary").click()
        expect(page.locator("#progress")).to_contain_text("Alles gelesen")
        page.goto("/settings")
        expect(page.locator("section", has_text="Firma und Postfächer")).to_contain_text("mx.muster.example")
        settled(page, "e3-settings")
        assert not [text for text in (service.said, bare.file.read_text("utf-8")) if dovecot.password in text]


def knows(bare: Bare, user: str, uid: int) -> bool:
    with bare.pool() as pool, pool.read() as work:
        cursor = work.mailboxes.cursor(user, "INBOX")
    return cursor is not None and cursor.last_uid >= uid
