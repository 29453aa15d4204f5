"""The parts of a mail: which are its body, which are attachments, and what is packed in them.

Each leaf is decoded, counted, packed and let go before the next one, so that a large mail is not held several times.
"""

import binascii
import mimetypes
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, message_from_string
from email.errors import MissingHeaderBodySeparatorDefect
from email.generator import BytesGenerator
from email.message import Message as MimeMessage
from email.policy import compat32
from io import BytesIO
from urllib.parse import unquote_to_bytes

from connectors.mime import calendars, charsets, flowed, signed, tnef, words
from connectors.mime.alternatives import better
from connectors.mime.blob import pack
from connectors.mime.limits import Limits, check
from connectors.mime.piece import Piece
from rules.terms.errors import MailRefused
from rules.terms.mail import Blob

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
_LIKE_A_FILE = re.compile(r"[^/\\:?#\r\n]{1,120}\.[A-Za-z0-9]{2,5}")
_EXTENDED = re.compile(r"([A-Za-z0-9_-]{2,40})'[A-Za-z-]{0,20}'(.*%[0-9A-Fa-f]{2}.*)", re.DOTALL)
_NO_SEMICOLON = re.compile(r"^(\s*(?:attachment|inline))\s+(filename)", re.IGNORECASE)
_SUBTYPE = re.compile(r"[a-z0-9]{2,5}")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f]+")
_NAME_LENGTH = 200
_HEADER_LENGTH = 65536
_KNOWN_HEADER = re.compile(r"^(?:from|to|subject|date|message-id|mime-version|content-[a-z-]+)[ \t]*:", re.I | re.M)
_HEADER_LINE = re.compile(r"[!-9;-~]+[ \t]*:|[ \t]")
_NOT_TO_READ = frozenset(
    {"text/calendar", "text/directory", "text/vcard", "text/x-vcard", "text/rtf", "text/css", "text/rfc822-headers"}
)
# What programs tell one another about a mail (RFC 3464, 5965, 8098).
_REPORTS = frozenset(
    {
        "message/delivery-status",
        "message/global-delivery-status",
        "message/feedback-report",
        "message/disposition-notification",
        "message/global-disposition-notification",
    }
)
_REPORT_BYTES = 65536
_REPORT_FIELD = re.compile(
    r"^(?:reporting-(?:mta|ua)|(?:final|original)-recipient|action|feedback-type)[ \t]*:", re.I | re.M
)
_ARMOURED = re.compile(r"^-----BEGIN PGP MESSAGE-----", re.MULTILINE)
_MOST_OPENED = 4
_LARGE = 1 << 20
_FORWARDED = "-----Original Message-----"
_SHOWN = ("From", "Date", "To", "Cc", "Subject")
_COUNTED = ("from", "date", "subject")
_PARAMETER_BYTES = 8192


@dataclass(frozen=True, slots=True)
class File:
    """A part that is listed as an attachment."""

    name: str
    content_type: str
    blob: Blob
    inline: bool


@dataclass(slots=True)
class Parts:
    """What was found in the parts of one mail, in their order. `leaf` is handed the bytes of every leaf."""

    leaf: Callable[[bytes], None]
    files: list[File] = field(default_factory=list)
    defects: dict[str, None] = field(default_factory=dict)
    pieces: list[Piece] = field(default_factory=list)
    # Read only where the body says nothing: events in words, bodies packed beside it.
    instead: list[Piece] = field(default_factory=list)
    charset: str | None = None
    report: str = ""
    opened: int = 0

    def add_file(self, name: str, content_type: str, content: bytes, inline: bool) -> None:
        """List a file; one without a name gets one, always the same for the same mail."""
        if not name:
            word, extension = _made_up(content_type)
            taken = {file.name for file in self.files}
            numbers = ("", *(f"-{number}" for number in range(2, len(taken) + 3)))
            name = next(made for number in numbers if (made := f"{word}{number}.{extension}") not in taken)
        self.files.append(File(name, content_type, pack(content), inline))

    @property
    def text(self) -> str:
        """The whole readable body."""
        return _joined(self.pieces) or _joined(self.instead)

    @property
    def html(self) -> str | None:
        """The HTML of the body, as it came; None when the body is plain text."""
        found = [piece.html for piece in (*self.pieces, *self.instead) if piece.html is not None]
        return "\n".join(found) if found else None


def taken_apart(message: MimeMessage, leaf: Callable[[bytes], None]) -> Parts:
    """The parts of a parsed mail, which is used up. Nesting was bounded before parsing, so recursion is safe."""
    parts = Parts(leaf)
    parts.pieces = _pieces(message, parts)
    return parts


