"""Texts from JSON Lines, assessed: the command `kingpost assess` (design section 5)."""

import json
from collections.abc import Iterable, Iterator

from rules.complaints.assessing import Assessor
from rules.terms.complaint import Assessment
from rules.terms.errors import WrongUse
from rules.wording import say


def answers(assessor: Assessor, lines: Iterable[str], language: str) -> Iterator[dict[str, object]]:
    """One answer for each text {"id", "text", "subject"?, "lang"?}; reasons in `language`.

    Raises:
        WrongUse: a line is no such object; it names the line.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            read = json.loads(line)
            name, text = read["id"], read["text"]
            subject, written = read.get("subject") or "", read.get("lang") or None
            if not all(isinstance(one, str) for one in (text, subject, written or "")):
                raise TypeError("text, subject and lang are strings")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise WrongUse(
                problem=f'Line {number} is no object like {{"id": "1", "text": "…"}} ({error}).',
                problem_de=f'Zeile {number} ist kein Objekt wie {{"id": "1", "text": "…"}} ({error}).',
            ) from error
        found = assessor.assess_whole(text, subject, written)
        yield {"id": name, **as_json(found, language), "language": found.language}


def as_json(found: Assessment, language: str) -> dict[str, object]:
    """An assessment as the command line shows it, reasons in `language`. `check`: a person should look."""
    return {
        "flag": found.flag,
        "check": found.doubtful,
        "probability": found.probability,
        "severity": found.severity,
        "category": found.category.value,
        "relieved": found.relieved,
        "evidence": [{"reason": say(one.reason, language), "quote": one.quote} for one in found.evidence],
    }
