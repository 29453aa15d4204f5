"""Replies to begin with: those that fit what a case is about, in the customer's language and form of address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from rules.phrases.replies import REPLIES, TITLES
from rules.placeholders import fill
from rules.subjects import is_reply
from rules.terms.complaint import Category
from rules.terms.customer import Contact
from rules.terms.snippet import Snippet

# What the firm's own snippets may name.
BLANKS = (
    "name", "first_name", "last_name", "customer", "customer_no", "subject", "case", "until", "remedy", "staff", "firm",
)  # fmt: skip
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
    category: Category,
    contact: Contact | None,
    language: str,
    *,
    until: str,
    remedy: str,
    name: str,
    reader: str,
    own: Sequence[Snippet] = (),
    values: Mapping[str, str] | None = None,
) -> list[Reply]:
    """The replies that fit: the firm's own first, then those that come with Kingpost.

    Args:
        category: what the case is about.
        contact: who wrote, None where nobody is known; "Du" only where the contact says so.
        language: in which the customer writes; English where it is neither German nor English.
        until: the day by which the next word is promised, "" for none.
        remedy: what has been done, "" for nothing yet.
        name: who signs.
        reader: the language of the titles.
        own: the firm's own snippets.
        values: what their blanks are filled with beside `until`, `remedy` and the contact's name.
    """
    spoken = "de" if language == "de" else "en"
    close = contact is not None and contact.address_form.casefold() == "du"
    form = ("Du" if close else "Sie") if spoken == "de" else ""
    about = (category.value,) if category.value in REPLIES else ()
    end = _CLOSER if spoken == "de" and close else _GREETING[spoken]
    blank = {"until": until or "…", "remedy": remedy or "…"}

    def letter(text: str) -> str:
        return f"{salutation(contact, spoken)}\n\n{text}\n\n{end}\n{name}"

    known = {**_of_contact(contact), **(values or {}), "until": until, "remedy": remedy}
    chosen = [
        one
        for one in own
        if one.language == spoken and one.category in (Category.NONE, category) and one.form in ("", form or one.form)
    ]
    # What is about just this comes before what fits anything.
    chosen.sort(key=lambda one: (one.category is Category.NONE, one.title.casefold()))
    return [
        *(Reply(f"own-{one.id}", one.title, letter(fill(one.text, known))) for one in chosen),
        *(
            Reply(key, TITLES[key][reader != "de"], letter(REPLIES[key][spoken, form].format_map(blank)))
            for key in (*about, *_FIRST, *_LAST)
        ),
    ]


def _of_contact(contact: Contact | None) -> dict[str, str]:
    if contact is None:
        return dict.fromkeys(("name", "first_name", "last_name"), "")
    return {"name": contact.name, "first_name": contact.first_name, "last_name": contact.last_name}


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
