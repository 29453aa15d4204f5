"""The start page: how the mailboxes are doing, what waits for a person, what came in lately."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from litestar import Response, get, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath
from litestar.response import Redirect

from assistant.web import charts
from assistant.web.texts import t
from assistant.web.views import mails
from assistant.web.views.tabs import MANY, counted, tabs
from assistant.web.visit import Form, Visit, own_path
from rules.terms.case import CaseFilter
from rules.terms.complaint import FindingState
from rules.terms.mail import Health, HealthState, Mailbox, MailboxKind
from rules.terms.staff import Role, Viewer

LATEST = 12
DAYS = 14
TONES = {
    HealthState.WATCHING: "good",
    HealthState.STARTING: "busy",
    HealthState.READING: "busy",
    HealthState.RETRYING: "warn",
    HealthState.LOGIN_REFUSED: "bad",
    HealthState.STOPPED: "off",
}
# What needs a hand stands on top.
FIRST = {"bad": 0, "warn": 1}


@dataclass(frozen=True, slots=True)
class Box:
    """A mailbox and how it is doing, in plain words."""

    name: str
    address: str
    personal: bool
    watched: bool
    follow: bool
    may_follow: bool
    tone: str
    state_text: str
    error: str
    last_news: datetime | None
    lag: float | None
    announces: str


@get("/", sync_to_thread=True)
def start(visit: Given[Visit]) -> Response[str]:
    """Mailboxes and their health, what is to do, numbers of the team, the latest mails."""
    viewer = visit.viewer
    with visit.services.pool.read() as work:
        health = visit.services.broker.health(work.mailboxes.health())
        boxes = work.mailboxes.all()
        # Numbers are the team's: a personal mailbox would be a person's.
        shared = frozenset(box.name for box in boxes if not box.personal and box.name in viewer.mailboxes)
        today = visit.now.date()
        counts = work.messages.per_day(shared, today - timedelta(days=DAYS - 1), today, visit.reader.zone)
        icons = {"review": "help", "leads": "person", "proposals": "people"}
        tasks = [
            *((tab.name, tab.href, tab.count, icons[tab.name]) for tab in tabs(visit, work)),
            (
                "cases",
                "/queues",
                counted(work.cases.count(CaseFilter(), viewer.mailboxes, visit.now, MANY)),
                "queue",
            ),
            (
                "complaints",
                "/complaints",
                counted(work.findings.count(FindingState.OPEN, viewer.mailboxes, MANY)),
                "alert",
            ),
            ("quarantine", "/quarantine", work.quarantine.count(viewer.mailboxes), "box"),
        ]
        latest = mails.rows(work, work.messages.latest(viewer.mailboxes, LATEST))
    everything = viewer.role.at_least(Role.ADMIN)
    shown = [
        _box(box, health.get(box.name), viewer, visit.language)
        for box in boxes
        if everything or box.name in viewer.mailboxes
    ]
    return visit.page(
        "start.html",
        "start",
        mailboxes=sorted(shown, key=lambda box: (FIRST.get(box.tone, 2), not box.personal)),
        tasks=tasks,
        chart=charts.by_day(counts, today, visit.language, DAYS) if shared else None,
        latest=latest,
    )


@post("/mailboxes/{name:str}/follow", sync_to_thread=True, status_code=303)
def follow(name: FromPath[str], data: Form, visit: Given[Visit]) -> Redirect:
    """Let sidebars follow a mailbox, or stop it."""
    on = bool(data.get("on"))
    visit.services.actions.set_follow(visit.viewer, name, on)
    return visit.back(own_path(data.get("next", ""), "/"), "follow_on" if on else "follow_off", mailbox=name)


def may_follow(box: Mailbox, viewer: Viewer) -> bool:
    """A personal mailbox is switched by its owner, a shared one by a lead."""
    return box.owner == viewer.login if box.personal else viewer.role.at_least(Role.LEAD)


def _box(box: Mailbox, health: Health | None, viewer: Viewer, language: str) -> Box:
    watched = box.kind is MailboxKind.IMAP
    state = (health.state.value if health else "unknown") if watched else box.kind.value
    return Box(
        name=box.name,
        address=box.address,
        personal=box.personal,
        watched=watched,
        follow=box.follow,
        may_follow=box.name in viewer.mailboxes and may_follow(box, viewer),
        tone=TONES[health.state] if watched and health else "off",
        state_text=t(language, f"state.{state}"),
        error=(health.error_de if language == "de" else health.error_en) if watched and health else "",
        last_news=health.last_news if health else None,
        lag=health.lag if health else None,
        announces=health.announces if health else "",
    )


ROUTES = (start, follow)
