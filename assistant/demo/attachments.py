"""Small files that hang on demo mails: a one-page PDF, a PNG, a CSV, made here so that nothing binary is kept."""

import struct
import zlib
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Paper:
    """An attachment with its name, type and bytes."""

    name: str
    maintype: str
    subtype: str
    content: bytes


def paper(name: str, text: str) -> Paper:
    """The attachment of this name; the text's lines are separated by ` / `."""
    lines = [line.strip() for line in text.split(" / ")]
    ending = name.rpartition(".")[2].lower()
    if ending == "pdf":
        return Paper(name, "application", "pdf", pdf(lines))
    if ending == "png":
        return Paper(name, "image", "png", png(name))
    if ending == "csv":
        return Paper(name, "text", "csv", ("\r\n".join(lines) + "\r\n").encode())
    raise ValueError(f"no such kind of attachment: {name}")


def pdf(lines: list[str]) -> bytes:
    """One A4 page with these lines, in Helvetica."""
    shown = [line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in lines]
    page = "BT /F1 11 Tf 15 TL 60 780 Td " + " ".join(f"({line}) Tj T*" for line in shown) + " ET"
    stream = page.encode("cp1252", "replace")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def png(name: str, width: int = 64, height: int = 48) -> bytes:
    """A small picture: a shaded field whose colour follows from the name."""
    red, green, blue = sha256(name.encode()).digest()[:3]
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            shade = 128 + (x * 96 // width) - (y * 64 // height)
            rows += bytes((red * shade // 255, green * shade // 255, blue * shade // 255))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, data)
        for kind, data in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            (b"IDAT", zlib.compress(bytes(rows), 9)),
            (b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
