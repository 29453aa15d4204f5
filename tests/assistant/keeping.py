"""A small firm on each database for the tests of filing, senders, leads, records and proposals."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from threading import Event

from assistant.changing import put_contact, put_customer
from assistant.intake import Batch, Intake
from assistant.reader import ReadMail, read_here
from assistant.rematching import Rematcher
from assistant.triage import Triage
from assistant.upkeep import Upkeep
from rules.terms.customer import Contact, Customer
from rules.terms.errors import MailRefused
from rules.terms.firm import Firm
from rules.terms.mail import FolderRole, Mailbox, Placement, RawMail
from rules.terms.pooled import PooledMessage
from rules.terms.staff import Role, Viewer
from storage.pool import Pool

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
FIRM = Firm(name="Muster GmbH", domains=frozenset({"muster.example"}), authserv_id="mx.muster.example")
FAILS = "Authentication-Results: mx.muster.example; dmarc=fail header.from={domain}\r\n"
ANNA = Viewer("anna", Role.STAFF, "de", frozenset({"office"}))
BEN = Viewer("ben", Role.STAFF, "de", frozenset({"office"}))
STRANGER = Viewer("eve", Role.STAFF, "de", frozenset())


class HereReader:
    """Reads in this process."""

    busy = False

    def submit(self, raws: Sequence[bytes]) -> "Future[list[ReadMail | MailRefused]]":
        done: Future[list[ReadMail | MailRefused]] = Future()
        done.set_result([read_here(raw, FIRM) for raw in raws])
        return done


@dataclass
class Office:
    """The firm's pool with its use cases, and mail at hand."""

    pool: Pool
    upkeep: Upkeep
    uids: "count[int]" = field(default_factory=lambda: count(1))

    @classmethod
    def over(cls, pool: Pool) -> "Office":
        """Two customers: Hansen with Karin, and Huber."""
        office = cls(pool, Upkeep.over(pool, Triage(FIRM)))
        with pool.begin() as work:
            work.mailboxes.put(Mailbox("office"))
            put_customer(
                work,
                FIRM,
                Customer("C1", "Hansen Metallbau GmbH", zip="24103", city="Kiel", domain="hansen.example"),
            )
            put_contact(
                work,
                FIRM,
                Contact("P1", "C1", first_name="Karin", last_name="Hansen", email="karin@hansen.example"),
                "",
            )
            put_customer(work, FIRM, Customer("C2", "Holz Huber", email="info@huber.example"))
        office.catch_up()
        return office

    def receive(self, sender: str, text: str = "Guten Tag", *, more: str = "", name: str = "") -> int:
        """A mail comes in; its number."""
        uid = next(self.uids)
        address = sender.partition("<")[2].rstrip(">") or sender
        raw = (
            f"From: {sender}\r\nTo: info@muster.example\r\nSubject: {name or f'Mail {uid}'}\r\n"
            f"Date: Sun, 22 Nov 2026 09:00:00 +0100\r\nMessage-ID: <{uid}@mail.example>\r\n"
            f"{more.format(domain=address.partition('@')[2])}"
            f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
        ).encode()
        intake = Intake(self.pool, HereReader(), Triage(FIRM), clock=lambda: NOW)  # type: ignore[arg-type]
        mail = RawMail(raw, Placement("office", "INBOX", 7, uid), NOW)
        [no] = intake.receive(Batch("office", "INBOX", FolderRole.INBOX, (mail,))).new
        return no

    def catch_up(self) -> None:
        """What the service does in the background."""
        assert Rematcher(self.pool, HereReader(), FIRM).run(Event())  # type: ignore[arg-type]

    def mail(self, no: int) -> PooledMessage:
        """A stored mail."""
        with self.pool.read() as work:
            found = work.messages.get(no)
        assert found is not None
        return found

    def customer_of(self, no: int) -> str | None:
        """Under whom a mail is filed."""
        return self.mail(no).match.customer_id

    def timeline(self, customer: str) -> list[int | None]:
        """The mails on a customer's timeline."""
        with self.pool.read() as work:
            return [entry.message for entry in work.interactions.timeline(customer)]
