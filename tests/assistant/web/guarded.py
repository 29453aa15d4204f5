"""The small firm of house.py with one thing of every kind: open to all, in a closed mailbox, of a restricted customer.

What lies in berta's mailbox says `SECRET`, what is the restricted customer's says `RESTED`, the one amount is `CENTS`,
the one particular says `PARTICULAR`: none of these may stand on a page of somebody who may not know it. paul is staff
without the field groups.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from assistant.uploads import Uploads
from assistant.valuing import refresh
from connectors.mime import pack
from rules.terms.case import Case
from rules.terms.complaint import Assessment, Category, Finding
from rules.terms.customer import Contact, Customer, IdentifierKind, Known, Reference
from rules.terms.document import Document, Legibility, ReadFile
from rules.terms.einvoice import ElectronicInvoice, TradeParty
from rules.terms.finding import Action, Evidence, Match
from rules.terms.interaction import Channel, Interaction
from rules.terms.ledger import Invoice, Offer, Order
from rules.terms.mail import Address, Attachment, Direction, MailKind, Message, Placement, Reading, Verdict
from rules.terms.outgoing import OutgoingKind, OutgoingMail, OutgoingState
from rules.terms.party import Exchange
from rules.terms.pooled import NewMail
from rules.terms.promise import Promise
from rules.terms.snippet import Snippet
from rules.terms.staff import Staff
from rules.terms.target import Filters, TargetGroup
from rules.terms.upkeep import Proposal, Stance
from storage.correspondents import Adoption
from storage.duplicates import Duplicate
from storage.found_invoices import FoundInvoice, FoundState
from storage.pool import Work
from storage.referrals import Referral
from storage.restrictions import Restriction
from tests.assistant.web.house import NOW, PASSWORD, SECRET, House, build, keep

RESTED = "Ruhestein-Archivfall-8815"
PARTICULAR = "Besonderheit-Taubenschlag-3306"
CENTS = 765_432_100
PDF = b"%PDF-1.4 nothing"
TODAY = NOW.date()
# Before the days that the start page counts.
WRITTEN = NOW - timedelta(days=20)

Things = Mapping[str, object]


@dataclass(frozen=True)
class Guarded:
    """The firm, and the name or number of everything by kind: for all to see, closed, of the restricted customer."""

    house: House
    open: Things
    closed: Things = field(default_factory=dict)
    rested: Things = field(default_factory=dict)


def guarded(folder: Path, *, closed: bool = True, rested: bool = True) -> Guarded:
    """The firm; without what lies in berta's mailbox, or without the restricted customer, where not wanted."""
    house = build(folder)
    pool, access = house.services.pool, house.services.access
    access.add(Staff("paul", "Paul Pohl", groups=frozenset()), PASSWORD)
    for login in ("anna", "lena", "adam", "berta", "paul"):
        access.new_token(login, "Programm", ["read"], None)
    lenas = access.tokens("lena")[0].id
    table = Uploads.by(house.services.settings, pool).take(
        access.viewer(Staff("lena", "Lena Lang")), "customers", "kunden.csv", BytesIO(b"customer_id,name\nX1,Neu\n")
    )
    with pool.begin() as work:
        work.customers.upsert([Customer("C3", "Zimmerei Zander"), Customer("C4", "Zander Zimmerei")], [])
        ours = _mailed(house, work, "info", "C1", "Offenes Wort")
        ours |= _unfiled(house, work, "info", "C1", "Offenes Wort")
        ours |= _recorded(house, work, "C2", "C3", "Eintrag")
        ours["merge"] = work.merges.merge("C3", "C4", "anna", NOW)
        ours["target"] = work.targets.put(TargetGroup("Alle", Filters(), "lena", NOW))
        ours["snippet"] = work.snippets.put(Snippet("Gruß", "Danke."), NOW).id
        never = work.senders.say("@werbung.example", Stance.NEVER, "lena", NOW)
        ours["adoption"] = work.correspondents.keep(Adoption("lena", NOW, (), (never,)))
        ours |= {
            "never": never,
            "token": lenas,
            "upload": table.id,
            "mailbox": "info",
            "draft": "none",
            "customer": "C1",
        }
        work.ledger.upsert_orders([Order("A-1", "C1", TODAY - timedelta(days=9), CENTS)])
        work.ledger.upsert_offers([Offer("G-1", "C1", TODAY - timedelta(days=9), CENTS)])
        work.ledger.upsert_invoices([Invoice("R-0", "C1", TODAY - timedelta(days=9), CENTS)])
        work.particulars.add("C1", PARTICULAR, None, "anna", TODAY)
        theirs: dict[str, object] = {}
        if closed:
            theirs = _mailed(house, work, "berta", "C1", SECRET) | _unfiled(house, work, "berta", "C1", SECRET)
            theirs["mailbox"] = "berta"
            work.promises.add([Promise("C1", TODAY, SECRET, NOW, message=theirs["mail"])])  # type: ignore[arg-type]
        resting: dict[str, object] = {}
        if rested:
            work.customers.upsert([Customer("C9", RESTED, "90009", city=RESTED, street=RESTED)], [])
            resting = _mailed(house, work, "info", "C9", RESTED)
            resting |= _recorded(house, work, "C9", "C2", RESTED)
            work.referrals.add(Referral("C9", "C2", TODAY, "anna"))
            resting["customer"] = "C9"
            work.restrictions.put(Restriction("C9", NOW, None, "adam"))
    refresh(pool, house.services.settings, NOW)
    return Guarded(house, ours, theirs, resting)


