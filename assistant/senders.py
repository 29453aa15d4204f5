"""What staff say of somebody who writes and is no customer: a supplier, an authority, or nobody to care about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.filing import readable
from rules.terms.errors import NotFound, WrongUse
from rules.terms.firm import Firm
from rules.terms.mail import Verdict
from rules.terms.pooled import PooledMessage
from rules.terms.staff import Viewer
from rules.terms.upkeep import SenderDecision, Stance
from storage.pool import Pool


@dataclass(frozen=True, slots=True)
class SenderBook:
    """What is said of senders. Who they are is told by a mail of theirs that the viewer may read."""

    pool: Pool
    firm: Firm

    def say(self, viewer: Viewer, numbers: Sequence[int], stance: Stance) -> None:
        """Say what the senders of these mails are; none of their open mails waits for anybody then.

        Raises:
            NotFound: the viewer may not read one of the mails.
            WrongUse: nobody can be named behind a mail, or somebody else pretends to be its sender.
        """
        with self.pool.begin() as work:
            for writer in {self._writer(readable(work, viewer, no)) for no in numbers}:
                work.senders.say(writer, stance, viewer.login, datetime.now(UTC))

    def unsay(self, viewer: Viewer, numbers: Sequence[int]) -> None:
        """Take back what was said last of the senders of these mails.

        Raises:
            NotFound: the viewer may not read one of the mails, or nothing was said.
        """
        with self.pool.begin() as work:
            writers = {readable(work, viewer, no).writer for no in numbers}
            said = work.senders.said(writers)
            if not said:
                raise NotFound
            for decision in said.values():
                work.senders.unsay(decision.id)

    def said(self, mail: PooledMessage) -> SenderDecision | None:
        """What counts of the sender of a mail."""
        if not mail.writer:
            return None
        with self.pool.read() as work:
            return work.senders.said({mail.writer}).get(mail.writer)

    def _writer(self, mail: PooledMessage) -> str:
        if not mail.writer or self.firm.is_own(mail.writer) or mail.verdict is Verdict.FAIL:
            raise WrongUse(
                problem="Nobody can be named for sure as the sender of this mail.",
                problem_de="Von dieser Mail lässt sich kein Absender sicher nennen.",
            )
        return mail.writer
