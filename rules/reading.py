"""What a careful reader makes of a message: who wrote it, what is new in it, in which language."""

from rules.absences import absence_of
from rules.bounces import bounce_of
from rules.forwards import forward_in
from rules.kinds import kind_of
from rules.language import language_of
from rules.quotation import part, whole
from rules.subjects import is_reply
from rules.terms.firm import Firm
from rules.terms.mail import Absence, MailKind, Message, Reading


def read(message: Message, firm: Firm) -> Reading:
    """Read a message. Time grows with the length of its text only."""
    parted = part(message.text, message.subject)
    kind = kind_of(message, firm)
    forward = forward_in(message, parted, kind, firm)
    new_text, signature = parted.new_text, parted.signature
    if not new_text and forward is None and parted.block and not is_reply(message.subject):
        # Labelled lines and nothing above them, in a mail that answers nothing and passes nothing on: a form, a memo.
        new_text, signature = whole(message.text)
    return Reading(
        kind=kind,
        new_text=new_text,
        signature=signature,
        language=language_of(new_text) or language_of(message.text),
        original_sender=forward.sender if forward else None,
        fwd_subject=forward.subject if forward else None,
        fwd_text=forward.text if forward else None,
        absence=_absence(message, new_text) if kind is MailKind.OUT_OF_OFFICE else None,
        bounce=bounce_of(message) if kind is MailKind.BOUNCE else None,
    )


def _absence(message: Message, new_text: str) -> Absence:
    written = message.date.date() if message.date else None
    return absence_of(new_text or message.text, written, message.sender.addr)
