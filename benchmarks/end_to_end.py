"""From the IMAP server to the committed pool: Kingpost, bare imapclient and django-helpdesk on the same mails.

    python -m benchmarks.end_to_end --mails FOLDER [--helpdesk PYTHON] [--growth 50000]

One run, one machine, one private Dovecot, the same mails, each reader alone and after the other:

    imapclient    fetches all bodies as its documentation shows it, 100 at a time, and throws them away
    helpdesk      `get_email` into SQLite; fewer mails, because it is slow (it also deletes them from the server)
    Kingpost      `kingpost run` with the mailbox configured and 1,000 customers imported, until all is committed
    growth        CPU a mail of reading and storing at 5,000 and at 50,000 messages in the pool

CPU is that of all processes of a reader. The server's is not counted, but it runs on the same cores, and so bounds the
rate. Kingpost's clock starts when it begins to read; how long it took to begin is told beside it.
"""

import argparse
import itertools
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from imapclient import IMAPClient

from assistant.complaints.shipped import assessor
from assistant.intake import Batch, Intake
from assistant.mailboxes import FILES
from assistant.reader import Reader
from assistant.triage import Triage
from benchmarks.processes import PeakMemory, cpu_seconds, memory, tree
from benchmarks.service import ROOT, Kingpost, mails_of, senders_of
from rules.terms.firm import Firm
from rules.terms.mail import FolderRole, Placement, RawMail
from storage.pool import Pool
from tests.servers.dovecot import Dovecot, missing

CUSTOMERS = 1_000
BATCH = 100
GOAL_RATE, GOAL_RATIO, GOAL_MEMORY, GOAL_GROWTH = 300, 10, 800, 1.3


@dataclass(frozen=True, slots=True)
class Cost:
    """What reading took: mails, seconds on the clock, CPU seconds, peak memory in MB (0 where not measured).

    `own`: of the CPU seconds those of one process or thread, the one that the others wait for.
    """

    mails: int
    wall: float
    cpu: float
    peak: float = 0.0
    remark: str = ""
    own: float = 0.0

    @property
    def rate(self) -> float:
        """Mails a second."""
        return self.mails / self.wall

    @property
    def cpu_ms(self) -> float:
        """CPU milliseconds a mail."""
        return self.cpu / self.mails * 1000

    @property
    def own_ms(self) -> float:
        """Of these, the one process's or thread's."""
        return self.own / self.mails * 1000


def bare(server: Dovecot, user: str, count: int) -> Cost:
    """Bare imapclient, as shipped."""
    cpu, wall = time.process_time(), time.perf_counter()
    fetched = 0
    with IMAPClient(server.host, server.port, ssl=False) as client:
        client.login(user, server.password)
        client.select_folder("INBOX", readonly=True)
        uids = client.search()
        for start in range(0, len(uids), BATCH):
            found = client.fetch(uids[start : start + BATCH], ["INTERNALDATE", "FLAGS", "BODY.PEEK[]"])
            fetched += sum(1 for data in found.values() if data[b"BODY[]"])
    if fetched != count:
        raise SystemExit(f"{fetched} mails came where {count} are")
    return Cost(fetched, time.perf_counter() - wall, time.process_time() - cpu)


def helpdesk(server: Dovecot, user: str, count: int, python: str, home: Path) -> Cost:
    """django-helpdesk's own command, in its own environment."""
    home.mkdir()
    words = [python, "-m", "benchmarks.helpdesk.reading", server.host, str(server.port), user, server.password]
    environment = {**os.environ, "HELPDESK_HOME": str(home)}
    environment.pop("PYTHONPATH", None)
    process = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE)
    with process, PeakMemory(process.pid) as peak:
        told, _ = process.communicate()
    if process.returncode:
        raise SystemExit("django-helpdesk failed; is --helpdesk the python that benchmarks/helpdesk/setup made?")
    found = json.loads(told)
    remark = "" if found["mails"] == count else f"it took {found['mails']} of {count} mails"
    return Cost(found["mails"], found["wall"], found["cpu"], peak.peak / 1e6, remark)


