"""Tables on their way into the pool: who stands there twice, what a table does not say, whose a row is."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant import importing
from assistant.import_preview import preview
from assistant.importing import Report, import_file
from rules.terms.consent import Purpose, Way
from rules.terms.customer import IdentifierKind
from rules.terms.errors import ImportRefused
from rules.terms.firm import Firm
from rules.terms.interaction import Reaction
from rules.terms.worth import Bar
from storage.pool import Pool

FIRM = Firm(name="Muster", domains=frozenset({"muster.example"}))
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    pool = Pool.create(f"sqlite:///{tmp_path}/pool.sqlite", str(tmp_path / "blobs"))
    yield pool
    pool.close()


def imported(pool: Pool, folder: Path, kind: str, *lines: str) -> Report:
    file = folder / f"{kind}.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return import_file(pool, FIRM, BERLIN, kind, file)


def owners(pool: Pool, *addresses: str) -> dict[str, set[str | None]]:
    """Whom each of the addresses identifies: customers, and contacts where they are somebody's own."""
    with pool.read() as work:
        found = work.customers.owners({IdentifierKind.ADDRESS: addresses})
    return {value: {one.contact_id or one.customer_id for one in owner.known} for (_, value), owner in found.items()}


@pytest.mark.parametrize("chunk", [1, 1000])
def test_of_a_customer_named_twice_the_first_row_counts(
    pool: Pool, tmp_path: Path, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one transaction and across two: a later, emptier row clears nothing and is named, with the first's line."""
    monkeypatch.setattr(importing, "CHUNK", chunk)
    lines = (
        "Kundennummer;Firma;E-Mail;Telefon;empfohlen von",
        "10001;Hansen GmbH;post@hansen.example;040 1234;",
        "10002;Berger;post@berger.example;;",
        "10001;Hansen neu;;;10002",
        "10002;Berger;post@berger.example;;",
    )
    report = imported(pool, tmp_path, "customers", *lines)
    assert problems(report) == [(4, "Kundennummer 10001 steht schon in Zeile 2")]
    assert report.problems[0].en == "customer number 10001 already stands in line 2"
    # Who says the same twice contradicts nobody; every row is counted.
    assert (report.new, report.changed, report.same, report.bad) == (2, 0, 1, 1)
    found = preview(pool, BERLIN, "customers", tmp_path / "customers.csv", None)
    assert (found.good, found.bad) == (3, 1)
    assert [(one.line, one.de) for one in found.problems] == problems(report)
    with pool.read() as work:
        customer = work.customers.get("10001")
        assert work.referrals.of("10001") == []
    assert customer is not None
    assert (customer.name, customer.email, customer.phone) == ("Hansen GmbH", "post@hansen.example", "040 1234")
    assert owners(pool, "post@hansen.example") == {"post@hansen.example": {"10001"}}
    again = imported(pool, tmp_path, "customers", *lines)
    assert (again.new, again.changed, again.same, again.bad) == (0, 0, 3, 1)


@pytest.mark.parametrize("chunk", [1, 1000])
def test_of_a_contact_named_twice_the_first_row_counts(
    pool: Pool, tmp_path: Path, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(pool, tmp_path, "customers", "customer_id;name", "C1;Hansen", "C2;Berger")
    monkeypatch.setattr(importing, "CHUNK", chunk)
    report = imported(
        pool,
        tmp_path,
        "contacts",
        "contact_id;customer_id;first_name;last_name;email",
        "P1;C1;Karin;Hansen;karin@hansen.example",
        "P1;C2;Karin;Berger;karin@berger.example",
    )
    assert problems(report) == [(3, "Kontakt-ID P1 steht schon in Zeile 2")]
    with pool.read() as work:
        contact = work.customers.contact("P1")
    assert contact is not None
    assert (contact.customer_id, contact.last_name) == ("C1", "Hansen")
    assert owners(pool, "karin@hansen.example", "karin@berger.example") == {"karin@hansen.example": {"P1"}}


def test_customers_may_share_a_number(pool: Pool, tmp_path: Path) -> None:
    assert imported(pool, tmp_path, "customers", *NUMBERED).new == 3


def test_a_column_that_a_table_of_customers_lacks_leaves_its_field_alone(pool: Pool, tmp_path: Path) -> None:
    imported(
        pool,
        tmp_path,
        "customers",
        "customer_id;customer_no;name;kind;party;city;phone;email;revenue_12m;key_account;status",
        "C1;10023;Hansen;person;supplier;Kiel;0431 1234;post@hansen.example;1234,5;ja;dormant",
    )
    with pool.read() as work:
        before = work.customers.get("C1")
    assert before is not None
    report = imported(pool, tmp_path, "customers", "customer_id;name;city", "C1;Hansen GmbH;")
    assert (report.changed, report.bad) == (1, 0)
    with pool.read() as work:
        assert work.customers.get("C1") == replace(before, name="Hansen GmbH", city="")
    assert owners(pool, "post@hansen.example") == {"post@hansen.example": {"C1"}}
    assert imported(pool, tmp_path, "customers", "customer_id;name;city", "C1;Hansen GmbH;").same == 1


def test_a_column_that_a_table_of_contacts_lacks_leaves_its_field_alone(pool: Pool, tmp_path: Path) -> None:
    imported(pool, tmp_path, "customers", *NUMBERED)
    imported(
        pool,
        tmp_path,
        "contacts",
        "contact_id;customer_id;first_name;last_name;role;email;phone;status;language;address_form",
        "P1;C1;Karin;Hansen;Einkauf;karin@hansen.example;0431 1234;ausgeschieden;de;Du",
    )
    with pool.read() as work:
        before = work.customers.contact("P1")
    assert before is not None
    assert not before.active
    imported(pool, tmp_path, "contacts", "contact_id;customer_no;last_name;role", "P1;10023;Hansen-Berg;")
    with pool.read() as work:
        assert work.customers.contact("P1") == replace(before, last_name="Hansen-Berg", role="")
    assert owners(pool, "karin@hansen.example") == {"karin@hansen.example": {"P1"}}


NUMBERED = ("customer_id;customer_no;name", "C1;10023;Hansen", "C2;10024;Berger", "C3;10024;Berger Filiale")


HEADED = ("Kd.;Wer;Anschrift;Telefon", "700;Kranz Metall GmbH;Hafenstr. 5;0431 1")


def test_columns_are_those_that_were_chosen_in_the_browser_for_such_a_header(pool: Pool, tmp_path: Path) -> None:
    """A mapping of the call's own goes before them; what was left out there stays out."""
    said = {"customer_no": "Kd.", "name": "Wer", "city": "Anschrift"}
    with pool.begin() as work:
        work.column_mappings.put("customers", HEADED[0].split(";"), said, datetime.now(UTC))
    report = imported(pool, tmp_path, "customers", *HEADED)
    assert report.taken == (("Kd.", "customer_no"), ("Wer", "name"), ("Anschrift", "city"))
    assert [name for name, _ in report.unknown_columns] == ["Telefon"]
    mapping = {"street": "Anschrift"}
    import_file(pool, FIRM, BERLIN, "customers", tmp_path / "customers.csv", mapping)
    with pool.read() as work:
        customer = work.customers.get("700")
    assert customer is not None
    assert (customer.name, customer.street, customer.city, customer.phone) == (
        "Kranz Metall GmbH",
        "Hafenstr. 5",
        "Hafenstr. 5",
        "",
    )


def test_columns_of_a_header_that_nobody_assigned_are_told_by_name_and_content(pool: Pool, tmp_path: Path) -> None:
    report = imported(
        pool, tmp_path, "customers", "Kundenummer;Firma (lang);Post;Egal", "700;Kranz GmbH;post@kranz.example;x"
    )
    assert report.taken == (("Kundenummer", "customer_no"), ("Firma (lang)", "name"), ("Post", "email"))
    assert report.unknown_columns == (("Egal", None),)


def test_a_missing_column_is_named_as_the_firm_calls_it(pool: Pool, tmp_path: Path) -> None:
    with pytest.raises(ImportRefused) as refused:
        imported(pool, tmp_path, "customers", *HEADED)
    assert "Die Spalte Kundennummer (customer_no), Firma (name) fehlt." in refused.value.text("de")
    assert "--map customer_no=…" in refused.value.text("de")


def problems(report: Report) -> list[tuple[int, str]]:
    return [(problem.line, problem.de) for problem in report.problems]


@pytest.mark.parametrize("heading", ["customer_no", "Kundennummer", "Debitor"])
def test_rows_of_the_books_may_name_their_customer_by_number(pool: Pool, tmp_path: Path, heading: str) -> None:
    imported(pool, tmp_path, "customers", *NUMBERED)
    report = imported(
        pool,
        tmp_path,
        "orders",
        f"order_no;{heading};date;amount",
        "A1;10023;2026-01-02;100",
        "A2;10024;2026-01-02;100",
        "A3;99999;2026-01-02;100",
        "A4;C2;2026-01-02;100",
        "A5;;2026-01-02;100",
    )
    assert [line for line, _ in problems(report)] == [3, 4, 6]
    assert "mehrere Kunden haben die Nummer „10024“ (C2, C3)" in report.problems[0].de
    assert "keinen Kunden mit der Nummer „99999“" in report.problems[1].de
    with pool.read() as work:
        assert [one.order_no for one in work.ledger.orders_of("C1")] == ["A1"]
        assert [one.order_no for one in work.ledger.orders_of("C2")] == ["A4"]


def test_id_and_number_of_a_row_have_to_agree(pool: Pool, tmp_path: Path) -> None:
    imported(pool, tmp_path, "customers", *NUMBERED)
    report = imported(
        pool,
        tmp_path,
        "invoices",
        "invoice_no;customer_id;customer_no;date;amount",
        "R1;C1;10023;2026-01-02;100",
        "R2;C1;10024;2026-01-02;100",
        "R3;C2;10024;2026-01-02;100",
        "R4;;10023;2026-01-02;100",
    )
    assert problems(report) == [(3, "Kunde „C1“ hat nicht die Nummer „10024“.")]
    with pool.read() as work:
        assert {one.invoice_no for one in work.ledger.invoices_of("C1")} == {"R1", "R4"}


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("offers", ("offer_no;customer_no;date;amount", "O1;10023;2026-01-02;1")),
        ("open-items", ("invoice_no;customer_no;as_of;amount", "R1;10023;2026-01-02;1")),
        ("surveys", ("customer_no;date;score", "10023;2026-01-02;9")),
        ("interactions", ("customer_no;date;channel;text", "10023;2026-01-02;call;hallo")),
        ("references", ("number;customer_no", "4711;10023")),
        ("contacts", ("contact_id;customer_no;last_name", "P1;10023;Hansen")),
    ],
)
def test_every_table_takes_the_number(pool: Pool, tmp_path: Path, kind: str, rows: tuple[str, ...]) -> None:
    imported(pool, tmp_path, "customers", *NUMBERED)
    first, again = (imported(pool, tmp_path, kind, *rows) for _ in range(2))
    assert (first.new, first.bad) == (1, 0)
    assert (again.new, again.changed, again.same, again.bad) == (0, 0, 1, 0)


