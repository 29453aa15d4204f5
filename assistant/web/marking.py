"""The evidence shown where it stands: a mail's text with the quoted words marked, each with the reason in words."""

import re
from collections.abc import Iterable, Iterator

from markupsafe import Markup, escape

from rules.summary import evidence_text
from rules.terms.finding import Evidence

_MOST = 40
_LONGEST_TEXT = 20_000
_MARK = Markup('<mark class="{tone}" title="{reason}">{words}<span class="hidden"> ({reason})</span></mark>')


def marked(text: str, evidence: Iterable[Evidence], language: str) -> Markup:
    """The text with what the evidence quotes marked; where quotes overlap, the weightier one counts.

    Of a very long text only the beginning is searched.
    """
    text, rest = text[:_LONGEST_TEXT], text[_LONGEST_TEXT:]
    places: list[tuple[int, int, Evidence]] = []
    for piece in sorted(evidence, key=lambda one: -abs(one.weight))[:_MOST]:
        for start, end in _places(text, piece.quote):
            if all(end <= begin or start >= stop for begin, stop, _ in places):
                places.append((start, end, piece))
    places.sort(key=lambda place: place[0])
    ends = [0, *(end for _, end, _ in places)]
    parts: list[Markup] = []
    for (start, end, piece), before in zip(places, ends, strict=False):
        reason = evidence_text(piece, language)
        tone = "against" if piece.weight < 0 else "for"
        parts += [escape(text[before:start]), _MARK.format(tone=tone, reason=reason, words=text[start:end])]
    return Markup("").join([*parts, escape(text[ends[-1] :] + rest)])


def _places(text: str, quote: str) -> Iterator[tuple[int, int]]:
    """Where a quote stands, however its words are parted; never inside a word."""
    words = quote.split()
    if not words or len(quote) < 2:
        return
    pattern = r"\s+".join(map(re.escape, words[:40]))
    for number, found in enumerate(re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE)):
        if number == 3:
            return
        yield found.span()
