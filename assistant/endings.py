"""What ends on a known day and takes mail with it: client secrets, and sign-ins that a provider gave for a while."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from assistant.mailboxes import Mailboxes
from assistant.settings import Settings
from rules.terms.mail import MailboxKind

# Administrators of the provider may take a while; to sign in again takes a minute.
SECRET_DAYS, SIGN_IN_DAYS = 30, 5


@dataclass(frozen=True, slots=True)
class Ending:
    """`mailbox` has to be signed in to again by that day; where it is "", the client secret of `provider` runs out."""

    provider: str
    on: date
    mailbox: str = ""

    def text(self, language: str) -> str:
        """What ends and what to do, for a reader of that language."""
        day = f"{self.on:%d.%m.%Y}" if language == "de" else f"{self.on.day} {self.on:%b %Y}"
        if self.mailbox and language == "de":
            return (
                f"Die Anmeldung für das Postfach „{self.mailbox}“ gilt bis {day}. Danach werden keine neuen Mails "
                "gelesen. Melden Sie sich vorher neu an."
            )
        if self.mailbox:
            return (
                f"The sign-in for mailbox “{self.mailbox}” holds until {day}. After that no new mail is read. Sign in "
                "again before."
            )
        if language == "de":
            return (
                f"Das Client-Geheimnis für {self.provider} gilt bis {day}. Danach werden keine neuen Mails gelesen. "
                "Erzeugen Sie vorher ein neues (docs/oauth.md)."
            )
        return (
            f"The client secret for {self.provider} holds until {day}. After that no new mail is read. Make a new one "
            "before (docs/oauth.md)."
        )


def endings(settings: Settings, mailboxes: Mailboxes, now: datetime) -> list[Ending]:
    """What ends soon or has ended on its day, the first first.

    Raises:
        KeyUnfit: the key does not open what is stored.
    """
    if not settings.oauth:
        return []
    found = [
        Ending(name, one.client_secret_expires)
        for name, one in settings.oauth.items()
        if one.client_secret_expires and one.client_secret_expires - now.date() <= timedelta(SECRET_DAYS)
    ]
    for mailbox in mailboxes.all():
        grant = mailboxes.grants.of(mailbox.name) if mailbox.kind is MailboxKind.IMAP else None
        # Of a sign-in that has ended the mailbox's own health tells.
        if grant is None or grant.refresh_until is None or grant.ended:
            continue
        until = datetime.fromtimestamp(grant.refresh_until, UTC).astimezone(now.tzinfo)
        if until - now <= timedelta(SIGN_IN_DAYS):
            found.append(Ending(grant.provider, until.date(), mailbox.name))
    return sorted(found, key=lambda one: one.on)
