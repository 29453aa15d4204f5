"""Customers without a file: who exchanges mail with the firm is proposed by firm and kind, and confirmed in bulk.

    propose    whom we wrote to, and who wrote often, put together by firm, with a kind where the mails agree on one
    confirm    customers become records with their people; of all others it is noted what they are, so that they are
               no leads and are not proposed again; "never" also keeps their mail from being filed
    take back  all of one confirmation, as long as nothing more hangs on it

Nothing becomes a record by itself. Everybody sees what lies in their own mailboxes only.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from assistant.address_book import take_out
from assistant.changing import BY_HAND
from assistant.numbering import next_ids
from rules import addresses, identifiers, names, newcomers, parties
from rules.newcomers import Newcomer
from rules.parties import Judged
from rules.terms.customer import Contact, Customer, CustomerKind, CustomerStatus, PartyKind
from rules.terms.errors import NotFound, WrongUse
from rules.terms.firm import Firm
from rules.terms.interaction import Channel, Interaction
from rules.terms.mail import Direction
from rules.terms.party import Correspondent, Sign, together
from rules.terms.pooled import PooledMessage
from rules.terms.staff import Viewer
from rules.terms.upkeep import SenderDecision, Stance
from storage.correspondents import Adoption, Exchanged
from storage.pool import Pool, Work

# The parties with most mails are looked at; when they are decided on, others follow.
MOST = 2000
AT_ONCE = 500
# So long a confirmation can be taken back in one go.
KEPT = timedelta(days=7)
# People of one firm who are looked at, and who become contacts: those with most mails.
_PEOPLE = 30
_TEXT = 20_000
_ORIGIN = {"de": "Angelegt aus dem Schriftverkehr", "en": "Created from the correspondence"}
_NO_NAME = WrongUse(problem="A customer needs a name.", problem_de="Ein Kunde braucht einen Namen.")


@dataclass(frozen=True, slots=True)
class Party:
    """A firm or person with whom mail is exchanged: the addresses with most mails, and how many each side wrote."""

    key: str
    received: int
    sent: int
    newest: datetime
    people: tuple[Correspondent, ...]
    judged: Judged


@dataclass(frozen=True, slots=True)
class Proposed:
    """A party as it would become a record. `customer` and `contacts` have no ids yet."""

    party: Party
    customer: Customer
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody makes of a party: CUSTOMER, or what they are else. `name`: of the record, "" as proposed."""

    key: str
    kind: PartyKind | Stance
    name: str = ""


