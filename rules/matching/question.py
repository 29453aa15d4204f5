"""What has to be looked up first: who is behind a mail, and under which addresses and domains they may stand."""

from dataclasses import dataclass

from rules import addresses, threads
from rules.terms.firm import Firm
from rules.terms.mail import Direction, FolderRole, MailKind, Message, Reading, Verdict
from rules.writers import How, Writers, ambiguous_sender, writers


@dataclass(frozen=True, slots=True)
class Question:
    """Whose customer record is sought. `writers` says who is behind the mail, and which of its words are theirs.

    `doubtful`: it names its sender in a way that different programs read differently. `elsewhere` is the address to
    which an answer would go, where that is at another domain than the sender's. `addresses` and `domains` are the
    keys of the first look into the pool, `parents` the mails that this one answers.
    """

    direction: Direction
    writers: Writers
    kind: MailKind
    subject: str
    doubtful: bool
    elsewhere: str
    addresses: frozenset[str]
    domains: frozenset[str]
    parents: tuple[str, ...]
    firm: Firm

    @property
    def sender(self) -> str:
        """The canonical address of the first person sought; "" where only a name or a number is known."""
        return addresses.canonical(self.writers.people[0].addr) if self.writers.people else ""

    @property
    def speaks(self) -> bool:
        """Whether the mail's words tell who is sought: ours do not, nor do advertisements."""
        return self.writers.how is not How.RECIPIENT and self.kind is not MailKind.NEWSLETTER


def direction_of(message: Message, kind: MailKind, folder: FolderRole, verdict: Verdict, firm: Firm) -> Direction:
    """Ours or theirs: what lies in a Sent folder is ours, and what our own people wrote.

    An own address whose check failed is somebody else's writing; web forms and fax gateways pass on what others wrote,
    and a bounce is the mail server's.
    """
    if firm.is_web_form(message.sender.addr) or firm.is_gateway(message.sender.addr) or kind is MailKind.BOUNCE:
        return Direction.INCOMING
    own = firm.is_own(message.sender.addr)
    if folder is FolderRole.SENT or (own and verdict is not Verdict.FAIL):
        return Direction.OUTGOING
    return Direction.INCOMING


def question(message: Message, reading: Reading, direction: Direction, firm: Firm) -> Question:
    """Whose customer record is sought, and under which keys it may stand."""
    found = writers(message, reading, direction, firm)
    sought = [person.addr for person in found.people if "@" in person.addr]
    return Question(
        direction=direction,
        writers=found,
        kind=reading.kind,
        subject=message.subject,
        doubtful=ambiguous_sender(message) if found.how is How.SENDER else found.doubtful,
        elsewhere=_elsewhere(message),
        addresses=frozenset(key for addr in sought for key in (addresses.canonical(addr), addresses.mailbox(addr))),
        domains=frozenset(name for addr in sought if (name := addresses.company_domain(addr, firm))),
        parents=threads.parents(message),
        firm=firm,
    )


def _elsewhere(message: Message) -> str:
    own = addresses.registrable(addresses.domain_of(message.sender.addr))
    answered = (addresses.canonical(person.addr) for person in message.reply_to if person.addr)
    return next((addr for addr in answered if addresses.registrable(addresses.domain_of(addr)) != own), "")
