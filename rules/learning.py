"""What a person's word about one mail teaches: that its sender's address is the customer's, if the mail proves it.

Nothing is learned from a mail whose sender check failed or that was suspected, nor of an address that others use too:
a relay's, a form's, our own.
"""

from rules import addresses
from rules.terms.finding import Match
from rules.terms.firm import Firm
from rules.terms.mail import Direction, Verdict
from rules.terms.pooled import PooledMessage
from rules.writers import How, writers

# The mark that a suspected mail keeps when somebody files it by hand all the same.
SUSPECTED = "suspected"


def address(mail: PooledMessage, firm: Firm) -> str | None:
    """The address that may be learned from a mail, in its compared spelling; None where there is none."""
    sender = addresses.canonical(mail.message.sender.addr)
    if mail.direction is not Direction.INCOMING or mail.verdict is Verdict.FAIL or is_suspected(mail.match):
        return None
    if not mail.writer or mail.writer != sender or firm.is_own(sender):
        return None
    found = writers(mail.message, mail.reading, mail.direction, firm)
    return sender if found.how is How.SENDER and not found.doubtful else None


def is_suspected(match: Match) -> bool:
    """Whether a mail is, or was before somebody filed it by hand, under suspicion of being forged."""
    return match.spoof or any(piece.reason == SUSPECTED for piece in match.evidence)
