"""By what records make their customers recognisable."""

from rules import identifiers
from rules.terms.customer import Contact, Customer, IdentifierKind, Known
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
