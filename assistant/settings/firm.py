"""Who the firm is, where its pool lies, and how long what is in it is kept."""

from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator

from assistant.holidays import check_region
from assistant.settings.section import Lower, Section
from rules.deadlines import openings_of
from rules.exclusion import CONFIDENTIAL, is_address


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
    mail_existing_customers: bool = Field(
        False,
        description="Whether who bought from you may get advertising by e-mail without consent (§ 7 (3) UWG). Only for "
        "similar goods or services of yours, and only if you tell of the right to object when you get the address and "
        "in each mail: docs/privacy.md.",
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


class RetentionSettings(Section):
    """[retention]: months after which mail of a class is erased; 0 keeps it. Mail of customers is of no class."""

    strangers: int = Field(0, ge=0, le=600, description="Mail of strangers of whom nobody said anything.")
    dismissed: int = Field(0, ge=0, le=600, description="Mail of senders of whom staff said that they are no lead.")
    applications: int = Field(0, ge=0, le=600, description="Mail of applicants; six months are usual in Germany.")
    quarantine: int = Field(0, ge=0, le=600, description="Mail that could not be read.")
