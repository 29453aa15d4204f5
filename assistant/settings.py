"""The settings: one frozen value, read once from kingpost.toml and the environment, and handed in where needed.

Every field carries its help line; docs/configuration.md is made from them. The environment wins over the file:
`KINGPOST_WEB__BIND=127.0.0.1:9000` sets `bind` in `[web]`. Passwords never stand in the file: a mailbox names the
environment variable or the file that holds its password, or `kingpost mailbox add` seals it in the pool.
"""

import os
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from email.utils import parseaddr
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from rapidfuzz import process

from assistant.holidays import check_region
from connectors.oauth.provider import KNOWN
from rules.deadlines import openings_of
from rules.exclusion import CONFIDENTIAL, is_address
from rules.placeholders import unknown
from rules.terms.case import Priority
from rules.terms.complaint import Category
from rules.terms.customer import PartyKind
from rules.terms.errors import SettingsError
from rules.terms.firm import Firm
from rules.terms.mail import Mailbox, Tls, Verdict
from rules.terms.table import TableKind
from rules.terms.worth import BusinessModel
from rules.triage.automatic import ACKNOWLEDGEMENT_BLANKS, QUESTION_BLANKS

FILE_NAME = "kingpost.toml"
# The mailbox of mail that comes by file.
FILES_NAME = "files"

Lower = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True)]
# In a header of ours: nothing that could end it passes. Plain HTTP only from this machine.
Origin = Annotated[
    str, StringConstraints(pattern=r"^(https://[A-Za-z0-9.-]+|http://(localhost|127\.0\.0\.1))(:\d{1,5})?$")
]
# Secrets go there: in clear only to this machine.
Address = Annotated[str, StringConstraints(pattern=r"^(|https://\S+|http://(localhost|127\.0\.0\.1)(:\d{1,5})?/\S*)$")]
Bind = Annotated[str, StringConstraints(pattern=r"^(\[[0-9a-fA-F:]+\]|[^:\s]+):\d{1,5}$")]


