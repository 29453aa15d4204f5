"""Which header each of several labelled lines shows, where no table knows their language: by values and their order.

Mail programs show the header of a mail that they quote or forward in a few orders, the same in every language:

    Outlook, K-9              from, date, to, (cc,) subject
    Gmail, HubSpot, Missive   from, date, subject, to
    Apple Mail                from, subject, date, to
    Thunderbird               subject, date, from, to
    Yahoo, IONOS              from, to, (cc,) date, subject
    GMX, WEB.DE               date, from, to, subject
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rules.phrases import labels

_ADDRESSED = re.compile(r"[\w'+.-]@[\w-]+\.\w")
# With its writer's name, as no form shows it: "Erika Muster <erika@…>", "erika@… [mailto:…]".
_NAMED = re.compile(r"[<\[(](?:mailto:)?[^\s<>@]{1,100}@[\w.-]{1,200}[>\])]")
_DAY = re.compile(r"\d{4}|\w{1,9}[./-]\s?\w{1,9}[./-]\s?\d{2}")
TIME = re.compile(
    r"(?<!\d)\d{1,2}[:h]\d{2}(?!\d)|(?<![\d.])\d{1,2}\.\d{2}(?![\d.])|\b(?:kl|klo|kell|alle|ob|o)\.?\s\d{1,2}\.\d{2}"
    r"|[午오时時点]"
)
_PREFIXES = re.compile(r"(?:\s*(?:[^\s:：]{1,20}(?:\s[^\s:：]{1,20})?\s?[:：]|\[[^\]]{1,30}\]))+\s*")
FEWEST, MOST = 3, 9
_LONGEST_DATE, _LONGEST_PREFIXES = 80, 100


@dataclass(frozen=True, slots=True)
class Shown:
    """A labelled line: its header where a table knows the label, and its value."""

    kind: str | None
    value: str


@dataclass(frozen=True, slots=True)
class Ordered:
    """Headers as shown from above to below. `certain`: no form or list looks like that, whatever stands above it."""

    values: dict[str, str]
    certain: bool


def by_order(shown: Sequence[Shown], subject: str) -> Ordered | None:
    """The headers that labelled lines show; None where their values and order are not those of a mail.

    Args:
        shown: neighbouring lines in their order, from FEWEST to MOST.
        subject: of the mail in which they stand; a mail answered or passed on has it too, behind a prefix.
    """
    date = _first(number for number, line in enumerate(shown) if _is_date(line))
    addressed = [number for number, line in enumerate(shown) if _ADDRESSED.search(line.value)]
    if date is None:
        return None
    sender = _sender(shown, date, addressed)
    titles = [number for number in range(len(shown)) if number not in (date, sender, *addressed)]
    same = _first(number for number in titles if repeats(subject, shown[number].value))
    title = _first(number for number, line in enumerate(shown) if line.kind == labels.SUBJECT)
    if title is None:
        title = same if same is not None else _title(shown, date, titles, addressed)
    if sender is None or title is None or len({sender, date, title}) < FEWEST:
        return None
    if 0 not in (sender, date, title) or not shown[0].value:
        # No program begins with the receivers: a sentence with a colon stands above.
        return None
    kinds = {sender: labels.FROM, date: labels.DATE, title: labels.SUBJECT}
    values: dict[str, str] = {}
    for number, line in enumerate(shown):
        values.setdefault(kinds.get(number, labels.TO), line.value)
    named = len(shown) > FEWEST and bool(_NAMED.search(shown[sender].value))
    return Ordered(values, certain=same is not None or named)


def repeats(subject: str, value: str) -> bool:
    """Whether a value is the mail's own subject without the prefix of an answer or a forward, in any language."""
    ours, theirs = " ".join(subject.casefold().split()), " ".join(value.casefold().split())
    if len(theirs) < 3 or not ours.endswith(theirs):
        return False
    # Without a prefix it is what a form repeats.
    return bool(_PREFIXES.fullmatch(ours[: len(ours) - len(theirs)][-_LONGEST_PREFIXES:]))


def _first(numbers: Iterable[int]) -> int | None:
    return next(iter(numbers), None)


def _is_date(line: Shown) -> bool:
    value = line.value[:_LONGEST_DATE]
    if line.kind not in (None, labels.DATE) or "@" in value:
        return False
    return bool(_DAY.search(value) and TIME.search(value))


def _sender(shown: Sequence[Shown], date: int, addressed: Sequence[int]) -> int | None:
    known = _first(number for number, line in enumerate(shown) if line.kind == labels.FROM)
    if known is not None:
        return known
    first = addressed[0] if addressed else None
    if first is not None and first <= 1:
        return first
    if date == 1 and first == 2 and (len(addressed) > 1 and addressed[1] == first + 1):
        # Thunderbird: the subject and the date stand above both.
        return first
    # Within a firm Outlook shows names alone.
    return 0 if date == 1 else None


def _title(shown: Sequence[Shown], date: int, titles: Sequence[int], addressed: Sequence[int]) -> int | None:
    """The subject among the lines without date and address."""
    if len(titles) < 2 or 1 not in titles:
        return titles[-1] if titles else None
    # Apple Mail: below the writer, above date and receivers.
    return 1 if date == 2 and len(shown) - 1 in addressed else titles[-1]
