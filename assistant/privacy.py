"""The rights of persons over what is stored of them: what there is of somebody, erasure, restriction, retention.

    found = privacy.find("C1")        what would go; shown first
    privacy.erase(found)              in one transaction; its digests keep it from being read in again
    privacy.sweep()                   blobs that nobody names any more; again is fine

Handing somebody their data is assistant.handing_over.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from typing import Self

from assistant.erased import Digests, Gate, list_file, new_erasure, write_list
from assistant.settings import Settings
from rules import addresses, erasing
from rules.erasing import Part
from rules.identifiers import mail_addresses
from rules.terms.customer import IdentifierKind
from rules.terms.errors import ErasuresUnfit, NotFound, UnknownName, WrongUse
from rules.terms.firm import Firm
from rules.terms.mail import Message, Reading
from rules.terms.worth import Bar
from storage.erasure import Erasure
from storage.placements import chunks
from storage.pool import Pool, Work
from storage.restrictions import Restriction

# Of a mail that could not be read so much is looked at for its sender.
_HEAD = 64_000
_AT_A_TIME = 200


@dataclass(frozen=True, slots=True)
class Found:
    """What there is of a person or a firm.

    Attributes:
        name: of the record; the address where there is none.
        customers: ids of records.
        contacts: ids of people.
        addresses: by which they wrote, canonical.
        mails: theirs.
        shared: mails that also went to others, or that others wrote; they stay, and lead to nobody any more.
        quarantined: mails from their addresses that could not be read.
    """

    name: str
    customers: frozenset[str] = frozenset()
    contacts: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    mails: frozenset[int] = frozenset()
    shared: frozenset[int] = frozenset()
    quarantined: frozenset[int] = frozenset()
    raw: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def nothing(self) -> bool:
        """Whether there is nothing at all."""
        return not (self.customers or self.contacts or self.mails or self.quarantined)


@dataclass(frozen=True, slots=True)
class Privacy:
    """What can be done for somebody whose data the pool holds."""

    settings: Settings
    pool: Pool
    digests: Digests
    firm: Firm
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    @classmethod
    def over(cls, settings: Settings, pool: Pool) -> Self:
        """With the key and the firm of these settings."""
        gate = Gate.by(settings)
        return cls(settings, pool, gate.digests, gate.firm)

    def find(self, whom: str, contact: str = "") -> Found:
        """What there is of a customer or contact (by id) or of an address; with `contact`, of that customer's contact.

        Raises:
            UnknownName: nothing is known of such a one, or the contact is not this customer's.
            WrongUse: it is part of another record, a customer's general address, or one of our own.
        """
        with self.pool.read() as work:
            if contact:
                self._check_employer(work, whom, contact)
            found = self._complete(work, self._whom(work, (contact or whom).strip()), search=True)
        if found.nothing:
            raise UnknownName(
                what="customer",
                name=whom,
                hint="Name a customer or contact by id, or an address that wrote.",
                hint_de="Nennen Sie die Nummer eines Kunden oder Ansprechpartners oder eine Adresse, die schrieb.",
            )
        return found

    def erase(self, found: Found, *, blocked: bool = False) -> Found:
        """Erase what was found, and what has come since; what went.

        `blocked`: later mail of these addresses is not taken in either.
        """
        now = self.clock()
        with self.pool.erasing() as work:
            # What came since it was shown is theirs too. Who received a mail is not asked again: it reads all mails.
            found = self._complete(work, found, search=False)
            digests = self._digests_of(work, found)
            self._erase(work, found)
            work.erasures.remember(new_erasure(self.digests, now, digests, blocked=blocked))
        write_list(self.settings, self.pool)
        self.pool.sweep()
        return found

    def erase_mails(self, numbers: Collection[int]) -> None:
        """Erase mails and nothing else; they are not read in again."""
        with self.pool.erasing() as work:
            mails = self._read(work, numbers)
            digests = {digest for _, message, _ in mails for digest in self.digests.mail(message)}
            work.erasures.erase_mails(numbers)
            work.erasures.remember(new_erasure(self.digests, self.clock(), digests, blocked=False))
        write_list(self.settings, self.pool)
        self.pool.sweep()

    def erase_quarantined(self, entries: Mapping[int, str]) -> None:
        """Erase mails that wait in quarantine, by number and digest of their content; they do not come back."""
        with self.pool.erasing() as work:
            digests = {self.digests.of("raw", digest) for digest in entries.values() if digest}
            work.erasures.erase_quarantined(entries.keys())
            work.erasures.remember(new_erasure(self.digests, self.clock(), digests, blocked=False))
        write_list(self.settings, self.pool)
        self.pool.sweep()

    def erase_again(self, wanted: Iterable[Erasure]) -> int:
        """Erase in a restored pool what was erased since its backup; how many erasures that were.

        Raises:
            ErasuresUnfit: the list was made with another key.
        """
        with self.pool.read() as work:
            known = {one.id for one in work.erasures.all()}
        missing = [one for one in wanted if one.id not in known]
        if any(one.key != self.digests.key for one in missing):
            raise ErasuresUnfit(file=list_file(self.settings))
        if not missing:
            return 0
        found = self._recognised({digest for one in missing for digest in one.digests})
        with self.pool.erasing() as work:
            self._erase(work, found)
            for one in missing:
                work.erasures.remember(one)
        # Of a pool that was made a moment ago nobody else is about to name anything.
        self.pool.sweep(grace=timedelta())
        return len(missing)

    def sweep(self) -> int:
        """Remove blobs that nobody names any more; how many have to wait."""
        return self.pool.sweep()

    def restrict(self, customer_id: str, until: date | None, author: str) -> Restriction:
        """Keep a customer's data and use them no longer, up to a day or until it is lifted.

        Raises:
            NotFound: there is no such customer.
        """
        with self.pool.begin() as work:
            customer = work.customers.get(customer_id)
            if customer is None:
                raise NotFound
            restriction = Restriction(customer.id, self.clock(), until, author)
            work.restrictions.put(restriction)
            work.values.mark()
        return restriction

    def lift(self, customer_id: str) -> None:
        """Use a customer's data again.

        Raises:
            NotFound: they are not restricted.
        """
        with self.pool.begin() as work:
            customer = work.customers.get(customer_id)
            if customer is None or not work.restrictions.lift(customer.id):
                raise NotFound
            work.values.mark()

    def object_to_advertising(self, customer_id: str, source: str, *, objects: bool) -> None:
        """Note that a customer objects to advertising, and how they said so, or that they no longer do.

        Raises:
            NotFound: there is no such customer.
        """
        with self.pool.begin() as work:
            customer = work.customers.get(customer_id)
            if customer is None:
                raise NotFound
            if objects:
                work.decisions.bar(customer.id, Bar.OBJECTION, self.clock().date(), source)
            else:
                work.decisions.unbar(customer.id, Bar.OBJECTION)

    # who is meant

    def _whom(self, work: Work, whom: str) -> Found:
        customer = work.customers.get(whom)
        if customer is not None:
            if customer.id != whom:
                raise WrongUse(
                    problem=f"“{whom}” is part of customer “{customer.id}”. Name that one, or split them first.",
                    problem_de=f"„{whom}“ gehört zu Kunde „{customer.id}“. Nennen Sie diesen, oder trennen Sie beide.",
                )
            return Found(customer.name, customers=frozenset({customer.id}))
        contact = work.customers.contact(whom)
        if contact is not None:
            return Found(contact.name or contact.id, contacts=frozenset({contact.id}))
        return self._by_address(work, whom) if "@" in whom else Found(whom)

    def _check_employer(self, work: Work, customer_id: str, contact_id: str) -> None:
        contact = work.customers.contact(contact_id)
        if contact is None or contact.customer_id != customer_id:
            raise UnknownName(what="contact", name=contact_id)

    def _by_address(self, work: Work, whom: str) -> Found:
        if self.firm.is_own(whom):
            raise WrongUse(
                problem=f"{whom} is one of your own addresses.", problem_de=f"{whom} ist eine Ihrer eigenen Adressen."
            )
        addr = addresses.canonical(whom)
        owners = work.customers.owners({IdentifierKind.ADDRESS: [addr]}).get((IdentifierKind.ADDRESS, addr))
        known = owners.known if owners is not None else ()
        people = frozenset(one.contact_id for one in known if one.contact_id)
        if len(people) < len({(one.customer_id, one.contact_id) for one in known}):
            id = next(one.customer_id for one in known if not one.contact_id)
            raise WrongUse(
                problem=f"{whom} is an address of customer “{id}”. Name the customer.",
                problem_de=f"{whom} ist eine Adresse von Kunde „{id}“. Nennen Sie den Kunden.",
            )
        return Found(whom, contacts=people, addresses=frozenset({addr}))

    # what there is

    def _complete(self, work: Work, found: Found, *, search: bool) -> Found:
        """With all addresses, mails and quarantined mails of those that were found."""
        people = set(found.contacts)
        for id in found.customers:
            people |= {one.id for one in work.customers.contacts_of(id)}
        known = self._theirs_alone(work, found, people, found.addresses | self._addresses_of(work, found, people))
        domains = work.erasures.known_domains(found.customers)
        person = {addresses.mailbox(one) for one in known}
        filed = work.erasures.mails_filed(found.customers) | work.erasures.mails_of_people(people)
        bearing = work.erasures.mails_bearing(known) if search else found.mails | found.shared
        theirs, shared = set(found.mails), set(found.shared)
        for no, message, reading in self._read(work, filed | bearing):
            # Of a firm everybody under its domain is meant.
            concerned = erasing.writers(message, reading) | erasing.recipients(message, self.firm)
            theirs_too = {one for one in concerned if addresses.registrable(addresses.domain_of(one)) in domains}
            part = erasing.part_of(message, reading, person | theirs_too, self.firm, filed=no in filed)
            if part is Part.THEIRS:
                theirs.add(no)
            elif part is Part.SHARED:
                shared.add(no)
        quarantined, raw = self._quarantined(work, known)
        return replace(
            found,
            contacts=frozenset(people),
            addresses=known,
            mails=frozenset(theirs),
            shared=frozenset(shared - theirs),
            quarantined=frozenset(quarantined),
            raw=frozenset(raw),
        )

    def _theirs_alone(self, work: Work, found: Found, people: set[str], known: Collection[str]) -> frozenset[str]:
        """The addresses without those by which somebody else is recognised too: a colleague, another customer."""
        shared = set()
        for (_, addr), owners in work.customers.owners({IdentifierKind.ADDRESS: known}).items():
            for one in owners.known:
                if one.customer_id not in found.customers and one.contact_id not in people:
                    shared.add(addr)
        return frozenset(known) - shared

    def _addresses_of(self, work: Work, found: Found, people: Collection[str]) -> set[str]:
        fields = []
        for id in found.customers:
            customer = work.customers.get(id)
            fields += [customer.email] if customer is not None else []
        for id in people:
            contact = work.customers.contact(id)
            fields += [contact.email, contact.email2] if contact is not None else []
        known = {addr for field in fields for addr in mail_addresses(field)}
        return known | work.erasures.known_addresses(found.customers, people)

    def _read(self, work: Work, numbers: Iterable[int]) -> Iterable[tuple[int, Message, Reading]]:
        for chunk in chunks(sorted(numbers), _AT_A_TIME):
            for no, mail in work.messages.get_many(chunk, 0).items():
                yield no, mail.message, mail.reading

    def _quarantined(self, work: Work, known: Iterable[str]) -> tuple[set[int], set[str]]:
        """Mails in quarantine whose headers name one of the addresses as sender, with the digests of their content."""
        person = {addresses.mailbox(one) for one in known}
        ids, raw = set(), set()
        for entry in work.quarantine.all(limit=10**9):
            if entry.raw_digest and self._senders(entry.raw_digest) & person:
                ids.add(entry.id)
                raw.add(entry.raw_digest)
        return ids, raw

    def _senders(self, raw_digest: str) -> set[str]:
        try:
            head = self.pool.blobs.get(raw_digest)[:_HEAD]
        except NotFound:
            return set()
        headers = BytesHeaderParser().parsebytes(head)
        fields = [str(value) for name in ("From", "Sender", "Reply-To") for value in headers.get_all(name, ())]
        return {addresses.mailbox(addr) for _, addr in getaddresses(fields) if addr}

    # what goes

    def _digests_of(self, work: Work, found: Found) -> set[str]:
        of = self.digests.of
        digests = {digest for _, message, _ in self._read(work, found.mails) for digest in self.digests.mail(message)}
        digests |= {self.digests.address(addr) for addr in found.addresses}
        digests |= {of("customer", id) for id in found.customers} | {of("contact", id) for id in found.contacts}
        return digests | {of("raw", digest) for digest in found.raw}

    def _erase(self, work: Work, found: Found) -> None:
        work.erasures.erase_mails(found.mails)
        work.erasures.release_mails(found.shared, found.customers, found.contacts)
        work.erasures.erase_quarantined(found.quarantined)
        work.erasures.erase_contacts(found.contacts, found.addresses)
        work.erasures.erase_customers(found.customers)
        work.erasures.erase_addresses(found.addresses)
        work.values.mark()

    def _recognised(self, wanted: set[str]) -> Found:
        """Who and what in the pool has these digests."""
        of = self.digests.of
        with self.pool.read() as work:
            customers = {id for id in work.erasures.customer_ids() if of("customer", id) in wanted}
            contacts = {id for id in work.erasures.contact_ids() if of("contact", id) in wanted}
            known = {addr for addr in work.erasures.addresses() if addr and self.digests.address(addr) in wanted}
            mails = {no for no, identity in work.erasures.identities() if of("identity", identity) in wanted}
            raw = {
                entry.id
                for entry in work.quarantine.all(limit=10**9)
                if entry.raw_digest and of("raw", entry.raw_digest) in wanted
            }
            found = Found("", frozenset(customers), frozenset(contacts), frozenset(known), frozenset(mails))
            found = self._complete(work, found, search=True)
        return replace(found, quarantined=found.quarantined | raw)
