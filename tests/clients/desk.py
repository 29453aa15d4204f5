"""Anna's desk: a firm with two customers, a running Kingpost, and a Thunderbird that is connected to it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.clients import thunderbird
from rules.terms.staff import Role
from tests.clients.thunderbird import Thunderbird, until
from tests.journeys import mails
from tests.journeys.ledger import known
from tests.journeys.running import ROOT, Home, Service, Visitor, keep_password, mailbox_table
from tests.servers.dovecot import Dovecot

CUSTOMERS = """customer_id;kind;name;email;domain;key_account
C1;firm;Hansen Metallbau GmbH;karin@hansen.example;hansen.example;ja
C2;firm;Northwind Tools;ada@northwind.example;northwind.example;nein
"""
CONTACTS = """contact_id;customer_id;first_name;last_name;role;email
P1;C1;Karin;Hansen;Einkauf;karin@hansen.example
"""
VERDICT = "mx.muster.example; dmarc={} header.from=hansen.example"
TEXT = """Guten Tag,

anbei wie besprochen die Zeichnung für die zweite Charge.

Mit freundlichen Grüßen
Karin Hansen"""
HANSEN, NORTHWIND = "Hansen Metallbau GmbH", "Northwind Tools"
KARIN = "Karin Hansen <karin@hansen.example>"
ARTEFACTS = ROOT / "test-artifacts"


@dataclass
class Desk:
    """Anna's desk: her Thunderbird, and the firm's Kingpost behind it."""

    home: Home
    server: Dovecot
    service: Service
    bird: Thunderbird

    def put(self, raw: bytes, *, folder: str = "INBOX") -> None:
        """A mail that is on the server and in the pool."""
        uid = self.append(raw, folder)
        self.service.until(lambda: (folder, uid) in known(self.home, "anna"), "the mail is in the pool")

    def append(self, raw: bytes, folder: str = "INBOX", user: str = "anna") -> int:
        """A mail on the server; its UID."""
        with self.server.client(user) as client:
            said = client.append(folder, "", "", raw)[1][0]
        return int(said.split(b"]")[0].split()[-1])

    def shows(self, words: str) -> None:
        """Wait until the line above the message says these words."""
        until(lambda: words in self.bird.banner(), f"the banner says “{words}”, not “{self.bird.banner()}”", 20)

    def button_says(self, label: str, badge: str) -> None:
        """Wait until the button above the message says this."""
        until(lambda: self.bird.button() == (label, badge), f"{label}, {badge}, not {self.bird.button()}", 20)

    def picture(self, name: str) -> None:
        """Keep what is on the screen."""
        self.bird.screenshot(ARTEFACTS / f"thunderbird-{name}.png")


def letter(number: str, sender: str = KARIN, text: str = TEXT, verdict: str = "pass", **headers: str) -> bytes:
    """A mail, with the word of our own server on top."""
    top = f"Authentication-Results: {VERDICT.format(verdict)}\r\n".encode() if verdict else b""
    return top + mails.plain(number, sender, text, **headers)


@contextmanager
def made(folder: Path, dovecot: Dovecot) -> Iterator[Desk]:
    """Everything built and running, the add-on paired as a person pairs it."""
    home = Home(folder / "firma")
    home.write(mailbox_table(dovecot, "anna", 'owner = "anna"'), firm='authserv_id = "mx.muster.example"')
    home.make(anna=Role.STAFF)
    for kind, table in (("customers", CUSTOMERS), ("contacts", CONTACTS)):
        (home.folder / f"{kind}.csv").write_text(table)
        imported = home.kingpost("import", kind, f"{kind}.csv")
        assert imported.code == 0, imported.text
    keep_password(home, "anna")
    dovecot.append("anna", "INBOX", letter("erste"))
    for folder_name in ("Gesendet", "Trash"):
        dovecot.fill("anna", folder_name, [])
    out = home.folder / "kingpost.xpi"
    written = home.kingpost("client", "thunderbird", "--out", str(out))
    assert written.code == 0, written.text
    assert out.read_bytes() == thunderbird(home.base, "Europe/Berlin")
    with home.running() as service, Thunderbird(folder, dovecot, "anna", out.read_bytes()) as bird:
        desk = Desk(home, dovecot, service, bird)
        bird.select("Nachricht erste")
        pair(desk)
        yield desk


def pair(desk: Desk) -> None:
    """What a person does once: press the button, connect, confirm the code in Kingpost."""
    bird = desk.bird
    assert bird.banner() == ""
    bird.press_button()
    bird.in_page("panel.html", 'press(await wait(() => document.querySelector("button")));')
    bird.in_page("options.html", 'press(await wait(() => document.querySelector("button.primary")));')
    code = bird.in_page("options.html", 'return (await wait(() => document.querySelector(".code"))).textContent;')
    until(lambda: bird.opened, "the browser is opened")
    assert bird.opened == [f"{desk.home.base}/pair?code={code}"]
    desk.picture("pairing")
    with Visitor(desk.home, "anna") as anna:
        page = anna.page(bird.opened[0])
        assert "Thunderbird (linux)" in page
        proof = re.search(r'name="_csrf_token" value="(\w+)"', page)
        assert proof
        answer = anna.post("/pair", data={"code": code, "_csrf_token": proof[1]})
        assert answer.status_code == 303, answer.text
    bird.in_page("options.html", 'await wait(() => document.body.textContent.includes("Verbunden als anna"));')
    bird.close_tab()
