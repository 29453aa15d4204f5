"""HTML of a mail made harmless for showing: no scripts, nothing loaded from elsewhere, bounded time."""

import re

from connectors.mime.html import sane, to_text

_MAX_CHARACTERS = 1_000_000
_MAX_TAGS = 20_000
_MAX_DEPTH = 200
_MAX_FORMATTING = 2_000
_GROWTH = 4
_MARGIN = 100_000
_FORMATTING = re.compile(r"<(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)\b", re.IGNORECASE)
_TAGS = frozenset(
    "a abbr b big blockquote br center cite code dd del div dl dt em font h1 h2 h3 h4 h5 h6 hr i img ins kbd li ol p "
    "pre q s small span strike strong sub sup table tbody td tfoot th thead tr tt u ul".split()
)
_ATTRIBUTES = {
    "*": {"align", "dir", "lang", "title", "valign"},
    "a": {"href"},
    "font": {"color", "face", "size"},
    "img": {"alt", "height", "src", "width"},
    "table": {"border", "cellpadding", "cellspacing", "width"},
    "td": {"colspan", "rowspan", "width"},
    "th": {"colspan", "rowspan", "width"},
}


def safe_html(html: str) -> str:
    """What may be shown of an HTML body.

    Pictures from elsewhere would tell the sender that, when and where the mail was read: their address is taken away
    and a placeholder stays. Pictures that came with the mail keep their `cid:` address for the page to resolve.
    HTML too large or too deep to be cleaned in bounded time is shown as text.
    """
    import nh3

    if len(html) > _MAX_CHARACTERS or html.count("<") > _MAX_TAGS or not sane(html, _MAX_DEPTH) or _piles_up(html):
        return _as_text(html)
    shown = nh3.clean(
        html,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        attribute_filter=_local_only,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel="noopener noreferrer",
        strip_comments=True,
    )
    # Formatting left open is opened anew in each paragraph: a small mail can ask for a hundred megabytes.
    return shown if len(shown) <= _GROWTH * len(html) + _MARGIN else _as_text(html)


def _piles_up(html: str) -> bool:
    """Whether more formatting is opened than closed, by far: each following paragraph would carry all of it."""
    opened = sum(1 for _ in _FORMATTING.finditer(html))
    closed = html.count("</")
    return opened > _MAX_FORMATTING or opened > closed + 50


def _as_text(html: str) -> str:
    import nh3

    return f"<pre>{nh3.clean_text(to_text(html)[:_MAX_CHARACTERS])}</pre>"


def _local_only(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src":
        return value if value.lower().startswith("cid:") else None
    if attribute == "href" and value.lower().startswith("cid:"):
        return None
    return value
