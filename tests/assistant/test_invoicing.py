"""Invoices that we sent by mail stand in the books: once, never over what the books said, never silently wrong."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path
from threading import Event as Signal

import pytest

from assistant import bookkeeping
from assistant.filing import Filing
from assistant.intake import Batch, Intake
from assistant.invoicing import Invoicing
from assistant.reader import ReadMail, read_here
from assistant.rematching import Rematcher
from assistant.triage import Triage
from rules import identifiers
from rules.terms.customer import Contact, Customer
from rules.terms.errors import Forbidden, MailRefused, NotFound
from rules.terms.firm import Firm
from rules.terms.ledger import Invoice, Payment
from rules.terms.mail import FolderRole, Mailbox, Placement, RawMail
from rules.terms.staff import FieldGroup, Role, Viewer
from storage.pool import Pool
from tests.connectors import papers

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
FIRM = Firm(
    name="Brückner Technik GmbH",
    vat_id="DE811907980",
    domains=frozenset({"brueckner.example"}),
    fax_gateways=frozenset({"fax@gateway.example"}),
)
KARIN, OHLSEN = "karin@hansen.example", "post@ohlsen.example"
VIEWER = Viewer("anna", Role.STAFF, "de", frozenset({"office"}))


class HereReader:
    """Reads in this process."""

    busy = False

    def submit(self, raws: Sequence[bytes]) -> "Future[list[ReadMail | MailRefused]]":
        done: Future[list[ReadMail | MailRefused]] = Future()
        done.set_result([read_here(raw, FIRM) for raw in raws])
        return done


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    """A pool that knows Hansen and the tax adviser."""
    pool = Pool.create(f"sqlite:///{tmp_path}/pool.sqlite", str(tmp_path / "blobs"))
    hansen = Customer("C1", "Hansen Metallbau", "10023", legal_form="GmbH", fax="+49 431 5550129")
    ohlsen = Customer("C2", "Steuerkanzlei Ohlsen", "10024", email=OHLSEN)
    karin = Contact("P1", "C1", first_name="Karin", last_name="Hansen", email=KARIN)
    with pool.begin() as work:
        keys = [key for one in (hansen, ohlsen) for key in identifiers.of_customer(one, FIRM)]
        work.customers.upsert([hansen, ohlsen], keys)
        work.customers.upsert_contacts([karin], identifiers.of_contact(karin, FIRM))
        work.mailboxes.put(Mailbox("office"))
    yield pool
    pool.close()


def mail(
    to: str, *files: tuple[str, bytes], sender: str = "info@brueckner.example", subject: str = "Rechnung"
) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, subject
    made["Date"], made["Message-ID"] = "Mon, 02 Nov 2026 10:00:00 +0100", f"<{hash((to, files, subject))}@x.example>"
    made.set_content("Sehr geehrte Frau Hansen, anbei unsere Rechnung.")
    for name, content in files:
        kind = ("application", "pdf") if name.endswith("pdf") else ("application", "xml")
        made.add_attachment(content, maintype=kind[0], subtype=kind[1], filename=name)
    return made.as_bytes()


def receive(pool: Pool, raw: bytes, *, role: FolderRole = FolderRole.SENT, uid: int = 1, history: bool = False) -> None:
    place = Placement("office", "Sent" if role is FolderRole.SENT else "INBOX", 7, uid)
    intake = Intake(pool, HereReader(), Triage(FIRM), clock=lambda: NOW)  # type: ignore[arg-type]
    intake.receive(Batch("office", place.folder, role, (RawMail(raw, place, NOW),), history=history))


def invoices(pool: Pool, customer: str = "C1") -> list[Invoice]:
    with pool.read() as work:
        return work.ledger.invoices_of(customer)


ZUGFERD = ("RE-2026-17.pdf", papers.pdf(["Rechnung"], enclosed={"factur-x.xml": papers.cii()}))


def test_an_invoice_in_sent_mail_stands_with_the_customer_it_was_sent_to(pool: Pool) -> None:
    receive(pool, mail(KARIN, ZUGFERD))
    (found,) = invoices(pool)
    assert (found.invoice_no, found.amount, found.due) == ("RE-2026-17", 119_000, date(2026, 11, 30))
    with pool.read() as work:
        facts = bookkeeping.facts_of(work, "C1").billing
        assert work.found_invoices.sources("C1") == {"RE-2026-17": datetime(2026, 11, 2, 9, tzinfo=UTC)}
        assert work.customers.references_of("C1")[0].number == "RE-2026-17"
    assert facts is not None
    assert facts.invoices == 1


def test_history_counts_and_the_same_again_changes_nothing(pool: Pool) -> None:
    for uid, raw in enumerate((mail(KARIN, ZUGFERD), mail(KARIN, ZUGFERD), mail(KARIN, ZUGFERD, subject="Kopie")), 1):
        receive(pool, raw, uid=uid, history=True)
    assert len(invoices(pool)) == 1


def test_xml_alone_and_credit_notes_are_read_too(pool: Pool) -> None:
    receive(pool, mail(KARIN, ("xrechnung.xml", papers.ubl()), ("gs.xml", papers.ubl("GS-1", root="CreditNote"))))
    assert {one.invoice_no: one.kind.value for one in invoices(pool)} == {
        "RE-2026-18": "invoice",
        "GS-1": "credit-note",
    }


def test_the_books_outweigh_a_mail_whichever_comes_first(pool: Pool) -> None:
    booked = Invoice("RE-2026-17", "C1", date(2026, 11, 2), 118_000)
    receive(pool, mail(KARIN, ZUGFERD))
    with pool.begin() as work:
        bookkeeping.book(work, [booked])
        assert work.found_invoices.sources("C1") == {}
    receive(pool, mail(KARIN, ZUGFERD, subject="noch einmal"), uid=2)
    assert invoices(pool) == [booked]


def test_incoming_invoices_are_no_customers(pool: Pool) -> None:
    """Neither a supplier's, nor our own that comes back, nor one in our name outside of Sent."""
    theirs = papers.cii(seller="Stahl AG", seller_vat="DE222222222", buyer="Brückner Technik GmbH")
    receive(pool, mail("info@brueckner.example", ("r.xml", theirs), sender=KARIN), role=FolderRole.INBOX)
    receive(pool, mail(KARIN, ZUGFERD), role=FolderRole.INBOX, uid=2)
    assert invoices(pool) == []
    assert Invoicing(pool).waiting(VIEWER) == []


