"""A small firm for the tests of the web side: three people, four mailboxes, a few mails, all on a real pool.

anna is staff, lena leads, adam administers; berta's personal mailbox is closed to all three.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self, cast
from zoneinfo import ZoneInfo

from litestar import Litestar
from litestar.testing import TestClient

from assistant.access import Access
from assistant.casework import Casework
from assistant.desk import Desk
from assistant.events import Broker, CaseChanged
from assistant.intake import Intake
from assistant.lookup import Lookup
from assistant.mailboxes import Mailboxes
from assistant.settings import Settings, WebSettings
from assistant.triage import Triage
from assistant.upkeep import Upkeep
from assistant.web.app import create_app
from assistant.web.gate import Credential
from connectors.mime import pack
from rules.terms.customer import Customer
from rules.terms.finding import Action, Evidence, Match
from rules.terms.interaction import Channel, Interaction
from rules.terms.mail import (
    Address,
    Attachment,
    Direction,
    Health,
    HealthState,
    Mailbox,
    MailKind,
    Message,
    Placement,
    Reading,
    Verdict,
)
from rules.terms.pooled import NewMail
from rules.terms.staff import Role, Staff
from storage.pool import Pool
from tests.fakes import QUICK, FakeIntake, FakeServices

NOW = datetime.now(UTC).replace(microsecond=0)
PASSWORD = "correct horse battery"
BASE = "http://127.0.0.1:8470"
SECRET = "Vertrauliches-Gehalt-4711"

MAILBOXES = (
    Mailbox("info", address="info@example.org"),
    Mailbox("sales", address="sales@example.org", members=frozenset({"lena"})),
    Mailbox("anna", address="anna@example.org", owner="anna", follow=True),
    Mailbox("berta", address="berta@example.org", owner="berta", follow=True),
)
STAFF = (
    Staff("anna", "Anna Arndt"),
    Staff("lena", "Lena Lang", Role.LEAD),
    Staff("adam", "Adam Amt", Role.ADMIN),
    Staff("berta", "Berta Bach"),
)


class Browser(TestClient[Litestar]):
    """A client without the application's lifespan: Litestar's leaves streams open when several run side by side."""

    def __init__(self, app: Litestar, base_url: str = BASE) -> None:
        super().__init__(app, base_url=base_url, raise_server_exceptions=False)
        self.follow_redirects = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@dataclass
class House:
    """Everything built, and the numbers of what lies in the pool."""

    services: FakeServices
    app: Litestar
    open_mail: int
    annas_mail: int
    closed_mail: int
    open_quarantine: int
    closed_quarantine: int

    def client(self, login: str | None = None, *, csrf: bool = True, token: Collection[str] | None = None) -> Browser:
        """A browser in which somebody is logged in, or with `token` a program with these scopes."""
        client = Browser(self.app)
        if login is not None and token is not None:
            client.headers["authorization"] = f"Bearer {self.services.access.new_token(login, 'test', token, None)}"
        elif login is not None:
            secret = self.session(login)
            client.cookies.set("kingpost", secret)
            if csrf:
                client.headers["x-csrf-token"] = Credential("session", secret).csrf
        return client

    def session(self, login: str) -> str:
        """A fresh session."""
        return self.services.access.log_in(login, PASSWORD, datetime.now(UTC))


def build(folder: Path, **web: Any) -> House:
    """The firm, in `folder`."""
    pool = Pool.create(f"sqlite:///{folder}/pool.sqlite", str(folder / "blobs"))
    settings = Settings(web=WebSettings(**web), home=folder)
    access = Access(pool, settings.web.session_hours, hasher=QUICK)
    with pool.begin() as work:
        for mailbox in MAILBOXES:
            work.mailboxes.put(mailbox)
        work.mailboxes.set_health("info", Health(HealthState.WATCHING, NOW, NOW, "idle"))
        work.customers.upsert([Customer("C1", "Hansen Metallbau"), Customer("C2", "Holz Huber", city="Ulm")], [])
    for staff in STAFF:
        access.add(staff, PASSWORD)
    texts = {"info": "Guten Tag", "anna": "Anna", "berta": SECRET}
    numbers = [store(pool, mailbox, text) for mailbox, text in texts.items()]
    with pool.begin() as work:
        digests = [keep(pool, f"Subject: {name}\r\n\r\nkaputt {name}".encode()) for name in ("info", "berta")]
        closed = [
            work.quarantine.add(digest, Placement(name, "INBOX", 1, 99), "zu viele Teile", NOW, NOW)
            for digest, name in zip(digests, ("info", "berta"), strict=True)
        ]
    triage = Triage.by(settings)
    lookup = Lookup(pool, ZoneInfo("Europe/Berlin"), triage.hours)
    broker, intake = Broker(), FakeIntake()
    desk = Desk(pool, cast(Intake, intake), Mailboxes(settings, pool), broker)
    upkeep = Upkeep.over(pool, triage)
    casework = Casework(pool, triage, lambda cases: broker.publish(CaseChanged(cases)))
    services = FakeServices(settings, pool, lookup, access, broker, desk, upkeep, casework, intake)
    return House(services, create_app(services), *numbers, *closed)


def keep(pool: Pool, content: bytes) -> str:
    """Put a file into the blob store."""
    blob = pack(content)
    pool.blobs.put([blob])
    return blob.digest


def store(pool: Pool, mailbox: str, text: str, *, message_id: str = "", customer: str = "C1") -> int:
    """Put a mail into the pool, attached to a customer."""
    message_id = message_id or f"{re.sub('[^a-z]', '', text.lower())}@example.com"
    raw = keep(pool, f"Message-ID: <{message_id}>\r\nSubject: {text}\r\n\r\n{text}".encode())
    file = keep(pool, f"Anlage zu {text}".encode())
    message = Message(
        identity=f"1:{message_id}",
        message_id=message_id,
        sender=Address("karin@hansen.example", "Karin Hansen"),
        subject=f"Betreff {text}",
        date=NOW - timedelta(days=1),
        text=text,
        size=100,
        to=(Address(f"{mailbox}@example.org"),),
        attachments=(Attachment("../../plan\r\nX: 1.html", "text/html", 10, file),),
    )
    match = Match(Action.ATTACH, customer, None, 0.99, evidence=(Evidence("address", "karin@hansen.example", 4.0),))
    mail = NewMail(
        message,
        Reading(MailKind.PERSON, text, language="de"),
        Direction.INCOMING,
        match,
        Verdict.PASS,
        message.identity,
        raw,
        Placement(mailbox, "INBOX", 1, len(text)),
        NOW,
    )
    with pool.begin() as work:
        [no] = work.messages.add([mail])
        entry = Interaction(customer, Channel.MAIL, NOW, message.subject, text, Direction.INCOMING, message=no)
        work.interactions.add([entry])
    return no
