"""The address book repairs itself: what filed mail suggests, kept until somebody accepts or dismisses it, and undone.

An accepted repair is written into the record; the firm's own import wins for the fields it holds (assistant.changing).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Self

from assistant import changing
from assistant.learning import reopen
from assistant.referring import MAIL, REFERRED_BY, note, recommended
from rules import addresses, identifiers, learning, repairs
from rules.repairs import Repair
from rules.terms.customer import Contact, Customer
from rules.terms.errors import NotFound, WrongUse
from rules.terms.finding import Action, Match
from rules.terms.firm import Firm
from rules.terms.mail import Direction, Message, Reading, Verdict
from rules.terms.pooled import PooledMessage
from rules.terms.staff import Viewer
from rules.terms.upkeep import Proposal, ProposalState
from storage.pool import Pool, Work

# How a record's yes and no are written in a proposal's fields.
_YES_NO = {"yes": True, "no": False}
# Among what an accepted proposal replaced: the contact to whom it was added, who was there already.
_ID = "id"


@dataclass(frozen=True, slots=True)
class Filed:
    """A mail with what was decided about it, as far as repairs need to know it."""

    no: int
    message: Message
    reading: Reading
    direction: Direction
    verdict: Verdict
    match: Match

    @classmethod
    def of(cls, mail: PooledMessage) -> Self:
        """A stored mail."""
        return cls(mail.no, mail.message, mail.reading, mail.direction, mail.verdict, mail.match)


def propose(work: Work, mails: Iterable[Filed], at: datetime | None = None) -> None:
    """Keep what the filed ones of these mails suggest to change in their customers' records; again changes nothing."""
    telling = [(mail, mail.match.customer_id) for mail in mails if _may_suggest(mail)]
    people = {mail.match.contact_id for mail, _ in telling if mail.match.contact_id}
    files = work.customers.files_of({id for _, id in telling if id}, people)
    found: list[Proposal] = []
    for mail, id in telling:
        file = files.get(id or "")
        if file is None:
            continue
        region = file.customer.country.upper() or identifiers.REGION
        found += (
            Proposal(
                kind=one.repair.value,
                message=mail.no,
                customer_id=file.customer.id,
                contact_id=one.contact_id,
                payload=one.fields,
                quote=one.quote,
                since=at or datetime.now(UTC),
            )
            for one in (
                *repairs.suggestions(mail.message, mail.reading, file, mail.match.contact_id, region),
                *recommended(work, mail.reading, file.customer.id),
            )
        )
    _keep(work, found)


def _keep(work: Work, found: Iterable[Proposal]) -> None:
    """Store proposals, a new person at a customer's once for each address: further mails only add what is missing."""
    others: list[Proposal] = []
    told: dict[tuple[str, str], list[Proposal]] = {}
    for one in found:
        email = one.fields.get("email", "") if one.kind == Repair.NEW_CONTACT else ""
        if email:
            told.setdefault((one.customer_id, addresses.canonical(email)), []).append(one)
        else:
            others.append(one)
    before = {
        (one.customer_id, addresses.canonical(one.fields.get("email", ""))): one
        for one in work.proposals.of_kind(Repair.NEW_CONTACT, {customer_id for customer_id, _ in told})
    }
    for place, same in told.items():
        first = before.get(place, same[0])
        fields = {name: value for one in reversed([first, *same]) for name, value in one.payload.items()}
        if place not in before:
            others.append(replace(first, payload=fields))
        elif first.state is ProposalState.OPEN and fields != first.payload:
            work.proposals.supplement(first.id, fields)
    work.proposals.add(others)


def _may_suggest(mail: Filed) -> bool:
    trusted = mail.verdict is not Verdict.FAIL and not learning.is_suspected(mail.match)
    return trusted and mail.direction is Direction.INCOMING and mail.match.action is Action.ATTACH


