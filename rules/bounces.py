"""Which mail says that another one did not arrive, whom that one did not reach, and why.

Mail servers say it in fields for programs (RFC 3464), in headers of their own, or in one of many free forms. All are
read; none of them is a customer's word.
"""

import re
from collections.abc import Iterator

from rules.terms.mail import Bounce, Message

_DAEMON = re.compile(
    r"(?:mailer-?daemon|mdaemon|mail-?daemon|post[_-]?master|mailsystem|mail\.?delivery\S{0,20})", re.IGNORECASE
)
_DAEMON_NAME = re.compile(r"mail(?:er)?[ -]?(?:daemon|deliver|administrator|system)|postmaster", re.IGNORECASE)
_SUBJECT = re.compile(
    r"undeliver|delivery (?:status|failure|has failed|problem|notification|report|incomplete)|mail delivery"
    r"|(?:returned|rejected) (?:(?:e-?)?mail|to sender)|fail(?:ed|ure) (?:delivery|notice)|failed mail|nondeliverable"
    r"|could not (?:be delivered|send)|not delivered|delayed mail|warning: (?:message|could not)|mail (?:error|system)"
    r"|error sending your mail|unzustellbar|nicht zustellbar|zustellung.{0,30}(?:fehl|nicht)|benachrichtung zum"
    r"|échec de la remise|non remis|no se puede entregar|impossibile recapitare|onbestelbaar|niet bezorgd",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"(?:could|can|was|were|has|have|is|will)(?: ?n[o']t| now not)(?: yet)?(?: be| been)?(?: able to)? deliver"
    r"|(?:unable|failed|impossible) to deliver|trouble delivering|error(?: occurred)?(?: while trying to)? deliver"
    r"|delivery (?:to|of|for) .{1,80}(?:failed|delayed)|did not (?:reach|receive)|(?:could|can)not be reached"
    r"|had (?:permanent|transient|delivery|fatal).{0,20} errors|returned to (?:the )?sender|rejected recipient"
    r"|user unknown|unknown (?:user|recipient)|(?:invalid|no such) (?:user|recipient|address|mailbox)"
    r"|mailbox (?:is full|full|exceeds|unavailable|not found)|quota exceeded|recipient.{0,20}not recognized"
    r"|(?:konnte|kann|wurde)\b.{0,80}\bnicht .{0,20}(?:zugestellt|ausgeliefert|übermittelt)|unzustellbar"
    r"|(?:zustellung|übermittlung)\b.{0,80}(?:fehlgeschlagen|nicht möglich)|empfänger.{0,40}(?:unbekannt|existiert)"
    r"|postfach.{0,40}(?:voll|nicht verfügbar|nicht vorhanden)|n'a pas (?:pu être|été) (?:remis|distribu)"
    r"|no se (?:ha podido|pudo|puede) entregar|non (?:è stato|può essere) (?:possibile )?(?:consegn|recapit)"
    r"|niet (?:worden )?(?:bezorgd|afgeleverd)|配信できません|送信できません|届けることができません",
    re.IGNORECASE,
)
# Amazon's notices are JSON for programs.
_JSON = re.compile(r'\s*\{.{0,200}?"(?:notification|event)Type"\s*:\s*"Bounce"', re.DOTALL)
_JSON_WHOM = re.compile(r'"emailAddress"\s*:\s*"([^"\s]{3,320})"')
_JSON_WHY = re.compile(r'"diagnosticCode"\s*:\s*"((?:[^"\\]|\\.){1,400}+)')

# Where the words of the server end and those of the returned mail begin.
_RETURNED = re.compile(
    r"^\s{0,3}(?:-{2,}[^\n]{0,60}(?:original|below|enclosed|header|unsent|returned|copy|included)"
    r"|(?:message headers|original message)[^\n]{0,20}follow|(?:received|return-path|dkim-signature) ?:)",
    re.IGNORECASE | re.MULTILINE,
)
_ADDRESS = r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}"
_OWN_LINE = re.compile(
    rf"^[ \t>*•-]*[\"'<]{{0,2}}({_ADDRESS})[\"'>]{{0,2}}(?=\s*$|[ \t]*[:\[(<]| on \d|[ \t]+[A-Z])", re.MULTILINE
)
_IN_SENTENCE = re.compile(
    rf"(?:rcpt to|recipient|empfänger|address|adresse|user|to|an|for|size)\b[^\n@<]{{0,20}}[:< \"']({_ADDRESS})",
    re.IGNORECASE,
)
_REPLY = re.compile(r"(?<![\d.])[45]\d\d[ -#:]{1,3}(?=\S)[^\n]{3,}|\b[45]\.\d\.\d{1,3}\b[^\n]{3,}")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,2}\.\d{1,3})(?![\d.])")
# To whom a returned mail had been sent, where nothing else says it.
_SENT_TO = re.compile(rf"^to[ \t]{{0,3}}:[^\n@]{{0,100}}?({_ADDRESS})", re.IGNORECASE | re.MULTILINE)
# Some write a space before the colon.
_FIELD = re.compile(r"^([A-Za-z][A-Za-z-]{2,40})[ \t]{0,3}:[ \t]*(.*(?:\n[ \t]+\S.*){0,20})", re.MULTILINE)
_DELAY = re.compile(
    r"delayed|deferred|warning only|will be (?:retried|re-?tried)|not yet been delivered|still (?:be )?try"
    r"|will (?:keep|continue|try)|verzöger|weiterhin versucht",
    re.IGNORECASE,
)
_READ = 20_000
_LONGEST_REASON = 300
_MOST_RECIPIENTS = 50