class Section(BaseModel):
    """A table of kingpost.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FirmSettings(Section):
    """[firm]: who you are."""

    name: str = Field("", description="Your firm's name, as customers write it.")
    domains: tuple[Lower, ...] = Field((), description="Your own mail domains: mail from them is yours.")
    staff: tuple[Lower, ...] = Field((), description="Addresses of staff outside your own domains.")
    people: tuple[str, ...] = Field(
        (), description="Names of your people whom impostors might play: owners, managers, whoever pays and orders."
    )
    authserv_id: str | None = Field(
        None,
        description="The name your own mail server writes into Authentication-Results. Only its verdict is believed; "
        "without it every sender stays “not checked”.",
    )
    phone: str = Field("", description="Your switchboard number.")
    vat_id: str = Field("", description="Your VAT id.")
    city: str = Field("", description="Your city.")
    web_form_senders: tuple[Lower, ...] = Field((), description="Addresses from which your own web forms send.")
    fax_gateways: tuple[Lower, ...] = Field((), description="Addresses from which fax and voicemail gateways send.")
    freemail: tuple[Lower, ...] = Field(
        (), description="Further mail domains that strangers share, beside the well-known ones."
    )
    trusted_arc: tuple[Lower, ...] = Field(
        (),
        description="Domains of mailing lists and forwarders whose seal (ARC) is believed: their word that the sender "
        "was in order then counts although your own server’s check fails on the changed mail.",
    )
    excluded_addresses: tuple[Lower, ...] = Field(
        CONFIDENTIAL,
        description="Mail from or to these is never taken into the pool: “name@example.org”, “@example.org” for a "
        "whole domain, “name@” for that name at your own domains. At first those of works council, company doctor and "
        "personnel.",
    )
    excluded_words: tuple[str, ...] = Field(
        (),
        description="Mail with one of these words or phrases in its subject is never taken into the pool; case and "
        "umlauts do not count.",
    )
    time_zone: str = Field("Europe/Berlin", description="Where your working day takes place.")
    language: Literal["de", "en"] = Field("de", description="The language of the command line and of reports.")
    business_hours: tuple[str, ...] = Field(
        ("Mo-Fr 8:00-17:00",),
        description="When you work, for deadlines: lines such as “Mo-Do 8-12”; none: around the clock.",
    )
    holidays: str = Field(
        "DE", description="Whose public holidays you keep: a country or a part of it (DE-BY, AT, CH-ZH); empty: none."
    )

    answer_within: float = Field(
        8.0, gt=0, le=1000, description="Business hours after which customers' unanswered mail stands in its own list."
    )

    @field_validator("business_hours")
    @classmethod
    def _readable_hours(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        openings_of(value)
        return value

    @field_validator("excluded_addresses")
    @classmethod
    def _whole_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            if not is_address(one):
                raise ValueError(f"“{one}” is no address; write name@example.org, @example.org, or name@")
        return value

    @field_validator("holidays")
    @classmethod
    def _known_region(cls, value: str) -> str:
        check_region(value)
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"“{value}” is no time zone; write for example Europe/Berlin") from error
        return value


class PoolSettings(Section):
    """[pool]: where everything is kept."""

    url: str = Field(
        "sqlite:///kingpost-data/pool.sqlite",
        description="SQLAlchemy address of the database: sqlite:///FILE (relative to kingpost.toml) or "
        "postgresql://USER@HOST/NAME.",
    )
    blobs: str = Field(
        "kingpost-data/blobs",
        description="Folder (relative to kingpost.toml) or fsspec address for raw mails and attachments.",
    )
    key_file: str = Field(
        "kingpost-data/secrets.key",
        description="Key that seals stored passwords, made on first use with mode 0600. KINGPOST_KEY in the "
        "environment takes its place.",
    )


class MailboxSettings(Section):
    """[[mailbox]]: an account to watch. `kingpost mailbox add` does the same without the file."""

    name: str = Field(..., description="Short name, shown to staff.", min_length=1, max_length=60)
    address: Lower = Field("", description="The mailbox's own address.")
    host: str = Field(description="IMAP server.")
    port: int = Field(993, ge=1, le=65535, description="IMAP port.")
    tls: Tls = Field(Tls.IMPLICIT, description="“tls”, “starttls”, or “none” (on this machine only).")
    ca_file: str | None = Field(None, description="Your own certificate authority, if it signed the server.")
    user: str = Field(description="Login name.")
    password_env: str | None = Field(None, description="Environment variable that holds the password.")
    password_file: str | None = Field(None, description="File that holds the password.")
    oauth: str | None = Field(
        None, description="Instead of a password: the provider of [oauth.NAME] at which somebody signs in."
    )
    folders: tuple[str, ...] = Field((), description="Folders to watch; empty: all but Junk, Trash and Drafts.")
    sent: str | None = Field(None, description="The Sent folder, where the server does not say which it is.")
    owner: str | None = Field(None, description="Login of the person it belongs to; without one it is shared.")
    members: tuple[str, ...] = Field((), description="Logins that may read a shared mailbox; empty: all staff.")
    follow: bool = Field(False, description="Whether sidebars may follow it, at first; later the page says.")
    marks: bool = Field(
        False, description="Whether Kingpost writes its keywords into it, at first; later the page says. See [marks]."
    )
    own_server: bool | None = Field(
        None,
        description="Whether this is your own server, on which a faster rhythm is welcome; unset: decided by address.",
    )
    excluded: tuple[str, ...] = Field((), description="Folders that are never read, with all that lies in them.")
    confidential: bool = Field(
        False,
        description="Read folders too whose names say works council, company doctor, personnel or the like; otherwise "
        "they are left alone unless `folders` names them.",
    )
    metadata_only: bool = Field(
        False,
        description="Keep only who wrote to whom and when: no subject, no text, no attachment. For mail from now on.",
    )
    since: date | None = Field(
        None, description="Mail that arrived before this day is not read, for example 2024-01-01."
    )

    junk: bool = Field(
        False, description="Whether to look into the Junk folder for customers' mail; nothing of it is stored."
    )

    @field_validator("name")
    @classmethod
    def _free_name(cls, value: str) -> str:
        if value == FILES_NAME:
            raise ValueError(f"“{FILES_NAME}” is kept for mail that comes by file; choose another name")
        return value

    @model_validator(mode="after")
    def _owner_decides(self) -> Self:
        if self.marks and self.owner:
            raise ValueError(f"marks in “{self.name}” are the choice of {self.owner}, on the start page; take it out")
        return self

    def mailbox(self) -> Mailbox:
        """The same in the words of the house."""
        return Mailbox(
            name=self.name,
            address=self.address,
            host=self.host,
            port=self.port,
            tls=self.tls,
            ca_file=self.ca_file,
            user=self.user,
            folders=self.folders,
            sent=self.sent,
            owner=self.owner,
            members=frozenset(self.members),
            follow=self.follow,
            marks=self.marks,
            junk=self.junk,
            own_server=self.own_server,
            declared=True,
            excluded=self.excluded,
            confidential=self.confidential,
            metadata_only=self.metadata_only,
            since=self.since,
        )


class OAuthSettings(Section):
    """[oauth.NAME]: a provider where people sign in, so that a mailbox needs no password (docs/oauth.md). As NAME, or
    as kind, “google” and “microsoft” bring their addresses; any other needs authorize_url and token_url.
    """  # noqa: D205 — one paragraph, for docs/configuration.md

    kind: Literal["google", "microsoft"] | None = Field(
        None, description="Whose addresses are meant, “google” or “microsoft”; unset: NAME, if it is one of them."
    )
    client_id: str = Field(description="Your application's id with the provider.", min_length=1)
    client_secret_env: str | None = Field(None, description="Environment variable that holds the client secret.")
    client_secret_file: str | None = Field(
        None,
        description="File that holds the client secret. Without both, “kingpost oauth secret NAME” seals it in the "
        "pool; an application for which the provider gives none needs none.",
    )
    client_secret_expires: date | None = Field(
        None, description="The day on which the client secret runs out: Kingpost warns a month before."
    )
    tenant: str = Field(
        "organizations",
        description="Microsoft: your directory, by its id or a domain; needed for app_only.",
        pattern=r"^[A-Za-z0-9.-]+$",
    )
    app_only: bool = Field(
        False,
        description="Microsoft: nobody signs in; the application itself reads the mailboxes that your administrator "
        "opened to it.",
    )
    scopes: tuple[str, ...] = Field(
        (), description="What is asked for, where it is not what the provider needs for IMAP."
    )
    authorize_url: Address = Field("", description="Where people sign in.")
    token_url: Address = Field("", description="Where tokens are given out.")
    device_url: Address = Field(
        "", description="Where codes for sign-ins on another device are given out, if it has that."
    )
    issuer: str = Field("", description="What the provider calls itself (“iss”) when it sends people back, if it does.")
    ca_file: str | None = Field(None, description="Your own certificate authority, if it signed the provider's server.")


class MarksSettings(Section):
    """[marks]: keywords in mailboxes that have them switched on ($Complaint, $KeyCustomer, $Unknown)."""

    days: int = Field(
        30,
        ge=0,
        le=366,
        description="Mail that arrived so many days ago, or later, is marked; older mail is left alone.",
    )


class SmtpSettings(Section):
    """[smtp]: the door for journal copies, Bcc and forwarded mail. Off until it has recipients."""

    bind: Bind = Field("127.0.0.1:8471", description="Address and port to listen on.")
    lmtp: bool = Field(False, description="Speak LMTP instead of SMTP.")
    recipients: Mapping[Lower, str] = Field(
        default_factory=dict,
        description='Which recipients are taken, and into which mailbox: {"journal@example.org" = "journal"}. '
        "“@example.org” stands for a whole domain. Everything else gets 550.",
    )
    max_size: int = Field(
        50_000_000,
        ge=10_000,
        description="Largest mail, in bytes; at least what your mail server takes, else it bounces the copy.",
    )
    trusted_relays: tuple[str, ...] = Field(
        (),
        description="Addresses and networks of your own mail servers in front of the door. Only what they hand in is "
        "believed when its Authentication-Results say who was checked; other mail counts as not checked.",
    )
    tls_cert: str | None = Field(None, description="Certificate file (PEM) for STARTTLS; unset: that of [web].")
    tls_key: str | None = Field(None, description="Its key file (PEM).")

    @field_validator("trusted_relays")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for relay in value:
            try:
                ip_network(relay)
            except ValueError as error:
                raise ValueError(f"“{relay}” is no address or network; write 192.0.2.10 or 192.0.2.0/24") from error
        return value

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if bool(self.tls_cert) != bool(self.tls_key):
            raise ValueError("tls_cert and tls_key belong together")
        return self


class OutgoingSettings(Section):
    """[outgoing]: your own mail account, by which Kingpost sends what you switch on to be sent. Without a host nothing
    is. Certificates are always verified.
    """  # noqa: D205 — one paragraph, for docs/configuration.md

    host: str = Field("", description="Your mail server for outgoing mail.")
    port: int | None = Field(None, ge=1, le=65535, description="Its port; unset: 587 for “starttls”, 465 for “tls”.")
    security: Literal["starttls", "tls"] = Field("starttls", description="How the connection is encrypted.")
    ca_file: str | None = Field(None, description="Your own certificate authority, if it signed the server.")
    user: str = Field("", description="Login name; empty where the server wants none of this machine.")
    password_env: str | None = Field(None, description="Environment variable that holds the password.")
    password_file: str | None = Field(
        None,
        description="File that holds the password. Without both, “kingpost outgoing password” seals it in the pool.",
    )
    mailbox: str | None = Field(
        None, description="Instead of a password: the mailbox whose sign-in is used for sending too (docs/oauth.md)."
    )
    sender: str = Field(
        "",
        description="From whom it is, one of your own addresses: “info@example.org” or “Example <info@example.org>”.",
    )

    @field_validator("sender")
    @classmethod
    def _one_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"(?:[^<>@\r\n]*<)?[^\s<>@,]+@[^\s<>@,]+>?", value.strip()):
            raise ValueError("write one address: “info@example.org” or “Example <info@example.org>”")
        return value.strip()

    @property
    def on(self) -> bool:
        """Whether mail can go out."""
        return bool(self.host and self.sender)

    @property
    def address(self) -> str:
        """The bare address that it is sent from."""
        return parseaddr(self.sender)[1]


class AlarmSettings(Section):
    """[alarms]: whom Kingpost writes to when something is wrong with it, once when it begins and once when it is over.
    Without [outgoing] only the start page says it.
    """  # noqa: D205 — one paragraph, for docs/configuration.md

    to: tuple[Lower, ...] = Field((), description="Addresses of those who look after it.")

    @field_validator("to")
    @classmethod
    def _addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any(not re.fullmatch(r"[^\s<>@,]+@[^\s<>@,]+", one) for one in value):
            raise ValueError("write addresses alone: info@example.org")
        return value


class AcknowledgementSettings(Section):
    """[acknowledgement]: thanks for a message that became a case, sent to the customer at once (docs/triage.md)."""

    enabled: bool = Field(False, description="Whether it is sent.")
    texts: Mapping[Lower, str] = Field(
        default_factory=dict,
        description="Your own words by language, with “-du” for first-name terms: "
        '{"de" = "…", "de-du" = "…", "en" = "…"}. Salutation and closing are put around them; {subject}, {customer} '
        "and {firm} are filled in.",
    )

    @field_validator("texts")
    @classmethod
    def _fit(cls, value: Mapping[str, str]) -> Mapping[str, str]:
        for text in value.values():
            if found := re.search(r"beschwer|reklam|complain", text, re.IGNORECASE):
                raise ValueError(f"a thank-you does not speak of complaints; leave “{found[0]}…” out")
        return _filled_in(value, ACKNOWLEDGEMENT_BLANKS)


class SatisfactionSettings(Section):
    """[satisfaction]: one question (would you recommend us?) some days after a case was solved (docs/triage.md)."""

    enabled: bool = Field(False, description="Whether it is asked.")
    days: int = Field(3, ge=0, le=90, description="How many days after the case was solved.")
    months: int = Field(6, ge=1, le=60, description="A customer is asked at most once in so many months.")
    valid_days: int = Field(30, ge=1, le=365, description="For how many days the link can be used.")
    texts: Mapping[Lower, str] = Field(
        default_factory=dict,
        description="Your own words, as under [acknowledgement]; {link} is filled in too.",
    )

    @field_validator("texts")
    @classmethod
    def _fit(cls, value: Mapping[str, str]) -> Mapping[str, str]:
        return _filled_in(value, QUESTION_BLANKS)


class WebSettings(Section):
    """[web]: pages and API."""

    bind: Bind = Field("127.0.0.1:8470", description="Address and port to listen on.")
    base_url: str = Field("", description="The address people use, if it is not http://BIND.")
    tls_cert: str | None = Field(None, description="Certificate file (PEM).")
    tls_key: str | None = Field(None, description="Key file (PEM).")
    trusted_proxies: tuple[str, ...] = Field((), description="Reverse proxies whose X-Forwarded-… is believed.")
    embed_origins: tuple[str, ...] = Field((), description="Origins that may frame the sidebar.")
    session_hours: int = Field(12, ge=1, le=720, description="A login ends after so many hours without use.")


class OutlookSettings(Section):
    """[outlook]: the add-in for Outlook. Its pane loads a script of Microsoft's when it is opened, and that script can
    read what the pane shows; therefore it is off until you switch it on. See docs/clients-cloud.md.
    """  # noqa: D205 — one paragraph, for docs/configuration.md

    enabled: bool = Field(False, description="Whether Kingpost serves the pane.")
    hosts: tuple[Origin, ...] = Field(
        (
            "https://outlook.office.com",
            "https://outlook.office365.com",
            "https://outlook.cloud.microsoft",
            "https://outlook.live.com",
        ),
        description="Origins of Outlook in the browser that may frame the pane; your own for an Exchange of your own.",
    )
    token_hours: int = Field(12, ge=1, le=168, description="People sign in to the pane again after so many hours.")


class GmailSettings(Section):
    """[gmail]: the add-on for Gmail. Off until both options are set. Google then sees the cards that Kingpost answers
    with. See docs/clients-cloud.md.
    """  # noqa: D205 — one paragraph, for docs/configuration.md

    client_id: str = Field("", description="The OAuth client id of your add-on’s Google Cloud project.")
    service_account: Lower = Field("", description="The mail address as which Google calls your add-on.")

    @property
    def enabled(self) -> bool:
        """Whether Kingpost answers Google."""
        return bool(self.client_id and self.service_account)


class ReadingSettings(Section):
    """[reading]: the worker processes that read mail."""

    workers: int = Field(2, ge=1, le=64, description="How many worker processes.")
    deadline: float = Field(5.0, ge=0.5, le=120, description="Seconds for one mail; then it goes to quarantine.")
    memory: int = Field(1_000_000_000, ge=300_000_000, description="Bytes of address space for one worker.")


class MatchingSettings(Section):
    """[matching]: how much each piece of evidence says, where yours differs from the table in docs/matching.md."""

    weights: Mapping[str, float] = Field(
        default_factory=dict,
        description="Weights in log-odds by the names of that table, for example {phone = 2.5, place = 0.5}; "
        "0 switches a piece of evidence off.",
    )

    @field_validator("weights")
    @classmethod
    def _known_weights(cls, value: Mapping[str, float]) -> Mapping[str, float]:
        from rules.matching.weights import TABLE

        for name, weight in value.items():
            if name not in TABLE:
                near = process.extractOne(name, list(TABLE), score_cutoff=60)
                hint = f"; did you mean “{near[0]}”?" if near else ""
                raise ValueError(f"there is no evidence called “{name}”{hint}")
            if (weight < 0) != (TABLE[name].weight < 0) and weight:
                raise ValueError(f"“{name}” speaks {'against' if weight > 0 else 'for'} a customer; turn the sign")
        return value


class ComplaintSettings(Section):
    """[complaints]: what finds complaints in mail."""

    models: str = Field(
        "kingpost-data/complaints",
        description="Folder (relative to kingpost.toml) of the firm's own weights, made by “kingpost complaints "
        "train”. Where it holds some for a language, they take the place of those that come with Kingpost.",
    )


class ValueSettings(Section):
    """[value]: what a customer is worth (docs/value.md)."""

    business_model: BusinessModel = Field(
        BusinessModel.REPEAT,
        description="How your customers come back: “repeat” (they order again of themselves), “projects” (machines, "
        "buildings, events), “contracts” (rent, maintenance, subscription).",
    )
    currency: str = Field(
        "EUR",
        description="The currency in which customers are compared; orders in others stay out of it.",
        pattern="^[A-Z]{3}$",
    )
    margin: float | None = Field(
        None, gt=0, le=1, description="Your usual margin, for example 0.3, for orders that bring none of their own."
    )
    discount_rate: float = Field(0.1, ge=0, le=1, description="By how much money of a year later is worth less.")
    horizon_days: int = Field(730, ge=30, le=3653, description="How far a lifetime value looks ahead.")
    persons: bool = Field(False, description="Whether private persons are scored too.")


class TriageSettings(Section):
    """[[triage]]: a line of your own table of what becomes a case; the first that holds decides. Danger, law and data
    protection always come before it. With no line, the table in docs/triage.md holds. What a line leaves out is not
    asked.
    """  # noqa: D205 — one paragraph, for docs/configuration.md

    queue: str = Field("complaints", description="In which queue the case goes.", min_length=1, max_length=40)
    priority: Priority = Field(Priority.NORMAL, description="How soon it is looked at.")
    within: float = Field(8.0, gt=0, le=1000, description="Business hours until the first answer.")
    because: str = Field(description="The reason staff read.", min_length=1, max_length=200)
    complaint: bool | None = Field(None, description="Only complaints (true), or only what is none (false).")
    severity: int = Field(0, ge=0, le=3, description="At least so grave.")
    categories: tuple[Category, ...] = Field((), description="About one of these.")
    acts: tuple[str, ...] = Field(
        (), description="Words of the mail do one of these: safety, legal, privacy, repeated, broken-promise, leaving …"
    )
    verdicts: tuple[Verdict, ...] = Field((), description="What our mail server says of the sender: pass, none.")
    party: tuple[PartyKind, ...] = Field((), description="Whoever writes is one of these to you.")
    king: bool | None = Field(None, description="Only king customers (true), or only others (false).")
    value_classes: tuple[Literal["A", "B", "C"], ...] = Field((), description="By contribution one of these.")
    open_cases: int = Field(0, ge=0, description="The customer has at least so many pending cases.")
    languages: tuple[Lower, ...] = Field((), description="Written in one of these, for example en.")
    mailboxes: tuple[str, ...] = Field((), description="It lies in one of these mailboxes.")
    waiting: float = Field(0.0, ge=0, description="Nobody has answered for so many business hours.")


class ImportFolderSettings(Section):
    """[[import_folder]]: a folder into which another program lays its tables. They are imported when they are complete,
    in the order of these tables, and moved to “done” or “failed” in it, with a report beside them.
    """  # noqa: D205 — one paragraph, for docs/configuration.md

    folder: str = Field(description="The folder; relative to kingpost.toml.", min_length=1)
    kind: TableKind = Field(description="Which table its files are.")
    pattern: str = Field("*", description="Which files are meant, for example orders-*.csv.", pattern=r"^[^/\\]+$")
    map: Mapping[str, str] = Field(
        default_factory=dict, description='Columns of the files by our names, for example {customer_no = "Debitor"}.'
    )
    after: Literal["move", "delete"] = Field(
        "move", description="What becomes of an imported file: it is moved to “done”, or deleted."
    )


class RetentionSettings(Section):
    """[retention]: months after which mail of a class is erased; 0 keeps it. Mail of customers is of no class."""

    strangers: int = Field(0, ge=0, le=600, description="Mail of strangers of whom nobody said anything.")
    dismissed: int = Field(0, ge=0, le=600, description="Mail of senders of whom staff said that they are no lead.")
    applications: int = Field(0, ge=0, le=600, description="Mail of applicants; six months are usual in Germany.")
    quarantine: int = Field(0, ge=0, le=600, description="Mail that could not be read.")


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix="KINGPOST_",
        env_nested_delimiter="__",
        nested_model_default_partial_update=True,
    )

    firm: FirmSettings = FirmSettings()
    pool: PoolSettings = PoolSettings()
    mailbox: tuple[MailboxSettings, ...] = ()
    # Checked even when it is not there: a mailbox may name one.
    oauth: Mapping[str, OAuthSettings] = Field(default_factory=dict, validate_default=True)
    marks: MarksSettings = MarksSettings()
    smtp: SmtpSettings = SmtpSettings()
    outgoing: OutgoingSettings = OutgoingSettings()
    alarms: AlarmSettings = AlarmSettings()
    acknowledgement: AcknowledgementSettings = AcknowledgementSettings()
    satisfaction: SatisfactionSettings = SatisfactionSettings()
    web: WebSettings = WebSettings()
    outlook: OutlookSettings = OutlookSettings()
    gmail: GmailSettings = GmailSettings()
    reading: ReadingSettings = ReadingSettings()
    matching: MatchingSettings = MatchingSettings()
    complaints: ComplaintSettings = ComplaintSettings()
    value: ValueSettings = ValueSettings()
    retention: RetentionSettings = RetentionSettings()
    triage: tuple[TriageSettings, ...] = ()
    import_folder: tuple[ImportFolderSettings, ...] = ()

    @field_validator("oauth")
    @classmethod
    def _complete_providers(
        cls, value: Mapping[str, OAuthSettings], info: ValidationInfo
    ) -> Mapping[str, OAuthSettings]:
        for name, one in value.items():
            if not re.fullmatch(r"[a-z0-9_-]{1,40}", name):
                raise ValueError(f"“{name}” does not fit; use small letters, digits, - and _")
            known = (one.kind or name) in KNOWN
            if not known and not (one.token_url and (one.app_only or one.authorize_url)):
                raise ValueError(f"[oauth.{name}] needs authorize_url and token_url, or kind = “google” or “microsoft”")
            if one.app_only and known and (one.kind or name) == "google":
                raise ValueError(f"[oauth.{name}]: Google has no app_only; let somebody sign in")
            if one.app_only and known and one.tenant in ("organizations", "common", "consumers"):
                raise ValueError(f"[oauth.{name}]: app_only needs tenant, your own directory")
        for box in info.data.get("mailbox", ()):
            if box.oauth is not None and box.oauth not in value:
                raise ValueError(f"the mailbox “{box.name}” names “{box.oauth}”, but there is no [oauth.{box.oauth}]")
        return value

    home: Path = Field(Path(), exclude=True, description="Folder to which relative paths belong.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over what the file (handed in) says."""
        return env_settings, init_settings

    @property
    def pool_url(self) -> str:
        """The database's address with an absolute path."""
        prefix = "sqlite:///"
        if self.pool.url.startswith(prefix):
            return prefix + str(self.path(self.pool.url.removeprefix(prefix)))
        return self.pool.url

    @property
    def blobs(self) -> str:
        """The blob store's address, absolute where it is a folder."""
        return self.pool.blobs if "://" in self.pool.blobs else str(self.path(self.pool.blobs))

    @property
    def complaint_models(self) -> Path:
        """The folder of the firm's own weights for finding complaints; it need not be there."""
        return self.path(self.complaints.models)

    @property
    def base_url(self) -> str:
        """The address people use."""
        scheme = "https" if self.web.tls_cert else "http"
        return (self.web.base_url or f"{scheme}://{self.web.bind}").rstrip("/")

    @property
    def web_certificate(self) -> tuple[Path, Path] | None:
        """Certificate and key of the pages."""
        web = self.web
        return (self.path(web.tls_cert), self.path(web.tls_key)) if web.tls_cert and web.tls_key else None

    @property
    def door_certificate(self) -> tuple[Path, Path] | None:
        """Certificate and key of the SMTP door, its own or those of the pages."""
        own = self.smtp
        if own.tls_cert and own.tls_key:
            return self.path(own.tls_cert), self.path(own.tls_key)
        return self.web_certificate

    def path(self, name: str) -> Path:
        """A path as the file means it."""
        return (self.home / name).absolute()

    def as_firm(self) -> Firm:
        """What the rules need to know of the firm."""
        firm = self.firm
        return Firm(
            name=firm.name,
            vat_id=firm.vat_id,
            domains=frozenset(firm.domains),
            staff=frozenset(firm.staff),
            people=frozenset(firm.people),
            web_form_senders=frozenset(firm.web_form_senders),
            fax_gateways=frozenset(firm.fax_gateways),
            freemail=frozenset(firm.freemail),
            authserv_id=firm.authserv_id,
            trusted_arc=frozenset(firm.trusted_arc),
            excluded_addresses=frozenset(firm.excluded_addresses),
            excluded_words=frozenset(firm.excluded_words),
            weights=dict(self.matching.weights),
            language=firm.language,
        )


