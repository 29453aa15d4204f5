"""Where a text shows the header lines of another mail, as mail programs set them above what they quote or forward."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rules.phrases import labels, quoting
from rules.terms.mail import Address

_LABEL = re.compile(r"[>\s|*_•·-]*([^:：\s*][^:：*]{0,30}?)[\s*_]*[:：][\s*_]*(.*)", re.DOTALL)
_MARK = re.compile(quoting.any_of(quoting.FORWARDED, quoting.ORIGINAL), re.IGNORECASE)
_FORWARD_MARK = re.compile(quoting.any_of(quoting.FORWARDED), re.IGNORECASE)
_RULE = re.compile(r"[\s>]*(?:[-_=*—–─]\s?){3,}[\s>]*")
_DASHED = re.compile(r"[\s>*]*[-_=*—–─]{2,}[^-_=].{0,150}?[-_=*—–─]{2,}[\s*:]*")
_TITLE = re.compile(rf"[\s>*_]*(?:{quoting.any_of(quoting.FORWARDED)})[\w\s'’-]{{0,25}}[:：][\s*_]*", re.IGNORECASE)
# Thunderbird up to version 2 forwarded below this line, eight dashes on both sides; the subject came first.
_EIGHT_DASHES = re.compile(r"\s*-{8}(?!-)[^-].{0,60}?(?<!-)-{8}\s*")
_GLUED = re.compile(r"(\s*-{2,}[^-]{1,80}-{2,})\s+(\S.*)")
_CASED = "|".join(sorted((re.escape(word) for word in labels.ORIGINAL_CASE if len(word) > 1), key=len, reverse=True))
_SUBJECTS = "|".join(sorted((re.escape(word) for word in labels.SUBJECT_CASE), key=len, reverse=True))
_GLUE = re.compile(
    rf"(?=(?<![-\w])(?:{_CASED})\s?[:：]\s)|(?<=[>\w])(?=(?:{_CASED})\s?[:：]\s)"
    # Yahoo forgets the colon in some languages.
    rf"|(?<=[A-Z])(?=(?:{_SUBJECTS})\s)"
)
_UNCOLONED = re.compile(rf"({_SUBJECTS})\s+(?![:：])(.*)")
_GLUED_LENGTH = 1000
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,100}@[\w-]{1,100}(?:\.[\w-]{1,63}){1,10}")
_AFTER_NAME = re.compile(r"[<\[(]|mailto:")
_TIME = re.compile(r"(?<!\d)\d{1,2}[:h]\d{2}(?!\d)|(?<![\d.])\d{1,2}\.\d{2}(?![\d.])|[午오]")
_LONGEST, _CONTINUED, _MARK_LENGTH = 40, 2, 200


@dataclass(frozen=True, slots=True)
class Block:
    """The header lines found: from `start` (marks and rules above them counted in) up to `end`.

    `marked`: a line above announces another mail. `forwarded`: it says that the mail was passed on. `answered`: it says
    that it is the original of an answer. `quoted`: the lines carry the sign of a quotation; `inside`: other quoted
    lines stand above them.
    """

    start: int
    end: int
    values: Mapping[str, str]
    forwarded: bool
    marked: bool = False
    answered: bool = False
    quoted: bool = False
    inside: bool = False

    @property
    def sender(self) -> Address:
        """Who wrote the mail that the block belongs to."""
        return address_of(self.values.get(labels.FROM, ""))

    @property
    def subject(self) -> str | None:
        """The subject of the mail that the block belongs to."""
        return self.values.get(labels.SUBJECT)


def unglued(lines: Sequence[str]) -> list[str]:
    """The lines, with a forward mark and the headers behind it (Yahoo sets them into one line) each on its own."""
    out: list[str] = []
    for line in lines:
        match = _GLUED.match(line) if "--" in line and len(line) < _GLUED_LENGTH else None
        if match is None:
            out.append(line)
            continue
        pieces = [piece for piece in _GLUE.split(match.group(2)) if piece.strip()]
        if _MARK.search(match.group(1)) or sum(label_of(piece) is not None for piece in pieces) > 2:
            out += [match.group(1), *(_UNCOLONED.sub(r"\1: \2", piece, count=1) for piece in pieces)]
        else:
            out.append(line)
    return out


def first_block(lines: Sequence[str], begin: int = 0) -> Block | None:
    """The first header block of a text. Inside a quotation it counts only below a mark of its own."""
    number = begin
    while number < len(lines):
        if label_of(lines[number]) is None:
            number += 1
            continue
        values, end = _values(lines, number)
        block = _lead(lines, number, end, values)
        if _is_block(block):
            return block
        number = max(end, number + 1)
    return None


@dataclass(frozen=True, slots=True)
class Mark:
    """A line that announces another mail, with or without header lines below it. `forwarded`: as one passed on."""

    line: int
    forwarded: bool


def first_mark(lines: Sequence[str]) -> Mark | None:
    """The first line that announces the answered mail between dashes, or a mail passed on."""
    for number, line in enumerate(lines):
        if len(line) >= _MARK_LENGTH or line.lstrip().startswith(">"):
            continue
        if ("--" in line or "__" in line) and _DASHED.fullmatch(line) and _MARK.search(line):
            return Mark(number, bool(_FORWARD_MARK.search(line)))
        if (":" in line or "：" in line) and _TITLE.fullmatch(line):
            return Mark(number, True)
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


def _is_block(block: Block) -> bool:
    """Whether labelled lines are the head of a mail rather than a list, a memo or a form."""
    values = block.values
    if labels.FROM not in values:
        return False
    if block.marked:
        # Some programs forward with the writer alone.
        return len(values) >= 2 or (block.forwarded and "@" in values[labels.FROM])
    if len(values) < 3:
        return False
    if block.inside or len(values.keys() & {labels.TO, labels.SUBJECT, labels.DATE}) < 2:
        return False
    # Nobody says that these lines are a mail's: then an address or the time of day must.
    return "@" in values[labels.FROM] or bool(_TIME.search(values.get(labels.DATE, "")))


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
            # Empty lines between two header lines happen in HTML turned into text; three are the end.
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
    """Whether another header line follows, at most one more empty line between."""
    if number < len(lines) and not lines[number].strip(" >\t"):
        number += 1
    following = label_of(lines[number]) if number < len(lines) else None
    return following is not None and following[0] not in values


def _lead(lines: Sequence[str], start: int, end: int, values: Mapping[str, str]) -> Block:
    """The block with the marks and rules above it."""
    forwarded = answered = marked = False
    number = start
    while number > 0:
        above = number - 1
        while above > 0 and start - above < 6 and not lines[above].strip(" >\t"):
            above -= 1
        line = lines[above]
        if len(line) > _MARK_LENGTH or not line.strip(" >\t") or label_of(line):
            break
        dashed = bool(_DASHED.fullmatch(line))
        if _MARK.search(line) and (dashed or _is_title(line)):
            forwarded = forwarded or bool(_FORWARD_MARK.search(line))
            answered = answered or not (forwarded or _old_thunderbird(line, values))
            marked = True
        elif dashed:
            marked = True
        elif not _RULE.fullmatch(line):
            break
        number = above
        if start - number > 8:
            break
    quoted = lines[start].lstrip().startswith(">")
    inside = quoted and start > 0 and lines[start - 1].lstrip().startswith(">")
    return Block(number, end, values, forwarded, marked, answered, quoted, inside)


def _is_title(line: str) -> bool:
    """Whether a line without dashes can be a mark: it ends in a colon or says little else, and is no sentence."""
    stripped = line.strip(" >\t*_")
    return stripped.endswith((":", "：")) or (len(stripped) < 60 and not stripped.endswith((".", "!", "?", ",")))


def _old_thunderbird(line: str, values: Mapping[str, str]) -> bool:
    return next(iter(values), "") == labels.SUBJECT and bool(_EIGHT_DASHES.fullmatch(line))
