"""The firm's own reply snippets over HTTP."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import delete, get, post, put
from litestar.di import NamedDependency as Given
from litestar.params import JSONBody

from assistant.ports import Services
from assistant.snippets import LONGEST_TEXT, LONGEST_TITLE
from assistant.web.api.bodies import NO_NUL, Body, Number, Question
from rules.terms.complaint import Category
from rules.terms.snippet import Snippet
from rules.terms.staff import Viewer


class SnippetBody(Body):
    """A snippet."""

    id: int
    title: str
    text: str
    category: str
    language: str
    form: str
    staff: str
    changed: datetime | None

    @classmethod
    def of(cls, snippet: Snippet) -> "SnippetBody":
        """From the word of the house."""
        return cls(
            id=snippet.id,
            title=snippet.title,
            text=snippet.text,
            category=snippet.category.value,
            language=snippet.language,
            form=snippet.form,
            staff=snippet.staff,
            changed=snippet.changed,
        )


class SnippetText(Question):
    """A snippet as it is written. `category` none: for any; `form` empty: for Sie and Du (German only).

    What can be filled in: {name}, {first_name}, {last_name}, {customer}, {customer_no}, {subject}, {case}, {until},
    {remedy}, {staff}, {firm}. Salutation and closing are put around the text.
    """

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_TITLE, pattern=NO_NUL)]
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_TEXT, pattern=NO_NUL)]
    category: Category = Category.NONE
    language: Literal["de", "en"] = "de"
    form: Literal["", "Sie", "Du"] = ""

    def snippet(self, id: int = 0) -> Snippet:
        """In the word of the house."""
        return Snippet(self.title, self.text, self.category, self.language, self.form, id=id)


@get("/snippets", sync_to_thread=True, tags=["snippets"])
def snippets(services: Given[Services], viewer: Given[Viewer]) -> list[SnippetBody]:
    """All snippets, by title."""
    return [SnippetBody.of(one) for one in services.casework.snippets.all()]


@post("/snippets", sync_to_thread=True, tags=["snippets"])
def new_snippet(data: JSONBody[SnippetText], services: Given[Services], viewer: Given[Viewer]) -> SnippetBody:
    """Write a snippet; an unknown blank is an error that names the near one."""
    return SnippetBody.of(services.casework.snippets.put(viewer, data.snippet()))


@put("/snippets/{id:int}", sync_to_thread=True, tags=["snippets"])
def change_snippet(
    id: Number, data: JSONBody[SnippetText], services: Given[Services], viewer: Given[Viewer]
) -> SnippetBody:
    """Change a snippet."""
    return SnippetBody.of(services.casework.snippets.put(viewer, data.snippet(id)))


@delete("/snippets/{id:int}", sync_to_thread=True, tags=["snippets"])
def remove_snippet(id: Number, services: Given[Services], viewer: Given[Viewer]) -> None:
    """Take a snippet away."""
    services.casework.snippets.remove(viewer, id)


ROUTES = (snippets, new_snippet, change_snippet, remove_snippet)
