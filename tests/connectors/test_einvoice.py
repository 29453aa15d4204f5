"""Electronic invoices are read from XML and PDF alike; what is none, hostile or damaged gives none."""

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.einvoice import invoices
from rules.terms.einvoice import ElectronicInvoice
from rules.terms.ledger import InvoiceKind
from tests.connectors import papers


def only(content: bytes) -> ElectronicInvoice:
    (found,) = invoices(content)
    return found


def test_a_cii_invoice_says_who_owes_what_until_when() -> None:
    found = only(papers.cii(buyer_vat="DE123456789", buyer_no="10023"))
    assert (found.number, found.date, found.due) == ("RE-2026-17", date(2026, 11, 2), date(2026, 11, 30))
    assert (found.amount, found.currency, found.kind) == (119_000, "EUR", InvoiceKind.INVOICE)
    assert (found.seller.name, found.seller.vat_id) == ("Brückner Technik GmbH", "DE811907980")
    assert (found.buyer.name, found.buyer.vat_id, found.buyer.ids) == (
        "Hansen Metallbau GmbH",
        "DE123456789",
        ("10023",),
    )


def test_a_ubl_invoice_says_the_same() -> None:
    found = only(papers.ubl())
    assert (found.number, found.date, found.due, found.amount) == (
        "RE-2026-18",
        date(2026, 11, 2),
        date(2026, 11, 30),
        119_000,
    )
    assert (found.seller.vat_id, found.buyer.ids) == ("DE811907980", ("10023",))
    assert found.buyer.addresses == ("rechnung@hansen.example",)


def test_skonto_is_read_as_xrechnung_writes_it() -> None:
    terms = "#SKONTO#TAGE=14#PROZENT=2.00#\n#SKONTO#TAGE=7#PROZENT=3.00#\n"
    for content in (papers.cii(terms=terms), papers.ubl(terms=terms)):
        found = only(content)
        assert (found.discount_percent, found.discount_until) == (3.0, date(2026, 11, 9))


@pytest.mark.parametrize(
    "content",
    [papers.cii(type_code="381"), papers.cii(total="-1190.00"), papers.ubl(root="CreditNote")],
    ids=["by its code", "by its sign", "UBL"],
)
def test_a_credit_note_is_one_and_its_amount_is_positive(content: bytes) -> None:
    found = only(content)
    assert (found.kind, found.amount) == (InvoiceKind.CREDIT_NOTE, 119_000)


def test_a_credit_note_names_its_invoice() -> None:
    assert only(papers.ubl(root="CreditNote")).invoice_ref == "RE-1"


def test_the_xml_in_a_pdf_is_found_whatever_it_is_called() -> None:
    for name in ("factur-x.xml", "ZUGFeRD-invoice.xml", "xrechnung.xml"):
        assert only(papers.pdf(["Rechnung"], enclosed={"Anlage.pdf": b"%PDF-", name: papers.cii()})).amount == 119_000


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<a/>",
        b"<Invoice/>",
        b"Stueck;Preis\n1;2\n",
        b"\x00\x01",
        papers.pdf(["Rechnung"]),
        papers.pdf(["Rechnung"], enclosed={"a.xml": b"<a/>"}),
        papers.cii(number=" "),
        papers.cii()[:-40],
    ],
)
def test_what_is_no_invoice_gives_none(content: bytes) -> None:
    assert list(invoices(content)) == []


def test_entities_are_never_resolved() -> None:
    """Neither a file of this machine nor a billion laughs gets in."""
    secret = b'<!DOCTYPE Invoice [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    laughs = b'<!DOCTYPE Invoice [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (97 + n, b"&%c;" % (96 + n) * 10) for n in range(1, 12)
    )
    for start in (secret, laughs + b"]>"):
        xml = papers.ubl("&x;").replace(b"<Invoice ", start + b"<Invoice ", 1)
        assert list(invoices(xml)) == []


@pytest.mark.parametrize("content", [b"<Invoice>" * 200_000, b"<Invoice><ID>" + b"x" * 9_000_000, b"<" * 1_000_000])
def test_hostile_xml_costs_little(content: bytes) -> None:
    started = time.process_time()
    assert list(invoices(content)) == []
    assert time.process_time() - started < 1


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 3000), st.binary(min_size=1, max_size=20))
def test_whatever_is_overwritten_nothing_is_raised(place: int, other: bytes) -> None:
    xml = papers.cii()
    list(invoices(xml[:place] + other + xml[place + len(other) :]))


def test_a_discount_beyond_the_end_of_the_calendar_is_none() -> None:
    terms = "#SKONTO#TAGE=14#PROZENT=2.00#"
    for content in (papers.cii(terms=terms), papers.ubl(terms=terms)):
        late = content.replace(b"20261102", b"99991231").replace(b"2026-11-02", b"9999-12-31")
        assert only(late).discount_until is None
