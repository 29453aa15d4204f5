"""When one domain looks like another: the same name elsewhere, or a name made to be taken for it.

    SAME       mueller-bau.eu, müller-bau.de, muellerbau.at    for mueller-bau.de: the name, spelled or ending otherwise
    DISGUISED  rnueller-bau.de, mue11er-bau.de, Cyrillic „а“   looks the same on the screen (Unicode TR 39, confusables)
    MISTYPED   muellerbua.de, mueler-bau.de                    one slip of the finger; two in a long name
    EXTENDED   mueller-bau-service.de, bau-mueller.de          a word added, or the words in another order

Of short names little is said: they look like everything.
"""

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache

from rapidfuzz.distance import OSA

from rules.addresses import registrable

SHORTEST = 3
SHORTEST_KEY = 5
LONG = 11
WHOLE_WORD = 6
# What is put behind or before a firm's name to make another domain of it.
_ADDED = frozenset(
    """
    service services online shop web mail email office info support team group gruppe gmbh ag kg ltd inc portal kunden
    rechnung rechnungen buchhaltung invoice invoices billing account accounts accounting customer secure login net de at
    ch eu com
    """.split()
)
LONGEST = 63
_FIGURES, _NO_LETTERS = re.compile(r"\d"), re.compile(r"[\W\d_]")
_SHARP_S = re.compile(r"ss(?=.)")

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "œ": "oe"})
# Letters of other scripts that are drawn like Latin ones.
_SCRIPTS = str.maketrans("аеорсухіјѕԁһԛԝгкмтвнвαονρτυικεγϲı", "aeopcyxijsdhqwrkmtbhbaovptuikeyci")
# What reads alike in the fonts of mail programs; the order matters: pairs before single signs.
_ALIKE = (
    ("rn", "m"),
    ("vv", "w"),
    ("cl", "d"),
    ("cj", "g"),
    ("0", "o"),
    ("1", "l"),
    ("3", "e"),
    ("5", "s"),
    ("i", "l"),
)


class Resemblance(StrEnum):
    """How one domain resembles another."""

    SAME = "same"
    DISGUISED = "disguised"
    MISTYPED = "mistyped"
    EXTENDED = "extended"


@lru_cache(maxsize=20_000)
def name(domain: str) -> str:
    """What of a registrable domain its owner chose, umlauts written out: `xn--mller-kva.co.uk` → `mueller`."""
    own = registrable(domain) or domain
    label = own.split(".", 1)[0].lower()[:LONGEST]
    if label.startswith("xn--"):
        try:
            label = label.encode("ascii").decode("idna")
        except UnicodeError:
            return label
    return label.translate(_UMLAUTS)


def resemblance(domain: str, other: str) -> Resemblance | None:
    """How the one domain resembles the other; None when it does not, or when it is the other.

    Args:
        domain: where a mail comes from, with its subdomains: `mueller.de.mailer.example` and
            `mueller-de.mailer.example` show what they want to show.
        other: somebody's registrable domain.
    """
    own = registrable(domain)
    if own == registrable(other):
        return None
    front, shown = f".{domain}".removesuffix(own), f".{other}."
    if shown in front or _hyphened(shown) in _hyphened(front):
        return Resemblance.EXTENDED
    one, two = name(domain), name(other)
    plain, wanted = _joined(one), _joined(two)
    if not plain or not wanted:
        return None
    if plain == wanted or _loosely(plain) == _loosely(wanted):
        return Resemblance.SAME
    found = _seen_or_typed(skeleton(plain), skeleton(wanted))
    return Resemblance.EXTENDED if found is None and _extended(one, two) else found


def _seen_or_typed(one: str, two: str) -> Resemblance | None:
    shorter = min(len(one), len(two))
    if shorter < SHORTEST:
        return None
    if one == two:
        return Resemblance.DISGUISED
    slips = 2 if shorter >= LONG else 1
    return Resemblance.MISTYPED if OSA.distance(one, two, score_cutoff=slips) <= slips else None


def skeleton(text: str) -> str:
    """The text as it looks: signs that are easily taken for others become the same one (Unicode TR 39, 4)."""
    shown = text
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text.translate(_SCRIPTS))
        shown = "".join(sign for sign in apart if not unicodedata.combining(sign))
    for sign, alike in _ALIKE:
        shown = shown.replace(sign, alike)
    return shown


def slip_of(addr: str, other: str) -> bool:
    """Whether one mailbox differs from another of the same provider by one slip in its letters, dots left aside.

    Other figures are other people's ("maria.huber77", "maria.huber78"), and of short names little is said.
    """
    (local, _, domain), (wanted, _, provider) = addr.rpartition("@"), other.rpartition("@")
    if domain != provider or local == wanted or _FIGURES.findall(local) != _FIGURES.findall(wanted):
        return False
    one, two = (_NO_LETTERS.sub("", text[:LONGEST]) for text in (local, wanted))
    return min(len(one), len(two)) >= WHOLE_WORD and OSA.distance(one, two, score_cutoff=1) <= 1


def stored_key(domain: str) -> str:
    """The key under which a customer's domain is found by those that look like it; "" for too short a name."""
    plain = _joined(name(domain))
    return skeleton(plain) if len(plain) >= SHORTEST_KEY else ""


def looked_up(domain: str) -> Iterator[str]:
    """The keys of the domains that this one may look like.

    All with the same name or one that looks like it, those of which it is the beginning or the end with more to it,
    and those of which it has one letter too many or two exchanged. Other slips are found by whom the mail names.
    """
    label = name(domain)
    plain = _joined(label)
    if len(plain) < SHORTEST_KEY:
        return
    yield skeleton(plain)
    words = [word for word in label.split("-") if word]
    for cut in range(1, len(words)):
        for part in ("".join(words[:cut]), "".join(words[cut:])):
            if len(part) >= SHORTEST_KEY:
                yield skeleton(part)
    for place in range(len(plain)):
        yield skeleton(plain[:place] + plain[place + 1 :])
        if place:
            yield skeleton(plain[: place - 1] + plain[place] + plain[place - 1] + plain[place + 1 :])


def _hyphened(domain: str) -> str:
    return domain.replace(".", "-")


def _joined(label: str) -> str:
    return label.replace("-", "").replace("_", "")


def _loosely(label: str) -> str:
    """With umlauts as some write them: `ae` and `a` alike."""
    for written in ("ae", "oe", "ue"):
        label = label.replace(written, written[0])
    # "grosser" for "großer", but a letter doubled at the end is a slip.
    return _SHARP_S.sub("s", label)


def _extended(one: str, two: str) -> bool:
    """Whether one is the other with a word more, or has the same words in another order."""
    words, wanted = one.split("-"), two.split("-")
    if len(wanted) > 1 and sorted(words) == sorted(wanted):
        return True
    if len(words) > 1 and len(two) >= SHORTEST and two in words:
        return True
    long, short = _joined(one), _joined(two)
    if len(long) <= len(short):
        return False
    rest = long.removeprefix(short) if long.startswith(short) else long.removesuffix(short)
    return rest != long and (len(short) >= WHOLE_WORD or rest in _ADDED)
