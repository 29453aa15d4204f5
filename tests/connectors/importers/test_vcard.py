"""Address books as vCards."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.importers import Row, read_table
from rules.terms.customer import Contact
from rules.terms.errors import ImportRefused


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "book.vcf"


def rows(path: Path, text: str, encoding: str = "utf-8", **mapping: str) -> list[Row]:
    path.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    return list(read_table(path, "contacts", mapping).rows)


THREE = """BEGIN:VCARD
VERSION:3.0
UID:u-1
N:Kurz;Eva;;Frau Dr.;
FN:Frau Dr. Eva Kurz
ORG:Bäckerei Müller GmbH;Einkauf
TITLE:Leiterin
EMAIL;TYPE=INTERNET;TYPE=WORK:eva@mueller.example
item1.EMAIL;TYPE=HOME:eva@privat.example
TEL;TYPE=CELL:+49 170 1
TEL;TYPE=WORK,FAX:+49 221 9
TEL;TYPE=WORK,VOICE:+49 221 1
X-CUSTOMER-ID:C1
PHOTO;ENCODING=b;TYPE=JPEG:AAAA
 BBBB
END:VCARD
"""
FOUR = """BEGIN:VCARD
VERSION:4.0
UID:urn:uuid:4
N:Lang;Max;;;
FN:Max Lang
ORG:Lang AG
EMAIL:max@lang.example
TEL;VALUE=uri;TYPE="voice,work":tel:+49-30-1
TEL;VALUE=uri;TYPE=cell:tel:+49-171-2
LANG:de
END:VCARD
"""
OLD = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=BCrgen
EMAIL;INTERNET:j@m.example
TEL;CELL:0172
END:VCARD
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_version_3(file: Path, encoding: str) -> None:
    (row,) = rows(file, THREE, encoding)
    assert row == Row(
        1,
        Contact(
            id="u-1",
            customer_id="C1",
            salutation="Frau",
            title="Dr.",
            first_name="Eva",
            last_name="Kurz",
            role="Leiterin",
            email="eva@mueller.example",
            email2="eva@privat.example",
            phone="+49 221 1",
            mobile="+49 170 1",
        ),
        organisation="Bäckerei Müller GmbH Einkauf",
    )


def test_versions_4_and_2_1_in_one_file(file: Path) -> None:
    four, old = rows(file, FOUR + "\n" + OLD)
    assert four.value == Contact(
        id="urn:uuid:4",
        customer_id="",
        first_name="Max",
        last_name="Lang",
        email="max@lang.example",
        phone="+49-30-1",
        mobile="+49-171-2",
        language="de",
    )
    assert four.organisation == "Lang AG"
    assert old.line == 13
    assert isinstance(old.value, Contact)
    assert (old.value.first_name, old.value.last_name, old.value.mobile) == ("Jürgen", "Müller", "0172")
    assert old.value.id.startswith("card:")


def test_the_customer_may_stand_in_any_property(file: Path) -> None:
    (row,) = rows(file, FOUR.replace("LANG:de", "NOTE:C7"), customer_id="NOTE")
    assert isinstance(row.value, Contact)
    assert row.value.customer_id == "C7"
    with pytest.raises(ImportRefused, match="no column for email"):
        read_table(file, "contacts", {"email": "MAIL"})


def test_broken_cards_are_listed_and_the_others_read(file: Path) -> None:
    empty = "BEGIN:VCARD\nVERSION:3.0\nNOTE:nobody\nEND:VCARD\n"
    found = rows(file, THREE.replace("END:VCARD\n", "") + FOUR + empty + "BEGIN:VCARD\nN:open")
    assert [(row.line, row.problem) for row in found] == [
        (1, "the card has no END:VCARD"),
        (16, ""),
        (27, "neither a name nor an address is given"),
        (31, "the card has no END:VCARD"),
    ]


def test_a_photograph_costs_nothing_and_endless_cards_are_left_out(file: Path) -> None:
    photo = "PHOTO:" + "\n ".join(["A" * 70] * 20_000)
    assert rows(file, THREE.replace("PHOTO;ENCODING=b;TYPE=JPEG:AAAA\n BBBB", photo))[0].value is not None
    endless = "X-CUSTOMER-ID:" + "\n ".join(["A" * 70] * 80_000)
    found = rows(file, THREE.replace("X-CUSTOMER-ID:C1", endless) + FOUR)
    assert [row.problem for row in found] == ["the card is too large", ""]


def test_no_card_is_no_table(file: Path) -> None:
    with pytest.raises(ImportRefused, match="no vCard"):
        rows(file, "hello\n")


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "N:",
                "FN:",
                "TEL;TYPE=",
                "EMAIL:",
                ";",
                "=",
                "\n",
                " ",
                '"',
                "x",
                ":",
                "ü",
                "BEGIN:VCARD\n",
                "END:VCARD\n",
                "ENCODING=QUOTED-PRINTABLE:",
                "VERSION:4.0\n",
            ]
        )
    )
)
def test_no_card_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, parts: list[str]) -> None:
    path = tmp_path_factory.getbasetemp() / "wild.vcf"
    for row in rows(
        path, "BEGIN:VCARD\nVERSION:3.0\nFN:First\nEND:VCARD\nBEGIN:VCARD\n" + "".join(parts) + "\nEND:VCARD\n"
    ):
        assert (row.value is None) == bool(row.problem)
