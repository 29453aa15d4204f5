"""Mail that Kingpost sends itself, by the firm's own account: put into the pool with its cause, sent from there.

    post()          in the transaction of the cause; the same `once` is taken only once
    Outbox.run()    claims one mail (committed), hands it to the server, says what became of it (committed)

A crash between the two leaves a mail in SENDING; when nobody can be sending it any more it is uncertain, is shown, and
only a person sends it again. Alarms, acknowledgements and questions all go this way.
"""

import secrets
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from assistant.grants import Grants, Login
from assistant.named_secrets import named_secret
from assistant.providers import Providers
from assistant.settings import OutgoingSettings, Settings
from connectors.smtp.sending import FOR_CONTENT, PATIENCE, Account, Sending, connected
from rules.terms.errors import (
    ConnectorError,
    Forbidden,
    KeyUnfit,
    KingpostError,
    NotFound,
    PasswordMissing,
    SendingRefused,
    SendingUncertain,
    WrongUse,
)
from rules.terms.firm import domain_of
from rules.terms.outgoing import OutgoingKind, OutgoingMail, OutgoingState
from rules.terms.staff import Role, Viewer
from storage.pool import Pool, Work
from storage.secrets import Vault

# How long after each failure it is tried again, and when nobody tries any more.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60))
GIVE_UP = timedelta(days=1)
# Longer nobody can be sending one mail: every step has its limit.
LONGEST = timedelta(seconds=10 * PATIENCE + FOR_CONTENT)
# What came to its end is kept for so long, so that it can be looked at and nothing is sent twice.
KEPT = timedelta(days=400)
_SECRET = "outgoing"  # noqa: S105 — the name of it
_SUBJECT = 200
# What says to other machines that a machine wrote this (RFC 3834; Precedence and the last by custom).
_ANSWERS = {OutgoingKind.ACKNOWLEDGEMENT}

Connect = Callable[[Account, str], AbstractContextManager[Sending]]


def post(
    work: Work,
    settings: OutgoingSettings,
    kind: OutgoingKind,
    *,
    once: str,
    recipient: str,
    subject: str,
    text: str,
    now: datetime,
    in_reply_to: str = "",
    customer_id: str | None = None,
    contact_id: str | None = None,
    case: int | None = None,
) -> OutgoingMail | None:
    """Let a mail wait to be sent, in the unit of work of its cause; None where one of the same `once` was before."""
    mail = OutgoingMail(
        kind=kind,
        recipient=recipient,
        subject=" ".join(subject.split())[:_SUBJECT],
        text=text,
        once=f"{kind.value}:{once}",
        message_id=f"kingpost.{secrets.token_hex(16)}@{domain_of(settings.address) or 'localhost'}",
        created=now,
        due=now,
        in_reply_to=in_reply_to,
        customer_id=customer_id,
        contact_id=contact_id,
        case=case,
    )
    return work.outbox.put(mail)