def _mailed(house: House, work: Work, mailbox: str, customer: str, words: str) -> dict[str, object]:
    """A filed mail with everything that may come of it, and one more, of which a case can be opened."""
    filed = _mail(house, mailbox, words, Match(Action.ATTACH, customer, None, 0.99), "karin@hansen.example")
    spare = _mail(house, mailbox, f"{words} vier", Match(Action.ATTACH, customer, None, 0.99), "karin@hansen.example")
    no, other = work.messages.add([filed, spare])
    for number, mail in ((no, filed), (other, spare)):
        entry = Interaction(customer, Channel.MAIL, mail.arrived, words, words, Direction.INCOMING, message=number)
        work.interactions.add([entry])
    found = Assessment(True, False, 0.9, 2, Category.DELIVERY, (Evidence("complaint.late", words, 2.0),), language="de")
    work.findings.put([Finding(no, NOW - timedelta(days=9), found, customer)])
    case = Case(
        "complaints", words, words, NOW - timedelta(days=9), 8, customer_id=customer, product=words, cause=words
    )
    opened = work.cases.open(case, [no], "anna", words)
    letter = OutgoingMail(
        OutgoingKind.ACKNOWLEDGEMENT, "karin@hansen.example", words, words, words, f"{mailbox}{no}@example.org", NOW,
        NOW, customer_id=customer, case=opened.id, state=OutgoingState.PENDING,
    )  # fmt: skip
    out = work.outbox.put(letter)
    assert out is not None
    work.outbox.claim(out.id, NOW)
    work.outbox.settle(out.id, OutgoingState.FAILED, NOW, error=(words, words))
    [proposal] = work.proposals.add([Proposal("phone", no, customer, "", {"phone": words}, words, NOW)])
    work.promises.add([Promise(customer, TODAY + timedelta(days=2), words, NOW, message=no)])
    invoice_no = f"R-{words}"
    invoice = ElectronicInvoice(invoice_no, TODAY, 4711, buyer=TradeParty(words))
    work.found_invoices.add(FoundInvoice(invoice, no, FoundState.WAITING, "other-buyer", NOW, customer))
    work.sightings.see(Placement(mailbox, words, 1, 77), customer, NOW)
    [promise] = [one.id for one in work.promises.of_message(no)]
    return {
        "mail": no, "spare": other, "case": opened.id, "outgoing": out.id, "proposal": proposal, "promise": promise,
        "invoice": invoice_no,
    }  # fmt: skip


