"""The firm's mailboxes, how Kingpost signs in to them, and the door for journal copies."""

from collections.abc import Mapping
from datetime import date
from ipaddress import ip_network
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from assistant.settings.section import Address, Bind, Lower, Section
from rules.terms.mail import Mailbox, Tls

# The mailbox of mail that comes by file.
FILES_NAME = "files"


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
