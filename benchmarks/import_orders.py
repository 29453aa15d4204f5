"""What importing a table of orders costs: rows a second, CPU a row and peak memory, beside SQLite's bare executemany.

python benchmarks/import_orders.py [--rows 1000000] [--customers 100000] [--url postgresql://…]

The reference reads the same file with the csv module and hands its cells to one INSERT OR REPLACE on a table with the
same key, index and cache, in transactions of as many rows; it checks nothing, finds no customer and reckons no facts.
"""

import argparse
import csv
import os
import random
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from assistant.importing import CHUNK, import_file
from rules.terms.customer import Customer
from rules.terms.firm import Firm
from storage.pool import Pool

HEADER = ["Auftragsnummer", "Kundennummer", "Belegdatum", "Nettobetrag", "Status", "Deckungsbeitrag"]
FIRST = date(2016, 1, 1)


def write(file: Path, rows: int, customers: int) -> None:
    """Ten years of orders in the order of their days; some customers order often, most seldom."""
    luck = random.Random(7)
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, delimiter=";")
        table.writerow(HEADER)
        for no in range(rows):
            customer = int(customers * luck.random() ** 2)
            cents = int(luck.lognormvariate(10, 1))
            amount = f"{cents // 100:,}".replace(",", ".") + f",{cents % 100:02}"
            day = FIRST + timedelta(days=no * 3650 // rows)
            margin = f"{cents // 300},00"
            table.writerow([f"AU-{no:08}", f"C{customer:07}", f"{day:%d.%m.%Y}", amount, "geliefert", margin])


def ours(file: Path, url: str, folder: Path, customers: int) -> str:
    """Import the table twice; the second time nothing is new."""
    pool = Pool.create(url or f"sqlite:///{folder}/pool.sqlite", str(folder / "blobs"))
    for start in range(0, customers, 10_000):
        known = [Customer(f"C{no:07}", f"Kunde {no}") for no in range(start, min(customers, start + 10_000))]
        with pool.begin() as work:
            work.customers.upsert(known, [])
    before = _memory()
    told = []
    for what in ("import", "the same again"):
        wall, cpu = time.perf_counter(), time.process_time()
        report = import_file(pool, Firm(), ZoneInfo("Europe/Berlin"), "orders", file)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        rows = report.new + report.changed + report.same + report.bad
        told.append(
            f"{what:16} {rows / wall:9,.0f} rows/s  {cpu / rows * 1e6:6.1f} µs CPU a row"
            f"  ({report.new} new, {report.changed} changed, {report.same} the same, {report.bad} bad)"
        )
    pool.close()
    return "\n".join([*told, f"peak memory {_memory():.0f} MB, {before:.0f} MB of it before the first row"])


def bare(file: Path, folder: Path) -> str:
    """SQLite by its driver alone."""
    base = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    for pragma in ("journal_mode = wal", "cache_size = -65536", "wal_autocheckpoint = 8000"):
        base.execute(f"pragma {pragma}")
    base.execute(
        "create table orders (order_no, customer, date, amount, status, margin,"
        " primary key (customer, date, order_no)) without rowid"
    )
    base.execute("create unique index by_number on orders (order_no)")
    wall, cpu, rows = time.perf_counter(), time.process_time(), 0
    with file.open(encoding="utf-8", newline="") as table:
        lines = csv.reader(table, delimiter=";")
        next(lines)
        while chunk := list(islice(lines, CHUNK)):
            base.execute("begin immediate")
            base.executemany("insert or replace into orders values (?, ?, ?, ?, ?, ?)", chunk)
            base.execute("commit")
            rows += len(chunk)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return f"bare executemany {rows / wall:9,.0f} rows/s  {cpu / rows * 1e6:6.1f} µs CPU a row"


def apart(measure: Callable[..., str], *arguments: object) -> str:
    """Measure in a process of its own, so that each has its own peak."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(measure, arguments)


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--customers", type=int, default=100_000)
    arguments.add_argument("--url", default="", help="a database for the pool, empty and of its own; SQLite by default")
    given = arguments.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {given.rows} orders of {given.customers} customers")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "orders.csv"
        write(file, given.rows, given.customers)
        print(apart(bare, file, folder))
        print(apart(ours, file, given.url, folder, given.customers))


if __name__ == "__main__":
    main()