def _joined(pieces: list[Piece]) -> str:
    return "\n\n".join(stripped for piece in pieces if (stripped := piece.text.strip("\n")))


def _pieces(part: MimeMessage, parts: Parts) -> list[Piece]:
    part = mended(part)
    content_type = _content_type(part)
    if content_type.startswith("message/"):
        return _enclosed(part, content_type, parts)
    if not part.is_multipart():
        return _leaf(part, content_type, parts)
    if content_type == "multipart/encrypted":
        parts.defects["pgp-encrypted"] = None
    branches = [_pieces(child, parts) for child in [*children(part), *_behind_the_end(part)]]
    if content_type == "multipart/alternative":
        return better([piece for branch in branches for piece in branch])
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


def _leaf(part: MimeMessage, content_type: str, parts: Parts) -> list[Piece]:
    content = _content(part)
    if len(content) > _LARGE:
        # Decoded, it is not needed as it came.
        part._payload = None  # type: ignore[attr-defined]
    parts.leaf(content)
    if content_type.startswith("multipart/"):
        # No part was found in it: whatever stands there is read as text rather than lost.
        content_type = "text/plain"
    disposition, name = _disposition(part), _name(part)
    if content_type in tnef.TYPES or name.lower() == "winmail.dat":
        return _winmail(content, name, content_type, parts)
    readable = content_type in _BODY_TYPES or (content_type.startswith("text/") and not name)
    body = readable and disposition != "attachment" and content_type not in _NOT_TO_READ
    if name or not body:
        # An event that is not marked as a file stands beside the body as another way to say it.
        inline = _inline(part, disposition) or (content_type == "text/calendar" and disposition != "attachment")
        parts.add_file(name, content_type, content, inline)
    if content_type in signed.TYPES:
        return _smime(content, parts)
    if content_type == "text/calendar":
        event = calendars.in_words(charsets.decode(content, _parameter(part, "charset") or "utf-8")[0])
        parts.instead.append(Piece(charsets.scalar(event).replace("\x00", "")))
    if not body:
        return []
    return _read(part, content, content_type, parts, named=bool(name))


def _read(part: MimeMessage, content: bytes, content_type: str, parts: Parts, *, named: bool) -> list[Piece]:
    """A leaf that is part of the body, as text."""
    charset = _parameter(part, "charset")
    parts.charset = parts.charset or charset
    text, wrong = charsets.decode(content, charset)
    if wrong:
        parts.defects["charset-wrong"] = None
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").lstrip("\ufeff")
    if content_type == "text/html":
        return [Piece(html=text, named=named)]
    if (_parameter(part, "format") or "").strip().lower() == "flowed":
        text = flowed.unflowed(text, delete_space=(_parameter(part, "delsp") or "").strip().lower() == "yes")
    if _ARMOURED.search(text):
        parts.defects["pgp-encrypted"] = None
    return [Piece(text, named=named)]


def _winmail(content: bytes, name: str, content_type: str, parts: Parts) -> list[Piece]:
    """What Outlook packed for itself is listed as if it had been sent openly."""
    packed = tnef.unpacked(content)
    if packed is None:
        parts.defects["tnef-unreadable"] = None
        parts.add_file(name or "winmail.dat", content_type, content, inline=False)
        return []
    for file in packed.all_files():
        parts.add_file(_safe(file.name), _guessed_type(file.name), file.content, inline=False)
    said = packed.text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if said.strip() or packed.html:
        parts.instead.append(Piece(said if said.strip() else None, packed.html or None))
    return []


def _smime(content: bytes, parts: Parts) -> list[Piece]:
    """The mail inside an S/MIME signature that encloses it; what is encrypted stays closed."""
    if signed.encrypted(content):
        parts.defects["smime-encrypted"] = None
        return []
    inside = signed.enclosed(content) if parts.opened < _MOST_OPENED else None
    if inside is None:
        parts.defects["smime-unreadable"] = None
        return []
    parts.opened += 1
    try:
        check(inside, Limits())
    except MailRefused:
        parts.defects["smime-over-limit"] = None
        return []
    # The leaf has been counted as it came; a better reader must not change the identity.
    counted, parts.leaf = parts.leaf, lambda _: None
    try:
        return _pieces(message_from_bytes(inside), parts)
    finally:
        parts.leaf = counted


