"""Keeping mail and address book right: the use cases that staff's pages, the API and the command line share."""

from dataclasses import dataclass
from typing import Self

from assistant.address_book import AddressBook
from assistant.filing import Filing
from assistant.leads import Leads
from assistant.repairing import Repairs
from assistant.rulings import Rulings
from assistant.senders import SenderBook
from rules.terms.firm import Firm
from storage.pool import Pool


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Filing by hand, what is said of senders and complaints, who is new, the records, and their proposed repairs."""

    filing: Filing
    senders: SenderBook
    leads: Leads
    book: AddressBook
    repairs: Repairs
    rulings: Rulings

    @classmethod
    def over(cls, pool: Pool, firm: Firm) -> Self:
        """All of them over one pool."""
        return cls(
            Filing(pool, firm),
            SenderBook(pool, firm),
            Leads(pool, firm),
            AddressBook(pool, firm),
            Repairs(pool, firm),
            Rulings(pool),
        )
