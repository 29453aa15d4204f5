"""Which column is which field: by known names, by similar ones that the content does not deny, by content alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.importers.columns import VOCABULARY
from connectors.importers.proposing import propose


@pytest.mark.parametrize(
    ("kind", "header", "sorts", "expected"),
    [
        ("customers", ["Kundennummer", "Firma"], ["", ""], {"customer_no": 0, "name": 1}),
        ("customers", ["Debitorennummern", "Firmenname lang"], ["", ""], {"customer_no": 0, "name": 1}),
        ("customers", ["customer numbr", "Company"], ["", ""], {"customer_no": 0, "name": 1}),
        ("customers", ["Nr", "Firma", "Kontakt"], ["", "", "address"], {"name": 1, "email": 2}),
        ("customers", ["Firma", "Kontakt A", "Kontakt B"], ["", "address", "address"], {"name": 0}),  # which one?
        ("orders", ["Auftragsdatum alt", "Auftragsnummer"], ["amount", ""], {"order_no": 1}),  # no date stands there
        ("orders", ["Netto EUR", "Belegdatum"], ["amount", "date"], {"amount": 0, "date": 1}),
        ("contacts", ["Benutzername", "Nachname"], ["", ""], {"last_name": 1}),
    ],
)
def test_columns_are_proposed(kind: str, header: list[str], sorts: list[str], expected: dict[str, int]) -> None:
    found = propose(header, sorts, kind)
    assert {field: found.get(field) for field in expected} == expected
    assert len(found) == len(expected)


@pytest.mark.parametrize(
    ("kind", "header", "sorts", "expected"),
    [
        ("customers", ["Debitor", "Firma (lang)", "Umsatz Vorjahr"], ["", "", "amount"], {"customer_no": 0, "name": 1}),
        ("customers", ["Kundenummer", "Firma"], ["", ""], {"customer_no": 0, "name": 1}),
        ("customers", ["Debitor", "Kunden-ID (alt)", "Firma"], ["", "", ""], {"customer_no": 0, "name": 2}),
        ("customers", ["Debitor", "Firma lang", "Firma kurz"], ["", "", ""], {"customer_no": 0}),  # which one?
        ("customers", ["Debitor", "Firma", "Kontakt"], ["", "", "address"], {"customer_no": 0, "name": 1, "email": 2}),
    ],
)
def test_unseen_only_what_is_sure_is_taken(
    kind: str, header: list[str], sorts: list[str], expected: dict[str, int]
) -> None:
    assert propose(header, sorts, kind, sure=True) == expected


@given(
    st.sampled_from(sorted(VOCABULARY)),
    st.lists(st.tuples(st.text(max_size=30), st.sampled_from(["", "address", "date", "amount", "vat"])), max_size=12),
)
def test_each_field_and_each_column_is_used_once(kind: str, columns: list[tuple[str, str]]) -> None:
    found = propose([name for name, _ in columns], [sort for _, sort in columns], kind)
    assert len(set(found.values())) == len(found)
    assert set(found) <= set(VOCABULARY[kind].values())
    assert all(0 <= place < len(columns) for place in found.values())
