"""A pool as lines of text, and back: on the same database and on the other one."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import select

from rules.terms.case import Case
from rules.terms.complaint import Assessment, Category, Finding
from rules.terms.customer import Customer, Reference
from rules.terms.errors import DumpUnreadable, PoolMissing, PoolNotEmpty
from rules.terms.finding import Action, Evidence, Match
from rules.terms.mail import Blob, Mailbox
from rules.terms.staff import Staff
from storage.columns import metadata
from storage.migrations import REVISIONS
from storage.pool import Pool
from tests.servers.postgres import Postgres
from tests.storage.making import NOON, mail

MAILBOX = Mailbox(name="info", address="info@firma.example", host="imap.firma.example", user="info")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where the lines go."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/other.db"
    else:
        server: Postgres = request.getfixturevalue("postgres_server")
        with server.database() as url:
            yield url


def filled(pool: Pool) -> None:
    found = Assessment(True, False, 0.9, 2, Category.DELIVERY, (Evidence("complaint.late", "zu spät"),), language="de")
    with pool.begin() as work:
        work.customers.upsert([Customer("C1", "Müller \x07 & Söhne"), Customer("C2", "Zwei")], (), {})
        work.customers.upsert_references([Reference("order", "A-1", "C1", date(2026, 2, 28))], {})
        mails = [
            mail(f"m{no}", uid=no, text=f"Sonderwort{no} Grüße", match=Match(Action.ATTACH, "C1")) for no in range(1, 8)
        ]
        numbers = work.messages.add(mails)
        work.findings.put([Finding(numbers[0], NOON, found, "C1")])
        work.cases.open(Case("complaints", "Spät", "weil", NOON, 8, customer_id="C1"), numbers[:2])
        work.mailboxes.put(MAILBOX)
        work.mailboxes.set_secret("info", b"\x00sealed\xff")
        work.staff.put(Staff("anna", "Anna"), "hash")
        work.staff.open_session("digest", "anna", NOON + timedelta(days=9))
        work.merges.merge("C1", "C2", "anna", NOON)


def everything(pool: Pool) -> dict[str, list[str]]:
    with pool._reading() as connection, connection.begin():
        return {
            table.name: sorted(map(repr, connection.execute(select(table))))
            for table in metadata.sorted_tables
            if table.name != "sessions"
        }


def test_what_was_dumped_is_there_again_on_either_database(pool: Pool, other: str, tmp_path: Path) -> None:
    filled(pool)
    told: list[tuple[int, int | None]] = []
    again = Pool.load(other, str(tmp_path / "b2"), pool.dump(lambda done, total: told.append((done, total))))
    try:
        assert everything(again) == everything(pool)
        assert told[-1][0] == told[-1][1]
        with again.begin() as work:
            assert [hit.no for hit in work.search.messages("sonderwort3", frozenset({"info"}))] == [3]
            assert [found.id for found in work.customers.find("Söhne")] == ["C1"]
            assert work.staff.session("digest", NOON) is None
            assert work.messages.add([mail("neu", uid=99)]) == [8]
            assert work.cases.open(Case("q", "s", "b", NOON, 8), ()).id == 2
    finally:
        again.close()


def test_numbers_of_erased_rows_do_not_come_back(pool: Pool, other: str, tmp_path: Path) -> None:
    with pool.begin() as work:
        work.messages.add([mail("a", uid=1), mail("b", uid=2)])
    with pool._writing_alone() as connection:
        connection.exec_driver_sql("delete from messages where no = 2")
    again = Pool.load(other, str(tmp_path / "b2"), pool.dump())
    try:
        with again.begin() as work:
            assert work.messages.add([mail("c", uid=3)]) == [3]
    finally:
        again.close()


def test_a_dump_is_one_moment_whatever_is_written_meanwhile(pool: Pool, other: str, tmp_path: Path) -> None:
    filled(pool)
    before = everything(pool)
    dumped = pool.dump()
    some = list(islice(dumped, 3))
    with pool.begin() as work:
        work.messages.add([mail("später", uid=50)])
    again = Pool.load(other, str(tmp_path / "b2"), [*some, *dumped])
    try:
        assert everything(again) == before
    finally:
        again.close()


def test_a_pool_is_never_written_over(pool: Pool, url: str, blobs: str) -> None:
    with pytest.raises(PoolNotEmpty):
        Pool.load(url, blobs, pool.dump())


@pytest.mark.parametrize("spoil", ["half", "damaged", "nothing", "other", "newer"])
def test_what_is_no_whole_dump_leaves_nothing_behind(pool: Pool, other: str, tmp_path: Path, spoil: str) -> None:
    filled(pool)
    dumped = list(pool.dump())
    wrong = {
        "half": dumped[: len(dumped) // 2],
        "damaged": [*dumped[:9], dumped[9][:-3], *dumped[10:]],
        "nothing": [],
        "other": ["{}"],
        "newer": [dumped[0].replace(REVISIONS[-1], "9999"), *dumped[1:]],
    }[spoil]
    with pytest.raises(DumpUnreadable):
        Pool.load(other, str(tmp_path / "b2"), wrong)
    with pytest.raises(PoolMissing):
        Pool.open(other, str(tmp_path / "b2"))
    Pool.load(other, str(tmp_path / "b2"), dumped).close()


def test_a_blob_is_handed_out_as_it_is_kept(pool: Pool) -> None:
    from connectors.mime import pack

    blob: Blob = pack(b"From: a\n\nText")
    pool.blobs.put([blob])
    assert pool.blobs.packed(blob.digest) == blob.packed
