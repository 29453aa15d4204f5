"""The words of mail: what a message is as read, where a copy of it lies, and what a watched mailbox is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

# Where the text of a mail ends and that of pages begins which came with it: fax that a gateway sends as PDF.
PAGE_BREAK = "\f"


class Direction(StrEnum):
    """Who wrote, seen from the firm."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"


class MailKind(StrEnum):
    """Who or what wrote a mail. Values are part of the command line's contract."""

    PERSON = "person"
    AUTO_REPLY = "auto-reply"
    OUT_OF_OFFICE = "out-of-office"
    BOUNCE = "bounce"
    LIST = "list"
    NEWSLETTER = "newsletter"
    SYSTEM = "system"
    GATEWAY = "gateway"
    WEB_FORM = "web-form"
    CALENDAR = "calendar"


class Verdict(StrEnum):
    """What the firm's own mail server found out about the sender's domain (DMARC, RFC 7489)."""

    PASS = "pass"  # noqa: S105 — a verdict, no password
    FAIL = "fail"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox address with the display name beside it. `addr` is "" when none could be read."""

    addr: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a mail. `digest` (SHA-256, hex, of the decoded bytes) finds its content among the blobs."""

    name: str
    content_type: str
    size: int
    digest: str
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Blob:
    """Content on its way to the blob store: `digest` is the SHA-256 (hex) of the plain bytes, `packed` is zstd."""

    digest: str
    packed: bytes
    size: int


METADATA_ONLY = "metadata-only"
"""The defect of a mail of which its mailbox lets no more be kept."""


@dataclass(frozen=True, slots=True)
class Message:
    """One e-mail as read. Always made, however broken the mail: `defects` says what was wrong with it.

    `identity` is "1:" + SHA-256 over what copies of one mail share (see connectors.mime.identity).
    `message_id`, `in_reply_to` and `references` are normalised: without angle brackets and white space.
    `authentication_results` holds the topmost unbroken block of Authentication-Results headers, raw and unfolded.
    `headers` holds the few lower-case named headers that tell persons from machines (see connectors.mime.SIGNALS).
    `report` is what a mail server reports for programs to read: of a delivery (RFC 3464), a complaint (RFC 5965) …
    """

    identity: str
    message_id: str | None
    sender: Address
    subject: str
    date: datetime | None
    text: str
    size: int
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    authentication_results: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    defects: tuple[str, ...] = ()
    report: str = ""

    @property
    def recipients(self) -> tuple[Address, ...]:
        """Everybody the mail was addressed to, To first."""
        return self.to + self.cc + self.bcc

    @property
    def metadata_only(self) -> bool:
        """Whether no more is kept of it than who wrote to whom and when."""
        return METADATA_ONLY in self.defects


@dataclass(frozen=True, slots=True)
class Absence:
    """That somebody is away, as their notice says it.

    `until` is the last day of it ("back on the 18th" means the 17th); `deputy` is whom to turn to meanwhile. Both
    only where stated.
    """

    until: date | None = None
    deputy: Address | None = None


@dataclass(frozen=True, slots=True)
class Bounce:
    """That a mail did not arrive: `recipients` whom it did not reach, `reason` in the words of the mail server.

    `status` is the code of RFC 3463 ("5.1.1"), "" where none is stated. Not `permanent`: it is still being tried.
    """

    recipients: tuple[str, ...] = ()
    reason: str = ""
    status: str = ""
    permanent: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """What a careful reader makes of a message: who wrote, what is new in it, in which language."""

    kind: MailKind
    new_text: str
    signature: str | None = None
    language: str | None = None
    original_sender: Address | None = None
    fwd_subject: str | None = None
    fwd_text: str | None = None
    absence: Absence | None = None
    bounce: Bounce | None = None


class FolderRole(StrEnum):
    """What a folder is for (RFC 6154 SPECIAL-USE, else its name)."""

    INBOX = "inbox"
    SENT = "sent"
    ARCHIVE = "archive"
    DRAFTS = "drafts"
    JUNK = "junk"
    TRASH = "trash"
    OTHER = "other"

    @property
    def watched_by_default(self) -> bool:
        """Junk, Trash and Drafts are left alone unless somebody switches them on."""
        return self not in (FolderRole.DRAFTS, FolderRole.JUNK, FolderRole.TRASH)


