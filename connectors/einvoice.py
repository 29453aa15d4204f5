"""Electronic invoices: ZUGFeRD and Factur-X (XML enclosed in a PDF), XRechnung (XML alone), in CII and in UBL.

Elements are found by their local names, so that ZUGFeRD 1 and profiles of any version are read alike. The XML comes
from strangers: no entities, no document types, no network, bounded size; libxml2 bounds the depth (256).
Call this in a process with limits on time and memory (assistant.reader_worker).
"""

import datetime
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, TypeAlias

from lxml import etree

from connectors import pdf
from rules.terms.einvoice import ElectronicInvoice, TradeParty
from rules.terms.ledger import InvoiceKind

LARGEST = 10_000_000
_LONGEST = 200
_RICHEST = Decimal(10) ** 13
# UNTDID 1001: credit notes, also of goods, of services, and of factored ones.
_CREDIT_NOTES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})
# How XRechnung writes Skonto into the terms of payment (XRechnung 3, BT-20).
_SKONTO = re.compile(r"#SKONTO#TAGE=(\d{1,3})#PROZENT=(\d{1,2}(?:\.\d{1,4})?)#")
_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")

Element: TypeAlias = Any  # lxml has no types


def invoices(content: bytes) -> Iterator[ElectronicInvoice]:
    """The electronic invoices in a file, PDF or XML; none where it is something else or damaged."""
    if pdf.is_pdf(content):
        # Looking costs more than this; the second mark stands where the first may be packed away.
        if b"EmbeddedFile" in content or b"/ObjStm" in content:
            for name, inside in pdf.enclosed(content):
                if name.lower().endswith(".xml"):
                    yield from _of_xml(inside)
    else:
        yield from _of_xml(content)


def _of_xml(content: bytes) -> Iterator[ElectronicInvoice]:
    root = _parsed(content)
    if root is None:
        return
    read = _READERS.get(etree.QName(root).localname)
    found = read(root) if read is not None else None
    if found is not None:
        yield found


def _parsed(content: bytes) -> Element | None:
    start = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith((b"<", b"\xff\xfe", b"\xfe\xff")) or len(content) > LARGEST:
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return None if root.getroottree().docinfo.doctype else root


def _cii(root: Element) -> ElectronicInvoice | None:
    """UN/CEFACT Cross Industry Invoice; ZUGFeRD 1 has the same elements with other prefixes to their names."""
    document = _first(root, "ExchangedDocument", "HeaderExchangedDocument")
    trade = _first(root, "SupplyChainTradeTransaction", "SpecifiedSupplyChainTradeTransaction")
    if document is None or trade is None:
        return None
    agreement = _first(trade, "ApplicableHeaderTradeAgreement", "ApplicableSupplyChainTradeAgreement")
    settlement = _first(trade, "ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement")
    if agreement is None or settlement is None:
        return None
    sums = _first(
        settlement,
        "SpecifiedTradeSettlementHeaderMonetarySummation",
        "SpecifiedTradeSettlementMonetarySummation",
    )
    terms = _first(settlement, "SpecifiedTradePaymentTerms")
    date = _day(_text(document, "IssueDateTime", "DateTimeString"))
    percent, until = _discount(_text(terms, "Description"), date)
    offered = _first(terms, "ApplicableTradePaymentDiscountTerms")
    if offered is not None and not percent:
        percent, until = _cii_discount(offered, date)
    return _made(
        number=_text(document, "ID"),
        date=date,
        amount=_text(sums, "GrandTotalAmount"),
        currency=_text(settlement, "InvoiceCurrencyCode"),
        type_code=_text(document, "TypeCode"),
        due=_day(_text(terms, "DueDateDateTime", "DateTimeString")),
        discount=(percent, until),
        reference=_text(settlement, "InvoiceReferencedDocument", "IssuerAssignedID"),
        seller=_cii_party(_first(agreement, "SellerTradeParty")),
        buyer=_cii_party(_first(agreement, "BuyerTradeParty")),
    )


def _cii_discount(terms: Element, date: datetime.date | None) -> tuple[float, datetime.date | None]:
    percent = _amount(_text(terms, "CalculationPercent")) or Decimal(0)
    start = _day(_text(terms, "BasisDateTime", "DateTimeString")) or date
    days = _amount(_text(terms, "BasisPeriodMeasure"))
    until = _after(start, int(days)) if start and days is not None and 0 < days < 1000 else None
    return (float(percent), until) if 0 < percent < 100 else (0.0, None)


