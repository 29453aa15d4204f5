"""The demo firm, Brodersen & Kluth Pumpentechnik: its tables and its mailboxes, dated so that it is always now.

What the mails say is written in `firm/`; this module puts the pieces together.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from assistant.demo import source
from assistant.demo.attachments import paper
from assistant.demo.books import books
from assistant.demo.compose import CLIENTS, Bounce, Draft, Invitation, Server, raw, reply_subject
from assistant.demo.dates import DAY, filled, local, moment, office_hours
from assistant.demo.people import AddressBook, Person, address_book
from rules.terms.ledger import Particular

ARRIVALS = "mails/arrivals.txt"
ARCHIVED_AFTER = timedelta(days=60)
READ_AFTER = timedelta(hours=20)


@dataclass(frozen=True, slots=True)
class Firm:
    """What the settings would say about the firm; staff are (name, address)."""

    name: str
    domains: tuple[str, ...]
    authserv_id: str
    city: str
    phone: str
    vat_id: str
    staff: tuple[tuple[str, str], ...]
    shared: tuple[str, ...]
    web_form_senders: tuple[str, ...]
    fax_gateways: tuple[str, ...]


FIRM = Firm(
    name="Brodersen & Kluth Pumpentechnik GmbH",
    domains=("brodersen-kluth.example", "bk-pumpen.example"),
    authserv_id="mx.brodersen-kluth.example",
    city="Hamburg",
    phone="+49 40 66969100",
    vat_id="DE994417036",
    staff=(
        ("Jens Brodersen", "jens.brodersen@brodersen-kluth.example"),
        ("Anke Kluth", "anke.kluth@brodersen-kluth.example"),
        ("Sabine Petersen", "sabine.petersen@brodersen-kluth.example"),
        ("Marco Wendt", "marco.wendt@brodersen-kluth.example"),
        ("Nadine Feddersen", "nadine.feddersen@brodersen-kluth.example"),
        ("Yusuf Aydin", "yusuf.aydin@brodersen-kluth.example"),
        ("Tobias Reincke", "tobias.reincke@brodersen-kluth.example"),
        ("Piotr Zieliński", "piotr.zielinski@brodersen-kluth.example"),
        ("Hanna Oltmanns", "hanna.oltmanns@brodersen-kluth.example"),
        ("Lars Bohn", "lars.bohn@brodersen-kluth.example"),
        ("Meike Jansen", "meike.jansen@brodersen-kluth.example"),
        ("Finn Carstens", "finn.carstens@brodersen-kluth.example"),
    ),
    shared=("service@brodersen-kluth.example", "info@brodersen-kluth.example"),
    web_form_senders=("formular@brodersen-kluth.example",),
    fax_gateways=("fax@bk-pumpen.example",),
)
PERSONAL = {"sales": "marco"}
SERVER = Server(name=FIRM.authserv_id, authserv_id=FIRM.authserv_id)


@dataclass(frozen=True, slots=True)
class DemoMail:
    """One mail as it lies in a folder."""

    mailbox: str
    folder: str
    raw: bytes
    date: datetime
    flags: frozenset[str]


def mails(now: datetime) -> list[DemoMail]:
    """Everything the two mailboxes hold at this moment, oldest first."""
    book = _Composer(local(now))
    kept = [entry for entry in book.entries.values() if entry.file != ARRIVALS]
    return sorted((mail for entry in kept for mail in book.placed(entry)), key=_order)


def arrivals(now: datetime) -> list[DemoMail]:
    """The mails that come in while the demo runs, in the order of their arrival."""
    book = _Composer(local(now))
    new = [entry for entry in book.entries.values() if entry.file == ARRIVALS]
    return sorted((mail for entry in new for mail in book.placed(entry)), key=_order)


def tables(now: datetime) -> dict[str, str]:
    """The firm's records and books as CSV with absolute dates, in the order in which they are imported."""
    today = local(now)
    written = {name: _dated(source.text(f"{name}.csv"), today) for name in TABLES}
    customers, references = (list(csv.DictReader(io.StringIO(written[name]))) for name in ("customers", "references"))
    return written | books(customers, references, today.date())


def particulars(now: datetime) -> list[Particular]:
    """What one should know of the customers."""
    rows = csv.DictReader(io.StringIO(_dated(source.text("particulars.csv"), local(now))))
    return [
        Particular(
            row["customer_id"], row["text"], date.fromisoformat(row["until"]) if row["until"] else None, row["author"]
        )
        for row in rows
    ]


TABLES = ("customers", "contacts", "consents", "references", "interactions", "surveys")


def _order(mail: DemoMail) -> tuple[datetime, str, bytes]:
    return mail.date, mail.mailbox, mail.raw


def _dated(text: str, now: datetime) -> str:
    """The CSV with each relative date written out; days and placeholders fall on workdays."""

    def cell(value: str) -> str:
        if not (found := DAY.fullmatch(value)):
            return filled(value, now)
        when = office_hours(moment(value, now))
        return when.date().isoformat() if found[2] is None else when.isoformat()

    out = io.StringIO()
    rows = csv.reader(io.StringIO(text))
    csv.writer(out, lineterminator="\n").writerows([cell(value) for value in row] for row in rows)
    return out.getvalue()


