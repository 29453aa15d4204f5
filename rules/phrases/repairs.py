"""The words by which people say that a record is no longer right, in German and English."""

import re

from rules.cues import Cues

GONE = Cues.of(
    (
        "nicht mehr|nicht länger|ausgeschieden|verlassen|ruhestand|rente|pension|no longer|left|retired|not with us",
        r"nicht (?:mehr|länger) (?:bei uns|bei der|im (?:haus|unternehmen|team|betrieb)|für (?:uns|die firma)"
        r"|in unserem|in der firma|tätig|beschäftigt|angestellt|zuständig)"
        r"|ausgeschieden|(?:unternehmen|firma|haus|betrieb|uns) (?:\w{1,20} ){0,4}verlassen"
        r"|in (?:rente|pension|(?:den )?(?:wohlverdienten )?ruhestand)"
        r"|no longer (?:with|works?|working|employed|at)\b|(?:has|have) left\b|left (?:the|our) (?:company|firm)"
        r"|(?:has|have|is) retired|not with us any ?more",
    ),
)
CALLED = re.compile(
    r"\b(?P<form>Herrn?|Frau|Hr\.|Fr\.|Mr\.?|Mrs\.?|Ms\.?) (?:(?:Dr|Prof)\. ){0,2}"
    r"(?P<name>[A-ZÀ-Ý][\w'’-]{1,30}(?: [A-ZÀ-Ý][\w'’-]{1,30})?)"
    r"|\b(?P<bare>[A-ZÀ-Ý][\w'’-]{1,30} [A-ZÀ-Ý][\w'’-]{1,30})"
)
INSTEAD = Cues.of(
    (
        "nachfolg|ansprechpartner|wenden|künftig|ab sofort|stattdessen|übernimmt|übernommen|bitte an"
        "|contact|successor|replac|instead|takes over|taken over|took over",
        r"nachfolger(?:in)?|(?:neue[rn]? )?ansprechpartner(?:in)?|wenden sie sich|bitte an|ab sofort an|künftig an"
        r"|stattdessen|übernimmt|übernommen"
        r"|please contact|contact person|successor|replaced by|replacement|instead|tak(?:es|en) over|took over",
    ),
)
MOVED = Cues.of(
    (
        "umgezogen|umzug|ziehen um|neue anschrift|neue adresse|neuen räum|neue geschäftsadresse|neuer standort"
        "|moved|moving|new address|relocat",
        r"umgezogen|umzug|(?:wir|ich) ziehen? (?:\w{1,20} ){0,3}um|neuen räumlichkeiten|neuer standort"
        r"|neue[nr]? (?:post|geschäfts|firmen)?(?:anschrift|adresse)"
        r"|(?:we|i)(?: have|'ve)? moved|(?:we|i)(?: are|'re) moving|new (?:postal |office )?address|relocat(?:ed|ing)",
    ),
)
STREET = re.compile(
    r"(?=.{4,60}$)[^\W\d_][^\n\d]{2,50} \d{1,4} ?[a-zA-Z]?(?:[-/]\d{1,4})?|\d{1,4}[a-z]? [A-Z][^\n\d]{3,50}"
)
NEW_EMAIL = Cues.of(
    (
        "neue|neuen|geändert|ab sofort|new|changed",
        r"neue[nr]? (?:e-?mail|mail)[ -]?adresse|(?:e-?mail|mail)[ -]?adresse (?:\w{1,20} ){0,4}geändert"
        r"|ab sofort unter"
        r"|new (?:e-?mail|mail)(?: address)?|(?:e-?mail|mail)(?: address)? (?:\w{1,20} ){0,3}changed",
    ),
)
