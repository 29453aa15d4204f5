"""Who or what wrote a mail: a person, or one of the many kinds of machine. Headers first, then words."""

import re
from collections.abc import Callable

from rules.terms.firm import Firm
from rules.terms.mail import MailKind, Message

_AWAY = re.compile(
    r"abwesenheit|abwesend|nicht im (?:büro|haus)|außer haus|im urlaub|elternzeit|mutterschutz"
    r"|derzeit nicht erreichbar"
    r"|bin (?:ich )?(?:erst )?(?:wieder )?(?:ab|bis|vom|am) .{0,40}(?:erreichbar|nicht)"
    r"|out[ -]of[ -](?:the )?office|on (?:vacation|holiday|leave)|away from (?:the office|my desk)"
    r"|(?:annual|parental) leave"
    r"|absence du bureau|ausência|fuera de la oficina",
    re.IGNORECASE,
)
_AUTO_SUBJECT = re.compile(
    r"\s*(?:(?:re|aw)\s*:\s*)?(?:automatische antwort|automatic reply|auto(?:matic)?[ -]?(?:reply|response|antwort)"
    r"|abwesenheits\w*|out of office|eingangsbestätigung|réponse automatique|respuesta automática|risposta automatica)",
    re.IGNORECASE,
)
_BOUNCE_SUBJECT = re.compile(
    r"undeliver|delivery (?:status|failure|has failed|problem|notification)|mail delivery|returned (?:mail|to sender)"
    r"|failure notice|unzustellbar|nicht zustellbar|zustellung.{0,30}(?:fehl|nicht)|benachrichtung zum|delivery report"
    r"|could not be delivered|nondeliverable|delayed mail|warning: (?:message|could not)|échec de la remise",
    re.IGNORECASE,
)
_DAEMON = re.compile(
    r"(?:mailer-?daemon|mdaemon|mail-?daemon|postmaster|mailsystem|mail\.?delivery\S{0,20})@?", re.IGNORECASE
)
_MACHINE = re.compile(
    r"(?:no|do-?not|not)[._-]?reply|noreply\S{0,20}|nicht-?antworten|notifications?|mailer|automat(?:ic|ed)?|system"
    r"|cron\w{0,5}|root|nagios|bounces?",
    re.IGNORECASE,
)
_READ_AWAY = 1500


def kind_of(message: Message, firm: Firm) -> MailKind:
    """The kind of a mail, by what decides most surely first."""
    return next((kind for kind, holds in _TABLE if holds(message, firm)), MailKind.PERSON)


def _is_bounce(message: Message, _: Firm) -> bool:
    content_type = message.headers.get("content-type", "").lower()
    if "x-failed-recipients" in message.headers:
        return True
    if content_type.startswith("multipart/report") and "delivery-status" in content_type:
        return True
    if any(attachment.content_type == "message/delivery-status" for attachment in message.attachments):
        return True
    daemon = bool(_DAEMON.fullmatch(_local(message))) or "mail delivery" in message.sender.name.lower()
    from_nobody = message.headers.get("return-path", "x").strip() in ("<>", "")
    return bool(_BOUNCE_SUBJECT.search(message.subject)) and (daemon or from_nobody)


def _is_calendar(message: Message, _: Firm) -> bool:
    return any(attachment.content_type == "text/calendar" for attachment in message.attachments)


def _is_report(message: Message, _: Firm) -> bool:
    return message.headers.get("content-type", "").lower().startswith("multipart/report")


def _is_automatic(message: Message, _: Firm) -> bool:
    header = message.headers.get
    if header("auto-submitted", "").lower().startswith("auto-replied"):
        return True
    if "x-autoreply" in message.headers or "x-autorespond" in message.headers:
        return True
    if header("precedence", "").lower().replace("-", "_") == "auto_reply":
        return True
    return bool(_AUTO_SUBJECT.match(message.subject))


def _is_away(message: Message, firm: Firm) -> bool:
    # Cheap question first: few mails are automatic.
    if not _is_automatic(message, firm):
        return False
    return bool(_AWAY.search(message.subject) or _AWAY.search(message.text[:_READ_AWAY]))


def _is_list(message: Message, _: Firm) -> bool:
    names = message.headers.keys()
    return "list-post" in names or "x-mailman-version" in names or _precedence(message) == "list"


def _is_newsletter(message: Message, _: Firm) -> bool:
    names = message.headers.keys()
    return bool({"list-unsubscribe", "list-id", "feedback-id"} & names) or _precedence(message) in ("bulk", "junk")


def _is_system(message: Message, _: Firm) -> bool:
    submitted = message.headers.get("auto-submitted", "no").lower().split(";")[0].strip()
    return submitted not in ("no", "") or bool(_MACHINE.fullmatch(_local(message)))


def _local(message: Message) -> str:
    return message.sender.addr.partition("@")[0]


def _precedence(message: Message) -> str:
    return message.headers.get("precedence", "").strip().lower()


_TABLE: tuple[tuple[MailKind, Callable[[Message, Firm], bool]], ...] = (
    # Machines that answer for machines come first: what they enclose was written by others.
    (MailKind.BOUNCE, _is_bounce),
    # What the firm has told us about its own senders.
    (MailKind.GATEWAY, lambda message, firm: firm.is_gateway(message.sender.addr)),
    (MailKind.WEB_FORM, lambda message, firm: firm.is_web_form(message.sender.addr)),
    (MailKind.CALENDAR, _is_calendar),
    # Read receipts and complaints of other providers about our mail.
    (MailKind.SYSTEM, _is_report),
    (MailKind.OUT_OF_OFFICE, _is_away),
    (MailKind.AUTO_REPLY, _is_automatic),
    # A list lets people write, a newsletter only its owner.
    (MailKind.LIST, _is_list),
    (MailKind.NEWSLETTER, _is_newsletter),
    (MailKind.SYSTEM, _is_system),
)
