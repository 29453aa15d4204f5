"""What does fetching cost? CPU a mail, on the client's side, of bare imapclient as shipped and of our connector.

    python -m benchmarks.fetch FOLDER [--count 2000] [--rounds 3]

FOLDER holds .eml files or is a Maildir, as benchmarks/README.md says. Both read the same folder of a
private Dovecot, over plain loopback and over TLS, in turns; the best round counts.
"""

import argparse
import itertools
import ssl
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from imapclient import IMAPClient

from connectors.imap import Account
from rules.terms.mail import Mailbox, Tls
from tests.servers.dovecot import Dovecot, missing

USER = "info"


def mails(folder: Path) -> Iterator[bytes]:
    """The mails of a folder of files."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (path.suffix in ("", ".eml") or path.parent.name in ("cur", "new")):
            yield path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def bare(server: Dovecot, *, tls: bool) -> int:
    """What its documentation shows, in batches of 500."""
    context = ssl.create_default_context(cafile=str(server.ca_file)) if tls else None
    count = 0
    with IMAPClient(server.host, server.tls_port if tls else server.port, ssl=tls, ssl_context=context) as client:
        client.login(USER, server.password)
        client.select_folder("INBOX", readonly=True)
        uids = client.search()
        for start in range(0, len(uids), 500):
            found = client.fetch(uids[start : start + 500], ["INTERNALDATE", "FLAGS", "RFC822.SIZE", "BODY.PEEK[]"])
            count += sum(1 for data in found.values() if data[b"BODY[]"])
    return count


def ours(server: Dovecot, *, tls: bool) -> int:
    """The connector, with all its checks."""
    mailbox = Mailbox(
        "info",
        host=server.host,
        port=server.tls_port if tls else server.port,
        tls=Tls.IMPLICIT if tls else Tls.NONE,
        ca_file=str(server.ca_file),
        user=USER,
    )
    batches = Account(mailbox, server.password).fetch("INBOX", None, stop=threading.Event())
    return sum(len(batch.mails) for batch in batches)


def cost(work: Callable[[], int], expected: int) -> tuple[float, float]:
    """CPU and wall µs a mail."""
    cpu, wall = time.process_time(), time.perf_counter()
    count = work()
    if count != expected:
        raise SystemExit(f"{count} mails came where {expected} are")
    return (time.process_time() - cpu) / count * 1e6, (time.perf_counter() - wall) / count * 1e6


def main() -> None:
    """Fill a Dovecot, fetch in turns, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    if reason := missing():
        raise SystemExit(reason)
    raws = list(itertools.islice(mails(arguments.folder), arguments.count))
    if not raws:
        raise SystemExit(f"There are no mails in {arguments.folder}.")
    size = sum(map(len, raws)) / len(raws)
    with tempfile.TemporaryDirectory() as folder, Dovecot(Path(folder)) as server:
        server.fill(USER, "INBOX", raws)
        print(f"{len(raws)} mails of {size / 1000:.1f} kB on average; µs a mail, best of {arguments.rounds}")
        for tls in (False, True):
            work = {"bare": lambda tls=tls: bare(server, tls=tls), "ours": lambda tls=tls: ours(server, tls=tls)}
            runs = {name: [cost(one, len(raws)) for _ in range(arguments.rounds)] for name, one in work.items()}
            best = {name: min(run) for name, run in runs.items()}
            way = "TLS  " if tls else "plain"
            for name, label in (("bare", "imapclient as shipped"), ("ours", "connectors.imap")):
                print(f"  {way}  {label:22} {best[name][0]:7.0f} CPU {best[name][1]:7.0f} wall")
            print(f"  {way}  ratio                  {best['bare'][0] / best['ours'][0]:7.1f}")


if __name__ == "__main__":
    main()
