"""What the firm's own mail server found out about the sender (RFC 8601); everybody else's word counts for nothing.

The sender's own words stand in these fields too: envelope addresses, comments. Whatever they do to the field's
syntax, they must not be able to turn a `fail` into anything better.
"""

import re
from collections.abc import Sequence
from itertools import islice

from rules.addresses import canonical, domain_of, registrable, rewritten
from rules.terms.mail import Verdict

FIELDS = 20
LONGEST = 8192

_SPECIAL = re.compile(r'\\.|["();]', re.DOTALL)
_HEAD = re.compile(r"\s*(?:\([^()]*\)\s*)*([^\s;()\"]+)")
_DMARC = re.compile(r"dmarc\s*(?:/\s*1\s*)?=\s*([a-z]+)\b", re.IGNORECASE)
_FAILED = re.compile(r"dmarc\s*(?:/\s*1\s*)?=\s*fail\b", re.IGNORECASE)
_ARC = re.compile(r"arc\s*=\s*([a-z]+)\b", re.IGNORECASE)
_SEALED_BY = re.compile(r"(?:^|;)\s*d\s*=\s*([a-z0-9.-]{1,253})\s*(?:;|$)", re.IGNORECASE)
_SIGNED_BY = re.compile(r"dkim\s*=\s*fail\b.*?\bheader\.[di]\s*=\s*@?([a-z0-9.-]{1,253})", re.IGNORECASE)
_FOR = re.compile(r"\bheader\.from\s*=\s*([^\s;]+)", re.IGNORECASE)


def verdict(results: Sequence[str], authserv_id: str | None, domain: str) -> Verdict:
    """The DMARC result of the header fields that our own server wrote.

    A server may write one field per method, so every field of the block up to the first foreign one counts. Below
    that the sender may have forged a `pass` (RFC 8601, 5 and 7.1), but has no reason to forge a `fail`: that one counts
    wherever in the block it stands in our name. Where our own fields contradict each other the worse one counts. A
    field of ours that cannot be taken apart, because the sender's words broke it, never passes, and fails if it says
    so anywhere.

    Args:
        results: the topmost unbroken block of Authentication-Results fields, raw and unfolded.
        authserv_id: the name our own server gives itself; without one nothing is believed.
        domain: the domain of the sender that readers are shown; a pass for another domain is a failure.
    """
    ours = (authserv_id or "").strip().lower()
    found: set[str] = set()
    topmost = True
    for result in islice(results, FIELDS) if ours else ():
        head = _HEAD.match(result[:LONGEST])
        if head is None or head[1].lower() != ours:
            topmost = False
            continue
        statements = _statements(result) if len(result) <= LONGEST else None
        if not topmost:
            said = map(_FAILED.match, statements) if statements is not None else [_FAILED.search(result)]
            found.update(["fail"] if any(said) else [])
            continue
        if statements is None:
            found.add("fail" if _FAILED.search(result) else "broken")
            continue
        found.update(_result(statement, domain) for statement in statements[1:] if _DMARC.match(statement))
        if _FAILED.search(result):
            # It stands in a comment or a quotation: our server does not write that, the sender made it.
            found.add("fail" if not any(_DMARC.match(statement) for statement in statements) else "doubtful")
    if "fail" in found:
        return Verdict.FAIL
    return Verdict.PASS if found == {"pass"} else Verdict.NONE


def passed_on(results: Sequence[str], authserv_id: str | None) -> bool:
    """Whether our own server found the chain of those who passed the mail on unbroken (ARC, RFC 8617).

    A list or a forwarder that changes a mail breaks its sender's check; the chain says who did it. Whether that one is
    to be believed is another question: anybody can begin a chain.

    Args:
        results: as for `verdict`.
        authserv_id: as for `verdict`.
    """
    ours = (authserv_id or "").strip().lower()
    found: set[str] = set()
    for result in islice(results, FIELDS):
        head = _HEAD.match(result[:LONGEST])
        if not ours or head is None or head[1].lower() != ours:
            break
        statements = _statements(result) if len(result) <= LONGEST else None
        found.update(match[1].lower() for one in statements or () if (match := _ARC.match(one)))
    return found == {"pass"}


def changed_on_the_way(results: Sequence[str], authserv_id: str | None, sender: str, envelope: str) -> bool:
    """Whether a failed mail looks as lists and forwarders leave it that set no seal of their own.

    Our own server found the sender's own signature (DKIM) broken, or the envelope spells the sender (VERP, SRS), and
    the envelope is another domain's. All of that can be imitated: it spares honest people an accusation, and is no
    reason to believe the mail.

    Args:
        results: as for `verdict`.
        authserv_id: as for `verdict`.
        sender: the address that readers are shown.
        envelope: the address to which bounces go (Return-Path).
    """
    domain = domain_of(sender)
    if _aligned(domain_of(envelope) or domain, domain):
        return False
    if canonical(rewritten(envelope)) == canonical(sender):
        return True
    ours = (authserv_id or "").strip().lower()
    for result in islice(results, FIELDS):
        head = _HEAD.match(result[:LONGEST])
        if not ours or head is None or head[1].lower() != ours:
            return False
        for statement in _statements(result[:LONGEST]) or ():
            signed = _SIGNED_BY.match(statement)
            if signed and _aligned(signed[1], domain):
                return True
    return False


def sealer(seal: str) -> str:
    """The domain that sealed a chain last, as its ARC-Seal names it; "" for none."""
    match = _SEALED_BY.search(seal[:LONGEST])
    return match[1].lower() if match else ""


def _result(statement: str, domain: str) -> str:
    """The result of a dmarc statement; `fail` where it passed for a domain that is not the shown sender's."""
    found = _DMARC.match(statement)
    result = found[1].lower() if found else ""
    passed_for = _FOR.search(statement)
    if result == "pass" and passed_for and not _aligned(passed_for[1], domain):
        return "fail"
    return result


def _aligned(one: str, other: str) -> bool:
    one, other = one.strip('"').lower(), other.lower()
    return one == other or (bool(registrable(one)) and registrable(one) == registrable(other))


def _statements(result: str) -> list[str] | None:
    """The authserv-id and the method statements of one field, without comments; quoted text becomes a placeholder.

    What stands in quotes or comments may be the sender's own words and must not open a statement of its own. None
    for a field whose quotes or comments do not close.
    """
    statements: list[str] = []
    pieces: list[str] = []
    depth, quoted, last = 0, False, 0
    for match in _SPECIAL.finditer(result):
        mark = match.group()
        if len(mark) > 1 and (depth or quoted):
            continue
        if not depth and not quoted:
            pieces.append(result[last : match.start()])
        last = match.end()
        if mark == '"' and not depth:
            quoted = not quoted
            pieces.append("" if quoted else "quoted")
        elif quoted:
            continue
        elif mark == "(":
            depth += 1
        elif mark == ")":
            depth = max(0, depth - 1)
            pieces.append(" ")
        elif mark == ";" and not depth:
            statements.append("".join(pieces))
            pieces = []
    if depth or quoted:
        return None
    statements.append("".join([*pieces, result[last:]]))
    return [" ".join(statement.split()) for statement in statements]
