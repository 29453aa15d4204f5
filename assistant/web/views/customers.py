"""Customers: the list, the search over customers and mails, and the record of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from litestar import Response, get
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, QueryParameter

from assistant.care import NOTED
from assistant.searching import customers as customers_named
from assistant.web import charts, render
from assistant.web.papers import papers
from assistant.web.texts import t
from assistant.web.views import mails
from assistant.web.views.care import SPOKEN
from assistant.web.views.people import people, said
from assistant.web.views.relations import relations
from assistant.web.views.rights import restriction_of
from assistant.web.visit import Visit
from rules.terms.customer import Customer, IdentifierKind
from rules.terms.interaction import Channel, Timeline
from rules.terms.staff import FieldGroup
from rules.terms.summary import Summary

PAGE = 50
ENTRIES = 30
REFERENCES = 10


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice of a filter."""

    text: str
    href: str
    chosen: bool
    channel: str = ""


@get("/customers", sync_to_thread=True)
def customers(
    visit: Given[Visit],
    q: Annotated[str, QueryParameter(max_length=200)] = "",
    after: Annotated[str, QueryParameter(max_length=500)] = "",
) -> Response[str]:
    """Customers, mails, notes, calls and letters that fit the words; all customers by name where there are none."""
    query = q.strip()
    with visit.services.pool.read() as work:
        if query:
            found, older, total = customers_named(work, query, visit.services.settings.as_firm(), PAGE), "", None
            hits = mails.found_rows(work, work.search.messages(query, visit.viewer.mailboxes, limit=PAGE))
            entries = work.search.entries(query, limit=PAGE)
            names = mails.customer_names(work, {one.customer_id for one in entries})
        else:
            entries, names = [], {}
            found, hits, total = (
                work.customers.page(after, PAGE + 1),
                [],
                work.customers.size() - work.restrictions.count(),
            )
            older = f"/customers?{urlencode({'after': found[PAGE - 1].id})}" if len(found) > PAGE else ""
    return visit.page(
        "customers.html",
        "customers",
        query=query,
        customers=found[:PAGE],
        older=older,
        total=total,
        mails=hits,
        entries=entries,
        names=names,
    )


@get("/customers/{customer:str}", sync_to_thread=True)
def customer(
    visit: Given[Visit],
    customer: FromPath[str],
    channel: Annotated[list[Channel] | None, QueryParameter()] = None,
    before: Annotated[str | None, QueryParameter(max_length=200)] = None,
    q: Annotated[str, QueryParameter(max_length=200)] = "",
    call: Annotated[bool, QueryParameter()] = False,
) -> Response[str]:
    """The record: summary, people, papers, value, and the timeline with its filters and its search.

    `call`: somebody is on the telephone, and the note waits.
    """
    lookup, viewer = visit.services.lookup, visit.viewer
    chosen = tuple(dict.fromkeys(channel or ()))
    summary = lookup.of_customer(viewer, customer, visit.now)
    query = q.strip()
    if query:
        timeline = Timeline(lookup.holding(viewer, customer, query, ENTRIES))
    else:
        timeline = lookup.timeline(viewer, customer, before=before, channels=chosen, limit=ENTRIES)
    present = [
        each
        for each in Channel
        if each in chosen or lookup.timeline(viewer, customer, channels=(each,), limit=1).entries
    ]
    with visit.services.pool.read() as work:
        record = work.customers.get(customer)
        known_as = record.id if record else customer
        there = people(visit, work, known_as)
        consents = said(visit, work, known_as, there)
        numbers = work.customers.references_of(known_as, 5 * REFERENCES)
        booked = work.ledger.numbers([(one.type, one.number) for one in numbers])
        references = [one for one in numbers if (one.type, one.number) not in booked][:REFERENCES]
        taught = work.customers.taught(known_as, [one.login for one in work.staff.all()])
        merges = work.merges.into(known_as)
        proposals = work.proposals.of_customer(known_as, viewer.mailboxes)
        hits = work.search.messages(query, viewer.mailboxes, customer_id=known_as, limit=ENTRIES) if query else []
        found_mails = mails.found_rows(work, hits)
        noted = work.decisions.bars([known_as]).get(known_as, frozenset())
        books = papers(work, known_as, visit.language, visit.now.date()) if FieldGroup.MONEY in viewer.groups else None
        particulars = (
            work.particulars.of(known_as, visit.now.date()) if FieldGroup.PARTICULARS in viewer.groups else None
        )
        others = relations(visit, work, known_as)
        restriction = restriction_of(visit, work, known_as)
    here = f"/customers/{render.quoted(customer)}"
    older = [("channel", each.value) for each in chosen] + [("before", timeline.next or "")]
    return visit.page(
        "customer.html",
        "customers",
        customer=summary.customer,
        summary=summary,
        people=there,
        consents=consents,
        spoken=SPOKEN,
        references=references,
        learned=[one for one in taught if one.kind is IdentifierKind.ADDRESS],
        merges=merges,
        proposals=len(proposals),
        details=_details(record) if record else (),
        entries=timeline.entries,
        older=f"{here}?{urlencode(older)}" if timeline.next else "",
        paged=before is not None,
        filters=_filters(here, chosen, present, visit.language),
        query_here=query,
        mails=found_mails,
        particulars=particulars,
        books=books,
        bars=[(bar.value, bar in noted) for bar in NOTED],
        revenue=_revenue(summary, visit),
        calling=call,
        relations=others,
        restriction=restriction,
    )


def _revenue(summary: Summary, visit: Visit) -> charts.Chart | None:
    """Revenue by month, in whole money."""
    if summary.money is None or not summary.money.spark:
        return None
    months = {f"{month}-01": round(amount / 100) for month, amount in summary.money.months}
    return charts.by_month(months, visit.now.date(), visit.language)


def _filters(here: str, chosen: Sequence[Channel], present: Sequence[Channel], language: str) -> list[Chip]:
    chips = [Chip(t(language, "customer.all"), here, not chosen)]
    return chips + [
        Chip(t(language, f"channel.{each}"), f"{here}?channel={each}", each in chosen, each.value) for each in present
    ]


def _details(customer: Customer) -> list[tuple[str, str]]:
    """Name and value of what the firm's own file says."""
    town = " ".join(part for part in (customer.zip, customer.city) if part)
    address = ", ".join(part for part in (customer.street, town, customer.country) if part)
    values = [
        ("customer_no", customer.customer_no or customer.id),
        ("address", address),
        ("phone", customer.phone),
        ("fax", customer.fax),
        ("email", customer.email),
        ("domain", customer.domain),
        ("vat_id", customer.vat_id),
    ]
    return [(name, value) for name, value in values if value]


ROUTES = (customers, customer)
