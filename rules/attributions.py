"""The line above a quotation that says who wrote it and when ("Am 3. Mai schrieb …:"), over up to four lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rules.phrases import quoting
from rules.terms.mail import Address


def _is_ascii_or_alphabetic(word: str) -> bool:
    return not re.search(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]", word)


_VERBS = quoting.WROTE.split("|")
_VERB = re.compile(
    r"(?<!\w)(?:" + "|".join(filter(_is_ascii_or_alphabetic, _VERBS)) + r")(?!\w)|"
    r"(?:" + "|".join(word for word in _VERBS if not _is_ascii_or_alphabetic(word)) + ")",
    re.IGNORECASE,
)
_OPENING = re.compile(r"\s*(?:" + quoting.OPENINGS + r")[\s,.]", re.IGNORECASE)
_DATED = re.compile(
    r"\s*(?:\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}).{0,300}[<@].{0,300}[:：]\s*"
)
_WHEN_OR_WHO = re.compile(r"\d{1,2}[:.h]\d{2}|\d{4}|@")
_ANNOUNCED = re.compile(r"folgend|following|suivant|siguiente", re.IGNORECASE)
_AUTHOR = re.compile(r"([^<>]{0,200})<(?:mailto:)?([\w.!#$%&'*+/=?^`{|}~-]{1,100}@[\w.-]{1,200})>")
_LINES, _LONGEST = 4, 500


@dataclass(frozen=True, slots=True)
class Attribution:
    """Lines `start` up to `end` (exclusive). `sure`: what follows is quoted even without a sign before its lines."""

    start: int
    end: int
    sure: bool


def attribution_at(lines: Sequence[str], last: int, earliest: int = 0) -> Attribution | None:
    """The attribution whose last line is `last`, if there is one; it does not begin before `earliest`."""
    text = lines[last].rstrip()
    if not text.endswith((":", "：")) or len(text) > _LONGEST or text.lstrip().startswith(">"):
        return None
    if _DATED.fullmatch(text):
        return Attribution(last, last + 1, sure=True)
    first = last
    joined = text
    while not _OPENING.match(lines[first]) and first > earliest and last - first < _LINES - 1:
        above = lines[first - 1]
        if not above.strip() or above.lstrip().startswith(">") or len(above) > _LONGEST:
            break
        first -= 1
        joined = f"{above} {joined}"
    opened = bool(_OPENING.match(lines[first]))
    if not opened:
        first, joined = last, text
    if not _VERB.search(joined) or _ANNOUNCED.search(joined):
        return None
    telling = bool(_WHEN_OR_WHO.search(joined))
    return Attribution(first, last + 1, sure=opened and telling)


def author(text: str) -> Address | None:
    """Whom an attribution names with an address."""
    match = _AUTHOR.search(text[:_LONGEST])
    if match is None:
        return None
    name = _VERB.split(match.group(1))[-1] if _VERB.search(match.group(1)) else match.group(1).rpartition(",")[2]
    return Address(match.group(2), name.strip(" \"',:"))
