"""What a mail says about the person behind it: names, firms, places, telephone numbers, numbers on paper.

Read as far as it is asked for: a mail from a known address needs little of it. What is quoted, what is said about
others, and what we write ourselves does not count (rules.writers, rules.mentions).
"""

import re
from collections.abc import Mapping
from functools import cached_property

from rules import addresses, firms, lookalikes, mentions, named_firms, named_persons, names, numbers, phones, places
from rules.folding import fold
from rules.identifiers import REGION, person_key
from rules.matching.question import Question
from rules.names import Person
from rules.numbers import Number, VatId
from rules.phones import Phone
from rules.phrases.relays import RELAYS
from rules.places import Place
from rules.terms.mail import MailKind
from rules.writers import How

Shapes = Mapping[str, Mapping[str, int]]

_LONGEST = 12_000
_CLOSING_LINES = 7
_MOST_NAMES = 16
_BEHIND_NAME = re.compile(r"\s+[-–—|/·•]\s+|\s*[|•·]\s*|[()\[\]]")
_MOVED = re.compile(
    r"\bumgezogen|\bumzug|neue (?:anschrift|adresse|telefonnummer|rufnummer|büroräume)|neuer (?:standort|sitz)"
    r"|(?:have|has|'ve) moved|\bnew (?:address|premises|office|phone number)|relocat",
    re.IGNORECASE,
)


_WORDS = re.compile(r"[^\W_]+")
_HOUSE = re.compile(r"\b(\d{1,4}) ([a-z])\b(?! \d{4})")