def kingpost(server: Dovecot, user: str, count: int, customers: Sequence[tuple[str, str]], home: Path) -> Cost:
    """The whole service, from its first look into the folder to the commit of the last mail."""
    instance = Kingpost(home, server, user)
    instance.import_customers(customers)
    begun = time.monotonic()
    with instance.running() as process, PeakMemory(process.pid) as peak:
        first = instance.wait_for("select count(*) from folders", 1, process, 60)
        before, own = cpu_seconds(tree(process.pid)), cpu_seconds([process.pid])
        stored = "select (select count(*) from placements) + (select count(*) from quarantine)"
        last = instance.wait_for(stored, count, process, 60 + count)
        cpu, own = cpu_seconds(tree(process.pid)) - before, cpu_seconds([process.pid]) - own
        memories = ", ".join(f"{memory([one]) / 1e6:.0f}" for one in tree(process.pid))
    attached = instance.counted("select count(*) from messages where action = 'attach'")
    remark = f"{attached} filed under a customer; began to read {first - begun:.1f} s after its start; MB: {memories}"
    return Cost(count, last - first, cpu, peak.peak / 1e6, remark, own)


def growth(raws: Sequence[bytes], home: Path, large: int, sample: int) -> tuple[Cost, Cost, int]:
    """Reading and storing further mails into the pool of the run, as it is and when it holds `large` messages."""
    pool = Pool.open(f"sqlite:///{home}/kingpost-data/pool.sqlite", f"{home}/kingpost-data/blobs")
    firm = Firm(domains=frozenset({"firma.example"}))
    reader = Reader(firm, assessor=assessor)
    try:
        with pool.begin() as work:
            work.mailboxes.put(FILES)
            start = work.messages.count()
        intake = Intake(pool, reader, Triage(firm))
        numbers = itertools.count(1)

        def take(count: int) -> Cost:
            batches = (
                _batch(raws, list(itertools.islice(numbers, min(BATCH, count - done))))
                for done in range(0, count, BATCH)
            )
            cpu, own, wall = cpu_seconds(tree(os.getpid())), time.thread_time(), time.perf_counter()
            taken = sum(len(received.new) for _, received in intake.receive_all(batches))
            if taken != count:
                raise SystemExit(f"{count} new mails became {taken}")
            cpu = cpu_seconds(tree(os.getpid())) - cpu
            return Cost(count, time.perf_counter() - wall, cpu, own=time.thread_time() - own)

        take(BATCH)  # workers and caches are warm from here on
        small = take(sample)
        take(max(BATCH, large - start - BATCH - sample))
        return small, take(sample), start
    finally:
        reader.close()
        pool.close()


def _batch(raws: Sequence[bytes], numbers: Sequence[int]) -> Batch:
    """The same mails again as new ones: with other Message-IDs they are other messages."""
    mails = []
    for number in numbers:
        raw = raws[number % len(raws)].replace(b"\r\nMessage-ID: <", b"\r\nMessage-ID: <again%d." % number, 1)
        mails.append(RawMail(raw, Placement(FILES.name, "files", 1, number), None))
    return Batch(FILES.name, "files", FolderRole.OTHER, tuple(mails), history=True)


