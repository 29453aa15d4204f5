"""All pages in one router: server-rendered, readable without scripts; forms are plain and lead back."""

from litestar import Router
from litestar.di import Provide

from assistant.web.views import (
    account,
    complaints,
    customers,
    leads,
    merging,
    messages,
    proposals,
    quarantine,
    review,
    sidebar,
    start,
)
from assistant.web.visit import visit


def router() -> Router:
    """The pages; rights are checked by the gate and, for each mail and mailbox, by the lookup."""
    parts = (start, sidebar, customers, merging, messages, review, complaints, leads, proposals, quarantine, account)
    return Router(
        "/",
        route_handlers=[handler for part in parts for handler in part.ROUTES],
        dependencies={"visit": Provide(visit, sync_to_thread=False)},
        include_in_schema=False,
    )
