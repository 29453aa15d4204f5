"""Mail that goes out by itself: who may get it at all, and what it says.

Whoever is answered by a machine must be a person who wrote to us in their own name (RFC 3834): no list, robot, absence
notice or bounce, none of our own, nobody who may be somebody else.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rules.phrases.automatic import ACKNOWLEDGEMENTS, ASKED, CLOSINGS, QUESTIONS, RECEIVED
from rules.placeholders import fill
from rules.terms.customer import Contact
from rules.terms.firm import Firm
from rules.terms.mail import MailKind, Message
from rules.triage.replies import salutation

# What may be filled into a text of the firm's own.
ACKNOWLEDGEMENT_BLANKS = ("subject", "firm", "customer")
QUESTION_BLANKS = (*ACKNOWLEDGEMENT_BLANKS, "link")
_SUBJECT = 120
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[a-zA-Z0-9](?:[a-zA-Z0-9.-]{0,250}[a-zA-Z0-9])?")
# Local parts behind which nobody reads (RFC 2142, RFC 3834 section 2, and custom).
_ROBOT = re.compile(
    r"(?:(?:no|do-?not|not|nicht|bitte-?nicht|keine?)[._-]?(?:reply|antwort(?:en)?)|mailer-?daemon|postmaster|bounces?"
    r"|listserv|majordomo|owner-|.{0,60}-(?:request|owner|bounces?|confirm)$|notifications?$|alerts?$|robot|daemon"
    r"|system$|root$|abuse$)",
    re.IGNORECASE,
)
_SILENCING = ("all", "autoreply", "oof", "dr", "rn", "nrn")


@dataclass(frozen=True, slots=True)
class Words:
    """A mail's subject and text."""

    subject: str
    text: str


def reachable(addr: str, firm: Firm) -> bool:
    """Whether a person outside the firm is likely to read what is sent to an address."""
    return bool(_ADDRESS.fullmatch(addr)) and not _ROBOT.match(addr.partition("@")[0]) and not firm.is_own(addr)


def answerable(message: Message, kind: MailKind, firm: Firm) -> bool:
    """Whether a mail may be answered by a machine (RFC 3834 section 2).

    A mail of which we only got a copy, or one that wants its answers elsewhere, is left to people.
    """
    headers, sender = message.headers, message.sender.addr.lower()
    if kind is not MailKind.PERSON or not reachable(sender, firm):
        return False
    submitted = headers.get("auto-submitted", "no").lower().split(";")[0].strip()
    suppress = headers.get("x-auto-response-suppress", "").lower().replace(" ", "").split(",")
    return (
        submitted in ("no", "")
        and headers.get("precedence", "").strip().lower() not in ("bulk", "list", "junk", "auto_reply", "auto-reply")
        and not any(name.startswith("list-") or name in ("feedback-id", "x-loop") for name in headers)
        and not set(suppress) & set(_SILENCING)
        and headers.get("return-path", sender).strip() not in ("", "<>")
        and all(one.addr.lower() == sender for one in message.reply_to)
        and any(firm.is_own(one.addr) for one in (*message.to, *message.cc) if one.addr)
    )


def acknowledgement(
    message: Message, contact: Contact | None, customer: str, language: str, firm: str, own: Mapping[str, str]
) -> Words:
    """Thanks for a message.

    Args:
        message: what is answered.
        contact: who wrote, None where nobody is known.
        customer: the customer's name.
        language: in which they write.
        firm: who signs.
        own: the firm's own texts by language and form of address ("de", "de-du", "en" …).
    """
    return _written(RECEIVED, ACKNOWLEDGEMENTS, own, contact, language, _values(message.subject, customer, firm))


def question(
    subject: str, contact: Contact | None, customer: str, language: str, firm: str, link: str, own: Mapping[str, str]
) -> Words:
    """Whether they would recommend us; `link` leads to where they say so. For the rest see `acknowledgement`."""
    values = _values(subject, customer, firm) | {"link": link}
    made = _written(ASKED, QUESTIONS, own, contact, language, values)
    return made if link in made.text else Words(made.subject, f"{made.text}\n\n{link}")


def spoken(language: str, own: Mapping[str, str]) -> str:
    """The language in which somebody is written to: theirs where there is a text in it, else English."""
    return language if language in ACKNOWLEDGEMENTS or language in own else "en"


def _written(
    subjects: Mapping[str, str],
    texts: Mapping[str, str],
    own: Mapping[str, str],
    contact: Contact | None,
    language: str,
    values: Mapping[str, str],
) -> Words:
    chosen = spoken(language, own)
    close = contact is not None and contact.address_form.casefold() == "du"
    keys = [f"{chosen}-du", chosen] if close else [chosen]
    texts = {**texts, **own}
    text = next(texts[key] for key in keys if key in texts)
    # What the firm wrote in a language of which we know no subject and closing has English ones around it.
    around = next((key for key in keys if key in CLOSINGS), "en")
    parts = (salutation(contact, chosen), fill(text, values), fill(CLOSINGS[around], values))
    return Words(" ".join(fill(subjects[around], values).split()), "\n\n".join(parts))


def _values(subject: str, customer: str, firm: str) -> dict[str, str]:
    return {"subject": " ".join(subject.split())[:_SUBJECT], "customer": customer, "firm": firm}
