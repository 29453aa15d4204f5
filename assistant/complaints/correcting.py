"""A firm's own corrections: they move the weights that Kingpost shipped, and need none of the texts behind them.

What is learned is the difference that the corrections ask for, as small as it can be; a few corrections change little.
A held-back part of them says beforehand whether it helps: `compared` gives the figures before and after.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.complaints.corpus import Example
from assistant.complaints.evaluating import Report, judged, report
from assistant.complaints.logistic import fit
from assistant.complaints.vectors import counted, rows_of
from rules.complaints.assessing import Assessor, Judge, new_text, shown
from rules.complaints.classes import Classes
from rules.complaints.features import features_of
from rules.complaints.model import COMPLAINT, Model
from rules.complaints.words import words_of

# The shipped weights stand for some thousand rows; a correction must not outvote them.
PENALTY = 1.0
PARTS = 5


@dataclass(frozen=True, slots=True)
class Comparison:
    """The figures of corrections, judged by the model in use and by one that has learned from the other corrections."""

    before: Report
    after: Report


def corrected(model: Model, texts: Sequence[Example], classes: Classes) -> Model:
    """The model, moved towards what the corrections say of their texts. Features it does not know stay unknown."""
    if not texts:
        return model
    read = (words_of(shown(new_text(example.text, example.subject), example.subject)) for example in texts)
    rows = rows_of(
        [counted(features_of(words, classes)) for words in read], model.columns, model.rarity.astype(np.float32)
    )
    weights = model.weights.astype(np.float32)
    given = rows.logits(weights[COMPLAINT].astype(float)) + float(model.biases[COMPLAINT])
    targets = np.array([example.flag for example in texts], float)
    moved = fit(rows, targets, np.ones(len(texts)), PENALTY, given)
    weights[COMPLAINT] += moved.weights.astype(np.float32)
    # The bias stays: how many complaints a firm corrects says nothing about how many it gets.
    return replace(model, weights=weights.astype(np.float16))


def compared(judge: Judge, texts: Sequence[Example], language: str) -> Comparison:
    """What the corrections are worth: each fifth of them judged by a model that learned from the others."""
    before, after = [], []
    for part in range(PARTS):
        held_back = texts[part::PARTS]
        others = [example for number, example in enumerate(texts) if number % PARTS != part]
        moved = replace(judge, model=corrected(judge.model, others, judge.classes))
        before += judged(_assessor(judge, language), held_back)
        after += judged(_assessor(moved, language), held_back)
    return Comparison(report(before), report(after))


def _assessor(judge: Judge, language: str) -> Assessor:
    return Assessor({language: lambda: judge}, dict)
