"""The firm's tables on their way into the pool: good rows go in, bad ones are listed, the same file again is no change.

A thousand rows a transaction, so that a million need no more memory than a page of them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from assistant import changing, rederiving
from connectors.importers import InteractionRow, Row, read_table
from rules import identifiers
from rules.addresses import company_domain
from rules.terms.customer import Contact, Customer, IdentifierKind, Owners, Reference
from rules.terms.firm import Firm
from storage.pool import Pool, Work
from storage.upserted import Upserted

CHUNK = 1000
LISTED = 1000


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that was left out, and why."""

    line: int
    en: str
    de: str


@dataclass(slots=True)
class Report:
    """What an import did. `problems` lists the first thousand bad rows; `bad` counts them all.

    `merged` counts customers that are part of others since and were left alone.
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    merged: int = 0
    bad: int = 0
    problems: list[Problem] = field(default_factory=list)
    unknown_columns: tuple[tuple[str, str | None], ...] = ()

    def add(self, upserted: Upserted) -> None:
        """Count what a chunk did."""
        self.new += upserted.new
        self.changed += upserted.changed
        self.same += upserted.same
        self.merged += upserted.merged

    def leave_out(self, line: int, en: str, de: str) -> None:
        """Note a bad row."""
        self.bad += 1
        if len(self.problems) < LISTED:
            self.problems.append(Problem(line, en, de))


def import_file(
    pool: Pool,
    firm: Firm,
    zone: ZoneInfo,
    kind: str,
    file: Path,
    mapping: Mapping[str, str] | None = None,
    progress: Callable[[int, int | None], None] = lambda done, total: None,
) -> Report:
    """Import a table of customers, contacts, references or interactions (design section 8).

    Args:
        pool: where it goes.
        firm: who we are; our own domains identify no customer.
        zone: where times without an offset were written.
        kind: which table it is.
        file: CSV, XLSX, or vCard for contacts.
        mapping: our column name to the file's, where they are too far apart to be guessed.
        progress: told how many rows are done, of about how many.

    Raises:
        ImportRefused: no row of the file makes sense; the sentence says what to do.
        PoolError: the pool takes nothing; what was imported so far is in it, and the file can be imported again.
    """
    table = read_table(file, kind, mapping, zone=zone)
    report = Report(unknown_columns=table.unknown_columns)
    with pool.begin() as work:
        rederiving.begin(work, firm)
    done = 0
    for chunk in _chunks(table.rows):
        with pool.begin() as work:
            _store(work, firm, chunk, report)
        done += len(chunk)
        progress(done, max(table.total or 0, done) if table.total else None)
    return report


def _store(work: Work, firm: Firm, chunk: list[Row], report: Report) -> None:  # noqa: PLR0912 — one branch a table
    customers: list[Customer] = []
    contacts: list[Contact] = []
    references: list[Reference] = []
    interactions: list[InteractionRow] = []
    known = work.customers.known_ids({owner for row in chunk if (owner := _owner(row))})
    for row in chunk:
        value = row.value
        if value is None:
            report.leave_out(row.line, row.problem, row.problem_de)
        elif isinstance(value, Customer):
            customers.append(value)
        elif isinstance(value, Contact) and not value.customer_id:
            owner = _employer(work, firm, value, row.organisation)
            if owner:
                contacts.append(replace(value, customer_id=owner))
            else:
                report.leave_out(
                    row.line,
                    f"no single customer is called “{row.organisation}” or uses that address; import the firm first.",
                    f"kein eindeutiger Kunde heißt „{row.organisation}“ oder nutzt diese Adresse; zuerst die Firma.",
                )
        elif (owner := _owner(row)) not in known:
            report.leave_out(
                row.line,
                f"there is no customer “{owner}”; import the customers first.",
                f"es gibt keinen Kunden „{owner}“; erst die Kunden einlesen.",
            )
        elif isinstance(value, Contact):
            contacts.append(value)
        elif isinstance(value, Reference):
            references.append(value)
        else:
            interactions.append(value)
    # A file that names somebody twice means the last row, in the record and in what identifies it.
    customers = list({one.id: one for one in customers}.values())
    contacts = list({one.id: one for one in contacts}.values())
    if customers:
        keys = (key for one in customers for key in identifiers.of_customer(one, firm))
        forms = {one.customer_no: identifiers.form_of(one.customer_no) for one in customers if one.customer_no}
        report.add(work.customers.upsert(customers, keys, forms))
    if contacts:
        owners = work.customers.get_many({one.customer_id for one in contacts})
        countries = {id: owner.country for id, owner in owners.items()}
        keys = (
            key for one in contacts for key in identifiers.of_contact(one, firm, countries.get(one.customer_id, ""))
        )
        report.add(work.customers.upsert_contacts(contacts, keys))
        changing.adopt(work, contacts)
    if references:
        forms = {one.number: identifiers.form_of(one.number) for one in references}
        report.add(work.customers.upsert_references(references, forms))
    if interactions:
        entries = [row.interaction for row in interactions]
        report.add(work.interactions.add(entries, [row.external_id for row in interactions]))


def _owner(row: Row) -> str:
    """The customer that a row belongs to; "" for a customer's own row or where the file names none."""
    value = row.value
    if isinstance(value, InteractionRow):
        return value.interaction.customer_id
    return value.customer_id if isinstance(value, Contact | Reference) else ""


def _employer(work: Work, firm: Firm, contact: Contact, organisation: str) -> str:
    """The one customer of that name, or else the one whose company domain the contact's address has; else ""."""
    wanted = organisation.casefold().strip()
    if wanted:
        named = {one.id for one in work.customers.find(organisation) if wanted in _names(one)}
        if len(named) == 1:
            return named.pop()
    domain = company_domain(contact.email, firm) if contact.email else ""
    if domain:
        key = IdentifierKind.DOMAIN, domain
        owners = work.customers.owners({IdentifierKind.DOMAIN: {domain}}).get(key, Owners())
        ids = {owner.customer_id for owner in owners.known}
        if len(ids) == 1:
            return ids.pop()
    return ""


def _names(customer: Customer) -> set[str]:
    return {customer.name.casefold(), f"{customer.name} {customer.legal_form}".strip().casefold()}


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    chunk: list[Row] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
