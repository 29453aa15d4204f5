"""The made-up firm's records: customers, contacts, numbers, sent mails. What must be unique has one owner."""

import csv
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import ModuleType

from benchmarks.invented import words
from benchmarks.invented.numbers import Phone, landline, mobile, vat_id
from benchmarks.invented.words import Town

TRIALS = 5000
CUSTOMER_COLUMNS = (
    "customer_id customer_no kind party name legal_form street zip city country phone fax email domain vat_id since "
    "revenue_12m key_account status"
).split()
CONTACT_COLUMNS = (
    "contact_id customer_id salutation title first_name last_name role email email2 phone mobile status"
).split()


@dataclass(eq=False, slots=True)
class Contact:
    """A person at a customer."""

    contact_id: str
    customer: "Customer"
    female: bool
    first: str
    last: str
    title: str = ""
    role: str = ""
    email: str = ""
    email2: str = ""
    phone: Phone | None = None
    mobile: Phone | None = None
    status: str = "active"

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"


@dataclass(eq=False, slots=True)
class Customer:
    """A firm or person; strangers have the same shape and are never listed."""

    customer_id: str
    number: str
    kind: str
    name: str
    town: Town
    street: str
    legal_form: str = ""
    phone: Phone | None = None
    email: str = ""
    domain: str = ""
    vat_id: str = ""
    party: str = "customer"
    status: str = "active"
    contacts: list[Contact] = field(default_factory=list)

    @property
    def full_name(self) -> str:
        """The name with its legal form."""
        return f"{self.name} {self.legal_form}".strip()


def fold(text: str) -> str:
    """Lower case, umlauts as ae, oe, ue, no other marks: how names become addresses."""
    for mark, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("ı", "i"), ("ł", "l")):
        text = text.lower().replace(mark, plain)
    return "".join(char for char in unicodedata.normalize("NFKD", text) if char.isascii())


def slug(text: str, joint: str = "-") -> str:
    """A name as the label of a domain."""
    parts = "".join(char if char.isalnum() else " " for char in fold(text)).split()
    return joint.join(parts)