def middle(rounds: Sequence[Cost]) -> Cost:
    """The round with the median time."""
    return sorted(rounds, key=lambda cost: cost.wall / cost.mails)[len(rounds) // 2]


def show(name: str, cost: Cost, against: Cost) -> None:
    """A line of the table, with the rate as a multiple of Kingpost's peer."""
    peak = f"{cost.peak:7.0f}" if cost.peak else "      –"
    print(
        f"{name:30}{cost.mails:7}{cost.rate:9.0f}{cost.wall / cost.mails * 1000:9.2f}{cost.cpu_ms:9.2f}{peak}"
        f"{against.wall / against.mails / (cost.wall / cost.mails):9.2f}  {cost.remark}"
    )


def verdict(label: str, value: float, goal: float, *, least: bool) -> None:
    """One goal and whether it is met."""
    met = value >= goal if least else value <= goal
    print(f"{label:48}{value:9.2f}   goal {'≥' if least else '≤'} {goal:g}   {'met' if met else 'MISSED'}")


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=Path, required=True, help="a Maildir or a folder of .eml files")
    parser.add_argument("--count", type=int, default=5000, help="how many of them")
    parser.add_argument(
        "--helpdesk", metavar="PYTHON", help="the python of benchmarks/helpdesk/setup; left out without"
    )
    parser.add_argument("--helpdesk-count", type=int, default=200, help="how many mails django-helpdesk reads")
    parser.add_argument("--rounds", type=int, default=3, help="how often each reader reads; the median counts")
    parser.add_argument("--growth", type=int, default=50_000, help="messages in the pool at the end; 0 leaves it out")
    parser.add_argument("--sample", type=int, default=3000, help="mails by which growth is measured")
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    words = arguments()
    if reason := missing():
        raise SystemExit(reason)
    raws = list(itertools.islice(mails_of(words.mails), words.count))
    if not raws:
        raise SystemExit(f"There are no mails in {words.mails}.")
    customers = senders_of(raws, CUSTOMERS)
    size = sum(map(len, raws)) / len(raws) / 1000
    load = os.getloadavg()[0]
    print(f"{len(raws)} mails of {size:.1f} kB, {len(customers)} customers, {os.cpu_count()} cores, load {load:.1f}")
    costs: dict[str, list[Cost]] = {"imapclient": [], "helpdesk": [], "kingpost": []}
    with tempfile.TemporaryDirectory(prefix="kp-bench-") as name, Dovecot(Path(name)) as server:
        folder = Path(name)
        server.fill("office", "INBOX", raws)
        for turn in range(words.rounds):
            costs["imapclient"].append(bare(server, "office", len(raws)))
            if words.helpdesk:
                part = raws[:: max(1, len(raws) // words.helpdesk_count)][: words.helpdesk_count]
                server.fill(f"helpdesk{turn}", "INBOX", part)
                found = helpdesk(server, f"helpdesk{turn}", len(part), words.helpdesk, folder / f"helpdesk{turn}")
                costs["helpdesk"].append(found)
            costs["kingpost"].append(kingpost(server, "office", len(raws), customers, folder / f"kingpost{turn}"))
        server.stop()
        report(costs)
        if words.growth:
            small, large, start = growth(raws, folder / f"kingpost{words.rounds - 1}", words.growth, words.sample)
            for label, cost in ((start, small), (words.growth, large)):
                told = f"{cost.cpu_ms:6.2f} ms CPU a mail, {cost.own_ms:.2f} of it storing, {cost.rate:5.0f} mails/s"
                print(f"reading and storing at {label:7,} messages: {told}")
            verdict("cost a mail, ratio (CPU)", large.cpu_ms / small.cpu_ms, GOAL_GROWTH, least=False)


def report(costs: dict[str, list[Cost]]) -> None:
    """The table, the goals, and how far the rounds lie apart."""
    found = {name: middle(rounds) for name, rounds in costs.items() if rounds}
    peer = found.get("helpdesk", found["imapclient"])
    print(f"{'':30}  mails  mails/s  ms/mail  CPU ms     MB   × {'helpdesk' if 'helpdesk' in found else 'bare'}")
    for name, label in (
        ("imapclient", "bare imapclient, bodies only"),
        ("helpdesk", "django-helpdesk into SQLite"),
        ("kingpost", "Kingpost into SQLite, searchable"),
    ):
        if name in found:
            show(label, found[name], peer)
    ours = found["kingpost"]
    rates = sorted(cost.rate for cost in costs["kingpost"])
    print(f"Kingpost's rounds: {', '.join(f'{rate:.0f}' for rate in rates)} mails/s")
    print(f"CPU ms a mail: {ours.own_ms:.2f} in the service, {ours.cpu_ms - ours.own_ms:.2f} in its workers")
    verdict("Kingpost, mails/s", ours.rate, GOAL_RATE, least=True)
    if "helpdesk" in found:
        verdict("Kingpost against django-helpdesk, rate", ours.rate / peer.rate, GOAL_RATIO, least=True)
        verdict("Kingpost against django-helpdesk, CPU", peer.cpu_ms / ours.cpu_ms, 1, least=True)
    verdict("peak memory of all processes, MB", max(cost.peak for cost in costs["kingpost"]), GOAL_MEMORY, least=False)


if __name__ == "__main__":
    main()
