"""One raw mail read into a Message. Bad mail is read as far as it goes; only a mail over a limit is refused."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from connectors.mime import addresses, charsets, dates, words
from connectors.mime.identity import HEADERS, Fingerprint, message_id, message_ids, of_bytes
from connectors.mime.limits import Limits, check
from connectors.mime.parser import LeanParser
from connectors.mime.parts import File, Parts, taken_apart
from connectors.mime.signals import SIGNALS
from rules.terms.errors import MailRefused
from rules.terms.mail import Address, Attachment, Blob, Message

_SIGNAL_LENGTH = 1000
_MOST_REFERENCES = 200
_RESULTS = "authentication-results"
_SUBJECT_LENGTH = 2000
# Commas stand in names, too ("Müller, Dr. Max").
_SEPARATORS_EACH = 4
_RECIPIENTS = ("from", "reply-to", "to", "cc", "bcc")
_LEAD = re.compile(rb"[\r\n\xef\xbb\xbf]*(?:>?From [^\r\n]*\r?\n)?")
_DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Parsed:
    """A mail as read: `html` is its HTML body as it came, `blobs` are the attachments' contents, packed."""

    message: Message
    html: str | None
    blobs: tuple[Blob, ...]


def read(raw: bytes, limits: Limits = _DEFAULT_LIMITS) -> Parsed:
    """Read one mail. Raises MailRefused when it is over a limit, and nothing else however broken it is."""
    check(raw, limits)
    try:
        return _parsed(raw, limits)
    except (MailRefused, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001  # the parsers raise on mails nobody foresaw; the mail is kept and shown
        return _unparsed(raw, type(error).__name__)


def _parsed(raw: bytes, limits: Limits) -> Parsed:
    # What mbox files and careless exports put before the first header is no part of the mail.
    lead = _LEAD.match(raw)
    parser = LeanParser.from_bytes(raw[lead.end() :] if lead else raw)
    header = parser.raw
    _check_addresses([value for name in _RECIPIENTS for value in header(name)], limits)
    own_id = message_id(header("message-id"))
    fingerprint = Fingerprint(own_id, [header(name) for name in HEADERS])
    parts = taken_apart(parser.message, parser.source, fingerprint.leaf)
    sender, sender_defects = _sender(header, parts.charset)
    date, date_defects = dates.written(header("date"), header("received"))
    message = Message(
        identity=fingerprint.value,
        message_id=own_id,
        sender=sender,
        subject=_one_line(header("subject"), parts.charset),
        date=date,
        text=charsets.scalar(parts.text),
        size=len(raw),
        reply_to=addresses.listed(header("reply-to")),
        to=addresses.listed(header("to")),
        cc=addresses.listed(header("cc")),
        bcc=addresses.listed(header("bcc")),
        in_reply_to=message_ids(header("in-reply-to"))[:_MOST_REFERENCES],
        references=message_ids(header("references"))[-_MOST_REFERENCES:],
        attachments=tuple(_attachment(file) for file in parts.files),
        authentication_results=_authentication_results(parser),
        headers={name: _signal(header(name)[0]) for name in SIGNALS if header(name)},
        defects=tuple(dict.fromkeys([*sender_defects, *date_defects, *parts.defects, *_mime_defects(parser, parts)])),
        report=charsets.scalar(parts.report),
    )
    return Parsed(message, parts.html, tuple({file.blob.digest: file.blob for file in parts.files}.values()))


def _check_addresses(values: list[str], limits: Limits) -> None:
    """Refuse endless address lines: each entry costs the scanner some work, an empty one too."""
    if sum(value.count("@") for value in values) > limits.addresses:
        raise MailRefused(reason=f"more than {limits.addresses:,} addresses")
    entries = limits.addresses * _SEPARATORS_EACH
    if sum(value.count(",") + value.count(";") for value in values) > entries:
        raise MailRefused(reason=f"more than {entries:,} entries in the address lines")


def _unparsed(raw: bytes, why: str) -> Parsed:
    """A mail that no parser can take apart: its bytes as text, so that a person can look at it."""
    message = Message(
        identity=of_bytes(raw),
        message_id=None,
        sender=Address(""),
        subject="",
        date=None,
        text=charsets.scalar(charsets.decode(raw, None)[0]).replace("\x00", ""),
        size=len(raw),
        defects=(f"unparsed-{why}",),
    )
    return Parsed(message, None, ())


def _attachment(file: File) -> Attachment:
    return Attachment(file.name, file.content_type, file.blob.size, file.blob.digest, file.inline)


def _sender(header: Callable[[str], list[str]], charset: str | None) -> tuple[Address, list[str]]:
    """Who wrote. A mail without From is somebody's all the same: Sender, else Reply-To, with a defect that says so."""
    sender, defects = addresses.sender(header("from"), charset)
    if defects == ["from-missing"]:
        for name in ("sender", "reply-to"):
            stated, _ = addresses.sender(header(name), charset)
            if stated.addr:
                return stated, [f"from-missing-took-{name}"]
    return sender, defects


def _one_line(values: list[str], charset: str | None) -> str:
    return " ".join(words.readable(values[0], charset).split())[:_SUBJECT_LENGTH] if values else ""


def _signal(value: str) -> str:
    return words.readable(value)[:_SIGNAL_LENGTH]


def _authentication_results(parser: LeanParser) -> tuple[str, ...]:
    """The topmost unbroken block: what stands below another header may have come with the mail (RFC 8601, 5)."""
    block: list[str] = []
    for name, value in parser.message.raw_items():
        if name.lower() == _RESULTS:
            block.append(words.unfold(words.eight_bit(value)))
        elif block:
            break
    return tuple(block)


def _mime_defects(parser: LeanParser, parts: Parts) -> list[str]:
    """What mail-parser and the standard library found wrong with the structure."""
    return sorted(f"mime-{category}" for category in {*parser.defects_categories, *parts.broken})
