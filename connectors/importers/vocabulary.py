"""What the columns of a firm's tables are called, in our words and in those of programs and people."""

from collections.abc import Mapping

# Our field = other names for it, as programs and people write them; case, spaces, hyphens and dots do not count.
_PLACE = """
street = Straße, Strasse, Str, Straße Hausnummer, Straße und Hausnummer, Anschrift, address, street address,
    address line 1
zip = PLZ, Postleitzahl, postal code, postcode, zip code
city = Ort, Stadt, Wohnort, town
country = Land, Länderkennzeichen, LKZ, Ländercode, country code
phone = Telefon, Tel, Telefonnummer, Telefon geschäftlich, Rufnummer, phone number, telephone, business phone
"""
_CUSTOMER = """
customer_id = Kunden-ID, id, Kunde, customer, account id, Partner-ID, Adressnummer
customer_no = Kundennummer, Kundennr, Kunden-Nr, KdNr, Kd-Nr, Debitor, Debitorennummer, Debitorennr, customer number,
    account number
"""
_CURRENCY = """
currency = Währung, Whg, Waehrung, WKZ, Währungskennzeichen, Währungscode, currency code
"""
NAMES: Mapping[str, str] = {
    "customers": """
customer_id = Kunden-ID, id, customer, account id, Partner-ID, Adressnummer
customer_no = Kundennummer, Kundennr, Kunden-Nr, KdNr, Kd-Nr, Debitor, Debitorennummer, Debitorennr,
    customer number, account number
kind = Art, Kundenart, Typ, type
party = Rolle, Partnerrolle, Geschäftspartnerart, relation
name = Firma, Firmenname, Kunde, Kundenname, Name 1, Unternehmen, company, company name, organisation,
    organization, account name
first_name = Vorname, given name
last_name = Nachname, Familienname, surname, family name
legal_form = Rechtsform
fax = Telefax, Faxnummer, fax number
email = E-Mail, Mail, E-Mail-Adresse, Mailadresse, email address
domain = Webseite, Website, Homepage, Web, Internet, www, url
vat_id = USt-ID, UStID, USt-IdNr, Umsatzsteuer-ID, Umsatzsteuer-Identifikationsnummer, UID, UID-Nummer, VAT number, VAT
since = Kunde seit, seit, customer since, angelegt am, Anlagedatum
revenue_12m = Umsatz, Umsatz 12 Monate, Jahresumsatz, revenue, turnover
key_account = Schlüsselkunde, A-Kunde, Großkunde, key customer, VIP
status = Kundenstatus
referred_by = Empfohlen von, Empfehlung, Empfehler, geworben von, referrer, recommended by, source customer
advertising = Werbung, Werbung erlaubt, Werbeeinwilligung, Werbeerlaubnis, Mailings erlaubt, marketing consent
"""
    + _PLACE,
    "contacts": """
contact_id = Kontakt-ID, id, Ansprechpartner-ID, Personen-ID, Kontaktnummer, AP-Nr, person id
salutation = Anrede
title = Titel, akademischer Titel
first_name = Vorname, given name
last_name = Nachname, Name, Familienname, surname, family name
role = Funktion, Position, Abteilung, Rolle, job title, department
email = E-Mail, Mail, E-Mail-Adresse, Mailadresse, email address, E-Mail 1
email2 = E-Mail 2, E-Mail privat, zweite E-Mail, second email
phone = Telefon, Tel, Telefonnummer, Durchwahl, Telefon geschäftlich, phone number, telephone, business phone
mobile = Mobil, Handy, Mobiltelefon, Mobilnummer, cell phone, mobile phone
status = Aktiv, active
language = Sprache, Korrespondenzsprache
address_form = Anredeform, Du/Sie, Sie/Du
preferred_channel = Bevorzugter Kanal, Bevorzugter Kontaktweg, Kontaktweg, preferred contact, contact by
"""
    + _CUSTOMER,
    "references": """
type = Art, Belegart, Typ, document type, kind
number = Nummer, Belegnummer, Belegnr, Beleg-Nr, document number, reference, no,
    Auftragsnummer, Auftragsnr, Bestellnummer, order number, order no, Rechnungsnummer, Rechnungsnr, Re-Nr,
    invoice number, invoice no, Angebotsnummer, Angebotsnr, offer number, offer no, quote number,
    Ticketnummer, ticket number, ticket
date = Datum, Belegdatum, Rechnungsdatum, Auftragsdatum, Angebotsdatum, document date, order date, invoice date
"""
    + _CUSTOMER,
    "interactions": """
channel = Kanal, Art, Kontaktart, type
date = Datum, Zeitpunkt, am, when
direction = Richtung, Ein/Aus
subject = Betreff, Titel, title
text = Inhalt, Notiz, Bemerkung, Beschreibung, note, content, body
staff = Mitarbeiter, Bearbeiter, Sachbearbeiter, Benutzer, user, employee
reaction = Reaktion, Ereignis, event
consent = Einwilligung, Zustimmung, Tracking erlaubt, tracking consent
external_id = Vorgangs-ID, Ereignis-ID, event id, external id
"""
    + _CUSTOMER,
    "consents": """
contact_id = Kontakt-ID, Ansprechpartner-ID, Personen-ID, Kontaktnummer, AP-Nr, contact, person id
purpose = Zweck, wofür, Werbekanal, Kanal, Art, channel, for, consent type
state = Einwilligung, Status, eingewilligt, erteilt, Zustimmung, given, consent, consented
date = Datum, Einwilligungsdatum, erteilt am, am, Zeitpunkt, consent date, given on
way = Form, Weg, Herkunft, wie, how, method
source = Beleg, Nachweis, Quelle, Formular, proof, evidence
"""
    + _CUSTOMER,
    "orders": """
order_no = Auftragsnummer, Auftragsnr, Auftrags-Nr, Auftrag, Belegnummer, Belegnr, Beleg-Nr, Bestellnummer, Bestellnr,
    Nummer, order number, order no, order id, document number
date = Auftragsdatum, Bestelldatum, Belegdatum, Kaufdatum, Datum, order date, purchase date, transaction date,
    document date
status = Auftragsstatus, Belegstatus, state
amount = Nettobetrag, Netto, Auftragswert, Nettowert, Nettosumme, Betrag, Summe, Gesamt, Wert, net amount, net total,
    total, value, Umsatz, revenue, sales
margin = Deckungsbeitrag, DB, Rohertrag, Rohgewinn, Marge, gross profit, contribution margin
items = Positionen, Artikel, Posten, line items
"""
    + _CURRENCY
    + _CUSTOMER,
    "offers": """
offer_no = Angebotsnummer, Angebotsnr, Angebots-Nr, Angebot, Belegnummer, Belegnr, Beleg-Nr, Nummer, offer number,
    quote number, quote no, quotation number, document number
date = Angebotsdatum, Belegdatum, Datum, offer date, quote date, document date
amount = Nettobetrag, Netto, Angebotswert, Angebotssumme, Nettowert, Nettosumme, Betrag, Summe, Gesamt, Wert,
    net amount, net total, total, value
valid_until = gültig bis, Gültigkeit, Bindefrist, Ablaufdatum, valid to, expires, expiry date
status = Angebotsstatus, Belegstatus, state
"""
    + _CURRENCY
    + _CUSTOMER,
    "invoices": """
invoice_no = Rechnungsnummer, Rechnungsnr, Rechnungs-Nr, Rechnung, Re-Nr, RgNr, Rg-Nr, Belegnummer, Belegnr, Beleg-Nr,
    Nummer, invoice number, invoice id, document number
kind = Art, Belegart, Rechnungsart, Typ, type, document type
date = Rechnungsdatum, Belegdatum, Datum, invoice date, document date
due = Fälligkeit, fällig am, fällig, Fälligkeitsdatum, Nettofälligkeit, zahlbar bis, due date
amount = Bruttobetrag, Brutto, Rechnungsbetrag, Rechnungssumme, Endbetrag, Gesamtbetrag, Betrag, Summe, gross amount,
    total amount, total
discount_percent = Skonto %, Skonto, Skontosatz, Skonto Prozent, Skonto in %, discount, discount rate, cash discount
discount_until = Skontodatum, Skonto bis, Skontofrist, Skontofälligkeit, discount date, discount due date
disputed = strittig, bestritten, reklamiert, in dispute, dispute
invoice_ref = Bezugsrechnung, Bezug, Bezugsbeleg, zu Rechnung, Originalrechnung, original invoice, reference
"""
    + _CURRENCY
    + _CUSTOMER,
    "payments": """
invoice_no = Rechnungsnummer, Rechnungsnr, Rechnungs-Nr, Rechnung, Re-Nr, RgNr, Rg-Nr, Belegnummer, Belegnr, Beleg-Nr,
    invoice number, invoice
payment_no = Zahlungsnummer, Zahlungsnr, Buchungsnummer, Buchungsnr, Journalnummer, Transaktions-ID, payment number,
    payment id, transaction id
date = Zahlungsdatum, Zahldatum, Zahlungseingang, Buchungsdatum, Valuta, Wertstellung, Datum, bezahlt am, payment date,
    paid on, booking date, value date
amount = Zahlbetrag, Zahlungsbetrag, gezahlter Betrag, Betrag, Summe, amount paid, paid amount
kind = Art, Buchungsart, Typ, type
""",
    "open-items": """
invoice_no = Rechnungsnummer, Rechnungsnr, Rechnungs-Nr, Rechnung, Re-Nr, RgNr, Rg-Nr, Belegnummer, Belegnr, Beleg-Nr,
    Belegfeld 1, OP-Nummer, invoice number, invoice, document number
as_of = Stichtag, Stand, per, Auswertungsdatum, as of date, key date
amount = offener Betrag, offen, Restbetrag, Saldo, Restforderung, Betrag, open amount, amount due, outstanding, balance
due = Fälligkeit, fällig am, fällig, Fälligkeitsdatum, Nettofälligkeit, zahlbar bis, due date
"""
    + _CURRENCY
    + _CUSTOMER,
    "surveys": """
contact_id = Kontakt-ID, Ansprechpartner-ID, Personen-ID, Kontaktnummer, AP-Nr, contact, person id
external_id = Antwort-ID, Antwortnummer, response id, answer id, submission id
date = Datum, Zeitpunkt, Antwortdatum, beantwortet am, response date, submitted at
score = NPS, NPS-Wert, Weiterempfehlung, Weiterempfehlungsbereitschaft, Punkte, Punktzahl, NPS score
comment = Kommentar, Anmerkung, Begründung, Freitext, Text, feedback
"""
    + _CUSTOMER,
}
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "customers": ("customer_id", "name"),
    "contacts": ("contact_id", "customer_id"),
    "references": ("number", "customer_id"),
    "interactions": ("customer_id", "date"),
    "consents": ("customer_id", "purpose", "state", "date"),
    "orders": ("order_no", "customer_id", "date", "amount"),
    "offers": ("offer_no", "customer_id", "date", "amount"),
    "invoices": ("invoice_no", "customer_id", "date", "amount"),
    "payments": ("invoice_no", "date", "amount"),
    "open-items": ("invoice_no", "customer_id", "as_of", "amount"),
    "surveys": ("customer_id", "date", "score"),
}
