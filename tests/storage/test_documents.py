"""Letters, found invoices and watched folders in the pool, on SQLite and on PostgreSQL."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from rules.terms.customer import Customer
from rules.terms.document import Document, Legibility, ReadFile
from rules.terms.einvoice import ElectronicInvoice, TradeParty
from rules.terms.interaction import Channel, Interaction, Reaction
from rules.terms.ledger import InvoiceKind
from storage.documents import EXCERPT
from storage.folder_imports import FolderImport
from storage.found_invoices import FoundInvoice, FoundState
from storage.pool import Pool
from tests.storage.making import mail

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
READ = ReadFile(Legibility.TEXT, "hiermit kündigen wir " * 200, 2)
LETTER = Document("d" * 64, "Kündigung.pdf", "application/pdf", 4711, READ)


def letter(pool: Pool, document: Document = LETTER, customer: str = "C1", name: str = "l1") -> int:
    with pool.begin() as work:
        work.interactions.add([Interaction(customer, Channel.LETTER, NOW, "Kündigung")], [name])
        entry = work.interactions.by_external_id(name)
        assert entry is not None
        assert entry.id is not None
        work.documents.put(entry.id, document)
    return entry.id


def test_a_letter_is_found_by_its_text_and_shown_with_its_beginning(pool: Pool) -> None:
    id = letter(pool)
    with pool.read() as work:
        (shown,) = work.interactions.timeline("C1")
        assert [one.id for one in work.interactions.holding("C1", "kündigen HIERMIT")] == [id]
        assert work.interactions.holding("C1", "widerrufen") == []
        assert work.documents.get("C1", id) == LETTER
        assert work.documents.get("C2", id) is None
        assert work.documents.external_id("C1", LETTER.digest) == "l1"
    assert shown.document == replace(LETTER, read=replace(READ, text=READ.text[:EXCERPT]))


def test_another_file_of_the_same_entry_lets_the_first_go(pool: Pool) -> None:
    id = letter(pool)
    other = replace(LETTER, digest="e" * 64)
    assert letter(pool, other) == id
    with pool.read() as work:
        assert work.erasures.removals() == [LETTER.digest]
        assert work.erasures.named() == set()
    assert set(pool.digests()) == {other.digest}


def test_an_entry_without_a_file_has_none_of_the_one_before(pool: Pool) -> None:
    id = letter(pool)
    with pool.begin() as work:
        work.documents.put(id, None)
        assert work.documents.get("C1", id) is None
        assert work.erasures.removals() == [LETTER.digest]


def test_a_blob_that_another_letter_names_stays(pool: Pool) -> None:
    letter(pool)
    letter(pool, customer="C2", name="l2")
    with pool.begin() as work:
        work.customers.upsert([Customer("C1", "Hansen")], [])
        work.erasures.erase_customers(["C1"])
    with pool.read() as work:
        assert work.erasures.removals() == [LETTER.digest]
        assert work.erasures.named() == {LETTER.digest}
        assert [digest for _, digest, _ in work.documents.files_of(["C1", "C2"], [])] == [LETTER.digest]


def test_a_reaction_comes_back(pool: Pool) -> None:
    entry = Interaction("C1", Channel.MAILING, NOW, "Herbst", reaction=Reaction.CLICKED)
    with pool.begin() as work:
        work.interactions.add([entry], ["m1"])
        assert work.interactions.add([entry], ["m1"]).same == 1
        (found,) = work.interactions.timeline("C1")
    assert found.reaction is Reaction.CLICKED


INVOICE = ElectronicInvoice(
    "RE-1",
    date(2026, 11, 2),
    119_000,
    kind=InvoiceKind.CREDIT_NOTE,
    due=date(2026, 11, 30),
    discount_percent=3.0,
    discount_until=date(2026, 11, 9),
    invoice_ref="RE-0",
    seller=TradeParty("Wir", "DE811907980"),
    buyer=TradeParty("Hansen", ids=("10023",), addresses=("a@hansen.example",)),
)


def test_a_found_invoice_waits_where_its_mail_can_be_seen_and_goes_with_it(pool: Pool) -> None:
    with pool.begin() as work:
        (no,) = work.messages.add([mail("a")])
        stored = work.messages.get(no)
        assert stored is not None
        found = FoundInvoice(INVOICE, no, FoundState.WAITING, "nobody-known", NOW, "C1")
        work.found_invoices.add(found)
        boxes = stored.mailboxes
        assert work.found_invoices.waiting(boxes) == [found]
        assert work.found_invoices.count(boxes) == 1
        assert work.found_invoices.waiting(frozenset({"other"})) == []
        assert work.found_invoices.known(["RE-1", "RE-2"]) == {"RE-1"}
        work.found_invoices.settle("RE-1", FoundState.BOOKED, "C2", "anna")
        assert work.found_invoices.sources("C2").keys() == {"RE-1"}
        work.erasures.erase_mails([no])
        assert work.found_invoices.get("RE-1") is None


def test_the_last_result_of_each_folder_and_kind_is_kept(pool: Pool) -> None:
    with pool.begin() as work:
        for place in range(205):
            done = FolderImport("/x", f"{place}.csv", "orders", "1:1", NOW + timedelta(minutes=place), new=place)
            work.folder_imports.put(done)
        failed = FolderImport(
            "/x", "k.csv", "customers", "1:1", NOW + timedelta(days=1), error_en="no", error_de="nein"
        )
        work.folder_imports.put(failed)
    with pool.read() as work:
        assert [(one.kind, one.new, one.failed) for one in work.folder_imports.latest()] == [
            ("customers", 0, True),
            ("orders", 204, False),
        ]
        assert work.folder_imports.get("/x", "0.csv") is None
        assert work.folder_imports.get("/x", "204.csv") == done
