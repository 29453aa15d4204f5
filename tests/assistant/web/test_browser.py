"""The pages in a real browser: nothing serious for axe-core, nothing too wide, live where they should be."""

import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Browser, Page, expect

from assistant.web import moments, texts
from tests.assistant.web.browsing import PATHS, Site, axe_source, served, visitor

pytestmark = pytest.mark.browser

ARTIFACTS = Path(os.environ.get("KINGPOST_ARTIFACTS", "test-artifacts"))
MAILS = ("known", "doubtful", "forged", "unknown", "supplier", "long", "english", "list", "sent")
SHOWN = (
    "start",
    "sidebar-known",
    "sidebar-forged",
    "customers",
    "customer",
    "message",
    "review",
    "leads",
    "newcomer",
    "proposals",
    "merge-preview",
    "quarantine",
    "settings",
)
HANSEN = "Hansen Metallbau GmbH"


@pytest.fixture(scope="module")
def bare_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("bare"), empty=True) as running:
        yield running


# -- every page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Browser, site: Site, scheme: Literal["light", "dark"]) -> None:
    axe = axe_source()
    found = []
    with visitor(browser, site, scheme=scheme) as page:
        for name in PATHS:
            page.goto(site.path(name))
            page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
            found += [f"{name}: {each}" for each in _violations(page, axe)]
    with visitor(browser, site, None, scheme=scheme) as page:
        page.goto(f"{site.base}/login")
        found += [f"login: {each}" for each in _violations(page, axe)]
    assert not found, "\n".join(found)


def test_empty_pages_pass_axe_too_and_say_what_will_come(browser: Browser, bare_site: Site) -> None:
    axe = axe_source()
    with visitor(browser, bare_site) as page:
        for path in ("/", "/sidebar", "/customers", "/review", "/leads", "/proposals", "/quarantine"):
            page.goto(bare_site.base + path)
            expect(page.locator(".empty").first).to_be_visible()
            assert not _violations(page, axe)
            _shoot(page, f"empty{path.replace('/', '-').replace('?', '-').replace('=', '-')}")


def _violations(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    # Not into frames: the mail's own is sandboxed, so that no script of the page reaches it, axe's neither.
    result = page.evaluate("() => axe.run(document, {resultTypes: ['violations'], iframes: false})")
    return [
        f"{each['impact']} {each['id']}: {each['nodes'][0]['html'][:160]}"
        for each in result["violations"]
        if each["impact"] in ("serious", "critical", "moderate")
    ]


@pytest.mark.parametrize("size", ["narrowest", "phone", "desktop"])
def test_no_page_is_wider_than_the_screen(browser: Browser, site: Site, size: str) -> None:
    wide = []
    with visitor(browser, site, size=size) as page:
        for name in PATHS:
            page.goto(site.path(name))
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if over > 0:
                wide.append(f"{name} by {over} px")
    assert not wide


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_screenshots_for_people_to_look_at(
    browser: Browser, site: Site, size: str, scheme: Literal["light", "dark"], language: str
) -> None:
    with visitor(browser, site, size=size, scheme=scheme, language=language) as page:
        for name in SHOWN:
            page.goto(site.path(name))
            _shoot(page, f"{name}-{size}-{scheme}-{language}")
    with visitor(browser, site, None, size=size, scheme=scheme, language=language) as page:
        page.goto(f"{site.base}/login")
        _shoot(page, f"login-{size}-{scheme}-{language}")


def _shoot(page: Page, name: str) -> None:
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"{name}.png", full_page=True)


# -- the sidebar


@pytest.mark.parametrize("name", MAILS)
@pytest.mark.parametrize("language", ["de", "en"])
def test_the_browser_makes_the_same_summary_as_the_server(
    browser: Browser, site: Site, name: str, language: str
) -> None:
    with visitor(browser, site, language=language) as page:
        page.goto(f"{site.base}/sidebar?message={site.firm.mails[name]}")
        served, made = page.evaluate(
            """async () => {
                const { summaryElement } = await import('/static/summary.js');
                const { words, shown } = JSON.parse(document.getElementById('start').textContent);
                const { lang, dataset } = document.documentElement;
                const csrf = document.querySelector('meta[name=csrf]').content;
                const answer = await fetch('/api/v1/summary', {
                    method: 'POST',
                    headers: { 'content-type': 'application/json', 'x-csrf-token': csrf },
                    body: JSON.stringify({ message_id: shown.message.message_id }),
                });
                const made = summaryElement(await answer.json(), { words, language: lang, zone: dataset.zone, csrf });
                return [document.querySelector('#shown .summary').outerHTML, made.outerHTML];
            }"""
        )
    assert _plain(made) == _plain(served)


