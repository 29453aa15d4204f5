"""Kingpost's add-on in a real Thunderbird, with a real mail server and a running Kingpost.

Screenshots stay in test-artifacts/, for people to look at.
"""

import re
from collections.abc import Iterator

import pytest

from tests.clients.desk import HANSEN, NORTHWIND, Desk, letter, made
from tests.clients.thunderbird import missing, until
from tests.journeys import mails
from tests.journeys.running import Visitor
from tests.servers.dovecot import Dovecot

pytestmark = [pytest.mark.clients, pytest.mark.dovecot, pytest.mark.timeout(300)]

# A letter that would like to be seen instead of what is said about it.
HOSTILE = """<html><head><style>
html { margin-top: -400px !important; transform: translateY(-400px) !important; opacity: 0.01; visibility: hidden; }
html *, kingpost-banner { display: none !important; position: absolute !important; top: -999px; opacity: 0 !important; }
body, p { display: block !important; visibility: visible; inset: 0; background: white; z-index: 2147483647 !important; }
</style></head><body><p>Ihre Rechnung</p></body></html>"""


@pytest.fixture(scope="module")
def desk(dovecot: Dovecot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    if reason := missing():
        pytest.skip(reason)
    with made(tmp_path_factory.mktemp("thunderbird"), dovecot) as desk:
        yield desk


@pytest.fixture(autouse=True)
def tidy(desk: Desk) -> Iterator[None]:
    """No popup stays open for the next test."""
    yield
    desk.bird.close_popup()


def test_the_banner_names_the_customer_and_so_does_the_button(desk: Desk) -> None:
    desk.put(letter("k1"))
    desk.bird.select("Nachricht k1")
    desk.shows(HANSEN)
    assert "Karin Hansen, Einkauf" in desk.bird.banner()
    assert desk.bird.banner_kind() == "line is-known"
    desk.button_says(HANSEN, "♔")
    desk.picture("known")
    # One that was read before says so again.
    desk.put(letter("k2", "ada@northwind.example", verdict=""))
    desk.bird.select("Nachricht k2")
    desk.shows(NORTHWIND)
    desk.button_says(NORTHWIND, "")
    desk.bird.select("Nachricht k1")
    desk.shows(HANSEN)


def test_an_unknown_sender_is_said_to_be_unknown(desk: Desk) -> None:
    desk.put(letter("u1", "neu@fremd.example", verdict=""))
    desk.bird.select("Nachricht u1")
    desk.shows("Unbekannter Absender")
    assert desk.bird.banner_kind() == "line is-unknown"
    desk.button_says("Unbekannt", "+")
    desk.picture("unknown")


def test_a_forged_sender_is_shown_in_red_and_not_as_the_customer(desk: Desk) -> None:
    desk.put(letter("s1", verdict="fail"))
    desk.bird.select("Nachricht s1")
    desk.shows("Vorsicht: Absender vermutlich gefälscht")
    assert desk.bird.banner_kind() == "line is-spoof"
    desk.button_says("Gefälscht?", "!")
    desk.picture("spoof")


def test_a_letter_cannot_hide_the_banner(desk: Desk) -> None:
    raw = (
        letter("h1", text="BODY", verdict="fail")
        .replace(b"text/plain", b"text/html")
        .replace(b"BODY", HOSTILE.encode())
    )
    desk.put(raw)
    desk.bird.select("Nachricht h1")
    desk.shows("Vorsicht")
    desk.picture("hostile")
    box = desk.bird.banner_box()
    assert box["seen"], box
    assert box["top"] >= 0
    assert box["height"] > 20
    assert box["width"] > 300


def test_a_mail_that_is_not_in_the_pool_yet_is_pending_and_then_complete(desk: Desk) -> None:
    # Kingpost does not watch this mailbox's folder Trash; so it hears of the mail only when it is moved.
    desk.append(letter("p1"), "Trash")
    desk.bird.select("Nachricht p1", folder=0x100)
    desk.shows("noch nicht gelesen")
    assert desk.bird.banner_kind() == "line is-pending"
    desk.button_says("Wird gelesen", "…")
    desk.put(letter("p1"))
    desk.shows(HANSEN)
    desk.button_says(HANSEN, "♔")
    desk.bird.select("Nachricht k1")


def test_a_match_is_confirmed_from_the_banner(desk: Desk) -> None:
    desk.put(letter("b1"))
    desk.bird.select("Nachricht b1")
    desk.shows("Stimmt")
    desk.bird.press_in_banner("Stimmt")
    until(lambda: "Stimmt nicht" in desk.bird.banner() and "StimmtStimmt" not in desk.bird.banner(), "it is confirmed")
    with Visitor(desk.home, "anna") as anna:
        summary = anna.post(
            "/api/v1/summary", json={"message_id": "b1@test.example"}, headers={"x-csrf-token": csrf(anna)}
        ).json()
        assert anna.api(f"/messages/{summary['message']['no']}")["match"]["decided_by"] == "anna"
    number = len(desk.bird.opened)
    desk.bird.press_in_banner("Stimmt nicht")
    until(lambda: len(desk.bird.opened) > number, "the browser is opened")
    assert desk.bird.opened[-1] == f"{desk.home.base}/messages/{summary['message']['no']}#match"


def test_the_popup_shows_the_whole_summary_and_takes_a_note(desk: Desk) -> None:
    desk.put(letter("n1"))
    desk.bird.select("Nachricht n1")
    desk.button_says(HANSEN, "♔")
    desk.bird.press_button()
    text = desk.bird.in_page(
        "panel.html", 'await wait(() => document.querySelector(".summary h2")); return document.body.textContent;'
    )
    assert HANSEN in text
    assert "Nachricht n1" in text
    desk.picture("popup")
    desk.bird.in_page(
        "panel.html",
        """
        document.querySelector(".more details").open = true;
        document.querySelector("textarea").value = "Ruft am Montag zurück <b>nicht fett</b>";
        press(document.querySelector(".more .call button"));
        const lines = () => [...document.querySelectorAll(".recent li")].map((each) => each.textContent);
        await wait(() => lines().some((each) => each.includes("<b>nicht fett</b>")));
        """,
    )
    with Visitor(desk.home, "anna") as anna:
        entry = anna.api("/customers/C1/timeline?channel=call")["entries"][0]
        assert (entry["text"], entry["who"]) == ("Ruft am Montag zurück <b>nicht fett</b>", "anna")


def test_a_complaint_is_said_in_the_popup_and_shown_in_the_banner(desk: Desk) -> None:
    desk.put(letter("c1", "ada@northwind.example", verdict=""))
    desk.bird.select("Nachricht c1")
    desk.shows(NORTHWIND)
    desk.bird.press_button()
    press = """
        const buttons = () => [...document.querySelectorAll("button")];
        const button = await wait(() => buttons().find((each) => each.textContent === %r));
        press(button);
        await wait(() => !button.isConnected);
        """
    desk.bird.in_page("panel.html", press % "Ist eine Beschwerde")
    desk.shows("Beschwerde:")
    desk.button_says(NORTHWIND, "!")
    desk.picture("complaint")
    desk.bird.in_page("panel.html", press % "Ist keine Beschwerde")
    until(lambda: "Beschwerde" not in desk.bird.banner(), "the banner is quiet again")


def test_a_reply_says_what_a_colleague_said_last_and_nothing_enters_the_letter(desk: Desk) -> None:
    sent = mails.plain("g2", "Berta Bach <berta@muster.example>").replace(
        b"info@muster.example", b"karin@hansen.example"
    )
    desk.put(sent.replace(b"Nachricht g2", b"Ersatz kommt am Montag"), folder="Gesendet")
    desk.put(letter("g3"))
    desk.bird.select("Nachricht g3")
    desk.button_says(HANSEN, "♔")
    label, body = desk.bird.reply()
    desk.picture("reply")
    assert label.startswith("Zuletzt: ")
    assert "Ersatz kommt am Montag (Berta Bach, 2. März)" in label
    assert "Montag" not in body
    assert "Kingpost" not in body
    desk.bird.close_reply()


def test_with_the_background_stopped_the_next_message_is_served_all_the_same(desk: Desk) -> None:
    desk.put(letter("i1", "ada@northwind.example", verdict=""))
    desk.bird.stop_background()
    desk.bird.select("Nachricht i1")
    desk.shows(NORTHWIND)
    desk.button_says(NORTHWIND, "")


def test_after_a_restart_nothing_has_to_be_done_again(desk: Desk) -> None:
    desk.put(letter("r1"))
    desk.bird.restart()
    desk.bird.select("Nachricht r1")
    desk.shows(HANSEN)
    desk.button_says(HANSEN, "♔")


def test_a_message_that_is_open_when_the_add_on_starts_is_served_too(desk: Desk) -> None:
    desk.bird.select("Nachricht erste")
    desk.shows(HANSEN)
    desk.bird.enable_again()
    desk.shows(HANSEN)
    desk.button_says(HANSEN, "♔")


def test_with_the_service_stopped_thunderbird_is_as_it_always_was(desk: Desk) -> None:
    desk.put(letter("z1"))
    desk.bird.select("Nachricht k1")
    assert desk.service.stop() == 0
    desk.bird.select("Nachricht z1")
    desk.button_says("Kunde", "")
    assert desk.bird.banner() == ""
    assert not desk.bird.dialogs()
    desk.bird.press_button()
    said = desk.bird.in_page("panel.html", 'return (await wait(() => document.querySelector(".empty"))).textContent;')
    assert "gerade nicht erreichbar" in said
    desk.picture("away")


def csrf(visitor: Visitor) -> str:
    """The proof that a page of ours asks."""
    found = re.search(r'name="csrf" content="(\w+)"', visitor.page("/sidebar"))
    assert found
    return found[1]
