"""A believable firm for looking at pages: customers, mails that are sure, doubtful, forged and unknown, odd mailboxes.

Everything goes the real way (reader, intake, rules, pool); only the worker processes are left out.
"""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from litestar import Litestar

from assistant import bookkeeping
from assistant.access import Access
from assistant.casework import Casework
from assistant.desk import Desk
from assistant.events import Broker, CaseChanged, CustomerChanged
from assistant.intake import Batch, Intake
from assistant.lookup import Lookup
from assistant.mailboxes import Mailboxes
from assistant.openings import Openings
from assistant.reader import Reader, ReadMail, read_here
from assistant.reader_worker import display_here
from assistant.setting_up import SettingUp
from assistant.settings import FirmSettings, Settings, WebSettings
from assistant.triage import Triage
from assistant.upkeep import Upkeep
from assistant.valuing import refresh
from assistant.web.app import create_app
from connectors import pdf
from connectors.mime import pack
from rules.identifiers import of_contact, of_customer
from rules.terms.case import Priority
from rules.terms.complaint import Assessment, Category, Finding
from rules.terms.customer import Contact, Customer, CustomerKind, CustomerStatus, PartyKind, Reference
from rules.terms.document import ReadFile
from rules.terms.errors import MailRefused
from rules.terms.finding import Evidence
from rules.terms.firm import Firm
from rules.terms.interaction import Channel, Interaction
from rules.terms.ledger import Invoice, Offer, Order, Payment, SurveyAnswer
from rules.terms.mail import FolderRole, Health, HealthState, Mailbox, MailboxKind, Placement, RawMail
from rules.terms.staff import FieldGroup, Role, Staff, Viewer
from storage.peers import Alone, Peers
from storage.pool import Pool
from tests.fakes import QUICK

PASSWORD = "ein langes passwort"
OWN = "brückner-technik.example"
PASS = "mx.own.example; dmarc=pass header.from={domain}"
FAIL = "mx.own.example; dmarc=fail header.from={domain}"

CUSTOMERS = (
    Customer(
        "C1",
        "Hansen Metallbau",
        "10023",
        legal_form="GmbH",
        street="Werftstraße 12",
        zip="24103",
        city="Kiel",
        country="DE",
        phone="+49 431 5550120",
        email="info@hansen-metallbau.example",
        domain="hansen-metallbau.example",
        vat_id="DE811234567",
        since="2014",
        key_account=True,
    ),
    Customer(
        "C2",
        "Müller & Söhne Oberflächentechnik und Pulverbeschichtungsgesellschaft",
        "10031",
        legal_form="mbH & Co. KG",
        city="Königs Wusterhausen",
        email="einkauf@mueller-soehne.example",
        domain="mueller-soehne.example",
        since="2019",
    ),
    Customer(
        "C3",
        "Erika Großmann",
        "20007",
        CustomerKind.PERSON,
        city="Nürnberg",
        email="erika.grossmann@mail.example",
        since="2023-04-01",
        status=CustomerStatus.DORMANT,
    ),
    Customer(
        "C4",
        "Stahlhandel Weiß",
        "70004",
        party=frozenset({PartyKind.SUPPLIER}),
        legal_form="AG",
        city="Duisburg",
        email="vertrieb@stahl-weiss.example",
        domain="stahl-weiss.example",
    ),
    Customer(
        "C5",
        "Northwind Tools Ltd",
        "10044",
        city="Leeds",
        country="GB",
        email="orders@northwind.example",
        domain="northwind.example",
        since="2021",
    ),
    Customer("C6", "Hotel Seeblick", "10052", city="Überlingen", email="haustechnik@seeblick.example"),
    Customer(
        "C7",
        "Seeblick Gastronomie",
        "10053",
        city="Überlingen",
        email="haustechnik@seeblick.example",
        party=frozenset({PartyKind.CUSTOMER, PartyKind.PARTNER}),
    ),
    Customer(
        "C8",
        "Gemeinde Bad Füssing",
        "10060",
        party=frozenset({PartyKind.AUTHORITY, PartyKind.CUSTOMER}),
        city="Bad Füssing",
        email="bauhof@fuessing.example",
    ),
    Customer(
        "C9",
        "Yılmaz Fördertechnik",
        "10071",
        legal_form="GmbH",
        city="Köln",
        domain="yilmaz-foerder.example",
        status=CustomerStatus.LEAD,
    ),
)
CONTACTS = (
    Contact(
        "P1",
        "C1",
        "Frau",
        "",
        "Karin",
        "Hansen",
        "Einkauf",
        "karin@hansen-metallbau.example",
        phone="+49 431 5550121",
        mobile="+49 170 5550121",
        address_form="Sie",
        preferred_channel="call",
    ),
    Contact("P2", "C1", "Herr", "Dr.", "Jörg", "Petersen", "Qualitätssicherung", "petersen@hansen-metallbau.example"),
    Contact("P3", "C1", first_name="Uwe", last_name="Thomsen", role="Werkstatt", active=False),
    Contact(
        "P4",
        "C5",
        first_name="Helen",
        last_name="Ward",
        role="Purchasing",
        email="helen.ward@northwind.example",
        language="en",
    ),
)
ENTRIES = (
    (
        Channel.CALL,
        1,
        "Maße der Konsolen geklärt",
        "Will bis Freitag ein neues Angebot, Lieferung nach Ostern.",
        "meyer",
    ),
    (Channel.NOTE, 4, "Nur vormittags anrufen", "Frau Hansen ist nachmittags in der Werkstatt.", "anna"),
    (Channel.VISIT, 33, "Werksbesuch in Kiel", "Mit Dr. Petersen durch die Fertigung.", "meyer"),
    (Channel.LETTER, 61, "Rahmenvertrag unterschrieben zurück", "", "ben"),
    (Channel.FAX, 400, "Bestellung 4711", "", ""),
)


