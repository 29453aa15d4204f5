"""The firm's own reply snippets (Textbausteine)."""

from dataclasses import dataclass
from datetime import datetime

from rules.terms.complaint import Category


@dataclass(frozen=True, slots=True)
class Snippet:
    """A reply to begin with, in the firm's own words; salutation and closing are put around it.

    Args:
        title: by what staff choose it.
        text: with blanks such as {customer} (rules.triage.replies.BLANKS).
        category: for which cases; NONE for any.
        language: "de" or "en".
        form: "Sie", "Du", or "" for both.
        staff: who wrote it last.
        changed: when.
        id: the pool's number, 0 while it is not stored.
    """

    title: str
    text: str
    category: Category = Category.NONE
    language: str = "de"
    form: str = ""
    staff: str = ""
    changed: datetime | None = None
    id: int = 0
