r"""The body that Outlook keeps as compressed RTF, as text or as the HTML it was made from.

    {\rtf1\ansi\ansicpg1252\fromhtml1 …{\*\htmltag64 <p>}\htmlrtf \par \htmlrtf0 Gr\'fc\'dfe{\*\htmltag72 </p>}}

Control words tell what is text (Rich Text Format 1.9.1), `htmltag` and `htmlrtf` what of it is HTML (MS-OXRTFEX).
Linear in the size of what is read, which is bounded.
"""

import re
from dataclasses import dataclass, field, replace
from struct import error, unpack_from

from connectors.mime import charsets

_MOST = 512 * 1024
_DEEPEST = 200
# What every compressed text may refer to (MS-OXRTFCP, 2.1.3.1.1.1).
_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    + b"\r\n"
    + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_WINDOW = 4096
_TOKEN = re.compile(
    rb"\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\(?P<sign>[^a-zA-Z])"
    rb"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+|\\"
)
_BREAKS = {"par": "\n", "line": "\n", "sect": "\n", "page": "\n", "row": "\n", "tab": "\t", "cell": "\t"}
_CHARACTERS = _BREAKS | {
    "emdash": "—",
    "endash": "–",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "emspace": " ",
    "enspace": " ",
}
_SIGNS = {b"\\": "\\", b"{": "{", b"}": "}", b"~": "\u00a0", b"_": "-", b"\n": "\n", b"\r": "\n"}
_NO_TEXT = frozenset(
    "colortbl stylesheet info pict object header footer headerf footerf headerl headerr footerl footerr themedata "
    "listtable listoverridetable revtbl fldinst filetbl xmlnstbl footnote annotation generator latentstyles".split()
)
_CHARSETS = {
    77: "mac-roman",
    128: "cp932",
    129: "cp949",
    134: "gb18030",
    136: "big5hkscs",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}


def decompressed(content: bytes) -> bytes:
    """The RTF in a PidTagRtfCompressed (MS-OXRTFCP), as far as it is sound; b"" when there is none."""
    try:
        size, raw_size, kind = unpack_from("<II4s", content)
    except error:
        return b""
    if kind == b"MELA":
        return content[16 : 16 + min(raw_size, _MOST)]
    return _unfolded(content[16 : size + 4]) if kind == b"LZFu" else b""


def _unfolded(content: bytes) -> bytes:
    window = bytearray(_DICTIONARY.ljust(_WINDOW))
    write = len(_DICTIONARY)
    out = bytearray()
    position = 0
    while position < len(content) and len(out) < _MOST:
        control = content[position]
        position += 1
        for bit in range(8):
            if control >> bit & 1:
                token = int.from_bytes(content[position : position + 2].ljust(2, b"\0"), "big")
                position += 2
                if token >> 4 == write:
                    return bytes(out)
                places = range(token >> 4, (token >> 4) + (token & 15) + 2)
            else:
                if position >= len(content):
                    break
                window[write] = content[position]
                places = range(write, write + 1)
                position += 1
            for place in places:
                window[write] = window[place % _WINDOW]
                out.append(window[write])
                write = (write + 1) % _WINDOW
    return bytes(out)


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds within one pair of braces."""

    silent: bool = False
    tag: bool = False  # an HTML tag
    rtf_only: bool = False  # what stands for such a tag in RTF
    fonts: bool = False
    starred: bool = False
    codec: str = ""
    fallback: int = 1  # so many characters follow a Unicode one, for readers that do not know it


@dataclass(slots=True)
class _Reader:
    codec: str = "cp1252"
    html: bool = False
    group: _Group = field(default_factory=_Group)
    outer: list[_Group] = field(default_factory=list)
    fonts: dict[int, str] = field(default_factory=dict)
    font: int = 0
    skip: int = 0
    octets: bytearray = field(default_factory=bytearray)
    octets_codec: str = ""
    out: list[str] = field(default_factory=list)

    @property
    def heard(self) -> bool:
        group = self.group
        return group.tag or not (group.silent or group.fonts or (self.html and group.rtf_only))

    def take(self, octets: bytes) -> None:
        """Text in the codec of its font; characters may be longer than one octet, and than one token."""
        skipped = min(self.skip, len(octets))
        self.skip -= skipped
        if self.heard:
            codec = self.group.codec or self.codec
            if codec != self.octets_codec:
                self.flush()
                self.octets_codec = codec
            self.octets += octets[skipped:]

    def say(self, text: str) -> None:
        if self.heard:
            self.flush()
            self.out.append(text)

    def flush(self) -> None:
        if self.octets:
            self.out.append(charsets.decode(bytes(self.octets), self.octets_codec)[0])
            self.octets.clear()

    def brace(self, opens: bool) -> None:
        self.skip = 0
        if opens:
            self.outer.append(self.group)
            self.group = replace(self.group, starred=False)
        elif self.outer:
            self.group = self.outer.pop()

    def word(self, name: str, number: int | None) -> None:
        if self.skip and name != "bin":
            self.skip -= 1
        elif name in _CHARACTERS:
            self.say(_CHARACTERS[name])
        elif name == "u" and number is not None:
            self.say(chr(number % 0x10000))
            self.skip = self.group.fallback
        elif name in ("f", "fcharset", "ansicpg", "fromhtml"):
            self._hold(name, number or 0)
        else:
            self.group = self._from_here(name, number)

    def _hold(self, name: str, number: int) -> None:
        """What is said of the document and its fonts."""
        if name == "fromhtml":
            self.html = number != 0
        elif name == "ansicpg":
            self.codec = "utf-8" if number == 65001 else f"cp{number}"
        elif name == "f":
            self.font = number
            if not self.group.fonts:
                self.group = replace(self.group, codec=self.fonts.get(number, ""))
        elif self.group.fonts and number in _CHARSETS:
            self.fonts[self.font] = _CHARSETS[number]

    def _from_here(self, name: str, number: int | None) -> _Group:
        """What holds to the end of the group."""
        group = self.group
        if name == "uc":
            group = replace(group, fallback=min(max(number or 0, 0), 8))
        elif name == "plain":
            group = replace(group, codec="")
        elif name == "htmlrtf":
            group = replace(group, rtf_only=number != 0)
        elif name == "htmltag":
            group = replace(group, tag=self.html, silent=True)
        elif name == "fonttbl":
            group = replace(group, fonts=True)
        elif group.starred or name in _NO_TEXT:
            group = replace(group, silent=True, tag=False, starred=False)
        return group


def readable(rtf: bytes) -> tuple[str, str]:
    """The text of a document, and the HTML it was made from; one of them is ""."""
    reader = _Reader()
    position, end = 0, min(len(rtf), _MOST)
    if not rtf.startswith(b"{\\rtf"):
        return "", ""
    while position < end and len(reader.outer) < _DEEPEST and (token := _TOKEN.match(rtf, position, end)):
        position = token.end()
        if token["text"]:
            reader.take(token["text"])
        elif token["hex"]:
            reader.take(bytes.fromhex(token["hex"].decode()))
        elif token["brace"]:
            reader.brace(token["brace"] == b"{")
            if not reader.outer:
                break
        elif token["word"]:
            number = int(token["number"]) if token["number"] else None
            reader.word(token["word"].decode(), number)
            if token["word"] == b"bin":
                position += max(number or 0, 0)
        elif token["sign"] == b"*":
            reader.group = replace(reader.group, starred=True)
        elif token["sign"] in _SIGNS:
            reader.say(_SIGNS[token["sign"]])
    reader.flush()
    said = "".join(reader.out).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\0", "")
    return ("", said) if reader.html else (said, "")
