"""Addresses out of raw header values: structure first, decoding after, so that no display name becomes an address.

mail-parser's scanner decides on structure. Where it gives up, one last careful look: an address is taken only when
there is exactly one outside quotes, comments and encoded words.
"""

import re
from collections.abc import Sequence

from mailparser.utils import get_addresses

from connectors.mime import charsets, words
from rules.terms.mail import Address

# The shape of nearly every address: atoms only, so that nothing in it can mean anything else.
# Neighbouring groups share no characters, so a failed match costs one pass.
_PLAIN = re.compile(
    r"""(?:"([^"\\<>@,;:\r\n]*)"[ \t]*|([^"\\<>@,;:()\[\]\r\n]*))"""
    r"<([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+)>",
)
_BARE = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")
# A name that should have been quoted, before the only address there is: "Müller, Max <m@example.org>".
_UNQUOTED = re.compile(r"([^\"<>@:\\]*)<([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+)>")
_MAILTO = re.compile(r"[<\[(]?mailto:$", re.IGNORECASE)
# The name behind the address, as mail servers of old wrote it (RFC 822).
_COMMENT = re.compile(r"\(([^()\\]{1,200})\)\s*$")
_HIDDEN = re.compile(r'"(?:[^"\\]|\\.)*"|\([^()]*\)|=\?[^?\s]{1,80}\?[bBqQ]\?[^?]*\?=', re.DOTALL)
_LOOSE = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,128}@[\w.-]{1,255}")
# Obsolete syntax (RFC 5322, 4.4) in which programs find different addresses.
_ROUTE = re.compile(r"<\s*@")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_RESCUED = 2000
# In characters. No program shows more of a name, and no address is that long (RFC 5321, 4.5.3.1).
_NAME_LENGTH = 2000
_ADDRESS_LENGTH = 512
_BLANKS = re.compile(r"\s+")


def sender(values: Sequence[str], charset: str | None = None) -> tuple[Address, list[str]]:
    """Who wrote, by the raw From headers, and what is odd about them."""
    if not values:
        return Address(""), ["from-missing"]
    defects = ["from-several-headers"] if len(values) > 1 else []
    found, odd = parse(values[0], charset)
    if _CONTROL.search(words.unfold(values[0])):
        defects.append("from-control-characters")
    defects += ["from-" + reason for reason in odd]
    if not found:
        return Address("", _left_over(values[0])), [*defects, "from-unreadable"]
    if len(found) > 1:
        defects.append("from-several-addresses")
    if _ROUTE.search(values[0]) or 0 <= values[0].find(":") < values[0].rfind(";"):
        defects.append("from-route")
    first = found[0]
    others = {match.lower() for match in _LOOSE.findall(first.name)}
    if others - {first.addr.lower()}:
        defects.append("from-other-address-in-name")
    return first, defects


def listed(values: Sequence[str]) -> tuple[Address, ...]:
    """All addresses of some raw To, Cc, Bcc or Reply-To headers."""
    return tuple(address for value in values for address in parse(value)[0])


def parse(value: str, charset: str | None = None) -> tuple[list[Address], list[str]]:
    """The addresses of one raw header value and the reasons why any of it is doubtful."""
    text = words.unfold(words.eight_bit(value, charset)).strip()
    if not text:
        return [], []
    found, odd = _found(text)
    short = [address for address in found if len(address.addr) <= _ADDRESS_LENGTH]
    return short, odd if len(short) == len(found) else [*odd, "address-too-long"]


def _found(text: str) -> tuple[list[Address], list[str]]:
    plain = _PLAIN.fullmatch(text)
    if plain:
        return [_address(plain.group(1) or plain.group(2) or "", plain.group(3))], []
    unquoted = _UNQUOTED.fullmatch(text)
    if unquoted and ("," in unquoted[1] or ";" in unquoted[1]):
        return [_address(unquoted[1], unquoted[2])], ["invalid-display-name"]
    if _BARE.fullmatch(text):
        return [Address(text)], []
    diagnostics: list[dict[str, object]] = []
    pairs = get_addresses(charsets.scalar(text), defects=diagnostics, decode_names=False)
    found = [_address(name, addr) for name, addr in pairs if addr]
    odd = list(dict.fromkeys(str(entry["reason"]).split(",", 1)[0] for entry in diagnostics))
    if len(found) == 1 and not found[0].name and (comment := _COMMENT.search(text)):
        found = [_address(comment[1], found[0].addr)]
    if not found:
        rescued = _only_address(text)
        if rescued is not None:
            found = [rescued]
    return found, odd


def _address(name: str, addr: str) -> Address:
    shown = _shown(name)
    return Address(addr.strip(), "" if shown.lower() == addr.strip().lower() else shown)


def _shown(name: str) -> str:
    """A display name as a mail program shows it, on one line and without its quotation marks."""
    text = charsets.scalar(words.decoded(name))
    text = _BLANKS.sub(" ", _CONTROL.sub(" ", text)).strip()[:_NAME_LENGTH]
    while len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1].strip()
    return text


def _only_address(text: str) -> Address | None:
    """The one address that stands in the open, if there is exactly one."""
    visible = _HIDDEN.sub(" ", text[:_RESCUED])
    if _CONTROL.search(visible):
        return None
    found = {match.group().strip(".'") for match in _LOOSE.finditer(visible)}
    if len(found) != 1:
        return None
    addr = found.pop()
    name = _MAILTO.sub("", text.partition(addr)[0]).rstrip(" <[(\t")
    return Address(addr, _shown(name)) if addr.rpartition("@")[2] else None


def _left_over(value: str) -> str:
    """What can be shown of a From header that names no address."""
    return _shown(words.eight_bit(value).replace("<", " ").replace(">", " "))[:200]
