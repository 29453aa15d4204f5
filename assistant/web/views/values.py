"""The report on value: on how few customers how much hangs, who moved, who is where, which channels they use."""

from dataclasses import dataclass

from litestar import Response, get
from litestar.di import NamedDependency as Given

from assistant.web import charts
from assistant.web.visit import Visit
from rules.money import rounded
from rules.summary import full_name
from rules.terms.errors import Forbidden
from rules.terms.staff import FieldGroup
from rules.terms.worth import PoolValue
from rules.value.nps import nps
from rules.wording import say
from storage.values import ValueList

MOVERS = 15
WIDTH, HEIGHT, PAD = 320, 200, 24


@dataclass(frozen=True, slots=True)
class Mover:
    """A customer whose class changed."""

    id: str
    name: str
    before: str
    now: str
    change: str
    up: bool


@get("/reports/value", sync_to_thread=True)
def values(visit: Given[Visit]) -> Response[str]:
    """What customers are worth, all together."""
    if FieldGroup.MONEY not in visit.viewer.groups:
        raise Forbidden
    language = visit.language
    with visit.services.pool.read() as work:
        reckoned = work.values.reckoned()
        # Where nothing is known of the year before, nobody has moved.
        moved = work.values.page(ValueList.MOVERS, 400) if reckoned and reckoned[0].before else []
    if reckoned is None:
        return visit.page("values.html", "reports", found=None)
    found, currency = reckoned[0], reckoned[0].currency
    channels = [(say(f"channel.{name}", language), count) for name, count in found.channels]
    moved.sort(key=lambda one: -abs(one[1].revenue - one[1].before))
    return visit.page(
        "values.html",
        "reports",
        found=found,
        revenue=rounded(found.revenue, currency, language),
        before=rounded(found.before, currency, language),
        curve=_curve(found),
        shares=[(count, _share(found, count)) for count in (10, 20, 50) if found.concentration],
        classes=[(one, rounded(one.amount, currency, language)) for one in found.classes],
        most=max((count for row in found.grid for count in row), default=0),
        movers=[
            Mover(
                customer.id,
                full_name(customer),
                value.abc_before or "–",
                value.abc or "–",
                rounded(value.revenue - value.before, currency, language),
                value.revenue > value.before,
            )
            for customer, value in moved[:MOVERS]
        ],
        channels=charts.ranked(sorted(channels, key=lambda one: -one[1]), language),
        nps=nps([score for score, count in enumerate(found.scores) for _ in range(count)]),
        unfit=say(f"value.unfit.{found.unfit}", language) if found.unfit else "",
    )


def _curve(found: PoolValue) -> str:
    """The points of the curve: customers from the largest to the smallest, and the share they reach together."""
    width, height = WIDTH - PAD, HEIGHT - PAD
    points = [(0.0, 0.0), *((at / 100, share) for at, share in enumerate(found.concentration, 1))]
    return " ".join(f"{PAD + x * width:.1f},{height - y * height:.1f}" for x, y in points)


def _share(found: PoolValue, percent: int) -> float:
    return found.concentration[percent - 1]


ROUTES = (values,)
