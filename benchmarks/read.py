"""CPU time of what is done with a mail before it reaches the pool, beside the standard library's parser on the same.

python -m benchmarks.read --mails MAILDIR [--count 2000]
"""

import argparse
import email
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from assistant.complaints.shipped import assessor
from connectors import mime
from rules import reading
from rules.terms.firm import Firm

ROUNDS = 5


def milliseconds(mails: list[bytes], step: Callable[[bytes], object]) -> float:
    """CPU milliseconds a mail of one round."""
    start = time.process_time()
    for raw in mails:
        step(raw)
    return (time.process_time() - start) / len(mails) * 1000


def main() -> int:
    """Measure all stages in turn, several rounds, and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=Path, required=True, help="a Maildir or a folder of .eml files")
    parser.add_argument("--count", type=int, default=2000, help="how many of them")
    options = parser.parse_args()
    files = sorted(path for path in options.mails.rglob("*") if path.is_file() and path.suffix != ".jsonl")
    mails = [path.read_bytes() for path in files[: options.count]]
    if not mails:
        parser.error(f"no mails in {options.mails}")
    firm = Firm(domains=frozenset({"firma.example"}))
    messages = {id(raw): mime.read(raw).message for raw in mails}
    readings = {id(raw): reading.read(messages[id(raw)], firm) for raw in mails}
    find = assessor()

    def assess(raw: bytes) -> object:
        message, read = messages[id(raw)], readings[id(raw)]
        return find.assess(read.new_text, message.subject, read.language)

    steps: dict[str, Callable[[bytes], object]] = {
        "standard library, compat32": email.message_from_bytes,
        "parse (connectors.mime)": mime.read,
        "read (rules.reading)": lambda raw: reading.read(messages[id(raw)], firm),
        "complaints (rules.complaints)": assess,
        "pack the raw mail (zstd)": mime.pack,
    }
    rounds = [{name: milliseconds(mails, step) for name, step in steps.items()} for _ in range(ROUNDS)]
    median = {name: statistics.median(one[name] for one in rounds) for name in steps}
    names = list(steps)
    total = median[names[1]] + median[names[2]]
    print(f"{len(mails)} mails, {sum(map(len, mails)) // len(mails):,} bytes on average, {ROUNDS} rounds, median")
    for name, value in median.items():
        print(f"{name:32}{value:8.3f} ms CPU a mail")
    print(f"{'parse and read':32}{total:8.3f} ms CPU a mail, {total / median[names[0]]:.2f} × the standard library")
    return 0


if __name__ == "__main__":
    sys.exit(main())
