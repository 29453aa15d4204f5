"""Sentences about third parties ("empfohlen von Frau X", "nicht mehr bei uns"): their names and numbers do not count.

Also the words by which writers say what they are not: no customer yet (`newcomer`), no longer with a firm (`left`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.cues import LONGEST_TEXT, Cues

_LONGEST_SENTENCE = 600
# A line that a program wrapped is longer than this; a shorter one ends by itself.
_WRAPPED = 50

# Within a sentence, over at most so many characters.
_SOME, _MORE = r"[^.!?\n]{0,30}?", r"[^.!?\n]{0,60}?"

_THIRD_PARTIES = Cues.of(
    # Who sent them here.
    (
        "empf|recommend|referr|advice",
        r"(?:weiter)?empfohlen|(?:weiter)?empfehlung|empfahl|recommend(?:ed|ation)|referr(?:ed|al)|on the advice of",
    ),
    (
        "nummer|adresse|kontakt|namen|number|address|details|name|contact",
        rf"(?:ihre?[nrs]?|your)\b{_SOME}(?:nummer|adresse|kontakt(?:daten)?|namen?|number|address|details"
        rf"|contact)\b{_SOME}"
        r"\b(?:von|durch|über|from|through|via)\b",
    ),
    ("aufmerksam|tipp|told", r"auf sie aufmerksam|tipp von|told (?:me|us) about you"),
    (
        "weitergeleitet|genannt|vermittelt|übermittelt|gegeben|forwarded|passed on|given",
        r"(?:von|durch) [^.!?\n]{2,60}?(?:weitergeleitet|genannt|vermittelt|übermittelt|gegeben)\b"
        r"|(?:forwarded|passed on|given) to (?:me|us) by",
    ),
    # Who is gone.
    (
        "nicht mehr|nicht länger|ausgeschieden|verlassen|ruhestand|rente|pension",
        r"nicht (?:mehr|länger) (?:bei|in|im|für|am|da|hier|zuständig|erreichbar|tätig|beschäftigt|angestellt)\b"
        r"|ausgeschieden"
        r"|(?:unternehmen|firma|haus|betrieb) verlassen|in (?:rente|pension|(?:den )?ruhestand)\b",
    ),
    (
        "no longer|left|retired|not with us",
        r"no longer (?:with|works?|employed|at|part|responsible|in)\b|(?:has|have|had) left|left (?:the"
        r"|our) (?:company|firm)"
        r"|retired\b|not with us any ?more",
    ),
    (
        "ehemalig|früher|frueher|former|vorher|zuvor|previously|bis vor kurzem",
        r"ehemalige[nrs]? (?:kolleg|mitarbeiter|chef|arbeitgeber|firma)"
        r"|früher(?:e[nrs]? (?:kolleg|mitarbeiter|arbeitgeber|firma)| (?:bei|für)\b)"
        r"|former (?:colleague|employe|company)|(?:vorher|zuvor|bis vor kurzem) (?:bei|für)\b|(?:previously"
        r"|formerly) (?:at|with)\b",
    ),
    ("zeit bei|time at|time with", r"(?:meiner|meine|my) (?:früheren |alten )?(?:zeit|time) (?:bei|at|with)\b"),
    # Whom else they or we work with.
    (
        "referen",
        rf"referenz(?:en|kund\w{{1,3}}|projekte?|objekte?|liste)?\s*:|references?\s*:|als referenz|as a reference"
        rf"|referenz(?:kunde|projekt|objekt|schreiben)?\b{_SOME}\b(?:bei|von|der|firma|wie)\b|reference (?:customer"
        rf"|project)",
    ),
    (
        "lieferant|partner|händler|dienstleister|supplier|reseller|distributor",
        r"(?:zu)?(?:lieferant|vertriebspartner|vertragshändler|händler|dienstleister|supplier|reseller|distributor"
        r"|partner)"
        r"(?:en)? (?:der|des|von|to|of)\b",
    ),
    (
        "partner|kunden|clients|customers|firmen|unternehmen|companies|vertrauen uns",
        r"(?:partner|kunden|clients|customers|firmen|unternehmen|companies) (?:wie|such as|like|include)\b"
        r"|unsere kunden\s*:"
        r"|trusted by|vertrauen uns",
    ),
    (
        "ihnen|euch|you",
        r"(?:auch|bereits|schon|ebenfalls|also|already) (?:\w+ ){0,2}(?:mit|bei|von|with|from) (?:ihnen|euch|you)\b"
        r"|(?:ist|is) (?:\w+ ){0,2}(?:kund\w{1,2} (?:bei|von) ihnen|(?:a )?customer of yours)",
    ),
    (
        "arbeit|kooperier|work|deal|cooperat",
        rf"(?:arbeiten?|kooperieren) (?:auch|sonst|bereits|bisher|schon|derzeit|aktuell|sehr gut|gut|eng"
        rf"|seit\b){_SOME}\bmit\b"
        r"|zusammenarbeit mit|we (?:also|already|currently|usually) (?:work|deal) with|(?:working|cooperating) with",
    ),
    (
        "vergleich|konkurren|bewerb|compar|competitor",
        r"im vergleich (?:zu|mit)|vergleichsangebot|konkurren[zt]|mitbewerb|wettbewerb|compared (?:to|with)|competitor",
    ),
    (
        "lieferant|anbieter|dienstleister|hersteller|händler|supplier|vendor|provider",
        r"(?:bisherige[nrs]?|andere[nrs]?|vorherige[nrs]?|alte[nrs]?|previous|other|current|old)"
        r" (?:lieferant|anbieter|dienstleister|hersteller|händler|supplier|vendor|provider)",
    ),
    (
        "nachbar|freund|bekannt|schwager|schwägerin|bruder|schwester|cousin|onkel|tante|kolleg|neighbo|friend|brother"
        "|sister"
        "|colleague",
        rf"(?:mein|unser)(?:e|en|em|er)? (?:nachbar|freund|bekannte|schwager|schwägerin|bruder|schwester|cousin"
        rf"|onkel|tante"
        rf"|kolleg)\w*\b{_MORE}\b(?:bei ihnen|ihr kunde|kundin|kunde)\b"
        rf"|(?:neighbou?r|friend|brother|sister|colleague)\b{_MORE}\b(?:your customer|customer of yours"
        rf"|bought from you)\b",
    ),
    # Likenesses and belongings that are easily taken for identity.
    (
        "wie ",
        r"wie (?:auch |schon |bereits |damals |zuletzt |neulich )?(?:bei|für|von) (?:der|dem|den|firma|familie"
        r"|herrn?|frau"
        r"|unsere[mr]|meine[mr])\b|wie (?:mein|unser)e? (?:kolleg|nachbar|freund|bekannte|schwager|bruder|schwester)"
        r"|wie (?:herr|frau|kolleg(?:e|in)) [^\W\d_]",
    ),
    (
        "like |same as|as at|as for|as with|as you did",
        r"like (?:at|for|you did (?:at|for))\b|as (?:you did )?(?:at|for|with) (?:the )?(?:company|firm|mr|mrs|ms)\b"
        r"|same as (?:at|for)\b",
    ),
    ("laut |according", r"laut (?:herrn?|frau|firma)\b|according to (?:mr|mrs|ms)\b"),
    (
        "gehör|gesellschaft|firma|unternehmen|konzern|company|subsidiary|gruppe|group|haus|gebäude|building|next door",
        r"gehör(?:en|t|e) (?:auch |ebenfalls |nun |jetzt |wie )?(?:zu[rm]?|der(?:selben)?)\b"
        r"|(?:schwester|mutter|tochter)(?:gesellschaft|firma|unternehmen|konzern)|(?:sister|parent) company"
        r"|subsidiary of"
        r"|(?:selben|gleichen|derselben|same) (?:gruppe|konzern|haus|gebäude|group|building)"
        r"|part of the [^.!?\n]{0,40}?group"
        r"|next door to",
    ),
    (
        "verwechseln|verwandt|identisch|zu tun|related|confused|affiliated",
        rf"nicht (?:zu verwechseln|verwandt|identisch) mit|nichts mit\b{_MORE}\bzu tun"
        r"|not (?:related|to be confused|affiliated) (?:to|with)",
    ),
)

_NEWCOMERS = Cues.of(
    (
        "kund",
        r"wie (?:werde|werden|kann|können|wird) (?:ich|wir|man) (?:\w+ ){0,2}kund\w+|\b(?:noch|bisher|bislang)"
        r" (?:kein|keine|nicht)\s?(?:\w+ ){0,2}kund(?:e|en|in|enkonto)\b|neukund\w*"
        r"|kunde (?:bei ihnen )?(?:zu )?werden",
    ),
    (
        "erst|noch ni|geschäftsbeziehung|kundennummer|kennen",
        r"erst(?:bestellung|auftrag|anfrage)\b|erstmals\b|noch (?:nie|nicht) (?:bei ihnen|etwas bei ihnen)"
        r"|(?:noch )?keine (?:geschäftsbeziehung|kundennummer)|kennen (?:uns|sie uns) noch nicht",
    ),
    ("gestoßen|aufmerksam", r"auf (?:sie|ihre? \w+) (?:gestoßen|aufmerksam)"),
    (
        "customer|order|bought|account|found you|came across",
        r"(?:new|first[- ]time|not (?:yet )?a|become a) customer|first order|(?:never|not) (?:ordered"
        r"|bought) (?:from you )?before"
        r"|open an account with you|(?:found|came across) (?:you|your (?:company|website))\b",
    ),
)

_LEAVERS = Cues.of(
    (
        "nicht mehr|nicht länger",
        rf"ich\b{_SOME}\bnicht (?:mehr|länger) (?:bei|für)\b[^.!?\n]{{2,80}}"
        r"|(?:bin|arbeite|war)(?: ich)? nicht (?:mehr|länger) (?:bei|für)\b[^.!?\n]{2,80}",
    ),
    ("zeit bei|time at|time with", r"(?:meiner|my) (?:früheren |alten )?(?:zeit|time) (?:bei|at|with)\b[^.!?\n]{2,80}"),
    (
        "i left|have left|i've left|no longer",
        r"i(?: have|'ve)? left\b[^.!?\n]{2,80}|i(?: am|'m)? no longer (?:with|at|work(?:ing)? (?:for|at)"
        r"|employed (?:by|at))\b"
        r"[^.!?\n]{2,80}",
    ),
)

_END = re.compile(r"[.!?:]+[\s\"“”)]{0,5}\n|[.!?]+[\s\"“”)]{1,5}(?=[^\W\d_a-zß-öø-ÿ]|\d)|\n")
_ABBREVIATED = re.compile(
    r"(?:\b(?:hr|fr|dr|prof|dipl|ing|nr|st|str|tel|bzw|ca|evtl|ggf|inkl|gebr|fa|mr|mrs|ms|no|co|inc|ltd|abs)"
    r"|\b\w)\.\s?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Cut:
    """A text whose sentences about third parties are blanked out, so that offsets stay; `spans` says where."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()


