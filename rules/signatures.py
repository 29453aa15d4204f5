"""Where a mail's text ends and its signature begins: delimiter, farewell, company data, footers, disclaimers.

Works from the end upwards, on a bounded number of lines:

    text                                  stays
    Vielen Dank im Voraus                 stays: said to the reader
    Mit freundlichen Grüßen               signature from here
    i. A. Erika Mustermann
    Muster GmbH · Tel. … · HRB …
    PS: Die Rechnung kommt mit der Post.  stays: new again
    Von meinem iPhone gesendet            signature
    Diese E-Mail enthält …                signature
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from rules.phrases import endings


def _rows(table: dict[str, str]) -> str:
    return "|".join(table.values())


_DELIMITER = re.compile(r"[\s>]?(?:--|—|–)\s{0,3}")
_RULE = re.compile(r"\s*(?:[-_=*~—–─#]\s?){3,}")
_RULE_SIGNS = frozenset("-_=*~—–─#")
_FAREWELL = re.compile(rf"[\s*_~]*(?:{_rows(endings.FAREWELLS)})", re.IGNORECASE)
_PLACE_OF_FAREWELL = re.compile(r"\s+(?:aus|vom|von|nach|in die|from)\s+(?:\w[\w./-]*\s?){1,5}", re.IGNORECASE)
_THANKS = re.compile(rf"[\s*_]*(?:{endings.THANKS})[\s,.!;:)-]*", re.IGNORECASE)
_FOOTER = re.compile(rf"[\W_]{{0,20}}(?:{_rows(endings.FOOTERS)})[\s.!)\]>*_-]*", re.IGNORECASE)
_DISCLAIMER = re.compile(rf"[\W_]{{0,20}}(?:{_rows(endings.DISCLAIMERS)})", re.IGNORECASE)
_LEGAL = re.compile(endings.LEGAL, re.IGNORECASE)
_CONTACT = re.compile(rf"(?<![\w@.])(?:{endings.CONTACT})", re.IGNORECASE)
_REGISTER = re.compile(endings.REGISTER, re.IGNORECASE)
_FIRM = re.compile(endings.FIRM, re.IGNORECASE)
_PLACE = re.compile(endings.PLACE, re.IGNORECASE)
_POSTSCRIPT = re.compile(rf"\s*(?:{endings.POSTSCRIPT})(?:\s*[:.,-]|\s)", re.IGNORECASE)
_NAME = re.compile(
    r"[\s*_]*(?:(?:i\.? ?[AVT]\.?|ppa\.?|gez\.?|Ihre?|Euer|Eure|Dein|Deine|Your|Team|Dr\.?|Prof\.?|Dipl\.?-?\w*\.?"
    r"|Mag\.?|Ing\.?|Herr|Frau|Familie|Fam\.?|[Dd]as|vom|von|van|de|der|den|zu|und|u\.|&|\+|Team)[\s,]+){0,4}"
    r"[^\W\d_a-zß-öø-ÿ][\w.'’-]*(?:,?\s+(?:von|van|de|der|den|zu|und|u\.|&|[^\W\d_a-zß-öø-ÿ(][\w.'’)-]*)){0,5}[\s,.!*_]*"
)
_SMALL_NAME = re.compile(r"(?!an\b|to\b|for\b|für\b|bei\b|in\b)[^\W\d_]{2,}(?: (?:und|u\.|&) [^\W\d_]{2,})?")
_DASHED_NAME = re.compile(r"\s{0,3}[-–—/~]{1,2}\s?[^\W\d_a-zß-öø-ÿ][\w.'’-]*(?:\s[^\W\d_a-zß-öø-ÿ][\w.'’-]*){0,2}\s*")
_ITEM = re.compile(r"\s*(?:[-–—*•·/]|\d{1,3}[.)])\s*\S")
_WORD = re.compile(r"[^\W\d_]{2,}")
_SIGNATURE_LINES, _LONGEST_LINE, _NAME_LENGTH, _FOOTER_LENGTH, _DATA_LENGTH = 60, 300, 60, 160, 200
_MOST_DELIMITED = 40
# What one look says of a short line serves the next: each ending that is found has the lines looked at again.
_remembered = lru_cache(maxsize=1000)


def without_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines that say something, and the lines of the signature with footers and disclaimers, in their order."""
    first = max(0, len(lines) - _SIGNATURE_LINES)
    text, signature = _trimmed(lines[first:]), list[str]()
    # A telephone's footer below the firm's data below a farewell: each uncovers the next.
    while (found := _ending(text)) is not None:
        begin, end = found
        signature = [line for line in text[begin:end] if not _DELIMITER.fullmatch(line)] + signature
        text = _trimmed(text[:begin] + text[end:])
    return lines[:first] + text, signature


