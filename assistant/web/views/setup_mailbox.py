"""The steps of a new mailbox: its address, its server (tried at once), what is read, what its mail says of the firm.

Until the last step there is no mailbox; the address of a step holds the number of what is kept sealed meanwhile.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated

from litestar import Response, get, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from assistant.drafts import Draft
from assistant.setting_up import Choices, domains_in, is_authserv, reach_of, wrong_domains
from assistant.trying_out import Trial
from assistant.web.texts import t
from assistant.web.views.oauth import led_for_draft
from assistant.web.views.setup import STEPS
from assistant.web.visit import Form, Visit
from connectors.oauth.provider import KNOWN
from rules.addresses import domain_of
from rules.terms.errors import DraftGone, KingpostError
from rules.terms.mail import Mailbox, Tls
from rules.terms.staff import Role

_ADDRESS = re.compile(r"[^\s@<>,;]{1,64}@[a-z0-9.-]{1,253}")


@get("/setup/mailbox", sync_to_thread=True, by_person=True, role=Role.ADMIN)
def address(visit: Given[Visit], address: Annotated[str, QueryParameter(max_length=300)] = "") -> Response[str]:
    """Which mailbox."""
    return visit.page("setup_address.html", "", step="mailbox", steps=STEPS, address=address, error="")


@post("/setup/mailbox", sync_to_thread=True, status_code=200, by_person=True, role=Role.ADMIN)
def find(visit: Given[Visit], data: Form) -> Response[str] | Redirect:
    """Look for its server."""
    given = data.get("address", "")[:300]
    try:
        draft = visit.services.setting_up.begin(given, visit.viewer.login, visit.now)
    except KingpostError as error:
        return _refused(visit, "setup_address.html", error, step="mailbox", address=given)
    return Redirect(f"/setup/mailbox/{draft.id}/server", status_code=303)


@get("/setup/mailbox/{id:str}/server", sync_to_thread=True, by_person=True, role=Role.ADMIN)
def server(visit: Given[Visit], id: FromPath[str]) -> Response[str]:
    """Where it is, and its password."""
    draft = _draft(visit, id)
    return visit.page("setup_server.html", "", **_server_values(visit, draft, draft.mailbox), error="")


@post("/setup/mailbox/{id:str}/server", sync_to_thread=True, status_code=200, by_person=True, role=Role.ADMIN)
def try_out(visit: Given[Visit], id: FromPath[str], data: Form) -> Response[str] | Redirect:
    """Log in, look around, and say what is wrong."""
    draft = _draft(visit, id)
    port = data.get("port", "")
    mailbox = replace(
        draft.mailbox,
        host=data.get("host", "").strip()[:253],
        port=int(port) if port.isascii() and port.isdecimal() and 0 < int(port[:6]) < 65536 else 993,
        tls=Tls(data["tls"]) if data.get("tls") in tuple(Tls) else Tls.IMPLICIT,
        user=data.get("user", "").strip()[:254] or draft.mailbox.address,
        ca_file=data.get("ca_file", "").strip()[:1000] or None,
    )
    try:
        visit.services.setting_up.try_out(draft, mailbox, data.get("password", "")[:1000], visit.now)
    except KingpostError as error:
        return _refused(visit, "setup_server.html", error, **_server_values(visit, draft, mailbox))
    return Redirect(f"/setup/mailbox/{draft.id}/reading", status_code=303)


@get("/setup/mailbox/{id:str}/sign-in", sync_to_thread=True, by_person=True, role=Role.ADMIN)
def sign_in(
    visit: Given[Visit], id: FromPath[str], provider: Annotated[str, QueryParameter(max_length=60)]
) -> Redirect:
    """Lead to the provider's own page, where a person signs in instead of giving a password here."""
    return led_for_draft(visit, _draft(visit, id), provider, f"/setup/mailbox/{id}/reading")


@get("/setup/mailbox/{id:str}/reading", sync_to_thread=True, by_person=True, role=Role.ADMIN)
def reading(visit: Given[Visit], id: FromPath[str]) -> Response[str]:
    """Whose it is, what is left out, and how far back to read."""
    draft = _draft(visit, id)
    mailbox = draft.mailbox
    trial = _trial(draft)
    decided = draft.own is not None
    chosen = Choices(
        mailbox.name,
        mailbox.owner,
        mailbox.members,
        mailbox.excluded if decided else tuple(trial.confidential),
        mailbox.sent or trial.sent,
        next((one.days for one in trial.reaches if one.since == mailbox.since), 730) if decided else 730,
        mailbox.metadata_only,
    )
    return visit.page("setup_reading.html", "", **_reading_values(visit, draft, chosen), error="")


@post("/setup/mailbox/{id:str}/reading", sync_to_thread=True, status_code=200, by_person=True, role=Role.ADMIN)
def choose(visit: Given[Visit], id: FromPath[str], data: Form) -> Response[str] | Redirect:
    """Take the decisions, and look at what the mail says of the firm."""
    draft = _draft(visit, id)
    trial = _trial(draft)
    staff = [login for login, _ in _staff(visit)]
    owner = data.get("owner", "") if data.get("whose") == "personal" else ""
    days = data.get("days", "")
    choices = Choices(
        name=" ".join(data.get("name", "").split())[:60],
        owner=(owner if owner in staff else visit.viewer.login) if data.get("whose") == "personal" else None,
        members=frozenset(login for at, login in enumerate(staff) if data.get(f"member.{at}")),
        excluded=tuple(one.name for at, one in enumerate(trial.folders) if not data.get(f"folder.{at}")),
        sent=data.get("sent", "")[:300],
        days=int(days) if days.isascii() and days.isdecimal() and len(days) < 6 else None,
        metadata_only=bool(data.get("metadata_only")),
    )
    try:
        visit.services.setting_up.choose(draft, choices, visit.now)
    except DraftGone:
        raise
    except KingpostError as error:
        return _refused(visit, "setup_reading.html", error, **_reading_values(visit, draft, choices))
    return Redirect(f"/setup/mailbox/{draft.id}/own", status_code=303)


