"""HTML to text as a reader sees it: paragraphs, lists and tables kept, quotations marked, hidden text dropped."""

import re
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from connectors.mime import quotes

# Private-use characters stand for the breaks that are meant, while the source's own white space is collapsed.
_BREAK, _EDGE, _PARAGRAPH, _TAB, _ITEM = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
_QUOTE_START, _QUOTE_END = "\ue005", "\ue006"
_MARKS = (_BREAK, _EDGE, _PARAGRAPH, _TAB, _ITEM, _QUOTE_START, _QUOTE_END)

_DROPPED = "script, style, head, title, noscript, template, svg, math, object, iframe, [hidden]"
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|!|$)"
    r"|max-height\s*:\s*0(?:px)?\s*(?:;|!|$)|opacity\s*:\s*0(?:\.0*)?\s*(?:;|!|$)|text-indent\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
_PARAGRAPHS = "p, h1, h2, h3, h4, h5, h6, ul, ol, dl, table, pre, hr, blockquote"
_EDGES = "div, li, tr, dt, dd, address, article, aside, center, footer, form, header, main, nav, section, caption"
# What mail programs name as the writer's signature.
_SIGNATURES = (
    ".gmail_signature, .moz-signature, .protonmail_signature_block, #Signature, #ms-outlook-mobile-signature"
    ", [data-smartmail=gmail_signature], #AppleMailSignature, #composer_signature, .k9mail-signature"
    ", #ymail_android_signature, #ymail_ios_signature"
)
_DELIMITERS = re.compile(r"^((?:> )*--)(?:\n+(?:> )*--$)+", re.MULTILINE)
_SPACE = re.compile(r"[ \t\n\r\f]+")
_RUN = re.compile(r"[ \ue000-\ue002]*[\ue000-\ue002][ \ue000-\ue002]*")
_ITEM_MARK = re.compile(r"\ue004([0-9.]*)\ue004[ \ue000-\ue002]*")
# What newsletters put behind their preview so that nothing else is shown of them there.
_FILLING = re.compile(r"(?:[\u034f\u00ad\u200b-\u200f\u2060\ufeff][\s\u00a0\u2007]*){4,}")
_LINK = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)
_HOST = re.compile(r"(?:https?://)?(?:www\.)?((?:[\w-]{1,63}\.){1,6}[a-zA-Z]{2,24})(?:[/:?#]\S*)?$", re.IGNORECASE)
_EMPTY_WORDS = re.compile(
    r"(?:klicken sie |bitte |click |cliquez )?(?:hier|here|ici|aquí|qui|aqui)(?: klicken)?|(?:dieser |this )?link",
    re.IGNORECASE,
)
_WEB = re.compile(r"https?://(?:www\.)?|[/?#]+$", re.IGNORECASE)
_QUOTES = re.compile(r"([\ue005\ue006])")
_EMPTY_LINES = re.compile(r"\n{3,}")
_UNSEEN = re.compile(r"<(script|style|title)\b", re.IGNORECASE)
_LINE_TAG = re.compile(r"<(?:br|/?p|/?div|/?tr|/?li)\b[^<>]*>?", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[^<>]*>?")
_MAX_BYTES = 2_000_000
_MAX_DEPTH = 400
_MOST_SIGNS = 20
_LONGEST_LINK = 120
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr p li td th tr dd dt".split())


def to_text(html: str) -> str:
    """The text of an HTML body. Over-nested or enormous HTML is read by a simpler way, so that time stays bounded."""
    if len(html) > _MAX_BYTES:
        html = html[:_MAX_BYTES]
    if not sane(html):
        return _crude(html)
    for mark in _MARKS:
        html = html.replace(mark, " ")
    tree = LexborHTMLParser(html)
    root = tree.body or tree.root
    if root is None:
        return ""
    _drop_hidden(tree)
    _mark(tree, html)
    return _laid_out(root.text(deep=True, separator=""))


def sane(html: str, depth: int = _MAX_DEPTH) -> bool:
    """Whether the nesting stays within what parsers and sanitisers can bear."""
    if html.count("<") <= depth:
        return True
    level = 0
    for match in _TAG.finditer(html):
        if match.group(2).lower() in _VOID:
            continue
        level = max(0, level - 1) if match.group(1) else level + 1
        if level > depth:
            return False
    return True


def _drop_hidden(tree: LexborHTMLParser) -> None:
    for node in tree.css(_DROPPED):
        # A head that a broken mail closes late may hold its text; selectolax follows browsers here, so it does not.
        node.decompose()
    for node in tree.css("[style]"):
        style = node.attributes.get("style") or ""
        if _HIDING.search(style) and node.tag != "body":
            node.decompose()


def _mark(tree: LexborHTMLParser, html: str) -> None:
    """Put marks where lines, paragraphs, cells and quotations begin and end, and say where links lead."""
    # Before the marks, which would be in the way of looking.
    quoted, headed = list(quotes.quotations(tree, html)), list(quotes.header_lines(tree, html))
    for node in tree.css(_SIGNATURES):
        # The same programs write this line above it in plain text (RFC 3676, 4.3).
        if node.text(deep=True, separator="").strip():
            node.insert_before(f"{_BREAK}--{_BREAK}")
    for node in tree.css("a[href]"):
        _say_where(node)
    _mark_lines(tree)
    for node in headed:
        node.insert_before(f"{_PARAGRAPH}{quotes.RULE}{_PARAGRAPH}")
    for first, last in quoted:
        first.insert_before(_QUOTE_START)
        last.insert_after(_QUOTE_END)


def _mark_lines(tree: LexborHTMLParser) -> None:
    for node in tree.css("br"):
        node.insert_before(_BREAK)
    for node in tree.css("pre"):
        _keep_lines(node)
    for node in tree.css("td, th"):
        node.insert_after(_TAB)
    for node in tree.css(_EDGES):
        node.insert_before(_EDGE)
        node.insert_after(_EDGE)
    for node in tree.css("li"):
        # Nearer to the item than its edge, so that the dash stands on the item's own line.
        if node.parent is None or node.parent.tag != "ol":
            node.insert_before(_ITEM + _ITEM)
    for node in tree.css("ol"):
        _number(node)
    for node in tree.css(_PARAGRAPHS):
        node.insert_before(_PARAGRAPH)
        node.insert_after(_PARAGRAPH)


def _number(ordered: LexborNode) -> None:
    start = ordered.attributes.get("start") or "1"
    number = int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 1
    for child in ordered.iter():
        if child.tag == "li":
            child.insert_before(f"{_ITEM}{number}.{_ITEM}")
            number += 1


def _say_where(link: LexborNode) -> None:
    """Put the address of a link behind its words where these name another one, or nothing.

    Other words are all that a reader sees; the pages show the HTML, where the link can be followed.
    """
    address = (link.attributes.get("href") or "").strip()
    if not _LINK.match(address) or any(mark in address for mark in _MARKS):
        return
    words = " ".join(link.text(deep=True, separator="").split())
    scheme, _, rest = address.partition(":")
    web = scheme.lower() in ("http", "https")
    shown = address if web else unquote(rest.partition("?")[0])
    if not words or not shown or _WEB.sub("", shown).lower() in words.lower():
        return
    if web and not _EMPTY_WORDS.fullmatch(words):
        named = _HOST.match(words)
        if named is None or f".{_host(address)}".endswith(f".{named[1].lower()}"):
            return
    if len(shown) > _LONGEST_LINK:
        # Long ones are for counting clicks; where they lead to is what may matter.
        shown = (
            shown.partition("?")[0] if len(shown.partition("?")[0]) <= _LONGEST_LINK else shown[:_LONGEST_LINK] + "…"
        )
    link.insert_after(f" <{' '.join(shown.split())}>")


def _host(address: str) -> str:
    """The server that a web address names; what stands before an @ is there to deceive."""
    return re.split(r"[/?#\\]", address.partition("://")[2], maxsplit=1)[0].rpartition("@")[2].partition(":")[0].lower()


def _keep_lines(pre: LexborNode) -> None:
    text = pre.text(deep=True, separator="")
    if "\n" in text:
        pre.inner_html = ""  # the line breaks of preformatted text are meant
        pre.insert_child(text.strip("\n").replace("\n", _BREAK))


def _laid_out(marked: str) -> str:
    """Marks become line breaks; lines inside quotations get the sign of a quotation."""
    text = _ITEM_MARK.sub(lambda found: f"{found[1] or '-'} ", _SPACE.sub(" ", _FILLING.sub("", marked)))
    lines: list[str] = []
    depth = 0
    for stretch in _QUOTES.split(text):
        if stretch == _QUOTE_START:
            depth += 1
        elif stretch == _QUOTE_END:
            depth = max(0, depth - 1)
        elif stretch.strip(" \ue000\ue001\ue002\ue003"):
            sign = "> " * min(depth, _MOST_SIGNS)
            plain = _RUN.sub(_line_ends, stretch).replace(_TAB, "\t").strip("\n")
            lines += ["", *((sign + line.strip()).rstrip() for line in plain.split("\n"))]
    text = _DELIMITERS.sub(r"\1", "\n".join(lines))
    return _EMPTY_LINES.sub("\n\n", text).strip("\n")


def _line_ends(run: "re.Match[str]") -> str:
    """What a run of marks comes to: the edge of a block ends a line that has begun, a break always ends one."""
    ends = 0
    for mark in run.group():
        if mark == _BREAK:
            ends += 1
        elif mark == _EDGE:
            ends = max(ends, 1)
        elif mark == _PARAGRAPH:
            ends = max(ends, 2)
    return "\n" * min(ends, 3)


def _crude(html: str) -> str:
    """Tags cut out without building a tree, in one pass."""
    kept: list[str] = []
    position = 0
    while match := _UNSEEN.search(html, position):
        kept.append(html[position : match.start()])
        close = re.compile(f"</{match.group(1)}\\b", re.IGNORECASE).search(html, match.end())
        # What is never closed hides the rest, as in a browser.
        position = close.end() if close else len(html)
    kept.append(html[position:])
    text = _LINE_TAG.sub("\n", " ".join(kept))
    return _EMPTY_LINES.sub("\n\n", _ANY_TAG.sub("", text)).strip()
