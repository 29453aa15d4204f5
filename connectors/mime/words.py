"""Header text as people read it: encoded words (RFC 2047), raw 8-bit bytes and whatever else is found there."""

import base64
import binascii
import re

from connectors.mime import charsets

_FOLD = re.compile(r"\r\n?(?=[ \t])|\n(?=[ \t])")
# A few question marks may stand in the text of a word though none should.
_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?]*(?:\?(?!=)[^?]{0,80}){0,3})\?=")
_HEX = re.compile(rb"=([0-9a-fA-F]{2})")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def unfold(value: str) -> str:
    """One logical line: the line breaks of folding gone, the blanks after them kept."""
    return _FOLD.sub("", value) if "\n" in value or "\r" in value else value


def readable(value: str, charset: str | None = None) -> str:
    """A header's text, decoded; `charset` is tried for bytes that no encoded word covers."""
    text = decoded(unfold(eight_bit(value, charset)))
    if not text.isprintable():
        text = _CONTROL.sub(" ", text)
    return charsets.scalar(text).strip()


def eight_bit(value: str, charset: str | None = None) -> str:
    """Raw 8-bit bytes, which the parser holds as surrogates, as characters."""
    if value.isascii():
        return charsets.decode(value.encode(), "iso-2022-jp")[0] if "\x1b$" in value else value
    return charsets.decode(charsets.octets(value), charset)[0]


def decoded(text: str) -> str:
    """Text with its encoded words decoded.

    White space between two encoded words belongs to the folding. Neighbours of one charset and encoding are joined
    before decoding, because some programs split a character between two words.
    """
    if "=?" not in text:
        return text
    out: list[str] = []
    pending: list[bytes] = []
    pending_charset = ""
    last = 0
    for match in _WORD.finditer(text):
        between = text[last : match.start()]
        last = match.end()
        charset = match.group(1).split("*")[0].lower()
        content = _content(match.group(2), match.group(3))
        if pending_charset and not between.strip() and charset == pending_charset:
            pending.append(content)
            continue
        if pending_charset:
            out.append(charsets.decode(b"".join(pending), pending_charset)[0])
        if not pending_charset or between.strip():
            out.append(between)
        pending, pending_charset = [content], charset
    if pending_charset:
        out.append(charsets.decode(b"".join(pending), pending_charset)[0])
    out.append(text[last:])
    return "".join(out)


def _content(encoding: str, encoded: str) -> bytes:
    raw = charsets.octets(encoded)
    if encoding in "qQ":
        return _HEX.sub(lambda match: bytes((int(match.group(1), 16),)), raw.replace(b"_", b" "))
    return lenient_base64(raw)


def lenient_base64(raw: bytes) -> bytes:
    """Base64 as mail programs read it: foreign characters skipped, padding mended."""
    try:
        return base64.b64decode(raw, validate=True)
    except (binascii.Error, ValueError):
        data = _NOT_BASE64.sub(b"", raw.split(b"=", 1)[0])
        if len(data) % 4 == 1:
            data = data[:-1]
        return base64.b64decode(data + b"=" * (-len(data) % 4))
