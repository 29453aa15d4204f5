"""Backup, restoration and upgrade of a pool with mail of years: on either database what came out is what was in."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from assistant.settings import load
from connectors.mime import pack
from storage import migrating
from storage.pool import Pool
from storage.schema import messages, placements
from tests.journeys.running import Home
from tests.storage.making import NOON, mail

BEFORE = "0015"  # mail looks the same since


def filled(home: Home, count: int) -> None:
    """A pool of an earlier version, as many mails in it, each with its raw form."""
    settings = load(home.file)
    pool = Pool(settings.pool_url, settings.blobs)
    with pool._writing_alone() as connection:
        migrating.upgrade(connection, BEFORE)
    for begin in range(0, count, 500):
        news, blobs = [], []
        for number in range(begin, min(begin + 500, count)):
            text = f"Guten Tag, hier ist Nachricht {number}. " + "Wir danken für die Lieferung. " * (number % 40)
            blob = pack(f"Subject: {number}\r\n\r\n{text}".encode())
            blobs.append(blob)
            new = mail(str(number), text=text, uid=number + 1, arrived=NOON)
            news.append(replace(new, raw_digest=blob.digest))
        pool.blobs.put(blobs)
        with pool.begin() as work:
            work.messages.add(news)
    pool.close()


def held(home: Home) -> tuple[int, int, Counter[str]]:
    """How many messages and copies, and each message's digest."""
    with home.tables() as connection:
        return (
            connection.scalar(select(func.count()).select_from(messages)) or 0,
            connection.scalar(select(func.count()).select_from(placements)) or 0,
            Counter(connection.scalars(select(messages.c.raw_digest))),
        )


@pytest.mark.timeout(600)
@pytest.mark.parametrize("count", [400, pytest.param(20_000, marks=pytest.mark.soak)])
def test_upgraded_backed_up_while_running_and_restored_it_is_the_same(
    new_home: Callable[[str], Home], tmp_path: Path, count: int
) -> None:
    home = new_home("firma")
    home.write()
    home.folder.joinpath("data").mkdir()
    filled(home, count)
    before = held(home)
    assert before[:2] == (count, count)
    assert home.kingpost("upgrade", patience=300).code == 0
    assert held(home) == before
    home.make()
    file = tmp_path / "sicherung.tar"
    with home.running() as service:
        assert home.kingpost("backup", file, patience=300).code == 0
        assert service.stop() == 0
    again = new_home("zweite")
    again.write()
    assert again.kingpost("restore", file, patience=300).code == 0
    assert held(again) == before
    with again.pool() as pool:
        for digest in before[2]:
            pool.blobs.get(digest)
        with pool.read() as work:
            last = work.messages.get(count)
        assert last is not None
        assert f"Nachricht {count - 1}." in last.message.text
