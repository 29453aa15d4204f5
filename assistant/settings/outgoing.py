"""What Kingpost sends by itself, once that is switched on."""

import re
from collections.abc import Collection, Mapping
from email.utils import parseaddr
from typing import Literal

from pydantic import Field, field_validator

from assistant.settings.section import Lower, Section
from rules.placeholders import unknown
from rules.triage.automatic import ACKNOWLEDGEMENT_BLANKS, QUESTION_BLANKS


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


def _filled_in(texts: Mapping[str, str], blanks: Collection[str]) -> Mapping[str, str]:
    """Texts whose languages and blanks are known."""
    for language, text in texts.items():
        if not re.fullmatch(r"[a-z]{2}(?:-du)?", language):
            raise ValueError(f"“{language}” is no language; write for example “de”, “de-du” or “en”")
        for blank in unknown(text, blanks):
            hint = f"; did you mean {{{blank.near}}}?" if blank.near else f"; there are {', '.join(blanks)}"
            raise ValueError(f"nothing can be filled in for {{{blank.name}}}{hint}")
    return texts
