"""The parts of a mail: which are its body, which are attachments, and the bytes of every leaf."""

import re
from dataclasses import dataclass, field
from email import message_from_string
from email.errors import MissingHeaderBodySeparatorDefect
from email.generator import BytesGenerator
from email.message import Message as MimeMessage
from email.policy import compat32
from io import BytesIO

from connectors.mime import charsets, words
from connectors.mime.html import to_text

_BODY_TYPES = ("text/plain", "text/html")
_EXTENSIONS = {
    "application/msword": "doc",
    "application/octet-stream": "bin",
    "application/pdf": "pdf",
    "application/pgp-signature": "asc",
    "application/pkcs7-mime": "p7m",
    "application/pkcs7-signature": "p7s",
    "application/rtf": "rtf",
    "application/zip": "zip",
    "image/jpeg": "jpg",
    "image/svg+xml": "svg",
    "message/rfc822": "eml",
    "text/calendar": "ics",
    "text/directory": "vcf",
    "text/plain": "txt",
    "text/x-vcard": "vcf",
}
_SUBTYPE = re.compile(r"[a-z0-9]{2,5}")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f]+")
_NAME_LENGTH = 200
_HEADER_LENGTH = 65536
_KNOWN_HEADER = re.compile(r"^(?:from|to|subject|date|message-id|mime-version|content-[a-z-]+)[ \t]*:", re.I | re.M)
_HEADER_LINE = re.compile(r"[!-9;-~]+[ \t]*:|[ \t]")
_NOT_TO_READ = frozenset({"text/calendar", "text/directory", "text/vcard", "text/x-vcard", "text/rtf", "text/css"})
_FORWARDED = "-----Original Message-----"
_SHOWN = ("From", "Date", "To", "Cc", "Subject")
_COUNTED = ("from", "date", "subject")
_PARAMETER_BYTES = 8192


@dataclass(frozen=True, slots=True)
class File:
    """A part that is listed as an attachment."""

    name: str
    content_type: str
    content: bytes
    inline: bool


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


@dataclass(slots=True)
class Parts:
    """What was found in the parts of one mail, in their order."""

    files: list[File] = field(default_factory=list)
    leaves: list[bytes] = field(default_factory=list)
    defects: dict[str, None] = field(default_factory=dict)
    pieces: list[Piece] = field(default_factory=list)
    charset: str | None = None

    def add_file(self, name: str, content_type: str, content: bytes, inline: bool) -> None:
        """List a file; one without a name gets one, always the same for the same mail."""
        if not name:
            word, extension = _made_up(content_type)
            taken = {file.name for file in self.files}
            numbers = ("", *(f"-{number}" for number in range(2, len(taken) + 3)))
            name = next(made for number in numbers if (made := f"{word}{number}.{extension}") not in taken)
        self.files.append(File(name, content_type, content, inline))

    @property
    def text(self) -> str:
        """The whole readable body."""
        return "\n\n".join(stripped for piece in self.pieces if (stripped := piece.text.strip("\n")))

    @property
    def html(self) -> str | None:
        """The HTML of the body, as it came; None when the body is plain text."""
        found = [piece.html for piece in self.pieces if piece.html is not None]
        return "\n".join(found) if found else None


def taken_apart(message: MimeMessage) -> Parts:
    """The parts of a parsed mail. Nesting was bounded before parsing, so recursion is safe."""
    parts = Parts()
    parts.pieces = _pieces(message, parts)
    return parts


def _pieces(part: MimeMessage, parts: Parts) -> list[Piece]:
    part = mended(part)
    content_type = _content_type(part)
    if content_type.startswith("message/"):
        return _enclosed(part, content_type, parts)
    if not part.is_multipart():
        return _leaf(part, content_type, parts)
    branches = [_pieces(child, parts) for child in [*children(part), *_behind_the_end(part)]]
    if content_type == "multipart/alternative":
        return _better([piece for branch in branches for piece in branch])
    return [piece for branch in branches for piece in branch]


def children(part: MimeMessage) -> list[MimeMessage]:
    """The parts directly inside a part."""
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, MimeMessage)] if isinstance(payload, list) else []


