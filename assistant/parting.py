"""One record that was two customers: some of its people, addresses, papers and entries go to a customer of their own.

    part    a new record; what was chosen goes to it, and with people and addresses their mails and entries
    undo    merging the new record into the old one (storage.merges), which can be undone as well

The firm's own system stays the master: its next import puts people where its file has them.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

from assistant import invoicing
from assistant.bookkeeping import reckon_all
from assistant.changing import put_contact, put_customer
from assistant.numbering import fresh
from rules import identifiers
from rules.terms.customer import Contact, Customer, IdentifierKind, Known
from rules.terms.errors import NotFound, UnknownName, WrongUse
from rules.terms.finding import Match
from rules.terms.firm import Firm
from rules.terms.interaction import Interaction
from rules.terms.staff import Viewer
from storage.pool import Pool, Work

_PAGE = 200


@dataclass(frozen=True, slots=True)
class Share:
    """What goes to the new customer: contacts by id, learned addresses, numbers of papers, entries by id."""

    contacts: frozenset[str] = field(default=frozenset())
    addresses: frozenset[str] = field(default=frozenset())
    papers: frozenset[str] = field(default=frozenset())
    entries: frozenset[int] = field(default=frozenset())

    def __bool__(self) -> bool:
        """Whether anything goes."""
        return bool(self.contacts or self.addresses or self.papers or self.entries)


@dataclass(frozen=True, slots=True)
class Parting:
    """Makes two customers of one record."""

    pool: Pool
    firm: Firm

    def part(self, viewer: Viewer, whole: str, made: Customer, share: Share) -> str:
        """Give a share of a customer to a new one; its id.

        Args:
            viewer: who does it.
            whole: the customer's id.
            made: the new record; with an empty id the next one of our own is given.
            share: what goes.

        Raises:
            NotFound: there is no such customer.
            UnknownName: somebody or something chosen is not this customer's.
            WrongUse: nothing is chosen, the new record has no name, or its id is taken.
        """
        with self.pool.begin() as work:
            if work.customers.get(whole) is None:
                raise NotFound
            if not share:
                raise WrongUse(
                    problem="Choose what goes to the new customer.",
                    problem_de="Wählen Sie, was zum neuen Kunden gehört.",
                )
            made = fresh(work, made)
            people = self._people(work, whole, share)
            put_customer(work, self.firm, made)
            for person in people:
                put_contact(work, self.firm, replace(person, customer_id=made.id), made.country)
            learned = self._learned(work, whole, people, share)
            for known in learned:
                work.customers.forget(known)
                work.customers.teach(replace(known, customer_id=made.id))
            self._move_papers(work, whole, made.id, share)
            addresses = {
                address for one in people for address in identifiers.mail_addresses(f"{one.email} {one.email2}")
            }
            addresses |= {known.value for known in learned if known.kind is IdentifierKind.ADDRESS}
            self._move_entries(work, whole, made.id, share, addresses)
            reckon_all(work, [whole, made.id])
        return made.id

    def _people(self, work: Work, whole: str, share: Share) -> list[Contact]:
        people = [one for one in work.customers.contacts_of(whole) if one.id in share.contacts]
        for missing in sorted(share.contacts - {one.id for one in people}):
            raise UnknownName(what="contact", name=missing, hint="")
        return people

    def _learned(self, work: Work, whole: str, people: Collection[Contact], share: Share) -> list[Known]:
        """What staff taught of these people, and the addresses that were chosen."""
        taught = work.customers.taught(whole, [one.login for one in work.staff.all()])
        ids = {one.id for one in people}
        found = [
            known
            for known in taught
            if known.contact_id in ids or (known.kind is IdentifierKind.ADDRESS and known.value in share.addresses)
        ]
        for missing in sorted(share.addresses - {known.value for known in found}):
            raise UnknownName(what="address", name=missing, hint="")
        return found

    def _move_papers(self, work: Work, whole: str, made: str, share: Share) -> None:
        papers = [one for one in work.customers.references_of(whole, 10_000) if one.number in share.papers]
        for missing in sorted(share.papers - {one.number for one in papers}):
            raise UnknownName(what="number", name=missing, hint="")
        work.customers.drop_references((one.number, one.type, whole) for one in papers)
        forms = {one.number: identifiers.form_of(one.number) for one in papers}
        work.customers.upsert_references([replace(one, customer_id=made) for one in papers], forms)

    def _move_entries(self, work: Work, whole: str, made: str, share: Share, addresses: Collection[str]) -> None:
        theirs = {no for address in addresses for no in work.interactions.mails_of(whole, address)}
        going = [
            entry
            for entry in _entries(work, whole)
            if entry.id in share.entries or entry.contact_id in share.contacts or entry.message in theirs
        ]
        for missing in sorted(share.entries - {entry.id for entry in going}):
            raise UnknownName(what="entry", name=str(missing), hint="")
        work.interactions.move([entry.id for entry in going if entry.id is not None], made)
        numbers = [entry.message for entry in going if entry.message is not None]
        for no, mail in work.messages.get_many(numbers, 0).items():
            if mail.match.customer_id == whole:
                match = _renamed(mail.match, whole, made)
                work.messages.set_match(no, match)
                invoicing.follow(work, self.firm, no, match)


def _entries(work: Work, customer: str) -> Iterator[Interaction]:
    last: int | None = None
    while page := work.interactions.timeline(customer, before=last, limit=_PAGE):
        yield from page
        last = page[-1].id


def _renamed(match: Match, old: str, new: str) -> Match:
    candidates = dict.fromkeys(new if one == old else one for one in match.candidates)
    return replace(match, customer_id=new, candidates=tuple(candidates))