@dataclass(frozen=True)
class Built:
    """What bootstrap would have built, as far as the pages use it."""

    settings: Settings
    pool: Pool
    lookup: Lookup
    access: Access
    broker: Broker
    actions: Desk
    upkeep: Upkeep
    casework: Casework
    reader: "HereReader"
    peers: Peers = field(default_factory=Alone)

    @property
    def openings(self) -> Openings:
        """Every time a fresh one: nothing told before is remembered."""
        return Openings.over(self.pool, self.broker.publish)

    @cached_property
    def setting_up(self) -> SettingUp:
        """Without a file that could be changed."""
        mailboxes = Mailboxes(self.settings, self.pool)
        return SettingUp(self.settings, self.pool, self.access, mailboxes, cast("Reader", self.reader))


@dataclass
class Sample:
    """The firm, and the numbers of its telling mails by name."""

    services: Built
    app: Litestar
    mails: dict[str, int]

    def session(self, login: str) -> str:
        """A fresh login's secret."""
        return self.services.access.log_in(login, PASSWORD, datetime.now(UTC))


class HereReader:
    """Reads in this process what the service gives to its workers."""

    def __init__(self, firm: Firm) -> None:
        self._firm = firm

    def submit(self, raws: Sequence[bytes]) -> "Future[list[ReadMail | MailRefused]]":
        """The answers, at once."""
        done: Future[list[ReadMail | MailRefused]] = Future()
        done.set_result([read_here(raw, self._firm) for raw in raws])
        return done

    def display(self, raw: bytes) -> str | None:
        """The HTML, at once."""
        return display_here(raw)

    def document(self, content: bytes) -> ReadFile:
        """The text, at once."""
        return pdf.read(content)


def build(
    folder: Path, now: datetime | None = None, *, empty: bool = False, existing: bool = False, **web: Any
) -> Sample:
    """The firm in `folder`; `empty` leaves out everything but the staff, `existing`: it mails existing customers."""
    now = now or datetime.now(UTC).replace(microsecond=0)
    pool = Pool.create(f"sqlite:///{folder}/pool.sqlite", str(folder / "blobs"))
    settings = Settings(
        firm=FirmSettings(
            name="Brückner Technik GmbH",
            domains=("brueckner.example",),
            authserv_id="mx.own.example",
            mail_existing_customers=existing,
        ),
        web=WebSettings(**web),
        home=folder,
    )
    access = Access(pool, hasher=QUICK)
    access.add(Staff("anna", "Anna Arndt", Role.LEAD), PASSWORD)
    access.add(Staff("ben", "Ben Blum", groups=frozenset({FieldGroup.PARTICULARS})), PASSWORD)
    firm = settings.as_firm()
    broker = Broker()
    reader = HereReader(firm)
    triage = Triage.by(settings)
    intake = Intake(pool, cast(Reader, reader), triage, broker.publish)
    desk = Desk(pool, intake, Mailboxes(settings, pool), broker)
    casework = Casework(pool, triage, lambda cases: broker.publish(CaseChanged(cases)))
    lookup, upkeep = (
        Lookup.by(settings, pool),
        Upkeep.over(pool, triage, told=lambda customer: broker.publish(CustomerChanged(customer)), existing=existing),
    )
    services = Built(settings, pool, lookup, access, broker, desk, upkeep, casework, reader)
    mails = {} if empty else _fill(pool, intake, firm, now)
    if not empty:
        _cases(pool, triage, mails, now)
        _books(pool, settings, now)
    return Sample(services, create_app(services), mails)