def _behind_the_end(part: MimeMessage) -> list[MimeMessage]:
    """Parts after the closing line, as mails have them that use one boundary on two levels."""
    boundary = part.get_boundary()
    if not part.epilogue or not boundary or f"--{boundary}\n" not in part.epilogue.replace("\r\n", "\n"):
        return []
    return children(message_from_string(f'Content-Type: multipart/mixed; boundary="{boundary}"\n\n{part.epilogue}'))


def _better(pieces: list[Piece]) -> list[Piece]:
    """The plain alternative where it says anything, else the HTML; the HTML is kept for display either way.

    Several plain texts that differ are no alternatives of each other, whatever the mail says; none is left out.
    """
    named = [piece for piece in pieces if piece.named]
    rich = [piece for piece in pieces if piece.html is not None]
    plain = list(dict.fromkeys(p.plain.strip("\n") for p in pieces if p.plain and not p.named and p.plain.strip()))
    if not plain:
        return rich + named if rich else pieces
    markup = [piece.html for piece in rich if piece.html is not None]
    return [Piece("\n\n".join(plain), "\n".join(markup) if markup else None), *named]


def _leaf(part: MimeMessage, content_type: str, parts: Parts) -> list[Piece]:
    content = _content(part)
    parts.leaves.append(content)
    if content_type.startswith("multipart/"):
        # No part was found in it: whatever stands there is read as text rather than lost.
        content_type = "text/plain"
    disposition, name = _disposition(part), _name(part)
    readable = content_type in _BODY_TYPES or (content_type.startswith("text/") and not name)
    body = readable and disposition != "attachment" and content_type not in _NOT_TO_READ
    if name or not body:
        parts.add_file(name, content_type, content, _inline(part, disposition))
    if not body:
        return []
    charset = _parameter(part, "charset")
    parts.charset = parts.charset or charset
    text, wrong = charsets.decode(content, charset)
    if wrong:
        parts.defects["charset-wrong"] = None
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").lstrip("\ufeff")
    if content_type == "text/html":
        return [Piece(html=text, named=bool(name))]
    return [Piece(text, named=bool(name))]


def _enclosed(part: MimeMessage, content_type: str, parts: Parts) -> list[Piece]:
    """A mail inside the mail is listed as a file, and read below the header lines that mail programs show of it.

    Other enclosed things (delivery status, fragments, references to files elsewhere) are only listed.
    """
    inside = children(part)
    content = _flattened(part, inside)
    name, inline = _name(part), _inline(part, _disposition(part))
    if content_type != "message/rfc822" or not inside:
        parts.leaves.append(content)
        parts.add_file(name or (_name(inside[0]) if inside else ""), content_type, content, inline)
        return []
    inner = mended(inside[0])
    subject = words.readable(_first(inner, "subject"))
    parts.add_file(name or (_safe(subject[:80]) + ".eml" if subject else ""), content_type, content, inline)
    # Identity: an enclosed mail counts by the same headers and leaves as the mail itself.
    parts.leaves.append(b"\n".join(_octets(" ".join(_first(inner, header).split())) for header in _COUNTED))
    pieces = _pieces(inner, parts)
    text = "\n\n".join(stripped for piece in pieces if (stripped := piece.text.strip("\n")))
    shown = [f"{label}: {value}" for label in _SHOWN if (value := words.readable(_first(inner, label))[:500])]
    return [Piece("\n".join([_FORWARDED, *shown, "", text]))]


def mended(part: MimeMessage) -> MimeMessage:
    """The part, parsed again where a stray or badly wrapped line cut its header short and real headers follow."""
    payload = part._payload  # type: ignore[attr-defined]  # as it came, undecoded
    if not isinstance(payload, str) or not any(isinstance(d, MissingHeaderBodySeparatorDefect) for d in part.defects):
        return part
    head, gap, rest = payload[:_HEADER_LENGTH].partition("\r\n\r\n" if "\r\n" in payload[:1000] else "\n\n")
    if not _KNOWN_HEADER.search(head):
        return part
    # A stray line becomes a continuation of the one before it.
    lines = [line if _HEADER_LINE.match(line) else f" {line}" for line in head.splitlines()]
    known = [f"{name}: {value}" for name, value in part.raw_items()]
    text = "\n".join([*known, *lines]) + "\n\n" + rest + payload[_HEADER_LENGTH:]
    again = message_from_string(text if gap else text.rstrip("\n") + "\n\n")
    again.set_default_type(part.get_default_type())
    return again


