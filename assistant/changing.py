"""Records written by hand: a customer or contact made or changed by staff, recognisable at once, and taken back.

What a change newly makes recognisable is also taught in the name of whoever made it: the firm's next import may bring
the old record back, and the new address or number stays known all the same.
"""

from collections.abc import Iterable
from dataclasses import replace

from rules import identifiers
from rules.terms.customer import Contact, Customer, IdentifierKind, Known
from rules.terms.firm import Firm
from storage.pool import Work

# With this begin the ids of contacts that were made here, and none of the firm's own.
BY_HAND = "kingpost:"


def put_customer(work: Work, firm: Firm, customer: Customer, staff: str = "", before: Customer | None = None) -> None:
    """Write a customer's record. `before`: what it was, where `staff` changes one that was imported."""
    keys = identifiers.of_customer(customer, firm)
    number = customer.customer_no
    work.customers.upsert([customer], keys, {number: identifiers.form_of(number)} if number else {})
    if before is not None:
        _teach(work, set(keys) - set(identifiers.of_customer(before, firm)), staff)


def put_contact(
    work: Work, firm: Firm, contact: Contact, country: str, staff: str = "", before: Contact | None = None
) -> None:
    """Write a contact's record; `country` is the customer's. `before` and `staff` as for customers."""
    keys = identifiers.of_contact(contact, firm, country)
    work.customers.upsert_contacts([contact], keys)
    if before is not None:
        _teach(work, set(keys) - set(identifiers.of_contact(before, firm, country)), staff)


def take_back_customer(work: Work, firm: Firm, changed: Customer, before: Customer, staff: str) -> None:
    """Write a customer's record as it was, and forget what the change taught."""
    new = set(identifiers.of_customer(changed, firm)) - set(identifiers.of_customer(before, firm))
    put_customer(work, firm, before)
    _forget(work, new, staff)


def take_back_contact(work: Work, firm: Firm, changed: Contact, before: Contact, country: str, staff: str) -> None:
    """Write a contact's record as it was, and forget what the change taught."""
    new = set(identifiers.of_contact(changed, firm, country)) - set(identifiers.of_contact(before, firm, country))
    put_contact(work, firm, before, country)
    _forget(work, new, staff)


def adopt(work: Work, imported: Iterable[Contact]) -> None:
    """Let contacts that were made here become the firm's own, now that an import brings the same person.

    The same person is who has an address of theirs at the same customer.
    """
    wanted = {address: one for one in imported for address in identifiers.mail_addresses(f"{one.email} {one.email2}")}
    for (_, address), found in work.customers.owners({IdentifierKind.ADDRESS: wanted}).items():
        for known in found.known:
            if known.contact_id and known.contact_id.startswith(BY_HAND):
                now = work.customers.contact(wanted[address].id)
                if now is not None and now.customer_id == known.customer_id:
                    name_writer(work, known.customer_id, address, known.contact_id, now.id)
                    work.contact_changes.move(known.contact_id, now.id)
                    work.consents.move(known.contact_id, now.id)
                    work.customers.remove_contact(known.contact_id)


def name_writer(work: Work, customer_id: str, address: str, before: str | None, now: str | None) -> None:
    """Say anew which of a customer's people wrote the mails from an address.

    Where staff filed a mail and named nobody, nobody is named.
    """
    numbers = work.interactions.mails_of(customer_id, address) if address else []
    for no, mail in work.messages.get_many(numbers, 0).items():
        if mail.match.contact_id == before and (mail.match.decided_by is None or before is not None):
            work.messages.set_match(no, replace(mail.match, contact_id=now))
            work.interactions.move_message(no, customer_id, now)


def _teach(work: Work, keys: Iterable[Known], staff: str) -> None:
    for known in keys:
        work.customers.teach(replace(known, source=staff))


def _forget(work: Work, keys: Iterable[Known], staff: str) -> None:
    for known in keys:
        work.customers.forget(replace(known, source=staff))