@dataclass(frozen=True, slots=True)
class Outbox:
    """Sends what waits. `publish` is told which cases changed."""

    pool: Pool
    settings: Settings
    publish: Callable[[frozenset[int]], None] = lambda cases: None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    connect: Connect = connected

    def run(self, stop: threading.Event) -> None:
        """Send what is due; most often nothing is, and then nothing is written."""
        self._tell_stuck()
        while not stop.is_set():
            with self.pool.read() as work:
                due = work.outbox.due(self.clock())
            if not due or not self._send(due, stop):
                return

    def check(self) -> None:
        """Try the account without sending anything.

        Raises:
            WrongUse: none is set.
            ConnectorError: it cannot be used.
        """
        if not self.settings.outgoing.on:
            raise WrongUse(
                problem="[outgoing] names no host and sender: nothing can be sent.",
                problem_de="[outgoing] nennt host und sender nicht: Es kann nichts gesendet werden.",
            )
        with self.connect(self._account(), self._domain):
            pass

    def set_password(self, password: str) -> None:
        """Seal the account's password in the pool."""
        sealed = self._vault.seal(password)
        with self.pool.begin() as work:
            work.outbox.set_secret(_SECRET, sealed)

    # what people do

    def cancel(self, viewer: Viewer, number: int) -> OutgoingMail:
        """Take back what waits, or leave it at that what failed.

        Raises:
            Forbidden: the viewer is no lead.
            NotFound: there is none for them, or it is sent or being sent.
        """
        return self._by_hand(viewer, number, lambda work: work.outbox.cancel(number, self.clock()))

    def again(self, viewer: Viewer, number: int) -> OutgoingMail:
        """Send once more what failed or is uncertain.

        Raises:
            Forbidden: the viewer is no lead.
            NotFound: there is none for them, or it is none of these.
        """
        return self._by_hand(viewer, number, lambda work: work.outbox.again(number, self.clock()))

    def _by_hand(self, viewer: Viewer, number: int, move: Callable[[Work], bool]) -> OutgoingMail:
        if not viewer.role.at_least(Role.LEAD):
            raise Forbidden
        with self.pool.begin() as work:
            if work.outbox.get(number, viewer.mailboxes) is None or not move(work):
                raise NotFound
            mail = work.outbox.get(number)
        if mail is None:
            raise NotFound
        self._tell(mail)
        return mail

    # sending

    def _send(self, due: list[OutgoingMail], stop: threading.Event) -> bool:
        """Send some over one connection; False when the server is not to be had, so that the others wait too."""
        try:
            if not self.settings.outgoing.on:
                raise WrongUse(
                    problem="[outgoing] names no host and sender.", problem_de="[outgoing] nennt host und sender nicht."
                )
            with self.connect(self._account(), self._domain) as sending:
                for mail in due:
                    if stop.is_set():
                        return False
                    self._send_one(sending, mail)
        except (ConnectorError, KeyUnfit, WrongUse) as error:
            # Nobody has said a word of any mail yet.
            for mail in due:
                if self._claimed(mail):
                    self._settle_failure(mail, error)
            return False
        return True

    def _send_one(self, sending: Sending, mail: OutgoingMail) -> None:
        if not self._claimed(mail):
            return
        try:
            sending.send(self.settings.outgoing.address, mail.recipient, written(mail, self.settings, self.clock()))
        except ConnectorError as error:
            self._settle_failure(mail, error)
        else:
            self._settle(mail, OutgoingState.SENT)

    def _claimed(self, mail: OutgoingMail) -> bool:
        with self.pool.begin() as work:
            return work.outbox.claim(mail.id, self.clock())

    def _settle_failure(self, mail: OutgoingMail, error: KingpostError) -> None:
        now = self.clock()
        told = (error.text("en"), error.text("de"))
        if isinstance(error, SendingUncertain):
            self._settle(mail, OutgoingState.UNCERTAIN, error=told)
        elif isinstance(error, SendingRefused) or now - mail.created >= GIVE_UP:
            self._settle(mail, OutgoingState.FAILED, error=told)
        else:
            pause = PAUSES[min(mail.tries, len(PAUSES) - 1)]
            self._settle(mail, OutgoingState.PENDING, due=now + pause, error=told)

    def _settle(
        self,
        mail: OutgoingMail,
        state: OutgoingState,
        *,
        due: datetime | None = None,
        error: tuple[str, str] = ("", ""),
    ) -> None:
        with self.pool.begin() as work:
            work.outbox.settle(mail.id, state, self.clock(), due=due, error=error)
        self._tell(mail)

    def _tell_stuck(self) -> None:
        """Whoever was sending these is gone, and nobody knows how far they came."""
        now = self.clock()
        with self.pool.read() as work:
            stuck = work.outbox.stuck(now - LONGEST)
        error = SendingUncertain(host=self.settings.outgoing.host or "–", reason="Kingpost ended meanwhile")
        for mail in stuck:
            self._settle(mail, OutgoingState.UNCERTAIN, error=(error.text("en"), error.text("de")))

    def _tell(self, mail: OutgoingMail) -> None:
        if mail.case is not None:
            self.publish(frozenset({mail.case}))

    # the account

    @property
    def _domain(self) -> str:
        return domain_of(self.settings.outgoing.address) or "localhost"

    @property
    def _vault(self) -> Vault:
        return Vault(self.settings.path(self.settings.pool.key_file))

    def _account(self) -> Account:
        of = self.settings.outgoing
        return Account(
            host=of.host,
            port=of.port or (465 if of.security == "tls" else 587),
            security=of.security,
            user=of.user,
            password=self._password() if of.user else "",
            ca_file=str(self.settings.path(of.ca_file)) if of.ca_file else None,
        )

    def _password(self) -> str | Login:
        of = self.settings.outgoing
        if of.mailbox:
            return Login(of.mailbox, Grants(self.pool, self._vault, Providers(self.settings, self.pool)))
        named = named_secret(self.settings, "[outgoing]", of.password_env, of.password_file)
        if named is not None:
            return named
        with self.pool.read() as work:
            sealed = work.outbox.secret(_SECRET)
        if sealed is None:
            raise PasswordMissing(mailbox="[outgoing]", reason="none stored")
        return self._vault.open(sealed)


def written(mail: OutgoingMail, settings: Settings, now: datetime) -> bytes:
    """A mail as it goes over the line. Headers say that no machine is to answer (RFC 3834)."""
    name, address = parseaddr(settings.outgoing.sender)
    made = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    local, _, domain = address.rpartition("@")
    made["From"] = Address(name or settings.firm.name, local, domain)
    made["To"] = mail.recipient
    made["Subject"] = mail.subject
    made["Date"] = format_datetime(now)
    made["Message-ID"] = f"<{mail.message_id}>"
    if mail.in_reply_to:
        made["In-Reply-To"] = made["References"] = f"<{mail.in_reply_to}>"
    made["Auto-Submitted"] = "auto-replied" if mail.kind in _ANSWERS else "auto-generated"
    made["Precedence"] = "bulk"
    made["X-Auto-Response-Suppress"] = "All"
    made.set_content(mail.text)
    return made.as_bytes()