def _plain(html: str) -> str:
    html = re.sub(r"\s+", " ", html)
    return re.sub(r" ?(</?(?:ul|ol|li|p|section|header|article|details|summary|div|form|h2|h3)\b[^>]*>) ?", r"\1", html)


def test_the_sidebar_is_light(browser: Browser, site: Site) -> None:
    with visitor(browser, site, size="sidebar") as page:
        page.goto(site.path("sidebar-known"))
        sizes = page.evaluate(
            """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
                .filter((each) => !each.name.includes('/stream'))
                .map((each) => [each.name, each.encodedBodySize])"""
        )
        paint = page.evaluate(
            """() => new Promise((told) => new PerformanceObserver((found) => {
                const first = found.getEntriesByName('first-contentful-paint')[0];
                if (first) told(first.startTime);
            }).observe({ type: 'paint', buffered: true }))"""
        )
    assert sum(size for _, size in sizes) <= 40_000, sizes
    # 100 ms are promised on an idle machine; a busy one gets some room here.
    assert paint < 1000


def test_opening_a_mail_shows_its_customer_at_once(browser: Browser, site: Site) -> None:
    with visitor(browser, site, size="sidebar") as page:
        page.goto(f"{site.base}/sidebar")
        site.followed("Anna Arndt")
        site.open("known", "Anna Arndt")
        expect(page.locator("#shown h2 a")).to_have_text(HANSEN)
        expect(page.locator("#shown .mail")).to_contain_text("Re: Angebot A-4711")
        assert page.url.endswith(f"?message={site.firm.mails['known']}") or page.url.endswith("/sidebar")


def test_a_shared_mailbox_never_takes_the_screen(browser: Browser, site: Site) -> None:
    with visitor(browser, site, size="sidebar") as page:
        page.goto(f"{site.base}/sidebar?customer=C5")
        site.followed("info")
        site.open("supplier", "info")
        expect(page.locator("#latest")).to_contain_text("Zuletzt geöffnet: Stahlhandel Weiß AG")
        expect(page.locator("#shown h2 a")).to_have_text("Northwind Tools Ltd")
        page.get_by_role("button", name="Anzeigen").click()
        expect(page.locator("#shown h2 a")).to_have_text("Stahlhandel Weiß AG")
        expect(page.locator("#latest")).to_be_hidden()


def test_a_pinned_sidebar_stays_where_it_is(browser: Browser, site: Site) -> None:
    with visitor(browser, site, size="sidebar") as page:
        page.goto(f"{site.base}/sidebar?customer=C5")
        site.followed("Anna Arndt")
        page.keyboard.press("p")
        expect(page.locator("#pin")).to_have_attribute("aria-pressed", "true")
        site.open("known", "Anna Arndt")
        expect(page.locator("#latest")).to_contain_text(f"Geöffnet: {HANSEN}")
        expect(page.locator("#shown h2 a")).to_have_text("Northwind Tools Ltd")
        page.keyboard.press("p")
        expect(page.locator("#shown h2 a")).to_have_text(HANSEN)


def test_who_is_searching_is_not_disturbed(browser: Browser, site: Site) -> None:
    with visitor(browser, site, size="sidebar") as page:
        page.goto(f"{site.base}/sidebar?customer=C5")
        site.followed("Anna Arndt")
        page.keyboard.press("/")
        page.keyboard.type("seebl")
        expect(page.locator(".found li")).to_have_count(2)
        site.open("known", "Anna Arndt")
        expect(page.locator("#latest")).to_be_visible()
        expect(page.locator("#shown h2 a")).to_have_text("Northwind Tools Ltd")
        page.locator(".found a").first.click()
        expect(page.locator("#shown h2")).to_contain_text("Seeblick")


def test_a_mailbox_can_be_left_out_and_that_is_remembered(browser: Browser, site: Site) -> None:
    with visitor(browser, site, size="sidebar") as page:
        page.goto(f"{site.base}/sidebar")
        page.locator("summary.tool").click()
        page.get_by_label("info").uncheck()
        page.reload()
        page.locator("summary.tool").click()
        expect(page.get_by_label("info")).not_to_be_checked()
        site.followed("Anna Arndt")
        site.open("supplier", "info")
        site.open("known", "Anna Arndt")
        expect(page.locator("#shown h2 a")).to_have_text(HANSEN)
        expect(page.locator("#latest")).to_be_hidden()


