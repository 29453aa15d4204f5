"""Whole tables: every way a firm may have written them, and what is said about the rows that are wrong."""

import contextlib
import tracemalloc
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.importers import InteractionRow, Row, Table, read_table
from rules.terms.customer import Contact, Customer, CustomerKind, CustomerStatus, PartyKind, Reference
from rules.terms.errors import ImportRefused, UnknownName
from rules.terms.interaction import Channel
from rules.terms.mail import Direction


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


def rows(path: Path, text: str | bytes, kind: str = "customers", **mapping: str) -> list[Row]:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(read_table(path, kind, mapping).rows)


def customers(path: Path, text: str | bytes, **mapping: str) -> list[Customer]:
    found = [row.value for row in rows(path, text, **mapping)]
    assert all(isinstance(value, Customer) for value in found)
    return [value for value in found if isinstance(value, Customer)]


def test_a_full_row(file: Path) -> None:
    (row,) = rows(
        file,
        "customer_id,customer_no,kind,party,name,legal_form,street,zip,city,country,phone,fax,email,domain,vat_id,"
        "since,revenue_12m,key_account,status\n"
        'C1,K-1,firm,customer|supplier,"Bauer, Söhne & Co",GmbH,Weg 1,01234,Köln,DE,+49 221 1,+49 221 2,i@b.example,'
        "b.example,DE1,2019,1234.50,1,lead\n",
    )
    assert row == Row(
        2,
        Customer(
            id="C1",
            customer_no="K-1",
            kind=CustomerKind.FIRM,
            party=frozenset({PartyKind.CUSTOMER, PartyKind.SUPPLIER}),
            name="Bauer, Söhne & Co",
            legal_form="GmbH",
            street="Weg 1",
            zip="01234",
            city="Köln",
            country="DE",
            phone="+49 221 1",
            fax="+49 221 2",
            email="i@b.example",
            domain="b.example",
            vat_id="DE1",
            since="2019",
            revenue_12m=1234.5,
            key_account=True,
            status=CustomerStatus.LEAD,
        ),
    )


