"""The HTTP interface under /api/v1 (design, section 6): JSON in, JSON out, rights by the viewer."""

from litestar import Router
from litestar.handlers import HTTPRouteHandler

from assistant.web.api import (
    customers,
    findings,
    leads,
    mailboxes,
    merges,
    messages,
    proposals,
    quarantine,
    summary,
    tokens,
)

PREFIX = "/api/v1"


def router(*others: HTTPRouteHandler) -> Router:
    """All routes of the interface, together with what stands in modules of its own."""
    parts = (summary, customers, merges, messages, findings, leads, proposals, quarantine, mailboxes, tokens)
    return Router(PREFIX, route_handlers=[*others, *(handler for part in parts for handler in part.ROUTES)])