def _enclosed(part: MimeMessage, content_type: str, parts: Parts) -> list[Piece]:
    """A mail inside the mail is listed as a file, and read below the header lines that mail programs show of it.

    Other enclosed things (delivery status, fragments, references to files elsewhere) are only listed.
    """
    inside = children(part)
    content = _flattened(part, inside)
    name, inline = _name(part), _inline(part, _disposition(part))
    if content_type != "message/rfc822" or not inside:
        parts.leaf(content)
        parts.add_file(name or (_name(inside[0]) if inside else ""), content_type, content, inline)
        return _reported(content, parts) if content_type in _REPORTS else []
    inner = mended(inside[0])
    subject = words.readable(_first(inner, "subject"))
    parts.add_file(name or (_safe(subject[:80]) + ".eml" if subject else ""), content_type, content, inline)
    del content
    # Identity: an enclosed mail counts by the same headers and leaves as the mail itself.
    parts.leaf(b"\n".join(_octets(" ".join(_first(inner, header).split())) for header in _COUNTED))
    text = _joined(_pieces(inner, parts))
    shown = [f"{label}: {value}" for label in _SHOWN if (value := words.readable(_first(inner, label))[:500])]
    return [Piece("\n".join([_FORWARDED, *shown, "", text]))]


def _reported(content: bytes, parts: Parts) -> list[Piece]:
    """A report is kept for the rules to read; one that holds no fields but sentences is for people."""
    text = charsets.decode(content[:_REPORT_BYTES], None)[0].replace("\r\n", "\n").replace("\x00", "")
    if not _REPORT_FIELD.search(text):
        return [Piece(text)]
    parts.report = f"{parts.report}\n{text}"[:_REPORT_BYTES].strip("\n")
    return []


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
        try:
            # In one step where nothing is wrong with it: a large one is held no more often than it must be.
            return binascii.a2b_base64(raw)
        except (binascii.Error, ValueError):
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
    # The first word only: some programs forget the semicolon after it.
    said = words.unfold(_first(part, "content-disposition")).split(";", 1)[0].split(maxsplit=1)
    return said[0].lower() if said else ""


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
        if value and (name := _safe(_percent_undone(value)).strip("\"' ")):
            return name
    if part.is_multipart() or _content_type(part) in _BODY_TYPES:
        return ""
    # Not where a name belongs, but where some programs put it.
    described = words.readable(_first(part, "content-description"))
    place = _first(part, "content-location").strip().rpartition("/")[2]
    return next((_safe(name) for name in (described, place) if _LIKE_A_FILE.fullmatch(name)), "")


def _percent_undone(name: str) -> str:
    """A name in the manner of RFC 2231 under a parameter that does not announce it."""
    found = _EXTENDED.fullmatch(name)
    return charsets.decode(unquote_to_bytes(found[2]), found[1] or "utf-8")[0] if found else name


def _parameter(part: MimeMessage, parameter: str, header: str = "content-type") -> str | None:
    raw = _first(part, header)
    if parameter not in raw.lower() or len(raw) > _PARAMETER_BYTES:
        return None
    bench = MimeMessage()
    value = words.unfold(words.eight_bit(raw)).replace("\n", " ").replace("\r", " ")
    bench[header] = _NO_SEMICOLON.sub(r"\1; \2", value)
    try:
        found = bench.get_param(parameter, None, header)
    except (ValueError, LookupError, TypeError):
        return None
    if isinstance(found, tuple):
        charset, _, text = found
        # RFC 2231: the percent signs are undone, the bytes stand as Latin-1 characters.
        try:
            return charsets.decode(text.encode("latin-1"), charset or "utf-8")[0]
        except UnicodeEncodeError:
            return str(text)
    return words.decoded(found) if isinstance(found, str) else None


def _safe(name: str) -> str:
    """A file name on one line and not endless. It may still hold slashes: whoever saves it takes the last part."""
    text = " ".join(_UNSAFE.sub("_", charsets.scalar(name)).split())
    if len(text) <= _NAME_LENGTH:
        return text
    stem, dot, extension = text.rpartition(".")
    return stem[: _NAME_LENGTH - 20] + dot + extension[:19] if dot else text[:_NAME_LENGTH]


def _guessed_type(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _made_up(content_type: str) -> tuple[str, str]:
    """The words of a name for a part without one."""
    kind, _, subtype = content_type.partition("/")
    extension = _EXTENSIONS.get(content_type) or (subtype if _SUBTYPE.fullmatch(subtype) else "bin")
    return {"image": "image", "message": "message", "text": "text"}.get(kind, "attachment"), extension
