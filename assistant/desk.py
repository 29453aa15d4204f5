"""What staff do with mailboxes and quarantine from a page or the API: read again, follow, mark, look into Junk."""

from dataclasses import dataclass

from assistant.events import Broker
from assistant.intake import Intake
from assistant.mailboxes import Mailboxes
from rules.terms.errors import Forbidden, NotFound
from rules.terms.mail import Mailbox, MailboxKind
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

    def set_follow(self, viewer: Viewer, mailbox: str, on: bool) -> None:
        """Let sidebars follow what is opened in a mailbox, or stop it: its owner decides, for a shared one a lead.

        Raises:
            NotFound: the viewer may not read that mailbox.
            Forbidden: neither owner nor lead.
        """
        with self.pool.begin() as work:
            _may_switch(work, viewer, mailbox)
            work.mailboxes.set_follow(mailbox, on)
            followed = {one.name for one in work.mailboxes.all() if one.follow}
        self.broker.set_followed(followed)

    def set_marks(self, viewer: Viewer, mailbox: str, on: bool) -> None:
        """Let Kingpost write its keywords into a mailbox, or take them out: the same people decide.

        Raises:
            NotFound: the viewer may not read that mailbox, or it is no account on a mail server.
            Forbidden: neither owner nor lead.
        """
        with self.pool.begin() as work:
            if _may_switch(work, viewer, mailbox).kind is not MailboxKind.IMAP:
                raise NotFound
            work.mailboxes.set_marks(mailbox, on)

    def set_junk(self, viewer: Viewer, mailbox: str, on: bool) -> None:
        """Look for customers in a mailbox's Junk folder, or no longer: the same people decide.

        Raises:
            NotFound: the viewer may not read that mailbox, or it is no account on a mail server.
            Forbidden: neither owner nor lead.
            WrongUse: it stands in kingpost.toml.
        """
        with self.pool.read() as work:
            if _may_switch(work, viewer, mailbox).kind is not MailboxKind.IMAP:
                raise NotFound
        self.mailboxes.set_junk(mailbox, on)


def _may_switch(work: Work, viewer: Viewer, mailbox: str) -> Mailbox:
    found = work.mailboxes.get(mailbox)
    if found is None or mailbox not in viewer.mailboxes:
        raise NotFound
    if not (found.owner == viewer.login if found.personal else viewer.role.at_least(Role.LEAD)):
        raise Forbidden
    return found
