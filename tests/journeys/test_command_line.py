"""A firm's first day at the command line, step by step, with what each command says and how it ends."""

import json
import signal
import sqlite3
import subprocess
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.journeys import mails
from tests.journeys.ledger import Held, known
from tests.journeys.running import PASSWORD, Home, keep_password, mailbox_table, until
from tests.servers.dovecot import Dovecot

CUSTOMERS = """Kunden-Nr;Firma;E-Mail;Domain;Umsatz
C1;Hansen Metallbau;karin@hansen.example;hansen.example;1.200,50
C2;Northwind Tools;ada@northwind.example;northwind.example;17,00
"""
CONTACTS = "contact_id;customer_id;first_name;last_name;email\nP1;C1;Karin;Hansen;karin@hansen.example\n"


@pytest.mark.timeout(240)
def test_from_init_to_the_summary_of_a_customer(home: Home, tmp_path: Path) -> None:
    # init: no default password, and a short one is refused; once more then goes through.
    init = ("init", "--name", "Muster GmbH", "--domain", "muster.example", "--admin", "anna")
    short = home.kingpost(*init, env={"KINGPOST_PASSWORD": "kurz", "LC_ALL": "de_DE.UTF-8"})
    assert (short.code, "10" in short.err) == (2, True), short.text
    done = home.kingpost(*init, env={"KINGPOST_PASSWORD": PASSWORD})
    assert (done.code, "anna kann sich anmelden" in done.out) == (0, True), done.text
    again = home.kingpost(*init)
    assert (again.code, "Administrator: anna" in again.out) == (0, True), again.text
    assert "Muster GmbH" in home.file.read_text()

    # import: columns by other names, and the same again changes nothing.
    (tmp_path / "kunden.csv").write_text(CUSTOMERS, encoding="latin-1")
    words = ("import", "customers", tmp_path / "kunden.csv", "--map", "customer_id=Kunden-Nr", "--map", "name=Firma")
    first = home.kingpost(*words)
    assert (first.code, "2 neu" in first.out) == (0, True), first.text
    assert "2 gleich" in home.kingpost(*words).out
    (tmp_path / "leute.csv").write_text(CONTACTS)
    assert home.kingpost("import", "contacts", tmp_path / "leute.csv").code == 0

    # ingest: files of any name, one of which cannot be read.
    folder = tmp_path / "mails"
    folder.mkdir()
    (folder / "a.eml").write_bytes(mails.plain("a"))
    (folder / "b.txt").write_bytes(mails.plain("b", "ada@northwind.example", In_Reply_To="<a@test.example>"))
    (folder / "c").write_bytes(mails.refused())
    ingested = home.kingpost("ingest", folder)
    assert (ingested.code, "2 neu, 0 schon bekannt, 1 in Quarantäne" in ingested.out) == (0, True), ingested.text
    assert "0 neu, 2 schon bekannt" in home.kingpost("ingest", folder).out
    piped = home.kingpost("ingest", "-", given=mails.plain("c"))
    assert "1 neu" in piped.out
    missing = home.kingpost("ingest", folder / "fehlt.eml")
    assert (missing.code, "fehlt.eml" in missing.err) == (1, True), missing.text

    # explain: one line a mail, in order, and nothing is written.
    explained = home.kingpost("explain", "--json", folder / "a.eml", folder / "c", folder / "b.txt")
    lines = [json.loads(line) for line in explained.out.splitlines()]
    assert [Path(line["file"]).name for line in lines] == ["a.eml", "c", "b.txt"]
    assert [line["ok"] for line in lines] == [True, False, True]
    match = lines[0]["match"]
    assert (match["action"], match["customer"], match["contact"]) == ("attach", "C1", "P1")
    assert lines[1]["message"] is None
    assert "1,000 parts" in lines[1]["error"]

    # show: by customer and by Message-ID.
    for shown in (home.kingpost("show", "C1"), home.kingpost("show", "<a@test.example>")):
        assert (shown.code, "Hansen Metallbau" in shown.out) == (0, True), shown.text
    nobody = home.kingpost("show", "C99")
    assert (nobody.code, "C99" in nobody.err) == (2, True), nobody.text

    # quarantine: listed with the reason, tried again in vain, and handed out as it came.
    listed = home.kingpost("quarantine", "list").out.splitlines()
    assert len(listed) == 2
    assert "more than 1,000 parts" in listed[1]
    number = listed[1].split()[0]
    assert home.kingpost("quarantine", "retry").code == 1
    assert home.kingpost("quarantine", "save", number, tmp_path / "kaputt.eml").code == 0
    assert (tmp_path / "kaputt.eml").read_bytes() == mails.refused()
    assert home.kingpost("quarantine", "save", "99", tmp_path / "nichts.eml").code == 2


