"""What in a mail's text is new, and what is quotation, somebody else's mail or signature.

Works on lines: one pass finds where other people's words begin, one takes out what is quoted line by line, and
rules.signatures looks at the end.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rules.attributions import Attribution, attribution_at
from rules.glued_headers import unglued
from rules.header_blocks import Block, first_block, first_mark
from rules.signatures import without_signature

# Some programs put the initials of the writer before the sign.
_QUOTED = re.compile(r"\s{0,3}(?:[A-Z]{1,3})?>")
_SIGN = re.compile(r"^\s*> ?")
_EMPTY_LINES = re.compile(r"\n{3,}")
_UNSEEN = "\ufeff\u200b\u200e\u200f\u2060\u00ad"
_MOST_LINES = 20_000
_NEAR = 3


@dataclass(frozen=True, slots=True)
class Parted:
    """A text taken apart. `block` or `introduced` (an attribution) heads what it quotes or forwards: `below`.

    `passed_on`: a line above the attribution says that the mail was forwarded.
    """

    new_text: str
    signature: str | None
    block: Block | None
    introduced: str | None
    below: Sequence[str]
    passed_on: bool = False

    @property
    def rest(self) -> str:
        """The text of what is quoted or forwarded. Taken only where it is asked for: most mails are no forwards."""
        return "\n".join(unquoted(self.below)).strip()


def part(text: str, subject: str = "") -> Parted:
    """Take a mail's text apart; time grows with its length only."""
    lines = lines_of(text)
    block, mark = first_block(lines, subject), first_mark(lines)
    end = min(
        # A quotation may have the answer below it; a mail passed on ends what was written.
        block.start if block and (block.forwarded or not block.quoted) else len(lines),
        mark.line if mark else len(lines),
    )
    own, first, cut = _own_lines(lines[:end])
    own, signature = without_signature(own)
    below, passed_on = block.end if block else len(lines), False
    if first is not None and (cut or block is None or first.start < block.start):
        # An attribution stands above the block: the block belongs to what was quoted.
        block, below = None, first.end
    elif mark is not None and mark.forwarded and (block is None or block.start > mark.line + _NEAR):
        # No header lines below the mark; then the writer may be named as above a quotation.
        first = _attribution_near(lines, mark.line + 1)
        if first is not None:
            block, below, passed_on = None, first.end, True
    introduced = " ".join(line.strip(" >\t") for line in lines[first.start : first.end]) if first else None
    new_text = _EMPTY_LINES.sub("\n\n", "\n".join(own)).strip()
    return Parted(new_text, "\n".join(signature).strip() or None, block, introduced, lines[below:], passed_on)


def _attribution_near(lines: Sequence[str], start: int) -> Attribution | None:
    near = [_SIGN.sub("", line, count=1) for line in lines[start : start + 2 * _NEAR]]
    for number in range(len(near)):
        found = attribution_at(near, number)
        if found is not None:
            return Attribution(start + found.start, start + found.end, found.sure)
    return None


def whole(text: str) -> tuple[str, str | None]:
    """The text without its signature only: where nothing in it is somebody else's after all."""
    own, signature = without_signature(lines_of(text))
    return _EMPTY_LINES.sub("\n\n", "\n".join(own)).strip(), "\n".join(signature).strip() or None


def lines_of(text: str) -> list[str]:
    """The lines of a text that are looked at, without characters that nobody sees."""
    for character in _UNSEEN:
        # Asking first costs a tenth of replacing: hardly any mail holds one of them.
        if character in text:
            text = text.replace(character, "")
    return unglued(text.split("\n")[:_MOST_LINES])


def unquoted(lines: Sequence[str]) -> list[str]:
    """Lines with one sign of quotation taken off, where all of them carry it."""
    if any(line.strip() and not line.lstrip().startswith(">") for line in lines):
        return list(lines)
    return [_SIGN.sub("", line, count=1) for line in lines]


def _own_lines(lines: Sequence[str]) -> tuple[list[str], Attribution | None, bool]:
    """The lines without quotations and their attributions, the first attribution, and whether it cut the rest off."""
    own: list[str] = []
    positions: list[int] = []
    first: Attribution | None = None
    for number, line in enumerate(lines):
        if _QUOTED.match(line):
            continue
        quoted = _quote_follows(lines, number + 1)
        attribution = attribution_at(lines, number, quoted)
        if attribution is not None and (quoted or attribution.sure):
            first = first or attribution
            while positions and positions[-1] >= attribution.start:
                positions.pop()
                own.pop()
            if not quoted:
                return own, attribution, True
            continue
        own.append(line)
        positions.append(number)
    return own, first, False


def _quote_follows(lines: Sequence[str], number: int) -> bool:
    for line in lines[number : number + _NEAR]:
        if line.strip():
            return bool(_QUOTED.match(line))
    return False
