"""The queues in real browsers: worked through by keys, live between two people, nothing typed is lost."""

import re
import time
from dataclasses import replace

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Browser, expect

from rules.terms.staff import Role, Viewer
from tests.assistant.web.browsing import Site, visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def site(own_site: Site) -> Site:
    return own_site


def streaming(site: Site, count: int) -> None:
    """Wait until so many pages listen."""
    deadline = time.monotonic() + 10
    while len(site.firm.services.broker) < count:
        assert time.monotonic() < deadline, "nobody listens"
        time.sleep(0.02)


def test_the_whole_triage_by_keys_alone(browser: Browser, site: Site) -> None:
    with visitor(browser, site) as page:
        page.set_viewport_size({"width": 1360, "height": 860})
        page.goto(f"{site.base}/queues")
        expect(page.locator(".case")).to_have_count(4)
        expect(page.locator(".case").first).to_have_class(re.compile("overdue"))
        expect(page.locator(".bulk")).to_be_hidden()
        page.keyboard.press("j")
        expect(page.locator(".beside h2").first).to_have_text("Delivery of order 2026-2188")
        page.keyboard.press("a")
        expect(page.locator(".undo")).to_contain_text("Zugewiesen.")
        expect(page.locator(".case").first.locator(".small-initial")).to_have_text("AN")
        page.keyboard.press("s")
        expect(page.locator(".undo")).to_contain_text("Zurückgestellt.")
        expect(page.locator(".case")).to_have_count(3)
        page.keyboard.press("u")
        expect(page.locator(".case")).to_have_count(4)
        page.keyboard.press("k")
        page.keyboard.press("j")
        page.keyboard.press("x")
        expect(page.locator(".bulk")).to_be_visible()
        expect(page.locator(".bulk-count")).to_have_text("Ein Vorgang ausgewählt")
        page.keyboard.press("x")
        expect(page.locator(".bulk")).to_be_hidden()
        page.keyboard.press("e")
        expect(page.locator(".undo")).to_contain_text("Als gelöst markiert.")
        expect(page.locator(".case")).to_have_count(3)
        page.keyboard.press("/")
        expect(page.locator("[data-find]")).to_be_focused()
        page.keyboard.type("konsolen")
        page.keyboard.press("Enter")
        expect(page.locator(".case")).to_have_count(1)
        expect(page.locator(".bulk")).to_be_hidden()  # by the script: keys are heard from here on
        page.keyboard.press("j")
        page.keyboard.press("n")
        page.wait_for_url("**/cases/*#note")
        expect(page.locator("#note")).to_be_focused()
        page.keyboard.type("Rückruf morgen")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("#case-history")).to_contain_text("Rückruf morgen")


def test_two_people_on_one_case_see_each_other(browser: Browser, site: Site) -> None:
    with visitor(browser, site) as anna, visitor(browser, site, "ben") as ben:
        anna.goto(f"{site.base}/cases/1")
        ben.goto(f"{site.base}/queues")
        streaming(site, 2)
        anna.keyboard.press("n")
        anna.keyboard.type("Halb geschrieben")
        ben.locator(".case").first.focus()
        ben.keyboard.press("a")
        expect(anna.locator(".case-top")).to_contain_text("Daran arbeitet Ben Blum.", timeout=5000)
        expect(anna.locator("#note")).to_have_value("Halb geschrieben")
        expect(anna.locator("#note")).to_be_focused()
        anna.get_by_role("button", name="Notiz speichern").click()
        expect(anna.locator("#case-history")).to_contain_text("Halb geschrieben")
        anna.locator("body").press("e")
        expect(ben.locator(".case")).to_have_count(3, timeout=5000)