GERMAN = (
    "Kundennummer;Firma;Straße;PLZ;Ort;Telefon;E-Mail;Umsatz;Kunde seit;A-Kunde;Kundenstatus\r\n"
    "4711;Müller & Söhne „Bäder“;Weg 5;01067;Dresden;0351/1;i@m.example;1.234,56 €;01.03.2019;ja;Interessent\r\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_german_exports_in_every_encoding(file: Path, encoding: str, separator: str) -> None:
    text = GERMAN.replace("1.234,56", '"1.234,56"') if separator == "," else GERMAN
    text = text.replace('"1.234,56" €', '"1.234,56 €"').replace(";", separator)
    (found,) = customers(file, text.encode(encoding))
    assert (found.id, found.customer_no, found.name) == ("4711", "4711", "Müller & Söhne „Bäder“")
    assert (found.street, found.zip, found.city) == ("Weg 5", "01067", "Dresden")
    assert (found.revenue_12m, found.since, found.key_account) == (1234.56, "2019-03-01", True)
    assert found.status is CustomerStatus.LEAD


def test_latin_1_without_windows_signs(file: Path) -> None:
    assert customers(file, "id;name\n1;Spaß »Käse«\n".encode("latin-1"))[0].name == "Spaß »Käse«"


def test_a_stray_latin_1_byte_in_utf_8_spoils_only_itself(file: Path) -> None:
    assert [c.name for c in customers(file, "id;name\n1;Müßig\n2;M".encode() + b"\xfc" + b"ller\n")] == [
        "Müßig",
        "Müller",
    ]


def test_names_of_columns_in_any_spelling(file: Path) -> None:
    (found,) = customers(file, "Customer-ID; NAME ;Key Account;USt-IdNr.;e_mail\n1;A;x;DE1;a@b\n")
    assert found == Customer(id="1", name="A", key_account=True, vat_id="DE1", email="a@b")


def test_quirks_of_mail_merge(file: Path) -> None:
    """Excel's separator line, quoted line breaks, trailing separators, empty rows, short rows."""
    found = rows(file, 'sep=;\r\nid;name;Straße;;\r\n\r\n1;"Bauer\r\nAbt. ""Süd""";Weg 1;;\r\n;;;;\r\n  \r\n2;Kurz\r\n')
    assert [row.line for row in found] == [4, 8]
    assert [row.value and getattr(row.value, "name", "") for row in found] == ['Bauer Abt. "Süd"', "Kurz"]


def test_old_macintosh_line_ends(file: Path) -> None:
    assert [c.id for c in customers(file, "id;name\r1;A\r2;B\r")] == ["1", "2"]


def test_unknown_columns_are_reported_with_the_nearest_name(file: Path) -> None:
    file.write_text("id;name;Telefonn;Lieblingsfarbe;E-Mail;E-Mail\n1;A;2;rot;x@y;z@y\n")
    table = read_table(file, "customers")
    assert table.unknown_columns == (("Telefonn", "phone"), ("Lieblingsfarbe", None), ("E-Mail", None))


def test_columns_may_be_named(file: Path) -> None:
    (found,) = customers(file, "Kürzel;Wer;Klasse\n1;A;x\n", customer_id="kuerzel", name="Wer", key_account="Klasse")
    assert found == Customer(id="1", name="A", key_account=True)
    for wrong, said in (
        ({"customr_id": "Kürzel"}, "did you mean “customer_id”"),
        ({"customer_id": "Nix"}, "no column “Nix”"),
    ):
        with pytest.raises(ImportRefused, match=said) as refused:
            read_table(file, "customers", wrong)
        assert "{" not in refused.value.text("de")


def test_our_own_names_go_before_others(file: Path) -> None:
    (found,) = customers(file, "Kundennummer;customer_id;Firma\nK-1;C1;A\n")
    assert (found.id, found.customer_no) == ("C1", "K-1")


def test_a_private_customer_by_first_and_last_name(file: Path) -> None:
    firm, person = customers(file, "id;Firma;Vorname;Nachname\n1;Bau AG;Eva;Kurz\n2;;Max;Lang\n")
    assert (firm.name, firm.kind) == ("Bau AG", CustomerKind.FIRM)
    assert (person.name, person.kind) == ("Max Lang", CustomerKind.PERSON)


def test_every_bad_row_is_listed_and_the_good_ones_go_on(file: Path) -> None:
    found = rows(
        file,
        "id;name;kind;revenue_12m;since;key_account;party\n"
        "1;Gut;;;;;\n;Ohne Nummer;;;;;\n3;;;;;;\n4;D;alien;;;;\n5;E;;viel;;;\n6;F;;;gestern;;\n7;G;;;;vielleicht;\n"
        "8;H;;;;;Freund\n9;I;;;;;;zu viel\n10;J;;;;;Kunde|Lieferant\n",
    )
    assert [row.line for row in found if row.value is None] == list(range(3, 11))
    assert [row.problem for row in found[1:3]] == ["customer_id is empty", "name is empty"]
    assert [row.problem_de for row in found[3:5]] == ["Art kann nicht „alien“ sein", "„viel“ ist keine Zahl"]
    assert all(row.problem and row.problem_de for row in found if row.value is None)
    assert [row.value.id for row in found if isinstance(row.value, Customer)] == ["1", "10"]


def test_an_open_quotation_mark_costs_its_own_row_only(file: Path) -> None:
    text = 'id;name\n1;A\n2;"Bauer\n' + "".join(f"{n};N{n}\n" for n in range(3, 20_000)) + '20000;"Z" AG\n20001;Ende\n'
    found = rows(file, text)
    assert [(row.line, row.problem) for row in found if row.value is None] == [
        (3, "a field is longer than 131072 characters; is a quotation mark not closed?"),
        (20_001, "a quotation mark stands inside a quoted field; write it twice"),
    ]
    assert len(found) == 20_001


def test_a_file_of_open_quotation_marks_takes_no_squares_of_time(file: Path) -> None:
    found = rows(file, "id;name\n" + '1;"' + "x" * 80 + "\n" + '2;"y\n' * 200_000)
    assert all(row.value is None for row in found)


def test_a_field_and_a_line_have_bounds(file: Path) -> None:
    found = rows(file, "id;name\n1;" + "x" * 2000 + "\n2;" + "y" * 200_000 + "\n3;" + "z" * 3_000_000 + "\n4;Gut\n")
    assert [row.value is None for row in found] == [True, True, True, False]
    assert [row.line for row in found] == [2, 3, 4, 5]
    with pytest.raises(ImportRefused, match="more than 1000 columns"):
        rows(file, ";".join(f"c{n}" for n in range(1001)) + "\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\n\n  \n", "empty|missing"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "neither a text table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old or encrypted"),
        (b"PK\x03\x04 no zip", "not a readable XLSX"),
        (b"name;city\nA;B\n", r"customer_no \(Kundennummer\) is missing.*name, city.*--map customer_no="),
        (b'"id;name\n1;A\n', "quotation mark"),
        (b"just some prose without any table", "missing"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(file: Path, content: bytes, said: str) -> None:
    with pytest.raises(ImportRefused, match=said) as refused:
        rows(file, content)
    assert str(file) in refused.value.text("de")
    assert "{" not in refused.value.text("de")


def test_a_missing_file_a_folder_and_a_wrong_kind(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(ImportRefused, match="cannot be read"):
            read_table(path, "customers")
    with pytest.raises(UnknownName, match="customers, contacts"):
        read_table(tmp_path, "planets")


def test_the_whole_file_tells_how_its_dates_and_numbers_are_meant(file: Path) -> None:
    british = rows(file, "number,customer,date\n1,C1,03/04/2025\n2,C1,31/12/2025\n", "references")
    assert [getattr(row.value, "date", None) for row in british] == [date(2025, 4, 3), date(2025, 12, 31)]
    american = rows(file, "number,customer,date\n1,C1,03/04/2025\n2,C1,12/31/2025\n", "references")
    assert [getattr(row.value, "date", None) for row in american] == [date(2025, 3, 4), date(2025, 12, 31)]
    untold = rows(file, "number,customer,date\n1,C1,03/04/2025\n2,C1,2025-12-31\n", "references")
    assert ["two different days" in row.problem for row in untold] == [True, False]


def test_contacts(file: Path) -> None:
    found = rows(
        file,
        "id;Kundennummer;Anrede;Titel;Vorname;Nachname;Funktion;E-Mail;Mobil;Aktiv;Sprache;Anredeform\n"
        "P1;C1;Frau;Dr.;Eva;Kurz;Einkauf;e@k.example;0170;nein;Deutsch;du\nP2;C1;;;;;;;;;;\nP3;;;;Max;Lang;;;;;;\n",
        "contacts",
    )
    assert found[0].value == Contact(
        id="P1",
        customer_id="C1",
        salutation="Frau",
        title="Dr.",
        first_name="Eva",
        last_name="Kurz",
        role="Einkauf",
        email="e@k.example",
        mobile="0170",
        active=False,
        language="de",
        address_form="Du",
    )
    assert [row.problem for row in found[1:]] == ["neither a name nor an address is given", "customer_id is empty"]


def test_references_know_their_paper_from_the_heading(file: Path) -> None:
    (row,) = rows(file, "Rechnungsnummer;Kundennummer;Rechnungsdatum\nR-1;C1;31.12.2025\n", "references")
    assert row.value == Reference("invoice", "R-1", "C1", date(2025, 12, 31))
    (row,) = rows(file, "Art;Nummer;Kunde\nAngebot;A-1;C1\n", "references")
    assert row.value == Reference("offer", "A-1", "C1")


def test_interactions_and_their_lasting_ids(file: Path) -> None:
    text = "Kunde;Kanal;Datum;Richtung;Betreff;Text;Mitarbeiter\n"
    text += 'C1;Anruf;01.07.2025 10:30;eingehend;Frage;"Zeile 1\nZeile 2";eva\n'
    (row,) = rows(file, text, "interactions")
    assert isinstance(row.value, InteractionRow)
    entry = row.value.interaction
    assert (entry.channel, entry.direction, entry.text) == (Channel.CALL, Direction.INCOMING, "Zeile 1\nZeile 2")
    assert entry.date == datetime(2025, 7, 1, 10, 30, tzinfo=UTC)
    (again,) = read_table(file, "interactions", zone=ZoneInfo("Europe/Berlin")).rows
    assert isinstance(again.value, InteractionRow)
    assert again.value.interaction.date == datetime(2025, 7, 1, 8, 30, tzinfo=UTC)
    assert again.value.external_id == row.value.external_id
    (other,) = rows(file, text.replace("Frage", "Antwort"), "interactions")
    assert isinstance(other.value, InteractionRow)
    assert other.value.external_id != row.value.external_id


def test_a_second_reading_gives_the_same(file: Path) -> None:
    file.write_text(GERMAN)
    assert list(read_table(file, "customers").rows) == list(read_table(file, "customers").rows)


def test_many_rows_take_no_more_memory(file: Path) -> None:
    with file.open("w") as out:
        out.write("id;name;Umsatz\n")
        out.writelines(f"{n};Kunde {n};1.234,5{n % 10}\n" for n in range(60_000))
    tracemalloc.start()
    table = read_table(file, "customers")
    assert table.total == 60_000
    assert sum(row.value is not None for row in table.rows) == 60_000
    assert tracemalloc.get_traced_memory()[1] < 8 << 20
    tracemalloc.stop()


WILD = st.text(st.sampled_from("ab1;,\t|\"\n\r'\\ €ü\0\ufeff.-/")) | st.text()


@settings(max_examples=200, deadline=None)
@given(
    WILD,
    st.sampled_from(["utf-8", "utf-16", "cp1252", "latin-1"]),
    st.sampled_from(["customers", "contacts", "references", "interactions"]),
)
def test_no_text_breaks_the_reader(
    tmp_path_factory: pytest.TempPathFactory, text: str, encoding: str, kind: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "wild.csv"
    text = text.replace("\0", "", max(0, text.count("\0") - 2))  # more zeros than that are no text, and refused
    header = "id;customer_id;name;number;date;subject;email\n"
    path.write_bytes((header + text).encode(encoding, "ignore"))
    _whole(read_table(path, kind))
    path.write_bytes(text.encode(encoding, "ignore"))
    with contextlib.suppress(ImportRefused):
        _whole(read_table(path, kind))


@settings(max_examples=100, deadline=None)
@given(st.binary())
def test_no_bytes_break_the_reader(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.csv"
    path.write_bytes(b"id;name\n1;A\n" + content)
    with contextlib.suppress(ImportRefused):
        _whole(read_table(path, "customers"))


CELL = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20).filter(
    lambda cell: not cell.startswith("#")
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(CELL, CELL), max_size=20), st.sampled_from(";,\t|"), st.sampled_from(["utf-8", "utf-16"]))
def test_what_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]], separator: str, encoding: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "round.csv"
    lines = [f'"{a.replace(chr(34), chr(34) * 2)}"{separator}"{b.replace(chr(34), chr(34) * 2)}"\r\n' for a, b in pairs]
    path.write_bytes((f"customer_id{separator}name\r\n" + "".join(lines)).encode(encoding))
    found = [
        (row.value.id, row.value.name) for row in read_table(path, "customers").rows if isinstance(row.value, Customer)
    ]
    assert found == pairs


def _whole(table: Table) -> None:
    lines = [0]
    for row in table.rows:
        assert (row.value is None) == bool(row.problem) == bool(row.problem_de)
        assert row.line > lines[-1]
        lines.append(row.line)
