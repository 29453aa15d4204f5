"""How web forms, portals and payment notices label what somebody entered, German and English."""

NAME, FIRST, LAST, MAIL, PHONE, FIRM = "name", "first", "last", "mail", "phone", "firm"
STREET, ZIP, CITY, PLACE, NUMBER, SUBJECT, MESSAGE, OTHER = (
    "street", "zip", "city", "place", "number", "subject", "message", "other",
)  # fmt: skip

# A row holds alternatives, separated by "|".
WORDS: dict[str, str] = {
    NAME: (
        "name|vor- und nachname|vor und nachname|vorname und nachname|vorname nachname|vorname, nachname|name, vorname"
        "|nachname, vorname|vollständiger name|ansprechpartner|ansprechpartnerin|ansprechperson|kontaktperson|absender"
        "|kunde|kundin|kundenname|käufer|käuferin|interessent|interessentin|besteller|auftraggeber|auftraggeberin"
        "|einzahler"
        "|zahler|zahlungspflichtiger|kontoinhaber|anrufer|patient|gast|bewerber|full name|your name|contact person"
        "|contact name|customer|customer name|buyer|buyer name|sender|from|payer|caller|von|angelegt von|gemeldet von"
        "|erstellt von|created by|requester|reported by|submitted by|eingereicht von|melder|anfragender|anfragesteller"
        "|ersteller|first and last name|first & last name|vor- & nachname"
    ),
    FIRST: "vorname|vornamen|first name|firstname|given name|forename|rufname",
    LAST: "nachname|familienname|zuname|last name|lastname|surname|family name",
    MAIL: (
        "e-mail|email|mail|e-mail-adresse|emailadresse|email-adresse|e-mailadresse|mailadresse|e-mail adresse"
        "|email adresse"
        "|mail-adresse|e-mail address|email address|mail address|reply-to|antwortadresse|absenderadresse|kontakt-e-mail"
        "|contact email|your email|kunden-e-mail|customer email|email id|antwort an"
    ),
    PHONE: (
        "telefon|telefonnummer|telefon-nr|telefonnr|tel|tel-nr|rufnummer|rückrufnummer|rückruf unter|festnetz|mobil"
        "|mobiltelefon|mobilnummer|mobil-nr|handy|handynummer|phone|phone number|telephone|telephone number|mobile"
        "|mobile number|mobile phone|cell|contact number|callback number|your phone|anrufernummer|nummer des anrufers"
        "|rückrufnr|telefon (tagsüber)|telefon privat|telefon geschäftlich|fax|telefax|faxnummer|fax number"
    ),
    FIRM: (
        "firma|firmenname|firmierung|unternehmen|unternehmensname|betrieb|organisation|organization|institution|company"
        "|company name|business|business name|firma/institution|firma / organisation|praxis|verein|behörde"
        "|name der firma"
        "|arbeitgeber|employer|hotel|schule|kanzlei|einrichtung"
    ),
    STREET: (
        "straße|strasse|straße und hausnummer|straße, hausnummer|straße/nr|straße / nr|straße nr|street|address"
        "|adresse|anschrift|address line 1|street address|rechnungsadresse|lieferadresse"
    ),
    ZIP: "plz|postleitzahl|zip|zip code|postcode|postal code|postleitzahl (plz)",
    CITY: "ort|stadt|wohnort|city|town|gemeinde",
    PLACE: "plz/ort|plz / ort|plz ort|plz, ort|plz und ort|plz/wohnort|zip/city|postcode/city|ort/plz",
    NUMBER: (
        "kundennummer|kunden-nr|kundennr|kd-nr|kdnr|kunden nr|customer number|customer no|customer id|auftragsnummer"
        "|auftrags-nr|auftragsnr"
        "|bestellnummer|bestell-nr|bestellnr|bestellung|order number|order no|order id|order|rechnungsnummer"
        "|rechnungs-nr"
        "|rechnungsnr|rechnung|invoice number|invoice no|invoice|vertragsnummer|angebotsnummer|angebots-nr"
        "|verwendungszweck"
        "|referenz|referenznummer|reference|payment reference|ticketnummer|ticket|vorgangsnummer"
    ),
    SUBJECT: (
        "betreff|thema|subject|topic|anliegen|grund der kontaktaufnahme|art der anfrage|kategorie|category|produkt"
        "|product|artikel"
    ),
    MESSAGE: (
        "nachricht|ihre nachricht|deine nachricht|mitteilung|ihre mitteilung|kommentar|bemerkung|bemerkungen|anmerkung"
        "|anmerkungen|text|inhalt|ihr anliegen|ihre anfrage|anfrage|frage|ihre frage|beschreibung|fehlerbeschreibung"
        "|problembeschreibung|message|your message|comment|comments|your comment|your question|question|enquiry|inquiry"
        "|your enquiry|description|notes|details|nachrichtentext|freitext|mitteilungstext|wünsche|nachricht an uns"
        "|hinweis"
        "|sonstiges|wie können wir ihnen helfen|wie können wir helfen|how can we help|how can we help you"
    ),
    OTHER: (
        "anrede|titel|salutation|title|datum|date|uhrzeit|time|datenschutz|einwilligung|privacy|newsletter|ip"
        "|ip-adresse"
        "|ip address|browser|user agent|seite|url|page|referer|gesendet am|zeitstempel|timestamp|land|country|betrag"
        "|amount"
        "|status|priorität|priority|formular|form|sprache|language|rückruf erwünscht|bevorzugte kontaktzeit|geschlecht"
        "|position|funktion|abteilung|role|job title|department|wie haben sie uns gefunden|website|webseite|menge"
        "|quantity"
        "|anhang|datei|attachment|an|to|to email|empfänger|empfangen|eingegangen am|dauer|duration|seiten|pages"
        "|terminwunsch"
        "|wunschtermin|geburtsdatum|date of birth|standort|filiale|agb|quelle|source"
    ),
}

LABELS: dict[str, str] = {}
for _kind, _row in WORDS.items():
    for _word in _row.split("|"):
        LABELS.setdefault(_word, _kind)