def test_many_cases_at_once(browser: Browser, site: Site) -> None:
    with visitor(browser, site) as page:
        page.goto(f"{site.base}/queues")
        expect(page.locator(".bulk")).to_be_hidden()
        for box in page.locator(".case .pick input").all()[:2]:
            box.check()
        page.get_by_label("Bearbeitung").select_option("ben")
        page.get_by_role("button", name="Anwenden").last.click()
        expect(page.locator(".undo")).to_contain_text("Zugewiesen.")
        expect(page.locator(".small-initial", has_text="BE")).to_have_count(2)
        page.keyboard.press("u")
        expect(page.locator(".small-initial", has_text="BE")).to_have_count(1)


def test_without_scripts_everything_is_there(browser: Browser, site: Site) -> None:
    with visitor(browser, site, java_script_enabled=False) as page:
        page.goto(f"{site.base}/queues")
        page.get_by_role("link", name="Delivery of order 2026-2188").click()
        expect(page.locator("h1")).to_have_text("Delivery of order 2026-2188")
        page.get_by_role("button", name="Gelöst").click()
        expect(page.locator(".standing")).to_contain_text("gelöst")
        page.get_by_role("button", name="Rückgängig").click()
        expect(page.locator(".standing")).to_contain_text("neu")
        expect(page.get_by_label("Name der neuen Liste")).to_be_hidden()
        page.get_by_label("Liste", exact=True).select_option(label="Neue Liste …")
        page.get_by_label("Name der neuen Liste").fill("Ersatzteile")
        page.get_by_label("Kosten in Euro").fill("zwölf")
        page.get_by_role("button", name="Speichern", exact=True).click()
        expect(page.get_by_role("alert")).to_have_text("Kosten sind ein Betrag in Euro, zum Beispiel 12,50.")
        expect(page.get_by_label("Name der neuen Liste")).to_have_value("Ersatzteile")
        expect(page.get_by_label("Kosten in Euro")).to_have_value("zwölf")
        page.get_by_label("Kosten in Euro").fill("12")
        page.get_by_role("button", name="Speichern", exact=True).click()
        expect(page.get_by_label("Liste", exact=True)).to_have_value("Ersatzteile")


def test_the_sidebar_takes_and_opens_cases(browser: Browser, site: Site) -> None:
    with visitor(browser, site, size="sidebar") as page:
        page.goto(f"{site.base}/sidebar?message={site.firm.mails['english']}")
        expect(page.locator(".cases .overdue .due")).to_contain_text("überfällig")
        page.get_by_role("button", name="Übernehmen").click()
        expect(page.locator(".undo")).to_contain_text("Zugewiesen.")
        expect(page.locator(".cases")).to_contain_text("Anna Arndt")
        page.goto(f"{site.base}/sidebar?message={site.firm.mails['known']}")
        page.get_by_role("button", name="Vorgang", exact=True).click()
        expect(page.locator(".undo")).to_contain_text("Der Vorgang ist eröffnet.")
        expect(page.locator(".cases")).to_contain_text("Re: Angebot A-4711")


def test_when_news_were_missed_the_queue_says_so_and_is_renewed(browser: Browser, site: Site) -> None:
    services = site.firm.services
    with visitor(browser, site) as page:
        page.set_viewport_size({"width": 1360, "height": 860})
        page.goto(f"{site.base}/queues")
        expect(page.locator(".case")).to_have_count(4)
        streaming(site, 1)
        expect(page.locator("#lost")).to_be_hidden()
        # As when the database was away: a case was closed, and nobody told.
        with services.pool.read() as work:
            lead = Viewer("anna", Role.LEAD, "de", frozenset(box.name for box in work.mailboxes.all()))
        number = int((page.locator(".case").first.get_attribute("id") or "").removeprefix("case-"))
        replace(services.casework, publish=lambda cases: None).close(lead, number)
        services.broker.missed()
        expect(page.locator("#lost")).to_have_text("Verbindung unterbrochen. Was Sie sehen, wird von selbst erneuert.")
        expect(page.locator(".case")).to_have_count(3, timeout=10_000)
        expect(page.locator("#lost")).to_be_hidden()
