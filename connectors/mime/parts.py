"""The parts of a mail: which are its body, which are attachments, and what is packed in them.

Each leaf is decoded, counted, packed and let go before the next one, so that a large mail is not held several times.
"""

import binascii
import mimetypes
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from email.errors import MissingHeaderBodySeparatorDefect
from email.generator import BytesGenerator
from email.message import Message as MimeMessage
from email.policy import compat32
from io import BytesIO
from urllib.parse import unquote_to_bytes

from connectors.mime import calendars, charsets, clearsigned, flowed, signed, tnef, words
from connectors.mime.alternatives import better
from connectors.mime.blob import pack, pack_pieces
from connectors.mime.blocks import Source
from connectors.mime.limits import Limits, check
from connectors.mime.piece import Piece
from connectors.mime.structure import PARAMETERS_LENGTH, children, parsed, walk
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
_MOST_FIELDS = 20_000
_REPORT_FIELD = re.compile(
    r"^(?:reporting-(?:mta|ua)|(?:final|original)-recipient|action|feedback-type)[ \t]*:", re.I | re.M
)
_ARMOURED = re.compile(r"^-----BEGIN PGP MESSAGE-----", re.MULTILINE)
_MOST_OPENED = 4
_LARGE = 1 << 20
_FORWARDED = "-----Original Message-----"
_SHOWN = ("From", "Date", "To", "Cc", "Subject")
# In characters of the raw header and of what is shown of it.
_SHOWN_LENGTH, _SHOWN_VALUE = 8192, 500
_COUNTED = ("from", "date", "subject")


@dataclass(frozen=True, slots=True)
class File:
    """A part that is listed as an attachment."""

    name: str
    content_type: str
    blob: Blob
    inline: bool


@dataclass(slots=True)
class Parts:
    """What was found in the parts of one mail, in their order.

    `leaf` is handed the bytes of every leaf, which come from `source`. `broken` is what the standard library found
    wrong with the structure of enclosed mails.
    """

    source: Source
    leaf: Callable[[bytes], None]
    files: list[File] = field(default_factory=list)
    defects: dict[str, None] = field(default_factory=dict)
    pieces: list[Piece] = field(default_factory=list)
    # Read only where the body says nothing: events in words, bodies packed beside it.
    instead: list[Piece] = field(default_factory=list)
    charset: str | None = None
    report: str = ""
    broken: set[str] = field(default_factory=set)
    opened: int = 0
    _taken: dict[str, int] = field(default_factory=dict)

    def add_file(self, name: str, content_type: str, content: bytes, inline: bool) -> None:
        """List a file."""
        self.files.append(File(self.named(name, content_type), content_type, pack(content), inline))

    def named(self, name: str, content_type: str) -> str:
        """The name of the next file; one without a name gets one, always the same for the same mail."""
        if not name:
            word, extension = _made_up(content_type)
            name = f"{word}.{extension}"
            while name in self._taken:
                # How often a name was asked for tells where to go on, however many there are.
                self._taken[f"{word}.{extension}"] += 1
                name = f"{word}-{self._taken[f'{word}.{extension}']}.{extension}"
        self._taken.setdefault(name, 1)
        return name

    @property
    def text(self) -> str:
        """The whole readable body."""
        return _joined(self.pieces) or _joined(self.instead)

    @property
    def html(self) -> str | None:
        """The HTML of the body, as it came; None when the body is plain text."""
        found = [piece.html for piece in (*self.pieces, *self.instead) if piece.html is not None]
        return "\n".join(found) if found else None


def taken_apart(message: MimeMessage, source: Source, leaf: Callable[[bytes], None]) -> Parts:
    """The parts of a parsed mail, which is used up. Nesting was bounded before parsing, so recursion is safe."""
    parts = Parts(source, leaf)
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


def _behind_the_end(part: MimeMessage) -> list[MimeMessage]:
    """Parts after the closing line, as mails have them that use one boundary on two levels."""
    boundary = part.get_boundary()
    if not part.epilogue or not boundary or f"--{boundary}\n" not in part.epilogue.replace("\r\n", "\n"):
        return []
    return children(parsed(f'Content-Type: multipart/mixed; boundary="{boundary}"\n\n{part.epilogue}'))


def _leaf(part: MimeMessage, content_type: str, parts: Parts) -> list[Piece]:
    content = _content(part, parts.source)
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
    text = clearsigned.unarmoured(text) or text
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
    outside = parts.source, parts.leaf
    parts.source, parts.leaf = Source(inside), lambda _: None
    try:
        return _pieces(parsed(parts.source.short), parts)
    finally:
        parts.source, parts.leaf = outside


