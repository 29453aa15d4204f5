"""Training the complaint models: labelled texts in, one file a language out; the same texts give the same bytes.

Rows are the texts, their single sentences, and turns of phrase (rules.complaints.cues) as if each were a short text.
Whether a text is a complaint is learned from the texts, from the sentences of complaints that hold a labelled phrase,
from any sentences of the others, and from the turns of phrase: so the model learns that one sentence in a friendly
text is enough. Which sentence says so is learned from sentences alone. A feature that stands on one side much more
than on the other may have a greater weight (after Wang and Manning 2012, "Baselines and bigrams"). Each file of texts
is judged once by a model that has not seen it; from these logits come calibration and thresholds.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

import numpy as np
from numpy.typing import NDArray

from assistant.complaints.corpus import Example
from assistant.complaints.logistic import Array, Fit, fit
from assistant.complaints.vectors import Counted, Rows, counted, counted_by_sentence, rows_of, vocabulary
from rules.complaints.assessing import new_text, shown
from rules.complaints.classes import Classes
from rules.complaints.features import BLOCKS, Integers, features_of
from rules.complaints.model import HEADS, Model
from rules.complaints.words import words_of
from rules.terms.errors import WrongUse

FEWEST = 20
# So many times some of the files are held back, so that each is judged once by a model that has not seen it.
PARTS = 5
PENALTY = 0.1
# Of sentences without complaint so many for each with one: more of them cost time and teach nothing.
OTHERS = 2
SHORTEST_SENTENCE = 5
# A phrase stands in a sentence when so many of its words do, in order.
SHARED_WORDS = 3
# What all sentences, and all turns of phrase, together weigh beside the texts. The texts avoid the plainest words, for
# everybody knows them.
BESIDE = {"text": 1.0, "sentence": 0.25, "saying": 0.05}
# What the sentences that say so weigh together, the others of the same complaints, and those of other texts.
WHERE = {"marked": 1.5, "beside": 0.75, "elsewhere": 0.75}
# How much more weight a feature may have that tells the answers apart: 0 all the same, 1 in proportion.
TELLING = 0.4
RELIEVED = "thanks_after"
# The heads whose logits become probabilities, by texts that they have not seen.
CALIBRATED = ("complaint", "relieved")
# The mix of texts for which the thresholds are chosen.
MIX = {"complaint": 0.2, "negative": 0.2, "ordinary": 0.6}
# Near its best F1 changes by chance more than by the threshold.
AS_GOOD = 0.005
# To look at are so many of all complaints, unless that were more than so many of the ordinary texts.
LOOK_COMPLAINTS = 0.95
LOOK_ORDINARY = 0.25

NOBODY = -1

Told = Callable[[int, int], None]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Material:
    """The rows of a training: texts, then their sentences, then turns of phrase.

    `owner` is the text that a row belongs to, NOBODY of a turn of phrase. `tells`: the text is a complaint, the
    sentence holds a labelled phrase of one, the turn of phrase speaks for one.
    """

    texts: Sequence[Example]
    rows: Rows
    owner: Integers
    tells: Flags

    @property
    def is_text(self) -> Flags:
        """Which rows are whole texts."""
        return np.arange(len(self.owner)) < len(self.texts)

    @property
    def is_sentence(self) -> Flags:
        """Which rows are sentences of texts."""
        return cast(Flags, ~self.is_text & (self.owner != NOBODY))

    @property
    def of_complaint(self) -> Flags:
        """Which rows are complaints or sentences of them."""
        flags = np.array([example.flag for example in self.texts])
        return cast(Flags, flags[self.owner] & (self.owner != NOBODY))


def train(
    texts: Sequence[Example],
    classes: Classes,
    told: Told = lambda done, total: None,
    blocks: Collection[str] = BLOCKS,
    sayings: Mapping[str, bool] = MappingProxyType({}),
) -> Model:
    """A model from the labelled texts of one language. `told` hears how many of the heads are done.

    `blocks` are those of rules.complaints.features that the model may use; `sayings` are turns of phrase, and whether
    they speak for a complaint.

    Raises:
        WrongUse: there are too few texts of either sort.
    """
    if not FEWEST <= sum(example.flag for example in texts) <= len(texts) - FEWEST:
        raise WrongUse(
            problem=f"To train takes at least {FEWEST} complaints and {FEWEST} other texts of a language.",
            problem_de=f"Zum Trainieren braucht es je Sprache mindestens {FEWEST} Beschwerden und {FEWEST} andere"
            " Texte.",
        )
    files = _files(texts)
    material = _material(texts, classes, files, blocks, sayings)
    parts = files % PARTS
    weights = np.zeros((len(HEADS), len(material.rows.vocabulary)), np.float32)
    biases = np.zeros(len(HEADS), np.float32)
    chances: dict[str, Array] = {}
    for number, (name, chosen, targets, importance) in enumerate(_tasks(material)):
        found = _fitted(material, chosen, targets, importance)
        weights[number], biases[number] = found.weights, found.bias
        if name in CALIBRATED:
            logits = _unseen_logits(material, chosen, targets, importance, parts)
            slope, offset = _calibration(logits, targets[: len(texts)])
            weights[number] *= slope
            biases[number] = biases[number] * slope + offset
            chances[name] = 1 / (1 + np.exp(-(slope * logits + offset)))
        told(number + 1, len(HEADS))
    thresholds = _thresholds(texts, *(chances[name] for name in CALIBRATED))
    columns, rarity = material.rows.vocabulary, material.rows.rarity
    return Model(columns, rarity.astype(np.float16), weights.astype(np.float16), biases, thresholds)


def _material(
    texts: Sequence[Example], classes: Classes, files: Integers, blocks: Collection[str], sayings: Mapping[str, bool]
) -> Material:
    """Texts, their sentences and turns of phrase as rows."""
    whole: list[Counted] = []
    single: list[Counted] = []
    owner = [*range(len(texts))]
    tells = [example.flag for example in texts]
    for number, example in enumerate(texts):
        words = words_of(shown(new_text(example.text, example.subject), example.subject))
        features = features_of(words, classes)
        phrases = [words_of(phrase).folded for phrase in example.phrases]
        whole.append(counted(features))
        for (first, after), sentence in zip(words.sentences, counted_by_sentence(features, words), strict=True):
            if after - first >= SHORTEST_SENTENCE:
                single.append(sentence)
                owner.append(number)
                tells.append(any(_shares(words.folded[first:after], phrase) for phrase in phrases))
    said = [counted(features_of(words_of(saying), classes)) for saying in sayings]
    owner += [NOBODY] * len(said)
    tells += sayings.values()
    vectors = rows_of([*whole, *single, *said], *vocabulary(whole, files, blocks))
    return Material(texts, vectors, np.array(owner), np.array(tells))


def _shares(sentence: Sequence[str], phrase: Sequence[str]) -> bool:
    """Whether some words of a phrase stand in a sentence, in order."""
    length = min(SHARED_WORDS, len(phrase))
    runs = {tuple(phrase[at : at + length]) for at in range(len(phrase) - length + 1)}
    return any(tuple(sentence[at : at + length]) in runs for at in range(len(sentence) - length + 1))


def _tasks(material: Material) -> Iterator[tuple[str, Integers, Array, Array]]:
    """What each head learns: its name, the rows it learns from, what is true of them, and what each weighs."""
    is_text, is_sentence, tells = material.is_text, material.is_sentence, material.tells
    of_complaint, sayings = material.of_complaint, np.flatnonzero(material.owner == NOBODY)
    texts, sentences, marked = map(np.flatnonzero, (is_text, is_sentence, is_sentence & tells))
    # Evenly taken, so that each file has its part and nothing is left to chance.
    others = np.flatnonzero(is_sentence & ~of_complaint)
    others = others[:: max(1, -(-len(others) // max(1, OTHERS * len(marked))))]
    everything = np.concatenate([texts, marked, others, sayings])
    complaints = everything[of_complaint[everything]]
    sort = np.where(is_text, "text", np.where(is_sentence, "sentence", "saying"))
    of = [material.texts[owner] for owner in material.owner.tolist()]
    for name in HEADS:
        if name == "complaint":
            chosen, true = everything, tells[everything]
        elif name == "relieved":
            chosen, true = texts, np.array([of[row].kind == RELIEVED for row in texts])
        elif name == "sentence":
            chosen, true = sentences, tells[sentences]
            place = np.where(true, "marked", np.where(of_complaint[sentences], "beside", "elsewhere"))
            whole = {one: weight * true.sum() for one, weight in WHERE.items()}
            yield name, chosen, true.astype(float), _shared(place, np.ones(len(chosen), bool), whole)
            continue
        elif name.startswith("severity"):
            # A single sentence does not say how grave the whole is.
            chosen = complaints[is_text[complaints]]
            true = np.array([f"severity {of[row].severity}" == name for row in chosen])
        else:
            chosen, true = complaints, np.array([of[row].category == name for row in complaints])
        # Both answers weigh the same.
        halves = {one: weight * is_text[chosen].sum() / 2 for one, weight in BESIDE.items()}
        importance = np.where(true, *(_shared(sort[chosen], which, halves) for which in (true, ~true)))
        yield name, chosen, true.astype(float), importance


def _shared(sort: NDArray[np.str_], which: Flags, together: Mapping[str, float]) -> Array:
    """What each of some rows weighs, so that those of a sort weigh together what is given."""
    importance = np.zeros(len(sort))
    for one, weight in together.items():
        here = which & (sort == one)
        importance[here] = weight / max(1, here.sum())
    return importance


def _fitted(material: Material, chosen: Integers, targets: Array, importance: Array) -> Fit:
    """What the chosen rows teach."""
    rows = material.rows.taken(chosen)
    return fit(rows, targets, importance, PENALTY, freedom=_telling(rows, targets, importance))


def _telling(rows: Rows, targets: Array, importance: Array) -> Array:
    """How one-sidedly each feature stands in the rows, 1 on average."""
    sides = [importance * (targets == answer) for answer in (0.0, 1.0)]
    no, yes = (np.log((1 + rows.held(side)) / (1 + side.sum())) for side in sides)
    ratio = np.abs(yes - no)
    factors: Array = 1 - TELLING + TELLING * ratio / max(float(ratio.mean()), 1e-9)
    return factors


def _unseen_logits(material: Material, chosen: Integers, targets: Array, importance: Array, parts: Integers) -> Array:
    """The logits of all texts, each by what the chosen rows of the other parts teach."""
    logits = np.zeros(len(material.texts))
    of_row = np.where(material.owner == NOBODY, NOBODY, parts[material.owner])
    for part in range(int(parts.max()) + 1):
        taught = of_row[chosen] != part
        found = _fitted(material, chosen[taught], targets[taught], importance[taught])
        unseen = np.flatnonzero(parts == part)
        logits[unseen] = material.rows.taken(unseen).logits(found.weights) + found.bias
    return logits


def _files(texts: Sequence[Example]) -> Integers:
    """The number of each text's file; of a single file each text counts for itself."""
    sources = sorted({example.source for example in texts})
    if len(sources) == 1:
        return np.arange(len(texts))
    return np.array([sources.index(example.source) for example in texts])


