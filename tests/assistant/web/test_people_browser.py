"""People and consents on the customer's page in a real browser: by keyboard on the desk, by thumb on the phone."""

from datetime import date

import pytest
from playwright.sync_api import Browser, expect

from rules.terms.customer import Contact
from tests.assistant.web.browsing import Site, visitor

pytestmark = pytest.mark.browser
NAME = "Karin Adler"


@pytest.fixture(scope="module")
def site(site: Site) -> Site:
    with site.firm.services.pool.begin() as work:
        karin = Contact("Q1", "C5", "Frau", "", "Karin", "Adler", email="karin@adler.example", language="de")
        work.customers.upsert_contacts([karin], [])
    return site


def test_sie_or_du_is_set_with_the_keyboard_alone(browser: Browser, site: Site) -> None:
    with visitor(browser, site) as page:
        page.goto(f"{site.base}/customers/C5")
        person = page.locator("#people li", has_text=NAME)
        person.locator("summary").focus()
        page.keyboard.press("Enter")
        person.get_by_label("Anrede").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator(".undo")).to_contain_text("Vermerkt")
        expect(page.locator("#people li", has_text=NAME)).to_contain_text("Du")


def test_a_consent_is_written_down_with_the_thumb(browser: Browser, site: Site) -> None:
    with visitor(browser, site, size="phone", has_touch=True) as page:
        page.goto(f"{site.base}/customers/C5")
        page.locator("#consents summary.button").tap()
        form = page.locator("#consents form")
        form.get_by_label("Wofür").select_option("phone")
        form.get_by_label("Wer").select_option(label=NAME)
        form.get_by_label("Beleg").fill("Messe Kiel")
        form.get_by_role("button", name="Speichern").tap()
        expect(page.locator("#consents")).to_contain_text("Werbung per Telefon: eingewilligt")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_visit_of_last_week_is_noted_with_the_keyboard(browser: Browser, site: Site) -> None:
    with visitor(browser, site) as page:
        page.goto(f"{site.base}/customers/C5")
        page.keyboard.press("n")
        page.keyboard.type("Besichtigung")
        page.locator("#note input[value=call]").focus()
        page.keyboard.press("ArrowRight")
        expect(page.locator("#note input[value=visit]")).to_be_checked()
        page.locator("#note .later summary").press("Enter")
        page.fill("#note-date", date(2026, 2, 3).isoformat())
        page.locator("#note button.primary").press("Enter")
        expect(page.locator(".undo")).to_contain_text("Die Notiz steht im Verlauf")
        page.goto(f"{site.base}/customers/C5?channel=visit")
        entry = page.locator("#entries li", has_text="Besichtigung")
        expect(entry.locator("svg[aria-label=Besuch]")).to_be_visible()
        expect(entry.locator("time")).to_have_attribute("title", "Dienstag, 3. Februar 2026, 12:00 Uhr")
