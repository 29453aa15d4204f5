"""How well complaints are found in labelled texts: figures by language, group and kind."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np

from assistant.complaints.corpus import Example
from rules.complaints.assessing import Assessor
from rules.terms.complaint import Assessment

# In a mailbox three mails in a hundred are complaints.
RATE = 0.03
IMPLICIT = frozenset({"implicit", "polite", "ironic", "buried"})
_WORD = re.compile(r"\w+")
Told = Callable[[int, int], None]
Judged = Sequence[tuple[Example, Assessment]]


@dataclass(frozen=True, slots=True)
class Figures:
    """How a set of texts was judged. None: cannot be said of this set.

    `f1` is that of complaints; `auc` the chance that a complaint gets more than another text; `shown` the share of
    complaints that were flagged or are listed to be checked; `checks` the share of other texts that are. `at_rate` is
    the precision in a mailbox of which RATE are complaints and the rest is like the other texts of this set.
    """

    texts: int
    complaints: int
    precision: float | None
    recall: float | None
    f1: float | None
    auc: float | None
    false_alarms: float | None
    at_rate: float | None
    shown: float | None
    checks: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of labelled texts.

    `sets` by name ("all", "de", "de/negative", "de/complaint/ironic" …). Over complaints whose severity, category or
    phrases are labelled: `severity` and `category` as (true, found) → how many, and the shares that are right.
    `phrases` is the share of flagged complaints of which a quote overlaps a labelled phrase: in two words, and in half
    of the quote's own, so that quoting everything earns nothing.
    """

    sets: Mapping[str, Figures]
    severity: Mapping[str, int] = field(default_factory=dict)
    severity_right: float | None = None
    category: Mapping[str, int] = field(default_factory=dict)
    category_right: float | None = None
    phrases: float | None = None

    def as_json(self) -> dict[str, object]:
        """For programs to read."""
        return asdict(self)


def judged(
    assessor: Assessor, examples: Iterable[Example], told: Told = lambda done, total: None
) -> list[tuple[Example, Assessment]]:
    """Each text with what is made of it."""
    found = []
    for number, example in enumerate(examples, 1):
        found.append((example, assessor.assess_whole(example.text, example.subject, example.language)))
        told(number, 0)
    return found


def report(texts: Judged) -> Report:
    """The figures of judged texts."""
    sets: dict[str, list[tuple[Example, Assessment]]] = {"all": list(texts)}
    for one in texts:
        example = one[0]
        language = example.language or "?"
        sets.setdefault(language, []).append(one)
        if example.group:
            sets.setdefault(f"{language}/{example.group}", []).append(one)
        if example.flag and example.kind:
            plain = "implicit" if example.kind in IMPLICIT else "clear"
            sets.setdefault(f"{language}/complaint/{plain} altogether", []).append(one)
        if example.group and example.kind:
            sets.setdefault(f"{language}/{example.group}/{example.kind}", []).append(one)
    complaints = [one for one in texts if one[0].flag]
    severity = _pairs((str(true.severity), str(found.severity)) for true, found in complaints if true.severity)
    category = _pairs((str(true.category), str(found.category)) for true, found in complaints if true.category)
    quoted = [_overlap(true.phrases, found) for true, found in complaints if true.phrases and found.flag]
    return Report(
        sets={name: _figures(sets[name]) for name in sorted(sets, key=lambda name: (name != "all", name))},
        severity=severity,
        severity_right=_right(severity),
        category=category,
        category_right=_right(category),
        phrases=_share(quoted),
    )


def _figures(texts: Judged) -> Figures:
    true = np.array([example.flag for example, _ in texts])
    flagged = np.array([found.flag for _, found in texts])
    listed = np.array([found.flag or found.doubtful for _, found in texts])
    hits = int((true & flagged).sum())
    precision = hits / flagged.sum() if flagged.any() else None
    recall = hits / true.sum() if true.any() else None
    alarms = float(flagged[~true].mean()) if (~true).any() else None
    both = true.any() and (~true).any()
    at_rate = None
    if both and recall is not None and alarms is not None and (recall or alarms):
        at_rate = recall * RATE / (recall * RATE + alarms * (1 - RATE))
    return Figures(
        texts=len(texts),
        complaints=int(true.sum()),
        precision=_round(precision) if both else None,
        recall=_round(recall),
        f1=_round(2 * hits / (true.sum() + flagged.sum())) if both else None,
        auc=_round(auc(true.tolist(), [found.probability for _, found in texts])) if both else None,
        false_alarms=_round(alarms),
        at_rate=_round(at_rate),
        shown=_round(float(listed[true].mean())) if true.any() else None,
        checks=_round(float((listed & ~flagged)[~true].mean())) if (~true).any() else None,
    )


def auc(true: Sequence[bool], scores: Sequence[float]) -> float:
    """The area under the ROC curve, by ranks; ties count half (Mann and Whitney)."""
    values, places = np.unique(scores, return_inverse=True)
    counts = np.bincount(places, minlength=len(values))
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    positive = np.asarray(true, bool)
    some, others = positive.sum(), (~positive).sum()
    return float((ranks[positive].sum() - some * (some + 1) / 2) / (some * others))


def _overlap(phrases: Iterable[str], found: Assessment) -> bool:
    wanted = [set(_WORD.findall(phrase.lower())) for phrase in phrases]
    for evidence in found.evidence:
        quote = _WORD.findall(evidence.quote.lower())
        for words in wanted:
            common = sum(word in words for word in quote)
            if quote and common >= min(2, len(words)) and common >= len(quote) / 2:
                return True
    return False


def _pairs(pairs: Iterable[tuple[str, str]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for true, found in pairs:
        name = f"{true} → {found}"
        counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items()))


def _right(counts: Mapping[str, int]) -> float | None:
    right = sum(count for name, count in counts.items() if len(set(name.split(" → "))) == 1)
    return _round(right / sum(counts.values())) if counts else None


def _share(values: Sequence[bool]) -> float | None:
    return _round(sum(values) / len(values)) if values else None


def _round(value: float | None) -> float | None:
    return None if value is None else round(float(value), 4)
