"""SIGKILL at random moments: the mailbox itself is the durable queue, so no mail is lost and none is doubled."""

import json
import os
import random
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.journeys import mails
from tests.journeys.ledger import Ledger, known
from tests.journeys.running import Home, keep_password, mailbox_table
from tests.servers.dovecot import Dovecot
from tests.servers.postgres import Postgres

pytestmark = pytest.mark.dovecot

KILLS = int(os.environ.get("KINGPOST_KILLS", "5"))
CORPUS = os.environ.get("KINGPOST_CORPUS", "")


@pytest.mark.timeout(300)
def test_no_mail_is_lost_or_doubled_when_the_service_is_killed_while_it_reads(
    home: Home, dovecot: Dovecot, user: str
) -> None:
    chance = random.Random(20260717)
    ledger = filled(Ledger(dovecot, user), mails.mails(360, seed=1), chance)
    prepared(home, dovecot, user)
    killed(home, ledger, chance, KILLS)
    settled(home, ledger)


@pytest.mark.corpus
@pytest.mark.timeout(400)
def test_no_mail_of_the_corpus_is_lost_or_doubled_by_kills(
    home: Home, dovecot: Dovecot, user: str, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(42)
    ledger = filled(Ledger(dovecot, user), corpus(), chance)
    with capsys.disabled():
        print(f"\n{len(ledger.mails)} mails accepted by Dovecot, refused: {ledger.refused or 'none'}")
    prepared(home, dovecot, user)
    killed(home, ledger, chance, KILLS)
    settled(home, ledger)


@pytest.mark.postgres
@pytest.mark.timeout(300)
def test_nor_is_it_on_postgresql(tmp_path: Path, dovecot: Dovecot, postgres_server: Postgres, user: str) -> None:
    with postgres_server.database() as url:
        home = Home(tmp_path / "firma", pool_url=url)
        chance = random.Random(7)
        ledger = filled(Ledger(dovecot, user), mails.mails(300, seed=2), chance)
        prepared(home, dovecot, user)
        killed(home, ledger, chance, min(2, KILLS))
        settled(home, ledger)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_fifty_kills_do_no_harm_either(home: Home, dovecot: Dovecot, user: str) -> None:
    chance = random.Random(50)
    ledger = filled(Ledger(dovecot, user), corpus() if CORPUS else mails.mails(1000, seed=3), chance)
    prepared(home, dovecot, user)
    killed(home, ledger, chance, int(os.environ.get("KINGPOST_KILLS", "50")))
    settled(home, ledger)


def corpus() -> Iterator[bytes]:
    """The whole mails of the foreign test mails."""
    if not CORPUS:
        pytest.skip("KINGPOST_CORPUS names no folder of test mails")
    folder = Path(CORPUS)
    for line in (folder / "expected.jsonl").read_text(encoding="utf-8").splitlines():
        expected = json.loads(line)
        if expected["input"] == "rfc822":
            yield (folder / expected["file"]).read_bytes()


def filled(ledger: Ledger, raws: Iterator[bytes], chance: random.Random) -> Ledger:
    """Put the mails into INBOX, some of them once more into the archive."""
    everything = list(raws)
    ledger.append(everything, chance)
    ledger.append(chance.sample(everything, len(everything) // 20), chance, "Archiv")
    return ledger


def prepared(home: Home, server: Dovecot, user: str) -> None:
    """Settings and an empty pool. A busy machine may take its time for a mail."""
    keep_password(home, user)
    home.write(mailbox_table(server, user), "[reading]\ndeadline = 60")
    home.make()


def killed(home: Home, ledger: Ledger, chance: random.Random, times: int) -> None:
    """Start the service and kill it, at moments spread over all that it has to do, with the mailbox changing."""
    for number in range(times):
        with home.running(ready=False) as service:
            done = len(known(home, ledger.user))
            # Somewhere on the way: at first even before anything has been read.
            goal = done + (len(ledger.mails) - done) * chance.uniform(0, number + 1) / times if number else 0
            service.until(partial(read, home, ledger.user, goal), f"{goal:g} mails are read")
            if number % 2:
                ledger.append(mails.mails(7, seed=number, name=f"neu{number}"), chance)
                ledger.disturb(home, chance)
            time.sleep(chance.uniform(0, 1.5 if number % 3 == 0 else 0.3))
            service.kill()
        if number % 4 == 2:
            # Also while nobody watches.
            ledger.append(mails.mails(3, seed=1000 + number, name=f"still{number}"), chance)
            ledger.disturb(home, chance)


def read(home: Home, mailbox: str, goal: float) -> bool:
    """Whether so many mails are read."""
    return len(known(home, mailbox)) >= goal


def settled(home: Home, ledger: Ledger) -> None:
    """Let the service finish; then server and pool are what the ledger says, and the audit agrees."""
    before = ledger.everything()
    with home.running() as service:
        service.until(lambda: known(home, ledger.user) == set(ledger.mails), "all is read, and nothing besides", 120)
        audit = home.kingpost("mailbox", "audit", ledger.user)
        assert audit.code == 0, audit.text
        assert service.stop() == 0
    assert ledger.everything() == before
    ledger.check_server()
    ledger.check_pool(home)
    audit = home.kingpost("mailbox", "audit", ledger.user)
    assert audit.code == 0, audit.text
    for line in audit.out.splitlines()[1:]:
        _, _, _, ahead, _, missing = line.rsplit(maxsplit=5)
        assert (ahead, missing) == ("0", "0"), audit.out