def _fill(pool: Pool, intake: Intake, firm: Firm, now: datetime) -> dict[str, int]:
    with pool.begin() as work:
        for box, health in _mailboxes(now):
            work.mailboxes.put(box)
            if health:
                work.mailboxes.set_health(box.name, health)
        work.customers.upsert(CUSTOMERS, [one for customer in CUSTOMERS for one in of_customer(customer, firm)])
        work.customers.upsert_contacts(CONTACTS, [one for contact in CONTACTS for one in of_contact(contact, firm)])
        work.customers.upsert_references(
            [
                Reference("order", "2026-2231", "C1", date(2026, 11, 3)),
                Reference("offer", "A-4711", "C1", now.date() - timedelta(days=10)),
                Reference("invoice", "R-88120", "C1", date(2025, 12, 19)),
            ]
        )
        work.interactions.add(
            Interaction("C1", channel, now - timedelta(days=days, hours=2), subject, text, staff=staff)
            for channel, days, subject, text, staff in ENTRIES
        )
        work.interactions.add(
            Interaction("C2", Channel.NOTE, now - timedelta(days=n), f"Notiz {n}", "Kurz besprochen.", staff="ben")
            for n in range(1, 45)
        )
    mails: dict[str, int] = {}
    for uid, letter in enumerate(LETTERS, 1):
        folder = "Sent" if letter.role is FolderRole.SENT else "INBOX"
        place = Placement(letter.mailbox, folder, 7, uid)
        mail = RawMail(written(letter, now), place, now - timedelta(hours=letter.hours))
        [mails[letter.name]] = intake.receive(Batch(letter.mailbox, folder, letter.role, (mail,))).new
    with pool.begin() as work:
        # The second delivery is late, and a later mail of theirs says that it has come.
        late = Evidence("complaint.late", "when can we expect the second half of the delivery", 2.0)
        found = Assessment(True, False, 0.9, 2, Category.DELIVERY, (late,), language="en")
        thanks = Assessment(probability=0.01, relieved=True, language="en")
        for name, assessment, hours in (("english", found, 26), ("order 1-0", thanks, 24)):
            if name in mails:
                work.findings.put([Finding(mails[name], now - timedelta(hours=hours), assessment, "C5")])
        for reason, uid in (("mehr als 200 Ebenen ineinander verschachtelt", 91), ("größer als 50 MB", 92)):
            blob = pack(f"Subject: {reason}\r\n\r\n".encode())
            pool.blobs.put([blob])
            place = Placement("info", "INBOX", 7, uid)
            work.quarantine.add(blob.digest, place, reason, now - timedelta(days=uid - 90), now)
    return mails


def _cases(pool: Pool, triage: Triage, mails: dict[str, int], now: datetime) -> None:
    """Some cases: overdue, urgent, somebody's, answered, probably solved, done."""
    anna, ben = (Viewer(login, Role.STAFF, "de", frozenset({"info", "Anna Arndt"})) for login in ("anna", "ben"))
    ago = [now - timedelta(days=days) for days in (6, 5, 3, 1, 0)]
    at = [Casework(pool, triage, clock=lambda moment=moment: moment) for moment in ago]  # type: ignore[misc]
    old = at[0].open(anna, message=mails["english"]).id
    at[1].change(anna, old, queue="complaints", category=Category.DELIVERY, severity=2, product="Konsole 8 mm")
    urgent = at[3].open(anna, message=mails["doubtful"]).id
    at[4].change(ben, urgent, queue="complaints", priority=Priority.URGENT, tags=["türen", "aufzug"])
    at[4].assign(ben, urgent, "ben")
    called = at[2].open(ben, customer_id="C1", subject="Anruf: Konsole verkratzt angekommen").id
    at[3].note(ben, called, "Ersatz ist zugesagt.\nKommt mit der nächsten Tour.")
    at[4].answer(ben, called)
    mine = at[4].open(anna, message=mails["older"]).id
    at[4].change(anna, mine, priority=Priority.HIGH)
    at[4].assign(anna, mine, "anna")
    done = at[2].open(anna, customer_id="C3", subject="Rechnung doppelt").id
    at[3].change(anna, done, category=Category.INVOICE, cause="Doppelt gebucht", cost=4500)
    at[4].solve(anna, done, "Storniert")
    put_off = at[2].open(anna, customer_id="C2", subject="Prospekt nachsenden").id
    at[4].snooze(anna, put_off, now + timedelta(days=3))


