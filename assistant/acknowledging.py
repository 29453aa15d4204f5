"""Thanks for a message that has become a case, if the firm wants that: put into the outbox with the case itself.

Never to machines, to ourselves, to who may be somebody else, to suppliers, nor of old mail; at most one a day to an
address, and few to a customer, so that two machines that answer each other come to an end.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from assistant.outbox import post
from assistant.settings import Settings
from rules.terms.customer import Contact, Customer, PartyKind
from rules.terms.finding import Action, Match
from rules.terms.firm import Firm
from rules.terms.mail import MailKind, Message
from rules.terms.outgoing import OutgoingKind
from rules.triage import automatic
from storage.pool import Work

_DAY = timedelta(days=1)
# Who wrote longer ago does not wonder any more whether it arrived.
FRESH = timedelta(days=1)
# Of one customer in a day, and of all in an hour: more are a loop, or an attack.
MOST_OF_CUSTOMER, MOST_OF_ALL = 3, 100
_ACKNOWLEDGEMENT = OutgoingKind.ACKNOWLEDGEMENT


@dataclass(frozen=True, slots=True)
class Acknowledging:
    """Decides whether a mail is acknowledged, and with which words."""

    settings: Settings
    firm: Firm

    def acknowledge(
        self,
        work: Work,
        message: Message,
        kind: MailKind,
        match: Match,
        customer: Customer | None,
        language: str,
        *,
        written: datetime,
        case: int,
        now: datetime,
    ) -> bool:
        """Let a thank-you wait to be sent; whether one does.

        The caller has seen that the sender is not suspected to be somebody else, and that the mail is no history.

        Args:
            work: the unit of work that opens the case.
            message: what is answered.
            kind: who or what wrote it.
            match: whose it is.
            customer: the customer of the match.
            language: in which it is written, "" where undecided.
            written: when.
            case: the number of its case.
            now: the present moment.
        """
        of, recipient = self.settings, message.sender.addr.lower()
        if not (of.acknowledgement.enabled and of.outgoing.on) or now - written > FRESH:
            return False
        if not self._is_customer(work, match, customer) or recipient == of.outgoing.address.lower():
            return False
        if not automatic.answerable(message, kind, self.firm) or self._often(work, recipient, match, now):
            return False
        # Whoever answers what we sent by machine has had our thanks.
        if work.outbox.ours({*message.in_reply_to, *message.references}):
            return False
        contact = work.customers.contact(match.contact_id) if match.contact_id else None
        words = self._words(message, contact, customer, language)
        made = post(
            work,
            of.outgoing,
            _ACKNOWLEDGEMENT,
            once=f"{recipient}:{now.astimezone(UTC).date().isoformat()}",
            recipient=recipient,
            subject=words.subject,
            text=words.text,
            now=now,
            in_reply_to=message.message_id or "",
            customer_id=match.customer_id,
            contact_id=match.contact_id,
            case=case,
        )
        return made is not None

    def _is_customer(self, work: Work, match: Match, customer: Customer | None) -> bool:
        if match.action is not Action.ATTACH or match.spoof or customer is None:
            return False
        return PartyKind.CUSTOMER in customer.party and work.restrictions.of(customer.id) is None

    def _often(self, work: Work, recipient: str, match: Match, now: datetime) -> bool:
        since = work.outbox.since
        return (
            since(_ACKNOWLEDGEMENT, now - _DAY, recipient=recipient) > 0
            or since(_ACKNOWLEDGEMENT, now - _DAY, customer_id=match.customer_id or "") >= MOST_OF_CUSTOMER
            or since(_ACKNOWLEDGEMENT, now - timedelta(hours=1)) >= MOST_OF_ALL
        )

    def _words(
        self, message: Message, contact: Contact | None, customer: Customer | None, language: str
    ) -> automatic.Words:
        own, firm = self.settings.acknowledgement.texts, self.settings.firm
        spoken = (contact.language if contact else "") or language or firm.language
        name = customer.name if customer else ""
        return automatic.acknowledgement(message, contact, name, spoken.lower()[:2], firm.name, own)
