"""Where a text shows the header lines of another mail, as mail programs set them above what they quote or forward."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rules.header_order import FEWEST, MOST, TIME, Shown, by_order
from rules.phrases import labels, quoting
from rules.terms.mail import Address

_LABEL = re.compile(r"[>\s|*_•·-]*([^:：\s*][^:：*]{0,30}?)[\s*_]*[:：][\s*_]*(.*)", re.DOTALL)
_UNKNOWN_LABEL = re.compile(r"[>\s|*_•·-]*[^\W\d_][^:：*@<>\"/]{0,30}?[\s*_]*[:：](?!//)[\s*_]*(.*)", re.DOTALL)
MARK = re.compile(quoting.any_of(quoting.FORWARDED, quoting.ORIGINAL), re.IGNORECASE)
_FORWARD_MARK = re.compile(quoting.any_of(quoting.FORWARDED), re.IGNORECASE)
_RULE = re.compile(r"[\s>]*(?:[-_=*—–─]\s?){3,}[\s>]*")
_DASHED = re.compile(r"[\s>*]*[-_=*—–─]{2,}[^-_=].{0,150}?[-_=*—–─]{2,}[\s*:]*")
_TITLE = re.compile(rf"[\s>*_]*(?:{quoting.any_of(quoting.FORWARDED)})[\w\s'’-]{{0,25}}[:：][\s*_]*", re.IGNORECASE)
# Thunderbird up to version 2 forwarded below this line, eight dashes on both sides; the subject came first.
_EIGHT_DASHES = re.compile(r"\s*-{8}(?!-)[^-].{0,60}?(?<!-)-{8}\s*")
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,100}@[\w-]{1,100}(?:\.[\w-]{1,63}){1,10}")
_AFTER_NAME = re.compile(r"[<\[(]|mailto:")
# Outlook's line above what is answered, and its mark of old, in whatever language.
_LONG_RULE = re.compile(r"[\s>]*_{20,}\s*")
_TIGHT_DASHES = re.compile(r"[\s>]*-{5}[^\s-].{0,60}[^\s-]-{5}\s*")
_LONGEST, _CONTINUED, _MARK_LENGTH = 40, 2, 200


@dataclass(frozen=True, slots=True)
class Block:
    """The header lines found: from `start` (marks and rules above them counted in) up to `end`.

    `marked`: a line above announces another mail. `forwarded`: it says that the mail was passed on. `answered`: it says
    that it is the original of an answer. `quoted`: the lines carry the sign of a quotation; `inside`: other quoted
    lines stand above them. `language`: the only one in which the writer is labelled so.
    """

    start: int
    end: int
    values: Mapping[str, str]
    forwarded: bool
    marked: bool = False
    answered: bool = False
    quoted: bool = False
    inside: bool = False
    language: str | None = None

    @property
    def sender(self) -> Address:
        """Who wrote the mail that the block belongs to."""
        return address_of(self.values.get(labels.FROM, ""))

    @property
    def subject(self) -> str | None:
        """The subject of the mail that the block belongs to."""
        return self.values.get(labels.SUBJECT)


def first_block(lines: Sequence[str], subject: str) -> Block | None:
    """The first header block of a text. Inside a quotation it counts only below a mark of its own.

    Args:
        lines: of the text.
        subject: of the mail; what is answered or passed on has it too, which tells where no table knows the language.
    """
    number = 0
    while number < len(lines):
        if _colon(lines[number]):
            block = _in_unknown_language(lines, number, subject)
            if block is not None:
                return block
            if label_of(lines[number]) is not None:
                values, end = _values(lines, number)
                block = _lead(lines, number, end, values)
                if _is_block(block):
                    return block
                number = max(end - 1, number)
        number += 1
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
        if ("--" in line or "__" in line) and _DASHED.fullmatch(line) and MARK.search(line):
            return Mark(number, bool(_FORWARD_MARK.search(line)))
        if (":" in line or "：" in line) and _TITLE.fullmatch(line):
            return Mark(number, True)
    return None


def label_of(line: str) -> tuple[str, str] | None:
    """Which header a line shows, and its value; None when it shows none that is known."""
    word, value = _parted(line)
    kind = labels.LABELS.get(word)
    return None if kind is None else (kind, value)


def _parted(line: str) -> tuple[str, str]:
    """The words before the colon of a line, in small letters, and what stands behind it; both "" without a colon."""
    match = _LABEL.fullmatch(line[:1000]) if _colon(line) else None
    return (" ".join(match[1].lower().split()), match[2].strip()) if match else ("", "")


def _colon(line: str) -> bool:
    """Whether a line can show a header. Cheap: it is asked of every line of every mail."""
    head = line[:60]
    return ":" in head or "：" in head


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
    return "@" in values[labels.FROM] or bool(TIME.search(values.get(labels.DATE, "")))


def _in_unknown_language(lines: Sequence[str], start: int, subject: str) -> Block | None:
    """The block of labelled lines from `start` on, some of whose labels stand in no table."""
    labelled, end = _labelled(lines, start)
    # The cheapest questions first: hostile mails hold nothing but such lines.
    if not FEWEST <= len(labelled) <= MOST:
        return None
    ruled = any(_LONG_RULE.fullmatch(line[:_MARK_LENGTH]) for line in lines[max(0, start - 2) : start])
    if not ruled and not any("@" in value for _, value in labelled):
        return None
    known = [label_of(line) for line, _ in labelled]
    if all(known):
        return None
    shown = [Shown(label[0] if label else None, value) for label, (_, value) in zip(known, labelled, strict=True)]
    ordered = by_order(shown, subject)
    if ordered is None:
        return None
    block = _lead(lines, start, end, ordered.values)
    if _announced(lines, block):
        block = replace(block, marked=True)
    return block if block.marked or ruled or (ordered.certain and not block.inside) else None


def _labelled(lines: Sequence[str], start: int) -> tuple[list[tuple[str, str]], int]:
    """The lines from `start` on that have labels, whichever, with their values, and the first line behind them."""
    found: list[tuple[str, str]] = []
    apart = start + 1 < len(lines) and not lines[start + 1].strip(" >\t")
    number, end, continued = start, start, 0
    while number < len(lines) and len(found) <= MOST:
        line = lines[number]
        match = _UNKNOWN_LABEL.fullmatch(line[:1000]) if _colon(line) else None
        if match:
            found.append((line, match[1].strip()))
            continued = 0
        elif not line.strip(" >\t"):
            # Either all of the lines are paragraphs of their own, or an empty one is the end.
            if not apart or not _colon("".join(lines[number + 1 : number + 2])):
                break
            number += 1
            continue
        elif found and continued < _CONTINUED and (not found[-1][1] or "@" in line):
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip(' >*')}".strip())
            continued += 1
        else:
            break
        number += 1
        end = number
    return found, end


def _announced(lines: Sequence[str], block: Block) -> bool:
    """Whether a line that ends in a colon stands right above a block in the order of Apple Mail, which announces so."""
    above = block.start - 1
    if above > 0 and not lines[above].strip(" >\t"):
        above -= 1
    if above < 0 or len(lines[above]) > _MARK_LENGTH:
        return False
    apple = list(block.values)[:2] == [labels.FROM, labels.SUBJECT]
    return apple and lines[above].rstrip(" *\t").endswith((":", "："))


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
        if MARK.search(line) and (dashed or _is_title(line)):
            forwarded = forwarded or bool(_FORWARD_MARK.search(line))
            answered = answered or not (forwarded or _old_thunderbird(line, values))
            marked = True
        elif dashed:
            answered = answered or bool(_TIGHT_DASHES.fullmatch(line))
            marked = True
        elif not _RULE.fullmatch(line):
            break
        number = above
        if start - number > 8:
            break
    quoted = lines[start].lstrip().startswith(">")
    inside = quoted and start > 0 and lines[start - 1].lstrip().startswith(">")
    return Block(number, end, values, forwarded, marked, answered, quoted, inside, _language(lines[start:end]))


def _language(header: Sequence[str]) -> str | None:
    """The only language in which the writer is labelled as in these lines."""
    found = (labels.WRITERS.get(_parted(line)[0], ()) for line in header)
    return next((languages[0] for languages in found if len(languages) == 1), None)


def _is_title(line: str) -> bool:
    """Whether a line without dashes can be a mark: it ends in a colon or says little else, and is no sentence."""
    stripped = line.strip(" >\t*_")
    return stripped.endswith((":", "：")) or (len(stripped) < 60 and not stripped.endswith((".", "!", "?", ",")))


def _old_thunderbird(line: str, values: Mapping[str, str]) -> bool:
    return next(iter(values), "") == labels.SUBJECT and bool(_EIGHT_DASHES.fullmatch(line))