@dataclass(frozen=True, slots=True)
class Repairs:
    """What staff decide about proposals."""

    pool: Pool
    firm: Firm

    def accept(self, viewer: Viewer, number: int) -> None:
        """Write a proposal into the record.

        Raises:
            NotFound: there is no such open proposal for the viewer.
            WrongUse: the record it is about is gone.
        """
        with self.pool.begin() as work:
            proposal = _found(work, viewer, number)
            if proposal.state is not ProposalState.OPEN:
                raise NotFound
            was = self._apply(work, proposal, viewer.login)
            work.proposals.resolve(number, ProposalState.ACCEPTED, viewer.login, datetime.now(UTC), was)

    def dismiss(self, viewer: Viewer, number: int) -> None:
        """Leave the record as it is; the same is not proposed again.

        Raises:
            NotFound: there is no such open proposal for the viewer.
        """
        with self.pool.begin() as work:
            _found(work, viewer, number)
            if not work.proposals.resolve(number, ProposalState.DISMISSED, viewer.login, datetime.now(UTC)):
                raise NotFound

    def undo(self, viewer: Viewer, number: int) -> None:
        """Take a decision back: the record is as it was, but for fields that an import has changed since.

        Raises:
            NotFound: there is no such decided proposal for the viewer.
        """
        with self.pool.begin() as work:
            proposal = _found(work, viewer, number)
            if not work.proposals.reopen(number):
                raise NotFound
            if proposal.state is ProposalState.ACCEPTED:
                self._take_back(work, proposal)

    def _apply(self, work: Work, proposal: Proposal, staff: str) -> dict[str, str]:
        """Change the record; what its fields were."""
        customer = _customer(work, proposal)
        if proposal.kind == Repair.NEW_CONTACT:
            known = _of_address(work, proposal)
            if known is not None:
                missing = {name: value for name, value in proposal.fields.items() if not getattr(known, name)}
                fuller = replace(known, **_typed(missing))
                changing.put_contact(work, self.firm, fuller, customer.country, staff, known)
                return {_ID: known.id} | _texts(known, missing)
            made = Contact(new_contact_id(proposal), customer.id, **_typed(proposal.fields))
            changing.put_contact(work, self.firm, made, customer.country)
            changing.name_writer(work, customer.id, made.email, None, made.id)
            return {}
        if proposal.kind == Repair.REFERRAL:
            note(work, customer.id, proposal.fields[REFERRED_BY], datetime.now(UTC).date(), MAIL)
            return {}
        if not proposal.contact_id:
            changed = replace(customer, **_typed(proposal.fields))
            changing.put_customer(work, self.firm, changed, staff, customer)
            return _texts(customer, proposal.fields)
        contact = work.customers.contact(proposal.contact_id)
        if contact is None:
            raise _gone()
        fields = dict(proposal.fields)
        if proposal.kind == Repair.NEW_EMAIL and contact.email and not contact.email2:
            # Who has a new address stays known under the old one.
            fields["email2"] = contact.email
        changed_contact = replace(contact, **_typed(fields))
        changing.put_contact(work, self.firm, changed_contact, customer.country, staff, contact)
        return _texts(contact, fields)

    def _take_back(self, work: Work, proposal: Proposal) -> None:
        customer, staff = _customer(work, proposal), proposal.staff or ""
        contact_id = proposal.was.get(_ID, proposal.contact_id)
        if proposal.kind == Repair.NEW_CONTACT and not contact_id:
            made = work.customers.contact(new_contact_id(proposal))
            if made is not None:
                changing.name_writer(work, customer.id, made.email, made.id, None)
                work.customers.remove_contact(made.id)
                reopen(work, self.firm, customer.id, made.email)
        elif proposal.kind == Repair.REFERRAL:
            work.referrals.remove(customer.id, proposal.fields[REFERRED_BY])
        elif not contact_id:
            before = replace(customer, **_typed(_restored(customer, proposal)))
            accepted = replace(before, **_typed(proposal.fields))
            changing.take_back_customer(work, self.firm, accepted, before, staff)
        elif (contact := work.customers.contact(contact_id)) is not None:
            earlier = replace(contact, **_typed(_restored(contact, proposal)))
            accepted_fields = {name: value for name, value in proposal.fields.items() if name in proposal.was}
            changed = replace(earlier, **_typed(accepted_fields))
            changing.take_back_contact(work, self.firm, changed, earlier, customer.country, staff)


def new_contact_id(proposal: Proposal) -> str:
    """The id of the contact that an accepted proposal makes."""
    return f"{changing.BY_HAND}P{proposal.id}"


def _of_address(work: Work, proposal: Proposal) -> Contact | None:
    """Who has the address of a proposed person at that customer by now."""
    email = addresses.canonical(proposal.fields.get("email", ""))
    people = work.customers.contacts_of(proposal.customer_id) if email else []
    alike = [one for one in people if email in map(addresses.canonical, (one.email, one.email2))]
    return max(alike, key=lambda one: one.active, default=None)


def _found(work: Work, viewer: Viewer, number: int) -> Proposal:
    proposal = work.proposals.get(number, viewer.mailboxes)
    if proposal is None:
        raise NotFound
    return proposal


def _customer(work: Work, proposal: Proposal) -> Customer:
    customer = work.customers.get(proposal.customer_id)
    if customer is None:
        raise _gone()
    return customer


def _gone() -> WrongUse:
    return WrongUse(
        problem="The record that this is about is gone.",
        problem_de="Den Datensatz, um den es geht, gibt es nicht mehr.",
    )


def _restored(record: Customer | Contact, proposal: Proposal) -> dict[str, str]:
    """The former values of the fields that still hold what was accepted; an import wins for the others."""
    now = _texts(record, proposal.was)
    # What a new address pushed aside stands in the second one.
    accepted = {"email2": proposal.was.get("email", "")} | dict(proposal.fields)
    return {name: value for name, value in proposal.was.items() if now[name] == accepted.get(name)}


def _texts(record: Customer | Contact, names: Iterable[str]) -> dict[str, str]:
    """Some of a record's fields as a proposal writes them."""
    values = {name: getattr(record, name) for name in names}
    words = {value: word for word, value in _YES_NO.items()}
    return {name: words[value] if isinstance(value, bool) else str(value) for name, value in values.items()}


def _typed(fields: Mapping[str, str]) -> dict[str, Any]:
    return {name: _YES_NO[value] if name == "active" else value for name, value in fields.items()}
