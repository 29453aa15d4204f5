"""Which of two alternatives a person would read (RFC 2046, 5.1.4, and what programs make of it)."""

import re

from connectors.mime.html import to_text
from connectors.mime.piece import Piece

# Programs that cannot make a plain text of their HTML put a sentence like these in its place.
_HINT = re.compile(
    r"html[- ](?:capable|compatible|compliant|enabled|e?-?mail|mail|reader|view)"
    r"|(?:view|read|display)[^.]{0,40}\bhtml\b|format html|formato html"
    r"|(?:does|do)(?: not|n't) (?:support|display) html|html[- ]?(?:nachricht|format|fähig|ansicht|darstellung|e-?mail)"
    r"|(?:unterstützt|zeigt).{0,30} html"
    r"|view (?:this|it|the (?:e-?mail|message)) (?:in|on)(?: your| the| a)? (?:web|browser)",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://\S+")
_SHORT = 400
_HINTS_LENGTH = 600
_MUCH_MORE = 20


def better(pieces: list[Piece]) -> list[Piece]:
    """The plain alternative where it says what there is to say, else the HTML, which is kept for display either way.

    What a plain text says that only stands in for the HTML is read after it: nothing is lost where that was misjudged.
    Several plain texts that differ are no alternatives of each other, whatever the mail says; none is left out.
    """
    named = [piece for piece in pieces if piece.named]
    rich = [piece for piece in pieces if piece.html is not None]
    plain = list(dict.fromkeys(p.plain.strip("\n") for p in pieces if p.plain and not p.named and p.plain.strip()))
    if not plain:
        return rich + named if rich else pieces
    markup = "\n".join(piece.html for piece in rich if piece.html is not None)
    text = "\n\n".join(plain)
    if markup and _says_little(text, markup):
        return [*rich, Piece(text), *(piece for piece in named if piece not in rich)]
    return [Piece(text, markup or None), *named]


def _says_little(plain: str, markup: str) -> bool:
    """Whether the plain text only stands in for the HTML. Most are not asked: to compare costs reading both."""
    letters = len("".join(_LINK.sub("", plain).split()))
    hint = letters < _HINTS_LENGTH and _HINT.search(plain)
    if not hint and (letters > _SHORT or len(markup) < _MUCH_MORE * letters):
        return False
    shown = len("".join(to_text(markup).split()))
    return shown > (letters // 2 if hint else 3 * letters + 100)