def _flattened(part: MimeMessage, inside: list[MimeMessage]) -> bytes:
    if not inside:
        return _content(part)
    out = BytesIO()
    for child in inside:
        try:
            BytesGenerator(out, mangle_from_=False, policy=compat32).flatten(child)
        except (LookupError, UnicodeError, ValueError, TypeError, AttributeError):
            # The standard library cannot write everything that it can read; the headers and text are what counts.
            out.write(b"".join(_octets(f"{name}: {value}\n") for name, value in child.raw_items()) + b"\n")
            out.write(_content(child))
    return out.getvalue()


def _content(part: MimeMessage) -> bytes:
    """The bytes of a leaf, its transfer encoding undone."""
    raw = part._payload  # type: ignore[attr-defined]  # get_payload() decodes with the charset and may raise
    if not isinstance(raw, str):
        return b""
    encoding = "".join(_first(part, "content-transfer-encoding").split()).lower().strip("\"';")
    if encoding == "base64":
        return words.lenient_base64(b"".join(_octets(raw).split()))
    if encoding in ("quoted-printable", "x-uuencode", "uuencode", "uue", "x-uue"):
        try:
            decoded = part.get_payload(decode=True)
        except (ValueError, LookupError):
            decoded = None
        if isinstance(decoded, bytes):
            return decoded
    return _octets(raw)


def _octets(text: str) -> bytes:
    return charsets.octets(text)


def _content_type(part: MimeMessage) -> str:
    value = _first(part, "content-type")
    if len(value) > _PARAMETER_BYTES:
        return "application/octet-stream"
    return part.get_content_type()


def _disposition(part: MimeMessage) -> str:
    return words.unfold(_first(part, "content-disposition")).split(";", 1)[0].strip().lower()


def _inline(part: MimeMessage, disposition: str) -> bool:
    return disposition == "inline" or (disposition != "attachment" and bool(_first(part, "content-id")))


def _first(part: MimeMessage, name: str) -> str:
    wanted = name.lower()
    for header, value in part.raw_items():
        if header.lower() == wanted:
            return str(value)
    return ""


def _name(part: MimeMessage) -> str:
    """The file name that the sender gave, as a name without folders; "" when there is none."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        value = _parameter(part, parameter, header)
        if value:
            return _safe(value)
    return ""


def _parameter(part: MimeMessage, parameter: str, header: str = "content-type") -> str | None:
    raw = _first(part, header)
    if parameter not in raw.lower() or len(raw) > _PARAMETER_BYTES:
        return None
    bench = MimeMessage()
    bench[header] = words.unfold(words.eight_bit(raw)).replace("\n", " ").replace("\r", " ")
    try:
        value = bench.get_param(parameter, None, header)
    except (ValueError, LookupError, TypeError):
        return None
    if isinstance(value, tuple):
        charset, _, text = value
        # RFC 2231: the percent signs are undone, the bytes stand as Latin-1 characters.
        try:
            return charsets.decode(text.encode("latin-1"), charset or "utf-8")[0]
        except UnicodeEncodeError:
            return str(text)
    return words.decoded(value) if isinstance(value, str) else None


def _safe(name: str) -> str:
    """A file name on one line and not endless. It may still hold slashes: whoever saves it takes the last part."""
    text = " ".join(_UNSAFE.sub("_", charsets.scalar(name)).split())
    if len(text) <= _NAME_LENGTH:
        return text
    stem, dot, extension = text.rpartition(".")
    return stem[: _NAME_LENGTH - 20] + dot + extension[:19] if dot else text[:_NAME_LENGTH]


def _made_up(content_type: str) -> tuple[str, str]:
    """The words of a name for a part without one."""
    kind, _, subtype = content_type.partition("/")
    extension = _EXTENSIONS.get(content_type) or (subtype if _SUBTYPE.fullmatch(subtype) else "bin")
    return {"image": "image", "message": "message", "text": "text"}.get(kind, "attachment"), extension
