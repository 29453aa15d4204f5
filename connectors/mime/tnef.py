"""Outlook's winmail.dat (TNEF, MS-OXTNEF): the files and the body that are packed in it.

The frame around the properties is walked here, without copying; the properties themselves are read by tnefparse, which
trusts every count and length it meets and is therefore handed bytes that run out.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, SupportsIndex

from connectors.mime import charsets, rtf

TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})

_SIGNATURE = b"\x78\x9f\x3e\x22"
_HEADER = 6
_FRAME = 11  # level, id, length and checksum of an attribute
_MESSAGE_LEVEL, _ATTACHMENT_LEVEL = 1, 2
_MESSAGE_PROPERTIES, _BODY, _CODEPAGE = 0x9003, 0x800C, 0x9007
_BEGIN, _TITLE, _DATA, _PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
_IS_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")
_MOST_ATTRIBUTES = 5000
_MOST_READS = 20_000
_MOST_FILES = 500
_DEEPEST = 4


@dataclass(slots=True)
class Packed:
    """One file of a winmail.dat."""

    name: str = ""
    content: bytes = b""
    inside: "Winmail | None" = None


@dataclass(slots=True)
class Winmail:
    """What a winmail.dat holds. `rtf` is the body as Outlook keeps it, read where it is the only one."""

    files: list[Packed] = field(default_factory=list)
    text: str = ""
    html: str = ""
    rtf: bytes = b""

    def all_files(self) -> Iterator[Packed]:
        """The files, those of enclosed mails too."""
        for file in self.files:
            if file.inside is not None:
                yield from file.inside.all_files()
            elif file.content:
                yield file


class _Finite(bytes):
    """Bytes that end: reading behind the end, or too often, is an error and not empty."""

    _reads = 0

    def __getitem__(self, key: Any) -> Any:
        self._reads += 1
        if self._reads > _MOST_READS or (isinstance(key, slice) and _at(key.start) >= len(self)):
            raise EOFError
        return super().__getitem__(key)


def _at(start: SupportsIndex | None) -> int:
    return 0 if start is None else start.__index__()


def unpacked(content: bytes, depth: int = 0) -> Winmail | None:
    """What is packed in it; None when it is no TNEF or nothing can be read. Linear in its size."""
    if not content.startswith(_SIGNATURE) or depth > _DEEPEST:
        return None
    found = Winmail()
    codepage = "cp1252"
    for level, name, data in _attributes(memoryview(content)):
        if name == _CODEPAGE and len(data) >= 4:
            codepage = _codec(int.from_bytes(data[:4], "little"))
        elif level == _MESSAGE_LEVEL and name == _BODY:
            found.text = found.text or charsets.decode(bytes(data), codepage)[0]
        elif level == _MESSAGE_LEVEL and name == _MESSAGE_PROPERTIES:
            _take_body(found, bytes(data), codepage)
        elif name == _BEGIN:
            if len(found.files) >= _MOST_FILES:
                break
            found.files.append(Packed())
        elif level == _ATTACHMENT_LEVEL and found.files:
            _take(found.files[-1], name, bytes(data), codepage, depth)
    found.text = found.text.rstrip("\x00")
    if found.rtf and not found.text and not found.html:
        found.text, found.html = rtf.readable(rtf.decompressed(found.rtf))
    return found if found.files or found.text or found.html else None


def _attributes(content: memoryview) -> Iterator[tuple[int, int, memoryview]]:
    """Level, id and data of each attribute."""
    position = _HEADER
    for _ in range(_MOST_ATTRIBUTES):
        if position + _FRAME > len(content):
            return
        level, name = content[position], int.from_bytes(content[position + 1 : position + 3], "little")
        length = int.from_bytes(content[position + 5 : position + 9], "little")
        yield level, name, content[position + 9 : position + 9 + length]
        position += length + _FRAME


def _take(file: Packed, name: int, data: bytes, codepage: str, depth: int) -> None:
    if name == _TITLE:
        file.name = file.name or charsets.decode(data.rstrip(b"\x00"), codepage)[0]
    elif name == _DATA:
        file.content = data
    elif name == _PROPERTIES:
        found = _properties(data, codepage)
        # The long name of a file counts more than its title, which Outlook cuts to eight letters.
        file.name = _words(found.get("MAPI_ATTACH_LONG_FILENAME")) or file.name
        inner = found.get("MAPI_ATTACH_DATA_OBJ")
        if isinstance(inner, bytes) and not file.content:
            if inner.startswith(_IS_MESSAGE):
                inner = inner[len(_IS_MESSAGE) :]
                file.inside = unpacked(inner, depth + 1)
            file.content = inner


def _take_body(found: Winmail, data: bytes, codepage: str) -> None:
    properties = _properties(data, codepage)
    stated = properties.get("MAPI_INTERNET_CODEPAGE")
    charset = _codec(stated) if isinstance(stated, int) else codepage
    found.text = _words(properties.get("MAPI_BODY"), charset) or found.text
    found.html = _words(properties.get("MAPI_BODY_HTML"), charset)
    packed = properties.get("MAPI_RTF_COMPRESSED")
    found.rtf = packed if isinstance(packed, bytes) else b""


def _properties(data: bytes, codepage: str) -> dict[str, object]:
    """The properties that matter, by name; those before the first broken one."""
    from tnefparse import properties
    from tnefparse.mapi import decode_mapi

    # It reports every broken file as an error of the program.
    logging.getLogger("tnefparse").disabled = True
    # It would count to whatever number the file claims.
    if len(data) < 8 or int.from_bytes(data[:4], "little") * 4 > len(data):
        return {}
    wanted = {
        getattr(properties, name): name
        for name in (
            "MAPI_ATTACH_LONG_FILENAME",
            "MAPI_ATTACH_DATA_OBJ",
            "MAPI_INTERNET_CODEPAGE",
            "MAPI_BODY",
            "MAPI_BODY_HTML",
            "MAPI_RTF_COMPRESSED",
        )
    }
    found: dict[str, object] = {}
    for attribute in decode_mapi(_Finite(data), codepage):
        if attribute.name in wanted and wanted[attribute.name] not in found:
            found[wanted[attribute.name]] = attribute.data
    return found


def _words(value: object, charset: str = "utf-8") -> str:
    if isinstance(value, bytes):
        value = charsets.decode(value, charset)[0]
    return charsets.scalar(value).strip("\x00") if isinstance(value, str) else ""


def _codec(codepage: int) -> str:
    return {65001: "utf-8", 20127: "ascii", 20866: "koi8-r", 28591: "iso-8859-1"}.get(codepage, f"cp{codepage}")
