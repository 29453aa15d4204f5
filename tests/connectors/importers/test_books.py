"""Orders, offers, invoices, payments, open items and surveys as firms export them."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.importers import Row, read_table
from connectors.importers.cells import Manner, cents, currency, percent
from connectors.importers.problems import Problem
from connectors.importers.vocabulary import NAMES, REQUIRED
from rules.terms.errors import TableRefused
from rules.terms.ledger import (
    Invoice,
    InvoiceKind,
    Item,
    Offer,
    OfferStatus,
    OpenItem,
    Order,
    OrderStatus,
    Payment,
    PaymentKind,
    SurveyAnswer,
)

DAY = date(2026, 2, 1)


def rows(folder: Path, kind: str, *lines: str, as_of: str = "") -> list[Row]:
    file = folder / f"{kind}.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    table = read_table(file, kind, given={"as_of": as_of} if as_of else {})
    assert table.unknown_columns == ()
    return list(table.rows)


def values(folder: Path, kind: str, *lines: str, as_of: str = "") -> list[object]:
    read = rows(folder, kind, *lines, as_of=as_of)
    assert [row.problem for row in read if row.problem] == []
    return [row.value for row in read]


def test_orders_of_a_german_program(tmp_path: Path) -> None:
    assert values(
        tmp_path,
        "orders",
        "Auftragsnummer;Kundennummer;Belegdatum;Nettobetrag;Deckungsbeitrag;Positionen;Status",
        "A1;C1;01.02.2026;1.234,56 €;-10,5;2,5 x Schraube M4 = 12,50 | Montage;geliefert",
        "A2;C1;01.02.2026;CHF 10,00;;;Storniert",
        "A3;C1;01.02.2026;-5;;;",
    ) == [
        Order(
            "A1",
            "C1",
            DAY,
            123_456,
            "EUR",
            OrderStatus.DELIVERED,
            -1050,
            (Item("Schraube M4", 2.5, 1250), Item("Montage")),
        ),
        Order("A2", "C1", DAY, 1000, "CHF", OrderStatus.CANCELLED),
        Order("A3", "C1", DAY, -500),
    ]


def test_orders_under_our_own_names(tmp_path: Path) -> None:
    assert values(
        tmp_path,
        "orders",
        "order_no,customer_id,date,status,amount,currency,margin,items",
        'A1,C1,2026-02-01,open,"1,234.56",usd,,',
    ) == [Order("A1", "C1", DAY, 123_456, "USD")]


def test_offers(tmp_path: Path) -> None:
    assert values(
        tmp_path,
        "offers",
        "Angebotsnummer;Kundennummer;Angebotsdatum;Angebotssumme;gültig bis;Angebotsstatus;Währung",
        "O1;C1;1.2.2026;9.999,00;1.3.2026;beauftragt;€",
        "O2;C1;1.2.2026;1;;;",
    ) == [
        Offer("O1", "C1", DAY, 999_900, "EUR", date(2026, 3, 1), OfferStatus.ACCEPTED),
        Offer("O2", "C1", DAY, 100),
    ]


def test_invoices_and_what_makes_a_credit_note_of_them(tmp_path: Path) -> None:
    skonto = date(2026, 2, 15)
    assert values(
        tmp_path,
        "invoices",
        "Rechnungsnummer;Kundennummer;Rechnungsdatum;Fälligkeit;Bruttobetrag;Skonto %;Skontodatum;Belegart;strittig;"
        "Bezug",
        "R1;C1;1.2.2026;1.3.2026;1.000,00;3 %;15.2.2026;Rechnung;ja;",
        "R2;C1;1.2.2026;;-50,00;;;Rechnung;;R1",
        "R3;C1;1.2.2026;;50,00;;;Gutschrift;nein;R1",
    ) == [
        Invoice("R1", "C1", DAY, 100_000, date(2026, 3, 1), InvoiceKind.INVOICE, "EUR", 3.0, skonto, disputed=True),
        Invoice("R2", "C1", DAY, 5_000, kind=InvoiceKind.CREDIT_NOTE, invoice_ref="R1"),
        Invoice("R3", "C1", DAY, 5_000, kind=InvoiceKind.CREDIT_NOTE, invoice_ref="R1"),
    ]


def test_payments_and_what_went_back(tmp_path: Path) -> None:
    assert values(
        tmp_path,
        "payments",
        "Rechnungsnummer;Zahlungsdatum;Zahlbetrag;Art;Buchungsnummer",
        "R1;1.2.2026;970,00;Überweisung;B1",
        "R1;1.2.2026;-20,00;;",
        "R1;1.2.2026;50,00;Sicherheitseinbehalt;",
    ) == [
        Payment("R1", DAY, 97_000, PaymentKind.PAYMENT, "B1"),
        Payment("R1", DAY, 2_000, PaymentKind.REFUND),
        Payment("R1", DAY, 5_000, PaymentKind.RETENTION),
    ]


def test_a_list_of_open_items_with_and_without_its_day(tmp_path: Path) -> None:
    item = OpenItem("C1", "R1", DAY, -1_050, date(2026, 3, 1))
    heading, line = "Belegfeld 1;Kundennummer;offener Betrag;Fälligkeit", "R1;C1;-10,50;1.3.2026"
    assert values(tmp_path, "open-items", f"{heading};Stichtag", f"{line};1.2.2026") == [item]
    assert values(tmp_path, "open-items", heading, line, as_of="2026-02-01") == [item]
    with pytest.raises(TableRefused, match="as_of"):
        rows(tmp_path, "open-items", heading, line)


def test_surveys(tmp_path: Path) -> None:
    read = rows(tmp_path, "surveys", "Kundennummer;Datum;NPS;Kommentar", "C1;1.2.2026;9;Gut", "C1;1.2.2026;11;")
    assert read[0].value == SurveyAnswer("C1", DAY, 9, comment="Gut")
    assert read[1].problem == "“11” is no answer from 0 to 10"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("A1;;1.2.2026;1;EUR;", "customer_id is empty"),
        (";C1;1.2.2026;1;EUR;", "order_no is empty"),
        ("A1;C1;;1;EUR;", "date is empty"),
        ("A1;C1;31.2.2026;1;EUR;", "is no date"),
        ("A1;C1;1.2.2026;;EUR;", "amount is empty"),
        ("A1;C1;1.2.2026;viel;EUR;", "is no number"),
        ("A1;C1;1.2.2026;99999999999999;EUR;", "more than anybody owes"),
        ("A1;C1;1.2.2026;1;Taler;", "currency cannot be “Taler”"),
        ("A1;C1;1.2.2026;1;EUR;unterwegs", "status cannot be “unterwegs”"),
    ],
)
def test_a_bad_row_is_told_with_its_line(tmp_path: Path, line: str, problem: str) -> None:
    heading = "order_no;customer_id;date;amount;currency;status"
    good, bad = rows(tmp_path, "orders", heading, "A0;C1;1.2.2026;1,5;EUR;", line)
    assert good.value is not None
    assert bad.line == 3
    assert bad.value is None
    assert problem in bad.problem


@given(st.integers(-(10**14), 10**14), st.booleans())
def test_every_amount_comes_back_to_the_cent(amount: int, german: bool) -> None:
    written = f"{'-' if amount < 0 else ''}{abs(amount) // 100:,}.{abs(amount) % 100:02}"
    if german:
        written = written.translate(str.maketrans(",.", ".,"))
    assert cents(written, Manner()) == amount
    assert cents(f"{written} €", Manner()) == amount


@pytest.mark.parametrize(
    ("cell", "amount"), [(0.285, 29), (1.005, 101), ("0,005", 1), (-0.005, -1), (1234567.89, 123_456_789), (7, 700)]
)
def test_parts_of_a_cent_are_rounded_as_merchants_do(cell: str | float, amount: int) -> None:
    assert cents(cell, Manner(decimal=",")) == amount


@pytest.mark.parametrize(
    ("cell", "code"), [("€ 5", "EUR"), ("5 Euro", "EUR"), ("5 chf", "CHF"), ("$5", "USD"), ("5", ""), (5, "")]
)
def test_the_currency_beside_an_amount(cell: str | int, code: str) -> None:
    assert currency(cell) == code


def test_percentages() -> None:
    assert [percent(cell, Manner()) for cell in ("3 %", "2,5", 0.03, 3, "", None)] == [3, 2.5, 3, 3, 0, 0]
    with pytest.raises(Problem, match="no percentage"):
        percent("120 %", Manner())


def test_every_required_field_has_names() -> None:
    assert NAMES.keys() == REQUIRED.keys()
    for kind, fields in REQUIRED.items():
        assert {line.partition("=")[0].strip() for line in NAMES[kind].splitlines() if "=" in line} >= set(fields)
