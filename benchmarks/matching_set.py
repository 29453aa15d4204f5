"""Writes an independent test set for the matching of senders to customers: a made-up wholesaler's records and post.

    python benchmarks/matching_set.py OUT [--second] [--seed N] [--customers N]
    python -m benchmarks.match --set OUT --scorer SCRIPT

The same arguments always give the same files: customers.csv, contacts.csv, references.csv, threads.csv, own.json,
mails.jsonl and truth.jsonl, in the format that `benchmarks/match.py` reads. The records hold gaps, duplicates, common
names, families on one address, sister firms, franchises, municipalities and property managers. In truth.jsonl, `twin`
marks the innocent mails that resemble an impersonation or a wrong match.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    # Run as a script, Python looks beside the script and not in the repository.
    sys.path.insert(0, str(ROOT))

from benchmarks.invented import (  # noqa: E402
    doubtful,
    impersonations,
    known,
    mediated,
    second,
    second_words,
    strangers,
    words,
)
from benchmarks.invented.cases import SITUATIONS, Case, Desk, Situation  # noqa: E402
from benchmarks.invented.checks import problems  # noqa: E402
from benchmarks.invented.letters import Pen  # noqa: E402
from benchmarks.invented.records import Book  # noqa: E402

# Every module of situations registers its own; naming them here fixes the order.
FAMILIES = (known, mediated, doubtful, strangers, impersonations)
SEED = 20261122
CUSTOMERS = 1200
# Ordinary customers that are there before the situations choose theirs; more join until the number is reached.
FIRST = 560


@dataclass(frozen=True, slots=True)
class Firm:
    """A made-up firm: the words of its world, and what happens there."""

    words: ModuleType
    situations: Sequence[Situation]


FIRST_FIRM, SECOND_FIRM = Firm(words, SITUATIONS), Firm(second_words, second.SITUATIONS)


@dataclass(frozen=True, slots=True)
class _Made:
    situation: Situation
    case: Case


def main() -> int:
    """Write the set and say what it holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="folder for the files")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--customers", type=int, default=CUSTOMERS, help=f"how many records (default {CUSTOMERS})")
    parser.add_argument("--second", action="store_true", help="the second firm's mails, in another vocabulary")
    options = parser.parse_args()
    which = SECOND_FIRM if options.second else FIRST_FIRM
    count = write_set(options.out, which, seed=options.seed, customers=options.customers)
    found = problems(options.out)
    print(f"{count} mails, {len(which.situations)} situations in {options.out}")
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


def write_set(folder: Path, which: Firm = FIRST_FIRM, *, seed: int = SEED, customers: int = CUSTOMERS) -> int:
    """Write the files of one set.

    Args:
        folder: Where to; made if it is not there.
        which: Whose mails.
        seed: Of everything random.
        customers: How many records there are in the end; never fewer than the situations need.

    Returns:
        How many mails were written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = Random(seed)
    book = Book(rng, which.words)
    book.fill(FIRST)
    desk = Desk(rng, book, Pen(rng, which.words))
    made = [_Made(kind, kind.make(desk, turn)) for kind in which.situations for turn in range(kind.count)]
    book.fill(max(0, customers - len(book.customers)))
    rng.shuffle(made)
    book.write(folder)
    (folder / "own.json").write_text(json.dumps(which.words.OWN, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    _lines(folder / "mails.jsonl", [{"id": f"k{at:04}", **one.case.mail} for at, one in enumerate(made)])
    _lines(folder / "truth.jsonl", [_truth(f"k{at:04}", one) for at, one in enumerate(made)])
    return len(made)


def _truth(mail_id: str, made: _Made) -> dict[str, object]:
    case = made.case
    truth: dict[str, object] = {
        "id": mail_id,
        "situation": made.situation.name,
        "kind": case.kind,
        "customer": case.customer.customer_id if case.customer else None,
        "contact": case.contact.contact_id if case.contact else None,
        "accept": [one.customer_id for one in case.accept],
        "twin": made.situation.twin,
    }
    if case.impersonated:
        truth["impersonated"] = case.impersonated
    return truth


def _lines(file: Path, values: list[dict[str, object]]) -> None:
    file.write_text("".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values), encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