def _books(pool: Pool, settings: Settings, now: datetime) -> None:
    """Orders every five weeks, an overdue invoice, an offer that ends soon; somebody who would recommend us."""
    today = now.date()
    orders = [
        Order(f"N-{place}", "C5", today - timedelta(20 + 35 * place), 150_000 - 900 * place) for place in range(22)
    ]
    paid, owed = today - timedelta(90), today - timedelta(50)
    with pool.begin() as work:
        bookkeeping.book(
            work,
            [
                *orders,
                Order("K-1", "C2", today - timedelta(30), 4_000),
                Offer("N-A1", "C5", today - timedelta(9), 720_000, valid_until=today + timedelta(6)),
                Invoice("N-R1", "C5", paid, 178_500, due=paid + timedelta(30)),
                Invoice("N-R2", "C5", owed, 89_000, due=owed + timedelta(30)),
                Payment("N-R1", paid + timedelta(41), 178_500),
                SurveyAnswer("C1", today - timedelta(12), 9, comment="Gern wieder"),
            ],
        )
        work.particulars.add("C5", "Deliveries by tail lift only", None, "anna", today - timedelta(40))
        work.particulars.add("C5", "Plant closed for inventory", today + timedelta(20), "ben", today)
    refresh(pool, settings, now)


def _mailboxes(now: datetime) -> list[tuple[Mailbox, Health | None]]:
    ago = now - timedelta(minutes=4)
    refused = (
        "mail.example refused the login of einkauf. Check user name and password; some providers need an app password.",
        "mail.example hat die Anmeldung von einkauf abgelehnt. Prüfen Sie Benutzername und Passwort; bei manchen "
        "Anbietern muss ein App-Passwort angelegt werden.",
    )
    silent = (
        "mail.example:993 does not answer (timed out). Check host and port, and whether a firewall is in the way.",
        "mail.example:993 antwortet nicht (Zeit abgelaufen). Prüfen Sie Rechnername und Port und ob eine Firewall "
        "im Weg ist.",
    )
    return [
        (
            Mailbox("info", address="info@brueckner.example", follow=True),
            Health(HealthState.WATCHING, ago, ago, "idle+noop", 3.0),
        ),
        (
            Mailbox("Anna Arndt", address="anna@brueckner.example", owner="anna", follow=True),
            Health(HealthState.WATCHING, ago, ago, "idle", 12.0),
        ),
        (
            Mailbox("einkauf", address="einkauf@brueckner.example"),
            Health(HealthState.LOGIN_REFUSED, ago, None, "", None, *refused),
        ),
        (
            Mailbox("service", address="service@brueckner.example"),
            Health(HealthState.RETRYING, ago, now - timedelta(hours=5), "poll", 18400.0, *silent),
        ),
        (Mailbox("Altbestand", MailboxKind.FILES), None),
        (Mailbox("Ben Blum", address="ben@brueckner.example", owner="ben"), None),
    ]


HANSEN = "Karin Hansen <karin@hansen-metallbau.example>"
OFFER = """Guten Tag Frau Arndt,

vielen Dank für das Angebot A-4711. Können Sie die Konsolen auch in 8 mm liefern, und zwar bis zum 12.12.?

Mit freundlichen Grüßen
Karin Hansen
--\x20
Hansen Metallbau GmbH, Werftstraße 12, 24103 Kiel

Am 10.11. schrieb Anna Arndt:
> Sehr geehrte Frau Hansen,
> anbei unser Angebot.
"""
ENQUIRY = """Guten Tag,

wir sind auf Ihrer Seite auf Sie gestoßen und suchen einen Lieferanten für Schweißbaugruppen. Zeichnung im Anhang.

L. Dvořák
"""
NEW_PERSON = """Guten Tag,

anbei die Zeichnung. Frau Hansen ist ab Januar in Elternzeit, bitte schreiben Sie künftig mir.

Mit freundlichen Grüßen
Petra Vogel
Einkauf
Hansen Metallbau GmbH
Tel. 0431 5550190
"""
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft "
NEWSLETTER = {"List-Unsubscribe": "<https://werkzeug.example/ab>", "List-Id": "news.werkzeug.example"}
DESIGNED = """<html><body style="font-family:Georgia"><h2>Guten Tag</h2>
<p onclick="alert(1)">Können Sie die Konsolen auch in <b>8 mm</b> liefern?</p><script>alert(1)</script>
<img src="https://boese.example/zaehler.gif"></body></html>"""


