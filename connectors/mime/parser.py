"""mail-parser as our reader: its parsing, guards and defects, without the parts that cost and are not needed.

As shipped it reads every Received header, decodes every other header twice and copies attachments as text; that is
half of its time. Of the rest, walking through base64 line by line is the most, and left out (connectors.mime.blocks).
Parts are walked by connectors.mime.parts, which also lists what mail-parser leaves out.
"""

from mailparser.core import MailParser

from connectors.mime.blocks import Source
from connectors.mime.parts import mended
from connectors.mime.structure import parsed, walk


class LeanParser(MailParser):  # type: ignore[misc]  # mail-parser has no types
    """The structure of a mail and its defects; headers stay raw until somebody asks."""

    source: Source

    @classmethod
    def from_bytes(cls, bt: bytes) -> "LeanParser":
        """Parse a mail, long runs of lines in one step; their bytes are to be had from the source."""
        source = Source(bt)
        parser: LeanParser = cls._parse_guarded(lambda: parsed(source.short))
        parser.source = source
        return parser

    def parse(self) -> "LeanParser":
        """Collect the defects of all parts."""
        self._defects: list[dict[str, list[str]]] = []
        self._defects_categories: set[str] = set()
        self._has_defects = False
        self._raw: dict[str, list[str]] = {}
        if self.message is None:
            return self
        self._message = mended(self.message)
        for name, value in self.message.raw_items():
            self._raw.setdefault(name.lower(), []).append(value)
        for part in walk(self.message):
            if part.defects:
                self._append_defects(part, part.get_content_type())
        return self

    def raw(self, name: str) -> list[str]:
        """All values of a header as they came, folded, undecoded; bytes above 127 as surrogates."""
        return self._raw.get(name, [])
