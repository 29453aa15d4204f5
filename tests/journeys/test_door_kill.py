"""SIGKILL while mail comes in by the SMTP door: what was answered with 250 is in the pool, once."""

import random
import smtplib
import threading
import time
from collections import Counter
from functools import partial

import pytest
from sqlalchemy import select

from storage.schema import boxes, messages, placements, quarantine
from tests.journeys import mails
from tests.journeys.running import Home

KILLS = 5


class Sender(threading.Thread):
    """A mail server that sends journal copies: it keeps each mail until it hears 250, and tries again until then."""

    def __init__(self, home: Home, number: int) -> None:
        super().__init__(daemon=True)
        self.home = home
        self.number = number
        self.taken: list[str] = []
        self.tries = 0
        self.enough = threading.Event()

    def run(self) -> None:
        """Send mail after mail; between two connections a short wait, as for a service that starts again."""
        chance = random.Random(self.number)
        while not self.enough.is_set():
            try:
                with smtplib.SMTP("127.0.0.1", self.home.smtp_port, timeout=30) as door:
                    for _ in range(chance.randint(1, 8)):
                        if not self.enough.is_set():
                            self._send(door)
            except (OSError, smtplib.SMTPException):
                self.enough.wait(0.05)

    def _send(self, door: smtplib.SMTP) -> None:
        name = f"{self.number}-{len(self.taken)}"
        raw = mails.plain(name, text="Zeile\n" * (10_000 if len(self.taken) % 9 == 5 else 10))
        self.tries += 1
        refused = door.sendmail("mx@muster.example", ["journal@muster.example"], raw)
        assert not refused
        self.taken.append(name)


@pytest.mark.timeout(300)
def test_every_mail_that_the_door_took_is_in_the_pool_once(home: Home) -> None:
    home.write(f"""
[smtp]
bind = "127.0.0.1:{home.smtp_port}"
recipients = {{ "journal@muster.example" = "journal" }}
""")
    home.make()
    chance = random.Random(11)
    senders = [Sender(home, number) for number in range(3)]
    for sender in senders:
        sender.start()
    try:
        for _ in range(KILLS):
            with home.running(ready=False) as service:
                goal = len(taken(senders)) + chance.randint(1, 60)
                service.until(partial(took, senders, goal), "mails are taken")
                time.sleep(chance.uniform(0, 0.2))
                service.kill()
            check(home, taken(senders))
        with home.running() as service:
            goal = len(taken(senders)) + 20
            service.until(partial(took, senders, goal), "mails are taken")
            assert service.stop() == 0
    finally:
        for sender in senders:
            sender.enough.set()
        for sender in senders:
            sender.join(60)
    assert not any(sender.is_alive() for sender in senders)
    check(home, taken(senders))
    # Kills did hit mails on their way: some were sent again.
    assert sum(sender.tries for sender in senders) > len(taken(senders))


def test_the_door_takes_nothing_for_anybody_else_and_says_so(home: Home) -> None:
    home.write(f"""
[smtp]
bind = "127.0.0.1:{home.smtp_port}"
recipients = {{ "journal@muster.example" = "journal" }}
""")
    home.make()
    with home.running() as service:
        with smtplib.SMTP("127.0.0.1", home.smtp_port, timeout=30) as door:
            door.ehlo()
            door.mail("mx@muster.example")
            assert door.rcpt("chef@muster.example")[0] == 550
            assert door.rcpt("journal@muster.example")[0] == 250
            # A mail that cannot be read is taken too: it lies in quarantine.
            assert door.data(mails.refused())[0] == 250
        assert "more than 1,000 parts" in home.kingpost("quarantine", "list").out
        assert service.stop() == 0


def taken(senders: list[Sender]) -> list[str]:
    """What was answered with 250 so far."""
    return [name for sender in senders for name in tuple(sender.taken)]


def took(senders: list[Sender], goal: int) -> bool:
    """Whether so many mails were taken."""
    return len(taken(senders)) >= goal


def check(home: Home, names: list[str]) -> None:
    """Each of these mails is one message with one placement, and nothing is in quarantine."""
    query = (
        select(messages.c.message_id, boxes.c.name, messages.c.raw_digest)
        .select_from(messages.join(placements).join(boxes, boxes.c.id == placements.c.box))
        .where(placements.c.gone.is_(None))
    )
    with home.tables() as connection:
        rows = connection.execute(query).all()
        assert not connection.execute(select(quarantine)).all()
    held = Counter((message_id, box) for message_id, box, _ in rows)
    assert set(held.values()) <= {1}
    assert {(f"{name}@test.example", "journal") for name in names} <= held.keys()
    with home.pool() as pool:
        for _, _, digest in rows:
            pool.blobs.get(digest)
