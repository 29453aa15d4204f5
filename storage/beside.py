"""What a summary asks of a customer, asked in one go (storage.prepared.ahead).

The methods that answer stay the tables' own: asked next with the same values, they find their rows here. What differs,
for a merged customer say, they ask themselves, so that nothing here changes an answer.
"""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection

from storage import (
    cases,
    consents,
    customers,
    decisions,
    facts,
    findings,
    interactions,
    ledger,
    particulars,
    promises,
    restrictions,
    values,
)
from storage.prepared import ahead


class Beside:
    """What stands beside an opened mail or customer, on its way."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(
        self,
        customer_id: str,
        mailboxes: Collection[str],
        *,
        today: date,
        promised: date,
        entries: int,
        references: int,
        message: int | None = None,
        contact_id: str | None = None,
    ) -> None:
        """Ask all that the summary of a customer is made of.

        Args:
            customer_id: whose.
            mailboxes: those that the reader may read.
            today: the day on which particulars have to hold.
            promised: promises that were due before are over.
            entries: how many of the newest entries, and papers of each kind.
            references: how many of the newest numbers on paper.
            message: the opened mail; None where a customer was opened.
            contact_id: who wrote it.
        """
        ahead(
            self._connection,
            {
                **customers.beside(customer_id, contact_id, references),
                **restrictions.beside(customer_id),
                **findings.beside(message, customer_id, mailboxes),
                **cases.beside(message, customer_id, mailboxes),
                **facts.beside(customer_id),
                **particulars.beside(customer_id, today),
                **ledger.beside(customer_id, entries),
                **values.beside(customer_id),
                **decisions.beside(customer_id),
                **consents.beside(customer_id),
                **promises.beside(customer_id, promised),
                **interactions.beside(customer_id, entries),
            },
        )
