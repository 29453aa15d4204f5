"""The words of marks: keywords (RFC 3501, 2.3.2) that Kingpost writes into a mailbox where that is switched on."""

from dataclasses import dataclass
from enum import StrEnum


class Keyword(StrEnum):
    """What a mail can be marked as. The values are the keywords on the server."""

    COMPLAINT = "$Complaint"
    KEY_CUSTOMER = "$KeyCustomer"
    UNKNOWN = "$Unknown"

    def among(self, flags: frozenset[str]) -> bool:
        """Whether a copy with these flags bears it; servers do not agree on upper and lower case."""
        return self.lower() in {flag.lower() for flag in flags}


class MarkState(StrEnum):
    """How a keyword of one copy of a mail stands.

    `setting` and `clearing`: about to be written, or written without an answer yet. `set`: there, by our hand.
    `theirs`: a person set it before us, or took ours away; we leave it alone for good.
    """

    SETTING = "setting"
    SET = "set"
    CLEARING = "clearing"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class Marking:
    """Copies in one folder, under one UIDVALIDITY, that are to bear a keyword, or, not `wanted`, no longer."""

    folder: str
    uidvalidity: int
    keyword: Keyword
    wanted: bool
    uids: tuple[int, ...]
