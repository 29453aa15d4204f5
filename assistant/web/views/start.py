"""The start page: how the mailboxes are doing, what waits for a person, what came in lately."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath
from litestar.response import Redirect

from assistant.alarms import sentences, told_to
from assistant.duties import Duty
from assistant.endings import endings
from assistant.mailboxes import Mailboxes
from assistant.signing_in import may_sign_in
from assistant.web import charts
from assistant.web.texts import t
from assistant.web.views import mails
from assistant.web.views.tabs import MANY, counted, tabs
from assistant.web.visit import Form, Visit, own_path
from rules.terms.alarm import AlarmKind
from rules.terms.case import CaseFilter
from rules.terms.complaint import FindingState
from rules.terms.mail import Health, HealthState, Mailbox, MailboxKind
from rules.terms.outgoing import TROUBLED
from rules.terms.staff import Role, Viewer

LATEST = 12
DAYS = 14
# Mail servers empty Junk folders after a month.
IN_JUNK = timedelta(days=30)
TONES = {
    HealthState.WATCHING: "good",
    HealthState.STARTING: "busy",
    HealthState.READING: "busy",
    HealthState.RETRYING: "warn",
    HealthState.LOGIN_REFUSED: "bad",
    HealthState.STOPPED: "off",
}
# What stands beside its mailbox already.
BESIDE = (AlarmKind.MAILBOX, AlarmKind.SIGN_IN)
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
    marks: bool
    unmarkable: Sequence[str]
    junk: bool
    metadata_only: bool
    in_file: bool
    may_switch: bool
    tone: str
    state_text: str
    error: str
    last_news: datetime | None
    lag: float | None
    announces: str
    sign_in: str = ""


@get("/", sync_to_thread=True)
def start(visit: Given[Visit]) -> Response[str]:
    """Mailboxes and their health, what is to do, numbers of the team, the latest mails."""
    viewer = visit.viewer
    with visit.services.pool.read() as work:
        health = visit.services.broker.health(work.mailboxes.health())
        boxes, unmarkable = work.mailboxes.all(), work.marks.unmarkable()
        # Numbers are the team's: a personal mailbox would be a person's.
        shared = frozenset(box.name for box in boxes if not box.personal and box.name in viewer.mailboxes)
        today = visit.now.date()
        counts = work.messages.per_day(shared, today - timedelta(days=DAYS - 1), today, visit.reader.zone)
        icons = {"review": "help", "leads": "person", "duplicates": "panel", "proposals": "people"}
        icons |= {"invoices": "invoice"}
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
        if viewer.role.at_least(Role.LEAD) and (troubled := work.outbox.count(TROUBLED, MANY, viewer.mailboxes)):
            tasks.append(("outgoing", "/outgoing", counted(troubled), "out"))
        imports = work.folder_imports.latest() if visit.services.settings.import_folder else []
        latest = mails.rows(work, work.messages.latest(viewer.mailboxes, LATEST))
        in_junk = work.sightings.page(viewer.mailboxes, visit.now - IN_JUNK)
        alarms = [alarm for alarm in work.alarms.all() if alarm.kind not in BESIDE and told_to(alarm, viewer)]
    everything = viewer.role.at_least(Role.ADMIN)
    there = visit.services.peers.present(list(Duty)) if visit.services.peers.many else {}
    shown = [
        _box(box, health.get(box.name), viewer, visit.language, unmarkable.get(box.name, ()))
        for box in boxes
        if everything or box.name in viewer.mailboxes
    ]
    mailboxes = Mailboxes(visit.services.settings, visit.services.pool)
    shown = [_with_sign_in(one, boxes, mailboxes, viewer) if one.tone == "bad" else one for one in shown]
    return visit.page(
        "start.html",
        "start",
        undone=[duty for duty, count in there.items() if not count],
        in_junk=in_junk,
        alarms=[sentences(alarm, visit.services.settings, visit.language) for alarm in alarms],
        mailboxes=sorted(shown, key=lambda box: (FIRST.get(box.tone, 2), not box.personal)),
        tasks=tasks,
        chart=charts.by_day(counts, today, visit.language, DAYS) if shared else None,
        latest=latest,
        imports=imports,
        endings=endings(visit.services.settings, mailboxes, visit.now) if everything else [],
    )


@post("/mailboxes/{name:str}/follow", sync_to_thread=True, status_code=303)
def follow(name: FromPath[str], data: Form, visit: Given[Visit]) -> Redirect:
    """Let sidebars follow a mailbox, or stop it."""
    on = bool(data.get("on"))
    visit.services.actions.set_follow(visit.viewer, name, on)
    return visit.back(own_path(data.get("next", ""), "/"), "follow_on" if on else "follow_off", mailbox=name)


def _with_sign_in(shown: Box, boxes: list[Mailbox], mailboxes: Mailboxes, viewer: Viewer) -> Box:
    """Where somebody has to sign in at a provider, the way there, for whoever may."""
    box = next(box for box in boxes if box.name == shown.name)
    if not may_sign_in(box, viewer) or not mailboxes.signs_in(box.name):
        return shown
    return replace(shown, sign_in="/oauth/begin?" + urlencode({"mailbox": box.name}))


@post("/mailboxes/{name:str}/marks", sync_to_thread=True, status_code=303)
def marks(name: FromPath[str], data: Form, visit: Given[Visit]) -> Redirect:
    """Let Kingpost mark mail in a mailbox, or take its marks back."""
    on = bool(data.get("on"))
    visit.services.actions.set_marks(visit.viewer, name, on)
    return visit.back(own_path(data.get("next", ""), "/"), "marks_on" if on else "marks_off", mailbox=name)


@post("/mailboxes/{name:str}/junk", sync_to_thread=True, status_code=303)
def junk(name: FromPath[str], data: Form, visit: Given[Visit]) -> Redirect:
    """Let Kingpost look for customers in a mailbox's Junk folder, or no longer."""
    on = bool(data.get("on"))
    visit.services.actions.set_junk(visit.viewer, name, on)
    return visit.back(own_path(data.get("next", ""), "/"), "junk_on" if on else "junk_off", mailbox=name)


