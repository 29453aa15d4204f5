"""A pool of a million messages, filled in steps: what storing a mail costs on the way, and its growth.

    python -m benchmarks.soak FOLDER --to 1000000 [--url postgresql://…] [--step 50000]

Again is fine: it goes on where the pool ends, so it can be stopped at any time and run in parts. The pool lies in
FOLDER (its blobs are not written: their number makes no difference), or at --url, a database of its own; figures are
kept in FOLDER/soak.jsonl. Only storing is measured, because all else that a mail costs does not depend on the pool's
size: the ratio of the whole is smaller. CPU is that of this process and, where it runs on this machine, of the
database's processes behind our connections. The reference is the same measure at a tenth of the messages.
"""

import argparse
import json
import os
import time
from pathlib import Path

from sqlalchemy import text

from benchmarks.store import Writer, store
from rules.terms.mail import Mailbox
from storage import engines
from storage.pool import Pool

BATCH = 100
GOAL = 1.2


def backend_seconds(url: str) -> float:
    """CPU seconds of the database's processes that serve Kingpost; 0 for SQLite, or where they run elsewhere."""
    if not url:
        return 0.0
    engine = engines.line(engines.parse(url))
    with engine.connect() as connection:
        query = text("select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")
        pids = list(connection.scalars(query))
    engine.dispose()
    return sum(_seconds(pid) for pid in pids)


def _seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def fill(pool: Pool, url: str, start: int, end: int) -> dict[str, float]:
    """Store the mails from one number to another; what one cost."""
    writer, cpu, wall = Writer(), 0.0, 0.0
    before = backend_seconds(url)
    for first in range(start, end, BATCH):
        batch = [writer.mail(no) for no in range(first, min(first + BATCH, end))]
        cpu_began, wall_began = time.process_time(), time.perf_counter()
        store(pool, batch)
        cpu += time.process_time() - cpu_began
        wall += time.perf_counter() - wall_began
    count = end - start
    cpu += backend_seconds(url) - before
    return {"from": start, "to": end, "cpu_us": cpu / count * 1e6, "wall_us": wall / count * 1e6}


def told(lines: list[dict[str, float]]) -> None:
    """The figures so far, and how the last one compares with that at a tenth."""
    for line in lines:
        print(
            f"{line['to']:>10,} messages: {line['cpu_us']:6.0f} µs CPU a mail, {line['wall_us']:6.0f} µs on the clock"
        )
    last = lines[-1]
    tenth = min(lines, key=lambda line: abs(line["to"] - last["to"] / 10))
    ratio = last["cpu_us"] / tenth["cpu_us"]
    print(
        f"at {last['to']:,.0f} against {tenth['to']:,.0f}: {ratio:.2f} times (goal from 100,000 to a million: ≤ {GOAL})"
    )


def main() -> None:
    """Go on filling, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the pool lies, and the figures")
    parser.add_argument("--to", type=int, default=1_000_000, help="messages in the pool at the end")
    parser.add_argument("--step", type=int, default=50_000, help="messages from one figure to the next")
    parser.add_argument("--url", default="", help="a PostgreSQL database of its own instead of an SQLite file")
    words = parser.parse_args()
    words.folder.mkdir(parents=True, exist_ok=True)
    figures = words.folder / "soak.jsonl"
    pool = Pool.create(words.url or f"sqlite:///{words.folder}/pool.sqlite", str(words.folder / "blobs"))
    try:
        with pool.begin() as work:
            work.mailboxes.put(Mailbox("info"))
            start = work.messages.count()
        while start < words.to:
            end = min(start - start % words.step + words.step, words.to)
            line = fill(pool, words.url, start, end)
            with figures.open("a", encoding="utf-8") as out:
                out.write(json.dumps(line) + "\n")
            print(f"{end:,} of {words.to:,}", flush=True)
            start = end
    finally:
        pool.close()
    told([json.loads(line) for line in figures.read_text(encoding="utf-8").splitlines()])


if __name__ == "__main__":
    main()