def test_a_lost_connection_greys_what_is_shown_and_mends_itself(browser: Browser, site: Site) -> None:
    with visitor(browser, site, size="sidebar") as page:
        page.goto(site.path("sidebar-known"))
        site.followed("Anna Arndt")
        page.context.set_offline(True)
        expect(page.locator("#offline")).to_contain_text("Verbindung unterbrochen. Stand von", timeout=15_000)
        expect(page.locator("body")).to_have_class(re.compile("offline"))
        page.context.set_offline(False)
        expect(page.locator("#offline")).to_be_hidden(timeout=15_000)
        expect(page.locator("#shown h2 a")).to_have_text(HANSEN)


def test_a_note_from_the_phone_is_in_a_colleagues_sidebar_within_a_second(browser: Browser, site: Site) -> None:
    with (
        visitor(browser, site, "ben", size="sidebar") as colleague,
        visitor(browser, site, size="phone", has_touch=True) as phone,
    ):
        colleague.goto(f"{site.base}/sidebar?customer=C5")
        phone.goto(f"{site.base}/sidebar?customer=C5")
        phone.locator("#jot > summary").tap()
        assert len(site.firm.services.broker) == 2
        phone.fill("#note-subject", "Rückruf zugesagt")
        phone.fill("#note-text", "Meldet sich Donnerstag wegen der Palette.")
        phone.locator("#jot label", has_text="Besuch").tap()
        phone.locator("#jot button.primary").tap()
        expect(colleague.locator("#shown .recent")).to_contain_text("Rückruf zugesagt", timeout=1_000)
        expect(phone.locator("#shown .recent")).to_contain_text("Rückruf zugesagt")
        expect(phone.locator("#note-text")).to_have_value("")


def test_a_note_that_is_being_written_keeps_its_customer(browser: Browser, site: Site) -> None:
    with visitor(browser, site, size="sidebar") as page:
        page.goto(f"{site.base}/sidebar?customer=C5")
        page.keyboard.press("n")
        page.keyboard.type("Noch nicht fertig")
        site.open("known", "Anna Arndt")
        page.locator("#latest button").click()
        expect(page.locator("#shown h2")).to_contain_text("Hansen")
        expect(page.locator("#jot-name")).to_contain_text("Northwind")
        assert page.locator("#jot form").get_attribute("action") == "/customers/C5/note"


def test_a_forged_sender_is_red_and_nothing_is_given_away(browser: Browser, site: Site) -> None:
    with visitor(browser, site, size="sidebar") as page:
        page.goto(f"{site.base}/sidebar")
        site.followed("info")
        site.open("forged", "info")
        page.get_by_role("button", name="Anzeigen").click()
        expect(page.locator(".alarm")).to_contain_text(f"gibt sich als {HANSEN} aus")
        expect(page.locator(".icon-crown")).to_have_count(0)
        expect(page.locator(".lines")).to_have_count(0)


# -- times


@pytest.mark.parametrize("language", ["de", "en"])
def test_times_read_the_same_from_server_and_browser(browser: Browser, site: Site, language: str) -> None:
    zone = ZoneInfo("Europe/Berlin")
    now = datetime(2026, 3, 29, 10, 5, tzinfo=UTC)
    steps = [0, 30, 61, 3599, 3601, 8 * 3600, 11 * 3600, 30 * 3600, 40 * 86400, 299 * 86400, 301 * 86400, -90, -90000]
    values = [(now - timedelta(seconds=step)).isoformat() for step in steps] + [
        "2026-03-29",
        "2026-03-28",
        "2024-02-29",
    ]
    with visitor(browser, site, language=language) as page:
        page.goto(f"{site.base}/sidebar")
        told = page.evaluate(
            """async ([values, now, words]) => {
                const { told } = await import('/static/moments.js');
                return values.map((value) => told(value, new Date(now), words, 'Europe/Berlin'));
            }""",
            [values, now.isoformat(), texts.words(language, "moments")["moments"]],
        )
    parsed = [moments.parse(value) for value in values]
    expected = [
        {"relative": moments.ago(each, now, language, zone), "exact": moments.exact(each, language, zone)}
        for each in parsed
        if each is not None
    ]
    assert told == expected, json.dumps(told, ensure_ascii=False)


# -- wide pages


