"""Mails and records for tests, complete and different from one another."""

import random
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from rules.terms.finding import Action, Match
from rules.terms.mail import Address, Direction, MailKind, Message, Placement, Reading, Verdict
from rules.terms.pooled import NewMail

NOON = datetime(2026, 11, 12, 12, 0, tzinfo=UTC)
ERIKA = Address("erika@example.org", "Erika Mustermann")
INFO = (Address("info@firma.example"),)
NOBODY = Match(Action.UNKNOWN)


def identity(name: str) -> str:
    """The identity of a mail known to the test by a name."""
    return "1:" + sha256(name.encode()).hexdigest()


def mail(
    name: str = "a",
    *,
    subject: str = "Angebot",
    text: str = "Guten Tag, bitte senden Sie uns ein Angebot.",
    sender: Address = ERIKA,
    mailbox: str = "info",
    folder: str = "INBOX",
    uid: int | None = 1,
    uidvalidity: int | None = 7,
    match: Match = NOBODY,
    verdict: Verdict = Verdict.NONE,
    thread: str | None = None,
    arrived: datetime = NOON,
    to: tuple[Address, ...] = INFO,
) -> NewMail:
    """A mail ready to be stored, all of it by the name."""
    message = Message(
        identity=identity(name),
        message_id=f"{name}@example.org",
        sender=sender,
        subject=subject,
        date=arrived - timedelta(minutes=1),
        text=text,
        size=len(text) + 500,
        to=to,
    )
    return NewMail(
        message=message,
        reading=Reading(MailKind.PERSON, text, language="de"),
        direction=Direction.INCOMING,
        match=match,
        verdict=verdict,
        thread=thread or identity(name),
        raw_digest=sha256(name.encode()).hexdigest(),
        placement=Placement(mailbox, folder, uidvalidity, uid),
        arrived=arrived,
        writer=sender.addr,
    )


def many(count: int, *, start: int = 0, mailbox: str = "info", length: int = 0) -> list[NewMail]:
    """Mails with ascending UIDs and, where a length is asked for, so much text of everyday words."""
    luck = random.Random(start)
    return [
        mail(
            f"{mailbox}-{no}",
            uid=no + 1,
            mailbox=mailbox,
            arrived=NOON + timedelta(seconds=no),
            text=" ".join(luck.choices(_WORDS, k=length // 7)) if length else "kurz",
        )
        for no in range(start, start + count)
    ]


_WORDS = "Rechnung Lieferung bitte danke Auftrag Termin wir haben noch keine Antwort erhalten morgen Kunde".split()