def _filled_in(texts: Mapping[str, str], blanks: Collection[str]) -> Mapping[str, str]:
    """Texts whose languages and blanks are known."""
    for language, text in texts.items():
        if not re.fullmatch(r"[a-z]{2}(?:-du)?", language):
            raise ValueError(f"“{language}” is no language; write for example “de”, “de-du” or “en”")
        for blank in unknown(text, blanks):
            hint = f"; did you mean {{{blank.near}}}?" if blank.near else f"; there are {', '.join(blanks)}"
            raise ValueError(f"nothing can be filled in for {{{blank.name}}}{hint}")
    return texts


# The tables that may stand several times: by name, as [oauth.NAME], or in a list, as [[mailbox]].
NAMED: Mapping[str, type[Section]] = {"oauth": OAuthSettings}
LISTS: Mapping[str, type[Section]] = {
    "mailbox": MailboxSettings,
    "triage": TriageSettings,
    "import_folder": ImportFolderSettings,
}


def places() -> Iterator[Path]:
    """Where kingpost.toml is looked for when nobody names it."""
    yield Path(FILE_NAME)
    yield Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "kingpost" / FILE_NAME
    yield Path("/etc/kingpost") / FILE_NAME


def find(named: Path | None = None) -> Path | None:
    """The settings file in force: the one named, KINGPOST_CONFIG's, or the first of `places()`.

    Raises:
        SettingsError: a file was named but is not there.
    """
    chosen = named or (Path(os.environ["KINGPOST_CONFIG"]) if os.environ.get("KINGPOST_CONFIG") else None)
    if chosen is not None:
        if not chosen.is_file():
            raise SettingsError(file=chosen, problem="there is no such file. “kingpost init” writes one.")
        return chosen
    return next((place for place in places() if place.is_file()), None)


