"""What we promised a customer (Zusage): the words, the day it is due, and where it was said."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise of ours. It was said in a mail (`message`) or in an entry of the timeline (`entry`).

    `kept_by` and `kept_at`: who said that it is done, None while it is open.
    """

    customer_id: str | None
    due: date
    quote: str
    said: datetime
    message: int | None = None
    entry: int | None = None
    id: int = 0
    kept_by: str | None = None
    kept_at: datetime | None = None