def test_the_number_of_a_merged_customer_leads_to_the_kept_one(pool: Pool, tmp_path: Path) -> None:
    imported(pool, tmp_path, "customers", *NUMBERED)
    with pool.begin() as work:
        work.merges.merge("C2", "C1", "anna", datetime.now(UTC))
    report = imported(pool, tmp_path, "orders", "order_no;customer_no;date;amount", "A1;10023;2026-01-02;100")
    assert report.bad == 0
    with pool.read() as work:
        assert [one.order_no for one in work.ledger.orders_of("C2")] == ["A1"]


def test_who_unsubscribed_objects_to_advertising_once(pool: Pool, tmp_path: Path) -> None:
    """What staff lift does not come back with the same file."""
    imported(pool, tmp_path, "customers", *NUMBERED)
    rows = ("customer_id;date;channel;subject;reaction", "C1;2026-01-02;mailing;Herbst;abgemeldet")
    imported(pool, tmp_path, "interactions", *rows)
    with pool.begin() as work:
        assert work.decisions.bars(["C1"]) == {"C1": frozenset({Bar.OBJECTION})}
        assert work.interactions.timeline("C1")[0].reaction is Reaction.UNSUBSCRIBED
        work.decisions.unbar("C1", Bar.OBJECTION)
    imported(pool, tmp_path, "interactions", *rows)
    with pool.read() as work:
        assert work.decisions.bars(["C1"]) == {}


