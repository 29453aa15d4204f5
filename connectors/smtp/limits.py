"""How much the door takes from anybody, and for how long it waits."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The door's bounds. Sizes are bytes, times are seconds.

    `size` is announced (RFC 1870) and `pending` bounds what all connections together hold in memory. `silence` is how
    long a client may send nothing, or no valid command; `transfer` how long one mail and `session` how long one
    connection may take; `farewell` is what a closing door leaves to mails being stored, `grace` how long the rest of a
    mail with bare line ends is awaited. `commands` is for each command word and connection; `strangers` are refused
    recipients.
    """

    size: int = 64 << 20
    pending: int = 256 << 20
    recipients: int = 100
    connections: int = 50
    per_address: int = 20
    mails: int = 100
    commands: int = 20
    strangers: int = 20
    command_length: int = 2048
    silence: float = 120.0
    transfer: float = 600.0
    session: float = 3600.0
    farewell: float = 10.0
    grace: float = 2.0
