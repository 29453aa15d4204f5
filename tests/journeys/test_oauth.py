"""A mailbox without a password: signed in to in a browser, read as long as the provider allows, and missed loudly."""

import contextlib
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytest.importorskip("playwright")

from playwright.sync_api import Page, expect

from assistant.mailboxes import Mailboxes
from assistant.settings import load
from tests.browser import chromium
from tests.journeys import mails
from tests.journeys.running import PASSWORD, Home, Visitor, until
from tests.servers.dovecot import Dovecot, missing
from tests.servers.identity import CLIENT_SECRET, Identity

pytestmark = [pytest.mark.dovecot, pytest.mark.timeout(240)]

MAILBOX = """
[[mailbox]]
name = "info"
host = "127.0.0.1"
port = {port}
tls = "none"
user = "info"
oauth = "own"
"""


@pytest.fixture
def identity() -> Iterator[Identity]:
    with Identity() as provider:
        yield provider


@pytest.fixture
def server(identity: Identity, tmp_path: Path) -> Iterator[Dovecot]:
    """A mail server that takes this provider's tokens."""
    if reason := missing():
        pytest.skip(reason)
    with Dovecot(tmp_path, settings=identity.dovecot(tmp_path)) as server:
        yield server


@pytest.fixture
def firm(home: Home, identity: Identity, server: Dovecot) -> Home:
    """A firm with a mailbox that nobody has signed in to."""
    home.write(identity.table(more='client_secret_file = "client.secret"'), MAILBOX.format(port=server.port))
    (home.folder / "client.secret").write_text(CLIENT_SECRET)
    home.make()
    identity.redirect_uris = {f"{home.base}/oauth/callback/own"}
    return home


def messages(home: Home) -> int:
    with home.pool() as pool, pool.read() as work:
        return len(work.messages.latest(frozenset({"info"}), 1000))


def sign_in(page: Page, user: str) -> None:
    """From the start page to the provider's and back."""
    page.get_by_role("link", name="Anmelden … info").click()
    expect(page).to_have_title("Sign in")
    page.locator("input[name=user]").fill(user)
    page.get_by_role("button", name="Allow").click()


@pytest.mark.browser
def test_signed_in_read_renewed_ended_and_signed_in_again(
    firm: Home, identity: Identity, server: Dovecot, tmp_path: Path
) -> None:
    server.deliver("info", mails.plain(1))
    seen: list[str] = []
    with firm.running() as service, chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 860}, locale="de-DE")
        page.goto(firm.base + "/login")
        page.fill("#login", "admin")
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("hat sich noch niemand bei own angemeldet")
        page.screenshot(path=tmp_path / "missing-desk.png")
        # The wrong account is noticed at once, and nothing is kept.
        sign_in(page, "berta")
        expect(page.locator("main")).to_contain_text("mit einem anderen Konto")
        page.goto(firm.base)
        sign_in(page, "info")
        expect(page.get_by_text("Angemeldet. info wird ab jetzt gelesen.")).to_be_visible()
        seen.append(page.content())
        service.until(lambda: messages(firm) == 1, "the mail is in the pool")
        # The server ends token and connections while Kingpost waits for news.
        identity.expire()
        server.kick("info")
        server.deliver("info", mails.plain(2))
        service.until(lambda: messages(firm) == 2, "read again by itself")
        assert identity.asked["refresh_token"] >= 1
        # The person's sign-in ends.
        identity.end("info")
        identity.expire()
        server.kick("info")
        with Visitor(firm) as visitor:
            service.until(lambda: "ist erloschen" in visitor.page("/"), "the start page says it")
            seen += [visitor.page("/"), visitor.get("/api/v1/mailboxes").text, visitor.get("/metrics").text]
            ready = visitor.get("/readyz")
        assert (ready.status_code, "login refused: 1" in ready.text) == (200, True)
        told = firm.kingpost("check")
        assert told.code == 1
        assert "kingpost mailbox sign-in info" in told.text
        asked = identity.asked["refresh_token"]
        page.set_viewport_size({"width": 390, "height": 844})
        page.emulate_media(color_scheme="dark")
        page.goto(firm.base)
        page.screenshot(path=tmp_path / "ended-phone.png")
        sign_in(page, "info")
        expect(page.get_by_text("Angemeldet. info wird ab jetzt gelesen.")).to_be_visible()
        assert identity.asked["refresh_token"] == asked
        server.deliver("info", mails.plain(3))
        service.until(lambda: messages(firm) == 3, "read again after signing in")
        seen += [told.text, service.said, page.content()]
        with firm.pool() as pool:
            seen += pool.dump()
    _nothing_of(identity.secrets, seen)
    _nothing_of(identity.secrets, [(firm.folder / "data" / "pool.sqlite").read_bytes().decode("latin-1")])


