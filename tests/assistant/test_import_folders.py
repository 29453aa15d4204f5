"""Tables that other programs lay into a folder: imported once they are complete, and never twice."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from assistant.checking import _import_folders
from assistant.import_folders import ImportFolders
from assistant.settings import ImportFolderSettings, Settings
from rules.terms.customer import Customer
from rules.terms.errors import PoolBusy
from storage.folder_imports import FolderImport
from storage.pool import Pool

NOW = datetime(2026, 11, 22, 3, 10, tzinfo=UTC)


@dataclass
class Desk:
    """A pool and a folder, `share`, in which files lie."""

    pool: Pool
    home: Path

    @property
    def share(self) -> Path:
        return self.home / "share"

    def lay(self, name: str, *lines: str, seconds_ago: float = 60) -> Path:
        """A file as another program leaves it."""
        path = self.share / name
        path.write_text("\n".join(lines), encoding="utf-8")
        at = (NOW - timedelta(seconds=seconds_ago)).timestamp()
        os.utime(path, (at, at))
        return path

    def folders(self, *more: dict[str, Any], **own: Any) -> ImportFolders:
        """What imports; by default every file as customers."""
        wanted = more or ({"kind": "customers", **own},)
        entries = tuple(ImportFolderSettings(folder="share", **one) for one in wanted)
        return ImportFolders(self.pool, Settings(home=self.home, import_folder=entries), lambda: NOW)

    def latest(self) -> list[FolderImport]:
        with self.pool.read() as work:
            return work.folder_imports.latest()

    def customers(self) -> list[str]:
        with self.pool.read() as work:
            return [one.id for one in work.customers.page()]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    pool = Pool.create(f"sqlite:///{tmp_path}/pool.sqlite", str(tmp_path / "blobs"))
    (tmp_path / "share").mkdir()
    yield Desk(pool, tmp_path)
    pool.close()


HEAD = "customer_id;name"


def test_a_complete_file_is_imported_reported_and_moved(desk: Desk) -> None:
    desk.lay("kunden.csv", HEAD, "C1;Hansen", ";ohne Nummer", "C2;Berger")
    folders = desk.folders()
    assert folders.run() == 0, "whether it still grows is known at the second look"
    assert folders.run() == 1
    assert desk.customers() == ["C2", "C1"]
    (done,) = desk.latest()
    assert (done.new, done.bad, done.error_de) == (2, 1, "")
    assert sorted(path.name for path in (desk.share / "done").iterdir()) == [
        "2026-11-22T041000-kunden.csv",
        "2026-11-22T041000-kunden.csv.report.txt",
    ]
    report = (desk.share / "done" / "2026-11-22T041000-kunden.csv.report.txt").read_text(encoding="utf-8")
    assert "2 neu, 0 geändert, 0 gleich, 1 fehlerhaft." in report
    assert "Zeile 3: Kunden-ID fehlt" in report
    assert not (desk.share / "kunden.csv").exists()
    assert folders.run() == 0


def test_a_file_that_still_grows_or_is_new_waits(desk: Desk) -> None:
    path = desk.lay("kunden.csv", HEAD, "C1;Hansen")
    folders = desk.folders()
    folders.run()
    with path.open("a") as file:
        file.write("\nC2;Berger")
    assert folders.run() == 0
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    assert [folders.run() for _ in range(2)] == [0, 0]
    for name in (".kunden.csv", "~$kunden.csv", "kunden.csv.part", "kunden.tmp"):
        desk.lay(name, HEAD, "C9;Nie")
    (desk.share / "link.csv").symlink_to(desk.lay("../elsewhere.csv", HEAD, "C8;Nie"))
    assert [folders.run() for _ in range(3)] == [0, 0, 0]
    assert desk.customers() == []


def test_a_file_of_which_no_row_makes_sense_goes_to_failed_and_says_why(desk: Desk) -> None:
    desk.lay("kunden.csv", "Farbe;Größe", "rot;7")
    folders = desk.folders()
    folders.run()
    folders.run()
    (done,) = desk.latest()
    assert done.failed
    assert "Kundennummer (customer_no)" in done.error_de
    assert len(list((desk.share / "failed").iterdir())) == 2


def test_what_was_imported_and_not_moved_is_not_imported_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Because the folder is closed to us, or because the service died in that moment."""
    desk.lay("kunden.csv", HEAD, "C1;Hansen")
    folders = desk.folders()
    folders.run()

    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as closed:
        closed.setattr(Path, "rename", refuse)
        folders.run()
        (done,) = desk.latest()
        assert (done.new, done.failed) == (1, False)
        assert "nicht nach „done“ verschieben" in done.error_de
    with monkeypatch.context() as watched:
        watched.setattr(ImportFolders, "_import", lambda *_: pytest.fail("imported twice"))
        again = desk.folders()
        again.run()
        again.run()
    (done,) = desk.latest()
    assert (done.new, done.error_de) == (1, "")
    assert not (desk.share / "kunden.csv").exists()


