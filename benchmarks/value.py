"""How well repeat trade is foretold, and how long that takes, by the command line (docs/value.md).

    python -m benchmarks.value [CDNOW] [--customers 100000] [--seed 1]

CDNOW is a folder with CDNOW_sample.txt (brucehardie.com/datasets): the log by which the models were published. Weeks 1
to 39 are fitted, weeks 40 to 78 foretold; the published parameters, what happened, and a plain past rate stand beside.
Then synthetic customers with known parameters are fitted against the clock.
"""

import argparse
import csv
import datetime
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Row = tuple[str, datetime.date, float]

UNTIL = datetime.date(1997, 9, 30)
WEEKS = 39
# Fader, Hardie, Lee (2005), Marketing Science 24(2), table 1; Fader, Hardie (2013), brucehardie.com/notes/025.
PUBLISHED = {
    "bgnbd": {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426, "loglik": -9582.4},
    "gammagamma": {"p": 6.25, "q": 3.74, "gamma": 15.44},
}
SYNTHETIC = {
    "bgnbd": {"r": 0.55, "alpha": 10.6, "a": 0.8, "b": 3.5},
    "gammagamma": {"p": 5.0, "q": 4.0, "gamma": 60.0},
}


def cdnow(folder: Path) -> Iterator[Row]:
    """The sample's transactions: customer, day, dollars."""
    with (folder / "CDNOW_sample.txt").open(encoding="ascii") as file:
        for line in file:
            _, customer, day, _, dollars = line.split()
            yield customer, datetime.datetime.strptime(day, "%Y%m%d").date(), float(dollars)


def synthetic(customers: int, seed: int, weeks: float = 78, arrivals: float = 26) -> Iterator[Row]:
    """Transactions of customers as the models tell of them, from the first week of 2024 on, with SYNTHETIC parameters.

    Customers come in evenly within the first `arrivals` weeks. Two purchases on one day stay two rows.
    """
    chance = np.random.default_rng(seed)
    purchases, spend = SYNTHETIC["bgnbd"], SYNTHETIC["gammagamma"]
    rate = chance.gamma(purchases["r"], 1 / purchases["alpha"], customers)
    leaving = chance.beta(purchases["a"], purchases["b"], customers)
    scale = chance.gamma(spend["q"], 1 / spend["gamma"], customers)
    start = datetime.date(2024, 1, 1)
    who = np.arange(customers)
    first = True
    when = chance.uniform(0, arrivals, customers)
    while len(who):
        amounts = chance.gamma(spend["p"], 1 / scale[who])
        for customer, week, amount in zip(who.tolist(), when.tolist(), amounts.tolist(), strict=True):
            yield f"K{customer}", start + datetime.timedelta(days=int(week * 7)), max(0.01, round(amount, 2))
        # Nobody leaves with the first purchase; who is in the log has come.
        stays = first | (chance.random(len(who)) >= leaving[who])
        first = False
        with np.errstate(divide="ignore", over="ignore"):
            when = when + chance.exponential(1, len(who)) / rate[who]
        bought = stays & (when < weeks)
        who, when = who[bought], when[bought]


def write(rows: Iterable[Row], file: Path) -> None:
    """A table as the command reads it."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("customer_id", "date", "amount"))
        writer.writerows((customer, day.isoformat(), f"{amount:.2f}") for customer, day, amount in rows)


def fit(file: Path, *options: str) -> dict[str, Any]:
    """What `kingpost value fit` says."""
    command = [sys.executable, "-m", "assistant", "value", "fit", str(file), "--json", *options]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def compare(found: Mapping[str, Any], wanted: Mapping[str, Mapping[str, float]]) -> None:
    """Parameters beside those that should come out."""
    for model, parameters in wanted.items():
        for name, value in parameters.items():
            off = found[model][name] / value - 1
            print(f"  {name:7} {found[model][name]:12.4f}   expected {value:10.3f}   {off:+.2%}")


def errors(name: str, foretold: NDArray[np.float64], happened: NDArray[np.float64]) -> None:
    """How far a forecast was off, in all and for each customer."""
    off = foretold - happened
    total = foretold.sum() / happened.sum() - 1
    print(
        f"  {name:12} {foretold.sum():8.0f} transactions ({total:+.1%}), mean absolute error a customer "
        f"{np.abs(off).mean():.3f}, root mean square {np.sqrt((off**2).mean()):.3f}"
    )


def tell_cdnow(folder: Path, work: Path) -> None:
    """Published parameters, and the second half against what happened."""
    rows = list(cdnow(folder))
    write(rows, work / "cdnow.csv")
    found = fit(work / "cdnow.csv", "--until", UNTIL.isoformat(), "--horizon", str(WEEKS * 7))
    print(f"CDNOW: {found['customers']} customers, {found['repeaters']} bought again; found, published, difference")
    compare(found, PUBLISHED)
    days = defaultdict(set)
    for customer, day, _ in rows:
        if UNTIL < day <= UNTIL + datetime.timedelta(weeks=WEEKS):
            days[customer].add(day)
    each: Sequence[Mapping[str, Any]] = found["per_customer"]
    happened = np.array([len(days[one["id"]]) for one in each], float)
    print(f"Weeks 40 to 78: {happened.sum():.0f} transactions of these customers")
    errors("BG/NBD", np.array([one["expected"] for one in each]), happened)
    errors("past rate", np.array([one["x"] / one["T"] * WEEKS if one["T"] else 0.0 for one in each]), happened)


def tell_synthetic(customers: int, seed: int, work: Path) -> None:
    """Recovered parameters, and the time."""
    write(synthetic(customers, seed), work / "synthetic.csv")
    began = time.monotonic()
    found = fit(work / "synthetic.csv")
    took = time.monotonic() - began
    print(
        f"{found['customers']} synthetic customers, {found['repeaters']} bought again: {took:.1f} s, reading included"
    )
    compare(found, SYNTHETIC)


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cdnow", type=Path, nargs="?", help="folder with CDNOW_sample.txt")
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if asked.cdnow:
            tell_cdnow(asked.cdnow, Path(folder))
        tell_synthetic(asked.customers, asked.seed, Path(folder))


if __name__ == "__main__":
    main()
