"""What the firm's own mail server found out about the sender (RFC 8601); everybody else's word counts for nothing."""

import re
from collections.abc import Sequence

from rules.terms.mail import Verdict

_SPECIAL = re.compile(r'\\.|["();]', re.DOTALL)
_DMARC = re.compile(r"dmarc\s*(?:/\s*1\s*)?=\s*([a-z]+)\b", re.IGNORECASE)


def verdict(results: Sequence[str], authserv_id: str | None) -> Verdict:
    """The DMARC result of the header fields that our own server wrote.

    `results` is the topmost unbroken block of Authentication-Results fields. A server may write one field per method,
    so every field of the block up to the first foreign one counts; below that the sender may have forged them. Where
    our own fields contradict each other the worse one counts.
    """
    if not authserv_id or not authserv_id.strip():
        return Verdict.NONE
    ours = authserv_id.strip().lower()
    found: set[str] = set()
    for result in results:
        identity, *statements = _statements(result)
        # After the id there may be a version number.
        if identity.lower().split()[:1] != [ours]:
            break
        matches = (_DMARC.match(statement) for statement in statements)
        found.update(match.group(1).lower() for match in matches if match)
    if "fail" in found:
        return Verdict.FAIL
    return Verdict.PASS if found == {"pass"} else Verdict.NONE


def _statements(result: str) -> list[str]:
    """The authserv-id and the method statements of one field, without comments; quoted text becomes a placeholder.

    What stands in quotes or comments may be the sender's own words and must not open a statement of its own. A field
    whose quotes or comments do not close says nothing.
    """
    statements = [""]
    depth, quoted, last = 0, False, 0
    for match in _SPECIAL.finditer(result):
        mark = match.group()
        if len(mark) > 1 and (depth or quoted):
            continue
        if not depth and not quoted:
            statements[-1] += result[last : match.start()]
        last = match.end()
        if mark == '"' and not depth:
            quoted = not quoted
            statements[-1] += "" if quoted else "quoted"
        elif quoted:
            continue
        elif mark == "(":
            depth += 1
        elif mark == ")":
            depth = max(0, depth - 1)
            statements[-1] += " "
        elif mark == ";" and not depth:
            statements.append("")
    if depth or quoted:
        return [""]
    statements[-1] += result[last:]
    return [" ".join(statement.split()) for statement in statements]
