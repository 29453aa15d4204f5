"""Is this text a complaint, which words say so, how grave is it and about what?

    new text → words → features → model → probability ─ under the first threshold → nothing
                                                      ├ between → "please check"
                                                      └ above → complaint, with its quotes

Without a quote there is no finding. Languages without a model of their own have a small table of cues: what it finds is
for a person to look at, never an alarm.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from rules.complaints.classes import Classes
from rules.complaints.cues import AGAINST, Act, Cues
from rules.complaints.evidence import evidence_in, quoted_acts
from rules.complaints.features import by_sentence, features_of
from rules.complaints.model import (
    COMPLAINT,
    RELIEVED,
    SENTENCE,
    TOPICS,
    Model,
    category,
    probability,
    raised,
    severity,
    telling,
    topical,
)
from rules.complaints.words import words_of
from rules.language import language_of
from rules.quotation import part, whole
from rules.subjects import is_reply
from rules.terms.complaint import Assessment, Category

NOTHING = Assessment()
# What a cue of a language without a model is worth. It is no measured probability.
_BY_CUE = 0.3
# The heads that a cue speaks for outright.
_OUTRIGHT = {
    Act.LEGAL: ("severity 3", Category.LEGAL),
    Act.LEAVING: ("severity 3", Category.CANCELLATION),
    Act.PRIVACY: ("severity 3", Category.DATA_PROTECTION),
    Act.SAFETY: ("severity 3",),
}


@dataclass(frozen=True, slots=True)
class Judge:
    """A language's tables and model."""

    cues: Cues
    classes: Classes
    model: Model


class Assessor:
    """Assesses texts. `judges` are made when first needed, by language; `others` are cues for further languages."""

    def __init__(self, judges: Mapping[str, Callable[[], Judge]], others: Callable[[], Mapping[str, Cues]]) -> None:
        """Neither is called before a text asks for it."""
        self._makers = judges
        self._made: dict[str, Judge] = {}
        self._make_others = others
        self._others: Mapping[str, Cues] | None = None

    def assess(self, text: str, subject: str = "", language: str | None = None) -> Assessment:
        """Assess the new text of a mail, or what somebody said on another channel.

        A text whose language is unknown (None) is judged by all models, and the one that sees most in it holds.
        """
        whole_text = shown(text, subject)
        if language is None:
            return max((self._judged(whole_text, one) for one in self._makers), key=lambda found: found.probability)
        if language in self._makers:
            return self._judged(whole_text, language)
        return self._by_cues(whole_text, language)

    def assess_whole(self, text: str, subject: str = "", language: str | None = None) -> Assessment:
        """Assess a text as it came: quotations and signature are cut off as in a mail, the language is found."""
        new = new_text(text, subject)
        return self.assess(new, subject, language or language_of(new) or language_of(text))

    def judge(self, language: str) -> Judge:
        """The tables and model of a language.

        Raises:
            KeyError: there are none.
        """
        if language not in self._made:
            self._made[language] = self._makers[language]()
        return self._made[language]

    def _judged(self, text: str, language: str) -> Assessment:
        judge = self.judge(language)
        model, words = judge.model, words_of(text)
        if not any(word[0].isalnum() for word in words.folded):
            return NOTHING
        features = features_of(words, judge.classes)
        vector = model.vector(features)
        likely = probability(model.logit(vector, COMPLAINT))
        look, flag, relief = model.thresholds.tolist()
        if likely < look:
            relieved = probability(model.logit(vector, RELIEVED)) >= relief
            calmed = quoted_acts(words, list(judge.cues.hits(words)), Act.SOLVED) if relieved else ()
            return Assessment(probability=round(likely, 4), evidence=calmed, relieved=bool(calmed), language=language)
        hits = list(judge.cues.hits(words))
        single, of = by_sentence(features, words)
        sentences = model.sentence_logits(single, of, len(words.sentences))
        told = model.logits(model.vector(single.chosen(np.isin(of, telling(sentences)))))
        logits = raised(
            topical(model.logits(vector), told), (head for hit in hits for head in _OUTRIGHT.get(hit.cue.act, ()))
        )
        shares = model.shares(features, vector, SENTENCE, len(words.folded))
        return Assessment(
            flag=likely >= flag,
            doubtful=likely < flag,
            probability=round(likely, 4),
            severity=severity(logits),
            category=category(logits),
            evidence=evidence_in(words, hits, sentences, shares, category(logits, TOPICS)),
            language=language,
        )

    def _by_cues(self, text: str, language: str) -> Assessment:
        if self._others is None:
            self._others = self._make_others()
        if language not in self._others:
            return Assessment(language=language)
        words = words_of(text)
        hits = list(self._others[language].hits(words))
        grave = [hit for hit in hits if hit.cue.act not in AGAINST]
        if not grave or len(grave) <= sum(hit.cue.act in AGAINST for hit in hits):
            return Assessment(language=language)
        heaviest = max(grave, key=lambda hit: hit.cue.severity)
        return Assessment(
            doubtful=True,
            probability=_BY_CUE,
            severity=heaviest.cue.severity,
            category=heaviest.cue.category or Category.OTHER,
            evidence=quoted_acts(words, grave, heaviest.cue.act),
            language=language,
        )


def shown(text: str, subject: str) -> str:
    """The text that is judged. A subject counts where the mail is no reply: else it is that of the first mail."""
    return text if not subject or is_reply(subject) else f"{subject}\n\n{text}"


def new_text(text: str, subject: str) -> str:
    """A text as it came without quotations and signature, cut as rules.reading does."""
    parted = part(text, subject)
    if not parted.new_text and parted.block and not is_reply(subject):
        return whole(text)[0]
    return parted.new_text
