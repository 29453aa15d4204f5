"""The door of a customer's addresses: where their data are only kept, it opens for administrators alone.

Summaries come through: they say themselves that the record is restricted, and nothing else (assistant.lookup).
"""

from collections.abc import Awaitable, Callable

from anyio import to_thread

from assistant.web.gate import AnyRequest
from rules.terms.errors import Forbidden
from rules.terms.staff import Role
from storage.pool import Pool


def doorkeeper(pool: Pool) -> Callable[[AnyRequest], Awaitable[None]]:
    """What looks at each request before its handler.

    Raises:
        Forbidden: the address names a restricted customer, and the asker is no administrator.
    """

    async def look(request: AnyRequest) -> None:
        customer = request.path_params.get("customer")
        if customer is None or request.user is None or request.user.role is Role.ADMIN:
            return
        if request.url.path.endswith("/summary"):
            return
        if await to_thread.run_sync(_restricted, pool, str(customer)):
            raise Forbidden

    return look


def _restricted(pool: Pool, customer_id: str) -> bool:
    with pool.read() as work:
        customer = work.customers.get(customer_id)
        return customer is not None and work.restrictions.of(customer.id) is not None
