"""Text signed in the open (RFC 9580, 7): the words of the person, without the armour around them.

The signature is not checked; whom to believe is decided by the firm's own mail server.
"""

import re

_BEGIN = re.compile(
    r"^-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\n(?:[A-Za-z-]{1,30}:[^\n]*\n){0,20}[ \t]*\n", re.MULTILINE
)
_SIGNATURE, _END = "\n-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----"
_ESCAPE = "- "


def unarmoured(text: str) -> str | None:
    """The text without armour, what stands above and below it kept; None when it is not signed so."""
    begin = _BEGIN.search(text) if "-----BEGIN PGP SIGNED" in text else None
    if begin is None:
        return None
    signature = text.find(_SIGNATURE, begin.end() - 1)
    if signature < 0:
        signature, end = len(text), len(text)
    else:
        found = text.find(_END, signature)
        end = found + len(_END) if found >= 0 else len(text)
    # Lines that begin with a dash were given another one (7.1).
    words = [line.removeprefix(_ESCAPE) for line in text[begin.end() : signature].split("\n")]
    return text[: begin.start()] + "\n".join(words) + text[end:]
