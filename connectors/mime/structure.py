"""The standard library's parser of MIME structure, kept from three things that hostile and large mails cost.

Parameters (boundary, charset, file name) are looked for in time that grows with the square of the header's length: only
the beginning of a long header counts. The mail is fed in pieces, where the library would first make text of all of it.
And an enclosed mail is left as the text it is, so that it need not be written anew to be kept; whoever wants to look
inside parses it by itself.
"""

from collections.abc import Iterator
from email.feedparser import BytesFeedParser, FeedParser
from email.message import Message as MimeMessage
from typing import Any

# In characters. A file name of 200 Chinese characters fills 1,800.
PARAMETERS_LENGTH = 8192
_PIECE = 1 << 16


class Part(MimeMessage):
    """A part of a mail as the parser makes it."""

    def get_param(self, param: str, failobj: Any = None, header: str = "content-type", unquote: bool = True) -> Any:
        """A parameter as the standard library finds it, in the beginning of its header."""
        value = str(self.get(header, ""))
        if len(value) <= PARAMETERS_LENGTH:
            return super().get_param(param, failobj, header, unquote)
        short = MimeMessage()
        short[header] = value[:PARAMETERS_LENGTH]
        return short.get_param(param, failobj, header, unquote)

    def get_content_maintype(self) -> str:
        """What the parser goes by: the text of an enclosed mail is not parsed along."""
        content_type = self.get_content_type()
        return "text" if content_type == "message/rfc822" else content_type.partition("/")[0]


def parsed(raw: bytes | str) -> MimeMessage:
    """The parts of a mail. As text it has its bytes above 127 as surrogates."""
    parser: FeedParser[Part] = BytesFeedParser(Part) if isinstance(raw, bytes) else FeedParser(Part)
    for start in range(0, len(raw), _PIECE):
        parser.feed(raw[start : start + _PIECE])  # type: ignore[arg-type]  # each parser takes what it was made for
    return parser.close()


def children(part: MimeMessage) -> list[MimeMessage]:
    """The parts directly inside a part."""
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, MimeMessage)] if isinstance(payload, list) else []


def walk(message: MimeMessage) -> Iterator[MimeMessage]:
    """Every part in the order of the mail, without recursion."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        yield part
        waiting.extend(reversed(children(part)))