def test_keys_find_help_walk_and_assign(browser: Browser, site: Site) -> None:
    with visitor(browser, site) as page:
        page.goto(site.path("review"))
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("/")
        expect(page.locator("#find")).to_be_focused()
        page.keyboard.press("Tab")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("j")
        page.keyboard.press("j")
        expect(page.locator(".review").nth(1)).to_be_focused()
        page.keyboard.press("1")
        expect(page.locator(".undo")).to_contain_text("Zugeordnet zu Hotel Seeblick.")
        expect(page.locator(".review")).to_have_count(1)
        expect(page.locator(".review")).to_be_focused()
        page.keyboard.press("u")
        expect(page.locator(".undo")).to_contain_text("Zuordnung zurückgenommen.")
        expect(page.locator(".review")).to_have_count(2)
        # The list was worked through where it stands.
        assert page.url.endswith("/review")


def test_unknown_senders_are_dealt_with_by_keys(browser: Browser, site: Site) -> None:
    with visitor(browser, site) as page:
        page.goto(site.path("leads"))
        page.keyboard.press("j")
        page.keyboard.press("s")
        expect(page.locator(".undo")).to_contain_text("Lieferant")
        expect(page.locator(".empty")).to_be_visible()
        page.keyboard.press("u")
        expect(page.locator(".review")).to_have_count(1)
        page.keyboard.press("n")
        page.wait_for_url("**/new?also=*")
        expect(page.get_by_label("Name", exact=True)).to_have_value("Neukunde Maschinenbau")


def test_a_proposal_is_dismissed_and_comes_back(browser: Browser, site: Site) -> None:
    with visitor(browser, site) as page:
        page.goto(site.path("proposals"))
        page.get_by_role("button", name="Verwerfen").click()
        expect(page.locator(".empty")).to_contain_text("Das Adressbuch stimmt")
        page.get_by_role("button", name="Rückgängig").click()
        expect(page.locator(".review")).to_contain_text("Petra")


def test_doubtful_mail_is_worked_through_without_scripts_too(browser: Browser, site: Site) -> None:
    with visitor(browser, site, java_script_enabled=False) as page:
        page.goto(site.path("review"))
        page.get_by_role("button", name="Zuordnen Seeblick Gastronomie").click()
        expect(page.locator(".undo")).to_contain_text("Zugeordnet zu Seeblick Gastronomie.")
        page.get_by_role("button", name="Rückgängig").click()
        expect(page.locator(".review")).to_have_count(2)


def test_older_entries_are_added_in_place(browser: Browser, site: Site) -> None:
    with visitor(browser, site) as page:
        page.goto(site.path("customer-long"))
        expect(page.locator(".entry")).to_have_count(30)
        page.get_by_role("link", name="Ältere Einträge").click()
        expect(page.locator(".entry")).to_have_count(46)
        expect(page.get_by_role("link", name="Ältere Einträge")).to_have_count(0)


def test_a_mails_own_markup_runs_nothing_and_loads_nothing(browser: Browser, site: Site) -> None:
    with visitor(browser, site) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(site.path("message"))
        page.get_by_text("Gestaltete Fassung").click()
        frame = page.frame_locator("iframe.framed")
        expect(frame.get_by_text("8 mm")).to_be_visible()
        assert frame.locator("script, [onclick]").count() == 0
        assert all(url.startswith(site.base) for url in asked)
        _shoot(page, "message-designed")


def test_pages_can_be_read_without_scripts(browser: Browser, site: Site) -> None:
    with visitor(browser, site, java_script_enabled=False) as page:
        page.goto(f"{site.base}/sidebar?message={site.firm.mails['known']}")
        expect(page.locator("#shown h2 a")).to_have_text(HANSEN)
        page.get_by_text("warum?").click()
        expect(page.locator(".evidence")).to_be_visible()
        page.goto(site.path("customer-long"))
        page.get_by_role("link", name="Ältere Einträge").click()
        expect(page.locator(".entry")).to_have_count(16)


def test_a_new_token_is_shown_once(browser: Browser, site: Site) -> None:
    with visitor(browser, site) as page:
        page.goto(site.path("settings"))
        page.get_by_label("Wofür").fill("Thunderbird am Empfang")
        page.get_by_role("button", name="Token erzeugen").click()
        expect(page.locator("#secret")).to_contain_text("kp_")
        _shoot(page, "settings-token")
        page.goto(site.path("settings"))
        expect(page.locator("#secret")).to_have_count(0)
        page.get_by_role("button", name="Widerrufen").click()
        expect(page.locator(".undo")).to_contain_text("Das Token gilt nicht mehr.")
