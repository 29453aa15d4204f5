"""Header lines that stand in one line behind a forward mark, as Yahoo sets them, each on its own."""

import re
from collections.abc import Sequence

from rules.header_blocks import MARK, label_of
from rules.phrases import labels

_GLUED = re.compile(r"(\s*-{2,}[^-]{1,80}-{2,})\s+(\S.*)")
_CASED = "|".join(sorted((re.escape(word) for word in labels.ORIGINAL_CASE if len(word) > 1), key=len, reverse=True))
_SUBJECTS = "|".join(sorted((re.escape(word) for word in labels.SUBJECT_CASE), key=len, reverse=True))
_GLUE = re.compile(
    rf"(?=(?<![-\w])(?:{_CASED})\s?[:：]\s)|(?<=[>\w])(?=(?:{_CASED})\s?[:：]\s)"
    # Yahoo forgets the colon in some languages.
    rf"|(?<=[A-Z])(?=(?:{_SUBJECTS})\s)"
)
# A label directly behind an address, a zone or a number, whatever its language.
_GLUE_UNKNOWN = re.compile(
    r"(?:(?<=>)|(?<=\d)|(?<=[A-Z]{2}))"
    r"(?=[^\W\d_a-zß-öø-ÿ][^\W\d_A-Z][^\W\d_]{0,20}(?:\s[^\W\d_]{1,12})?\s?[:：]\s)"
)
_UNCOLONED = re.compile(rf"({_SUBJECTS})\s+(?![:：])(.*)")
_GLUED_LENGTH = 1000


def unglued(lines: Sequence[str]) -> list[str]:
    """The lines, with a forward mark and the headers behind it (Yahoo sets them into one line) each on its own."""
    out: list[str] = []
    for line in lines:
        match = _GLUED.match(line) if "--" in line and len(line) < _GLUED_LENGTH else None
        if match is None:
            out.append(line)
            continue
        pieces = [piece for piece in _GLUE.split(match.group(2)) if piece.strip()]
        if MARK.search(match.group(1)) or sum(label_of(piece) is not None for piece in pieces) > 2:
            out += [match.group(1), *(_UNCOLONED.sub(r"\1: \2", piece, count=1) for piece in pieces)]
            continue
        pieces = _GLUE_UNKNOWN.split(match.group(2))
        out += [match.group(1), *pieces] if len(pieces) > 2 else [line]
    return out
