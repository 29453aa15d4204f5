"""All pages in one router: server-rendered, readable without scripts; forms are plain and lead back."""

from litestar import Router
from litestar.di import Provide

from assistant.web.views import (
    account,
    care,
    cases,
    complaints,
    customers,
    leads,
    lists,
    merging,
    messages,
    pairing,
    proposals,
    quarantine,
    queues,
    reports,
    review,
    sidebar,
    start,
    values,
)
from assistant.web.visit import visit


def router() -> Router:
    """The pages; rights are checked by the gate and, for each mail and mailbox, by the lookup."""
    parts = (
        start,
        sidebar,
        customers,
        care,
        lists,
        merging,
        messages,
        review,
        queues,
        cases,
        reports,
        values,
        complaints,
        leads,
        proposals,
        quarantine,
        account,
        pairing,
    )
    return Router(
        "/",
        route_handlers=[handler for part in parts for handler in part.ROUTES],
        dependencies={"visit": Provide(visit, sync_to_thread=False)},
        include_in_schema=False,
    )
