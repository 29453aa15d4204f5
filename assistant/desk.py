"""What staff do with stored mail and mailboxes from a page or the API: confirm, correct, undo, retry, follow."""

from dataclasses import dataclass

from assistant.events import Broker
from assistant.intake import Intake, entry
from assistant.mailboxes import Mailboxes
from rules.matching import distrusted
from rules.terms.errors import Forbidden, NotFound, UnknownName
from rules.terms.finding import Action, Evidence, Match
from rules.terms.mail import Direction, Verdict
from rules.terms.pooled import PooledMessage
from rules.terms.staff import Role, Viewer
from storage.pool import Pool, Work


@dataclass(frozen=True, slots=True)
class Desk:
    """The actions of staff. Each checks that the viewer may do it."""

    pool: Pool
    intake: Intake
    mailboxes: Mailboxes
    broker: Broker

    def retry_quarantined(self, quarantined: int) -> bool:
        """Read a mail from the quarantine again; True when it is in the pool now.

        Raises:
            NotFound: there is no such mail in quarantine.
        """
        return self.mailboxes.retry(quarantined, self.intake)

    def correct_match(self, viewer: Viewer, no: int, customer_id: str, contact_id: str | None) -> None:
        """File a mail under the customer that the viewer names, whatever was decided before.

        Raises:
            NotFound: the viewer may not read that mail.
            UnknownName: there is no such customer, or the contact is not theirs.
        """
        with self.pool.begin() as work:
            mail = _readable(work, viewer, no)
            if work.customers.get(customer_id) is None:
                raise UnknownName(what="customer", name=customer_id, hint="")
            contact = work.customers.contact(contact_id) if contact_id else None
            if contact_id and (contact is None or contact.customer_id != customer_id):
                raise UnknownName(what="contact", name=contact_id, hint="")
            match = Match(
                Action.ATTACH,
                customer_id=customer_id,
                contact_id=contact_id,
                confidence=1.0,
                candidates=(customer_id,),
                evidence=(Evidence("staff", viewer.login),),
                decided_by=viewer.login,
            )
            work.messages.set_match(no, match)
            _refile(work, mail, match)

    def undo_match(self, viewer: Viewer, no: int) -> None:
        """Take the last correction back; the decision before it holds again.

        Raises:
            NotFound: the viewer may not read that mail, or nothing was corrected.
        """
        with self.pool.begin() as work:
            mail = _readable(work, viewer, no)
            match = work.messages.undo_match(no) if mail.match.decided_by else None
            if match is None:
                raise NotFound
            if match.decided_by is None and mail.direction is Direction.INCOMING and mail.verdict is Verdict.FAIL:
                # A copy has failed the sender check since that was decided.
                match = distrusted(match, mail.message.sender.addr)
                work.messages.set_match(no, match)
            _refile(work, mail, match)

    def set_follow(self, viewer: Viewer, mailbox: str, on: bool) -> None:
        """Let sidebars follow what is opened in a mailbox, or stop it: its owner decides, for a shared one a lead.

        Raises:
            NotFound: the viewer may not read that mailbox.
            Forbidden: neither owner nor lead.
        """
        with self.pool.begin() as work:
            found = work.mailboxes.get(mailbox)
            if found is None or mailbox not in viewer.mailboxes:
                raise NotFound
            if not (found.owner == viewer.login if found.personal else viewer.role.at_least(Role.LEAD)):
                raise Forbidden
            work.mailboxes.set_follow(mailbox, on)
            followed = {one.name for one in work.mailboxes.all() if one.follow}
        self.broker.set_followed(followed)


def _readable(work: Work, viewer: Viewer, no: int) -> PooledMessage:
    mail = work.messages.get(no)
    if mail is None or not mail.mailboxes & viewer.mailboxes:
        raise NotFound
    return mail


def _refile(work: Work, mail: PooledMessage, match: Match) -> None:
    """Move the mail's timeline entry to where it belongs now."""
    work.interactions.move_message(mail.no, None, None)
    if match.action is Action.ATTACH and match.customer_id:
        work.interactions.add([entry(mail.message, mail.reading, mail.direction, match, mail.no, mail.arrived)])