def forget_environment() -> None:
    """What the environment says of a real installation must not reach a pool that is made for a while only."""
    for name in [name for name in os.environ if name.startswith("KINGPOST_")]:
        del os.environ[name]


def load(named: Path | None = None) -> Settings:
    """Read the settings.

    Raises:
        SettingsError: no such file, no TOML, an unknown key or a value that cannot be meant.
    """
    file = find(named)
    table: dict[str, Any] = {}
    if file is not None:
        try:
            table = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SettingsError(file=file, problem=str(error)) from error
    if "home" in table:
        raise SettingsError(file=file, problem="there is no setting “home”.")
    try:
        return Settings(**table, home=(file.parent if file else Path()).absolute())
    except ValidationError as error:
        raise SettingsError(file=file or "environment", problem="; ".join(_sentences(error))) from error


def _sentences(error: ValidationError) -> Iterator[str]:
    for problem in error.errors():
        *path, last = problem["loc"]
        where = ".".join(str(step) for step in problem["loc"])
        if problem["type"] == "extra_forbidden":
            near = process.extractOne(str(last), _names(path), score_cutoff=60)
            hint = f"; did you mean “{near[0]}”?" if near else f"; known here: {', '.join(_names(path))}"
            yield f"there is no setting “{where}”{hint}"
        else:
            said = problem["msg"].removeprefix("Value error, ")
            yield f"{where}: " + ("write ADDRESS:PORT, for example 127.0.0.1:8470" if where.endswith("bind") else said)


def _names(path: list[int | str]) -> list[str]:
    model: type[BaseModel] = Settings
    for step in path:
        if isinstance(step, int):
            continue
        if model in NAMED.values():
            continue
        annotation = LISTS.get(step) or NAMED.get(step) or model.model_fields[step].annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            model = annotation
    return [name for name in model.model_fields if name != "home"]
