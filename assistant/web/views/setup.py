"""Setting up in the browser: the first account (by the code on the console), the firm, and what is then to do.

The steps of a mailbox are in setup_mailbox.py. Whoever comes to /setup is led to the first step that is still to do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from litestar import Response, get, post
from litestar.di import NamedDependency as Given
from litestar.response import Redirect

from assistant.backfill_progress import BackfillProgress
from assistant.ports import Services
from assistant.setting_up import domains_in, faults_in_firm, is_authserv, wrong_domains
from assistant.settings_file import Value
from assistant.web import render
from assistant.web.gate import AnyRequest, session_cookie
from assistant.web.login import client_address
from assistant.web.regions import REGIONS, ZONES
from assistant.web.texts import LANGUAGES
from assistant.web.visit import Form, Visit
from rules.deadlines import are_hours
from rules.terms.errors import CodeWrong, Forbidden, KingpostError, NotLoggedIn, SetUpAlready, TooMany, WrongUse
from rules.terms.mail import MailboxKind
from rules.terms.staff import Role, Staff

STEPS = ("account", "firm", "mailbox", "own", "done")


@get("/setup", public=True, sync_to_thread=True)
def setup(
    request: AnyRequest, services: Given[Services], language: Given[str], csrf: Given[str]
) -> Response[str] | Redirect:
    """The code and the first account; later, the way to the first step that is still to do."""
    if services.setting_up.first.pending:
        return _first(language, csrf)
    if request.user is None:
        raise NotLoggedIn
    if not request.user.role.at_least(Role.ADMIN):
        raise Forbidden
    return Redirect(_next_step(services), status_code=303)


@post("/setup", public=True, sync_to_thread=True, status_code=200)
def begin(
    request: AnyRequest,
    services: Given[Services],
    language: Given[str],
    csrf: Given[str],
    now: Given[datetime],
    data: Form,
) -> Response[str] | Redirect:
    """Make the first administrator, who is logged in at once."""
    first = services.setting_up.first
    login = data.get("login", "").strip()
    staff = Staff(login, data.get("name", "").strip() or login, Role.ADMIN, language=language)
    if not first.pending:
        raise SetUpAlready
    try:
        secret = first.begin(data.get("code", "")[:100], staff, data.get("password", ""), client_address(request), now)
    except (CodeWrong, TooMany, WrongUse) as error:
        page = _first(language, csrf, error=error, given=data)
        page.status_code = error.status
        return page
    return Redirect("/setup/firm", status_code=303, cookies=[session_cookie(services.settings, secret)])


@get("/setup/account", sync_to_thread=True, by_person=True, role=Role.ADMIN)
def account(visit: Given[Visit]) -> Response[str]:
    """One's own account, on the way back."""
    with visit.services.pool.read() as work:
        staff = work.staff.get(visit.viewer.login)
    return visit.page("setup_account.html", "", step="account", steps=STEPS, pending=False, error="",
                      given={"login": visit.viewer.login, "name": staff.name if staff else ""})  # fmt: skip


@post("/setup/account", sync_to_thread=True, status_code=303, by_person=True, role=Role.ADMIN)
def rename(visit: Given[Visit], data: Form) -> Redirect:
    """Change one's own name."""
    with visit.services.pool.begin() as work:
        staff = work.staff.get(visit.viewer.login)
        if staff is not None and (name := " ".join(data.get("name", "").split())[:200]):
            work.staff.put(replace(staff, name=name))
    return Redirect("/setup/firm", status_code=303)


@get("/setup/firm", sync_to_thread=True, by_person=True, role=Role.ADMIN)
def firm(visit: Given[Visit]) -> Response[str]:
    """What the firm is."""
    said = visit.services.settings.firm
    values: dict[str, Value] = {
        "name": said.name,
        "city": said.city,
        "language": said.language,
        "time_zone": said.time_zone,
        "business_hours": said.business_hours,
        "holidays": said.holidays,
        "domains": said.domains,
        "authserv_id": said.authserv_id or "",
        "excluded_addresses": said.excluded_addresses,
        "excluded_words": said.excluded_words,
    }
    return _firm_page(visit, values)