@pytest.mark.timeout(240)
def test_people_and_their_tokens(home: Home) -> None:
    home.write()
    home.make()
    short = home.kingpost("user", "add", "berta", given=b"kurz\n")
    assert (short.code, "mindestens 10" in short.err) == (2, True), short.text
    assert home.kingpost("user", "add", "berta", "--role", "queen", env={"KINGPOST_PASSWORD": PASSWORD}).code == 2
    assert home.kingpost("user", "add", "berta", "--name", "Berta Bach", given=PASSWORD.encode()).code == 0
    assert home.kingpost("user", "add", "berta", env={"KINGPOST_PASSWORD": PASSWORD}).code == 2
    assert "Berta Bach" in home.kingpost("user", "list").out
    unknown = home.kingpost("user", "password", "berti", env={"KINGPOST_PASSWORD": PASSWORD})
    assert (unknown.code, "berti" in unknown.err) == (2, True), unknown.text
    token = home.kingpost("token", "add", "berta", "--name", "Thunderbird").out.strip()
    number = home.kingpost("token", "list", "berta").out.splitlines()[1].split()[0]
    with home.running() as service, httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
        where = home.base + "/api/v1/customers"
        assert client.get(where).status_code == 200
        # The running service notices at once what the command line does.
        assert home.kingpost("token", "revoke", "berta", number).code == 0
        assert client.get(where).status_code == 401
        assert service.stop() == 0


@pytest.mark.dovecot
@pytest.mark.timeout(240)
def test_a_mailbox_is_added_read_audited_and_removed(home: Home, dovecot: Dovecot, user: str) -> None:
    with dovecot.client(user) as client:
        client.create("Angebote")
    dovecot.fill(user, "INBOX", mails.mails(120, seed=21))
    dovecot.fill(user, "Angebote", mails.mails(30, seed=22, name="angebot"))
    dovecot.append(user, "Junk", mails.plain("Unrat"))
    home.write()
    home.make()
    words = ("--host", "localhost", "--port", str(dovecot.tls_port), "--ca-file", str(dovecot.ca_file), "--user", user)
    added = home.kingpost("mailbox", "add", "office", *words, given=dovecot.password.encode())
    assert (added.code, "office wird beobachtet: 150 Mails" in added.out) == (0, True), added.text
    assert "Junk" not in added.out
    checked = home.kingpost("mailbox", "check", "office")
    assert (checked.code, "idle" in checked.out, "Angebote" in checked.out) == (0, True, True), checked.text
    assert dovecot.password not in (home.folder / "data/pool.sqlite").read_bytes().decode("latin-1")

    # What has not been read yet is no gap.
    before = home.kingpost("mailbox", "audit", "office")
    assert (before.code, "120" in before.out) == (0, True), before.text
    assert home.kingpost("backfill", "office", "--since", "2026-13-01").code == 2
    filled = home.kingpost("backfill", "office")
    assert filled.code == 0, filled.text
    assert len(known(home, "office")) == 150
    held = Held.of(home, "office")
    assert len({identity for _, _, identity, _ in held.placements}) == len(held.messages)

    # A gap, however it came about, is named by day and filled.
    lose(home, "office", "INBOX", 7)
    gap = home.kingpost("mailbox", "audit", "office")
    assert (gap.code, "Lücke: INBOX" in gap.out, "1 von" in gap.out) == (1, True, True), gap.text
    mended = home.kingpost("mailbox", "audit", "office", "--fill")
    assert mended.code == 0, mended.text
    assert len(known(home, "office")) == 150

    listed = home.kingpost("mailbox", "list")
    assert "office" in listed.out
    removed = home.kingpost("mailbox", "remove", "office")
    assert removed.code == 0, removed.text
    gone = home.kingpost("mailbox", "audit", "office")
    assert (gone.code, "office" in gone.err) == (2, True), gone.text
    assert len(Held.of(home, "office").messages) == len(held.messages)


@pytest.mark.dovecot
@pytest.mark.timeout(240)
def test_a_backfill_stopped_with_ctrl_c_goes_on_where_it_was(home: Home, dovecot: Dovecot, user: str) -> None:
    dovecot.fill(user, "INBOX", mails.mails(500, seed=23))
    keep_password(home, user)
    home.write(mailbox_table(dovecot, user), "[reading]\nworkers = 1")
    home.make()
    unknown = home.kingpost("backfill", "ofice")
    assert (unknown.code, "ofice" in unknown.err) == (2, True), unknown.text
    for part in (1, 2):
        with subprocess.Popen(
            home.command("backfill", user),
            cwd=home.folder,
            env=home.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        ) as process:
            until(partial(ended_or_read, process, home, user, part * 100), f"{part * 100} mails are read")
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
        assert process.returncode == 130, (process.returncode, out, err)
        assert b"Traceback" not in err
        assert b"Weiter geht es" in err
    assert len(known(home, user)) < 500
    done = home.kingpost("backfill", user)
    assert done.code == 0, done.text
    assert len(known(home, user)) == 500
    assert home.kingpost("mailbox", "audit", user).code == 0
    assert "0 neu, 0 schon bekannt" in home.kingpost("backfill", user).out


def ended_or_read(process: "subprocess.Popen[bytes]", home: Home, user: str, goal: int) -> bool:
    """Whether there is nothing more to wait for."""
    return process.poll() is not None or len(known(home, user)) >= goal


def lose(home: Home, mailbox: str, folder: str, uid: int) -> None:
    """Take a copy out of the pool behind Kingpost's back, as a fault of ours would."""
    with sqlite3.connect(home.folder / "data/pool.sqlite") as connection:
        place = "select places.id from places join boxes on boxes.id = box where name = ? and folder = ?"
        query = f"delete from placements where uid = ? and place = ({place})"
        assert connection.execute(query, (uid, mailbox, folder)).rowcount == 1
    connection.close()