class Book:
    """All records while they are made. Names, numbers, addresses and domains are given out once unless asked for."""

    def __init__(self, rng: Random, vocabulary: ModuleType = words) -> None:
        self.rng = rng
        self.words = vocabulary
        self.customers: list[Customer] = []
        self.references: list[tuple[str, str, Customer, str]] = []
        self.threads: list[tuple[str, Customer, Contact | None, str, str]] = []
        self._given: set[tuple[str, str]] = set()
        self._near_labels: set[str] = set()
        self._regular: list[Customer] = []

    # What is given out once

    def once(self, kind: str, make: Callable[[], str]) -> str:
        """The first value of `make` that was not given out before; after many trials there is none left."""
        for _ in range(TRIALS):
            value = make()
            if value and (kind, fold(value)) not in self._given:
                self._given.add((kind, fold(value)))
                return value
        raise ValueError(f"the vocabulary has no {kind} left: ask for fewer customers")

    def person_name(self, culture: str = "de") -> tuple[str, str, bool]:
        """First name, last name and whether it is a woman's; nobody else has this name."""
        female = self.rng.random() < 0.5
        if culture == "de" and self.rng.random() < 0.1:
            culture = self.rng.choice(("it", "fr", "pl", "tr", "nl", "en"))

        def make() -> str:
            last = self.rng.choice(self.words.LAST[culture])
            if self.rng.random() < 0.06:
                last += "-" + self.rng.choice([other for other in self.words.LAST[culture] if other != last])
            first = self.rng.choice(self.words.FIRST[culture][0 if female else 1])
            taken = any(("name", fold(f"{first} {part}")) in self._given for part in last.split("-"))
            return "" if taken else f"{first} {last}"

        first, _, last = self.once("name", make).partition(" ")
        # Half a double name is not given to somebody else: nobody could tell whether they married.
        self._given |= {("name", fold(f"{first} {part}")) for part in last.split("-")}
        return first, last, female

    def phone(self, town: Town) -> Phone:
        """A line nobody shares; in Switzerland the whole block of a hundred is kept."""
        made: list[Phone] = []

        def make() -> str:
            made.append(landline(self.rng, town.country, town.area))
            return made[-1].area + (made[-1].number[:-2] if town.country == "CH" else made[-1].number)

        self.once("phone", make)
        return made[-1]

    def mobile(self, country: str) -> Phone:
        """A mobile nobody shares."""
        made: list[Phone] = []

        def make() -> str:
            made.append(mobile(self.rng, country))
            return made[-1].international()

        self.once("phone", make)
        return made[-1]

    def domain(self, name: str, town: Town) -> str:
        """A domain of the firm's own that is not within one letter of another one's."""
        ending = self.words.DOMAIN_ENDINGS.get(town.country, "com")
        while True:
            plain, joined = slug(name), slug(name, "")
            label = self.rng.choice(
                (plain, joined, f"{plain}-{slug(town.name)}", f"{slug(name.rsplit(maxsplit=1)[-1])}-{slug(town.name)}")
            )
            near = {label, label.replace("-", "")} | {label[:at] + label[at + 1 :] for at in range(len(label))}
            if self.rng.random() < 0.15:
                ending = self.rng.choice(("com", "eu", "info", "net"))
            if not near & self._near_labels:
                self._near_labels |= near
                return f"{label}.{ending}"
            name = f"{self.rng.choice(self.words.LAST['de'])} {name}"

    def freemail(self, first: str, last: str, country: str) -> str:
        """A private address that tells the name, or does not."""

        def make() -> str:
            one, other = slug(first, ""), slug(last, "")
            year = str(self.rng.randint(58, 99))
            local = self.rng.choice(
                (f"{one}.{other}", f"{other}{year}", f"{one[0]}.{other}{year}", f"{one}{year}", f"{other}.{one}{year}")
            )
            domains = (*self.words.FREEMAIL[country], *self.words.REGIONAL_PROVIDERS[:1])
            return f"{local}@{self.rng.choice(domains)}"

        return self.once("address", make)

    def opaque_freemail(self, country: str) -> str:
        """A private address that tells nothing of a name."""

        def make() -> str:
            parts = ("berg", "see", "wolke", "tiger", "kiesel", "mond", "falke", "anker", "segel", "ahorn", "luchs")
            local = "".join(self.rng.sample(parts, 2)) + str(self.rng.randint(2, 999))
            return f"{local}@{self.rng.choice(self.words.FREEMAIL[country])}"

        return self.once("address", make)

    def town(self, abroad: float = 0.1) -> Town:
        """Somewhere; with the share `abroad` outside the three home countries."""
        towns: Sequence[Town] = self.words.ABROAD if self.rng.random() < abroad else self.words.TOWNS
        return self.rng.choice(towns)

    def street(self) -> str:
        """Street and house number."""
        return (
            f"{self.rng.choice(self.words.STREETS)} {self.rng.randint(1, 148)}{self.rng.choice(('', '', '', 'a', 'b'))}"
        )

    def firm_name(self) -> str:
        """A firm's name that no other firm has."""
        pick = self.rng.choice

        def make() -> str:
            last, trade = pick(self.words.LAST["de"]), pick(self.words.TRADES)
            return pick(
                (
                    f"{trade} {last}",
                    f"{last} {trade}",
                    f"{trade} {last}",
                    f"{last} & {pick(self.words.LAST['de'])} {trade}",
                    f"{pick(self.words.INVENTED)} {pick(self.words.SUFFIXED)}",
                    f"{trade} {last}-{pick(self.words.HOUSES)}",
                    f"{trade} Gebr. {last}",
                )
            )

        return self.once("firm", make)

    # Records

    def firm(
        self,
        *,
        name: str = "",
        town: Town | None = None,
        domain: str | None = None,
        legal_form: str | None = None,
        staff: int = 2,
        complete: bool = True,
        listed: bool = True,
        trade_party: str = "customer",
    ) -> Customer:
        """A firm with its people. `complete`: nothing is missing; `domain` "" means that it writes from freemail."""
        town = town or self.town()
        name = name or self.firm_name()
        legal = self.rng.choice(self.words.LEGAL_FORMS[town.country]) if legal_form is None else legal_form
        made = self._new("firm", name, town, legal)
        made.party = trade_party
        gap = 0.0 if complete else 0.3
        made.domain = self.domain(name, town) if domain is None else domain
        made.phone = None if self.rng.random() < gap else self.phone(town)
        made.vat_id = "" if self.rng.random() < gap else self._vat_id(town.country)
        if self.rng.random() >= gap:
            box = self.rng.choice(self.words.ROLE_BOXES)
            made.email = f"{box}@{made.domain}" if made.domain else self.freemail(box, name, town.country)
        for _ in range(staff):
            self.contact(made, complete=complete)
        if listed:
            self.customers.append(made)
        return made

    def person(
        self,
        first: str = "",
        last: str = "",
        *,
        town: Town | None = None,
        email: str | None = None,
        phone: bool = True,
        listed: bool = True,
    ) -> Customer:
        """A private customer, with a contact of the same name."""
        town = town or self.town(0.05)
        female = first in self.words.WOMEN
        if not first:
            first, last, female = self.person_name(town.culture)
        made = self._new("person", f"{first} {last}", town, "")
        made.email = self.freemail(first, last, town.country) if email is None else email
        made.phone = self.phone(town) if phone else None
        contact = Contact(self._id("contact", "AP"), made, female, first, last, email=made.email)
        if self.rng.random() < 0.4:
            contact.mobile = self.mobile(town.country)
        made.contacts.append(contact)
        if listed:
            self.customers.append(made)
        return made

    def contact(
        self, customer: Customer, first: str = "", last: str = "", *, email: str = "", complete: bool = True
    ) -> Contact:
        """A further person at a firm."""
        female = first in self.words.WOMEN
        if not first:
            first, last, female = self.person_name(customer.town.culture)
        made = Contact(self._id("contact", "AP"), customer, female, first, last, role=self.rng.choice(self.words.ROLES))
        made.title = self.rng.choice(("", "", "", "", "", "", "Dr.", "Mag.", "Dipl.-Ing."))
        made.email = email or self._work_address(customer, first, last)
        if customer.phone and (complete or self.rng.random() < 0.5):
            made.phone = customer.phone.desk(self.rng)
        if complete or self.rng.random() < 0.5:
            made.mobile = self.mobile(customer.town.country)
        customer.contacts.append(made)
        return made

    def reference(self, customer: Customer, kind: str = "order") -> str:
        """A new number of that kind, the customer's own."""
        rng = self.rng
        number = self.once("reference", lambda: self.words.NUMBERS[kind](rng))
        date = f"202{rng.randint(4, 6)}-{rng.randint(1, 10):02}-{rng.randint(1, 28):02}"
        self.references.append((kind, number, customer, date))
        return number

    def thread(self, customer: Customer, contact: Contact | None = None, subject: str = "") -> str:
        """The Message-ID of a mail of ours to the customer."""
        token = self.once("message", lambda: f"{self.rng.getrandbits(44):x}")
        message_id = f"<kp.{token}@{self.words.OWN['domains'][0]}>"
        sent = f"2026-{self.rng.randint(7, 10):02}-{self.rng.randint(1, 28):02}T0{self.rng.randint(7, 9)}:15:00"
        subject = subject or self.rng.choice(("Ihre Anfrage", "Ihr Auftrag", "Angebot", "Liefertermin", "Rückfrage"))
        self.threads.append((message_id, customer, contact, subject, sent))
        return message_id

    def fill(self, count: int) -> None:
        """The ordinary customers, a good half of them firms, with gaps as in life."""
        for _ in range(count):
            if self.rng.random() < 0.62:
                domain = "" if self.rng.random() < 0.12 else None
                made = self.firm(complete=self.rng.random() < 0.5, domain=domain, staff=self.rng.randint(1, 4))
            else:
                made = self.person(phone=self.rng.random() < 0.7)
            self._regular.append(made)
            for kind in self.rng.choices(
                ("order", "invoice", "offer", "ticket"), (5, 4, 2, 1), k=self.rng.randint(0, 6)
            ):
                self.reference(made, kind)
            if made.contacts and self.rng.random() < 0.4:
                self.thread(made, made.contacts[0])

    def take(self, fits: Callable[[Customer], object]) -> Customer:
        """An ordinary customer that fits and was not taken before."""
        for at, customer in enumerate(self._regular):
            if fits(customer):
                return self._regular.pop(at)
        raise ValueError("too few ordinary customers: ask for more")

    # Files

    def write(self, folder: Path) -> None:
        """The CSV files as `kingpost import` takes them, in no telling order."""
        listed = sorted(self.customers, key=lambda one: one.customer_id)
        _table(folder / "customers.csv", CUSTOMER_COLUMNS, [self._customer_row(one) for one in listed])
        contacts = sorted((c for one in listed for c in one.contacts), key=lambda one: one.contact_id)
        _table(folder / "contacts.csv", CONTACT_COLUMNS, [self._contact_row(one) for one in contacts])
        references = sorted((kind, number, who.customer_id, date) for kind, number, who, date in self.references)
        _table(folder / "references.csv", ("type", "number", "customer_id", "date"), references)
        threads = sorted(
            (mid, who.customer_id, contact.contact_id if contact else "", subject, sent)
            for mid, who, contact, subject, sent in self.threads
        )
        _table(folder / "threads.csv", ("message_id", "customer_id", "contact_id", "subject", "sent"), threads)

    def _customer_row(self, one: Customer) -> list[str]:
        rng = self.rng
        domain = rng.choice((one.domain, f"www.{one.domain}", f"https://www.{one.domain}/")) if one.domain else ""
        phone = one.phone.written(rng) if one.phone else ""
        if one.phone and one.phone.country in {"DE", "AT"} and one.kind == "firm":
            phone = Phone(one.phone.country, one.phone.area, one.phone.number, "0").written(rng)
        revenue = f"{rng.lognormvariate(7, 1.6):.2f}"
        return [
            *(one.customer_id, one.number, one.kind, one.party, one.name, one.legal_form, one.street, one.town.zip),
            *(one.town.name, one.town.country, phone, "", one.email, domain, one.vat_id, str(rng.randint(1991, 2025))),
            *(revenue, "1" if float(revenue) > 20000 else "", one.status),
        ]

    def _contact_row(self, one: Contact) -> list[str]:
        return [
            *(
                one.contact_id,
                one.customer.customer_id,
                "Frau" if one.female else "Herr",
                one.title,
                one.first,
                one.last,
            ),
            *(one.role, one.email, one.email2, one.phone.written(self.rng) if one.phone else ""),
            *(one.mobile.written(self.rng) if one.mobile else "", one.status),
        ]

    def _new(self, kind: str, name: str, town: Town, legal_form: str) -> Customer:
        rng = self.rng
        number = self.once("number", lambda: self.words.NUMBERS["customer"](rng))
        return Customer(self._id("customer", "D"), number, kind, name, town, self.street(), legal_form)

    def _id(self, kind: str, letters: str) -> str:
        return self.once(kind, lambda: f"{letters}{self.rng.randint(10000, 99999)}")

    def _vat_id(self, country: str) -> str:
        first = vat_id(self.rng, country)
        return first and self.once("vat", lambda: vat_id(self.rng, country))

    def _work_address(self, customer: Customer, first: str, last: str) -> str:
        if not customer.domain:
            return self.freemail(first, last, customer.town.country)
        one, other = slug(first, ""), slug(last, "")
        patterns = [f"{one}.{other}", f"{one[0]}.{other}", other, f"{one[0]}{other}", f"{other}.{one}", one]
        return self.once("address", lambda: f"{self.rng.choice(patterns)}@{customer.domain}")


def _table(file: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(columns)
        table.writerows(rows)
