"""A complaint from its arrival to its solution: real mail server, real service, two people at their browsers."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Browser, Page, expect

from rules.terms.case import CaseFilter, CaseView
from rules.terms.complaint import FindingState
from rules.terms.staff import Role
from tests.assistant.web.browsing import chromium
from tests.journeys.ledger import known
from tests.journeys.running import PASSWORD, PATIENCE, Home, Visitor, keep_password, mailbox_table
from tests.servers.dovecot import Dovecot

pytestmark = [pytest.mark.browser, pytest.mark.dovecot, pytest.mark.timeout(300)]

CUSTOMERS = "customer_id;kind;name;email;domain\nC1;firm;Hansen Metallbau;karin@hansen.example;hansen.example\n"
KARIN, OURS = "Karin Hansen <karin@hansen.example>", "Anna <info@muster.example>"
ANGRY = (
    "Guten Tag,\n\nich warte jetzt schon seit drei Wochen auf meine Lieferung und niemand antwortet mir. "
    "Das ist eine Frechheit. Bitte liefern Sie bis Freitag.\n\nKarin Hansen\n"
)
ANSWER = "Guten Tag Frau Hansen,\n\nes tut mir leid. Die Lieferung kommt morgen.\n\nAnna\n"
THANKS = "Guten Tag Anna,\n\ndanke, das passt jetzt alles so.\n\nViele Grüße\nKarin Hansen\n"
QUOTE = "warte jetzt schon seit drei Wochen"


def letter(name: str, text: str, sender: str = KARIN, to: str = OURS, answers: str = "", days: float = 0) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = sender, to
    mail["Subject"] = "Re: Lieferung fehlt" if answers else f"Lieferung fehlt ({name})"
    mail["Message-ID"] = f"<{name}@test.example>"
    mail["Date"] = format_datetime(datetime.now(UTC) - timedelta(days=days))
    if answers:
        mail["In-Reply-To"] = mail["References"] = f"<{answers}@test.example>"
    mail.set_content(text)
    return mail.as_bytes()


@contextmanager
def desk(browser: Browser, home: Home, login: str, path: str) -> Iterator[Page]:
    """Somebody's browser, logged in, at a page."""
    context = browser.new_context(viewport={"width": 1360, "height": 860}, locale="de", timezone_id="Europe/Berlin")
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    page.goto(f"{home.base}{path}")
    page.get_by_label("Benutzername").fill(login)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{home.base}{path}")
    yield page
    context.close()


@pytest.fixture
def running(dovecot: Dovecot, home: Home, user: str) -> Home:
    """A firm with a customer, and forty complaints that lay in the mailbox before Kingpost came."""
    dovecot.fill(user, "INBOX", (letter(f"alt-{number}", ANGRY, days=400 - number) for number in range(40)))
    dovecot.fill(user, "Sent", [letter("alt-s", ANSWER, OURS, KARIN, days=300)])
    home.write(mailbox_table(dovecot, user))
    home.make(anna=Role.STAFF, berta=Role.STAFF)
    keep_password(home, user)
    (home.folder / "kunden.csv").write_text(CUSTOMERS)
    assert home.kingpost("import", "customers", "kunden.csv").code == 0
    return home


def test_a_complaint_is_taken_answered_and_solved_by_keys_while_a_colleague_looks_on(
    running: Home, dovecot: Dovecot, user: str
) -> None:
    home = running
    with chromium() as browser, home.running() as service:
        service.until(lambda: len(known(home, user)) == 41, "the old mail is in the pool")
        with home.pool() as pool, pool.read() as work:
            assert work.cases.page(CaseFilter(), None, datetime.now(UTC)) == []
            assert len(work.findings.page(FindingState.HISTORY, None, limit=50)) == 40
        with desk(browser, home, "anna", "/queues") as anna:
            expect(anna.locator(".empty").first).to_contain_text("Hier ist nichts zu tun")

            # It arrives, is flagged with its words, and stands in the list by itself.
            dovecot.append(user, "INBOX", letter("neu", ANGRY))
            row = anna.locator(".case")
            expect(row).to_have_count(1)
            expect(row).to_contain_text("Hansen Metallbau")
            expect(row).to_contain_text(QUOTE)
            expect(row.locator(".due")).not_to_be_empty()

            with desk(browser, home, "berta", "/cases/1") as berta:
                expect(berta.locator(".standing")).to_contain_text("neu")
                # By keys alone: to the first case, and take it. The colleague sees it at once.
                anna.keyboard.press("j")
                expect(anna.locator(".beside")).to_contain_text(QUOTE)
                anna.keyboard.press("a")
                began = time.monotonic()
                expect(berta.locator(".case-top")).to_contain_text("Daran arbeitet Anna.")
                assert time.monotonic() - began < 5
                expect(row.locator(".small-initial")).to_have_text("AN")

                # A colleague's note, and an answer from a normal mail program: the clock stands.
                berta.keyboard.press("n")
                berta.keyboard.type("Spedition angerufen: morgen.")
                dovecot.append(user, "Sent", letter("antwort", ANSWER, OURS, KARIN, "neu"))
                expect(berta.locator(".standing")).to_contain_text("wartet auf den Kunden", timeout=60_000)
                expect(berta.locator(".case-top")).to_contain_text("Schon beantwortet")
                expect(berta.locator("#note")).to_have_value("Spedition angerufen: morgen.")
                expect(berta.locator("#note")).to_be_focused()
                berta.get_by_role("button", name="Notiz speichern").click()
                expect(berta.locator("#case-history")).to_contain_text("Spedition angerufen")

                # "Danke, passt jetzt" proposes that it is solved; a key says so.
                dovecot.append(user, "INBOX", letter("danke", THANKS, answers="neu"))
                expect(row).to_contain_text("Wohl erledigt")
                expect(berta.locator(".case-top")).to_contain_text("Der Kunde schreibt, dass es erledigt ist.")
            anna.keyboard.press("j")
            anna.keyboard.press("e")
            expect(anna.locator(".undo")).to_contain_text("Als gelöst markiert.")
            expect(row).to_have_count(0)

            # What is missed is told: nobody reloads anything.
            dovecot.append(user, "INBOX", letter("zwei", ANGRY))
            expect(row).to_have_count(1)
            late = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
            with Visitor(home, "berta") as client:
                assert client.patch("/api/v1/cases/2", json={"due": late}, headers=csrf(client)).status_code == 200
                expect(anna.locator(".case.overdue")).to_contain_text("überfällig")
                service.until(
                    lambda: "escalated" in [event["kind"] for event in client.api("/cases/2")["history"]],
                    "the missed deadline is escalated",
                )
                report = client.api("/reports/complaints")
                assert (report["count"], report["open"]) == (2, 1)
                assert any(QUOTE in quote for _, quote in report["categories"][0]["quotes"])
            anna.goto(f"{home.base}/reports")
            expect(anna.locator(".figures dd").first).to_have_text("2")
        with home.pool() as pool, pool.read() as work:
            (done,) = work.cases.page(CaseFilter(CaseView.ENDED), None, datetime.now(UTC))
            kinds = [event.kind.value for event in work.cases.history(done.id)][::-1]
        assert kinds[:2] == ["opened", "assigned"]
        assert sorted(kinds[2:]) == ["answered", "noted", "relieved", "solved"]
        assert service.stop() == 0


def csrf(client: Visitor) -> dict[str, str]:
    """The proof of our own pages, which a page carries in its forms."""
    page = client.page("/cases/2")
    return {"x-csrf-token": page.split('name="_csrf_token" value="')[1].split('"')[0]}
