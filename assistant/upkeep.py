"""Keeping mail and address book right: the use cases that staff's pages, the API and the command line share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from assistant.address_book import AddressBook
from assistant.adopting import Adopting
from assistant.bookkeeping import Books
from assistant.care import Care
from assistant.consenting import Consenting
from assistant.contacting import Contacting
from assistant.duplicates import DuplicateBook
from assistant.filing import Filing
from assistant.leads import Leads
from assistant.notes import Notes
from assistant.parting import Parting
from assistant.promising import Promising
from assistant.referring import Referring
from assistant.repairing import Repairs
from assistant.rulings import Rulings
from assistant.senders import SenderBook
from assistant.targeting import Targeting
from assistant.triage import Triage
from storage.pool import Pool


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Filing by hand, what is said of senders and complaints, who is new, the records, and their proposed repairs."""

    filing: Filing
    senders: SenderBook
    leads: Leads
    book: AddressBook
    parting: Parting
    repairs: Repairs
    rulings: Rulings
    books: Books
    notes: Notes
    care: Care
    duplicates: DuplicateBook
    referring: Referring
    targeting: Targeting
    promising: Promising
    adopting: Adopting
    contacting: Contacting
    consenting: Consenting

    @classmethod
    def over(
        cls,
        pool: Pool,
        triage: Triage,
        publish: Callable[[frozenset[int]], None] = lambda cases: None,
        told: Callable[[str], None] = lambda customer: None,
        *,
        existing: bool = False,
    ) -> Self:
        """All of them over one pool.

        Args:
            pool: the pool.
            triage: how cases are opened.
            publish: is told which cases changed.
            told: is told whose record did.
            existing: existing customers may be mailed without consent (`[firm] mail_existing_customers`).
        """
        firm = triage.firm
        book = AddressBook(pool, firm)
        return cls(
            Filing(pool, firm),
            SenderBook(pool, firm),
            Leads(pool, firm),
            book,
            Parting(pool, firm),
            Repairs(pool, firm),
            Rulings(pool, triage, publish=publish),
            Books(pool),
            Notes(pool, told),
            Care(pool, told),
            DuplicateBook(pool, book),
            Referring(pool, told),
            Targeting(pool, existing),
            Promising(pool, told),
            Adopting(pool, firm),
            Contacting(pool, told),
            Consenting(pool, told, existing=existing),
        )
