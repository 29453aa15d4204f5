"""Bytes to text, whatever charset they claim: the claim where it holds, then UTF-8, then what Windows would show."""

import codecs
import re

# What mails say and Python does not know, or what they say and do not mean (WHATWG Encoding, "labels").
_MEANT = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "ansi_x3.4-1968": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "x-cp1252": "cp1252",
    "ansi": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "cp-850": "cp850",
    "unicode-1-1-utf-7": "utf-7",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "utf8mb4": "utf-8",
    "x-utf-8": "utf-8",
}
_WINDOWS_GAPS = {byte: chr(byte) for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
_SURROGATES = re.compile(r"[\ud800-\udfff]+")


def decode(content: bytes, charset: str | None) -> tuple[str, bool]:
    """The text, and whether the claimed charset could not be taken at its word."""
    if content.isascii() and not _shifts(content, charset):
        if b"\x1b$" in content and (text := _strict(content, "iso2022_jp_ext")) is not None:
            # Japanese that does not say so: nothing else begins a shift like this.
            return text, True
        return content.decode("ascii"), False
    name = _python_name(charset)
    if name not in (None, "cp1252"):
        text = _strict(content, name or "")
        if text is not None:
            return text, False
    try:
        # A mail that says Latin-1 or nothing and is valid UTF-8 is UTF-8: the chance that it is not is negligible.
        return content.decode("utf-8"), name is not None
    except UnicodeDecodeError:
        pass
    if name in ("utf-8", "utf8") and _mostly_utf8(content):
        return content.decode("utf-8", "replace"), True
    text = content.decode("cp1252", "kingpost-windows")
    return text, charset is None or name != "cp1252"


def scalar(text: str) -> str:
    """The text without lone surrogates, which no database or JSON takes."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def octets(value: str) -> bytes:
    """The raw bytes of a header or body as the standard library's parser holds it."""
    return value.encode("ascii", "surrogateescape") if value.isascii() else value.encode("utf-8", "surrogateescape")


def _shifts(content: bytes, charset: str | None) -> bool:
    """Whether ASCII bytes may mean something else: escape sequences, UTF-7, UTF-16, HZ."""
    if charset is None:
        return False
    lower = charset.strip().lower()
    named = charset.strip("\"' ").lower() not in ("us-ascii", "ascii")
    return (
        (b"\x1b" in content and named)
        or "utf-7" in lower
        or "16" in lower[:8]
        or "32" in lower[:8]
        or lower.startswith("hz")
    )


def _python_name(charset: str | None) -> str | None:
    if not charset:
        return None
    label = charset.strip().strip("\"'").lower().split("*")[0]
    name = _MEANT.get(label) or _MEANT.get(label.replace("_", "-")) or label.replace("windows-", "cp")
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    # "base64", "rot13", "zip" are codecs too, and not for text; "unicode_escape" and "idna" are not for mail.
    text_encoding = getattr(info, "_is_text_encoding", True)
    return info.name if text_encoding and info.name not in _NOT_FOR_MAIL else None


_NOT_FOR_MAIL = frozenset({"unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined", "mbcs", "oem"})


def _strict(content: bytes, name: str) -> str | None:
    try:
        text = content.decode(name)
        text.encode("utf-8")
    except (LookupError, UnicodeError, ValueError):
        return None
    return text


def _mostly_utf8(content: bytes) -> bool:
    """Whether broken UTF-8 is still better read as UTF-8: few of its multi-byte characters are broken."""
    sample = content[:65536]
    broken = sample.decode("utf-8", "replace").count("\ufffd")
    leads = sum(sample.count(byte) for byte in (b"\xc3", b"\xc2", b"\xe2"))
    return broken * 4 <= leads


def _windows_gap(error: UnicodeError) -> tuple[str, int]:
    """Bytes that Windows-1252 leaves open become the control characters of Latin-1, as browsers do."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return _WINDOWS_GAPS.get(error.object[error.start], "\ufffd"), error.start + 1


codecs.register_error("kingpost-windows", _windows_gap)