def test_that_somebody_opened_a_mailing_is_kept_only_with_their_consent(pool: Pool, tmp_path: Path) -> None:
    imported(pool, tmp_path, "customers", *NUMBERED)
    report = imported(
        pool,
        tmp_path,
        "interactions",
        "customer_id;date;channel;subject;reaction;consent",
        "C1;2026-01-02;mailing;Herbst;opened;yes",
        "C2;2026-01-02;mailing;Herbst;opened;",
        "C2;2026-01-02;call;Herbst;clicked;",
    )
    assert [line for line, _ in problems(report)] == [3, 4]


CONSENTS = (
    "Kunde;Kontakt-ID;Zweck;Einwilligung;Datum;Form;Beleg",
    "C1;P1;Newsletter;erteilt;01.03.2026;Double Opt-in;Anmeldung Website",
    "C1;;Telefon;ja;02.03.2026;mündlich;",
    "C1;P1;newsletter;widerrufen;05.04.2026;E-Mail;",
    "C1;;Mail;ja;02.03.2026;;",
    "C1;P7;Telefon;ja;02.03.2026;;",
    "C1;;Telefon;ja;02.03.2099;;",
    "C7;;Telefon;ja;02.03.2026;;",
    "C1;;Telefon;;02.03.2026;;",
)