@dataclass(frozen=True, slots=True)
class Adopting:
    """Proposals of customers, and what staff make of them."""

    pool: Pool
    firm: Firm
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def proposed(
        self, viewer: Viewer, kind: PartyKind | None = None, *, unsure: bool = False, limit: int = 50, first: int = 0
    ) -> tuple[list[Proposed], Counter[PartyKind | None]]:
        """Some of the parties, and how many of each kind there are (None: what they are is open).

        Args:
            viewer: from whose mailboxes.
            kind: only these; None with `unsure` those whose kind is open, without it all.
            unsure: see `kind`.
            limit: so many at most.
            first: how many of them to skip.
        """
        with self.pool.read() as work:
            found = self._parties(work.correspondents.heaviest(viewer.mailboxes, MOST, _PEOPLE))
            counts = Counter(one.judged.kind for one in found)
            if kind is not None or unsure:
                found = [one for one in found if one.judged.kind is kind]
            return self._described(work, found[first : first + limit]), counts

    def confirm(self, viewer: Viewer, choices: Sequence[Choice]) -> int:
        """Make of parties what somebody chose; the number by which all of it can be taken back.

        Who has become a record meanwhile, or is not seen from the viewer's mailboxes, is left alone.

        Raises:
            WrongUse: nothing, or too much, was chosen; none of it waits for that; a customer would have no name.
        """
        if not choices or len(choices) > AT_ONCE:
            raise WrongUse(
                problem=f"Choose at least one and at most {AT_ONCE}.",
                problem_de=f"Wählen Sie mindestens einen und höchstens {AT_ONCE} aus.",
            )
        wanted = {choice.key: choice for choice in choices}
        now = self.clock()
        with self.pool.begin() as work:
            found = self._parties(work.correspondents.of_parties(wanted, viewer.mailboxes))
            if not found:
                raise WrongUse(
                    problem="None of these is on the list; perhaps somebody else was quicker. Look at the list again.",
                    problem_de="Niemand davon steht auf der Liste; vielleicht war jemand schneller. Sehen Sie die Liste"
                    " noch einmal an.",
                )
            customers = [one for one in found if wanted[one.key].kind is PartyKind.CUSTOMER]
            made = self._make(work, viewer, self._described(work, customers), wanted, now)
            said = [
                work.senders.say(address, _stance(wanted[one.key].kind), viewer.login, now)
                for one in found
                if one not in customers
                for address in self._addresses(one, _stance(wanted[one.key].kind))
            ]
            return work.correspondents.keep(Adoption(viewer.login, now, tuple(made), tuple(said)))

    def take_back(self, viewer: Viewer, batch: int) -> int:
        """Take back what the viewer confirmed in one go; how many customers stay because more belongs to them by now.

        Raises:
            NotFound: there is no such confirmation of theirs.
        """
        with self.pool.begin() as work:
            made = work.correspondents.adoption(batch)
            if made is None or made.staff != viewer.login:
                raise NotFound
            for number in made.senders:
                work.senders.unsay(number)
            # One that became part of another is named by that one's id, which stays: that merge is undone first.
            there = [id for id in dict.fromkeys(made.customers) if work.customers.get(id) is not None]
            kept = [id for id in there if not _taken_out(work, self.firm, id)]
            work.correspondents.drop(batch, kept)
        return len(kept)

    def never(self, viewer: Viewer, entry: str) -> SenderDecision:
        """Let mail with an address, or all of a domain, never be filed; the entry of the list.

        Raises:
            WrongUse: it is neither, or our own.
        """
        address = addresses.canonical(entry.strip())
        local, at, domain = address.rpartition("@")
        if not at:
            local, domain = "", address
        name = domain.removeprefix("@")
        if not addresses.registrable(name) or " " in address or len(address) > addresses.LONGEST:
            raise WrongUse(
                problem=f"“{entry[:80]}” is neither an address nor a domain.",
                problem_de=f"„{entry[:80]}“ ist weder eine Adresse noch eine Domain.",
            )
        if self.firm.is_own(f"{local or 'x'}@{name}"):
            raise WrongUse(problem="That is your own.", problem_de="Das gehört zu Ihrem Haus.")
        if not local and addresses.is_freemail(name):
            raise WrongUse(
                problem=f"Strangers share {name}; name single addresses.",
                problem_de=f"{name} teilen sich Fremde; nennen Sie einzelne Adressen.",
            )
        with self.pool.begin() as work:
            number = work.senders.say(f"{local}@{name}", Stance.NEVER, viewer.login, now := self.clock())
        return SenderDecision(number, f"{local}@{name}", Stance.NEVER, viewer.login, now)

    def unsay(self, number: int) -> None:
        """Take an entry of the never-file list back.

        Raises:
            NotFound: it is not there.
        """
        with self.pool.begin() as work:
            said = work.senders.get(number)
            if said is None or said.stance is not Stance.NEVER:
                raise NotFound
            work.senders.unsay(number)

    def _parties(self, found: Mapping[str, Exchanged]) -> list[Party]:
        return [
            Party(key, of.received, of.sent, of.newest, tuple(_by_address(of.people)), _judged(of.people))
            for key, of in found.items()
            if not self.firm.is_own(of.people[0].address)
        ]

    def _described(self, work: Work, found: Sequence[Party]) -> list[Proposed]:
        numbers = {one.message for party in found for one in party.people[:_PEOPLE]}
        mails = work.messages.get_many(numbers, _TEXT)
        return [self._one(party, mails) for party in found]

    def _one(self, party: Party, mails: Mapping[int, PooledMessage]) -> Proposed:
        """The record: what the mails of the one with most of them tell of the firm, and everybody's own name."""
        told = [(one, self._about(one, mails.get(one.message))) for one in party.people[:_PEOPLE]]
        firms = Counter(about.firm for _, about in told if about is not None and about.firm)
        first = next((about for _, about in told if about is not None), None)
        domain = "" if "@" in party.key else party.key
        private = not domain and not firms
        top = party.people[0]
        otherwise = _of_domain(domain) if domain else top.name.strip() or top.address
        name = max(firms, key=lambda one: firms[one], default=otherwise)
        known = first.customer if first is not None else Customer("", name)
        status = CustomerStatus.ACTIVE if _has_bought(party) else CustomerStatus.LEAD
        customer = replace(
            known,
            name=name[:200],
            kind=CustomerKind.PERSON if private else CustomerKind.FIRM,
            email=top.address if private else "",
            phone=known.phone if private else "",
            domain=domain,
            status=status,
            party=frozenset({PartyKind.CUSTOMER}),
        )
        people = () if private else tuple(_contact(one, about) for one, about in told)
        return Proposed(party, customer, people)

    def _about(self, one: Correspondent, mail: PooledMessage | None) -> Newcomer | None:
        """What their own mail tells of them; None where it is ours, or not there any more."""
        if mail is None or mail.direction is Direction.OUTGOING or mail.writer != one.address:
            return None
        return newcomers.described(mail.message, mail.reading, mail.direction, mail.writer, self.firm)

    def _make(
        self, work: Work, viewer: Viewer, found: Sequence[Proposed], wanted: Mapping[str, Choice], now: datetime
    ) -> list[str]:
        """Write the records; their ids."""
        ids = next_ids(work)
        customers, contacts = [], []
        for one in found:
            name = (wanted[one.party.key].name or one.customer.name).strip()
            if not name:
                raise _NO_NAME
            customer = replace(one.customer, id=next(ids), name=name[:200])
            customers.append(customer)
            contacts += [
                replace(contact, id=f"{BY_HAND}{customer.id}:{number}", customer_id=customer.id)
                for number, contact in enumerate(one.contacts, 1)
            ]
        if customers:
            of_all = (key for one in customers for key in identifiers.of_customer(one, self.firm))
            work.customers.upsert(customers, list(of_all), {})
            country = {one.id: one.country for one in customers}
            of_people = (
                key for one in contacts for key in identifiers.of_contact(one, self.firm, country[one.customer_id])
            )
            work.customers.upsert_contacts(contacts, list(of_people))
            words = _ORIGIN.get(self.firm.language, _ORIGIN["en"])
            work.interactions.add(
                [Interaction(one.id, Channel.NOTE, now, words, staff=viewer.login) for one in customers]
            )
            work.values.mark()
        return [one.id for one in customers]

    def _addresses(self, party: Party, stance: Stance) -> Iterator[str]:
        """Of which addresses something is said: of a firm's whole domains, else of single ones.

        Applications are kept for some months only, and that hangs on the address.
        """
        own: set[str] = set()
        if stance is not Stance.APPLICANT:
            theirs = [one.address for one in party.people if addresses.company_domain(one.address, self.firm)]
            own = {addresses.domain_of(one) for one in theirs} | {
                addresses.company_domain(one, self.firm) for one in theirs
            }
        yield from (f"@{domain}" for domain in sorted(own))
        yield from (one.address for one in party.people if addresses.domain_of(one.address) not in own)


