"""Customers without a file: from a mailbox that nobody described to filed mail, by one confirmation in the browser."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Browser, Page, expect

from rules.terms.staff import Role
from tests.assistant.web.browsing import chromium
from tests.journeys.running import PASSWORD, Home, keep_password, mailbox_table, until
from tests.servers.dovecot import Dovecot

pytestmark = [pytest.mark.browser, pytest.mark.dovecot, pytest.mark.timeout(300)]

OFFICE = "office@muster.example"
SIGNATURE = (
    "\n\nMit freundlichen Grüßen\nKarla Kranz\nKranz Metallbau GmbH\nHafenstraße 5\n24103 Kiel\nTel. 0431 998877\n"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def letter(sender: str, to: str, subject: str, text: str, number: int, **headers: str) -> bytes:
    """A mail, `number` days old."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Message-ID"] = f"<{number}.{subject.encode().hex()}@brief.example>"
    message["Date"] = format_datetime(datetime.now(UTC) - timedelta(days=number))
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def fill(server: Dovecot, user: str) -> None:
    """A customer's firm with two people, a supplier, somebody private to whom we wrote, and a newsletter."""
    karla, ole = "Karla Kranz <kranz@kranz-metall.example>", "Ole Ohm <ohm@kranz-metall.example>"
    for number in range(1, 5):
        asked = letter(karla, OFFICE, f"Bestellung {number}", f"Bitte liefern Sie zwölf Winkel.{SIGNATURE}", number)
        server.append(user, "INBOX", asked)
        bill = letter(
            "Bleche AG <rechnung@bleche.example>", OFFICE, f"Ihre Rechnung {number}",
            f"Guten Tag, anbei erhalten Sie unsere Rechnung {number} zu Ihrer Bestellung.", number,
        )  # fmt: skip
        server.append(user, "INBOX", bill)
        news = letter(
            "Laden <news@laden.example>", OFFICE, f"Angebote {number}", "Nur heute.", number,
            List_Unsubscribe="<https://laden.example/aus>",
        )  # fmt: skip
        server.append(user, "INBOX", news)
    server.append(user, "INBOX", letter(ole, OFFICE, "Lieferschein", "Der Lieferschein fehlt.", 2))
    for number in (1, 2):
        server.append(user, "Sent", letter(OFFICE, karla, f"Angebot {number}", "Gern bieten wir an.", number))
    server.append(user, "Sent", letter(OFFICE, "Peter Probst <p.probst@gmx.de>", "Ihr Termin", "Bis Montag.", 3))


def owners(home: Home) -> dict[str, str | None]:
    """Under whom each mail is filed, by subject."""
    with home.pool() as pool, pool.read() as work:
        mails = work.messages.get_many(work.messages.latest(frozenset({"post"}), 100), 0)
    return {mail.message.subject: mail.match.customer_id for mail in mails.values()}


def log_in(page: Page) -> None:
    page.goto("/login?next=/correspondents")
    page.locator("#login").fill("lena")
    page.locator("#password").fill(PASSWORD)
    page.locator("form button").first.click()
    expect(page).to_have_url(re.compile("/correspondents$"))


def proposed(page: Page) -> list[str]:
    """Who waits on the page."""
    page.goto("/correspondents")
    return sorted(str(box.get_attribute("value")) for box in page.locator("input[name^=pick-]").all())


def test_whom_the_firm_writes_with_become_customers_and_their_mail_is_filed(
    browser: Browser, home: Home, dovecot: Dovecot, user: str
) -> None:
    fill(dovecot, user)
    keep_password(home, user)
    home.write(mailbox_table(dovecot, user, 'sent = "Sent"', name="post"))
    home.make(lena=Role.LEAD)
    with home.running() as service:
        context = browser.new_context(locale="de-DE", base_url=home.base)
        page = context.new_page()
        log_in(page)
        everybody = ["bleche.example", "kranz-metall.example", "laden.example", "p.probst@gmx.de"]
        until(lambda: proposed(page) == everybody, "all are proposed", 120)

        # Each with a kind beside it: what the mails say, or what somebody knows.
        chosen = dict(zip(everybody, ("supplier", "customer", "never", "customer"), strict=True))
        for key, kind in chosen.items():
            card = page.locator(".party", has=page.locator(f"input[value='{key}']"))
            card.locator("select").select_option(kind)
            card.locator("input[name^=pick-]").check()
        kranz = page.locator(".party", has=page.locator("input[value='kranz-metall.example']"))
        expect(kranz.locator("input[name^=name-]")).to_have_value("Kranz Metallbau GmbH")
        page.locator(".confirm-bar button").click()
        expect(page.locator(".undo")).to_contain_text("2 ")
        expect(page.locator(".party")).to_have_count(0)

        until(lambda: owners(home)["Bestellung 4"], "the mail that was there is filed")
        with home.pool() as pool, pool.read() as work:
            firms = {one.name: one for one in work.customers.page()}
            people = {one.last_name for one in work.customers.contacts_of(firms["Kranz Metallbau GmbH"].id)}
        assert people == {"Kranz", "Ohm"}
        known = firms["Kranz Metallbau GmbH"]
        filed = owners(home)
        theirs = {subject for subject, owner in filed.items() if owner == known.id}
        assert theirs == {*(f"Bestellung {n}" for n in range(1, 5)), "Angebot 1", "Angebot 2", "Lieferschein"}
        assert filed["Ihr Termin"] not in (None, known.id)
        assert {filed[f"Ihre Rechnung {n}"] for n in range(1, 5)} == {filed["Angebote 1"]} == {None}

        # What comes from now on is filed when it comes; the supplier is nobody's lead.
        new = letter("Ole Ohm <ohm@kranz-metall.example>", OFFICE, "Neue Anfrage", "Haben Sie Bleche?", 0)
        dovecot.append(user, "INBOX", new)
        service.until(lambda: owners(home).get("Neue Anfrage") == known.id, "a new mail is filed at once")
        page.goto(f"/customers/{known.id}")
        expect(page.locator("main")).to_contain_text("Neue Anfrage")
        expect(page.locator("main")).to_contain_text("Bestellung 1")
        page.goto("/correspondents")
        expect(page.locator("#never")).to_contain_text("laden.example")
        page.goto("/leads")
        expect(page.locator("main")).not_to_contain_text("rechnung@bleche.example")
        assert service.stop() == 0
        context.close()
