r"""Parsing a mail without walking through its attachments line by line.

The standard library looks at every line of a mail several times, and most lines are base64. Long runs of it are taken
out before parsing, each leaving one line in its place, and put back into the parts they came from:

    blank line, 100 lines of base64 …  →  blank line, one line that names the block  →  parsed  →  the lines again

Such lines can be no header, no delimiter and no end of a part, so the structure found is the same.
"""

import re
from email import message_from_bytes
from email.message import Message as MimeMessage
from hashlib import sha256

from connectors.mime.parts import children

# Shorter mails cost less than looking for blocks in them.
_WORTH_LOOKING = 16_384
_BLOCK = re.compile(rb"(?<=\n)(\r?\n)((?:[A-Za-z0-9+/]{60,78}\r?\n){100,}+)")


def message_of(raw: bytes) -> MimeMessage:
    """What `email.message_from_bytes` makes of a mail, sooner."""
    if len(raw) < _WORTH_LOOKING:
        return message_from_bytes(raw)
    # A name that the mail cannot hold, because it is made from all of it.
    name = b"kingpost block " + sha256(raw).hexdigest().encode()
    blocks: list[str] = []

    def take(match: re.Match[bytes]) -> bytes:
        block = match[2].rstrip(b"\r\n")
        blocks.append(block.decode("ascii"))
        # The last line end stays: where a delimiter follows, it belongs to that (RFC 2046, 5.1.1).
        return b"%b%b %d." % (match[1], name, len(blocks) - 1) + match[2][len(block) :]

    message = message_from_bytes(_BLOCK.sub(take, raw))
    if blocks:
        _put_back(message, re.compile(name.decode() + r" (\d+)\."), blocks)
    return message


def _put_back(message: MimeMessage, place: re.Pattern[str], blocks: list[str]) -> None:
    def block(match: re.Match[str]) -> str:
        return blocks[int(match[1])]

    waiting = [message]
    while waiting:
        part = waiting.pop()
        waiting.extend(children(part))
        if isinstance(part._payload, str):  # type: ignore[attr-defined]  # as it came, undecoded
            part._payload = place.sub(block, part._payload)  # type: ignore[attr-defined]
        part.preamble = part.preamble and place.sub(block, part.preamble)
        part.epilogue = part.epilogue and place.sub(block, part.epilogue)
