"""How well predictions fit the truth of a set: the figures of docs/matching.md. `benchmarks.match` calls it.

    python benchmarks/match_score.py truth.jsonl predictions.jsonl [--per-situation] [--errors 20]

What a mail truly is (`kind`): a `customer`'s, of one of several `candidates`, of an `unknown` sender, a `spoof`. What
is predicted (`action`): `attach`, `review` or `unknown`, and `spoof` where it was suspected.
"""

import argparse
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Pair = tuple[Row, Row]


def figures(pairs: Sequence[Pair]) -> dict[str, float | None]:
    """The figures of mails, each with its truth and its prediction; None where there is no such mail."""
    attached = [pair for pair in pairs if pair[1]["action"] == "attach"]
    right = [pair for pair in pairs if filed_right(pair)]
    return {
        "filed mails that are right": share(attached, is_right),
        "of those that should be, filed": share(of(pairs, "customer"), filed_right),
        "right customer among the three offered": share(of(pairs, "customer", "candidates"), offered),
        "ambiguous ones asked about": share(of(pairs, "candidates"), lambda pair: pair[1]["action"] == "review"),
        "strangers left unknown": share(
            of(pairs, "unknown"), lambda pair: pair[1]["action"] == "unknown" and not pair[1]["spoof"]
        ),
        "impostors found": share(of(pairs, "spoof"), lambda pair: pair[1]["spoof"] and pair[1]["action"] != "attach"),
        "impostors filed": share(of(pairs, "spoof"), lambda pair: pair[1]["action"] == "attach"),
        "false alarms": share(of(pairs, "customer", "candidates", "unknown"), lambda pair: pair[1]["spoof"]),
        "right contact": share(
            [pair for pair in right if pair[0]["contact"]], lambda pair: pair[1]["contact"] == pair[0]["contact"]
        ),
        "contacts invented": share(
            [pair for pair in right if not pair[0]["contact"] and len(pair[0]["accept"]) == 1],
            lambda pair: pair[1]["contact"],
        ),
        "calibration error": calibration_error(attached),
    }


def is_right(pair: Pair) -> bool:
    """Whether a customer's mail is said to be theirs."""
    truth, said = pair
    return bool(truth["kind"] == "customer" and said["customer"] in truth["accept"])


def filed_right(pair: Pair) -> bool:
    """Whether a customer's mail is filed, and under them."""
    return pair[1]["action"] == "attach" and is_right(pair)


def offered(pair: Pair) -> bool:
    """Whether one of those who are right is among the first three that are offered."""
    truth, said = pair
    named = dict.fromkeys([one for one in (said["customer"], *said["candidates"]) if one])
    return not set(truth["accept"]).isdisjoint(list(named)[:3])


def calibration_error(attached: Sequence[Pair]) -> float | None:
    """How far confidence and share of right ones lie apart, over ten bins (Naeini, Cooper, Hauskrecht 2015)."""
    if not attached:
        return None
    bins: dict[int, list[float]] = {}
    for pair in attached:
        confidence = float(pair[1]["confidence"])
        bins.setdefault(min(9, int(confidence * 10)), []).append(confidence - is_right(pair))
    return sum(abs(sum(gaps)) for gaps in bins.values()) / len(attached)


def of(pairs: Iterable[Pair], *kinds: str) -> list[Pair]:
    """The mails that truly are of these kinds."""
    return [pair for pair in pairs if pair[0]["kind"] in kinds]


def share(pairs: Sequence[Pair], holds: Callable[[Pair], object]) -> float | None:
    """Of how many something holds, 0 to 1."""
    return sum(bool(holds(pair)) for pair in pairs) / len(pairs) if pairs else None


def rows(file: Path) -> dict[str, Row]:
    """The lines of a file by their ids."""
    return {row["id"]: row for row in map(json.loads, file.read_text(encoding="utf-8").splitlines())}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("truth", type=Path)
    parser.add_argument("predictions", type=Path)
    parser.add_argument("--per-situation", action="store_true", help="the figures of each situation, too")
    parser.add_argument("--errors", type=int, default=0, help="so many wrongly filed mails are named")
    options = parser.parse_args()
    said = rows(options.predictions)
    pairs = [(truth, said[id]) for id, truth in rows(options.truth).items()]
    for name, value in figures(pairs).items():
        print(f"{name:40} {'–' if value is None else format(value, '.3f')}")
    for situation in sorted({truth["situation"] for truth, _ in pairs}) if options.per_situation else ():
        found = figures([pair for pair in pairs if pair[0]["situation"] == situation])
        shown = (f"{name} {value:.3f}" for name, value in found.items() if value is not None)
        print(f"  {situation:34} {', '.join(shown)}")
    wrong = [pair for pair in pairs if pair[1]["action"] == "attach" and not is_right(pair)]
    for truth, filed in wrong[: options.errors]:
        print(f"wrong: {truth['id']} ({truth['situation']}), filed under {filed['customer']}")
        print(f"       is {truth['kind']} {', '.join(truth['accept'])}")


if __name__ == "__main__":
    main()
