"""Letters on the page in a real browser: kept from a phone, readable, nothing too wide; invoices that wait, booked."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Browser, expect

from rules.terms.einvoice import ElectronicInvoice, TradeParty
from storage.found_invoices import FoundInvoice, FoundState
from tests.assistant.web.browsing import Site, visitor
from tests.assistant.web.test_browser import ARTIFACTS
from tests.connectors import papers

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(site: Site) -> Site:
    waits = ElectronicInvoice(
        "RE-2026-17",
        date(2026, 11, 2),
        119_000,
        buyer=TradeParty("Hansen Metallbau GmbH", "DE811234567", ("10023",)),
    )
    found = FoundInvoice(waits, site.firm.mails["sent"], FoundState.WAITING, "nobody-known", datetime.now(UTC), "C1")
    with site.firm.services.pool.begin() as work:
        work.found_invoices.add(found)
    return site


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_a_letter_is_kept_and_read(browser: Browser, site: Site, tmp_path: Path, size: str, scheme: str) -> None:
    letter = tmp_path / "Kündigung Wartungsvertrag 2026 mit einem langen Dateinamen der nicht umbricht.pdf"
    letter.write_bytes(papers.pdf(["Sehr geehrte Damen und Herren,", f"hiermit kündigen wir ({size})."]))
    picture = tmp_path / "scan.png"
    picture.write_bytes(papers.PNG)
    with visitor(browser, site, size=size, scheme=scheme) as page:  # type: ignore[arg-type]
        for file in (letter, picture):
            page.goto(f"{site.base}/customers/C1")
            page.locator("#letter > summary").click()
            page.set_input_files("#letter-file", str(file))
            page.fill("#letter-text", f"Per Einschreiben, {size}")
            page.locator(".letter-form button.primary").click()
            expect(page.get_by_text("Das Schreiben steht im Verlauf.")).to_be_visible()
        page.locator("details.words summary").first.click()
        expect(page.get_by_text(f"hiermit kündigen wir ({size}).")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("window.innerWidth")
        page.locator("#letter > summary").click()
        ARTIFACTS.mkdir(exist_ok=True)
        page.screenshot(path=ARTIFACTS / f"letter-{size}-{scheme}.png", full_page=True)


@pytest.mark.parametrize(("size", "scheme"), [("phone", "light"), ("desktop", "dark")])
def test_invoices_that_wait_are_shown(browser: Browser, site: Site, size: str, scheme: str) -> None:
    with visitor(browser, site, size=size, scheme=scheme) as page:  # type: ignore[arg-type]
        page.goto(f"{site.base}/review/invoices")
        expect(page.get_by_text("RE-2026-17")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("window.innerWidth")
        page.screenshot(path=ARTIFACTS / f"found-invoices-{size}-{scheme}.png", full_page=True)


def test_one_click_books_an_invoice(browser: Browser, site: Site) -> None:
    with visitor(browser, site) as page:
        page.goto(f"{site.base}/review/invoices")
        page.get_by_role("button", name="Buchen").click()
        expect(page.get_by_text("Die Rechnung ist gebucht.")).to_be_visible()
        page.goto(f"{site.base}/customers/C1")
        expect(page.locator("#books")).to_contain_text("aus der Mail vom")