def cut(text: str) -> Cut:
    """Blank out the sentences that name third parties. Only the first 20,000 characters are looked at."""
    found = sorted(match.span() for match in _THIRD_PARTIES.matches(text))
    if not found:
        return Cut(text)
    spans: list[tuple[int, int]] = []
    pieces: list[str] = []
    done = number = 0
    for begin, end in sentences(text[:LONGEST_TEXT]):
        while number < len(found) and found[number][0] < begin:
            number += 1
        if number < len(found) and found[number][0] < end:
            spans.append((begin, end))
            pieces += [text[done:begin], _blank(text[begin:end])]
            done = end
    return Cut("".join([*pieces, text[done:]]), tuple(spans))


def newcomer(text: str) -> str | None:
    """The words by which the writer says that they are no customer yet; None where they do not."""
    return next((match.group() for match in _NEWCOMERS.matches(text)), None)


def left(text: str) -> str | None:
    """The words by which the writer says that they left a firm ("bin nicht mehr bei X"); None where they do not."""
    return next((match.group().strip() for match in _LEAVERS.matches(text)), None)


def _blank(sentence: str) -> str:
    return "\n".join(" " * len(line) for line in sentence.split("\n"))


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of a text begin and end; a line that was wrapped ends none, and a list's items are apart."""
    begin = 0
    for match in _END.finditer(text):
        if match.group() == "\n" and not _breaks(text, match.start()):
            continue
        if match.group().startswith(".") and _ABBREVIATED.search(text, max(0, match.start() - 12), match.start() + 1):
            continue
        yield from _pieces(begin, match.end())
        begin = match.end()
    yield from _pieces(begin, len(text))


def _breaks(text: str, at: int) -> bool:
    """Whether a line break ends a sentence: the line is too short to have been wrapped, is empty, or a list goes on."""
    short = at - (text.rfind("\n", max(0, at - _WRAPPED), at) + 1 or max(0, at - _WRAPPED)) < _WRAPPED
    return short or text.startswith(("-", "*", "•", "–", ">", "\n"), at + 1)


def _pieces(begin: int, end: int) -> Iterator[tuple[int, int]]:
    return ((at, min(at + _LONGEST_SENTENCE, end)) for at in range(begin, end, _LONGEST_SENTENCE))
