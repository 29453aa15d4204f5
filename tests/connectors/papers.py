"""PDF files for tests, written by hand: text, pictures only, a password, files enclosed in them."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO

from drafthorse.models.accounting import ApplicableTradeTax
from drafthorse.models.document import Document
from drafthorse.models.party import TaxRegistration
from drafthorse.models.payment import PaymentTerms
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject


def pdf(*pages: Sequence[str], password: str = "", enclosed: Mapping[str, bytes] | None = None) -> bytes:
    """A PDF whose pages hold these lines; a page without lines stands for a picture."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    for lines in pages:
        page = writer.add_blank_page(595, 842)
        content = DecodedStreamObject()
        shown = " ".join(f"({_escaped(line)}) Tj T*" for line in lines)
        content.set_data(f"BT /F1 11 Tf 14 TL 60 780 Td {shown} ET".encode("cp1252") if lines else b"")
        page[NameObject("/Contents")] = writer._add_object(content)
        fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    for name, inside in (enclosed or {}).items():
        writer.add_attachment(name, inside)
    if password:
        writer.encrypt(password, algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def page_count(content: bytes) -> int:
    """How many pages a PDF has."""
    return len(PdfReader(BytesIO(content)).pages)


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def cii(
    number: str = "RE-2026-17",
    *,
    total: str = "1190.00",
    type_code: str = "380",
    seller: str = "Brückner Technik GmbH",
    seller_vat: str = "DE811907980",
    buyer: str = "Hansen Metallbau GmbH",
    buyer_vat: str = "",
    buyer_no: str = "",
    terms: str = "",
) -> bytes:
    """An invoice as XRechnung and ZUGFeRD have it (UN/CEFACT CII), of 2 November 2026, due on the 30th."""
    made = Document()
    made.context.guideline_parameter.id = "urn:cen.eu:en16931:2017"
    made.header.id, made.header.type_code, made.header.issue_date_time = number, type_code, date(2026, 11, 2)
    made.trade.agreement.seller.name, made.trade.agreement.buyer.name = seller, buyer
    for party, vat_id in ((made.trade.agreement.seller, seller_vat), (made.trade.agreement.buyer, buyer_vat)):
        if vat_id:
            party.tax_registrations.add(TaxRegistration(id=("VA", vat_id)))
    if buyer_no:
        made.trade.agreement.buyer.id = buyer_no
    made.trade.settlement.currency_code = "EUR"
    made.trade.settlement.terms.add(PaymentTerms(description=terms or None, due=date(2026, 11, 30)))
    tax = ApplicableTradeTax(type_code="VAT", category_code="S", rate_applicable_percent=Decimal(19))
    made.trade.settlement.trade_tax.add(tax)
    made.trade.settlement.monetary_summation.grand_total = Decimal(total)
    return bytes(made.serialize(schema=None))


UBL = """<?xml version="1.0" encoding="UTF-8"?>
<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:ID>{number}</cbc:ID><cbc:IssueDate>2026-11-02</cbc:IssueDate>{more}
<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>RE-1</cbc:ID></cac:InvoiceDocumentReference>
</cac:BillingReference>
<cac:AccountingSupplierParty><cac:Party><cac:PartyTaxScheme>
<cbc:CompanyID>201/123/12340</cbc:CompanyID></cac:PartyTaxScheme>
<cac:PartyTaxScheme><cbc:CompanyID>DE811907980</cbc:CompanyID></cac:PartyTaxScheme>
<cac:PartyLegalEntity>
<cbc:RegistrationName>Brückner Technik GmbH</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party>
</cac:AccountingSupplierParty>
<cac:AccountingCustomerParty><cac:Party><cbc:EndpointID schemeID="EM">rechnung@hansen.example</cbc:EndpointID>
<cac:PartyIdentification><cbc:ID>10023</cbc:ID></cac:PartyIdentification>
<cac:PartyLegalEntity>
<cbc:RegistrationName>Hansen Metallbau GmbH</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party>
</cac:AccountingCustomerParty>
<cac:PaymentTerms><cbc:Note>{terms}</cbc:Note></cac:PaymentTerms>
<cac:LegalMonetaryTotal><cbc:TaxExclusiveAmount currencyID="EUR">1000.00</cbc:TaxExclusiveAmount>
<cbc:TaxInclusiveAmount currencyID="EUR">{total}</cbc:TaxInclusiveAmount></cac:LegalMonetaryTotal></{root}>"""


def ubl(number: str = "RE-2026-18", *, root: str = "Invoice", total: str = "1190.00", terms: str = "") -> bytes:
    """The same as XRechnung has it in UBL."""
    more = "<cbc:DueDate>2026-11-30</cbc:DueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>" * (root == "Invoice")
    return UBL.format(root=root, number=number, total=total, terms=terms, more=more).encode()


# A picture of one pixel.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)
