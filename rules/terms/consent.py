"""The words of consent (Einwilligung): who agreed to what, when and by which way, and what was taken back."""

import datetime
from dataclasses import dataclass
from enum import StrEnum


class Purpose(StrEnum):
    """What somebody agrees to: advertising by post, e-mail or telephone, or that opened mailings are measured."""

    POST = "post"
    EMAIL = "email"
    PHONE = "phone"
    OPENS = "opens"


class Way(StrEnum):
    """How they said so. What was only spoken is hard to prove."""

    FORM = "form"
    LETTER = "letter"
    CONTRACT = "contract"
    EMAIL = "email"
    SPOKEN = "spoken"


@dataclass(frozen=True, slots=True)
class Consent:
    """One word of somebody: a consent that was given, or withdrawn.

    Attributes:
        customer_id: the customer.
        purpose: to what.
        given: False where it was withdrawn, or refused from the beginning.
        date: the day on which they said so.
        way: how.
        at: when it was written down.
        contact_id: which of the customer's people; "" for the customer as a whole.
        source: where that is to be found: the form's name, the letter's date …
        author: the login of whoever wrote it down, or what brought it.
        id: its number in the pool, 0 before it has one.
    """

    customer_id: str
    purpose: Purpose
    given: bool
    date: datetime.date
    way: Way
    at: datetime.datetime
    contact_id: str = ""
    source: str = ""
    author: str = ""
    id: int = 0
