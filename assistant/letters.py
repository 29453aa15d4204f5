"""Letters and fax as files: kept as they came, with the text of their own layer, as an entry of the timeline."""

from dataclasses import dataclass, replace
from typing import Protocol

from assistant.notes import Notes
from connectors import pdf
from connectors.mime import pack
from rules.terms.document import Document, Legibility, ReadFile
from rules.terms.errors import WrongUse
from rules.terms.interaction import Channel, Interaction

LARGEST = 25_000_000
PDF = "application/pdf"
# How files of pictures begin.
_PICTURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
# What browsers show by themselves.
SHOWN = frozenset({"image/jpeg", "image/png"})
CHANNELS = (Channel.LETTER, Channel.FAX)


class Readers(Protocol):
    """Reads what strangers wrote, at arm's length."""

    def document(self, pdf: bytes) -> ReadFile:
        """The text of a PDF."""


@dataclass(frozen=True, slots=True)
class Letters:
    """Keeping letters and fax."""

    notes: Notes
    reader: Readers

    def add(self, entry: Interaction, name: str, content: bytes, external_id: str | None = None) -> str:
        """Keep a file as an entry of a customer's timeline; the entry's external id.

        The same external id again, or the same file of the same customer, replaces the entry. A PDF that is damaged or
        takes a password is kept, and says that it cannot be read.

        Args:
            entry: what it is; without a subject the file's name is one.
            name: the file's name.
            content: the file.
            external_id: under which another program knows it.

        Raises:
            WrongUse: it is no PDF, JPEG, PNG or TIFF, is empty or too large, or the entry is none that can be.
            UnknownName: there is no such customer.
        """
        if entry.channel not in CHANNELS:
            raise WrongUse(problem="A file is a letter or a fax.", problem_de="Eine Datei ist ein Brief oder ein Fax.")
        media_type = _media_type(content)
        read = self.reader.document(content) if media_type == PDF else ReadFile(Legibility.PICTURE)
        blob = pack(content)
        document = Document(blob.digest, name, media_type, blob.size, read)
        self.notes.pool.blobs.put([blob])
        subject = entry.subject.strip() or name.rpartition(".")[0] or name or entry.channel.value
        return self.notes.add(replace(entry, subject=subject, document=document), external_id)


def _media_type(content: bytes) -> str:
    """What a file is by its content, whatever it is called."""
    if len(content) > LARGEST:
        raise WrongUse(
            problem=f"The file is larger than {LARGEST // 1_000_000} MB.",
            problem_de=f"Die Datei ist größer als {LARGEST // 1_000_000} MB.",
        )
    if pdf.is_pdf(content):
        return PDF
    for start, media_type in _PICTURES:
        if content.startswith(start):
            return media_type
    raise WrongUse(
        problem="Letters and fax are kept as PDF, JPEG, PNG or TIFF.",
        problem_de="Briefe und Faxe werden als PDF, JPEG, PNG oder TIFF abgelegt.",
    )
