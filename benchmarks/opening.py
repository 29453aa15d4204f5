"""From a mail opened in another mail program to its summary in the sidebar: how long, and how much of it is ours?

    python -m benchmarks.opening --mails FOLDER [--rounds 120] [--hook]

A private Dovecot, `kingpost run`, and a headless Chromium with the sidebar of a logged-in owner who follows a personal
mailbox. A second mail program fetches unseen mails one after another, at random moments. On one clock:

    opened     FETCH sent → the event in the page
    shown      FETCH sent → the sidebar's content replaced
    reference  FETCH sent → a bare connection that sends NOOP every 100 ms is told (in the same rounds)
    own share  the watcher has the line → the bytes of the event are with the client (the same code in this process,
               over HTTP) plus one round trip of NOOP, by which the watcher makes sure that it was no mark-all-read
    fetched    FETCH sent → its answer, which with --hook waits until Kingpost has answered Dovecot

With --hook Dovecot tells Kingpost itself (`kingpost client dovecot`); the watcher's word comes later and is an echo.
"""

import argparse
import itertools
import os
import random
import re
import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page

from assistant.bootstrap import Services, assembled
from assistant.settings import load
from assistant.web.app import create_app
from assistant.web.server import Server, listen
from benchmarks.service import ADMIN, MAILBOX, PASSWORD, Kingpost, mails_of, senders_of
from connectors.imap import Opened
from tests import browser
from tests.servers.dovecot import Dovecot, missing

USER = "anna"
RHYTHM = 0.1
WARM = 5
GOAL_P50, GOAL_P99, GOAL_OWN = 100, 250, 10
# Times in the page are those of the system's clock, as Python's time.time().
_NOTE_TIMES = """
window.opened = []; window.shown = [];
const now = () => (performance.timeOrigin + performance.now()) / 1000;
const Bare = window.EventSource;
window.EventSource = class extends Bare {
  constructor(...words) {
    super(...words);
    this.addEventListener("opened", (event) => window.opened.push([event.lastEventId, now()]));
  }
};
addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("shown");
  if (place) new MutationObserver(() => window.shown.push(now())).observe(place, { childList: true });
});
"""


class Reference(threading.Thread):
    """A bare connection that asks every 100 ms: the best that this rhythm can do."""

    def __init__(self, server: Dovecot) -> None:
        super().__init__(daemon=True)
        self.told: dict[int, float] = {}
        self.trips: list[float] = []
        self._stop_asking = threading.Event()
        self._client = server.client(USER)
        self._client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._client.select("INBOX", readonly=True)

    def run(self) -> None:
        """Ask until it is enough. Nothing is expunged here, so sequence numbers are UIDs."""
        while not self._stop_asking.is_set():
            began = time.time()
            self._client.noop()
            now = time.time()
            self.trips.append(now - began)
            for line in self._client.response("FETCH")[1]:
                found = re.match(rb"(\d+) \(.*\\Seen", line or b"")
                if found:
                    self.told.setdefault(int(found[1]), now)
            self._stop_asking.wait(max(0.0, began + RHYTHM - time.time()))

    def end(self) -> None:
        """Stop asking."""
        self._stop_asking.set()
        self.join()
        self._client.logout()


def pushed(kingpost: Kingpost, server: Dovecot, page: Page, rounds: int) -> tuple[list[list[float]], list[float]]:
    """Open mail after mail; milliseconds to event, page, reference and answer, and the reference's round trips."""
    page.add_init_script(_NOTE_TIMES)
    page.goto(f"{kingpost.url}/login")
    page.fill("#login", ADMIN)
    page.fill("#password", PASSWORD)
    page.click("button.primary")
    page.goto(f"{kingpost.url}/sidebar")
    client = server.client(USER)
    client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    client.select("INBOX")
    for uid in range(1, WARM + 1):  # until the stream is open and the watcher has seen that somebody follows
        time.sleep(1)
        client.open_mail(uid)
    time.sleep(1)
    reference = Reference(server)
    reference.start()
    luck = random.Random(7)
    found: list[list[float]] = []
    try:
        for uid in range(WARM + 1, WARM + rounds + 1):
            # More than three a second are a machine to Kingpost, and never shown.
            time.sleep(0.2 + luck.random() / 5)
            before = page.evaluate("opened.length")
            sent = time.time()
            client.open_mail(uid)
            fetched = time.time()
            time.sleep(0.25)  # asking the page costs it time: not before the event is probably there
            at_page, at_eye = _of_page(page, before, uid)
            while uid not in reference.told:
                time.sleep(0.01)
            moments = (at_page, at_eye, reference.told[uid], fetched)
            found.append([(moment - sent) * 1000 for moment in moments])
    finally:
        reference.end()
    client.logout()
    return [list(column) for column in zip(*found, strict=True)], [trip * 1000 for trip in reference.trips]


