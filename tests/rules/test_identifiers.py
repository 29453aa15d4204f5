"""By what records make their customers recognisable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import identifiers, names, phones
from rules.terms.customer import Contact, Customer, CustomerKind, IdentifierKind, Known
from rules.terms.firm import Firm

FIRM = Firm(domains=frozenset({"muster.example"}))


def values(found: tuple[Known, ...], kind: IdentifierKind) -> set[str]:
    return {one.value for one in found if one.kind is kind}


def test_a_firms_address_and_web_domain_identify_it() -> None:
    found = identifiers.of_customer(
        Customer("C1", "X", email="Info@Kunde.example", domain="https://www.kunde.at/"), FIRM
    )
    assert values(found, IdentifierKind.ADDRESS) == {"info@kunde.example"}
    assert values(found, IdentifierKind.DOMAIN) == {"kunde.example", "kunde.at"}


def test_freemail_and_our_own_domain_identify_nobody() -> None:
    found = identifiers.of_customer(Customer("C1", "X", email="anna@gmx.de", domain="muster.example"), FIRM)
    assert values(found, IdentifierKind.DOMAIN) == set()


def test_several_addresses_in_one_field_are_all_taken() -> None:
    found = identifiers.of_contact(
        Contact("P1", "C1", email="a@kunde.example; b@kunde.example", email2="c@gmx.de"), FIRM
    )
    assert values(found, IdentifierKind.ADDRESS) == {"a@kunde.example", "b@kunde.example", "c@gmx.de"}
    assert {one.contact_id for one in found} == {"P1"}


def test_an_empty_record_identifies_nobody() -> None:
    assert identifiers.of_customer(Customer("C1", "X", email="keine", domain="-"), FIRM) == ()


def test_a_firm_is_found_by_its_name_with_and_without_its_place() -> None:
    found = identifiers.of_customer(Customer("C1", "Gebr. Sattler GmbH", zip="8001"), FIRM)
    kept = values(found, IdentifierKind.FIRM)
    assert {key for key in kept if "@" not in key}
    assert {key for key in kept if key.endswith("@8001")}


def test_a_private_customer_is_found_as_a_person_and_not_as_a_firm() -> None:
    found = identifiers.of_customer(Customer("C1", "Dr. Jörg Müßig", kind=CustomerKind.PERSON, zip="1010"), FIRM)
    assert "joerg muessig" in values(found, IdentifierKind.PERSON)
    assert "joerg muessig@1010" in values(found, IdentifierKind.PERSON)
    assert values(found, IdentifierKind.FIRM) == set()


@pytest.mark.parametrize(
    ("name", "owner"), [("Karl Otte", "karl otte"), ("Otte Metallbau", None), ("Nordwind AG", None)]
)
def test_a_firm_that_bears_its_owners_name_is_found_by_it(name: str, owner: str | None) -> None:
    found = values(identifiers.of_customer(Customer("C1", name), FIRM), IdentifierKind.PERSON)
    assert (owner in found) if owner else not found


def test_a_telephone_number_is_read_as_in_the_customers_country() -> None:
    swiss = identifiers.of_contact(Contact("P1", "C1", phone="044 123 45 67"), FIRM, country="CH")
    assert "+41441234567" in values(swiss, IdentifierKind.PHONE)
    assert values(swiss, IdentifierKind.PHONE) & phones.find("Tel. +41 44 123 45 67")[0].keys


def test_numbers_and_vat_ids_are_kept_in_their_compared_spelling() -> None:
    found = identifiers.of_customer(Customer("C1", "X", customer_no="K-00417", vat_id="ATU 6520 6500"), FIRM)
    assert values(found, IdentifierKind.NUMBER) == {"K417"}
    assert values(found, IdentifierKind.VAT) == {"ATU65206500"}
    assert identifiers.form_of("K-00417").normal == "K417"


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_any_record_gives_keys_and_each_of_them_once(name: str, field: str, number: str) -> None:
    for kind in CustomerKind:
        customer = Customer("C1", name, number, kind, email=field, domain=field, phone=number, vat_id=field, zip=number)
        found = identifiers.of_customer(customer, FIRM)
        assert len(found) == len(set(found))
        assert all(one.value for one in found)
    contact = Contact("P1", "C1", first_name=name, last_name=field, email=field, phone=number)
    assert all(one.value for one in identifiers.of_contact(contact, FIRM))


def test_the_key_of_a_whole_name_has_no_order() -> None:
    assert identifiers.person_key(names.Person("Anna", "Öhler")) == identifiers.person_key(
        names.Person("Öhler", "Anna")
    )
