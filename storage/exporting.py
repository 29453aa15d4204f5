"""What the tables hold of a customer or of one of their people, section by section, for handing it to them.

Rows come one by one, with the columns' own names as keys: moments as ISO 8601 in UTC, amounts in whole cents. What only
serves the pool (sorted names, keys of an index) is left out. Mails are handed over by assistant.handing_over.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, false, or_, select

from rules.terms.staff import FieldGroup
from storage.alarm_tables import sightings
from storage.case_tables import case_events, cases
from storage.consent_tables import consents, contact_changes
from storage.correspondent_tables import correspondents
from storage.document_tables import documents, found_invoices
from storage.ledger_tables import customer_facts, invoices, offers, open_items, orders, particulars, payments, surveys
from storage.moments import moment
from storage.outgoing_tables import invitations, outgoing
from storage.privacy_tables import restrictions
from storage.recognition import merges, proposals, senders
from storage.records import contacts, customer_references, customers, identifiers, interactions
from storage.relation_tables import duplicates, promises, referrals
from storage.schema import findings
from storage.value_tables import action_decisions, customer_bars, customer_values

_MOMENTS = frozenset({"at", "opened", "due", "answered", "snoozed_until", "escalated", "ended", "since", "undone_at"})
_MOMENTS |= {"created", "sent", "expires", "said", "kept_at", "decided_at", "solved_at", "found_at", "newest"}
_MOMENTS |= {"arrived"}
_JSON = frozenset({"evidence", "party", "items", "payload", "record", "assessment", "was", "likes", "shared"})
_JSON |= {"orders", "offers", "billing", "invoice", "buyer"}
_INTERNAL = frozenset(
    {"no", "name_key", "number_shape", "number_key", "shape", "payload_key", "pending", "place", "key", "batch", "run"}
)
# Words of mails, maybe of personal mailboxes: the mails are handed over by themselves.
_INTERNAL |= {"box", "signs"}


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose data: customers by id with all that is theirs, or single people of them; what was said of addresses."""

    customers: frozenset[str] = frozenset()
    contacts: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an export. `group`: the right that it takes to see it, None where everybody may."""

    name: str
    table: Table
    group: FieldGroup | None = None


MONEY = FieldGroup.MONEY
SECTIONS = (
    Section("customers", customers),
    Section("contacts", contacts),
    Section("identifiers", identifiers),
    Section("references", customer_references),
    Section("particulars", particulars, FieldGroup.PARTICULARS),
    Section("orders", orders, MONEY),
    Section("offers", offers, MONEY),
    Section("invoices", invoices, MONEY),
    Section("payments", payments, MONEY),
    Section("found_invoices", found_invoices, MONEY),
    Section("open_items", open_items, MONEY),
    Section("surveys", surveys),
    Section("facts", customer_facts, MONEY),
    Section("value", customer_values, MONEY),
    Section("decisions", action_decisions),
    Section("bars", customer_bars),
    Section("consents", consents),
    Section("contact_changes", contact_changes),
    Section("referrals", referrals),
    Section("sightings", sightings),
    Section("promises", promises),
    Section("duplicates", duplicates),
    Section("restrictions", restrictions),
    Section("interactions", interactions),
    Section("documents", documents),
    Section("findings", findings),
    Section("cases", cases),
    Section("case_events", case_events),
    Section("outgoing", outgoing),
    Section("invitations", invitations),
    Section("proposals", proposals),
    Section("merges", merges),
    Section("senders", senders),
    Section("correspondents", correspondents),
)


class Exporting:
    """Reads what the tables hold of somebody."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, section: Section, subject: Subject, mails: Collection[int]) -> Iterator[dict[str, Any]]:
        """The rows of a section that are the subject's. `mails`: theirs, by which findings and proposals are known."""
        table = section.table
        query: Select[Any] = select(table).where(self._theirs(table, subject)).order_by(*table.primary_key)
        numbers = set(mails)
        for row in self._connection.execution_options(yield_per=500).execute(query):
            values = row._mapping
            if table is findings and not subject.customers and values["message"] not in numbers:
                continue
            yield {column.name: _value(column, values[column.name]) for column in table.c if _told(column)}

    def _theirs(self, table: Table, subject: Subject) -> ColumnElement[bool]:
        ids, people = subject.customers, subject.contacts
        of_cases = select(cases.c.id).where(cases.c.customer_id.in_(ids))
        of_invoices = select(invoices.c.invoice_no).where(invoices.c.customer_id.in_(ids))
        employers = select(contacts.c.customer_id).where(contacts.c.id.in_(people))
        i = interactions.c
        entries = select(i.id).where(i.customer_id.in_(ids) if ids else i.contact_id.in_(people))
        in_files = findings.c.customer_id.in_(ids)
        of_people = select(contacts.c.id).where(contacts.c.customer_id.in_(ids))
        changed = contact_changes.c.contact_id
        special: dict[Table, ColumnElement[bool]] = {
            contact_changes: or_(changed.in_(of_people), changed.in_(people)),
            customers: customers.c.id.in_(ids),
            contacts: or_(contacts.c.customer_id.in_(ids), contacts.c.id.in_(people)),
            documents: documents.c.interaction.in_(entries),
            payments: payments.c.invoice_no.in_(of_invoices),
            case_events: case_events.c.case.in_(of_cases),
            merges: or_(merges.c.kept.in_(ids), merges.c.merged.in_(ids)),
            referrals: or_(referrals.c.customer_id.in_(ids), referrals.c.referrer.in_(ids)),
            duplicates: or_(duplicates.c.one.in_(ids), duplicates.c.other.in_(ids)),
            senders: senders.c.address.in_(subject.addresses),
            correspondents: correspondents.c.address.in_(subject.addresses),
            # What is nobody's, or an employer's, is looked through for mails of theirs.
            findings: in_files if ids else or_(findings.c.customer_id.in_(employers), findings.c.customer_id.is_(None)),
        }
        if table in special:
            return special[table]
        if ids:
            return table.c.customer_id.in_(ids)
        return table.c.contact_id.in_(people) if "contact_id" in table.c else false()


def _told(column: Column[Any]) -> bool:
    return column.name not in _INTERNAL


def _value(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, date):
        return value.isoformat()
    if column is open_items.c.as_of:
        return date.fromordinal(value).isoformat()
    if isinstance(value, int) and not isinstance(value, bool) and (column.name in _MOMENTS or _is_moment(column)):
        return moment(value).isoformat()
    if isinstance(value, str) and (column.name in _JSON or column is customer_facts.c.surveys):
        return json.loads(value)
    return value


def _is_moment(column: Column[Any]) -> bool:
    """In these tables a date is a moment; in the books it is a day."""
    return column.name == "date" and column.table in (interactions, findings)
