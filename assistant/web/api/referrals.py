"""Referrals over HTTP: who brought a customer, and whom they brought."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from litestar import delete, get, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from assistant.care import known
from assistant.ports import Services
from assistant.web.api.bodies import Body, Name, Question
from rules.terms.staff import Viewer


class ReferralBody(Body):
    """Who brought the customer. `source`: "mail", "import", or the staff member who wrote it down."""

    referrer: str
    since: date
    source: str


class ReferralsBody(Body):
    """Who brought a customer, and whom they brought; `revenue`: what these bring in, in 12 months, null by right."""

    by: list[ReferralBody]
    brought: list[str]
    revenue: str | None


class ReferralQuestion(Question):
    """The id of the customer who brought this one."""

    referrer: Name


@get("/customers/{customer:str}/referrals", sync_to_thread=True, tags=["customers"])
def referrals(customer: FromPath[str], services: Given[Services], viewer: Given[Viewer]) -> ReferralsBody:
    """Who brought a customer, and whom they brought."""
    return _told(customer, services, viewer)


@post("/customers/{customer:str}/referrals", status_code=201, sync_to_thread=True, tags=["customers"])
def add(
    customer: FromPath[str],
    data: JSONBody[ReferralQuestion],
    services: Given[Services],
    viewer: Given[Viewer],
    now: Given[datetime],
) -> ReferralsBody:
    """Note who brought a customer; nobody is brought by those whom they brought."""
    today = now.astimezone(ZoneInfo(services.settings.firm.time_zone)).date()
    services.upkeep.referring.add(viewer, customer, data.referrer, today)
    return _told(customer, services, viewer)


@delete("/customers/{customer:str}/referrals/{referrer:str}", sync_to_thread=True, tags=["customers"])
def remove(customer: FromPath[str], referrer: FromPath[str], services: Given[Services]) -> None:
    """Take it back."""
    services.upkeep.referring.remove(customer, referrer)


def _told(customer: str, services: Services, viewer: Viewer) -> ReferralsBody:
    with services.pool.read() as work:
        id = known(work, customer)
        referring = services.upkeep.referring
        found = referring.brought(work, viewer, id)
        return ReferralsBody(
            by=[ReferralBody(one.referrer, one.since, one.source) for _, one in referring.by(work, id)],
            brought=[one.id for one in found.customers],
            revenue=None if found.revenue is None else f"{found.revenue / 100:.2f}",
        )


ROUTES = (referrals, add, remove)