class _Composer:
    """Turns the written entries into drafts and these into mails, each once."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.people: AddressBook = address_book(FIRM.staff)
        self.entries: dict[str, source.Entry] = {}
        for entry in _entries():
            if entry.id in self.entries:
                raise ValueError(f"two entries are called {entry.id}")
            self.entries[entry.id] = entry
        self.answered = {
            entry.get("Re") for entry in self.entries.values() if self._is_staff(entry) and entry.file != ARRIVALS
        }
        self.at_work = {self._root(entry).id for entry in self.entries.values() if not self._writes_at_weekends(entry)}
        self.drafts: dict[str, Draft] = {}

    def placed(self, entry: source.Entry) -> Iterator[DemoMail]:
        """The mail in its mailbox, and its copy in another one where there is one."""
        draft = self.draft(entry)
        mailbox, staff = entry.get("Mailbox", "office"), draft.sender.staff
        age = self.now - draft.date
        filed = "Archive" if age > ARCHIVED_AFTER and mailbox == "office" else "INBOX"
        folder = entry.get("Folder", "Sent" if staff else filed)
        wanted = {flag.strip() for flag in entry.get("Flags").split(",")}
        flags = set()
        if (staff or age > READ_AFTER or entry.id in self.answered) and "unseen" not in wanted:
            flags.add("\\Seen")
        if entry.id in self.answered:
            flags.add("\\Answered")
        if "flagged" in wanted:
            flags.add("\\Flagged")
        yield DemoMail(mailbox, folder, raw(draft, SERVER, self._address(mailbox)), draft.date, frozenset(flags))
        if also := entry.get("Also"):
            copy = raw(draft, SERVER, self._address(also))
            yield DemoMail(also, "INBOX", copy, draft.date, frozenset(flags - {"\\Answered", "\\Flagged"}))

    def draft(self, entry: source.Entry) -> Draft:
        """The mail with everything decided but its bytes."""
        if entry.id not in self.drafts:
            self.drafts[entry.id] = self._draft(entry)
        return self.drafts[entry.id]

    def _draft(self, entry: source.Entry) -> Draft:
        parent = self.draft(self.entries[entry.get("Re")]) if entry.get("Re") else None
        sender = self._sender(entry)
        to = self._recipients(entry, parent, sender)
        english = "en" in (sender.language, to[0].language)
        client = CLIENTS[entry.get("Client") or sender.client or "outlook"]
        if client is CLIENTS["outlook"] and english:
            client = CLIENTS["outlook-en"]
        subject = entry.get("Subject") or (reply_subject(parent.subject, client) if parent else "")
        draft = Draft(
            id=entry.id,
            date=self._date(entry),
            sender=sender,
            to=to,
            subject=filled(subject, self.now),
            text=self._text(entry, sender, english),
            client=client,
            cc=tuple(self._shared(key) or self.people.find(key) for key in _split(entry.get("Cc"))),
            parents=(*parent.parents, parent) if parent else (),
            html=entry.get("Html", "yes" if client.html else "no"),
            auth=entry.get("Auth", "pass"),
            headers=tuple((name, filled(value, self.now)) for name, value in entry.passed_through()),
            papers=tuple(
                paper(name.strip(), filled(text.strip(), self.now))
                for name, _, text in (value.partition("|") for value in entry.all("Attach"))
            ),
            invitation=self._invitation(entry),
            quote=entry.get("Quote") != "no",
        )
        if (bounce := entry.get("Bounce")) and parent:
            recipient, _, diagnostic = bounce.partition("|")
            return replace(draft, bounce=Bounce(recipient.strip(), diagnostic.strip(), parent))
        return draft

    def _address(self, mailbox: str) -> str:
        return self.people.staff[PERSONAL[mailbox]].address if mailbox in PERSONAL else FIRM.shared[0]

    def _sender(self, entry: source.Entry) -> Person:
        shared = None if entry.get("Mailbox") in PERSONAL or "internal" in entry.get("Flags") else FIRM.shared[0]
        person = self.people.find(entry.get("From"), shared)
        return replace(person, language=entry.get("Lang", person.language))

    def _recipients(self, entry: source.Entry, parent: Draft | None, sender: Person) -> tuple[Person, ...]:
        if named := _split(entry.get("To")):
            return tuple(self._shared(key) or self.people.find(key) for key in named)
        if parent:
            return (parent.sender,) if parent.sender.staff != sender.staff else parent.to
        if key := PERSONAL.get(entry.get("Mailbox")):
            return (self.people.find(key),)
        return (Person("", FIRM.shared[0], staff=True),)

    def _shared(self, key: str) -> Person | None:
        address = next((address for address in FIRM.shared if address.partition("@")[0] == key), None)
        return Person("", address, staff=True) if address else None

    def _text(self, entry: source.Entry, sender: Person, english: bool) -> str:
        key = entry.get("Sign")
        signature = "" if key == "no" else self.people.signatures[key].body if key else sender.signature
        if sender.staff and english and not key:
            own = self.people.signatures.get(f"{entry.get('From')}-en")
            signature = own.body if own else signature
        return "\n\n".join(filter(None, (filled(entry.body, self.now), signature)))

    def _invitation(self, entry: source.Entry) -> Invitation | None:
        if not (found := re.fullmatch(r"(\S+ \S+) (\d+) (.*)", entry.get("Calendar"))):
            return None
        return Invitation(moment(found[1], self.now), timedelta(minutes=int(found[2])), found[3])

    def _date(self, entry: source.Entry) -> datetime:
        written = moment(entry.get("When"), self.now).replace(microsecond=0)
        return office_hours(written) if self._root(entry).id in self.at_work else written

    def _root(self, entry: source.Entry) -> source.Entry:
        while above := entry.get("Re"):
            entry = self.entries[above]
        return entry

    def _is_staff(self, entry: source.Entry) -> bool:
        return entry.get("From") in self.people.staff

    def _writes_at_weekends(self, entry: source.Entry) -> bool:
        """Private persons do; the firm and other firms do not, and a conversation with them does not either."""
        return entry.file == ARRIVALS or self.people.find(entry.get("From")).private


def _entries() -> Iterator[source.Entry]:
    for name in source.mail_files():
        yield from source.entries(name)


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
