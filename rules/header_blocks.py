"""Where a text shows the header lines of another mail, as mail programs set them above what they quote or forward."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rules.phrases import labels, quoting
from rules.terms.mail import Address

_LABEL = re.compile(r"[>\s|*_]*([^:：\s*][^:：*]{0,30}?)[\s*_]*[:：][\s*_]*(.*)", re.DOTALL)
_MARK = re.compile(f"{quoting.FORWARDED}|{quoting.ORIGINAL}", re.IGNORECASE)
_FORWARD_MARK = re.compile(quoting.FORWARDED, re.IGNORECASE)
_RULE = re.compile(r"[\s>]*(?:[-_=*—–]\s?){3,}[\s>]*")
_DASHED = re.compile(r"[\s>*]*-{2,}[^-].{0,150}?-{2,}[\s*]*")
_GLUED = re.compile(r"(\s*-{2,}[^-]{1,80}-{2,})\s+(\S.*)")
_GLUE = re.compile(
    "(?=(?<![-\\w])(?:From|"
    + "|".join(sorted((re.escape(word) for word in labels.ORIGINAL_CASE if len(word) > 1), key=len, reverse=True))
    + r")\s?[:：]\s)|(?<=[>\da-zA-ZА-я])(?=(?:"
    + "|".join(sorted((re.escape(word) for word in labels.ORIGINAL_CASE if len(word) > 1), key=len, reverse=True))
    + r")\s?[:：]\s)"
)
_GLUED_LENGTH = 1000
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,100}@[\w-]{1,100}(?:\.[\w-]{1,63}){1,10}")
_AFTER_NAME = re.compile(r"[<\[(]|mailto:")
_LONGEST, _CONTINUED, _MARK_LENGTH = 40, 2, 200


@dataclass(frozen=True, slots=True)
class Block:
    """The header lines found: from `start` (marks and rules above them counted in) up to `end`."""

    start: int
    end: int
    values: Mapping[str, str]
    forwarded: bool

    @property
    def sender(self) -> Address:
        """Who wrote the mail that the block belongs to."""
        return address_of(self.values.get(labels.FROM, ""))


def unglued(lines: Sequence[str]) -> list[str]:
    """The lines, with a forward mark and the headers behind it (Yahoo sets them into one line) each on its own."""
    out: list[str] = []
    for line in lines:
        match = _GLUED.match(line) if "--" in line and len(line) < _GLUED_LENGTH else None
        if match and _MARK.search(match.group(1)):
            out += [match.group(1), *(piece for piece in _GLUE.split(match.group(2)) if piece.strip())]
        else:
            out.append(line)
    return out


def first_block(lines: Sequence[str]) -> Block | None:
    """The first header block of a text. A block inside a quotation counts only below a mark of its own."""
    number = 0
    while number < len(lines):
        if label_of(lines[number]) is None:
            number += 1
            continue
        values, end = _values(lines, number)
        start, forwarded, marked = _lead(lines, number)
        enough = labels.FROM in values and len(values) >= (2 if marked else 3)
        if enough and (marked or not lines[number].lstrip().startswith(">")):
            return Block(start, end, values, forwarded)
        number = max(end, number + 1)
    return None


def first_mark(lines: Sequence[str]) -> int | None:
    """The first line that announces the answered mail between dashes, with or without header lines below it."""
    for number, line in enumerate(lines):
        if "--" in line and len(line) < _MARK_LENGTH and _DASHED.fullmatch(line) and _MARK.search(line):
            return number
    return None


def label_of(line: str) -> tuple[str, str] | None:
    """Which header a line shows, and its value; None when it shows none that is known."""
    head = line[:60]
    if ":" not in head and "：" not in head:
        return None
    match = _LABEL.fullmatch(line[:1000])
    if match is None:
        return None
    kind = labels.LABELS.get(" ".join(match.group(1).lower().split()))
    return None if kind is None else (kind, match.group(2).strip())


def address_of(value: str) -> Address:
    """The address and name in the value of a shown From line, in any of the ways programs write it."""
    value = value.strip()[:1000]
    found = _ADDRESS.search(value)
    name = _AFTER_NAME.split(value, maxsplit=1)[0]
    if found and found.start() < len(name):
        name = name[: found.start()]
    return Address(found.group().strip("'*") if found else "", name.strip(" \t\"'*_,;:").strip())


def _values(lines: Sequence[str], start: int) -> tuple[dict[str, str], int]:
    """The values of the header lines from `start` on and the first line behind them."""
    values: dict[str, str] = {}
    last, continued, number, end = "", 0, start, start
    while number < min(len(lines), start + _LONGEST):
        found = label_of(lines[number])
        if found and found[0] not in values:
            last, continued = found[0], 0
            values[last] = found[1]
        elif found or not lines[number].strip(" >\t"):
            # One empty line between two header lines happens in HTML turned into text; two are the end.
            if found or not _goes_on(lines, number + 1, values):
                break
            number += 1
            continue
        elif (last in ("", labels.SUBJECT) and values.get(last)) or continued >= _CONTINUED:
            break
        else:
            values[last] = f"{values[last]} {lines[number].strip(' >*')}".strip()
            continued += 1
        number += 1
        end = number
    return values, end


def _goes_on(lines: Sequence[str], number: int, values: Iterable[str]) -> bool:
    following = label_of(lines[number]) if number < len(lines) else None
    return following is not None and following[0] not in values


def _lead(lines: Sequence[str], start: int) -> tuple[int, bool, bool]:
    """Where the marks above a block begin, whether they say "forwarded", and whether there are any."""
    forwarded = marked = False
    number = start
    while number > 0:
        above = number - 1
        while above > 0 and start - above < 6 and not lines[above].strip(" >\t"):
            above -= 1
        line = lines[above]
        if len(line) > _MARK_LENGTH or not line.strip(" >\t"):
            break
        if _MARK.search(line) and (_DASHED.fullmatch(line) or line.rstrip().endswith((":", "：")) or len(line) < 60):
            forwarded = forwarded or bool(_FORWARD_MARK.search(line))
            marked = True
        elif _DASHED.fullmatch(line):
            marked = True
        elif not _RULE.fullmatch(line):
            break
        number = above
        if start - number > 8:
            break
    return number, forwarded, marked