def is_bounce(message: Message) -> bool:
    """Whether a mail server says that a mail did not arrive, or not yet."""
    actions = {value.lower() for name, value in _fields(message.report) if name == "action"}
    if actions:
        # A report may also say that all went well (RFC 3464, 2.3.3).
        return bool(actions & {"failed", "delayed"}) or not actions & {"delivered", "relayed", "expanded"}
    content_type = message.headers.get("content-type", "").lower()
    if "x-failed-recipients" in message.headers:
        return True
    if content_type.startswith("multipart/report") and "delivery-status" in content_type:
        return True
    if any(attachment.content_type == "message/delivery-status" for attachment in message.attachments):
        return True
    if from_daemon(message) or message.headers.get("return-path", "x").strip() in ("<>", ""):
        return bool(_SUBJECT.search(message.subject) or _WORDS.search(_own_words(message.text)[:3000]))
    return bool(_JSON.match(message.text))


def from_daemon(message: Message) -> bool:
    """Whether the sender is the part of a mail server that speaks for it."""
    local = message.sender.addr.partition("@")[0]
    return bool(_DAEMON.fullmatch(local or message.sender.name) or _DAEMON_NAME.match(message.sender.name))


def bounce_of(message: Message) -> Bounce:
    """Whom the returned mail did not reach and why, as far as the server says."""
    # A mail that came apart on its way shows the fields as text.
    fields = _fields(message.report) or _fields(message.text[:_READ])
    words = _own_words(message.text)
    if _JSON.match(message.text):
        why = _JSON_WHY.search(message.text[:_READ])
        reason, whom = why[1] if why else "", dict.fromkeys(_JSON_WHOM.findall(message.text[:_READ]))
    else:
        reason = _stated_reason(fields) or _reason_in(words)
        whom = _stated_recipients(fields) or _recipients_in(message, words)
    actions = {value.lower() for name, value in fields if name == "action"}
    stated = [value for name, value in fields if name == "status"]
    code = _STATUS.search(" ".join(stated)) or _STATUS.search(reason) or _STATUS.search(words)
    delayed = "delayed" in actions if actions else bool(_DELAY.search(f"{message.subject}\n{words[:3000]}"))
    return Bounce(
        recipients=tuple(whom)[:_MOST_RECIPIENTS],
        reason=reason[:_LONGEST_REASON],
        status=code[1] if code else "",
        permanent=not delayed or "failed" in actions,
    )


def _own_words(text: str) -> str:
    """What the server itself says, without the mail that it returns."""
    text = text[:_READ]
    returned = _RETURNED.search(text)
    # A mark at the very top leaves nothing to read: then all of it is.
    return text[: returned.start()] if returned and text[: returned.start()].strip() else text


def _fields(report: str) -> list[tuple[str, str]]:
    return [(found[1].lower(), " ".join(found[2].split())) for found in _FIELD.finditer(report)]


def _stated_recipients(fields: list[tuple[str, str]]) -> dict[str, None]:
    """The recipients of a report: as the author wrote them where that is stated, else as they were tried at last."""
    found: dict[str, None] = {}
    for wanted in ("original-recipient", "final-recipient"):
        for name, value in fields:
            addr = value.rpartition(";")[2].strip().strip("<>\"' ")
            if name == wanted and "@" in addr:
                found[addr] = None
        if found:
            break
    return found


def _stated_reason(fields: list[tuple[str, str]]) -> str:
    return next((value.partition(";")[2].strip() or value for name, value in fields if name == "diagnostic-code"), "")


def _recipients_in(message: Message, words: str) -> dict[str, None]:
    """The addresses that the server's words name as failed; never those of the one who is told."""
    told = {person.addr.lower() for person in (message.sender, *message.recipients)}
    in_header = re.findall(_ADDRESS, message.headers.get("x-failed-recipients", "")[:_READ])
    returned = message.text[len(words) : _READ]
    for found in (
        iter(in_header),
        _matches(_OWN_LINE, words),
        _matches(_IN_SENTENCE, words),
        _matches(_SENT_TO, returned or words),
    ):
        addresses = dict.fromkeys(addr for one in found if (addr := one.strip(".'")).lower() not in told)
        if addresses:
            return addresses
    return {}


def _matches(pattern: re.Pattern[str], words: str) -> Iterator[str]:
    return (found[1] for found in pattern.finditer(words))


def _reason_in(words: str) -> str:
    """The first line with a reply of SMTP, from its code on; else the line that says it in words."""
    reply = _REPLY.search(words)
    if reply:
        return " ".join(reply[0].split())
    said = _WORDS.search(words)
    if not said:
        return ""
    start = words.rfind("\n", 0, said.start()) + 1
    end = words.find("\n", said.end())
    return " ".join(words[start : end if end >= 0 else None].split())