def test_consents_come_by_table_once_and_bad_rows_are_named(pool: Pool, tmp_path: Path) -> None:
    imported(pool, tmp_path, "customers", "customer_id;name", "C1;Hansen")
    imported(pool, tmp_path, "contacts", "contact_id;customer_id;last_name", "P1;C1;Hansen")
    first = imported(pool, tmp_path, "consents", *CONSENTS)
    assert (first.new, first.bad) == (3, 5)
    assert {one.line: one.de for one in first.problems} == {
        5: "Zweck kann nicht „Mail“ sein",
        6: "Der Kunde hat keinen Ansprechpartner „P7“.",
        7: "An diesem Tag kann das niemand gesagt haben.",
        8: "es gibt keinen Kunden „C7“; erst die Kunden einlesen.",
        9: "Einwilligung fehlt",
    }
    again = imported(pool, tmp_path, "consents", *CONSENTS)
    assert (again.new, again.same) == (0, 3)
    with pool.read() as work:
        said = work.consents.of("C1")
    assert [(one.purpose, one.given, one.contact_id, one.way, one.source) for one in said] == [
        (Purpose.EMAIL, False, "P1", Way.EMAIL, ""),
        (Purpose.PHONE, True, "", Way.SPOKEN, ""),
        (Purpose.EMAIL, True, "P1", Way.FORM, "Anmeldung Website"),
    ]
    assert {one.author for one in said} == {"import"}


def test_an_opening_is_kept_with_stored_consent_and_never_against_a_withdrawal(pool: Pool, tmp_path: Path) -> None:
    imported(pool, tmp_path, "customers", "customer_id;name", "C1;Hansen", "C2;Berger", "C3;Conrad")
    imported(
        pool,
        tmp_path,
        "consents",
        "customer_id;purpose;state;date",
        "C1;opens;given;2026-01-01",
        "C2;opens;withdrawn;2026-01-01",
    )
    report = imported(
        pool,
        tmp_path,
        "interactions",
        "customer_id;date;channel;subject;reaction;consent",
        *(f"{id};2026-02-01;mailing;Herbst;opened;{said}" for id in ("C1", "C2", "C3") for said in ("", "ja")),
    )
    assert [problem.line for problem in report.problems] == [4, 5, 6]


def test_by_what_nobody_is_reached_is_no_preferred_channel(pool: Pool, tmp_path: Path) -> None:
    imported(pool, tmp_path, "customers", "customer_id;name", "C1;Hansen")
    head = "contact_id;customer_id;last_name;preferred_channel"
    report = imported(pool, tmp_path, "contacts", head, "P1;C1;Hansen;Telefon", "P2;C1;Berg;Rundschreiben")
    assert (report.new, [one.line for one in report.problems]) == (1, [3])
