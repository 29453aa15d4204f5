"""The words of electronic invoices (EN 16931): what stands in the XML, whoever wrote it."""

import datetime
from dataclasses import dataclass, field

from rules.terms.ledger import Invoice, InvoiceKind


@dataclass(frozen=True, slots=True)
class TradeParty:
    """Seller or buyer as the invoice names them. `ids` are numbers that one side gave the other."""

    name: str = ""
    vat_id: str = ""
    ids: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ElectronicInvoice:
    """An invoice or credit note. `amount` in cents, with tax, always positive; `discount_percent` is the Skonto."""

    number: str
    date: datetime.date
    amount: int
    currency: str = "EUR"
    kind: InvoiceKind = InvoiceKind.INVOICE
    due: datetime.date | None = None
    discount_percent: float = 0.0
    discount_until: datetime.date | None = None
    invoice_ref: str = ""
    seller: TradeParty = field(default_factory=TradeParty)
    buyer: TradeParty = field(default_factory=TradeParty)

    def of_customer(self, customer_id: str) -> Invoice:
        """As the books have it."""
        return Invoice(
            invoice_no=self.number,
            customer_id=customer_id,
            date=self.date,
            amount=self.amount,
            due=self.due,
            kind=self.kind,
            currency=self.currency,
            discount_percent=self.discount_percent,
            discount_until=self.discount_until,
            invoice_ref=self.invoice_ref,
        )
