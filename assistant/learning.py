"""Addresses that staff teach by filing a mail: kept with who said so, and taken back together with what they filed."""

from assistant import invoicing
from rules import learning
from rules.terms.customer import IdentifierKind, Known, Owners
from rules.terms.finding import Action, Match
from rules.terms.firm import Firm
from rules.terms.pooled import PooledMessage
from storage.pool import Work

# By these words a match says that the sender's address decided it.
_BY_ADDRESS = frozenset({"address", "alias"})


def learn(work: Work, mail: PooledMessage, match: Match, firm: Firm) -> None:
    """Remember whose address the writer's is; the same sender's open mails are matched again by that."""
    known = _taught(mail, match, firm)
    if known is not None:
        work.customers.teach(known)


def unlearn(work: Work, mail: PooledMessage, firm: Firm) -> None:
    """Take back what the decision on a mail taught, unless another mail filed by the same person teaches it too."""
    known = _taught(mail, mail.match, firm)
    if known is None:
        return
    theirs = work.messages.get_many(work.interactions.mails_of(known.customer_id, known.value), 0)
    if any(no != mail.no and _taught(other, other.match, firm) == known for no, other in theirs.items()):
        return
    work.customers.forget(known)
    reopen(work, firm, known.customer_id, known.value)


def reopen(work: Work, firm: Firm, customer_id: str, address: str) -> None:
    """Open the mails again that were filed because of an address which is no longer known as the customer's."""
    key = IdentifierKind.ADDRESS, address
    owners = work.customers.owners({IdentifierKind.ADDRESS: {address}}).get(key, Owners())
    if any(owner.customer_id == customer_id for owner in owners.known):
        return
    for no, mail in work.messages.get_many(work.interactions.mails_of(customer_id, address), 0).items():
        if mail.match.decided_by is None and any(piece.reason in _BY_ADDRESS for piece in mail.match.evidence):
            open_again(work, firm, no)


def open_again(work: Work, firm: Firm, no: int) -> None:
    """Take a mail off its customer; the background decides it anew once its sender or thread is marked."""
    nobodys = Match(Action.UNKNOWN)
    work.messages.set_match(no, nobodys)
    work.interactions.move_message(no, None, None)
    invoicing.follow(work, firm, no, nobodys)


def _taught(mail: PooledMessage, match: Match, firm: Firm) -> Known | None:
    address = learning.address(mail, firm)
    if address is None or match.decided_by is None or match.customer_id is None:
        return None
    return Known(IdentifierKind.ADDRESS, address, match.customer_id, match.contact_id, match.decided_by)