def _ending(lines: Sequence[str]) -> tuple[int, int] | None:
    """The lines of the first ending that is found; there is at least one in what comes back."""
    for ending in (_disclaimer, _footer, _delimiter, _farewell, _contact_data, _dashed_name):
        found = ending(lines)
        if found is not None:
            return found
    return None


def _trimmed(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and (not lines[end - 1].strip() or _is_rule(lines[end - 1])):
        end -= 1
    return lines[:end]


def _is_rule(line: str) -> bool:
    return line.lstrip()[:1] in _RULE_SIGNS and bool(_RULE.fullmatch(line[:_LONGEST_LINE]))


def _delimiter(lines: Sequence[str]) -> tuple[int, int] | None:
    """From the line of two dashes above a signature (RFC 3676, 4.3)."""
    for number in range(max(0, len(lines) - _MOST_DELIMITED), len(lines)):
        if len(lines[number]) < 8 and _DELIMITER.fullmatch(lines[number]):
            return number, len(lines)
    return None


def _disclaimer(lines: Sequence[str]) -> tuple[int, int] | None:
    """Everything from a disclaimer on that stands below something said."""
    blank_above = said = False
    for number, line in enumerate(lines):
        if blank_above and said and _DISCLAIMER.match(line[:_LONGEST_LINE]) and _is_legal(lines, number):
            return _with_rules_above(lines, number), len(lines)
        blank_above = not line.strip() or _is_rule(line)
        said = said or not blank_above
    return None


def _footer(lines: Sequence[str]) -> tuple[int, int] | None:
    """A telephone's footer in the last lines, nothing but data below it."""
    for number in range(max(0, len(lines) - 6), len(lines)):
        line = lines[number]
        if len(line) >= _FOOTER_LENGTH or not line.strip() or not _is_footer(line):
            continue
        if all(_is_data(below) or not below.strip() for below in lines[number + 1 :]):
            return _with_rules_above(lines, number), len(lines)
    return None


@_remembered
def _is_footer(line: str) -> bool:
    return bool(_FOOTER.fullmatch(line))


def _with_rules_above(lines: Sequence[str], number: int) -> int:
    while number and (not lines[number - 1].strip() or _is_rule(lines[number - 1])):
        number -= 1
    return number


def _is_legal(lines: Sequence[str], number: int) -> bool:
    return any(_LEGAL.search(line[:_LONGEST_LINE]) for line in lines[number : number + 4])


def _farewell(lines: Sequence[str]) -> tuple[int, int] | None:
    """From the last formula of farewell on, as long as what follows can be a signature."""
    for number in range(len(lines) - 1, -1, -1):
        if len(lines[number]) <= _NAME_LENGTH + 40 and _is_farewell(lines[number]):
            return number, _end_of_signature(lines, number + 1)
    return None


@_remembered
def _is_farewell(line: str) -> bool:
    match = _FAREWELL.match(line)
    if match is None:
        return False
    place = _PLACE_OF_FAREWELL.match(line, match.end())
    rest = line[place.end() if place else match.end() :].strip(" \t,.!;:-–*_~)/")
    if not rest or (len(rest) <= _NAME_LENGTH and _NAME.fullmatch(rest)):
        return True
    # "lg steffi": who writes everything small writes the name small.
    return len(rest) <= 20 and bool(_SMALL_NAME.fullmatch(rest))


def _end_of_signature(lines: Sequence[str], begin: int) -> int:
    """Where something is said again behind a farewell; the number of lines when nothing is."""
    data = False
    for number in range(begin, len(lines)):
        line = lines[number]
        if not line.strip():
            continue
        if _POSTSCRIPT.match(line):
            return number
        if _is_data(line):
            data = True
        elif not data and _is_sentence(line):
            # Sentences below company data are the firm's advertisement; above them somebody goes on writing.
            return number
    return len(lines)


def _contact_data(lines: Sequence[str]) -> tuple[int, int] | None:
    """The last paragraphs, when a name stands above means of contact and no farewell above the name."""
    begin, strong = len(lines), 0
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number]
        if strong and _is_rule(line):
            break
        if not line.strip() or _is_rule(line):
            continue
        if _is_data(line):
            strong += bool(_CONTACT.search(line[:_DATA_LENGTH]) or _REGISTER.search(line[:_DATA_LENGTH]))
        elif not _is_name(line):
            break
        begin = number
    if begin == 0 and lines and lines[0].rstrip().endswith((".", "!", "?")):
        # "Passt." is no name, though it looks like one.
        begin = 1
    while begin < len(lines) and not (_NAME.fullmatch(lines[begin]) or _FIRM.search(lines[begin][:_LONGEST_LINE])):
        begin += 1
    if begin == 0 or begin >= len(lines) - 1:
        return None
    ruled = bool(lines[begin - 1].strip()) and _is_rule(lines[begin - 1])
    if strong < (1 if ruled else 2):
        return None
    above = _said_above(lines, begin)
    # Below a colon data are told, not signed with ("Unsere neue Anschrift:"); and a list is a list.
    apart = above < begin - 1 or ruled or _THANKS.fullmatch(lines[above])
    told = lines[above].rstrip().endswith(":") or not lines[above].strip()
    return (begin, len(lines)) if apart and not told else None


