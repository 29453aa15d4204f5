"""A backup taken while the service runs, restored on another machine and into another database."""

import tarfile
from pathlib import Path

import pytest
import zstandard

from assistant.mailboxes import Mailboxes
from assistant.settings import load
from rules.terms.mail import Mailbox
from storage.secrets import Vault
from tests.journeys import mails
from tests.journeys.running import PASSWORD, Home
from tests.servers.postgres import Postgres

CUSTOMERS = "customer_id;name;email\nC1;Hansen Metallbau;karin@hansen.example\n"
ORDERS = "order_no;customer_id;date;amount\nA-77;C1;2026-10-02;1.250,00\n"
FIRST = mails.plain("eins", text="Die Sonderblende fehlt noch")
SECRET = "ein-geheimes-Postfach-Passwort"


@pytest.fixture
def firm(home: Home, tmp_path: Path) -> Home:
    """A firm with a customer, an order, a mail and a mailbox whose password is sealed."""
    home.write()
    home.make()
    (tmp_path / "kunden.csv").write_text(CUSTOMERS)
    (tmp_path / "bestellungen.csv").write_text(ORDERS)
    assert home.kingpost("import", "customers", tmp_path / "kunden.csv").code == 0
    assert home.kingpost("import", "orders", tmp_path / "bestellungen.csv").code == 0
    assert home.kingpost("ingest", "-", given=FIRST).code == 0
    with home.pool() as pool, pool.begin() as work:
        work.mailboxes.put(Mailbox("office", host="imap.example.org", user="office"))
        work.mailboxes.set_secret("office", Vault(home.folder / "data" / "secrets.key").seal(SECRET))
    return home


def other(home: Home, folder: Path, url: str = "") -> Home:
    """Another machine of the firm, with the same settings."""
    again = Home(folder, pool_url=url)
    again.write()
    return again


@pytest.mark.timeout(240)
def test_a_restored_pool_is_what_it_was_and_can_be_gone_on_with(firm: Home, tmp_path: Path) -> None:
    file = tmp_path / "sicherung.tar"
    with firm.running():
        done = firm.kingpost("backup", file)
        assert (done.code, str(file) in done.out) == (0, True), done.text
    assert file.stat().st_mode & 0o077 == 0
    assert firm.kingpost("ingest", "-", given=mails.plain("zwei")).code == 0

    again = other(firm, tmp_path / "zweite")
    restored = again.kingpost("restore", file)
    assert restored.code == 0, restored.text
    assert "Hansen Metallbau" in again.kingpost("show", "C1").out
    with again.pool() as pool:
        with pool.read() as work:
            office = work.mailboxes.get("office")
            assert work.messages.count() == 1
            (mail,) = work.messages.get_many([1]).values()
            assert b"Sonderblende" in pool.blobs.get(mail.raw_digest)
        assert office is not None
        assert Mailboxes(load(again.file), pool).login(office) == SECRET
    # What came after the backup is read again, and what was there is known.
    assert "1 neu" in again.kingpost("ingest", "-", given=mails.plain("zwei")).out
    assert "1 schon bekannt" in again.kingpost("ingest", "-", given=FIRST).out

    twice = again.kingpost("restore", file)
    assert (twice.code, "gibt es schon einen Datenpool" in twice.err) == (1, True), twice.text


def test_what_is_left_out_is_left_out_and_a_damaged_backup_is_refused(firm: Home, tmp_path: Path) -> None:
    file = tmp_path / "sicherung.tar"
    assert firm.kingpost("backup", file, "--without-key", "--without-blobs").code == 0
    with tarfile.open(file) as archive:
        assert sorted(archive.getnames()) == ["kingpost.json", "pool.jsonl.zst"]
        tables = archive.getmember("pool.jsonl.zst")
    missing = other(firm, tmp_path / "ohne").kingpost("restore", file)
    assert (missing.code, "1 Mails oder Anhänge fehlen" in missing.err) == (1, True), missing.text

    content = file.read_bytes()
    half = tables.offset_data + tables.size // 2
    other_content = content.replace(b"\x28\xb5\x2f\xfd", bytes(4), 1)
    for spoiled in (content[:half], b"kein Archiv", other_content):
        wrong = tmp_path / "kaputt.tar"
        wrong.write_bytes(spoiled)
        broken = other(firm, tmp_path / "kaputt")
        refused = broken.kingpost("restore", wrong)
        assert (refused.code, "keine Sicherung" in refused.err) == (1, True), refused.text
    nowhere = firm.kingpost("backup", tmp_path / "fehlt" / "x.tar")
    assert (nowhere.code, "fehlt" in nowhere.err) == (1, True), nowhere.text


@pytest.mark.postgres
def test_a_pool_moves_to_postgresql_by_one_command(firm: Home, postgres_server: Postgres, tmp_path: Path) -> None:
    with postgres_server.database() as url:
        copied = firm.kingpost("copy", url)
        assert copied.code == 0, copied.text
        moved = Home(firm.folder, pool_url=url)
        moved.write()
        assert "Hansen Metallbau" in moved.kingpost("show", "C1").out
        assert "1 schon bekannt" in moved.kingpost("ingest", "-", given=FIRST).out
        assert moved.kingpost("copy", url).code == 1


def test_the_password_of_a_mailbox_stands_nowhere_in_clear(firm: Home, tmp_path: Path) -> None:
    file = tmp_path / "sicherung.tar"
    assert firm.kingpost("backup", file).code == 0
    with tarfile.open(file) as archive:
        member = archive.extractfile("pool.jsonl.zst")
        assert member is not None
        tables = zstandard.ZstdDecompressor().stream_reader(member).read()
    assert b"office" in tables
    for place in (tables, *(path.read_bytes() for path in (firm.folder / "data").rglob("*") if path.is_file())):
        assert SECRET.encode() not in place
        assert PASSWORD.encode() not in place
