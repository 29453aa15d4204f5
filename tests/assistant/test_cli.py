"""The command line has no more rights than it should."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assistant.cli import console
from assistant.cli.app import app
from connectors.mime import pack
from rules.terms.customer import Customer
from rules.terms.errors import UnknownName, WrongUse
from rules.terms.mail import Mailbox, MailboxKind, Placement
from storage.pool import Pool
from tests.storage.making import NOON

RAW = b"Subject: kaputt\r\n\r\nGeheim"


class Firm:
    """A folder with kingpost.toml and a pool, in which two mails wait: one in a shared mailbox, one in anna's own."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "kingpost.toml"
        self.file.write_text('[firm]\nlanguage = "en"\n')
        self.pool = Pool.create(f"sqlite:///{folder}/kingpost-data/pool.sqlite", str(folder / "kingpost-data/blobs"))
        blob = pack(RAW)
        self.pool.blobs.put([blob])
        with self.pool.begin() as work:
            work.mailboxes.put(Mailbox("office", MailboxKind.FILES))
            work.mailboxes.put(Mailbox("anna", MailboxKind.FILES, owner="anna"))
            self.shared, self.own = (
                work.quarantine.add(blob.digest, Placement(name, "INBOX"), "too many parts", NOON, NOON)
                for name in ("office", "anna")
            )

    def kingpost(self, *words: str | int | Path, given: str = "") -> Result:
        """Run a command in this process; its errors come out."""
        result = CliRunner().invoke(app, ["--config", str(self.file), *map(str, words)], input=given)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result


@pytest.fixture
def firm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Firm]:
    monkeypatch.setattr(console, "_language", [])
    made = Firm(tmp_path)
    yield made
    made.pool.close()


def test_quarantine_shows_no_personal_mailbox(firm: Firm, tmp_path: Path) -> None:
    listed = firm.kingpost("quarantine", "list").output
    assert "office/INBOX" in listed
    assert "anna" not in listed
    for words in (("save", firm.own, tmp_path / "x.eml"), ("retry", firm.own), ("retry", firm.shared, firm.own)):
        with pytest.raises(UnknownName, match=f"“{firm.own}”"):
            firm.kingpost("quarantine", *words)
    assert not (tmp_path / "x.eml").exists()
    assert "1 of 1 mails are in the pool now" in firm.kingpost("quarantine", "retry").output
    with firm.pool.read() as work:
        assert [one.id for one in work.quarantine.all()] == [firm.own]


@pytest.mark.parametrize("there", [False, True])
def test_a_saved_mail_is_its_owners_alone(firm: Firm, tmp_path: Path, there: bool) -> None:
    file = tmp_path / "kaputt.eml"
    if there:
        file.write_text("older and longer than what comes in its place")
        file.chmod(0o644)
    assert firm.kingpost("quarantine", "save", firm.shared, file).exit_code == 0
    assert file.read_bytes() == RAW
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_the_server_did_not_hand_out_cannot_be_saved(firm: Firm, tmp_path: Path) -> None:
    with firm.pool.begin() as work:
        empty = work.quarantine.add("", Placement("office", "INBOX", 1, 7), "not handed out", NOON, NOON)
    with pytest.raises(WrongUse, match="did not hand out"):
        firm.kingpost("quarantine", "save", empty, tmp_path / "x.eml")


def test_sharing_a_mailbox_asks_first(firm: Firm) -> None:
    asked = firm.kingpost("mailbox", "share", "anna", given="n\n")
    assert "past mail too" in asked.output
    assert asked.exit_code == 1
    assert "anna/INBOX" not in firm.kingpost("quarantine", "list").output
    assert firm.kingpost("mailbox", "share", "anna", given="y\n").exit_code == 0
    assert "anna/INBOX" in firm.kingpost("quarantine", "list").output
    assert firm.kingpost("mailbox", "share", "office", "--yes").exit_code == 0
    with pytest.raises(UnknownName):
        firm.kingpost("mailbox", "share", "nobody", "--yes")


def test_files_go_into_no_mailbox_of_another_kind(firm: Firm, tmp_path: Path) -> None:
    file = tmp_path / "a.eml"
    file.write_bytes(b"From: a@example.org\nSubject: a\n\nText\n")
    assert firm.kingpost("ingest", file).exit_code == 0
    with firm.pool.begin() as work:
        assert work.mailboxes.remove("files")
        work.mailboxes.put(Mailbox("files", MailboxKind.IMAP, host="h", user="u", owner="anna"))
    with pytest.raises(WrongUse, match="another mailbox has it"):
        firm.kingpost("ingest", file)


def test_a_person_is_handed_their_data_and_erased_by_command(firm: Firm, tmp_path: Path) -> None:
    with firm.pool.begin() as work:
        work.customers.upsert([Customer("C1", "Erika Mustermann"), Customer("C2", "Zwei")], (), {})
    out = tmp_path / "auskunft.zip"
    assert "Erika Mustermann" in firm.kingpost("export", "C1", "--out", out).output
    assert out.stat().st_mode & 0o777 == 0o600
    assert {"export.json", "index.html"} <= set(zipfile.ZipFile(out).namelist())
    refused = firm.kingpost("erase", "C1", given="n\n")
    assert (refused.exit_code, "records" in refused.output) == (1, True)
    assert "is restricted" in firm.kingpost("restrict", "C1", "--until", "2099-12-31").output
    assert firm.kingpost("no-advertising", "C2", "--source", "letter").exit_code == 0
    assert "is erased" in firm.kingpost("erase", "C1", "--yes").output
    with firm.pool.read() as work:
        assert [one.id for one in work.customers.page()] == ["C2"]
    assert (tmp_path / "kingpost-data" / "erasures.jsonl").is_file()
    with pytest.raises(UnknownName):
        firm.kingpost("export", "C1", "--out", out)
    assert firm.kingpost("retention", "--dry-run").exit_code == 0