def _enclosed(part: MimeMessage, content_type: str, parts: Parts) -> list[Piece]:
    """A mail inside the mail is listed as a file, and read below the header lines that mail programs show of it.

    Other enclosed things (delivery status, fragments, references to files elsewhere) are only listed.
    """
    name, inline, payload = _name(part), _inline(part, _disposition(part)), part._payload  # type: ignore[attr-defined]
    if content_type != "message/rfc822" or not isinstance(payload, str):
        inside = children(part)
        if sum(map(len, inside)) > _MOST_FIELDS:
            raise MailRefused(reason=f"a report with more than {_MOST_FIELDS:,} lines")
        content = _flattened(part, inside, parts.source)
        parts.leaf(content)
        parts.add_file(name or (_name(inside[0]) if inside else ""), content_type, content, inline)
        return _reported(content, parts) if content_type in _REPORTS else []
    whole = parsed(payload)
    parts.broken |= {type(defect).__name__ for one in walk(whole) for defect in one.defects}
    inner = mended(whole)
    subject = " ".join(words.readable(_first(inner, "subject")[:_SHOWN_LENGTH]).split())
    name = parts.named(name or (_safe(subject[:80]) + ".eml" if subject else ""), content_type)
    # Identity: an enclosed mail counts by the same headers and leaves as the mail itself.
    parts.leaf(b"\n".join(_octets(" ".join(_first(inner, header).split())) for header in _COUNTED))
    place = len(parts.files)
    text = _joined(_pieces(inner, parts))
    # Packed last, so that what is in it is not held beside it.
    blob = pack_pieces(parts.source.pieces(_octets(payload)))
    parts.files.insert(place, File(name, content_type, blob, inline))
    shown = [
        f"{label}: {value}"
        for label in _SHOWN
        if (value := words.readable(_first(inner, label)[:_SHOWN_LENGTH])[:_SHOWN_VALUE])
    ]
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
    if not any(isinstance(defect, MissingHeaderBodySeparatorDefect) for defect in part.defects):
        return part
    if not isinstance(payload, str) or part.get_content_type() == "message/rfc822":
        return part
    head, gap, rest = payload[:_HEADER_LENGTH].partition("\r\n\r\n" if "\r\n" in payload[:1000] else "\n\n")
    if not _KNOWN_HEADER.search(head):
        return part
    # A stray line becomes a continuation of the one before it.
    lines = [line if _HEADER_LINE.match(line) else f" {line}" for line in head.splitlines()]
    known = [f"{name}: {value}" for name, value in part.raw_items()]
    text = "\n".join([*known, *lines]) + "\n\n" + rest + payload[_HEADER_LENGTH:]
    again = parsed(text if gap else text.rstrip("\n") + "\n\n")
    again.set_default_type(part.get_default_type())
    return again


def _flattened(part: MimeMessage, inside: list[MimeMessage], source: Source) -> bytes:
    if not inside:
        return _content(part, source)
    out = BytesIO()
    for child in inside:
        try:
            BytesGenerator(out, mangle_from_=False, policy=compat32).flatten(child)
        except (LookupError, UnicodeError, ValueError, TypeError, AttributeError):
            # The standard library cannot write everything that it can read; the headers and text are what counts.
            out.write(b"".join(_octets(f"{name}: {value}\n") for name, value in child.raw_items()) + b"\n")
            out.write(_content(child, source))
    return b"".join(source.pieces(out.getvalue()))


def _content(part: MimeMessage, source: Source) -> bytes:
    """The bytes of a leaf, its transfer encoding undone."""
    payload = part._payload  # type: ignore[attr-defined]  # get_payload() decodes with the charset and may raise
    if not isinstance(payload, str):
        return b""
    raw = source.octets(payload)
    encoding = "".join(_first(part, "content-transfer-encoding").split()).lower().strip("\"';")
    if encoding == "base64":
        try:
            # In one step where nothing is wrong with it: a large one is held no more often than it must be.
            return binascii.a2b_base64(raw) if raw.isascii() else _lenient_base64(raw)
        except (binascii.Error, ValueError):
            return _lenient_base64(raw)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(raw)
    if encoding in ("x-uuencode", "uuencode", "uue", "x-uue"):
        return _uudecoded(raw)
    return raw


def _lenient_base64(raw: bytes) -> bytes:
    return words.lenient_base64(b"".join(raw.split()))


def _uudecoded(raw: bytes) -> bytes:
    bench = MimeMessage()
    bench["Content-Transfer-Encoding"] = "x-uuencode"
    bench._payload = raw.decode("ascii", "surrogateescape")  # type: ignore[attr-defined]
    try:
        decoded = bench.get_payload(decode=True)
    except (ValueError, LookupError):
        return raw
    return decoded if isinstance(decoded, bytes) else raw


def _octets(text: str) -> bytes:
    return charsets.octets(text)


def _content_type(part: MimeMessage) -> str:
    value = _first(part, "content-type")
    if len(value) > PARAMETERS_LENGTH:
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
    if parameter not in raw.lower() or len(raw) > PARAMETERS_LENGTH:
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
