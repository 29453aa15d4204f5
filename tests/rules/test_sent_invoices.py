"""Whose an invoice is that went out by mail: booked only where nothing speaks against it."""

from datetime import date

import pytest

from rules.sent_invoices import Reason, judged
from rules.terms.customer import Customer
from rules.terms.einvoice import ElectronicInvoice, TradeParty
from rules.terms.firm import Firm

FIRM = Firm(name="Brückner Technik GmbH", vat_id="DE 811907980", domains=frozenset({"brueckner.example"}))
US = TradeParty("Brückner Technik", "DE811907980")
HANSEN = Customer("C1", "Hansen Metallbau", "10023", legal_form="GmbH", vat_id="DE123456789")
ADVISER = Customer("C2", "Steuerkanzlei Ohlsen", "10024")


def invoice(buyer: TradeParty, seller: TradeParty = US) -> ElectronicInvoice:
    return ElectronicInvoice("RE-1", date(2026, 11, 2), 119_000, seller=seller, buyer=buyer)


@pytest.mark.parametrize(
    "buyer",
    [
        TradeParty("Hansen Metallbau GmbH"),
        TradeParty("H. GmbH", vat_id="DE123456789"),
        TradeParty("Werk Kiel", ids=("10023",)),
        TradeParty(),
    ],
)
def test_it_is_the_customers_to_whom_it_was_sent_and_made_out(buyer: TradeParty) -> None:
    found = judged(invoice(buyer), FIRM, HANSEN, [HANSEN, ADVISER])
    assert found is not None
    assert (found.booked, found.customer_id) == (True, "C1")


def test_a_copy_for_the_tax_adviser_is_not_the_advisers() -> None:
    found = judged(invoice(TradeParty("Hansen Metallbau GmbH")), FIRM, ADVISER, [HANSEN])
    assert found is not None
    assert (found.booked, found.reason, found.customer_id) == (False, Reason.OTHER_BUYER, "C1")


def test_another_vat_id_is_another_buyer_though_the_name_is_the_same() -> None:
    found = judged(invoice(TradeParty("Hansen Metallbau", vat_id="DE999999999")), FIRM, HANSEN, [HANSEN])
    assert found is not None
    assert not found.booked


def test_an_unknown_recipient_is_proposed_by_the_buyer() -> None:
    found = judged(invoice(TradeParty("Hansen Metallbau GmbH")), FIRM, None, [HANSEN, ADVISER])
    assert found is not None
    assert (found.booked, found.reason, found.customer_id) == (False, Reason.NOBODY_KNOWN, "C1")
    twins = [HANSEN, Customer("C9", "Hansen Metallbau")]
    found = judged(invoice(TradeParty("Hansen Metallbau")), FIRM, None, twins)
    assert found is not None
    assert found.customer_id is None


def test_a_suppliers_invoice_that_was_passed_on_is_nobodys() -> None:
    supplier = TradeParty("Stahlhandel Weiß AG", "DE222222222")
    assert judged(invoice(TradeParty("Brückner Technik GmbH"), supplier), FIRM, ADVISER, []) is None
    unnumbered = Firm(name="Brückner Technik GmbH")
    assert judged(invoice(TradeParty("Brückner Technik GmbH"), supplier), unnumbered, ADVISER, []) is None


def test_who_has_said_nothing_of_themselves_is_asked() -> None:
    found = judged(invoice(TradeParty("Hansen Metallbau GmbH")), Firm(), HANSEN, [HANSEN])
    assert found is not None
    assert (found.booked, found.reason) == (False, Reason.OTHER_SELLER)
