"""A Kingpost of one's own for measuring: settings, pool, customers and `kingpost run`, in a folder that goes away."""

import csv
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from email.utils import parseaddr
from pathlib import Path
from urllib.request import urlopen

from tests.servers.dovecot import Dovecot, free_ports

ADMIN = "admin"
PASSWORD = "only for this measurement"
MAILBOX = "office"
ROOT = Path(__file__).resolve().parents[1]


def mails_of(folder: Path) -> Iterator[bytes]:
    """The mails of a Maildir or a folder of .eml files, with the line ends that IMAP wants."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (path.suffix == ".eml" or path.parent.name in ("cur", "new")):
            yield path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def senders_of(raws: Iterable[bytes], count: int) -> list[tuple[str, str]]:
    """Address and name of the first so many senders; where there are fewer, of others who never write."""
    found: dict[str, str] = {}
    for raw in raws:
        header = raw.partition(b"\r\n\r\n")[0].decode("latin-1").replace("\r\n ", " ").split("\r\n")
        name, addr = parseaddr(next((line[5:] for line in header if line[:5].lower() == "from:"), ""))
        if addr:
            found.setdefault(addr.lower(), name)
        if len(found) == count:
            break
    found |= {f"quiet{no}@customer{no}.example": f"Quiet Customer {no}" for no in range(count - len(found))}
    return list(found.items())


class Kingpost:
    """Settings and a pool in a folder, and the commands on them."""

    def __init__(self, home: Path, server: Dovecot, user: str, *, owner: str = "", options: Sequence[str] = ()) -> None:
        self.home = home
        home.mkdir()
        (home / "password").write_text(server.password)
        (port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{port}"
        lines = [
            '[firm]\ndomains = ["firma.example"]\n[web]',
            f'bind = "127.0.0.1:{port}"\n[[mailbox]]',
            f'name = "{MAILBOX}"\nhost = "127.0.0.1"\nport = {server.port}\ntls = "none"\nuser = "{user}"',
            'password_file = "password"\nfollow = true',
            f'owner = "{owner}"' if owner else "",
            *options,
        ]
        (home / "kingpost.toml").write_text("\n".join(lines) + "\n")
        self._environment = {**os.environ, "PYTHONPATH": str(ROOT), "KINGPOST_PASSWORD": PASSWORD}
        self._environment.pop("KINGPOST_CONFIG", None)
        self.command("init")

    def command(self, *words: str) -> str:
        """Run a command of Kingpost to its end."""
        done = subprocess.run(
            self._line(*words), check=False, cwd=self.home, env=self._environment, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(f"kingpost {' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout

    def import_customers(self, senders: Sequence[tuple[str, str]]) -> None:
        """One customer for each of these senders."""
        file = self.home / "customers.csv"
        with file.open("w", newline="", encoding="utf-8") as opened:
            rows = csv.writer(opened)
            rows.writerow(["customer_id", "name", "email"])
            rows.writerows([f"C{no:05}", name or addr, addr] for no, (addr, name) in enumerate(senders))
        self.command("import", "customers", str(file))

    @contextmanager
    def running(self) -> Iterator["subprocess.Popen[bytes]"]:
        """`kingpost run`, ended at the end."""
        with (self.home / "log").open("wb") as log:
            process = subprocess.Popen(self._line("run"), cwd=self.home, env=self._environment, stdout=log, stderr=log)
            try:
                yield process
            finally:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def wait_for(self, query: str, least: int, process: "subprocess.Popen[bytes]", seconds: float) -> float:
        """Wait until a count in the committed pool is reached; the moment on the monotonic clock."""
        until = time.monotonic() + seconds
        # A connection of its own that only reads. It polls seldom enough to cost nothing.
        with closing(sqlite3.connect(f"file:{self.home}/kingpost-data/pool.sqlite?mode=ro", uri=True)) as pool:
            while pool.execute(query).fetchone()[0] < least:
                if process.poll() is not None or time.monotonic() > until:
                    raise SystemExit(f"Kingpost did not get there: {(self.home / 'log').read_text()[-2000:]}")
                time.sleep(0.02)
        return time.monotonic()

    def wait_until_answering(self) -> None:
        """Wait until the pages answer."""
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with suppress(OSError), urlopen(f"{self.url}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
            time.sleep(0.05)
        raise SystemExit(f"The pages do not answer: {(self.home / 'log').read_text()[-2000:]}")

    def counted(self, query: str) -> int:
        """A number from the pool."""
        with closing(sqlite3.connect(f"file:{self.home}/kingpost-data/pool.sqlite?mode=ro", uri=True)) as pool:
            return int(pool.execute(query).fetchone()[0])

    def _line(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "assistant", *words]
