"""What a mail server may cost us: seconds and bytes, each with its reason."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one connection. A server that goes beyond is dropped and tried again later.

    `command_seconds` is the wall clock of one command, however busily bytes arrive; fetching may take longer by
    the time that its bytes need at `slowest` bytes a second. `chatter` bytes may come beyond what was asked for,
    from one command to the next. `mail_bytes` is the largest mail that is fetched; larger ones are refused.
    """

    connect_seconds: float = 20.0
    command_seconds: float = 60.0
    slowest: int = 32_768
    chatter: int = 8 << 20
    line_bytes: int = 1 << 20
    mail_bytes: int = 50 << 20
    batch_mails: int = 100
    batch_bytes: int = 8 << 20
    connections: int = 3
