"""What the web side needs from the rest of the assistant, as small protocols: handed in, never fetched."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol, runtime_checkable

from assistant.access import Access
from assistant.casework import Casework
from assistant.events import Broker
from assistant.setting_up import SettingUp
from assistant.settings import Settings
from assistant.upkeep import Upkeep
from rules.terms.document import ReadFile
from rules.terms.interaction import Channel, Timeline, TimelineEntry
from rules.terms.pooled import PooledMessage
from rules.terms.staff import Viewer
from rules.terms.summary import Summary
from storage.peers import Peers
from storage.pool import Pool


class Lookup(Protocol):
    """What is known about a sender, seen with a viewer's eyes."""

    def of_message(self, viewer: Viewer, no: int, now: datetime) -> Summary:
        """The summary beside an opened message; NotFound when the viewer may see no copy."""

    def by_message_id(
        self,
        viewer: Viewer,
        message_id: str,
        *,
        sender: str | None,
        subject: str | None,
        mailbox: str | None,
        now: datetime,
    ) -> Summary:
        """The summary for what a mail client knows about the message it shows."""

    def of_customer(self, viewer: Viewer, customer_id: str, now: datetime) -> Summary:
        """The summary of a customer; NotFound."""

    def timeline(
        self,
        viewer: Viewer,
        customer_id: str,
        *,
        before: str | None = None,
        channels: Collection[Channel] = (),
        limit: int = 50,
    ) -> Timeline:
        """What happened between us and a customer; NotFound, WrongUse for a `before` of another making."""

    def holding(self, viewer: Viewer, customer_id: str, text: str, limit: int) -> tuple[TimelineEntry, ...]:
        """A customer's notes, calls, letters … that hold a text; NotFound."""

    def mail(self, viewer: Viewer, no: int) -> PooledMessage:
        """A stored mail; NotFound when the viewer may see no copy."""


class Actions(Protocol):
    """What a person can change from a page."""

    def retry_quarantined(self, quarantined: int) -> bool:
        """Read a quarantined mail again, whoever asks; whether it is in the pool now."""

    def set_follow(self, viewer: Viewer, mailbox: str, on: bool) -> None:
        """Let sidebars follow what is opened in a mailbox, or stop it; NotFound, Forbidden. Tells the broker."""

    def set_marks(self, viewer: Viewer, mailbox: str, on: bool) -> None:
        """Let Kingpost write its keywords into a mailbox, or take them out; NotFound, Forbidden."""

    def set_junk(self, viewer: Viewer, mailbox: str, on: bool) -> None:
        """Look for customers in a mailbox's Junk folder, or no longer."""


class Readers(Protocol):
    """Reads what strangers wrote at arm's length, and makes it fit to be shown."""

    def display(self, raw: bytes) -> str | None:
        """A mail's HTML made harmless, None where it has none; MailRefused."""

    def document(self, pdf: bytes) -> ReadFile:
        """The text of a PDF's own layer, and how legible it is."""


class Openings(Protocol):
    """Brings openings to the sidebars."""

    def told(self, user: str, places: Collection[tuple[str, int, int]], at: datetime) -> None:
        """The mail server says that this login's mails were opened: folder, UIDVALIDITY and UID of each."""


@runtime_checkable
class Services(Protocol):
    """Everything bootstrap has built, as far as the web side uses it."""

    @property
    def settings(self) -> Settings:
        """What kingpost.toml and the environment say."""

    @property
    def pool(self) -> Pool:
        """Where everything is kept."""

    @property
    def lookup(self) -> Lookup:
        """Questions about mails and customers."""

    @property
    def access(self) -> Access:
        """The staff's way in."""

    @property
    def broker(self) -> Broker:
        """News for open sidebars."""

    @property
    def setting_up(self) -> SettingUp:
        """The first start, the firm's settings and new mailboxes."""

    @property
    def peers(self) -> Peers:
        """The other processes on the pool."""

    @property
    def openings(self) -> Openings:
        """What is opened at the mail server."""

    @property
    def reader(self) -> Readers:
        """The worker processes that touch what strangers wrote."""

    @property
    def actions(self) -> Actions:
        """What people can change."""

    @property
    def upkeep(self) -> Upkeep:
        """Filing by hand, senders, leads, records and proposals."""

    @property
    def casework(self) -> Casework:
        """What people do with cases."""
