"""What in a mail's text is new, and what is quotation, somebody else's mail or signature.

Works on lines: one pass finds where other people's words begin, one takes out what is quoted line by line, one looks
at the end for signature, mobile footer and disclaimer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rules.attributions import Attribution, attribution_at
from rules.header_blocks import Block, first_block, first_mark, unglued
from rules.phrases import quoting

_QUOTED = re.compile(r"\s{0,3}>")
_SIGN = re.compile(r"^\s*> ?")
_DELIMITER = re.compile(r"\s?(?:--|—)\s{0,3}")
_RULE = re.compile(r"\s*(?:[-_=*—–]\s?){5,}")
_MOBILE = re.compile(rf"\W*(?:{quoting.MOBILE})", re.IGNORECASE)
_DISCLAIMER = re.compile(rf"\W*(?:{quoting.DISCLAIMERS})", re.IGNORECASE)
_EMPTY_LINES = re.compile(r"\n{3,}")
_MOST_LINES = 20_000
_FOOTER_LENGTH = 160
_SIGNATURE_LINES = 40


@dataclass(frozen=True, slots=True)
class Parted:
    """A text taken apart. `block` or `introduced` (an attribution) heads what it quotes or forwards: `below`."""

    new_text: str
    signature: str | None
    block: Block | None
    introduced: str | None
    below: Sequence[str]

    @property
    def rest(self) -> str:
        """The text of what is quoted or forwarded. Taken only where it is asked for: most mails are no forwards."""
        return "\n".join(_unquoted(self.below)).strip()


def part(text: str) -> Parted:
    """Take a mail's text apart; time grows with its length only."""
    lines = unglued(text.split("\n")[:_MOST_LINES])
    block, mark = first_block(lines), first_mark(lines)
    end = min(block.start if block else len(lines), mark if mark is not None else len(lines))
    own, cut = _own_lines(lines[:end])
    own, signature = _without_signature(own)
    introduced = None
    if cut is not None:
        # An attribution stands above the block: the block belongs to what was quoted.
        block, introduced = None, " ".join(line.strip() for line in lines[cut.start : cut.end])
    below = block.end if block else cut.end if cut else len(lines)
    new_text = _EMPTY_LINES.sub("\n\n", "\n".join(own)).strip()
    return Parted(new_text, "\n".join(signature).strip() or None, block, introduced, lines[below:])


def _own_lines(lines: Sequence[str]) -> tuple[list[str], Attribution | None]:
    """The lines without quotations and their attributions, and where everything further was cut off."""
    own: list[str] = []
    positions: list[int] = []
    for number, line in enumerate(lines):
        if _QUOTED.match(line):
            continue
        attribution = attribution_at(lines, number, earliest=0)
        if attribution is not None:
            quoted = _quote_follows(lines, attribution.end)
            if quoted or attribution.sure:
                while positions and positions[-1] >= attribution.start:
                    positions.pop()
                    own.pop()
                if not quoted:
                    return own, attribution
                continue
        own.append(line)
        positions.append(number)
    return own, None


def _quote_follows(lines: Sequence[str], number: int) -> bool:
    for line in lines[number : number + 4]:
        if line.strip():
            return line.lstrip().startswith(">")
    return False


def _without_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines before the signature, and the signature with footers and disclaimers."""
    while lines and (not lines[-1].strip() or _RULE.fullmatch(lines[-1])):
        lines = lines[:-1]
    start = _delimiter(lines)
    if start is None:
        start = _footer(lines)
    if start is None:
        return lines, []
    signature = [line for line in lines[start:] if not _DELIMITER.fullmatch(line)]
    return lines[:start], signature


def _delimiter(lines: Sequence[str]) -> int | None:
    """The line of two dashes above a signature (RFC 3676, 4.3); never the first thing in a mail."""
    for number in range(len(lines)):
        if _DELIMITER.fullmatch(lines[number]) and len(lines) - number <= _SIGNATURE_LINES:
            return number
    return None


def _footer(lines: Sequence[str]) -> int | None:
    """Where a mobile footer or disclaimer begins at the end of a text without a delimiter."""
    found = None
    blank_above = True
    for number in range(max(0, len(lines) - _SIGNATURE_LINES), len(lines)):
        line = lines[number]
        starts = len(line) < _FOOTER_LENGTH and _MOBILE.match(line) and len(lines) - number <= 6
        if starts or (blank_above and _DISCLAIMER.match(line)):
            found = number
            break
        blank_above = not line.strip() or bool(_RULE.fullmatch(line))
    while found and (not lines[found - 1].strip() or _RULE.fullmatch(lines[found - 1])):
        found -= 1
    return found


def _unquoted(lines: Sequence[str]) -> list[str]:
    """Lines with one sign of quotation taken off, where all of them carry it."""
    if any(line.strip() and not line.lstrip().startswith(">") for line in lines):
        return list(lines)
    return [_SIGN.sub("", line, count=1) for line in lines]