def _calibration(logits: Array, targets: Array) -> tuple[float, float]:
    """Slope and offset that make logits of unseen texts into log-odds (Platt 1999), by Newton's method."""
    design = np.stack([logits, np.ones(len(logits))], axis=1)
    found = np.zeros(2)
    for _ in range(50):
        chances = 1 / (1 + np.exp(-np.clip(design @ found, -30, 30)))
        # The ridge keeps the slope finite where the logits part the texts without a fault.
        pull = design.T @ (targets - chances) - found
        curvature = design.T @ (design * (chances * (1 - chances))[:, None]) + np.eye(2)
        step = np.linalg.solve(curvature, pull)
        found += step
        if np.abs(step).max() < 1e-9:
            break
    return float(found[0]), float(found[1])


def _thresholds(texts: Sequence[Example], chances: Array, relief: Array) -> NDArray[np.float32]:
    """From which probability on to look, to flag, to tell of relief."""
    group = np.array([example.group or ("complaint" if example.flag else "ordinary") for example in texts])
    mixed = np.array([MIX[one] / max(1, (group == one).sum()) for one in group])
    complaint = group == "complaint"
    flag = _best_threshold(chances, complaint, mixed)
    look = max(
        np.quantile(chances[complaint], 1 - LOOK_COMPLAINTS),
        np.quantile(chances[group == "ordinary"], 1 - LOOK_ORDINARY),
    )
    thanks = np.array([example.kind == RELIEVED for example in texts])
    return np.array([min(look, flag), flag, _best_threshold(relief, thanks, mixed)], np.float32)


def _best_threshold(chances: Array, true: Flags, weights: Array) -> float:
    """The middle of the range over which F1 is as good as its best."""
    order = np.argsort(-chances, kind="stable")
    found = np.cumsum(weights[order] * true[order])
    f1 = 2 * found / (np.cumsum(weights[order]) + (weights * true).sum())
    good = np.flatnonzero(f1 >= f1.max() - AS_GOOD)
    below = chances[order[good[-1] + 1]] if good[-1] + 1 < len(order) else 0.0
    return float((chances[order[good[0]]] + below) / 2)
