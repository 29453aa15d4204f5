"""What is left of a mail where only who wrote to whom and when may be kept: some fields of its header."""

import re

from connectors.mime.signals import SIGNALS

_KEPT = frozenset(
    b"from sender reply-to to cc bcc date message-id in-reply-to references received return-path delivered-to "
    b"x-original-to authentication-results arc-authentication-results arc-message-signature arc-seal".split()
).union(signal.encode() for signal in SIGNALS if signal != "content-type")  # that may name an attachment
_END = re.compile(rb"\r?\n\r?\n")
_FIELD_END = re.compile(rb"\r?\n(?![ \t])")


def skeleton(raw: bytes) -> bytes:
    """The mail with addresses, dates, threading and our server's verdict alone: no subject, no text, no attachment.

    Args:
        raw: the mail as it came (RFC 5322).
    """
    end = _END.search(raw)
    fields = _FIELD_END.split(raw[: end.start()] if end else raw)
    kept = (field for field in fields if field.partition(b":")[0].strip().lower() in _KEPT)
    return b"".join(field + b"\r\n" for field in kept) + b"\r\n"
