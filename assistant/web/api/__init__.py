"""The HTTP interface under /api/v1 (design, section 6): JSON in, JSON out, rights by the viewer."""

from litestar import Router
from litestar.handlers import HTTPRouteHandler

from assistant.web.api import (
    cases,
    customers,
    findings,
    interactions,
    leads,
    ledger,
    mailboxes,
    merges,
    messages,
    openings,
    pairings,
    particulars,
    privacy,
    proposals,
    quarantine,
    reports,
    summary,
    surveys,
    tokens,
)

PREFIX = "/api/v1"


def router(*others: HTTPRouteHandler) -> Router:
    """All routes of the interface, together with what stands in modules of its own."""
    parts = (
        summary,
        customers,
        merges,
        messages,
        openings,
        findings,
        cases,
        reports,
        interactions,
        particulars,
        ledger,
        surveys,
        leads,
        proposals,
        quarantine,
        mailboxes,
        tokens,
        pairings,
        privacy,
    )
    return Router(PREFIX, route_handlers=[*others, *(handler for part in parts for handler in part.ROUTES)])
