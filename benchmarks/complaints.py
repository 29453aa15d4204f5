"""How well complaints are found, with how many texts, by which features, at what cost (docs/complaints.md).

    python -m benchmarks.complaints [curve|ablation|cost] … [--mails MAILDIR]

`curve` trains on 100, 200, 400, 800 and all texts; `ablation` with some of the features only; both measure the
development part. `cost` assesses mails made by a tool (a Maildir) and tells CPU a mail, best of five, and sizes.
"""

import argparse
import mailbox
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from assistant.complaints import corpus, evaluating, shipped
from assistant.complaints.corpus import Example
from assistant.complaints.training import train
from connectors import mime
from rules import reading
from rules.complaints.assessing import Assessor
from rules.complaints.features import BLOCKS
from rules.terms.firm import Firm

SIZES = (100, 200, 400, 800)
ABLATION = (("words",), ("letters",), ("words", "letters"), ("words", "letters", "terms"))


def curve(language: str) -> Iterator[tuple[str, Sequence[Example], Sequence[str]]]:
    """Trainings on more and more texts, taken by chance."""
    texts = list(corpus.examples(corpus.own("train", [language])))
    order = np.random.default_rng(1).permutation(len(texts))
    for size in (*(size for size in SIZES if size < len(texts)), len(texts)):
        yield f"{size} texts", [texts[number] for number in order[:size]], BLOCKS


def ablation(language: str) -> Iterator[tuple[str, Sequence[Example], Sequence[str]]]:
    """Trainings with some of the features."""
    texts = list(corpus.examples(corpus.own("train", [language])))
    for blocks in ABLATION:
        yield " and ".join(blocks), texts, blocks


def measure(language: str, name: str, texts: Sequence[Example], blocks: Sequence[str]) -> None:
    """Train, then tell how the development part is judged."""
    in_use = shipped.assessor().judge(language)
    judge = replace(in_use, model=train(texts, in_use.classes, blocks=blocks, sayings=shipped.sayings(language)))
    judged = evaluating.judged(
        Assessor({language: lambda: judge}, dict), corpus.examples(corpus.own("dev", [language]))
    )
    found = evaluating.report(judged).sets["all"]
    print(
        f"{language} {name:20} F1 {found.f1:.3f}  AUC {found.auc:.3f}  recall {found.recall:.3f}"
        f"  false alarms {found.false_alarms:.3f}",
        flush=True,
    )


def cost(mails: Path) -> None:
    """CPU a mail and sizes."""
    firm = Firm()
    read = []
    for mail in mailbox.Maildir(mails, create=False):
        message = mime.read(mail.as_bytes()).message
        found = reading.read(message, firm)
        read.append((found.new_text, message.subject, found.language))
    assessor = shipped.assessor()
    for language in shipped.LANGUAGES:
        began = time.process_time()
        assessor.assess("", "", language)
        model = assessor.judge(language).model
        print(f"{language}: {len(model.dump()) / 1e6:.1f} MB, {len(model.columns)} features, loaded in ", end="")
        print(f"{time.process_time() - began:.2f} s")
    best = float("inf")
    for _ in range(5):
        began = time.process_time()
        for text, subject, language_found in read:
            assessor.assess(text, subject, language_found)
        best = min(best, time.process_time() - began)
    words = sum(len(text.split()) for text, _, _ in read) / len(read)
    print(f"{len(read)} mails of {words:.0f} words on average: {best / len(read) * 1e3:.2f} ms CPU a mail")


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="+", choices=("curve", "ablation", "cost"))
    parser.add_argument("--mails", type=Path, help="a Maildir, for cost")
    asked = parser.parse_args()
    for name, trainings in (("curve", curve), ("ablation", ablation)):
        if name in asked.what:
            for language in corpus.LANGUAGES:
                for training in trainings(language):
                    measure(language, *training)
    if "cost" in asked.what:
        if asked.mails is None:
            parser.error("cost needs --mails")
        cost(asked.mails)


if __name__ == "__main__":
    main()
