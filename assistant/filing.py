"""Filing mail by hand: confirming or correcting whose it is, and taking that back.

a person's word ──▶ match and timeline of the mail ──▶ the sender's address is learned (rules.learning)
    ──▶ the same sender's open mails, and those of the thread, are matched again in the background
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant import invoicing
from assistant.intake import entry
from assistant.learning import learn, unlearn
from assistant.repairing import Filed, propose
from assistant.restricting import check_used
from rules import learning
from rules.matching import distrusted
from rules.terms.customer import Customer
from rules.terms.errors import NotFound, UnknownName
from rules.terms.finding import Action, Evidence, Match
from rules.terms.firm import Firm
from rules.terms.mail import Direction, Verdict
from rules.terms.pooled import PooledMessage
from rules.terms.staff import Viewer
from storage.pool import Pool, Work


@dataclass(frozen=True, slots=True)
class Filing:
    """What staff decide about single mails. `firm`: who we are."""

    pool: Pool
    firm: Firm

    def file(self, viewer: Viewer, numbers: Sequence[int], customer_id: str, contact_id: str | None = None) -> None:
        """File mails under a customer, whatever was decided before; what was right is confirmed by that.

        Raises:
            NotFound: the viewer may not read one of them.
            UnknownName: there is no such customer, or the contact is not theirs.
        """
        with self.pool.begin() as work:
            customer = work.customers.get(customer_id)
            if customer is None:
                raise UnknownName(what="customer", name=customer_id, hint="")
            contact = work.customers.contact(contact_id) if contact_id else None
            if contact_id and (contact is None or contact.customer_id != customer.id):
                raise UnknownName(what="contact", name=contact_id, hint="")
            for no in numbers:
                file_mail(work, self.firm, viewer, readable(work, viewer, no), customer, contact_id)

    def undo(self, viewer: Viewer, numbers: Sequence[int]) -> None:
        """Take the last decision on mails back, with what was learned from it; the decision before it holds again.

        Raises:
            NotFound: the viewer may not read one of them, or nobody decided anything about it.
        """
        with self.pool.begin() as work:
            for no in numbers:
                undo_mail(work, self.firm, readable(work, viewer, no))


def with_open_ones(work: Work, viewer: Viewer, no: int) -> list[int]:
    """A mail and its sender's other open mails that the viewer may read; those under suspicion are left out.

    Raises:
        NotFound: the viewer may not read the mail.
    """
    mail = readable(work, viewer, no)
    others = work.senders.open_mails(mail.writer, viewer.mailboxes) if mail.writer else []
    found = work.messages.get_many(others, 0)
    return [no, *(one for one in others if one != no and one in found and not _doubted(found[one]))]


def _doubted(mail: PooledMessage) -> bool:
    return mail.verdict is Verdict.FAIL or learning.is_suspected(mail.match)


def readable(work: Work, viewer: Viewer, no: int, text_length: int | None = None) -> PooledMessage:
    """A mail that the viewer may decide about, because they may read it.

    Raises:
        NotFound: there is no such mail for them.
        Forbidden: it is a customer's whose data are only kept.
    """
    mail = work.messages.get(no, text_length)
    if mail is None or not mail.mailboxes & viewer.mailboxes:
        raise NotFound
    check_used(work, viewer, mail.match.customer_id, mail.arrived)
    return mail


def file_mail(
    work: Work,
    firm: Firm,
    viewer: Viewer,
    mail: PooledMessage,
    customer: Customer,
    contact_id: str | None = None,
    why: Sequence[Evidence] = (),
) -> None:
    """File one mail in the caller's unit of work; `why` are reasons beside the person's word."""
    same = mail.match.customer_id == customer.id
    reasons = [Evidence("staff", viewer.login), *why]
    if (address := learning.address(mail, firm)) is not None:
        reasons.append(Evidence("learned", address))
    if learning.is_suspected(mail.match):
        reasons.append(Evidence(learning.SUSPECTED, ""))
    match = Match(
        Action.ATTACH,
        customer_id=customer.id,
        contact_id=contact_id or (mail.match.contact_id if same else None),
        confidence=1.0,
        candidates=(customer.id,),
        evidence=tuple(reasons),
        decided_by=viewer.login,
    )
    if match == mail.match:
        return
    # A correction of a correction: what the first one taught was wrong.
    unlearn(work, mail, firm)
    work.messages.set_match(mail.no, match)
    _refile(work, firm, mail, match)
    filed = replace(mail, match=match)
    learn(work, filed, match, firm)
    propose(work, [Filed.of(filed)])
    work.rematching.mark_thread(mail.thread)


def undo_mail(work: Work, firm: Firm, mail: PooledMessage) -> None:
    """Take the last decision on one mail back in the caller's unit of work.

    Raises:
        NotFound: nobody decided anything about it.
    """
    if mail.match.decided_by is None:
        raise NotFound
    unlearn(work, mail, firm)
    match = work.messages.undo_match(mail.no)
    if match is None:
        raise NotFound
    if match.decided_by is None and mail.direction is Direction.INCOMING and mail.verdict is Verdict.FAIL:
        # A copy has failed the sender check since that was decided.
        match = distrusted(match, mail.message.sender.addr)
        work.messages.set_match(mail.no, match)
    _refile(work, firm, mail, match)
    learn(work, replace(mail, match=match), match, firm)
    # Much may have come to be known since.
    work.rematching.mark_sender(mail.writer)


def _refile(work: Work, firm: Firm, mail: PooledMessage, match: Match) -> None:
    """Move the mail's timeline entry to where it belongs now, and the invoices that it carried."""
    work.interactions.move_message(mail.no, None, None)
    if match.action is Action.ATTACH and match.customer_id:
        work.interactions.add([entry(mail.message, mail.reading, mail.direction, match, mail.no, mail.arrived)])
    invoicing.follow(work, firm, mail.no, match)
