"""The page of an export: for people, in German or English, with nothing in it that a browser would load or run."""

import html
import json
from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import chain
from typing import Any
from urllib.parse import quote

from rules.wording import told

_TITLES = {
    "customers": ("Stammdaten", "Record"),
    "contacts": ("Ansprechpartner", "Contacts"),
    "identifiers": ("Woran wir Sie erkennen", "How we recognise you"),
    "references": ("Belegnummern", "Numbers of papers"),
    "particulars": ("Besonderheiten", "Particulars"),
    "orders": ("Aufträge", "Orders"),
    "offers": ("Angebote", "Offers"),
    "invoices": ("Rechnungen", "Invoices"),
    "payments": ("Zahlungen", "Payments"),
    "found_invoices": ("In Mails gefundene Rechnungen", "Invoices found in mails"),
    "open_items": ("Offene Posten", "Open items"),
    "surveys": ("Umfragen", "Surveys"),
    "facts": ("Was aus den Büchern folgt", "What follows from the books"),
    "value": ("Berechneter Wert", "Reckoned value"),
    "decisions": ("Entscheidungen über Vorschläge", "Decisions on proposals"),
    "bars": ("Widersprüche und Sperren", "Objections and bars"),
    "consents": ("Einwilligungen", "Consents"),
    "contact_changes": ("Von Hand gesetzte Angaben zu Personen", "What was set by hand of people"),
    "referrals": ("Empfehlungen", "Referrals"),
    "sightings": ("Mails im Spam-Ordner", "Mails in Junk"),
    "promises": ("Unsere Zusagen", "Our promises"),
    "duplicates": ("Mögliche Dubletten", "Likely duplicates"),
    "restrictions": ("Einschränkung der Verarbeitung", "Restriction of processing"),
    "interactions": ("Verlauf", "Timeline"),
    "documents": ("Briefe und Faxe", "Letters and fax"),
    "findings": ("In Mails Gefundenes", "What was found in mails"),
    "cases": ("Vorgänge", "Cases"),
    "case_events": ("Verlauf der Vorgänge", "History of the cases"),
    "outgoing": ("Von Kingpost gesendet", "Sent by Kingpost"),
    "invitations": ("Fragen nach der Zufriedenheit", "Questions after solved cases"),
    "proposals": ("Vorgeschlagene Änderungen", "Proposed changes"),
    "merges": ("Zusammengeführte Datensätze", "Merged records"),
    "senders": ("Angaben zu Absendern", "What was said of senders"),
    "correspondents": ("Schriftverkehr ohne Kundenakte", "Mail exchanged without a record"),
    "mails": ("Mails", "Mails"),
}
_WORDS = {
    "head": ("Gespeicherte Daten: ", "Stored data: "),
    "made": ("Erstellt am ", "Made on "),
    "cents": ("Beträge stehen in Cent.", "Amounts are in cents."),
    "none": ("nichts gespeichert", "nothing stored"),
    "withheld": ("nicht herausgegeben: liegt in einem persönlichen Postfach", "withheld: lies in a personal mailbox"),
    "some": (
        "Nicht enthalten ist der Inhalt von Mails in persönlichen Postfächern; ihre Zahl: ",
        "Left out is the content of mails in personal mailboxes; how many: ",
    ),
    "groups": ("Nicht enthalten, weil das Recht dazu fehlt: ", "Left out for lack of the right: "),
    "raw": ("Mail im Original", "the mail as it came"),
}
_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}
h2{margin-top:2.5rem;border-bottom:1px solid #ccc}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{border:1px solid #ddd;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
article{border:1px solid #ddd;padding:.5rem 1rem;margin:1rem 0}
pre{white-space:pre-wrap;overflow-wrap:anywhere}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


# What a German reader reads for the keys of the JSON.
_LABELS = {
    "id": "Nr.", "customer_id": "Kunde", "customer_no": "Kundennummer", "contact_id": "Ansprechpartner", "name": "Name",
    "kind": "Art", "party": "Rolle", "legal_form": "Rechtsform", "street": "Straße", "zip": "PLZ", "city": "Ort",
    "country": "Land", "phone": "Telefon", "mobile": "Mobil", "fax": "Fax", "email": "E-Mail",
    "email2": "weitere E-Mail",
    "domain": "Domain", "vat_id": "USt-IdNr.", "since": "seit", "revenue_12m": "Umsatz 12 Monate", "status": "Status",
    "key_account": "Großkunde", "salutation": "Anrede", "title": "Titel", "first_name": "Vorname",
    "last_name": "Nachname",
    "role": "Funktion", "active": "aktiv", "language": "Sprache", "address_form": "Sie oder Du", "source": "Quelle",
    "value": "Wert", "number": "Nummer", "type": "Art", "date": "Datum", "text": "Text", "until": "bis",
    "author": "notiert von", "order_no": "Auftrag", "offer_no": "Angebot", "invoice_no": "Rechnung", "amount": "Betrag",
    "currency": "Währung", "margin": "Marge", "items": "Positionen", "valid_until": "gültig bis", "due": "fällig",
    "discount_percent": "Skonto %", "discount_until": "Skonto bis", "disputed": "strittig", "as_of": "Stand",
    "score": "Note", "comment": "Anmerkung", "channel": "Weg", "direction": "Richtung", "staff": "Mitarbeiter",
    "message": "Mail", "subject": "Betreff", "state": "Stand", "severity": "Schwere", "assessment": "Einschätzung",
    "queue": "Warteschlange", "because": "Grund", "opened": "eröffnet", "assignee": "zuständig", "remedy": "Abhilfe",
    "quote": "Zitat", "payload": "Vorschlag", "kept": "bleibt", "merged": "zusammengeführt", "record": "Datensatz",
    "at": "am", "bar": "Sperre", "action": "Vorschlag", "accepted": "angenommen", "address": "Adresse",
    "stance": "Angabe", "from": "Von", "to": "An", "cc": "Kopie", "bcc": "Blindkopie", "reply_to": "Antwort an",
    "day": "Tag", "withheld": "Hinweis", "case": "Vorgang", "orders": "Aufträge", "offers": "Angebote",
    "billing": "Rechnungen", "surveys": "Umfragen", "segment": "Segment", "worth": "Wert",
    "purpose": "Zweck", "given": "eingewilligt", "way": "Form", "field": "Feld", "before": "vorher",
    "preferred_channel": "Kontakt am liebsten",
}  # fmt: skip


class Page:
    """Writes the page piece by piece. Everything that somebody wrote is escaped."""

    def __init__(
        self, language: str, name: str, made: datetime, *, withheld: int = 0, groups: Collection[str] = ()
    ) -> None:
        """`withheld`: of how many mails the content is left out; `groups`: which fields are."""
        self._language = "de" if language == "de" else "en"
        self._name = name
        self._made = made
        self._withheld = withheld
        self._groups = groups
        self._word = {key: self._in(both) for key, both in _WORDS.items()}

    def head(self) -> Iterator[str]:
        """The beginning, with what is left out."""
        word, title = self._word, html.escape(self._word["head"] + self._name)
        yield (
            f'<!doctype html>\n<html lang="{self._language}"><head><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
            f'<meta name="viewport" content="width=device-width"><title>{title}</title><style>{_STYLE}</style></head>'
            f"<body><h1>{title}</h1><p>{word['made']}{self._made:%Y-%m-%d %H:%M} UTC. {word['cents']}</p>"
        )
        if self._withheld:
            yield f"<p><strong>{word['some']}{self._withheld}</strong></p>"
        if self._groups:
            yield f"<p><strong>{word['groups']}{html.escape(', '.join(sorted(self._groups)))}</strong></p>"

    def section(self, name: str, rows: Iterator[dict[str, Any]]) -> Iterator[str]:
        """A section as a table; it begins anew where rows have other columns."""
        yield f'<h2 id="{name}">{self._in(_TITLES[name])}</h2>'
        first = next(rows, None)
        if first is None:
            yield f"<p>{self._word['none']}</p>"
            return
        heads: tuple[str, ...] = ()
        for row in chain([first], rows):
            if tuple(row) != heads:
                yield "</table>" if heads else ""
                heads = tuple(row)
                yield "<table><tr>" + "".join(f"<th>{self._label(head)}</th>" for head in heads) + "</tr>"
            yield "<tr>" + "".join(f"<td>{self._cell(head, value)}</td>" for head, value in row.items()) + "</tr>\n"
        yield "</table>"

    def mails(self, rows: Iterator[dict[str, Any]]) -> Iterator[str]:
        """The mails, and the end."""
        yield f'<h2 id="mails">{self._in(_TITLES["mails"])}</h2>'
        for row in rows:
            yield from self._mail(row)
        yield "</body></html>\n"

    def _mail(self, row: dict[str, Any]) -> Iterator[str]:
        if row.get("withheld"):
            yield f"<article><p>{row['day']}: {self._word['withheld']}</p></article>\n"
            return
        yield f"<article><h3>{html.escape(row['subject'])}</h3><p>"
        yield f"{self._label('date')}: {row['date'] or row['arrived']}<br>"
        people = (("from", [row["from"]]), *((name, row[name]) for name in ("reply_to", "to", "cc", "bcc")))
        for name, some in people:
            if some:
                yield f"{self._label(name)}: {html.escape(', '.join(map(_shown, some)))}<br>"
        yield f'<a href="{row["raw"]}">{self._word["raw"]}</a>'
        for file in row["attachments"]:
            yield f'<br><a href="{html.escape(quote(file["file"]))}">{html.escape(file["name"])}</a> ({file["size"]} B)'
        yield f"</p><pre>{html.escape(row['text'])}</pre></article>\n"

    def _cell(self, name: str, value: Any) -> str:
        if name == "withheld":
            return self._word["withheld"]
        if value is None:
            return ""
        if isinstance(value, str):
            return html.escape(told(value, self._language))
        return html.escape(json.dumps(value, ensure_ascii=False))

    def _label(self, name: str) -> str:
        """A key in the reader's language; what has no word of its own stands as in the JSON."""
        return html.escape(_LABELS.get(name, name) if self._language == "de" else name.replace("_", " "))

    def _in(self, both: tuple[str, str]) -> str:
        return both[0] if self._language == "de" else both[1]


def _shown(address: dict[str, str]) -> str:
    return f"{address['name']} <{address['address']}>" if address["name"] else address["address"]