def _cii_party(party: Element | None) -> TradeParty:
    return TradeParty(
        name=_text(party, "Name"),
        vat_id=next(
            (_shown(one) for one in _all(party, "SpecifiedTaxRegistration", "ID") if one.get("schemeID") == "VA"), ""
        ),
        ids=_texts(_all(party, "ID") + _all(party, "GlobalID")),
        addresses=_texts(
            _all(party, "URIUniversalCommunication", "URIID")
            + _all(party, "DefinedTradeContact", "EmailURIUniversalCommunication", "URIID")
        ),
    )


def _ubl(root: Element) -> ElectronicInvoice | None:
    """OASIS UBL 2, Invoice and CreditNote."""
    note = etree.QName(root).localname == "CreditNote"
    terms = " ".join(_texts(_all(root, "PaymentTerms", "Note")))
    date = _day(_text(root, "IssueDate"))
    due = _text(root, "DueDate") or _text(root, "PaymentMeans", "PaymentDueDate")
    return _made(
        number=_text(root, "ID"),
        date=date,
        amount=_text(root, "LegalMonetaryTotal", "TaxInclusiveAmount"),
        currency=_text(root, "DocumentCurrencyCode"),
        type_code="381" if note else _text(root, "InvoiceTypeCode"),
        due=_day(due),
        discount=_discount(terms, date),
        reference=_text(root, "BillingReference", "InvoiceDocumentReference", "ID"),
        seller=_ubl_party(_first(root, "AccountingSupplierParty")),
        buyer=_ubl_party(_first(root, "AccountingCustomerParty")),
    )


def _ubl_party(role: Element | None) -> TradeParty:
    party = _first(role, "Party")
    vat_ids = (one for one in _texts(_all(party, "PartyTaxScheme", "CompanyID")) if one[:2].isalpha())
    return TradeParty(
        name=_text(party, "PartyLegalEntity", "RegistrationName") or _text(party, "PartyName", "Name"),
        vat_id=next(vat_ids, ""),
        ids=_texts(_all(party, "PartyIdentification", "ID") + _all(role, "SupplierAssignedAccountID")),
        addresses=_texts(_all(party, "EndpointID") + _all(party, "Contact", "ElectronicMail")),
    )


_READERS = {"CrossIndustryInvoice": _cii, "CrossIndustryDocument": _cii, "Invoice": _ubl, "CreditNote": _ubl}


def _made(
    *,
    number: str,
    date: datetime.date | None,
    amount: str,
    currency: str,
    type_code: str,
    due: datetime.date | None,
    discount: tuple[float, datetime.date | None],
    reference: str,
    seller: TradeParty,
    buyer: TradeParty,
) -> ElectronicInvoice | None:
    """The invoice, where it has what makes it one."""
    total = _amount(amount)
    if not number or date is None or total is None or not (len(currency) == 3 and currency.isalpha()):
        return None
    note = type_code in _CREDIT_NOTES or total < 0
    return ElectronicInvoice(
        number=number,
        date=date,
        amount=int((abs(total) * 100).to_integral_value(ROUND_HALF_UP)),
        currency=currency.upper(),
        kind=InvoiceKind.CREDIT_NOTE if note else InvoiceKind.INVOICE,
        due=due,
        discount_percent=discount[0],
        discount_until=discount[1],
        invoice_ref=reference,
        seller=seller,
        buyer=buyer,
    )


def _discount(terms: str, date: datetime.date | None) -> tuple[float, datetime.date | None]:
    """The highest Skonto that the terms offer, and its last day."""
    offers = [(float(percent), int(days)) for days, percent in _SKONTO.findall(terms)]
    if not offers or date is None:
        return 0.0, None
    percent, days = max(offers)
    return percent, _after(date, days)


def _after(day: datetime.date, days: int) -> datetime.date | None:
    """So many days later; None where the calendar has ended by then."""
    try:
        return day + datetime.timedelta(days=days)
    except OverflowError:
        return None


def _all(element: Element | None, *path: str) -> list[Element]:
    """The elements at a path of local names, below an element."""
    found = [] if element is None else [element]
    for name in path:
        found = [child for one in found for child in one if etree.QName(child).localname == name]
    return found


def _first(element: Element | None, *names: str) -> Element | None:
    """The first child that has one of the names."""
    return next((child for name in names for child in _all(element, name)), None)


def _shown(element: Element) -> str:
    return " ".join((element.text or "").split())[:_LONGEST]


def _texts(elements: list[Element]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(_shown, elements))))


def _text(element: Element | None, *path: str) -> str:
    return next(iter(_texts(_all(element, *path))), "")


def _day(text: str) -> datetime.date | None:
    match = _DAY.match(text)
    try:
        return datetime.date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def _amount(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < _RICHEST else None
