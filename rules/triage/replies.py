"""Replies to begin with: those that fit what a case is about, in the customer's language and form of address."""

from dataclasses import dataclass
from urllib.parse import quote

from rules.phrases.replies import REPLIES, TITLES
from rules.subjects import is_reply
from rules.terms.complaint import Category
from rules.terms.customer import Contact

# What fits whatever it is about, and before and after what it is about.
_FIRST, _LAST = ("received",), ("ask", "done")
_GREETING = {"de": "Mit freundlichen Grüßen", "en": "Kind regards"}
_CLOSER = "Viele Grüße"
# Mail programs and systems cut longer addresses off.
_LONGEST = 1800


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply: what it is for, in the reader's language, and its text."""

    key: str
    title: str
    text: str


def replies(
    category: Category, contact: Contact | None, language: str, *, until: str, remedy: str, name: str, reader: str
) -> list[Reply]:
    """The replies that fit.

    Args:
        category: what the case is about.
        contact: who wrote, None where nobody is known; "Du" only where the contact says so.
        language: in which the customer writes; English where it is neither German nor English.
        until: the day by which the next word is promised, "" for none.
        remedy: what has been done, "" for nothing yet.
        name: who signs.
        reader: the language of the titles.
    """
    spoken = "de" if language == "de" else "en"
    close = contact is not None and contact.address_form.casefold() == "du"
    form = ("Du" if close else "Sie") if spoken == "de" else ""
    about = (category.value,) if category.value in REPLIES else ()
    end = _CLOSER if spoken == "de" and close else _GREETING[spoken]
    blank = {"until": until or "…", "remedy": remedy or "…"}
    return [
        Reply(
            key,
            TITLES[key][reader != "de"],
            f"{salutation(contact, spoken)}\n\n{REPLIES[key][spoken, form].format_map(blank)}\n\n{end}\n{name}",
        )
        for key in (*about, *_FIRST, *_LAST)
    ]


def salutation(contact: Contact | None, language: str) -> str:
    """How a letter to somebody begins; what is not known of them is not guessed."""
    if language == "de":
        if contact is None or not contact.last_name:
            return "Guten Tag,"
        if contact.address_form.casefold() == "du" and contact.first_name:
            return f"Hallo {contact.first_name},"
        if contact.salutation in ("Herr", "Frau"):
            parts = (contact.salutation, contact.title, contact.last_name)
            return f"Guten Tag {' '.join(part for part in parts if part)},"
        return f"Guten Tag {contact.name},"
    if contact is None or not contact.last_name:
        return "Hello,"
    return f"Dear {contact.first_name or contact.name},"


def draft(address: str, subject: str, message_id: str | None, text: str) -> str:
    """The mailto: address that opens a reply in a mail program (RFC 6068); the text is cut where it grows too long."""
    fields = {"subject": subject if is_reply(subject) else f"Re: {subject}"}
    if message_id:
        fields["In-Reply-To"] = f"<{message_id}>"
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in fields.items())
    head = f"mailto:{quote(address, safe='@')}?{query}"
    body = quote(text.replace("\n", "\r\n"), safe="")
    return f"{head}&body={body}" if len(head) + len(body) <= _LONGEST else head
