"""The sidebar as an app of its own: installed, shared to from a phone, without a network, and quiet unless asked."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Browser, Page, expect

from rules.terms.mail import Health, HealthState
from tests.assistant.web.browsing import SIZES, Site, served, visitor
from tests.browser import chromium
from tests.journeys.running import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

# A headless Chromium refuses notifications; this notes what would be shown.
NOTICES = """
window.notices = [];
window.Notification = class { static permission = "default";
  static async requestPermission() { return Notification.permission = window.answer; }
  constructor(title, options) { window.notices.push([title, options.body]); } };
ServiceWorkerRegistration.prototype.showNotification = (title, options) => window.notices.push([title, options.body]);
window.told = 0;
window.EventSource = class extends EventSource {
  constructor(...given) { super(...given); this.addEventListener("opened", () => setTimeout(() => window.told++)); } };
"""
HIDDEN = "Object.defineProperty(document, 'hidden', { value: true, configurable: true })"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("app")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def test_a_browser_finds_it_installable(site: Site, browser: Browser) -> None:
    with visitor(browser, site) as page:
        page.goto(site.path("sidebar"))
        page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        session = page.context.new_cdp_session(page)
        found = session.send("Page.getAppManifest")
        manifest = json.loads(found["data"])
        assert found["errors"] == []
        assert (manifest["start_url"], manifest["display"]) == ("/sidebar", "standalone")
        # Chromium never installs from a window without a profile, as tests have them; nothing else is in the way.
        problems = [each["errorId"] for each in session.send("Page.getInstallabilityErrors")["installabilityErrors"]]
        assert set(problems) <= {"in-incognito"}
        for icon in manifest["icons"]:
            answer = httpx.get(site.base + icon["src"])
            assert (answer.status_code, answer.headers["content-type"]) == (200, icon["type"])


@pytest.mark.parametrize(
    ("shared", "customer"),
    [
        ("karin@hansen-metallbau.example", "Hansen Metallbau"),
        ("Karin Hansen <mailto:karin@hansen-metallbau.example?subject=x>", "Hansen Metallbau"),
        ("jemand.neues@hansen-metallbau.example", "Hansen Metallbau"),
        ("tel:+49-431-5550121", "Hansen Metallbau"),
        ("Ruf bitte zurück: 0431 / 555 01 21, danke", "Hansen Metallbau"),
        ("10044", "Northwind Tools"),
        ("Großmann", "Erika Großmann"),
    ],
)
def test_what_a_phone_shares_leads_to_the_customer(site: Site, browser: Browser, shared: str, customer: str) -> None:
    with visitor(browser, site, size="phone") as page:
        page.goto(f"{site.base}/sidebar?share={quote(shared)}")
        expect(page.locator("#shown h2")).to_contain_text(customer)
        # What was shared stays in no address and no history.
        assert "share" not in page.url


def test_a_shared_link_counts_too(site: Site, browser: Browser) -> None:
    with visitor(browser, site, size="phone") as page:
        page.goto(f"{site.base}/sidebar?url={quote('mailto:info@hansen-metallbau.example')}")
        expect(page.locator("#shown h2")).to_contain_text("Hansen Metallbau")


def test_shared_words_that_mean_several_or_nobody_are_a_search(site: Site, browser: Browser) -> None:
    with visitor(browser, site, size="phone") as page:
        page.goto(f"{site.base}/sidebar?share=haustechnik%40seeblick.example")
        expect(page.locator("#results a")).to_have_count(2)
        page.goto(f"{site.base}/sidebar?share={quote('<b>nie gehört</b> ' * 500)}")
        expect(page.locator("#results")).to_contain_text("Nichts gefunden")


def test_a_pasted_number_opens_the_customer(site: Site, browser: Browser) -> None:
    with visitor(browser, site, size="phone") as page:
        page.goto(site.path("sidebar"))
        page.locator("#find").evaluate(
            """field => { field.value = "+49 431 5550121";
                          field.dispatchEvent(new InputEvent("input", { inputType: "insertFromPaste" })); }"""
        )
        expect(page.locator("#shown h2")).to_contain_text("Hansen Metallbau")


def test_without_a_network_the_open_page_stays_grey_and_a_new_one_waits(site: Site, browser: Browser) -> None:
    with visitor(browser, site, size="phone") as page:
        page.goto(site.path("sidebar-known"))
        site.followed("Anna Arndt")
        page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        page.wait_for_function("navigator.serviceWorker.controller !== null")
        page.context.set_offline(True)
        expect(page.locator("#offline")).to_contain_text("Stand von")
        expect(page.locator("#shown h2")).to_contain_text("Hansen Metallbau")
        assert page.evaluate("getComputedStyle(document.getElementById('shown')).filter") == "grayscale(1)"
        fresh = page.context.new_page()
        fresh.goto(site.path("sidebar-known"))
        expect(fresh.locator("h1")).to_have_text("Keine Verbindung zu Kingpost")
        assert fresh.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") == "560px"
        page.context.set_offline(False)
        expect(fresh.locator("#shown h2")).to_contain_text("Hansen Metallbau", timeout=15_000)
        expect(page.locator("#offline")).to_be_hidden()
        fresh.close()


def test_the_worker_keeps_nothing_of_anybody(site: Site, browser: Browser) -> None:
    with visitor(browser, site) as page:
        for name in ("sidebar-known", "sidebar-doubtful", "sidebar-search"):
            page.goto(site.path(name))
            page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        kept = page.evaluate(
            """async () => { const found = [];
              for (const name of await caches.keys()) { const cache = await caches.open(name);
                for (const request of await cache.keys()) {
                  const text = await (await cache.match(request)).text();
                  found.push([new URL(request.url).pathname, text]); } }
              return found; }"""
        )
        shell = {f"/static/{name}" for name in ("kingpost.css", "icons.svg", "kingpost.svg", "offline.js")}
        assert {path for path, _ in kept} == {"/sidebar/offline", *shell}
        for _, text in kept:
            assert not any(word in text for word in ("Hansen", "Seeblick", "anna"))


def opened(page: Page, site: Site) -> list[Any]:
    """What notices an opening brings."""
    before = page.evaluate("told")
    site.open("known", "Anna Arndt")
    until(lambda: page.evaluate("told") > before, "the page is told")
    found: list[Any] = page.evaluate("notices.splice(0)")
    return found


def test_notifications_are_off_until_wanted_and_say_no_more_than_the_name(site: Site, browser: Browser) -> None:
    with visitor(browser, site, size="sidebar") as page:
        page.add_init_script(NOTICES)
        page.goto(site.path("sidebar"))
        site.followed("Anna Arndt")
        page.evaluate(HIDDEN)
        assert opened(page, site) == []
        box = page.get_by_label("Mitteilung, wenn ich eine Mail öffne")
        page.locator("details.me > summary").click()
        page.evaluate("window.answer = 'denied'")
        box.click()
        expect(box).not_to_be_checked()
        assert opened(page, site) == []
        page.evaluate("window.answer = 'granted'")
        box.check()
        assert opened(page, site) == [["Kingpost", "Hansen Metallbau GmbH"]]
        page.evaluate("Object.defineProperty(document, 'hidden', { value: false })")
        assert opened(page, site) == []


def test_the_menu_says_how_fast_each_mailbox_is(site: Site, browser: Browser) -> None:
    with site.firm.services.pool.begin() as work:
        health = work.mailboxes.health()["Anna Arndt"]
        work.mailboxes.set_health(
            "Anna Arndt", Health(HealthState.WATCHING, health.since, health.last_news, "idle+noop")
        )
    with visitor(browser, site, size="sidebar") as page:
        page.goto(site.path("sidebar"))
        page.locator("details.me > summary").click()
        expect(page.locator("#follow label", has_text="Anna Arndt")).to_contain_text("nach etwa 0,1 Sekunden")
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES["sidebar"]["width"]


def test_the_page_in_its_own_window_is_the_sidebar(site: Site, browser: Browser) -> None:
    with visitor(browser, site) as page:
        page.goto(site.path("sidebar"))
        page.locator("details.me > summary").click()
        with page.expect_popup() as popup:
            page.get_by_role("button", name="In eigenem Fenster").click()
        expect(popup.value).to_have_url(f"{site.base}/sidebar")
        popup.value.close()
