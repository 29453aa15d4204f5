"""The sidebar: a small page that stands beside a mail client and shows who wrote the opened mail."""

from typing import Annotated, Any

from litestar import Response, get
from litestar.di import NamedDependency as Given
from litestar.params import QueryParameter
from litestar.response import Redirect

from assistant.sharing import meant
from assistant.web.render import data_block, quoted, render_offline
from assistant.web.texts import texts, words
from assistant.web.views.care import SPOKEN
from assistant.web.visit import Visit
from rules.summary_forms import as_json
from rules.terms.mail import Mailbox
from rules.terms.summary import Summary

FOUND = 8
LIVE = ("pin", "pinned", "last_opened", "waiting", "offline")


@get("/sidebar/offline", public=True, sync_to_thread=False)
def offline(language: Given[str]) -> Response[str]:
    """What the installed sidebar shows where it is opened without a network: static/worker.js keeps this page."""
    return Response(render_offline(language), media_type="text/html")


@get("/sidebar", sync_to_thread=True)
def sidebar(
    visit: Given[Visit],
    customer: Annotated[str, QueryParameter(max_length=200)] = "",
    message: Annotated[int | None, QueryParameter(ge=1, le=2**63 - 1)] = None,
    q: Annotated[str, QueryParameter(max_length=200)] = "",
    share: Annotated[str, QueryParameter(max_length=20_000)] = "",
    url: Annotated[str, QueryParameter(max_length=20_000)] = "",
) -> Response[str] | Redirect:
    """The summary of a mail or a customer, or what a search by hand found; then whatever is opened.

    `share` and `url` are what a phone's share menu sends (Web Share Target); who is meant is shown at once.
    """
    lookup, viewer = visit.services.lookup, visit.viewer
    summary = None
    if message is not None:
        summary = lookup.of_message(viewer, message, visit.now)
    elif customer:
        summary = lookup.of_customer(viewer, customer, visit.now)
    with visit.services.pool.read() as work:
        health = visit.services.broker.health(work.mailboxes.health())
        boxes = [box for box in work.mailboxes.all() if box.follow and box.name in viewer.mailboxes]
        text = f"{share} {url}".strip() or q.strip()
        results = meant(work, text, visit.services.settings.as_firm(), FOUND) if text else None
    if not q and results and len(results) == 1:
        return Redirect(f"/sidebar?customer={quoted(results[0].id)}", status_code=303)
    return visit.page(
        "sidebar.html",
        "sidebar",
        spoken=SPOKEN,
        summary=summary,
        start=data_block({"words": live_words(visit.language), "shown": _asked_again(summary)}),
        mailboxes=sorted(boxes, key=_own_first),
        ways={name: state.announces for name, state in health.items()},
        results=results,
        query=q or " ".join(text.split())[:200],
    )


def live_words(language: str) -> dict[str, Any]:
    """What the browser says by itself: no more than it needs, for the page is to stay small."""
    tables = words(language, "summary", "party", "customer_status", "languages", "groups", "sources")
    sidebar, moments = texts(language)["sidebar"], texts(language)["moments"]
    complaint, cases = texts(language)["complaint"], texts(language)["cases"]
    return tables | {
        "complaint": {key: complaint[key] for key in ("solve", "more")},
        "cases": {key: cases[key] for key in ("open_ones", "take", "open")},
        "sidebar": {key: sidebar[key] for key in LIVE},
        "moments": {key: value for key, value in moments.items() if not key.startswith("span_")},
    }


def _asked_again(summary: Summary | None) -> dict[str, Any] | None:
    """Of what is shown, the part by which it can be asked for anew."""
    if summary is None:
        return None
    whole = as_json(summary)
    return {key: whole[key] for key in ("status", "message", "customer")}


def _own_first(box: Mailbox) -> tuple[bool, str]:
    return (not box.personal, box.name)


ROUTES = (sidebar, offline)