def _is_name(line: str) -> bool:
    """Whether a line names somebody, rather than thanking or introducing what stands below it."""
    if len(line) > _NAME_LENGTH or line.rstrip().endswith(":"):
        return False
    return bool(_NAME.fullmatch(line)) and not _THANKS.fullmatch(line)


def _said_above(lines: Sequence[str], number: int) -> int:
    """The nearest line above that is not empty; the first one when there is none."""
    above = number - 1
    while above > 0 and not lines[above].strip():
        above -= 1
    return above


def _dashed_name(lines: Sequence[str]) -> tuple[int, int] | None:
    """A name behind a dash or stroke, with an address below it at most; the last item of a list is none."""
    for number in range(len(lines) - 1, max(0, len(lines) - 4), -1):
        line = lines[number]
        if len(line) <= 40 and _DASHED_NAME.fullmatch(line):
            above = _said_above(lines, number)
            listed = _ITEM.match(lines[above][:40]) or lines[above].rstrip().endswith(":")
            return None if above == number - 1 or listed or not lines[above].strip() else (number, len(lines))
        if line.strip() and not _is_data(line):
            return None
    return None


def _is_data(line: str) -> bool:
    """Whether a line tells how to reach somebody, or what the law wants a firm to tell."""
    return _holds_data(line[:_DATA_LENGTH])


@_remembered
def _holds_data(line: str) -> bool:
    return bool(_CONTACT.search(line) or _REGISTER.search(line) or _FIRM.search(line) or _PLACE.search(line))


def _is_sentence(line: str) -> bool:
    """Whether somebody speaks in this line, rather than being named in it."""
    words = _WORD.findall(line[:_LONGEST_LINE])
    if len(words) >= 9:
        return True
    small = sum(word[0].islower() for word in words)
    return (len(words) >= 3 and small >= 2 and line.rstrip().endswith((".", "!", "?", ":", ","))) or (
        len(words) >= 5 and small >= 3
    )