@dataclass(frozen=True, slots=True)
class Placement:
    r"""Where a copy of a mail lies. `uidvalidity` and `uid` are None for mail that came by file or by the SMTP door.

    `flags` never holds `\Seen`: who has read what is nobody's business.
    """

    mailbox: str
    folder: str
    uidvalidity: int | None = None
    uid: int | None = None
    flags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RawMail:
    """A mail as it came, not yet read, with the place it came from and when it arrived there."""

    raw: bytes
    placement: Placement
    arrived: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a folder has been read, under `uidvalidity`. Two stretches of UIDs are in the pool:

        1 … backfill_uid          what lay there already, read upwards in the background, up to `backfill_until`
        backfill_until+1 … last_uid   what came since, read first

    With `backfill_uid >= backfill_until` (as by default) everything up to `last_uid` is in the pool.
    What has `uid <= history_uid` lay there when the folder was added: history, which makes no noise.
    `modseq` is the HIGHESTMODSEQ up to which flags and expunges are known (RFC 7162), None without CONDSTORE.
    """

    uidvalidity: int
    last_uid: int = 0
    history_uid: int = 0
    modseq: int | None = None
    backfill_uid: int = 0
    backfill_until: int = 0


class MailboxKind(StrEnum):
    """How mail gets in: a watched account, files given on the command line, or the SMTP door."""

    IMAP = "imap"
    FILES = "files"
    DOOR = "door"


class Tls(StrEnum):
    """How the connection to a mail server is protected. Certificates are always verified."""

    IMPLICIT = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An account that is watched.

    `owner` (a staff login) makes it personal: its content is the owner's alone. Without an owner it is shared;
    `members` then narrows who may read it (empty: all staff). `follow` lets sidebars follow what is opened in it.
    `folders` lists what is watched; empty means all but Junk, Trash and Drafts. `sent` names the Sent folder where
    the server does not say. `own_server`: the firm's own machine, on which a faster rhythm is welcome
    (None: decided by whether the address is private). `declared`: stands in kingpost.toml and is changed there.
    `excluded` names folders that are never read, with all that lies below them; mail that arrived before `since` is not
    read either. `expected` is how many mails were to be read when it was added, 0 where nobody counted.
    `marks` lets Kingpost write its keywords (rules.terms.mark) into it. `junk` lets it look for customers in Junk.
    `confidential` has folders read too whose names say that they belong to few (rules.confidential_folders); those that
    `folders` names are read anyhow. Of `metadata_only` mail nothing is kept but who wrote to whom and when.
    """

    name: str
    kind: MailboxKind = MailboxKind.IMAP
    address: str = ""
    host: str = ""
    port: int = 993
    tls: Tls = Tls.IMPLICIT
    ca_file: str | None = None
    user: str = ""
    folders: tuple[str, ...] = ()
    sent: str | None = None
    owner: str | None = None
    members: frozenset[str] = frozenset()
    follow: bool = False
    own_server: bool | None = None
    declared: bool = False
    excluded: tuple[str, ...] = ()
    since: date | None = None
    expected: int = 0
    marks: bool = False
    junk: bool = False
    confidential: bool = False
    metadata_only: bool = False

    @property
    def personal(self) -> bool:
        """Whether the content belongs to one person."""
        return self.owner is not None


@dataclass(frozen=True, slots=True)
class FolderState:
    """A watched folder and how far it has been read."""

    mailbox: str
    name: str
    role: FolderRole
    cursor: Cursor | None = None


class HealthState(StrEnum):
    """How a mailbox is doing."""

    STARTING = "starting"
    READING = "reading"
    WATCHING = "watching"
    RETRYING = "retrying"
    LOGIN_REFUSED = "login-refused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Health:
    """How a mailbox is doing, for the start page.

    `announces` is how this server tells of changes: "idle", "idle+noop", "poll", "flags", or "hook" where it
    calls us itself. `lag` is how many
    seconds old the last finished look was. The error sentence is kept in both languages.
    """

    state: HealthState
    since: datetime
    last_news: datetime | None = None
    announces: str = ""
    lag: float | None = None
    error_en: str = ""
    error_de: str = ""
