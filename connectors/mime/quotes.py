"""Where HTML itself says that other people's words begin: the names and lines that mail programs give them.

A quotation or its attribution is told to be one; above header lines comes the line that Outlook sets there in plain
text. Header lines are never marked as a quotation: whether they answer or pass on is read in their words.
"""

import re
from collections.abc import Iterator
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

# As Outlook writes it.
RULE = "_" * 32
# Most mails hold none of these names; to look for them in the tree costs more.
_WORTH_LOOKING = re.compile(
    r"gmail_attr|moz-cite-prefix|yahoo_quoted|protonmail_quote|tutanota_quote|zmail_extra|name=.{0,2}quote|divRplyFwdMsg"
    r"|OutlookMessageHeader|border-top",
    re.IGNORECASE,
)
_ATTRIBUTIONS = ".gmail_attr, .moz-cite-prefix"
_CONTAINERS = (
    "[class*=yahoo_quoted], .protonmail_quote, .tutanota_quote, .zmail_extra, .zmail_extra_hr, div[name=quote]"
)
_HEADERS = "#divRplyFwdMsg, .OutlookMessageHeader, div[style*=border-top]"
_BORDER = re.compile(r"border-top\s*:\s*(?:solid|#[0-9a-f]{3,6}|[\d.]+p[tx])\s", re.IGNORECASE)
_LABEL = re.compile(r"^\W{0,3}[^\W\d_][^:：\n]{0,25}\s?[:：]", re.MULTILINE)
_DASHED = re.compile(r"-{4}")
_INDENTED = re.compile(r"border\s*:\s*(?:none|0)", re.IGNORECASE)
# Elements, and letters of each.
_READ = 120
# A mail answered often holds its quotations one in another; those with none of their own are few.
_MOST = 100
_ATTRIBUTION_LENGTH, _ATTRIBUTION_BREAKS = 300, 3


def quotations(tree: LexborHTMLParser, html: str) -> Iterator[tuple[LexborNode, LexborNode]]:
    """The first and last element of each quotation, and of attributions right above one; no header lines among them."""
    for node in tree.css("blockquote"):
        if not _is_indented(node):
            yield node, node
    if not _WORTH_LOOKING.search(html):
        return
    for node in tree.css(_ATTRIBUTIONS)[:_MOST]:
        if _introduces([node], _next(node)):
            yield node, node
    for node in tree.css(_CONTAINERS)[:_MOST]:
        if node.tag == "blockquote":
            continue
        if node.css_first("blockquote") is None:
            if not _shows_headers(node):
                yield node, node
            continue
        # Where the quoted words are marked as such, answers may stand between them.
        lead = list(_lead(node))
        if lead and _introduces(lead, lead[-1].next):
            yield lead[0], lead[-1]


def header_lines(tree: LexborHTMLParser, html: str) -> Iterator[LexborNode]:
    """The elements with the header lines of the mail that is answered or passed on, as Outlook sets them."""
    if not _WORTH_LOOKING.search(html):
        return
    for node in tree.css(_HEADERS)[:_MOST]:
        named = "border-top" not in (node.attributes.get("style") or "")
        if (named or _BORDER.search(node.attributes.get("style") or "")) and _shows_headers(node):
            yield node


def _is_indented(quote: LexborNode) -> bool:
    """Whether this is how Gmail indents the writer's own words."""
    attributes = quote.attributes
    if attributes.get("type") or attributes.get("class") or attributes.get("cite"):
        return False
    return bool(_INDENTED.search(attributes.get("style") or ""))


def _next(node: LexborNode) -> LexborNode | None:
    """The next element, line breaks and white space left out."""
    below = node.next
    while below is not None and below.tag in ("-text", "br") and not below.text(deep=True).strip():
        below = below.next
    return below


def _lead(container: LexborNode) -> Iterator[LexborNode]:
    """What stands in a container before the first thing that is a quotation."""
    node = container.child
    while node is not None and node.tag != "blockquote":
        yield node
        node = node.next


def _introduces(lead: list[LexborNode], below: LexborNode | None) -> bool:
    """Whether an attribution, and no header of a mail passed on, stands right above a marked quotation."""
    if below is None or below.tag != "blockquote":
        return False
    words = "".join(node.text(deep=True) for node in lead)
    breaks = sum(len(node.css("br")) + (node.tag == "br") for node in lead if node.tag != "-text")
    return 0 < len(words.strip()) <= _ATTRIBUTION_LENGTH and breaks <= _ATTRIBUTION_BREAKS and "-----" not in words


def _shows_headers(node: LexborNode) -> bool:
    """Whether an element begins with the header lines of a mail or a mark above them."""
    shown = _lines(node)
    return len(_LABEL.findall(shown)) >= 3 or bool(_DASHED.search(shown))


def _lines(node: LexborNode) -> str:
    """The first words of an element, in lines: labels begin where another stretch of text does."""
    inside = islice(node.traverse(include_text=True), _READ)
    return "\n".join(" ".join(one.text(deep=False)[:_READ].split()) for one in inside if one.tag == "-text")
