"""Customers without a file: with whom the firm exchanges mail, proposed by firm and kind, confirmed in one go."""

from typing import Annotated
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.di import NamedDependency as Given
from litestar.params import QueryParameter
from litestar.response import Redirect

from assistant.adopting import Choice
from assistant.web.api.bodies import Number
from assistant.web.texts import t
from assistant.web.visit import Form, Visit, own_path
from rules.terms.customer import PartyKind
from rules.terms.errors import WrongUse
from rules.terms.staff import Role
from rules.terms.upkeep import Stance

HERE = "/correspondents"
SHOWN = 50
OPEN = "open"
# What somebody can be made: the kinds, and “never”.
KINDS = (*(kind.value for kind in PartyKind), Stance.NEVER.value)
# So many pages are reached by “more”; whoever is decided on makes room.
_PAGES = 40


@get(HERE, role=Role.LEAD, sync_to_thread=True)
def correspondents(
    visit: Given[Visit],
    kind: Annotated[str, QueryParameter(max_length=20)] = "",
    page: Annotated[int, QueryParameter(ge=0, le=_PAGES)] = 0,
) -> Response[str]:
    """What waits for a word, most mails first."""
    chosen = PartyKind(kind) if kind in list(PartyKind) else None
    found, counts = visit.services.upkeep.adopting.proposed(
        visit.viewer, chosen, unsure=kind == OPEN, limit=SHOWN + 1, first=page * SHOWN
    )
    with visit.services.pool.read() as work:
        never = work.senders.history(200, stance=Stance.NEVER)
    filters = [("", sum(counts.values())), (OPEN, counts[None]), *((one.value, counts[one]) for one in PartyKind)]
    more = urlencode({"kind": kind, "page": page + 1})
    return visit.page(
        "correspondents.html",
        "customers",
        items=found[:SHOWN],
        filters=[(name, count) for name, count in filters if count or name in ("", kind)],
        kind=kind,
        kinds=KINDS,
        never=never,
        older=f"{HERE}?{more}" if len(found) > SHOWN and page < _PAGES else "",
    )


@post(HERE, role=Role.LEAD, sync_to_thread=True, status_code=303)
def confirm(visit: Given[Visit], data: Form) -> Redirect:
    """Make of those who are ticked what is chosen beside them, or of all the same."""
    same = data.get("all", "")
    choices = []
    for number in range(SHOWN):
        key = data.get(f"pick-{number}")
        if key is None:
            continue
        kind = same or data.get(f"kind-{number}", "")
        if kind not in KINDS:
            raise WrongUse(
                problem=t(visit.language, "correspondents.no_kind", name=data.get(f"name-{number}", key)[:80])
            )
        made = Stance.NEVER if kind == Stance.NEVER.value else PartyKind(kind)
        choices.append(Choice(key, made, data.get(f"name-{number}", "").strip()[:200]))
    if not choices:
        raise WrongUse(problem=t(visit.language, "correspondents.none_picked"))
    batch = visit.services.upkeep.adopting.confirm(visit.viewer, choices)
    return visit.back(own_path(data.get("next", ""), HERE), "adopted", batch=batch)


@post("/correspondents/{id:int}/undo", role=Role.LEAD, sync_to_thread=True, status_code=303)
def take_back(visit: Given[Visit], id: Number, data: Form) -> Redirect:
    """Take back what was confirmed in one go."""
    kept = visit.services.upkeep.adopting.take_back(visit.viewer, id)
    return visit.back(own_path(data.get("next", ""), HERE), "adopted_kept" if kept else "adopted_back")


@post("/correspondents/never", role=Role.LEAD, sync_to_thread=True, status_code=303)
def never(visit: Given[Visit], data: Form) -> Redirect:
    """Put an address or domain on the never-file list."""
    visit.services.upkeep.adopting.never(visit.viewer, data.get("entry", ""))
    return visit.back(f"{HERE}#never", "never_kept")


@post("/correspondents/never/{id:int}/remove", role=Role.LEAD, sync_to_thread=True, status_code=303)
def allow(visit: Given[Visit], id: Number) -> Redirect:
    """Take an entry off the list."""
    visit.services.upkeep.adopting.unsay(id)
    return visit.back(f"{HERE}#never", "never_removed")


ROUTES = (correspondents, confirm, take_back, never, allow)
