"""From values to HTML: the templates and what they may use. User text enters by autoescape only."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from functools import cache, partial
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from assistant.web import moments
from assistant.web.texts import has, t
from rules import case_lines
from rules.complaint_lines import reason as complaint_reason
from rules.complaint_lines import word as complaint_word
from rules.summary import evidence_text, full_name
from rules.terms.staff import Viewer
from rules.terms.summary import Summary
from rules.terms.team import team_of
from rules.value_lines import percent
from rules.wording import told

STATIC = "/static"
FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a page is written: the language, the firm's time zone and the present moment."""

    language: str
    zone: tzinfo
    now: datetime
    viewer: Viewer | None = None
    csrf: str = ""
    named: Callable[[str], str] = str  # a colleague's name, for their login


@cache
def environment() -> Environment:
    """The templates, compiled once."""
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["path"] = quoted
    made.filters["breakable"] = breakable
    made.globals["static"] = STATIC
    made.globals["icon_at"] = icon_at
    return made


def page(template: str, reader: Reader, /, **values: object) -> str:
    """A whole page, or a part of one, in the reader's words."""
    return environment().get_template(template).render(**vocabulary(reader), **values)


def icon_at(name: str) -> str:
    """Where an icon lies. The sidebar loads the few that it shows, so that it stays small."""
    return f"{STATIC}/{'icons' if name in _sidebar_icons() else 'more-icons'}.svg#{name}"


@cache
def _sidebar_icons() -> frozenset[str]:
    return frozenset(re.findall(r'id="([\w-]+)"', (FOLDER / "static" / "icons.svg").read_text(encoding="utf-8")))


def quoted(value: object) -> str:
    """A name as one step of a path."""
    return quote(str(value), safe="")


def breakable(address: str) -> Markup:
    """A mail address that a narrow column breaks where it may be read on: before the @ and after a dot."""
    return escape(address).replace("@", Markup("<wbr>@")).replace(".", Markup(".<wbr>"))


def vocabulary(reader: Reader) -> dict[str, object]:
    """What every template may say: words, moments and numbers in the reader's language."""
    language, word = reader.language, _word(reader.language)
    return {
        "reader": reader,
        "viewer": reader.viewer,
        "csrf": reader.csrf,
        "language": language,
        "t": partial(t, language),
        "word": word,
        "listed": lambda table, values: ", ".join(word(table, value) for value in values),
        "moment": _moment(reader),
        "exact": lambda value: moments.exact(value, language, reader.zone),
        "exact_of": lambda value: _exact_of(value, reader),
        "number": lambda value, digits=0: moments.number(value, language, digits),
        "percent": lambda share: percent(share, language),
        "size": lambda value: moments.size(value, language),
        "lasting": lambda value: moments.lasting(value, language),
        "full_name": full_name,
        "reason": lambda evidence: evidence_text(evidence, language),
        "why": lambda evidence: complaint_reason(evidence, language),
        "case_word": lambda part, value: case_lines.word(part, value, language),
        "told": lambda text: told(text, language),
        "named": reader.named,
        "assigned": lambda assignee, deputy="": case_lines.assignee_text(
            reader.named(assignee), reader.named(deputy), language
        ),
        "team_of": team_of,
        "kind_of": lambda part, value: complaint_word(part, value, language),
    }


def render_summary(summary: Summary, language: str, zone: tzinfo | None = None) -> str:
    """The summary as a small page of its own, for clients that ask for text/html."""
    reader = Reader(language, zone or summary.as_of.tzinfo or UTC, summary.as_of)
    return page("summary_page.html", reader, summary=summary)


def render_login(language: str, *, csrf: str, error: str = "", next_path: str = "", login: str = "") -> str:
    """The login page; its form posts `login`, `password`, `next` and `_csrf_token` to /login."""
    reader = Reader(language, UTC, datetime.now(UTC), csrf=csrf)
    return page("login.html", reader, error=error, next_path=next_path, login=login)


def render_offline(language: str) -> str:
    """The page that waits for the network."""
    return page("offline.html", Reader(language, UTC, datetime.now(UTC)))


def render_error(status: int, text: str, language: str, viewer: Viewer | None = None, csrf: str = "") -> str:
    """The page that says what went wrong and what to do."""
    reader = Reader(language, UTC, datetime.now(UTC), viewer, csrf)
    kind = str(status) if has(language, f"error.{status}") else "other"
    return page("error.html", reader, status=status, kind=kind, text=text)


def _word(language: str) -> Callable[[str, object], str]:
    """Words for values that come from data; a value nobody has words for stands for itself."""

    def word(table: str, value: object) -> str:
        key = f"{table}.{value}"
        return t(language, key) if has(language, key) else str(value)

    return word


def _exact_of(value: str | None, reader: Reader) -> str:
    """The full date of a moment or day in ISO 8601; "" where there is none."""
    parsed = moments.parse(value or "")
    return "" if parsed is None else moments.exact(parsed, reader.language, reader.zone)


def _moment(reader: Reader) -> Callable[[str | datetime | date | None], Markup]:
    """A `<time>`: relative in the text, exact on hover."""

    def moment(value: str | datetime | date | None) -> Markup:
        parsed = None if value is None else moments.parse(value)
        if parsed is None:
            return escape(value or "")
        return Markup('<time datetime="{}" title="{}">{}</time>').format(
            parsed.isoformat(),
            moments.exact(parsed, reader.language, reader.zone),
            moments.ago(parsed, reader.now, reader.language, reader.zone),
        )

    return moment


def data_block(value: object) -> Markup:
    """JSON for a data block: `<` cannot end the element (HTML, section 4.12.1.3)."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))  # noqa: S704 — escaped above