@get("/setup/mailbox/{id:str}/own", sync_to_thread=True, by_person=True, role=Role.ADMIN)
def own(visit: Given[Visit], id: FromPath[str]) -> Response[str]:
    """The firm's domains and its mail server's name, as proposed."""
    draft = _draft(visit, id)
    firm = visit.services.settings.firm
    found, checker = draft.own, draft.checker
    if found is None or checker is None:
        raise DraftGone
    given = {
        "domains": "\n".join(dict.fromkeys((*firm.domains, *found.domains))),
        "staff": "\n".join(dict.fromkeys((*firm.staff, *found.staff))),
        "authserv_id": firm.authserv_id or ("" if checker.breaks else checker.name),
    }
    return visit.page("setup_own.html", "", **_own_values(draft, given), error="")


@post("/setup/mailbox/{id:str}/own", sync_to_thread=True, status_code=200, by_person=True, role=Role.ADMIN)
def finish(visit: Given[Visit], id: FromPath[str], data: Form) -> Response[str] | Redirect:
    """Write what was confirmed, and begin to read."""
    draft = _draft(visit, id)
    given = {name: data.get(name, "")[:4000] for name in ("domains", "staff", "authserv_id")}
    domains = domains_in(given["domains"])
    staff = given["staff"].lower().replace(",", "\n").split()
    name = given["authserv_id"].strip()
    wrong = wrong_domains(domains)
    wrong += [one for one in staff if not (_ADDRESS.fullmatch(one) and domain_of(one))]
    wrong += [name] if name and not is_authserv(name) else []
    if wrong or not (domains or staff):
        text = (
            t(visit.language, "setup.own_wrong", what=", ".join(wrong[:5]))
            if wrong
            else t(visit.language, "setup.own_none")
        )
        page = visit.page("setup_own.html", "", **_own_values(draft, given), error=text)
        page.status_code = 400
        return page
    try:
        visit.services.setting_up.finish(draft, domains, staff, name, visit.now)
    except DraftGone:
        raise
    except KingpostError as error:
        return _refused(visit, "setup_own.html", error, **_own_values(draft, given))
    return Redirect("/setup/done", status_code=303)


@dataclass(frozen=True, slots=True)
class ReachChoice:
    """A choice of how far back, with what it costs."""

    days: int | None
    mails: int
    seconds: float


def _draft(visit: Visit, id: str) -> Draft:
    return visit.services.setting_up.draft(id, visit.viewer.login, visit.now)


def _trial(draft: Draft) -> Trial:
    if draft.trial is None:
        raise DraftGone
    return draft.trial


def _staff(visit: Visit) -> list[tuple[str, str]]:
    with visit.services.pool.read() as work:
        return [(member.login, member.name) for member in work.staff.all() if member.active]


def _refused(visit: Visit, template: str, error: KingpostError, **values: object) -> Response[str]:
    values.setdefault("steps", STEPS)
    page = visit.page(template, "", **values, error=error.text(visit.language))
    page.status_code = error.status
    return page


def _server_values(visit: Visit, draft: Draft, mailbox: Mailbox) -> Mapping[str, object]:
    return {
        "step": "mailbox",
        "steps": STEPS,
        "draft": draft,
        "mailbox": mailbox,
        "ways": tuple(Tls),
        "sign_ins": _sign_ins(visit, draft),
    }


def _sign_ins(visit: Visit, draft: Draft) -> list[str]:
    """At which providers of kingpost.toml somebody can sign in for this mailbox: its own, or one of the firm's."""
    wanted = draft.found.provider.sign_in if draft.found.provider else ""
    return [
        name
        for name, one in visit.services.settings.oauth.items()
        if not one.app_only and ((one.kind or name) == wanted or (one.kind or name) not in KNOWN)
    ]


def _reading_values(visit: Visit, draft: Draft, chosen: Choices) -> Mapping[str, object]:
    trial = _trial(draft)
    watched = [one.name for one in trial.folders if one.name not in chosen.excluded]
    reaches = [ReachChoice(one.days, one.mails_in(watched), one.seconds_for(watched)) for one in trial.reaches]
    days = reach_of(trial, chosen.days).days
    return {
        "step": "mailbox",
        "steps": STEPS,
        "draft": draft,
        "trial": trial,
        "chosen": replace(chosen, days=days),
        "reaches": reaches,
        "staff": _staff(visit),
    }


def _own_values(draft: Draft, given: Mapping[str, str]) -> Mapping[str, object]:
    return {"step": "own", "steps": STEPS, "draft": draft, "own": draft.own, "checker": draft.checker, "given": given}


ROUTES = (address, find, server, try_out, sign_in, reading, choose, own, finish)
