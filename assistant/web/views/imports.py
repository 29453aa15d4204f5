"""Tables imported in the browser: uploaded, columns assigned, tried out, imported, and what became of every row."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, MultipartBody, QueryParameter
from litestar.response import Redirect

from assistant.import_preview import SHOWN, preview
from assistant.uploads import LARGEST, Upload, Uploads, called
from assistant.web.tables import csv_file
from assistant.web.texts import t
from assistant.web.views.care import day_of
from assistant.web.visit import Form, Visit
from connectors.importers import Look, Said
from rules.money import money
from rules.terms.consent import Purpose, Way
from rules.terms.customer import CustomerKind, CustomerStatus, PartyKind
from rules.terms.errors import ImportRefused, WrongUse
from rules.terms.ledger import Item
from rules.terms.staff import Role
from rules.terms.table import KINDS

LISTED = 1000
_MOST_COLUMNS = 1000
_AMOUNTS = frozenset({"amount", "margin", "revenue_12m"})
# Under which words the values of our own lists stand.
_CALLED: Mapping[type, str] = {
    PartyKind: "party.",
    CustomerStatus: "customer_status.",
    CustomerKind: "targets.kind_",
    Purpose: "consents.purpose_",
    Said: "consents.",
    Way: "consents.way_",
}


@get("/imports", role=Role.LEAD, sync_to_thread=True)
def imports(visit: Given[Visit], kind: Annotated[str, QueryParameter(max_length=20)] = "customers") -> Response[str]:
    """Where a file is chosen."""
    return visit.page("imports.html", "customers", kinds=KINDS, kind=kind, largest=LARGEST >> 20)


@post("/imports", role=Role.LEAD, sync_to_thread=True, status_code=303, request_max_body_size=LARGEST + (1 << 20))
def upload(visit: Given[Visit], data: MultipartBody[dict[str, Any]]) -> Redirect:
    """Take the file."""
    file = data.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise WrongUse(problem=t(visit.language, "imports.no_file"))
    taken = _uploads(visit).take(visit.viewer, str(data.get("kind", "")), file.filename, file.file)
    return Redirect(f"/imports/{taken.id}", status_code=303)


@get("/imports/{id:str}", role=Role.LEAD, sync_to_thread=True)
def assign(visit: Given[Visit], id: FromPath[str]) -> Response[str]:
    """Its columns with what each of them probably is; how the import is doing once it has begun."""
    taken, uploads = _found(visit, id)
    state = uploads.state(taken)
    if state.phase != "mapped":
        listed = list(uploads.problems(taken, LISTED)) if state.ended else []
        return visit.page("import_state.html", "customers", upload=taken, state=state, problems=listed)
    seen = uploads.look(taken)
    chosen = {at: column.field for at, column in enumerate(seen.columns)}
    return _columns(visit, taken, seen, chosen, "")


@post("/imports/{id:str}/preview", role=Role.LEAD, sync_to_thread=True, status_code=200)
def try_out(visit: Given[Visit], id: FromPath[str], data: Form) -> Response[str]:
    """What the import would do."""
    taken, uploads = _found(visit, id)
    seen = uploads.look(taken)
    chosen = _chosen(data, seen)
    mapping = _mapping(visit, seen, chosen)
    as_of = _as_of(visit, data)
    uploads.check(taken.kind, mapping, as_of)
    zone = ZoneInfo(visit.services.settings.firm.time_zone)
    try:
        found = preview(visit.services.pool, zone, taken.kind, taken.table, mapping, as_of)
    except ImportRefused as error:
        called(taken, error)
        raise
    rows = [(line, [_shown(visit, name, values.get(name)) for name in found.columns]) for line, values in found.rows]
    return _columns(visit, taken, seen, chosen, data.get("as_of", ""), found=found, rows=rows)


@post("/imports/{id:str}/run", role=Role.LEAD, sync_to_thread=True, status_code=303)
def run(visit: Given[Visit], id: FromPath[str], data: Form) -> Redirect:
    """Import it."""
    taken, uploads = _found(visit, id)
    seen = uploads.look(taken)
    uploads.begin(taken, _mapping(visit, seen, _chosen(data, seen)), _as_of(visit, data))
    return Redirect(f"/imports/{taken.id}", status_code=303)


@get("/imports/{id:str}/problems", role=Role.LEAD, sync_to_thread=True)
def problems(visit: Given[Visit], id: FromPath[str]) -> Response[bytes]:
    """Every bad row with its line and the reason."""
    taken, uploads = _found(visit, id)
    german = visit.language == "de"
    heads = ("Zeile", "Grund") if german else ("line", "reason")
    rows = ((one.line, one.de if german else one.en) for one in uploads.problems(taken))
    return csv_file(f"{taken.name.rpartition('.')[0] or taken.name}-{heads[0].lower()}n.csv", heads, rows)


@post("/imports/{id:str}/drop", role=Role.LEAD, sync_to_thread=True, status_code=303)
def drop(visit: Given[Visit], id: FromPath[str]) -> Redirect:
    """Delete the file and what is known of it; an import that is under way goes on."""
    taken, uploads = _found(visit, id)
    if uploads.state(taken).phase == "mapped" or uploads.state(taken).ended:
        uploads.drop(taken)
    return Redirect("/imports", status_code=303)


def _uploads(visit: Visit) -> Uploads:
    return Uploads.by(visit.services.settings, visit.services.pool)


def _found(visit: Visit, id: str) -> tuple[Upload, Uploads]:
    uploads = _uploads(visit)
    return uploads.get(visit.viewer, id), uploads


def _chosen(data: Mapping[str, str], seen: Look) -> dict[int, str]:
    """The field chosen for each column."""
    return {at: data.get(f"column-{at}", "") for at in range(min(len(seen.columns), _MOST_COLUMNS))}


def _mapping(visit: Visit, seen: Look, chosen: Mapping[int, str]) -> dict[str, str] | None:
    """Our field to the file's column; None for cards, which have no columns."""
    if not seen.columns:
        return None
    mapping: dict[str, str] = {}
    for at, name in chosen.items():
        if not name:
            continue
        if name not in seen.fields or name in mapping:
            words = dict(_fields(visit, seen)).get(name, name)
            raise WrongUse(problem=t(visit.language, "imports.twice", field=words[:80]))
        mapping[name] = seen.columns[at].name
    return mapping