def _judged(people: Sequence[Correspondent]) -> Judged:
    return parties.judged(together(one.signs for one in people))


def _taken_out(work: Work, firm: Firm, id: str) -> bool:
    try:
        take_out(work, firm, id)
    except WrongUse:
        return False
    return True


def _by_address(people: Sequence[Correspondent]) -> Iterator[Correspondent]:
    """Everybody once, though several mailboxes know them."""
    found: dict[str, Correspondent] = {}
    for one in people:
        known = found.get(one.address)
        if known is None:
            found[one.address] = one
        else:
            newer = one if one.newest > known.newest else known
            found[one.address] = replace(
                newer,
                name=known.name or one.name,
                received=known.received + one.received,
                sent=known.sent + one.sent,
                signs=together([known.signs, one.signs]),
            )
    yield from found.values()


def _contact(one: Correspondent, about: Newcomer | None) -> Contact:
    if about is not None and about.person is not None:
        return replace(about.contact, email=one.address, last_name=about.person.last, first_name=about.person.first)
    person = names.parse_person(one.name)
    return Contact(
        "",
        "",
        title=person.title if person else "",
        first_name=person.first if person else "",
        last_name=person.last if person else "",
        email=one.address,
    )


def _has_bought(party: Party) -> bool:
    return any(Sign.BUYS in one.signs for one in party.people)


def _of_domain(domain: str) -> str:
    return " ".join(word.capitalize() for word in domain.partition(".")[0].split("-"))


def _stance(kind: PartyKind | Stance) -> Stance:
    return kind if isinstance(kind, Stance) else Stance(kind.value)
