"""One stretch of a mail's body, as plain text or HTML."""

from dataclasses import dataclass

from connectors.mime.html import to_text


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the body. `plain` is its text, None when only its `html` says anything; `named`: also a file."""

    plain: str | None = None
    html: str | None = None
    named: bool = False

    @property
    def text(self) -> str:
        """What a reader sees of it. HTML is turned into text only here: most of it has a plain alternative."""
        if self.plain is not None:
            return self.plain
        return to_text(self.html) if self.html else ""
