"""Customers without a file, and a table with one, in a real browser: by keys and on a phone, readable for everybody."""

from pathlib import Path

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Browser, expect

from tests.assistant.web.browsing import Site, axe_source, visitor
from tests.assistant.web.test_browser import ARTIFACTS
from tests.assistant.web.test_correspondents import letters
from tests.assistant.web.test_imports import CUSTOMERS

pytestmark = pytest.mark.browser
LOOKS = [("desktop", "light", "de"), ("phone", "dark", "en")]


@pytest.fixture
def site(own_site: Site) -> Site:
    letters(own_site.firm)
    return own_site


def checked(page, name: str) -> None:  # type: ignore[no-untyped-def]
    """Nothing too wide, nothing that axe finds serious; a picture to look at."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.evaluate(axe_source())
    found = page.evaluate("axe.run().then(r => r.violations.filter(v => ['serious', 'critical'].includes(v.impact)))")
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(ARTIFACTS / f"{name}.png"), full_page=True)


@pytest.mark.parametrize(("size", "scheme", "language"), LOOKS)
def test_customers_are_confirmed_by_keys_and_taken_back(
    browser: Browser, site: Site, size: str, scheme: str, language: str
) -> None:
    with visitor(browser, site, size=size, scheme=scheme, language=language) as page:  # type: ignore[arg-type]
        page.goto(f"{site.base}/correspondents")
        checked(page, f"correspondents-{size}")
        page.keyboard.press("j")
        page.keyboard.press("x")
        expect(page.locator("[data-picked]")).to_have_text("1 ausgewählt" if language == "de" else "1 selected")
        page.locator("[data-all]").check()
        expect(page.locator("input[name^=pick-]:checked")).to_have_count(3)
        page.locator("#all").select_option("customer")
        page.locator(".confirm-bar button").click()
        expect(page.locator(".undo")).to_contain_text("3 ")
        expect(page.locator(".party")).to_have_count(0)
        page.keyboard.press("u")
        expect(page.locator(".party")).to_have_count(3)


@pytest.mark.parametrize(("size", "scheme", "language"), LOOKS)
def test_a_table_goes_in_step_by_step(
    browser: Browser, site: Site, tmp_path: Path, size: str, scheme: str, language: str
) -> None:
    table = tmp_path / "Kundenliste.csv"
    table.write_text(CUSTOMERS, encoding="utf-8")
    with visitor(browser, site, size=size, scheme=scheme, language=language) as page:  # type: ignore[arg-type]
        page.goto(f"{site.base}/imports")
        checked(page, f"imports-{size}")
        page.set_input_files("#import-file", str(table))
        page.locator("form.stack button.primary").click()
        expect(page.locator("#column-5")).to_have_value("email")
        checked(page, f"import-columns-{size}")
        page.locator("form button.primary").last.click()
        expect(page.locator("#would")).to_contain_text("Kranz Metall GmbH")
        checked(page, f"import-preview-{size}")
        page.locator("#would button.primary").click()
        expect(page.locator(".problems td").last).to_be_visible(timeout=15_000)
        expect(page.locator("#state")).to_contain_text("3 neu" if language == "de" else "3 new")
        checked(page, f"import-done-{size}")
