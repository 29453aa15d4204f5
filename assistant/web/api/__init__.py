"""The HTTP interface under /api/v1 (design, section 6): JSON in, JSON out, rights by the viewer."""

from litestar import Router
from litestar.handlers import HTTPRouteHandler

from assistant.web.api import (
    alarms,
    care,
    cases,
    consents,
    contacts,
    correspondents,
    customers,
    documents,
    duplicates,
    findings,
    found_invoices,
    interactions,
    leads,
    ledger,
    mailboxes,
    merges,
    messages,
    openings,
    outgoing,
    pairings,
    particulars,
    privacy,
    proposals,
    quarantine,
    referrals,
    reports,
    snippets,
    summary,
    surveys,
    targets,
    teams,
    tokens,
    web_site,
)

PREFIX = "/api/v1"


def router(*others: HTTPRouteHandler) -> Router:
    """All routes of the interface, together with what stands in modules of its own."""
    parts = (
        summary,
        customers,
        care,
        contacts,
        consents,
        merges,
        duplicates,
        referrals,
        messages,
        openings,
        findings,
        cases,
        teams,
        snippets,
        outgoing,
        reports,
        interactions,
        web_site,
        documents,
        particulars,
        ledger,
        found_invoices,
        surveys,
        targets,
        leads,
        proposals,
        quarantine,
        mailboxes,
        tokens,
        pairings,
        privacy,
        correspondents,
        alarms,
    )
    return Router(PREFIX, route_handlers=[*others, *(handler for part in parts for handler in part.ROUTES)])
