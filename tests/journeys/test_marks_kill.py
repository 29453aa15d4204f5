"""SIGKILL while marks are written: each is there in the end, each is known as ours, and all of them go again."""

import random
import time

import pytest
from sqlalchemy import text

from tests.journeys.running import Home, keep_password, mailbox_table
from tests.servers.dovecot import Dovecot

pytestmark = [pytest.mark.dovecot, pytest.mark.timeout(300)]

MAILS = 400
KILLS = 3


def mail(number: int) -> bytes:
    head = f"From: Erika <erika{number}@fremd.example>\r\nSubject: Anfrage\r\nMessage-ID: <{number}@fremd.example>"
    return f"{head}\r\n\r\nGuten Tag, bitte rufen Sie mich an.\r\n".encode()


def lying(server: Dovecot, user: str) -> dict[bytes, frozenset[bytes]]:
    """The flags of every mail of INBOX, without `Recent`."""
    with server.client(user) as client:
        lines = client.flags("INBOX")
    return {
        line.partition(b"UID ")[2].split()[0]: frozenset(line.partition(b"FLAGS (")[2].partition(b")")[0].split())
        - {b"\\Recent"}
        for line in lines
    }


def marked(server: Dovecot, user: str) -> int:
    return sum(b"$Unknown" in flags for flags in lying(server, user).values())


def states(home: Home) -> dict[str, int]:
    """How many marks are remembered in which state."""
    with home.tables() as tables:
        return {row.state: row.n for row in tables.execute(text("select state, count(*) n from marks group by state"))}


def test_marks_survive_kills_and_all_of_them_can_be_taken_back(home: Home, dovecot: Dovecot, user: str) -> None:
    dovecot.fill(user, "INBOX", (mail(number) for number in range(MAILS)), ["\\Flagged"])
    before = lying(dovecot, user)
    keep_password(home, user)
    home.write(mailbox_table(dovecot, user, "marks = true"), "[reading]\ndeadline = 60")
    home.make()
    chance = random.Random(11)
    for number in range(KILLS):
        with home.running(ready=False) as service:
            goal = MAILS * (number + 1) // (KILLS + 2)
            service.until(lambda goal=goal: marked(dovecot, user) >= goal, f"{goal} mails are marked")  # type: ignore[misc]
            time.sleep(chance.uniform(0, 0.5))
            service.kill()
    with home.running() as service:
        service.until(lambda: states(home) == {"set": MAILS}, "all are marked, and known as ours")
        assert marked(dovecot, user) == MAILS
        said = home.kingpost("mailbox", "marks", user, "off")
        assert said.code == 0, said.text
        service.until(lambda: marked(dovecot, user) < MAILS // 2, "half of the marks are gone")
        service.kill()
    with home.running() as service:
        service.until(lambda: states(home) == {}, "all marks are taken back")
        assert service.stop() == 0
    assert lying(dovecot, user) == before


def test_the_command_line_says_what_it_does(home: Home, dovecot: Dovecot, user: str) -> None:
    dovecot.append(user, "INBOX", mail(1))
    keep_password(home, user)
    home.write(mailbox_table(dovecot, user))
    home.make()
    said = home.kingpost("mailbox", "marks", user, "on")
    assert said.code == 0
    assert "30 Tage" in said.out
    assert home.kingpost("mailbox", "check", user).code == 0
    assert home.kingpost("mailbox", "marks", user, "vielleicht").code == 2
    assert "zurück" in home.kingpost("mailbox", "marks", user, "off").out
