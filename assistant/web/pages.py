"""All pages in one router: server-rendered, readable without scripts; forms are plain and lead back."""

from litestar import Router
from litestar.di import Provide

from assistant.web.views import (
    account,
    care,
    cases,
    complaints,
    correspondents,
    customers,
    duplicates,
    found_invoices,
    imports,
    leads,
    letters,
    lists,
    merging,
    messages,
    oauth,
    outgoing,
    pairing,
    proposals,
    quarantine,
    queues,
    relations,
    reports,
    review,
    rights,
    setup,
    setup_mailbox,
    sidebar,
    snippets,
    start,
    targets,
    team,
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
        relations,
        rights,
        letters,
        lists,
        targets,
        merging,
        messages,
        review,
        queues,
        cases,
        team,
        snippets,
        outgoing,
        reports,
        values,
        complaints,
        leads,
        correspondents,
        imports,
        duplicates,
        proposals,
        found_invoices,
        quarantine,
        account,
        setup,
        setup_mailbox,
        pairing,
        oauth,
    )
    return Router(
        "/",
        route_handlers=[handler for part in parts for handler in part.ROUTES],
        dependencies={"visit": Provide(visit, sync_to_thread=False)},
        include_in_schema=False,
    )
