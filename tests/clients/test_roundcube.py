"""Roundcube's plugin, in the real Roundcube, driven by a real browser: open a mail, and the box says who wrote it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Browser, Page, expect

from connectors.clients import mutt
from tests.assistant.web import sample
from tests.assistant.web.browsing import Site, served
from tests.browser import chromium
from tests.clients import roundcube
from tests.clients.test_mutt import answering, http, summary
from tests.servers.dovecot import Dovecot

pytestmark = [pytest.mark.clients, pytest.mark.browser, pytest.mark.dovecot, pytest.mark.timeout(240)]

PLUGIN = Path(mutt.__file__).parents[1] / "roundcube"
EVIL = "<img src=x onerror=\"document.title='hit'\">&\"'</aside><script>document.title='hit'</script>"


@dataclass
class Webmail:
    """A running Roundcube, and where its plugin is configured."""

    base: str
    config: Path

    def ask(self, url: str, token: str = "kp_x", **users: str) -> None:
        """Configure the plugin."""
        own = ", ".join(f"'{user}' => '{one}'" for user, one in users.items())
        self.config.write_text(
            f"<?php\n$config['kingpost_url'] = '{url}';\n$config['kingpost_token'] = '{token}';\n"
            f"$config['kingpost_tokens'] = [{own}];\n"
        )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("kingpost")) as running:
        yield running


@pytest.fixture(scope="module")
def token(site: Site) -> str:
    return site.firm.services.access.new_token("anna", "Roundcube", {"read"})


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def webmail(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Webmail]:
    if reason := roundcube.missing():
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("webmail")
    with Dovecot(folder) as server:
        letters = [each for each in sample.LETTERS if each.name in ("known", "forged", "unknown", "doubtful")]
        now = datetime.now(UTC)
        server.fill("anna", "INBOX", [sample.written(replace(each, html=False), now) for each in letters])
        with roundcube.roundcube(folder, server, PLUGIN) as base:
            yield Webmail(base, folder / "roundcube" / "plugins" / "kingpost" / "config.inc.php")


@pytest.fixture(scope="module")
def page(browser: Browser, webmail: Webmail) -> Iterator[Page]:
    """Somebody who has logged in to Roundcube, once for all tests."""
    context = browser.new_context(locale="de", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(webmail.base)
    page.fill("#rcmloginuser", "anna")
    page.fill("#rcmloginpwd", Dovecot.password)
    page.click("#rcmloginsubmit")
    page.wait_for_selector("#messagelist")
    yield page
    context.close()


def show(page: Page, webmail: Webmail, subject: str) -> float:
    """Open the mail with that subject; how long it took comes back."""
    if "_action" in page.url:
        page.goto(f"{webmail.base}/?_task=mail")
    uid = page.locator("#messagelist tr", has_text=subject).get_attribute("id")
    number = page.evaluate("id => rcmail.html_identifier_decode(id.replace('rcmrow', ''))", uid)
    began = time.monotonic()
    page.goto(f"{webmail.base}/?_task=mail&_mbox=INBOX&_uid={number}&_action=show")
    took = time.monotonic() - began
    expect(page.locator(".header-subject, h2.subject").first).to_contain_text(subject)
    page.wait_for_selector("#messagebody")
    return took


def test_an_opened_mail_has_the_customers_box_above_it(
    page: Page, webmail: Webmail, site: Site, token: str, tmp_path: Path
) -> None:
    webmail.ask(site.base, token)
    show(page, webmail, "Re: Angebot A-4711")
    box = page.locator("aside.kingpost")
    expect(box).to_have_count(1)
    expect(box.locator(".name")).to_have_text("♔ Hansen Metallbau GmbH")
    expect(box).to_contain_text("Karin Hansen · Einkauf · seit 2014")
    expect(box.locator(".name a")).to_have_attribute("href", f"{site.base}/customers/C1")
    # Elastic makes buttons of the links in its own notices.
    expect(box.locator("a.btn")).to_have_count(0)
    expect(box.locator(".name a")).to_have_attribute("rel", "noopener noreferrer")
    box.locator("summary").first.click()
    expect(box).to_contain_text("Maße der Konsolen geklärt")
    expect(page.locator("#messagebody")).to_contain_text("Können Sie die Konsolen auch in 8 mm liefern")
    assert token not in page.content()
    page.screenshot(path=tmp_path / "roundcube.png")


def test_in_the_reading_pane_too(page: Page, webmail: Webmail, site: Site, token: str) -> None:
    webmail.ask(site.base, token)
    page.goto(f"{webmail.base}/?_task=mail")
    page.locator("#messagelist tr", has_text="Re: Angebot A-4711").locator("td.subject").click()
    box = page.frame_locator("#messagecontframe").locator("aside.kingpost")
    expect(box.locator(".name")).to_have_text("♔ Hansen Metallbau GmbH")


def test_a_forged_sender_is_shown_as_one(page: Page, webmail: Webmail, site: Site, token: str) -> None:
    webmail.ask(site.base, token)
    show(page, webmail, "Neue Bankverbindung!!")
    box = page.locator("aside.kingpost.is-spoof")
    expect(box.locator(".name")).to_have_text("Vorsicht: vermutlich nicht echt")
    expect(box).not_to_contain_text("Maße der Konsolen")


def test_each_sees_with_their_own_token(page: Page, webmail: Webmail, site: Site, token: str) -> None:
    webmail.ask(site.base, token, anna="")
    show(page, webmail, "Re: Angebot A-4711")
    assert page.locator("aside.kingpost").count() == 0
    webmail.ask(site.base, "", anna=token)
    page.reload()
    expect(page.locator("aside.kingpost .name")).to_contain_text("Hansen")


def test_a_printed_mail_has_no_box(page: Page, webmail: Webmail, site: Site, token: str) -> None:
    webmail.ask(site.base, token)
    show(page, webmail, "Re: Angebot A-4711")
    page.goto(page.url.replace("_action=show", "_action=print"))
    expect(page.locator("body")).to_contain_text("Konsolen")
    assert page.locator("aside.kingpost").count() == 0


def test_hostile_words_stay_words(page: Page, webmail: Webmail) -> None:
    line = {"text": EVIL, "href": "javascript:alert(1)", "date": EVIL}
    candidates = [{"id": EVIL, "name": EVIL, "href": f"/customers/{EVIL}"}]
    body = summary(
        customer={"id": EVIL, "name": EVIL, "king": True, "since": EVIL},
        contact={"name": EVIL, "role": [EVIL]},
        match={"sentence": EVIL, "candidates": candidates, "evidence": []},
        trust={"verdict": EVIL, "sentence": EVIL},
        complaint=line | {"lines": [line]},
        recent=[line, line | {"href": "//evil.example/"}],
        money={"text": EVIL, "lines": EVIL},
        cases="x",
    )
    for status in ("known", "review", "spoof"):
        with answering(http(body | {"status": status})) as url:
            webmail.ask(url)
            show(page, webmail, "Re: Angebot A-4711")
        box = page.locator("aside.kingpost")
        expect(box).to_contain_text("<img src=x")
        assert box.locator("img, script").count() == 0
        assert "hit" not in page.title()
        links = box.locator("a").evaluate_all("all => all.map(a => a.href)")
        assert all(link.startswith(url + "/customers/") for link in links), links


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 500 No\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n<html>", http([1])])
def test_an_odd_answer_is_no_answer(page: Page, webmail: Webmail, answer: bytes) -> None:
    with answering(answer) as url:
        webmail.ask(url)
        show(page, webmail, "Re: Angebot A-4711")
    expect(page.locator("#messagebody")).to_contain_text("Konsolen")
    assert page.locator("aside.kingpost").count() == 0


def test_without_the_service_there_is_the_mail_alone(page: Page, webmail: Webmail) -> None:
    webmail.ask("http://127.0.0.1:9")
    show(page, webmail, "Re: Angebot A-4711")
    assert page.locator("aside.kingpost").count() == 0


# The last one: for half a minute after it nobody is asked.
def test_a_service_that_hangs_costs_a_second_once(page: Page, webmail: Webmail) -> None:
    webmail.ask("http://127.0.0.1:9")
    bare = show(page, webmail, "Re: Angebot A-4711")
    with answering(b"HTTP/1.1 200 OK\r\n", hang=True) as url:
        webmail.ask(url)
        took = show(page, webmail, "Re: Angebot A-4711")
        again = show(page, webmail, "Re: Angebot A-4711")
    assert page.locator("aside.kingpost").count() == 0
    assert took < bare + 2.5
    assert again < bare + 0.9
