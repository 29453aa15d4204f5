"""Numbers on paper: labelled or of a shape the pool knows, ours or theirs; dates and amounts are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.numbers import find, normal, shape, vat_ids

SHAPES = {"customer": {"KD99999": 800}, "order": {"9999999": 100}, "invoice": {"RE9999999": 50}}


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Kd.-Nr. KD-10020", "customer", "KD10020"),
        ("Kundennr: 4711", "customer", "4711"),
        ("Ihre Kundennummer lautet 004711", "customer", "4711"),
        ("meine Kundennummer ist 4711", "customer", "4711"),
        ("customer no. 4711", "customer", "4711"),
        ("zur Rechnung RE-2024/815", "invoice", "RE2024815"),
        ("Rechnung Nr. 2024-0815", "invoice", "20240815"),
        ("Auftrag 4384-865", "order", "4384865"),
        ("your order no. 4384865", "order", "4384865"),
        ("Ihr Angebot Nr. 20-553", "offer", "20553"),
        ("[Ticket#88123] Frage", "ticket", "88123"),
        ("Ihr Zeichen: AB-4711", "reference", "AB4711"),
        ("Lieferschein 778812", "order", "778812"),
    ],
)
def test_labelled_numbers(text: str, kind: str, value: str) -> None:
    (number,) = find(text, SHAPES)
    assert (number.type, number.value, number.theirs) == (kind, value, False)
    assert number.quote in text


@pytest.mark.parametrize(
    "text",
    ["Unser Zeichen: RE1234567", "our ref. RE1234567", "unsere Bestellnummer RE1234567", "PO RE1234567",
     "unsere interne Vorgangsnummer: RE1234567", "our order no. RE1234567", "mein Zeichen RE1234567"],
)  # fmt: skip
def test_numbers_that_the_writer_calls_their_own(text: str) -> None:
    (number,) = find(text, SHAPES)
    assert number.theirs


@pytest.mark.parametrize(
    ("text", "theirs", "ours"),
    [
        ("Ihre Rechnung RE1234567", False, True),
        ("wegen Ihrer Auftragsnummer 1234567", False, True),
        ("your quotation no. 1234567", False, True),
        ("Rechnung RE1234567", False, False),
        ("unsere Rechnung RE1234567", True, False),
        ("die Rechnung RE1234567 von uns", True, False),
        ("Ihre Kundennummer bei uns: KD10020", True, False),
        ("unsere Kundennummer bei Ihnen: KD10020", False, False),
        ("Unsere Kundennummer KD10020", False, False),
        ("meine Bestellung 1234567", False, False),
        ("unsere Bestellung 1234567", True, False),
        ("my order 1234567", False, False),
    ],
)
def test_whose_number_it_is(text: str, *, theirs: bool, ours: bool) -> None:
    (number,) = find(text, SHAPES)
    assert (number.theirs, number.ours) == (theirs, ours)


@pytest.mark.parametrize("text", ["es geht um KD10020.", "KD-10020", "siehe KD/10020", "(KD.10020)"])
def test_a_known_shape_needs_no_label(text: str) -> None:
    (number,) = find(text, SHAPES)
    assert (number.type, number.value) == (None, "KD10020")
    assert number.quote in text


def test_a_list_goes_on_under_its_label() -> None:
    numbers = find("Rechnungen 1001, 1002 und 1003", SHAPES)
    assert [number.type for number in numbers] == ["invoice"] * 3


@pytest.mark.parametrize(
    "text",
    ["am 12.11.2026", "Rechnung vom 12.11.2026", "500,00 EUR", "Angebot über 56 Stück", "Bestellung 25 Stück",
     "Tel. 0341 2233441",
     "+49 341 2233441", "04109 Leipzig", "DE89 3704 0044 0532 0130 00", "https://shop.example/1234567",
     "x1234567@post.example",
     "im Jahr 2026", "um 10:30 Uhr", "12345678", "A1", "Seite 1234567"],
)  # fmt: skip
def test_dates_amounts_phones_and_accounts_are_none(text: str) -> None:
    assert find(text, SHAPES) == []


@pytest.mark.parametrize(
    ("number", "same"), [("KD-00174", "kd 174"), ("RE 2024/0815", "RE-2024-0815"), ("#4711", "4711")]
)
def test_separators_case_and_leading_zeros_do_not_count(number: str, same: str) -> None:
    assert normal(number) == normal(same)


def test_shapes_keep_the_prefix() -> None:
    assert shape("KD-00174") == shape("kd 99999") == "KD99999"
    assert shape("4A-77") == "9A99"


@pytest.mark.parametrize(
    ("text", "value", "valid"),
    [
        ("USt-IdNr.: DE 136 695 976", "DE136695976", True),
        ("ust-id de136695976", "DE136695976", True),
        ("DE136695977", "DE136695977", False),
        ("UID: ATU13585627", "ATU13585627", True),
        ("CHE-107.787.577 MWST", "CHE107787577", True),
        ("VAT GB 980 7806 84", "GB980780684", True),
        ("NL004495445B01", "NL004495445B01", True),
    ],
)
def test_vat_ids_with_their_check_digits(text: str, value: str, valid: bool) -> None:
    (vat,) = vat_ids(text)
    assert (vat.value, vat.valid) == (value, valid)
    assert vat.quote in text


def test_other_letters_and_digits_are_no_vat_ids() -> None:
    assert vat_ids("Auftrag RE2024815, Tel. 0341 2233441, IBAN DE89 3704 0044 0532 0130 00") == []


@given(st.text(max_size=300))
def test_nothing_raises_on_any_text(text: str) -> None:
    for number in find(text, SHAPES):
        assert number.value == normal(number.quote)
    vat_ids(text)
    shape(text)


@given(st.text("ABC0123456789-/ .", max_size=20))
def test_the_normal_form_is_stable(number: str) -> None:
    assert normal(normal(number)) == normal(number)


@pytest.mark.parametrize("unit", ["1 ", "K-", "Rechnung Nr. 1", "RE 12345, ", "DE1", "A1-", "DE 1 2 3 "])
def test_long_input_is_bounded(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    assert len(find(text, SHAPES)) <= 20
    assert len(vat_ids(text)) <= 20