@dataclass(frozen=True)
class Letter:
    """A mail to be written: name in the tests, age in hours, and what it says."""

    name: str
    hours: float
    sender: str
    subject: str
    text: str
    mailbox: str = "info"
    role: FolderRole = FolderRole.INBOX
    to: str = "info@brueckner.example"
    auth: str = ""
    html: bool = False
    extra: dict[str, str] = field(default_factory=dict)


LETTERS = (
    Letter("older", 480, HANSEN, "Anfrage Konsolen", "Guten Tag, wir brauchen 40 Konsolen."),
    Letter(
        "sent",
        240,
        "Anna Arndt <info@brueckner.example>",
        "Angebot A-4711",
        "Sehr geehrte Frau Hansen, anbei unser Angebot.",
        role=FolderRole.SENT,
        to="karin@hansen-metallbau.example",
    ),
    Letter("private", 288, HANSEN, "GEHEIM", "GEHEIM für Ben", "Ben Blum", to="ben@brueckner.example"),
    Letter(
        "list",
        30,
        "Werkzeug-Nachrichten <news@werkzeug.example>",
        "Die 10 besten Bohrer im Herbst",
        "Jetzt ansehen.",
        extra=NEWSLETTER,
    ),
    Letter(
        "english",
        26,
        "Helen Ward <helen.ward@northwind.example>",
        "Delivery of order 2026-2188",
        "Hello,\n\nwhen can we expect the second half of the delivery?\n\nKind regards\nHelen",
        auth=PASS,
    ),
    Letter(
        "unknown",
        8,
        "Łukasz Dvořák <l.dvorak@neukunde-maschinenbau.example>",
        "Anfrage: Sonderanfertigung nach Zeichnung, Stückzahl 250, Lieferung frei Haus bis Ende Januar",
        ENQUIRY,
    ),
    Letter(
        "doubtful",
        5,
        "Haustechnik <haustechnik@seeblick.example>",
        "Tür klemmt schon wieder",
        "Guten Morgen, die Tür im Erdgeschoss klemmt wieder. Wann kann jemand kommen?",
        auth=PASS,
    ),
    Letter("again", 6, "Łukasz Dvořák <dvorak@neukunde-maschinenbau.example>", "Re: Anfrage", ENQUIRY),
    Letter(
        "proposing",
        3,
        "Petra Vogel <vogel@hansen-metallbau.example>",
        "Zeichnung",
        NEW_PERSON,
        auth=PASS,
    ),
    Letter(
        "forged",
        2,
        HANSEN,
        "Neue Bankverbindung!!",
        "Bitte überweisen Sie ab sofort auf unser neues Konto. Es eilt.",
        auth=FAIL,
    ),
    Letter(
        "known",
        0.6,
        HANSEN,
        "Re: Angebot A-4711",
        OFFER,
        "Anna Arndt",
        to="anna@brueckner.example",
        auth=PASS,
        html=True,
    ),
    Letter(
        "supplier",
        0.2,
        "Vertrieb <vertrieb@stahl-weiss.example>",
        "Preisanpassung zum 1. Januar",
        "Sehr geehrte Damen und Herren, die Preise für Warmband steigen.",
        auth=PASS,
    ),
    Letter("long", 0.1, "Buchhaltung <buchhaltung@mueller-soehne.example>", "", WORD * 3),
    *(
        Letter(f"order {day}-{n}", day * 24 + n / 60, "orders@northwind.example", f"Order {day}-{n}", "Please confirm.")
        for day in range(1, 14)
        for n in range((day * 7) % 5 + (day % 3))
    ),
)


def written(letter: Letter, now: datetime) -> bytes:
    """The mail as it would come over the wire."""
    mail = EmailMessage()
    domain = letter.sender.rstrip(">").partition("@")[2]
    if letter.auth:
        mail["Authentication-Results"] = letter.auth.format(domain=domain)
    mail["From"], mail["To"], mail["Subject"] = letter.sender, letter.to, letter.subject
    mail["Date"] = format_datetime(now - timedelta(hours=letter.hours))
    mail["Message-ID"] = f"<{letter.name.replace(' ', '.')}@{domain}>"
    for name, value in letter.extra.items():
        mail[name] = value
    mail.set_content(letter.text)
    if letter.html:
        mail.add_alternative(DESIGNED, subtype="html")
        table = "Stück;Maß\n40;8 mm\n".encode()
        mail.add_attachment(table, maintype="text", subtype="csv", filename="Stückliste Größe.csv")
    return mail.as_bytes()
