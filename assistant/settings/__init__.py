"""The settings: one frozen value, read once from kingpost.toml and the environment, and handed in where needed.

Every field carries its help line; docs/configuration.md is made from them. The environment wins over the file:
`KINGPOST_WEB__BIND=127.0.0.1:9000` sets `bind` in `[web]`. Passwords never stand in the file: a mailbox names the
environment variable or the file that holds its password, or `kingpost mailbox add` seals it in the pool.
"""

from assistant.settings.accounts import FILES_NAME, MailboxSettings, OAuthSettings, SmtpSettings
from assistant.settings.deciding import ImportFolderSettings, TriageSettings, ValueSettings
from assistant.settings.firm import FirmSettings, PoolSettings, RetentionSettings
from assistant.settings.loading import FILE_NAME, find, forget_environment, load
from assistant.settings.outgoing import AcknowledgementSettings, AlarmSettings, OutgoingSettings, SatisfactionSettings
from assistant.settings.web import WebSettings
from assistant.settings.whole import LISTS, NAMED, Settings

__all__ = [
    "FILES_NAME",
    "FILE_NAME",
    "LISTS",
    "NAMED",
    "AcknowledgementSettings",
    "AlarmSettings",
    "FirmSettings",
    "ImportFolderSettings",
    "MailboxSettings",
    "OAuthSettings",
    "OutgoingSettings",
    "PoolSettings",
    "RetentionSettings",
    "SatisfactionSettings",
    "Settings",
    "SmtpSettings",
    "TriageSettings",
    "ValueSettings",
    "WebSettings",
    "find",
    "forget_environment",
    "load",
]