class Clues:
    """The words of one mail, as evidence about the one who is sought."""

    def __init__(self, asked: Question, shapes: Shapes) -> None:
        """Take a mail's question; `shapes` is how the pool's numbers are built."""
        self.asked = asked
        self._shapes = shapes
        self._phones: dict[str, tuple[Phone, ...]] = {}

    # Who

    @cached_property
    def display(self) -> str:
        """The name beside the address."""
        people = self.asked.writers.people
        return people[0].name[:200] if people else ""

    @cached_property
    def shown_addresses(self) -> frozenset[str]:
        """The addresses in the display name; where they are not the sender's, they are there to deceive."""
        words = (word.strip("<>()[],;\"'") for word in self.display.split() if "@" in word)
        return frozenset(map(addresses.canonical, words)) - {self.asked.sender}

    @cached_property
    def names_firm_in_display(self) -> bool:
        """Whether the display name holds a firm's name beside a person's."""
        pieces = [piece.strip(" \"'") for piece in _BEHIND_NAME.split(self.display)]
        return len([piece for piece in pieces if len(piece) > 2]) > 1

    @cached_property
    def shown_persons(self) -> tuple[Person, ...]:
        """Whom the display name names; of an account that several use it stays the same whoever writes."""
        return named_persons.shown(self.display)

    @cached_property
    def signers(self) -> tuple[Person, ...]:
        """Who signs; the whole text is looked at where the signature names nobody."""
        return named_persons.signers(self.signature) or named_persons.signers("", self.text)

    @cached_property
    def persons(self) -> tuple[Person, ...]:
        """Whom display name and signature name, whole names first."""
        found = [*self.shown_persons, *self.signers]
        if not any(person.first and person.last for person in found):
            found += named_persons.introduced(self.text)
        if not self.display and not any(person.last for person in found):
            introduced = map(names.parse_person, named_firms.introduced(self.text))
            found += (person for person in introduced if person is not None)
        named = list(dict.fromkeys(found))
        # "Familie Koch", signed by Hans Koch: the second name says who of them.
        told = {names.words_of(person.last) for person in named if person.first}
        named = [person for person in named if person.first or names.words_of(person.last) not in told]
        return tuple(sorted(named, key=lambda person: not (person.first and person.last)))

    @cached_property
    def whole_persons(self) -> tuple[Person, ...]:
        """Those named with first and last name."""
        return tuple(person for person in self.persons if person.first and person.last)

    @cached_property
    def former_persons(self) -> tuple[Person, ...]:
        """The names that the writer had before, with today's first name where only the other one is said."""
        if not named_persons.may_tell_former(self.asked.writers.text[:_LONGEST]):
            return ()
        first = next((person.first for person in self.persons if person.first), "")
        return tuple(
            person if person.first else Person(first, person.last) for person in named_persons.former(self.text)
        )

    @cached_property
    def local(self) -> str:
        """The letters of the address before the @ sign."""
        return "".join(names.words_of(self.asked.sender.partition("@")[0]))

    @cached_property
    def domain(self) -> str:
        """The sender's domain, where it can speak for a firm; a relay's own domain speaks for nobody."""
        if self.relayed:
            return ""
        domain = addresses.company_domain(self.asked.sender, self.asked.firm)
        return "" if domain in RELAYS else domain

    @cached_property
    def relayed(self) -> bool:
        """Whether the address is the relay's, and only the name the person's."""
        via = self.asked.writers.via
        return (
            self.asked.writers.how is How.RELAY
            and via is not None
            and addresses.canonical(via.addr) == self.asked.sender
        )

    @cached_property
    def tenant(self) -> str:
        """For whom a ticket system writes, as its address says: `muellerbau` in support@mueller-bau.zendesk.com."""
        if not self.relayed:
            return ""
        host = addresses.domain_of(self.asked.sender)
        label = host.removesuffix(addresses.registrable(host)).rstrip(".").rpartition(".")[2]
        return "".join(names.words_of(label))

    # Their words

    @cached_property
    def text(self) -> str:
        """What speaks for them, sentences about third parties blanked out."""
        return mentions.cut(self.asked.writers.text[:_LONGEST]).text if self.asked.speaks else ""

    @cached_property
    def signature(self) -> str:
        """The signature, or the last short lines where none was told apart."""
        if not self.asked.speaks:
            return ""
        told = self.asked.writers.signature
        if told:
            return mentions.cut(told[:_LONGEST]).text
        block = self.text.strip().rpartition("\n\n")[2].split("\n")
        return "\n".join(line for line in block[-_CLOSING_LINES:] if len(line) < 100)

    @cached_property
    def _plain_text(self) -> str:
        return f" {_plain(self.text)} "

    # Firms

    @cached_property
    def certain_firms(self) -> tuple[str, ...]:
        """The firms that the writer's own lines name for sure: with a legal form, or as the domain is called."""
        named = [*named_firms.find(self.display), *named_firms.find(self.signature)]
        if not named and self.domain:
            named = [name for name in self._stated if _calls(self.domain, name)]
        return tuple(name for name in dict.fromkeys(named) if not self._is_ours(name))

    @cached_property
    def firm_names(self) -> tuple[str, ...]:
        """All that may be the writer's firm: certain ones, parts of the display name, lines of the signature."""
        via = self.asked.writers.via
        called = f"{self.display} | {via.name}" if self.relayed and via else self.display
        shown = [piece.strip(" \"'") for piece in _BEHIND_NAME.split(called[:400])]
        named = (*self.certain_firms, *self.former_firms, *shown, *self._stated, *named_firms.introduced(self.text))
        persons = {person_key(person) for person in self.whole_persons}
        return tuple(
            name
            for name in dict.fromkeys(named)
            if len(name) > 2 and not self._is_ours(name) and " ".join(sorted(names.words_of(name))) not in persons
        )[:_MOST_NAMES]

    @cached_property
    def former_firms(self) -> tuple[str, ...]:
        """What the writer's firm was called before."""
        return named_firms.former(self.text)

    @cached_property
    def _stated(self) -> tuple[str, ...]:
        return named_firms.stated(self.signature)

    @cached_property
    def left(self) -> str:
        """The words by which they say that they have left a firm, and its name."""
        return mentions.left(self.asked.writers.text[:_LONGEST]) or "" if self.asked.speaks else ""

    @cached_property
    def clients(self) -> tuple[str, ...]:
        """For whom they say to act, an agency or a lawyer."""
        if not self.asked.speaks:
            return ()
        said = f"{self.asked.subject}\n{self.asked.writers.text[:_LONGEST]}"
        named = (name for name in named_firms.clients(said) if any(len(word) > 2 for word in names.words_of(name)))
        return tuple(name for name in named if not self._is_ours(name))

    def _is_ours(self, name: str) -> bool:
        ours = self.asked.firm.name
        return bool(ours) and firms.compare(name, ours) is firms.FirmLikeness.EXACT

    # Places and numbers

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The places in their address lines."""
        return places.find(self.text)

    @cached_property
    def towns(self) -> tuple[str, ...]:
        """What may name where they live: postcodes and towns of their addresses, and the capitals they sign with."""
        told = [name for place in self.places for name in (place.postcode, place.city)]
        told += [word for word in _WORDS.findall(self.signature) if len(word) > 2 and word[0].isupper()]
        return tuple(dict.fromkeys(name for name in told if name))[:_MOST_NAMES]

    def tells_street(self, street: str) -> bool:
        """Whether the text holds a record's street with its number."""
        wanted = _plain(street)
        numbered = any(sign.isdigit() for sign in wanted)
        return numbered and len(wanted) > 4 and f" {wanted} " in self._plain_text

    def tells_town(self, city: str) -> bool:
        """Whether the text names a record's town."""
        wanted = _plain(city)
        return len(wanted) > 2 and f" {wanted} " in self._plain_text

    def tells_firm(self, name: str) -> bool:
        """Whether the text or the subject names a firm in full."""
        wanted = f" {_plain(name)} "
        return len(wanted) > 6 and (wanted in self._plain_text or wanted in f" {_plain(self.asked.subject)} ")

    def phones_in(self, region: str) -> tuple[Phone, ...]:
        """The telephone numbers they give, or call from, read as they are written in a country (ISO 3166)."""
        if region not in self._phones:
            said = "\n".join((*self.asked.writers.phones, self.text))
            self._phones[region] = tuple(phones.find(said, region))
        return self._phones[region]

    @property
    def region(self) -> str:
        """The country that the sender's domain names."""
        ending = addresses.domain_of(self.asked.sender).rpartition(".")[2].upper()
        return {"UK": "GB"}.get(ending, ending) if len(ending) == 2 and ending != "EU" else REGION

    @cached_property
    def numbers(self) -> tuple[Number, ...]:
        """The numbers that may be ours: of customer, order, invoice …"""
        said = "\n".join((self.asked.subject[:300], self.text)) if self.asked.speaks else ""
        return tuple(number for number in numbers.find(said, self._shapes) if not number.theirs)

    @cached_property
    def vat_ids(self) -> tuple[VatId, ...]:
        """The VAT ids they give."""
        return tuple(numbers.vat_ids(self.text))

    # What they say of themselves

    @cached_property
    def newcomer(self) -> str:
        """The words by which they say that they are no customer yet."""
        return mentions.newcomer(f"{self.asked.subject}\n{self.text}") or "" if self.asked.speaks else ""

    @cached_property
    def moved(self) -> bool:
        """Whether they say that address or telephone number are new."""
        return bool(_MOVED.search(self.text))

    @property
    def automatic(self) -> bool:
        """Whether no person wrote it."""
        return self.asked.kind in (MailKind.SYSTEM, MailKind.BOUNCE, MailKind.NEWSLETTER)


def _calls(domain: str, name: str) -> bool:
    """Whether a domain is called after a firm: it begins or ends as the name's telling words do."""
    label = lookalikes.name(domain).replace("-", "")
    words = [word for word in names.words_of(name) if len(word) > 2]
    return bool(words) and all(word[:3] in label for word in words)


def _plain(text: str) -> str:
    """Words and numbers only, "Straße" and "Str." alike, "12 a" as "12a"."""
    folded = fold(text).replace("strasse", "str").replace(" street", " st").replace(" road", " rd")
    return _HOUSE.sub(r"\1\2", " ".join(_WORDS.findall(folded)))