def _of_page(page: Page, before: int, uid: int) -> tuple[float, float]:
    """When the page had the event that follows so many others, and when it showed it."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        opened, shown = page.evaluate(f"[opened.slice({before}), shown]")
        if opened:
            seen = [moment for moment in shown if moment >= opened[0][1]]
            if seen:
                return opened[0][1], seen[0]
        time.sleep(0.02)
    raise SystemExit(f"the opening of mail {uid} never came to the page")


def own_share(kingpost: Kingpost, folder: tuple[str, int], rounds: int) -> list[float]:
    """Milliseconds from the watcher's call to the last byte of the event at a client in the same process."""
    name, uidvalidity = folder
    with assembled(load(kingpost.home / "kingpost.toml")) as services, served(services) as address:
        secret = services.access.log_in(ADMIN, PASSWORD, datetime.now(UTC))
        with closing(socket.create_connection(address, 10)) as sock, sock.makefile("rb") as lines:
            sock.sendall(
                b"GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: kingpost=%b\r\n\r\n" % secret.encode()
            )
            while not services.broker.following(MAILBOX):
                time.sleep(0.01)
            times = []
            for uid in range(1, WARM + rounds + 1):
                time.sleep(0.05)
                begun = time.perf_counter()
                services.openings.seen(Opened(MAILBOX, name, uidvalidity, uid, datetime.now(UTC)))
                while not lines.readline().startswith(b"event: opened"):
                    pass
                lines.readline()
                times.append((time.perf_counter() - begun) * 1000)
    return times[WARM:]


@contextmanager
def served(services: Services) -> Iterator[tuple[str, int]]:
    """The pages on a free port, in a thread."""
    sock = listen("127.0.0.1:0")
    server = Server(create_app(services), services.settings, services.broker)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
    thread.start()
    try:
        while not server.started:
            time.sleep(0.02)
        yield sock.getsockname()
    finally:
        server.should_exit = True
        thread.join(20)
        sock.close()


@contextmanager
def hooked(server: Dovecot, kingpost: Kingpost) -> Iterator[None]:
    """Let Dovecot, which has not been started yet, tell Kingpost of openings."""
    # Dovecot reads mail as another user, who cannot look into our folder.
    script = Path(tempfile.gettempdir()) / f"kp-hook-{os.getpid()}.lua"
    out = kingpost.home / "hook"
    kingpost.command(
        "client", "dovecot", "--for", ADMIN, "--host", kingpost.url, "--script", str(script), "--out", str(out)
    )
    script.write_bytes((out / "kingpost.lua").read_bytes())
    script.chmod(0o644)
    server.settings = (out / "90-kingpost.conf").read_text()
    try:
        yield
    finally:
        script.unlink()


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * len(ordered)))]


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=Path, required=True, help="a Maildir or a folder of .eml files")
    parser.add_argument("--rounds", type=int, default=120, help="how many mails are opened")
    parser.add_argument("--hook", action="store_true", help="let Dovecot tell Kingpost itself")
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    words = arguments()
    if reason := missing() or browser.missing():
        raise SystemExit(reason)
    raws = list(itertools.islice(mails_of(words.mails), WARM + words.rounds))
    if len(raws) < WARM + words.rounds:
        raise SystemExit(f"There are only {len(raws)} mails in {words.mails}.")
    with ExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory(prefix="kp-opening-"))
        server = Dovecot(Path(name))
        kingpost = Kingpost(Path(name) / "kingpost", server, USER, owner=ADMIN)
        if words.hook:
            stack.enter_context(hooked(server, kingpost))
        stack.enter_context(server)
        server.fill(USER, "INBOX", raws)
        kingpost.import_customers(senders_of(raws, 1000))
        print(f"{words.rounds} mails opened, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        with kingpost.running() as process:
            kingpost.wait_for("select count(*) from placements", len(raws), process, 60)
            kingpost.wait_until_answering()
            with browser.chromium() as chromium:
                (opened, shown, reference, fetched), trips = pushed(kingpost, server, chromium.new_page(), words.rounds)
        handed = own_share(kingpost, ("INBOX", uidvalidity(server)), words.rounds)
    trip = statistics.median(trips)
    own = [value + trip for value in handed]
    print(f"{'milliseconds':44}{'p50':>8}{'p95':>8}{'p99':>8}{'max':>8}")
    for label, values in (
        ("opened: the event in the page", opened),
        ("shown: the sidebar's content replaced", shown),
        ("reference: a bare NOOP every 100 ms", reference),
        ("own share: handing over, with one NOOP more", own),
        ("fetched: the reader has the mail", fetched),
    ):
        print(f"{label:44}" + "".join(f"{percentile(values, share):8.1f}" for share in (0.5, 0.95, 0.99, 1)))
    print(f"a NOOP takes {trip:.2f} ms; opened against the reference, p50: {ratio(opened, reference):.2f}")
    for label, value, goal in (
        ("opened, p50", percentile(opened, 0.5), GOAL_P50),
        ("opened, p99", percentile(opened, 0.99), GOAL_P99),
        ("own share, p50", percentile(own, 0.5), GOAL_OWN),
    ):
        print(f"{label:44}{value:8.1f}   goal ≤ {goal}   {'met' if value <= goal else 'MISSED'}")


def ratio(values: Sequence[float], others: Sequence[float]) -> float:
    """The one median over the other."""
    return statistics.median(values) / statistics.median(others)


def uidvalidity(server: Dovecot) -> int:
    """Of the mailbox that was opened."""
    with server.client(USER) as client:
        answer = client.status("INBOX", "(UIDVALIDITY)")[1][0]
    return int(answer.rstrip(b")").rpartition(b" ")[2])


if __name__ == "__main__":
    main()
