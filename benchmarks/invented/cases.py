"""What a situation makes: one mail with what a careful clerk would decide from it and the records."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TypeAlias

from benchmarks.invented.letters import Card, Pen, card
from benchmarks.invented.records import Book, Contact, Customer

Mail: TypeAlias = dict[str, object]


@dataclass(frozen=True, slots=True)
class Case:
    """A mail and its truth. `customer` is the best of `accept`; `impersonated` the one who is pretended."""

    kind: str
    mail: Mail
    customer: Customer | None = None
    contact: Contact | None = None
    accept: tuple[Customer, ...] = ()
    impersonated: str | None = None


def belongs(mail: Mail, customer: Customer, contact: Contact | None = None, *also: Customer) -> Case:
    """Filing under the customer (or one of `also`) without asking is right."""
    return Case("customer", mail, customer, contact, (customer, *also))


def doubtful(mail: Mail, *accept: Customer) -> Case:
    """To be looked at, with these offered."""
    return Case("candidates", mail, accept=accept)


def stranger(mail: Mail) -> Case:
    """Nobody of the records."""
    return Case("unknown", mail)


def pretended(mail: Mail, victim: Customer | None) -> Case:
    """Somebody pretending to be `victim`, or one of us."""
    return Case("spoof", mail, impersonated=victim.customer_id if victim else "own")


@dataclass(slots=True)
class Desk:
    """What the situations work with."""

    rng: Random
    book: Book
    pen: Pen
    _victims: list[Customer] = field(default_factory=list)

    def firm(self) -> Customer:
        """An ordinary firm with a domain of its own and somebody with an address on it."""
        return self.book.take(lambda one: one.kind == "firm" and one.domain and mailing(one))

    def victim(self) -> Customer:
        """A firm that somebody pretends to be; firms come again when all had their turn."""
        if not self._victims:
            able = [one for one in self.book.customers if one.kind == "firm" and one.domain and mailing(one)]
            self._victims = [one for one in able if one.status == "active" and len(one.domain) > 8]
            self.rng.shuffle(self._victims)
        return self._victims.pop()

    def lang(self, customer: Customer) -> str:
        """The language the customer writes."""
        culture = customer.town.culture
        return "en" if culture == "tr" else culture

    def request(self, customer: Customer | None = None, lang: str = "") -> str:
        """What a customer wants, in one of the written texts or in put-together sentences."""
        lang = lang or (self.lang(customer) if customer else "de")
        if lang != "de" or self.rng.random() < 0.75:
            return self.pen.text("requests", lang)
        first = self.pen.one_of(
            "bitte liefern Sie {n} {product} bis spätestens {date} an die übliche Adresse.",
            "wir hätten gern ein Angebot über {n} {product} samt Lieferung.",
            "die {product} vom {date} sind angekommen, es fehlen aber {n} Stück.",
            "die Rechnung über {amount} stimmt nicht, der Rabatt fehlt.",
            "könnten Sie den Termin in KW {week} bitte auf KW {week2} schieben?",
            "ich möchte {n} {product} umtauschen, sie sind zu klein.",
            "haben Sie {product} auf Lager? Es eilt ein wenig.",
            "unsere Bestellung vom {date} ist noch nicht bestätigt.",
            "bitte senden Sie mir die Datenblätter zu {product}.",
            "das Gerät läuft wieder, bitte die Techniker grüßen.",
        )
        if self.rng.random() < 0.5:
            return first
        return f"{first} " + self.pen.one_of(
            "Rufen Sie mich bitte an, am besten vor {week} Uhr.".replace("{week}", "elf"),
            "Danke im Voraus!",
            "Falls etwas unklar ist, melden Sie sich bitte.",
            "Wir bräuchten {n} Stück davon.",
            "Ich bin enttäuscht, das kenne ich von Ihnen nicht.",
            "Zahlung wie immer.",
            "Es hat keine Eile.",
        )

    def letter(self, customer: Customer, who: Card, text: str = "", *, style: str = "") -> str:
        """A whole letter of somebody at the customer."""
        lang = "de" if text else self.lang(customer)
        return self.pen.letter(text or self.request(customer), self.pen.signed(who, lang=lang, style=style), lang=lang)

    def unnamed(self, customer: Customer) -> str:
        """A person whom the records do not know."""
        first, last, _ = self.book.person_name(customer.town.culture)
        return f"{first} {last}"

    def display(self, name: str) -> str:
        """A name as mail programs show it."""
        first, _, last = name.rpartition(" ")
        return self.rng.choice(
            (name, name, name, f"{last}, {first}", f"{last} {first}", f"{first[0]}. {last}", last, "")
        )


def mailing(customer: Customer) -> list[Contact]:
    """The customer's people of whom an address is known."""
    return [one for one in customer.contacts if one.email and one.status == "active"]


def whole(customer: Customer, writer: Contact | str) -> Card:
    """A signature with everything."""
    return card(customer, writer, vat=True, mobile=True)


@dataclass(frozen=True, slots=True)
class Situation:
    """A named kind of mail; `twin` marks an innocent one that resembles an impersonation or a wrong match."""

    name: str
    count: int
    twin: bool
    make: Callable[[Desk, int], Case]


SITUATIONS: list[Situation] = []


def situation(
    count: int, *, twin: bool = False, into: list[Situation] = SITUATIONS
) -> Callable[[Callable[[Desk, int], Case]], Callable[[Desk, int], Case]]:
    """Registers a function `(desk, turn) -> Case` as a situation of its name with so many mails."""

    def register(make: Callable[[Desk, int], Case]) -> Callable[[Desk, int], Case]:
        into.append(Situation(make.__name__, count, twin, make))
        return make

    return register