def _unfiled(house: House, work: Work, mailbox: str, customer: str, words: str) -> dict[str, object]:
    """What nobody's file holds: a doubtful mail, a stranger's, one that could not be read."""
    unsure = Match(Action.REVIEW, None, None, 0.5, candidates=(customer,))
    address = f"fremd@{mailbox}-neu.example"
    doubtful = _mail(house, mailbox, f"{words} zwei", unsure, "wer@x.example")
    new = _mail(house, mailbox, f"{words} drei", Match(Action.UNKNOWN, None, None, 0.0), address)
    _, stranger = work.messages.add([doubtful, new])
    for _ in range(4):
        work.correspondents.add([Exchange(mailbox, address, f"{mailbox}-neu.example", "", words, True, NOW, stranger)])
    unread = keep(house.services.pool, words.encode())
    return {"quarantined": work.quarantine.add(unread, Placement(mailbox, words, 1, 98), words, NOW, NOW)}


def _recorded(house: House, work: Work, customer: str, other: str, words: str) -> dict[str, object]:
    """What belongs to a record without any mail."""
    pool = house.services.pool
    person = Contact(
        f"P-{customer}", customer, first_name=words, last_name=words, email=f"p@{customer.lower()}.example"
    )
    work.customers.upsert_contacts([person], [])
    work.customers.upsert_references([Reference("order", f"N {words}", customer, TODAY)])
    work.customers.teach(Known(IdentifierKind.ADDRESS, f"{customer.lower()}@gelernt.example", customer, None, "anna"))
    kept = keep(pool, PDF + words.encode())
    document = Document(kept, f"{words}.pdf", "application/pdf", len(PDF), ReadFile(Legibility.TEXT, words, 1))
    letter = Interaction(
        customer, Channel.LETTER, NOW - timedelta(days=9), words, words, staff="anna", document=document
    )
    work.interactions.add([letter], [f"letter {customer}"])
    written = work.interactions.by_external_id(f"letter {customer}")
    assert written is not None
    assert written.id is not None
    work.documents.put(written.id, document)
    particular = work.particulars.add(customer, words, None, "anna", TODAY).id
    work.referrals.add(Referral(other, customer, TODAY, "anna"))
    one, two = sorted((customer, "C1"))
    work.duplicates.settle([customer], [Duplicate(one, two, (Evidence("name", words, 3.0),), 0.9, NOW)])
    [pair] = [pair.id for pair in work.duplicates.page(TODAY, customer_id=customer)]
    by_hand = Case("info", words, words, NOW - timedelta(days=9), 8, customer_id=customer)
    bare = work.cases.open(by_hand, (), "anna", words)
    return {
        "document": written.id,
        "particular": particular,
        "pair": pair,
        "case by hand": bare.id,
        "contact": person.id,
    }


def _mail(house: House, mailbox: str, words: str, match: Match, sender: str) -> NewMail:
    message_id = f"{mailbox}.{words.replace(' ', '.')}@example.com"
    pool = house.services.pool
    file = pack(f"Anlage {words}".encode())
    pool.blobs.put([file])
    message = Message(
        identity=f"1:{message_id}",
        message_id=message_id,
        sender=Address(sender, words),
        subject=words,
        date=WRITTEN,
        text=words,
        size=100,
        to=(Address(f"{mailbox}@example.org"),),
        attachments=(Attachment(f"{words}.txt", "text/plain", 10, file.digest),),
    )
    return NewMail(
        message,
        Reading(MailKind.PERSON, words, language="de"),
        Direction.INCOMING,
        match,
        Verdict.PASS,
        message.identity,
        keep(pool, f"Message-ID: <{message_id}>\r\nSubject: {words}\r\n\r\n{words}".encode()),
        Placement(mailbox, "INBOX", 1, 1000 + len(words)),
        WRITTEN,
        writer=sender,
    )