def _nothing_of(secrets: list[str], seen: list[str]) -> None:
    assert len(secrets) > 8
    found = {secret.partition("-")[0] for secret in secrets for text in seen if secret in text}
    assert not found


def signed_in(home: Home, identity: Identity) -> None:
    """As if somebody had signed in."""
    with home.pool() as pool:
        mailboxes = Mailboxes(load(home.file), pool)
        grant = mailboxes.grant("info")
        assert grant is not None
        mailboxes.set_grant("info", type(grant)("own", refresh=identity.signed_in("info")[1]))


def test_history_is_read_to_its_end_however_often_the_token_ends(
    firm: Home, identity: Identity, server: Dovecot
) -> None:
    server.fill("info", "INBOX", [mails.plain(number) for number in range(400)])
    signed_in(firm, identity)
    over = threading.Event()

    def disturb() -> None:
        while not over.wait(0.3):
            identity.expire()
            with contextlib.suppress(subprocess.CalledProcessError):  # nobody is there just now
                server.kick("info")

    with firm.running() as service:
        disturbing = threading.Thread(target=disturb)
        disturbing.start()
        time.sleep(4)
        over.set()
        disturbing.join()
        service.until(lambda: messages(firm) == 400, "all of it is read")
    said = firm.kingpost("mailbox", "audit", "info")
    assert said.code == 0, said.text


@contextmanager
def asking(home: Home, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A command that waits for somebody, and what it says."""
    command, env = home.command("mailbox", *words), home.environment({"PYTHONUNBUFFERED": "1"})
    with subprocess.Popen(command, cwd=home.folder, env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def test_killed_between_the_answer_and_storing_it(firm: Home, identity: Identity, server: Dovecot) -> None:
    """The provider has given another refresh token and taken the old one back, and we never heard of it."""
    signed_in(firm, identity)
    identity.hold.clear()
    with asking(firm, "check", "info") as process:
        until(lambda: identity.asked["refresh_token"] == 1, "it asks")
        process.send_signal(signal.SIGKILL)
    identity.hold.set()
    # Until its time is over, nobody else asks; then the old token is one that was used, and a person has to come.
    said = firm.kingpost("mailbox", "check", "info")
    assert said.code == 1
    assert "erloschen (invalid_grant" in said.text
    assert identity.asked["refresh_token"] == 2


def test_processes_that_need_a_token_at_once_ask_once(firm: Home, identity: Identity, server: Dovecot) -> None:
    signed_in(firm, identity)
    identity.hold.clear()
    with contextlib.ExitStack() as stack:
        three = [stack.enter_context(asking(firm, "check", "info")) for _ in range(3)]
        until(lambda: identity.asked["refresh_token"], "one of them asks")
        time.sleep(3)
        identity.hold.set()
        assert [process.wait(60) for process in three] == [0, 0, 0]
    assert identity.asked["refresh_token"] == 1


def test_a_sign_in_from_the_terminal(firm: Home, identity: Identity, server: Dovecot) -> None:
    """With a code: the person is somewhere else."""
    with asking(firm, "sign-in", "info") as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"\b[0-9A-F]{6}\b", line)
        assert found, line
        identity.approve(found[0], "info")
        assert process.wait(60) == 0
    said = firm.kingpost("mailbox", "check", "info")
    assert said.code == 0, said.text


@pytest.mark.browser
def test_a_sign_in_from_the_terminal_with_a_browser(firm: Home, identity: Identity, server: Dovecot) -> None:
    """The browser comes back to the command that waits."""
    identity.redirect_uris = {f"http://localhost:{firm.smtp_port}/oauth/callback"}
    with asking(firm, "sign-in", "info", "--callback-port", str(firm.smtp_port)) as process, chromium() as browser:
        assert process.stdout is not None
        process.stdout.readline()
        page = browser.new_page()
        page.goto(process.stdout.readline().strip())
        page.locator("input[name=user]").fill("info")
        page.get_by_role("button", name="Allow").click()
        expect(page.get_by_text("Das war alles.")).to_be_visible()
        assert process.wait(60) == 0
    assert firm.kingpost("mailbox", "check", "info").code == 0