def may_switch(box: Mailbox, viewer: Viewer) -> bool:
    """A personal mailbox is switched by its owner, a shared one by a lead."""
    return box.owner == viewer.login if box.personal else viewer.role.at_least(Role.LEAD)


def every_box(visit: Visit) -> list[Box]:
    """All mailboxes and how they are doing, for administrators."""
    with visit.services.pool.read() as work:
        health = visit.services.broker.health(work.mailboxes.health())
        boxes = work.mailboxes.all()
    return [_box(box, health.get(box.name), visit.viewer, visit.language, ()) for box in boxes]


def _box(box: Mailbox, health: Health | None, viewer: Viewer, language: str, unmarkable: Sequence[str]) -> Box:
    watched = box.kind is MailboxKind.IMAP
    state = (health.state.value if health else "unknown") if watched else box.kind.value
    return Box(
        name=box.name,
        address=box.address,
        personal=box.personal,
        watched=watched,
        follow=box.follow,
        marks=box.marks,
        unmarkable=unmarkable if box.marks and box.name in viewer.mailboxes else (),
        metadata_only=box.metadata_only,
        junk=box.junk,
        in_file=box.declared,
        may_switch=box.name in viewer.mailboxes and may_switch(box, viewer),
        tone=TONES[health.state] if watched and health else "off",
        state_text=t(language, f"state.{state}"),
        error=(health.error_de if language == "de" else health.error_en) if watched and health else "",
        last_news=health.last_news if health else None,
        lag=health.lag if health else None,
        announces=health.announces if health else "",
    )


ROUTES = (start, follow, marks, junk)
