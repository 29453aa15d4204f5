"""The firm's own reply snippets: written, changed, removed and put back by staff."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from rules.placeholders import unknown
from rules.terms.errors import NotFound, WrongUse
from rules.terms.snippet import Snippet
from rules.terms.staff import Viewer
from rules.triage.replies import BLANKS
from storage.pool import Pool

LONGEST_TITLE, LONGEST_TEXT = 80, 10_000
# For so long one that was taken away can be put back.
PUT_BACK = timedelta(days=30)
LANGUAGES, FORMS = ("de", "en"), ("", "Sie", "Du")


@dataclass(frozen=True, slots=True)
class SnippetBook:
    """What people do with snippets."""

    pool: Pool
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def all(self, language: str = "") -> list[Snippet]:
        """All snippets, or those of a language."""
        with self.pool.read() as work:
            return work.snippets.all(language)

    def put(self, viewer: Viewer, snippet: Snippet) -> Snippet:
        """Write a new snippet, or change the one of its number.

        Raises:
            NotFound: there is none of that number.
            WrongUse: title or text is missing or too long, language or form is none, or a blank is unknown.
        """
        clean = replace(
            snippet,
            title=" ".join(snippet.title.split()),
            text="\n".join(line.rstrip() for line in snippet.text.strip().splitlines()),
            form=snippet.form if snippet.language == "de" else "",
            staff=viewer.login,
        )
        check(clean)
        with self.pool.begin() as work:
            if clean.id and work.snippets.get(clean.id) is None:
                raise NotFound
            return work.snippets.put(clean, self.clock())

    def remove(self, viewer: Viewer, number: int) -> None:
        """Take a snippet away.

        Raises:
            NotFound: there is none of that number.
        """
        with self.pool.begin() as work:
            if not work.snippets.remove(number, self.clock()):
                raise NotFound

    def put_back(self, viewer: Viewer, number: int) -> None:
        """Have a snippet again that was taken away.

        Raises:
            NotFound: none of that number was taken away.
        """
        with self.pool.begin() as work:
            if not work.snippets.remove(number, None):
                raise NotFound


def check(snippet: Snippet) -> None:
    """That a snippet can be used.

    Raises:
        WrongUse: it cannot; the sentence says why.
    """
    if not snippet.title or not snippet.text:
        raise WrongUse(problem="A snippet needs a title and a text.", problem_de="Ein Baustein braucht Titel und Text.")
    if len(snippet.title) > LONGEST_TITLE or len(snippet.text) > LONGEST_TEXT:
        raise WrongUse(
            problem=f"At most {LONGEST_TITLE} characters for the title and {LONGEST_TEXT} for the text.",
            problem_de=f"Höchstens {LONGEST_TITLE} Zeichen für den Titel und {LONGEST_TEXT} für den Text.",
        )
    if snippet.language not in LANGUAGES or snippet.form not in FORMS:
        raise WrongUse(
            problem="The language is “de” or “en”, the form of address “Sie”, “Du” or empty.",
            problem_de="Die Sprache ist „de“ oder „en“, die Anrede „Sie“, „Du“ oder leer.",
        )
    for blank in unknown(snippet.text, BLANKS):
        known = ", ".join(f"{{{name}}}" for name in BLANKS)
        near_en = f" Did you mean {{{blank.near}}}?" if blank.near else ""
        near_de = f" Meinten Sie {{{blank.near}}}?" if blank.near else ""
        raise WrongUse(
            problem=f"Nothing can be filled in for {{{blank.name}}}.{near_en} There are {known}.",
            problem_de=f"Für {{{blank.name}}} lässt sich nichts einsetzen.{near_de} Es gibt {known}.",
        )