def test_a_suppliers_invoice_for_the_tax_adviser_is_nobodys(pool: Pool) -> None:
    theirs = papers.cii(seller="Stahl AG", seller_vat="DE222222222", buyer="Brückner Technik GmbH")
    receive(pool, mail(OHLSEN, ("r.xml", theirs)))
    assert invoices(pool, "C2") == []
    assert Invoicing(pool).waiting(VIEWER) == []


def test_who_is_unknown_is_proposed_and_booked_by_hand(pool: Pool) -> None:
    receive(pool, mail("buchhaltung@fremd.example", ZUGFERD))
    invoicing = Invoicing(pool)
    ((found, customer),) = invoicing.waiting(VIEWER)
    assert customer is not None
    assert (found.reason, customer.id) == ("nobody-known", "C1")
    assert invoices(pool) == []
    with pytest.raises(NotFound):
        invoicing.book(Viewer("ben", Role.STAFF, "de", frozenset()), "RE-2026-17", "C1")
    with pytest.raises(Forbidden):
        invoicing.book(
            Viewer("ben", Role.STAFF, "de", frozenset({"office"}), frozenset({FieldGroup.PARTICULARS})),
            "RE-2026-17",
            "C1",
        )
    invoicing.book(VIEWER, "RE-2026-17", "C1")
    assert len(invoices(pool)) == 1
    assert invoicing.waiting(VIEWER) == []


def test_a_copy_for_the_tax_adviser_waits_and_is_dismissed_for_good(pool: Pool) -> None:
    receive(pool, mail(OHLSEN, ZUGFERD))
    ((found, _),) = Invoicing(pool).waiting(VIEWER)
    assert found.reason == "other-buyer"
    Invoicing(pool).dismiss(VIEWER, "RE-2026-17")
    receive(pool, mail(OHLSEN, ZUGFERD, subject="noch einmal"), uid=2)
    assert Invoicing(pool).waiting(VIEWER) == []
    assert invoices(pool, "C2") == []


def test_an_invoice_that_cannot_be_read_keeps_its_mail_out_of_nothing(pool: Pool) -> None:
    receive(pool, mail(KARIN, ("kaputt.pdf", ZUGFERD[1][:900]), ("x.xml", b"<Invoice>" * 100_000)))
    with pool.read() as work:
        assert work.messages.count() == 1
    assert invoices(pool) == []


