"""All settings in one frozen value."""

import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from assistant.settings.accounts import MailboxSettings, MarksSettings, OAuthSettings, SmtpSettings
from assistant.settings.deciding import (
    ComplaintSettings,
    ImportFolderSettings,
    MatchingSettings,
    ReadingSettings,
    TriageSettings,
    ValueSettings,
)
from assistant.settings.firm import FirmSettings, PoolSettings, RetentionSettings
from assistant.settings.outgoing import AcknowledgementSettings, AlarmSettings, OutgoingSettings, SatisfactionSettings
from assistant.settings.section import Section
from assistant.settings.web import GmailSettings, OutlookSettings, WebSettings
from connectors.oauth.provider import KNOWN
from rules.terms.firm import Firm

# The tables that may stand several times: by name, as [oauth.NAME], or in a list, as [[mailbox]].
NAMED: Mapping[str, type[Section]] = {"oauth": OAuthSettings}
LISTS: Mapping[str, type[Section]] = {
    "mailbox": MailboxSettings,
    "triage": TriageSettings,
    "import_folder": ImportFolderSettings,
}


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
