"""From a message shown in Thunderbird to the line above it: how long the reader sees the letter without it.

    python -m benchmarks.banner [--rounds 60]

A private Dovecot, `kingpost run`, and a real Thunderbird with the add-on, paired, on a screen of its own. Mails of two
customers are opened in turn. On Thunderbird's own clock, by an observer inside it:

    display    the message is shown (`MsgLoaded`, from which Thunderbird makes onMessagesDisplayed) → the line names
               the right customer
    reference  the same question to /api/v1/summary over a connection that stays open, from this process
"""

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

import httpx

from benchmarks.opening import percentile
from tests.clients import thunderbird
from tests.clients.desk import HANSEN, NORTHWIND, Desk, letter, made
from tests.servers import dovecot

GOAL = 100
WARM = 4
OPEN = (
    thunderbird.BANNER
    + """
const view = about3.gDBView, pane = about3.messageBrowser.contentWindow;
const row = [...Array(view.rowCount).keys()].find((each) => view.getMsgHdrAt(each).mime2DecodedSubject === args[0]);
return new Promise((resolve, reject) => {
  pane.setTimeout(() => reject(new Error(`no line names ${args[1]}`)), 20_000);
  pane.addEventListener("MsgLoaded", () => {
    const shown = pane.performance.now();
    const look = () => shadow()?.querySelector(".name")?.textContent === args[1]
      ? resolve(pane.performance.now() - shown) : pane.setTimeout(look, 1);
    look();
  }, { once: true });
  about3.threadTree.selectedIndex = row;
});
"""
)


def displayed(desk: Desk, rounds: int) -> list[float]:
    """Milliseconds from the message to its line."""
    for number in range(rounds):
        desk.put(letter(f"b{number}", verdict="", sender=("ada@northwind.example", "karin@hansen.example")[number % 2]))
    desk.bird.select("Nachricht erste")
    desk.bird.run('await waitFor(() => about3.gDBView.rowCount > args[0], "all mails");', rounds)
    found = []
    for number in range(rounds):
        time.sleep(0.3)
        found.append(float(desk.bird.run(OPEN, f"Nachricht b{number}", HANSEN if number % 2 else NORTHWIND)))
    return found[WARM:]


def asked(desk: Desk, token: str, rounds: int) -> list[float]:
    """Milliseconds of the bare question."""
    found = []
    with httpx.Client(base_url=desk.home.base, headers={"authorization": f"Bearer {token}"}) as client:
        for number in range(rounds):
            begun = time.perf_counter()
            client.post("/api/v1/summary", json={"message_id": f"b{number}@test.example"}).raise_for_status()
            found.append((time.perf_counter() - begun) * 1000)
    return found[WARM:]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=60, help="how many mails are opened")
    rounds = parser.parse_args().rounds
    if reason := thunderbird.missing() or dovecot.missing():
        raise SystemExit(reason)
    with (
        tempfile.TemporaryDirectory() as folder,
        dovecot.Dovecot(Path(folder)) as server,
        made(Path(folder) / "desk", server) as desk,
    ):
        times = displayed(desk, rounds)
        bare = asked(desk, desk.home.kingpost("token", "add", "anna", "--name", "x").out.strip(), rounds)
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load {load:.1f}, {len(times)} messages; milliseconds")
    for name, values in (("display", times), ("reference", bare)):
        print(f"{name:10} p50 {statistics.median(values):6.1f}  p95 {percentile(values, 0.95):6.1f}")
    print(f"goal: display p50 at most {GOAL}: {'met' if statistics.median(times) <= GOAL else 'missed'}")


if __name__ == "__main__":
    main()