def test_a_fax_is_a_fax_with_the_text_of_its_pages(pool: Pool) -> None:
    fax = papers.pdf(["Reklamation zu Auftrag AB-77", "Hansen Metallbau GmbH, Fax: 0431 999999"])
    raw = mail(
        "info@brueckner.example",
        ("fax.pdf", fax),
        sender="fax@gateway.example",
        subject="Fax von +49 431 5550129",
    )
    receive(pool, raw, role=FolderRole.INBOX)
    with pool.read() as work:
        (entry,) = work.interactions.timeline("C1")
        assert work.search.messages("Reklamation", frozenset({"office"})) != []
    assert entry.channel.value == "fax"
    assert "Reklamation zu Auftrag AB-77" in entry.text


# -- when its mail is filed anew, or others come to be known


def know(pool: Pool, *customers: Customer) -> None:
    with pool.begin() as work:
        work.customers.upsert(customers, [key for one in customers for key in identifiers.of_customer(one, FIRM)])


def rematch(pool: Pool) -> None:
    assert Rematcher(pool, HereReader(), FIRM).run(Signal())  # type: ignore[arg-type]


def the_mail(pool: Pool) -> int:
    with pool.read() as work:
        number = work.messages.last()
    return number


def test_an_invoice_is_booked_when_the_customer_comes_to_be_known_later(pool: Pool) -> None:
    receive(pool, mail("buchhaltung@fremd.example", ZUGFERD))
    assert invoices(pool) == []
    know(pool, Customer("C1", "Hansen Metallbau", "10023", legal_form="GmbH", email="buchhaltung@fremd.example"))
    rematch(pool)
    assert len(invoices(pool)) == 1
    assert Invoicing(pool).waiting(VIEWER) == []


def test_what_waits_names_the_customer_who_came_later(pool: Pool) -> None:
    with pool.begin() as work:
        work.customers.remove("C1")
    receive(pool, mail("unbekannt@nirgends.example", ZUGFERD))
    ((_, nobody),) = Invoicing(pool).waiting(VIEWER)
    assert nobody is None
    know(pool, Customer("C8", "Hansen Metallbau", legal_form="GmbH"))
    rematch(pool)
    ((_, customer),) = Invoicing(pool).waiting(VIEWER)
    assert customer is not None
    assert customer.id == "C8"


def test_an_invoice_goes_where_its_mail_is_filed_and_comes_back_with_it(pool: Pool) -> None:
    receive(pool, mail(KARIN, ZUGFERD))
    know(pool, Customer("C9", "Hansen Metallbau GmbH", "10023"), Customer("C3", "Anders GmbH"))
    filing, number = Filing(pool, FIRM), the_mail(pool)
    filing.file(VIEWER, [number], "C9")
    assert (invoices(pool), len(invoices(pool, "C9"))) == ([], 1)
    with pool.read() as work:
        assert bookkeeping.facts_of(work, "C1").billing is None
        assert [one.customer_id for one in work.customers.references_of("C9")] == ["C9"]
        assert work.customers.references_of("C1") == []
    # Whose name is not in it gets it from nobody but a person.
    filing.file(VIEWER, [number], "C3")
    assert (invoices(pool, "C3"), invoices(pool, "C9")) == ([], [])
    ((found, _),) = Invoicing(pool).waiting(VIEWER)
    assert found.reason == "other-buyer"
    filing.undo(VIEWER, [number])
    filing.undo(VIEWER, [number])
    assert len(invoices(pool)) == 1
    assert Invoicing(pool).waiting(VIEWER) == []


def test_what_a_person_booked_or_the_books_brought_stays_whoever_the_mail_is_filed_under(pool: Pool) -> None:
    receive(pool, mail(OHLSEN, ZUGFERD, ("gs.xml", papers.ubl("GS-1", root="CreditNote"))))
    Invoicing(pool).book(VIEWER, "RE-2026-17", "C1")
    with pool.begin() as work:
        bookkeeping.book(work, [Invoice("GS-1", "C2", date(2026, 11, 2), 500)])
    Filing(pool, FIRM).file(VIEWER, [the_mail(pool)], "C1")
    assert [one.invoice_no for one in invoices(pool)] == ["RE-2026-17"]
    assert [one.invoice_no for one in invoices(pool, "C2")] == ["GS-1"]


def test_payments_wait_for_an_invoice_that_is_undone(pool: Pool) -> None:
    receive(pool, mail(KARIN, ZUGFERD))
    know(pool, Customer("C3", "Anders GmbH"))
    with pool.begin() as work:
        bookkeeping.book(work, [Payment("RE-2026-17", date(2026, 11, 20), 119_000)])
    filing, number = Filing(pool, FIRM), the_mail(pool)
    filing.file(VIEWER, [number], "C3")
    assert invoices(pool, "C3") == []
    filing.undo(VIEWER, [number])
    with pool.read() as work:
        assert [one.amount for one in work.ledger.payments_of("C1")] == [119_000]
