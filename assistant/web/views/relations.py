"""What stands on a customer's page about others: who brought them, whom they brought, and who may be the same."""

from dataclasses import dataclass

from litestar import Response, get, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath
from litestar.response import Redirect

from assistant.web.render import quoted
from assistant.web.texts import t
from assistant.web.visit import Form, Visit
from rules.money import rounded
from rules.summary import full_name
from rules.terms.customer import Customer
from rules.terms.errors import UnknownName
from rules.terms.staff import FieldGroup
from storage.pool import Work

_FOUND = 3


@dataclass(frozen=True, slots=True)
class Relations:
    """`brought`: whom they brought; `sentence` counts them. `twins`: how many pairs wait for a word."""

    by: tuple[tuple[Customer, str], ...]
    brought: tuple[Customer, ...]
    sentence: str
    twins: int


def relations(visit: Visit, work: Work, customer_id: str) -> Relations:
    """What a customer's page shows of it."""
    referring = visit.services.upkeep.referring
    found = referring.brought(work, visit.viewer, customer_id)
    return Relations(
        by=tuple((customer, noted.source) for customer, noted in referring.by(work, customer_id)),
        brought=found.customers,
        sentence=sentence(visit, len(found.customers), found.revenue),
        twins=len(work.duplicates.page(visit.now.date(), customer_id=customer_id)),
    )


def sentence(visit: Visit, count: int, revenue: int | None) -> str:
    """How many somebody brought, and what these bring in, by right."""
    if not count:
        return ""
    if not revenue:
        return t(visit.language, "referrals.brought", count=count)
    total = rounded(revenue, visit.services.settings.value.currency, visit.language)
    return t(visit.language, "referrals.brought_worth", count=count, sum=total)


@post("/customers/{customer:str}/referrals", sync_to_thread=True, status_code=303)
def add(visit: Given[Visit], customer: FromPath[str], data: Form) -> Redirect:
    """Note who brought them."""
    by = _meant(visit, data.get("by", ""))
    visit.services.upkeep.referring.add(visit.viewer, customer, by, visit.now.date())
    return visit.back(_record(customer), "referred", whole=customer, part=by)


@post("/customers/{customer:str}/referrals/remove", sync_to_thread=True, status_code=303)
def remove(visit: Given[Visit], customer: FromPath[str], data: Form) -> Redirect:
    """Take it back."""
    visit.services.upkeep.referring.remove(customer, data.get("by", ""))
    return visit.back(_record(customer), "taken_back")


@get("/lists/referrers", sync_to_thread=True)
def referrers(visit: Given[Visit]) -> Response[str]:
    """Who brought the most."""
    with_money = FieldGroup.MONEY in visit.viewer.groups
    with visit.services.pool.read() as work:
        found = work.referrals.referrers()
    rows = [(one.customer, sentence(visit, one.count, one.revenue if with_money else None)) for one in found]
    return visit.page("referrers.html", "customers", name="referrers", rows=rows)


def _meant(visit: Visit, text: str) -> str:
    """The customer whom somebody typed: an id, a number, or a name that only one bears.

    Raises:
        UnknownName: nobody, or several.
    """
    with visit.services.pool.read() as work:
        exact = work.customers.get(text.strip())
        found = [exact] if exact is not None else work.customers.find(text, _FOUND)
    if len(found) != 1:
        names = ", ".join(f"{full_name(one)} ({one.id})" for one in found)
        raise UnknownName(what="customer", name=text.strip() or "–", hint=names, hint_de=names)
    return found[0].id


def _record(customer: str) -> str:
    return f"/customers/{quoted(customer)}#relations"


ROUTES = (add, remove, referrers)
