"""Teams, snippets, outgoing mail and the customers' question in a real browser: nothing too wide or hard to read."""

from datetime import UTC, datetime, timedelta

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Browser, expect

from assistant.outbox import post
from assistant.satisfaction import digest
from assistant.settings import OutgoingSettings
from rules.terms.complaint import Category
from rules.terms.outgoing import Invitation, OutgoingKind, OutgoingState
from rules.terms.snippet import Snippet
from rules.terms.staff import Role, Viewer
from rules.terms.team import AwayTime, Team
from tests.assistant.web.browsing import SIZES, Site, axe_source, visitor

pytestmark = pytest.mark.browser

TOKEN = "ein-langes-geheimnis-fuer-diesen-einen-link"
LEAD = Viewer("anna", Role.LEAD, "de", frozenset({"info"}))
PAGES = ("/team", "/snippets", "/outgoing", "/queues?view=mine", "/cases/2", f"/s/{TOKEN}", "/s/falsch", "/reports")


@pytest.fixture(scope="module")
def site(site: Site) -> Site:
    _fill(site)
    return site


def _fill(site: Site) -> None:
    pool, now = site.firm.services.pool, datetime.now(UTC)
    outgoing = OutgoingSettings(host="mail.brueckner.example", sender="info@brueckner.example")
    work_on = site.firm.services.casework
    with pool.begin() as work:
        work.teams.put(Team("Kundendienst und Ersatzteilversand Nord", frozenset({"anna", "ben"})))
        work.teams.set_away(AwayTime("ben", now.date() - timedelta(2), now.date() + timedelta(9), "anna"))
        for number, state in enumerate((OutgoingState.UNCERTAIN, OutgoingState.SENT, OutgoingState.PENDING)):
            mail = post(
                work, outgoing, OutgoingKind.ACKNOWLEDGEMENT, once=str(number), case=2, text="Danke", now=now,
                recipient="eine.sehr.lange.adresse.der.einkaufsabteilung@metallbau-hansen-und-soehne.example",
                subject="Danke für Ihre Nachricht: Donaudampfschifffahrtsgesellschaftskapitänsmützenbestellung",
            )  # fmt: skip
            assert mail is not None
            if state is not OutgoingState.PENDING:
                work.outbox.claim(mail.id, now)
                work.outbox.settle(mail.id, state, now, error=("the line broke", "die Verbindung brach ab"))
        invited = Invitation(digest(TOKEN), "C1", "", 2, "de", now, now + timedelta(days=30))
        work.invitations.put(invited)
    # A year with long names and large sums, as a report has to bear them.
    for name in ("Donaudampfschifffahrtselektrizitätenhauptbetriebswerk", "Pumpe 7"):
        opened = work_on.open(LEAD, customer_id="C1", subject=name).id
        work_on.change(
            LEAD, opened, category=Category.CANCELLATION, product=name, cause=f"Ursache: {name}", cost=123_456_789_00,
            queue="ersatzteilversand-norddeutschland-und-daenemark",
        )  # fmt: skip
        work_on.solve(LEAD, opened)
    text = "Sehr geehrte Damen und Herren bei {customer}, zu „{subject}“ melde ich mich bis {until}. " * 3
    work_on.snippets.put(LEAD, Snippet("Ausführliche Zwischennachricht zur Lieferung", text, form="Sie"))


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("size", ["desktop", "phone", "narrowest"])
def test_no_page_is_wider_than_its_window(browser: Browser, site: Site, size: str, language: str) -> None:
    with visitor(browser, site, size=size, language=language) as page:
        for path in PAGES:
            page.goto(site.base + path)
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert over <= 0, f"{path} at {SIZES[size]['width']} px is {over} px too wide"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_here_either(browser: Browser, site: Site, scheme: str) -> None:
    axe = axe_source()
    with visitor(browser, site, scheme=scheme) as page:  # type: ignore[arg-type]
        for path in PAGES:
            page.goto(site.base + path)
            page.evaluate(axe)
            found = page.evaluate("() => axe.run(document, {resultTypes: ['violations'], iframes: false})")
            serious = [one["id"] for one in found["violations"] if one["impact"] in ("serious", "critical")]
            assert not serious, (path, serious)


def test_a_customer_answers_on_a_phone_without_scripts(browser: Browser, site: Site) -> None:
    token = "noch-ein-langes-geheimnis-fuer-diesen-link"
    now = datetime.now(UTC)
    with site.firm.services.pool.begin() as work:
        work.invitations.put(Invitation(digest(token), "C2", "", 3, "en", now, now + timedelta(days=30)))
    with visitor(browser, site, None, size="phone", java_script_enabled=False) as page:
        page.goto(f"{site.base}/s/{token}")
        expect(page.get_by_role("heading")).to_have_text("Would you recommend us?")
        page.get_by_role("radio", name="9").check()
        page.get_by_label("What would you like to tell us?").fill("Schnell geholfen")
        page.get_by_role("button").click()
        expect(page.get_by_role("status")).to_have_text("Thank you for your answer!")
        assert page.context.cookies() == []
    with site.firm.services.pool.read() as work:
        (answer,) = work.facts.last_answers(["C2"])["C2"]
    assert (answer.score, answer.comment) == (9, "Schnell geholfen")


def test_a_snippet_is_written_used_and_taken_back(browser: Browser, site: Site) -> None:
    with visitor(browser, site) as page:
        page.goto(f"{site.base}/snippets")
        page.get_by_label("Titel").fill("Rückruf")
        page.get_by_label("Wortlaut").fill("wir rufen Sie an, {costumer}.")
        page.get_by_role("button", name="Baustein speichern").click()
        expect(page.get_by_role("alert")).to_contain_text("Meinten Sie {customer}?")
        page.get_by_label("Wortlaut").fill("wir rufen Sie an, {customer}.")
        page.get_by_role("button", name="Baustein speichern").click()
        expect(page.locator(".undo")).to_contain_text("Der Baustein ist gespeichert.")
        page.locator("summary", has_text="Rückruf").click()
        page.get_by_role("button", name="Löschen Rückruf").click()
        expect(page.locator("summary", has_text="Rückruf")).to_have_count(0)
        page.keyboard.press("u")
        expect(page.locator("summary", has_text="Rückruf")).to_have_count(1)


def test_who_is_away_cannot_be_chosen_as_their_own_deputy(browser: Browser, site: Site) -> None:
    with visitor(browser, site) as page:
        page.goto(f"{site.base}/team")
        deputy = page.locator("#deputy")
        expect(deputy.locator("option[value=anna]")).to_be_disabled()
        deputy.select_option("ben")
        page.locator("#who").select_option("ben")
        expect(deputy).to_have_value("")
        expect(deputy.locator("option[value=ben]")).to_be_disabled()
        expect(deputy.locator("option[value=anna]")).to_be_enabled()
