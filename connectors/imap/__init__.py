"""Reading and watching mailboxes over IMAP, without changing anything in them but keywords of ours, where asked to."""

from connectors.imap.account import Account
from connectors.imap.events import (
    AccountReport,
    Arrived,
    Event,
    Fetched,
    FlagsChanged,
    FolderInfo,
    FolderListing,
    Gone,
    HealthChanged,
    Lying,
    Marked,
    Opened,
    Refused,
)
from connectors.imap.limits import Limits
from connectors.imap.openings import Bursts
from connectors.imap.pace import Pace
from connectors.imap.watch import Watch

__all__ = [
    "Account",
    "AccountReport",
    "Arrived",
    "Bursts",
    "Event",
    "Fetched",
    "FlagsChanged",
    "FolderInfo",
    "FolderListing",
    "Gone",
    "HealthChanged",
    "Limits",
    "Lying",
    "Marked",
    "Opened",
    "Pace",
    "Refused",
    "Watch",
]
