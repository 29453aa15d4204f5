"""How the mails look: headers, greetings, signatures, and texts that are each used up before one is used again."""

import base64
import quopri
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import ModuleType

from benchmarks.invented import words
from benchmarks.invented.numbers import Phone, iban
from benchmarks.invented.records import Contact, Customer

TEXTS = Path(__file__).with_name("texts")
OWN = words.OWN
GREETINGS = {
    "de": (
        *(
            "Guten Tag,",
            "Grüezi mitenand,",
            "Sehr geehrte Damen und Herren,",
            "Hallo zusammen,",
            "Servus,",
            "Hoi Regula,",
        ),
        *("Sehr geehrte Frau Brunner,", "Lieber Herr Pichlmair,", "Grüß Gott,", "Guten Morgen,", "", ""),
    ),
    "en": ("Dear Sir or Madam,", "Hello,", "Hi there,", "Good morning,", "Dear Ms Brunner,"),
    "fr": ("Bonjour,", "Madame, Monsieur,"),
    "it": ("Buongiorno,", "Gentili signori,"),
    "nl": ("Goedemorgen,", "Beste,"),
    "pl": ("Dzień dobry,", "Szanowni Państwo,"),
}
CLOSINGS = {
    "de": (
        *("Freundliche Grüsse", "Beste Grüße", "Mit freundlichen Grüßen", "Liebe Grüße", "Schöne Grüße aus {town}"),
        *("Herzlich", "mfg", "Besten Dank und Gruss", "LG", "Hochachtungsvoll"),
    ),
    "en": ("Kind regards", "Best wishes", "Many thanks", "Yours sincerely"),
    "fr": ("Cordialement", "Meilleures salutations"),
    "it": ("Cordiali saluti", "Distinti saluti"),
    "nl": ("Met vriendelijke groet",),
    "pl": ("Pozdrawiam", "Z poważaniem"),
}
FOOTERS = (
    "Diese Nachricht ist vertraulich. Sollten Sie nicht der vorgesehene Empfänger sein, löschen Sie sie bitte.",
    "Bitte denken Sie an die Umwelt, bevor Sie diese Mail drucken.",
    "Besuchen Sie uns auf der Herbstmesse, Halle 3!",
    "Es gelten unsere Allgemeinen Geschäftsbedingungen.",
    "Gesendet von Outlook für Android",
)
SUBJECTS = {
    "de": (
        *(
            "Anfrage",
            "Bestellung {product}",
            "Frage zur Lieferung",
            "Rechnung",
            "{product}",
            "Reparatur",
            "Bitte um Rückruf",
        ),
        *("Termin KW {week}", "Reklamation", "", "Nachbestellung", "Angebot {product}", "Kurze Frage", "Re: Lieferung"),
    ),
    "en": ("Order {product}", "Question", "Delivery", "Invoice query", "Quotation"),
    "fr": ("Commande", "Livraison", "Question"),
    "it": ("Ordine", "Consegna", "Domanda"),
    "nl": ("Bestelling", "Vraag"),
    "pl": ("Zamówienie", "Pytanie"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """What a writer's signature may say."""

    name: str
    role: str = ""
    company: str = ""
    street: str = ""
    zip: str = ""
    city: str = ""
    country: str = ""
    phone: Phone | None = None
    mobile: Phone | None = None
    vat_id: str = ""
    web: str = ""


def card(customer: Customer, writer: Contact | str, *, vat: bool = False, mobile: bool = False) -> Card:
    """The signature of a person at a customer; a name alone is somebody whom the records do not know."""
    known = writer if isinstance(writer, Contact) else None
    return Card(
        known.name if known else str(writer),
        role=known.role if known else "",
        company=customer.full_name if customer.kind == "firm" else "",
        street=customer.street,
        zip=customer.town.zip,
        city=customer.town.name,
        country=customer.town.country,
        phone=(known.phone if known else None) or customer.phone,
        mobile=known.mobile if known and mobile else None,
        vat_id=customer.vat_id if vat else "",
        web=customer.domain,
    )


class Pen:
    """Writes texts, signatures and mails; everything random comes from one seeded source."""

    def __init__(self, rng: Random, vocabulary: ModuleType = words) -> None:
        self.rng = rng
        self.words = vocabulary
        self._stacks: dict[str, list[str]] = {}
        self._count = 0

    def text(self, group: str, lang: str = "", /, **slots: str) -> str:
        """A text of the group that was not used in this round, its slots filled."""
        name = f"{group}_{lang}" if lang else group
        if not self._stacks.get(name):
            whole = (TEXTS / f"{name}.txt").read_text(encoding="utf-8")
            self._stacks[name] = [text.strip() for text in whole.split("\n%\n")]
            self.rng.shuffle(self._stacks[name])
        return self.filled(self._stacks[name].pop(), **slots)

    def one_of(self, *wordings: str, **slots: str) -> str:
        """One of several wordings, its slots filled; each is used before one comes again."""
        name = "\0".join(wordings)
        if not self._stacks.get(name):
            self._stacks[name] = list(wordings)
            self.rng.shuffle(self._stacks[name])
        return self.filled(self._stacks[name].pop(), **slots)

    def filled(self, text: str, /, **slots: str) -> str:
        """The text with goods, dates, amounts and the like."""
        rng = self.rng
        values = {
            "product": rng.choice(self.words.GOODS),
            "n": str(rng.randint(4, 260)),
            "date": rng.choice((f"{rng.randint(1, 28)}.{rng.randint(1, 12)}.", f"{rng.randint(1, 28)}. Dezember")),
            "week": str(rng.randint(3, 24)),
            "week2": str(rng.randint(25, 48)),
            "amount": rng.choice(("CHF ", "EUR ", "€ ")) + f"{rng.randint(180, 9400)}.{rng.randint(10, 95)}",
            "iban": iban(rng),
        }
        return text.format_map(values | slots).replace("..", ".")

    def letter(self, text: str, *signature: str, lang: str = "de", greeting: bool = True) -> str:
        """Greeting, text and signature."""
        start = self.rng.choice(GREETINGS[lang]) if greeting else ""
        parts = [start, text, "\n".join(line for line in signature if line)]
        return "\n\n".join(part for part in parts if part) + "\n"

    def closing(self, lang: str, town: str) -> str:
        """The line before the name; without a town none that names it."""
        fitting = [one for one in CLOSINGS[lang] if town or "{town}" not in one]
        return self.rng.choice(fitting).format(town=town)

    def signed(self, who: Card, *, lang: str = "de", style: str = "") -> str:
        """Closing and signature in one of several styles; `name`: nothing but the name."""
        rng = self.rng
        close = self.closing(lang, who.city)
        style = style or rng.choice(("block", "block", "line", "table", "short", "dashes"))
        phone = who.phone.written(rng) if who.phone else ""
        cell = who.mobile.written(rng) if who.mobile else ""
        place = f"{who.zip} {who.city}".strip()
        if rng.random() < 0.3 and who.country in {"CH", "AT"} and place:
            place = f"{who.country}-{place}" if who.country == "CH" else f"A-{place}"
        vat = who.vat_id and rng.choice(("UID {}", "USt-IdNr.: {}", "MwSt-Nr. {}", "VAT {}")).format(who.vat_id)
        name = rng.choice(("", "", "i. A. ", "ppa. ")) + who.name if who.company else who.name
        if style == "name":
            return f"{close}\n{who.name}"
        if style == "line":
            return f"{close}\n" + " | ".join(
                part for part in (name, who.company, who.street, place, phone and f"Tel {phone}", cell, vat) if part
            )
        if style == "table":
            lines = [
                name,
                who.role,
                "",
                who.company,
                who.street,
                place,
                phone and f"T  {phone}",
                cell and f"M  {cell}",
                vat,
            ]
        elif style == "short":
            lines = [
                name,
                who.company,
                f"{who.street}, {place}".strip(", "),
                phone and f"☎ {phone}",
                cell and f"Natel {cell}",
            ]
            lines.append(vat)
        else:
            lines = [name, who.company, who.street, place, phone and f"Telefon: {phone}", cell and f"mobil {cell}", vat]
            lines.append(who.web and f"www.{who.web}")
        body = "\n".join(line for line in lines if line)
        if rng.random() < 0.2:
            body += "\n\n" + rng.choice(FOOTERS)
        return f"{close}\n\n-- \n{body}" if style == "dashes" else f"{close}\n{body}"

    def subject(self, lang: str = "de") -> str:
        """An everyday subject."""
        return self.filled(self.rng.choice(SUBJECTS[lang]))

    def staff(self) -> tuple[str, str]:
        """Name and address of one of us."""
        name, address = self.rng.choice(list(self.words.OWN["staff"]))
        return str(name), str(address)

    def mail(
        self,
        name: str,
        address: str,
        subject: str,
        body: str,
        *,
        auth: str = "",
        extra: Sequence[tuple[str, str]] = (),
        return_path: str | None = None,
        to: str = "",
    ) -> dict[str, object]:
        """Headers and body of one mail. `auth` is one of the names in `verdicts`; mostly pass when it is empty."""
        rng = self.rng
        self._count += 1
        path = address if return_path is None else return_path
        auth = auth or rng.choice(("pass", "pass", "pass", "pass", "none", "absent"))
        day, clock = rng.randint(1, 20), f"{rng.randint(6, 21):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}"
        date = f"{'Sun Mon Tue Wed Thu Fri Sat'.split()[day % 7]}, {day:02} Nov 2026 {clock} +0100"
        token = f"{rng.getrandbits(56):014x}"
        host = address.rpartition("@")[2]
        headers = [
            ("Return-Path", f"<{path}>"),
            *self.verdicts(auth, host, path),
            ("From", f"{self.header_name(name)}<{address}>"),
            ("To", to or self.staff()[1]),
            ("Subject", self._encoded(subject)),
            ("Date", date),
            ("Message-ID", f"<{token}@{host}>"),
            *extra,
        ]
        return {"headers": [list(header) for header in headers], "body": body}

    def verdicts(self, auth: str, host: str, path: str) -> list[tuple[str, str]]:
        """Authentication-Results as our server, or somebody else, wrote them."""
        sender = path.rpartition("@")[2] or host
        own = str(self.words.OWN["authserv_id"])
        received = ("Received", f"from {sender} by {own} with ESMTPS; Mon, 16 Nov 2026 09:01:02 +0100")
        passed = f"spf=pass smtp.mailfrom={sender}; dkim=pass header.d={host}; dmarc=pass header.from={host}"
        failed = f"spf=fail smtp.mailfrom={sender}; dkim=none; dmarc=fail (p=NONE) header.from={host}"
        nothing = f"spf=none smtp.mailfrom={sender}; dkim=none; dmarc=none header.from={host}"
        name = "Authentication-Results"
        foreign = self.rng.choice(self.words.FOREIGN_AUTHSERV)
        if auth == "pass" and self.rng.random() < 0.25:
            # Two tools, two lines, as OpenDKIM and OpenDMARC leave them.
            return [
                (name, f"{own}; dmarc=pass (p=quarantine dis=none) header.from={host}"),
                (name, f"{own}; dkim=pass (2048-bit key) header.d={host}; spf=pass smtp.mailfrom={sender}"),
                received,
            ]
        return {
            "pass": [(name, f"{own}; {passed}"), received],
            "none": [(name, f"{own}; {nothing}"), received],
            "fail": [(name, f"{own}; {failed}"), received],
            "absent": [received],
            "foreign fail only": [received, (name, f"{foreign}; {failed}")],
            "foreign pass only": [received, (name, f"{foreign}; {passed}")],
            "fail, forged pass below": [(name, f"{own}; {failed}"), received, (name, f"{foreign}; {passed}")],
            "fail, forged pass above": [(name, f"{foreign}; {passed}"), (name, f"{own}; {failed}"), received],
            "fail, own name forged below": [(name, f"{own}; {failed}"), received, (name, f"{own}; {passed}")],
            "pass, foreign fail below": [(name, f"{own}; {passed}"), received, (name, f"{foreign}; {failed}")],
        }[auth]

    def header_name(self, name: str) -> str:
        """The display name as programs write it, quoted or encoded, with a trailing blank."""
        if not name:
            return ""
        if name.isascii():
            plain = all(char.isalnum() or char in " -'" for char in name)
            return f"{name} " if plain and self.rng.random() < 0.5 else f'"{name}" '
        return self._encoded(name) + " "

    def _encoded(self, text: str) -> str:
        if text.isascii():
            return text
        if self.rng.random() < 0.5 or any(ord(char) > 255 for char in text):
            return f"=?utf-8?B?{base64.b64encode(text.encode()).decode()}?="
        quoted = quopri.encodestring(text.encode("latin-1"), header=True).decode().replace("=\n", "")
        return f"=?iso-8859-1?Q?{quoted.replace('?', '=3F')}?="
