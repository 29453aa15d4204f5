"""The pane in Outlook, in a real Chromium: framed by another site, fed by a double of Office.js."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Browser, expect

from assistant.web.security import OFFICE_JS
from rules.terms.interaction import Channel
from tests.assistant.web.browsing import Site, axe_source, chromium, served
from tests.clients.outlook import EVIL, OLD, OUTLOOK, OWN_EXCHANGE, Outlook, outlook
from tests.journeys.running import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

ARTEFACTS = ROOT / "test-artifacts"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KINGPOST_OUTLOOK__ENABLED", "true")
        patch.setenv("KINGPOST_OUTLOOK__HOSTS", json.dumps([OUTLOOK, OWN_EXCHANGE]))
        with served(tmp_path_factory.mktemp("outlook")) as running:
            yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def pane(site: Site, browser: Browser) -> Iterator[Outlook]:
    """A pane in which anna is signed in and no message is open."""
    with outlook(browser, site) as made:
        made.open()
        made.sign_in()
        yield made


@pytest.fixture
def keeping(site: Site, browser: Browser) -> Iterator[Outlook]:
    """The same where the browser lets the frame keep something."""
    with outlook(browser, site, home=OWN_EXCHANGE) as made:
        made.open()
        made.sign_in()
        yield made


def test_a_person_signs_in_once_and_the_pinned_pane_follows(pane: Outlook) -> None:
    expect(pane.pane.locator("#shown")).to_contain_text("Öffnen Sie eine Nachricht")
    for name, words in (
        ("known", "Hansen Metallbau GmbH"),
        ("unknown", "Absender unbekannt"),
        ("forged", "wohl nicht echt"),
        ("known", "Hansen Metallbau GmbH"),
    ):
        pane.select(pane.mail(name))
        expect(pane.pane.locator("#shown .summary")).to_contain_text(words)
    # Microsoft's script is asked for once, and by the pane alone: not where the password is typed.
    assert pane.loaded == [OFFICE_JS]


def test_the_dialog_closes_when_its_work_is_done_and_nothing_of_the_token_is_in_an_address(pane: Outlook) -> None:
    assert [page.url for page in pane.context.pages] == [pane.page.url]
    [[url, options]] = pane.pane.evaluate("double.dialogs")
    assert re.fullmatch(rf"{pane.site.base}/pair\?code=[A-Z-]+&close=1", url)
    assert options["promptBeforeOpen"] is False


def test_where_no_message_is_open_the_pane_says_what_to_do(pane: Outlook) -> None:
    shown = pane.pane.locator("#shown")
    pane.select(pane.mail("known"))
    expect(shown).to_contain_text("Hansen")
    pane.select(None, 3)
    expect(shown).to_contain_text("Mehrere Nachrichten sind markiert")
    expect(shown).not_to_contain_text("Hansen")
    pane.select(None)
    expect(shown).to_contain_text("Öffnen Sie eine Nachricht")
    pane.select({"itemType": "appointment", "subject": "Jour fixe"})
    expect(shown).to_contain_text("Öffnen Sie eine Nachricht")
    pane.select({"draft": True})
    expect(shown).to_contain_text("Sie schreiben eine neue Nachricht")


def test_in_a_reply_stands_who_is_answered(pane: Outlook) -> None:
    pane.select({"draft": True, "inReplyTo": pane.mail("known")["internetMessageId"]})
    expect(pane.pane.locator("#shown .summary")).to_contain_text("Hansen Metallbau GmbH")


def test_a_message_without_an_id_is_asked_for_again_until_it_has_one(pane: Outlook) -> None:
    pane.select({"internetMessageId": "", "subject": "gerade erst", "from": {"emailAddress": "a@b.example"}})
    expect(pane.pane.locator("#shown")).to_contain_text("hat noch keine Kennung")
    # Outlook fills it in without any event.
    pane.pane.evaluate("(item) => Object.assign(Office.context.mailbox.item, item)", pane.mail("known"))
    expect(pane.pane.locator("#shown .summary")).to_contain_text("Hansen")


def test_a_mail_that_is_not_in_the_pool_says_so_and_unlocks_nothing(pane: Outlook) -> None:
    item = pane.mail("known") | {"internetMessageId": "<noch-nie-gesehen@x.example>"}
    pane.select(item)
    expect(pane.pane.locator(".is-pending")).to_be_visible()
    expect(pane.pane.locator("#shown")).not_to_contain_text("Hansen Metallbau")


def test_a_borrowed_message_id_from_another_sender_is_not_taken_for_the_stored_mail(pane: Outlook) -> None:
    pane.select(pane.mail("known") | {"from": {"emailAddress": "chef@betrug.example"}})
    expect(pane.pane.locator(".is-pending")).to_be_visible()


def test_unpinned_the_pane_is_loaded_for_each_message_and_stays_signed_in(keeping: Outlook) -> None:
    keeping.open(keeping.mail("known"))
    expect(keeping.pane.locator("#shown .summary")).to_contain_text("Hansen")
    keeping.open(keeping.mail("unknown"))
    expect(keeping.pane.locator("#shown .summary")).to_contain_text("Absender unbekannt")


def test_where_the_browser_lets_a_frame_keep_nothing_the_token_lives_as_long_as_the_pane(pane: Outlook) -> None:
    pane.select(pane.mail("known"))
    expect(pane.pane.locator("#shown .summary")).to_contain_text("Hansen")
    pane.open(pane.mail("known"))
    expect(pane.pane.locator("#shown")).to_contain_text("Bei Kingpost anmelden")


def test_a_token_that_was_revoked_or_has_ended_leads_back_to_signing_in(keeping: Outlook) -> None:
    access = keeping.site.firm.services.access
    keeping.select(keeping.mail("known"))
    expect(keeping.pane.locator("#shown .summary")).to_be_visible()
    token = access.tokens("anna")[-1]
    assert token.name == "Outlook"
    assert token.expires is not None
    assert timedelta(hours=11) < token.expires - datetime.now(UTC) <= timedelta(hours=12)
    access.revoke("anna", token.id)
    keeping.select(keeping.mail("unknown"))
    expect(keeping.pane.locator("#shown")).to_contain_text("Die Anmeldung gilt nicht mehr")
    expect(keeping.pane.locator("#shown")).not_to_contain_text("Hansen")
    # Nothing of it is kept: the pane that is opened next begins from the start.
    keeping.open(keeping.mail("known"))
    expect(keeping.pane.locator("#shown")).to_contain_text("Bei Kingpost anmelden")
    keeping.sign_in()
    expect(keeping.pane.locator("#shown .summary")).to_contain_text("Hansen")


def test_signing_out_ends_the_token_at_kingpost_too(pane: Outlook) -> None:
    before = {token.id for token in pane.site.firm.services.access.tokens("anna")}
    pane.pane.get_by_role("button", name="Abmelden").click()
    expect(pane.pane.locator("#shown")).to_contain_text("Bei Kingpost anmelden")
    after = {token.id for token in pane.site.firm.services.access.tokens("anna")}
    assert len(before - after) == 1


def test_what_is_opened_while_the_code_waits_does_not_disturb_it(site: Site, browser: Browser) -> None:
    with outlook(browser, site) as pane:
        pane.open(pane.mail("known"))
        with pane.page.expect_popup():
            pane.pane.get_by_role("button", name="Anmelden").click()
        code = pane.pane.locator(".code").text_content()
        pane.select(pane.mail("unknown"))
        expect(pane.pane.locator(".code")).to_have_text(code or "?")
        pane.pane.get_by_role("button", name="Abbrechen").click()
        expect(pane.pane.locator("#shown")).to_contain_text("Bei Kingpost anmelden")


def test_where_outlook_opens_no_window_the_code_can_be_confirmed_in_the_browser(site: Site, browser: Browser) -> None:
    with outlook(browser, site) as pane:
        pane.open(pane.mail("known"))
        pane.pane.evaluate("() => { double.refused = 12009; }")
        pane.pane.get_by_role("button", name="Anmelden").click()
        code = pane.pane.locator(".code").text_content()
        pane.pane.get_by_role("button", name="Lieber im Browser öffnen").click()
        assert pane.pane.evaluate("double.browsed") == [f"{site.base}/pair?code={code}"]


def test_a_note_that_is_being_written_stays_with_its_customer(pane: Outlook) -> None:
    pane.select(pane.mail("known"))
    pane.pane.locator(".more details > summary").click()
    pane.pane.locator("#note").fill("Will einen Rückruf am Montag")
    pane.select(pane.mail("unknown"))
    expect(pane.pane.locator("#latest")).to_contain_text("Eine andere Nachricht ist geöffnet")
    expect(pane.pane.locator("#shown h2").first).to_contain_text("Hansen")
    pane.pane.get_by_role("button", name="Notiz speichern").click()
    expect(pane.pane.locator("#shown")).to_contain_text("Absender unbekannt")
    with pane.site.firm.services.pool.read() as work:
        [entry] = work.interactions.holding("C1", "Rückruf am Montag", 5)
    assert (entry.text, entry.channel) == ("Will einen Rückruf am Montag", Channel.CALL)


def test_links_open_in_the_browser_and_what_can_be_done_here_is_done_here(pane: Outlook) -> None:
    pane.select(pane.mail("doubtful"))
    expect(pane.pane.locator(".is-review")).to_be_visible()
    pane.pane.locator(".candidates a").first.click()
    assert pane.pane.evaluate("double.browsed")[0].startswith(f"{pane.site.base}/customers/")
    pane.select(pane.mail("english"))
    pane.pane.get_by_role("button", name="Ist keine Beschwerde").click()
    expect(pane.pane.get_by_role("button", name="Ist keine Beschwerde")).to_have_count(0)
    expect(pane.pane.get_by_role("button", name="Ist eine Beschwerde")).to_be_visible()


def test_without_kingpost_nothing_of_another_message_stays(pane: Outlook) -> None:
    pane.select(pane.mail("known"))
    expect(pane.pane.locator("#shown .summary")).to_be_visible()
    pane.context.route("**/api/v1/**", lambda route: route.abort())
    pane.select(pane.mail("unknown"))
    expect(pane.pane.locator("#offline")).to_contain_text("Stand von")
    expect(pane.pane.locator("#shown")).not_to_contain_text("Hansen")
    pane.context.unroute("**/api/v1/**")
    pane.pane.get_by_role("button", name="Noch einmal versuchen").click()
    expect(pane.pane.locator("#shown")).to_contain_text("Absender unbekannt")


def test_an_older_outlook_without_choice_of_several_does_as_well(site: Site, browser: Browser) -> None:
    with outlook(browser, site, sets=OLD) as pane:
        pane.open(pane.mail("known"))
        pane.sign_in()
        expect(pane.pane.locator("#shown .summary")).to_contain_text("Hansen")
        pane.select(None, 3)
        expect(pane.pane.locator("#shown")).to_contain_text("Öffnen Sie eine Nachricht")


def test_outside_outlook_and_without_microsofts_script_it_says_so(site: Site, browser: Browser) -> None:
    with outlook(browser, site, outside=True) as pane:
        pane.open()
        expect(pane.pane.locator("#shown")).to_contain_text("Diese Seite gehört in Outlook")
    with outlook(browser, site) as pane:
        pane.context.route(OFFICE_JS, lambda route: route.abort())
        pane.open()
        expect(pane.pane.locator("#shown")).to_contain_text("Das Skript von Microsoft wurde nicht geladen")


def test_only_outlook_may_frame_the_pane(site: Site, browser: Browser) -> None:
    with outlook(browser, site) as pane:
        frame = f'<iframe name="pane" src="{site.base}/clients/outlook"></iframe>'
        pane.context.route(f"{EVIL}/", lambda route: route.fulfill(content_type="text/html", body=frame))
        pane.page.goto(f"{EVIL}/")
        expect(pane.page.frame_locator("iframe").locator("#shown")).to_have_count(0)
        assert any("frame-ancestors" in each for each in pane.complaints)
        pane.complaints.clear()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["known", "forged", "doubtful"])
def test_it_fits_a_narrow_pane_and_every_eye(site: Site, browser: Browser, scheme: str, name: str) -> None:
    with outlook(browser, site, color_scheme=scheme) as pane:
        pane.open()
        pane.sign_in()
        pane.select(pane.mail(name))
        expect(pane.pane.locator("#shown .summary")).to_be_visible()
        assert pane.pane.evaluate("document.documentElement.scrollWidth") <= 320
        pane.page.screenshot(path=ARTEFACTS / f"outlook-{name}-{scheme}.png")
        axe = axe_source()
        found = pane.pane.evaluate(f"async () => {{ {axe}; return (await axe.run()).violations; }}")
        serious = [each["id"] for each in found if each["impact"] in ("serious", "critical")]
        assert serious == []