def _as_of(visit: Visit, data: Mapping[str, str]) -> date | None:
    return day_of(data.get("as_of", ""), visit.language)


def _fields(visit: Visit, seen: Look) -> list[tuple[str, str]]:
    german = visit.language == "de"
    return [(name, words if german and words else name.replace("_", " ")) for name, words in seen.fields.items()]


def _columns(
    visit: Visit, taken: Upload, seen: Look, chosen: Mapping[int, str], as_of: str, **more: object
) -> Response[str]:
    words = _fields(visit, seen)
    return visit.page(
        "import_columns.html",
        "customers",
        upload=taken,
        look=seen,
        chosen=chosen,
        fields=words,
        called=dict(words),
        as_of=as_of,
        most=SHOWN,
        **more,
    )


def _shown(visit: Visit, name: str, value: object) -> str:
    """What stands in a field, as somebody reads it."""
    if value is None:
        return ""
    if name in _AMOUNTS and isinstance(value, int | float):
        return _amount(visit, value)
    if isinstance(value, date) or name == "since":
        return _day(value, visit)
    if isinstance(value, frozenset | tuple):
        return ", ".join(sorted(one.name if isinstance(one, Item) else _shown(visit, name, one) for one in value))
    if (table := _CALLED.get(type(value))) is not None:
        return t(visit.language, f"{table}{value}")
    return str(value)[:120]


def _amount(visit: Visit, value: float) -> str:
    """Cents of the row's currency, which stands beside them, or revenue in whole units of the firm's."""
    if isinstance(value, int):
        return money(value, "", visit.language).strip()
    return money(round(value * 100), visit.services.settings.value.currency, visit.language)


def _day(value: object, visit: Visit) -> str:
    """A day, a month or a year, with the time of day where one was read, as somebody writes it."""
    if isinstance(value, datetime):
        local = value.astimezone(ZoneInfo(visit.services.settings.firm.time_zone))
        return f"{_day(local.date(), visit)} {local:%H:%M}"
    written = str(value)
    return ".".join(reversed(written.split("-"))) if visit.language == "de" else written


ROUTES = (imports, upload, assign, try_out, run, problems, drop)
