"""The line above a quotation that says who wrote it and when ("Am 3. Mai schrieb …:"), over up to four lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rules.phrases import quoting
from rules.terms.mail import Address

_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_VERBS = quoting.any_of(quoting.WROTE).split("|")
_VERB = re.compile(
    r"(?<!\w)(?:" + "|".join(word for word in _VERBS if not _UNSPACED.search(word)) + r")(?!\w)|"
    # Chinese, Japanese and Korean set no spaces between words.
    r"(?:" + "|".join(word for word in _VERBS if _UNSPACED.search(word)) + ")",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"[\s*_]*(?:(?:" + quoting.any_of(quoting.OPENINGS) + r")[\s,.]"
    r"|(?:" + quoting.any_of(quoting.WEEKDAYS) + r")\w{0,11}[.,]{0,2}\s.{0,20}\d"
    r"|\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]|\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{2,4}|\d{4}년)",
    re.IGNORECASE,
)
_NAMED_FIRST = re.compile(r"[\s*_]*[\"'„“]?[^\W\d_][^<>\n]{0,100}<[^<>\s]{1,100}@", re.IGNORECASE)
_TIME = re.compile(
    r"(?<!\d)\d{1,2}[:h]\d{2}(?!\d)|(?:kl|klo|alle|às|at|um|om|kell|в|о)\.?\s\d{1,2}[.:]\d{2}|[午上下]\d"
    r"|오[전후]"
)
_ADDRESS = re.compile(r"[\w.+-]@[\w-]+\.\w")
_DAY = re.compile(r"(?<!\d)\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?\d{2,4}|(?<!\d)(?:19|20)\d{2}(?!\d)")
_TOLD = re.compile(r"(?<!\w)(?:" + quoting.any_of(quoting.TOLD) + r")(?!\w)", re.IGNORECASE)
_ANNOUNCED = re.compile(quoting.any_of(quoting.ANNOUNCED), re.IGNORECASE)
_DATE_FIRST = re.compile(r"[\s*_]*(?:\w{1,12}[.,]?\s){0,2}\d")
_NAME_ALONE = re.compile(r"[\s*_]*[\"'„“«][^\"'„“”«»]{1,100}[\"'“”»]\s?")
_COLON = re.compile(r"[:：][\s*_]*")
_BEHIND = re.compile(r"[\s*_:：]*")
_AUTHOR = re.compile(r"<?(?:mailto:)?([\w.!#$%&'*+/=?^`{|}~-]{1,100}@[\w-][\w.-]{0,200}\w)")
_NAME_END = re.compile(r"[<\[(\s]+(?:mailto:)?$")
_QUOTED_NAME = re.compile(r"[\"„“”«‚']\s?([^\"„“”«»<>]{1,100}?)\s?[\"“”»‘']\s*[<\[(]?$")
_BEFORE_NAME = re.compile(
    r".*(?:\d{1,2}[:.h]\d{2}(?::\d{2})?(?:\s?[ap]\.?m\.?)?|\d{4}|\d\.)[\s\]]*", re.IGNORECASE | re.DOTALL
)
_ZONE = re.compile(
    r"\s*(?:Uhr|Z|UTC|GMT|MEZ|MESZ|CET|CEST|EST|EDT|PST|PDT)?\s*(?:[+-]\d{1,2}(?::?\d{2})?)?\s*[\])]*\s*[,;:–-]*\s*"
    r"(?:hat|от|від|od|von|by|de|da)?(?=\s|\"|'|$)\s*",
    re.IGNORECASE,
)
_LINES, _LONGEST = 4, 500
_WORDS_AROUND, _WORDS_BEHIND = 4, 7


@dataclass(frozen=True, slots=True)
class Attribution:
    """Lines `start` up to `end` (exclusive). `sure`: what follows is quoted even without a sign before its lines."""

    start: int
    end: int
    sure: bool


def attribution_at(lines: Sequence[str], last: int, quoted: bool = False) -> Attribution | None:
    """The attribution whose last line is `last`, if there is one. `quoted`: a marked quotation follows it."""
    text = lines[last]
    if len(text) > _LONGEST or not _ends(text, quoted):
        return None
    first, joined = _beginning(lines, last)
    telling = bool(_TIME.search(joined)), bool(_ADDRESS.search(joined))
    if not _VERB.search(joined):
        # In a language that the table does not know, the place above a quotation says it, or date and address.
        opened = bool(_OPENING.match(lines[first])) and telling[1] and not _goes_on(joined)
        dated = (opened and bool(_DAY.search(joined) or telling[0])) or _shaped(joined)
        return Attribution(first, last + 1, sure=dated) if dated or (quoted and all(telling)) else None
    opened = bool(_OPENING.match(lines[first]) or (telling[1] and _NAMED_FIRST.match(lines[first])))
    if telling[0] or telling[1]:
        sure = opened or all(telling) or (telling[0] and bool(_DAY.search(joined)) and not _TOLD.search(joined))
    else:
        sure = opened and bool(_DAY.search(joined)) and not _ANNOUNCED.search(joined) and not _TOLD.search(joined)
    return Attribution(first, last + 1, sure)


def author(text: str) -> Address | None:
    """Whom an attribution names with an address."""
    text = " ".join(text[:_LONGEST].split())
    match = _AUTHOR.search(text)
    if match is None:
        return None
    named = _QUOTED_NAME.search(text, 0, match.start())
    if named:
        return Address(match.group(1), named.group(1).strip())
    before = _NAME_END.sub("", text[: match.start()])
    parts = _VERB.split(before)
    name = parts[-1] if len(parts) > 1 else _after_date(before)
    return Address(match.group(1), name.strip(" \t\"'„“,:;*_"))


def _ends(text: str, quoted: bool) -> bool:
    """Whether a line can be the last of an attribution: a colon ends it, or, above a quotation, the verb or address."""
    stripped = text.rstrip(" \t\r*_\u00a0\u200e")
    if stripped.endswith((":", "：")):
        return not stripped.lstrip().startswith(">")
    if not quoted or not stripped or stripped.lstrip().startswith(">"):
        return False
    return stripped.endswith(">") or bool(_VERB.search(stripped[-30:]))


def _goes_on(line: str) -> bool:
    """Whether a sentence goes on behind the address; a date may stand there in an attribution."""
    behind = line.rpartition("@")[2].split()[1:]
    return len(behind) > _WORDS_AROUND and not any(word[:1].isdigit() for word in behind)


def _shaped(line: str) -> bool:
    """Whether date, time, name and address stand in a line as in an attribution, with hardly a word between them."""
    before, _, rest = line.partition("<")
    address, _, after = rest.partition(">")
    if "@" not in address or "<" in after:
        return False
    if _NAME_ALONE.fullmatch(before):
        return len(after.split()) <= _WORDS_BEHIND and bool(_DAY.search(after) and _TIME.search(after))
    if not (_DATE_FIRST.match(before) and _DAY.search(before) and len(after.split()) <= _WORDS_AROUND):
        return False
    times = list(_TIME.finditer(before))
    return bool(times) and len(before[times[-1].end() :].split()) <= _WORDS_AROUND


def _beginning(lines: Sequence[str], last: int) -> tuple[int, str]:
    """The first line of an attribution, and all of it in one; programs wrap long ones."""
    joined = lines[last]
    if _OPENING.match(joined) and (_TIME.search(joined) or _DAY.search(joined)):
        return last, joined
    first = last
    while first > 0 and last - first < _LINES - 1:
        above = lines[first - 1]
        if not above.strip() or above.lstrip().startswith(">") or len(above) > _LONGEST:
            break
        first -= 1
        joined = f"{above} {joined}"
        if _OPENING.match(above) and (_TIME.search(above) or _DAY.search(above)):
            return first, joined
        if _NAMED_FIRST.match(above) and _TIME.search(joined):
            return first, joined
    return last, lines[last]


def _after_date(before: str) -> str:
    """The name that follows a date and time without a verb between."""
    match = _BEFORE_NAME.match(before)
    if match is None:
        return before.rpartition(",")[2]
    zone = _ZONE.match(before, match.end())
    return before[zone.end() if zone else match.end() :]
