"""The firm's tables on their way into the pool: good rows go in, bad ones are listed, the same file again is no change.

A thousand rows a transaction, so that a million need no more memory than a page of them, and of customers and contacts
their ids (assistant.doubles).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import compress
from pathlib import Path
from zoneinfo import ZoneInfo

from assistant import bookkeeping, changing, notes, rederiving, referring
from assistant.assigning import assigned
from assistant.bookkeeping import OpenList, Unfit, no_customer, no_number, shared, unlike
from assistant.consenting import unfit as unfit_consents
from assistant.doubles import Doubles
from assistant.erased import Gate
from assistant.lacking import kept
from connectors.importers import ConsentRow, InteractionRow, Row, Said, Table, read_table
from rules import identifiers
from rules.addresses import company_domain
from rules.terms.consent import Consent
from rules.terms.customer import Contact, Customer, IdentifierKind, Owners, Reference
from rules.terms.firm import Firm
from rules.terms.ledger import Invoice, Offer, OpenItem, Order, Payment, SurveyAnswer
from rules.terms.worth import Bar
from storage.pool import Pool, Work
from storage.upserted import Upserted

CHUNK = 1000
_OPEN_ITEMS = "open-items"
_IMPORT = "import"
_BOOKS = frozenset({"orders", "offers", "invoices", "payments", _OPEN_ITEMS, "surveys"})
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

    `merged` counts customers that are part of others since and were left alone. `taken`: the file's columns with
    our fields for which they were taken; `unknown_columns` were left out.
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    merged: int = 0
    bad: int = 0
    problems: list[Problem] = field(default_factory=list)
    taken: tuple[tuple[str, str], ...] = ()
    unknown_columns: tuple[tuple[str, str | None], ...] = ()
    told: Callable[[Problem], None] = lambda problem: None

    def add(self, upserted: Upserted) -> None:
        """Count what a chunk did."""
        self.new += upserted.new
        self.changed += upserted.changed
        self.same += upserted.same
        self.merged += upserted.merged

    def leave_out(self, line: int, en: str, de: str) -> None:
        """Note a bad row."""
        self.bad += 1
        problem = Problem(line, en, de)
        self.told(problem)
        if len(self.problems) < LISTED:
            self.problems.append(problem)


def import_file(
    pool: Pool,
    firm: Firm,
    zone: ZoneInfo,
    kind: str,
    file: Path,
    mapping: Mapping[str, str] | None = None,
    progress: Callable[[int, int | None], None] = lambda done, total: None,
    as_of: date | None = None,
    reckoned: Callable[[int, int | None], None] = lambda done, total: None,
    gate: Gate | None = None,
    *,
    only: bool = False,
    bad: Callable[[Problem], None] = lambda problem: None,
) -> Report:
    """Import a table of the firm's (design section 8; docs/records.md names the kinds and their columns).

    Args:
        pool: where it goes.
        firm: who we are; our own domains identify no customer.
        zone: where times without an offset were written.
        kind: which table it is.
        file: CSV, XLSX, or vCard for contacts.
        mapping: our column name to the file's. The others are those that were chosen in the browser for such a header,
            else what names and content surely tell (assistant.assigning).
        progress: told how many rows are done, of about how many.
        as_of: the day of a list of open items that does not say it itself.
        reckoned: told for how many customers it is reckoned what the books say.
        gate: leaves out records that were erased; None lets them in.
        only: take no columns but those that `mapping` names.
        bad: told of every bad row, also of those that the report has no room for.

    Raises:
        ImportRefused: no row of the file makes sense; the sentence says what to do.
        PoolError: the pool takes nothing; what was imported so far is in it, and the file can be imported again.
    """
    if not only and (seen := assigned(pool, kind, file, mapping or {}, sure=True)).columns:
        mapping, only = seen.mapping, True
    table = read_table(file, kind, mapping, zone=zone, given={"as_of": as_of} if as_of else {}, only=only)
    open_list = OpenList(as_of)
    report = Report(taken=_taken(table) if only else (), unknown_columns=table.unknown_columns, told=bad)
    with pool.begin() as work:
        rederiving.begin(work, firm)
    done = 0
    waiting: list[Row] = []
    doubles = Doubles()
    for chunk in chunks(table.rows):
        done += len(chunk)
        with pool.begin() as work:
            chunk = with_customers(work, chunk)  # noqa: PLW2901 — the same rows, whose customers are known now
            if kind in _BOOKS:
                _book(work, open_list, chunk, report)
            else:
                now = datetime.now(zone)
                fit, repeated = doubles.sorted_out(_fit(work, still_welcome(work, gate, chunk), now))
                report.same += repeated
                _store(work, firm, fit, table.columns.keys(), report, now)
                waiting += referring.note_imported(work, fit)
        progress(done, max(table.total or 0, done) if table.total else None)
    # Who brought somebody may stand further down in the table.
    for some in chunks(waiting):
        with pool.begin() as work:
            for row in referring.note_imported(work, some):
                report.leave_out(row.line, *_no_referrer(row.referred_by))
    if kind == _OPEN_ITEMS:
        with pool.begin() as work:
            open_list.stand(work)
    if kind in _BOOKS and (report.new or report.changed):
        bookkeeping.reckon_lapsed(pool, reckoned)
    return report


def _taken(table: Table) -> tuple[tuple[str, str], ...]:
    """The columns that were taken, each once: a number that also is the id stands as the number."""
    fields: dict[str, str] = {}
    for ours, theirs in table.columns.items():
        fields.setdefault(theirs, ours)
    return tuple(fields.items())


def _book(work: Work, open_list: OpenList, chunk: list[Row], report: Report) -> None:
    """Take rows of the books in."""
    read = [row for row in chunk if row.value is not None]
    for row in chunk:
        if row.value is None:
            report.leave_out(row.line, row.problem, row.problem_de)
    items = [row.value for row in read if isinstance(row.value, OpenItem)]
    bookings = [row.value for row in read if isinstance(row.value, Order | Offer | Invoice | Payment | SurveyAnswer)]
    unfit = open_list.unfit(work, items) if items else bookkeeping.unfit(work, bookings)
    for row, reason in zip(read, unfit, strict=True):
        if reason is not None:
            report.leave_out(row.line, reason.en, reason.de)
    fit = [reason is None for reason in unfit]
    if items:
        report.add(open_list.take(work, list(compress(items, fit))))
    else:
        report.add(bookkeeping.book(work, list(compress(bookings, fit)), later=True))


def _store(  # noqa: PLR0912 — one branch a table
    work: Work, firm: Firm, chunk: list[Row], columns: Collection[str], report: Report, now: datetime
) -> None:
    customers: list[Customer] = []
    contacts: list[Contact] = []
    references: list[Reference] = []
    interactions: list[InteractionRow] = []
    consents: list[Consent] = []
    known = work.customers.known_ids({owner for row in chunk if (owner := owner_of(row))})
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
        elif (owner := owner_of(row)) not in known:
            nobody = no_customer(owner)
            report.leave_out(row.line, nobody.en, nobody.de)
        elif isinstance(value, Contact):
            contacts.append(value)
        elif isinstance(value, Reference):
            references.append(value)
        elif isinstance(value, InteractionRow):
            interactions.append(value)
        elif (said := _said(row, now)) is not None:
            consents.append(said)
    if customers:
        customers = kept(customers, work.customers.get_many({one.id for one in customers}), columns)
        keys = (key for one in customers for key in identifiers.of_customer(one, firm))
        forms = {one.customer_no: identifiers.form_of(one.customer_no) for one in customers if one.customer_no}
        report.add(work.customers.upsert(customers, keys, forms))
        _note_objections(work, chunk)
        work.values.mark()
    if contacts:
        contacts = kept(contacts, work.customers.contacts({one.id for one in contacts}), columns)
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
        report.add(notes.write(work, entries, [row.external_id for row in interactions]))
    if consents:
        report.add(work.consents.add(consents, once=True))


def _fit(work: Work, chunk: list[Row], now: datetime) -> list[Row]:
    """The rows; openings that nobody agreed to have measured, and consents that nobody can have given, are problems."""
    entries = [(at, row.value) for at, row in enumerate(chunk) if isinstance(row.value, InteractionRow)]
    words = [(at, said) for at, row in enumerate(chunk) if (said := _said(row, now)) is not None]
    left_out: dict[int, tuple[str, str]] = {}
    for (at, _), unmeasured in zip(
        entries, notes.unmeasured(work, [(one.interaction, one.consent) for _, one in entries]), strict=True
    ):
        if unmeasured:
            left_out[at] = notes.UNMEASURED
    for (at, _), problem in zip(words, unfit_consents(work, [said for _, said in words], now.date()), strict=True):
        if problem is not None:
            left_out[at] = problem
    return [Row(row.line, None, *left_out[at]) if at in left_out else row for at, row in enumerate(chunk)]


def _said(row: Row, now: datetime) -> Consent | None:
    """What a row of consents says; None of another one."""
    one = row.value
    if not isinstance(one, ConsentRow):
        return None
    given = one.state is Said.GIVEN
    return Consent(one.customer_id, one.purpose, given, one.date, one.way, now, one.contact_id, one.source, _IMPORT)


def _no_referrer(by: str) -> tuple[str, str]:
    return (
        f"the customer was taken in, but “{by}” in referred_by is no customer, or came by this one.",
        f"der Kunde ist übernommen, aber „{by}“ unter „Empfohlen von“ ist kein Kunde oder kam selbst durch diesen.",
    )


def still_welcome(work: Work, gate: Gate | None, chunk: list[Row]) -> list[Row]:
    """The rows; those of erased records become problems, so that a nightly import brings nobody back."""
    if gate is None:
        return chunk
    customers = {row.value.id for row in chunk if isinstance(row.value, Customer)}
    contacts = {row.value.id for row in chunk if isinstance(row.value, Contact)}
    erased = gate.erased_records(work, "customer", customers), gate.erased_records(work, "contact", contacts)
    if not any(erased):
        return chunk
    gone = Row(0, None, "it was erased; take it out of your table too", "wurde gelöscht; auch aus Ihrer Tabelle nehmen")
    return [
        replace(gone, line=row.line)
        if (isinstance(row.value, Customer) and row.value.id in erased[0])
        or (isinstance(row.value, Contact) and row.value.id in erased[1])
        else row
        for row in chunk
    ]


def _note_objections(work: Work, chunk: list[Row]) -> None:
    """Bar advertising where the file says so. A yes lifts nothing: an objection may be newer than the file."""
    object_ = {row.value.id for row in chunk if isinstance(row.value, Customer) and row.advertising is False}
    known = work.decisions.bars(object_)
    for id, customer in work.customers.get_many(object_).items():
        if Bar.OBJECTION not in known.get(id, ()):
            work.decisions.bar(customer.id, Bar.OBJECTION, datetime.now(UTC).date(), _IMPORT)


def owner_of(row: Row) -> str:
    """The customer that a row belongs to; "" for a customer's own row or where the file names none."""
    value = row.value.interaction if isinstance(row.value, InteractionRow) else row.value
    return getattr(value, "customer_id", "")


