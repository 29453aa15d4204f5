"""Customers are imported after their mail: it finds its way to them, also through SIGKILL in the middle."""

import time
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from storage.recognition import rematching
from storage.records import interactions
from storage.schema import messages
from tests.journeys import mails
from tests.journeys.running import Home

MAILS = 400
HANSEN = "customer_id;name;email;domain\nC1;Hansen Metallbau;karin@hansen.example;hansen.example\n"


def take_in(home: Home, tmp_path: Path) -> Path:
    """Put mails of somebody unknown into the pool; the file that will make them known."""
    home.write()
    home.make()
    folder = tmp_path / "mails"
    folder.mkdir()
    for number in range(MAILS):
        (folder / f"{number}.eml").write_bytes(mails.plain(number))
    assert f"{MAILS} neu" in home.kingpost("ingest", folder).out
    customers = tmp_path / "kunden.csv"
    customers.write_text(HANSEN)
    return customers


def filed(home: Home) -> int:
    """How many of the mails are Hansen's."""
    with home.tables() as connection:
        query = select(func.count()).select_from(messages).where(messages.c.customer_id == "C1")
        return connection.scalar(query) or 0


def check(home: Home) -> None:
    """Each mail is filed and has its one entry, and nothing is left to do."""
    assert filed(home) == MAILS
    with home.tables() as connection:
        entries = connection.execute(select(interactions.c.message).where(interactions.c.customer_id == "C1")).all()
        assert len(entries) == len(set(entries)) == MAILS
        assert connection.execute(select(rematching)).all() == []


@pytest.mark.timeout(300)
def test_a_running_service_matches_again_and_no_kill_stops_it(home: Home, tmp_path: Path) -> None:
    customers = take_in(home, tmp_path)
    kills = 0
    with home.running() as service:
        done = home.kingpost("import", "customers", customers)
        assert (done.code, "Neu zugeordnet" in done.err) == (0, False), done.text
        service.until(lambda: filed(home), "the first mails are filed")
        service.kill()
    while (before := filed(home)) < MAILS and kills < 4:
        kills += 1
        with home.running() as service:
            service.until(partial(_more, home, before), "more mails are filed")
            time.sleep(0.05 * kills)
            service.kill()
    with home.running() as service:
        service.until(lambda: not _left(home), "nothing is left to do")
        assert service.stop() == 0
    check(home)


def test_without_a_service_the_import_does_it_before_it_ends(home: Home, tmp_path: Path) -> None:
    customers = take_in(home, tmp_path)
    done = home.kingpost("import", "customers", customers)
    assert (done.code, "Neu zugeordnet" in done.err) == (0, True), done.text
    check(home)
    assert "Neu zugeordnet" not in home.kingpost("import", "customers", customers).err


def _more(home: Home, before: int) -> bool:
    return filed(home) > before


def _left(home: Home) -> bool:
    with home.tables() as connection:
        return connection.execute(select(rematching)).first() is not None
