"""One question some days after a case was solved, if the firm wants that: would you recommend us?

    case solved → (days) → token made, mail into the outbox, digest kept → page /s/<token> → survey answer

Asked at most once per customer in the months that are set, never who objects to advertising or whose data are
restricted, and only who wrote in the case. The token is in the mail alone; the pool keeps its digest.
"""

import hashlib
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self
from urllib.parse import urlsplit

from assistant.bookkeeping import book
from assistant.outbox import post
from assistant.settings import Settings
from rules.terms.case import Case
from rules.terms.customer import PartyKind
from rules.terms.errors import NotFound, WrongUse
from rules.terms.firm import Firm
from rules.terms.ledger import SurveyAnswer
from rules.terms.mail import Direction, MailKind, Verdict
from rules.terms.outgoing import Invitation, OutgoingKind
from rules.terms.pooled import PooledMessage
from rules.terms.worth import Bar
from rules.triage import automatic
from storage.pool import Pool, Work

# A case that was solved longer ago than the days that are set and these is asked about no more: nobody remembers.
LATE = timedelta(days=7)
# For so long after it was given an answer can be changed.
CHANGEABLE = timedelta(days=7)
LONGEST_COMMENT = 4000
_MONTH = timedelta(days=30.44)
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Asks customers, and takes their answers. `told` hears whose record changed."""

    pool: Pool
    settings: Settings
    firm: Firm
    told: Callable[[str], None] = lambda customer: None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    @classmethod
    def by(cls, settings: Settings, pool: Pool, told: Callable[[str], None] = lambda customer: None) -> Self:
        """As kingpost.toml says."""
        return cls(pool, settings, settings.as_firm(), told)

    @property
    def on(self) -> bool:
        """Whether anybody is asked: the link has to lead here from outside."""
        of = self.settings
        return of.satisfaction.enabled and of.outgoing.on and is_public(of.base_url)

    def run(self, stop: threading.Event) -> None:
        """Ask about the cases that were solved long enough ago; most often there is none."""
        if not self.on:
            return
        last = self.clock() - timedelta(days=self.settings.satisfaction.days)
        with self.pool.read() as work:
            cases = work.cases.solved_between(last - LATE, last, _AT_ONCE * 10)
            cases = [case for case in cases if self._may_be_asked(work, case)]
        for case in cases[:_AT_ONCE]:
            if stop.is_set():
                return
            with self.pool.begin() as work:
                # Another case of theirs may have been asked about a moment ago.
                if self._may_be_asked(work, case):
                    self._ask(work, case)

    def invitation(self, token: str) -> Invitation:
        """The invitation that a token opens.

        Raises:
            NotFound: there is none, it is over, or its answer can no longer be changed.
        """
        with self.pool.read() as work:
            found = work.invitations.get(digest(token))
        if found is None or self._over(found):
            raise NotFound
        return found

    def answer(self, token: str, score: int, comment: str) -> Invitation:
        """Take an answer, or another in its place.

        Raises:
            NotFound: as `invitation` says, or the customer is gone.
            WrongUse: the score is not between 0 and 10.
        """
        if not 0 <= score <= 10:
            raise WrongUse(problem="Choose a number from 0 to 10.", problem_de="Wählen Sie eine Zahl von 0 bis 10.")
        now = self.clock()
        with self.pool.begin() as work:
            found = work.invitations.get(digest(token))
            if found is None or self._over(found):
                raise NotFound
            customer = work.customers.get(found.customer_id)
            if customer is None:
                raise NotFound
            # The day of the first answer stays: by day and name an answer is known again.
            day = (found.answered or now).date()
            # The name says where it comes from, and is the same for a changed answer.
            name = f"kingpost:case-{found.case}:{found.digest[:16]}"
            row = SurveyAnswer(customer.id, day, score, found.contact_id, comment.strip()[:LONGEST_COMMENT], name)
            book(work, [row])
            work.invitations.answer(found.digest, now)
        self.told(customer.id)
        return found

    def _over(self, found: Invitation) -> bool:
        now = self.clock()
        return now > found.expires or (found.answered is not None and now > found.answered + CHANGEABLE)

    def _may_be_asked(self, work: Work, case: Case) -> bool:
        customer = work.customers.get(case.customer_id or "")
        if customer is None or PartyKind.CUSTOMER not in customer.party or work.invitations.of_case(case.id):
            return False
        if work.restrictions.of(customer.id) or Bar.OBJECTION in work.decisions.bars([customer.id]).get(
            customer.id, ()
        ):
            return False
        last = work.invitations.last_of(customer.id)
        return last is None or last < self.clock() - self.settings.satisfaction.months * _MONTH

    def _ask(self, work: Work, case: Case) -> None:
        asked = self._writer(work, case)
        if asked is None:
            return
        now, of = self.clock(), self.settings
        token = secrets.token_urlsafe(24)
        contact = work.customers.contact(asked.match.contact_id) if asked.match.contact_id else None
        customer = work.customers.get(case.customer_id or "")
        language = ((contact.language if contact else "") or asked.reading.language or of.firm.language).lower()[:2]
        link = f"{of.base_url}/s/{token}"
        name = customer.name if customer else ""
        words = automatic.question(case.subject, contact, name, language, of.firm.name, link, of.satisfaction.texts)
        made = post(
            work,
            of.outgoing,
            OutgoingKind.SATISFACTION,
            once=f"case-{case.id}",
            recipient=asked.message.sender.addr.lower(),
            subject=words.subject,
            text=words.text,
            now=now,
            customer_id=case.customer_id,
            contact_id=asked.match.contact_id,
            case=case.id,
        )
        if made is None:
            return
        expires = now + timedelta(days=of.satisfaction.valid_days)
        spoken = automatic.spoken(language, {})
        work.invitations.put(
            Invitation(
                digest(token), case.customer_id or "", asked.match.contact_id or "", case.id, spoken, now, expires
            )
        )

    def _writer(self, work: Work, case: Case) -> PooledMessage | None:
        """The latest mail of the customer's own people in a case; None where nobody can be asked."""
        numbers = work.cases.messages_of(case.id)
        for mail in reversed(list(work.messages.get_many(numbers, 0).values())):
            theirs = mail.direction is Direction.INCOMING and mail.reading.kind is MailKind.PERSON and not mail.history
            sure = mail.verdict is not Verdict.FAIL and not mail.match.spoof
            same = mail.match.customer_id == case.customer_id
            if theirs and sure and same and automatic.reachable(mail.message.sender.addr.lower(), self.firm):
                return mail
        return None


def digest(token: str) -> str:
    """What the pool keeps of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def is_public(base_url: str) -> bool:
    """Whether an address can be opened by somebody outside: over TLS, and not this machine's own."""
    parts = urlsplit(base_url)
    return parts.scheme == "https" and (parts.hostname or "localhost") not in ("localhost", "127.0.0.1", "::1")