def test_the_next_file_of_the_same_name_is_imported(desk: Desk) -> None:
    folders = desk.folders()
    for name in ("Hansen", "Hansen neu"):
        desk.lay("kunden.csv", HEAD, f"C1;{name}", seconds_ago=100 if name == "Hansen" else 60)
        folders.run()
        assert folders.run() == 1
    assert desk.latest()[0].changed == 1


def test_customers_come_before_their_orders_and_columns_are_mapped(desk: Desk) -> None:
    desk.lay("a-auftraege.csv", "Nr;Wer;date;amount", "A1;C1;2026-01-02;100")
    desk.lay("kunden.csv", HEAD, "C1;Hansen")
    folders = desk.folders(
        {"kind": "customers", "pattern": "kunden*"},
        {"kind": "orders", "pattern": "*auftraege*", "map": {"order_no": "Nr", "customer_id": "Wer"}},
    )
    folders.run()
    assert folders.run() == 2
    with desk.pool.read() as work:
        assert [one.order_no for one in work.ledger.orders_of("C1")] == ["A1"]
    assert {(one.kind, one.new) for one in desk.latest()} == {("customers", 1), ("orders", 1)}


def test_a_list_of_open_items_is_of_the_day_on_which_it_was_written(desk: Desk) -> None:
    with desk.pool.begin() as work:
        work.customers.upsert([Customer("C1", "Hansen")], [])
    desk.lay("op.csv", "invoice_no;customer_id;amount", "R1;C1;100", seconds_ago=86_400 * 2)
    folders = desk.folders(kind="open-items", after="delete")
    folders.run()
    folders.run()
    with desk.pool.read() as work:
        assert str(work.ledger.list_day()) == "2026-11-20"
    assert [path.name for path in (desk.share / "done").iterdir()] == ["2026-11-22T041000-op.csv.report.txt"]


def test_a_pool_that_takes_nothing_leaves_the_file_for_later(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = desk.lay("kunden.csv", HEAD, "C1;Hansen")
    folders = desk.folders()
    folders.run()

    def busy(*_: object) -> None:
        raise PoolBusy(url="sqlite")

    with monkeypatch.context() as full:
        full.setattr(ImportFolders, "_import", busy)
        with pytest.raises(PoolBusy):
            folders.run()
    assert path.exists()
    folders.run()
    assert folders.run() == 1


def test_a_folder_that_is_not_there_is_no_error(desk: Desk) -> None:
    desk.share.rmdir()
    assert desk.folders().run() == 0


def test_the_check_says_that_a_folder_is_missing(desk: Desk) -> None:
    settings = desk.folders().settings
    assert all(one.good for one in _import_folders(settings, "de"))
    desk.share.rmdir()
    (found,) = _import_folders(settings, "de")
    assert not found.good
    assert "Der Ordner fehlt" in found.text
