"""Which words of a text say that something fell short: short quotes, each with what it does.

The model judges the sentences one by one, and shares its verdict out among their words (rules.complaints.model); a cue
adds to its own. Of each sentence the clause that carries most is quoted, or the best part of a long one, and named by
the cue that stands in it; first come the sentences that say most by themselves.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rules.complaints.cues import AGAINST, Act, Hit
from rules.complaints.model import Floats, probability
from rules.complaints.words import Words
from rules.terms.complaint import Category
from rules.terms.finding import Evidence

MOST_WORDS = 12
MOST_QUOTES = 3
# A further quote may say so much less than the best one, in log-odds.
_WORTH = 7.0
# What a cue adds to the words it stands for: it is plainer than a sum of small hints.
_CUE = 0.3
# One or two words rarely say what is wrong, and of two stretches that carry the same the longer one says more.
_SHORT = 0.6
_WORD = 0.03
_LIMITS = frozenset(',;:()–-"„“')
# How letters begin and end, folded: it shows nothing, however often complaints begin so.
_COURTESY = re.compile(
    r"(?:sehr geehrte|hallo|hi|hey|moin|servus|gruezi|gruess gott|guten (?:tag|morgen|abend)|liebe[rs]?"
    r"|hello|dear|good (?:morning|afternoon|evening))\b|.*\b(?:gruss|gruesse|gruessen|mfg|regards|sincerely)\b"
)
_MOST_COURTEOUS = 6
_Span = tuple[int, int]
_Sums = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words `first` up to `after`, and how much they say for a complaint."""

    first: int
    after: int
    weight: float


def evidence_in(
    words: Words, hits: Sequence[Hit], sentences: Floats, shares: Floats, topic: Category
) -> tuple[Evidence, ...]:
    """What speaks for a complaint, weightiest first; never empty where the text has a word.

    `sentences` is how much each sentence says so by itself, `shares` what each word adds to it; `topic` names what is
    quoted where no cue does.
    """
    telling = [hit for hit in hits if hit.cue.act not in AGAINST]
    shares = shares + np.float32(_WORD)
    for hit in telling:
        shares[hit.first : hit.after] += _CUE / (hit.after - hit.first)
    quotes = sorted(_quotes(words, sentences, shares), key=lambda quote: -quote.weight)[:MOST_QUOTES]
    quotes = quotes or [Quote(*_trimmed(words, 0, min(len(words.folded), MOST_WORDS)), 0.0)]
    worth = [quote for quote in quotes if quote.weight >= quotes[0].weight - _WORTH]
    return tuple(
        Evidence(
            _reason(quote, telling, shares, topic),
            words.quote(quote.first, quote.after),
            round(probability(quote.weight), 3),
        )
        for quote in worth
    )


def quoted_acts(words: Words, hits: Sequence[Hit], act: Act) -> tuple[Evidence, ...]:
    """The places where an act is done, as evidence."""
    return tuple(Evidence(f"complaint.{act}", words.quote(hit.first, hit.after)) for hit in hits if hit.cue.act is act)


def _quotes(words: Words, sentences: Floats, shares: Floats) -> Iterator[Quote]:
    """The best stretch of each sentence; what it carries counts beside what the sentence says."""
    # The sum of any stretch is the difference of two of these.
    sums = np.append(0.0, np.cumsum(shares))
    up_to = sums.tolist()
    for sentence, says in zip(words.sentences, sentences.tolist(), strict=True):
        stretches = [
            Quote(first, after, up_to[after] - up_to[first]) for first, after in _spans(words, sums, *sentence)
        ]
        if stretches:
            best = max(stretches, key=lambda quote: quote.weight * (1 if quote.after - quote.first > 2 else _SHORT))
            yield Quote(best.first, best.after, says + best.weight)


def _spans(words: Words, sums: _Sums, first: int, after: int) -> Iterator[_Span]:
    """Clauses of a sentence and runs of them that are short enough; of a long clause its best part."""
    clauses = list(_clauses(words, first, after))
    for number, (start, end) in enumerate(clauses):
        if end - start > MOST_WORDS:
            yield _trimmed(words, *_best(sums, start, end))
            continue
        yield start, end
        for _, further in clauses[number + 1 :]:
            if further - start > MOST_WORDS:
                break
            yield start, further


def _clauses(words: Words, first: int, after: int) -> Iterator[_Span]:
    """The stretches between punctuation that hold a word and are no mere courtesy."""
    start = first
    for at in range(first, after + 1):
        if at == after or words.folded[at] in _LIMITS:
            if any(map(_speaks, words.folded[start:at])) and not _courteous(words.folded[start:at]):
                yield _trimmed(words, start, at)
            start = at + 1


def _best(sums: _Sums, start: int, end: int) -> _Span:
    """The stretch of at most MOST_WORDS words with the highest sum, in a clause that is longer."""
    best, span = float("-inf"), (start, end)
    for length in range(1, MOST_WORDS + 1):
        found = sums[start + length : end + 1] - sums[start : end + 1 - length]
        at = int(found.argmax())
        if found[at] > best:
            best, span = float(found[at]), (start + at, start + at + length)
    return span


def _trimmed(words: Words, first: int, after: int) -> _Span:
    """A stretch without punctuation at its ends."""
    while after - first > 1 and not _speaks(words.folded[first]):
        first += 1
    while after - first > 1 and not _speaks(words.folded[after - 1]):
        after -= 1
    return first, after


def _courteous(clause: Sequence[str]) -> bool:
    return len(clause) <= _MOST_COURTEOUS and _COURTESY.match(" ".join(clause)) is not None


def _speaks(word: str) -> bool:
    return word[0].isalnum()


def _reason(quote: Quote, hits: Sequence[Hit], shares: Floats, topic: Category) -> str:
    """What the quote does: the act of its weightiest cue, else the topic."""
    inside = [hit for hit in hits if hit.first < quote.after and hit.after > quote.first]
    if not inside:
        return f"complaint.about.{topic}"
    best = max(inside, key=lambda hit: float(shares[max(hit.first, quote.first) : min(hit.after, quote.after)].sum()))
    return f"complaint.{best.cue.act}"