@post("/setup/firm", sync_to_thread=True, status_code=200, by_person=True, role=Role.ADMIN)
def save_firm(visit: Given[Visit], data: Form) -> Response[str] | Redirect:
    """Write what the firm is into kingpost.toml."""
    values: dict[str, Value] = {
        name: " ".join(data.get(name, "").split())[:200]
        for name in ("name", "city", "language", "time_zone", "holidays")
    }
    hours = _lines(data.get("business_hours", "")[:1000])
    values["business_hours"] = hours
    said, settled = visit.services.settings.firm, _settled(visit.services)
    # A form without these fields leaves them as they are.
    values["excluded_addresses"] = _lines(data.get("excluded_addresses", "\n".join(said.excluded_addresses)).lower())
    values["excluded_words"] = _lines(data.get("excluded_words", "\n".join(said.excluded_words)))
    domains = domains_in(data["domains"]) if "domains" in data else said.domains
    name = data.get("authserv_id", said.authserv_id or "").strip()
    values["domains"], values["authserv_id"] = domains, name
    faults = set(faults_in_firm(visit.services.settings, values)) | ({"name"} if not values["name"] else set())
    faults |= set() if hours else {"business_hours"}
    if domains != said.domains and (wrong_domains(domains) or not (domains or said.staff)):
        faults.add("domains")
    if name and name != said.authserv_id and not is_authserv(name):
        faults.add("authserv_id")
    if faults:
        return _firm_page(visit, values, faults)
    try:
        if any((getattr(said, name) or "") != (value or "") for name, value in values.items()):
            visit.services.setting_up.save_firm(values)
    except KingpostError as error:
        return _firm_page(visit, values, error=error.text(visit.language))
    there = _next_step(visit.services, firm=False)
    return Redirect("/settings" if settled else there, status_code=303)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(said for line in text.splitlines() if (said := " ".join(line.split())))


@get("/setup/done", sync_to_thread=True, by_person=True, role=Role.ADMIN)
def done(visit: Given[Visit]) -> Response[str]:
    """What happens now, and what there is to do."""
    return visit.page("setup_done.html", "", step="done", steps=STEPS, progress=_progress(visit))


@get("/setup/progress", sync_to_thread=True, by_person=True, role=Role.ADMIN)
def progress(visit: Given[Visit]) -> Response[str]:
    """How far reading has come: the part of the last page that changes."""
    return visit.page("setup_progress.html", "", progress=_progress(visit))


def _first(
    language: str,
    csrf: str,
    *,
    error: KingpostError | None = None,
    given: Mapping[str, str] | None = None,
) -> Response[str]:
    reader = render.Reader(language, UTC, datetime.now(UTC), csrf=csrf)
    page = render.page(
        "setup_account.html",
        reader,
        step="account",
        steps=STEPS,
        pending=True,
        error=error.text(language) if error else "",
        given={name: (given or {}).get(name, "")[:200] for name in ("code", "name", "login")},
    )
    return Response(page, media_type="text/html")


def _firm_page(
    visit: Visit, values: Mapping[str, Value], faults: set[str] | frozenset[str] = frozenset(), error: str = ""
) -> Response[str]:
    zones: Sequence[str] = ZONES
    if values["time_zone"] and values["time_zone"] not in ZONES:
        zones = (str(values["time_zone"]), *ZONES)
    known = {code for code, _, _ in REGIONS}
    steps = () if _settled(visit.services) else STEPS
    unclear = next((line for line in values["business_hours"] or () if not are_hours(line)), "")
    page = visit.page("setup_firm.html", "", step="firm", steps=steps, values=values, faults=faults, error=error,
                      unclear=unclear, regions=REGIONS, known_regions=known, zones=zones, languages=LANGUAGES,
                      file=visit.services.setting_up.file)  # fmt: skip
    page.status_code = 400 if faults or error else 200
    return page


def _settled(services: Services) -> bool:
    """Whether nothing is left to set up: then the firm's page stands for itself."""
    return _next_step(services) == "/setup/done"


def _next_step(services: Services, *, firm: bool = True) -> str:
    """The first step that is still to do."""
    if firm and not services.settings.firm.name:
        return "/setup/firm"
    with services.pool.read() as work:
        watched = any(mailbox.kind is MailboxKind.IMAP for mailbox in work.mailboxes.all())
    return "/setup/done" if watched else "/setup/mailbox"


def _progress(visit: Visit) -> list[tuple[str, BackfillProgress, str]]:
    """Mailboxes with what has been read of them, and what is wrong, if something is."""
    setting_up = visit.services.setting_up
    with visit.services.pool.read() as work:
        health = visit.services.broker.health(work.mailboxes.health())
        boxes = [mailbox for mailbox in work.mailboxes.all() if mailbox.kind is MailboxKind.IMAP]
    said = []
    for mailbox in boxes:
        state = health.get(mailbox.name)
        error = (state.error_de if visit.language == "de" else state.error_en) if state else ""
        said.append((mailbox.name, setting_up.backfills.of(mailbox, visit.now), error))
    return said


ROUTES = (setup, begin, account, rename, firm, save_firm, done, progress)