def with_customers(work: Work, chunk: list[Row]) -> list[Row]:
    """The rows with the ids of those whom they name by number; a number that leads to nobody or to several is bad."""
    numbers = {row.customer_no for row in chunk if row.customer_no}
    if not numbers:
        return chunk
    by_number = work.customers.by_numbers(numbers)
    by_id = work.customers.get_many({owner_of(row) for row in chunk if row.customer_no})
    return [_with_customer(row, by_number, by_id) if row.customer_no else row for row in chunk]


def _with_customer(row: Row, by_number: Mapping[str, list[str]], by_id: Mapping[str, Customer]) -> Row:
    number, named = row.customer_no, owner_of(row)
    found = by_number.get(number, [])
    if named != number and named in by_id:
        agree = not found or by_id[named].id in found
        return row if agree else _unfit(row, unlike(number, named))
    if not found and number in by_id:
        return row  # what the file calls a number is our id
    if len(found) != 1:
        return _unfit(row, shared(number, found) if found else no_number(number))
    value = row.value
    if isinstance(value, InteractionRow):
        return replace(row, value=replace(value, interaction=replace(value.interaction, customer_id=found[0])))
    return replace(row, value=replace(value, customer_id=found[0]))  # type: ignore[type-var]  # all others have one


def _unfit(row: Row, reason: Unfit) -> Row:
    return Row(row.line, None, reason.en, reason.de)


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


def chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows, a transaction's worth at a time."""
    chunk: list[Row] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
