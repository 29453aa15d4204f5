"""What the subject of a mail says of the mails before it: the words that go on, and whether they tell enough."""

import re

from rules.phrases import quoting, subjects

# In front of the prefix stand names of lists and marks ("[extern] ***SPAM*** Re: "), behind it a count ("AW[2]:").
LEAD = r"\s*(?:\[[^\]]{1,30}\]\s*|\*{2,}[^*]{1,30}\*{2,}\s*){0,3}"
COUNTED = r"\.?\s?(?:[\[(^]\s?\d{1,3}\s?[\])]?)?\s?[:：]"
_REPLY = re.compile(rf"{LEAD}(?:{quoting.any_of(quoting.REPLY_PREFIXES)}){COUNTED}", re.IGNORECASE)
_BEFORE = re.compile(
    rf"(\[[^\]]{{1,80}}\]\s*|)(?:{quoting.any_of(quoting.REPLY_PREFIXES, quoting.FORWARD_PREFIXES)}){COUNTED}\s*",
    re.IGNORECASE,
)
# What programs put in front in whatever language: "[Ticket 4711]", "Resolved:", "Automatische Antwort:".
_LABEL = re.compile(r"(?:\[[^\]]{1,80}\]|[^\s:：\[\]]{1,20}(?:\s[^\s:：]{1,20})?\s?[:：])\s*")
_LONGEST = 500
_WORD = re.compile(r"[^\W\d_]{3,}")
# Numbers of orders and the like; years are none.
_NUMBER = re.compile(r"\d{4,}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_COMMON = frozenset(word for row in subjects.COMMON.values() for word in row.split())
_TELLING_WORDS = 2


def base(subject: str) -> str:
    """The subject as it goes on from mail to mail: without prefixes, in one spelling."""
    text = " ".join(subject[:_LONGEST].casefold().split())
    while found := _BEFORE.match(text):
        text = found[1] + text[found.end() :]
    return text


def goes_on(before: str, subject: str) -> bool:
    """Whether two subjects are one, whatever programs put in front of it."""
    one, other = base(before), base(subject)
    return one == other or _unlabelled(one) == _unlabelled(other) != ""


def is_reply(subject: str) -> bool:
    """Whether a subject says of itself that its mail answers another."""
    return bool(_REPLY.match(subject))


def telling(subject: str) -> bool:
    """Whether two mails between the same people that share this base of a subject speak of the same thing.

    "Anfrage" tells nothing, "Anfrage Treppengeländer Lindenhof" and "Rechnung 260417" do.
    """
    if any(not _YEAR.fullmatch(number) for number in _NUMBER.findall(subject)):
        return True
    return len(set(_WORD.findall(subject)) - _COMMON) >= _TELLING_WORDS


def _unlabelled(subject: str) -> str:
    position = 0
    while found := _LABEL.match(subject, position):
        position = found.end()
    return subject[position:]
